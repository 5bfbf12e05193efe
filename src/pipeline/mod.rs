//! The order of the stages; the only place that knows it.
//!
//! Memory: a page takes its bytes, its text, a pruned copy of at most that length and, while it is walked, its tree of at most
//! [`crate::document::MAX_NODES`] nodes; then its blocks. One worker cleans one page at a time, so that it holds some 5 to 20 MB
//! on news pages and about 60 MB on a page of 10 MB. What all workers share, rules and model, takes some 10 MB, and what the
//! phrases of each language compile to comes on top as pages need it.

pub mod crawl;
pub mod doctor;
mod fit;
mod fixture;
mod learn;
pub mod reclean;
pub mod search;
pub mod site_test;
pub mod sources;
mod wishes;

use url::Url;

use crate::article::{Article, Block, Confidence, Dropped, Fields, PageKind};
use crate::clean::{self, Context, Model, Reason, Verdicts};
use crate::decode;
use crate::dedupe;
use crate::document::Document;
use crate::fetch::Page;
use crate::fields;
use crate::kind;
use crate::rules::{Layout, Rules};

pub use crate::clean::{Favor, Steps};
pub use crate::kind::Assessment;
pub use fit::{Fit, LayoutFit, clean_and_fit};
pub use fixture::{fixture, page_of};
#[doc(hidden)]
pub use learn::learn_any;
pub use learn::{claimed_url, fixtures, learn_site};
pub use wishes::Wishes;

/// Why a page has no article.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    /// There is no text on the page, or none of it is an article.
    #[error("{url}: no article text on this page")]
    Empty {
        /// The page.
        url: String,
    },
    /// The page is something that has no story.
    #[error("{url}: {}, not an article (confidence {confidence})", kind.describe())]
    NotArticle {
        /// The page.
        url: String,
        /// What it is.
        kind: PageKind,
        /// How sure that is.
        confidence: Confidence,
    },
    /// The bytes are not text or HTML.
    #[error("{url}: not a text page ({found})")]
    NotText {
        /// The page.
        url: String,
        /// What it looks like.
        found: String,
    },
}

/// One block of the page with what was decided on it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedBlock {
    /// What it is.
    #[serde(flatten)]
    pub block: Block,
    /// In the article or not.
    pub keep: bool,
    /// Who decided, in words: "common rule `navigation` (selectors/common.toml:12)".
    pub reason: String,
    /// Its place: ancestors as `main > div.post > p`.
    pub path: String,
}

/// How to clean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// What to lean to where the body model is not sure.
    pub favor: Favor,
    /// Which steps decide; all but for measuring.
    pub steps: Steps,
}

/// An article and, on request, the whole block list with its verdicts.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// What the page is, and why.
    pub assessment: Assessment,
    /// The article; `None` where nothing of the page is one.
    pub article: Option<Article>,
    /// All blocks, kept and dropped, in reading order.
    pub explained: Vec<ExplainedBlock>,
    /// How the selector file of its site fits it, where there is one.
    pub fit: Option<Fit>,
}

/// Who dropped what the body model dropped.
const MODEL: &str = "body model";
/// A headline in plain text is at most so long, in bytes.
const MAX_TEXT_HEADLINE: usize = 200;

/// Cleans an HTML (or plain-text, by content type) page down to its article.
///
/// # Errors
/// [`CleanError::NotText`] for binary data, [`CleanError::NotArticle`] for a page without a story (an index, an error, a block
/// page), [`CleanError::Empty`] where nothing of the page is an article. A live blog, the teaser of a paywall or the text
/// beside a video is given as an article whose `kind` says so.
///
/// ```
/// # use copydesk::{fetch::Page, pipeline::clean_page, rules::Rules};
/// let page = Page {
///     url: "https://news.example/a".parse()?,
///     content_type: Some("text/html".into()),
///     body: b"<title>Rain | News</title><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>Rain</h1>\
///         <p>It rained all day in the north, and the rivers rose by a metre before the evening came.</p>\
///         <p>The ferry did not sail. Two schools were closed, said the council, and would stay so until Monday.</p>\
///         <p>Nobody was hurt, but forty houses beside the old harbour lost their power for most of the night.</p>\
///         <p>More rain is forecast for the weekend. The council has asked people to keep away from the river.</p>\
///         </article><footer>All rights reserved</footer>".to_vec(),
///     fetched: 0,
/// };
/// let article = clean_page(&page, Rules::builtin())?;
/// assert_eq!(article.blocks.len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn clean_page(page: &Page, rules: &Rules) -> Result<Article, CleanError> {
    clean_page_with(page, rules, Options::default())
}

/// As [`clean_page`], with options.
///
/// # Errors
/// As [`clean_page`].
pub fn clean_page_with(page: &Page, rules: &Rules, options: Options) -> Result<Article, CleanError> {
    let (decided, fields) = decide(page, rules, options)?;
    build(&decided, fields, &page.url, rules)
}

/// As [`clean_page_with`], with the whole block list, also where none of it is an article.
///
/// # Errors
/// [`CleanError::NotText`] for binary data.
pub fn explain_page(page: &Page, rules: &Rules, options: Options) -> Result<Cleaned, CleanError> {
    let (decided, fields) = decide(page, rules, options)?;
    let explained = explained(&decided.document, &decided.verdicts, rules);
    let fit = fit::fit_of(page, &decided, &fields, (rules, options), |_| false);
    Ok(Cleaned {
        fit,
        article: build(&decided, fields, &page.url, rules).ok(),
        assessment: decided.assessment,
        explained,
    })
}

/// A page with all that was decided on it.
struct Decided {
    document: Document,
    verdicts: Verdicts,
    assessment: Assessment,
}

fn decide(page: &Page, rules: &Rules, options: Options) -> Result<(Decided, Fields), CleanError> {
    let Read {
        document,
        fields,
        layout,
    } = read(page, rules, options.steps)?;
    let verdicts = clean::clean(&document, context(layout, &fields, rules, options));
    let assessment = kind::assess(kind::Input {
        url: &page.url,
        document: &document,
        verdicts: &verdicts,
        fields: &fields,
        rules,
    });
    let decided = Decided {
        document,
        verdicts,
        assessment,
    };
    Ok((decided, fields))
}

/// A page before it is cleaned.
struct Read<'r> {
    document: Document,
    fields: Fields,
    layout: Option<&'r Layout>,
}

/// Bytes to document and fields.
fn read<'r>(page: &Page, rules: &'r Rules, steps: Steps) -> Result<Read<'r>, CleanError> {
    decode::looks_like_text(&page.body).map_err(|found| CleanError::NotText {
        url: page.url.to_string(),
        found: found.to_owned(),
    })?;
    let decoded = decode::decode(&page.body, page.content_type.as_deref());
    let is_plain = page
        .content_type
        .as_deref()
        .is_some_and(|kind| kind.starts_with("text/plain"));
    let document = if is_plain {
        Document::from_text(&decoded.text)
    } else {
        // Without an address the site has no rules.
        let url = steps.has_site().then_some(&page.url);
        Document::parse(&decoded.text, url, rules)
    };
    let (layout, mut fields) = fit(&document, &page.url, rules, steps);
    if is_plain {
        fields.title = text_headline(&document);
    }
    Ok(Read {
        document,
        fields,
        layout,
    })
}

/// The first layout that fits the page, and the fields it gives; of several, the first that says it is of the story's day.
fn fit<'r>(document: &Document, url: &Url, rules: &'r Rules, steps: Steps) -> (Option<&'r Layout>, Fields) {
    let file = document.file.and_then(|number| rules.file(number));
    let site = file.or_else(|| rules.site(url));
    let layouts = site
        .filter(|_| steps.has_site())
        .map(|site| clean::fitting(document, site, url))
        .unwrap_or_default();
    let read = |layout: Option<&Layout>| fields::read(document, Some(url), layout);
    let first = layouts.first().copied();
    let fields = read(first);
    if layouts.len() < 2 || !layouts.iter().any(|layout| layout.is_dated()) {
        return (first, fields);
    }
    let Some(date) = &fields.published else {
        return (first, fields);
    };
    match layouts.iter().position(|layout| layout.is_of(date.day())) {
        None | Some(0) => (first, fields),
        Some(at) => (Some(layouts[at]), read(Some(layouts[at]))),
    }
}

/// The model is for sites without rules.
const GENERAL: Options = Options {
    favor: Favor::Balanced,
    steps: Steps::General,
};

/// A page as far as cleaning needs no model: what the model is trained on.
#[doc(hidden)]
pub fn open_page(page: &Page, rules: &Rules) -> Result<(Document, clean::Prepared, Fields), CleanError> {
    let Read {
        document,
        fields,
        layout,
    } = read(page, rules, GENERAL.steps)?;
    let prepared = clean::prepare(&document, context(layout, &fields, rules, GENERAL));
    Ok((document, prepared, fields))
}

fn context<'a>(
    layout: Option<&'a Layout>,
    fields: &'a Fields,
    rules: &'a Rules,
    options: Options,
) -> Context<'a> {
    Context {
        rules,
        layout,
        language: fields.language.as_deref(),
        title: fields.title.as_deref(),
        description: fields.description.as_deref(),
        favor: options.favor,
        steps: options.steps,
    }
}

/// The headline of plain text: a first line that is short and no sentence.
fn text_headline(document: &Document) -> Option<String> {
    let first = document.text_at(0);
    let is_headline = document.blocks.len() > 1
        && first.len() <= MAX_TEXT_HEADLINE
        && !first.ends_with(['.', ':', ';', ',', '。'])
        && first.chars().any(char::is_alphanumeric);
    is_headline.then(|| first.to_owned())
}

fn build(decided: &Decided, fields: Fields, url: &Url, rules: &Rules) -> Result<Article, CleanError> {
    let Decided {
        document,
        verdicts,
        assessment,
    } = decided;
    let kept = document
        .blocks
        .iter()
        .zip(&verdicts.verdicts)
        .filter(|(_, verdict)| verdict.keep);
    let blocks: Vec<Block> = kept
        .map(|(block, _)| Block {
            kind: block.kind,
            text: document.text(block).to_owned(),
        })
        .collect();
    let Assessment { kind, confidence, .. } = *assessment;
    let url_text = url.to_string();
    if blocks.is_empty() && kind == PageKind::Article {
        return Err(CleanError::Empty { url: url_text });
    }
    if blocks.is_empty() || !kind.has_text() {
        return Err(CleanError::NotArticle {
            url: url_text,
            kind,
            confidence,
        });
    }
    Ok(Article {
        url: url_text,
        site: dedupe::site_of(url),
        kind,
        confidence,
        fields,
        blocks,
        dropped: dropped(verdicts, rules),
        layout: verdicts.layout.clone(),
        rules: rules.version().to_owned(),
        limits: fit::limits(decided, url, rules),
    })
}

/// Counts the dropped blocks by reason, in the order of their first. What the model drops is one reason: the chances of its blocks
/// all differ, and are part of the explanation alone.
fn dropped(verdicts: &Verdicts, rules: &Rules) -> Vec<Dropped> {
    let mut counts: Vec<(&Reason, u32)> = Vec::new();
    for verdict in verdicts.verdicts.iter().filter(|verdict| !verdict.keep) {
        let own = &verdict.reason;
        let is_same = |other: &Reason| other == own || (other.is_model() && own.is_model());
        match counts.iter_mut().find(|(reason, _)| is_same(reason)) {
            Some((_, count)) => *count += 1,
            None => counts.push((own, 1)),
        }
    }
    counts
        .into_iter()
        .map(|(reason, blocks)| Dropped {
            reason: if reason.is_model() {
                MODEL.to_owned()
            } else {
                reason.describe(rules)
            },
            blocks,
        })
        .collect()
}

fn explained(document: &Document, verdicts: &Verdicts, rules: &Rules) -> Vec<ExplainedBlock> {
    let rows = document.blocks.iter().zip(&verdicts.verdicts).enumerate();
    rows.map(|(at, (block, verdict))| ExplainedBlock {
        block: Block {
            kind: block.kind,
            text: document.text(block).to_owned(),
        },
        keep: verdict.keep,
        reason: verdict.reason.describe(rules) + &grounds(verdicts, at),
        path: document.path(block.element),
    })
    .collect()
}

/// What moved the model most, where it decided: "; share_2 +1.4, links -0.3".
fn grounds(verdicts: &Verdicts, at: usize) -> String {
    match (&verdicts.opinion, &verdicts.verdicts[at].reason) {
        (Some(opinion), reason) if reason.is_model() => {
            let grounds = Model::builtin().grounds(opinion, at);
            grounds.iter().fold(String::new(), |text, (name, sum)| {
                format!("{text}; {name} {sum:+.1}")
            })
        }
        _ => String::new(),
    }
}
