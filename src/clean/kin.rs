//! Containers that look the same: a story that advertisements cut into pieces stands in several of them.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::document::Document;

use super::outline::Outline;

/// The blocks by the look of their containers: the tags and names of the element that holds a block and of its parent.
#[derive(Debug)]
pub struct Kin {
    /// Per block, the share of the page's running text that stands in containers of this look, 0 to 1.
    pub share: Vec<f32>,
    /// Per block, whether its look is the one with most running text.
    pub is_main: Vec<bool>,
    /// Per block, the share of the running text of the main look that stands before it, 0 to 1.
    pub before: Vec<f32>,
    /// Per block, in how many containers of its look running text stands.
    pub pieces: Vec<f32>,
    /// The innermost element around all running text of the main look.
    pub root: u32,
    /// Per block, a hash of the look of its own element and its containers.
    pub own: Vec<u64>,
}

impl Kin {
    /// Sums up a page.
    pub fn of(document: &Document, outline: &Outline) -> Self {
        let (looks, own) = looks(document, &outline.holders);
        let holders = &outline.holders;
        let weight = |at: usize| outline.weights.get(at).copied().unwrap_or_default();
        let mut sums: FxHashMap<u64, (f32, usize)> = FxHashMap::default();
        let mut total = 0.0;
        for (at, look) in looks.iter().enumerate() {
            let sum = sums.entry(*look).or_insert((0.0, at));
            sum.0 += weight(at);
            total += weight(at);
        }
        let best = sums
            .iter()
            .max_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let main = best.map(|(look, _)| *look);
        let of_main = best.map_or(1.0, |(_, (sum, _))| sum.max(1.0));
        let is_main: Vec<bool> = looks.iter().map(|look| Some(*look) == main).collect();
        let mut sum = 0.0;
        let before = (0..looks.len())
            .map(|at| {
                let share = sum / of_main;
                sum += if is_main[at] { weight(at) } else { 0.0 };
                share
            })
            .collect();
        let share = looks
            .iter()
            .map(|look| sums[look].0 / f32::max(total, 1.0))
            .collect();
        let mut filled: Vec<(u64, u32)> = (0..looks.len())
            .filter(|at| outline.measures[*at].running)
            .map(|at| (looks[at], holders[at]))
            .collect();
        filled.sort_unstable();
        filled.dedup();
        let mut counts: FxHashMap<u64, f32> = FxHashMap::default();
        for (look, _) in filled {
            *counts.entry(look).or_default() += 1.0;
        }
        let pieces = looks
            .iter()
            .map(|look| counts.get(look).copied().unwrap_or_default())
            .collect();
        let root = (0..looks.len())
            .filter(|at| is_main[*at] && outline.measures[*at].running)
            .map(|at| holders[at])
            .reduce(|a, b| document.common_ancestor(a, b))
            .unwrap_or(0);
        Self {
            share,
            is_main,
            before,
            pieces,
            root,
            own,
        }
    }
}

/// Two hashes for each block: of the tags and names of its holder and that one's parent, and of its own element's with them.
/// Words that stand on one element alone are no part of a look: they are numbers of pieces.
fn looks(document: &Document, holders: &[u32]) -> (Vec<u64>, Vec<u64>) {
    let parent = |at: u32| (document.elements.get(at as usize)).map_or(0, |element| element.parent);
    let chains: Vec<[u32; 3]> = (document.blocks.iter().zip(holders))
        .map(|(block, &holder)| [block.element, holder, parent(holder)])
        .collect();
    let mut elements: Vec<u32> = chains.iter().flatten().copied().collect();
    elements.sort_unstable();
    elements.dedup();
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for name in elements.iter().flat_map(|at| names(document, *at)) {
        *counts.entry(name).or_default() += 1;
    }
    // one hash an element, in the order of `elements`
    let hashes: Vec<u64> = elements
        .iter()
        .map(|at| {
            let mut hasher = FxHasher::default();
            if let Some(element) = document.elements.get(*at as usize) {
                element.tag.hash(&mut hasher);
            }
            for name in names(document, *at).filter(|name| counts.get(name).is_some_and(|count| *count > 1)) {
                name.hash(&mut hasher);
            }
            hasher.finish()
        })
        .collect();
    let hash = |at: u32| {
        let place = elements.binary_search(&at).unwrap_or_default();
        hashes.get(place).copied().unwrap_or_default()
    };
    let join = |parts: &[u64]| {
        let mut joined = FxHasher::default();
        parts.hash(&mut joined);
        joined.finish()
    };
    chains
        .into_iter()
        .map(|chain| {
            let [own, holder, parent] = chain.map(hash);
            (join(&[holder, parent]), join(&[own, holder, parent]))
        })
        .unzip()
}

fn names(document: &Document, element: u32) -> impl Iterator<Item = &str> {
    let element = document.elements.get(element as usize);
    element.map_or("", |element| document.names(element)).split(' ')
}
