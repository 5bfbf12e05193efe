//! Words of a page as numbers: enough to say how much two texts share.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::document::Document;

/// The words of all blocks, hashed, in reading order.
#[derive(Debug)]
pub struct PageWords {
    words: Vec<u32>,
    ranges: Vec<Range<usize>>,
}

impl PageWords {
    /// Hashes every word of every block.
    pub fn of(document: &Document) -> Self {
        let mut words = Vec::with_capacity(4096);
        let ranges = document
            .blocks
            .iter()
            .map(|block| {
                let start = words.len();
                hash_words(document.text(block), &mut words);
                start..words.len()
            })
            .collect();
        Self { words, ranges }
    }

    /// The words of one block.
    pub fn block(&self, at: usize) -> &[u32] {
        self.ranges
            .get(at)
            .and_then(|range| self.words.get(range.clone()))
            .unwrap_or_default()
    }

    /// How often each block's words stand as a whole block on the page.
    pub fn repetitions(&self) -> Vec<f32> {
        let mut counts: FxHashMap<&[u32], f32> = FxHashMap::default();
        for at in 0..self.ranges.len() {
            *counts.entry(self.block(at)).or_default() += 1.0;
        }
        (0..self.ranges.len())
            .map(|at| counts.get(self.block(at)).copied().unwrap_or(0.0))
            .collect()
    }

    /// The share of each block's runs of three words that stand in another block too, 0 to 1: pull quotes and key points
    /// repeat the text.
    pub fn echoes(&self) -> Vec<f32> {
        // the first block that has a run, or that several have it
        const SEVERAL: u32 = u32::MAX;
        let mut owner: FxHashMap<u64, u32> = FxHashMap::default();
        for at in 0..self.ranges.len() {
            let number = u32::try_from(at).unwrap_or(SEVERAL);
            for run in self.block(at).windows(3) {
                owner
                    .entry(triple(run))
                    .and_modify(|owner| *owner = if *owner == number { number } else { SEVERAL })
                    .or_insert(number);
            }
        }
        let share = |at: usize| {
            let runs = self.block(at).windows(3);
            let all = runs.len().max(1) as f32;
            runs.filter(|run| owner.get(&triple(run)) == Some(&SEVERAL))
                .count() as f32
                / all
        };
        (0..self.ranges.len()).map(share).collect()
    }
}

/// Appends the hashes of a text's words: runs of letters and digits, in lower case.
pub fn hash_words(text: &str, into: &mut Vec<u32>) {
    let mut hasher = FxHasher::default();
    let mut open = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            hasher.write_u8(c.to_ascii_lowercase() as u8);
            open = true;
        } else if !c.is_ascii() && c.is_alphanumeric() {
            c.to_lowercase().for_each(|c| hasher.write_u32(u32::from(c)));
            open = true;
        } else if open {
            into.push(fold(&hasher));
            hasher = FxHasher::default();
            open = false;
        }
    }
    if open {
        into.push(fold(&hasher));
    }
}

fn fold(hasher: &FxHasher) -> u32 {
    let hash = hasher.finish();
    (hash >> 32) as u32 ^ hash as u32
}

/// A text to compare blocks with: its words, and its runs of three words.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    words: FxHashSet<u32>,
    triples: FxHashSet<u64>,
}

impl Reference {
    /// The words, and with `triples` the runs of three words, of a text.
    pub fn of(text: &str) -> Self {
        let mut words = Vec::new();
        hash_words(text, &mut words);
        let triples = words.windows(3).map(triple).collect();
        Self {
            words: words.into_iter().collect(),
            triples,
        }
    }

    /// Whether there is anything to compare with.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The number of different words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// The share of a block's words that stand in the reference, 0 to 1.
    pub fn share_of(&self, block: &[u32]) -> f32 {
        let hits = block.iter().filter(|word| self.words.contains(word)).count();
        hits as f32 / block.len().max(1) as f32
    }

    /// The share of the reference's words that stand in the block, 0 to 1.
    pub fn covered_by(&self, block: &[u32]) -> f32 {
        let hits = block.iter().filter(|word| self.words.contains(word)).count();
        (hits as f32 / self.words.len().max(1) as f32).min(1.0)
    }

    /// The share of a block's runs of three words that stand in the reference; of its words, where it is shorter.
    pub fn runs_of(&self, block: &[u32]) -> f32 {
        if block.len() < 3 {
            return if self.words.is_empty() {
                0.0
            } else {
                self.share_of(block)
            };
        }
        let hits = block
            .windows(3)
            .filter(|window| self.triples.contains(&triple(window)))
            .count();
        hits as f32 / (block.len() - 2) as f32
    }
}

fn triple(window: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    window.hash(&mut hasher);
    hasher.finish()
}
