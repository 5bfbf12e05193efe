//! Where the fields stand: only what two sources say alike on every page is written, since the program finds the rest by itself.

use serde_json::Value;

use crate::article::PageDate;
use crate::document::FieldName;

use super::Sample;
use super::layouts::Rule;

/// Pages from which a source is believed.
const MIN_PAGES: usize = 2;
/// Sources that must agree.
const MIN_SOURCES: usize = 2;
/// Values of one page's JSON-LD that are looked at, and the bytes of one script.
const MAX_VALUES: usize = 20_000;
const MAX_SCRIPT: usize = 1 << 20;

/// Keys of a layout with the sources that are tried for them, in order of trust.
const TRIED: [(&str, &[&str]); 3] = [
    ("title", &["ld:headline", "meta:og:title", "css:h1"]),
    (
        "authors",
        &["ld:author.name", "meta:author", "meta:article:author"],
    ),
    ("published", &["ld:datePublished", "meta:article:published_time"]),
];

/// The fields of pages of one layout, by key.
pub(super) fn fields(samples: &[&Sample<'_>]) -> Vec<(&'static str, Vec<Rule>)> {
    if samples.len() < MIN_PAGES {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (key, sources) in TRIED {
        let agrees = |source: &&&str| samples.iter().all(|sample| gives(sample, key, source));
        let agreeing: Vec<&&str> = sources.iter().filter(agrees).collect();
        if agreeing.len() >= MIN_SOURCES {
            let rules = agreeing.into_iter().map(|source| Rule {
                text: (*source).to_owned(),
                why: format!("on {0} of {0} pages as the program found it", samples.len()),
            });
            found.push((key, rules.collect()));
        }
    }
    found
}

/// Whether a source gives what the program has found.
fn gives(sample: &Sample<'_>, key: &str, source: &str) -> bool {
    let fields = sample.fields;
    let values = values(sample, source);
    match key {
        "title" => fields
            .title
            .as_deref()
            .is_some_and(|title| values.first().is_some_and(|value| folded(value) == folded(title))),
        "authors" => {
            let names: Vec<String> = values.iter().map(|value| folded(value)).collect();
            let wanted: Vec<String> = fields.authors.iter().map(|name| folded(name)).collect();
            !wanted.is_empty() && names == wanted
        }
        _ => fields
            .published
            .as_ref()
            .map(PageDate::day)
            .is_some_and(|day| values.first().is_some_and(|value| value.starts_with(day))),
    }
}

fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn values(sample: &Sample<'_>, source: &str) -> Vec<String> {
    let facts = &sample.document.facts;
    if let Some(path) = source.strip_prefix("ld:") {
        return facts
            .json_ld
            .iter()
            .find_map(|script| in_json(script, path))
            .unwrap_or_default();
    }
    if let Some(key) = source.strip_prefix("meta:") {
        let of_key = facts.meta.iter().filter(|meta| meta.key == key);
        return of_key.map(|meta| meta.content.trim().to_owned()).collect();
    }
    let found = facts.found.iter();
    let of_source = found.filter(|found| {
        found.field == FieldName::Title
            && found.source == source
            && found.layout.is_none()
            && !found.in_dropped
    });
    of_source.map(|found| found.text.clone()).collect()
}

/// The strings at a path of the first article in a JSON-LD script.
fn in_json(script: &str, path: &str) -> Option<Vec<String>> {
    let whole: Value = (script.len() <= MAX_SCRIPT).then(|| serde_json::from_str(script).ok())??;
    let mut open = vec![&whole];
    let mut looked_at = 0;
    while let Some(value) = open.pop() {
        looked_at += 1;
        if looked_at > MAX_VALUES {
            return None;
        }
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(node) if is_article(value) => {
                return node
                    .contains_key(path.split('.').next()?)
                    .then(|| at_path(value, path));
            }
            Value::Object(node) => open.extend(node.values()),
            _ => {}
        }
    }
    None
}

fn is_article(node: &Value) -> bool {
    let is_one = |kind: &Value| {
        let kind = kind.as_str().unwrap_or_default();
        kind.ends_with("Article") || kind.ends_with("BlogPosting") || kind == "Report"
    };
    match node.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_one),
        Some(kind) => is_one(kind),
        None => false,
    }
}

fn at_path(node: &Value, path: &str) -> Vec<String> {
    let mut values = vec![node];
    for key in path.split('.') {
        values = values
            .into_iter()
            .filter_map(|value| value.get(key))
            .flat_map(|value| match value {
                Value::Array(values) => values.iter().collect(),
                other => vec![other],
            })
            .collect();
    }
    let texts = values.into_iter().filter_map(Value::as_str);
    texts.map(|text| text.trim().to_owned()).collect()
}
