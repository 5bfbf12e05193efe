//! Lists of articles: feeds, sitemaps, section pages and directories to [`Item`]s.
//!
//! Nothing here fetches: bytes or text go in, items come out.

use std::io;
use std::path::PathBuf;

use url::Url;

use crate::article::PageDate;

mod announced;
mod dir;
mod feed;
mod opml;
mod saved;
mod section;
mod sitemap;

pub use announced::{Announced, announced_feeds, announced_sitemaps, usual_feeds, usual_sitemaps};
pub use dir::{MAX_DIR_DEPTH, dir};
pub use feed::feed;
pub use opml::{opml, to_opml};
pub use saved::Saved;
pub use section::{looks_like_article, section};
pub use sitemap::{Child, Sitemap, sitemap};

/// The most items that one list gives. A sitemap may hold 50,000; a crawl that wants more runs again.
pub const MAX_ITEMS: usize = 20_000;

/// The longest URL that an item may have, in bytes.
const MAX_ITEM_URL: usize = 4096;

/// An article that a list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its absolute URL without fragment.
    pub url: Url,
    /// Its title in the list, if it has one.
    pub title: Option<String>,
    /// Its date in the list, if it has one.
    pub published: Option<PageDate>,
    /// The local file that holds it, if it is not to be fetched.
    pub file: Option<PathBuf>,
}

/// What a list gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The articles, each URL once, in the order of the list or, in sitemaps, the newest first.
    pub items: Vec<Item>,
    /// How many entries had no URL that could be an article's.
    pub skipped: usize,
    /// Limits and faults of the list that cost items, in words.
    pub notes: Vec<String>,
}

/// Why a list gives nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// It is something else than it should be.
    #[error("{url}: not a {expected} ({reason})")]
    Wrong {
        /// Where the list is.
        url: String,
        /// What it should be: "feed", "sitemap".
        expected: &'static str,
        /// What it is, or where it breaks.
        reason: String,
    },
    /// It names no article.
    #[error("{url}: no articles in this {kind}")]
    Empty {
        /// Where the list is.
        url: String,
        /// What it is: "feed", "sitemap", "section page", "directory".
        kind: &'static str,
    },
    /// The directory cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Read {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl DiscoverError {
    /// A short name for reports: "not_a_list", "empty_list", "file".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Wrong { .. } => "not_a_list",
            Self::Empty { .. } => "empty_list",
            Self::Read { .. } => "file",
        }
    }
}

/// Collects items within the limits, each URL once.
struct Collector<'a> {
    base: &'a Url,
    seen: rustc_hash::FxHashSet<Url>,
    found: Found,
    full: bool,
}

impl<'a> Collector<'a> {
    fn new(base: &'a Url) -> Self {
        Self {
            base,
            seen: rustc_hash::FxHashSet::default(),
            found: Found::default(),
            full: false,
        }
    }

    /// Adds an entry whose link may be relative to the list; counts it if its link is no page's.
    fn add(&mut self, link: &str, title: Option<&str>, published: Option<PageDate>) {
        let Some(url) = page_url(self.base, link) else {
            self.found.skipped += 1;
            return;
        };
        if self.found.items.len() >= MAX_ITEMS {
            self.full = true;
        } else if self.seen.insert(url.clone()) {
            let title = title.map(fold).filter(|title| !title.is_empty());
            self.found.items.push(Item {
                url,
                title,
                published,
                file: None,
            });
        }
    }

    fn finish(mut self, kind: &'static str) -> Result<Found, DiscoverError> {
        if self.full {
            self.found
                .notes
                .push(format!("only the first {MAX_ITEMS} entries were read"));
        }
        if self.found.items.is_empty() {
            return Err(DiscoverError::Empty {
                url: self.base.to_string(),
                kind,
            });
        }
        Ok(self.found)
    }
}

/// A link of a list as the URL of a page: of the web, or local where the list is local.
fn page_url(base: &Url, link: &str) -> Option<Url> {
    let link = link.trim();
    if link.is_empty() || link.len() > MAX_ITEM_URL {
        return None;
    }
    let mut url = base.join(link).ok()?;
    url.set_fragment(None);
    let fetchable = matches!(url.scheme(), "http" | "https") && url.has_host();
    let local = url.scheme() == "file" && base.scheme() == "file";
    ((fetchable || local) && url.as_str().len() <= MAX_ITEM_URL).then_some(url)
}

/// White space folded to single spaces.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
