//! The selectors by which an element can be named.

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
    let words = cheapest(words, names, MAX_TRIED);
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
    let parent = view.names(view.parent(element));
    let Some((&parent_tag, parent_words)) = parent.split_first() else {
        return found;
    };
    let mut outer = cheapest(parent_words, names, MAX_PARENT);
    if names.tag(parent_tag).is_some_and(|tag| BODIES.contains(&tag)) {
        outer.push(parent_tag);
    }
    for parent in outer {
        let inner = words.iter().take(MAX_PARENT);
        found.extend(inner.map(|word| Selector::child(parent, &[*word])));
        if PARTS.contains(&tag_name) {
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
