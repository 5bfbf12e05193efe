//! Where the layout of a site finds the fields of a page.

use super::pattern::Pattern;

/// One source of a field.
#[derive(Debug)]
pub enum FieldSource {
    /// What the selectors found under this source.
    Css {
        /// The source as written: "css:time@datetime".
        written: String,
        /// The last text test, whose first group, where it has one, is the part that is meant.
        part: Option<Pattern>,
    },
    /// A path in JSON-LD, from the article or the page on: "author.name".
    JsonLd(String),
    /// The key of `<meta>` elements, in lower case.
    Meta(String),
    /// The first text block that the pattern matches.
    Text(Pattern),
}

impl FieldSource {
    /// What a text test takes of an element's text: its first group, or where it has none, all of it.
    pub fn part<'t>(&self, text: &'t str) -> &'t str {
        let Self::Css {
            part: Some(pattern), ..
        } = self
        else {
            return text;
        };
        let group = pattern.captures(text).and_then(|found| found.get(1));
        group.map_or(text, |group| group.as_str().trim())
    }

    /// What a pattern takes of a block: its first group, else all that it matches. `None` where it does not match, and
    /// for other kinds of sources.
    pub fn in_text<'t>(&self, block: &'t str) -> Option<&'t str> {
        let Self::Text(pattern) = self else { return None };
        let found = pattern.captures(block)?;
        let part = found.get(1).or_else(|| found.get(0))?.as_str().trim();
        (!part.is_empty()).then_some(part)
    }
}
