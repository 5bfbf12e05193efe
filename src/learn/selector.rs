//! Selectors as the learner builds them: few forms, matched by numbers of names.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::document::{Document, NameKind};

use super::names::{Worth, is_of_furniture, worth};

/// Names of one element that are looked at.
const MAX_NAMES: usize = 24;
/// What a tag alone costs; what a tag beside a name does, and a step to a parent.
pub(super) const TAG_COST: f32 = 0.012;
const WITH_TAG_COST: f32 = 0.001;
pub(super) const STEP_COST: f32 = 0.01;
/// What the first part of a class costs, whose rest a build adds.
const PREFIX_COST: f32 = 0.01;

/// A tag, or an attribute with one of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Name<'a> {
    Tag(&'a str),
    Word(NameKind, &'a str),
    ClassPrefix(&'a str),
}

/// The number of a name.
pub(super) type NameId = u32;

/// All names of all pages, by numbers.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    numbers: FxHashMap<Name<'a>, NameId>,
    names: Vec<(Name<'a>, f32)>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: Name<'a>, cost: f32) -> NameId {
        let next = NameId::try_from(self.names.len()).unwrap_or(NameId::MAX);
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.names.push((name, cost));
        }
        number
    }

    /// The names of an element that a selector may use, its tag first.
    pub(super) fn of_element(&mut self, document: &'a Document, element: usize, into: &mut Vec<NameId>) {
        let Some(element) = document.elements.get(element) else {
            return;
        };
        into.push(self.number(Name::Tag(&element.tag), TAG_COST));
        let first = into.len();
        let words = document.attributes(element).flat_map(|(kind, text)| {
            let words = text.split_ascii_whitespace().map(move |word| (kind, word));
            // Of the others the whole value is asked for.
            words.filter(move |(kind, word)| *kind == NameKind::Class || word.len() == text.len())
        });
        for (kind, word) in words.take(MAX_NAMES) {
            let number = match worth(kind, word) {
                Worth::Never => continue,
                Worth::Whole(cost) => self.number(Name::Word(kind, word), cost),
                Worth::Prefix(end) => self.number(Name::ClassPrefix(&word[..end]), PREFIX_COST),
            };
            if !into[first..].contains(&number) {
                into.push(number);
            }
        }
    }

    /// What a name costs.
    pub(super) fn cost(&self, number: NameId) -> f32 {
        self.names
            .get(number as usize)
            .map_or(f32::INFINITY, |(_, cost)| *cost)
    }

    /// The tag, where the number is of one.
    pub(super) fn tag(&self, number: NameId) -> Option<&'a str> {
        match self.names.get(number as usize)? {
            (Name::Tag(tag), _) => Some(tag),
            _ => None,
        }
    }

    /// Whether it says that something beside the story stands there.
    pub(super) fn is_of_furniture(&self, number: NameId) -> bool {
        match self.names.get(number as usize) {
            Some((Name::Word(_, word), _)) => is_of_furniture(word),
            Some((Name::ClassPrefix(prefix), _)) => is_of_furniture(prefix),
            Some((Name::Tag(tag), _)) => {
                matches!(*tag, "aside" | "figure" | "figcaption" | "footer" | "form")
            }
            None => false,
        }
    }

    fn write(&self, number: NameId, css: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self.names.get(number as usize) {
            Some((Name::Tag(tag), _)) => write!(css, "{tag}"),
            Some((Name::Word(NameKind::Class, word), _)) => write!(css, ".{word}"),
            Some((Name::Word(NameKind::Id, word), _)) => write!(css, "#{word}"),
            Some((Name::Word(kind, word), _)) => write!(css, "[{}={word}]", kind.attribute()),
            Some((Name::ClassPrefix(prefix), _)) => write!(css, "[class*={prefix}]"),
            None => Ok(()),
        };
    }
}

/// One element, and perhaps its parent, by some of their names; tags come first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Selector {
    pub(super) parent: Vec<NameId>,
    pub(super) own: Vec<NameId>,
}

impl Selector {
    pub(super) fn of(own: &[NameId]) -> Self {
        Self {
            parent: Vec::new(),
            own: own.to_vec(),
        }
    }

    pub(super) fn child(parent: NameId, own: &[NameId]) -> Self {
        Self {
            parent: vec![parent],
            own: own.to_vec(),
        }
    }

    /// How much it must gain to be taken.
    pub(super) fn cost(&self, names: &Names<'_>) -> f32 {
        let own = match *self.own.as_slice() {
            [tag, name] if names.tag(tag).is_some() => names.cost(name) + WITH_TAG_COST,
            _ => self.own.iter().map(|name| names.cost(*name)).sum(),
        };
        let parent: f32 = self.parent.iter().map(|name| names.cost(*name) + STEP_COST).sum();
        own + parent
    }

    /// As CSS.
    pub(super) fn css(&self, names: &Names<'_>) -> String {
        let mut css = String::new();
        self.parent.iter().for_each(|name| names.write(*name, &mut css));
        if !self.parent.is_empty() {
            css.push_str(" > ");
        }
        self.own.iter().for_each(|name| names.write(*name, &mut css));
        css
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn an_element_is_named_by_its_tag_and_by_the_names_that_last() {
        let html = "<div class='story css-1x2y3z Box_in__3kd9x' id=main-text role=main itemprop='articleBody text'>\
                    <p data-testid=lead class=''>The bridge is shut.</p></div>";
        let document = Document::parse(html, None, Rules::builtin());
        let mut names = Names::default();
        let css: Vec<Vec<String>> = (0..document.elements.len())
            .map(|element| {
                let mut own = Vec::new();
                names.of_element(&document, element, &mut own);
                own.iter()
                    .map(|name| Selector::of(&[*name]).css(&names))
                    .collect()
            })
            .collect();
        assert_eq!(
            css[css.len() - 2..],
            [
                vec!["div", ".story", "[class*=Box_in__]", "#main-text", "[role=main]"],
                vec!["p", "[data-testid=lead]"]
            ]
        );
    }
}
