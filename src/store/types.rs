//! What goes into the store and comes out of it.

use serde::{Deserialize, Serialize};

use crate::article::{Article, ArticleId, PageDate, Sighting};

/// An article row of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredArticle {
    /// Its id.
    pub id: ArticleId,
    /// 1 for the first text, one more with each changed text.
    pub revision: u32,
    /// When this revision was fetched, seconds since the epoch.
    pub fetched: i64,
    /// When the first revision was fetched.
    pub first_fetched: i64,
    /// When the rules of that time were applied again to its page, seconds since the epoch; only where that made this
    /// revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recleaned: Option<i64>,
    /// Its number in the sequence of texts, where it was asked for by that ([`Store::since_seq`](super::Store::since_seq)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// Every URL that carried this text, the article's own first, then by time; at most 1000.
    pub sightings: Vec<Sighting>,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
}

impl StoredArticle {
    /// Its place in the time order: when published or else first fetched, seconds since the epoch.
    pub fn time(&self) -> i64 {
        let published = self.article.fields.published.as_ref();
        published.map_or(self.first_fetched, PageDate::epoch_seconds)
    }
}

/// A page as it goes into the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RawPage<'a> {
    /// The body, decompressed; an empty one is not kept.
    pub body: &'a [u8],
    /// The `Content-Type` header, if any. One of more than 200 bytes is not kept.
    pub content_type: Option<&'a str>,
}

impl<'a> From<&'a [u8]> for RawPage<'a> {
    fn from(body: &'a [u8]) -> Self {
        Self {
            body,
            content_type: None,
        }
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for RawPage<'a> {
    fn from(body: &'a [u8; N]) -> Self {
        body.as_slice().into()
    }
}

impl<'a> From<&'a Vec<u8>> for RawPage<'a> {
    fn from(body: &'a Vec<u8>) -> Self {
        body.as_slice().into()
    }
}

/// A page as it comes out of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPage {
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// The `Content-Type` header, if any.
    pub content_type: Option<String>,
}

/// What became of an article that was put into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was not there before.
    New(ArticleId),
    /// The same URL had another text.
    Revision(ArticleId, u32),
    /// The same text is there under another URL.
    Duplicate(ArticleId),
    /// The same URL with the same text.
    Unchanged(ArticleId),
    /// The same URL has a better copy; this one was too thin to replace it.
    Thinner(ArticleId),
}

/// Which articles, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these words must stand in title or text; case and diacritics do not count. One of several words is a
    /// phrase. In scripts without spaces a part of a word is enough.
    pub words: Vec<String>,
    /// The registrable domain or host.
    pub site: Option<String>,
    /// Not before this time, seconds since the epoch, by publication date or else time of first fetching.
    pub since: Option<i64>,
    /// Before this time, seconds since the epoch.
    pub until: Option<i64>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// Counts over the whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Articles.
    pub articles: u64,
    /// Revisions of them, the first of each counted.
    pub revisions: u64,
    /// URLs known: the articles' own and those of sightings.
    pub urls: u64,
    /// Raw pages kept.
    pub raw_pages: u64,
    /// Bytes on disk.
    pub disk_bytes: u64,
    /// Articles per site, most first.
    pub sites: Vec<(String, u64)>,
    /// Oldest and newest article time, seconds since the epoch.
    pub span: Option<(i64, i64)>,
}
