//! When to look at a source again: sooner where looks bring something, later where they do not.

use std::time::Duration;

use crate::config::Config;
use crate::store::SourceState;

/// The time between the first two looks at a source, in seconds.
const FIRST_INTERVAL: i64 = 30 * 60;

/// How often in a row the time to the next look at a source that fails is doubled.
const MAX_DOUBLINGS: u32 = 10;

/// What a look at a source came to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    /// Its list could not be read; its host may ask not to be asked before a time, seconds since the epoch.
    Failed { until: Option<i64> },
    /// Some of its articles are left, or may do better next time.
    Unfinished,
    /// All of it came to an end.
    Done { anything_new: bool },
}

/// Whether it is time to look at a source. One that is due later than any rhythm has it was planned by a wrong clock.
pub(super) fn is_due(state: &SourceState, config: &Config, now: i64) -> bool {
    let ceiling = seconds(config.max_interval.max(crate::fetch::MAX_RETRY_AFTER));
    state.due <= now || state.due.saturating_sub(now) > ceiling
}

/// Plans the next look at a source. An answer that is called fresh for longer than the rhythm is not asked for again
/// before, up to the ceiling.
pub(super) fn plan(
    state: &mut SourceState,
    look: Look,
    max_age: Option<Duration>,
    config: &Config,
    now: i64,
) {
    let (floor, ceiling) = (seconds(config.min_interval), seconds(config.max_interval));
    let usual = if state.interval == 0 {
        FIRST_INTERVAL
    } else {
        state.interval
    };
    let next = match look {
        Look::Done { anything_new: true } => usual / 2,
        Look::Done { anything_new: false } => usual.saturating_add(usual / 2),
        Look::Unfinished | Look::Failed { .. } => usual,
    };
    state.interval = next.clamp(floor, ceiling);
    state.looked = now;
    let fresh = max_age.map_or(0, |age| seconds(age.min(config.max_interval)));
    let wait = match look {
        Look::Done { .. } => state.interval.max(fresh),
        Look::Unfinished => floor,
        Look::Failed { .. } => {
            let doubled = state.interval.max(1) << state.failures.min(MAX_DOUBLINGS);
            doubled.clamp(floor, ceiling)
        }
    };
    state.failures = match look {
        Look::Failed { .. } => state.failures.saturating_add(1),
        Look::Unfinished | Look::Done { .. } => 0,
    };
    state.due = now.saturating_add(wait);
    if let Look::Failed { until: Some(until) } = look {
        state.due = until;
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn config() -> Config {
        let text = "min_interval = '10m'\nmax_interval = '2h'";
        Config::parse(text, Path::new("copydesk.toml")).unwrap()
    }

    /// The minutes to the next look after each of these.
    fn minutes(looks: &[Look], max_age: Option<u64>) -> Vec<i64> {
        let mut state = SourceState::default();
        let mut now = 1_000_000;
        let plan = looks.iter().map(|look| {
            plan(
                &mut state,
                *look,
                max_age.map(Duration::from_secs),
                &config(),
                now,
            );
            let wait = state.due - now;
            now = state.due;
            wait / 60
        });
        plan.collect()
    }

    #[test]
    fn looks_that_bring_something_shorten_the_interval_to_the_floor_and_others_lengthen_it_to_the_ceiling() {
        let [new, none] = [true, false].map(|anything_new| Look::Done { anything_new });
        assert_eq!(minutes(&[new; 3], None), [15, 10, 10]);
        assert_eq!(
            minutes(&[none, none, none, none, new], None),
            [45, 67, 101, 120, 60]
        );
    }

    #[test]
    fn a_list_is_not_asked_for_while_it_is_fresh() {
        let new = Look::Done { anything_new: true };
        assert_eq!(minutes(&[new], Some(1800)), [30]);
        assert_eq!(minutes(&[new], Some(u64::MAX)), [120]);
        assert_eq!(minutes(&[new], Some(0)), [15]);
    }

    #[test]
    fn a_source_that_fails_is_looked_at_less_often_and_one_with_leftovers_soon() {
        let failed = Look::Failed { until: None };
        assert_eq!(minutes(&[failed; 4], None), [30, 60, 120, 120]);
        assert_eq!(minutes(&[failed, Look::Unfinished, failed], None), [30, 10, 30]);
        let until = Some(1_000_000 + 6000);
        assert_eq!(minutes(&[Look::Failed { until }], None), [100]);
    }

    #[test]
    fn a_plan_of_a_wrong_clock_does_not_hold() {
        let at = |due| SourceState {
            due,
            ..SourceState::default()
        };
        assert!(is_due(&at(1000), &config(), 1000));
        assert!(!is_due(&at(1001), &config(), 1000));
        assert!(is_due(&at(i64::MAX), &config(), 1000));
    }
}
