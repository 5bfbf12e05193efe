//! What a config says about a field, as sources of a site file.

use std::collections::BTreeSet;

use super::css::{End, Selected, Use, elements, literal};
use super::rules::{is_without_text, source};
use super::xpath::{Expr, Path, Start, Test, parse};

/// The fields that configs know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Authors,
    Published,
}

/// What the program reads of every page.
const PAGE_TITLE: &str = "the page's title is read without being told";
/// What stands before a name and is cut off by the program itself.
const BY: &[&str] = &[
    "by", "von", "par", "por", "di", "door", "av", "af", "da", "autor", "author",
];
/// What parts the site's name from a title.
const PARTINGS: &[char] = &['|', '-', '–', '—', '·', '•', ':', '｜', '«', '»'];

/// The sources of a field, or why none is needed.
pub(super) type Sources = Result<Vec<String>, &'static str>;

/// Translates a field's expression.
///
/// # Errors
/// Why it cannot be said.
pub(super) fn field_source(
    field: Field,
    value: &str,
    notes: &mut BTreeSet<&'static str>,
) -> Result<Sources, String> {
    let expr = parse(value)?;
    if let Some(path) = in_json_ld(&expr) {
        return Ok(Ok(vec![format!("ld:{path}")]));
    }
    let whole = whole_text(field, &expr, notes);
    let (inner, pattern) = cut(whole);
    let used = if field == Field::Authors {
        Use::All
    } else {
        Use::First
    };
    let mut sources = Vec::new();
    for mut selected in elements(inner, used, notes)? {
        if field == Field::Title && selected.tag == "title" && selected.end != End::Comment {
            if sources.is_empty() {
                return Ok(Err(PAGE_TITLE));
            }
            continue;
        }
        if let Some(pattern) = &pattern {
            if !matches!(selected.end, End::Element | End::Text) {
                return Err("a part of an attribute".to_owned());
            }
            selected.steps.push(format!("text:{pattern}"));
        }
        sources.push(field_of(&selected)?);
    }
    Ok(Ok(sources))
}

fn field_of(selected: &Selected) -> Result<String, String> {
    let Selected { css, end, tag, steps } = selected;
    if tag == "meta"
        && steps.is_empty()
        && let Some(key) = meta_key(css, end)
    {
        return Ok(format!("meta:{key}"));
    }
    if is_without_text(tag) {
        return Err(format!("{tag} elements are not looked into"));
    }
    match end {
        End::Comment => Err("a comment".to_owned()),
        End::Element | End::Text | End::Attribute(_) => source(selected),
    }
}

/// What `substring-before()` and `substring-after()` cut, as a pattern whose group is what they leave.
fn cut(expr: &Expr) -> (&Expr, Option<String>) {
    let mut inner = expr;
    let (mut before, mut after) = (Vec::new(), None);
    while let Expr::Call(name, arguments) = inner {
        match (name.as_str(), arguments.as_slice()) {
            ("normalize-space" | "string", [next]) => inner = next,
            ("substring-after", [next, Expr::Text(mark)]) => {
                before.push(mark_of(mark));
                inner = next;
            }
            ("substring-before", [next, Expr::Text(mark)]) if after.is_none() => {
                after = Some(mark_of(mark));
                inner = next;
            }
            _ => return (expr, None),
        }
    }
    if before.is_empty() && after.is_none() {
        return (inner, None);
    }
    let mut pattern = String::from("^");
    for mark in before.iter().rev() {
        pattern.push_str(".*?");
        pattern.push_str(mark);
        pattern.push_str(" ?");
    }
    pattern.push_str(&match after {
        Some(mark) => format!("(.+?) ?{mark}"),
        None => "(.+)$".to_owned(),
    });
    (inner, Some(pattern))
}

/// A mark as a pattern; one of nothing but space is a space.
fn mark_of(mark: &str) -> String {
    let pattern = literal(mark);
    if pattern.is_empty() {
        " ".to_owned()
    } else {
        pattern
    }
}

/// The key of a `meta` element; that it has a content, and which, is asked by the program.
fn meta_key(css: &str, end: &End) -> Option<String> {
    if *end != End::Attribute("content".to_owned()) {
        return None;
    }
    let at = css.rfind("meta[")?;
    let (name, rest) = css[at + "meta[".len()..].split_once("=\"")?;
    let (key, _) = rest.split_once("\"]")?;
    let is_key =
        matches!(name, "property" | "name" | "itemprop" | "http-equiv") && !key.contains(['"', '\\']);
    (is_key && !key.trim().is_empty()).then(|| key.trim().to_ascii_lowercase())
}

/// The expression without the cutting that the program does by itself.
fn whole_text<'e>(field: Field, expr: &'e Expr, notes: &mut BTreeSet<&'static str>) -> &'e Expr {
    let mut expr = expr;
    while let Expr::Call(name, arguments) = expr {
        let (inner, cut) = match (name.as_str(), arguments.as_slice()) {
            ("normalize-space" | "string", [inner]) => (inner, None),
            ("substring-before" | "substring-after", [inner, Expr::Text(cut)]) => (inner, Some(cut.trim())),
            _ => break,
        };
        if let Some(cut) = cut {
            let note = match field {
                Field::Published => "the date is looked for in the whole text",
                Field::Title if name == "substring-before" && cut.starts_with(PARTINGS) => {
                    "the site's name is cut off as the program finds it"
                }
                Field::Authors
                    if name == "substring-after"
                        && BY.contains(&cut.trim_end_matches(':').to_lowercase().as_str()) =>
                {
                    "what stands before the name is cut off as the program finds it"
                }
                _ => break,
            };
            notes.insert(note);
        }
        expr = inner;
    }
    expr
}

/// The path in JSON-LD that `substring-after(//script, '"key":"')` looks for.
fn in_json_ld(expr: &Expr) -> Option<String> {
    let mut expr = expr;
    let mut marks = Vec::new();
    while let Expr::Call(name, arguments) = expr {
        match (name.as_str(), arguments.as_slice()) {
            ("normalize-space", [inner]) | ("substring-before", [inner, Expr::Text(_)]) => expr = inner,
            ("substring-after", [inner, Expr::Text(mark)]) => {
                marks.push(mark.as_str());
                expr = inner;
            }
            _ => return None,
        }
    }
    let (
        Expr::Path(Path {
            start: Start::Root,
            steps,
        }),
        [mark],
    ) = (expr, marks.as_slice())
    else {
        return None;
    };
    let last = steps.last()?;
    let is_json_ld = last.test == Test::Name("script".to_owned())
        && last
            .predicates
            .iter()
            .any(|predicate| format!("{predicate:?}").contains("ld+json"));
    if !is_json_ld {
        return None;
    }
    let path: Vec<&str> = mark
        .split(['"', ':', '{', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let is_path = (1..=3).contains(&path.len())
        && mark.trim().starts_with('"')
        && path.iter().all(|part| part.chars().all(char::is_alphanumeric));
    is_path.then(|| path.join("."))
}
