//! Keeps each article once.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::article::{Article, ArticleId, Sighting};

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
    /// Every URL that carried this text, the article's own first.
    pub sightings: Vec<Sighting>,
    /// The article.
    #[serde(flatten)]
    pub article: Article,
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
    /// All of these words must stand in title or text; case and diacritics do not count.
    pub words: Vec<String>,
    /// The registrable domain or host.
    pub site: Option<String>,
    /// Not before this time, seconds since the epoch, by publication date or else time of fetching.
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
    /// Revisions of them.
    pub revisions: u64,
    /// URLs known.
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

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds it.
    #[error("{0}: the store is in use by another process")]
    Locked(PathBuf),
}

/// The store.
#[derive(Debug)]
pub struct Store {}

#[expect(clippy::todo, reason = "skeleton")]
impl Store {
    /// Opens the store in a directory, creating it if need be.
    pub fn open(_path: &Path) -> Result<Self, StoreError> {
        todo!()
    }
    /// Opens a store that must exist.
    pub fn open_existing(_path: &Path) -> Result<Self, StoreError> {
        todo!()
    }
    /// Stores one cleaned page with its raw bytes, in one transaction. Durable after the next `flush`.
    pub fn put(&self, _article: &Article, _raw: &[u8], _fetched: i64) -> Result<Outcome, StoreError> {
        todo!()
    }
    /// Makes everything put so far durable.
    pub fn flush(&self) -> Result<(), StoreError> {
        todo!()
    }
    /// The current revision.
    pub fn get(&self, _id: ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        todo!()
    }
    /// An earlier (or the current) revision.
    pub fn revision(&self, _id: ArticleId, _number: u32) -> Result<Option<StoredArticle>, StoreError> {
        todo!()
    }
    /// The article that was seen at this URL (its own, canonical, or a sighting).
    pub fn id_of_url(&self, _url: &str) -> Result<Option<ArticleId>, StoreError> {
        todo!()
    }
    /// Ids that begin with this hexadecimal prefix, at most `limit`.
    pub fn ids_with_prefix(&self, _prefix: &str, _limit: usize) -> Result<Vec<ArticleId>, StoreError> {
        todo!()
    }
    /// The articles that match, newest first; lazily, row by row.
    pub fn query(&self, _query: &Query) -> Box<dyn Iterator<Item = Result<StoredArticle, StoreError>> + '_> {
        todo!()
    }
    /// The raw page behind the current revision.
    pub fn raw_page(&self, _id: ArticleId) -> Result<Option<Vec<u8>>, StoreError> {
        todo!()
    }
    /// Counts.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        todo!()
    }
}
