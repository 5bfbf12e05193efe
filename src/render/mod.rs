//! [`Article`](crate::article::Article) to text, Markdown, HTML and JSON; pure.
//!
//! Every renderer gives text that is safe to show: see [`safe`].

pub mod html;
pub mod json;
pub mod markdown;
pub mod safe;
pub mod text;

use crate::article::{Block, BlockKind};

/// A stretch of blocks that are written as one: a list, a table, a quotation, or a block of its own.
struct Run<'a> {
    kind: BlockKind,
    blocks: &'a [Block],
}

/// Splits the blocks into runs: neighbouring list items, quotes and table rows belong together.
fn runs(blocks: &[Block]) -> impl Iterator<Item = Run<'_>> {
    blocks
        .chunk_by(|a, b| a.kind == b.kind && joins_its_neighbour(a.kind))
        .filter_map(|blocks| {
            blocks.first().map(|first| Run {
                kind: first.kind,
                blocks,
            })
        })
}

fn joins_its_neighbour(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::ListItem | BlockKind::Quote | BlockKind::TableRow)
}

/// The headline, unless it is blank.
fn headline(title: Option<&str>) -> Option<&str> {
    title.map(str::trim).filter(|title| !title.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::article::{Article, Block, BlockKind, Confidence, Fields, PageKind};

    /// An article of these blocks under the headline "Budget passes".
    pub(crate) fn article(blocks: &[(BlockKind, &str)]) -> Article {
        Article {
            url: "https://news.example/budget".to_owned(),
            site: "news.example".to_owned(),
            fields: Fields {
                title: Some("Budget passes".to_owned()),
                ..Fields::default()
            },
            blocks: blocks
                .iter()
                .map(|(kind, text)| Block {
                    kind: *kind,
                    text: (*text).to_owned(),
                })
                .collect(),
            dropped: Vec::new(),
            layout: None,
            rules: String::new(),
            kind: PageKind::Article,
            confidence: Confidence::of(1.0),
            limits: Vec::new(),
        }
    }
}
