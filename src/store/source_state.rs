//! What a crawl remembers of its sources and of URLs that fail, for the next one.
//!
//! These rows are not in the texts: where they are lost with the rows, lists and pages are asked for once more.

use serde::{Deserialize, Serialize};
use url::Url;

use super::error::StoreError;
use super::row::url_key;
use super::rows::{Change, Tree};
use super::{GROUP_PUTS, Store};
use crate::dedupe::normal_url;

/// How long a failure is remembered after its last try, in seconds: 30 days.
pub const FAILURE_KEPT: i64 = 30 * 24 * 60 * 60;

/// The longest message of a failure that is kept, in bytes.
const MESSAGE_MAX: usize = 300;

/// A source as it was found the last time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// The URL that answered, for which the validators are.
    #[serde(default)]
    pub url: String,
    /// The `ETag` that it sent, where all that it listed was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Its `Last-Modified`, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// When it was last looked at, seconds since the epoch.
    pub looked: i64,
    /// When it is to be looked at again, seconds since the epoch.
    pub due: i64,
    /// The time between two looks, in seconds.
    pub interval: i64,
    /// How often in a row its list could not be read.
    pub failures: u32,
}

/// A page that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlFailure {
    /// Its URL.
    pub url: String,
    /// The source that listed it.
    pub source: String,
    /// A short name of the reason, as in a crawl's report.
    pub kind: String,
    /// The reason in words.
    pub message: String,
    /// How often in a row it failed.
    pub count: u32,
    /// When it first did, seconds since the epoch.
    pub first: i64,
    /// When it last did, seconds since the epoch.
    pub last: i64,
    /// Before when it is not tried again, seconds since the epoch.
    pub next: i64,
}

impl Store {
    /// What is remembered of a source, by its name.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read. A row that makes no sense is none.
    pub fn source_state(&self, name: &str) -> Result<Option<SourceState>, StoreError> {
        let row = self.rows.get(Tree::Source, name.as_bytes())?;
        Ok(row.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// Replaces it; durable with the next [`flush`](Self::flush).
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_source_state(&self, name: &str, state: &SourceState) -> Result<(), StoreError> {
        let value = serde_json::to_vec(state).map_err(|e| self.rows.damaged(e.to_string()))?;
        self.stage_one(Tree::Source, name.as_bytes().to_vec(), Some(value))
    }

    /// What is remembered of a URL that failed, under any form of it.
    ///
    /// # Errors
    /// As [`Self::source_state`].
    pub fn failure(&self, url: &Url) -> Result<Option<UrlFailure>, StoreError> {
        let row = self.rows.get(Tree::Failure, &url_key(&normal_url(url)))?;
        Ok(row.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// Replaces it; durable with the next [`flush`](Self::flush).
    ///
    /// # Errors
    /// As [`Self::put`]; what is no URL is not remembered.
    pub fn put_failure(&self, mut failure: UrlFailure) -> Result<(), StoreError> {
        let Ok(url) = Url::parse(&failure.url) else {
            return Ok(());
        };
        let whole = |end: &usize| failure.message.is_char_boundary(*end);
        let end = (0..=MESSAGE_MAX.min(failure.message.len())).rev().find(whole);
        failure.message.truncate(end.unwrap_or(0));
        let value = serde_json::to_vec(&failure).map_err(|e| self.rows.damaged(e.to_string()))?;
        self.stage_one(Tree::Failure, url_key(&normal_url(&url)).to_vec(), Some(value))
    }

    /// Forgets that a URL failed.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn remove_failure(&self, url: &Url) -> Result<(), StoreError> {
        self.stage_one(Tree::Failure, url_key(&normal_url(url)).to_vec(), None)
    }

    /// All URLs that failed, the latest first. What was put before is flushed first.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read.
    pub fn failures(&self) -> Result<Vec<UrlFailure>, StoreError> {
        self.flush()?;
        let mut failures: Vec<UrlFailure> = Vec::new();
        for row in self.rows.range::<&[u8], _>(Tree::Failure, ..) {
            let (_, json) = row.map_err(|e| self.rows.failed(e))?;
            failures.extend(serde_json::from_slice::<UrlFailure>(&json));
        }
        failures.sort_by(|a, b| (b.last, &a.url).cmp(&(a.last, &b.url)));
        Ok(failures)
    }

    /// Forgets failures that were not tried for [`FAILURE_KEPT`] seconds before `now`.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn forget_old_failures(&self, now: i64) -> Result<(), StoreError> {
        for failure in self.failures()? {
            if failure.last < now - FAILURE_KEPT
                && let Ok(url) = Url::parse(&failure.url)
            {
                self.remove_failure(&url)?;
            }
        }
        Ok(())
    }

    fn stage_one(&self, tree: Tree, key: Vec<u8>, value: Option<Vec<u8>>) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        self.rows.stage(vec![Change { tree, key, value }]);
        if self.rows.waiting() >= GROUP_PUTS {
            self.commit(&mut writer)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(url: &str, last: i64) -> UrlFailure {
        UrlFailure {
            url: url.to_owned(),
            source: "a".to_owned(),
            kind: "timeout".to_owned(),
            message: "é".repeat(400),
            count: 1,
            first: last,
            last,
            next: last + 60,
        }
    }

    #[test]
    fn sources_and_failures_are_remembered_over_a_restart_and_forgotten_in_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store");
        let state = SourceState {
            etag: Some("\"x\"".to_owned()),
            due: 7,
            ..SourceState::default()
        };
        {
            let store = Store::open(&path).unwrap();
            store.put_source_state("news", &state).unwrap();
            for (url, last) in [("https://a.example/1", 5), ("https://a.example/2", 9)] {
                store.put_failure(failure(url, last)).unwrap();
            }
            store.put_failure(failure("no URL", 1)).unwrap();
            store.flush().unwrap();
        }
        let store = Store::open(&path).unwrap();
        assert_eq!(store.source_state("news").unwrap(), Some(state));
        assert_eq!(store.source_state("other").unwrap(), None);
        let urls = |store: &Store| {
            let failures = store.failures().unwrap().into_iter();
            failures.map(|failure| failure.url).collect::<Vec<_>>()
        };
        assert_eq!(urls(&store), ["https://a.example/2", "https://a.example/1"]);
        let first = Url::parse("https://a.example/1#top").unwrap();
        assert_eq!(store.failure(&first).unwrap().unwrap().message, "é".repeat(150));
        store.forget_old_failures(6 + FAILURE_KEPT).unwrap();
        assert_eq!(urls(&store), ["https://a.example/2"]);
        store
            .remove_failure(&Url::parse("https://a.example/2").unwrap())
            .unwrap();
        assert!(urls(&store).is_empty());
    }
}
