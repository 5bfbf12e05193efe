//! One page of a list to an article.

use std::path::PathBuf;
use std::sync::Arc;

use super::report::{Failure, NotArticle};
use super::watch::Sampler;
use crate::article::{Article, PageKind};
use crate::discover::Item;
use crate::fetch::{Fetcher, Page, read_file};
use crate::pipeline::{CleanError, Fit, Options, Wishes, clean_and_fit};
use crate::rules::Rules;

/// What came of it.
#[derive(Debug)]
pub(super) enum Worked {
    /// The page was read.
    Read(Box<Read>),
    /// The page could not be read.
    Unread(Failure),
}

/// A page that was read.
#[derive(Debug)]
pub(super) struct Read {
    /// Its size, decompressed.
    pub(super) bytes: u64,
    /// When it was read, seconds since the epoch.
    pub(super) at: i64,
    /// How the rules of its site fit it, where there are any and they are to be judged by it.
    pub(super) fit: Option<Fit>,
    /// What it is.
    pub(super) found: What,
}

/// What a page is.
#[derive(Debug)]
pub(super) enum What {
    /// An article, and the page it came from.
    Clean(Box<Article>, Page),
    /// An article that its site asks not to store.
    Unwanted,
    /// No article.
    Other(NotArticle),
    /// Without an article.
    Unclean(Failure),
}

/// What all pages of a run share.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) fetcher: Arc<Fetcher>,
    pub(super) rules: &'static Rules,
    pub(super) options: Options,
    pub(super) sampler: Arc<Sampler>,
    /// Counts as the time of reading.
    pub(super) at: Option<i64>,
    /// Honour `noindex` and `noarchive`.
    pub(super) robots_tags: bool,
}

/// Fetches, or reads, a page and cleans it on a blocking thread, where a fault ends the page and not the run.
pub(super) async fn fetch_and_clean(item: Item, shared: Shared) -> Worked {
    let url = item.url.to_string();
    let read = match item.file {
        Some(file) => read_local(file).await.map(|page| (page, String::new())),
        None => shared
            .fetcher
            .get_with_tags(&item.url)
            .await
            .map_err(|error| Failure::of_fetch(&url, &error)),
    };
    let (mut page, tags) = match read {
        Ok(page) => page,
        Err(failure) => return Worked::Unread(failure),
    };
    if page.url.scheme() == "file" {
        // A saved page counts as the one at the URL where it was published.
        page.url = item.url;
    }
    page.fetched = shared.at.unwrap_or(page.fetched);
    let (bytes, at) = (page.body.len() as u64, page.fetched);
    let work = move || {
        let ask = |site: &str| shared.sampler.takes(site);
        let (cleaned, fit, wishes) = clean_and_fit(&page, shared.rules, shared.options, ask);
        let wishes = if shared.robots_tags {
            wishes.and(Wishes::of_directives(&tags))
        } else {
            Wishes::default()
        };
        (cleaned, fit, wishes, page)
    };
    let (fit, found) = match tokio::task::spawn_blocking(work).await {
        Ok((cleaned, fit, wishes, mut page)) => {
            if wishes.noarchive {
                page.body.clear();
            }
            let found = match told(cleaned, page, &url) {
                What::Clean(..) if wishes.noindex => What::Unwanted,
                found => found,
            };
            (fit, found)
        }
        Err(error) => (None, What::Unclean(Failure::new(&url, "panic", &error))),
    };
    Worked::Read(Box::new(Read {
        bytes,
        at,
        fit: fit.filter(|_| counts(&found)),
        found,
    }))
}

/// Whether the rules of its site are to be judged by a page. What a server sends instead of a page says nothing of them, and
/// they are seldom written for live blogs and videos. A page without a story may be one that they have failed on.
fn counts(found: &What) -> bool {
    match found {
        What::Other(page) => {
            !page.kind.is_refusal() && !matches!(page.kind, PageKind::Live | PageKind::Video)
        }
        What::Clean(..) | What::Unwanted | What::Unclean(_) => true,
    }
}

fn told(cleaned: Result<Article, CleanError>, page: Page, url: &str) -> What {
    let other = |kind, confidence| {
        What::Other(NotArticle {
            url: url.to_owned(),
            kind,
            confidence,
        })
    };
    match cleaned {
        Ok(article) if article.kind != PageKind::Article => other(article.kind, article.confidence),
        Err(CleanError::NotArticle { kind, confidence, .. }) => other(kind, confidence),
        Ok(article) => What::Clean(Box::new(article), page),
        Err(error) => What::Unclean(Failure::new(url, clean_kind(&error), &error)),
    }
}

async fn read_local(file: PathBuf) -> Result<Page, Failure> {
    let name = file.display().to_string();
    match tokio::task::spawn_blocking(move || read_file(&file)).await {
        Ok(page) => page.map_err(|error| Failure::of_fetch(&name, &error)),
        Err(error) => Err(Failure::new(&name, "panic", &error)),
    }
}

fn clean_kind(error: &CleanError) -> &'static str {
    if matches!(error, CleanError::NotText { .. }) {
        "not_text"
    } else {
        "no_article"
    }
}
