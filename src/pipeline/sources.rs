//! The sources of a site: where its articles are listed.

use url::Url;

use crate::article::PageDate;
use crate::config::{Config, Origin, Place};
use crate::decode::decode;
use crate::discover::{self, Announced, DiscoverError, Found, Sitemap};
use crate::fetch::{FetchError, Fetcher, Page};

/// The most lists of one site that are read, to see what is in them: a site is asked for so many pages at most, in its pace.
const MAX_LISTS: usize = 16;

/// The least links to articles that make a page a section page.
const MIN_LINKS: usize = 8;

/// What lists the articles of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// An RSS, Atom or JSON feed.
    Feed,
    /// A sitemap or sitemap index.
    Sitemap,
    /// A page that links to articles.
    Section,
}

impl ListKind {
    /// The key of it in a `[[source]]`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Section => "section",
        }
    }
}

/// A list of a site that was read and names articles.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SiteList {
    /// What it is.
    pub kind: ListKind,
    /// Where it is.
    pub url: Url,
    /// Its title, where the page that announces it gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many articles, or in an index sitemaps, it names.
    pub entries: usize,
    /// It is an index of sitemaps.
    pub index: bool,
    /// The date of its newest article, where it gives dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<PageDate>,
}

/// Finds the feeds and sitemaps of a site: those that the page at `url` and the robots.txt announce, else those in the usual
/// places; each is read. The page itself is one where it is a list, or links to articles. The best first: feeds, then
/// sitemaps, those for news first, then the page. An error of a single list means that it is left out.
///
/// # Errors
///
/// The page cannot be fetched.
pub async fn sources_of(url: &Url, fetcher: &Fetcher) -> Result<Vec<SiteList>, FetchError> {
    let page = fetcher.get_listing(url).await?;
    if let Some(list) = read_list(&page, None) {
        return Ok(vec![list]);
    }
    let html = text(&page);
    let feeds = discover::announced_feeds(&html, &page.url);
    let robots = match page.url.join("/robots.txt") {
        Ok(robots) => fetcher
            .get(&robots)
            .await
            .map(|page| text(&page))
            .unwrap_or_default(),
        Err(_) => String::new(),
    };
    let sitemaps = discover::announced_sitemaps(&robots, &page.url);
    let mut lists = Vec::new();
    let mut left = MAX_LISTS;
    for (announced, usual) in [
        (feeds, discover::usual_feeds(&page.url)),
        (sitemaps, discover::usual_sitemaps(&page.url)),
    ] {
        // What is announced is all that is asked for: a site that names its lists is not searched.
        let only_first = announced.is_empty();
        let places = if only_first { usual } else { announced };
        for place in places.into_iter().take(MAX_LISTS / 2) {
            if left == 0 {
                break;
            }
            left -= 1;
            let list = fetch_list(place, fetcher).await;
            let found = list.is_some();
            lists.extend(list);
            if only_first && found {
                break;
            }
        }
    }
    if let Ok(found) = discover::section(&html, &page.url)
        && found.items.len() >= MIN_LINKS
    {
        lists.push(site_list(ListKind::Section, &page.url, None, &found));
    }
    // Stable: what the site announces first stays first.
    lists.sort_by_key(|list| (list.kind, !list.url.path().to_ascii_lowercase().contains("news")));
    let mut seen = rustc_hash::FxHashSet::default();
    lists.retain(|list| seen.insert(list.url.clone()));
    Ok(lists)
}

async fn fetch_list(place: Announced, fetcher: &Fetcher) -> Option<SiteList> {
    let page = fetcher.get_listing(&place.url).await;
    let page = page
        .inspect_err(|error| tracing::info!("no list: {error}"))
        .ok()?;
    read_list(&page, place.title)
}

/// The page as a feed or sitemap, where it is one.
fn read_list(page: &Page, title: Option<String>) -> Option<SiteList> {
    if let Ok(found) = discover::feed(&page.body, &page.url) {
        return Some(site_list(ListKind::Feed, &page.url, title, &found));
    }
    match discover::sitemap(&text(page), &page.url).ok()? {
        Sitemap::Pages(found) => Some(site_list(ListKind::Sitemap, &page.url, title, &found)),
        Sitemap::Index(children) => Some(SiteList {
            kind: ListKind::Sitemap,
            url: page.url.clone(),
            title,
            entries: children.len(),
            index: true,
            newest: newest(children.into_iter().filter_map(|child| child.modified)),
        }),
    }
}

fn site_list(kind: ListKind, url: &Url, title: Option<String>, found: &Found) -> SiteList {
    SiteList {
        kind,
        url: url.clone(),
        title,
        entries: found.items.len(),
        index: false,
        newest: newest(found.items.iter().filter_map(|item| item.published.clone())),
    }
}

fn newest(dates: impl Iterator<Item = PageDate>) -> Option<PageDate> {
    dates.max_by_key(PageDate::epoch_seconds)
}

fn text(page: &Page) -> String {
    decode(&page.body, page.content_type.as_deref()).text.into_owned()
}

/// The feeds of an OPML file; `name` is the file, for errors.
///
/// # Errors
///
/// It is no OPML, or names no feed.
pub fn feeds_of_opml(text: &str, name: &str) -> Result<Vec<Announced>, DiscoverError> {
    discover::opml(text, name)
}

/// The feeds on the web that a configuration has, as an OPML file.
///
/// # Errors
///
/// As those of writing to memory.
pub fn opml_of(config: &Config) -> std::io::Result<String> {
    let feeds = config.sources.iter().filter_map(|source| match &source.origin {
        Origin::Feed(Place::Web(url)) => Some(Announced {
            url: url.clone(),
            title: Some(source.name.clone()),
        }),
        _ => None,
    });
    discover::to_opml(&feeds.collect::<Vec<_>>())
}
