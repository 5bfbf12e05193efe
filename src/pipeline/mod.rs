//! The order of the stages; the only place that knows it.

use crate::article::Article;
use crate::fetch::Page;
use crate::rules::Rules;

/// Why a page has no article.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    /// There is no text on the page, or none of it is an article.
    #[error("{url}: no article text on this page")]
    Empty {
        /// The page.
        url: String,
    },
    /// The bytes are not text or HTML.
    #[error("{url}: not a text page ({found})")]
    NotText {
        /// The page.
        url: String,
        /// What it looks like.
        found: String,
    },
}

/// One block of the page with what was decided on it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedBlock {
    /// What it is.
    #[serde(flatten)]
    pub block: crate::article::Block,
    /// In the article or not.
    pub keep: bool,
    /// Who decided, in words: "common rule `navigation` (selectors/common.toml:12)".
    pub reason: String,
    /// Its place: ancestors as `main > div.post > p`.
    pub path: String,
}

/// An article and, on request, the whole block list with its verdicts.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// The article.
    pub article: Article,
    /// All blocks, kept and dropped, in reading order.
    pub explained: Vec<ExplainedBlock>,
}

#[expect(clippy::todo, reason = "skeleton")]
/// Cleans an HTML (or plain-text, by content type) page down to its article.
pub fn clean_page(_page: &Page, _rules: &Rules) -> Result<Article, CleanError> {
    todo!()
}

#[expect(clippy::todo, reason = "skeleton")]
/// As [`clean_page`], with the whole block list.
pub fn explain_page(_page: &Page, _rules: &Rules) -> Result<Cleaned, CleanError> {
    todo!()
}

#[expect(clippy::todo, reason = "skeleton")]
/// Cleans plain text whose paragraphs are its blocks.
pub fn clean_text(_text: &str, _rules: &Rules) -> Result<Article, CleanError> {
    todo!()
}

#[expect(clippy::todo, reason = "skeleton")]
/// As [`clean_text`], with the whole block list.
pub fn explain_text(_text: &str, _rules: &Rules) -> Result<Cleaned, CleanError> {
    todo!()
}
