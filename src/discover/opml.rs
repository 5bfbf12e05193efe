//! OPML 2.0: the feeds that a reader follows, as a file.

use std::io;

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use rustc_hash::FxHashSet;
use url::Url;

use super::{Announced, DiscoverError, fold, page_url};

/// The most feeds that one file gives.
const MAX_FEEDS: usize = 50_000;

/// Reads the feeds of an OPML file, in any depth of its folders, each URL once. What stands before a fault in the XML is
/// used. Attribute names count in any case: files write `xmlUrl`, `xmlurl` and `XMLURL`.
///
/// # Errors
///
/// [`DiscoverError::Wrong`] if it is no OPML or names no feed. `name` is the file, for it.
pub fn opml(text: &str, name: &str) -> Result<Vec<Announced>, DiscoverError> {
    let mut reader = Reader::from_str(text);
    let mut feeds = Vec::new();
    let mut seen: FxHashSet<Url> = FxHashSet::default();
    let mut is_opml = false;
    let mut fault = "no <opml> element".to_owned();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => match tag.local_name().as_ref() {
                "opml" => is_opml = true,
                "outline" if is_opml => {
                    feeds.extend(feed_of(&tag).filter(|feed| seen.insert(feed.url.clone())));
                }
                _ => {}
            },
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                fault = error.to_string();
                break;
            }
        }
        if feeds.len() == MAX_FEEDS {
            break;
        }
    }
    if is_opml {
        "it names no feed".clone_into(&mut fault);
    }
    if feeds.is_empty() {
        return Err(DiscoverError::Wrong {
            url: name.to_owned(),
            expected: "feed list in OPML",
            reason: fault,
        });
    }
    Ok(feeds)
}

fn feed_of(outline: &BytesStart<'_>) -> Option<Announced> {
    let (mut link, mut title, mut text) = (None, None, None);
    for attribute in outline.html_attributes().with_checks(false).flatten() {
        let key = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let value = super::section::unescape(&attribute.value);
        match key.as_str() {
            "xmlurl" => link = Some(value),
            "title" => title = Some(fold(&value)),
            "text" => text = Some(fold(&value)),
            _ => {}
        }
    }
    let link = Url::parse(link?.trim()).ok()?;
    Some(Announced {
        url: page_url(&link, link.as_str()).filter(|url| url.scheme() != "file")?,
        title: title.or(text).filter(|title| !title.is_empty()),
    })
}

/// Writes feeds as an OPML 2.0 file.
///
/// # Errors
///
/// None but those of memory: it is written there.
pub fn to_opml(feeds: &[Announced]) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(
        BytesStart::new("opml").with_attributes([("version", "2.0")]),
    ))?;
    writer.create_element("head").write_inner_content(|head| {
        head.create_element("title")
            .write_text_content(BytesText::new("copydesk sources"))
            .map(drop)
    })?;
    writer.create_element("body").write_inner_content(|body| {
        for feed in feeds {
            let title = feed.title.as_deref().unwrap_or(feed.url.as_str());
            body.create_element("outline")
                .with_attributes([
                    ("type", "rss"),
                    ("text", title),
                    ("title", title),
                    ("xmlUrl", feed.url.as_str()),
                ])
                .write_empty()?;
        }
        Ok(())
    })?;
    writer.write_event(Event::End(BytesEnd::new("opml")))?;
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"<?xml version="1.0"?><opml version="1.0"><head><title>t</title></head><body>
        <outline text="News"><outline text="A &amp; B" type="rss" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
        <outline title="C" text="c" XMLURL=" http://c.example/rss "/></outline>
        <outline text="again" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
        <outline text="no" xmlUrl="file:///etc/passwd"/><outline text="no" xmlUrl="javascript:x"/>
        </body></opml>"#;

    #[test]
    fn feeds_are_found_in_folders_and_come_back_from_what_is_written() {
        let feeds = opml(FILE, "a.opml").unwrap();
        let all: Vec<_> = feeds
            .iter()
            .map(|feed| (feed.url.as_str(), feed.title.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(
            all,
            [
                ("https://a.example/feed?x=1&y=2", "A & B"),
                ("http://c.example/rss", "C")
            ]
        );
        assert_eq!(opml(&to_opml(&feeds).unwrap(), "b.opml").unwrap(), feeds);
    }

    #[test]
    fn what_is_no_opml_or_names_no_feed_is_said() {
        let message = |text| opml(text, "x.opml").unwrap_err().to_string();
        assert_eq!(
            message("<html></html>"),
            "x.opml: not a feed list in OPML (no <opml> element)"
        );
        assert_eq!(
            message("<opml><body/></opml>"),
            "x.opml: not a feed list in OPML (it names no feed)"
        );
        // A fault costs what stands behind it alone.
        assert_eq!(opml(&FILE[..400], "x.opml").unwrap().len(), 2);
    }

    #[test]
    fn folders_of_any_depth_are_no_danger() {
        let deep = format!("<opml>{}", "<outline text='x'>".repeat(200_000));
        assert!(opml(&deep, "x.opml").is_err());
    }
}
