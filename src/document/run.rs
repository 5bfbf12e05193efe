//! A run of text that becomes one block: whitespace folded, links and emphasis counted as it grows.

use crate::article::BlockKind;

use super::{Document, TextBlock};

/// How a piece of text stands on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) link: bool,
    pub(super) strong: bool,
    /// Whitespace counts.
    pub(super) pre: bool,
}

/// Text between two block-level boundaries.
#[derive(Debug, Default)]
pub(super) struct Run {
    text: String,
    chars: u32,
    link_chars: u32,
    strong_chars: u32,
    space: bool,
    /// The innermost element around all of it.
    pub(super) element: Option<u32>,
    /// The last thing was a single `<br>`.
    pub(super) broken: bool,
}

/// Characters that show nothing: they would split or falsify words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !c.is_whitespace())
}

impl Run {
    /// Whether there is no visible text in it.
    pub(super) fn is_empty(&self) -> bool {
        self.chars == 0
    }

    pub(super) fn chars(&self) -> u32 {
        self.chars
    }

    pub(super) fn has_cells(&self) -> bool {
        self.text.contains('\t')
    }

    /// Appends text; returns whether any of it shows.
    pub(super) fn push(&mut self, text: &str, style: Style) -> bool {
        if style.pre {
            return self.push_pre(text);
        }
        let before = self.chars;
        for word in text.split(|c: char| c.is_whitespace()) {
            let is_first = word.as_ptr() == text.as_ptr();
            self.space |= !is_first;
            if !word.is_empty() {
                self.push_word(word);
            }
        }
        self.count(before, style)
    }

    fn push_word(&mut self, word: &str) {
        let is_plain = word.is_ascii() && !word.bytes().any(|b| b.is_ascii_control());
        if is_plain {
            self.open_word();
            self.text.push_str(word);
            self.chars += u32::try_from(word.len()).unwrap_or(u32::MAX);
            return;
        }
        let mut opened = false;
        for c in word.chars().filter(|&c| !is_invisible(c)) {
            if !opened {
                self.open_word();
                opened = true;
            }
            self.text.push(c);
            self.chars += 1;
        }
    }

    fn open_word(&mut self) {
        if self.space && !self.text.is_empty() && !self.text.ends_with(['\t', '\n']) {
            self.text.push(' ');
        }
        self.space = false;
        self.broken = false;
    }

    fn push_pre(&mut self, text: &str) -> bool {
        let before = self.chars;
        for c in text.chars().filter(|&c| !is_invisible(c)) {
            self.chars += u32::from(!c.is_whitespace());
            self.text.push(if c == '\r' { '\n' } else { c });
        }
        self.broken = false;
        self.chars > before
    }

    fn count(&mut self, before: u32, style: Style) -> bool {
        let added = self.chars - before;
        self.link_chars += if style.link { added } else { 0 };
        self.strong_chars += if style.strong { added } else { 0 };
        added > 0
    }

    /// The text alone, trimmed.
    pub(super) fn into_text(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }

    /// A line break that is none of the paragraph's.
    pub(super) fn line_break(&mut self, style: Style) {
        if style.pre {
            self.text.push('\n');
        }
        self.space = true;
        self.broken = true;
    }

    /// The boundary of two table cells of one row.
    pub(super) fn cell(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\t');
        }
        self.space = false;
    }
}

impl Document {
    /// Ends a run: its text, if any, becomes a block.
    pub(super) fn push_block(&mut self, run: &mut Run, kind: BlockKind, element: u32, hit: Option<u32>) {
        if !run.is_empty() {
            let is_pre = kind == BlockKind::Preformatted;
            let text = if is_pre {
                run.text.trim_matches('\n').trim_end()
            } else {
                run.text.trim()
            };
            let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.text.push_str(text);
            let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.blocks.push(TextBlock {
                range: start..end,
                kind,
                element: run.element.unwrap_or(element),
                chars: run.chars,
                link_chars: run.link_chars,
                strong_chars: run.strong_chars,
                hit,
            });
        }
        run.text.clear();
        (run.chars, run.link_chars, run.strong_chars) = (0, 0, 0);
        (run.space, run.broken, run.element) = (false, false, None);
    }
}
