//! RSS, Atom and JSON feeds.

use feed_rs::model::Entry;
use quick_xml::Reader;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::Event;
use url::Url;

use super::{Collector, DiscoverError, Found};
use crate::article::PageDate;

/// The largest tag of a feed, in bytes: the parser compares every attribute of a tag with all before it.
const MAX_TAG: usize = 8 * 1024;

/// How deep the elements of a feed may be nested; those of real ones are 20 deep, with the XHTML inside.
const MAX_DEPTH: usize = 256;

/// How many namespaces may be declared at one place of a feed: the parser looks through all for every element.
const MAX_NAMESPACES: usize = 500;

/// Reads a feed. `url` is where it stands: relative links in it start there.
///
/// Takes bytes, not text: an XML feed names its encoding itself.
///
/// # Errors
///
/// [`DiscoverError::Wrong`] if it is no feed or too broken to read, [`DiscoverError::Empty`] if no entry of it has a
/// link.
pub fn feed(body: &[u8], url: &Url) -> Result<Found, DiscoverError> {
    let wrong = |reason: String| DiscoverError::Wrong {
        url: url.to_string(),
        expected: "feed",
        reason,
    };
    // Space before an XML declaration is an error that many feeds make.
    let body = body.trim_ascii_start();
    if body.is_empty() {
        return Err(wrong("it is empty".to_owned()));
    }
    if is_html(body) {
        return Err(wrong("it is an HTML page".to_owned()));
    }
    if !body.starts_with(b"{") {
        check_effort(body).map_err(wrong)?;
    }
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(url.as_str()))
        .build();
    let feed = parser.parse(body).map_err(|error| wrong(error.to_string()))?;
    let mut collector = Collector::new(url);
    for entry in &feed.entries {
        let title = entry.title.as_ref().map(|title| title.content.as_str());
        let published = entry
            .published
            .or(entry.updated)
            .and_then(|time| PageDate::parse(&time.to_rfc3339()));
        collector.add(link(entry), title, published);
    }
    collector.finish("feed")
}

/// The link to the article: its page before its permanent id; empty if it has neither.
fn link(entry: &Entry) -> &str {
    let is_page = |rel: Option<&str>| matches!(rel, None | Some("alternate"));
    let of_page = entry
        .links
        .iter()
        .filter(|link| link.target.is_none())
        .find(|link| is_page(link.rel.as_deref()));
    if let Some(link) = of_page {
        return &link.href;
    }
    // Only a whole URL, as RSS permits for `guid`; other ids would be read as relative links.
    let id = entry.id.trim();
    if id.starts_with("http://") || id.starts_with("https://") {
        id
    } else {
        ""
    }
}

/// Refuses XML that would keep the parser busy for hours. What is no XML at all is left to the parser to refuse.
fn check_effort(body: &[u8]) -> Result<(), String> {
    let mut reader = Reader::from_reader(DecodingReader::new(body));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    // Of each open element: how many namespaces it and those around it declare.
    let mut open: Vec<usize> = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.len() > MAX_TAG => {
                return Err(format!("a tag of more than {MAX_TAG} bytes"));
            }
            Ok(Event::Start(tag)) => {
                let declared = memchr::memmem::find_iter(tag.as_bytes(), b"xmlns").count();
                let declared = declared + open.last().copied().unwrap_or(0);
                if declared > MAX_NAMESPACES {
                    return Err(format!("more than {MAX_NAMESPACES} namespaces at one place"));
                }
                if open.len() == MAX_DEPTH {
                    return Err(format!("elements more than {MAX_DEPTH} deep"));
                }
                open.push(declared);
            }
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
        buffer.clear();
    }
}

fn is_html(body: &[u8]) -> bool {
    let start = body[..body.len().min(512)].to_ascii_lowercase();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    start.starts_with(b"<!doctype html") || memchr::memmem::find(start, b"<html").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Found, DiscoverError> {
        feed(
            text.as_bytes(),
            &Url::parse("https://example.org/news/rss.xml").unwrap(),
        )
    }

    fn urls(found: &Found) -> Vec<&str> {
        found.items.iter().map(|item| item.url.as_str()).collect()
    }

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
        <item><title>One &amp;
            only</title><link> https://example.org/1#top </link><pubDate>Tue, 04 Jun 2024 10:00:00 +0200</pubDate></item>
        <item><title>Relative</title><link>2.html</link></item>
        <item><title>By id</title><guid>https://example.org/3</guid></item>
        <item><title>Again</title><link>https://example.org/1</link></item>
        <item><title>No link</title><guid isPermaLink="false">tag:4</guid></item>
        <item><title>Bad link</title><link>javascript:void(0)</link></item>
        <item><title>Local</title><link>file:///etc/passwd</link></item>
        </channel></rss>"#;

    #[test]
    fn an_rss_feed_gives_its_links_once_and_counts_what_has_none() {
        let found = read(RSS).unwrap();
        assert_eq!(
            urls(&found),
            [
                "https://example.org/1",
                "https://example.org/news/2.html",
                "https://example.org/3"
            ]
        );
        assert_eq!(found.skipped, 3);
        assert_eq!(found.items[0].title.as_deref(), Some("One & only"));
        assert_eq!(
            found.items[0].published.as_ref().unwrap().epoch_seconds(),
            1_717_488_000
        );
    }

    #[test]
    fn an_atom_feed_gives_the_page_not_the_entry_itself() {
        let found = read(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>f</id><updated>2024-01-01T00:00:00Z</updated>
            <entry><title>a</title><id>e</id><updated>2024-01-02T00:00:00Z</updated>
            <link rel="self" href="/atom/a"/><link rel="alternate" href="/a"/></entry></feed>"#,
        )
        .unwrap();
        assert_eq!(urls(&found), ["https://example.org/a"]);
        assert_eq!(found.items[0].published.as_ref().unwrap().day(), "2024-01-02");
    }

    #[test]
    fn a_json_feed_is_a_feed() {
        let found = read(
            r#"{"version": "https://jsonfeed.org/version/1.1", "title": "t",
            "items": [{"id": "1", "url": "https://example.org/a", "title": "A", "content_text": "x"}]}"#,
        )
        .unwrap();
        assert_eq!(urls(&found), ["https://example.org/a"]);
    }

    #[test]
    fn what_is_no_feed_is_a_clear_error() {
        for (text, expected) in [
            ("", "not a feed (it is empty)"),
            (
                "\n<!DOCTYPE html><title>x</title>",
                "not a feed (it is an HTML page)",
            ),
            ("<html><body>Not found", "not a feed (it is an HTML page)"),
            ("just text", "not a feed (unable to parse feed: no root element)"),
            (
                "<rss version='2.0'><channel><item><link>https://example.org/1</li",
                "not a feed (unable to parse",
            ),
            (
                "<rss version='2.0'><channel><title>t</title></channel></rss>",
                "no articles in this feed",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with("https://example.org/news/rss.xml: "), "{error}");
            assert!(error.contains(expected), "{text:?} gave {error:?}");
        }
    }

    #[test]
    fn a_local_feed_may_name_local_files() {
        let base = Url::parse("file:///srv/saved/feed.xml").unwrap();
        let found = feed(RSS.as_bytes(), &base).unwrap();
        assert!(urls(&found).contains(&"file:///srv/saved/2.html"));
    }

    #[test]
    fn xml_that_would_keep_the_parser_busy_is_refused() {
        let start = "<rss version='2.0'><channel><item><link>https://example.org/1</link>";
        let attributes: Vec<_> = (0..500_000).map(|n| format!(" a{n}='>'")).collect();
        let spaces: Vec<_> = (0..1000).map(|n| format!(" xmlns:a{n}='u'")).collect();
        for (text, expected) in [
            (
                format!("<rss{}></rss>", attributes.concat()),
                "a tag of more than",
            ),
            (
                format!("{start}<x{}/>", attributes.concat()),
                "a tag of more than",
            ),
            (format!("{start}{}", "<x>".repeat(300_000)), "deep"),
            (
                format!(
                    "{start}{}",
                    spaces
                        .chunks(100)
                        .map(|some| format!("<x{}>", some.concat()))
                        .collect::<Vec<_>>()
                        .concat()
                ),
                "namespaces",
            ),
        ] {
            let error = read(&text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
