//! Where a rule is written, and the words for what is wrong with it.

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeOwned;

use crate::document::FieldName;

/// The place of a rule: said in every explanation and every error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file, relative to the selectors folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The rule's name, as "navigation" or "drop".
    pub name: String,
    /// The selector or pattern, where it says more than the name.
    pub text: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name)?;
        if !self.text.is_empty() {
            write!(f, " {}", self.text)?;
        }
        write!(f, " ({}:{})", self.file, self.line)
    }
}

/// One selector file: its name and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the selectors folder, with forward slashes; in an overlay, the whole path.
    pub name: String,
    text: Cow<'static, str>,
}

impl SourceFile {
    /// A file with this name and text.
    pub fn new(name: &str, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.to_owned(),
            text: text.into(),
        }
    }

    /// Whether it is part of the program, and so was checked when that was tested.
    pub fn is_builtin(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads it as TOML of one form.
    ///
    /// # Errors
    /// File, line and what is wrong.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Vec<String>> {
        toml::from_str(&self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            vec![self.message(at, error.message())]
        })
    }

    /// `file:line: problem` for a problem at this byte.
    pub fn message(&self, at: usize, problem: &str) -> String {
        format!("{}:{}: {}", self.name, self.line(at), problem.replace('\n', " "))
    }

    /// The origin of a rule at this byte.
    pub fn origin(&self, at: usize, name: &str, text: &str) -> Origin {
        Origin {
            file: self.name.clone(),
            line: self.line(at),
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn line(&self, at: usize) -> u32 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        1 + u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX - 1)
    }
}

/// Where a field, or the end of a story, is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `css:SELECTOR` or `css:SELECTOR@attribute`.
    Css {
        /// The selector.
        selector: String,
        /// The attribute; without it the element's text.
        attribute: Option<String>,
    },
    /// `ld:path.in.json`.
    JsonLd(String),
    /// `meta:key`.
    Meta(String),
    /// `text:^pattern`.
    Text(String),
}

impl Source {
    /// Reads a source.
    ///
    /// # Errors
    /// What a source looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, rest) = text
            .split_once(':')
            .filter(|(_, rest)| !rest.trim().is_empty())
            .ok_or_else(|| format!("{text:?} is no source; write css:SELECTOR, css:SELECTOR@attribute, ld:PATH, meta:KEY or text:^PATTERN"))?;
        let rest = rest.trim();
        match kind {
            "css" => Ok(Self::css(rest)),
            "ld" => Ok(Self::JsonLd(rest.to_owned())),
            "meta" => Ok(Self::Meta(rest.to_ascii_lowercase())),
            "text" => anchored(rest).map(|()| Self::Text(rest.to_owned())),
            _ => Err(format!(
                "{kind:?} is no kind of source; there are css, ld, meta and text"
            )),
        }
    }

    fn css(rest: &str) -> Self {
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        match rest.rsplit_once('@') {
            Some((selector, attribute)) if is_name(attribute) => Self::Css {
                selector: selector.to_owned(),
                attribute: Some(attribute.to_ascii_lowercase()),
            },
            _ => Self::Css {
                selector: rest.to_owned(),
                attribute: None,
            },
        }
    }
}

/// All field names with their keys in selector files.
pub const FIELD_NAMES: [(FieldName, &str); 11] = [
    (FieldName::Title, "title"),
    (FieldName::Authors, "authors"),
    (FieldName::Published, "published"),
    (FieldName::Modified, "modified"),
    (FieldName::Language, "language"),
    (FieldName::Section, "section"),
    (FieldName::Tags, "tags"),
    (FieldName::Image, "image"),
    (FieldName::CanonicalUrl, "canonical_url"),
    (FieldName::SiteName, "site_name"),
    (FieldName::Description, "description"),
];

/// Checks that every alternative of a pattern begins with `^` or ends with `$`.
///
/// # Errors
/// The alternative that does not.
pub fn anchored(pattern: &str) -> Result<(), String> {
    for alternative in alternatives(pattern) {
        let is_end = alternative.ends_with('$') && !alternative.ends_with("\\$");
        if !alternative.starts_with('^') && !is_end {
            return Err(format!(
                "pattern {pattern:?} is not anchored: begin {alternative:?} with ^ or end it with $"
            ));
        }
    }
    Ok(())
}

/// The alternatives of a pattern outside its groups and classes.
fn alternatives(pattern: &str) -> Vec<&str> {
    let (mut depth, mut in_class, mut escaped, mut start) = (0usize, false, false, 0);
    let mut parts = Vec::new();
    for (at, byte) in pattern.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => in_class = false,
            _ if in_class => {}
            b'[' => in_class = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                parts.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alternative_needs_an_anchor() {
        for pattern in ["^a", "b$", "^(a|b)", "^a|b$", "^[|]x"] {
            assert!(anchored(pattern).is_ok(), "{pattern}");
        }
        for pattern in ["a", "^a|b", "(^a|b)", "a\\$"] {
            assert!(anchored(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_source_has_one_of_four_kinds() {
        assert_eq!(
            Source::parse("css:time@datetime"),
            Ok(Source::Css {
                selector: "time".into(),
                attribute: Some("datetime".into())
            })
        );
        assert_eq!(
            Source::parse("css:a[href*='x@y.z']"),
            Ok(Source::Css {
                selector: "a[href*='x@y.z']".into(),
                attribute: None
            })
        );
        assert_eq!(
            Source::parse("ld:author.name"),
            Ok(Source::JsonLd("author.name".into()))
        );
        for wrong in ["h1", "css:", "xpath://h1", "text:unanchored"] {
            assert!(Source::parse(wrong).is_err(), "{wrong}");
        }
    }
}
