//! The rules of a site whose elements CSS alone does not name, found before the walk; pages of other sites pay nothing.

use ego_tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::{ElementRef, Html};

use crate::rules::{Around, Meaning, SetRule, SetRules, SetStep};

use super::read::element_text;

/// Elements that one rule begins with; of more, those after are not looked at. Bounds the texts that are read.
const MAX_SET: usize = 1_000;

/// What ends at each element.
pub(super) type Sets<'r> = FxHashMap<NodeId, Vec<&'r Meaning>>;

/// The elements that the rules mean.
pub(super) fn resolve<'r>(tree: &Html, sets: &'r SetRules) -> Sets<'r> {
    let mut resolved = Sets::default();
    if sets.rules.is_empty() {
        return resolved;
    }
    for (rule, found) in sets.rules.iter().zip(begin(tree, sets)) {
        for element in take_steps(rule, found) {
            resolved.entry(element.id()).or_default().push(&rule.meaning);
        }
    }
    resolved
}

/// What the selector of each rule found, in page order.
fn begin<'t>(tree: &'t Html, sets: &SetRules) -> Vec<Vec<ElementRef<'t>>> {
    let mut found: Vec<Vec<ElementRef<'t>>> = vec![Vec::new(); sets.rules.len()];
    // What stands around each open element, outermost first.
    let mut around = vec![Around::NONE];
    for edge in tree.root_element().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => {
                let Some(element) = ElementRef::wrap(node) else {
                    continue;
                };
                let outer = around.last().copied().unwrap_or(Around::NONE);
                around.push(sets.index.matches(element, outer, &mut |&rule| {
                    // A list of selectors finds an element once for each that matches.
                    let found = &mut found[rule];
                    if found.len() < MAX_SET && found.last() != Some(&element) {
                        found.push(element);
                    }
                }));
            }
            ego_tree::iter::Edge::Close(node) if node.value().is_element() => drop(around.pop()),
            ego_tree::iter::Edge::Close(_) => {}
        }
    }
    found
}

fn take_steps<'t>(rule: &SetRule, mut found: Vec<ElementRef<'t>>) -> Vec<ElementRef<'t>> {
    for step in &rule.steps {
        match step {
            SetStep::Text(pattern) => found.retain(|element| pattern.is_match(&element_text(*element))),
            SetStep::First => found.truncate(1),
            SetStep::Last => drop(found.drain(..found.len().saturating_sub(1))),
            SetStep::Closest(closest) => {
                let around = |element: &ElementRef<'t>| {
                    let mut outward =
                        std::iter::once(*element).chain(element.ancestors().filter_map(ElementRef::wrap));
                    outward.find(|element| closest.is(*element))
                };
                found = found.iter().filter_map(around).collect();
                let mut seen = FxHashSet::default();
                found.retain(|element| seen.insert(element.id()));
            }
        }
    }
    found
}
