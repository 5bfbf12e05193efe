//! The rows: sled's trees, the changes that wait for the next commit, and what makes a commit durable.
//!
//! sled 0.34 hands its writes to the system but does not wait for the disk. With small segments and an fsync of its
//! files after each `flush` it loses nothing when the power fails; with its defaults it does.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use sled::transaction::{ConflictableTransactionError, TransactionError};

use super::disk::sync_dir;
use super::error::StoreError;

/// Bytes of a sled segment; larger ones lose rows when the power fails.
const SEGMENT_BYTES: usize = 8192;

/// Bytes of sled's page cache. Its default is a gigabyte.
const CACHE_BYTES: u64 = 64 << 20;

/// How often to ask for a lock before it counts as held: a store that was just closed gives its lock back when sled's
/// last background job ends.
const LOCK_TRIES: u32 = 20;

/// Time between two tries.
const LOCK_WAIT: Duration = Duration::from_millis(10);

/// What sled says when another process has its file. It has no error kind for it.
const SLED_LOCKED: &str = "could not acquire lock";

/// A tree of the store; its name on disk is [`TREE_NAMES`] at the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub(super) enum Tree {
    Article,
    Revision,
    Url,
    Canonical,
    Sighting,
    TextHash,
    Time,
    Site,
    Meta,
    Other,
    RuleDays,
    Source,
    Failure,
    Host,
    Sketch,
    Story,
    StoryMember,
    Seq,
    ArticleSeq,
}

const TREE_NAMES: [&str; 19] = [
    "article",
    "revision",
    "url",
    "canonical",
    "sighting",
    "text_hash",
    "time",
    "site",
    "meta",
    "other",
    "rule_days",
    "source",
    "failure",
    "host",
    "sketch",
    "story",
    "story_member",
    "seq",
    "article_seq",
];

/// One change of one row; no value removes it.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub tree: Tree,
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// Changes that wait for the commit: one list for each put, and the newest value of each row they touch.
#[derive(Debug, Default)]
struct Waiting {
    puts: Vec<Vec<Change>>,
    newest: BTreeMap<(Tree, Vec<u8>), Option<Vec<u8>>>,
}

/// The trees.
#[derive(Debug)]
pub(super) struct Rows {
    dir: PathBuf,
    db: sled::Db,
    trees: Vec<sled::Tree>,
    waiting: RwLock<Waiting>,
    /// The highest-numbered of sled's large-value files that is durable; they are written once, in ascending order.
    durable_blob: AtomicI64,
}

impl Rows {
    /// Opens the trees, creating them if need be, and takes the store's lock.
    pub fn open(dir: &Path, store: &Path) -> Result<Self, StoreError> {
        let db = open_sled(dir, store)?;
        let trees = TREE_NAMES
            .iter()
            .map(|name| db.open_tree(name))
            .collect::<Result<_, _>>()
            .map_err(|e| StoreError::sled(dir, e))?;
        Ok(Self {
            dir: dir.to_owned(),
            db,
            trees,
            waiting: RwLock::default(),
            // What a killed process has left may not be durable: the first commit waits for all files.
            durable_blob: AtomicI64::new(i64::MIN),
        })
    }

    /// As [`Self::open`]; files that sled cannot read are removed first. They hold nothing that the blob files do not
    /// give back.
    pub fn open_or_reset(dir: &Path, store: &Path) -> Result<Self, StoreError> {
        match Self::open(dir, store) {
            Err(error) if is_damage(&error) => {
                tracing::warn!("{error}; they are made again from the texts");
                fs::remove_dir_all(dir).map_err(|e| StoreError::io(dir, e))?;
                Self::open(dir, store)
            }
            other => other,
        }
    }

    pub fn damaged(&self, reason: impl Into<String>) -> StoreError {
        StoreError::Rows {
            path: self.dir.clone(),
            reason: reason.into(),
        }
    }

    pub fn failed(&self, error: sled::Error) -> StoreError {
        StoreError::sled(&self.dir, error)
    }

    fn tree(&self, tree: Tree) -> &sled::Tree {
        &self.trees[tree as usize]
    }

    /// The value of a row, waiting or committed.
    pub fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let waiting = self.waiting.read().unwrap_or_else(PoisonError::into_inner);
        if !waiting.puts.is_empty()
            && let Some(value) = waiting.newest.get(&(tree, key.to_vec()))
        {
            return Ok(value.clone());
        }
        drop(waiting);
        let value = self.tree(tree).get(key).map_err(|e| self.failed(e))?;
        Ok(value.map(|value| value.to_vec()))
    }

    /// The committed rows of a range of keys, in order; lazily.
    pub fn range<K, R>(&self, tree: Tree, range: R) -> sled::Iter
    where
        K: AsRef<[u8]>,
        R: std::ops::RangeBounds<K>,
    {
        self.tree(tree).range(range)
    }

    /// The values of the rows whose keys have this beginning, waiting ones among them, in order of their keys.
    pub fn with_prefix(&self, tree: Tree, prefix: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(self
            .rows_with_prefix(tree, prefix, limit)?
            .into_values()
            .collect())
    }

    /// The keys of these rows.
    pub fn keys_with_prefix(
        &self,
        tree: Tree,
        prefix: &[u8],
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(self.rows_with_prefix(tree, prefix, limit)?.into_keys().collect())
    }

    fn rows_with_prefix(
        &self,
        tree: Tree,
        prefix: &[u8],
        limit: usize,
    ) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
        let waiting = self.waiting.read().unwrap_or_else(PoisonError::into_inner);
        let mut rows = BTreeMap::new();
        for row in self.tree(tree).scan_prefix(prefix).take(limit) {
            let (key, value) = row.map_err(|e| self.failed(e))?;
            rows.insert(key.to_vec(), value.to_vec());
        }
        let from_prefix = waiting.newest.range((tree, prefix.to_vec())..);
        for ((_, key), value) in
            from_prefix.take_while(|((of, key), _)| *of == tree && key.starts_with(prefix))
        {
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        while rows.len() > limit {
            rows.pop_last();
        }
        Ok(rows)
    }

    /// Lets the changes of one put wait for the next commit; they are seen by [`Self::get`] at once, all or none.
    pub fn stage(&self, put: Vec<Change>) {
        let mut waiting = self.waiting.write().unwrap_or_else(PoisonError::into_inner);
        for change in &put {
            waiting
                .newest
                .insert((change.tree, change.key.clone()), change.value.clone());
        }
        waiting.puts.push(put);
    }

    /// How many puts wait.
    pub fn waiting(&self) -> usize {
        self.waiting
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .puts
            .len()
    }

    /// Writes what waits, one transaction a put, and makes it durable. After an error it still waits.
    pub fn commit(&self) -> Result<(), StoreError> {
        let waiting = self.waiting.read().unwrap_or_else(PoisonError::into_inner);
        for put in &waiting.puts {
            self.apply(put)?;
        }
        drop(waiting);
        self.db.flush().map_err(|e| self.failed(e))?;
        self.sync_files()?;
        *self.waiting.write().unwrap_or_else(PoisonError::into_inner) = Waiting::default();
        Ok(())
    }

    /// What sled's `flush` leaves out: every file that can have changed, then the directories that name them.
    fn sync_files(&self) -> Result<(), StoreError> {
        let durable = self.durable_blob.load(Ordering::Relaxed);
        let mut newest = durable;
        let blobs = self.dir.join("blobs");
        for dir in [&blobs, &self.dir] {
            let failed = |e| StoreError::io(dir, e);
            for entry in fs::read_dir(dir).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let number = entry
                    .file_name()
                    .to_str()
                    .and_then(|name| name.parse::<i64>().ok());
                if number.is_some_and(|number| number <= durable)
                    || !entry.file_type().map_err(failed)?.is_file()
                {
                    continue;
                }
                sync_file(&entry.path()).map_err(|e| StoreError::io(&entry.path(), e))?;
                newest = newest.max(number.unwrap_or(i64::MIN));
            }
            sync_dir(dir).map_err(failed)?;
        }
        self.durable_blob.store(newest, Ordering::Relaxed);
        Ok(())
    }

    fn apply(&self, put: &[Change]) -> Result<(), StoreError> {
        use sled::Transactional as _;
        let done = self.trees.as_slice().transaction(|views| {
            for change in put {
                let view = &views[change.tree as usize];
                match &change.value {
                    Some(value) => view.insert(change.key.as_slice(), value.as_slice())?,
                    None => view.remove(change.key.as_slice())?,
                };
            }
            Ok::<(), ConflictableTransactionError<()>>(())
        });
        done.map_err(|error| match error {
            TransactionError::Storage(e) => self.failed(e),
            TransactionError::Abort(()) => self.damaged("a transaction was given up"),
        })
    }
}

/// sled finds its files cut, gone or not in its format.
fn is_damage(error: &StoreError) -> bool {
    match error {
        StoreError::Rows { .. } => true,
        StoreError::Io { source, .. } => matches!(
            source.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::NotFound
                | io::ErrorKind::InvalidData
                | io::ErrorKind::InvalidInput
        ),
        _ => false,
    }
}

fn open_sled(dir: &Path, store: &Path) -> Result<sled::Db, StoreError> {
    let config = sled::Config::new()
        .path(dir)
        .segment_size(SEGMENT_BYTES)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(None);
    for _ in 0..LOCK_TRIES {
        // On some damaged files sled stops with a panic where it should give an error.
        let opened = catch_unwind(AssertUnwindSafe(|| config.open())).map_err(|_| StoreError::Rows {
            path: dir.to_owned(),
            reason: "sled cannot make sense of its files".to_owned(),
        })?;
        match opened {
            Err(sled::Error::Io(e)) if e.to_string().contains(SLED_LOCKED) => std::thread::sleep(LOCK_WAIT),
            other => return other.map_err(|e| StoreError::sled(dir, e)),
        }
    }
    Err(StoreError::Locked(store.to_owned()))
}

/// A file that sled has removed in the meantime needs no sync.
fn sync_file(path: &Path) -> io::Result<()> {
    match OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
    {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
