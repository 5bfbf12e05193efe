//! Dates as pages write them, to [`PageDate`].

mod day;
mod months;
mod sources;
mod time;
mod tokens;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::article::PageDate;
use day::{compact, day_name_year, name_day_year, numeric, year_first};
use time::{Time, time};
use tokens::{Token, tokens};

/// How far ahead of now a date may lie: time zones and scheduled stories.
const MAX_AHEAD_SECONDS: i64 = 24 * 3600;

/// Characters at the start of a paragraph that may be its date.
const MAX_OPENING_CHARS: usize = 40;

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
    fn day_at(&self, tokens: &[Token], at: usize) -> Option<day::Hit> {
        // A number that goes on from another ("1/24/11/2026", "3.24.11.2026") starts no date.
        if at >= 2 && tokens[at - 1].is_mark(&['/', '.', '-', ':']) && tokens[at - 2].number(1, 4).is_some() {
            return None;
        }
        match tokens.get(at)? {
            Token::Number { value, digits: 8 } if at == 0 => Some((compact(*value)?, at + 1)),
            Token::Number { digits: 4, .. } => year_first(tokens, at),
            Token::Number { digits: 1 | 2, .. } => {
                day_name_year(tokens, at).or_else(|| numeric(self.order, tokens, at))
            }
            Token::Word(_) => name_day_year(tokens, at),
            _ => None,
        }
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

/// Whether a line says that something was published or changed.
pub(super) fn speaks_of_publication(line: &str) -> bool {
    has_word(line, |word| {
        starts_with_one(word, PUBLISHED) || starts_with_one(word, UPDATED)
    })
}

/// Whether a line says that something was published, and not that it was changed.
pub(super) fn speaks_of_first(line: &str) -> bool {
    has_word(line, |word| starts_with_one(word, PUBLISHED)) && !speaks_of_change(line)
}

/// Whether a line says that something was changed.
pub(super) fn speaks_of_change(line: &str) -> bool {
    has_word(line, |word| starts_with_one(word, UPDATED))
}

fn has_word(line: &str, fits: impl Fn(&str) -> bool) -> bool {
    tokens(line)
        .iter()
        .any(|token| matches!(token, Token::Word(word) if fits(word)))
}

fn starts_with_one(word: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| word.starts_with(start))
}

/// Whether a comparable word is the name of a month.
pub(super) fn is_month(key: &str) -> bool {
    months::number(key).is_some()
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

#[cfg(test)]
mod tests;
