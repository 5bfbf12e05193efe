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

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::StoreError;
use super::row::Location;
use super::sync_dir;
use crate::article::ArticleId;

/// A file is left for the next one at this size, in bytes: so many are cheap to rewrite and few to hold open.
const FILE_BYTES: u64 = 256 << 20;

/// The largest content of one record, in bytes: above every page that the fetcher takes, below what hurts to hold twice.
pub(super) const CONTENT_MAX_BYTES: usize = 64 << 20;

/// More than this, in bytes, behind the last committed record is nothing that a killed process can have left (one
/// group of puts), so it is kept for a repair rather than cut.
const ORPHAN_MAX_BYTES: u64 = 256 << 20;

/// What zstd calls its default; higher levels cost several times the time for a few percent of space.
const ZSTD_LEVEL: i32 = 3;

/// As many files may be open for reading at once.
const OPEN_FILES_MAX: usize = 64;

const MAGIC: [u8; 4] = 0x184D_2A5C_u32.to_le_bytes();
const HEADER_BYTES: usize = 8 + 28;

/// The end of what is written: the number of the last file and its length in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    pub file: u32,
    pub end: u64,
}

/// Nothing is written yet.
impl Default for Position {
    fn default() -> Self {
        Self { file: 1, end: 0 }
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

    fn path(&self, file: u32) -> PathBuf {
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

    /// Nothing was ever written.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(files(self)?.iter().all(|(_, bytes)| *bytes == 0))
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
        if *header != self::header(id, revision, content_bytes(header), frame) {
            return Err(damaged("the checksum does not fit".to_owned()));
        }
        let bytes = (content_bytes(header) as usize).min(CONTENT_MAX_BYTES);
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
    /// Opens the series for appending at its committed end; what a killed process has left behind it is cut.
    pub fn open(series: &BlobReader, committed: Position) -> Result<Self, StoreError> {
        let position = settle(series, committed)?;
        let path = series.path(position.file);
        let file = open_file(&path).map_err(|e| StoreError::io(&path, e))?;
        sync_dir(&series.dir).map_err(|e| StoreError::io(&series.dir, e))?;
        let compressor = zstd::bulk::Compressor::new(ZSTD_LEVEL).map_err(|e| StoreError::io(&path, e))?;
        Ok(Self {
            file,
            path,
            position,
            dirty: false,
            compressor,
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

/// Brings the files in line with the committed end, and says where to go on.
fn settle(series: &BlobReader, committed: Position) -> Result<Position, StoreError> {
    let mut length = None;
    let mut later = Vec::new();
    for (number, bytes) in files(series)? {
        if number == committed.file {
            length = Some(bytes);
        } else if number > committed.file {
            later.push((number, bytes));
        }
    }
    let tail = length.unwrap_or(0).saturating_sub(committed.end);
    let orphans = tail + later.iter().map(|(_, bytes)| bytes).sum::<u64>();
    let is_short = length.unwrap_or(0) < committed.end;
    if is_short || orphans > ORPHAN_MAX_BYTES {
        let last = later
            .iter()
            .filter(|(_, bytes)| *bytes > 0)
            .map(|(number, _)| *number)
            .max();
        return Ok(Position {
            file: last.unwrap_or(committed.file) + 1,
            end: 0,
        });
    }
    for (number, _) in later {
        let path = series.path(number);
        fs::remove_file(&path).map_err(|e| StoreError::io(&path, e))?;
    }
    if tail > 0 {
        let path = series.path(committed.file);
        open_file(&path)
            .and_then(|file| file.set_len(committed.end).and_then(|()| file.sync_all()))
            .map_err(|e| StoreError::io(&path, e))?;
    }
    Ok(committed)
}

/// The files of a series with their lengths in bytes, in no order.
fn files(series: &BlobReader) -> Result<Vec<(u32, u64)>, StoreError> {
    let failed = |e| StoreError::io(&series.dir, e);
    let mut files = Vec::new();
    for entry in fs::read_dir(&series.dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if let Some(number) = entry.file_name().to_str().and_then(|name| series.number(name)) {
            files.push((number, entry.metadata().map_err(failed)?.len()));
        }
    }
    Ok(files)
}

fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn content_bytes(header: &[u8]) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[20..24]);
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

#[cfg(test)]
mod tests {
    use super::*;

    const ID: ArticleId = ArticleId(7);

    fn series(dir: &Path) -> BlobReader {
        BlobReader::new(dir, "text")
    }

    #[test]
    fn a_record_is_read_back_and_zstd_reads_the_whole_file() {
        let dir = tempfile::tempdir().unwrap();
        let texts = series(dir.path());
        let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
        let one = writer.append(&texts, ID, 1, b"one\n").unwrap();
        let two = writer.append(&texts, ID, 2, b"two\n").unwrap();
        writer.sync().unwrap();
        assert_eq!(texts.read(two, ID, 2).unwrap(), b"two\n");
        assert_eq!(texts.read(one, ID, 1).unwrap(), b"one\n");
        assert!(texts.read(one, ID, 2).is_err());
        let file = File::open(texts.path(1)).unwrap();
        assert_eq!(zstd::stream::decode_all(file).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn what_lies_behind_the_committed_end_is_cut() {
        let dir = tempfile::tempdir().unwrap();
        let texts = series(dir.path());
        let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
        let kept = writer.append(&texts, ID, 1, b"kept").unwrap();
        let committed = writer.position();
        let orphan = writer.append(&texts, ID, 2, b"orphan").unwrap();
        drop(writer);
        fs::write(texts.path(2), b"orphan").unwrap();
        let length = fs::metadata(texts.path(1)).unwrap().len();
        for torn in committed.end..=length {
            File::options()
                .write(true)
                .open(texts.path(1))
                .unwrap()
                .set_len(torn)
                .unwrap();
            let writer = BlobWriter::open(&texts, committed).unwrap();
            assert_eq!(writer.position(), committed);
            assert_eq!(fs::metadata(texts.path(1)).unwrap().len(), committed.end);
        }
        assert!(!texts.path(2).exists());
        assert_eq!(texts.read(kept, ID, 1).unwrap(), b"kept");
        assert!(matches!(
            texts.read(orphan, ID, 2),
            Err(StoreError::Damaged { .. })
        ));
    }

    #[test]
    fn a_file_that_lost_its_end_is_left_alone_and_followed_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let texts = series(dir.path());
        let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
        writer.append(&texts, ID, 1, b"text").unwrap();
        let committed = writer.position();
        drop(writer);
        File::options()
            .write(true)
            .open(texts.path(1))
            .unwrap()
            .set_len(committed.end - 1)
            .unwrap();
        let writer = BlobWriter::open(&texts, committed).unwrap();
        assert_eq!(writer.position(), Position { file: 2, end: 0 });
        assert_eq!(fs::metadata(texts.path(1)).unwrap().len(), committed.end - 1);
    }

    #[test]
    fn every_flipped_bit_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let texts = series(dir.path());
        let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
        let at = writer
            .append(&texts, ID, 1, b"a text that must not change")
            .unwrap();
        let whole = fs::read(texts.path(1)).unwrap();
        for byte in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[byte] ^= 1 << (byte % 8);
            fs::write(texts.path(1), &flipped).unwrap();
            let error = texts.read(at, ID, 1).unwrap_err();
            assert!(
                matches!(
                    error,
                    StoreError::Damaged {
                        id: ID,
                        revision: 1,
                        ..
                    }
                ),
                "byte {byte}: {error}"
            );
        }
    }
}
