//! Texts as their normal words: what is left when case, punctuation, quotes, Unicode form and whitespace do not count.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::article::Block;

/// Fewer normal words than this, headline counted, make no duplicate by their hash alone: "This content is not
/// available in your region" stands under a thousand URLs and is not one article. Consent walls and teasers mostly
/// stay below 40 words, articles above.
pub const MIN_HASH_WORDS: u32 = 40;

/// Words in a shingle, the unit in which texts are compared. Three words in a row are seldom shared by chance.
const SHINGLE_WORDS: usize = 3;

/// What identifies a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// The first 16 bytes of the SHA-256 of the normal words, each followed by a space.
    pub hash: [u8; 16],
    /// How many normal words there are; each sign of a script without spaces counts as one.
    pub words: u32,
}

impl Fingerprint {
    /// The fingerprint of a headline and the blocks under it. Where one block ends and the next begins does not count.
    pub fn of(title: Option<&str>, blocks: &[Block]) -> Self {
        let mut hasher = Sha256::new();
        let mut words = 0_u32;
        for text in texts(title, blocks) {
            each_word(text, |word| {
                hasher.update(word.as_bytes());
                hasher.update(b" ");
                words = words.saturating_add(1);
            });
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&hasher.finalize()[..16]);
        Self { hash, words }
    }

    /// The text is long enough to be known by its hash alone.
    pub fn is_telling(&self) -> bool {
        self.words >= MIN_HASH_WORDS
    }
}

/// The hash of a text's normal words; see [`Fingerprint`].
pub fn text_hash(title: Option<&str>, blocks: &[Block]) -> [u8; 16] {
    Fingerprint::of(title, blocks).hash
}

/// The share of the smaller text's three-word shingles that also stand in the other, 0 to 1; 0 where one is empty.
pub fn containment(one: &[Block], other: &[Block]) -> f64 {
    let (one, other) = (shingles(one), shingles(other));
    let (small, large) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if small.is_empty() {
        return 0.0;
    }
    let shared = small.iter().filter(|shingle| large.contains(shingle)).count();
    shared as f64 / small.len() as f64
}

pub(super) fn texts<'a>(title: Option<&'a str>, blocks: &'a [Block]) -> impl Iterator<Item = &'a str> {
    title
        .into_iter()
        .chain(blocks.iter().map(|block| block.text.as_str()))
}

fn shingles(blocks: &[Block]) -> FxHashSet<u64> {
    let mut words = Vec::new();
    for text in texts(None, blocks) {
        each_word(text, |word| words.push(hash_of(word)));
    }
    if words.len() < SHINGLE_WORDS {
        return words.into_iter().collect();
    }
    words.windows(SHINGLE_WORDS).map(hash_of).collect()
}

fn hash_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Shows every normal word of a text in its order: NFKC, lower case, split at what is neither letter, digit nor mark.
/// An apostrophe splits no word, a sign of a script without spaces is a word.
pub(super) fn each_word(text: &str, mut see: impl FnMut(&str)) {
    let mut word = String::new();
    // NFKC would make a space of an acute accent that was typed for an apostrophe.
    let plain = text.chars().map(|c| if c == '\u{b4}' { '\'' } else { c });
    for c in plain.nfkc().flat_map(char::to_lowercase) {
        if is_silent(c) {
            continue;
        }
        let in_word = c.is_alphanumeric() || (is_combining_mark(c) && !word.is_empty());
        let alone = is_unspaced(c);
        if (alone || !in_word) && !word.is_empty() {
            see(&word);
            word.clear();
        }
        if alone {
            see(c.encode_utf8(&mut [0; 4]));
        } else if in_word {
            word.push(if c == 'ς' { 'σ' } else { c });
        }
    }
    if !word.is_empty() {
        see(&word);
    }
}

/// Apostrophes and signs without width: they neither are part of a word nor end it.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\'' | '`' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{ad}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Letters of the scripts that are written without spaces between words: Thai to Lao, Myanmar, Khmer, kana, Han.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && (c.is_alphanumeric() || is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::BlockKind;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word.to_owned()));
        words
    }

    fn blocks(texts: &[&str]) -> Vec<Block> {
        texts
            .iter()
            .map(|text| Block {
                kind: BlockKind::Paragraph,
                text: (*text).to_owned(),
            })
            .collect()
    }

    #[test]
    fn case_punctuation_quotes_form_and_whitespace_do_not_count() {
        let plain = text_hash(Some("Dont panic"), &blocks(&["He said yes in a café", "5 ways"]));
        let fancy = text_hash(
            Some("DON\u{2019}T  panic!"),
            &blocks(&[
                "He said: \u{201c}Yes\u{201d} \u{2013} in a cafe\u{301}.\u{a0}\u{ff15} wa\u{ad}ys\u{200b}",
            ]),
        );
        assert_eq!(plain, fancy);
        assert_ne!(
            plain,
            text_hash(Some("Dont panic"), &blocks(&["He said no in a café", "5 ways"]))
        );
    }

    #[test]
    fn words_of_every_script_are_words() {
        assert_eq!(
            words("Don´t — l’été, STRASSE ΣΑΣ"),
            ["dont", "lété", "strasse", "σασ"]
        );
        assert_eq!(words("今日は 5日"), ["今", "日", "は", "5", "日"]);
        assert_eq!(words("हिन्दी में"), ["हिन्दी", "में"]);
        assert_eq!(words("…— 'x' \u{301}"), ["x"]);
    }

    #[test]
    fn a_short_text_is_not_telling() {
        let wall = "This content is not available in your region. ";
        assert!(!Fingerprint::of(None, &blocks(&[wall])).is_telling());
        assert!(Fingerprint::of(None, &blocks(&[&wall.repeat(5)])).is_telling());
        assert!(Fingerprint::of(None, &blocks(&[&"今日".repeat(20)])).is_telling());
    }

    #[test]
    fn a_teaser_is_contained_in_its_article_and_another_story_is_not() {
        let article = blocks(&[
            "The council voted on Monday to close the old bridge.",
            "Repairs begin in spring.",
        ]);
        let teaser = blocks(&["The council voted on Monday to close"]);
        let other = blocks(&["A storm on Monday cut power to the old harbour, officials said."]);
        assert!(containment(&article, &teaser) > 0.99);
        assert!(containment(&other, &article) < 0.1);
        assert!(containment(&article, &[]) < 0.1);
    }
}
