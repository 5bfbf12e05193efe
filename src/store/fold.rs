//! Texts as a search sees them.

use crate::dedupe::is_unspaced;
use crate::fold::fold_onto;

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
