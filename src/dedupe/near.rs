//! Is it the same story? Near-duplicates by their shingles: a wire story with another headline, a local first paragraph or a
//! trimmed end.
//!
//! After A. Broder, *On the resemblance and containment of documents*, 1997: a text is the set of its shingles, *resemblance*
//! is the shared part of the union of two sets, *containment* the shared part of the smaller. Of each set a sketch is kept, the
//! shingles whose hash is 0 modulo [`SKETCH_ONE_IN`] (his `MOD_m`). Unlike minima, which bands of MinHash compare, such sketches
//! find contained texts as well as resembling ones, for the two samples of what two texts share are the same sample. Texts
//! whose sketches meet are compared whole.

use rustc_hash::FxHashSet;

use super::words::{each_word, texts};
use crate::article::Block;

/// Words in a shingle. Four in a row are seldom shared by chance; with more, an editor's small changes hide too much.
const SHINGLE_WORDS: usize = 4;

/// One of so many shingles is in the sketch. A story of 150 words trimmed to half shares some 75 shingles with the whole, and
/// so 9 of the sketches; the chance that it shares fewer than [`MIN_SHARED`] is below a thousandth.
const SKETCH_ONE_IN: u64 = 8;

/// The most of a sketch that is kept: those with the smallest hashes, which are the same for texts that share them.
const SKETCH_MAX: usize = 256;

/// Fewer common members of two sketches are chance.
pub const MIN_SHARED: usize = 2;

/// Texts with fewer shingles have no story: a notice or a score line resembles too many.
const MIN_SHINGLES: usize = 40;

/// Texts of one story share at least this part of all their shingles... The two were set above what different texts of some
/// 900 news pages share, and below what edited versions of them do (`examples/story_pairs.rs`).
const RESEMBLANCE: f64 = 0.35;

/// ... or this part of the smaller one's.
const CONTAINMENT: f64 = 0.6;

/// The shingles of a text, as hashes that do not change between versions of the program: they are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shingles(FxHashSet<u64>);

/// How much two texts share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Shared shingles among all of both, 0 to 1.
    pub resemblance: f64,
    /// Shared shingles among those of the smaller text, 0 to 1.
    pub containment: f64,
}

impl Likeness {
    /// The texts tell one story.
    pub fn is_same_story(&self) -> bool {
        self.resemblance >= RESEMBLANCE || self.containment >= CONTAINMENT
    }
}

impl Shingles {
    /// Of the blocks of a text; the headline does not count, for every site writes its own.
    pub fn of(blocks: &[Block]) -> Self {
        let mut words = Vec::new();
        for text in texts(None, blocks) {
            each_word(text, |word| words.push(word_hash(word)));
        }
        Self(words.windows(SHINGLE_WORDS).map(mixed).collect())
    }

    /// Enough to know a story by.
    pub fn is_telling(&self) -> bool {
        self.0.len() >= MIN_SHINGLES
    }

    /// The part by which texts that share much find each other, in ascending order; at most 256, empty for a text that is not
    /// [telling](Self::is_telling).
    pub fn sketch(&self) -> Vec<u64> {
        if !self.is_telling() {
            return Vec::new();
        }
        let sampled = self.0.iter().copied().filter(|hash| hash % SKETCH_ONE_IN == 0);
        let mut sketch: Vec<u64> = sampled.collect();
        sketch.sort_unstable();
        sketch.truncate(SKETCH_MAX);
        sketch
    }

    /// How much it shares with another; nothing where one is not telling.
    pub fn likeness(&self, other: &Self) -> Likeness {
        if !self.is_telling() || !other.is_telling() {
            return Likeness {
                resemblance: 0.0,
                containment: 0.0,
            };
        }
        let (small, large) = if self.0.len() <= other.0.len() {
            (&self.0, &other.0)
        } else {
            (&other.0, &self.0)
        };
        let shared = small.iter().filter(|hash| large.contains(hash)).count() as f64;
        Likeness {
            resemblance: shared / (small.len() as f64 + large.len() as f64 - shared),
            containment: shared / small.len() as f64,
        }
    }
}

/// FNV-1a, 64 bits.
fn word_hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The hashes of words as one, with the last step of SplitMix64, so that every bit of it is worth the same.
fn mixed(words: &[u64]) -> u64 {
    let sum = words.iter().fold(0_u64, |sum, word| {
        sum.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word
    });
    let hash = (sum ^ (sum >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::BlockKind;

    /// So many words of a story, from one on; stories have words of their own.
    fn story(number: u64, from: u64, words: u64) -> Vec<Block> {
        let word = |at: u64| format!("w{}", mixed(&[number, at]) % 5000);
        let all: Vec<_> = (from..from + words).map(word).collect();
        all.chunks(40)
            .map(|words| Block {
                kind: BlockKind::Paragraph,
                text: words.join(" "),
            })
            .collect()
    }

    fn shared(one: &Shingles, other: &Shingles) -> usize {
        let other = other.sketch();
        one.sketch().iter().filter(|hash| other.contains(hash)).count()
    }

    #[test]
    fn trimmed_and_led_in_stories_meet_in_their_sketches_and_others_do_not() {
        let mut missed = 0;
        for number in 0..200 {
            let whole = Shingles::of(&story(number, 0, 300));
            let trimmed = Shingles::of(&story(number, 0, 120));
            let mut led_in = story(number + 1000, 0, 40);
            led_in.extend(story(number, 20, 200));
            let led_in = Shingles::of(&led_in);
            for version in [&trimmed, &led_in] {
                assert!(whole.likeness(version).is_same_story());
                missed += usize::from(shared(&whole, version) < MIN_SHARED);
            }
            let other = Shingles::of(&story(number + 5000, 0, 300));
            assert!(!whole.likeness(&other).is_same_story());
            assert_eq!(shared(&whole, &other), 0);
        }
        assert_eq!(missed, 0);
    }

    #[test]
    fn short_texts_have_no_story() {
        let notice = Shingles::of(&story(1, 0, 30));
        assert!(notice.sketch().is_empty());
        assert!(!notice.likeness(&notice).is_same_story());
        let long = Shingles::of(&story(1, 0, 100_000));
        assert_eq!(long.sketch().len(), SKETCH_MAX);
    }

    #[test]
    fn hashes_are_those_that_are_stored() {
        let text = |text: &str| {
            vec![Block {
                kind: BlockKind::Paragraph,
                text: text.to_owned(),
            }]
        };
        let shingles = Shingles::of(&text("The Bridge, is OPEN"));
        assert_eq!(shingles, Shingles::of(&text("the bridge is open")));
        assert_eq!(
            shingles.0.into_iter().collect::<Vec<_>>(),
            [mixed(&["the", "bridge", "is", "open"].map(word_hash))]
        );
    }
}
