//! Reading a series from some point to its end, also past damage.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};

use super::{BlobReader, CONTENT_MAX_BYTES, HEADER_BYTES, MAGIC, Position, header as header_of, number_at};
use crate::article::ArticleId;
use crate::store::error::StoreError;
use crate::store::row::Location;

/// Bytes looked through at a time for the next record after a damaged one.
const SEARCH_BYTES: usize = 64 << 10;

/// A whole record that a scan has come upon.
#[derive(Debug)]
pub(in crate::store) struct Found {
    pub at: Location,
    pub id: ArticleId,
    pub revision: u32,
    content_bytes: usize,
    frame: Vec<u8>,
}

impl Found {
    /// `None` where the frame is not what its header says, which the checksum makes next to impossible.
    pub fn content(&self) -> Option<Vec<u8>> {
        zstd::bulk::decompress(&self.frame, self.content_bytes.min(CONTENT_MAX_BYTES)).ok()
    }
}

impl BlobReader {
    /// Shows all whole records from a position on, in the order of their writing, and returns the end of the last one.
    /// A file that is shorter than the position says has lost its end: it is left alone, and the next one is the end.
    pub fn scan(
        &self,
        from: Position,
        mut see: impl FnMut(Found) -> Result<(), StoreError>,
    ) -> Result<Position, StoreError> {
        let mut files = self.files()?;
        files.retain(|(number, _)| *number >= from.file);
        files.sort_unstable();
        let mut position = from;
        if files.first().is_none_or(|(number, _)| *number != from.file) && from.end > 0 {
            position = Position::start_of(from.file + 1);
        }
        for (number, bytes) in files {
            let mut end = if number == from.file { from.end } else { 0 };
            if end > bytes {
                position = Position::start_of(number + 1);
                continue;
            }
            let path = self.path(number);
            let failed = |e| StoreError::io(&path, e);
            let mut file = File::open(&path).map_err(failed)?;
            while let Some(found) = next_record(&mut file, number, end, bytes).map_err(failed)? {
                if found.at.offset > end {
                    tracing::warn!(
                        "{}: skipped {} damaged bytes",
                        path.display(),
                        found.at.offset - end
                    );
                }
                end = found.at.offset + (HEADER_BYTES + found.frame.len()) as u64;
                see(found)?;
            }
            position = Position { file: number, end };
        }
        Ok(position)
    }

    /// The files of the series with their lengths in bytes, in no order.
    fn files(&self) -> Result<Vec<(u32, u64)>, StoreError> {
        let failed = |e| StoreError::io(&self.dir, e);
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if let Some(number) = entry.file_name().to_str().and_then(|name| self.number(name)) {
                files.push((number, entry.metadata().map_err(failed)?.len()));
            }
        }
        Ok(files)
    }
}

/// The first whole record at or after an offset.
fn next_record(file: &mut File, number: u32, from: u64, bytes: u64) -> io::Result<Option<Found>> {
    let mut offset = from;
    loop {
        if let Some(found) = record_at(file, number, offset, bytes)? {
            return Ok(Some(found));
        }
        let Some(next) = next_magic(file, offset + 1)? else {
            return Ok(None);
        };
        offset = next;
    }
}

fn record_at(file: &mut File, number: u32, offset: u64, bytes: u64) -> io::Result<Option<Found>> {
    let mut header = [0; HEADER_BYTES];
    if offset + HEADER_BYTES as u64 > bytes {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut header)?;
    let len = number_at(&header, 24);
    if header[..4] != MAGIC || offset + HEADER_BYTES as u64 + u64::from(len) > bytes {
        return Ok(None);
    }
    let mut frame = vec![0; len as usize];
    file.read_exact(&mut frame)?;
    let (low, high) = (number_at(&header, 8), number_at(&header, 12));
    let id = ArticleId(u64::from(high) << 32 | u64::from(low));
    let revision = number_at(&header, 16);
    let content_bytes = number_at(&header, 20);
    let is_whole = header == header_of(id, revision, content_bytes, &frame);
    Ok(is_whole.then_some(Found {
        at: Location {
            file: number,
            offset,
            len,
        },
        id,
        revision,
        content_bytes: content_bytes as usize,
        frame,
    }))
}

/// Where the first bytes of a record may stand.
fn next_magic(file: &mut File, from: u64) -> io::Result<Option<u64>> {
    let mut chunk = vec![0; SEARCH_BYTES];
    let mut offset = from;
    loop {
        file.seek(SeekFrom::Start(offset))?;
        let mut filled = 0;
        while filled < chunk.len() {
            match file.read(&mut chunk[filled..])? {
                0 => break,
                more => filled += more,
            }
        }
        if let Some(at) = memchr::memmem::find(&chunk[..filled], &MAGIC) {
            return Ok(Some(offset + at as u64));
        }
        if filled < chunk.len() {
            return Ok(None);
        }
        offset += (filled - MAGIC.len() + 1) as u64;
    }
}
