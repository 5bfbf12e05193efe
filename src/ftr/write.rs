//! The rules of a site as a TOML file.

use std::fmt::Write;

use crate::rules::schema::SCHEMA;

use super::rules::SiteRules;
use super::{Bodies, Line, Outcome};

/// The site file: a layout for each body, in their order, and one for pages that none of them fits.
pub(super) fn toml(host: &str, site: &SiteRules, bodies: Bodies, lines: &[Line]) -> String {
    let mut text = format!(
        "# Translated from a Full-Text RSS config.\nschema = {SCHEMA}\nsites = [{}]\n",
        string(host)
    );
    for test in &site.tests {
        comment(&mut text, test);
    }
    for line in lines {
        match &line.outcome {
            Outcome::Untranslated(why) => {
                comment(&mut text, &format!("not translated: {} ({why})", line.text));
            }
            Outcome::Nearly(how) => comment(&mut text, &format!("nearly: {} ({how})", line.text)),
            Outcome::Same | Outcome::Needless(_) => {}
        }
    }
    let has_rules = [
        &site.drop,
        &site.stop_at,
        &site.next_page,
        &site.single_page,
        &site.title,
        &site.authors,
        &site.published,
    ]
    .into_iter()
    .any(|rules| !rules.is_empty());
    for (number, body) in (1..).zip(&site.bodies) {
        match bodies {
            Bodies::Rules => layout(&mut text, &format!("body-{number}"), body, site),
            Bodies::Comments => {
                let list: Vec<String> = body.iter().map(|css| string(css)).collect();
                comment(&mut text, &format!("body = [{}]", list.join(", ")));
            }
        }
    }
    if has_rules {
        layout(&mut text, "any", &[], site);
    }
    text
}

fn layout(text: &mut String, name: &str, body: &[String], site: &SiteRules) {
    // Writing to a string cannot fail.
    let _ = write!(text, "\n[[layout]]\nname = {}\n", string(name));
    for (key, values) in [
        ("body", body),
        ("title", &site.title[..]),
        ("authors", &site.authors),
        ("published", &site.published),
        ("drop", &site.drop),
        ("stop_at", &site.stop_at),
        ("next_page", &site.next_page),
        ("single_page", &site.single_page),
    ] {
        match values {
            [] => {}
            [one] => {
                let _ = writeln!(text, "{key} = [{}]", string(one));
            }
            several => {
                let _ = writeln!(text, "{key} = [");
                for value in several {
                    let _ = writeln!(text, "    {},", string(value));
                }
                text.push_str("]\n");
            }
        }
    }
}

fn comment(text: &mut String, line: &str) {
    text.push_str("# ");
    text.extend(line.chars().map(|c| if c.is_control() { ' ' } else { c }));
    text.push('\n');
}

/// A TOML string: literal where it can be, for the sake of the quotes in selectors.
fn string(text: &str) -> String {
    if text.contains('"') && !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
