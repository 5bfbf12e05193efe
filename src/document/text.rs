//! Plain text to [`Document`].

use crate::article::BlockKind;

use super::run::{Run, Style};
use super::walk::MAX_BLOCKS;
use super::{Document, Element, Facts, Limit};

/// Every line that is not blank is a block: in plain text, as extractors and terminals write it, a line is a paragraph.
pub(super) fn from_text(plain: &str) -> Document {
    let root = Element {
        parent: 0,
        depth: 0,
        tag: html5ever::local_name!("body"),
        names: 0..0,
    };
    let mut document = Document {
        facts: Facts::default(),
        blocks: Vec::new(),
        elements: vec![root],
        hits: Vec::new(),
        file: None,
        limits: Vec::new(),
        text: String::with_capacity(plain.len()),
        names: String::new(),
        named: Vec::new(),
    };
    for line in plain.lines() {
        if document.blocks.len() >= MAX_BLOCKS {
            document.limits.push(Limit::Text);
            break;
        }
        let mut run = Run::default();
        run.push(line, Style::default());
        document.push_block(&mut run, BlockKind::Paragraph, 0, None);
    }
    document
}
