//! [`Document`] and [`Rules`] to verdicts: one for each block, with its reason.
//!
//! The order of the steps stands in [`clean`]; the first decision on a block stands, except that an explicit `keep` of a
//! site rule always wins.

mod body;
mod common;
pub mod features;
pub mod forest;
mod kin;
pub mod markup;
pub mod model;
pub mod outline;
mod phrase;
mod site;
mod smooth;
pub mod tree;
pub mod words;

use crate::document::Document;
use crate::rules::{Layout, Origin, RuleId, Rules};

use features::References;
use words::Reference;

pub use model::{Favor, Model, Opinion};
pub use outline::{Measures, Outline};
pub use site::fitting;

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
    /// The site's layout says where the body is, this is inside, and no other step was sure that it is no story.
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
    /// The body model was in doubt and the blocks beside it decided: the chance that it is story, 0 to 1.
    Neighbours(f32),
    /// The same words are kept above.
    Copy,
    /// A heading that heads nothing that is kept.
    HeadsNothing,
    /// It is running text in the element that holds most of it; said where the body model was not asked.
    BestContainer,
    /// Plain text has no structure to judge by: what no rule drops stays.
    PlainText,
    /// There is nothing to decide on.
    Empty,
}

impl Reason {
    /// Whether the body model decided, alone or with its neighbours.
    pub fn is_model(&self) -> bool {
        matches!(self, Self::Model(_) | Self::Neighbours(_))
    }

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
            Self::Neighbours(chance) => format!("body model {chance:.2}, and the blocks beside it"),
            Self::Copy => "a copy of a block above".to_owned(),
            Self::HeadsNothing => "a heading that heads nothing kept".to_owned(),
            Self::BestContainer => "running text of the best container".to_owned(),
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
    /// The measures of the page.
    pub outline: Outline,
    /// What the body model thinks, where it was asked.
    pub opinion: Option<Opinion>,
}

/// Which steps decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Steps {
    /// All.
    #[default]
    All,
    /// All but the site's own rules: what a site without a file gets.
    General,
    /// Rules and phrases alone: what they leave of the running text in the best container stays. For measuring.
    Rules,
    /// The body model alone. For measuring.
    Model,
}

impl Steps {
    /// Whether the site's own rules take part.
    pub fn has_site(self) -> bool {
        matches!(self, Self::All | Self::Rules)
    }
}

/// What the steps know of a page besides its blocks.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// All rules.
    pub rules: &'a Rules,
    /// The layout of the site's file that fits the page.
    pub layout: Option<&'a Layout>,
    /// The page's language.
    pub language: Option<&'a str>,
    /// The article's title.
    pub title: Option<&'a str>,
    /// The page's description of itself.
    pub description: Option<&'a str>,
    /// What to lean to where the model is not sure.
    pub favor: Favor,
    /// Which steps decide.
    pub steps: Steps,
}

/// Decisions so far.
#[derive(Debug, Clone)]
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

    fn is_headline(&self, at: usize) -> bool {
        let verdict = self.0.get(at).and_then(Option::as_ref);
        verdict.is_some_and(|verdict| verdict.reason == Reason::Headline)
    }

    fn is_dropped(&self, at: usize) -> bool {
        self.0
            .get(at)
            .is_some_and(|verdict| verdict.as_ref().is_some_and(|verdict| !verdict.keep))
    }
}

/// A page after the steps that need no model.
#[derive(Debug, Clone)]
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
    headline: Option<usize>,
    bodies: Vec<Option<RuleId>>,
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
            headline: self.headline,
        }
    }
}

/// Decides on every block of a page.
pub fn clean(document: &Document, context: Context<'_>) -> Verdicts {
    let mut prepared = prepare(document, context);
    let is_asked =
        !document.is_plain_text() && context.steps != Steps::Rules && prepared.open.contains(&true);
    let opinion = is_asked.then(|| Model::builtin().judge(prepared.input(document)));
    let chances = opinion.as_ref().map(|opinion| &*opinion.chances);
    Verdicts {
        verdicts: settle(document, &mut prepared, chances, context.favor),
        layout: prepared.layout,
        outline: prepared.outline,
        opinion,
    }
}

/// The steps after the model, which gave every block its chance to be story. Plain text needs none; a page without keeps the
/// running text of its best container.
pub fn settle(
    document: &Document,
    prepared: &mut Prepared,
    chances: Option<&[f32]>,
    favor: Favor,
) -> Vec<Verdict> {
    // Whatever nobody decided.
    if document.is_plain_text() {
        for at in 0..document.blocks.len() {
            prepared.decisions.decide(at, true, || Reason::PlainText);
        }
    } else if let Some(chances) = chances {
        body::apply(document, prepared, chances, favor);
    } else {
        body::keep_best_container(document, prepared);
    }
    let undecided = Verdict {
        keep: false,
        reason: Reason::Empty,
    };
    let decisions = std::mem::take(&mut prepared.decisions.0).into_iter();
    decisions
        .map(|verdict| verdict.unwrap_or(undecided.clone()))
        .collect()
}

/// The steps before the model.
pub fn prepare(document: &Document, context: Context<'_>) -> Prepared {
    let mut decisions = Decisions(vec![None; document.blocks.len()]);
    // Somebody has looked at this site: their word goes first.
    let bodies = match context.layout {
        Some(layout) => {
            let bodies = site::bodies(document, layout);
            site::apply(document, layout, &bodies, &mut decisions);
            bodies
        }
        None => vec![None; document.blocks.len()],
    };
    // Structure that is boilerplate anywhere.
    if context.steps != Steps::Model {
        common::apply(document, context.rules, &mut decisions);
    }
    let outline = Outline::of(document, &|at| decisions.is_dropped(at));
    // The headline is the title; it must not count as body, nor be taken for a teaser.
    common::headline(document, context.title, &mut decisions);
    // What only the words betray.
    let heads = if context.steps == Steps::Model {
        vec![false; document.blocks.len()]
    } else {
        phrase::apply(document, &outline, context, &mut decisions)
    };
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
        headline: (0..document.blocks.len()).find(|at| decisions.is_headline(*at)),
        outline,
        heads,
        bodies,
        decisions,
        layout: context.layout.map(|layout| layout.name.clone()),
    }
}
