//! The selectors by which an element can be named.

use super::names::LOOKS;
use super::selector::{NameId, Names, Selector};
use super::view::View;

/// So many names of an element are tried, the best first.
const MAX_TRIED: usize = 5;
/// Names of a parent that are tried.
const MAX_PARENT: usize = 2;

/// Tags that name a body by themselves.
const BODIES: [&str; 2] = ["article", "main"];
/// Tags that name what goes by themselves.
const DROPS: [&str; 8] = [
    "aside",
    "figure",
    "figcaption",
    "footer",
    "form",
    "button",
    "nav",
    "small",
];
/// Tags whose name says something together with their parent.
const PARTS: [&str; 12] = [
    "div",
    "section",
    "ul",
    "ol",
    "p",
    "table",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "article",
    "main",
];
/// The same for what goes: in a box of any kind something else stands on the next page.
const DROPPED_PARTS: [&str; 6] = ["section", "ul", "ol", "table", "h2", "h3"];

/// What the element is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It holds the story.
    Body,
    /// It goes.
    Drop,
}

/// The selectors of an element.
pub(super) fn forms(view: &View<'_>, names: &Names<'_>, element: u32, purpose: Use) -> Vec<Selector> {
    let own = view.names(element);
    let Some((&tag, words)) = own.split_first() else {
        return Vec::new();
    };
    let mut words = cheapest(words, names, MAX_TRIED);
    let mut parent_words = Vec::new();
    let parent = view.names(view.parent(element));
    if let Some((_, outer)) = parent.split_first() {
        parent_words = cheapest(outer, names, MAX_PARENT);
    }
    if purpose == Use::Drop {
        // What only looks alike is not one thing.
        words.retain(|word| names.cost(*word) < LOOKS);
        parent_words.retain(|word| names.cost(*word) < LOOKS);
    }
    let tag_name = names.tag(tag).unwrap_or_default();
    let mut found = Vec::new();
    for word in &words {
        found.push(Selector::of(&[*word]));
        found.push(Selector::of(&[tag, *word]));
    }
    let alone: &[&str] = match purpose {
        Use::Body => &BODIES,
        Use::Drop => &DROPS,
    };
    if alone.contains(&tag_name) {
        found.push(Selector::of(&[tag]));
    }
    if let [first, second, ..] = *words {
        found.push(Selector::of(&[first, second]));
    }
    let parent_tag = parent.first().copied();
    let is_body = |tag: &NameId| names.tag(*tag).is_some_and(|tag| BODIES.contains(&tag));
    parent_words.extend(parent_tag.filter(is_body));
    let parts: &[&str] = match purpose {
        Use::Body => &PARTS,
        Use::Drop => &DROPPED_PARTS,
    };
    for parent in parent_words {
        let inner = words.iter().take(MAX_PARENT);
        found.extend(inner.map(|word| Selector::child(parent, &[*word])));
        if parts.contains(&tag_name) {
            found.push(Selector::child(parent, &[tag]));
        }
    }
    found
}

fn cheapest(words: &[NameId], names: &Names<'_>, most: usize) -> Vec<NameId> {
    let mut words = words.to_vec();
    words.sort_by(|a, b| names.cost(*a).total_cmp(&names.cost(*b)));
    words.truncate(most);
    words
}
