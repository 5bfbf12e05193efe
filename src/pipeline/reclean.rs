//! A stored page to what the rules of today make of it, beside what the store has.

use serde_json::Value;
use url::Url;

use super::{CleanError, Options, clean_page_with};
use crate::article::{Article, ArticleId, Block, PageKind};
use crate::diff::{Edit, diff};
use crate::fetch::Page;
use crate::rules::Rules;
use crate::store::{Outcome, Store, StoreError, StoredArticle};

/// A text with fewer words than the stored one divided by this is not believed: a rule that takes that much is more often
/// wrong than right. It is that of a re-fetched page which has become too thin.
const SHORTER_DIVISOR: usize = 2;

/// How to clean again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecleanOptions {
    /// How to clean.
    pub options: Options,
    /// Believe also a text that is less than half as long as the stored one.
    pub shorter: bool,
}

/// An article and what the rules of today make of its page.
#[derive(Debug, Clone, PartialEq)]
pub struct Recleaned {
    /// The article.
    pub id: ArticleId,
    /// Where its current revision came from.
    pub url: String,
    /// The number of its current revision.
    pub revision: u32,
    /// What has changed.
    pub outcome: RecleanOutcome,
}

/// What cleaning again gives.
#[derive(Debug, Clone, PartialEq)]
pub enum RecleanOutcome {
    /// The same text and fields. That other rules give them is no change.
    Same,
    /// Another text or other fields.
    Changed(Box<Change>),
    /// Nothing that could replace the article.
    Kept(Kept),
    /// The store has no page of it.
    NoPage,
}

/// Why an article is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// The page has no text by these rules.
    Empty,
    /// The page is no article by these rules.
    NotArticle(PageKind),
    /// Less than half of the text would be left: its words, before and after.
    Shorter(usize, usize),
    /// The text would be that of another article.
    Duplicate(ArticleId),
    /// The stored bytes or their address are no page.
    Unreadable(String),
}

/// What is different.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The article as it is now.
    pub article: Article,
    /// Words in lines that the stored text does not have.
    pub words_added: usize,
    /// Words in lines that are gone.
    pub words_removed: usize,
    /// The lines that were added, after `+`, and removed, after `-`, in reading order.
    pub lines: Vec<String>,
    /// The same lines, but as blocks of another kind: a heading that was a paragraph.
    pub other_kinds: bool,
    /// Fields with another value.
    pub fields: Vec<FieldChange>,
}

/// A field with another value; `null` where there is none.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FieldChange {
    /// Its name, as in JSON.
    pub field: String,
    /// What the store has.
    pub before: Value,
    /// What it is by the rules of today.
    pub after: Value,
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no article text on its page by these rules"),
            Self::NotArticle(kind) => write!(f, "its page is {} by these rules", kind.describe()),
            Self::Shorter(before, after) => write!(f, "of {before} words only {after} would be left"),
            Self::Duplicate(other) => write!(f, "its text would be that of article {other}"),
            Self::Unreadable(reason) => write!(f, "its page cannot be read: {reason}"),
        }
    }
}

/// Cleans the page of an article again and compares; stores nothing. `None` where there is no such article.
///
/// # Errors
/// [`StoreError`] where article or page cannot be read.
pub fn reclean(
    store: &Store,
    id: ArticleId,
    rules: &Rules,
    options: RecleanOptions,
) -> Result<Option<Recleaned>, StoreError> {
    let Some((stored, page)) = store.get_with_page(id)? else {
        return Ok(None);
    };
    let outcome = match page {
        None => RecleanOutcome::NoPage,
        Some(page) => match Url::parse(&stored.article.url) {
            Err(error) => RecleanOutcome::Kept(Kept::Unreadable(error.to_string())),
            Ok(url) => {
                let page = Page {
                    url,
                    content_type: page.content_type,
                    body: page.body,
                    fetched: stored.fetched,
                };
                compare(store, &stored, &page, rules, options)?
            }
        },
    };
    Ok(Some(Recleaned {
        id,
        url: stored.article.url,
        revision: stored.revision,
        outcome,
    }))
}

fn compare(
    store: &Store,
    stored: &StoredArticle,
    page: &Page,
    rules: &Rules,
    RecleanOptions { options, shorter }: RecleanOptions,
) -> Result<RecleanOutcome, StoreError> {
    let cleaned = match clean_page_with(page, rules, options) {
        Ok(article) if article.kind == PageKind::Article => article,
        Ok(article) => return Ok(RecleanOutcome::Kept(Kept::NotArticle(article.kind))),
        Err(CleanError::NotArticle { kind, .. }) => return Ok(RecleanOutcome::Kept(Kept::NotArticle(kind))),
        Err(CleanError::Empty { .. }) => return Ok(RecleanOutcome::Kept(Kept::Empty)),
        Err(CleanError::NotText { found, .. }) => {
            return Ok(RecleanOutcome::Kept(Kept::Unreadable(found)));
        }
    };
    let Some(change) = change(&stored.article, cleaned) else {
        return Ok(RecleanOutcome::Same);
    };
    let (before, after) = (stored.article.words(), change.article.words());
    if !shorter && after < before / SHORTER_DIVISOR {
        return Ok(RecleanOutcome::Kept(Kept::Shorter(before, after)));
    }
    Ok(match store.twin(stored.id, &change.article)? {
        Some(other) => RecleanOutcome::Kept(Kept::Duplicate(other)),
        None => RecleanOutcome::Changed(Box::new(change)),
    })
}

/// Stores what has changed as a revision at this time, in seconds since the epoch. Durable after the next
/// [`Store::flush`]. What it is not stored for becomes the outcome; the number is that of the new revision.
///
/// # Errors
/// [`StoreError`] where it cannot be written.
pub fn store_recleaned(store: &Store, recleaned: &mut Recleaned, now: i64) -> Result<(), StoreError> {
    let RecleanOutcome::Changed(change) = &recleaned.outcome else {
        return Ok(());
    };
    match store.put_recleaned(recleaned.id, recleaned.revision, &change.article, now)? {
        Outcome::Revision(_, revision) => recleaned.revision = revision,
        Outcome::Duplicate(other) => recleaned.outcome = RecleanOutcome::Kept(Kept::Duplicate(other)),
        _ => recleaned.outcome = RecleanOutcome::Same,
    }
    Ok(())
}

/// What is different between a stored article and the same page cleaned again; `None` where nothing that is kept is.
fn change(stored: &Article, article: Article) -> Option<Change> {
    let fields = changed_fields(stored, &article);
    if stored.blocks == article.blocks && fields.is_empty() {
        return None;
    }
    let old = lines(&stored.blocks);
    let new = lines(&article.blocks);
    let (mut words_added, mut words_removed) = (0, 0);
    let mut changed = Vec::new();
    for edit in diff(&old, &new) {
        match edit {
            Edit::Same(_) => {}
            Edit::Removed(line) => {
                words_removed += line.split_whitespace().count();
                changed.push(format!("-{line}"));
            }
            Edit::Added(line) => {
                words_added += line.split_whitespace().count();
                changed.push(format!("+{line}"));
            }
        }
    }
    Some(Change {
        other_kinds: changed.is_empty() && stored.blocks != article.blocks,
        words_added,
        words_removed,
        lines: changed,
        fields,
        article,
    })
}

fn lines(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().flat_map(|block| block.text.lines()).collect()
}

fn changed_fields(stored: &Article, article: &Article) -> Vec<FieldChange> {
    let values = |article: &Article| match serde_json::to_value(&article.fields) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::default(),
    };
    let (mut before, after) = (values(stored), values(article));
    let mut changes = Vec::new();
    for (field, after) in after {
        let before = before.remove(&field).unwrap_or_default();
        if before != after {
            changes.push(FieldChange { field, before, after });
        }
    }
    changes.extend(before.into_iter().map(|(field, before)| FieldChange {
        field,
        before,
        after: Value::Null,
    }));
    changes
}
