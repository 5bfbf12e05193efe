//! The rules of one site: its layouts and what each of them says.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use regex::{RegexSet, RegexSetBuilder};
use url::Url;

use super::pattern::Pattern;
use super::{FieldSource, Meaning, RuleId, SelectorIndex, SetRules};
use crate::document::FieldName;

/// All rules of one site file, or of the file of a publishing system.
#[derive(Debug)]
pub struct SiteRules {
    /// The file.
    pub file: String,
    /// Its text.
    pub text: Cow<'static, str>,
    /// Its number among all.
    pub number: u32,
    /// The hosts it serves, in lower case; none for a publishing system.
    pub hosts: Vec<String>,
    /// Headers of requests.
    pub headers: Vec<(String, String)>,
    /// Its layouts, in order.
    pub layouts: Vec<Layout>,
    /// The selectors of all layouts.
    pub index: SelectorIndex<Meaning>,
    /// The selectors with steps of all layouts.
    pub sets: SetRules,
    /// Its tests.
    pub tests: Vec<SiteTest>,
    /// It is compiled into the program.
    pub is_builtin: bool,
    pub(super) paths: Paths,
}

impl SiteRules {
    /// The file's folder and name, as "sites/example.org.toml": the same wherever an overlay lies.
    pub fn short_name(&self) -> String {
        let parts: Vec<&str> = self.file.rsplit(['/', '\\']).take(2).collect();
        parts.into_iter().rev().collect::<Vec<_>>().join("/")
    }

    /// Whether an attribute of this name and value matters to a selector.
    pub fn looks_at(&self, name: &str, value: &str) -> bool {
        self.index.looks_at(name, value) || self.sets.index.looks_at(name, value)
    }
}

/// One layout of a site.
#[derive(Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// Its place in the file, from 0.
    pub number: u16,
    /// The line of the file, from 1.
    pub line: u32,
    /// It has a `when`; without it, it fits where its `body` matches.
    pub has_when: bool,
    /// It has a `body`.
    pub has_body: bool,
    /// Its rules, in the order in which they are applied.
    pub rules: Vec<RuleId>,
    pub(super) paths: Paths,
    pub(super) since: Option<String>,
    pub(super) until: Option<String>,
    pub(super) drop_text: TextRules,
    pub(super) stop_text: TextRules,
    pub(super) fields: Vec<FieldRule>,
}

/// A rule that finds a field.
#[derive(Debug)]
pub struct FieldRule {
    /// Which.
    pub field: FieldName,
    /// Where.
    pub source: FieldSource,
    /// The rule.
    pub rule: RuleId,
}

impl Layout {
    /// The `drop_text` rule that this block matches.
    pub fn drops_text(&self, text: &str) -> Option<RuleId> {
        self.drop_text.find(text)
    }

    /// Where it finds a field, in order of trust.
    pub fn sources(&self, field: FieldName) -> impl Iterator<Item = &FieldSource> {
        let is_of = move |rule: &&FieldRule| rule.field == field;
        self.fields.iter().filter(is_of).map(|rule| &rule.source)
    }

    /// All rules that find fields.
    pub fn field_rules(&self) -> &[FieldRule] {
        &self.fields
    }

    /// The `stop_at` rule that this block matches.
    pub fn stops_at_text(&self, text: &str) -> Option<RuleId> {
        self.stop_text.find(text)
    }

    /// Whether it is for pages of this URL.
    pub fn serves(&self, url: &Url) -> bool {
        self.paths.longest_match(url.path()).is_some()
    }

    /// Whether it says of which days its stories are.
    pub fn is_dated(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    /// Whether stories of this day, as "2024-05-01", are among its own.
    pub fn is_of(&self, day: &str) -> bool {
        self.since.as_deref().is_none_or(|since| since <= day)
            && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// Patterns over the path of a URL.
#[derive(Debug, Default)]
pub(super) struct Paths(pub(super) Vec<Pattern>);

impl Paths {
    /// The bytes of the path that the pattern which matches most of it does; 0 where there is no pattern. `None` where none
    /// matches.
    pub(super) fn longest_match(&self, path: &str) -> Option<usize> {
        if self.0.is_empty() {
            return Some(0);
        }
        // With a pattern, even an empty match is more than none.
        let matches = self.0.iter().filter_map(|pattern| pattern.find(path));
        matches.map(|found| found.len() + 1).max()
    }
}

/// Anchored patterns over one block, each a rule; compiled when a page of the site first needs them.
#[derive(Debug, Default)]
pub(super) struct TextRules {
    pub(super) patterns: Vec<String>,
    pub(super) rules: Vec<RuleId>,
    pub(super) set: OnceLock<RegexSet>,
}

/// The patterns of one key compile to at most so many bytes together.
const MAX_SET_BYTES: usize = 64 << 20;

impl TextRules {
    fn find(&self, text: &str) -> Option<RuleId> {
        if self.patterns.is_empty() {
            return None;
        }
        // Files of an overlay are checked when they are loaded, and a test checks every built-in one.
        let set = self.set.get_or_init(|| {
            let builder = RegexSetBuilder::new(&self.patterns)
                .size_limit(MAX_SET_BYTES)
                .build();
            builder.unwrap_or_default()
        });
        let first = set.matches(text).iter().next()?;
        self.rules.get(first).copied()
    }
}

/// A `[[test]]` of a file: what a page of the site must give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteTest {
    /// The line of the file, from 1.
    pub line: u32,
    /// The folder of the page.
    pub page: String,
    /// Where it was published.
    pub url: Option<Url>,
    /// The layout that fits it.
    pub layout: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its authors.
    pub authors: Option<Vec<String>>,
    /// The day, or day and time, when it was published.
    pub published: Option<String>,
    /// Strings that must stand in the article.
    pub has: Vec<String>,
    /// Strings that must not.
    pub lacks: Vec<String>,
}

/// The numbers of some rules.
pub(super) fn rule_ids(numbers: Range<usize>) -> impl Iterator<Item = RuleId> {
    numbers.map(|number| RuleId(u32::try_from(number).unwrap_or(u32::MAX)))
}
