//! The second look: given what the first forest says of every block, which blocks make up one story. A heading goes with what
//! follows it, a lone line between two kept paragraphs is usually kept, nothing returns after the story has ended: the second
//! forest learns such things from the scores around a block.

use rustc_hash::FxHashMap;

use crate::article::BlockKind;

use super::features::{Features, Input};
use super::outline::holder;

/// How far a block looks to both sides.
const REACH: isize = 5;
/// Distances are cut here.
const FAR: f32 = 30.0;
/// The log-odds of a block that an earlier step dropped.
const DROPPED: f32 = -6.0;
/// Log-odds are cut here, so that one very sure block does not drown its neighbours.
const SURE: f32 = 6.0;

/// Columns of the first table that the second forest sees too.
const SEEN: [(&str, usize); 12] = [
    ("chars", 0),
    ("links", 2),
    ("ends_sentence", 5),
    ("ends_open", 6),
    ("strong", 11),
    ("covers_title", 17),
    ("in_description", 18),
    ("in_article_body", 20),
    ("heading", 23),
    ("list_item", 24),
    ("other", 28),
    ("alike_running", 63),
];

/// The table of the second look.
pub fn features(input: Input<'_>, first: &Features, scores: &[f32], named: bool) -> Features {
    let logits: Vec<f32> = scores
        .iter()
        .zip(input.dropped)
        .map(|(score, dropped)| {
            if *dropped {
                DROPPED
            } else {
                score.clamp(-SURE, SURE)
            }
        })
        .collect();
    let odds: Vec<f32> = logits.iter().map(|logit| probability(*logit)).collect();
    let words: Vec<f32> = input
        .outline
        .measures
        .iter()
        .map(|row| row.words as f32)
        .collect();
    let mut table = Features::with_rows(logits.len());
    let mut push = |name: String, column: Vec<f32>| table.push(&name, named, column.into_iter());
    for step in -REACH..=REACH {
        push(format!("score{step:+}"), shifted(&logits, step));
    }
    for (name, column) in SEEN {
        push(name.to_owned(), first.column(column).to_vec());
    }
    for step in [-1, 1, 2] {
        push(format!("chars{step:+}"), shifted(first.column(0), step));
        push(format!("heading{step:+}"), shifted(first.column(23), step));
    }
    groups(input, &odds, &words, &mut push);
    course(input, &odds, &words, &mut push);
    table
}

/// The chance that both looks give a block: the mean of their log-odds, each of which errs in its own way.
pub fn blend(first: f32, second: f32) -> f32 {
    probability(f32::midpoint(first, second))
}

/// The chance that log-odds stand for.
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

fn shifted(column: &[f32], step: isize) -> Vec<f32> {
    (0..column.len())
        .map(|at| {
            at.checked_add_signed(step)
                .and_then(|other| column.get(other))
                .copied()
                .unwrap_or(DROPPED)
        })
        .collect()
}

/// What the blocks of the same container, and those of the same kind in it, are thought to be.
fn groups(input: Input<'_>, odds: &[f32], words: &[f32], push: &mut dyn FnMut(String, Vec<f32>)) {
    let blocks = &input.document.blocks;
    let holders: Vec<u32> = blocks.iter().map(|block| holder(input.document, block)).collect();
    let outer: Vec<u32> = holders
        .iter()
        .map(|at| input.document.elements[*at as usize].parent)
        .collect();
    let kinds: Vec<u64> = blocks
        .iter()
        .zip(&outer)
        .map(|(block, outer)| u64::from(*outer) << 8 | kind(block.kind))
        .collect();
    let keys: [(&str, Vec<u64>); 3] = [
        ("holder", holders.iter().map(|at| u64::from(*at)).collect()),
        ("outer", outer.iter().map(|at| u64::from(*at)).collect()),
        ("kind", kinds),
    ];
    for (name, keys) in keys {
        let mut sums: FxHashMap<u64, (f32, f32, f32)> = FxHashMap::default();
        for (at, key) in keys.iter().enumerate() {
            let sum = sums.entry(*key).or_default();
            *sum = (
                sum.0 + odds[at] * (words[at] + 1.0),
                sum.1 + words[at] + 1.0,
                sum.2 + 1.0,
            );
        }
        // a block's own opinion does not count for its group
        let mean = |at: usize| {
            let (kept, all, _) = sums[&keys[at]];
            let own = words[at] + 1.0;
            if all - own < 0.5 {
                -1.0
            } else {
                (kept - odds[at] * own) / (all - own)
            }
        };
        push(format!("{name}_mean"), (0..odds.len()).map(mean).collect());
        push(
            format!("{name}_size"),
            keys.iter().map(|key| (sums[key].2).min(FAR)).collect(),
        );
    }
}

fn kind(kind: BlockKind) -> u64 {
    match kind {
        BlockKind::Paragraph => 0,
        BlockKind::Heading { level } => 1 + u64::from(level),
        BlockKind::ListItem => 10,
        BlockKind::Quote => 11,
        BlockKind::TableRow => 12,
        BlockKind::Preformatted => 13,
        BlockKind::Caption => 14,
        BlockKind::Other => 15,
    }
}

/// Where in the course of the story a block stands.
fn course(input: Input<'_>, odds: &[f32], words: &[f32], push: &mut dyn FnMut(String, Vec<f32>)) {
    let total: f32 = odds.iter().zip(words).map(|(p, w)| p * w).sum::<f32>().max(1.0);
    let mut sum = 0.0;
    let before: Vec<f32> = odds
        .iter()
        .zip(words)
        .map(|(p, w)| {
            let share = sum / total;
            sum += p * w;
            share
        })
        .collect();
    let kept: Vec<bool> = odds.iter().map(|p| *p > 0.5).collect();
    push("story_before".to_owned(), before);
    push("story_words".to_owned(), vec![(total + 1.0).log2(); odds.len()]);
    push("since_kept".to_owned(), since(kept.iter().copied()));
    let mut until = since(kept.iter().rev().copied());
    until.reverse();
    push("until_kept".to_owned(), until);
    let mut gap = since(input.dropped.iter().map(|dropped| !dropped));
    push("dropped_before".to_owned(), std::mem::take(&mut gap));
}

fn since(marked: impl Iterator<Item = bool>) -> Vec<f32> {
    let mut distance = FAR;
    // the row itself does not count: how far the nearest marked one before it is
    marked
        .map(|is_marked| {
            let own = distance;
            distance = if is_marked { 1.0 } else { (distance + 1.0).min(FAR) };
            own
        })
        .collect()
}
