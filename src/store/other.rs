//! Pages that were looked at and are no articles, so that they need not be fetched again.
//!
//! These rows are not in the texts: where they are lost with the rows, the pages are fetched once more.

use serde::{Deserialize, Serialize};
use url::Url;

use super::error::StoreError;
use super::row::url_key;
use super::rows::{Change, Tree};
use super::{GROUP_PUTS, Store};
use crate::article::PageKind;
use crate::dedupe::normal_url;

/// A page that is no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherPage {
    /// What it is.
    pub kind: PageKind,
    /// When it was last seen, seconds since the epoch.
    pub seen: i64,
}

impl Store {
    /// Remembers that the page at this URL is no article; durable with the next [`flush`](Self::flush).
    ///
    /// # Errors
    /// As [`Self::put`]; what is no URL is not remembered.
    pub fn put_other(&self, url: &str, page: OtherPage) -> Result<(), StoreError> {
        let Ok(url) = Url::parse(url) else {
            return Ok(());
        };
        let mut writer = self.writer()?;
        let value = serde_json::to_vec(&page).map_err(|e| self.rows.damaged(e.to_string()))?;
        self.rows.stage(vec![Change {
            tree: Tree::Other,
            key: url_key(&normal_url(&url)).to_vec(),
            value: Some(value),
        }]);
        if self.rows.waiting() >= GROUP_PUTS {
            self.commit(&mut writer)?;
        }
        Ok(())
    }

    /// What was remembered of the page at this URL, if it was no article.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read. A row that makes no sense is none.
    pub fn other(&self, url: &str) -> Result<Option<OtherPage>, StoreError> {
        let Ok(url) = Url::parse(url) else {
            return Ok(None);
        };
        let row = self.rows.get(Tree::Other, &url_key(&normal_url(&url)))?;
        Ok(row.and_then(|json| serde_json::from_slice(&json).ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_no_article_is_remembered_under_any_form_of_its_url() {
        let dir = tempfile::tempdir().unwrap();
        let page = OtherPage {
            kind: PageKind::Index,
            seen: 7,
        };
        {
            let store = Store::open(&dir.path().join("store")).unwrap();
            store.put_other("https://a.example/tag/eels", page).unwrap();
            assert_eq!(store.other("https://a.example/tag/eels#top").unwrap(), Some(page));
            store.flush().unwrap();
        }
        let store = Store::open(&dir.path().join("store")).unwrap();
        assert_eq!(store.other("https://a.example/tag/eels").unwrap(), Some(page));
        assert_eq!(store.other("https://a.example/tag/ferries").unwrap(), None);
        assert_eq!(store.stats().unwrap().articles, 0);
    }
}
