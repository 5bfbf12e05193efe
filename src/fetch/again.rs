//! When to ask again: conditional requests (RFC 9110, 13) and what servers say of time.

use std::time::{Duration, SystemTime};

use reqwest::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER};
use url::Url;

use super::Page;

/// The longest time that a server is left alone because it asked for it; a longer one counts as this.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a server that says 429 without a time is left alone.
pub(super) const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The longest `max-age` that counts.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest validator that is kept, in bytes.
const MAX_VALIDATOR: usize = 512;

/// What a server gave with an answer so that it can say the next time that nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validators {
    /// The URL that answered.
    pub url: Url,
    /// The `ETag`.
    pub etag: Option<String>,
    /// The `Last-Modified`.
    pub last_modified: Option<String>,
}

/// An answer to a conditional request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one for each list, and taken apart at once"
)]
pub enum Again {
    /// Nothing has changed since the validators were given (304).
    NotModified,
    /// The list as it is now.
    Page {
        /// The list.
        page: Page,
        /// For the next time, where the server gave any.
        validators: Option<Validators>,
        /// How long it is fresh (`Cache-Control: max-age`), where the server says so; at most a day.
        max_age: Option<Duration>,
    },
}

/// What the headers of an answer say of the next time.
#[derive(Debug, Clone, Default)]
pub(super) struct Headers {
    etag: Option<String>,
    last_modified: Option<String>,
    pub(super) max_age: Option<Duration>,
}

impl Headers {
    pub(super) fn read(headers: &HeaderMap) -> Self {
        Self {
            etag: validator(headers, &ETAG),
            last_modified: validator(headers, &LAST_MODIFIED),
            max_age: max_age(headers),
        }
    }

    pub(super) fn validators(&self, url: &Url) -> Option<Validators> {
        (self.etag.is_some() || self.last_modified.is_some()).then(|| Validators {
            url: url.clone(),
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        })
    }
}

fn validator(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty() && value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(CACHE_CONTROL)?.to_str().ok()?.to_ascii_lowercase();
    let mut seconds = None;
    for part in value.split(',').map(str::trim) {
        match part.split_once('=') {
            Some(("max-age", number)) => seconds = number.trim_matches('"').parse().ok(),
            None if matches!(part, "no-cache" | "no-store") => return None,
            _ => {}
        }
    }
    seconds.map(|seconds| Duration::from_secs(seconds).min(MAX_AGE))
}

/// How long the server asks to be left alone (RFC 9110, 10.2.3): in seconds, or until a date.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let time = match value.parse().map(Duration::from_secs) {
        Ok(time) => time,
        Err(_) => httpdate::parse_http_date(value)
            .ok()?
            .duration_since(now)
            .unwrap_or_default(),
    };
    Some(time.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.clone(), value.parse().unwrap())])
    }

    #[test]
    fn times_to_wait_are_seconds_or_dates_and_never_longer_than_a_day() {
        let now = httpdate::parse_http_date("Wed, 04 Mar 2026 12:00:00 GMT").unwrap();
        let wait = |value| retry_after(&headers(&RETRY_AFTER, value), now).map(|time| time.as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("Wed, 04 Mar 2026 12:01:00 GMT"), Some(60));
        assert_eq!(wait("Wed, 04 Mar 2020 12:01:00 GMT"), Some(0));
        assert_eq!(wait("99999999999"), Some(86_400));
        assert_eq!(wait("Fri, 31 Dec 9999 23:59:59 GMT"), Some(86_400));
        for bad in ["-5", "soon", "", "99999999999999999999999", "1.5"] {
            assert_eq!(wait(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_answer_is_fresh_as_long_as_it_says() {
        let age = |value| max_age(&headers(&CACHE_CONTROL, value)).map(|time| time.as_secs());
        assert_eq!(age("public, Max-Age=300"), Some(300));
        assert_eq!(age("max-age=999999999"), Some(86_400));
        for none in ["no-cache, max-age=300", "no-store", "max-age=x", "private"] {
            assert_eq!(age(none), None, "{none}");
        }
    }
}
