//! Step 5: the blocks that nobody decided on, by the body model.

use rustc_hash::FxHashSet;

use crate::article::BlockKind;
use crate::document::Document;

use super::outline::is_inside;
use super::smooth::smooth;
use super::words::hash_words;
use super::{Favor, Prepared, Reason, Verdict};

/// The log-odds that a block gains where the site's layout says it stands in the body: what has a chance below about an eighth
/// goes even there, since sites put new boxes into their bodies long before somebody looks at the rules again.
const BODY_BONUS: f32 = 2.0;

/// Decides on every open block of a page by the chances that it is story.
pub(super) fn apply(document: &Document, prepared: &mut Prepared, chances: &[f32], favor: Favor) {
    let threshold = threshold(prepared, chances, favor.threshold());
    let holders = &prepared.outline.holders;
    let rows: Vec<(Option<f32>, bool)> = chances
        .iter()
        .enumerate()
        .map(|(at, chance)| {
            let is_beside = at > 0 && holders[at] == holders[at - 1];
            let bonus = if prepared.bodies[at].is_some() {
                BODY_BONUS
            } else {
                0.0
            };
            let odds = prepared.open[at].then(|| log_odds(*chance) - log_odds(threshold) + bonus);
            (odds, is_beside)
        })
        .collect();
    for (at, (is_kept, chance)) in smooth(&rows).into_iter().zip(chances).enumerate() {
        prepared
            .decisions
            .decide(at, is_kept, || match prepared.bodies[at] {
                Some(rule) if is_kept => Reason::InBody(rule),
                _ if is_kept == (*chance > threshold) => Reason::Model(*chance),
                _ => Reason::Neighbours(*chance),
            });
    }
    drop_copies(document, prepared);
    trim_headings(document, prepared);
}

/// Without the model, what is in the body of the site's layout stays; else the running text of the best container.
pub(super) fn keep_best_container(document: &Document, prepared: &mut Prepared) {
    for (at, block) in document.blocks.iter().enumerate() {
        if let Some(rule) = prepared.bodies[at] {
            prepared.decisions.decide(at, true, || Reason::InBody(rule));
        }
        let container = prepared.outline.container;
        let is_in = container.is_some_and(|container| is_inside(document, block.element, container));
        let keep = is_in && prepared.outline.measures[at].running;
        prepared.decisions.decide(at, keep, || Reason::BestContainer);
    }
}

fn log_odds(chance: f32) -> f32 {
    let chance = chance.clamp(1e-6, 1.0 - 1e-6);
    (chance / (1.0 - chance)).ln()
}

/// Words of running text from which a page has a story.
const STORY_WORDS: f32 = 60.0;
/// Where the model keeps no running text at all, a block is kept from this share of the highest chance on.
const OF_BEST: f32 = 0.2;

/// The chance from which blocks are kept: `usual`, unless that would drop all running text of a page that has enough for a
/// story. Markup that the model has never seen makes all its chances small; their order is still right.
fn threshold(prepared: &Prepared, chances: &[f32], usual: f32) -> f32 {
    let rows = prepared.outline.measures.iter().zip(chances).zip(&prepared.open);
    let running = rows
        .filter(|((row, _), is_open)| row.running && **is_open)
        .map(|(row, _)| row);
    let (words, best) = running.fold((0.0, 0.0f32), |(words, best), (row, chance)| {
        (words + row.words as f32, best.max(*chance))
    });
    if best <= usual && words >= STORY_WORDS {
        best * OF_BEST
    } else {
        usual
    }
}

/// A block of at least so many words stands in a story once.
const COPY_WORDS: u32 = 12;

/// Drops blocks with the same words as one that is kept above: pages carry their story twice, for two layouts or as a summary.
fn drop_copies(document: &Document, prepared: &mut Prepared) {
    let mut seen: FxHashSet<Vec<u32>> = FxHashSet::default();
    for (at, block) in document.blocks.iter().enumerate() {
        let Some(verdict) = prepared.decisions.0[at].as_mut().filter(|verdict| verdict.keep) else {
            continue;
        };
        if prepared.outline.measures[at].words < COPY_WORDS {
            continue;
        }
        let mut words = Vec::new();
        hash_words(document.text(block), &mut words);
        if !seen.insert(words) && verdict.reason.is_model() {
            *verdict = Verdict {
                keep: false,
                reason: Reason::Copy,
            };
        }
    }
}

/// A heading goes with what follows it: one that heads nothing is dropped.
fn trim_headings(document: &Document, prepared: &mut Prepared) {
    let mut followed = false;
    for at in (0..document.blocks.len()).rev() {
        let is_heading = matches!(document.blocks[at].kind, BlockKind::Heading { .. });
        let Some(verdict) = prepared.decisions.0[at].as_mut() else {
            continue;
        };
        let is_ours = verdict.reason.is_model() || matches!(verdict.reason, Reason::InBody(_));
        if verdict.keep && is_heading && !followed && is_ours {
            *verdict = Verdict {
                keep: false,
                reason: Reason::HeadsNothing,
            };
        }
        followed |= verdict.keep;
    }
}
