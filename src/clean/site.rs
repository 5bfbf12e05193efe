//! Step 1: the rules of a site that somebody has looked at.

use url::Url;

use crate::document::{Document, HitEffect};
use crate::rules::{Layout, SiteRules};

use super::{Decisions, Reason, Verdict};

/// The layouts that fit the page, in their order: those for its URL whose `when` matched, or without one, whose `body` did.
pub fn fitting<'a>(document: &Document, site: &'a SiteRules, url: &Url) -> Vec<&'a Layout> {
    let matched = |layout: &Layout, effect: HitEffect| {
        let mut hits = document.hits.iter();
        hits.any(|hit| hit.layout == Some(layout.number) && hit.effect == effect)
    };
    let fits = |layout: &&Layout| {
        let decisive = if layout.has_when {
            HitEffect::When
        } else {
            HitEffect::Body
        };
        let is_any = !layout.has_when && !layout.has_body;
        layout.serves(url) && (is_any || matched(layout, decisive))
    };
    site.layouts.iter().filter(fits).collect()
}

/// Applies one layout: `keep` first, then `drop`, `drop_text` and `stop_at`, then whether a block is in the body.
pub(super) fn apply(document: &Document, layout: &Layout, decisions: &mut Decisions) {
    let number = layout.number;
    let body_matched = document
        .hits
        .iter()
        .any(|hit| is_of(hit.layout, number) && hit.effect == HitEffect::Body);
    let mut stopped = None;
    for (at, block) in document.blocks.iter().enumerate() {
        let find = |effect: HitEffect| {
            document
                .hits_around(block)
                .find(|hit| is_of(hit.layout, number) && hit.effect == effect)
        };
        let text = document.text(block);
        let body = find(HitEffect::Body);
        if let Some(hit) = find(HitEffect::Keep) {
            decisions.0[at] = Some(Verdict {
                keep: true,
                reason: Reason::SiteRule(hit.rule),
            });
            continue;
        }
        // A story ends only after it has begun.
        if stopped.is_none() && (body.is_some() || !body_matched) {
            stopped = find(HitEffect::StopAt)
                .map(|hit| hit.rule)
                .or_else(|| layout.stops_at_text(text));
        }
        let dropped = stopped
            .or_else(|| find(HitEffect::Drop).map(|hit| hit.rule))
            .or_else(|| layout.drops_text(text));
        if let Some(rule) = dropped {
            decisions.decide(at, false, || Reason::SiteRule(rule));
        } else if let Some(hit) = body {
            decisions.decide(at, true, || Reason::InBody(hit.rule));
        } else if body_matched {
            decisions.decide(at, false, || Reason::OutsideBody);
        }
    }
}

fn is_of(layout: Option<u16>, number: u16) -> bool {
    layout == Some(number)
}
