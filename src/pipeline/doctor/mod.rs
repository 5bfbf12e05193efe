//! The rot alarm: which rules of a site have stopped working, since when, and on which pages.
//!
//! It looks at the counts that crawls have left in the store, day by day. A number that was usual and has fallen is a trouble:
//!
//! | what | was | has fallen to |
//! |---|---|---|
//! | pages that some layout fits | most | half of that |
//! | pages on which a rule matches, of those its layout fits | most | a tenth of that |
//! | pages with a title, authors, a date | most | a quarter of that |
//! | the length of the body, as a geometric mean | | a third of that |
//! | agreement with the general cleaner | most | half of that |
//!
//! It speaks from [`ENOUGH_PAGES`] pages on, before and after; for what was on a part of the pages, so many that it should have
//! been on [`ENOUGH_PAGES`] of them. What was always rare never alarms. A file that was changed is judged by the pages since; a
//! single rule by all pages, for as long as it is written in the file as it was.

mod fall;
mod propose;

use serde::Serialize;

use crate::rules::{Layout, Rules, SiteRules};
use crate::store::{LayoutDay, RULE_DAY_URLS, RuleDay, RuleSite};
use fall::{Fall, Point, Test, fall};

pub use propose::{ProposeError, Repair, propose};

/// From so many pages on, before and after, something is said.
pub const ENOUGH_PAGES: f64 = 8.0;

/// What is on this share of the pages is usual.
const MOST: f64 = 0.5;

/// Seconds of a day.
pub(super) const DAY_SECONDS: i64 = 24 * 60 * 60;

const LAYOUTS: Test = Test {
    least: MOST,
    down: |before| before / 2.0,
    enough: |before| ENOUGH_PAGES / before,
};
const RULE: Test = Test {
    least: MOST,
    down: |before| before / 10.0,
    enough: |before| ENOUGH_PAGES / before,
};
const FIELD: Test = Test {
    least: MOST,
    down: |before| before / 4.0,
    enough: |before| ENOUGH_PAGES / before,
};
/// Over logarithms.
const LENGTH: Test = Test {
    least: 0.0,
    down: |before| before - LN_3,
    enough: |_| ENOUGH_PAGES,
};
const AGREEMENT: Test = Test {
    least: MOST,
    down: |before| before / 2.0,
    enough: |_| ENOUGH_PAGES,
};

/// The natural logarithm of 3.
const LN_3: f64 = 1.098_612_288_668_11;

/// What has stopped working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// No layout fits the pages any more; the layout is the one that fitted most.
    Layout,
    /// A rule matches nothing any more.
    Rule,
    /// The body has become much shorter.
    Length,
    /// No headline is found any more.
    Title,
    /// No authors are found any more.
    Authors,
    /// No date of publication is found any more.
    Published,
    /// The general cleaner keeps something else than the rules.
    Agreement,
}

/// Something in the file of a site that worked and does no longer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trouble {
    /// The site: a registrable domain, or else a host.
    pub site: String,
    /// What has stopped.
    pub kind: TroubleKind,
    /// The selector file, as it was loaded.
    pub file: String,
    /// The line of the rule or layout, from 1.
    pub line: u32,
    /// The layout.
    pub layout: String,
    /// The rule as it is written, after its key; for a layout, what says that it fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The first day on which it did not work, as "2026-11-24".
    pub since: String,
    /// What it was on the pages before: a share, 0 to 1, or for `Length` characters.
    pub before: f64,
    /// Those pages.
    pub pages_before: u32,
    /// What it has been since.
    pub after: f64,
    /// The pages since.
    pub pages_after: u32,
    /// Some of the pages since.
    pub pages: Vec<String>,
}

impl Trouble {
    /// What has stopped, in words: "no layout fits any more; before, `2024` did".
    pub fn what(&self) -> String {
        let Self { layout, rule, .. } = self;
        let rule = rule.as_deref().unwrap_or_default();
        match self.kind {
            TroubleKind::Layout => format!("layout `{layout}` ({rule}) no longer fits, nor does another"),
            TroubleKind::Rule => format!("{rule} of layout `{layout}` no longer matches"),
            TroubleKind::Length => format!("the body of layout `{layout}` has become much shorter"),
            TroubleKind::Title => format!("layout `{layout}` no longer finds a title"),
            TroubleKind::Authors => format!("layout `{layout}` no longer finds authors"),
            TroubleKind::Published => format!("layout `{layout}` no longer finds a date of publication"),
            TroubleKind::Agreement => {
                format!("layout `{layout}` no longer keeps what the general cleaner would")
            }
        }
    }

    /// The numbers, in words: "0% of 12 pages, before 100% of 30".
    pub fn numbers(&self) -> String {
        let number = |mean: f64| match self.kind {
            TroubleKind::Length => format!("{mean:.0} characters on"),
            _ => format!("{:.0}% of", mean * 100.0),
        };
        format!(
            "{} {} pages, before {} {}",
            number(self.after),
            self.pages_after,
            number(self.before),
            self.pages_before
        )
    }
}

/// What the counts of a site say about its file; nothing where the file is gone. Days are in their order, each days since the epoch.
pub fn examine(site: &RuleSite, days: &[(u32, RuleDay)], rules: &Rules) -> Vec<Trouble> {
    let Some(file) = rules.files().iter().find(|file| file.short_name() == site.file) else {
        return Vec::new();
    };
    let version = rules.version_of(file);
    let patient = Patient {
        site,
        file,
        days,
        rules,
        version: &version,
    };
    let mut troubles: Vec<Trouble> = patient.layouts().into_iter().collect();
    for layout in &file.layouts {
        patient.of_layout(layout, &mut troubles);
    }
    troubles
}

/// A file and its counts.
struct Patient<'a> {
    site: &'a RuleSite,
    file: &'a SiteRules,
    days: &'a [(u32, RuleDay)],
    rules: &'a Rules,
    version: &'a str,
}

/// The sum of a number over the pages of a day, and how many pages have one.
type Count = fn(&LayoutDay) -> (f64, u32);

/// What a fall is of.
struct Part<'a> {
    kind: TroubleKind,
    layout: &'a Layout,
    line: u32,
    rule: Option<String>,
}

impl Patient<'_> {
    /// Pages that some layout fits.
    fn layouts(&self) -> Option<Trouble> {
        let points = self.days.iter().map(|(day, counts)| Point {
            day: *day,
            sum: f64::from(counts.pages() - counts.unfit),
            pages: counts.pages(),
            is_current: counts.version == self.version,
        });
        let fall = fall(&points.collect::<Vec<_>>(), LAYOUTS)?;
        let layout = self.usual_layout(fall.day)?;
        let origins = layout.rules.iter().map(|rule| self.rules.origin(*rule));
        let key = if layout.has_when { "when" } else { "body" };
        let fits: Vec<&str> = origins
            .filter(|origin| origin.name == key)
            .map(|origin| origin.text.as_str())
            .collect();
        let part = Part {
            kind: TroubleKind::Layout,
            layout,
            line: layout.line,
            rule: Some(fits.join(", ")),
        };
        Some(self.trouble(part, fall, |counts| Some(&counts.unfit_urls)))
    }

    /// The layout of today's file that fitted most pages before a day.
    fn usual_layout(&self, before: u32) -> Option<&Layout> {
        let pages = |layout: &&Layout| {
            let days = self.days.iter().filter(|(day, _)| *day < before);
            days.filter_map(|(_, counts)| counts.layouts.get(&layout.name))
                .map(|counts| u64::from(counts.pages))
                .sum::<u64>()
        };
        self.file.layouts.iter().max_by_key(pages)
    }

    fn of_layout(&self, layout: &Layout, troubles: &mut Vec<Trouble>) {
        for rule in &layout.rules {
            let origin = self.rules.origin(*rule);
            let key = origin.key();
            let matched =
                |counts: &LayoutDay| (counts.rules.get(&key).copied().unwrap_or(0).into(), counts.pages);
            let points: Vec<Point> = self.points(layout, matched).map(always).collect();
            if let Some(fall) = fall(&points, RULE) {
                let part = Part {
                    kind: TroubleKind::Rule,
                    layout,
                    line: origin.line,
                    rule: Some(format!("`{}` {}", origin.name, origin.text)),
                };
                troubles.push(self.of_pages(part, fall));
            }
        }
        let counts: [(TroubleKind, Test, Count); 5] = [
            (TroubleKind::Title, FIELD, |day| (day.title.into(), day.pages)),
            (TroubleKind::Authors, FIELD, |day| (day.authors.into(), day.pages)),
            (TroubleKind::Published, FIELD, |day| {
                (day.published.into(), day.pages)
            }),
            (TroubleKind::Length, LENGTH, |day| (day.log_chars, day.pages)),
            (TroubleKind::Agreement, AGREEMENT, |day| {
                (day.agreement, day.asked)
            }),
        ];
        for (kind, test, count) in counts {
            let points: Vec<Point> = self
                .points(layout, count)
                .filter(|point| point.is_current)
                .collect();
            if let Some(mut fall) = fall(&points, test) {
                if kind == TroubleKind::Length {
                    (fall.before, fall.after) = (fall.before.exp_m1(), fall.after.exp_m1());
                }
                let part = Part {
                    kind,
                    layout,
                    line: layout.line,
                    rule: None,
                };
                troubles.push(self.of_pages(part, fall));
            }
        }
    }

    /// A number of the pages that a layout fitted, day by day: its sum and of how many pages.
    fn points<'a>(
        &'a self,
        layout: &'a Layout,
        count: impl Fn(&LayoutDay) -> (f64, u32) + 'a,
    ) -> impl Iterator<Item = Point> + 'a {
        self.days.iter().filter_map(move |(day, counts)| {
            let (sum, pages) = count(counts.layouts.get(&layout.name)?);
            Some(Point {
                day: *day,
                sum,
                pages,
                is_current: counts.version == self.version,
            })
        })
    }

    fn of_pages(&self, part: Part<'_>, fall: Fall) -> Trouble {
        let name = part.layout.name.clone();
        self.trouble(part, fall, |counts| {
            counts.layouts.get(&name).map(|layout| &layout.urls)
        })
    }

    fn trouble<'a>(
        &'a self,
        part: Part<'_>,
        fall: Fall,
        urls: impl Fn(&'a RuleDay) -> Option<&'a Vec<String>>,
    ) -> Trouble {
        let since = self.days.iter().filter(|(day, _)| *day >= fall.day);
        // Of the last days first: those pages are the likeliest to be still there.
        let pages = since.rev().filter_map(|(_, counts)| urls(counts)).flatten();
        Trouble {
            site: self.site.site.clone(),
            kind: part.kind,
            file: self.file.file.clone(),
            line: part.line,
            layout: part.layout.name.clone(),
            rule: part.rule,
            since: date(fall.day),
            before: fall.before,
            pages_before: fall.pages_before,
            after: fall.after,
            pages_after: fall.pages_after,
            pages: pages.take(RULE_DAY_URLS).cloned().collect(),
        }
    }
}

/// A rule that is written as it was counts whatever else has changed in its file.
fn always(point: Point) -> Point {
    Point {
        is_current: true,
        ..point
    }
}

/// A day since the epoch, as "2026-11-24".
fn date(day: u32) -> String {
    let time = jiff::Timestamp::from_second(i64::from(day) * DAY_SECONDS);
    time.map_or_else(|_| "?".to_owned(), |time| time.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests;
