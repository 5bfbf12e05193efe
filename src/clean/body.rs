//! Step 5: the blocks that nobody decided on, by a plain container scoring after Readability: the element that holds most of the
//! running text is the story; inside it, blocks of links are not.

use crate::article::BlockKind;
use crate::document::Document;

use super::{Decisions, Outline, Reason};

/// Inside the story, a block with more of its characters in links is navigation.
const MAX_LINKS: f32 = 0.5;

/// Decides on every open block.
pub(super) fn apply(document: &Document, outline: &Outline, has_site_body: bool, decisions: &mut Decisions) {
    let plain_text = document.elements.len() == 1;
    for (at, block) in document.blocks.iter().enumerate() {
        if !decisions.is_open(at) {
            continue;
        }
        let inside = plain_text || (!has_site_body && outline.in_container(document, block));
        let links = outline.measures[at].links > MAX_LINKS;
        let is_heading = matches!(block.kind, BlockKind::Heading { .. });
        match (inside, links && !is_heading) {
            (true, true) => decisions.decide(at, false, || Reason::Links),
            (inside, _) => decisions.decide(at, inside, || Reason::Container),
        }
    }
    trim_headings(document, decisions);
}

/// A heading goes with what follows it: one that heads nothing is dropped.
fn trim_headings(document: &Document, decisions: &mut Decisions) {
    let mut followed = false;
    for at in (0..document.blocks.len()).rev() {
        let is_heading = matches!(document.blocks[at].kind, BlockKind::Heading { .. });
        let Some(verdict) = decisions.0[at].as_mut() else {
            continue;
        };
        if verdict.keep && is_heading && !followed && verdict.reason == Reason::Container {
            verdict.keep = false;
        }
        followed |= verdict.keep;
    }
}
