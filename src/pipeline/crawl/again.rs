//! When a source, and a page that failed, is to be looked at again.

use url::Url;

use super::listing::Fresh;
use super::report::{Failure, SourceReport};
use crate::fetch::Validators;
use crate::store::{SourceState, Store, StoreError, UrlFailure};

/// The time between two looks at a source that is new, in seconds: 15 minutes.
const INTERVAL_START: i64 = 15 * 60;

/// The least time between two looks at a source, in seconds: 5 minutes. News agencies do not publish faster.
const INTERVAL_FLOOR: i64 = 5 * 60;

/// The most time between two looks at a source, in seconds: 12 hours.
const INTERVAL_CEILING: i64 = 12 * 60 * 60;

/// After how long a page that failed is tried again, in seconds: 15 minutes, doubled with each failure.
const RETRY_START: i64 = 15 * 60;

/// The longest time between two tries, in seconds: a day.
const RETRY_CEILING: i64 = 24 * 60 * 60;

/// After how many failures a page is given up: by then it was tried over most of two days.
pub const GIVE_UP_AFTER: u32 = 9;

/// Whether a page that failed before is to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Try {
    Now,
    Later,
    Never,
}

/// What a URL's failures say.
pub(super) fn try_again(store: &Store, url: &Url, now: i64) -> Result<Try, StoreError> {
    Ok(match store.failure(url)? {
        Some(failure) if failure.count >= GIVE_UP_AFTER => Try::Never,
        Some(failure) if failure.next > now => Try::Later,
        _ => Try::Now,
    })
}

/// Remembers that a page failed.
pub(super) fn remember(
    store: &Store,
    source: &str,
    (url, failure): (&Url, &Failure),
    now: i64,
) -> Result<(), StoreError> {
    let before = store.failure(url)?;
    let count = before.as_ref().map_or(0, |before| before.count).saturating_add(1);
    store.put_failure(UrlFailure {
        url: url.to_string(),
        source: source.to_owned(),
        kind: failure.kind.to_owned(),
        message: failure.message.clone(),
        count,
        first: before.map_or(now, |before| before.first),
        last: now,
        next: now + backed_off(RETRY_START, count - 1, RETRY_CEILING),
    })
}

/// The time doubled so many times, and no more than the ceiling.
fn backed_off(start: i64, times: u32, ceiling: i64) -> i64 {
    start
        .checked_shl(times.min(32))
        .map_or(ceiling, |time| time.min(ceiling))
}

/// The validators to ask a source with.
pub(super) fn validators(state: &SourceState) -> Option<Validators> {
    (state.etag.is_some() || state.last_modified.is_some()).then_some(())?;
    Some(Validators {
        url: Url::parse(&state.url).ok()?,
        etag: state.etag.clone(),
        last_modified: state.last_modified.clone(),
    })
}

/// What to remember of a source after a run. `before` is what was, `fresh` what its server said of the next time.
///
/// A source is looked at twice as often when something new came of it, half as often again when nothing did, and half as
/// often when it failed. Its validators are kept only where all that it listed is done: else what is left would be lost
/// behind "not modified".
pub(super) fn next_state(
    before: Option<SourceState>,
    report: &SourceReport,
    fresh: Option<Fresh>,
    now: i64,
) -> SourceState {
    let mut state = before.unwrap_or(SourceState {
        interval: INTERVAL_START,
        ..SourceState::default()
    });
    state.interval = if !report.listed {
        state.failures = state.failures.saturating_add(1);
        state.interval.saturating_mul(2)
    } else if report.new + report.revised > 0 {
        state.interval / 2
    } else {
        state.interval.saturating_mul(3) / 2
    };
    state.interval = state.interval.clamp(INTERVAL_FLOOR, INTERVAL_CEILING);
    let mut wait = state.interval.max(asked_to_wait(report));
    if report.listed {
        state.failures = 0;
    }
    if let Some(fresh) = fresh {
        wait = wait.max(fresh.max_age.map_or(0, |age| age.as_secs().cast_signed()));
        let done = report.left == 0 && report.failed == 0;
        let kept = fresh.validators.filter(|_| done);
        state.url = kept.as_ref().map(|kept| kept.url.to_string()).unwrap_or_default();
        (state.etag, state.last_modified) = kept.map_or((None, None), |kept| (kept.etag, kept.last_modified));
    }
    state.looked = now;
    state.due = now.saturating_add(wait);
    state
}

/// The longest time for which a server of its pages or list asks to be left alone, in seconds.
fn asked_to_wait(report: &SourceReport) -> i64 {
    let times = report.failures.iter().filter_map(|failure| failure.retry_after);
    times.max().map_or(0, u64::cast_signed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn report(new: usize, left: usize) -> SourceReport {
        SourceReport {
            listed: true,
            new,
            left,
            ..SourceReport::default()
        }
    }

    fn fresh(max_age: u64) -> Fresh {
        Fresh {
            validators: Some(Validators {
                url: Url::parse("https://a.example/rss").unwrap(),
                etag: Some("\"1\"".to_owned()),
                last_modified: None,
            }),
            max_age: Some(Duration::from_secs(max_age)),
        }
    }

    #[test]
    fn a_lively_source_is_looked_at_more_often_and_a_quiet_one_less_within_bounds() {
        let mut state = None;
        let mut times = Vec::new();
        for new in [1, 1, 1, 0, 0] {
            let next = next_state(state, &report(new, 0), None, 100);
            times.push(next.due - 100);
            state = Some(next);
        }
        assert_eq!(times, [450, 300, 300, 450, 675]);
        for _ in 0..40 {
            state = Some(next_state(state, &report(0, 0), None, 100));
        }
        assert_eq!(state.unwrap().interval, INTERVAL_CEILING);
        let failed = SourceReport {
            listed: false,
            failed: 1,
            ..report(0, 0)
        };
        let once = next_state(None, &failed, None, 0);
        assert_eq!((once.failures, once.due), (1, 1800));
        assert_eq!(next_state(Some(once), &report(1, 0), None, 0).failures, 0);
    }

    #[test]
    fn validators_are_kept_only_where_nothing_is_left() {
        let done = next_state(None, &report(1, 0), Some(fresh(3600)), 0);
        assert_eq!(validators(&done), fresh(0).validators);
        assert_eq!(done.due, 3600);
        let left = next_state(Some(done.clone()), &report(1, 3), Some(fresh(0)), 0);
        assert_eq!(validators(&left), None);
        // "Not modified" brings none and changes none.
        let same = next_state(Some(done.clone()), &report(0, 0), None, 0);
        assert_eq!(validators(&same), validators(&done));
    }

    #[test]
    fn tries_are_further_and_further_apart_and_end() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store")).unwrap();
        let url = Url::parse("https://a.example/1").unwrap();
        let failure = Failure::new("https://a.example/1", "timeout", &"late");
        let (mut now, mut waits) = (1000, Vec::new());
        assert_eq!(try_again(&store, &url, now).unwrap(), Try::Now);
        for _ in 1..GIVE_UP_AFTER {
            remember(&store, "a", (&url, &failure), now).unwrap();
            assert_eq!(try_again(&store, &url, now).unwrap(), Try::Later);
            let next = store.failure(&url).unwrap().unwrap().next;
            waits.push((next - now) / 60);
            now = next;
            assert_eq!(try_again(&store, &url, now).unwrap(), Try::Now);
        }
        assert_eq!(waits, [15, 30, 60, 120, 240, 480, 960, 1440]);
        remember(&store, "a", (&url, &failure), now).unwrap();
        assert_eq!(try_again(&store, &url, i64::MAX).unwrap(), Try::Never);
    }
}
