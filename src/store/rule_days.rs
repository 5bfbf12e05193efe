//! How the rules of sites fitted their pages, day by day: what tells that a rule has stopped working.
//!
//! These rows are not in the texts: where they are lost with the rows, counting begins anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Store;
use super::error::StoreError;
use super::rows::{Change, Tree};

/// So many days are kept of each site and file, counted back from its newest: a season, to see what is usual.
pub const RULE_DAYS_KEPT: u32 = 90;

/// How many addresses of pages are kept of a day, for each layout and for pages without one.
pub const RULE_DAY_URLS: usize = 3;

/// The longest address that is kept, in bytes; a longer one is left out.
const URL_MAX_BYTES: usize = 500;

/// The most days of one site and file that are read: should the clock have jumped, there may be more than are kept.
const DAYS_READ: usize = 4 * RULE_DAYS_KEPT as usize;

/// Ends site and file in a key; neither has it in it.
const END: u8 = 0;

/// A site whose pages were counted, and the selector file that they were counted for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleSite {
    /// The registrable domain, or else the host.
    pub site: String,
    /// The file, as "sites/example.org.toml".
    pub file: String,
}

/// How the rules of one file fitted the pages of one site on one day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleDay {
    /// The version of the file on the last of the pages.
    pub version: String,
    /// Pages that no layout fitted.
    pub unfit: u32,
    /// The first addresses of them.
    pub unfit_urls: Vec<String>,
    /// The others, by their layout.
    pub layouts: BTreeMap<String, LayoutDay>,
}

/// How one layout did on the pages of one day that it fitted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayoutDay {
    /// The pages.
    pub pages: u32,
    /// The first addresses of them.
    pub urls: Vec<String>,
    /// On how many of them each rule matched, by the key of the rule.
    pub rules: BTreeMap<String, u32>,
    /// The sum of the natural logarithms of one plus the characters of the body: a few long stories do not hide many short ones.
    pub log_chars: f64,
    /// Pages with a headline.
    pub title: u32,
    /// Pages with an author.
    pub authors: u32,
    /// Pages with a date of publication.
    pub published: u32,
    /// Pages on which the general cleaner was asked, too.
    pub asked: u32,
    /// The sum of its agreement on them, each 0 to 1.
    pub agreement: f64,
}

impl RuleDay {
    /// All pages.
    pub fn pages(&self) -> u32 {
        self.unfit + self.layouts.values().map(|layout| layout.pages).sum::<u32>()
    }
}

impl RuleSite {
    fn prefix(&self) -> Vec<u8> {
        let mut key = self.site.as_bytes().to_vec();
        key.push(END);
        key.extend(self.file.as_bytes());
        key.push(END);
        key
    }

    fn key(&self, day: u32) -> Vec<u8> {
        let mut key = self.prefix();
        key.extend(day.to_be_bytes());
        key
    }

    fn of_key(key: &[u8]) -> Option<Self> {
        let (names, _) = key.split_last_chunk::<4>()?;
        let mut parts = std::str::from_utf8(names).ok()?.split('\0');
        Some(Self {
            site: parts.next()?.to_owned(),
            file: parts.next()?.to_owned(),
        })
    }
}

/// Notes the address of a page, where few are noted and it is not too long.
pub fn note_url(urls: &mut Vec<String>, url: &str) {
    if urls.len() < RULE_DAY_URLS && url.len() <= URL_MAX_BYTES && !urls.iter().any(|known| known == url) {
        urls.push(url.to_owned());
    }
}

impl Store {
    /// The counts of one day, days since the epoch; zeros where there are none.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read. A row that makes no sense is none.
    pub fn rule_day(&self, site: &RuleSite, day: u32) -> Result<RuleDay, StoreError> {
        let row = self.rows.get(Tree::RuleDays, &site.key(day))?;
        Ok(row
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default())
    }

    /// Replaces the counts of one day, and forgets the days that are too old; durable with the next
    /// [`flush`](Self::flush).
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_rule_day(&self, site: &RuleSite, day: u32, counts: &RuleDay) -> Result<(), StoreError> {
        let value = serde_json::to_vec(counts).map_err(|e| self.rows.damaged(e.to_string()))?;
        let oldest = site.key(day.saturating_sub(RULE_DAYS_KEPT - 1));
        let writer = self.writer()?;
        let mut changes = Vec::new();
        for key in self
            .rows
            .range(Tree::RuleDays, site.prefix()..oldest)
            .keys()
            .take(DAYS_READ)
        {
            changes.push(Change {
                tree: Tree::RuleDays,
                key: key.map_err(|e| self.rows.failed(e))?.to_vec(),
                value: None,
            });
        }
        changes.push(Change {
            tree: Tree::RuleDays,
            key: site.key(day),
            value: Some(value),
        });
        self.rows.stage(changes);
        drop(writer);
        Ok(())
    }

    /// All sites and files that there are counts of, in order. What was put before is flushed first.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read.
    pub fn rule_sites(&self) -> Result<Vec<RuleSite>, StoreError> {
        self.flush()?;
        let mut sites: Vec<RuleSite> = Vec::new();
        for key in self.rows.range::<&[u8], _>(Tree::RuleDays, ..).keys() {
            let key = key.map_err(|e| self.rows.failed(e))?;
            if let Some(site) = RuleSite::of_key(&key).filter(|site| sites.last() != Some(site)) {
                sites.push(site);
            }
        }
        Ok(sites)
    }

    /// The counts of a site and file, oldest day first, each with its day since the epoch.
    ///
    /// # Errors
    /// As [`Self::rule_sites`].
    pub fn rule_days(&self, site: &RuleSite) -> Result<Vec<(u32, RuleDay)>, StoreError> {
        self.flush()?;
        let mut days = Vec::new();
        let rows = self.rows.range(Tree::RuleDays, site.key(0)..=site.key(u32::MAX));
        for row in rows.take(DAYS_READ) {
            let (key, json) = row.map_err(|e| self.rows.failed(e))?;
            let day = key.last_chunk::<4>().map(|day| u32::from_be_bytes(*day));
            if let (Some(day), Ok(counts)) = (day, serde_json::from_slice(&json)) {
                days.push((day, counts));
            }
        }
        Ok(days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(site: &str, file: &str) -> RuleSite {
        RuleSite {
            site: site.to_owned(),
            file: file.to_owned(),
        }
    }

    fn unfit(pages: u32) -> RuleDay {
        RuleDay {
            unfit: pages,
            ..RuleDay::default()
        }
    }

    #[test]
    fn days_come_back_in_order_and_the_oldest_are_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store");
        let (a, b) = (
            site("a.example", "sites/a.toml"),
            site("a.example", "sites/a.toml2"),
        );
        {
            let store = Store::open(&path).unwrap();
            store.put_rule_day(&b, 5, &unfit(9)).unwrap();
            for day in [300, 256, 255, 310] {
                store.put_rule_day(&a, day, &unfit(day)).unwrap();
            }
            assert_eq!(store.rule_day(&a, 300).unwrap(), unfit(300));
            store.flush().unwrap();
        }
        let store = Store::open(&path).unwrap();
        assert_eq!(store.rule_sites().unwrap(), [a.clone(), b.clone()]);
        let days = |site| {
            let days = store.rule_days(site).unwrap().into_iter();
            days.map(|(day, counts)| (day, counts.unfit)).collect::<Vec<_>>()
        };
        assert_eq!(days(&a), [(255, 255), (256, 256), (300, 300), (310, 310)]);
        store.put_rule_day(&a, 255 + RULE_DAYS_KEPT, &unfit(1)).unwrap();
        assert_eq!(days(&a), [(256, 256), (300, 300), (310, 310), (345, 1)]);
        assert_eq!(days(&b), [(5, 9)]);
        assert_eq!(store.rule_day(&a, 1).unwrap(), RuleDay::default());
    }

    #[test]
    fn a_few_addresses_are_noted_each_once() {
        let mut urls = Vec::new();
        for url in ["a", "a", &"x".repeat(URL_MAX_BYTES + 1), "b", "c", "d"] {
            note_url(&mut urls, url);
        }
        assert_eq!(urls, ["a", "b", "c"]);
    }
}
