//! The index on disk.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::Entry;
use super::stems::Stems;
use super::words::words;
use crate::article::ArticleId;

/// The version of the fields and of the cutting of words; an index of another is begun anew.
const VERSION: u32 = 1;

/// Bytes of memory for articles that are not yet written; tantivy wants 15 MB at least.
pub const WRITER_HEAP_BYTES: usize = 48 << 20;

/// Articles between two commits of a long catching up, so that an interruption costs little.
const COMMIT_ENTRIES: usize = 20_000;

/// Positions left free between two blocks, so that no phrase runs from one into the next.
const BLOCK_GAP: usize = 1;

/// Why the index could not do it. Nothing is lost: it can be made again.
#[derive(Debug, thiserror::Error)]
#[error("{path}: the search index: {reason}", path = path.display())]
pub struct SearchError {
    /// Its directory.
    pub path: PathBuf,
    /// What is wrong.
    pub reason: String,
}

/// A number of the store's sequence and the article under it; none where that could not be read.
#[derive(Debug)]
pub struct Numbered {
    /// The number.
    pub seq: u64,
    /// The article's id.
    pub id: ArticleId,
    /// The article.
    pub entry: Option<Entry>,
}

/// What stands in the payload of a commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    version: u32,
    /// The last number of the store's sequence that is in the index.
    seq: u64,
    /// The article that had this number.
    id: u64,
    /// Articles up to there that could not be read.
    unread: u64,
}

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub id: Field,
    pub time: Field,
    pub day: Field,
    pub title: Field,
    pub text: Field,
    pub stems: Field,
    pub author: Field,
    pub tag: Field,
    pub site: Field,
    pub of_site: Field,
    pub lang: Field,
    pub kind: Field,
}

/// The index, open.
pub struct Index {
    dir: PathBuf,
    on_disk: tantivy::Index,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    position: Position,
}

impl Index {
    /// Opens the index in a directory. One that is missing is begun; so is one that cannot be read or that another
    /// version wrote, after it has been removed.
    ///
    /// # Errors
    /// [`SearchError`] where it cannot be begun either.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        match guarded(dir, || Self::open_there(dir)) {
            Ok(Some(index)) => Ok(index),
            Ok(None) => Self::begin(dir),
            Err(error) => {
                tracing::warn!("{error}; it is made again");
                Self::begin(dir)
            }
        }
    }

    /// Removes what is in the directory and begins an empty index.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn begin(dir: &Path) -> Result<Self, SearchError> {
        let failed = |error: std::io::Error| SearchError::new(dir, error.to_string());
        match fs::remove_dir_all(dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        fs::create_dir_all(dir).map_err(failed)?;
        guarded(dir, || {
            let (schema, _) = schema();
            let index = tantivy::Index::create_in_dir(dir, schema)?;
            Self::of(
                dir,
                index,
                Position {
                    version: VERSION,
                    ..Position::default()
                },
            )
        })
    }

    /// None where there is no index of this version.
    fn open_there(dir: &Path) -> tantivy::Result<Option<Self>> {
        if !dir.join("meta.json").exists() {
            return Ok(None);
        }
        let index = tantivy::Index::open_in_dir(dir)?;
        let payload = index.load_metas()?.payload;
        let position = payload.and_then(|json| serde_json::from_str::<Position>(&json).ok());
        match position {
            Some(position) if position.version == VERSION && index.schema() == schema().0 => {
                Self::of(dir, index, position).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn of(dir: &Path, index: tantivy::Index, position: Position) -> tantivy::Result<Self> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            dir: dir.to_owned(),
            on_disk: index,
            reader,
            fields: schema().1,
            position,
        })
    }

    /// The last number of the store's sequence that is in the index; 0 where it is empty.
    pub fn seq(&self) -> u64 {
        self.position.seq
    }

    /// The article that had that number in the store that the index was made of.
    pub fn last_id(&self) -> ArticleId {
        ArticleId(self.position.id)
    }

    /// The articles in the index and those that could not be read when it got to them.
    pub fn articles(&self) -> u64 {
        self.reader.searcher().num_docs() + self.position.unread
    }

    /// Takes in articles in the order of the store's sequence, each in place of what was there under its id, and returns
    /// how many there were. What is taken in is found afterwards, also by the next program that opens the index.
    ///
    /// # Errors
    /// [`SearchError`]; the index then has its last position and finds what it found then.
    pub fn take_in(&mut self, entries: impl Iterator<Item = Numbered>) -> Result<u64, SearchError> {
        let mut entries = entries.peekable();
        if entries.peek().is_none() {
            return Ok(0);
        }
        let dir = self.dir.clone();
        guarded(&dir, || self.write(entries))
    }

    /// Notes that the articles missing from this number cannot be had.
    ///
    /// # Errors
    /// As [`Self::take_in`].
    pub fn settle(&mut self, articles: u64) -> Result<(), SearchError> {
        if self.articles() == articles {
            return Ok(());
        }
        self.position.unread = articles.saturating_sub(self.reader.searcher().num_docs());
        let dir = self.dir.clone();
        guarded(&dir, || self.write(std::iter::empty())).map(drop)
    }

    fn write(&mut self, entries: impl Iterator<Item = Numbered>) -> tantivy::Result<u64> {
        let mut writer: IndexWriter = self.on_disk.writer_with_num_threads(1, WRITER_HEAP_BYTES)?;
        let mut stems = Stems::new();
        let mut position = self.position;
        let mut count = 0;
        let mut uncommitted = 0;
        for Numbered { seq, id, entry } in entries {
            (position.seq, position.id) = (seq, id.0);
            match entry {
                Some(entry) => {
                    writer.delete_term(Term::from_field_u64(self.fields.id, entry.id.0));
                    writer.add_document(document(&self.fields, &mut stems, &entry))?;
                }
                None => position.unread += 1,
            }
            count += 1;
            uncommitted += 1;
            if uncommitted == COMMIT_ENTRIES {
                commit(&mut writer, position)?;
                uncommitted = 0;
            }
        }
        commit(&mut writer, position)?;
        writer.wait_merging_threads()?;
        self.position = position;
        self.reader.reload()?;
        Ok(count)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }
}

fn commit(writer: &mut IndexWriter, position: Position) -> tantivy::Result<()> {
    let payload = serde_json::to_string(&position).unwrap_or_default();
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&payload);
    commit.commit().map(drop)
}

impl SearchError {
    fn new(path: &Path, reason: String) -> Self {
        Self {
            path: path.to_owned(),
            reason,
        }
    }
}

/// Does something with the index. On some damaged files tantivy stops with a panic where it should give an error.
pub(super) fn guarded<T>(dir: &Path, act: impl FnOnce() -> tantivy::Result<T>) -> Result<T, SearchError> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(done) => done.map_err(|error| SearchError::new(dir, error.to_string())),
        Err(_) => Err(SearchError::new(dir, "its files make no sense".to_owned())),
    }
}

fn schema() -> (Schema, Fields) {
    let words = |option| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let with_positions = words(IndexRecordOption::WithFreqsAndPositions);
    let mut builder = Schema::builder();
    let fields = Fields {
        id: builder.add_u64_field("id", INDEXED | FAST),
        time: builder.add_i64_field("time", INDEXED | FAST),
        day: builder.add_u64_field("day", FAST),
        title: builder.add_text_field("title", with_positions.clone()),
        text: builder.add_text_field("text", with_positions.clone()),
        stems: builder.add_text_field("stems", words(IndexRecordOption::WithFreqs)),
        author: builder.add_text_field("author", with_positions.clone()),
        tag: builder.add_text_field("tag", with_positions),
        site: builder.add_text_field("site", STRING),
        of_site: builder.add_text_field("of_site", TextOptions::default().set_fast("raw")),
        lang: builder.add_text_field("lang", STRING),
        kind: builder.add_text_field("kind", STRING),
    };
    (builder.build(), fields)
}

fn document(fields: &Fields, stems: &mut Stems, entry: &Entry) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    let article = &entry.article;
    let about = &article.fields;
    document.add_u64(fields.id, entry.id.0);
    document.add_i64(fields.time, entry.time);
    document.add_u64(fields.day, entry.day);
    document.add_text(fields.of_site, &entry.site);
    document.add_text(fields.site, &entry.site);
    if entry.host != entry.site {
        document.add_text(fields.site, &entry.host);
    }
    document.add_text(fields.kind, article.kind.name());
    let language = about.language.as_deref();
    if let Some(language) = language {
        document.add_text(fields.lang, primary(language));
    }
    let mut stemmed = Vec::new();
    let mut add = |field: Field, texts: &mut dyn Iterator<Item = &str>, is_stemmed: bool| {
        let mut tokens = Vec::new();
        let mut position = 0;
        for text in texts {
            for word in words(text) {
                if is_stemmed {
                    let written = &text[word.start..word.end];
                    let found = stems.of(language, written, &word.folded);
                    stemmed.extend(found.into_iter().map(|stem| token(stem, 0)));
                }
                tokens.push(token(word.folded, position));
                position += 1;
            }
            position += BLOCK_GAP;
        }
        document.add_pre_tokenized_text(field, pre_tokenized(tokens));
    };
    add(fields.title, &mut about.title.as_deref().into_iter(), true);
    let blocks = article.blocks.iter();
    add(fields.text, &mut blocks.map(|block| block.text.as_str()), true);
    add(
        fields.author,
        &mut about.authors.iter().map(String::as_str),
        false,
    );
    let tags = about.section.iter().chain(&about.tags);
    add(fields.tag, &mut tags.map(String::as_str), false);
    document.add_pre_tokenized_text(fields.stems, pre_tokenized(stemmed));
    document
}

/// The first subtag of a language tag, in lower case.
pub(super) fn primary(language: &str) -> String {
    let first = language.split(['-', '_']).next().unwrap_or_default();
    first.to_lowercase()
}

fn token(text: String, position: usize) -> Token {
    Token {
        offset_from: 0,
        offset_to: 0,
        position,
        position_length: 1,
        text,
    }
}

fn pre_tokenized(tokens: Vec<Token>) -> PreTokenizedString {
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}
