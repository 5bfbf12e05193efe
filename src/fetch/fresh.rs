//! Conditional requests (RFC 9110, section 13): has a list changed since it was last read?

use std::time::Duration;

use reqwest::header::{
    CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{FetchError, Page};

/// The longest validator that is kept, in bytes. Servers send 10 to 100.
const MAX_VALIDATOR: usize = 1024;

/// What a server gave to tell later whether something has changed, each as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validators {
    /// The `ETag` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// A list that was asked for conditionally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// It is what it was.
    NotModified {
        /// How long the server calls it fresh (`max-age`), if it says so.
        max_age: Option<Duration>,
    },
    /// It has changed, or the server cannot tell.
    Page {
        /// It.
        page: Box<Page>,
        /// To ask with next time.
        validators: Validators,
        /// How long the server calls it fresh (`max-age`), if it says so.
        max_age: Option<Duration>,
        /// Its `X-Robots-Tag` headers as far as they are for this crawler, one a line; empty without any.
        robots_tag: String,
    },
}

impl Validators {
    /// There is nothing to ask with.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| {
            let text = headers.get(name)?.to_str().ok()?.trim();
            (!text.is_empty() && text.len() <= MAX_VALIDATOR).then(|| text.to_owned())
        };
        Self {
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        }
    }

    /// The headers to ask with.
    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, text) in [
            (IF_NONE_MATCH, &self.etag),
            (IF_MODIFIED_SINCE, &self.last_modified),
        ] {
            if let Some(value) = text.as_ref().and_then(|text| HeaderValue::from_str(text).ok()) {
                headers.insert(name, value);
            }
        }
        headers
    }
}

/// How long an answer is fresh by its `Cache-Control`; `None` if it does not say, or may not be kept at all.
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(CACHE_CONTROL)?.to_str().ok()?.to_ascii_lowercase();
    let mut directives = text.split(',').map(str::trim);
    if directives
        .clone()
        .any(|word| word == "no-store" || word == "no-cache")
    {
        return None;
    }
    let seconds = directives.find_map(|word| word.strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

/// "Not modified" to a request that had no condition.
pub(super) fn unasked(url: &Url) -> FetchError {
    FetchError::Status {
        url: url.to_string(),
        status: 304,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        pairs.collect()
    }

    #[test]
    fn validators_are_asked_with_as_they_came() {
        let given = headers(&[
            ("etag", "W/\"a\""),
            ("last-modified", "Tue, 01 Jul 2025 00:00:00 GMT"),
        ]);
        let asked = Validators::of(&given).headers();
        assert_eq!(asked["if-none-match"], "W/\"a\"");
        assert_eq!(asked["if-modified-since"], "Tue, 01 Jul 2025 00:00:00 GMT");
        assert!(Validators::of(&headers(&[("etag", " ")])).is_empty());
    }

    #[test]
    fn max_age_counts_unless_the_answer_may_not_be_kept() {
        let age = |text| max_age(&headers(&[("cache-control", text)])).map(|age| age.as_secs());
        assert_eq!(age("public, Max-Age=600"), Some(600));
        assert_eq!(age("max-age=99999999999999999999999"), None);
        assert_eq!(age("no-cache, max-age=600"), None);
        assert_eq!(age("max-age=-1"), None);
        assert_eq!(age("private"), None);
    }
}
