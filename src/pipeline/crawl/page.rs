//! One page of a list to an article.

use std::path::PathBuf;

use super::report::Failure;
use crate::article::Article;
use crate::discover::Item;
use crate::fetch::{FetchError, Fetcher, Page, read_file};
use crate::pipeline::{CleanError, clean_page};
use crate::rules::Rules;

/// What came of it.
#[derive(Debug)]
pub(super) enum Worked {
    /// An article, and the page it came from.
    Clean(Box<Article>, Page),
    /// The page was read, with so many bytes, but has no article.
    Unclean(Failure, u64),
    /// The page could not be read.
    Unread(Failure),
}

/// Fetches, or reads, a page and cleans it on a blocking thread, where a fault ends the page and not the run.
pub(super) async fn fetch_and_clean(item: Item, fetcher: &Fetcher, rules: &'static Rules) -> Worked {
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
    let cleaned = tokio::task::spawn_blocking(move || (clean_page(&page, rules), page)).await;
    match cleaned {
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
