//! Articles that come from an export.
//!
//! What an export does not hold is not carried over: earlier revisions, raw pages, what is known of other pages, and the
//! numbers of the sequence.

use super::error::StoreError;
use super::put::{Incoming, is_thinner};
use super::row::{Row, id_of};
use super::rows::Tree;
use super::write::{Batch, NO_REVISION, Names, OWN, Recleaned, SightingLine, Text, TextLine, marked};
use super::{RawPage, SIGHTINGS_MAX, Store, StoredArticle, Writer};
use crate::article::{ArticleId, Sighting};

/// The highest number of a revision that is believed; a page that changes every minute takes two years to it.
const REVISION_MAX: u32 = 1_000_000;

/// What became of an article of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// It was not there before.
    New(ArticleId),
    /// The store had an earlier text of it.
    Revision(ArticleId, u32),
    /// The store has the same text under another URL, and now knows this one too.
    Duplicate(ArticleId),
    /// The store has this text, a later one, or one that is more than twice as long.
    Kept(ArticleId),
}

impl Imported {
    fn id(self) -> ArticleId {
        match self {
            Self::New(id) | Self::Revision(id, _) | Self::Duplicate(id) | Self::Kept(id) => id,
        }
    }
}

impl Store {
    /// Stores an article of an export with its times, the number of its revision and its sightings. Done twice, it changes
    /// nothing. An article whose own URL is so far only a sighting of another becomes one of its own, as it was where it
    /// came from. Durable after the next [`Self::flush`].
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn import(&self, stored: &StoredArticle) -> Result<Imported, StoreError> {
        let new = Incoming::new(&stored.article, RawPage::default(), stored.fetched)?;
        let own_url = stored
            .sightings
            .first()
            .map_or(&stored.article.url, |own| &own.url);
        let canonical = stored.article.fields.canonical_url.as_deref();
        let names = Names::of_stored(own_url, canonical)?;
        let imported = self.in_group(|writer| self.import_text(writer, stored, &names, &new))?;
        let elsewhere = matches!(imported, Imported::Duplicate(_));
        let seen = stored.sightings.iter().skip(usize::from(!elsewhere));
        for sighting in seen.take(SIGHTINGS_MAX) {
            self.in_group(|writer| self.import_sighting(writer, imported.id(), sighting))?;
        }
        Ok(imported)
    }

    fn import_text(
        &self,
        writer: &mut Writer,
        stored: &StoredArticle,
        names: &Names,
        new: &Incoming<'_>,
    ) -> Result<Imported, StoreError> {
        let own = self.rows.get(Tree::Url, &names.url_key)?;
        let known = own.filter(|value| value.last() == Some(&OWN));
        let known = known.as_deref().and_then(id_of);
        let twin = self.id_of_print(&new.print)?;
        if let Some(twin) = twin.filter(|twin| known != Some(*twin)) {
            return Ok(Imported::Duplicate(twin));
        }
        let Some(id) = known else {
            return self.import_new(writer, stored, names, new);
        };
        let old = self.referred_row(id)?;
        let is_older = stored.fetched <= old.fetched;
        if twin.is_some() || old.hash == new.print.hash || is_older || is_thinner(&new.print, &old) {
            return Ok(Imported::Kept(id));
        }
        self.import_revision(writer, stored, (id, &old), new)
    }

    fn import_new(
        &self,
        writer: &mut Writer,
        stored: &StoredArticle,
        names: &Names,
        new: &Incoming<'_>,
    ) -> Result<Imported, StoreError> {
        let id = self.free_id(&names.normal_url)?;
        let revision = match stored.revision {
            number @ 1..=REVISION_MAX => number,
            _ => 1,
        };
        let text = self.import_line(writer, stored, (id, revision), new)?;
        let mut batch = Batch::new(writer.state);
        self.add_new(&mut batch, names, (id, revision), &text)?;
        self.stage_written(writer, batch)?;
        Ok(Imported::New(id))
    }

    fn import_revision(
        &self,
        writer: &mut Writer,
        stored: &StoredArticle,
        (id, old): (ArticleId, &Row),
        new: &Incoming<'_>,
    ) -> Result<Imported, StoreError> {
        let revision = old.revision.saturating_add(1);
        let text = self.import_line(writer, stored, (id, revision), new)?;
        let mut batch = Batch::new(writer.state);
        self.add_revision(&mut batch, &new.names, (id, revision, old), &text)?;
        self.stage_written(writer, batch)?;
        Ok(Imported::Revision(id, revision))
    }

    fn import_line<'a>(
        &self,
        writer: &mut Writer,
        stored: &StoredArticle,
        place: (ArticleId, u32),
        new: &Incoming<'a>,
    ) -> Result<Text<'a>, StoreError> {
        let article = new.article;
        let own_url = stored.sightings.first().map(|own| own.url.clone());
        let mut line = TextLine::new(article, stored.fetched, None).with_own_url(own_url, &article.url);
        line.first_fetched = Some(stored.first_fetched).filter(|first| *first != stored.fetched);
        line.seq = Some(writer.state.next_seq());
        line.recleaned = stored.recleaned.map(|at| Recleaned {
            at,
            page_revision: place.1,
        });
        Ok(Text {
            article,
            fetched: stored.fetched,
            first_fetched: line.first_fetched,
            print: new.print,
            at: writer.append_line(self, place, &line, &article.url)?,
            page: None,
            page_revision: line.recleaned.map(|recleaned| recleaned.page_revision),
        })
    }

    /// Notes a URL, unless it is known to have carried the article.
    fn import_sighting(
        &self,
        writer: &mut Writer,
        id: ArticleId,
        sighting: &Sighting,
    ) -> Result<(), StoreError> {
        let names = Names::of_stored(&sighting.url, None)?;
        let own = self.rows.get(Tree::Url, &names.url_key)?;
        if own == Some(marked(id, OWN)) {
            return Ok(());
        }
        let mut batch = Batch::new(writer.state);
        self.add_sighting(&mut batch, &names, id, sighting)?;
        if batch.changes.is_empty() {
            return Ok(());
        }
        let line = SightingLine {
            sighting: sighting.clone(),
            canonical_url: None,
        };
        writer.append_line(self, (id, NO_REVISION), &line, &sighting.url)?;
        self.stage_written(writer, batch)
    }
}
