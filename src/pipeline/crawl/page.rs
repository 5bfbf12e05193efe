//! One page of a list to an article.

use std::path::PathBuf;

use super::report::{Failure, NotArticle};
use crate::article::{Article, PageKind};
use crate::discover::Item;
use crate::fetch::{FetchError, Fetcher, Page, read_file};
use crate::pipeline::{CleanError, Options, clean_page_with};
use crate::rules::Rules;

/// What came of it.
#[derive(Debug)]
pub(super) enum Worked {
    /// An article, and the page it came from.
    Clean(Box<Article>, Page),
    /// The page was read, with so many bytes at this time, and is no article.
    Other(NotArticle, u64, i64),
    /// The page was read, with so many bytes, but has no article.
    Unclean(Failure, u64),
    /// The page could not be read.
    Unread(Failure),
}

/// Fetches, or reads, a page and cleans it on a blocking thread, where a fault ends the page and not the run.
pub(super) async fn fetch_and_clean(
    item: Item,
    fetcher: &Fetcher,
    rules: &'static Rules,
    options: Options,
) -> Worked {
    let url = item.url.to_string();
    let read = match item.file {
        Some(file) => read_local(file).await,
        None => fetcher
            .get(&item.url)
            .await
            .map_err(|error| of_fetch(&url, &error)),
    };
    let mut page = match read {
        Ok(page) => page,
        Err(failure) => return Worked::Unread(failure),
    };
    if page.url.scheme() == "file" {
        // A saved page counts as the one at the URL where it was published.
        page.url = item.url;
    }
    let bytes = page.body.len() as u64;
    let read_at = page.fetched;
    let work = move || (clean_page_with(&page, rules, options), page);
    let other = |kind, confidence| NotArticle {
        url: url.clone(),
        kind,
        confidence,
    };
    match tokio::task::spawn_blocking(work).await {
        Ok((Ok(article), _)) if article.kind != PageKind::Article => {
            Worked::Other(other(article.kind, article.confidence), bytes, read_at)
        }
        Ok((Err(CleanError::NotArticle { kind, confidence, .. }), _)) => {
            Worked::Other(other(kind, confidence), bytes, read_at)
        }
        Ok((Ok(article), page)) => Worked::Clean(Box::new(article), page),
        Ok((Err(error), _)) => Worked::Unclean(Failure::new(&url, clean_kind(&error), &error), bytes),
        Err(error) => Worked::Unclean(Failure::new(&url, "panic", &error), bytes),
    }
}

async fn read_local(file: PathBuf) -> Result<Page, Failure> {
    let name = file.display().to_string();
    match tokio::task::spawn_blocking(move || read_file(&file)).await {
        Ok(page) => page.map_err(|error| of_fetch(&name, &error)),
        Err(error) => Err(Failure::new(&name, "panic", &error)),
    }
}

fn of_fetch(name: &str, error: &FetchError) -> Failure {
    Failure::new(name, error.kind(), error)
}

fn clean_kind(error: &CleanError) -> &'static str {
    if matches!(error, CleanError::NotText { .. }) {
        "not_text"
    } else {
        "no_article"
    }
}
