//! What goes inside a body.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::body::ranges;
use super::forms::{Use, forms};
use super::selector::{Names, Selector};
use super::view::{Sums, View};

/// What goes.
#[derive(Debug, Clone, Default)]
pub(super) struct Drops {
    pub(super) elements: Vec<Dropped<Selector>>,
    /// Texts after which nothing of the story comes.
    pub(super) ends: Vec<Dropped<String>>,
    pub(super) texts: Vec<Dropped<String>>,
    /// Per page, the blocks that are outside the body or go.
    pub(super) out: Vec<Vec<bool>>,
}

/// A rule and what it takes.
#[derive(Debug, Clone)]
pub(super) struct Dropped<T> {
    pub(super) rule: T,
    /// On so many pages it takes something.
    pub(super) pages: usize,
    /// Words that are no story.
    pub(super) other: f32,
    /// Words of story, by chance.
    pub(super) story: f32,
}

/// Rules of each kind.
const MAX_ELEMENTS: usize = 10;
const MAX_TEXTS: usize = 6;
const MAX_ENDS: usize = 2;
/// Candidates that are looked at.
const MAX_CANDIDATES: usize = 1_500;
/// An element is looked at where at most this share of it is story.
const MAX_STORY: f32 = 0.35;
/// What goes has at most this share of story over all pages, and no block of running text that is likelier story than this.
const MAX_LOST: f32 = 0.12;
const MAX_BEST: f32 = 0.5;
/// On a single page it must be surer.
const MAX_LOST_ONCE: f32 = 0.05;
const MAX_BEST_ONCE: f32 = 0.25;
/// Where a name says that it is none of the story, less is enough.
const MAX_LOST_NAMED: f32 = 0.3;
const MAX_BEST_NAMED: f32 = 0.6;
/// A rule counts on a page where it takes so much of a word.
const MIN_MATCH: f32 = 0.5;
/// A rule takes at least so many words a page.
const MIN_WORDS: f32 = 1.5;
/// A cost is so many words.
const COST_WORDS: f32 = 60.0;
/// After the end of a story stands at most this share of it.
const MAX_AFTER: f32 = 0.01;
/// The end of a story must take so many words a page.
const MIN_AFTER: f32 = 12.0;

impl Drops {
    /// How many rules there are.
    pub(super) fn rules(&self) -> usize {
        self.elements.len() + self.ends.len() + self.texts.len()
    }
}

/// Finds what goes inside the bodies of these pages.
pub(super) fn drops(views: &[View<'_>], names: &Names<'_>, pages: &[usize], bodies: &[Selector]) -> Drops {
    let mut drops = Drops {
        out: pages.iter().map(|page| outside(&views[*page], bodies)).collect(),
        ..Drops::default()
    };
    let views: Vec<&View<'_>> = pages.iter().map(|page| &views[*page]).collect();
    let mut candidates = candidates(&views, names, &drops.out);
    while drops.elements.len() < MAX_ELEMENTS {
        let Some((best, ranges)) = best_element(&views, names, &mut candidates, &drops.out) else {
            break;
        };
        for (ranges, out) in ranges.into_iter().zip(&mut drops.out) {
            for range in ranges {
                out.get_mut(range)
                    .into_iter()
                    .flatten()
                    .for_each(|out| *out = true);
            }
        }
        drops.elements.push(best);
    }
    ends(&views, &mut drops);
    texts(&views, &mut drops);
    drops
}

fn outside(view: &View<'_>, bodies: &[Selector]) -> Vec<bool> {
    let mut out = vec![true; view.blocks.len()];
    for range in ranges(view, bodies) {
        out.get_mut(range)
            .into_iter()
            .flatten()
            .for_each(|out| *out = false);
    }
    out
}

/// Per page, the blocks in what a selector matches.
type Ranges = Vec<Vec<Range<usize>>>;

/// The selectors of elements in the bodies that are mostly something else.
fn candidates(views: &[&View<'_>], names: &Names<'_>, outs: &[Vec<bool>]) -> Vec<(Selector, Ranges)> {
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    for (view, out) in views.iter().zip(outs) {
        let sums = view.all_sums(out);
        for element in 1..view.document.elements.len() {
            let Some(element) = u32::try_from(element)
                .ok()
                .filter(|_| found.len() < MAX_CANDIDATES)
            else {
                break;
            };
            let sum = sums.of(&view.inside(element));
            if sum.other > 0.0 && sum.story <= MAX_STORY * (sum.story + sum.other) {
                let new = forms(view, names, element, Use::Drop).into_iter();
                found.extend(new.filter(|selector| seen.insert(selector.clone())));
            }
        }
    }
    let with_ranges = found.into_iter().map(|selector| {
        let ranges = views.iter().map(|view| view.ranges(&selector)).collect();
        (selector, ranges)
    });
    with_ranges.collect()
}

/// The candidate that takes most and loses nothing; candidates that take too little to be worth a rule are let go.
fn best_element(
    views: &[&View<'_>],
    names: &Names<'_>,
    candidates: &mut Vec<(Selector, Ranges)>,
    outs: &[Vec<bool>],
) -> Option<(Dropped<Selector>, Ranges)> {
    let sums: Vec<Sums> = views
        .iter()
        .zip(outs)
        .map(|(view, out)| view.all_sums(out))
        .collect();
    let mut best: Option<(f32, Dropped<Selector>, Ranges)> = None;
    candidates.retain(|(selector, ranges)| {
        let found = taken(selector, ranges, &sums);
        let cost = COST_WORDS * selector.cost(names);
        let gain = found.other - 2.0 * found.story - cost;
        let is_best = best.as_ref().is_none_or(|(most, _, _)| gain > *most);
        let is_worth = gain > MIN_WORDS * found.pages.max(1) as f32;
        if is_best && is_worth && is_sure(&found, names, views, outs, ranges) {
            best = Some((gain, found.clone(), ranges.clone()));
        }
        found.other - cost > MIN_WORDS
    });
    best.map(|(_, found, ranges)| (found, ranges))
}

/// What a selector takes.
fn taken(selector: &Selector, ranges: &Ranges, sums: &[Sums]) -> Dropped<Selector> {
    let mut found = Dropped {
        rule: selector.clone(),
        pages: 0,
        other: 0.0,
        story: 0.0,
    };
    for (ranges, sums) in ranges.iter().zip(sums) {
        let (mut story, mut other) = (0.0, 0.0);
        for sum in ranges.iter().map(|range| sums.of(range)) {
            story += sum.story;
            other += sum.other;
        }
        found.story += story;
        found.other += other;
        found.pages += usize::from(story + other > MIN_MATCH);
    }
    found
}

/// Whether nothing of the story goes with it.
fn is_sure(
    found: &Dropped<Selector>,
    names: &Names<'_>,
    views: &[&View<'_>],
    outs: &[Vec<bool>],
    ranges: &Ranges,
) -> bool {
    let (lost, most) = if found.rule.own.iter().any(|name| names.is_of_furniture(*name)) {
        (MAX_LOST_NAMED, MAX_BEST_NAMED)
    } else if found.pages > 1 {
        (MAX_LOST, MAX_BEST)
    } else {
        (MAX_LOST_ONCE, MAX_BEST_ONCE)
    };
    found.story <= lost * (found.story + found.other)
        && views.iter().zip(outs).zip(ranges).all(|((view, out), ranges)| {
            let bests = ranges.iter().map(|range| view.best(range.clone(), out));
            bests.fold(0.0, f32::max) <= most
        })
}

/// Numbers of pages, and of a block on each.
type Places = Vec<(usize, usize)>;
/// A block that stays so far and whose words stand on several pages, and where.
type Repeated = (String, Places);

/// The blocks that stay so far and whose words stand on several pages, in the order of the first page.
fn repeated(views: &[&View<'_>], outs: &[Vec<bool>]) -> Vec<Repeated> {
    let mut places: FxHashMap<u64, usize> = FxHashMap::default();
    let mut found: Vec<Repeated> = Vec::new();
    for (page, (view, out)) in views.iter().zip(outs).enumerate() {
        for (at, row) in view.blocks.iter().enumerate() {
            let text = view.document.text_at(at);
            let is_open = !out[at] && !row.is_gone && row.repeats;
            if !is_open || text.contains(['\n', '\t']) {
                continue;
            }
            let place = *places.entry(row.text).or_insert(found.len());
            if place == found.len() {
                found.push((text.to_owned(), Vec::new()));
            }
            found[place].1.push((page, at));
        }
    }
    found.retain(|(_, places)| places.iter().any(|(page, _)| *page != places[0].0));
    found
}

/// Lines that stand on several pages and after which nothing of the story comes.
fn ends(views: &[&View<'_>], drops: &mut Drops) {
    for _ in 0..MAX_ENDS {
        let sums: Vec<_> = views
            .iter()
            .zip(&drops.out)
            .map(|(view, out)| view.sums(out))
            .collect();
        let mut best: Option<(Dropped<String>, Places)> = None;
        for (text, places) in repeated(views, &drops.out) {
            let mut firsts = places;
            firsts.dedup_by_key(|(page, _)| *page);
            let (mut story, mut other, mut is_end) = (0.0, 0.0, true);
            for (page, at) in &firsts {
                let view = views[*page];
                let after = sums[*page].of(&(*at..view.blocks.len()));
                is_end &= after.story <= MAX_AFTER * view.story;
                story += after.story;
                other += after.other;
            }
            let is_more = best.as_ref().is_none_or(|(best, _)| other > best.other);
            if is_end && is_more && other >= MIN_AFTER * firsts.len() as f32 {
                let pages = firsts.len();
                let rule = text;
                best = Some((
                    Dropped {
                        rule,
                        pages,
                        other,
                        story,
                    },
                    firsts,
                ));
            }
        }
        let Some((end, places)) = best else { break };
        for (page, at) in places {
            drops.out[page][at..].iter_mut().for_each(|out| *out = true);
        }
        drops.ends.push(end);
    }
}

/// Lines that stand on several pages.
fn texts(views: &[&View<'_>], drops: &mut Drops) {
    let mut found = repeated(views, &drops.out);
    let words = |(_, places): &Repeated| -> f32 {
        places
            .iter()
            .map(|(page, at)| views[*page].blocks[*at].weight)
            .sum()
    };
    found.sort_by(|a, b| words(b).total_cmp(&words(a)));
    for (text, mut places) in found {
        let (mut story, mut other) = (0.0, 0.0);
        for (page, at) in &places {
            let row = views[*page].blocks[*at];
            story += row.weight * row.story;
            other += row.weight * (1.0 - row.story);
        }
        if story > MAX_LOST * (story + other) || drops.texts.len() >= MAX_TEXTS {
            continue;
        }
        for (page, at) in &places {
            drops.out[*page][*at] = true;
        }
        places.dedup_by_key(|(page, _)| *page);
        let pages = places.len();
        drops.texts.push(Dropped {
            rule: text,
            pages,
            other,
            story,
        });
    }
}
