//! The lines of the page around its headline: where bylines and dates stand that no markup names.

use std::cell::OnceCell;

use super::authors::{self, Form};
use super::{dates, text};
use crate::article::PageDate;

/// Lines looked at in search of the headline.
const MAX_LINES: usize = 4_000;

/// Lines after the headline that may hold byline and date.
const AFTER: usize = 14;

/// Lines before the headline that may.
const BEFORE: usize = 5;

/// Characters of the longest line that may be a byline or hold the date; a longer one is running text.
const MAX_LINE_CHARS: usize = 120;

/// Characters of the longest line that may hold the date without saying that it is one of publication.
const MAX_DATE_CHARS: usize = 60;

/// Characters of the longest line that is a date and nothing else.
const MAX_BARE_DATE_CHARS: usize = 32;

/// Characters of the longest line that is a name.
const MAX_NAME_CHARS: usize = 40;

/// Bytes of the shortest part of a title that is taken for it.
const MIN_TITLE_BYTES: usize = 16;

/// Times that a page shows its title before its text begins.
const MAX_TITLES: usize = 3;

/// Dates taken of near and of far lines.
const MAX_DATES: usize = 4;

/// First words of a byline, as "By Ann Lee", in comparable form.
#[rustfmt::skip]
const BYLINE_STARTS: &[&str] = &[
    "by", "von", "por", "par", "door", "av", "af", "di", "przez", "written by", "posted by", "published by",
    "words by", "story by", "reported by", "author", "authors", "autor", "autorin", "autoren", "autora",
    "autore", "auteur", "texte", "text von", "ein artikel von", "ein beitrag von", "geschrieben von",
    "verfasst von", "escrito por", "publicado por", "ecrit par", "publie par", "scritto da", "a cura di",
    "geschreven door", "tekst", "автор", "oleh", "contributed by", "article by", "post author",
    "about the author", "автор статьи", "kirjoittanut", "yazan",
];

/// First words of a line that says when the article was published, in comparable form.
#[rustfmt::skip]
const DATE_STARTS: &[&str] = &[
    "publish", "posted", "veroffentlicht", "erschienen", "erstellt", "stand", "publie", "publicado",
    "publicada", "pubblicato", "gepubliceerd", "opublikowan", "publicerad", "publisert", "created", "date",
    "datum", "fecha", "data", "am", "on", "last updated", "updated", "aktualisiert", "mis a jour",
    "actualizado", "aggiornato", "uppdaterad", "last modified", "first published", "originally published",
    "release date", "date published",
];

/// Lines of the page near its headline, those after it first.
#[derive(Debug, Default)]
struct Lines<'a> {
    near: Vec<&'a str>,
    all: Vec<&'a str>,
}

/// The lines of a page, split only if they are asked for: most pages say all in their markup.
#[derive(Debug)]
pub(super) struct NearLines<'a> {
    body_text: &'a str,
    title: Option<&'a str>,
    lines: OnceCell<Lines<'a>>,
}

impl<'a> NearLines<'a> {
    pub(super) fn new(body_text: &'a str, title: Option<&'a str>) -> Self {
        Self {
            body_text,
            title,
            lines: OnceCell::new(),
        }
    }

    fn lines(&self) -> &Lines<'a> {
        self.lines
            .get_or_init(|| Lines::around(self.body_text, self.title))
    }

    /// Names in lines near the headline.
    pub(super) fn authors(&self, reader: &dates::Reader) -> Vec<String> {
        self.lines().authors(reader)
    }

    /// Dates in lines that hold little else, the surest first.
    pub(super) fn dates(&self, reader: &dates::Reader) -> Vec<PageDate> {
        self.lines().dates(reader)
    }
}

impl<'a> Lines<'a> {
    /// The lines of a running text around those that are the title.
    pub(super) fn around(body_text: &'a str, title: Option<&str>) -> Self {
        let all: Vec<&str> = body_text
            .lines()
            .take(MAX_LINES)
            .filter(|line| !line.trim().is_empty())
            .collect();
        let title = title.map(text::key).unwrap_or_default();
        let is_title = |line: &&str| {
            line.len() <= title.len() * 3 + 20 && {
                let key = text::key(line);
                key == title
                    || (key.len() >= MIN_TITLE_BYTES && (key.contains(&title) || title.contains(&key)))
            }
        };
        let positions = (0..all.len())
            .filter(|at| !title.is_empty() && is_title(&all[*at]))
            .take(MAX_TITLES);
        let positions: Vec<usize> = positions.collect();
        let mut near: Vec<&str> = Vec::new();
        // The last of several is the headline: breadcrumbs and the page's own header come first.
        for at in positions.iter().rev() {
            near.extend(all.iter().skip(at + 1).take(AFTER));
        }
        for at in positions.iter().rev() {
            near.extend(all.iter().take(*at).rev().take(BEFORE));
        }
        Self { near, all }
    }

    /// Names in a line near the headline that says "by", in the one after it, or in one next to a date.
    pub(super) fn authors(&self, reader: &dates::Reader) -> Vec<String> {
        let at_byline = self.near.iter().enumerate().find_map(|(at, line)| {
            let named = after_start(line, BYLINE_STARTS)?.trim_start_matches([':', ' ', '-', '|']);
            let named = if named.is_empty() {
                self.near.get(at + 1).copied()?
            } else {
                named
            };
            names_in(named)
        });
        let in_dated = || {
            let dated = self
                .near
                .iter()
                .filter(|line| is_short(line, MAX_LINE_CHARS) && reader.read(line).is_some());
            dated.filter_map(|line| after_by(line)).find_map(names_in)
        };
        at_byline
            .or_else(in_dated)
            .or_else(|| self.beside_date(reader))
            .unwrap_or_default()
    }

    /// A line near the headline that is a person's name and stands next to a date.
    fn beside_date(&self, reader: &dates::Reader) -> Option<Vec<String>> {
        let is_date = |line: &&str| is_short(line, MAX_DATE_CHARS) && reader.read(line).is_some();
        let beside = |at: usize| {
            let around = self
                .near
                .get(at.saturating_sub(1)..(at + 3).min(self.near.len()))
                .unwrap_or_default();
            around.iter().any(is_date)
        };
        self.near
            .iter()
            .enumerate()
            .take(AFTER)
            .filter(|(at, line)| is_short(line, MAX_NAME_CHARS) && beside(*at))
            .find_map(|(_, line)| {
                let names = authors::names(line, Form::Line);
                // All of the line is the name: "Ann Lee", not "Ann Lee wins gold".
                let is_whole = names.len() == 1
                    && text::key(&names[0]) == text::key(line)
                    && authors::is_plain_name(&names[0]);
                is_whole.then_some(names)
            })
    }

    /// Dates in lines that hold little else, those near the headline first.
    pub(super) fn dates(&self, reader: &dates::Reader) -> Vec<PageDate> {
        let is_said = |line: &str| {
            is_short(line, MAX_DATE_CHARS)
                || after_start(line, DATE_STARTS).is_some()
                || after_start(line, BYLINE_STARTS).is_some()
                || dates::speaks_of_publication(line)
        };
        let near = self
            .near
            .iter()
            .filter(|line| is_short(line, MAX_LINE_CHARS) && is_said(line));
        let mut found: Vec<PageDate> = near
            .filter_map(|line| reader.read_published(line))
            .take(MAX_DATES)
            .collect();
        let openings = self
            .near
            .iter()
            .take(AFTER)
            .filter_map(|line| reader.read_opening(line));
        found.extend(openings.take(1));
        let far = self
            .all
            .iter()
            .filter(|line| is_short(line, MAX_LINE_CHARS) && after_start(line, DATE_STARTS).is_some());
        found.extend(far.filter_map(|line| reader.read_published(line)).take(MAX_DATES));
        if found.is_empty() {
            found.extend(self.only_date(reader));
        }
        found
    }

    /// The date of the only line that is one, where the page has no others.
    fn only_date(&self, reader: &dates::Reader) -> Option<PageDate> {
        let mut lines = self
            .all
            .iter()
            .filter(|line| is_short(line, MAX_BARE_DATE_CHARS))
            .filter_map(|line| reader.read(line));
        let first = lines.next()?;
        lines.all(|other| other.day() == first.day()).then_some(first)
    }
}

/// The names in what follows "by".
fn names_in(line: &str) -> Option<Vec<String>> {
    let is_capital = line.starts_with(|c: char| !c.is_lowercase());
    let names = authors::names(line, Form::Line);
    (is_capital && is_short(line, MAX_LINE_CHARS) && !names.is_empty()).then_some(names)
}

fn is_short(line: &str, max: usize) -> bool {
    line.len() <= max || line.chars().nth(max).is_none()
}

/// What follows "by" within a line.
fn after_by(line: &str) -> Option<&str> {
    [
        " by ", " By ", " BY ", " von ", " Von ", " par ", " Par ", " por ", " Por ", " door ", " Door ",
        " di ",
    ]
    .iter()
    .find_map(|by| line.split_once(by))
    .map(|(_, named)| named)
}

/// What follows one of these words at the start of a line.
fn after_start<'l>(line: &'l str, starts: &[&str]) -> Option<&'l str> {
    let line = line.trim();
    let mut end = 0;
    let mut best = None;
    let mut head = String::new();
    // The longest start has three words.
    for word in line.split_whitespace().take(3) {
        let at = line[end..].find(word)? + end;
        end = at + word.len();
        let bare = word.trim_end_matches(':');
        if !head.is_empty() {
            head.push(' ');
        }
        head.push_str(&text::key(bare));
        if starts.contains(&head.as_str())
            || starts
                .iter()
                .any(|start| start.len() > 5 && head.starts_with(start) && !head.contains(' '))
        {
            best = Some(&line[end..]);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    const READER: dates::Reader = dates::Reader {
        now: Timestamp::MAX,
        order: dates::Order::DayMonth,
    };

    const PAGE: &str = "Home\nNews\nThe vote was close\nA summary of it all.\nBy Ann Lee and Bo Ek\n24 November 2026\nThe vote was \
        held on Monday, and by all accounts it was close.\nPosted by readers on 1 January 2020";

    #[test]
    fn byline_and_date_are_found_below_the_headline() {
        let lines = Lines::around(PAGE, Some("The vote was close"));
        assert_eq!(lines.authors(&READER), ["Ann Lee", "Bo Ek"]);
        let reader = dates::Reader {
            now: Timestamp::MAX,
            order: dates::Order::DayMonth,
        };
        assert_eq!(
            lines.dates(&reader).first().map(PageDate::as_str),
            Some("2026-11-24")
        );
    }

    #[test]
    fn a_label_names_the_line_after_it() {
        let lines = Lines::around(
            "The vote was close\nWritten by\nAnn Lee\nMore",
            Some("The vote was close"),
        );
        assert_eq!(lines.authors(&READER), ["Ann Lee"]);
    }

    #[test]
    fn a_name_beside_a_date_is_the_author() {
        for page in [
            "The vote was close\nAnn Lee\n24 November 2026\nText",
            "The vote was close\nNovember 24, 2026 By Ann Lee\nText",
        ] {
            assert_eq!(
                Lines::around(page, Some("The vote was close")).authors(&READER),
                ["Ann Lee"],
                "{page}"
            );
        }
    }

    #[test]
    fn a_date_far_from_the_headline_counts_where_it_is_the_only_one() {
        let page = |end: &str| format!("The vote was close\n{}{end}", "Text of the story.\n".repeat(40));
        let date = |page: &str| {
            Lines::around(page, Some("The vote was close"))
                .dates(&READER)
                .first()
                .cloned()
                .map(String::from)
        };
        assert_eq!(date(&page("24 November 2026")).as_deref(), Some("2026-11-24"));
        assert_eq!(date(&page("24 November 2026\n23 November 2026")), None);
    }

    #[test]
    fn running_text_is_no_byline() {
        let lines = Lines::around(
            "The vote was close\nBy all accounts the vote was close.",
            Some("The vote was close"),
        );
        assert!(lines.authors(&READER).is_empty());
    }
}
