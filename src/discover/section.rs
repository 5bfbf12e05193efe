//! Section pages: the links of a page that look like articles of its site.

use memchr::memchr;
use quick_xml::escape;
use url::Url;

use super::{Collector, DiscoverError, Found};
use crate::markup::Tags;
use crate::site::site_of;

/// Path segments that articles do not have: lists, people, accounts, services.
const NOT_ARTICLES: [&str; 33] = [
    "tag",
    "tags",
    "topic",
    "topics",
    "category",
    "categories",
    "author",
    "authors",
    "profile",
    "user",
    "login",
    "signin",
    "sign-in",
    "logout",
    "register",
    "signup",
    "account",
    "subscribe",
    "subscription",
    "newsletter",
    "newsletters",
    "search",
    "contact",
    "privacy",
    "terms",
    "help",
    "shop",
    "jobs",
    "page",
    "feed",
    "rss",
    "wp-admin",
    "wp-login.php",
];

/// Endings of files that are no pages.
const NOT_PAGES: [&str; 16] = [
    "jpg", "jpeg", "png", "gif", "webp", "svg", "pdf", "mp3", "mp4", "zip", "xml", "rss", "css", "js",
    "json", "ics",
];

/// From how many hyphens on the last segment is a headline and not the name of a section.
const SLUG_HYPHENS: usize = 3;

/// From how many digits in a row on they are an article's number and not a year or a page.
const ID_DIGITS: usize = 5;

/// Finds the links to articles on a section page that stands at `url`: those on its own registrable domain that
/// [look like articles](looks_like_article).
///
/// # Errors
///
/// [`DiscoverError::Empty`] if there is none.
pub fn section(html: &str, url: &Url) -> Result<Found, DiscoverError> {
    let mut base = url.clone();
    let mut has_base = false;
    let mut links = Vec::new();
    for tag in Tags::new(html.as_bytes()) {
        let is_base = tag.name.eq_ignore_ascii_case(b"base");
        if !is_base && !tag.name.eq_ignore_ascii_case(b"a") {
            continue;
        }
        let Some(href) = tag
            .attribute("href")
            .and_then(|href| std::str::from_utf8(href).ok())
        else {
            continue;
        };
        let href = unescape(href);
        if !is_base {
            links.push(href);
        } else if !has_base && let Ok(joined) = url.join(href.trim()) {
            base = joined;
            has_base = true;
        }
    }
    let mut collector = Collector::new(url);
    for link in links {
        // Joined here because the base of the page may be another than its URL.
        if let Ok(joined) = base.join(link.trim())
            && same_site(&joined, url)
            && looks_like_article(&joined)
        {
            collector.add(joined.as_str(), None, None);
        }
    }
    collector.finish("section page")
}

/// The value of an attribute without its character references; as written where one is unknown.
pub(super) fn unescape(value: &str) -> String {
    if memchr(b'&', value.as_bytes()).is_none() {
        return value.to_owned();
    }
    // A bare ampersand is common in links, and known references stand beside it.
    escape::unescape(value).map_or_else(|_| value.replace("&amp;", "&"), std::borrow::Cow::into_owned)
}

/// Whether two URLs are of one site; local files are of one.
fn same_site(left: &Url, right: &Url) -> bool {
    match (left.host(), right.host()) {
        (Some(_), Some(_)) => site_of(left) == site_of(right),
        (None, None) => left.scheme() == "file" && right.scheme() == "file",
        _ => false,
    }
}

/// The path of the URL looks like that of an article: it has a date, a long slug or a number, and is not one of a
/// tag, author, account or service.
pub fn looks_like_article(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let Some(last) = segments.last() else { return false };
    if segments.iter().any(|segment| NOT_ARTICLES.contains(segment)) {
        return false;
    }
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, ""));
    if NOT_PAGES.contains(&extension) {
        return false;
    }
    has_date(&segments) || stem.matches('-').count() >= SLUG_HYPHENS || has_id(last)
}

/// `/2024/05/17/x`, `/2024/05/x` or `2024-05-17` and `20240517` inside a segment; not a date alone, which is an
/// archive.
fn has_date(segments: &[&str]) -> bool {
    let as_number = |text: &str, digits: usize| {
        (text.len() <= digits && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u16>().ok())
            .flatten()
    };
    let by_folders = segments.windows(3).any(|folders| {
        as_number(folders[0], 4).is_some_and(|year| (1990..2100).contains(&year))
            && as_number(folders[1], 2).is_some_and(|month| (1..=12).contains(&month))
            && (as_number(folders[2], 2).is_none() || Some(&folders[2]) != segments.last())
    });
    by_folders
        || segments
            .iter()
            .any(|segment| holds_day(segment) && segment.len() > "2024-05-17".len())
}

/// A day stands in the segment, as `2024-05-17`.
fn holds_day(segment: &str) -> bool {
    let is_day = |day: &[u8]| {
        day[4] == b'-'
            && std::str::from_utf8(day).is_ok_and(|day| {
                day.parse::<jiff::civil::Date>()
                    .is_ok_and(|day| day.year() >= 1990)
            })
    };
    segment.as_bytes().windows(10).any(is_day)
}

fn has_id(segment: &str) -> bool {
    segment
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() >= ID_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(path: &str) -> bool {
        looks_like_article(&Url::parse("https://example.org").unwrap().join(path).unwrap())
    }

    #[test]
    fn dates_slugs_and_numbers_look_like_articles() {
        for path in [
            "/2024/05/17/rain",
            "/world/2024/5/rain",
            "/2024/05/17/rain/",
            "/news/2024-05-17-rain",
            "/rain-hits-the-coast",
            "/a/rain-hits-the-coast.html",
            "/news/world-europe-12345678",
            "/article123456.html",
            "/id/1234567",
        ] {
            assert!(looks(path), "{path}");
        }
    }

    #[test]
    fn sections_people_services_and_files_do_not() {
        for path in [
            "/",
            "/world",
            "/world/africa",
            "/2024/05/17/",
            "/2024/05",
            "/archive/2024-05-17",
            "/tag/rain-on-the-coast",
            "/author/jane-de-la-cruz",
            "/login?to=/2024/05/17/rain",
            "/about-us",
            "/page/123456",
            "/2024/05/17/rain.jpg",
            "/files/annual-report-of-2024.pdf",
        ] {
            assert!(!looks(path), "{path}");
        }
    }

    #[test]
    fn links_of_the_same_site_are_found_once_and_in_order() {
        let html = r##"<base href="/news/"><a href="rain-hits-the-coast">1</a><a href='//www.example.co.uk/2024/05/17/a'>2</a>
            <a href="/b-b-b-b?x=1&amp;y=2&z#part">3</a><a href="rain-hits-the-coast#comments">1 again</a>
            <a href="https://other.co.uk/2024/05/17/a">other site</a><a href="#top">x</a><a>no</a><a href="/world">x</a>
            <!-- <a href="/c-c-c-c"> --><script>"<a href='/d-d-d-d'>"</script>"##;
        let found = section(html, &Url::parse("https://example.co.uk/").unwrap()).unwrap();
        let urls: Vec<_> = found.items.iter().map(|item| item.url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://example.co.uk/news/rain-hits-the-coast",
                "https://www.example.co.uk/2024/05/17/a",
                "https://example.co.uk/b-b-b-b?x=1&y=2&z",
            ]
        );
    }

    #[test]
    fn a_page_without_articles_is_an_error() {
        let url = Url::parse("https://example.org/").unwrap();
        let error = section("<a href='/world'>World</a>", &url)
            .unwrap_err()
            .to_string();
        assert_eq!(error, "https://example.org/: no articles in this section page");
    }
}
