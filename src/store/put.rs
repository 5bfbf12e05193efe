//! What becomes of an article that is put into the store.
//!
//! An article is known by its own URL, by a URL where its text was seen, by a canonical URL, or by its text:
//!
//! | known by | same text | text of another article | much shorter | other text |
//! |---|---|---|---|---|
//! | its own URL | `Unchanged` | `Duplicate` of that one | `Thinner` | `Revision` |
//! | a sighting's URL | `Unchanged` | `Duplicate` of that one | `Thinner` | `Revision` if related, or `New` |
//! | a canonical URL | `Duplicate` | `Duplicate` of that one | `Thinner` if related, or `New` | `Revision` if related, or `New` |
//! | its text alone | `Duplicate` | | | |
//!
//! *Related* texts are of one site and share much of their wording. Without that, two pages that once showed the same
//! consent wall, or all pages of a site that names one page as the canonical URL of every other, would be taken for
//! revisions of one article. For the same reason a text that another article has is never a revision.

use serde::Serialize;
use url::Url;

use super::blobs::CONTENT_MAX_BYTES;
use super::error::StoreError;
use super::row::{Location, Row, id_key, id_of, revision_key, sighting_key, time_key, url_key};
use super::rows::{Change, Tree};
use super::{Outcome, State, Store, TextRecord, Writer};
use crate::article::{Article, ArticleId, PageDate, Sighting};
use crate::dedupe::{Fingerprint, article_id, containment, credible_canonical, normal_url, site_of};

/// A text with fewer words than the stored one divided by this is too thin to replace it: what is left of an article
/// behind a paywall or on an error page. An editor seldom halves a story.
const THINNER_DIVISOR: u32 = 2;

/// Texts that share this part of the smaller one's three-word shingles are versions of one text. Versions share half
/// and more, different articles of one site a few hundredths.
const RELATED_CONTAINMENT: f64 = 0.25;

/// The longest URL that an article is kept under, in bytes; servers refuse longer ones.
const URL_MAX_BYTES: usize = 8192;

/// Puts that wait for one commit; more make it hardly cheaper.
const GROUP_PUTS: usize = 256;

/// Bytes of texts and pages that wait for one commit, before compression.
const GROUP_BYTES: usize = 32 << 20;

/// The marks behind an id in the tree `url`.
const OWN: u8 = b'o';
const SIGHTED: u8 = b's';

/// An article on its way into the store, with all that can be known of it without looking.
struct Incoming<'a> {
    article: &'a Article,
    raw: &'a [u8],
    fetched: i64,
    site: String,
    normal_url: String,
    url_key: [u8; 16],
    canonical_key: Option<[u8; 16]>,
    print: Fingerprint,
}

/// How the store knows an incoming article by its URLs.
enum Known {
    Own(ArticleId),
    Sighting(ArticleId),
    Canonical(ArticleId),
}

/// What to do with an incoming article.
enum Decision {
    AddNew,
    /// With the article's own URL where this is another.
    AddRevision(ArticleId, Row, Option<String>),
    AddSighting(ArticleId),
    Leave(Outcome),
}

impl<'a> Incoming<'a> {
    fn new(article: &'a Article, raw: &'a [u8], fetched: i64) -> Result<Self, StoreError> {
        let bad_url = |reason: &str| StoreError::Url {
            url: article.url.chars().take(100).collect(),
            reason: reason.to_owned(),
        };
        if article.url.len() > URL_MAX_BYTES {
            return Err(bad_url("it is longer than 8192 bytes"));
        }
        let url = Url::parse(&article.url).map_err(|e| bad_url(&e.to_string()))?;
        if raw.len() > CONTENT_MAX_BYTES {
            return Err(too_large(article, raw.len()));
        }
        let normal = normal_url(&url);
        let own_key = url_key(&normal);
        let canonical_key = article
            .fields
            .canonical_url
            .as_deref()
            .and_then(|claim| credible_canonical(&url, claim))
            .map(|canonical| url_key(&normal_url(&canonical)))
            .filter(|key| *key != own_key);
        Ok(Self {
            article,
            raw,
            fetched,
            site: site_of(&url),
            normal_url: normal,
            url_key: own_key,
            canonical_key,
            print: Fingerprint::of(article.fields.title.as_deref(), &article.blocks),
        })
    }

    fn time(&self, first_fetched: i64) -> i64 {
        self.article
            .fields
            .published
            .as_ref()
            .map_or(first_fetched, PageDate::epoch_seconds)
    }
}

fn too_large(article: &Article, bytes: usize) -> StoreError {
    StoreError::TooLarge {
        url: article.url.clone(),
        bytes,
        limit: CONTENT_MAX_BYTES,
    }
}

/// The changes of one put, and the state after it.
struct Batch {
    changes: Vec<Change>,
    state: State,
}

impl Batch {
    fn set(&mut self, tree: Tree, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.changes.push(Change {
            tree,
            key: key.into(),
            value: Some(value.into()),
        });
    }

    fn remove(&mut self, tree: Tree, key: impl Into<Vec<u8>>) {
        self.changes.push(Change {
            tree,
            key: key.into(),
            value: None,
        });
    }
}

impl Store {
    /// Stores one cleaned page with its raw bytes (none are kept of an empty page), in one transaction. Durable after
    /// the next [`Self::flush`]; readers of this store see it at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Url`] for an article without a URL, [`StoreError::TooLarge`] above 64 MiB, and what writing
    /// can give ([`StoreError::DiskFull`]). An article whose put failed is not stored.
    pub fn put(&self, article: &Article, raw: &[u8], fetched: i64) -> Result<Outcome, StoreError> {
        let new = Incoming::new(article, raw, fetched)?;
        let mut writer = self.writer()?;
        if self.rows.waiting() >= GROUP_PUTS || writer.group_bytes >= GROUP_BYTES {
            self.commit(&mut writer)?;
        }
        let mut batch = Batch {
            changes: Vec::new(),
            state: writer.state,
        };
        let outcome = match self.decide(&new)? {
            Decision::Leave(outcome) => outcome,
            Decision::AddNew => self.add_new(&mut writer, &mut batch, &new)?,
            Decision::AddRevision(id, old, own_url) => {
                self.add_revision(&mut writer, &mut batch, &new, (id, &old), own_url)?
            }
            Decision::AddSighting(id) => self.add_sighting(&mut batch, &new, id)?,
        };
        if !batch.changes.is_empty() {
            batch.state.text_end = writer.texts.position();
            batch.state.page_end = writer.pages.position();
            batch.changes.push(batch.state.change()?);
            self.rows.stage(batch.changes);
            writer.state = batch.state;
        }
        Ok(outcome)
    }

    fn decide(&self, new: &Incoming<'_>) -> Result<Decision, StoreError> {
        let twin = if new.print.is_telling() {
            self.id_in(Tree::TextHash, &new.print.hash)?
        } else {
            None
        };
        let Some(known) = self.known_by_url(new)? else {
            return Ok(twin.map_or(Decision::AddNew, Decision::AddSighting));
        };
        let (Known::Own(id) | Known::Sighting(id) | Known::Canonical(id)) = known;
        let row = self.row(id)?.ok_or_else(|| {
            self.rows
                .damaged(format!("article {id} is referred to, but not there"))
        })?;
        let is_own = matches!(known, Known::Own(_));
        let is_seen = !matches!(known, Known::Canonical(_));
        if row.hash == new.print.hash || (!is_own && twin == Some(id)) {
            return Ok(if is_seen {
                Decision::Leave(Outcome::Unchanged(id))
            } else {
                Decision::AddSighting(id)
            });
        }
        if let Some(other) = twin.filter(|twin| *twin != id) {
            return Ok(Decision::AddSighting(other));
        }
        let is_thinner = new.print.words < row.words / THINNER_DIVISOR;
        if is_thinner && is_seen {
            return Ok(Decision::Leave(Outcome::Thinner(id)));
        }
        if is_own {
            return Ok(Decision::AddRevision(id, row, None));
        }
        Ok(match self.related_text(new, id, &row)? {
            None => Decision::AddNew,
            Some(_) if is_thinner => Decision::Leave(Outcome::Thinner(id)),
            Some(text) => Decision::AddRevision(id, row, Some(text.own_url())),
        })
    }

    fn known_by_url(&self, new: &Incoming<'_>) -> Result<Option<Known>, StoreError> {
        if let Some(value) = self.rows.get(Tree::Url, &new.url_key)?
            && let Some(id) = id_of(&value)
        {
            return Ok(Some(if value == marked(id, OWN) {
                Known::Own(id)
            } else {
                Known::Sighting(id)
            }));
        }
        let mut places = vec![(Tree::Canonical, new.url_key)];
        if let Some(key) = new.canonical_key {
            places.extend([(Tree::Url, key), (Tree::Canonical, key)]);
        }
        for (tree, key) in places {
            if let Some(id) = self.id_in(tree, &key)? {
                return Ok(Some(Known::Canonical(id)));
            }
        }
        Ok(None)
    }

    fn id_in(&self, tree: Tree, key: &[u8]) -> Result<Option<ArticleId>, StoreError> {
        Ok(self.rows.get(tree, key)?.as_deref().and_then(id_of))
    }

    /// The stored text, if it is related to the new one. A damaged text is related to nothing.
    fn related_text(
        &self,
        new: &Incoming<'_>,
        id: ArticleId,
        row: &Row,
    ) -> Result<Option<TextRecord<Article>>, StoreError> {
        if new.site != row.site {
            return Ok(None);
        }
        match self.text(id, row) {
            Ok(text) => {
                let shared = containment(&text.article.blocks, &new.article.blocks);
                Ok((shared >= RELATED_CONTAINMENT).then_some(text))
            }
            Err(StoreError::Damaged { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn add_new(
        &self,
        writer: &mut Writer,
        batch: &mut Batch,
        new: &Incoming<'_>,
    ) -> Result<Outcome, StoreError> {
        let mut id = article_id(&new.normal_url);
        while self.row(id)?.is_some() {
            id = ArticleId(id.0.wrapping_add(1));
        }
        let (text, page) = write(self, writer, new, (id, 1), None)?;
        let row = Row {
            revision: 1,
            fetched: new.fetched,
            first_fetched: new.fetched,
            time: new.time(new.fetched),
            words: new.print.words,
            hash: new.print.hash,
            text,
            page,
            site: new.site.clone(),
        };
        let site = row.site.as_bytes();
        let of_site = self.rows.get(Tree::Site, site)?.as_deref().map_or(0, count_of);
        batch.set(Tree::Site, site, (of_site + 1).to_be_bytes());
        batch.set(Tree::Article, id_key(id), row.encode());
        batch.set(Tree::Time, time_key(row.time, id), []);
        batch.state.urls += u64::from(self.rows.get(Tree::Url, &new.url_key)?.is_none());
        batch.set(Tree::Url, new.url_key, marked(id, OWN));
        batch.state.articles += 1;
        self.add_text_keys(batch, new, id, page)?;
        Ok(Outcome::New(id))
    }

    fn add_revision(
        &self,
        writer: &mut Writer,
        batch: &mut Batch,
        new: &Incoming<'_>,
        (id, old): (ArticleId, &Row),
        own_url: Option<String>,
    ) -> Result<Outcome, StoreError> {
        let revision = old.revision.saturating_add(1);
        let (text, page) = write(self, writer, new, (id, revision), own_url)?;
        let row = Row {
            revision,
            fetched: new.fetched,
            first_fetched: old.first_fetched,
            time: new.time(old.first_fetched),
            words: new.print.words,
            hash: new.print.hash,
            text,
            page,
            site: old.site.clone(),
        };
        batch.set(Tree::Revision, revision_key(id, old.revision), old.encode());
        batch.set(Tree::Article, id_key(id), row.encode());
        if row.time != old.time {
            batch.remove(Tree::Time, time_key(old.time, id));
            batch.set(Tree::Time, time_key(row.time, id), []);
        }
        self.add_text_keys(batch, new, id, page)?;
        self.add_sighting(batch, new, id)?;
        Ok(Outcome::Revision(id, revision))
    }

    /// What leads to a new text besides its URL: its hash and its canonical URL.
    fn add_text_keys(
        &self,
        batch: &mut Batch,
        new: &Incoming<'_>,
        id: ArticleId,
        page: Option<Location>,
    ) -> Result<(), StoreError> {
        batch.state.revisions += 1;
        batch.state.raw_pages += u64::from(page.is_some());
        if new.print.is_telling() {
            batch.set(Tree::TextHash, new.print.hash, id_key(id));
        }
        self.add_canonical(batch, new, id)
    }

    fn add_canonical(&self, batch: &mut Batch, new: &Incoming<'_>, id: ArticleId) -> Result<(), StoreError> {
        if let Some(key) = new.canonical_key
            && self.rows.get(Tree::Url, &key)?.is_none()
            && self.rows.get(Tree::Canonical, &key)?.is_none()
        {
            batch.set(Tree::Canonical, key, id_key(id));
        }
        Ok(())
    }

    /// Notes once that the article was seen at this URL, unless it is the article's own. A URL that is another
    /// article's own still leads to that one.
    fn add_sighting(
        &self,
        batch: &mut Batch,
        new: &Incoming<'_>,
        id: ArticleId,
    ) -> Result<Outcome, StoreError> {
        let outcome = Outcome::Duplicate(id);
        let known = self.rows.get(Tree::Url, &new.url_key)?;
        if known == Some(marked(id, OWN)) {
            return Ok(outcome);
        }
        let key = sighting_key(id, new.url_key);
        if self.rows.get(Tree::Sighting, &key)?.is_none() {
            let sighting = Sighting {
                url: new.article.url.clone(),
                first_seen: new.fetched,
            };
            batch.set(Tree::Sighting, key, to_json(&sighting, new.article)?);
        }
        let is_owned = known.as_ref().is_some_and(|value| value.last() == Some(&OWN));
        if !is_owned && known != Some(marked(id, SIGHTED)) {
            batch.state.urls += u64::from(known.is_none());
            batch.set(Tree::Url, new.url_key, marked(id, SIGHTED));
        }
        self.add_canonical(batch, new, id)?;
        Ok(outcome)
    }
}

/// Appends text and raw page; both are durable only with the commit.
fn write(
    store: &Store,
    writer: &mut Writer,
    new: &Incoming<'_>,
    (id, revision): (ArticleId, u32),
    own_url: Option<String>,
) -> Result<(Location, Option<Location>), StoreError> {
    let record = TextRecord {
        first_url: own_url.filter(|own| *own != new.article.url),
        article: new.article,
    };
    let mut json = to_json(&record, new.article)?;
    json.push(b'\n');
    if json.len() > CONTENT_MAX_BYTES {
        return Err(too_large(new.article, json.len()));
    }
    let text = writer.texts.append(&store.texts, id, revision, &json)?;
    let page = if new.raw.is_empty() {
        None
    } else {
        Some(writer.pages.append(&store.pages, id, revision, new.raw)?)
    };
    writer.group_bytes += json.len() + new.raw.len();
    Ok((text, page))
}

fn to_json(value: &impl Serialize, article: &Article) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|e| StoreError::Io {
        path: article.url.clone().into(),
        source: e.into(),
    })
}

fn marked(id: ArticleId, mark: u8) -> Vec<u8> {
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
