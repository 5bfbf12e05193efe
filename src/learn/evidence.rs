//! How much each block of each page is story: what the general cleaner says, what repeats over the pages, what the page's own
//! data says, and what blocks of the same look are.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::clean::Reason;
use crate::clean::words::{PageWords, Reference};
use crate::document::{Document, NameKind};

use super::Sample;
use super::names::{Worth, worth};

/// What is known of a block.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Evidence {
    /// Its words, at least 1.
    pub(super) weight: f32,
    /// The chance that it is story, 0 to 1.
    pub(super) story: f32,
    /// Common rules or phrases drop it wherever it stands, or it is the headline.
    pub(super) is_gone: bool,
    /// The cleaner keeps it where a layout says that it stands in the body.
    pub(super) stays: bool,
    /// The general cleaner keeps it.
    pub(super) kept: bool,
    /// Its words stand on another page of the site as well.
    pub(super) repeats: bool,
    /// Its words, as a number.
    pub(super) text: u64,
}

/// What stands on several pages is story with this chance.
const OF_TEMPLATE: f32 = 0.02;
/// A shorter line, as a subheading, may stand in several stories, where the cleaner gives it this chance; in words.
const MIN_REPEATED: f32 = 7.0;
const MAX_REPEATED: f32 = 0.4;
/// The chance of what the cleaner kept or dropped without the model.
const SURE: f32 = 0.97;
/// Words from which the texts in a page's own data may be the whole story.
const MIN_DATA_WORDS: usize = 60;
/// The data is believed where so much of what the cleaner kept stands in it.
const DATA_AGREES: f32 = 0.85;
/// A block with so many of its runs of words in the data is in it, one with fewer than the second is not.
const IN_DATA: f32 = 0.8;
const NOT_IN_DATA: f32 = 0.2;
/// What its place in the data makes of a block.
const BY_DATA: f32 = 0.9;
const WITHOUT_DATA: f32 = 0.4;
/// Shorter blocks may be missing in the data by chance, in words.
const MIN_DATA_BLOCK: usize = 6;
/// The least that the model must give to a block for the data to speak for it.
const MIN_FOR_DATA: f32 = 0.05;
/// What the model gives a smaller chance goes even inside a body.
const STAYS_IN_BODY: f32 = 0.12;
/// A smaller chance is none.
const NO_STORY: f32 = 0.05;
/// Blocks of one look count together from so many words on.
const MIN_LOOK_WORDS: f32 = 40.0;
/// How much of a block's chance is that of its look.
const OF_LOOK: f32 = 0.6;
/// So many elements around a block make its look.
const LOOK_DEPTH: usize = 3;

/// The evidence on the blocks of all pages.
pub(super) fn of_pages(samples: &[Sample<'_>]) -> Vec<Vec<Evidence>> {
    let mut pages: Vec<Vec<Evidence>> = samples.iter().map(of_page).collect();
    mark_repeats(&mut pages);
    for (sample, rows) in samples.iter().zip(&mut pages) {
        ask_data(sample.document, rows);
    }
    pool_looks(samples, &mut pages);
    // Ten thousand links with a small chance each are not a story.
    for row in pages.iter_mut().flatten().filter(|row| row.story < NO_STORY) {
        row.story = 0.0;
    }
    pages
}

fn of_page(sample: &Sample<'_>) -> Vec<Evidence> {
    let chances = sample.verdicts.opinion.as_ref().map(|opinion| &opinion.chances);
    let measures = &sample.verdicts.outline.measures;
    let rows = sample.verdicts.verdicts.iter().zip(measures).enumerate();
    rows.map(|(at, (verdict, row))| {
        let chance = chances.and_then(|chances| chances.get(at).copied());
        let sure = if verdict.keep { SURE } else { 1.0 - SURE };
        let story = match verdict.reason {
            Reason::Model(chance) => chance,
            // The blocks beside it know better.
            Reason::Neighbours(chance) => f32::midpoint(chance, sure),
            Reason::Copy => 1.0 - SURE,
            _ if verdict.keep => chance.unwrap_or(sure),
            _ => 1.0 - SURE,
        };
        let is_gone = matches!(
            verdict.reason,
            Reason::CommonRule(_) | Reason::Phrase(_) | Reason::After(_) | Reason::Headline
        );
        Evidence {
            kept: verdict.keep,
            stays: !is_gone && chance.is_none_or(|chance| chance >= STAYS_IN_BODY),
            weight: (row.words as f32).max(1.0),
            story,
            is_gone,
            repeats: false,
            text: hash_of(sample.document.text_at(at)),
        }
    })
    .collect()
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        c.hash(&mut hasher);
    }
    hasher.finish()
}

/// What stands on several pages is of the site.
fn mark_repeats(pages: &mut [Vec<Evidence>]) {
    /// The page on which a text was seen first, or that there are several.
    const SEVERAL: usize = usize::MAX;
    let mut seen: FxHashMap<u64, usize> = FxHashMap::default();
    for (page, rows) in pages.iter().enumerate() {
        for row in rows {
            seen.entry(row.text)
                .and_modify(|first| *first = if *first == page { page } else { SEVERAL })
                .or_insert(page);
        }
    }
    for row in pages.iter_mut().flatten() {
        row.repeats = seen.get(&row.text) == Some(&SEVERAL);
        let is_long = row.weight >= MIN_REPEATED;
        if row.repeats && (is_long || row.story < MAX_REPEATED) {
            row.story = row.story.min(OF_TEMPLATE);
        }
    }
}

/// A page's JSON-LD may hold the story; where it does, by the most of what was kept, it settles doubts.
fn ask_data(document: &Document, rows: &mut [Evidence]) {
    let data = Reference::of(&document.facts.article_body());
    if data.len() < MIN_DATA_WORDS {
        return;
    }
    let words = PageWords::of(document);
    let shares: Vec<f32> = (0..rows.len()).map(|at| data.runs_of(words.block(at))).collect();
    let (mut kept, mut found) = (0.0, 0.0);
    for (row, share) in rows.iter().zip(&shares).filter(|(row, _)| !row.is_gone) {
        kept += row.weight * row.story;
        found += row.weight * row.story * share;
    }
    if found < DATA_AGREES * kept {
        return;
    }
    for (at, (row, share)) in rows.iter_mut().zip(&shares).enumerate() {
        if words.block(at).len() < MIN_DATA_BLOCK || row.repeats {
            continue;
        }
        if *share >= IN_DATA && row.story >= MIN_FOR_DATA {
            row.story = row.story.max(BY_DATA);
        } else if *share < NOT_IN_DATA {
            row.story *= WITHOUT_DATA;
        }
    }
}

/// Blocks of one look are mostly one thing.
fn pool_looks(samples: &[Sample<'_>], pages: &mut [Vec<Evidence>]) {
    let looks: Vec<Vec<u64>> = samples.iter().map(|sample| looks(sample.document)).collect();
    let mut sums: FxHashMap<u64, (f32, f32)> = FxHashMap::default();
    for (row, look) in pages.iter().flatten().zip(looks.iter().flatten()) {
        if !row.is_gone && !row.repeats {
            let sum = sums.entry(*look).or_default();
            sum.0 += row.weight;
            sum.1 += row.weight * row.story;
        }
    }
    for (row, look) in pages.iter_mut().flatten().zip(looks.iter().flatten()) {
        let Some((words, story)) = sums.get(look).filter(|_| !row.repeats) else {
            continue;
        };
        if *words >= MIN_LOOK_WORDS {
            row.story = (1.0 - OF_LOOK) * row.story + OF_LOOK * story / words;
        }
    }
}

/// A number for each block that is the same where the elements around it have the same tags and names.
fn looks(document: &Document) -> Vec<u64> {
    let own: Vec<u64> = document
        .elements
        .iter()
        .map(|element| {
            let mut hasher = FxHasher::default();
            element.tag.hash(&mut hasher);
            for (_, text) in document
                .attributes(element)
                .filter(|(kind, _)| *kind == NameKind::Class)
            {
                let words = text.split_ascii_whitespace();
                words
                    .filter(|word| !matches!(worth(NameKind::Class, word), Worth::Never))
                    .for_each(|word| word.hash(&mut hasher));
            }
            hasher.finish()
        })
        .collect();
    let of_block = |element: u32| {
        let mut hasher = FxHasher::default();
        let around = document.ancestors(element).take(LOOK_DEPTH);
        around.for_each(|at| own.get(at as usize).hash(&mut hasher));
        hasher.finish()
    };
    document
        .blocks
        .iter()
        .map(|block| {
            let mut hasher = FxHasher::default();
            of_block(block.element).hash(&mut hasher);
            std::mem::discriminant(&block.kind).hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}
