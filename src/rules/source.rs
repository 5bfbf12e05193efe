//! Where a rule finds what it is about: `css:`, `ld:`, `meta:` and `text:` sources.

use super::pattern::anchored;
use crate::document::FieldName;

/// Where a field, or the end of a story, is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `css:SELECTOR`, then steps after ` | `.
    Css {
        /// The selector.
        selector: String,
        /// What CSS cannot say, in the order in which it is applied.
        steps: Vec<Step>,
        /// `@attribute`, at the selector or as a step; without it the element's text.
        attribute: Option<String>,
    },
    /// `ld:path.in.json`.
    JsonLd(String),
    /// `meta:key`.
    Meta(String),
    /// `text:^pattern`.
    Text(String),
}

/// A step from the elements that a selector found on the page, in page order, to those that are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `text:^PATTERN`: those whose text matches.
    Text(String),
    /// `first`: the first.
    First,
    /// `last`: the last.
    Last,
    /// `closest:SELECTOR`: for each the element itself or the nearest around it that matches.
    Closest(String),
}

/// What separates steps.
const STEP: &str = " | ";

const FORMS: &str = "write css:SELECTOR, css:SELECTOR@attribute, ld:PATH, meta:KEY or text:^PATTERN";
const STEP_FORMS: &str = "after \" | \" stand text:^PATTERN, first, last, closest:SELECTOR or @attribute";

impl Source {
    /// Reads a source.
    ///
    /// # Errors
    /// What a source looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, rest) = text
            .split_once(':')
            .filter(|(_, rest)| !rest.trim().is_empty())
            .ok_or_else(|| format!("{text:?} is no source: {FORMS}"))?;
        let rest = rest.trim();
        match kind {
            "css" => Self::css(rest),
            "ld" => Ok(Self::JsonLd(rest.to_owned())),
            "meta" => Ok(Self::Meta(rest.to_ascii_lowercase())),
            "text" => anchored(rest).map(|()| Self::Text(rest.to_owned())),
            _ => Err(format!("{text:?} is no source: {FORMS}")),
        }
    }

    fn css(rest: &str) -> Result<Self, String> {
        let mut parts = split_steps(rest).into_iter();
        let first = parts.next().unwrap_or_default();
        let (selector, mut attribute) = match first.rsplit_once('@') {
            Some((selector, name)) if is_name(name) => (selector, Some(name.to_ascii_lowercase())),
            _ => (first, None),
        };
        let mut steps = Vec::new();
        for part in parts {
            let Some(name) = part.strip_prefix('@').filter(|name| is_name(name)) else {
                steps.push(Step::parse(part)?);
                continue;
            };
            if let Some(other) = attribute.replace(name.to_ascii_lowercase()) {
                return Err(format!("{rest:?} has two attributes, @{other} and @{name}"));
            }
        }
        if selector.trim().is_empty() {
            return Err(format!("{rest:?} has no selector: {FORMS}"));
        }
        Ok(Self::Css {
            selector: selector.trim().to_owned(),
            steps,
            attribute,
        })
    }
}

impl Step {
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "first" => Ok(Self::First),
            None if text == "last" => Ok(Self::Last),
            Some(("text", pattern)) => anchored(pattern).map(|()| Self::Text(pattern.to_owned())),
            Some(("closest", selector)) if !selector.trim().is_empty() => {
                Ok(Self::Closest(selector.trim().to_owned()))
            }
            _ => Err(format!("no step {text:?}: {STEP_FORMS}")),
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    !name.is_empty() && name.bytes().all(is_part)
}

/// The selector and the steps. A bar inside a pattern is of the pattern unless a step begins after it.
fn split_steps(rest: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(found) = rest[from..].find(STEP) {
        let (bar, after) = (from + found, from + found + STEP.len());
        from = after;
        let in_pattern = rest[start..bar].trim_start().starts_with("text:");
        if in_pattern && !begins_step(&rest[after..]) {
            continue;
        }
        parts.push(rest[start..bar].trim());
        start = after;
    }
    parts.push(rest[start..].trim());
    parts
}

fn begins_step(text: &str) -> bool {
    let word = text.split(STEP).next().unwrap_or_default().trim();
    matches!(word, "first" | "last")
        || word.starts_with("closest:")
        || word.starts_with("text:")
        || word.strip_prefix('@').is_some_and(is_name)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn css(selector: &str, steps: Vec<Step>, attribute: Option<&str>) -> Source {
        Source::Css {
            selector: selector.to_owned(),
            steps,
            attribute: attribute.map(str::to_owned),
        }
    }

    #[test]
    fn a_source_has_one_of_four_kinds() {
        let parse = Source::parse;
        assert_eq!(
            parse("css:time@datetime"),
            Ok(css("time", vec![], Some("datetime")))
        );
        let at_in_value = "a[href*='x@y.z']";
        assert_eq!(
            parse(&format!("css:{at_in_value}")),
            Ok(css(at_in_value, vec![], None))
        );
        assert_eq!(parse("ld:author.name"), Ok(Source::JsonLd("author.name".into())));
        for wrong in ["h1", "css:", "css:@href", "xpath://h1", "text:unanchored"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn steps_follow_a_selector_in_the_order_in_which_they_are_applied() {
        let text = |pattern: &str| Step::Text(pattern.to_owned());
        let closest = |selector: &str| Step::Closest(selector.to_owned());
        for (source, expected) in [
            ("css:p | last", css("p", vec![Step::Last], None)),
            ("css:a@href | last", css("a", vec![Step::Last], Some("href"))),
            (
                "css:a | text:^Next$ | first | @href",
                css("a", vec![text("^Next$"), Step::First], Some("href")),
            ),
            (
                "css:b | text:^(Ad | Promo) | closest:div.box, li",
                css("b", vec![text("^(Ad | Promo)"), closest("div.box, li")], None),
            ),
        ] {
            assert_eq!(Source::parse(source), Ok(expected), "{source}");
        }
        for wrong in [
            "css:p | nth",
            "css:p | text:x",
            "css:p | closest:",
            "css:a@href | @rel",
        ] {
            assert!(Source::parse(wrong).is_err(), "{wrong}");
        }
    }
}
