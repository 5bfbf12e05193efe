//! [`Document`] and [`Rules`] to verdicts: one for each block, with its reason.
//!
//! The order of the steps stands in [`clean`]; the first decision on a block stands, except that an explicit `keep` of a
//! site rule always wins.

mod body;
mod common;
pub mod features;
pub mod forest;
pub mod markup;
pub mod model;
pub mod outline;
mod phrase;
mod site;
pub mod tree;
pub mod words;

use crate::document::Document;
use crate::rules::{Origin, RuleId, Rules, SiteRules};

use features::References;
use words::Reference;

pub use model::{Favor, Model, Opinion};
pub use outline::{Measures, Outline};
pub use site::layout;

/// What was decided on one block, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// In the article or not.
    pub keep: bool,
    /// Who decided.
    pub reason: Reason,
}

/// Who decided on a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A rule of the site's own file.
    SiteRule(RuleId),
    /// The site's layout says where the body is, and this is inside.
    InBody(RuleId),
    /// The site's layout says where the body is, and this is outside.
    OutsideBody,
    /// A rule of `common.toml`.
    CommonRule(RuleId),
    /// A phrase; for the blocks after it that went with it, see `After`.
    Phrase(Origin),
    /// It stands in the list, or after the end, that this phrase announced.
    After(Origin),
    /// It is the headline, which is the article's title.
    Headline,
    /// The body model: the chance that it is story, 0 to 1.
    Model(f32),
    /// Plain text has no structure to judge by: what no rule drops stays.
    PlainText,
    /// There is nothing to decide on.
    Empty,
}

impl Reason {
    /// The reason in words, with the place of the rule.
    pub fn describe(&self, rules: &Rules) -> String {
        match self {
            Self::SiteRule(rule) => format!("site rule {}", rules.origin(*rule)),
            Self::InBody(rule) => format!("in the site's {}", rules.origin(*rule)),
            Self::OutsideBody => "outside the site's body".to_owned(),
            Self::CommonRule(rule) => format!("common rule {}", rules.origin(*rule)),
            Self::Phrase(origin) => format!("phrase {origin}"),
            Self::After(origin) => format!("after phrase {origin}"),
            Self::Headline => "the headline, kept as the title".to_owned(),
            Self::Model(chance) => format!("body model {chance:.2}"),
            Self::PlainText => "plain text".to_owned(),
            Self::Empty => "no text".to_owned(),
        }
    }
}

/// Verdicts on all blocks of a page.
#[derive(Debug)]
pub struct Verdicts {
    /// One a block, in reading order.
    pub verdicts: Vec<Verdict>,
    /// The layout of the site's file that was used.
    pub layout: Option<String>,
    /// What the body model thinks, where it was asked.
    pub opinion: Option<Opinion>,
}

/// What the steps know of a page besides its blocks.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// All rules.
    pub rules: &'a Rules,
    /// The rules of the page's site.
    pub site: Option<&'a SiteRules>,
    /// The page's language.
    pub language: Option<&'a str>,
    /// The article's title.
    pub title: Option<&'a str>,
    /// The page's description of itself.
    pub description: Option<&'a str>,
    /// What to lean to where the model is not sure.
    pub favor: Favor,
}

/// Decisions so far.
#[derive(Debug)]
struct Decisions(Vec<Option<Verdict>>);

impl Decisions {
    fn is_open(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(Option::is_none)
    }

    /// Decides, unless somebody has.
    fn decide(&mut self, at: usize, keep: bool, reason: impl FnOnce() -> Reason) {
        if let Some(slot @ None) = self.0.get_mut(at) {
            *slot = Some(Verdict {
                keep,
                reason: reason(),
            });
        }
    }

    fn is_dropped(&self, at: usize) -> bool {
        self.0
            .get(at)
            .is_some_and(|verdict| verdict.as_ref().is_some_and(|verdict| !verdict.keep))
    }
}

/// A page after the steps that need no model.
#[derive(Debug)]
pub struct Prepared {
    /// Its measures.
    pub outline: Outline,
    /// What it says about itself.
    pub references: References,
    /// Whether each block was dropped.
    pub dropped: Vec<bool>,
    /// Whether nobody has decided on each block.
    pub open: Vec<bool>,
    heads: Vec<bool>,
    decisions: Decisions,
    layout: Option<String>,
}

impl Prepared {
    /// Why a block was dropped or kept before the model, if it was.
    pub fn reason(&self, at: usize) -> Option<&Reason> {
        self.decisions.0.get(at)?.as_ref().map(|verdict| &verdict.reason)
    }

    /// What the model looks at.
    pub fn input<'a>(&'a self, document: &'a Document) -> features::Input<'a> {
        features::Input {
            document,
            outline: &self.outline,
            references: &self.references,
            dropped: &self.dropped,
            heads: &self.heads,
        }
    }
}

/// Decides on every block of a page.
pub fn clean(document: &Document, context: Context<'_>) -> Verdicts {
    let mut prepared = prepare(document, context);
    // Whatever nobody decided.
    let opinion = body::apply(document, &mut prepared, context.favor);
    let undecided = Verdict {
        keep: false,
        reason: Reason::Empty,
    };
    let verdicts = prepared
        .decisions
        .0
        .into_iter()
        .map(|verdict| verdict.unwrap_or(undecided.clone()))
        .collect();
    Verdicts {
        verdicts,
        layout: prepared.layout,
        opinion,
    }
}

/// The steps before the model.
pub fn prepare(document: &Document, context: Context<'_>) -> Prepared {
    let mut decisions = Decisions(vec![None; document.blocks.len()]);
    let layout = context.site.and_then(|site| layout(document, site));
    // Somebody has looked at this site: their word goes first.
    if let Some(layout) = layout {
        site::apply(document, layout, &mut decisions);
    }
    // Structure that is boilerplate anywhere.
    common::apply(document, &mut decisions);
    let outline = Outline::of(document, &|at| decisions.is_dropped(at));
    // The headline is the title; it must not count as body, nor be taken for a teaser.
    common::headline(document, context.title, &mut decisions);
    // What only the words betray.
    let heads = phrase::apply(document, &outline, context, &mut decisions);
    Prepared {
        references: References {
            title: Reference::of(context.title.unwrap_or_default()),
            description: Reference::of(context.description.unwrap_or_default()),
            article_body: Reference::of(&document.facts.article_body()),
        },
        dropped: (0..document.blocks.len())
            .map(|at| decisions.is_dropped(at))
            .collect(),
        open: (0..document.blocks.len())
            .map(|at| decisions.is_open(at))
            .collect(),
        outline,
        heads,
        decisions,
        layout: layout.map(|layout| layout.name.clone()),
    }
}
