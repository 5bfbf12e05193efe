//! WARC files (ISO 28500): saved crawls, read as a stream of pages, and written.
//!
//! Reads what CC-NEWS, wget and Heritrix write: one gzip member a record, a file in one member, or a file that is not
//! compressed. A record that is damaged costs itself alone: reading goes on at the next gzip member, or at the next line that
//! begins a record. Only HTTP responses with status 200 and a text type become pages; what else there is is counted.
//!
//! No library that was found goes on behind a damaged record, which is why this one is our own.

mod http;
mod members;
mod record;
#[cfg(test)]
mod tests;
mod write;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use url::Url;

use crate::fetch::Page;
use members::Members;
use record::Records;
pub use write::WarcWriter;

/// How much of a file is read at once, in bytes.
const BUFFER: usize = 256 * 1024;

/// The largest record that is read, in bytes: the largest page that is fetched and its headers. A larger one is passed over.
pub const MAX_RECORD: u64 = crate::fetch::MAX_BODY as u64 + 256 * 1024;

/// What stands in a file that is no page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Requests, metadata and other records that are no responses.
    pub other_records: u64,
    /// Responses with another status than 200, or of another type than text.
    pub other_responses: u64,
}

/// A record that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: record {record}: {reason}")]
pub struct WarcError {
    /// The file.
    pub name: String,
    /// The number of the record in it, from 1, as far as they could be told apart.
    pub record: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// The pages of a WARC file, in their order.
pub struct WarcPages<R: BufRead> {
    records: Records<R>,
    name: String,
    passed: Passed,
    ended: bool,
}

impl WarcPages<BufReader<File>> {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read. What stands in it is looked at as it is read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = BufReader::with_capacity(BUFFER, File::open(path)?);
        Self::new(file, path.display().to_string())
    }
}

impl<R: BufRead> WarcPages<R> {
    /// Reads from anything; `name` is what errors call it.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn new(file: R, name: String) -> io::Result<Self> {
        Ok(Self {
            records: Records::new(Members::new(file)?),
            name,
            passed: Passed::default(),
            ended: false,
        })
    }

    /// What was passed over so far.
    pub fn passed(&self) -> Passed {
        self.passed
    }

    fn error(&mut self, reason: String) -> WarcError {
        WarcError {
            name: self.name.clone(),
            record: self.records.number(),
            reason,
        }
    }
}

impl<R: BufRead> Iterator for WarcPages<R> {
    type Item = Result<Page, WarcError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let record = match self.records.next() {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(fault) => {
                    // A file that cannot be read has no next record; one with a damaged record may.
                    self.ended = fault.ends;
                    return Some(Err(self.error(fault.reason)));
                }
            };
            let Some(body) = record.body else {
                self.passed.other_records += 1;
                continue;
            };
            let Ok(url) = Url::parse(&record.target) else {
                return Some(Err(self.error(format!("no URL: {:.200}", record.target))));
            };
            match http::response(&body) {
                Ok(Some((content_type, body))) => {
                    return Some(Ok(Page {
                        url,
                        content_type,
                        body,
                        fetched: record.date,
                    }));
                }
                Ok(None) => self.passed.other_responses += 1,
                Err(reason) => return Some(Err(self.error(format!("{url}: {reason}")))),
            }
        }
        None
    }
}
