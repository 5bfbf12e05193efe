//! Articles whose pages are cleaned again, by the rules of today.
//!
//! A text that comes of it is a new revision, which refers to the page of an earlier one: the page was not fetched again.

use super::error::StoreError;
use super::query::Wanted;
use super::row::{Row, id_of};
use super::rows::Tree;
use super::write::{Batch, Names, Recleaned, Text, TextLine};
use super::{Outcome, Query, Store, StoredArticle, StoredPage, Writer};
use crate::article::{Article, ArticleId};
use crate::dedupe::Fingerprint;

impl Store {
    /// The ids of all articles, or of those of one site (a registrable domain or a host), in their order; lazily. What was
    /// put before is flushed first.
    pub fn ids(
        &self,
        site: Option<&str>,
    ) -> Result<impl Iterator<Item = Result<ArticleId, StoreError>> + Send + '_, StoreError> {
        self.flush()?;
        let wanted = Wanted::new(&Query {
            site: site.map(ToOwned::to_owned),
            ..Query::default()
        });
        let rows = self.rows.range::<&[u8], _>(Tree::Article, ..);
        Ok(rows.filter_map(move |row| match row {
            Ok((key, value)) => self.id_if(&key, &value, &wanted).transpose(),
            Err(error) => Some(Err(self.rows.failed(error))),
        }))
    }

    fn id_if(&self, key: &[u8], value: &[u8], wanted: &Wanted) -> Result<Option<ArticleId>, StoreError> {
        let id = id_of(key).ok_or_else(|| self.rows.damaged("a key of an article"))?;
        let row = self.decode(id, value)?;
        let is_wanted = wanted.is_site(&row.site)
            || (wanted.may_be_of_site(&row.site) && wanted.takes(&self.load(id, &row)?, &row.site));
        Ok(is_wanted.then_some(id))
    }

    /// The current revision with its raw page, where one was kept.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_with_page(
        &self,
        id: ArticleId,
    ) -> Result<Option<(StoredArticle, Option<StoredPage>)>, StoreError> {
        let Some(row) = self.row(id)? else {
            return Ok(None);
        };
        let mut text = self.text(id, &row)?;
        let content_type = text.content_type.take();
        let page = self
            .page_of(id, &row)?
            .map(|body| StoredPage { body, content_type });
        Ok(Some((self.with_sightings(id, &row, text)?, page)))
    }

    /// Another article that has, or has had, the text of this one; `None` also where the text is too short to tell.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read.
    pub fn twin(&self, id: ArticleId, article: &Article) -> Result<Option<ArticleId>, StoreError> {
        let print = Fingerprint::of(article.fields.title.as_deref(), &article.blocks);
        Ok(self.id_of_print(&print)?.filter(|twin| *twin != id))
    }

    /// Stores what the page of a revision gives by other rules, as the next revision of the article: `Revision`. Where the
    /// article has another revision by now, nothing is stored: `Unchanged`; nor where the text is another article's:
    /// `Duplicate` of that. Durable after the next [`Self::flush`].
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_recleaned(
        &self,
        id: ArticleId,
        revision: u32,
        article: &Article,
        at: i64,
    ) -> Result<Outcome, StoreError> {
        let canonical = article.fields.canonical_url.as_deref();
        let names = Names::new(&article.url, canonical).map_err(|error| StoreError::Url {
            url: article.url.chars().take(100).collect(),
            reason: error.to_string(),
        })?;
        self.in_group(|writer| {
            if let Some(twin) = self.twin(id, article)? {
                return Ok(Outcome::Duplicate(twin));
            }
            match self.row(id)? {
                Some(row) if row.revision == revision => {
                    self.add_recleaned(writer, &names, (id, &row), (article, at))
                }
                _ => Ok(Outcome::Unchanged(id)),
            }
        })
    }

    fn add_recleaned(
        &self,
        writer: &mut Writer,
        names: &Names,
        (id, old): (ArticleId, &Row),
        (article, at): (&Article, i64),
    ) -> Result<Outcome, StoreError> {
        let before = self.text(id, old)?;
        let revision = old.revision.saturating_add(1);
        let mut line =
            TextLine::new(article, old.fetched, old.page).with_own_url(Some(before.own_url()), &article.url);
        line.content_type = before.content_type;
        line.seq = Some(writer.state.next_seq());
        line.recleaned = Some(Recleaned {
            at,
            page_revision: old.page_revision,
        });
        let text = Text {
            article,
            fetched: old.fetched,
            first_fetched: None,
            print: Fingerprint::of(article.fields.title.as_deref(), &article.blocks),
            at: writer.append_line(self, (id, revision), &line, &article.url)?,
            page: old.page,
            page_revision: Some(old.page_revision),
        };
        let mut batch = Batch::new(writer.state);
        self.add_revision(&mut batch, names, (id, revision, old), &text)?;
        self.stage_written(writer, batch)?;
        Ok(Outcome::Revision(id, revision))
    }
}
