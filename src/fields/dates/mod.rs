//! Dates as pages write them, to [`PageDate`].

mod months;
mod tokens;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::article::PageDate;
use tokens::{Token, tokens};

/// The web has no older article; an older date is a subject's or a default.
const FIRST_YEAR: i64 = 1990;

/// How far ahead of now a date may lie: time zones and scheduled stories.
const MAX_AHEAD_SECONDS: i64 = 24 * 3600;

/// Characters at the start of a paragraph that may be its date.
const MAX_OPENING_CHARS: usize = 40;

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

/// Starts of words that introduce the date of publication, in comparable form.
const PUBLISHED: &[&str] = &[
    "publish",
    "posted",
    "veroffentlicht",
    "erstellt",
    "erschienen",
    "publie",
    "publicado",
    "publicada",
    "pubblicat",
    "gepubliceerd",
    "publicerad",
    "publisert",
    "opublikowan",
    "created",
    "опубликован",
    "опубліковано",
    "yayin",
    "julkaistu",
    "publikovan",
];

/// Starts of words that introduce the date of a change, in comparable form.
const UPDATED: &[&str] = &[
    "update",
    "modified",
    "aktualis",
    "geandert",
    "modifie",
    "actualiz",
    "atualiz",
    "aggiornat",
    "bijgewerkt",
    "uppdaterad",
    "oppdatert",
    "opdateret",
    "reviewed",
    "edited",
    "обновлен",
    "оновлено",
    "guncelle",
    "paivitetty",
    "aktualizov",
];

/// How a date of three small numbers is read where both ways are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 4/7/2026 is the fourth of July.
    DayMonth,
    /// 4/7/2026 is the seventh of April.
    MonthDay,
}

impl Order {
    /// The custom of a language (BCP 47) and of a host's country.
    pub(super) fn of(language: Option<&str>, host: Option<&str>) -> Self {
        const DAY_FIRST_HOSTS: &[&str] = &[
            "uk", "au", "nz", "ie", "in", "za", "ng", "ke", "sg", "my", "pk", "gh", "eu",
        ];
        let language = language.unwrap_or("en");
        let is_english = language == "en" || matches!(language, "en-US" | "en-PH");
        let country = host.and_then(|host| host.rsplit('.').next()).unwrap_or_default();
        if is_english && !(language == "en" && DAY_FIRST_HOSTS.contains(&country)) {
            Self::MonthDay
        } else {
            Self::DayMonth
        }
    }
}

/// Reads dates for one page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    /// No date lies further than a day after this.
    pub(super) now: Timestamp,
    /// For numeric dates.
    pub(super) order: Order,
}

/// A date found among tokens: the day, and the index after it.
type Hit = (Date, usize);

impl Reader {
    /// The first believable date in a text: an attribute's value or a line that holds one.
    pub(super) fn read(&self, raw: &str) -> Option<PageDate> {
        let tokens = tokens(raw);
        if let [only] = tokens.as_slice()
            && let Some(date) = self.stamp(only)
        {
            return Some(date);
        }
        (0..tokens.len()).find_map(|start| {
            let (day, end) = self.day_at(&tokens, start)?;
            self.finish(day, &tokens[end..])
        })
    }

    /// Like [`Self::read`], of a line whose words name several dates: the one after "published" and its kin, else the
    /// first that is not introduced by "updated" and its kin.
    pub(super) fn read_published(&self, raw: &str) -> Option<PageDate> {
        let tokens = tokens(raw);
        let mut introduced_by_update = false;
        let mut found = [None, None, None];
        let mut rank = 1;
        let mut at = 0;
        while at < tokens.len() {
            if let Token::Word(word) = &tokens[at] {
                if PUBLISHED.iter().any(|start| word.starts_with(start)) {
                    rank = 0;
                } else if UPDATED.iter().any(|start| word.starts_with(start)) {
                    rank = 2;
                    introduced_by_update = true;
                }
            }
            if let Some((day, end)) = self.day_at(&tokens, at)
                && let Some(date) = self.finish(day, &tokens[end..])
            {
                found[rank].get_or_insert(date);
                rank = 1;
                at = end;
            } else {
                at += 1;
            }
        }
        if !introduced_by_update && found.iter().all(Option::is_none) {
            return self.read(raw);
        }
        found.into_iter().flatten().next()
    }

    /// The date that a paragraph opens with, as in "24.11.2026 The vote ..." or "(24 November 2026) The vote ...".
    pub(super) fn read_opening(&self, raw: &str) -> Option<PageDate> {
        let raw = raw.trim_start();
        let tokens = tokens(super::text::bound(raw, MAX_OPENING_CHARS));
        let start = usize::from(tokens.first()?.is_mark(&['(', '[']));
        tokens.get(start)?.number(1, 4)?;
        let (day, end) = self.day_at(&tokens, start)?;
        self.finish(day, &tokens[end..])
    }

    /// The date in the path of a URL: `/2026/11/24/`, `/2026-11-24-`, `/20261124`.
    pub(super) fn in_path(&self, path: &str) -> Option<PageDate> {
        let tokens = tokens(path);
        (0..tokens.len()).find_map(|at| {
            let day = match tokens.get(at)? {
                Token::Number { value, digits: 8 } => compact(*value)?,
                Token::Number { digits: 4, .. } => year_first(&tokens, at).map(|(day, _)| day)?,
                _ => return None,
            };
            self.check(day, None)
        })
    }

    /// A whole value that is one number: seconds or milliseconds since 1970, or a compact date.
    fn stamp(&self, token: &Token) -> Option<PageDate> {
        let Token::Number { value, digits } = token else {
            return None;
        };
        let seconds = match digits {
            8 => return self.check(compact(*value)?, None),
            14 => return self.check(compact(value / 1_000_000)?, None),
            10 => *value,
            13 => value / 1000,
            _ => return None,
        };
        let moment = TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?);
        self.check(
            moment.date(),
            Some((
                i64::from(moment.hour()),
                i64::from(moment.minute()),
                i64::from(moment.second()),
                0,
            )),
        )
    }

    /// A day written from this token on.
    fn day_at(&self, tokens: &[Token], at: usize) -> Option<Hit> {
        // A number that goes on from another ("1/24/11/2026", "3.24.11.2026") starts no date.
        if at >= 2 && tokens[at - 1].is_mark(&['/', '.', '-', ':']) && tokens[at - 2].number(1, 4).is_some() {
            return None;
        }
        match tokens.get(at)? {
            Token::Number { value, digits: 8 } if at == 0 => Some((compact(*value)?, at + 1)),
            Token::Number { digits: 4, .. } => year_first(tokens, at),
            Token::Number { digits: 1 | 2, .. } => {
                day_name_year(tokens, at).or_else(|| self.numeric(tokens, at))
            }
            Token::Word(_) => name_day_year(tokens, at),
            _ => None,
        }
    }

    /// `24.11.2026`, `24/11/26`, `11-24-2026`.
    fn numeric(&self, tokens: &[Token], at: usize) -> Option<Hit> {
        let first = tokens.get(at)?.number(1, 2)?;
        let mark = tokens
            .get(at + 1)
            .filter(|token| token.is_mark(&['.', '/', '-']))?;
        let second = tokens.get(at + 2)?.number(1, 2)?;
        tokens.get(at + 3).filter(|token| *token == mark)?;
        let year = year_of(tokens.get(at + 4)?, mark)?;
        let is_day_first =
            first > 12 || mark.is_mark(&['.']) || (self.order == Order::DayMonth && second <= 12);
        let (day, month) = if is_day_first {
            (first, second)
        } else {
            (second, first)
        };
        Some((date(year, month, day)?, at + 5))
    }

    /// Adds the time that follows a day, where one with an offset does, and checks the result.
    fn finish(&self, day: Date, after: &[Token]) -> Option<PageDate> {
        self.check(day, time(after))
    }

    fn check(&self, day: Date, time: Option<Time>) -> Option<PageDate> {
        let text = match time {
            None => day.to_string(),
            Some((hour, minute, second, 0)) => format!("{day}T{hour:02}:{minute:02}:{second:02}Z"),
            Some((hour, minute, second, offset)) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let offset = offset.abs();
                let (hours, minutes) = (offset / 3600, offset % 3600 / 60);
                format!("{day}T{hour:02}:{minute:02}:{second:02}{sign}{hours:02}:{minutes:02}")
            }
        };
        let date = PageDate::parse(&text)?;
        (date.epoch_seconds() <= self.now.as_second() + MAX_AHEAD_SECONDS).then_some(date)
    }
}

/// Hour, minute, second, and the offset in seconds east of UTC.
type Time = (i64, i64, i64, i32);

/// A time with an offset at the start of these tokens. A time whose offset is unknown is none: RFC 3339 cannot say it.
fn time(tokens: &[Token]) -> Option<Time> {
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

/// `2026-11-24`, `2026/11/24`, `2026. 11. 24.`, `2026年11月24日`, `2026 Nov 24`.
fn year_first(tokens: &[Token], at: usize) -> Option<Hit> {
    const SEPARATORS: &[char] = &['-', '/', '.', '_', ','];
    let year = tokens.get(at)?.number(4, 4)?;
    let mut next = at + 1;
    let mut numbers = [0_i64; 2];
    for number in &mut numbers {
        let is_separator =
            |token: &Token| token.is_mark(SEPARATORS) || token.is_word(&["年", "月", "년", "월"]);
        // Hangul syllables decompose in the comparable form.
        let is_korean = |token: &Token| matches!(token, Token::Word(word) if *word == super::text::key("년") || *word == super::text::key("월"));
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
fn day_name_year(tokens: &[Token], at: usize) -> Option<Hit> {
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
fn name_day_year(tokens: &[Token], at: usize) -> Option<Hit> {
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

/// Whether a line says that something was published or changed.
pub(super) fn speaks_of_publication(line: &str) -> bool {
    let is_one = |word: &Token| matches!(word, Token::Word(word) if PUBLISHED.iter().chain(UPDATED).any(|start| word.starts_with(start)));
    tokens(line).iter().any(is_one)
}

/// The first date; a bare day is completed by a later source that knows the time of that day.
pub(super) fn pick(dates: &[PageDate]) -> Option<PageDate> {
    let first = dates.first()?;
    let has_time = |date: &PageDate| date.as_str().len() > date.day().len();
    let fuller = dates
        .iter()
        .find(|date| date.day() == first.day() && has_time(date));
    fuller.filter(|_| !has_time(first)).or(Some(first)).cloned()
}

/// `20261124` as a day.
fn compact(value: i64) -> Option<Date> {
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

#[cfg(test)]
mod tests;
