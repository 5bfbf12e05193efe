//! The normal form of a URL, and canonical URLs that can be believed.

use std::borrow::Cow;
use std::fmt::Write as _;

use url::Url;

use crate::site::{plain_host, registrable};

/// Query parameters that say where the reader came from, not what the page is; in lower case.
const TRACKING_PARAMETERS: &[&str] = &[
    "__s",
    "__twitter_impression",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "amp",
    "campaign_id",
    "cmp",
    "cmpid",
    "dclid",
    "elqtrackid",
    "emc",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hsctatracking",
    "icid",
    "igsh",
    "igshid",
    "ito",
    "mbid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "ns_campaign",
    "ns_fee",
    "ns_linkname",
    "ns_mchannel",
    "ns_source",
    "oly_anon_id",
    "oly_enc_id",
    "ref_src",
    "ref_url",
    "s_cid",
    "smid",
    "smtyp",
    "soc_src",
    "soc_trk",
    "spm",
    "sref",
    "srnd",
    "taid",
    "trk",
    "trkcampaign",
    "tsrc",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "wbraid",
    "wickedid",
    "wt.mc_id",
    "wt_mc",
    "xtor",
    "yclid",
];

/// Whole families of such parameters, by the start of their names.
const TRACKING_PREFIXES: &[&str] = &["at_", "hsa_", "matomo_", "mtm_", "piwik_", "pk_", "utm_"];

/// Host labels below the registrable domain that choose a presentation, not a page.
const PRESENTATION_LABELS: &[&str] = &["www", "m", "mobile", "amp"];

/// Last path segments that add nothing to the path before them.
const EMPTY_SEGMENTS: &[&str] = &[
    "index.html",
    "index.htm",
    "index.shtml",
    "index.php",
    "default.aspx",
    "amp",
    "amp.html",
];

/// The normal form of a URL: two URLs with the same normal form are the same page.
///
/// For `http` and `https`: the scheme is written `https`; the host in lower case, without a trailing dot and without
/// `www.`, `m.`, `mobile.` and `amp.` labels above the registrable domain; user, default port, fragment and
/// `;jsessionid` out; percent-escapes of unreserved characters undone, others in upper case; double and trailing
/// slashes, `index.html` and its like, `/amp`, `.amp` out; the query without tracking parameters, sorted, left out when
/// empty. Any other scheme only loses its fragment.
///
/// ```
/// let url = url::Url::parse("http://www.example.org/a/index.html?utm_source=x&b=2&a=1#top")?;
/// assert_eq!(copydesk::dedupe::normal_url(&url), "https://example.org/a?a=1&b=2");
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn normal_url(url: &Url) -> String {
    if !is_web(url) {
        let mut url = url.clone();
        url.set_fragment(None);
        return url.into();
    }
    let mut normal = String::with_capacity(url.as_str().len());
    normal.push_str("https://");
    normal.push_str(&normal_host(url));
    if let Some(port) = special_port(url) {
        // Writing to a string cannot fail.
        let _ = write!(normal, ":{port}");
    }
    push_normal_path(&mut normal, url.path());
    push_normal_query(&mut normal, url.query().unwrap_or_default());
    normal
}

/// The canonical URL that a page claims, absolute or relative to the page, when it can be believed: `http` or `https`,
/// on the same registrable domain (or the same host and port where there is none), and not the front page.
///
/// That it may be the canonical URL of *every* page of a broken site cannot be seen from one page; whoever uses it
/// compares the texts.
pub fn credible_canonical(page_url: &Url, canonical: &str) -> Option<Url> {
    let claim = canonical.trim();
    let canonical = page_url.join(claim).ok()?;
    if claim.is_empty() || !is_web(&canonical) || !is_web(page_url) {
        return None;
    }
    let (page_host, host) = (plain_host(page_url), plain_host(&canonical));
    let same_site = match (registrable(page_url, page_host), registrable(&canonical, host)) {
        (Some(page_domain), Some(domain)) => page_domain == domain,
        (None, None) => page_host == host && special_port(page_url) == special_port(&canonical),
        _ => false,
    };
    let mut rest = String::new();
    push_normal_path(&mut rest, canonical.path());
    push_normal_query(&mut rest, canonical.query().unwrap_or_default());
    (same_site && rest != "/").then_some(canonical)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The port where it is not one of the two default ports.
fn special_port(url: &Url) -> Option<u16> {
    url.port().filter(|port| !matches!(port, 80 | 443))
}

fn normal_host(url: &Url) -> Cow<'_, str> {
    let host = plain_host(url);
    let Some(domain) = registrable(url, host) else {
        return Cow::Borrowed(host);
    };
    let mut normal = String::with_capacity(host.len());
    let above = host.strip_suffix(domain).unwrap_or_default();
    for label in above.split('.') {
        if !label.is_empty() && !PRESENTATION_LABELS.contains(&label) {
            normal.push_str(label);
            normal.push('.');
        }
    }
    normal.push_str(domain);
    Cow::Owned(normal)
}

fn push_normal_path(normal: &mut String, path: &str) {
    let path = undo_needless_escapes(path);
    let path = path.find(";jsessionid=").map_or(path.as_str(), |at| &path[..at]);
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let last = loop {
        let Some(last) = segments.pop() else {
            normal.push('/');
            return;
        };
        let name = without_amp(last);
        if !name.is_empty() && !EMPTY_SEGMENTS.contains(&name.as_str()) {
            break name;
        }
    };
    for segment in segments {
        normal.push('/');
        normal.push_str(segment);
    }
    normal.push('/');
    normal.push_str(&last);
}

/// "story.amp" is "story", "story.amp.html" is "story.html".
fn without_amp(segment: &str) -> String {
    const SUFFIX: &str = ".amp";
    const ENDING: &str = ".html";
    let mut name = segment.to_owned();
    loop {
        if name.ends_with(SUFFIX) {
            name.truncate(name.len() - SUFFIX.len());
        } else if name
            .strip_suffix(ENDING)
            .is_some_and(|stem| stem.ends_with(SUFFIX))
        {
            name.truncate(name.len() - SUFFIX.len() - ENDING.len());
            name.push_str(ENDING);
        } else {
            return name;
        }
    }
}

fn push_normal_query(normal: &mut String, query: &str) {
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(undo_needless_escapes)
        .filter(|pair| !is_tracking(pair))
        .collect();
    pairs.sort();
    for (number, pair) in pairs.iter().enumerate() {
        normal.push(if number == 0 { '?' } else { '&' });
        normal.push_str(pair);
    }
}

fn is_tracking(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    TRACKING_PARAMETERS.contains(&name.as_str())
        || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || (name == "outputtype" && value.eq_ignore_ascii_case("amp"))
}

/// RFC 3986, 6.2.2: escapes of unreserved characters are undone, the digits of all others are put in upper case.
fn undo_needless_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        let escape = rest.get(at..at + 3).unwrap_or("%");
        match escape
            .get(1..)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(char::from(byte));
            }
            _ => plain.push_str(&escape.to_ascii_uppercase()),
        }
        rest = &rest[at + escape.len()..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(url: &str) -> String {
        normal_url(&Url::parse(url).unwrap())
    }

    #[test]
    fn what_does_not_name_the_page_is_no_part_of_its_normal_form() {
        for same in [
            "https://example.co.uk/world/story-1",
            "HTTP://WWW.Example.co.uk:80/world/story-1/",
            "https://example.co.uk.:443/world//story-1/index.html",
            "https://m.example.co.uk/world/story-1?",
            "https://amp.example.co.uk/world/story-1/amp/",
            "https://www.example.co.uk/world/story-1.amp",
            "https://user:pw@example.co.uk/world/story%2D1#comments",
            "https://example.co.uk/world/story-1;jsessionid=0123?utm_source=a&UTM_medium=b&fbclid=c&at_x=1&&",
            "https://example.co.uk/world/story-1?outputType=amp&gclid=1",
        ] {
            assert_eq!(normal(same), "https://example.co.uk/world/story-1", "{same}");
        }
    }

    #[test]
    fn what_names_the_page_stays() {
        assert_eq!(normal("http://example.org"), "https://example.org/");
        assert_eq!(
            normal("http://example.org/?id=7&a=%2fx"),
            "https://example.org/?a=%2Fx&id=7"
        );
        assert_eq!(normal("http://example.org:8080/A"), "https://example.org:8080/A");
        assert_eq!(
            normal("http://news.example.org/a.html"),
            "https://news.example.org/a.html"
        );
        assert_eq!(normal("http://en.m.example.org/a"), "https://en.example.org/a");
        assert_eq!(normal("http://127.0.0.1:9/a/"), "https://127.0.0.1:9/a");
        assert_eq!(normal("http://[::1]/a"), "https://[::1]/a");
        assert_eq!(normal("http://m.com/a"), "https://m.com/a");
        assert_eq!(normal("file:///tmp/a.html?b#c"), "file:///tmp/a.html?b");
        assert_eq!(
            normal("http://example.org/%zz%e4%"),
            "https://example.org/%ZZ%E4%"
        );
        assert_ne!(
            normal("http://example.org/a?page=2"),
            normal("http://example.org/a")
        );
    }

    proptest::proptest! {
        #[test]
        fn the_normal_form_of_a_normal_form_is_itself(
            rest in r"(www\.|m\.|amp\.|a\.){0,3}example\.org(:80|:81)?/(/|%2[fd5]|%41|index\.html|amp|\.amp|\.html|a|;jsessionid=|\?|&|utm_a=|#){0,12}"
        ) {
            let once = normal(&format!("http://{rest}"));
            proptest::prop_assert_eq!(normal(&once), once);
        }
    }

    #[test]
    fn a_canonical_url_is_credible_on_the_same_site_away_from_the_front_page() {
        let credible = |page: &str, canonical: &str| {
            credible_canonical(&Url::parse(page).unwrap(), canonical).map(String::from)
        };
        let page = "https://m.example.org/a?x=1";
        assert_eq!(credible(page, "/a").as_deref(), Some("https://m.example.org/a"));
        assert_eq!(
            credible(page, "http://www.example.org/a").as_deref(),
            Some("http://www.example.org/a")
        );
        for hopeless in [
            "https://www.example.org/",
            "https://www.example.org/index.html?utm_source=x",
            "https://other.org/a",
            "javascript:void(0)",
            "https://",
            "file:///a",
        ] {
            assert_eq!(credible(page, hopeless), None, "{hopeless}");
        }
        assert_eq!(credible("file:///saved.html", "https://example.org/a"), None);
        assert_eq!(credible("http://127.0.0.1:1/a", "http://127.0.0.1:2/b"), None);
        assert!(credible("http://127.0.0.1:1/a", "/b").is_some());
    }
}
