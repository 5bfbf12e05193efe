//! What a block is by itself: its text, its kind, and what it shares with what the page says about itself.

use crate::article::BlockKind;
use crate::document::TextBlock;

use super::{Features, Maker, References, log2};

impl Maker<'_> {
    pub(super) fn own(&self, table: &mut Features) {
        let blocks = self.blocks();
        self.each(table, "chars", |at| log2(blocks[at].chars as f32));
        self.measure(table, "words", |row| log2(row.words as f32));
        self.measure(table, "links", |row| row.links);
        self.measure(table, "marks", |row| row.marks as f32 / row.words.max(1) as f32);
        self.measure(table, "running", |row| f32::from(row.running));
        self.measure(table, "ends_sentence", |row| f32::from(row.ends_sentence));
        self.measure(table, "ends_open", |row| f32::from(row.ends_open));
        self.measure(table, "begins_large", |row| f32::from(row.begins_large));
        let measures = &self.input.outline.measures;
        self.each(table, "capitals", |at| {
            measures[at].capitals as f32 / blocks[at].chars.max(1) as f32
        });
        self.each(table, "digits", |at| {
            measures[at].digits as f32 / blocks[at].chars.max(1) as f32
        });
        self.each(table, "word_length", |at| {
            blocks[at].chars as f32 / measures[at].words.max(1) as f32
        });
        self.each(table, "strong", |at| {
            blocks[at].strong_chars as f32 / blocks[at].chars.max(1) as f32
        });
        let text = |at: usize| self.input.document.text(&blocks[at]);
        self.each(table, "sign", |at| sign(text(at)));
        self.each(table, "quoted", |at| {
            f32::from(text(at).starts_with(['"', '“', '«', '„', '‘', '「', '—', '–']))
        });
        self.each(table, "question", |at| {
            f32::from(text(at).ends_with(['?', '？', '؟']))
        });
        self.each(table, "colon", |at| f32::from(text(at).ends_with([':', '：'])));
    }

    pub(super) fn texts(&self, table: &mut Features) {
        let References {
            title,
            description,
            article_body,
        } = self.input.references;
        let words = self.words;
        self.each(table, "in_title", |at| title.share_of(words.block(at)));
        self.each(table, "covers_title", |at| title.covered_by(words.block(at)));
        self.each(table, "in_description", |at| description.runs_of(words.block(at)));
        self.each(table, "covers_description", |at| {
            description.covered_by(words.block(at))
        });
        let has_body = article_body.len() >= 50;
        self.each(table, "in_article_body", |at| {
            if has_body {
                article_body.runs_of(words.block(at))
            } else {
                -1.0
            }
        });
        let repetitions = words.repetitions();
        self.each(table, "repetitions", |at| repetitions[at]);
        let echoes = words.echoes();
        self.each(table, "echo", |at| echoes[at]);
    }

    pub(super) fn kinds(&self, table: &mut Features) {
        let blocks = self.blocks();
        let is = |kind: BlockKind| move |at: usize| f32::from(blocks[at].kind == kind);
        self.each(table, "paragraph", is(BlockKind::Paragraph));
        self.each(table, "heading", |at| heading(&blocks[at]));
        self.each(table, "list_item", is(BlockKind::ListItem));
        self.each(table, "quote", is(BlockKind::Quote));
        self.each(table, "table_row", is(BlockKind::TableRow));
        self.each(table, "caption", is(BlockKind::Caption));
        self.each(table, "other", is(BlockKind::Other));
        let tag = |at: usize| &*self.input.document.elements[blocks[at].element as usize].tag;
        self.each(table, "tag", |at| match tag(at) {
            "p" => 0.0,
            "div" => 1.0,
            "section" | "article" => 2.0,
            "span" => 3.0,
            "b" | "strong" | "em" | "i" => 4.0,
            "a" => 5.0,
            "button" | "label" => 6.0,
            _ => 7.0,
        });
    }
}

fn heading(block: &TextBlock) -> f32 {
    match block.kind {
        BlockKind::Heading { level } => f32::from(7 - level.min(6)),
        _ => 0.0,
    }
}

/// Signs that stand in credits, bylines and lists of links rather than in stories.
fn sign(text: &str) -> f32 {
    if text.contains(['©', '®', '™']) {
        return 4.0;
    }
    if text.contains(['@', '#']) {
        return 3.0;
    }
    if text.contains(['|', '•', '·', '›', '»', '→', '▸', '×']) {
        return 2.0;
    }
    f32::from(text.contains(['/', '_', '+', '=']))
}
