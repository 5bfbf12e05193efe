//! The store and its full-text index: the one follows the other.

use std::cell::RefCell;
use std::path::PathBuf;

use url::Url;

use crate::article::ArticleId;
use crate::dedupe::site_of;
use crate::search::{
    Asked, Counts, Entry, Facet, Index, Matcher, Numbered, Order, SearchError, Selection, Snippet,
};
use crate::store::{Query, Store, StoreError, StoredArticle};

/// The directory of the index in that of the store.
const INDEX_DIR: &str = "search";

/// Why the index and the store cannot be brought together.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index; nothing is lost.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An article that was found.
#[derive(Debug, Clone)]
pub struct FoundArticle {
    /// It.
    pub stored: StoredArticle,
    /// Where its text has the words; only for a query that has some.
    pub snippet: Option<Snippet>,
}

/// What a query gives.
pub struct Finding<'a> {
    /// The articles in the order that was asked for, read one by one.
    pub articles: Box<dyn Iterator<Item = Result<FoundArticle, StoreError>> + 'a>,
    /// How many there are of each, where that was asked for.
    pub counts: Counts,
    /// Why the index was no help and every article was looked at, newest first.
    pub without_index: Option<IndexError>,
}

/// Opens the index of a store and lets it catch up. One that cannot, or that was made of another store, is made again.
///
/// # Errors
/// [`IndexError`]; the store is not touched.
pub fn catch_up(store: &Store) -> Result<Index, IndexError> {
    let index = Index::open(&index_dir(store))?;
    if is_of(&index, store)? {
        match caught_up(store, index) {
            Ok(index) if index.articles() == store.article_count()? => return Ok(index),
            Ok(_) => tracing::warn!("the search index does not fit the store; it is made again"),
            Err(IndexError::Search(error)) => tracing::warn!("{error}; it is made again"),
            Err(error) => return Err(error),
        }
    }
    rebuild(store)
}

/// The store has, or can have had, the article under the index's last number.
fn is_of(index: &Index, store: &Store) -> Result<bool, StoreError> {
    if index.seq() == 0 {
        return Ok(true);
    }
    let next = store.since_seq(index.seq() - 1)?.next().transpose()?;
    let is_other = next.is_some_and(|(seq, id)| seq == index.seq() && id != index.last_id());
    Ok(index.seq() <= store.last_seq()? && !is_other)
}

/// Makes the index anew from all articles of the store.
///
/// # Errors
/// As [`catch_up`].
pub fn rebuild(store: &Store) -> Result<Index, IndexError> {
    let mut index = caught_up(store, Index::begin(&index_dir(store))?)?;
    index.settle(store.article_count()?)?;
    Ok(index)
}

/// Finds articles: in the index, or without it where it is no help.
///
/// # Errors
/// [`StoreError`] where the store cannot be read.
pub fn find<'a>(
    store: &'a Store,
    asked: &'a Asked,
    selection: &'a Selection,
    facet: Option<Facet>,
) -> Result<Finding<'a>, StoreError> {
    if asked.is_empty() && facet.is_none() && selection.order == Order::Time {
        // The store has them in this order.
        let articles = store.query(&store_query(selection, selection.limit));
        return Ok(Finding {
            articles: Box::new(articles.map(|row| row.map(|stored| found(stored, None)))),
            counts: Counts::new(),
            without_index: None,
        });
    }
    let in_index = || -> Result<_, IndexError> {
        match catch_up(store)?.find(asked, selection, facet) {
            // Damage shows only where somebody reads.
            Err(_) => Ok(rebuild(store)?.find(asked, selection, facet)?),
            found => Ok(found?),
        }
    };
    match in_index() {
        Ok(hits) => {
            let mut matcher = Matcher::new(asked);
            let articles = hits.hits.into_iter().filter_map(move |hit| {
                let stored = store.get(hit.id).transpose()?;
                Some(stored.map(|stored| found(stored, Some(&mut matcher))))
            });
            Ok(Finding {
                articles: Box::new(articles),
                counts: hits.counts,
                without_index: None,
            })
        }
        Err(IndexError::Store(error)) => Err(error),
        Err(error) => scan(store, asked, selection, facet, error),
    }
}

/// Looks at every article.
fn scan<'a>(
    store: &'a Store,
    asked: &'a Asked,
    selection: &'a Selection,
    facet: Option<Facet>,
    error: IndexError,
) -> Result<Finding<'a>, StoreError> {
    let matching = |limit: usize| {
        let mut matcher = Matcher::new(asked);
        let rows = store.query(&store_query(selection, None));
        rows.filter_map(move |row| match row {
            Ok(stored) => {
                let entry = entry_of(stored.clone());
                matcher.finds(&entry).then_some(Ok((stored, entry)))
            }
            Err(error) => Some(Err(error)),
        })
        .take(limit)
    };
    let mut counts = std::collections::BTreeMap::new();
    if let Some(facet) = facet {
        for row in matching(usize::MAX) {
            let (_, entry) = row?;
            let name = match facet {
                Facet::Site => entry.site,
                Facet::Day => day_name(entry.day),
            };
            *counts.entry(name).or_insert(0) += 1;
        }
    }
    let mut matcher = Matcher::new(asked);
    let articles = matching(selection.limit.unwrap_or(usize::MAX));
    Ok(Finding {
        articles: Box::new(articles.map(move |row| row.map(|(stored, _)| found(stored, Some(&mut matcher))))),
        counts: counts.into_iter().rev().collect(),
        without_index: Some(error),
    })
}

fn found(stored: StoredArticle, matcher: Option<&mut Matcher<'_>>) -> FoundArticle {
    let snippet = matcher.and_then(|matcher| matcher.snippet(&stored.article));
    FoundArticle { stored, snippet }
}

fn store_query(selection: &Selection, limit: Option<usize>) -> Query {
    Query {
        words: Vec::new(),
        site: selection.site.clone(),
        since: selection.since,
        until: selection.until,
        limit,
    }
}

fn index_dir(store: &Store) -> PathBuf {
    store.dir().join(INDEX_DIR)
}

fn caught_up(store: &Store, mut index: Index) -> Result<Index, IndexError> {
    let failure = RefCell::new(None);
    let numbered = store.since_seq(index.seq())?;
    let entries = numbered.map_while(|row| match row {
        Ok((seq, id)) => Some(Numbered {
            seq,
            id,
            entry: readable(store, id),
        }),
        Err(error) => {
            failure.replace(Some(error));
            None
        }
    });
    index.take_in(entries)?;
    match failure.into_inner() {
        Some(error) => Err(error.into()),
        None => Ok(index),
    }
}

/// None for an article that cannot be read; whoever asks for it hears that from the store.
fn readable(store: &Store, id: ArticleId) -> Option<Entry> {
    match store.get(id) {
        Ok(stored) => stored.map(entry_of),
        Err(error) => {
            tracing::warn!("{error}");
            None
        }
    }
}

fn entry_of(stored: StoredArticle) -> Entry {
    let own = stored
        .sightings
        .first()
        .map_or(&stored.article.url, |own| &own.url);
    let own = Url::parse(own).ok();
    let site = own.as_ref().map(site_of).unwrap_or_default();
    let host = own.as_ref().and_then(Url::host_str).unwrap_or_default();
    let published = stored.article.fields.published.as_ref();
    let day = match published {
        Some(date) => date.day().to_owned(),
        None => day_of(stored.first_fetched),
    };
    Entry {
        id: stored.id,
        time: stored.time(),
        day: day.replace('-', "").parse().unwrap_or_default(),
        host: host.strip_prefix("www.").unwrap_or(host).to_owned(),
        site,
        article: stored.article,
    }
}

/// The day in UTC.
fn day_of(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    jiff::tz::TimeZone::UTC.to_datetime(time).date().to_string()
}

fn day_name(day: u64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}
