//! JSON-LD as publishers write it: wrappers, raw line breaks, trailing commas, unescaped quotes, a missing end.

use serde_json::Value;

use super::text;

/// Bytes of one script that are read; longer ones are data dumps, not metadata.
pub(super) const MAX_SCRIPT_BYTES: usize = 1 << 20;

/// The JSON values in one script, mended where needed. Empty if there is nothing to be saved.
pub(super) fn parse(script: &str) -> Vec<Value> {
    if script.len() > MAX_SCRIPT_BYTES {
        return Vec::new();
    }
    let body = unwrap(script);
    if let Ok(value) = serde_json::from_str(body) {
        return vec![value];
    }
    if body.starts_with("{&quot;") || body.starts_with("[{&quot;") {
        return values(&mend(&text::unescape(body)));
    }
    values(&mend(body))
}

/// All values up to the first that cannot be read.
fn values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text)
        .into_iter::<Value>()
        .map_while(Result::ok)
        .collect()
}

/// The part from the first bracket on, without comment and CDATA wrappers and a trailing semicolon.
fn unwrap(script: &str) -> &str {
    let start = script.find(['{', '[']).unwrap_or(script.len());
    // `//<![CDATA[` and `/*<![CDATA[*/` hold a bracket of their own.
    let start = match script.get(..start + 1) {
        Some(head) if head.ends_with("<![") => {
            let after = start + script[start..].find("CDATA[").map_or(0, |at| at + "CDATA[".len());
            after + script[after..].find(['{', '[']).unwrap_or(0)
        }
        _ => start,
    };
    let body = script.get(start..).unwrap_or_default();
    body.trim_end_matches(|c: char| c.is_whitespace() || c == ';')
}

/// Where the mending stands.
struct Mender {
    out: String,
    /// Closing brackets owed, innermost last.
    open: Vec<char>,
}

/// Rewrites near-JSON as JSON in one pass.
fn mend(text: &str) -> String {
    let mut mender = Mender {
        out: String::with_capacity(text.len() + 16),
        open: Vec::new(),
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '"' => mender.string(after),
            ',' => mender.comma(after),
            _ => mender.structure(c, after),
        };
        if mender.open.is_empty() && matches!(c, '}' | ']') && !rest.trim_start().starts_with(['{', '[', ','])
        {
            break;
        }
    }
    while let Some(close) = mender.open.pop() {
        mender.drop_trailing_comma();
        mender.out.push(close);
    }
    mender.out
}

impl Mender {
    /// A comma that separates nothing is left out.
    fn comma<'t>(&mut self, after: &'t str) -> &'t str {
        let next = after.trim_start();
        if !self.open.is_empty() && !next.starts_with(['}', ']', ',']) {
            self.out.push(',');
        }
        next
    }

    fn structure<'t>(&mut self, c: char, after: &'t str) -> &'t str {
        match c {
            '{' => self.open.push('}'),
            '[' => self.open.push(']'),
            '}' | ']' => {
                // A bracket nobody opened, or the wrong kind: close what is really open.
                match self.open.pop() {
                    Some(close) => self.out.push(close),
                    None => return after,
                }
                return after;
            }
            _ => {}
        }
        if !c.is_control() || c.is_whitespace() {
            self.out.push(c);
        }
        after
    }

    /// Copies a string, escaping what must be escaped; the opening quote is already consumed.
    fn string<'t>(&mut self, text: &'t str) -> &'t str {
        self.out.push('"');
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if ends_string(&text[at + 1..]) => {
                    self.out.push('"');
                    return &text[at + 1..];
                }
                '"' => self.out.push_str("\\\""),
                '\\' => self.escape(&mut chars, text),
                '\n' | '\r' | '\t' => self.out.push(' '),
                c if c.is_control() => {}
                c => self.out.push(c),
            }
        }
        self.out.push('"');
        ""
    }

    /// Keeps a valid escape, drops the backslash of any other.
    fn escape(&mut self, chars: &mut std::str::CharIndices<'_>, text: &str) {
        match chars.next() {
            Some((at, 'u')) => {
                let hex = text.get(at + 1..at + 5).unwrap_or_default();
                let valid = hex.len() == 4 && hex.bytes().all(|b| b.is_ascii_hexdigit());
                let lone = matches!(hex.get(..2), Some(high) if high.eq_ignore_ascii_case("d8") || high.eq_ignore_ascii_case("d9")
                    || high.eq_ignore_ascii_case("da") || high.eq_ignore_ascii_case("db"))
                    && !text.get(at + 5..).unwrap_or_default().starts_with("\\u");
                if valid && !lone {
                    self.out.push_str("\\u");
                }
            }
            Some((_, c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't'))) => {
                self.out.push('\\');
                self.out.push(c);
            }
            Some((_, c)) if !c.is_control() => self.out.push(c),
            _ => {}
        }
    }

    fn drop_trailing_comma(&mut self) {
        let kept = self.out.trim_end().len();
        self.out.truncate(kept);
        if self.out.ends_with(',') {
            self.out.pop();
        } else if self.out.ends_with(':') {
            self.out.push_str("null");
        }
    }
}

/// Whether a quote followed by `after` ends its string, and is not one inside the text.
fn ends_string(after: &str) -> bool {
    let next = after.trim_start();
    match next.chars().next() {
        None | Some(':' | '}' | ']') => true,
        Some(',') => {
            let value = next[1..].trim_start();
            value.is_empty()
                || value.starts_with(['"', '{', '[', '}', ']', '-', ','])
                || value.starts_with(|c: char| c.is_ascii_digit())
                || ["true", "false", "null"]
                    .iter()
                    .any(|word| value.starts_with(word))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headline(script: &str) -> Option<String> {
        parse(script)
            .first()?
            .get("headline")?
            .as_str()
            .map(str::to_owned)
    }

    #[test]
    fn wrappers_and_slips_are_mended() {
        for (case, script) in [
            ("plain", r#"{"headline":"Vote"}"#),
            ("semicolon", r#" {"headline":"Vote"}; "#),
            ("html comment", r#"<!-- {"headline":"Vote"} -->"#),
            ("cdata", "//<![CDATA[\n{\"headline\":\"Vote\"}\n//]]>"),
            ("cdata in comments", "/*<![CDATA[*/{\"headline\":\"Vote\"}/*]]>*/"),
            ("trailing comma", r#"{"headline":"Vote","a":[1,2,],}"#),
            ("double comma", r#"{"a":1,,"headline":"Vote"}"#),
            ("raw line break", "{\"a\":\"one\ntwo\",\"headline\":\"Vote\"}"),
            (
                "raw control character",
                "{\"a\":\"one\u{1}two\",\"headline\":\"Vote\"}",
            ),
            ("bad escape", r#"{"a":"it\'s","headline":"Vote"}"#),
            ("bad unicode escape", r#"{"a":"\u12","headline":"Vote"}"#),
            ("lone surrogate", r#"{"a":"\ud83d!","headline":"Vote"}"#),
            ("unescaped quotes", r#"{"a":"the "big" one","headline":"Vote"}"#),
            ("cut off", r#"{"headline":"Vote","a":["b","#),
            ("cut off in a string", r#"{"headline":"Vote","a":"b"#),
            ("two values", r#"{"headline":"Vote"}{"headline":"Other"}"#),
            ("escaped as HTML", "{&quot;headline&quot;:&quot;Vote&quot;}"),
            ("text behind", r#"{"headline":"Vote"} and more"#),
        ] {
            assert_eq!(headline(script).as_deref(), Some("Vote"), "{case}: {script}");
        }
    }

    #[test]
    fn what_cannot_be_saved_is_nothing() {
        for script in ["", "null;", "window.x = y", "}}}}", "\"", "[\\"] {
            assert_eq!(headline(script), None, "{script}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert!(headline(&"[".repeat(100_000)).is_none());
        assert!(headline(&"{\"a\":".repeat(100_000)).is_none());
        assert!(parse(&format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_SCRIPT_BYTES))).is_empty());
    }
}
