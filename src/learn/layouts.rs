//! The layouts of a site: one for all its pages, or a few where no body fits them all.

use crate::article::Confidence;
use crate::site::{plain_host, site_of};

use super::body::{Draft, best};
use super::drops::Dropped;
use super::evidence;
use super::fields::fields;
use super::selector::{Names, Selector};
use super::view::{Sum, View};
use super::{LearnError, LearnedLayout, LearnedPage, LeftOut, Proposal, Sample, write};

/// Layouts of one file.
const MAX_LAYOUTS: usize = 4;
/// How sure a layout can be that was learned from one, two, three pages; from more, all the way.
const BY_PAGES: [f32; 3] = [0.6, 0.85, 0.95];
/// A folder's name is cut at so many bytes.
const MAX_FOLDER: usize = 40;

/// A layout as it is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layout {
    /// What tells the layout, where it has no body.
    pub(super) when: Vec<Rule>,
    pub(super) body: Vec<Rule>,
    pub(super) drop: Vec<Rule>,
    pub(super) drop_text: Vec<Rule>,
    pub(super) stop_at: Vec<Rule>,
    pub(super) fields: Vec<(&'static str, Vec<Rule>)>,
    /// The numbers of its pages.
    pub(super) pages: Vec<usize>,
    pub(super) confidence: Confidence,
}

/// A rule and why it is believed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rule {
    /// A selector, a text or a source.
    pub(super) text: String,
    pub(super) why: String,
}

/// Learns the file of a site from pages of it that have a story each.
///
/// # Errors
/// [`LearnError::NothingFound`].
pub fn learn(samples: &[Sample<'_>]) -> Result<Proposal, LearnError> {
    let mut names = Names::default();
    let evidence = evidence::of_pages(samples);
    let pages = samples.iter().zip(evidence);
    let views: Vec<View<'_>> = pages
        .map(|(sample, blocks)| View::of(sample.document, blocks, &mut names))
        .collect();
    let mut left: Vec<usize> = (0..views.len()).collect();
    let mut layouts = Vec::new();
    while !left.is_empty() && layouts.len() < MAX_LAYOUTS {
        let Some(draft) = best(&views, &names, &left) else {
            break;
        };
        left.retain(|page| !draft.pages.contains(page));
        layouts.push(layout(samples, &views, &names, draft));
    }
    if layouts.is_empty() {
        let site = samples
            .first()
            .map(|sample| site_of(sample.url))
            .unwrap_or_default();
        return Err(LearnError::NothingFound { site });
    }
    Ok(proposal(samples, &layouts, &left))
}

fn proposal(samples: &[Sample<'_>], layouts: &[Layout], left: &[usize]) -> Proposal {
    let sites = vec![host(samples)];
    let named: Vec<(String, &Layout)> = (1..)
        .map(|number: usize| number.to_string())
        .zip(layouts)
        .collect();
    let url = |page: &usize| samples.get(*page).map(|sample| sample.url.to_string());
    let learned = named.iter().map(|(name, layout)| LearnedLayout {
        name: name.clone(),
        pages: layout.pages.iter().filter_map(url).collect(),
        confidence: layout.confidence,
    });
    Proposal {
        rules: write::rules(&sites, &named),
        layouts: learned.collect(),
        confidence: layouts
            .iter()
            .map(|layout| layout.confidence)
            .min()
            .unwrap_or_default(),
        warnings: named
            .iter()
            .filter_map(|(name, layout)| without_body(name, layout))
            .collect(),
        pages: folders(samples, &sites[0]),
        left_out: left
            .iter()
            .filter_map(url)
            .map(|url| LeftOut {
                url,
                why: "no element that can be named holds its story".to_owned(),
            })
            .collect(),
        sites,
        ..Proposal::default()
    }
}

fn without_body(name: &str, layout: &Layout) -> Option<String> {
    layout.body.is_empty().then(|| {
        format!("layout {name}: no body, since none serves better here than the general cleaner; it only tells the pages and drops")
    })
}

/// The host of all pages, or the site's where they have several.
fn host(samples: &[Sample<'_>]) -> String {
    let bare = |sample: &Sample<'_>| {
        let host = plain_host(sample.url);
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    let first = samples.first().map(bare).unwrap_or_default();
    if samples.iter().all(|sample| bare(sample) == first) {
        return first;
    }
    samples
        .first()
        .map(|sample| site_of(sample.url))
        .unwrap_or_default()
}

/// A folder for each page, named after the last telling part of its path.
fn folders(samples: &[Sample<'_>], host: &str) -> Vec<LearnedPage> {
    let mut taken: Vec<String> = Vec::new();
    for (number, sample) in samples.iter().enumerate() {
        let parts = sample.url.path().rsplit('/').map(slug);
        let longest = parts.filter(|part| part.contains(|c: char| c.is_ascii_alphabetic()));
        let name = longest.take(2).max_by_key(String::len).unwrap_or_default();
        let is_free = !name.is_empty() && !taken.contains(&name);
        taken.push(if is_free {
            name
        } else {
            format!("page-{}", number + 1)
        });
    }
    let names = samples.iter().zip(taken);
    names
        .map(|(sample, name)| LearnedPage {
            url: sample.url.to_string(),
            folder: format!("{host}/{name}"),
        })
        .collect()
}

fn slug(part: &str) -> String {
    let mut slug = String::new();
    for c in part.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= MAX_FOLDER {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn layout(samples: &[Sample<'_>], views: &[View<'_>], names: &Names<'_>, draft: Draft) -> Layout {
    let matched = draft.pages.len();
    let own: Vec<&Sample<'_>> = draft.pages.iter().filter_map(|page| samples.get(*page)).collect();
    let confidence = confidence(views, &draft);
    let body = draft
        .bodies
        .iter()
        .map(|body| reason_of_body(views, names, &draft.pages, body));
    let drops = draft.drops.elements.iter();
    let texts = |rules: &[Dropped<String>]| -> Vec<Rule> {
        let rules = rules.iter();
        rules
            .map(|dropped| reason_of_drop(dropped.rule.clone(), dropped, matched))
            .collect()
    };
    let body: Vec<Rule> = body.collect();
    let (when, body) = if draft.is_open() {
        (body, Vec::new())
    } else {
        (Vec::new(), body)
    };
    Layout {
        when,
        body,
        drop: drops
            .map(|dropped| reason_of_drop(dropped.rule.css(names), dropped, matched))
            .collect(),
        drop_text: texts(&draft.drops.texts),
        stop_at: texts(&draft.drops.ends),
        fields: fields(&own),
        pages: draft.pages,
        confidence,
    }
}

/// How well the body fits its pages, how many they are, and how sure the cleaner was of what stands in it.
fn confidence(views: &[View<'_>], draft: &Draft) -> Confidence {
    let fits: f32 = draft.fits.iter().map(|fit| fit.f1()).sum();
    let fit = fits / draft.fits.len().max(1) as f32;
    let by_pages = BY_PAGES.get(draft.pages.len().saturating_sub(1)).unwrap_or(&1.0);
    let (mut sure, mut all) = (0.0, 0.0);
    for (page, out) in draft.pages.iter().zip(&draft.drops.out) {
        let rows = views[*page].blocks.iter().zip(out);
        for (row, _) in rows.filter(|(row, out)| !**out && !row.is_gone) {
            sure += row.weight * (2.0 * row.story - 1.0).abs();
            all += row.weight;
        }
    }
    Confidence::of(f64::from(fit * by_pages * sure / f32::max(all, 1.0)))
}

fn reason_of_body(views: &[View<'_>], names: &Names<'_>, pages: &[usize], body: &Selector) -> Rule {
    let (mut matched, mut inside, mut story) = (0, Sum::default(), 0.0);
    for view in pages.iter().map(|page| &views[*page]) {
        let ranges = view.ranges(body);
        matched += usize::from(!ranges.is_empty());
        story += view.story;
        for sum in ranges.iter().map(|range| view.whole.of(range)) {
            inside.story += sum.story;
            inside.other += sum.other;
        }
    }
    let kept = inside.story / f32::max(story, 1.0);
    let other = inside.other / f32::max(inside.story + inside.other, 1.0);
    Rule {
        text: body.css(names),
        why: format!(
            "on {matched} of {} pages; {kept:.2} of the story, {other:.2} of what stands in it is something else",
            pages.len()
        ),
    }
}

fn reason_of_drop<T>(text: String, dropped: &Dropped<T>, pages: usize) -> Rule {
    let share = dropped.story / f32::max(dropped.story + dropped.other, 1.0);
    Rule {
        text,
        why: format!(
            "on {} of {pages} pages; {share:.2} of it may be story",
            dropped.pages
        ),
    }
}
