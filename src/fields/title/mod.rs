//! The headline: the page's own heading where the rest of the page bears it out, without the site's name.

use super::text;

/// Characters of the longest headline; a longer heading is a text in the wrong element.
const MAX_HEADLINE_CHARS: usize = 400;

/// Share of the words of the shorter title that must stand in the other for both to be the same headline.
const SAME_SHARE: f64 = 0.6;

/// Share of words that makes a heading in a dropped part the headline.
const SURE_SHARE: f64 = 0.9;

/// Share below which even the only heading of a page is about something else than its title.
const STRANGE_SHARE: f64 = 0.12;

/// Words of a site's name at the end of a title where nothing else says what the name is.
const MAX_SITE_WORDS: usize = 5;

/// Marks with spaces around them that publishers put between headline and site.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ~ ", " ‹ ", " › ", " > ", " < ",
    " ⋆ ", " : ", " ― ", " ‒ ", " ● ", " ¦ ", " ︱ ", " ｜ ",
];

/// Marks that separate without spaces around them.
const TIGHT_SEPARATORS: &[&str] = &["|", "｜", "_", "︱"];

/// What the page offers as its title, best first within each list.
#[derive(Debug, Default)]
pub(super) struct Offers {
    /// What the site's own rules found.
    pub(super) site_rule: Vec<String>,
    /// Headings outside navigation and asides, in page order.
    pub(super) headings: Vec<String>,
    /// The only `h1` outside them, where there is one.
    pub(super) sole: Option<String>,
    /// Headings inside them, in page order: a site's header may be dropped with the headline in it.
    pub(super) dropped_headings: Vec<String>,
    /// Headlines in JSON-LD.
    pub(super) json_ld: Vec<String>,
    /// `og:title` and its like.
    pub(super) meta: Vec<String>,
    /// The `<title>`.
    pub(super) document: Option<String>,
}

/// The headline among the offers. `names` are comparable forms of the site's names.
pub(super) fn choose(offers: &Offers, names: &[String]) -> Option<String> {
    let strip = |title: &String| strip_site(title, names);
    if let Some(title) = offers.site_rule.first() {
        return Some(title.clone());
    }
    let headings: Vec<String> = offers
        .headings
        .iter()
        .map(strip)
        .filter(|title| fits(title, names))
        .collect();
    let mut claims: Vec<String> = offers
        .json_ld
        .iter()
        .chain(&offers.meta)
        .map(strip)
        .filter(|title| fits(title, names))
        .collect();
    claims.extend(
        offers
            .document
            .as_deref()
            .map(|title| strip_unknown(&strip_site(title, names)))
            .filter(|title| fits(title, names)),
    );
    // A headline in JSON-LD is surer than a heading in a part that is dropped.
    let dropped = if offers.json_ld.is_empty() {
        offers.dropped_headings.as_slice()
    } else {
        &[]
    };
    let dropped: Vec<String> = dropped
        .iter()
        .map(strip)
        .filter(|title| fits(title, names))
        .collect();
    let sole = offers.sole.as_ref().map(strip).filter(|title| fits(title, names));
    if let Some(heading) = best_heading(&headings, sole.as_ref(), &dropped, &claims) {
        let without_kicker = without_kicker(heading, &offers.json_ld, &offers.meta, names);
        return Some(without_kicker.unwrap_or_else(|| heading.clone()));
    }
    let first = claims.first()?;
    // A title that was cut ("The vote was ...") is told in full by another.
    let stem = first.trim_end_matches(['.', '…', ' ']);
    let is_cut = first.ends_with('…') || first.ends_with("...");
    let full = claims
        .iter()
        .chain(&headings)
        .filter(|_| is_cut)
        .find(|claim| claim.len() > first.len() && claim.starts_with(stem));
    full.or(Some(first)).cloned()
}

/// Whether a text may be a headline at all.
fn fits(title: &str, names: &[String]) -> bool {
    let key = text::key(title);
    !key.is_empty() && title.chars().nth(MAX_HEADLINE_CHARS).is_none() && !names.contains(&key)
}

/// The heading that shares the most words with the other titles; the only one where there is one.
fn best_heading<'a>(
    headings: &'a [String],
    sole: Option<&'a String>,
    dropped: &'a [String],
    claims: &[String],
) -> Option<&'a String> {
    let claims: Vec<Vec<String>> = claims.iter().map(|claim| text::words(claim)).collect();
    let best = |headings: &mut dyn Iterator<Item = &'a String>| {
        let mut best: Option<(f64, &String)> = None;
        for heading in headings {
            let words = text::words(heading);
            let likeness = claims
                .iter()
                .map(|claim| likeness(&words, claim))
                .fold(0.0, f64::max);
            if best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, heading));
            }
        }
        best
    };
    let chosen = best(&mut headings.iter());
    let least = if headings.len() == 1 {
        STRANGE_SHARE
    } else {
        SAME_SHARE
    };
    let borne_out = chosen.filter(|(likeness, _)| *likeness >= least);
    let is_sole = || best(&mut sole.into_iter()).filter(|(likeness, _)| *likeness >= STRANGE_SHARE);
    let in_dropped = || best(&mut dropped.iter()).filter(|(likeness, _)| *likeness >= SURE_SHARE);
    let unopposed = || chosen.filter(|_| claims.is_empty());
    borne_out
        .or_else(in_dropped)
        .or_else(is_sole)
        .or_else(unopposed)
        .map(|(_, heading)| heading)
}

/// The headline that JSON-LD or meta elements name, where the heading only puts a kicker before it.
fn without_kicker(heading: &str, json_ld: &[String], meta: &[String], names: &[String]) -> Option<String> {
    let whole = text::key(heading);
    // Where JSON-LD or the page's title has it too, it is part of the headline.
    if json_ld
        .iter()
        .chain(meta)
        .any(|claim| text::key(&strip_site(claim, names)) == whole)
    {
        return None;
    }
    json_ld
        .iter()
        .chain(meta.first())
        .map(|claim| strip_site(claim, names))
        .find(|claim| {
            let key = text::key(claim);
            claim.split_whitespace().count() >= 3 && key.len() < whole.len() && whole.ends_with(&key)
        })
}

/// The share of words that two titles have in common, of the mean of both lengths (Dice).
fn likeness(a: &[String], b: &[String]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared = a.iter().filter(|word| b.contains(word)).count();
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}

/// The title without the site's names at its end or start.
pub(super) fn strip_site(title: &str, names: &[String]) -> String {
    let mut title = title.trim();
    // At most three parts belong to the site: "Headline | Section | Site".
    for _ in 0..3 {
        let Some(shorter) = strip_once(title, names) else {
            break;
        };
        title = shorter;
    }
    title.to_owned()
}

fn strip_once<'a>(title: &'a str, names: &[String]) -> Option<&'a str> {
    let is_site = |part: &str| {
        let key = text::key(part);
        !key.is_empty() && names.iter().any(|name| *name == key || is_same_name(name, &key))
    };
    for separator in SEPARATORS.iter().chain(TIGHT_SEPARATORS) {
        if let Some((head, tail)) = title.rsplit_once(separator)
            && !head.trim().is_empty()
            && is_site(tail)
        {
            return Some(head.trim());
        }
        if let Some((head, tail)) = title.split_once(separator)
            && !tail.trim().is_empty()
            && is_site(head)
        {
            return Some(tail.trim());
        }
    }
    None
}

/// Whether two comparable names are one, a domain's ending or an article aside ("example" and "theexamplecom").
fn is_same_name(name: &str, part: &str) -> bool {
    let (short, long) = if name.len() <= part.len() {
        (name, part)
    } else {
        (part, name)
    };
    short.len() >= 4 && (long.starts_with(short) || long.ends_with(short)) && long.len() <= short.len() + 8
}

/// The title without a last part that looks like a site's name, where no other title tells.
fn strip_unknown(title: &str) -> String {
    let split = SEPARATORS
        .iter()
        .filter_map(|separator| title.rsplit_once(separator))
        .max_by_key(|(head, _)| head.len());
    match split {
        Some((head, tail))
            if tail.split_whitespace().count() <= MAX_SITE_WORDS
                && head.split_whitespace().count() > tail.split_whitespace().count().max(2) =>
        {
            strip_unknown_again(head)
        }
        _ => title.to_owned(),
    }
}

/// A second part goes only after the same kind of mark that cannot be part of a headline.
fn strip_unknown_again(title: &str) -> String {
    match title.rsplit_once(" | ") {
        Some((head, tail))
            if tail.split_whitespace().count() <= MAX_SITE_WORDS && head.split_whitespace().count() > 2 =>
        {
            head.trim().to_owned()
        }
        _ => title.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests;
