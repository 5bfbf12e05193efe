//! The keys of the configuration, and the one that a wrong key was meant to be.

use toml::de::{DeTable, DeValue};

use super::raw::Wrong;
use crate::spelling::nearest;

/// Keys at the top.
const TOP: [&str; 14] = [
    "store",
    "user_agent",
    "contact",
    "pace",
    "timeout",
    "concurrency",
    "min_interval",
    "max_interval",
    "allow_private",
    "robots",
    "robots_tags",
    "favor",
    "selectors",
    "source",
];

/// Keys of a `[[source]]`.
const SOURCE: [&str; 9] = [
    "name", "feed", "sitemap", "section", "url", "urls", "dir", "limit", "base_url",
];

/// Reports the first unknown key in the order of the file.
pub(super) fn check(table: &DeTable<'_>) -> Result<(), Wrong> {
    let mut wrong: Vec<Wrong> = unknown(table, &TOP, &SOURCE, "").collect();
    if let Some((_, DeValue::Array(sources))) = table
        .iter()
        .find(|(key, _)| key.get_ref() == "source")
        .map(|(key, value)| (key, value.get_ref()))
    {
        for source in sources.iter().filter_map(|source| source.get_ref().as_table()) {
            wrong.extend(unknown(source, &SOURCE, &TOP, " in [[source]]"));
        }
    }
    wrong.into_iter().min_by_key(|wrong| wrong.at).map_or(Ok(()), Err)
}

fn unknown<'t>(
    table: &'t DeTable<'_>,
    known: &'static [&'static str],
    elsewhere: &'static [&'static str],
    place: &'static str,
) -> impl Iterator<Item = Wrong> + 't {
    table
        .keys()
        .filter(|key| !known.contains(&key.get_ref().as_ref()))
        .map(move |key| {
            let name: &str = key.get_ref();
            let hint = if elsewhere.contains(&name) {
                let home = if place.is_empty() {
                    "belongs into a [[source]]"
                } else {
                    "belongs above the first [[source]]"
                };
                home.to_owned()
            } else if let Some(near) = nearest(name, known.iter().copied()) {
                format!("did you mean `{near}`?")
            } else {
                format!("known are {}", known.join(", "))
            };
            Wrong {
                at: key.span().start,
                message: format!("unknown key `{name}`{place}: {hint}"),
            }
        })
}
