//! Where a site says that its feeds and sitemaps are: link tags, robots.txt, and the places where they usually are.

use url::Url;

use super::section::unescape;
use super::{MAX_ITEM_URL, fold, page_url};
use crate::markup::Tags;

/// The most lists that one page or robots.txt announces: sites have a feed a section, and some have a sitemap a day.
const MAX_ANNOUNCED: usize = 50;

/// Types of feeds in link tags.
const FEED_TYPES: [&str; 5] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
];

/// Where the common systems have their feed.
const USUAL_FEEDS: [&str; 7] = [
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
];

/// Where they have their sitemap.
const USUAL_SITEMAPS: [&str; 4] = [
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_index.xml",
    "/sitemap.xml",
];

/// A list that a site may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Where it is said to be.
    pub url: Url,
    /// Its title, where it was given one.
    pub title: Option<String>,
}

/// The feeds that the link tags of a page name, in their order; those of comments are left out.
pub fn announced_feeds(html: &str, url: &Url) -> Vec<Announced> {
    let mut base = url.clone();
    let mut feeds: Vec<Announced> = Vec::new();
    for tag in Tags::new(html.as_bytes()) {
        let text = |name: &str| {
            let value = tag
                .attribute(name)
                .and_then(|value| std::str::from_utf8(value).ok())?;
            (value.len() <= MAX_ITEM_URL).then(|| unescape(value))
        };
        if tag.name.eq_ignore_ascii_case(b"base") {
            let joined = text("href").and_then(|href| url.join(href.trim()).ok());
            base = joined.unwrap_or(base);
        }
        if !tag.name.eq_ignore_ascii_case(b"link") || !is_feed(text("rel"), text("type")) {
            continue;
        }
        let Some(feed) = text("href").and_then(|href| page_url(&base, &href)) else {
            continue;
        };
        let is_new = feeds.iter().all(|known| known.url != feed);
        if is_new && !feed.path().to_ascii_lowercase().contains("comment") && feeds.len() < MAX_ANNOUNCED {
            let title = text("title").map(|title| fold(&title));
            feeds.push(Announced {
                url: feed,
                title: title.filter(|title| !title.is_empty()),
            });
        }
    }
    feeds
}

/// A link tag with this `rel` and `type` names a feed.
fn is_feed(rel: Option<String>, kind: Option<String>) -> bool {
    let rel = rel.unwrap_or_default().to_ascii_lowercase();
    let mut names = rel.split_ascii_whitespace();
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    names.any(|name| name == "alternate" || name == "feed")
        && FEED_TYPES.contains(&kind)
        // The REST interface of a common system stands beside its feed.
        && (kind != "application/json" || rel.contains("feed"))
}

/// The sitemaps that a robots.txt (RFC 9309, 2.2.4) names, in their order.
pub fn announced_sitemaps(robots: &str, url: &Url) -> Vec<Announced> {
    let mut sitemaps: Vec<Announced> = Vec::new();
    for line in robots.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        if !key.trim().eq_ignore_ascii_case("sitemap") || sitemaps.len() == MAX_ANNOUNCED {
            continue;
        }
        if let Some(url) = page_url(url, value)
            && sitemaps.iter().all(|known| known.url != url)
        {
            sitemaps.push(Announced { url, title: None });
        }
    }
    sitemaps
}

/// Where a site that announces no feed may have one.
pub fn usual_feeds(url: &Url) -> Vec<Announced> {
    usual(url, &USUAL_FEEDS)
}

/// Where a site that announces no sitemap may have one.
pub fn usual_sitemaps(url: &Url) -> Vec<Announced> {
    usual(url, &USUAL_SITEMAPS)
}

fn usual(url: &Url, paths: &[&str]) -> Vec<Announced> {
    let places = paths.iter().filter_map(|path| page_url(url, path));
    places.map(|url| Announced { url, title: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Url {
        Url::parse("https://news.example/world/").unwrap()
    }

    fn urls(announced: &[Announced]) -> Vec<&str> {
        announced.iter().map(|list| list.url.as_str()).collect()
    }

    #[test]
    fn link_tags_of_feeds_are_found_once_with_their_titles_and_without_comments() {
        let html = r#"<head><link rel="stylesheet" href="/a.css">
            <link rel=alternate type="application/rss+xml; charset=utf-8" title="World &amp; more" href="feed?a=1&amp;b=2">
            <link rel="Alternate" type="application/atom+xml" href="feed?a=1&b=2">
            <link rel="alternate" type="application/rss+xml" href="/comments/feed/">
            <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
            <link rel="alternate feed" type="application/feed+json" href="/feed.json">
            <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
            <link rel="alternate" hreflang="de" href="/de/">"#;
        let feeds = announced_feeds(html, &site());
        assert_eq!(
            urls(&feeds),
            [
                "https://news.example/world/feed?a=1&b=2",
                "https://news.example/feed.json"
            ]
        );
        assert_eq!(feeds[0].title.as_deref(), Some("World & more"));
    }

    #[test]
    fn robots_txt_names_sitemaps_for_all_crawlers() {
        let robots = "User-agent: *\nDisallow: /x\nSITEMAP : https://news.example/a.xml\nsitemap: /b.xml\n\
                      Sitemap:\nSitemap: file:///etc/passwd\nsitemap: https://news.example/a.xml";
        let sitemaps = announced_sitemaps(robots, &site());
        assert_eq!(
            urls(&sitemaps),
            ["https://news.example/a.xml", "https://news.example/b.xml"]
        );
    }

    #[test]
    fn a_page_with_endless_feeds_gives_some() {
        let link = |number| format!("<link rel=alternate type=application/rss+xml href=/feed/{number}>");
        let links = (0..1000).map(link).collect::<Vec<_>>().concat();
        assert_eq!(announced_feeds(&links, &site()).len(), MAX_ANNOUNCED);
    }
}
