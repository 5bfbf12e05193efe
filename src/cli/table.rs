//! Cells of a width, measured as a terminal does.

use copydesk::article::ArticleId;
use copydesk::render::safe::safe_line;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many characters of a text are looked at for each column of its cell: spaces fold and marks have no width.
const CHARS_PER_COLUMN: usize = 16;

/// How many hexadecimal digits of an id tables show; enough to tell a million articles apart mostly, and `show` says so
/// where they do not.
pub const SHORT_ID: usize = 8;

/// The first digits of an id.
pub fn short_id(id: ArticleId) -> String {
    let mut id = id.to_string();
    id.truncate(SHORT_ID);
    id
}

/// The text on one line, cut with an ellipsis where it is wider than `width` columns, filled with spaces where it
/// is narrower.
pub fn cell(text: &str, width: usize) -> String {
    let mut cell = cut(text, width);
    let fill = width.saturating_sub(cell.width());
    cell.extend(std::iter::repeat_n(' ', fill));
    cell
}

/// The text on one line, cut with an ellipsis where it is wider than `width` columns.
pub fn cut(text: &str, width: usize) -> String {
    // What lies far beyond the width can not be seen and need not be measured.
    let near: String = text
        .chars()
        .take(width.saturating_mul(CHARS_PER_COLUMN))
        .collect();
    let text = safe_line(&near);
    if text.width() <= width {
        return text;
    }
    let mut used = 1;
    let mut cut = String::new();
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        cut.push(c);
    }
    cut.truncate(cut.trim_end().len());
    if width > 0 {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_their_width() {
        assert_eq!(cell("abc", 5), "abc  ");
        assert_eq!(cell("abcdef", 5), "abcd…");
        assert_eq!(cell("ab cdef", 4), "ab… ");
        assert_eq!(cell("日本語新聞", 5), "日本…");
        assert_eq!(cell("a\nb\u{1b}", 5), "a b  ");
        assert_eq!(cell("abc", 0), "");
    }
}
