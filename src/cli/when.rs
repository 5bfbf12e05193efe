//! Points in time as a person writes them.

use copydesk::article::PageDate;
use copydesk::store::StoredArticle;
use jiff::Timestamp;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

const EXPECTED: &str = "expected a day (2026-03-04), a time (2026-03-04T10:15:00Z) or an age (12h, 7d, 2w)";

/// The beginning of a day, a time, or so long ago, in seconds since the epoch.
pub fn since(text: &str) -> Result<i64, String> {
    parse(text, now(), 0)
}

/// The end of a day, a time, or so long ago, in seconds since the epoch.
pub fn until(text: &str) -> Result<i64, String> {
    parse(text, now(), DAY)
}

/// The day, in UTC, as "2026-03-04".
pub fn day(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "?".to_owned(), |t| t.strftime("%Y-%m-%d").to_string())
}

/// The day of an article: when published or else first fetched.
pub fn day_of(stored: &StoredArticle) -> String {
    match &stored.article.fields.published {
        Some(date) => date.day().to_owned(),
        None => day(stored.first_fetched),
    }
}

fn now() -> i64 {
    Timestamp::now().as_second()
}

fn parse(text: &str, now: i64, into_day: i64) -> Result<i64, String> {
    if let Some(date) = PageDate::parse(text) {
        let bare_day = date.day().len() == text.len();
        return Ok(date.epoch_seconds() + if bare_day { into_day } else { 0 });
    }
    let unit = match text.bytes().last() {
        Some(b'h') => HOUR,
        Some(b'd') => DAY,
        Some(b'w') => WEEK,
        _ => return Err(EXPECTED.to_owned()),
    };
    text.get(..text.len() - 1)
        .and_then(|number| number.parse::<u32>().ok())
        .and_then(|number| now.checked_sub(i64::from(number).checked_mul(unit)?))
        .ok_or_else(|| EXPECTED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_772_625_600;

    #[test]
    fn days_times_and_ages_are_understood() {
        assert_eq!(parse("2026-03-04", NOON, 0), Ok(1_772_582_400));
        assert_eq!(parse("2026-03-04T13:00:00+01:00", NOON, 0), Ok(NOON));
        assert_eq!(parse("7d", NOON, 0), Ok(NOON - 7 * DAY));
        assert_eq!(parse("12h", NOON, DAY), Ok(NOON - 12 * HOUR));
    }

    #[test]
    fn until_a_day_is_until_its_end() {
        assert_eq!(parse("2026-03-04", NOON, DAY), Ok(1_772_582_400 + DAY));
        assert_eq!(parse("2026-03-04T12:00:00Z", NOON, DAY), Ok(NOON));
    }

    #[test]
    fn anything_else_is_refused_with_examples() {
        for text in [
            "",
            "d",
            "yesterday",
            "-3d",
            "7",
            "2026-02-30",
            "7ä",
            "99999999999d",
        ] {
            assert_eq!(parse(text, NOON, 0), Err(EXPECTED.to_owned()), "{text:?}");
        }
    }
}
