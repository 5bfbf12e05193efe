//! The publishing system that made a page, told by what stands in its head and at its root.

use scraper::{ElementRef, Html};

use crate::rules::{Around, Rules, SiteRules};

/// The rules of the publishing system that made the page, if there are any. Looks at `html`, `body` and what stands in `head`.
pub(super) fn of_page<'r>(tree: &Html, rules: &'r Rules) -> Option<&'r SiteRules> {
    let fingerprints = rules.fingerprints();
    if fingerprints.is_empty() {
        return None;
    }
    let mut first: Option<u32> = None;
    let mut look = |element: ElementRef<'_>, outer: Around| {
        fingerprints.matches(element, outer, &mut |&number| {
            first = Some(first.map_or(number, |first| first.min(number)));
        })
    };
    let root = tree.root_element();
    let around = look(root, Around::NONE);
    for part in root.child_elements() {
        let around = look(part, around);
        if part.value().name() == "head" {
            for element in part.child_elements() {
                look(element, around);
            }
        }
    }
    rules.file(first?)
}

/// Whether an attribute matters to what tells a publishing system, or to the rules of one.
pub(super) fn looks_at(rules: &Rules, name: &str, value: &str) -> bool {
    let fingerprints = rules.fingerprints();
    if fingerprints.is_empty() {
        return false;
    }
    let mut systems = rules.files().iter().filter(|file| file.hosts.is_empty());
    fingerprints.looks_at(name, value) || systems.any(|system| system.looks_at(name, value))
}
