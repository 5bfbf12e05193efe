//! Append-only files of compressed records: the texts in one series of files, the raw pages in another.
//!
//! A record is a zstd skippable frame with its header, then a zstd frame with its content; so any zstd tool reads a whole
//! file, and the text files decompress to one article a line. All numbers in the header are little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `0x184D2A5C`, the magic number of a skippable frame |
//! | 4 | 28, the bytes of the header that follow |
//! | 8 | article id |
//! | 4 | revision |
//! | 4 | bytes of the content, decompressed |
//! | 4 | bytes of the zstd frame |
//! | 8 | the first bytes of the SHA-256 over the 20 bytes above and the zstd frame |
//!
//! A file that has grown past [`FILE_BYTES`] is followed by the next number.

mod scan;
#[cfg(test)]
mod tests;

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(super) use self::scan::Found;
use super::disk::sync_dir;
use super::error::StoreError;
use super::row::Location;
use crate::article::ArticleId;

/// A file is left for the next one at this size, in bytes: so many are cheap to rewrite and few to hold open.
const FILE_BYTES: u64 = 256 << 20;

/// The largest content of one record, in bytes: above every page that the fetcher takes, below what hurts to hold twice.
pub(super) const CONTENT_MAX_BYTES: usize = 64 << 20;

/// What zstd calls its default; higher levels cost several times the time for a few percent of space.
const ZSTD_LEVEL: i32 = 3;

/// As many files may be open for reading at once.
const OPEN_FILES_MAX: usize = 64;

const MAGIC: [u8; 4] = 0x184D_2A5C_u32.to_le_bytes();
const HEADER_BYTES: usize = 8 + 28;

/// The end of what is written: the number of the last file and its length in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Position {
    pub file: u32,
    pub end: u64,
}

impl Position {
    pub const fn start_of(file: u32) -> Self {
        Self { file, end: 0 }
    }
}

impl Location {
    /// The end of the record there.
    pub fn record_end(self) -> Position {
        Position {
            file: self.file,
            end: self.offset + HEADER_BYTES as u64 + u64::from(self.len),
        }
    }
}

/// Nothing is written yet.
impl Default for Position {
    fn default() -> Self {
        Self::start_of(1)
    }
}

/// Reads and names the files of one series; shared by all readers.
#[derive(Debug)]
pub(super) struct BlobReader {
    dir: PathBuf,
    series: &'static str,
    open: Mutex<FxHashMap<u32, File>>,
}

impl BlobReader {
    pub fn new(dir: &Path, series: &'static str) -> Self {
        Self {
            dir: dir.to_owned(),
            series,
            open: Mutex::default(),
        }
    }

    pub fn path(&self, file: u32) -> PathBuf {
        self.dir.join(format!("{}-{file:06}.zst", self.series))
    }

    /// The number of a file of this series.
    fn number(&self, name: &str) -> Option<u32> {
        let digits = name
            .strip_prefix(self.series)?
            .strip_prefix('-')?
            .strip_suffix(".zst")?;
        digits.parse().ok()
    }

    /// The content of a record; an error where it is not what was written for this article and revision.
    pub fn read(&self, at: Location, id: ArticleId, revision: u32) -> Result<Vec<u8>, StoreError> {
        let damaged = |reason: String| StoreError::Damaged {
            path: self.path(at.file),
            id,
            revision,
            offset: at.offset,
            reason,
        };
        if at.len as usize > zstd::zstd_safe::compress_bound(CONTENT_MAX_BYTES) {
            return Err(damaged("its length is past the limit".to_owned()));
        }
        let mut record = vec![0; HEADER_BYTES + at.len as usize];
        self.read_exact(at, &mut record).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => damaged("the file ends before it".to_owned()),
            io::ErrorKind::NotFound => damaged("the file is missing".to_owned()),
            _ => StoreError::io(&self.path(at.file), e),
        })?;
        let (header, frame) = record.split_at(HEADER_BYTES);
        if *header != self::header(id, revision, number_at(header, 20), frame) {
            return Err(damaged("the checksum does not fit".to_owned()));
        }
        let bytes = (number_at(header, 20) as usize).min(CONTENT_MAX_BYTES);
        zstd::bulk::decompress(frame, bytes).map_err(|e| damaged(e.to_string()))
    }

    fn read_exact(&self, at: Location, record: &mut [u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= OPEN_FILES_MAX {
            open.clear();
        }
        let file = match open.entry(at.file) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => new.insert(File::open(self.path(at.file))?),
        };
        file.seek(SeekFrom::Start(at.offset))?;
        file.read_exact(record)
    }
}

/// Appends to one series; there is one per open store.
pub(super) struct BlobWriter {
    file: File,
    path: PathBuf,
    position: Position,
    /// Something was written since the last sync.
    dirty: bool,
    compressor: zstd::bulk::Compressor<'static>,
}

impl BlobWriter {
    /// Opens the series for appending at its end; what lies behind it is cut.
    pub fn open(series: &BlobReader, end: Position) -> Result<Self, StoreError> {
        let path = series.path(end.file);
        let failed = |e| StoreError::io(&path, e);
        let file = open_file(&path).map_err(failed)?;
        if file.metadata().map_err(failed)?.len() > end.end {
            file.set_len(end.end)
                .and_then(|()| file.sync_all())
                .map_err(failed)?;
        }
        sync_dir(&series.dir).map_err(|e| StoreError::io(&series.dir, e))?;
        let compressor = zstd::bulk::Compressor::new(ZSTD_LEVEL).map_err(failed)?;
        Ok(Self {
            file,
            position: end,
            // What a killed process wrote here may not be durable yet.
            dirty: true,
            compressor,
            path,
        })
    }

    pub fn position(&self) -> Position {
        self.position
    }

    /// Writes a record to the end. It is durable after [`Self::sync`]; after an error it is not there.
    pub fn append(
        &mut self,
        series: &BlobReader,
        id: ArticleId,
        revision: u32,
        content: &[u8],
    ) -> Result<Location, StoreError> {
        if self.position.end >= FILE_BYTES {
            self.next_file(series)?;
        }
        let failed = |e| StoreError::io(&self.path, e);
        let frame = self.compressor.compress(content).map_err(failed)?;
        let header = header(id, revision, content.len() as u32, &frame);
        self.dirty = true;
        self.file
            .seek(SeekFrom::Start(self.position.end))
            .and_then(|_| self.file.write_all(&header))
            .and_then(|()| self.file.write_all(&frame))
            .map_err(failed)?;
        let at = Location {
            file: self.position.file,
            offset: self.position.end,
            len: frame.len() as u32,
        };
        self.position.end += (header.len() + frame.len()) as u64;
        Ok(at)
    }

    /// Takes back what was appended since, where it is still in the same file.
    pub fn rewind(&mut self, to: Position) {
        if to.file == self.position.file {
            self.position = to;
        }
    }

    /// Makes everything appended so far durable.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        if self.dirty {
            self.file.sync_data().map_err(|e| StoreError::io(&self.path, e))?;
            self.dirty = false;
        }
        Ok(())
    }

    fn next_file(&mut self, series: &BlobReader) -> Result<(), StoreError> {
        self.sync()?;
        let position = Position {
            file: self.position.file + 1,
            end: 0,
        };
        let path = series.path(position.file);
        self.file = open_file(&path).map_err(|e| StoreError::io(&path, e))?;
        sync_dir(&series.dir).map_err(|e| StoreError::io(&series.dir, e))?;
        self.path = path;
        self.position = position;
        Ok(())
    }
}

impl std::fmt::Debug for BlobWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobWriter")
            .field("path", &self.path)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn number_at(header: &[u8], offset: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[offset..offset + 4]);
    u32::from_le_bytes(bytes)
}

fn header(id: ArticleId, revision: u32, content_bytes: u32, frame: &[u8]) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..4].copy_from_slice(&MAGIC);
    header[4..8].copy_from_slice(&(HEADER_BYTES as u32 - 8).to_le_bytes());
    header[8..16].copy_from_slice(&id.0.to_le_bytes());
    header[16..20].copy_from_slice(&revision.to_le_bytes());
    header[20..24].copy_from_slice(&content_bytes.to_le_bytes());
    header[24..28].copy_from_slice(&(frame.len() as u32).to_le_bytes());
    let check = Sha256::new()
        .chain_update(&header[8..28])
        .chain_update(frame)
        .finalize();
    header[28..36].copy_from_slice(&check[..8]);
    header
}
