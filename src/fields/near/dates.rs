//! Dates near the headline.

use super::super::dates;
use super::bylines::BYLINE_STARTS;
use super::{AFTER, MAX_DATE_CHARS, MAX_LINE_CHARS, MIN_RUNNING_CHARS, Near, after_start, is_short};
use crate::article::PageDate;

/// Characters of the longest block that is a date and nothing else.
const MAX_BARE_DATE_CHARS: usize = 32;

/// Dates taken of near and of far blocks.
const MAX_DATES: usize = 4;

/// First words of a line that says when the article was published, in comparable form.
#[rustfmt::skip]
const DATE_STARTS: &[&str] = &[
    "publish", "posted", "veroffentlicht", "erschienen", "erstellt", "stand", "publie", "publicado",
    "publicada", "pubblicato", "gepubliceerd", "opublikowan", "publicerad", "publisert", "created", "date",
    "datum", "fecha", "data", "am", "on", "last updated", "updated", "aktualisiert", "mis a jour",
    "actualizado", "aggiornato", "uppdaterad", "last modified", "first published", "originally published",
    "release date", "date published",
];

impl Near<'_> {
    /// Dates in lines that hold little else, those near the headline first.
    pub(in crate::fields) fn dates(&self, reader: &dates::Reader) -> Vec<PageDate> {
        let mut found: Vec<PageDate> = self.near_dates(reader).take(MAX_DATES).collect();
        let openings = self
            .near()
            .iter()
            .take(AFTER)
            .filter_map(|line| reader.read_opening(line.text));
        found.extend(openings.take(1));
        let far = self.texts().zip(self.texts().skip(1)).filter_map(|(line, next)| {
            let said = after_start(line, DATE_STARTS).filter(|_| is_short(line, MAX_LINE_CHARS))?;
            // A label alone names the line after it.
            let is_label = said.trim_matches([':', ' ']).is_empty() && is_short(next, MAX_BARE_DATE_CHARS);
            reader.read_published(if is_label { next } else { line })
        });
        found.extend(far.take(MAX_DATES));
        if found.is_empty() {
            found.extend(self.only_date(reader));
        }
        found
    }

    /// The date that the page shows under its headline, before the first running text: the one that it calls that of
    /// publication, else the first, where it does not show `day`.
    pub(in crate::fields) fn shown_date(&self, reader: &dates::Reader, day: &str) -> Option<PageDate> {
        let (mut shown, mut day_is_shown) = (None, false);
        // Each showing of the title has its lines; the first is the page's own.
        for under in self
            .near()
            .chunk_by(|a, b| a.under == b.under)
            .filter(|lines| lines[0].under > 0)
        {
            let lines = under
                .iter()
                .take_while(|line| line.block.chars < MIN_RUNNING_CHARS)
                .map(|line| line.text)
                .filter(|line| is_short(line, MAX_DATE_CHARS));
            let mut of_title = None;
            for line in lines {
                let Some(date) = reader.read_published(line) else {
                    continue;
                };
                if date.day() == day {
                    day_is_shown = true;
                } else if dates::speaks_of_first(line) {
                    return Some(date);
                }
                if of_title.is_none() && !dates::speaks_of_change(line) {
                    of_title = Some(date);
                }
            }
            shown = of_title.or(shown);
        }
        shown.filter(|_| !day_is_shown)
    }

    /// Dates in short lines near the headline.
    fn near_dates<'n>(&'n self, reader: &'n dates::Reader) -> impl Iterator<Item = PageDate> + 'n {
        let is_said = |line: &str| {
            is_short(line, MAX_DATE_CHARS)
                || after_start(line, DATE_STARTS).is_some()
                || after_start(line, BYLINE_STARTS).is_some()
                || dates::speaks_of_publication(line)
        };
        self.near()
            .iter()
            .map(|line| line.text)
            .filter(move |line| is_short(line, MAX_LINE_CHARS) && is_said(line))
            .filter_map(|line| reader.read_published(line))
    }

    /// The date of the only line that is one, where the page has no others.
    fn only_date(&self, reader: &dates::Reader) -> Option<PageDate> {
        let mut dates = self
            .texts()
            .filter(|line| is_short(line, MAX_BARE_DATE_CHARS))
            .filter_map(|line| reader.read(line));
        let first = dates.next()?;
        dates.all(|other| other.day() == first.day()).then_some(first)
    }
}
