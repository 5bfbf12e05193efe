//! Keeps each article once: its text, its revisions, where it was seen, and the raw page behind it.
//!
//! # On disk, format 3
//!
//! | path | what |
//! |---|---|
//! | `copydesk-store` | one line, `copydesk store, format 3`; a directory without it is no store |
//! | `text-000001.zst`, ... | the texts, append-only; the record format is in `blobs.rs` |
//! | `page-000001.zst`, ... | the raw pages, the same |
//! | `rows/` | sled's files: everything small, and where the texts lie |
//! | `search/` | the full-text index, made from the rest by [`search`](crate::search); not part of the format |
//!
//! A text is one line of JSON: the [`Article`] with `fetched` (seconds), `first_fetched` (of an imported article that has
//! had other texts elsewhere), `page` (where the raw page lies), its
//! `content_type`, `first_url` (the article's own URL where this revision came from another) and `recleaned` (where the
//! revision was not fetched but came from the page of an earlier one, cleaned by later rules: `at`, seconds, and
//! `page_revision`, the revision under which the page lies) and `seq` (its number in the sequence). A sighting is a line among them, under
//! revision 0: the [`Sighting`] and the `canonical_url` that its page named.
//!
//! The trees in `rows/`. All integers are big-endian. An *id* is 8 bytes ([`ArticleId`]); a *URL key* is the first 16
//! bytes of the SHA-256 of the [normal form](crate::dedupe::normal_url) of the URL.
//!
//! | tree | key | value |
//! |---|---|---|
//! | `article` | id | the current row (`row.rs`) |
//! | `revision` | id, revision (4 bytes) | the row of an earlier revision |
//! | `url` | URL key | id, then `o` for the article's own URL or `s` for a sighting |
//! | `canonical` | URL key of a credible canonical URL | id |
//! | `sighting` | id, URL key | JSON of the [`Sighting`] |
//! | `text_hash` | [hash](crate::dedupe::Fingerprint) of a text long enough to tell | id that had it, in any revision |
//! | `time` | seconds (8 bytes, sign flipped), id | empty |
//! | `site` | registrable domain or host | number of its articles (8 bytes) |
//! | `other` | URL key | JSON of the [`OtherPage`]: what is no article |
//! | `rule_days` | site, 0, selector file, 0, day since the epoch (4 bytes) | JSON of the [`RuleDay`]: how the rules fitted, 90 days of each |
//! | `source` | name of a source | JSON of the [`SourceState`]: validators, when it is due |
//! | `failure` | URL key | JSON of the [`FailedUrl`]: what failed how often, and when to try again |
//! | `host` | host name | seconds until which it asks not to be asked (8 bytes) |
//! | `sketch` | part of a text's [sketch](crate::dedupe::Shingles::sketch) (8 bytes), id | empty |
//! | `story` | id of an article that shares its story | id of the story, the smallest of its articles' |
//! | `story_member` | id of a story, id | empty |
//! | `seq` | number in the sequence (8 bytes) | id of the article that got its current text with it |
//! | `article_seq` | id | that number |
//! | `meta` | `state` | JSON: the counts, the last number of the sequence, and the committed ends of the text and page files |
//!
//! Every text, new, revised or recleaned, gets the next number of the *sequence*, from 1. Who has seen the articles up to
//! a number asks [`Store::since_seq`] for the rest. Texts of format 2 have no number of their own: theirs is their place
//! among all texts (`seq.rs`).
//!
//! # What is promised
//!
//! What was put before a [`Store::flush`] that returned is there after a kill or a power failure; what was put after
//! it is there whole or not at all. The order of a commit gives that: texts and pages are written and fsynced, then the
//! rows that refer to them go in, one transaction a put, then sled's files are fsynced.
//!
//! The texts are the log and the rows an index of it. When a store is opened, a torn record at the end of the texts is
//! cut and whole ones that the rows do not know get their rows (`replay.rs`). So rows that sled cannot read (it does not
//! survive a disk that fills up under it) are thrown away and made again; what the texts cannot give back is nothing.

mod blobs;
mod crawl_state;
mod disk;
mod error;
mod fold;
mod format;
mod import;
mod other;
mod put;
mod query;
mod reclean;
mod replay;
mod row;
mod rows;
mod rule_days;
mod seq;
mod story;
#[cfg(test)]
mod tests;
mod types;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};
use url::Url;

use self::blobs::{BlobReader, BlobWriter, Position};
pub use self::crawl_state::{FAILURE_KEPT, FailedUrl, MAX_BACK_OFF, SourceState};
pub use self::error::StoreError;
pub use self::import::Imported;
pub use self::other::OtherPage;
use self::row::{Row, id_key, id_of, revision_key, url_key};
use self::rows::{Rows, Tree};
pub use self::rule_days::{LayoutDay, RULE_DAY_URLS, RULE_DAYS_KEPT, RuleDay, RuleSite, note_url};
pub use self::story::StoryMember;
pub use self::types::{Outcome, Query, RawPage, Stats, StoredArticle, StoredPage};
use self::write::TextLine;
use crate::article::{Article, ArticleId, Sighting};
use crate::dedupe::normal_url;

/// Sightings that are shown of one article; a hostile site can make any number.
const SIGHTINGS_MAX: usize = 1000;

/// Puts that wait for one commit; more make it hardly cheaper.
const GROUP_PUTS: usize = 256;

/// Bytes of texts and pages that wait for one commit, before compression.
const GROUP_BYTES: usize = 32 << 20;

/// The key of the one row in the tree `meta`.
const STATE_KEY: &[u8] = b"state";

/// The counts of [`Stats`] and the committed ends of the blob files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    articles: u64,
    revisions: u64,
    urls: u64,
    raw_pages: u64,
    /// The last number of the sequence, 0 before the first.
    #[serde(default)]
    seq: u64,
    /// The texts of an older format have got their numbers.
    #[serde(default)]
    numbered: bool,
    text_end: Position,
    page_end: Position,
}

/// What only one thread at a time may touch.
#[derive(Debug)]
struct Writer {
    texts: BlobWriter,
    pages: BlobWriter,
    state: State,
    /// The format that the store says to have.
    format: u32,
    /// Bytes of texts and pages since the last commit.
    group_bytes: usize,
    /// A commit has failed half way.
    failed: bool,
}

/// The store. One process at a time can have it open; threads share it by reference.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    rows: Rows,
    texts: BlobReader,
    pages: BlobReader,
    writer: Mutex<Writer>,
}

impl Store {
    /// Opens the store in a directory, creating it if need be.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] while another process has it, [`StoreError::NotAStore`] for a file or a directory with
    /// other things in it, [`StoreError::Newer`] for a format of a later version, [`StoreError::Permission`],
    /// [`StoreError::DiskFull`], and [`StoreError::Rows`] where its rows cannot be read.
    ///
    /// ```
    /// use copydesk::article::{Article, Block, BlockKind, Confidence, Fields, PageKind};
    /// use copydesk::store::{Outcome, Query, Store};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let store = Store::open(&dir.path().join("desk"))?;
    /// let article = Article {
    ///     url: "https://example.org/bridge".to_owned(),
    ///     site: "example.org".to_owned(),
    ///     fields: Fields::default(),
    ///     blocks: vec![Block { kind: BlockKind::Paragraph, text: "The bridge is open.".to_owned() }],
    ///     dropped: Vec::new(),
    ///     layout: None,
    ///     rules: String::new(),
    ///     kind: PageKind::Article,
    ///     confidence: Confidence::of(1.0),
    ///     limits: Vec::new(),
    /// };
    /// assert!(matches!(store.put(&article, b"<p>The bridge is open.", 0)?, Outcome::New(_)));
    /// store.flush()?;
    /// let words = Query { words: vec!["bridge".to_owned()], ..Query::default() };
    /// assert_eq!(store.query(&words).count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let format = format::create_or_check(path)?;
        Self::open_checked(path, format)
    }

    /// Opens a store that must exist; creates nothing.
    ///
    /// # Errors
    ///
    /// As [`Self::open`], and [`StoreError::Missing`] where there is nothing.
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        let format = format::check(path)?;
        Self::open_checked(path, format)
    }

    fn open_checked(dir: &Path, format: u32) -> Result<Self, StoreError> {
        let rows = Rows::open_or_reset(&dir.join("rows"), dir)?;
        let texts = BlobReader::new(dir, "text");
        let pages = BlobReader::new(dir, "page");
        let state = match rows.get(Tree::Meta, STATE_KEY)? {
            Some(json) => serde_json::from_slice(&json).map_err(|e| rows.damaged(format!("state: {e}")))?,
            None => State::default(),
        };
        let page_end = pages.scan(state.page_end, |_| Ok(()))?;
        let text_end = texts.scan(state.text_end, |_| Ok(()))?;
        let writer = Writer {
            texts: BlobWriter::open(&texts, text_end)?,
            pages: BlobWriter::open(&pages, page_end)?,
            state,
            format,
            group_bytes: 0,
            failed: false,
        };
        let store = Self {
            dir: dir.to_owned(),
            rows,
            texts,
            pages,
            writer: Mutex::new(writer),
        };
        store.number_texts()?;
        store.replay()?;
        Ok(store)
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes everything put so far durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::DiskFull`] and the like; nothing of what was put since the last flush is certain then, and after
    /// a failed write of the rows every later call gives [`StoreError::Unusable`].
    pub fn flush(&self) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        self.commit(&mut writer)
    }

    /// The current revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] where its text cannot be read as it was written.
    pub fn get(&self, id: ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        self.row(id)?.map(|row| self.load(id, &row)).transpose()
    }

    /// An earlier (or the current) revision.
    ///
    /// # Errors
    ///
    /// As [`Self::get`].
    pub fn revision(&self, id: ArticleId, number: u32) -> Result<Option<StoredArticle>, StoreError> {
        match self.row(id)? {
            Some(row) if row.revision == number => self.load(id, &row).map(Some),
            _ => match self.rows.get(Tree::Revision, &revision_key(id, number))? {
                Some(bytes) => self.load(id, &self.decode(id, &bytes)?).map(Some),
                None => Ok(None),
            },
        }
    }

    /// The article that was seen at this URL (its own, canonical, or a sighting). What is no URL was not seen.
    pub fn id_of_url(&self, url: &str) -> Result<Option<ArticleId>, StoreError> {
        let Ok(url) = Url::parse(url) else {
            return Ok(None);
        };
        let key = url_key(&normal_url(&url));
        for tree in [Tree::Url, Tree::Canonical] {
            if let Some(value) = self.rows.get(tree, &key)? {
                return Ok(id_of(&value));
            }
        }
        Ok(None)
    }

    /// The raw page behind the current revision, where one was kept.
    ///
    /// # Errors
    ///
    /// As [`Self::get`].
    pub fn raw_page(&self, id: ArticleId) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(row) = self.row(id)? else {
            return Ok(None);
        };
        self.page_of(id, &row)
    }

    fn page_of(&self, id: ArticleId, row: &Row) -> Result<Option<Vec<u8>>, StoreError> {
        row.page
            .map(|page| self.pages.read(page, id, row.page_revision))
            .transpose()
    }

    fn row(&self, id: ArticleId) -> Result<Option<Row>, StoreError> {
        let bytes = self.rows.get(Tree::Article, &id_key(id))?;
        bytes.map(|bytes| self.decode(id, &bytes)).transpose()
    }

    fn decode(&self, id: ArticleId, bytes: &[u8]) -> Result<Row, StoreError> {
        Row::decode(bytes).ok_or_else(|| self.rows.damaged(format!("the row of article {id}")))
    }

    fn load(&self, id: ArticleId, row: &Row) -> Result<StoredArticle, StoreError> {
        let text = self.text(id, row)?;
        self.with_sightings(id, row, text)
    }

    fn with_sightings(
        &self,
        id: ArticleId,
        row: &Row,
        text: TextLine<Article>,
    ) -> Result<StoredArticle, StoreError> {
        let own = Sighting {
            url: text.own_url(),
            first_seen: row.first_fetched,
        };
        let mut others = Vec::new();
        for json in self
            .rows
            .with_prefix(Tree::Sighting, &id_key(id), SIGHTINGS_MAX - 1)?
        {
            let sighting: Sighting = serde_json::from_slice(&json)
                .map_err(|e| self.rows.damaged(format!("a sighting of {id}: {e}")))?;
            others.push(sighting);
        }
        others.sort_by(|a, b| (a.first_seen, &a.url).cmp(&(b.first_seen, &b.url)));
        Ok(StoredArticle {
            id,
            revision: row.revision,
            fetched: row.fetched,
            first_fetched: row.first_fetched,
            recleaned: text.recleaned.map(|recleaned| recleaned.at),
            seq: None,
            sightings: std::iter::once(own).chain(others).collect(),
            article: text.article,
        })
    }

    fn text(&self, id: ArticleId, row: &Row) -> Result<TextLine<Article>, StoreError> {
        let json = self.texts.read(row.text, id, row.revision)?;
        serde_json::from_slice(&json).map_err(|e| self.rows.damaged(format!("the text of article {id}: {e}")))
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        match self.writer.lock() {
            Ok(writer) if !writer.failed => Ok(writer),
            _ => Err(StoreError::Unusable(self.dir.clone())),
        }
    }

    /// The one way to the disk: texts and pages first, then the rows that refer to them.
    fn commit(&self, writer: &mut Writer) -> Result<(), StoreError> {
        if self.rows.waiting() == 0 {
            return Ok(());
        }
        // A second fsync after a failed one can succeed without the data being there, so there is no second try.
        writer.failed = true;
        writer.upgrade(self)?;
        writer.texts.sync()?;
        writer.pages.sync()?;
        self.rows.commit()?;
        writer.failed = false;
        writer.group_bytes = 0;
        Ok(())
    }
}

impl Writer {
    /// Before anything of this program's format is written, the store says that it has it.
    fn upgrade(&mut self, store: &Store) -> Result<(), StoreError> {
        if self.format < format::FORMAT {
            format::upgrade(&store.dir)?;
            self.format = format::FORMAT;
        }
        Ok(())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Err(error) = self.flush() {
            tracing::warn!("closing the store: {error}");
        }
    }
}

impl State {
    fn change(&self) -> Result<rows::Change, StoreError> {
        let json = serde_json::to_vec(self).map_err(|e| StoreError::io(Path::new("state"), e.into()))?;
        Ok(rows::Change {
            tree: Tree::Meta,
            key: STATE_KEY.to_vec(),
            value: Some(json),
        })
    }
}
