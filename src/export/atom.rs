//! Articles as an Atom feed (RFC 4287).

use std::io::Write;

use atom_syndication::{Category, Content, Entry, Error, Feed, FixedDateTime, Generator, Link, Person, Text};

use super::{ExportError, Exported};
use crate::article::PageDate;
use crate::render::html;
use crate::store::StoredArticle;

/// The most entries of a feed: readers fetch all of it each time.
pub const ATOM_MAX_ENTRIES: usize = 500;

/// Bytes of article HTML after which no further entry is taken; a feed is made in memory.
pub const ATOM_MAX_BYTES: usize = 16 << 20;

/// Names the feed; it stays the same, as the standard asks.
const FEED_ID: &str = "urn:x-copydesk:articles";

/// Writes one feed with the first [`ATOM_MAX_ENTRIES`] articles, or fewer where they pass [`ATOM_MAX_BYTES`]. An entry's
/// id is the article's first URL, its content the article as HTML, `updated` the page's own date of change or else the
/// time of fetching.
///
/// # Errors
/// The output cannot be written.
pub fn atom(
    articles: impl Iterator<Item = StoredArticle>,
    out: &mut impl Write,
) -> Result<Exported, ExportError> {
    let mut entries = Vec::new();
    let mut bytes = 0;
    for stored in articles.take(ATOM_MAX_ENTRIES) {
        let content = html::blocks(&stored.article);
        bytes += content.len();
        entries.push(entry(&stored, &content));
        if bytes >= ATOM_MAX_BYTES {
            break;
        }
    }
    let updated = entries.iter().map(|entry| entry.updated).max();
    let count = entries.len() as u64;
    let feed = Feed {
        id: FEED_ID.to_owned(),
        title: Text::plain("copydesk"),
        updated: updated.unwrap_or_else(|| time(0)),
        generator: Some(Generator {
            value: "copydesk".to_owned(),
            ..Generator::default()
        }),
        // The standard wants an author of each entry or of the feed.
        authors: vec![person("copydesk")],
        entries,
        ..Feed::default()
    };
    // Made whole before it is written: the failures of a pipe are not wrapped in those of XML then.
    let written = feed
        .write_to(Vec::new())
        .map_err(|error: Error| ExportError::Form {
            form: "Atom",
            reason: error.to_string(),
        })?;
    out.write_all(&written)?;
    writeln!(out)?;
    Ok(Exported { articles: count })
}

fn entry(stored: &StoredArticle, content: &str) -> Entry {
    let article = &stored.article;
    let fields = &article.fields;
    let first_url = stored.sightings.first().map(|sighting| &sighting.url);
    let date = |date: &PageDate| time(date.epoch_seconds());
    Entry {
        id: legal(first_url.unwrap_or(&article.url)),
        title: Text::plain(legal(fields.title.as_deref().unwrap_or(&article.url))),
        updated: fields
            .modified
            .as_ref()
            .map_or_else(|| time(stored.fetched), date),
        published: fields.published.as_ref().map(date),
        authors: fields.authors.iter().map(|name| person(&legal(name))).collect(),
        categories: fields
            .tags
            .iter()
            .map(|tag| Category {
                term: legal(tag),
                ..Category::default()
            })
            .collect(),
        links: vec![Link {
            href: legal(&article.url),
            rel: "alternate".to_owned(),
            ..Link::default()
        }],
        summary: fields.description.as_deref().map(|text| Text::plain(legal(text))),
        content: Some(Content {
            lang: fields.language.as_deref().map(legal),
            value: Some(legal(content)),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        ..Person::default()
    }
}

/// A time that Atom can say: the years 0 to 9999, else the epoch.
fn time(seconds: i64) -> FixedDateTime {
    jiff::Timestamp::from_second(seconds)
        .ok()
        .and_then(|time| time.to_string().parse().ok())
        .unwrap_or_default()
}

/// The text without the characters that XML 1.0 cannot hold in any form, and those that could steer a terminal.
fn legal(text: &str) -> String {
    let illegal = |c: char| crate::render::safe::acts(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(|c| !illegal(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::stored;
    use super::*;

    #[test]
    fn a_feed_is_read_back_with_what_the_articles_say() {
        let mut row = stored("https://news.example/b?x=1&y=2");
        row.article.fields.modified = PageDate::parse("2026-03-05");
        let mut text = row.article.clone();
        text.blocks[0].text = "1 < 2 & \"so\u{1}\u{FFFE} on\" ]]>".to_owned();
        row.article = text;
        let mut out = Vec::new();
        atom([row].into_iter(), &mut out).unwrap();
        let feed = Feed::read_from(out.as_slice()).unwrap();
        let entry = &feed.entries[0];
        assert_eq!(entry.title.value, "Say \"yes\": # all");
        assert_eq!(entry.links[0].href, "https://news.example/b?x=1&y=2");
        assert_eq!(entry.authors[0].name, "Ann Ode");
        assert_eq!(entry.updated.to_rfc3339(), "2026-03-05T00:00:00+00:00");
        assert_eq!(feed.updated, entry.updated);
        let html = entry.content.as_ref().unwrap().value.as_deref().unwrap();
        assert!(html.contains("1 &lt; 2 &amp; "), "{html}");
        assert!(!html.contains('\u{FFFE}'));
    }

    #[test]
    fn a_feed_has_no_more_entries_than_readers_bear() {
        let mut out = Vec::new();
        let rows = std::iter::repeat_with(|| stored("https://news.example/b")).take(ATOM_MAX_ENTRIES + 9);
        assert_eq!(atom(rows, &mut out).unwrap().articles, ATOM_MAX_ENTRIES as u64);
    }

    #[test]
    fn no_time_is_too_far_off() {
        for seconds in [i64::MIN, -377_705_116_800, 253_402_300_799, i64::MAX] {
            let _ = time(seconds);
        }
    }
}
