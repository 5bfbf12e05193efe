//! The layouts of a site: one for all its pages, or a few where no body fits them all.

use super::Sample;
use super::body::{Draft, best};
use super::evidence;
use super::selector::Names;
use super::view::View;

/// Layouts of one file.
const MAX_LAYOUTS: usize = 4;

/// What was learned, before it is written.
#[derive(Debug, Default)]
pub struct Learned {
    /// The layouts, in the order in which they are to be asked.
    pub layouts: Vec<Layout>,
    /// The numbers of the pages that no layout fits.
    pub without: Vec<usize>,
}

/// A layout, as CSS.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Elements that hold the story.
    pub body: Vec<Rule>,
    /// Elements that go.
    pub drop: Vec<Rule>,
    /// Texts that go.
    pub drop_text: Vec<Rule>,
    /// Texts after which the story is over.
    pub stop_at: Vec<Rule>,
    /// The numbers of the pages that it was learned from.
    pub pages: Vec<usize>,
    /// The share of the story that it keeps on each, 0 to 1.
    pub story: Vec<f32>,
    /// Of what it keeps on each, the share that is something else, 0 to 1.
    pub other: Vec<f32>,
}

/// A rule and why it is believed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// A selector, or a text.
    pub text: String,
    /// On so many pages it matches.
    pub pages: usize,
    /// Words of story in it, by chance.
    pub story: f32,
    /// Words of anything else in it.
    pub other: f32,
}

/// Learns from pages of one site.
pub fn learn(samples: &[Sample<'_>]) -> Learned {
    let mut names = Names::default();
    let evidence = evidence::of_pages(samples);
    let views: Vec<View<'_>> = samples
        .iter()
        .zip(evidence)
        .map(|(sample, blocks)| View::of(sample.document, blocks, &mut names))
        .collect();
    let mut left: Vec<usize> = (0..views.len()).collect();
    let mut layouts = Vec::new();
    while !left.is_empty() && layouts.len() < MAX_LAYOUTS {
        let Some(draft) = best(&views, &names, &left) else {
            break;
        };
        left.retain(|page| !draft.pages.contains(page));
        layouts.push(written(&views, &names, draft));
    }
    Learned {
        layouts,
        without: left,
    }
}

fn written(views: &[View<'_>], names: &Names<'_>, draft: Draft) -> Layout {
    let body = draft.bodies.iter().map(|body| {
        let (mut pages, mut story, mut other) = (0, 0.0, 0.0);
        for page in &draft.pages {
            let ranges = views[*page].ranges(body);
            pages += usize::from(!ranges.is_empty());
            for range in &ranges {
                let sum = views[*page].whole.of(range);
                story += sum.story;
                other += sum.other;
            }
        }
        Rule {
            text: body.css(names),
            pages,
            story,
            other,
        }
    });
    let body = body.collect();
    let text = |dropped: super::drops::Dropped<String>| Rule {
        text: dropped.rule,
        pages: dropped.pages,
        story: dropped.story,
        other: dropped.other,
    };
    Layout {
        body,
        drop: draft
            .drops
            .elements
            .into_iter()
            .map(|dropped| Rule {
                text: dropped.rule.css(names),
                pages: dropped.pages,
                story: dropped.story,
                other: dropped.other,
            })
            .collect(),
        drop_text: draft.drops.texts.into_iter().map(text).collect(),
        stop_at: draft.drops.ends.into_iter().map(text).collect(),
        pages: draft.pages,
        story: draft.fits.iter().map(|fit| fit.story).collect(),
        other: draft.fits.iter().map(|fit| fit.other).collect(),
    }
}
