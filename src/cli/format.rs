//! The forms in which an article is printed.

use clap::ValueEnum;
use copydesk::article::Article;
use copydesk::render::{html::html, json, markdown::markdown, text::text};
use serde::Serialize;

/// How an article is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArticleFormat {
    /// The headline and the blocks, parted by blank lines
    Text,
    /// Headings, lists, quotes, tables and code as CommonMark
    Markdown,
    /// A small document
    Html,
    /// All fields and blocks; on one line unless on a terminal
    Json,
}

/// How counts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a person (the default on a terminal)
    Table,
    /// One JSON object a line (the default elsewhere)
    Jsonl,
}

impl ReportFormat {
    /// The one asked for, or the one that fits the reader.
    pub fn or_fitting(asked: Option<Self>, is_terminal: bool) -> Self {
        asked.unwrap_or(if is_terminal { Self::Table } else { Self::Jsonl })
    }
}

/// The article with a newline at the end. `row` is what JSON shows: the article, or the store's row of it.
pub fn written(
    article: &Article,
    row: &impl Serialize,
    format: ArticleFormat,
    for_person: bool,
) -> anyhow::Result<String> {
    Ok(match format {
        ArticleFormat::Text => text(article),
        ArticleFormat::Markdown => markdown(article),
        ArticleFormat::Html => html(article),
        ArticleFormat::Json if for_person => json::pretty(row)? + "\n",
        ArticleFormat::Json => json::line(row)? + "\n",
    })
}
