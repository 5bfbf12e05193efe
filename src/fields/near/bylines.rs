//! Names near the headline.

use super::super::authors::{self, Form};
use super::super::{dates, text};
use super::{AFTER, Line, MAX_DATE_CHARS, MAX_LINE_CHARS, Near, after_start, is_short};
use crate::document::TextBlock;

/// Characters of the longest block that is a name.
const MAX_NAME_CHARS: usize = 40;

/// Elements around a block whose class may say that it is a byline: the innermost and those around it.
const MAX_AROUND: usize = 3;

/// First words of a byline, as "By Ann Lee", in comparable form.
#[rustfmt::skip]
pub(super) const BYLINE_STARTS: &[&str] = &[
    "by", "von", "por", "par", "door", "av", "af", "di", "przez", "written by", "posted by", "published by",
    "words by", "story by", "reported by", "author", "authors", "autor", "autorin", "autoren", "autora",
    "autore", "auteur", "texte", "text von", "ein artikel von", "ein beitrag von", "geschrieben von",
    "verfasst von", "escrito por", "publicado por", "ecrit par", "publie par", "scritto da", "a cura di",
    "geschreven door", "tekst", "автор", "oleh", "contributed by", "article by", "post author",
    "about the author", "автор статьи", "kirjoittanut", "yazan", "text by", "authored by",
];

/// First words of a byline that is one wherever it stands, in comparable form.
#[rustfmt::skip]
const FAR_BYLINE_STARTS: &[&str] = &[
    "written by", "posted by", "words by", "story by", "text by", "authored by", "reported by", "article by",
    "contributed by", "authors", "text von", "ein artikel von", "ein beitrag von", "geschrieben von",
    "verfasst von", "escrito por", "ecrit par", "scritto da", "a cura di", "geschreven door",
];

/// Parts of words in classes and ids around a byline.
const BYLINE_NAMES: &[&str] = &["author", "byline", "autor", "auteur", "writer", "redakteur"];

/// Parts of words in classes and ids around the names of other people.
#[rustfmt::skip]
const OTHER_NAMES: &[&str] = &[
    "comment", "related", "recommend", "teaser", "testimonial", "quote", "sidebar", "reply", "authority",
    "photo", "image", "avatar",
];

impl Near<'_> {
    /// Names in a line near the headline that says "by", or in the one after it.
    pub(in crate::fields) fn bylines(&self) -> Vec<String> {
        let near = self.near();
        let named = near.iter().enumerate().find_map(|(at, line)| {
            let named = after_start(line.text, BYLINE_STARTS)?.trim_start_matches([':', ' ', '-', '|']);
            let named = if named.is_empty() {
                near.get(at + 1)?.text
            } else {
                named
            };
            names_in(named)
        });
        named.unwrap_or_default()
    }

    /// Whether a byline near the headline names a person, and none of these names stands near it.
    pub(in crate::fields) fn contradicts(&self, names: &[String]) -> bool {
        if names.is_empty() || !self.bylines().iter().any(|name| authors::is_plain_name(name)) {
            return false;
        }
        let keys: Vec<String> = names.iter().map(|name| text::key(name)).collect();
        let shown = self
            .near()
            .iter()
            .filter(|line| is_short(line.text, MAX_LINE_CHARS));
        !shown
            .map(|line| text::key(line.text))
            .any(|line| keys.iter().any(|key| line.contains(key.as_str())))
    }

    /// Names in lines near the headline whose class says that they are a byline.
    pub(in crate::fields) fn classed(&self) -> Vec<String> {
        let mut names = Vec::new();
        for line in self.near() {
            if !is_short(line.text, MAX_LINE_CHARS) || !self.is_byline(line.block) {
                if names.is_empty() {
                    continue;
                }
                break;
            }
            let found = authors::names(line.text, Form::Line);
            let length: usize = found.iter().map(|name| text::key(name).len()).sum();
            let is_said = after_start(line.text, BYLINE_STARTS).is_some();
            // A name with a label or a role, no sentence about somebody.
            let is_name = length * 5 >= text::key(line.text).len() * 2
                && found
                    .iter()
                    .all(|name| name.contains(char::is_uppercase) || found.len() == 1);
            // After the first name stand its role and its bearer's town.
            if names.is_empty() && is_name || is_said || found.iter().all(|name| authors::is_plain_name(name))
            {
                names.extend(found);
            }
        }
        names
    }

    /// Names in a line anywhere that says that it names the author: "Written by Ann Lee" at the end of the story.
    pub(in crate::fields) fn far_bylines(&self) -> Vec<String> {
        let named = self
            .texts()
            .filter(|line| is_short(line, MAX_LINE_CHARS))
            .find_map(|line| {
                let named = after_start(line, FAR_BYLINE_STARTS)?.trim_start_matches([':', ' ', '-', '|']);
                names_in(named).filter(|names| names.iter().all(|name| authors::is_plain_name(name)))
            });
        named.unwrap_or_default()
    }

    /// Whether the elements around a block say that it is a byline.
    fn is_byline(&self, block: &TextBlock) -> bool {
        let mut element = block.element;
        let mut is_byline = false;
        for _ in 0..MAX_AROUND {
            let Some(around) = self.document.elements.get(element as usize) else {
                break;
            };
            let names = self.document.names(around);
            let has = |parts: &[&str]| parts.iter().any(|part| contains_ascii(names, part));
            if has(OTHER_NAMES) {
                return false;
            }
            is_byline |= has(BYLINE_NAMES);
            if around.parent == element {
                break;
            }
            element = around.parent;
        }
        is_byline
    }

    /// Names after "by" in a line near the headline that holds a date, or in a line next to a date.
    pub(in crate::fields) fn dated_names(&self, reader: &dates::Reader) -> Vec<String> {
        let near = self.near();
        let dated = near
            .iter()
            .filter(|line| is_short(line.text, MAX_LINE_CHARS) && reader.read(line.text).is_some());
        dated
            .filter_map(|line| after_by(line.text))
            .find_map(names_in)
            .or_else(|| self.beside_date(reader))
            .unwrap_or_default()
    }

    /// A line near the headline that is a person's name and stands next to a date.
    fn beside_date(&self, reader: &dates::Reader) -> Option<Vec<String>> {
        let near = self.near();
        let is_date =
            |line: &Line<'_>| is_short(line.text, MAX_DATE_CHARS) && reader.read(line.text).is_some();
        let beside = |at: usize| {
            let around = near
                .get(at.saturating_sub(1)..(at + 3).min(near.len()))
                .unwrap_or_default();
            around.iter().any(is_date)
        };
        near.iter()
            .enumerate()
            .take(AFTER)
            .filter(|(at, line)| is_short(line.text, MAX_NAME_CHARS) && beside(*at))
            .find_map(|(_, line)| {
                let names = authors::names(line.text, Form::Line);
                // All of the line is the name: "Ann Lee", not "Ann Lee wins gold".
                let is_whole = names.len() == 1
                    && text::key(&names[0]) == text::key(line.text)
                    && authors::is_plain_name(&names[0]);
                is_whole.then_some(names)
            })
    }
}

/// Whether a text contains a part in lower case ASCII, in any case.
fn contains_ascii(text: &str, part: &str) -> bool {
    text.len() >= part.len()
        && text
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// The names in what follows "by".
fn names_in(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    // A sentence goes on in lower case; the name of an account may stand there alone.
    let is_capital = line.starts_with(|c: char| !c.is_lowercase()) || !line.contains(' ');
    let names = authors::names(line, Form::Line);
    (is_capital && is_short(line, MAX_LINE_CHARS) && !names.is_empty()).then_some(names)
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
