//! What was learned, as a selector file.

use std::fmt::Write as _;

use super::layouts::Layout;

/// A `[[test]]` of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Test {
    /// The folder of the page.
    pub page: String,
    /// Where it was published.
    pub url: String,
    /// The layout that fits it.
    pub layout: String,
    /// Its headline.
    pub title: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// The day when it was published.
    pub published: Option<String>,
    /// Strings of its article.
    pub has: Vec<String>,
    /// Strings that are not.
    pub lacks: Vec<String>,
}

/// The text of the file, without its tests.
pub fn rules(sites: &[String], layouts: &[(String, &Layout)]) -> String {
    let mut text = format!("schema = 1\nsites = {}\n", list(sites));
    for (name, layout) in layouts {
        let _ = write!(text, "\n[[layout]]\nname = {}\n", quoted(name));
        let lists = [("body", &layout.body, "css:"), ("drop", &layout.drop, "css:")];
        for (key, rules, prefix) in lists {
            let rules: Vec<String> = rules
                .iter()
                .map(|rule| format!("{prefix}{}", rule.text))
                .collect();
            if !rules.is_empty() {
                let _ = writeln!(text, "{key} = {}", list(&rules));
            }
        }
        for (key, rules, prefix) in [
            ("drop_text", &layout.drop_text, ""),
            ("stop_at", &layout.stop_at, "text:"),
        ] {
            let rules: Vec<String> = rules
                .iter()
                .map(|rule| format!("{prefix}^{}$", escaped(&rule.text)))
                .collect();
            if !rules.is_empty() {
                let _ = writeln!(text, "{key} = {}", list(&rules));
            }
        }
    }
    text
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A text as a pattern that matches it alone.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
        ) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
