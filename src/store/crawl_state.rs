//! What a crawl remembers from run to run: of each source, of pages that failed, and of hosts that asked to wait.
//!
//! These rows are not in the texts: where they are lost with the rows, everything is due and nothing has failed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Store;
use super::error::StoreError;
use super::row::url_key;
use super::rows::{Change, Tree};
use crate::dedupe::normal_url;

/// The time from a first failure of a page to its next try, in seconds; each further failure doubles it.
const FIRST_BACK_OFF: i64 = 10 * 60;

/// The longest time between two tries of a page that fails, in seconds: a week.
pub const MAX_BACK_OFF: i64 = 7 * 24 * 60 * 60;

/// How long a failure is kept after its last try, in seconds: no list names an article for longer than 90 days.
pub const FAILURE_KEPT: i64 = 90 * 24 * 60 * 60;

/// The longest message or URL of a failure that is kept, in characters.
const TEXT_MAX: usize = 500;

/// What is known of a source between two runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The list that this is about; another one in the configuration makes all of it void.
    pub place: String,
    /// The `ETag` and `Last-Modified` headers of its lists, by their URL.
    pub validators: BTreeMap<String, (Option<String>, Option<String>)>,
    /// When it was last looked at, seconds since the epoch.
    pub looked: i64,
    /// When it is to be looked at again, seconds since the epoch.
    pub due: i64,
    /// The time between two looks that fits its rhythm, in seconds; 0 if not known yet.
    pub interval: i64,
    /// How often in a row its list could not be read.
    pub failures: u32,
}

/// A page that could not be read or cleaned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FailedUrl {
    /// Its URL, shortened.
    pub url: String,
    /// The source that listed it.
    pub source: String,
    /// A short name of the last failure.
    pub kind: String,
    /// The last failure in words.
    pub message: String,
    /// How often in a row it has failed.
    pub count: u32,
    /// When it failed first, seconds since the epoch.
    pub first: i64,
    /// When it failed last, seconds since the epoch.
    pub last: i64,
    /// When it is to be tried again, seconds since the epoch.
    pub next: i64,
}

impl FailedUrl {
    /// One more failure at a time, seconds since the epoch; the wait for the next try doubles with each, up to
    /// [`MAX_BACK_OFF`].
    fn again(&mut self, now: i64) {
        if self.count == 0 {
            self.first = now;
        }
        let doublings = self.count.min(16);
        self.count = self.count.saturating_add(1);
        self.last = now;
        self.next = now.saturating_add((FIRST_BACK_OFF << doublings).min(MAX_BACK_OFF));
    }
}

impl Store {
    /// What is known of a source by its name.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read. A row that makes no sense is none.
    pub fn source_state(&self, name: &str) -> Result<Option<SourceState>, StoreError> {
        let row = self.rows.get(Tree::Source, name.as_bytes())?;
        Ok(row.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// Replaces what is known of a source; durable with the next [`flush`](Self::flush).
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_source_state(&self, name: &str, state: &SourceState) -> Result<(), StoreError> {
        let json = serde_json::to_vec(state).map_err(|e| self.rows.damaged(e.to_string()))?;
        self.change(Tree::Source, name.as_bytes().to_vec(), Some(json))
    }

    /// What is known of a page that failed, if it did when it was last tried.
    ///
    /// # Errors
    /// As [`Self::source_state`].
    pub fn failure(&self, url: &Url) -> Result<Option<FailedUrl>, StoreError> {
        let row = self.rows.get(Tree::Failure, &url_key(&normal_url(url)))?;
        Ok(row.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// Counts a failure of a page at a time, seconds since the epoch; durable with the next [`flush`](Self::flush).
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_failure(
        &self,
        url: &Url,
        source: &str,
        (kind, message): (&str, &str),
        now: i64,
    ) -> Result<(), StoreError> {
        let short = |text: &str| text.chars().take(TEXT_MAX).collect();
        let mut failed = self.failure(url)?.unwrap_or_default();
        failed.again(now);
        failed.url = short(url.as_str());
        failed.source = short(source);
        failed.kind = short(kind);
        failed.message = short(message);
        let json = serde_json::to_vec(&failed).map_err(|e| self.rows.damaged(e.to_string()))?;
        self.change(Tree::Failure, url_key(&normal_url(url)).to_vec(), Some(json))
    }

    /// Forgets that a page failed: it came to an end.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn clear_failure(&self, url: &Url) -> Result<(), StoreError> {
        let key = url_key(&normal_url(url)).to_vec();
        if self.rows.get(Tree::Failure, &key)?.is_none() {
            return Ok(());
        }
        self.change(Tree::Failure, key, None)
    }

    /// All pages that failed when they were last tried, the next to be tried first. What was put before is flushed first.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read.
    pub fn failures(&self) -> Result<Vec<FailedUrl>, StoreError> {
        self.flush()?;
        let mut failures: Vec<FailedUrl> = Vec::new();
        for row in self.rows.range::<&[u8], _>(Tree::Failure, ..) {
            let (_, json) = row.map_err(|e| self.rows.failed(e))?;
            failures.extend(serde_json::from_slice::<FailedUrl>(&json).ok());
        }
        failures.sort_by(|a, b| (a.next, &a.url).cmp(&(b.next, &b.url)));
        Ok(failures)
    }

    /// Forgets failures that are older than [`FAILURE_KEPT`], and waits of hosts that are over.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn forget_old_failures(&self, now: i64) -> Result<(), StoreError> {
        self.flush()?;
        let mut old = Vec::new();
        for row in self.rows.range::<&[u8], _>(Tree::Failure, ..) {
            let (key, json) = row.map_err(|e| self.rows.failed(e))?;
            let failed = serde_json::from_slice::<FailedUrl>(&json);
            if failed.map_or(true, |failed| failed.last.saturating_add(FAILURE_KEPT) < now) {
                old.push((Tree::Failure, key.to_vec()));
            }
        }
        for row in self.rows.range::<&[u8], _>(Tree::Host, ..) {
            let (key, until) = row.map_err(|e| self.rows.failed(e))?;
            if seconds(&until).is_none_or(|until| until <= now) {
                old.push((Tree::Host, key.to_vec()));
            }
        }
        for (tree, key) in old {
            self.change(tree, key, None)?;
        }
        Ok(())
    }

    /// Until when a host asks not to be asked, seconds since the epoch, if it does.
    ///
    /// # Errors
    /// As [`Self::source_state`].
    pub fn host_wait(&self, host: &str) -> Result<Option<i64>, StoreError> {
        Ok(self
            .rows
            .get(Tree::Host, host.as_bytes())?
            .and_then(|row| seconds(&row)))
    }

    /// Remembers until when a host asks not to be asked, seconds since the epoch.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_host_wait(&self, host: &str, until: i64) -> Result<(), StoreError> {
        let value = until.to_be_bytes().to_vec();
        self.change(Tree::Host, host.as_bytes().to_vec(), Some(value))
    }

    fn change(&self, tree: Tree, key: Vec<u8>, value: Option<Vec<u8>>) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        self.rows.stage(vec![Change { tree, key, value }]);
        if self.rows.waiting() >= super::GROUP_PUTS {
            self.commit(&mut writer)?;
        }
        Ok(())
    }
}

fn seconds(row: &[u8]) -> Option<i64> {
    row.try_into().ok().map(i64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_tried_again_later_each_time_and_forgotten_when_it_ends() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store")).unwrap();
        let url = Url::parse("https://a.example/eels").unwrap();
        for wait in [600, 1200, 2400] {
            store.put_failure(&url, "a", ("timeout", "slow"), 1000).unwrap();
            assert_eq!(store.failure(&url).unwrap().unwrap().next, 1000 + wait);
        }
        for _ in 0..20 {
            store.put_failure(&url, "a", ("timeout", "slow"), 5000).unwrap();
        }
        let failed = &store.failures().unwrap()[0];
        assert_eq!((failed.count, failed.first, failed.last), (23, 1000, 5000));
        assert_eq!(failed.next, 5000 + MAX_BACK_OFF);
        store.clear_failure(&url).unwrap();
        assert_eq!(store.failures().unwrap(), []);
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store")).unwrap();
        let url = Url::parse("https://a.example/eels").unwrap();
        store.put_failure(&url, "a", ("timeout", "slow"), 0).unwrap();
        store.put_host_wait("a.example", 100).unwrap();
        store.forget_old_failures(99).unwrap();
        assert_eq!(store.host_wait("a.example").unwrap(), Some(100));
        assert!(store.failure(&url).unwrap().is_some());
        store.forget_old_failures(FAILURE_KEPT + 1).unwrap();
        assert_eq!(store.host_wait("a.example").unwrap(), None);
        assert_eq!(store.failure(&url).unwrap(), None);
    }

    #[test]
    fn the_state_of_a_source_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store");
        let state = SourceState {
            place: "https://a.example/feed".to_owned(),
            validators: BTreeMap::from([(
                "https://a.example/feed".to_owned(),
                (Some("\"1\"".to_owned()), None),
            )]),
            due: 7,
            ..SourceState::default()
        };
        Store::open(&path).unwrap().put_source_state("a", &state).unwrap();
        let store = Store::open(&path).unwrap();
        assert_eq!(store.source_state("a").unwrap(), Some(state));
        assert_eq!(store.source_state("b").unwrap(), None);
    }
}
