//! The records and rows of new texts, revisions and sightings, for [`Store::put`] and for the replay alike.

use serde::{Deserialize, Serialize};
use url::Url;

use super::blobs::CONTENT_MAX_BYTES;
use super::error::StoreError;
use super::row::{Location, Row, id_key, revision_key, sighting_key, time_key, url_key};
use super::rows::{Change, Tree};
use super::types::RawPage;
use super::{State, Store, Writer};
use crate::article::{Article, ArticleId, PageDate, Sighting};
use crate::dedupe::{Fingerprint, credible_canonical, normal_url, site_of};

/// The marks behind an id in the tree `url`.
pub(super) const OWN: u8 = b'o';
pub(super) const SIGHTED: u8 = b's';

/// The longest `Content-Type` that is kept, in bytes; honest ones have a fifth of it.
const CONTENT_TYPE_MAX_BYTES: usize = 200;

/// The revision number in the record of a sighting.
pub(super) const NO_REVISION: u32 = 0;

/// The content of a text record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TextLine<A> {
    fetched: i64,
    /// When the article's first revision was fetched, where this is the first here and came from another store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_fetched: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Location>,
    /// The article's own URL where this revision came from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recleaned: Option<Recleaned>,
    /// Its number in the sequence; none in texts of format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(flatten)]
    pub article: A,
}

/// How a revision came from the page of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recleaned {
    /// When, seconds since the epoch.
    pub at: i64,
    /// The revision that the page was fetched for.
    pub page_revision: u32,
}

impl<A> TextLine<A> {
    /// Of an article that was fetched then.
    pub fn new(article: A, fetched: i64, page: Option<Location>) -> Self {
        Self {
            fetched,
            first_fetched: None,
            page,
            first_url: None,
            content_type: None,
            recleaned: None,
            seq: None,
            article,
        }
    }

    /// Notes the article's own URL where that is another than the one of this text.
    pub fn with_own_url(mut self, own: Option<String>, url: &str) -> Self {
        self.first_url = own.filter(|own| own != url);
        self
    }
}

impl TextLine<Article> {
    /// The article's own URL.
    pub fn own_url(&self) -> String {
        self.first_url.as_ref().unwrap_or(&self.article.url).clone()
    }

    pub fn text(&self, at: Location) -> Text<'_> {
        Text {
            article: &self.article,
            fetched: self.fetched,
            first_fetched: self.first_fetched,
            print: Fingerprint::of(self.article.fields.title.as_deref(), &self.article.blocks),
            at,
            page: self.page,
            page_revision: self.recleaned.map(|recleaned| recleaned.page_revision),
        }
    }
}

/// The content of the record of a sighting.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SightingLine {
    #[serde(flatten)]
    pub sighting: Sighting,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
}

/// What a page is known by besides its text.
#[derive(Debug)]
pub(super) struct Names {
    pub site: String,
    pub normal_url: String,
    pub url_key: [u8; 16],
    /// Of a credible canonical URL that is another than its own.
    pub canonical_key: Option<[u8; 16]>,
}

impl Names {
    pub fn new(url: &str, canonical: Option<&str>) -> Result<Self, url::ParseError> {
        let url = Url::parse(url)?;
        let normal_url = normal_url(&url);
        let own_key = url_key(&normal_url);
        Ok(Self {
            site: site_of(&url),
            url_key: own_key,
            canonical_key: canonical
                .and_then(|claim| credible_canonical(&url, claim))
                .map(|canonical| url_key(&self::normal_url(&canonical)))
                .filter(|key| *key != own_key),
            normal_url,
        })
    }
}

/// A text that lies in the blob files and is to get its rows.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub article: &'a Article,
    pub fetched: i64,
    /// When the article's first revision was fetched, where that was another.
    pub first_fetched: Option<i64>,
    pub print: Fingerprint,
    pub at: Location,
    pub page: Option<Location>,
    /// The revision that the page was fetched for, where it is not this one.
    pub page_revision: Option<u32>,
}

impl Text<'_> {
    fn row(&self, revision: u32, first_fetched: i64, site: &str) -> Row {
        let published = self.article.fields.published.as_ref();
        Row {
            revision,
            fetched: self.fetched,
            first_fetched,
            time: published.map_or(first_fetched, PageDate::epoch_seconds),
            words: self.print.words,
            hash: self.print.hash,
            text: self.at,
            page: self.page,
            page_revision: self.page_revision.unwrap_or(revision),
            site: site.to_owned(),
        }
    }
}

/// The changes of one put, and the state after it.
pub(super) struct Batch {
    pub changes: Vec<Change>,
    pub state: State,
}

impl Batch {
    pub fn new(state: State) -> Self {
        Self {
            changes: Vec::new(),
            state,
        }
    }

    pub fn set(&mut self, tree: Tree, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.changes.push(Change {
            tree,
            key: key.into(),
            value: Some(value.into()),
        });
    }

    pub fn remove(&mut self, tree: Tree, key: impl Into<Vec<u8>>) {
        self.changes.push(Change {
            tree,
            key: key.into(),
            value: None,
        });
    }
}

impl Writer {
    /// Appends text and raw page; both are durable only with the commit.
    pub fn append_text(
        &mut self,
        store: &Store,
        (id, revision): (ArticleId, u32),
        new: (&Article, RawPage<'_>, i64),
        own_url: Option<String>,
    ) -> Result<(Location, Option<Location>), StoreError> {
        let (article, raw, fetched) = new;
        // The page goes first: a text that is found after a crash has its page.
        let page = if raw.body.is_empty() {
            None
        } else {
            self.upgrade(store)?;
            Some(self.pages.append(&store.pages, id, revision, raw.body)?)
        };
        let mut line = TextLine::new(article, fetched, page).with_own_url(own_url, &article.url);
        line.seq = Some(self.state.next_seq());
        let content_type = raw
            .content_type
            .filter(|kind| kind.len() <= CONTENT_TYPE_MAX_BYTES);
        line.content_type = content_type.filter(|_| page.is_some()).map(ToOwned::to_owned);
        let text = self.append_line(store, (id, revision), &line, &article.url)?;
        self.group_bytes += raw.body.len();
        Ok((text, page))
    }

    /// Appends one line of JSON to the texts.
    pub fn append_line(
        &mut self,
        store: &Store,
        (id, revision): (ArticleId, u32),
        line: &impl Serialize,
        url: &str,
    ) -> Result<Location, StoreError> {
        let mut json = serde_json::to_vec(line).map_err(|e| StoreError::Io {
            path: url.into(),
            source: e.into(),
        })?;
        json.push(b'\n');
        if json.len() > CONTENT_MAX_BYTES {
            return Err(StoreError::TooLarge {
                url: url.to_owned(),
                bytes: json.len(),
                limit: CONTENT_MAX_BYTES,
            });
        }
        self.upgrade(store)?;
        self.group_bytes += json.len();
        self.texts.append(&store.texts, id, revision, &json)
    }
}

impl Store {
    /// The rows of a text that no article has; its first revision, unless the ones before are lost.
    pub(super) fn add_new(
        &self,
        batch: &mut Batch,
        names: &Names,
        (id, revision): (ArticleId, u32),
        new: &Text<'_>,
    ) -> Result<(), StoreError> {
        let row = new.row(revision, new.first_fetched.unwrap_or(new.fetched), &names.site);
        let site = row.site.as_bytes();
        let of_site = self.rows.get(Tree::Site, site)?.as_deref().map_or(0, count_of);
        batch.set(Tree::Site, site, (of_site + 1).to_be_bytes());
        batch.set(Tree::Article, id_key(id), row.encode());
        batch.set(Tree::Time, time_key(row.time, id), []);
        batch.state.articles += 1;
        batch.state.urls += u64::from(self.rows.get(Tree::Url, &names.url_key)?.is_none());
        batch.set(Tree::Url, names.url_key, marked(id, OWN));
        self.add_story(batch, id, new, None)?;
        self.add_text_keys(batch, names, id, new)
    }

    /// The rows of another text of an article.
    pub(super) fn add_revision(
        &self,
        batch: &mut Batch,
        names: &Names,
        (id, revision, old): (ArticleId, u32, &Row),
        new: &Text<'_>,
    ) -> Result<(), StoreError> {
        let row = new.row(revision, old.first_fetched, &old.site);
        batch.set(Tree::Revision, revision_key(id, old.revision), old.encode());
        batch.set(Tree::Article, id_key(id), row.encode());
        if row.time != old.time {
            batch.remove(Tree::Time, time_key(old.time, id));
            batch.set(Tree::Time, time_key(row.time, id), []);
        }
        // A damaged text leaves its sketch behind: what it leads to is compared whole.
        let before = self.text(id, old).ok().map(|text| text.article);
        self.add_story(batch, id, new, before.as_ref())?;
        self.add_text_keys(batch, names, id, new)?;
        let sighting = Sighting {
            url: new.article.url.clone(),
            first_seen: new.fetched,
        };
        self.add_sighting(batch, names, id, &sighting)
    }

    /// What leads to a text besides its URL: its hash and its canonical URL.
    fn add_text_keys(
        &self,
        batch: &mut Batch,
        names: &Names,
        id: ArticleId,
        new: &Text<'_>,
    ) -> Result<(), StoreError> {
        batch.state.revisions += 1;
        self.add_seq(batch, id, batch.state.next_seq())?;
        batch.state.raw_pages += u64::from(new.page.is_some() && new.page_revision.is_none());
        if new.print.is_telling() {
            batch.set(Tree::TextHash, new.print.hash, id_key(id));
        }
        self.add_canonical(batch, names, id)
    }

    fn add_canonical(&self, batch: &mut Batch, names: &Names, id: ArticleId) -> Result<(), StoreError> {
        if let Some(key) = names.canonical_key
            && self.rows.get(Tree::Url, &key)?.is_none()
            && self.rows.get(Tree::Canonical, &key)?.is_none()
        {
            batch.set(Tree::Canonical, key, id_key(id));
        }
        Ok(())
    }

    /// Notes once that the article was seen at this URL, unless it is the article's own. A URL that is another
    /// article's own still leads to that one.
    pub(super) fn add_sighting(
        &self,
        batch: &mut Batch,
        names: &Names,
        id: ArticleId,
        sighting: &Sighting,
    ) -> Result<(), StoreError> {
        let known = self.rows.get(Tree::Url, &names.url_key)?;
        if known == Some(marked(id, OWN)) {
            return Ok(());
        }
        let key = sighting_key(id, names.url_key);
        if self.rows.get(Tree::Sighting, &key)?.is_none() {
            let json = serde_json::to_vec(sighting).map_err(|e| self.rows.damaged(e.to_string()))?;
            batch.set(Tree::Sighting, key, json);
        }
        let is_owned = known.as_ref().is_some_and(|value| value.last() == Some(&OWN));
        if !is_owned && known != Some(marked(id, SIGHTED)) {
            batch.state.urls += u64::from(known.is_none());
            batch.set(Tree::Url, names.url_key, marked(id, SIGHTED));
        }
        self.add_canonical(batch, names, id)
    }

    /// As [`Self::stage`], for a batch whose texts and pages have just been written.
    pub(super) fn stage_written(&self, writer: &mut Writer, mut batch: Batch) -> Result<(), StoreError> {
        batch.state.text_end = writer.texts.position();
        batch.state.page_end = writer.pages.position();
        self.stage(writer, batch)
    }

    /// Stages a batch with the state after it.
    pub(super) fn stage(&self, writer: &mut Writer, mut batch: Batch) -> Result<(), StoreError> {
        batch.changes.push(batch.state.change()?);
        self.rows.stage(batch.changes);
        writer.state = batch.state;
        Ok(())
    }
}

/// A value of the tree `url`.
pub(super) fn marked(id: ArticleId, mark: u8) -> Vec<u8> {
    let mut value = id_key(id).to_vec();
    value.push(mark);
    value
}

/// The count in a row of the tree `site`.
pub(super) fn count_of(value: &[u8]) -> u64 {
    value
        .first_chunk::<8>()
        .map_or(0, |count| u64::from_be_bytes(*count))
}
