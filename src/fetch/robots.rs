//! robots.txt (RFC 9309): what a site asks not to be fetched, and how slowly.

use std::time::Duration;

use reqwest::header::HeaderMap;
use texting_robots::Robot;
use tokio::time::Instant;
use url::{Position, Url};

use super::FetchError;

/// How much of a robots.txt is read, in bytes. RFC 9309 asks for at least 500 KiB; the rest is ignored.
pub const MAX_ROBOTS: usize = 500 * 1024;

/// The longest `Crawl-delay` that is obeyed; a longer one counts as this. Some sites write hours.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);

/// How many redirects of a robots.txt are followed, as RFC 9309 suggests; with more it counts as missing.
pub(super) const MAX_ROBOTS_REDIRECTS: usize = 5;

/// How long a robots.txt is good for; RFC 9309 asks for no more than a day.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a robots.txt that could not be read closes its site before it is asked for again.
const RETRY_AGE: Duration = Duration::from_secs(10 * 60);

/// How many lines with an end anchor are compiled, at some 10 KiB each. More than this is an attack.
const MAX_ANCHORED: usize = 2_000;

/// How many robots.txt are kept per host name, one per scheme and port.
const MAX_PER_HOST: usize = 8;

/// What a site asks for.
#[derive(Debug)]
pub(super) enum Robots {
    /// It has rules.
    Rules(Box<Robot>),
    /// It has no robots.txt: all is allowed.
    Open,
    /// Its robots.txt cannot be read: nothing is fetched.
    Closed {
        /// Why.
        reason: String,
        /// The kind of the failure.
        kind: &'static str,
    },
}

impl Robots {
    /// Reads the rules for a crawler of this name, in lower case without version.
    pub(super) fn parse(agent: &str, text: &[u8]) -> Self {
        let closed = |reason: &str| Self::Closed {
            reason: format!("robots.txt of the site cannot be obeyed ({reason})"),
            kind: "robots",
        };
        if memchr::memchr_iter(b'$', text).count() > MAX_ANCHORED {
            return closed("too many patterns in it");
        }
        Robot::new(agent, text).map_or_else(
            |_| closed("a pattern in it is too large"),
            |robot| Self::Rules(Box::new(robot)),
        )
    }

    /// Closed, as reading it for this URL failed.
    pub(super) fn closed_by(url: &Url, error: &FetchError) -> Self {
        let message = error.to_string();
        let kind = error.kind();
        let site = &url[..Position::BeforePath];
        let bare = message
            .strip_prefix(site)
            .and_then(|rest| rest.strip_prefix("/robots.txt: "));
        let reason = match bare {
            Some(bare) if error.is_unreachable() => bare.to_owned(),
            _ => format!(
                "robots.txt of the site cannot be read ({})",
                bare.unwrap_or(&message)
            ),
        };
        Self::Closed { reason, kind }
    }

    /// Whether the URL may be fetched. All of a closed site may not.
    pub(super) fn allows(&self, url: &Url) -> bool {
        match self {
            Self::Rules(robot) => robot.allowed(url.as_str()),
            Self::Open => true,
            Self::Closed { .. } => false,
        }
    }

    /// The time between two requests that the site asks for, at most [`MAX_CRAWL_DELAY`].
    pub(super) fn delay(&self) -> Duration {
        let Self::Rules(robot) = self else {
            return Duration::ZERO;
        };
        let seconds = robot
            .delay
            .unwrap_or(0.0)
            .clamp(0.0, MAX_CRAWL_DELAY.as_secs_f32());
        Duration::try_from_secs_f32(seconds).unwrap_or(Duration::ZERO)
    }
}

/// A robots.txt that was read.
#[derive(Debug)]
pub(super) struct Known {
    read: Instant,
    /// What it says.
    pub(super) robots: Robots,
}

impl Known {
    /// Read now.
    pub(super) fn now(robots: Robots) -> Self {
        Self {
            read: Instant::now(),
            robots,
        }
    }

    fn is_fresh(&self) -> bool {
        let age = if matches!(self.robots, Robots::Closed { .. }) {
            RETRY_AGE
        } else {
            MAX_AGE
        };
        self.read.elapsed() < age
    }
}

/// The fresh robots.txt of a scheme, host and port among those known, as an index.
pub(super) fn fresh(known: &[(String, Known)], origin: &str) -> Option<usize> {
    known
        .iter()
        .position(|(name, known)| name == origin && known.is_fresh())
}

/// Adds a robots.txt, in place of the one that was known or, at the limit, of the oldest. Returns its index.
pub(super) fn remember(known: &mut Vec<(String, Known)>, origin: &str, robots: Robots) -> usize {
    known.retain(|(name, _)| name != origin);
    if known.len() >= MAX_PER_HOST {
        known.remove(0);
    }
    known.push((origin.to_owned(), Known::now(robots)));
    known.len() - 1
}

/// The name under which robots.txt addresses a crawler: its user agent up to the version, in lower case.
pub(super) fn product_name(user_agent: &str) -> String {
    let end = user_agent.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    user_agent[..end.unwrap_or(user_agent.len())].to_ascii_lowercase()
}

/// Directives of `X-Robots-Tag` that have a value after a colon, as a crawler's name has its directives.
const WITH_VALUE: [&str; 4] = [
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
];

/// The `X-Robots-Tag` headers that are for all crawlers or this one, one a line, in lower case.
pub(super) fn tags(headers: &HeaderMap, product: &str) -> String {
    let mut lines = String::new();
    for value in headers.get_all("x-robots-tag") {
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        let ours = match text.split_once(':') {
            Some((name, rest)) if name.trim() == product => rest,
            Some((name, _)) => {
                // "noindex, unavailable_after: ..." begins with a directive and not with a name.
                let last = name.rsplit(',').next().unwrap_or(name).trim();
                if !WITH_VALUE.contains(&last) {
                    continue;
                }
                &text
            }
            None => &text,
        };
        lines.push_str(ours.trim());
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        let url = Url::parse("https://example.org/").unwrap().join(path).unwrap();
        Robots::parse("copydesk", text.as_bytes()).allows(&url)
    }

    #[test]
    fn the_group_of_this_crawler_stands_above_that_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: CopyDesk\nDisallow: /private/\nAllow: /private/press\n";
        assert!(allows(text, "/news"));
        assert!(!allows(text, "/private/x"));
        assert!(allows(text, "/private/press/1"));
        assert!(!allows("User-agent: *\nDisallow: /*?print=$\n", "/a?print="));
    }

    #[test]
    fn junk_allows_all() {
        assert!(allows("<!doctype html><title>Not found</title>", "/news"));
        assert!(allows("", "/news"));
    }

    #[test]
    fn too_many_or_too_large_patterns_close_the_site() {
        let many = format!("User-agent: *\n{}", "Disallow: /*a$\n".repeat(MAX_ANCHORED + 1));
        assert!(!allows(&many, "/news"));
        let large = format!("User-agent: *\nDisallow: /{}$\n", "*a".repeat(20_000));
        assert!(!allows(&large, "/news"));
    }

    #[test]
    fn the_crawl_delay_has_a_ceiling() {
        let delay = |text: &str| {
            Robots::parse(
                "copydesk",
                format!("User-agent: *\nCrawl-delay: {text}").as_bytes(),
            )
            .delay()
        };
        assert_eq!(delay("2.5"), Duration::from_millis(2500));
        for long in ["86400", "inf", "1e38"] {
            assert_eq!(delay(long), MAX_CRAWL_DELAY, "{long}");
        }
        for none in ["-1", "NaN", "soon"] {
            assert_eq!(delay(none), Duration::ZERO, "{none}");
        }
    }

    #[test]
    fn the_product_name_is_the_user_agent_without_version() {
        assert_eq!(product_name("Copydesk/0.1 (+https://example.org)"), "copydesk");
        assert_eq!(product_name("news-bot"), "news-bot");
    }

    #[test]
    fn few_files_are_remembered_per_host() {
        let mut known = Vec::new();
        for port in 0..20 {
            remember(&mut known, &format!("http://a:{port}"), Robots::Open);
        }
        assert_eq!(known.len(), MAX_PER_HOST);
        assert_eq!(fresh(&known, "http://a:0"), None);
        assert!(fresh(&known, "http://a:19").is_some());
    }

    #[test]
    fn robots_tags_of_other_crawlers_are_not_read() {
        let ours = |text: &str| {
            let headers = HeaderMap::from_iter([("x-robots-tag".parse().unwrap(), text.parse().unwrap())]);
            tags(&headers, "copydesk")
        };
        assert_eq!(ours("NoIndex, nofollow"), "noindex, nofollow\n");
        assert_eq!(ours("copydesk: noarchive"), "noarchive\n");
        assert_eq!(ours("otherbot: noindex"), "");
        assert_eq!(
            ours("noindex, unavailable_after: 1 Jan 2030 00:00:00 GMT"),
            "noindex, unavailable_after: 1 jan 2030 00:00:00 gmt\n"
        );
    }
}
