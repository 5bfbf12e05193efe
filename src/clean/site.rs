//! Step 1: the rules of a site that somebody has looked at.

use crate::document::{Document, HitEffect};
use crate::rules::{Layout, SiteRules};

use super::{Decisions, Reason, Verdict};

/// The first layout that fits the page: whose `when` matched, or without one, whose `body` did.
pub(super) fn layout<'a>(document: &Document, site: &'a SiteRules) -> Option<(usize, &'a Layout)> {
    let matched = |number: usize, effect: HitEffect| {
        document
            .hits
            .iter()
            .any(|hit| hit.layout.map(usize::from) == Some(number) && hit.effect == effect)
    };
    site.layouts.iter().enumerate().find(|(number, layout)| {
        matched(
            *number,
            if layout.has_when {
                HitEffect::When
            } else {
                HitEffect::Body
            },
        ) || (!layout.has_when && !layout.has_body)
    })
}

/// Applies one layout: `keep` first, then `drop`, `drop_text` and `stop_at`, then whether a block is in the body.
pub(super) fn apply(document: &Document, number: usize, layout: &Layout, decisions: &mut Decisions) {
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

fn is_of(layout: Option<u16>, number: usize) -> bool {
    layout.map(usize::from) == Some(number)
}
