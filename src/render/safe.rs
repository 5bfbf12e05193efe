//! What a page may not do to a terminal.

use std::borrow::Cow;

/// Whether a terminal or a reader could act on this character instead of showing it: a control character other
/// than tab and newline, or one that overrides the direction of the text around it (Unicode Technical Report 36,
/// "bidirectional text spoofing"). Directional *marks*, which right-to-left text needs, are harmless.
pub fn acts(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => true,
        c => c.is_control(),
    }
}

/// The text without the characters that [`acts`] names; borrowed where there are none.
pub fn safe(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| !acts(c)).collect())
}

/// As [`safe`], on one line: each run of whitespace becomes one space.
pub fn safe_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let word = safe(word);
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(safe("Zwölf\tMänner\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_escape_sequence_reaches_the_terminal() {
        assert_eq!(safe("a\u{1b}[2Jb\u{9b}31mc\r\u{7f}\u{8}"), "a[2Jb31mc");
    }

    #[test]
    fn direction_cannot_be_overridden_but_marks_stay() {
        assert_eq!(
            safe("\u{202e}gpj.exe\u{202c} \u{200f}שלום"),
            "gpj.exe \u{200f}שלום"
        );
    }

    #[test]
    fn one_line_has_no_line_break_of_any_kind() {
        assert_eq!(safe_line(" a\nb\u{2028}c\r\n \u{1b} d "), "a b c d");
    }
}
