//! Where a page names its dates, the surest source first.

use super::super::meta;
use super::super::near::Near;
use super::super::page::Page;
use super::super::text;
use super::{Reader, pick};
use crate::article::PageDate;
use crate::document::FieldName;

/// Characters of an element's text that are searched for a date.
const MAX_DATE_CHARS: usize = 400;

/// A day.
const DAY_SECONDS: i64 = 24 * 3600;

/// How far local time is ahead of UTC at most (Kiritimati).
const EAST_SECONDS: i64 = 14 * 3600;

/// How far it is behind at most (Hawaii and Samoa, where people live).
const WEST_SECONDS: i64 = 11 * 3600;

/// Blocks between the headline and its date at most.
const MAX_DISTANCE: usize = 8;

impl Page<'_> {
    /// When the article was first published.
    pub(in crate::fields) fn published(
        &self,
        reader: &Reader,
        title: Option<&str>,
        near: &Near<'_>,
        modified: Option<&PageDate>,
    ) -> Option<PageDate> {
        let read = |text: &str| reader.read(text);
        let properties = ["datePublished", "dateCreated", "uploadDate"];
        if let Some(date) = self.site(FieldName::Published).find_map(read) {
            return Some(date);
        }
        let mut dates: Vec<PageDate> = properties
            .iter()
            .filter_map(|name| self.nodes.string(name))
            .filter_map(read)
            .collect();
        dates.extend(self.meta.all(meta::PUBLISHED).filter_map(read));
        if dates.is_empty() {
            dates.extend(self.meta.any(meta::PUBLISHED_PARTS).filter_map(read));
        }
        let said = dates.len();
        let path = self.url.and_then(|url| reader.in_path(url.path()));
        if said == 0 {
            dates.extend(path.clone());
        }
        dates.extend(self.page_dates(reader, title));
        if dates.is_empty() {
            dates.extend(near.dates(reader));
        }
        dates.extend(path.clone());
        dates.extend(self.links("canonical").find_map(|href| reader.in_path(href)));
        let first = pick(&dates)?;
        let (said, shown) = dates.split_at(said);
        if said.is_empty() {
            return Some(first);
        }
        local_day(&first, path.as_ref(), shown)
            .or_else(|| earlier(&first, path.as_ref(), modified, near, reader))
            .or(Some(first))
    }

    /// Dates on the page, the surest and those nearest to the headline first.
    fn page_dates(&self, reader: &Reader, title: Option<&str>) -> Vec<PageDate> {
        let headline_at = self.headline_at(title);
        let mut dates: Vec<((bool, u8), usize, PageDate)> = self
            .below(FieldName::Published, headline_at)
            .filter_map(|found| {
                let date = reader.read_published(text::bound(&found.text, MAX_DATE_CHARS))?;
                let rank = match found.source.as_str() {
                    source if source.contains("datePublished") || source.contains("pubdate") => 0,
                    source if source.contains('@') => 1,
                    _ => 2,
                };
                let distance = found.at.abs_diff(headline_at.unwrap_or(0));
                let is_far = rank > 0 && distance > MAX_DISTANCE;
                Some(((is_far, rank), distance, date))
            })
            .collect();
        dates.sort_by_key(|(rank, distance, _)| (*rank, *distance));
        dates.into_iter().map(|(_, _, date)| date).collect()
    }

    /// When it was last changed.
    pub(in crate::fields) fn modified(&self, reader: &Reader) -> Option<PageDate> {
        let sources = self
            .site(FieldName::Modified)
            .chain(self.nodes.string("dateModified"))
            .chain(self.meta.all(meta::MODIFIED))
            .chain(self.common(FieldName::Modified));
        pick(&sources.filter_map(|text| reader.read(text)).collect::<Vec<_>>())
    }
}

/// The day that URL or page name where metadata gives the moment in UTC.
fn local_day(moment: &PageDate, path: Option<&PageDate>, shown: &[PageDate]) -> Option<PageDate> {
    let is_shown = shown.iter().any(|shown| shown.day() == moment.day());
    let nearest = shown.first().filter(|_| !is_shown);
    let mut days = path.into_iter().chain(nearest);
    days.find(|day| is_local_day(moment, day)).cloned()
}

/// The earlier date that the page shows where its metadata gives only when its system last wrote it.
fn earlier(
    said: &PageDate,
    path: Option<&PageDate>,
    modified: Option<&PageDate>,
    near: &Near<'_>,
    reader: &Reader,
) -> Option<PageDate> {
    let is_of_change = modified.is_none_or(|modified| modified.day() <= said.day());
    let is_in_path = path.is_some_and(|path| path.day() == said.day());
    if !is_of_change || is_in_path {
        return None;
    }
    near.shown_date(reader, said.day())
        .filter(|shown| shown.day() < said.day())
}

/// Whether a date that the page shows is the day in the publisher's own place at the moment that metadata gives in UTC.
fn is_local_day(moment: &PageDate, shown: &PageDate) -> bool {
    // A round hour may stand for a day without a time.
    let is_exact = moment.as_str().ends_with('Z') && !moment.as_str().ends_with("00:00Z");
    if !is_exact || shown.as_str().len() > shown.day().len() {
        return false;
    }
    let Some(day) = PageDate::parse(shown.day()) else {
        return false;
    };
    let since = moment.epoch_seconds() - day.epoch_seconds();
    // East of UTC the day begins before it does there, west of it it ends after.
    (-EAST_SECONDS..0).contains(&since) || (DAY_SECONDS..DAY_SECONDS + WEST_SECONDS).contains(&since)
}
