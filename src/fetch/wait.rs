//! How long to wait before a host is asked again: as it says, or else longer each time.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How often a request is made again where that may help. More would be pressing.
pub const MAX_RETRIES: u32 = 2;

/// The longest time that a run waits for a host: its other pages wait behind it. A host that asks for more is left for
/// a later run.
pub const MAX_WAIT: Duration = Duration::from_secs(20);

/// The longest `Retry-After` that is obeyed; a longer one counts as this. Some servers name years.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// "Too many requests" (RFC 6585).
pub(super) const TOO_MANY: u16 = 429;

/// "Service unavailable".
const UNAVAILABLE: u16 = 503;

/// The wait after a first "too many requests" that names none; each further one in a row doubles it.
const FIRST_BACK_OFF: Duration = Duration::from_secs(60);

/// How often the back-off doubles: to some 17 hours.
const MAX_DOUBLINGS: u32 = 10;

/// Whether an answer asks to be left alone: "too many requests" always, "unavailable" where it says for how long.
/// `refusals` is how often in a row the host has done so. The answer is the wait.
pub(super) fn asked_for(
    status: u16,
    headers: &HeaderMap,
    refusals: u32,
    now: SystemTime,
) -> Option<Duration> {
    let named = retry_after(headers, now);
    match status {
        TOO_MANY => Some(named.unwrap_or_else(|| back_off(refusals))),
        UNAVAILABLE => named,
        _ => None,
    }
}

/// `Retry-After` in seconds or as a date, at most [`MAX_RETRY_AFTER`]; a date that has passed is no wait.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only a number too large to be read fails here.
        text.parse().map_or(MAX_RETRY_AFTER, Duration::from_secs)
    } else {
        let date = httpdate::parse_http_date(text).ok()?;
        date.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

fn back_off(refusals: u32) -> Duration {
    FIRST_BACK_OFF
        .saturating_mul(1 << refusals.min(MAX_DOUBLINGS))
        .min(MAX_RETRY_AFTER)
}

/// The time from a failed request to the next try, the `tries`th: the pace, longer each time, and up to half more by
/// chance, so that many hosts behind one fault are not asked at once.
pub(super) fn before_retry(pace: Duration, tries: u32) -> Duration {
    let chance = RandomState::new().hash_one(tries) % 1000;
    let jitter = 1.0 + chance as f64 / 2000.0;
    (pace * (1 << tries.min(MAX_RETRIES))).mul_f64(jitter)
}

/// A moment, seconds since the epoch, in words.
pub(super) fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn wait(status: u16, retry_after: Option<&str>, refusals: u32) -> Option<u64> {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_str(text).unwrap());
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_751_328_000);
        asked_for(status, &headers, refusals, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_wait_is_what_the_server_names_in_seconds_or_as_a_date() {
        assert_eq!(wait(429, Some("120"), 0), Some(120));
        assert_eq!(wait(503, Some("Tue, 01 Jul 2025 00:02:00 GMT"), 0), Some(120));
        assert_eq!(wait(503, Some("Mon, 30 Jun 2025 00:00:00 GMT"), 0), Some(0));
        for long in [
            "99999999",
            "99999999999999999999999999",
            "Tue, 01 Jul 2098 00:00:00 GMT",
        ] {
            assert_eq!(
                wait(429, Some(long), 0),
                Some(MAX_RETRY_AFTER.as_secs()),
                "{long}"
            );
        }
    }

    #[test]
    fn without_a_time_only_too_many_requests_make_a_host_wait_longer_each_time() {
        assert_eq!(wait(429, None, 0), Some(60));
        assert_eq!(wait(429, Some("-5"), 1), Some(120));
        assert_eq!(wait(429, Some("soon"), u32::MAX), Some(61_440));
        assert_eq!(wait(503, None, 0), None);
        assert_eq!(wait(404, Some("120"), 0), None);
    }

    #[test]
    fn a_retry_keeps_the_pace_and_grows() {
        let pace = Duration::from_secs(1);
        for (tries, low, high) in [(1, 2, 3), (2, 4, 6)] {
            let wait = before_retry(pace, tries);
            assert!(Duration::from_secs(low) <= wait && wait <= Duration::from_secs(high));
        }
        assert_eq!(before_retry(Duration::ZERO, 1), Duration::ZERO);
    }
}
