//! The explain view: every block with its verdict and the reason.

use std::fmt::Write;

use copydesk::article::{BlockKind, Confidence, PageKind};
use copydesk::pipeline::{Cleaned, ExplainedBlock};
use copydesk::render::json;
use copydesk::render::safe::safe_line;
use serde::Serialize;

use super::table::{cell, cut};

const KIND_WIDTH: usize = 7;
/// The widest that the reason may be, in columns; on a terminal at most a third of the width.
const REASON_WIDTH: usize = 60;
/// The widest that the text may be where no terminal limits it, in columns.
const TEXT_WIDTH: usize = 120;
/// `keep`, the kind, the reason and the two spaces between each.
const VERDICT_WIDTH: usize = 4;

/// One line a block: verdict, kind, reason, text.
pub fn table(blocks: &[ExplainedBlock], width: Option<usize>) -> String {
    let longest = blocks
        .iter()
        .map(|b| b.reason.chars().count())
        .max()
        .unwrap_or(0)
        .min(REASON_WIDTH);
    let reason_width = longest.min(width.map_or(REASON_WIDTH, |width| width / 3));
    let before_text = VERDICT_WIDTH + 2 + KIND_WIDTH + 2 + reason_width + 2;
    let text_width = width.map_or(TEXT_WIDTH, |width| width.saturating_sub(before_text));
    let mut out = String::new();
    for block in blocks {
        let verdict = if block.keep { "keep" } else { "drop" };
        let kind = cell(&kind_name(block.block.kind), KIND_WIDTH);
        let reason = cell(&block.reason, reason_width);
        let text = cut(&block.block.text, text_width);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{verdict}  {kind}  {reason}  {text}");
    }
    out
}

/// What the page is, one line, and one line a reason; then how the selector file of its site fits it.
pub fn kind(cleaned: &Cleaned) -> String {
    let assessment = &cleaned.assessment;
    let kind = assessment.kind.name();
    let mut out = format!("page  {kind}  confidence {}\n", assessment.confidence);
    for reason in assessment.reasons() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "      {}", safe_line(&reason));
    }
    if let Some(fit) = &cleaned.fit {
        let layout = match &fit.layout {
            Some(layout) => format!("layout {}", safe_line(&layout.name)),
            None => "no layout fits, so they take no part".to_owned(),
        };
        let _ = writeln!(out, "rules {}: {layout}", safe_line(&fit.file));
    }
    out
}

/// One JSON object for the page as a whole: what it is, and why.
pub fn kind_line(page: &str, cleaned: &Cleaned) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct Row<'a> {
        page: &'a str,
        page_kind: PageKind,
        confidence: Confidence,
        evidence: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rules: Option<OfSite<'a>>,
    }
    #[derive(Serialize)]
    struct OfSite<'a> {
        file: &'a str,
        /// `null` where none fits.
        layout: Option<&'a str>,
    }
    let assessment = &cleaned.assessment;
    let fit = cleaned.fit.as_ref();
    let row = Row {
        page,
        page_kind: assessment.kind,
        confidence: assessment.confidence,
        evidence: assessment.reasons(),
        rules: fit.map(|fit| OfSite {
            file: &fit.file,
            layout: fit.layout.as_ref().map(|layout| layout.name.as_str()),
        }),
    };
    Ok(json::line(&row)? + "\n")
}

/// One JSON object a block, with the page it is of.
pub fn json_lines(page: &str, blocks: &[ExplainedBlock]) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct Row<'a> {
        page: &'a str,
        #[serde(flatten)]
        block: &'a ExplainedBlock,
    }
    let mut out = String::new();
    for block in blocks {
        out.push_str(&json::line(&Row { page, block })?);
        out.push('\n');
    }
    Ok(out)
}

fn kind_name(kind: BlockKind) -> String {
    match kind {
        BlockKind::Paragraph => "text".to_owned(),
        BlockKind::Heading { level } => format!("head {level}"),
        BlockKind::ListItem => "item".to_owned(),
        BlockKind::Quote => "quote".to_owned(),
        BlockKind::TableRow => "row".to_owned(),
        BlockKind::Preformatted => "code".to_owned(),
        BlockKind::Caption => "caption".to_owned(),
        BlockKind::Other => "other".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk::article::Block;

    fn block(keep: bool, reason: &str, text: &str) -> ExplainedBlock {
        let block = Block {
            kind: BlockKind::Heading { level: 2 },
            text: text.to_owned(),
        };
        ExplainedBlock {
            block,
            keep,
            reason: reason.to_owned(),
            path: "main > h2".to_owned(),
        }
    }

    #[test]
    fn every_block_has_one_line_with_verdict_and_reason() {
        let blocks = [
            block(true, "body", "Votes"),
            block(false, "phrase x", "Read\u{1b}[1m more"),
        ];
        assert_eq!(
            table(&blocks, None),
            "keep  head 2   body      Votes\ndrop  head 2   phrase x  Read[1m more\n"
        );
    }

    #[test]
    fn lines_fit_the_terminal() {
        let blocks = [block(false, &"reason ".repeat(20), &"text ".repeat(50))];
        let table = table(&blocks, Some(60));
        assert_eq!(table.trim_end().chars().count(), 60);
    }

    #[test]
    fn json_lines_name_the_page() {
        let lines = json_lines("a.html", &[block(true, "body", "Votes")]).unwrap();
        assert_eq!(
            lines,
            "{\"page\":\"a.html\",\"kind\":\"heading\",\"level\":2,\"text\":\"Votes\",\
             \"keep\":true,\"reason\":\"body\",\"path\":\"main > h2\"}\n"
        );
    }
}
