//! The time of day and its offset, after a date.

use super::tokens::Token;

/// Tokens that may stand between a date and its time: "at", a comma, a dash, a weekday.
const MAX_BETWEEN: usize = 4;

/// Zone names with one meaning, in seconds east of UTC.
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 3600),
    ("west", 3600),
    ("cet", 3600),
    ("mez", 3600),
    ("cest", 7200),
    ("mesz", 7200),
    ("eet", 7200),
    ("eest", 10_800),
    ("msk", 10_800),
    ("jst", 32_400),
    ("kst", 32_400),
    ("aest", 36_000),
    ("aedt", 39_600),
    ("nzst", 43_200),
    ("nzdt", 46_800),
    ("est", -18_000),
    ("edt", -14_400),
    ("cst", -21_600),
    ("cdt", -18_000),
    ("mst", -25_200),
    ("mdt", -21_600),
    ("pst", -28_800),
    ("pdt", -25_200),
];

/// Hour, minute, second, and the offset in seconds east of UTC.
pub(super) type Time = (i64, i64, i64, i32);

/// A time with an offset at the start of these tokens. A time whose offset is unknown is none: RFC 3339 cannot say it.
pub(super) fn time(tokens: &[Token]) -> Option<Time> {
    let at = (0..=MAX_BETWEEN.min(tokens.len())).find(|at| {
        tokens.get(*at).is_some_and(|token| token.number(1, 2).is_some())
            && tokens
                .get(at + 1)
                .is_some_and(|token| token.is_mark(&[':', '.']) || token.is_word(&["h", "am", "pm", "uhr"]))
    })?;
    let mut hour = tokens[at].number(1, 2)?;
    let mut next = at + 1;
    let mut minute = 0;
    let mut second = 0;
    if tokens
        .get(next)
        .is_some_and(|token| token.is_mark(&[':', '.']) || token.is_word(&["h"]))
    {
        minute = tokens.get(next + 1)?.number(2, 2)?;
        next += 2;
        if tokens.get(next).is_some_and(|token| token.is_mark(&[':']))
            && let Some(value) = tokens.get(next + 1).and_then(|token| token.number(2, 2))
        {
            second = value.min(59);
            next += 2;
        }
        if tokens.get(next).is_some_and(|token| token.is_mark(&['.', ',']))
            && tokens
                .get(next + 1)
                .is_some_and(|token| token.number(1, 9).is_some())
        {
            next += 2;
        }
    }
    let (shift, length) = half_of_day(&tokens[next..], hour);
    hour += shift;
    next += length;
    if tokens.get(next).is_some_and(|token| token.is_word(&["uhr"])) {
        next += 1;
    }
    let offset = offset(&tokens[next..])?;
    (hour < 24 && minute < 60).then_some((hour, minute, second, offset))
}

/// The hours that "am" or "pm" add to a clock of twelve, and the number of tokens it takes.
fn half_of_day(tokens: &[Token], hour: i64) -> (i64, usize) {
    let (is_pm, length) = match tokens {
        [Token::Word(word), ..] if word == "pm" => (true, 1),
        [Token::Word(word), ..] if word == "am" => (false, 1),
        [
            Token::Word(half),
            Token::Mark('.'),
            Token::Word(m),
            Token::Mark('.'),
            ..,
        ] if m == "m" => match half.as_str() {
            "p" => (true, 4),
            "a" => (false, 4),
            _ => return (0, 0),
        },
        _ => return (0, 0),
    };
    match (is_pm, hour) {
        (true, 1..=11) => (12, length),
        (false, 12) => (-12, length),
        _ => (0, length),
    }
}

/// An offset or zone name at the start of these tokens, in seconds east of UTC.
fn offset(tokens: &[Token]) -> Option<i32> {
    let skip = usize::from(tokens.first()?.is_mark(&['(', '[']));
    let tokens = &tokens[skip..];
    let numeric = match tokens.first()? {
        Token::Word(zone) if zone == "utc" || zone == "gmt" => signed(&tokens[1..]),
        _ => signed(tokens),
    };
    numeric.or_else(|| match tokens.first()? {
        Token::Word(zone) => ZONES
            .iter()
            .find(|(name, _)| name == zone)
            .map(|(_, seconds)| *seconds),
        _ => None,
    })
}

/// `+01:00`, `-0500`, `+2`.
fn signed(tokens: &[Token]) -> Option<i32> {
    let sign = match tokens.first()? {
        Token::Mark('+') => 1,
        Token::Mark('-' | '−') => -1,
        _ => return None,
    };
    let (hours, minutes) = match tokens.get(1)? {
        Token::Number { value, digits: 4 } => (value / 100, value % 100),
        Token::Number { value, digits: 1 | 2 } => {
            let has_colon = tokens.get(2).is_some_and(|token| token.is_mark(&[':']));
            let minutes = tokens
                .get(3)
                .and_then(|token| token.number(2, 2))
                .filter(|_| has_colon);
            (*value, minutes.unwrap_or(0))
        }
        _ => return None,
    };
    (hours <= 15 && minutes < 60).then(|| sign * (hours * 3600 + minutes * 60) as i32)
}
