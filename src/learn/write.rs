//! What was learned, as the text of a selector file.

use std::fmt::Write as _;

use crate::rules::toml_string;

use super::layouts::{Layout, Rule};
use super::page_test::Test;

/// A pattern is at most of so many characters of a text.
const MAX_PATTERN: usize = 80;

/// The text of the file, without its tests. Above each rule stands why it is believed.
pub(super) fn rules(sites: &[String], layouts: &[(String, &Layout)]) -> String {
    let mut text = format!(
        "# Learned from pages of the site; the figures say how sure each rule is.\n\nschema = 1\nsites = {}\n",
        list(sites)
    );
    for (name, layout) in layouts {
        let _ = writeln!(
            text,
            "\n# {}: how sure it is, of 1.\n[[layout]]\nname = {}",
            layout.confidence,
            toml_string(name)
        );
        key(
            "when",
            &layout.when,
            |rule| format!("css:{}", rule.text),
            &mut text,
        );
        key(
            "body",
            &layout.body,
            |rule| format!("css:{}", rule.text),
            &mut text,
        );
        key(
            "drop",
            &layout.drop,
            |rule| format!("css:{}", rule.text),
            &mut text,
        );
        key(
            "drop_text",
            &layout.drop_text,
            |rule| pattern(&rule.text),
            &mut text,
        );
        key(
            "stop_at",
            &layout.stop_at,
            |rule| format!("text:{}", pattern(&rule.text)),
            &mut text,
        );
        for (name, sources) in &layout.fields {
            key(name, sources, |rule| rule.text.clone(), &mut text);
        }
    }
    text
}

/// A list of rules, each under the reason for it.
fn key(name: &str, rules: &[Rule], source: impl Fn(&Rule) -> String, text: &mut String) {
    let Some(first) = rules.first() else { return };
    // Writing to a string cannot fail.
    if rules.iter().all(|rule| rule.why == first.why) {
        let sources: Vec<String> = rules.iter().map(source).collect();
        let _ = writeln!(text, "# {}\n{name} = {}", first.why, list(&sources));
        return;
    }
    let _ = writeln!(text, "{name} = [");
    for rule in rules {
        let _ = writeln!(text, "    # {}\n    {},", rule.why, toml_string(&source(rule)));
    }
    let _ = writeln!(text, "]");
}

/// Appends a test.
pub(super) fn test(test: &Test, into: &mut String) {
    let _ = write!(
        into,
        "\n[[test]]\npage = {}\nurl = {}\nlayout = {}\n",
        toml_string(&test.page),
        toml_string(&test.url),
        toml_string(&test.layout)
    );
    if let Some(title) = &test.title {
        let _ = writeln!(into, "title = {}", toml_string(title));
    }
    if !test.authors.is_empty() {
        let _ = writeln!(into, "authors = {}", list(&test.authors));
    }
    if let Some(day) = &test.published {
        let _ = writeln!(into, "published = {}", toml_string(day));
    }
    let _ = writeln!(into, "has = {}", list(&test.has));
    if !test.lacks.is_empty() {
        let _ = writeln!(into, "lacks = {}", list(&test.lacks));
    }
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| toml_string(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A text as a pattern that matches it alone, or what begins with as much of it.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("^");
    let cut = text.char_indices().nth(MAX_PATTERN).map(|(cut, _)| cut);
    for c in text[..cut.unwrap_or(text.len())].chars() {
        if matches!(
            c,
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
        ) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if cut.is_none() {
        pattern.push('$');
    }
    pattern
}
