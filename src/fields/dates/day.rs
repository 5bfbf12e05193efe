//! The patterns in which a day is written, matched on tokens.

use jiff::civil::Date;

use super::super::text;
use super::tokens::Token;
use super::{Order, months};

/// The web has no older article; an older date is a subject's or a default.
const FIRST_YEAR: i64 = 1990;

/// A date found among tokens: the day, and the index after it.
pub(super) type Hit = (Date, usize);

/// `24.11.2026`, `24/11/26`, `11-24-2026`.
pub(super) fn numeric(order: Order, tokens: &[Token], at: usize) -> Option<Hit> {
    let first = tokens.get(at)?.number(1, 2)?;
    let mark = tokens
        .get(at + 1)
        .filter(|token| token.is_mark(&['.', '/', '-']))?;
    let second = tokens.get(at + 2)?.number(1, 2)?;
    tokens.get(at + 3).filter(|token| *token == mark)?;
    let year = year_of(tokens.get(at + 4)?, mark)?;
    let is_day_first = first > 12 || mark.is_mark(&['.']) || (order == Order::DayMonth && second <= 12);
    let (day, month) = if is_day_first {
        (first, second)
    } else {
        (second, first)
    };
    Some((date(year, month, day)?, at + 5))
}

/// `2026-11-24`, `2026/11/24`, `2026. 11. 24.`, `2026年11月24日`, `2026 Nov 24`.
pub(super) fn year_first(tokens: &[Token], at: usize) -> Option<Hit> {
    const SEPARATORS: &[char] = &['-', '/', '.', '_', ','];
    let year = tokens.get(at)?.number(4, 4)?;
    let mut next = at + 1;
    let mut numbers = [0_i64; 2];
    for number in &mut numbers {
        let is_separator =
            |token: &Token| token.is_mark(SEPARATORS) || token.is_word(&["年", "月", "년", "월"]);
        // Hangul syllables decompose in the comparable form.
        let is_korean = |token: &Token| matches!(token, Token::Word(word) if *word == text::key("년") || *word == text::key("월"));
        if tokens
            .get(next)
            .is_some_and(|token| is_separator(token) || is_korean(token))
        {
            next += 1;
        }
        *number = match tokens.get(next)? {
            Token::Word(word) => i64::from(months::number(word)?),
            token => token.number(1, 2)?,
        };
        next += 1;
    }
    // "2026 11 24" with nothing between is no date, and neither is the year of "2026.1.2.3".
    if next == at + 3 && !matches!(tokens.get(at + 1)?, Token::Word(_)) {
        return None;
    }
    Some((date(year, numbers[0], numbers[1])?, next))
}

/// `24. November 2026`, `24th of November, 2026`, `24 de noviembre de 2026`, `24-Nov-26`.
pub(super) fn day_name_year(tokens: &[Token], at: usize) -> Option<Hit> {
    let day = tokens.get(at)?.number(1, 2)?;
    let mut next = skip(
        tokens,
        at + 1,
        &["st", "nd", "rd", "th", "er", "de", "of", "a", "o", "e"],
    );
    let Token::Word(name) = tokens.get(next)? else {
        return None;
    };
    let month = months::number(name)?;
    next = skip(tokens, next + 1, &["de", "del", "di", "of", "г"]);
    let year = year_of(tokens.get(next)?, &tokens[next - 1])?;
    Some((date(year, i64::from(month), day)?, next + 1))
}

/// `November 24, 2026`, `Nov. 24th 2026`.
pub(super) fn name_day_year(tokens: &[Token], at: usize) -> Option<Hit> {
    let Token::Word(name) = tokens.get(at)? else {
        return None;
    };
    let month = months::number(name)?;
    let mut next = skip(tokens, at + 1, &["the"]);
    let day = tokens.get(next)?.number(1, 2)?;
    next = skip(tokens, next + 1, &["st", "nd", "rd", "th"]);
    let year = tokens.get(next)?.number(4, 4)?;
    Some((date(year, i64::from(month), day)?, next + 1))
}

/// The first index from `at` on that is neither one of these words nor a mark between the parts of a date.
fn skip(tokens: &[Token], at: usize, words: &[&str]) -> usize {
    let is_filler = |token: &Token| {
        token.is_word(words) || token.is_mark(&['.', ',', '-', '/', '\'', '’', 'º', 'ª', '°'])
    };
    let length = tokens
        .iter()
        .skip(at)
        .take(3)
        .take_while(|token| is_filler(token))
        .count();
    at + length
}

/// A year of four digits, or of two where marks make clear that it is one.
fn year_of(token: &Token, before: &Token) -> Option<i64> {
    token.number(4, 4).or_else(|| {
        let short = token.number(2, 2)?;
        before
            .is_mark(&['.', '/', '-', '\'', '’'])
            .then_some(2000 + short)
    })
}

/// `20261124` as a day.
pub(super) fn compact(value: i64) -> Option<Date> {
    date(value / 10_000, value / 100 % 100, value % 100)
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    if year < FIRST_YEAR {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}
