//! URLs in metadata: made absolute, http or https only; and which of them may be the lead image.

use url::Url;

/// Characters of the longest URL kept; a longer one is data.
const MAX_URL_BYTES: usize = 2_048;

/// Words of a file name that mark a picture of the site, not of the story.
const PLACEHOLDER_WORDS: &[&str] = &[
    "logo",
    "logos",
    "placeholder",
    "default",
    "fallback",
    "favicon",
    "icon",
    "icons",
    "blank",
    "spacer",
    "pixel",
    "avatar",
    "gravatar",
    "noimage",
    "transparent",
    "dummy",
    "sprite",
];

/// The absolute http(s) URL that a page means by `raw`.
pub(super) fn absolute(raw: &str, page_url: Option<&Url>) -> Option<String> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > MAX_URL_BYTES {
        return None;
    }
    let raw = super::text::unescape(raw);
    let url = match page_url {
        Some(base) => base.join(&raw).ok()?,
        None => Url::parse(&raw).ok()?,
    };
    let is_web =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    is_web.then(|| url.to_string())
}

/// The absolute URL of a picture that is not the site's logo or a stand-in.
pub(super) fn image(raw: &str, page_url: Option<&Url>) -> Option<String> {
    absolute(raw, page_url).filter(|url| !is_placeholder(url))
}

/// Whether the file name says that the picture is of the site.
fn is_placeholder(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return true };
    let path = url.path().to_ascii_lowercase();
    let file = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let mut words = file
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    // A story about logos has more words in the name of its picture than the logo itself.
    let few = words
        .clone()
        .filter(|word| word.len() > 2 && !word.bytes().all(|b| b.is_ascii_digit()))
        .count()
        <= 4;
    few && words.any(|word| PLACEHOLDER_WORDS.contains(&word))
        || [".svg", ".ico"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_become_absolute_and_only_web_urls_stay() {
        let page = Url::parse("https://news.example/world/vote").unwrap();
        for (raw, expected) in [
            ("/img/a.jpg", Some("https://news.example/img/a.jpg")),
            ("//cdn.example/a.jpg", Some("https://cdn.example/a.jpg")),
            (
                " https://news.example/a?b=1&amp;c=2 ",
                Some("https://news.example/a?b=1&c=2"),
            ),
            ("data:image/png;base64,AAAA", None),
            ("javascript:void(0)", None),
            ("file:///etc/passwd", None),
            ("", None),
        ] {
            assert_eq!(absolute(raw, Some(&page)).as_deref(), expected, "{raw}");
        }
        assert_eq!(absolute("/relative", None), None);
        let local = Url::parse("file:///pages/a.html").unwrap();
        assert_eq!(absolute("b.html", Some(&local)), None);
    }

    #[test]
    fn logos_and_stand_ins_are_no_lead_image() {
        for raw in [
            "https://a.example/img/logo.png",
            "https://a.example/default-image_1200.jpg",
            "https://a.example/x.svg",
        ] {
            assert_eq!(image(raw, None), None, "{raw}");
        }
        for raw in [
            "https://a.example/logo/vote-count.jpg",
            "https://a.example/new-logo-of-the-city-splits-council.jpg",
        ] {
            assert!(image(raw, None).is_some(), "{raw}");
        }
    }
}
