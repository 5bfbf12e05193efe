//! The elements that hold the story.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::drops::{Drops, drops};
use super::forms::{Use, forms};
use super::selector::{Names, Selector};
use super::view::View;

/// A body holds at least this share of its page's story.
const MIN_SHARE: f32 = 0.25;
/// A further body holds at least so much of it, and is story by this share itself.
const MIN_MORE: f32 = 0.004;
const MIN_MORE_PURE: f32 = 0.6;
/// Bodies of one layout.
const MAX_BODIES: usize = 3;
/// Candidates that are looked at on all pages.
const MAX_CANDIDATES: usize = 2_000;
/// The best of them, for which is found what goes.
const MAX_TRIED: usize = 20;
/// Until it is known what goes, so much of what is no story counts.
const UNTRIED: f32 = 0.4;
/// What the general cleaner would reach on a page; a body must be better.
const USUAL: f32 = 0.7;
/// On a single page it must be surer: nothing else says that it is not of this page alone.
const USUAL_ONCE: f32 = 0.9;
/// What a rule of what goes costs: the share of a story that it must gain.
const RULE_COST: f32 = 0.0005;
/// Of what a name costs, so much counts for a further body.
const MORE_COST: f32 = 0.2;
/// A body must fit better than what the general cleaner keeps by so much: a box that it lets in on the next page costs as much.
const MIN_BETTER: f32 = 0.003;
/// One that fits so well is clean, and need only not be worse by more than the second.
const CLEAN: f32 = 0.985;
const MAX_WORSE: f32 = 0.003;

/// A body with what goes in it, and how well that fits.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) bodies: Vec<Selector>,
    pub(super) drops: Drops,
    /// The pages that it matches.
    pub(super) pages: Vec<usize>,
    /// How well it fits each of them.
    pub(super) fits: Vec<Fit>,
    /// How well what the general cleaner keeps fits, with what goes here.
    pub(super) general: Vec<Fit>,
    score: f32,
}

/// How well a body fits a page.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Fit {
    /// The share of the story that it keeps, 0 to 1.
    pub(super) story: f32,
    /// Of what it keeps, the share that is something else, 0 to 1.
    pub(super) other: f32,
}

impl Draft {
    /// Whether the general cleaner serves as well without the body: then it only tells the layout.
    pub(super) fn is_open(&self) -> bool {
        let mean = |fits: &[Fit]| fits.iter().map(|fit| fit.f1()).sum::<f32>() / fits.len().max(1) as f32;
        let (body, general) = (mean(&self.fits), mean(&self.general));
        let is_clean = body >= CLEAN && body + MAX_WORSE >= general;
        !is_clean && body < general + MIN_BETTER
    }
}

impl Fit {
    fn of(page_story: f32, story: f32, other: f32) -> Self {
        Self {
            story: story / page_story.max(1.0),
            other: other / (story + other).max(1.0),
        }
    }

    /// The harmonic mean of both.
    pub(super) fn f1(self) -> f32 {
        let precision = 1.0 - self.other;
        2.0 * self.story * precision / (self.story + precision).max(f32::EPSILON)
    }
}

/// The best body for as many of the pages as it can serve; `None` where nothing fits any.
pub(super) fn best(views: &[View<'_>], names: &Names<'_>, pages: &[usize]) -> Option<Draft> {
    let mut ranked: Vec<(f32, Selector)> = candidates(views, names, pages)
        .into_iter()
        .map(|selector| {
            let gain: f32 = pages.iter().map(|page| untried(&views[*page], &selector)).sum();
            (gain / pages.len() as f32 - selector.cost(names), selector)
        })
        .collect();
    ranked.sort_by(|(a, of_a), (b, of_b)| b.total_cmp(a).then_with(|| of_a.cmp(of_b)));
    let tried = ranked
        .into_iter()
        .take(MAX_TRIED)
        .filter(|(score, _)| *score > 0.0);
    let drafts = tried.map(|(_, selector)| draft(views, names, pages, vec![selector]));
    let first = drafts.max_by(|a, b| a.score.total_cmp(&b.score))?;
    (first.score > 0.0).then(|| with_more(views, names, pages, first))
}

/// What a candidate gains on a page, before it is known what goes.
fn untried(view: &View<'_>, selector: &Selector) -> f32 {
    let ranges = view.ranges(selector);
    if ranges.is_empty() {
        return 0.0;
    }
    let (mut story, mut other) = (0.0, 0.0);
    for range in &ranges {
        let sum = view.whole.of(range);
        story += sum.story;
        other += sum.other;
    }
    Fit::of(view.story, story, other * UNTRIED).f1() - USUAL
}

/// The selectors of elements that hold much of the story of a page.
fn candidates(views: &[View<'_>], names: &Names<'_>, pages: &[usize]) -> Vec<Selector> {
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    for view in pages.iter().map(|page| &views[*page]) {
        for element in elements(view) {
            let sum = view.whole.of(&view.inside(element));
            if sum.story < MIN_SHARE * view.story {
                continue;
            }
            let new = forms(view, names, element, Use::Body).into_iter();
            found.extend(new.filter(|selector| seen.insert(selector.clone())));
        }
    }
    found.truncate(MAX_CANDIDATES);
    found
}

/// The elements of a page but those around all of it.
fn elements(view: &View<'_>) -> impl Iterator<Item = u32> {
    let all = view.document.elements.iter().enumerate().skip(1);
    let inner = all.filter(|(_, element)| !matches!(&*element.tag, "html" | "body"));
    inner.filter_map(|(at, _)| u32::try_from(at).ok())
}

/// The blocks in the bodies on a page, each once, in page order.
pub(super) fn ranges(view: &View<'_>, bodies: &[Selector]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = bodies.iter().flat_map(|body| view.ranges(body)).collect();
    all.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in all {
        if joined.last().is_none_or(|last| range.end > last.end) {
            joined.push(range);
        }
    }
    joined
}

/// A body with what goes in it.
fn draft(views: &[View<'_>], names: &Names<'_>, pages: &[usize], bodies: Vec<Selector>) -> Draft {
    let matched: Vec<usize> = pages
        .iter()
        .copied()
        .filter(|page| !ranges(&views[*page], &bodies).is_empty())
        .collect();
    let drops = drops(views, names, &matched, &bodies);
    let fits: Vec<Fit> = matched
        .iter()
        .zip(&drops.out)
        .map(|(page, out)| {
            let view = &views[*page];
            let sum = view.sums(out).of(&(0..view.blocks.len()));
            Fit::of(view.story, sum.story, sum.other)
        })
        .collect();
    let general = matched
        .iter()
        .zip(&drops.out)
        .map(|(page, out)| general_fit(&views[*page], out, &ranges(&views[*page], &bodies)))
        .collect();
    let usual = if matched.len() == 1 { USUAL_ONCE } else { USUAL };
    let gain: f32 = fits.iter().map(|fit| fit.f1() - usual).sum();
    let (first, more) = bodies
        .split_first()
        .map_or((None, &[][..]), |(first, more)| (Some(first), more));
    let more: f32 = more.iter().map(|body| MORE_COST * body.cost(names)).sum();
    let costs = more + first.map_or(0.0, |body| body.cost(names));
    Draft {
        score: gain / pages.len() as f32 - costs - RULE_COST * drops.rules() as f32,
        bodies,
        drops,
        pages: matched,
        fits,
        general,
    }
}

/// How well what the general cleaner keeps fits a page, but for what goes inside the bodies.
fn general_fit(view: &View<'_>, out: &[bool], bodies: &[Range<usize>]) -> Fit {
    let (mut story, mut other) = (0.0, 0.0);
    for (at, row) in view.blocks.iter().enumerate().filter(|(_, row)| row.kept) {
        let goes = out.get(at).copied().unwrap_or(false) && bodies.iter().any(|range| range.contains(&at));
        if !goes {
            story += row.weight * row.story;
            other += row.weight * (1.0 - row.story);
        }
    }
    Fit::of(view.story, story, other)
}

/// Adds further bodies while they add to the story: a standfirst often stands outside.
fn with_more(views: &[View<'_>], names: &Names<'_>, pages: &[usize], first: Draft) -> Draft {
    let mut best = first;
    while best.bodies.len() < MAX_BODIES {
        let more = more(views, names, &best);
        let drafts = more.into_iter().map(|selector| {
            let mut bodies = best.bodies.clone();
            bodies.push(selector);
            draft(views, names, pages, bodies)
        });
        match drafts.max_by(|a, b| a.score.total_cmp(&b.score)) {
            Some(next) if next.score > best.score => best = next,
            _ => break,
        }
    }
    best
}

/// Selectors of elements outside the bodies that are story.
fn more(views: &[View<'_>], names: &Names<'_>, draft: &Draft) -> Vec<Selector> {
    let mut seen = FxHashSet::default();
    let mut found: Vec<(f32, Selector)> = Vec::new();
    for page in &draft.pages {
        let view = &views[*page];
        let bodies = ranges(view, &draft.bodies);
        let is_outside = |range: &Range<usize>| {
            bodies
                .iter()
                .all(|body| range.end <= body.start || body.end <= range.start)
        };
        for element in elements(view) {
            if found.len() >= MAX_CANDIDATES {
                break;
            }
            let range = view.inside(element);
            let sum = view.whole.of(&range);
            let is_story =
                sum.story > MIN_MORE * view.story && sum.story > MIN_MORE_PURE * (sum.story + sum.other);
            if is_story && is_outside(&range) {
                let new = forms(view, names, element, Use::Body).into_iter();
                found.extend(
                    new.filter(|new| seen.insert(new.clone()))
                        .map(|new| (sum.story, new)),
                );
            }
        }
    }
    let mut ranked: Vec<(f32, Selector)> = found
        .into_iter()
        .filter_map(|(_, selector)| Some((gain_of_more(views, draft, &selector)?, selector)))
        .map(|(gain, selector)| (gain - selector.cost(names), selector))
        .collect();
    ranked.sort_by(|(a, of_a), (b, of_b)| b.total_cmp(a).then_with(|| of_a.cmp(of_b)));
    ranked
        .into_iter()
        .take(MAX_TRIED / 2)
        .map(|(_, selector)| selector)
        .collect()
}

/// The mean share of the story that a further body adds; `None` where it stands on few pages or is something else on one.
fn gain_of_more(views: &[View<'_>], draft: &Draft, selector: &Selector) -> Option<f32> {
    let (mut pages, mut gain) = (0, 0.0);
    for page in &draft.pages {
        let view = &views[*page];
        let ranges = view.ranges(selector);
        let (mut story, mut other) = (0.0, 0.0);
        for range in &ranges {
            let sum = view.whole.of(range);
            story += sum.story;
            other += sum.other;
        }
        if story < MIN_MORE_PURE * (story + other) {
            return None;
        }
        pages += usize::from(!ranges.is_empty());
        gain += story / view.story.max(1.0);
    }
    let is_common = pages * 2 >= draft.pages.len() && (pages > 1 || draft.pages.len() == 1);
    is_common.then(|| gain / draft.pages.len() as f32)
}
