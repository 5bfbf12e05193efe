//! A page as the learner looks at it: which elements have which names, which blocks stand in them, and what the blocks are.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::document::Document;

use super::evidence::Evidence;
use super::selector::{NameId, Names, Selector};

/// A page.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) document: &'a Document,
    pub(super) blocks: Vec<Evidence>,
    /// Words of story on the page, by chance.
    pub(super) story: f32,
    /// Sums over all blocks.
    pub(super) whole: Sums,
    names: Vec<NameId>,
    names_of: Vec<Range<u32>>,
    elements_of: FxHashMap<NameId, Vec<u32>>,
    /// The blocks in each element.
    inside: Vec<Range<u32>>,
}

/// What stands in some blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    /// Words of story, by chance.
    pub(super) story: f32,
    /// Words of anything else.
    pub(super) other: f32,
}

/// Sums over all blocks of a page up to each.
#[derive(Debug, Default)]
pub(super) struct Sums(Vec<(f64, f64)>);

impl Sums {
    /// What stands in a range of blocks.
    pub(super) fn of(&self, range: &Range<usize>) -> Sum {
        let at = |at: usize| self.0.get(at).copied().unwrap_or_default();
        let ((story, other), (story_before, other_before)) = (at(range.end), at(range.start));
        Sum {
            story: (story - story_before) as f32,
            other: (other - other_before) as f32,
        }
    }
}

/// What matches more elements of a page than this names nothing.
const MAX_MATCHES: usize = 500;
/// What the cleaner drops even in a body counts so much: on the next page it may not.
const GOES: f32 = 0.4;
/// A block of so many words is running text here.
const RUNNING: f32 = 8.0;

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Document, blocks: Vec<Evidence>, names: &mut Names<'a>) -> Self {
        let mut view = Self {
            document,
            story: 0.0,
            whole: Sums::default(),
            names: Vec::new(),
            names_of: Vec::with_capacity(document.elements.len()),
            elements_of: FxHashMap::default(),
            inside: inside(document),
            blocks,
        };
        view.whole = view.sums(&[]);
        let story = view.blocks.iter().filter(|row| !row.is_gone);
        view.story = story.map(|row| row.weight * row.story).sum();
        for at in 0..document.elements.len() {
            let start = view.names.len();
            names.of_element(document, at, &mut view.names);
            let own = start..view.names.len();
            let element = u32::try_from(at).unwrap_or(u32::MAX);
            for name in &view.names[own.clone()] {
                view.elements_of.entry(*name).or_default().push(element);
            }
            let [start, end] = [own.start, own.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            view.names_of.push(start..end);
        }
        view
    }

    /// The names of an element, its tag first.
    pub(super) fn names(&self, element: u32) -> &[NameId] {
        let range = self.names_of.get(element as usize).cloned().unwrap_or_default();
        self.names
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    }

    /// The blocks in an element.
    pub(super) fn inside(&self, element: u32) -> Range<usize> {
        let range = self.inside.get(element as usize).cloned().unwrap_or_default();
        range.start as usize..range.end as usize
    }

    pub(super) fn parent(&self, element: u32) -> u32 {
        (self.document.elements.get(element as usize)).map_or(0, |element| element.parent)
    }

    /// The elements that a selector matches, in page order.
    pub(super) fn matches(&self, selector: &Selector) -> impl Iterator<Item = u32> {
        let count = |name: &NameId| self.elements_of.get(name).map_or(0, Vec::len);
        let rarest = selector.own.iter().min_by_key(|name| count(name));
        let elements = rarest.and_then(|name| self.elements_of.get(name));
        let elements = elements.filter(|elements| elements.len() <= MAX_MATCHES);
        let has = move |element: u32, wanted: &[NameId]| {
            let own = self.names(element);
            wanted.iter().all(|name| own.contains(name))
        };
        elements.into_iter().flatten().copied().filter(move |&element| {
            has(element, &selector.own)
                && (selector.parent.is_empty() || has(self.parent(element), &selector.parent))
        })
    }

    /// The blocks in the elements that a selector matches, each once.
    pub(super) fn ranges(&self, selector: &Selector) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for range in self.matches(selector).map(|element| self.inside(element)) {
            let is_inner = ranges.last().is_some_and(|last| range.end <= last.end);
            if !range.is_empty() && !is_inner {
                ranges.push(range);
            }
        }
        ranges
    }

    /// Sums over the page's blocks, but for those that are `out` or go anyway: what the cleaner would keep of a body.
    pub(super) fn sums(&self, out: &[bool]) -> Sums {
        self.sums_with(out, GOES)
    }

    /// The same with what the cleaner drops even in a body in full: what stands there.
    pub(super) fn all_sums(&self, out: &[bool]) -> Sums {
        self.sums_with(out, 1.0)
    }

    fn sums_with(&self, out: &[bool], goes: f32) -> Sums {
        let (mut story, mut other) = (0.0, 0.0);
        let mut sums = Vec::with_capacity(self.blocks.len() + 1);
        sums.push((0.0, 0.0));
        for (at, row) in self.blocks.iter().enumerate() {
            if !row.is_gone && !out.get(at).copied().unwrap_or(false) {
                let share = if row.stays { 1.0 } else { goes };
                story += f64::from(share * row.weight * row.story);
                other += f64::from(share * row.weight * (1.0 - row.story));
            }
            sums.push((story, other));
        }
        Sums(sums)
    }

    /// The highest chance of running text in a range of blocks.
    pub(super) fn best(&self, range: Range<usize>, out: &[bool]) -> f32 {
        let rows = self.blocks.get(range.clone()).unwrap_or_default();
        let rows = range.zip(rows).filter(|(at, row)| {
            row.weight >= RUNNING && row.stays && !out.get(*at).copied().unwrap_or(false)
        });
        rows.map(|(_, row)| row.story).fold(0.0, f32::max)
    }
}

/// The blocks in each element: those of an element stand in a row.
fn inside(document: &Document) -> Vec<Range<u32>> {
    let none = Range {
        start: u32::MAX,
        end: 0,
    };
    let mut inside = vec![none; document.elements.len()];
    for (at, block) in document.blocks.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX - 1);
        if let Some(range) = inside.get_mut(block.element as usize) {
            range.start = range.start.min(at);
            range.end = range.end.max(at + 1);
        }
    }
    // Parents stand before children.
    for at in (1..inside.len()).rev() {
        let child = inside[at].clone();
        if let Some(range) = document
            .elements
            .get(at)
            .and_then(|element| inside.get_mut(element.parent as usize))
        {
            range.start = range.start.min(child.start);
            range.end = range.end.max(child.end);
        }
    }
    for range in inside.iter_mut().filter(|range| range.start > range.end) {
        *range = 0..0;
    }
    inside
}
