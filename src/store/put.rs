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

use super::blobs::CONTENT_MAX_BYTES;
use super::error::StoreError;
use super::row::{Row, id_of};
use super::rows::Tree;
use super::write::{Batch, NO_REVISION, Names, OWN, SightingLine, Text, TextLine, marked};
use super::{GROUP_BYTES, GROUP_PUTS, Outcome, RawPage, Store, Writer};
use crate::article::{Article, ArticleId, Sighting};
use crate::dedupe::{Fingerprint, article_id, containment};

/// A text with fewer words than the stored one divided by this is too thin to replace it: what is left of an article
/// behind a paywall or on an error page. An editor seldom halves a story.
const THINNER_DIVISOR: u32 = 2;

/// Texts that share this part of the smaller one's three-word shingles are versions of one text. Versions share half
/// and more, different articles of one site a few hundredths.
const RELATED_CONTAINMENT: f64 = 0.25;

/// The longest URL that an article is kept under, in bytes; servers refuse longer ones.
const URL_MAX_BYTES: usize = 8192;

/// Whether a text is too thin to replace the stored one.
pub(super) fn is_thinner(print: &Fingerprint, stored: &Row) -> bool {
    print.words < stored.words / THINNER_DIVISOR
}

/// An article on its way into the store, with all that can be known of it without looking.
pub(super) struct Incoming<'a> {
    pub article: &'a Article,
    raw: RawPage<'a>,
    fetched: i64,
    pub names: Names,
    pub print: Fingerprint,
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

impl Names {
    /// Of a page that is to be stored.
    ///
    /// # Errors
    /// [`StoreError::Url`] for what is no URL or too long.
    pub(super) fn of_stored(url: &str, canonical: Option<&str>) -> Result<Self, StoreError> {
        let bad_url = |reason: String| StoreError::Url {
            url: url.chars().take(100).collect(),
            reason,
        };
        if url.len() > URL_MAX_BYTES {
            return Err(bad_url(format!("it is longer than {URL_MAX_BYTES} bytes")));
        }
        Self::new(url, canonical).map_err(|error| bad_url(error.to_string()))
    }
}

impl<'a> Incoming<'a> {
    pub fn new(article: &'a Article, raw: RawPage<'a>, fetched: i64) -> Result<Self, StoreError> {
        if raw.body.len() > CONTENT_MAX_BYTES {
            return Err(StoreError::TooLarge {
                url: article.url.clone(),
                bytes: raw.body.len(),
                limit: CONTENT_MAX_BYTES,
            });
        }
        let canonical = article.fields.canonical_url.as_deref();
        Ok(Self {
            article,
            raw,
            fetched,
            names: Names::of_stored(&article.url, canonical)?,
            print: Fingerprint::of(article.fields.title.as_deref(), &article.blocks),
        })
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
    pub fn put<'a>(
        &self,
        article: &'a Article,
        raw: impl Into<RawPage<'a>>,
        fetched: i64,
    ) -> Result<Outcome, StoreError> {
        let new = Incoming::new(article, raw.into(), fetched)?;
        self.in_group(|writer| self.put_into_group(writer, &new))
    }

    /// Does one put in the group that waits for the next commit, or takes back what it has written.
    pub(super) fn in_group<T>(
        &self,
        put: impl FnOnce(&mut Writer) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer()?;
        if self.rows.waiting() >= GROUP_PUTS || writer.group_bytes >= GROUP_BYTES {
            self.commit(&mut writer)?;
        }
        let before = (writer.texts.position(), writer.pages.position());
        let outcome = put(&mut writer);
        if outcome.is_err() {
            // A text without rows would be taken for a later one when the rows are made again.
            writer.texts.rewind(before.0);
            writer.pages.rewind(before.1);
        }
        outcome
    }

    fn put_into_group(&self, writer: &mut Writer, new: &Incoming<'_>) -> Result<Outcome, StoreError> {
        let mut batch = Batch::new(writer.state);
        let outcome = match self.decide(new)? {
            Decision::Leave(outcome) => outcome,
            Decision::AddNew => self.put_new(writer, &mut batch, new)?,
            Decision::AddRevision(id, old, own_url) => {
                self.put_revision(writer, &mut batch, new, (id, &old), own_url)?
            }
            Decision::AddSighting(id) => self.put_sighting(writer, &mut batch, new, id)?,
        };
        if !batch.changes.is_empty() {
            self.stage_written(writer, batch)?;
        }
        Ok(outcome)
    }

    fn decide(&self, new: &Incoming<'_>) -> Result<Decision, StoreError> {
        let twin = self.id_of_print(&new.print)?;
        let Some(known) = self.known_by_url(new)? else {
            return Ok(twin.map_or(Decision::AddNew, Decision::AddSighting));
        };
        let (Known::Own(id) | Known::Sighting(id) | Known::Canonical(id)) = known;
        let row = self.referred_row(id)?;
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
        let is_thinner = is_thinner(&new.print, &row);
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

    /// The row of an article that another row names.
    pub(super) fn referred_row(&self, id: ArticleId) -> Result<Row, StoreError> {
        self.row(id)?.ok_or_else(|| {
            self.rows
                .damaged(format!("article {id} is referred to, but not there"))
        })
    }

    /// The id of a new article: that of its URL, or the next that no other has.
    pub(super) fn free_id(&self, normal_url: &str) -> Result<ArticleId, StoreError> {
        let mut id = article_id(normal_url);
        while self.row(id)?.is_some() {
            id = ArticleId(id.0.wrapping_add(1));
        }
        Ok(id)
    }

    fn known_by_url(&self, new: &Incoming<'_>) -> Result<Option<Known>, StoreError> {
        if let Some(value) = self.rows.get(Tree::Url, &new.names.url_key)?
            && let Some(id) = id_of(&value)
        {
            return Ok(Some(if value == marked(id, OWN) {
                Known::Own(id)
            } else {
                Known::Sighting(id)
            }));
        }
        let mut places = vec![(Tree::Canonical, new.names.url_key)];
        if let Some(key) = new.names.canonical_key {
            places.extend([(Tree::Url, key), (Tree::Canonical, key)]);
        }
        for (tree, key) in places {
            if let Some(id) = self.id_in(tree, &key)? {
                return Ok(Some(Known::Canonical(id)));
            }
        }
        Ok(None)
    }

    /// The article that has had this text, where the text is long enough to tell.
    pub(super) fn id_of_print(&self, print: &Fingerprint) -> Result<Option<ArticleId>, StoreError> {
        if print.is_telling() {
            self.id_in(Tree::TextHash, &print.hash)
        } else {
            Ok(None)
        }
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
    ) -> Result<Option<TextLine<Article>>, StoreError> {
        if new.names.site != row.site {
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

    fn put_new(
        &self,
        writer: &mut Writer,
        batch: &mut Batch,
        new: &Incoming<'_>,
    ) -> Result<Outcome, StoreError> {
        let id = self.free_id(&new.names.normal_url)?;
        let text = self.write_text(writer, new, (id, 1), None)?;
        self.add_new(batch, &new.names, (id, 1), &text)?;
        Ok(Outcome::New(id))
    }

    fn put_revision(
        &self,
        writer: &mut Writer,
        batch: &mut Batch,
        new: &Incoming<'_>,
        (id, old): (ArticleId, &Row),
        own_url: Option<String>,
    ) -> Result<Outcome, StoreError> {
        let revision = old.revision.saturating_add(1);
        let text = self.write_text(writer, new, (id, revision), own_url)?;
        self.add_revision(batch, &new.names, (id, revision, old), &text)?;
        Ok(Outcome::Revision(id, revision))
    }

    fn write_text<'a>(
        &self,
        writer: &mut Writer,
        new: &Incoming<'a>,
        place: (ArticleId, u32),
        own_url: Option<String>,
    ) -> Result<Text<'a>, StoreError> {
        let (at, page) = writer.append_text(self, place, (new.article, new.raw, new.fetched), own_url)?;
        Ok(Text {
            article: new.article,
            fetched: new.fetched,
            first_fetched: None,
            print: new.print,
            at,
            page,
            page_revision: None,
        })
    }

    fn put_sighting(
        &self,
        writer: &mut Writer,
        batch: &mut Batch,
        new: &Incoming<'_>,
        id: ArticleId,
    ) -> Result<Outcome, StoreError> {
        let line = SightingLine {
            sighting: Sighting {
                url: new.article.url.clone(),
                first_seen: new.fetched,
            },
            canonical_url: new.article.fields.canonical_url.clone(),
        };
        self.add_sighting(batch, &new.names, id, &line.sighting)?;
        if !batch.changes.is_empty() {
            writer.append_line(self, (id, NO_REVISION), &line, &new.article.url)?;
        }
        Ok(Outcome::Duplicate(id))
    }
}
