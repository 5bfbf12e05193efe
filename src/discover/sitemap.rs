//! Sitemaps, news sitemaps and sitemap indexes (sitemaps.org).

use std::cmp::Reverse;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};
use url::Url;

use super::{Collector, DiscoverError, Found, MAX_ITEMS, page_url};
use crate::article::PageDate;

/// The most text that one element may hold, in bytes; what is beyond is dropped.
const MAX_FIELD: usize = 8 * 1024;

/// How deep elements have a meaning: `urlset/url/news:news/news:title`. Below, they are only counted.
const DEPTH: usize = 4;

/// A sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sitemap {
    /// It names pages: those with news entries first, then the newest first.
    Pages(Found),
    /// It names other sitemaps: those with "news" in their URL first, then the newest first.
    Index(Vec<Child>),
}

/// A sitemap that an index names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Where it is.
    pub url: Url,
    /// When it was last changed.
    pub modified: Option<PageDate>,
}

/// One `<url>` or `<sitemap>` as it is read.
#[derive(Default)]
struct Entry {
    loc: String,
    lastmod: String,
    news_date: String,
    news_title: String,
    is_news: bool,
}

/// Reads a sitemap or sitemap index that stands at `url`. What stands before a fault in the XML is used.
///
/// # Errors
///
/// [`DiscoverError::Wrong`] if it is neither, [`DiscoverError::Empty`] if it names nothing.
pub fn sitemap(text: &str, url: &Url) -> Result<Sitemap, DiscoverError> {
    let wrong = |reason: String| DiscoverError::Wrong {
        url: url.to_string(),
        expected: "sitemap",
        reason,
    };
    if text.trim().is_empty() {
        return Err(wrong("it is empty".to_owned()));
    }
    let read = read(text);
    match read.root.as_deref() {
        Some("urlset") => pages(read, url).map(Sitemap::Pages),
        Some("sitemapindex") => index(&read, url).map(Sitemap::Index),
        Some(other) => Err(wrong(format!("its root element is <{other:.40}>"))),
        None => Err(wrong(read.fault.unwrap_or_else(|| "it is not XML".to_owned()))),
    }
}

fn pages(read: Read, url: &Url) -> Result<Found, DiscoverError> {
    let mut entries: Vec<_> = read
        .entries
        .into_iter()
        .map(|entry| {
            let date = date(&entry.news_date).or_else(|| date(&entry.lastmod));
            (entry, date)
        })
        .collect();
    entries.sort_by_key(|(entry, date)| {
        (
            !entry.is_news,
            Reverse(date.as_ref().map(PageDate::epoch_seconds)),
        )
    });
    let mut collector = Collector::new(url);
    for (entry, date) in entries {
        collector.add(&entry.loc, Some(&entry.news_title), date);
    }
    collector.full |= read.cut;
    collector
        .found
        .notes
        .extend(read.fault.map(|fault| format!("broken XML: {fault}")));
    collector.finish("sitemap")
}

fn index(read: &Read, url: &Url) -> Result<Vec<Child>, DiscoverError> {
    let mut children: Vec<Child> = read
        .entries
        .iter()
        .filter_map(|entry| {
            Some(Child {
                url: page_url(url, &entry.loc)?,
                modified: date(&entry.lastmod),
            })
        })
        .collect();
    children.sort_by_key(|child| {
        let for_news = child.url.as_str().to_ascii_lowercase().contains("news");
        (
            !for_news,
            Reverse(child.modified.as_ref().map(PageDate::epoch_seconds)),
        )
    });
    if children.is_empty() {
        return Err(DiscoverError::Empty {
            url: url.to_string(),
            kind: "sitemap index",
        });
    }
    Ok(children)
}

/// A date in the W3C profile of ISO 8601: the whole time, or the day where that cannot be read.
fn date(text: &str) -> Option<PageDate> {
    let text = text.trim();
    PageDate::parse(text).or_else(|| PageDate::parse(text.get(..10)?))
}

/// What the XML holds.
#[derive(Default)]
struct Read {
    root: Option<String>,
    entries: Vec<Entry>,
    /// There were more entries than [`MAX_ITEMS`].
    cut: bool,
    /// The XML breaks off, here and so.
    fault: Option<String>,
}

fn read(text: &str) -> Read {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let mut read = Read::default();
    let mut path: Vec<String> = Vec::with_capacity(DEPTH);
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                if depth <= DEPTH {
                    path.push(local_name(&tag));
                    open(&mut read, &path);
                }
            }
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                path.truncate(depth);
            }
            Ok(Event::Text(text)) => append(&mut read, &path, depth, &text),
            Ok(Event::CData(text)) => append(&mut read, &path, depth, &text),
            Ok(Event::GeneralRef(reference)) => {
                let text = format!("&{};", &*reference);
                append(
                    &mut read,
                    &path,
                    depth,
                    &escape::unescape(&text).unwrap_or_default(),
                );
            }
            Ok(Event::Eof) => return read,
            Ok(_) => {}
            Err(error) => {
                read.fault = Some(error.to_string());
                return read;
            }
        }
        if read.entries.len() > MAX_ITEMS {
            read.entries.truncate(MAX_ITEMS);
            read.cut = true;
            return read;
        }
    }
}

fn open(read: &mut Read, path: &[String]) {
    match path {
        [root] if read.root.is_none() => read.root = Some(root.clone()),
        [_, entry] if entry == "url" || entry == "sitemap" => read.entries.push(Entry::default()),
        [_, _, news] if news == "news" => {
            if let Some(entry) = read.entries.last_mut() {
                entry.is_news = true;
            }
        }
        _ => {}
    }
}

fn append(read: &mut Read, path: &[String], depth: usize, text: &str) {
    if depth != path.len() {
        return;
    }
    let Some(entry) = read.entries.last_mut() else {
        return;
    };
    let names: Vec<&str> = path.iter().skip(2).map(String::as_str).collect();
    let field = match names[..] {
        ["loc"] => &mut entry.loc,
        ["lastmod"] => &mut entry.lastmod,
        ["news", "publication_date"] => &mut entry.news_date,
        ["news", "title"] => &mut entry.news_title,
        _ => return,
    };
    if field.len() + text.len() <= MAX_FIELD {
        field.push_str(text);
    }
}

/// The name of an element without its prefix.
fn local_name(tag: &BytesStart<'_>) -> String {
    let name = tag.name();
    let name: &str = name.as_ref();
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Result<Sitemap, DiscoverError> {
        sitemap(text, &Url::parse("https://example.org/sitemap.xml").unwrap())
    }

    fn pages_of(text: &str) -> Found {
        match at(text).unwrap() {
            Sitemap::Pages(found) => found,
            Sitemap::Index(_) => panic!("an index"),
        }
    }

    fn urls(found: &Found) -> Vec<&str> {
        found.items.iter().map(|item| item.url.path()).collect()
    }

    #[test]
    fn a_sitemap_gives_its_pages_newest_first() {
        let found = pages_of(
            "<?xml version='1.0'?><urlset>
            <url><loc>https://example.org/undated</loc></url>
            <url><loc>https://example.org/old</loc><lastmod>2024-01-01</lastmod></url>
            <url><loc> /new?a=1&amp;b=2 </loc><lastmod>2024-06-01T10:00+02:00</lastmod>
              <image:image><image:loc>https://example.org/image.jpg</image:loc></image:image></url>
            <url><loc>mailto:x@example.org</loc></url><url/></urlset>",
        );
        assert_eq!(urls(&found), ["/new", "/old", "/undated"]);
        assert_eq!(found.items[0].url.query(), Some("a=1&b=2"));
        assert_eq!(found.skipped, 1);
    }

    #[test]
    fn a_news_sitemap_gives_its_news_first_with_title_and_date() {
        let found = pages_of(
            "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>
            <url><loc>https://example.org/about</loc><lastmod>2030-01-01</lastmod></url>
            <url><loc>https://example.org/a</loc><n:news><n:publication><n:name>Paper</n:name></n:publication>
            <n:publication_date>2024-06-01T10:00:00Z</n:publication_date>
            <n:title><![CDATA[Rain &]]> wind &amp; hail</n:title></n:news></url></urlset>",
        );
        assert_eq!(urls(&found), ["/a", "/about"]);
        assert_eq!(found.items[0].title.as_deref(), Some("Rain & wind & hail"));
        assert_eq!(
            found.items[0].published.as_ref().unwrap().as_str(),
            "2024-06-01T10:00:00Z"
        );
    }

    #[test]
    fn an_index_gives_its_sitemaps_news_and_newest_first() {
        let Ok(Sitemap::Index(children)) = at("<sitemapindex>
            <sitemap><loc>https://example.org/2023.xml</loc><lastmod>2023-12-31</lastmod></sitemap>
            <sitemap><loc>https://example.org/2024.xml</loc><lastmod>2024-12-31</lastmod></sitemap>
            <sitemap><loc>https://example.org/news.xml</loc></sitemap></sitemapindex>")
        else {
            panic!("no index");
        };
        let paths: Vec<_> = children.iter().map(|child| child.url.path()).collect();
        assert_eq!(paths, ["/news.xml", "/2024.xml", "/2023.xml"]);
    }

    #[test]
    fn what_stands_before_a_fault_is_used_and_the_fault_noted() {
        let found = pages_of("<urlset><url><loc>https://example.org/a</loc></url><url><loc>https://examp");
        assert_eq!(urls(&found)[0], "/a");
        let found = pages_of("<urlset><url><loc>https://example.org/a</loc></url><url <<");
        assert_eq!(urls(&found), ["/a"]);
        assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
    }

    #[test]
    fn what_is_no_sitemap_is_a_clear_error() {
        for (text, expected) in [
            ("", "not a sitemap (it is empty)"),
            ("plain text", "not a sitemap (it is not XML)"),
            (
                "<!doctype html><html><body>Not found</body></html>",
                "its root element is <html>",
            ),
            ("<urlset></urlset>", "no articles in this sitemap"),
            ("<sitemapindex/>", "it is not XML"),
            (
                "<sitemapindex></sitemapindex>",
                "no articles in this sitemap index",
            ),
        ] {
            let error = at(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text:?} gave {error:?}");
        }
    }

    #[test]
    fn depth_and_count_are_limited() {
        let deep = format!(
            "<urlset><url><loc>https://example.org/a</loc>{}",
            "<x>".repeat(500_000)
        );
        assert_eq!(urls(&pages_of(&deep)), ["/a"]);
        let many: Vec<_> = (0..=MAX_ITEMS)
            .map(|n| format!("<url><loc>/{n}</loc></url>"))
            .collect();
        let found = pages_of(&format!("<urlset>{}</urlset>", many.concat()));
        assert_eq!(found.items.len(), MAX_ITEMS);
        assert_eq!(found.notes.len(), 1);
    }
}
