//! Step 1: the rules of a site that somebody has looked at.

use url::Url;

use crate::document::{Document, Hit, HitEffect};
use crate::rules::{Layout, RuleId, SiteRules};

use super::{Decisions, Reason, Verdict};

/// The layouts that fit the page, in their order: those for its URL whose `when` matched, or without one, whose `body` did.
pub fn fitting<'a>(document: &Document, site: &'a SiteRules, url: &Url) -> Vec<&'a Layout> {
    let fits = |layout: &&Layout| {
        let is_of = |hit: &Hit| hit.layout == Some(layout.number) && hit.effect == HitEffect::When;
        let matches = match (layout.has_when, layout.has_body) {
            (true, _) => document.hits.iter().any(is_of),
            (false, true) => has_body(document, &bodies(document, layout)),
            (false, false) => true,
        };
        layout.serves(url) && matches
    };
    site.layouts.iter().filter(fits).collect()
}

/// A body of so many characters is one, whatever else is on the page.
const BODY_CHARS: u32 = 300;
/// A shorter one is, where it holds at least this share of the page's text outside links: a brief may be short, but a rule gone
/// stale finds the lead alone, or a box that is left of the old layout.
const BODY_SHARE: f32 = 0.05;

/// Whether there is a story's text in the body, which is given as [`bodies`] finds it.
fn has_body(document: &Document, bodies: &[Option<RuleId>]) -> bool {
    let (mut inside, mut all) = (0, 0);
    for (block, body) in document.blocks.iter().zip(bodies) {
        let chars = block.chars.saturating_sub(block.link_chars);
        all += chars;
        if body.is_some() {
            inside += chars;
        }
    }
    inside > 0 && (inside >= BODY_CHARS || inside as f32 >= BODY_SHARE * all as f32)
}

/// For each block the rule that says it stands in the body of the layout.
pub(super) fn bodies(document: &Document, layout: &Layout) -> Vec<Option<RuleId>> {
    let is_body = |hit: &&Hit| is_of(hit.layout, layout.number) && hit.effect == HitEffect::Body;
    let rule = |block| document.hits_around(block).find(is_body).map(|hit| hit.rule);
    document.blocks.iter().map(rule).collect()
}

/// Applies one layout: `keep` first, then `drop`, `drop_text` and `stop_at`, then drops what is outside the body.
pub(super) fn apply(
    document: &Document,
    layout: &Layout,
    bodies: &[Option<RuleId>],
    decisions: &mut Decisions,
) {
    let number = layout.number;
    let body_matched = has_body(document, bodies);
    let mut stopped = None;
    for (at, block) in document.blocks.iter().enumerate() {
        let find = |effect: HitEffect| {
            document
                .hits_around(block)
                .find(|hit| is_of(hit.layout, number) && hit.effect == effect)
        };
        let text = document.text(block);
        let is_inside = bodies[at].is_some();
        if let Some(hit) = find(HitEffect::Keep) {
            decisions.0[at] = Some(Verdict {
                keep: true,
                reason: Reason::SiteRule(hit.rule),
            });
            continue;
        }
        // A story ends only after it has begun.
        if stopped.is_none() && (is_inside || !body_matched) {
            stopped = find(HitEffect::StopAt)
                .map(|hit| hit.rule)
                .or_else(|| layout.stops_at_text(text));
        }
        let dropped = stopped
            .or_else(|| find(HitEffect::Drop).map(|hit| hit.rule))
            .or_else(|| layout.drops_text(text));
        if let Some(rule) = dropped {
            decisions.decide(at, false, || Reason::SiteRule(rule));
        } else if body_matched && !is_inside {
            decisions.decide(at, false, || Reason::OutsideBody);
        }
    }
}

fn is_of(layout: Option<u16>, number: u16) -> bool {
    layout == Some(number)
}
