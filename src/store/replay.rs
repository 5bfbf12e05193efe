//! Brings the rows up to the end of the texts.
//!
//! The texts are also the log of the rows: what lies behind the end that the rows know is added to them when the store is
//! opened. After a kill that is at most the group that was being written. Where sled has lost its files (it does not
//! survive a disk that fills up under it), it is everything.

use super::blobs::{Found, Position};
use super::error::StoreError;
use super::write::{Batch, NO_REVISION, Names, SightingLine, TextLine};
use super::{GROUP_PUTS, Store, Writer};
use crate::article::Article;

impl Store {
    /// Adds the rows of all texts that the rows do not know.
    pub(super) fn replay(&self) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let known = writer.state.text_end;
        self.texts.scan(known, |found| {
            let mut batch = Batch::new(writer.state);
            batch.state.text_end = found.at.record_end();
            batch.state.page_end = writer.pages.position();
            let seq = batch.state.next_seq();
            if let Err(reason) = self.replay_record(&mut batch, &writer, &found)? {
                tracing::warn!(
                    "{}: the text at byte {} is left out: {reason}",
                    self.dir.display(),
                    found.at.offset
                );
            }
            if found.revision != NO_REVISION {
                // A text that is left out keeps its number, and so do those after it.
                batch.state.seq = batch.state.seq.max(seq);
            }
            self.stage(&mut writer, batch)?;
            if self.rows.waiting() >= GROUP_PUTS {
                self.commit(&mut writer)?;
            }
            Ok(())
        })?;
        self.commit(&mut writer)
    }

    /// The inner error says why the record is no use.
    fn replay_record(
        &self,
        batch: &mut Batch,
        writer: &Writer,
        found: &Found,
    ) -> Result<Result<(), String>, StoreError> {
        let Some(json) = found.content() else {
            return Ok(Err("it does not decompress".to_owned()));
        };
        if found.revision == NO_REVISION {
            return self.replay_sighting(batch, found, &json);
        }
        let mut line: TextLine<Article> = match serde_json::from_slice(&json) {
            Ok(line) => line,
            Err(error) => return Ok(Err(error.to_string())),
        };
        line.keep_page_before(writer.pages.position());
        batch.state.continue_at(line.seq);
        let text = line.text(found.at);
        let canonical = text.article.fields.canonical_url.as_deref();
        let (id, revision) = (found.id, found.revision);
        let row = self.row(id)?;
        let url = match row {
            Some(_) => text.article.url.clone(),
            None => line.own_url(),
        };
        let names = match Names::new(&url, canonical) {
            Ok(names) => names,
            Err(error) => return Ok(Err(error.to_string())),
        };
        match row {
            None => self.add_new(batch, &names, (id, revision), &text)?,
            Some(old) if old.revision < revision => {
                self.add_revision(batch, &names, (id, revision, &old), &text)?;
            }
            Some(_) => {}
        }
        Ok(Ok(()))
    }

    fn replay_sighting(
        &self,
        batch: &mut Batch,
        found: &Found,
        json: &[u8],
    ) -> Result<Result<(), String>, StoreError> {
        let line: SightingLine = match serde_json::from_slice(json) {
            Ok(line) => line,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let names = match Names::new(&line.sighting.url, line.canonical_url.as_deref()) {
            Ok(names) => names,
            Err(error) => return Ok(Err(error.to_string())),
        };
        if self.row(found.id)?.is_none() {
            return Ok(Err(format!("article {} is not there", found.id)));
        }
        self.add_sighting(batch, &names, found.id, &line.sighting)?;
        Ok(Ok(()))
    }
}

impl TextLine<Article> {
    /// Forgets a page that did not reach the disk.
    fn keep_page_before(&mut self, end: Position) {
        self.page = self.page.filter(|page| page.record_end() <= end);
    }
}
