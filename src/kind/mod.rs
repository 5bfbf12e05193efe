//! What a page is: an article, or an index, a live blog, the teaser of a paywall, a video page, an error, consent, block or
//! login page.
//!
//! The evidence is a list of [`Clue`]s: what the address looks like, what the page claims of itself (`og:type`, JSON-LD), how
//! much connected text cleaning has kept, what stands beside it, and what the title and the lines of a page without a story
//! say (`selectors/kinds.toml`). Each clue pulls some kinds up or down by log-odds; all begin at `clue::PRIORS`. The
//! [`confidence`](Assessment::confidence) of a kind is its share of the odds, as in a logistic model of several classes.
//!
//! Refusing a story is worse than letting a front page through: a page is called anything but an article only from
//! [`SURE`] on. A convincing story outweighs every word and marker around it, so a story about missing pages stays one;
//! what may be wrong with a story is only that it is a live blog, or not whole. That is why evidence for a story speaks
//! for [`Article`](PageKind::Article), [`Live`](PageKind::Live) and [`Paywall`](PageKind::Paywall) alike.

mod address;
mod claims;
mod clue;
mod story;
mod words;

use url::Url;

use crate::article::{Confidence, Fields, PageKind};
use crate::clean::Verdicts;
use crate::document::Document;
use crate::rules::Rules;

pub use clue::Clue;
use story::Story;

/// The confidence from which a page is called anything but an article.
pub const SURE: f64 = 0.8;
/// From this confidence on a page without any text is called by its kind.
const LIKELY: f64 = 0.5;

/// A page after cleaning.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Where it was fetched.
    pub url: &'a Url,
    /// Its blocks and what it says of itself.
    pub document: &'a Document,
    /// What was decided on its blocks.
    pub verdicts: &'a Verdicts,
    /// Its fields.
    pub fields: &'a Fields,
    /// The rules, for their words.
    pub rules: &'a Rules,
}

/// What a page is, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assessment {
    /// What it is.
    pub kind: PageKind,
    /// How sure that is; under [`SURE`] for an article that may be something else.
    pub confidence: Confidence,
    /// What speaks for and against it, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A clue that a page gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The clue.
    pub clue: &'static Clue,
    /// Where it was seen or how much of it, or empty.
    pub detail: String,
}

/// The clues so far.
#[derive(Debug, Default)]
struct Clues(Vec<Evidence>);

impl Clues {
    fn add(&mut self, clue: &'static Clue, detail: impl Into<String>) {
        self.0.push(Evidence {
            clue,
            detail: detail.into(),
        });
    }

    fn add_if(&mut self, holds: bool, clue: &'static Clue) {
        if holds {
            self.add(clue, "");
        }
    }
}

/// Says what a page is.
pub fn assess(input: Input<'_>) -> Assessment {
    let mut clues = Clues::default();
    let mut story = Story::of(input.document, input.verdicts);
    if input.document.is_plain_text() {
        // Somebody has chosen this text; there is nothing else to judge by.
        return Assessment {
            confidence: Confidence::of(1.0),
            ..Assessment::default()
        };
    }
    address::look(input.url, &mut clues);
    let claims = claims::read(&input.document.facts, &mut clues);
    words::of_page(input, &mut story, &mut clues);
    story.weigh(&mut clues);
    story.weigh_teaser(input.document, &claims, &mut clues);
    story.weigh_live(input.document, &mut clues);
    conclude(clues, story.has_text)
}

fn conclude(mut clues: Clues, has_text: bool) -> Assessment {
    let mut odds = clue::PRIORS.map(|(kind, prior)| (kind, f64::from(prior)));
    for (kind, sum) in &mut odds {
        let pulls = clues.0.iter().map(|seen| f64::from(seen.clue.pull(*kind)));
        *sum += pulls.sum::<f64>();
    }
    if !has_text {
        // Nothing is left that could be one.
        for (_, sum) in odds.iter_mut().filter(|(kind, _)| *kind == PageKind::Article) {
            *sum = f64::from(clue::NO_TEXT_ARTICLE);
        }
    }
    let total: f64 = odds.iter().map(|(_, sum)| sum.exp()).sum();
    let share = |(kind, sum): (PageKind, f64)| (kind, sum.exp() / total);
    let [article, others @ ..] = odds.map(share);
    let best = others
        .into_iter()
        .fold(article, |best, other| if other.1 > best.1 { other } else { best });
    let threshold = if has_text { SURE } else { LIKELY };
    let (kind, confidence) = if best.1 >= threshold { best } else { article };
    let strength = |seen: &Evidence| seen.clue.pull(kind).abs();
    clues.0.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    Assessment {
        kind,
        confidence: Confidence::of(confidence),
        evidence: clues.0,
    }
}

impl Assessment {
    /// The evidence in words: "JSON-LD LiveBlogPosting +7.0; ...", with what each adds to the log-odds of the kind.
    pub fn reasons(&self) -> Vec<String> {
        let reason = |seen: &Evidence| {
            let gap = if seen.detail.is_empty() { "" } else { " " };
            let pulls = seen.clue.describe();
            format!("{}{gap}{} ({pulls})", seen.clue.name, seen.detail)
        };
        self.evidence.iter().map(reason).collect()
    }
}

#[cfg(test)]
mod tests;
