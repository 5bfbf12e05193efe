//! The lines of a site config: `key: value`, `key(argument): value`, comments.

use std::borrow::Cow;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Setting<'a> {
    /// Its line, from 1.
    pub(super) line: u32,
    /// Its key, as `strip`.
    pub(super) key: &'a str,
    /// What stands in parentheses behind the key.
    pub(super) argument: Option<&'a str>,
    pub(super) value: &'a str,
}

/// A line that is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unread<'a> {
    pub(super) line: u32,
    pub(super) text: &'a str,
}

/// The text of a config: UTF-8, or else Latin-1, which most of the older ones are; a byte-order mark is left out.
pub fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
        Cow::Owned(text) => Cow::Owned(text),
    }
}

/// Reads all lines; LF, CRLF and CR alone end one.
pub(super) fn settings(text: &str) -> (Vec<Setting<'_>>, Vec<Unread<'_>>) {
    let mut settings = Vec::new();
    let mut unread = Vec::new();
    let ends_in_cr = !text.contains('\n');
    let lines = text.split(|c| c == '\n' || (ends_in_cr && c == '\r'));
    for (line, text) in (1..).zip(lines) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match setting(line, text) {
            Some(setting) => settings.push(setting),
            None => unread.push(Unread { line, text }),
        }
    }
    (settings, unread)
}

fn setting(line: u32, text: &str) -> Option<Setting<'_>> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (key, rest) = text.split_at(end);
    let rest = rest.trim_start();
    if key.is_empty() {
        return None;
    }
    let (argument, rest) = match rest.strip_prefix('(') {
        Some(inside) => {
            let (argument, rest) = inside.split_once("):")?;
            (Some(argument), rest)
        }
        None => (None, rest.strip_prefix(':')?),
    };
    Some(Setting {
        line,
        key,
        argument,
        value: rest.trim(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_arguments_and_values_are_told_apart() {
        let text = "# a comment\r\n\r\ntitle: //h1\r\nbody://div[@id='a:b']\r\nreplace_string(<a: b>): <c>\r\nnonsense\r\n";
        let (settings, unread) = settings(text);
        let read: Vec<_> = settings
            .iter()
            .map(|s| (s.line, s.key, s.argument, s.value))
            .collect();
        assert_eq!(
            read,
            [
                (3, "title", None, "//h1"),
                (4, "body", None, "//div[@id='a:b']"),
                (5, "replace_string", Some("<a: b>"), "<c>"),
            ]
        );
        assert_eq!(
            unread,
            [Unread {
                line: 6,
                text: "nonsense"
            }]
        );
    }

    #[test]
    fn a_latin_1_file_and_a_byte_order_mark_are_read() {
        assert_eq!(text_of(b"strip: //p[.='Caf\xe9']"), "strip: //p[.='Caf\u{e9}']");
        assert_eq!(text_of("\u{feff}title: //h1".as_bytes()), "title: //h1");
    }

    #[test]
    fn a_file_with_old_line_ends_is_read() {
        assert_eq!(settings("title: //h1\rbody: //p").0.len(), 2);
    }
}
