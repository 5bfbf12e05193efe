//! The lines of the page around its headline: where bylines and dates stand that no markup names.

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

/// First words of a byline, as "By Ann Lee", in comparable form.
const BYLINE_STARTS: &[&str] = &[
    "by",
    "von",
    "por",
    "par",
    "door",
    "av",
    "af",
    "di",
    "przez",
    "written by",
    "posted by",
    "published by",
    "words by",
    "story by",
    "reported by",
    "author",
    "authors",
    "autor",
    "autorin",
    "autoren",
    "autora",
    "autore",
    "auteur",
    "texte",
    "text von",
    "ein artikel von",
    "ein beitrag von",
    "geschrieben von",
    "verfasst von",
    "escrito por",
    "publicado por",
    "ecrit par",
    "publie par",
    "scritto da",
    "a cura di",
    "geschreven door",
    "tekst",
    "автор",
    "oleh",
    "contributed by",
    "article by",
    "post author",
    "about the author",
    "автор статьи",
    "kirjoittanut",
    "yazan",
];

/// First words of a line that says when the article was published, in comparable form.
const DATE_STARTS: &[&str] = &[
    "publish",
    "posted",
    "veroffentlicht",
    "erschienen",
    "erstellt",
    "stand",
    "publie",
    "publicado",
    "publicada",
    "pubblicato",
    "gepubliceerd",
    "opublikowan",
    "publicerad",
    "publisert",
    "created",
    "date",
    "datum",
    "fecha",
    "data",
    "am",
    "on",
    "last updated",
    "updated",
    "aktualisiert",
    "mis a jour",
    "actualizado",
    "aggiornato",
    "uppdaterad",
    "last modified",
    "first published",
    "originally published",
    "release date",
    "date published",
];

/// Lines of the page near its headline, those after it first.
#[derive(Debug, Default)]
pub(super) struct Lines<'a> {
    near: Vec<&'a str>,
    far: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    /// The lines of a running text around the last line of the first that is the title.
    pub(super) fn around(body_text: &'a str, title: Option<&str>) -> Self {
        let lines: Vec<&str> = body_text
            .lines()
            .take(MAX_LINES)
            .filter(|line| !line.trim().is_empty())
            .collect();
        let title = title.map(text::key).unwrap_or_default();
        let is_title = |line: &&str| {
            line.len() <= title.len() * 3 + 20 && {
                let key = text::key(line);
                !key.is_empty() && (key == title || (key.len() > 12 && key.contains(&title)))
            }
        };
        let Some(at) = lines.iter().position(is_title) else {
            return Self {
                near: Vec::new(),
                far: lines,
            };
        };
        let after = lines.iter().skip(at + 1).take(AFTER);
        let before = lines.iter().take(at).rev().take(BEFORE);
        Self {
            near: after.chain(before).copied().collect(),
            far: lines,
        }
    }

    /// Names in a line that says "by", or in the one after it.
    pub(super) fn authors(&self) -> Vec<String> {
        let mut lines = self.near.iter().peekable();
        while let Some(line) = lines.next() {
            let Some(rest) = after_start(line, BYLINE_STARTS) else {
                continue;
            };
            let rest = rest.trim_start_matches([':', ' ', '-', '|']);
            let named = if rest.is_empty() {
                lines.peek().copied().copied().unwrap_or_default()
            } else {
                rest
            };
            if named.chars().nth(MAX_LINE_CHARS).is_some() || !named.starts_with(|c: char| !c.is_lowercase())
            {
                continue;
            }
            let names = authors::names(named, Form::Line);
            if !names.is_empty() {
                return names;
            }
        }
        Vec::new()
    }

    /// Dates in lines that hold little else, those near the headline first.
    pub(super) fn dates(&self, reader: &dates::Reader) -> Vec<PageDate> {
        let is_short = |line: &&&str| line.chars().nth(MAX_LINE_CHARS).is_none();
        let said = |line: &&&str| {
            after_start(line, DATE_STARTS).is_some() || line.chars().nth(MAX_DATE_CHARS).is_none()
        };
        let near = self.near.iter().filter(is_short).filter(said);
        let far = self
            .far
            .iter()
            .filter(is_short)
            .filter(|line| after_start(line, DATE_STARTS).is_some());
        near.chain(far)
            .filter_map(|line| reader.read_published(line))
            .take(4)
            .collect()
    }
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

    const PAGE: &str = "Home\nNews\nThe vote was close\nA summary of it all.\nBy Ann Lee and Bo Ek\n24 November 2026\nThe vote was \
        held on Monday, and by all accounts it was close.\nPosted by readers on 1 January 2020";

    #[test]
    fn byline_and_date_are_found_below_the_headline() {
        let lines = Lines::around(PAGE, Some("The vote was close"));
        assert_eq!(lines.authors(), ["Ann Lee", "Bo Ek"]);
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
        assert_eq!(lines.authors(), ["Ann Lee"]);
    }

    #[test]
    fn running_text_is_no_byline() {
        let lines = Lines::around(
            "The vote was close\nBy all accounts the vote was close.",
            Some("The vote was close"),
        );
        assert!(lines.authors().is_empty());
    }
}
