//! Reading over many articles: queries, prefixes of ids, counts.

use std::ops::Bound;

use url::Url;

use super::disk::disk_bytes;
use super::error::StoreError;
use super::fold::{Folded, Pattern};
use super::row::{id_of, split_time_key, time_prefix};
use super::rows::Tree;
use super::write::count_of;
use super::{Query, Stats, Store, StoredArticle};
use crate::article::ArticleId;

/// Hexadecimal digits of an id.
const ID_DIGITS: usize = 16;

/// A query made ready.
pub(super) struct Wanted {
    patterns: Vec<Pattern>,
    site: Option<String>,
}

impl Wanted {
    pub(super) fn new(query: &Query) -> Self {
        Self {
            patterns: query.words.iter().filter_map(|word| Pattern::new(word)).collect(),
            site: query.site.as_deref().map(|site| {
                let site = site.trim().trim_end_matches('.').to_lowercase();
                site.strip_prefix("www.").unwrap_or(&site).to_owned()
            }),
        }
    }

    /// Whether the row's site alone is what is wanted.
    pub(super) fn is_site(&self, site: &str) -> bool {
        self.site.as_deref().is_none_or(|wanted| wanted == site)
    }

    /// False where the row's site alone rules it out.
    pub(super) fn may_be_of_site(&self, site: &str) -> bool {
        self.site.as_deref().is_none_or(|wanted| {
            wanted == site
                || wanted
                    .strip_suffix(site)
                    .is_some_and(|above| above.ends_with('.') && !site.is_empty())
        })
    }

    pub(super) fn takes(&self, stored: &StoredArticle, site: &str) -> bool {
        let of_site = self
            .site
            .as_deref()
            .is_none_or(|wanted| wanted == site || has_host(stored, wanted));
        let article = &stored.article;
        of_site
            && (self.patterns.is_empty() || {
                let title = article.fields.title.as_deref();
                let text = article.blocks.iter().map(|block| block.text.as_str());
                let folded = Folded::new(title.into_iter().chain(text));
                self.patterns.iter().all(|pattern| folded.has(pattern))
            })
    }
}

/// The article's own URL has this host.
fn has_host(stored: &StoredArticle, host: &str) -> bool {
    let own = stored.sightings.first().and_then(|own| Url::parse(&own.url).ok());
    own.and_then(|url| {
        url.host_str()
            .map(|own| own.strip_prefix("www.").unwrap_or(own) == host)
    })
    .unwrap_or(false)
}

impl Store {
    /// The articles that match, newest first; lazily, row by row. What was put before is flushed first. An article
    /// that cannot be read is an error in its place, the others follow.
    pub fn query(&self, query: &Query) -> Box<dyn Iterator<Item = Result<StoredArticle, StoreError>> + '_> {
        if let Err(error) = self.flush() {
            return Box::new(std::iter::once(Err(error)));
        }
        let bound = |seconds: i64| time_prefix(seconds).to_vec();
        let lower = query
            .since
            .map_or(Bound::Unbounded, |since| Bound::Included(bound(since)));
        let upper = query
            .until
            .map_or(Bound::Unbounded, |until| Bound::Excluded(bound(until)));
        if matches!((query.since, query.until), (Some(since), Some(until)) if since >= until) {
            return Box::new(std::iter::empty());
        }
        let wanted = Wanted::new(query);
        let times = self.rows.range(Tree::Time, (lower, upper)).rev();
        let matches = times.filter_map(move |row| match row {
            Ok((key, _)) => self.matching(&key, &wanted).transpose(),
            Err(error) => Some(Err(self.rows.failed(error))),
        });
        Box::new(matches.take(query.limit.unwrap_or(usize::MAX)))
    }

    fn matching(&self, time_key: &[u8], wanted: &Wanted) -> Result<Option<StoredArticle>, StoreError> {
        let (_, id) = split_time_key(time_key).ok_or_else(|| self.rows.damaged("a key of the time order"))?;
        let Some(row) = self.row(id)?.filter(|row| wanted.may_be_of_site(&row.site)) else {
            return Ok(None);
        };
        let stored = self.load(id, &row)?;
        Ok(wanted.takes(&stored, &row.site).then_some(stored))
    }

    /// Ids that begin with this hexadecimal prefix, at most `limit`, in their order. What is no such prefix begins
    /// no id.
    pub fn ids_with_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<ArticleId>, StoreError> {
        if prefix.len() > ID_DIGITS || !prefix.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(Vec::new());
        }
        let padded = |digit: &str| {
            u64::from_str_radix(&format!("{prefix}{}", digit.repeat(ID_DIGITS - prefix.len())), 16)
        };
        let (Ok(first), Ok(last)) = (padded("0"), padded("f")) else {
            return Ok(Vec::new());
        };
        self.flush()?;
        let keys = self
            .rows
            .range(Tree::Article, first.to_be_bytes()..=last.to_be_bytes())
            .keys();
        keys.take(limit)
            .map(|key| {
                let key = key.map_err(|e| self.rows.failed(e))?;
                id_of(&key).ok_or_else(|| self.rows.damaged("a key of an article"))
            })
            .collect()
    }

    /// Counts. What was put before is flushed first.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        self.flush()?;
        let state = self.writer()?.state;
        let mut sites = Vec::new();
        for row in self.rows.range::<&[u8], _>(Tree::Site, ..) {
            let (site, count) = row.map_err(|e| self.rows.failed(e))?;
            sites.push((String::from_utf8_lossy(&site).into_owned(), count_of(&count)));
        }
        sites.sort_by(|(site, count), (other, others)| others.cmp(count).then_with(|| site.cmp(other)));
        let mut times = self.rows.range::<&[u8], _>(Tree::Time, ..).keys();
        let first = times.next().transpose().map_err(|e| self.rows.failed(e))?;
        let last = times.next_back().transpose().map_err(|e| self.rows.failed(e))?;
        let seconds = |key: &sled::IVec| split_time_key(key).map(|(seconds, _)| seconds);
        let oldest = first.as_ref().and_then(seconds);
        let newest = last.as_ref().and_then(seconds).or(oldest);
        Ok(Stats {
            articles: state.articles,
            revisions: state.revisions,
            urls: state.urls,
            raw_pages: state.raw_pages,
            disk_bytes: disk_bytes(&self.dir)?,
            sites,
            span: oldest.zip(newest),
        })
    }
}
