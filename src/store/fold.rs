//! Texts as a search sees them.

use unicode_normalization::UnicodeNormalization;

use crate::dedupe::is_unspaced;

/// A text made for finding words in it: lower case, diacritics gone, one space before and after every word.
pub(super) struct Folded(String);

/// A word, or several in a row, to be found in a [`Folded`] text.
pub(super) struct Pattern(String);

impl Folded {
    /// Folds the texts one after the other; none runs into the next.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut folded = String::from(" ");
        for text in texts {
            fold_onto(&mut folded, text);
        }
        Self(folded)
    }

    /// The words stand there whole; in scripts without spaces they may be part of a longer run.
    pub fn has(&self, pattern: &Pattern) -> bool {
        self.0.contains(&pattern.0)
    }
}

impl Pattern {
    /// `None` where there is no letter and no digit to look for.
    pub fn new(words: &str) -> Option<Self> {
        let mut folded = String::from(" ");
        fold_onto(&mut folded, words);
        let bare = folded.trim();
        if bare.is_empty() {
            return None;
        }
        if bare.contains(is_unspaced) {
            return Some(Self(bare.to_owned()));
        }
        Some(Self(folded))
    }
}

/// Adds a text to one that ends with a space, and a space after it.
fn fold_onto(folded: &mut String, text: &str) {
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if is_dropped(c) {
            continue;
        }
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => folded.push(c),
            _ if !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Diacritics of Latin, Greek, Cyrillic, Hebrew and Arabic, and signs without width. The vowel signs of Indic scripts
/// and the voicing marks of kana are letters in all but name, and stay.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, words: &str) -> bool {
        Folded::new([text]).has(&Pattern::new(words).unwrap())
    }

    #[test]
    fn a_word_is_found_whole_without_regard_to_case_and_diacritics() {
        assert!(finds("Zwei Züge hielten.", "zuge"));
        assert!(finds("Zwei Zuge hielten.", "Züge"));
        assert!(finds("Łódź, Straße, Œuvre", "lodz"));
        assert!(finds("Łódź, Straße, Œuvre", "STRASSE"));
        assert!(finds("Trump\u{2019}s vote", "trump"));
        assert!(finds("they don\u{2019}t", "don't"));
        assert!(finds("the high-speed line", "high speed"));
        assert!(!finds("Trumpet", "trump"));
        assert!(!finds("the speed of high lines", "high speed"));
    }

    #[test]
    fn where_no_spaces_are_written_a_part_is_found() {
        assert!(finds("東京都は今日、発表した。", "今日"));
        assert!(!finds("東京都は今日、発表した。", "明日"));
        assert!(finds("ガラス", "ガラ"));
        assert!(!finds("ガラス", "カラ"));
    }

    #[test]
    fn words_do_not_run_from_one_text_into_the_next() {
        let text = Folded::new(["one", "two"]);
        assert!(!text.has(&Pattern::new("onetwo").unwrap()));
        assert!(text.has(&Pattern::new("two").unwrap()));
        assert!(Pattern::new(" — ").is_none());
    }
}
