//! The order of the stages; the only place that knows it.

pub mod crawl;

use url::Url;

use crate::article::{Article, Block, Dropped, Fields};
use crate::clean::{self, Context, Favor, Model, Reason, Verdicts};
use crate::decode;
use crate::dedupe;
use crate::document::Document;
use crate::fetch::Page;
use crate::fields;
use crate::rules::Rules;

/// Why a page has no article.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    /// There is no text on the page, or none of it is an article.
    #[error("{url}: no article text on this page")]
    Empty {
        /// The page.
        url: String,
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

/// An article and, on request, the whole block list with its verdicts.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// The article; `None` where nothing of the page is one.
    pub article: Option<Article>,
    /// All blocks, kept and dropped, in reading order.
    pub explained: Vec<ExplainedBlock>,
}

/// A headline in plain text is at most so long, in bytes.
const MAX_TEXT_HEADLINE: usize = 200;

/// Cleans an HTML (or plain-text, by content type) page down to its article.
///
/// # Errors
/// [`CleanError::NotText`] for binary data, [`CleanError::Empty`] where nothing of the page is an article.
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
    let (document, verdicts, fields) = decide(page, rules)?;
    build(&document, &verdicts, fields, &page.url, rules)
}

/// As [`clean_page`], with the whole block list, also where none of it is an article.
///
/// # Errors
/// [`CleanError::NotText`] for binary data.
pub fn explain_page(page: &Page, rules: &Rules) -> Result<Cleaned, CleanError> {
    let (document, verdicts, fields) = decide(page, rules)?;
    let explained = explained(&document, &verdicts, rules);
    Ok(Cleaned {
        article: build(&document, &verdicts, fields, &page.url, rules).ok(),
        explained,
    })
}

fn decide(page: &Page, rules: &Rules) -> Result<(Document, Verdicts, Fields), CleanError> {
    let (document, fields) = read(page, rules)?;
    let verdicts = clean::clean(&document, context(&page.url, &fields, rules));
    Ok((document, verdicts, fields))
}

/// Bytes to document and fields.
fn read(page: &Page, rules: &Rules) -> Result<(Document, Fields), CleanError> {
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
        Document::parse(&decoded.text, Some(&page.url), rules)
    };
    let layout = rules
        .site(&page.url)
        .and_then(|site| clean::layout(&document, site));
    let mut fields = fields::read(&document, Some(&page.url), layout);
    if is_plain {
        fields.title = text_headline(&document);
    }
    Ok((document, fields))
}

/// A page as far as cleaning needs no model: what the model is trained on.
#[doc(hidden)]
pub fn open_page(page: &Page, rules: &Rules) -> Result<(Document, clean::Prepared, Fields), CleanError> {
    let (document, fields) = read(page, rules)?;
    let prepared = clean::prepare(&document, context(&page.url, &fields, rules));
    Ok((document, prepared, fields))
}

fn context<'a>(url: &Url, fields: &'a Fields, rules: &'a Rules) -> Context<'a> {
    Context {
        rules,
        site: rules.site(url),
        language: fields.language.as_deref(),
        title: fields.title.as_deref(),
        description: fields.description.as_deref(),
        favor: Favor::default(),
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

fn build(
    document: &Document,
    verdicts: &Verdicts,
    fields: Fields,
    url: &Url,
    rules: &Rules,
) -> Result<Article, CleanError> {
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
    if blocks.is_empty() {
        return Err(CleanError::Empty { url: url.to_string() });
    }
    Ok(Article {
        url: url.to_string(),
        site: dedupe::site_of(url),
        fields,
        blocks,
        dropped: dropped(verdicts, rules),
        layout: verdicts.layout.clone(),
        rules: rules.version().to_owned(),
        limits: document.limits.iter().map(ToString::to_string).collect(),
    })
}

/// Counts the dropped blocks by reason, in the order of their first.
fn dropped(verdicts: &Verdicts, rules: &Rules) -> Vec<Dropped> {
    let mut counts: Vec<(&Reason, u32)> = Vec::new();
    for verdict in verdicts.verdicts.iter().filter(|verdict| !verdict.keep) {
        match counts.iter_mut().find(|(reason, _)| *reason == &verdict.reason) {
            Some((_, count)) => *count += 1,
            None => counts.push((&verdict.reason, 1)),
        }
    }
    counts
        .into_iter()
        .map(|(reason, blocks)| Dropped {
            reason: reason.describe(rules),
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
        (Some(opinion), Reason::Model(_)) => {
            let grounds = Model::builtin().grounds(opinion, at);
            grounds.iter().fold(String::new(), |text, (name, sum)| {
                format!("{text}; {name} {sum:+.1}")
            })
        }
        _ => String::new(),
    }
}
