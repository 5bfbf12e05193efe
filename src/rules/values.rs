//! What stands in a site file besides rules: hosts, headers, tests.

use std::path::{Component, Path};

use toml::Spanned;
use url::{Host, Url};

use super::compile::Compiler;
use super::schema;
use super::site::SiteTest;
use crate::article::PageDate;
use crate::site::{plain_host, registrable};

/// Headers that are the program's own: they say who asks, frame the request, or carry a login.
const OWN_HEADERS: [&str; 18] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];
/// So begin the names of others: conditional requests, proxies, what browsers say of themselves, forwarding.
const OWN_PREFIXES: [&str; 4] = ["if-", "proxy-", "sec-", "x-forwarded-"];
/// A header's value is at most so long, in bytes.
const MAX_HEADER_VALUE: usize = 500;

/// A host in the form that URLs have it in: lower case, Punycode.
///
/// # Errors
/// It is no host, or one that all sites of a country stand under.
pub fn host(text: &str) -> Result<String, String> {
    let url = Url::parse(&format!("https://{text}/")).ok();
    let url = url.filter(|url| {
        url.path() == "/" && url.port().is_none() && url.username().is_empty() && url.query().is_none()
    });
    let is_plain = !text.contains(['/', '@', ':', '?', '#', '*']);
    let Some(url) = url.filter(|_| is_plain) else {
        return Err(format!("{text:?} is no host: write it alone, as \"example.org\""));
    };
    let host = plain_host(&url);
    let is_domain = matches!(url.host(), Some(Host::Domain(_)));
    if is_domain && host != "localhost" && registrable(&url, host).is_none() {
        return Err(format!("{text:?} is no site but what many sites stand under"));
    }
    Ok(host.to_owned())
}

/// A header that a site file may set.
///
/// # Errors
/// It is none, or one of the program's own.
pub(super) fn header(name: &str, value: &str) -> Result<(String, String), String> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(format!("{name:?} is no name of a header"));
    }
    let lower = name.to_ascii_lowercase();
    if OWN_HEADERS.contains(&lower.as_str()) || OWN_PREFIXES.iter().any(|prefix| lower.starts_with(prefix)) {
        return Err(format!("{name} is not for a selector file to set"));
    }
    let is_printable = |b: u8| matches!(b, b' '..=b'~');
    if value.trim().is_empty() || value.len() > MAX_HEADER_VALUE || !value.bytes().all(is_printable) {
        return Err(format!(
            "the value of {name} takes 1 to {MAX_HEADER_VALUE} printable ASCII characters"
        ));
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

impl Compiler<'_> {
    pub(super) fn tests(&mut self, tests: &[schema::Test], layouts: &[schema::Layout]) -> Vec<SiteTest> {
        tests.iter().map(|test| self.test(test, layouts)).collect()
    }

    fn test(&mut self, test: &schema::Test, layouts: &[schema::Layout]) -> SiteTest {
        let is_below = |part: Component<'_>| matches!(part, Component::Normal(_));
        let page = test.page.get_ref();
        if page.is_empty() || page.contains('\\') || !Path::new(page).components().all(is_below) {
            self.error(
                "page",
                &test.page,
                "takes a folder below, as \"example.org/2024-budget\"",
            );
        }
        let is_known = |name: &Spanned<String>| {
            layouts
                .iter()
                .any(|layout| layout.name.get_ref() == name.get_ref())
        };
        if let Some(name) = test.layout.as_ref().filter(|name| !is_known(name)) {
            let problem = format!("there is no layout {:?} in this file", name.get_ref());
            self.error("layout", name, &problem);
        }
        if let Some(date) = test
            .published
            .as_ref()
            .filter(|date| PageDate::parse(date.get_ref()).is_none())
        {
            self.error(
                "published",
                date,
                "takes a day, as \"2024-05-01\", or a time, as \"2024-05-01T10:00:00Z\"",
            );
        }
        let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
        let url = test
            .url
            .as_ref()
            .map(|url| (url, Url::parse(url.get_ref()).ok().filter(is_web)));
        if let Some((place, None)) = &url {
            self.error(
                "url",
                place,
                "takes an address, as \"https://example.org/2024/budget\"",
            );
        }
        SiteTest {
            line: self.file.origin(test.page.span().start, "", "").line,
            page: page.clone(),
            url: url.and_then(|(_, url)| url),
            layout: test.layout.as_ref().map(|name| name.get_ref().clone()),
            title: test.title.clone(),
            authors: test.authors.clone(),
            published: test.published.as_ref().map(|date| date.get_ref().clone()),
            has: test.has.clone(),
            lacks: test.lacks.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_stands_alone_and_is_of_one_site() {
        for (text, expected) in [
            ("example.org", "example.org"),
            ("News.Example.co.uk", "news.example.co.uk"),
            ("zürich.example", "xn--zrich-kva.example"),
            ("127.0.0.1", "127.0.0.1"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(host(text).as_deref(), Ok(expected));
        }
        for wrong in [
            "",
            "https://example.org",
            "example.org/news",
            "a b",
            "*.example.org",
            "co.uk",
            "com",
            "example.org:80",
        ] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn headers_that_say_who_asks_are_refused() {
        assert!(header("Accept-Language", "de").is_ok());
        assert!(header("Referer", "https://example.org/").is_ok());
        for (name, value) in [
            ("Host", "a"),
            ("cookie", "a=b"),
            ("Proxy-Authorization", "x"),
            ("User-Agent", "x"),
            ("X-Y", "a\r\nHost: b"),
            ("X Y", "a"),
            ("X-Y", ""),
        ] {
            assert!(header(name, value).is_err(), "{name}: {value:?}");
        }
    }
}
