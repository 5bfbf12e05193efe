//! The blocks of the page around its headline: where bylines and dates stand that no selector names.

mod bylines;
mod dates;

use std::cell::OnceCell;

use super::text;
use crate::document::{Document, TextBlock};

/// Blocks looked at in search of the headline.
const MAX_BLOCKS: usize = 4_000;

/// Blocks after the headline that may hold byline and date.
const AFTER: usize = 14;

/// Blocks before the headline that may.
const BEFORE: usize = 5;

/// Characters of the longest block that may be a byline or hold the date; a longer one is running text.
const MAX_LINE_CHARS: usize = 120;

/// Characters of the longest block that may hold the date without saying that it is one of publication.
const MAX_DATE_CHARS: usize = 60;

/// Bytes of the shortest part of a title that is taken for it.
const MIN_TITLE_BYTES: usize = 16;

/// Times that a page shows its title before its text begins.
const MAX_TITLES: usize = 3;

/// Characters of the shortest block that is running text.
const MIN_RUNNING_CHARS: u32 = 200;

/// A block near the headline.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    block: &'a TextBlock,
    /// The showing of the title that it stands under, from 1; 0 where it stands above one.
    under: usize,
}

/// Blocks near the headline, those after it first.
#[derive(Debug, Default)]
struct Lines<'a> {
    near: Vec<Line<'a>>,
}

/// The blocks of a page around its headline, looked for only if they are asked for: most pages say all in their markup.
#[derive(Debug)]
pub(super) struct Near<'a> {
    document: &'a Document,
    title: Option<&'a str>,
    lines: OnceCell<Lines<'a>>,
}

impl<'a> Near<'a> {
    pub(super) fn new(document: &'a Document, title: Option<&'a str>) -> Self {
        Self {
            document,
            title,
            lines: OnceCell::new(),
        }
    }

    fn near(&self) -> &[Line<'a>] {
        let lines = self
            .lines
            .get_or_init(|| Lines::around(self.document, self.title));
        &lines.near
    }

    /// The texts of all blocks, within limits.
    fn texts(&self) -> impl Iterator<Item = &'a str> {
        let document = self.document;
        document
            .blocks
            .iter()
            .take(MAX_BLOCKS)
            .map(|block| document.text(block))
    }
}

impl<'a> Lines<'a> {
    /// The blocks around those that are the title.
    fn around(document: &'a Document, title: Option<&str>) -> Self {
        let title = title.map(text::key).unwrap_or_default();
        if title.is_empty() {
            return Self::default();
        }
        let is_title = |line: &str| {
            let key = text::key(line);
            key == title || (key.len() >= MIN_TITLE_BYTES && (key.contains(&title) || title.contains(&key)))
        };
        let all = &document.blocks;
        let lengths = title.len().min(MIN_TITLE_BYTES)..=title.len() * 3 + 20;
        let mut positions: Vec<usize> = all
            .iter()
            .take(MAX_BLOCKS)
            .enumerate()
            .filter(|(_, block)| {
                lengths.contains(&document.text(block).len()) && is_title(document.text(block))
            })
            .map(|(at, _)| at)
            .take(MAX_TITLES)
            .collect();
        if positions.is_empty() {
            // Where the page does not show its title, byline and date stand before the first running text.
            let is_running =
                |block: &TextBlock| block.chars >= MIN_RUNNING_CHARS && block.link_chars * 2 < block.chars;
            let first = all.iter().take(MAX_BLOCKS).position(is_running);
            positions.extend(first.map(|first| first.saturating_sub(BEFORE + 1)));
        }
        let line = |under: usize| {
            move |block: &'a TextBlock| Line {
                text: document.text(block),
                block,
                under,
            }
        };
        let mut near = Vec::new();
        // The last of several is the headline: breadcrumbs and the page's own header come first.
        for (number, at) in positions.iter().enumerate().rev() {
            near.extend(all.iter().skip(at + 1).take(AFTER).map(line(number + 1)));
        }
        for at in positions.iter().rev() {
            near.extend(all.iter().take(*at).rev().take(BEFORE).map(line(0)));
        }
        Self { near }
    }
}

fn is_short(line: &str, max: usize) -> bool {
    line.len() <= max || line.chars().nth(max).is_none()
}

/// What follows one of these words at the start of a line.
fn after_start<'l>(line: &'l str, starts: &[&str]) -> Option<&'l str> {
    let line = line.trim();
    let mut end = 0;
    // Markup glues "By" to the name: "ByAnn Lee".
    let mut best = line
        .strip_prefix("By")
        .filter(|rest| rest.starts_with(char::is_uppercase) && starts.contains(&"by"));
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
mod tests;
