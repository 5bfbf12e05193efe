//! The sequence: which articles have got another text since somebody looked.
//!
//! Every text gets the next number; an article stands under the number of its current one.

use super::blobs::Position;
use super::error::StoreError;
use super::row::{id_key, id_of};
use super::rows::Tree;
use super::write::{Batch, NO_REVISION, TextLine};
use super::{GROUP_PUTS, State, Store};
use crate::article::{Article, ArticleId};

impl State {
    /// The number of the next text.
    pub(super) fn next_seq(&self) -> u64 {
        self.seq.saturating_add(1)
    }

    /// Lets the next text have the number that it had before its rows were lost, if it has none lower than others have.
    pub(super) fn continue_at(&mut self, seq: Option<u64>) {
        if let Some(seq) = seq.filter(|seq| *seq > self.seq) {
            self.seq = seq - 1;
        }
    }
}

impl Store {
    /// The number of the last text that was put into the store; 0 where there is none.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] after a failed write.
    pub fn last_seq(&self) -> Result<u64, StoreError> {
        Ok(self.writer()?.state.seq)
    }

    /// How many articles there are.
    ///
    /// # Errors
    /// As [`Self::last_seq`].
    pub fn article_count(&self) -> Result<u64, StoreError> {
        Ok(self.writer()?.state.articles)
    }

    /// The articles whose current text has a number above `seq`, with that number, in its order; lazily, each article
    /// once. What was put before is flushed first.
    ///
    /// # Errors
    /// As [`Self::flush`].
    pub fn since_seq(
        &self,
        seq: u64,
    ) -> Result<impl Iterator<Item = Result<(u64, ArticleId), StoreError>> + '_, StoreError> {
        self.flush()?;
        let first = seq.saturating_add(1).to_be_bytes();
        let rows = self.rows.range(Tree::Seq, first..);
        Ok(rows.map(|row| {
            let (key, value) = row.map_err(|e| self.rows.failed(e))?;
            let seq = seq_of(&key);
            seq.zip(id_of(&value))
                .ok_or_else(|| self.rows.damaged("a row of the sequence"))
        }))
    }

    /// The number of an article's current text.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read.
    pub fn seq_of(&self, id: ArticleId) -> Result<Option<u64>, StoreError> {
        let value = self.rows.get(Tree::ArticleSeq, &id_key(id))?;
        Ok(value.as_deref().and_then(seq_of))
    }

    /// Puts the article under this number instead of the one of its text before.
    pub(super) fn add_seq(&self, batch: &mut Batch, id: ArticleId, seq: u64) -> Result<(), StoreError> {
        if let Some(old) = self.seq_of(id)?.filter(|old| *old != seq) {
            batch.remove(Tree::Seq, old.to_be_bytes());
        }
        batch.set(Tree::Seq, seq.to_be_bytes(), id_key(id));
        batch.set(Tree::ArticleSeq, id_key(id), seq.to_be_bytes());
        batch.state.seq = batch.state.seq.max(seq);
        Ok(())
    }

    /// The step from format 2: each text gets its place among all texts as its number, which is also what a replay would
    /// give it, and each article its story. Where it is interrupted, the next open does it again, with the same numbers.
    pub(super) fn number_texts(&self) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        if writer.state.numbered {
            return Ok(());
        }
        let known = writer.state.text_end;
        let mut seq = 0;
        if known != Position::default() {
            self.texts.scan(Position::default(), |found| {
                if found.revision == NO_REVISION || found.at.record_end() > known {
                    return Ok(());
                }
                seq += 1;
                let row = self.row(found.id)?;
                if row.is_none_or(|row| row.text != found.at) {
                    return Ok(());
                }
                let mut batch = Batch::new(writer.state);
                self.add_seq(&mut batch, found.id, seq)?;
                let line = found
                    .content()
                    .and_then(|json| serde_json::from_slice::<TextLine<Article>>(&json).ok());
                if let Some(line) = line {
                    self.add_story(&mut batch, found.id, &line.text(found.at), None)?;
                }
                self.rows.stage(batch.changes);
                if self.rows.waiting() >= GROUP_PUTS {
                    self.commit(&mut writer)?;
                }
                Ok(())
            })?;
        }
        writer.state.seq = seq;
        writer.state.numbered = true;
        if seq > 0 {
            let batch = Batch::new(writer.state);
            self.stage(&mut writer, batch)?;
        }
        self.commit(&mut writer)
    }
}

fn seq_of(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk::<8>().map(|seq| u64::from_be_bytes(*seq))
}
