//! Texts cut into words, for the index and for queries alike.

use crate::dedupe::is_unspaced;
use crate::fold::fold_char;

/// Characters of a word that count; longer ones are addresses and rubbish.
const WORD_MAX_CHARS: usize = 128;

/// A word of a text. In scripts without spaces it is two characters in a row, so that any part of a run is found as a
/// phrase; the last character of a run stands once more alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded.
    pub folded: String,
    /// The byte of the text at which it begins.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// How it stands in a run of a script without spaces.
    pub run: Run,
}

/// Where a word comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// It is written with spaces around it.
    Spaced,
    /// Two characters of a run.
    Pair,
    /// The last character of a run of several.
    Last,
    /// The only character of a run.
    Lone,
}

/// A folded character and the bytes of the text that it comes from.
type Folded = (char, usize, usize);

/// The words of a text in their order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut piece: Vec<Folded> = Vec::new();
    let mut buffer = String::new();
    for (start, c) in text.char_indices() {
        buffer.clear();
        fold_char(&mut buffer, c);
        for folded in buffer.chars() {
            let goes_on = piece
                .last()
                .is_none_or(|(last, ..)| is_unspaced(*last) == is_unspaced(folded));
            if folded == ' ' || !goes_on {
                add_piece(&mut words, &piece);
                piece.clear();
            }
            if folded != ' ' {
                piece.push((folded, start, start + c.len_utf8()));
            }
        }
    }
    add_piece(&mut words, &piece);
    words
}

/// Adds the words of a piece of one kind of script.
fn add_piece(words: &mut Vec<Word>, piece: &[Folded]) {
    let (Some((first, start, _)), Some((_, _, end))) = (piece.first(), piece.last()) else {
        return;
    };
    if !is_unspaced(*first) {
        words.push(Word {
            folded: piece.iter().take(WORD_MAX_CHARS).map(|(c, ..)| *c).collect(),
            start: *start,
            end: *end,
            run: Run::Spaced,
        });
        return;
    }
    for (at, (c, start, end)) in piece.iter().enumerate() {
        let next = piece.get(at + 1);
        words.push(Word {
            folded: std::iter::once(*c).chain(next.map(|(c, ..)| *c)).collect(),
            start: *start,
            end: next.map_or(*end, |(_, _, end)| *end),
            run: match (next, piece.len()) {
                (Some(_), _) => Run::Pair,
                (None, 1) => Run::Lone,
                (None, _) => Run::Last,
            },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn words_are_folded_and_know_where_they_stand() {
        assert_eq!(
            folded("Züge don\u{2019}t, Straße—2026"),
            ["zuge", "don", "t", "strasse", "2026"]
        );
        let text = "The Łódź line";
        let word = &words(text)[1];
        assert_eq!(&text[word.start..word.end], "Łódź");
        assert!(folded(" — …").is_empty());
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(folded("東京都"), ["東京", "京都", "都"]);
        assert_eq!(folded("2026年"), ["2026", "年"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(folded(&"x".repeat(100_000)), ["x".repeat(WORD_MAX_CHARS)]);
    }
}
