//! Step 2: structure that is boilerplate on any site.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::BlockKind;
use crate::document::{Document, Hit, HitEffect};
use crate::rules::Rules;

use super::{Decisions, Reason};

/// A common rule that would take more than this share of the page's text in long blocks is wrong about this page.
const MAX_SHARE: f32 = 0.5;
/// Characters from which a block counts as long here.
const LONG_CHARS: u32 = 100;

/// Drops what common rules matched, but for rules that would take most of the page's text with them.
pub(super) fn apply(document: &Document, rules: &Rules, decisions: &mut Decisions) {
    let believed = believed(document, rules);
    for (at, block) in document.blocks.iter().enumerate() {
        let hit = document
            .hits_around(block)
            .find(|hit| is_common_drop(hit) && believed.contains(&key(hit)));
        if let Some(hit) = hit {
            decisions.decide(at, false, || Reason::CommonRule(hit.rule));
        }
    }
}

fn is_common_drop(hit: &Hit) -> bool {
    hit.layout.is_none() && hit.effect == HitEffect::Drop
}

/// A hit is one rule at one place.
fn key(hit: &Hit) -> (u32, Option<u32>, crate::rules::RuleId) {
    (hit.at, hit.outer, hit.rule)
}

/// The hits of rules that are sure, and those that take at most [`MAX_SHARE`] of the long text.
fn believed(document: &Document, rules: &Rules) -> FxHashSet<(u32, Option<u32>, crate::rules::RuleId)> {
    let mut taken: FxHashMap<_, u32> = FxHashMap::default();
    let mut total = 0;
    for block in document
        .blocks
        .iter()
        .filter(|block| block.link_chars * 3 < block.chars)
    {
        let weight = if block.chars >= LONG_CHARS { block.chars } else { 0 };
        total += weight;
        for hit in document.hits_around(block).filter(|hit| is_common_drop(hit)) {
            *taken.entry(key(hit)).or_default() += weight;
        }
    }
    document
        .hits
        .iter()
        .filter(|hit| is_common_drop(hit))
        .map(key)
        .filter(|key| {
            let taken = taken.get(key).copied().unwrap_or(0) as f32;
            rules.is_sure(key.2) || taken <= MAX_SHARE * total.max(1) as f32
        })
        .collect()
}

/// The blocks that are the title: headings and first lines with the same words.
pub(super) fn headline(document: &Document, title: Option<&str>, decisions: &mut Decisions) {
    let Some(title) = title.map(words).filter(|words| !words.is_empty()) else {
        return;
    };
    for (at, block) in document.blocks.iter().enumerate() {
        let is_candidate = matches!(block.kind, BlockKind::Heading { .. }) || at == 0;
        if is_candidate && words(document.text(block)) == title {
            decisions.decide(at, false, || Reason::Headline);
        }
    }
}

/// The words of a line, folded, for comparing two of them.
fn words(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
