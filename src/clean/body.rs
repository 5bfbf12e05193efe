//! Step 5: the blocks that nobody decided on, by the body model.

use crate::article::BlockKind;
use crate::document::Document;

use super::{Favor, Model, Opinion, Prepared, Reason};

/// Decides on every open block.
pub(super) fn apply(document: &Document, prepared: &mut Prepared, favor: Favor) -> Option<Opinion> {
    if document.is_plain_text() {
        for at in 0..document.blocks.len() {
            prepared.decisions.decide(at, true, || Reason::PlainText);
        }
        return None;
    }
    if !prepared.open.contains(&true) {
        return None;
    }
    let opinion = Model::builtin().judge(prepared.input(document));
    let threshold = favor.threshold();
    for (at, chance) in opinion.chances.iter().enumerate() {
        prepared
            .decisions
            .decide(at, *chance > threshold, || Reason::Model(*chance));
    }
    trim_headings(document, prepared);
    Some(opinion)
}

/// A heading goes with what follows it: one that heads nothing is dropped.
fn trim_headings(document: &Document, prepared: &mut Prepared) {
    let mut followed = false;
    for at in (0..document.blocks.len()).rev() {
        let is_heading = matches!(document.blocks[at].kind, BlockKind::Heading { .. });
        let Some(verdict) = prepared.decisions.0[at].as_mut() else {
            continue;
        };
        if verdict.keep && is_heading && !followed && matches!(verdict.reason, Reason::Model(_)) {
            verdict.keep = false;
        }
        followed |= verdict.keep;
    }
}
