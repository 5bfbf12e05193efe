//! Records of a WARC file, one after another.

use std::io::{self, BufRead, BufReader, Read};

use super::MAX_RECORD;
use super::members::Members;

/// The longest line of a record's head, in bytes; URLs of some kilobytes occur.
const MAX_LINE: u64 = 16 * 1024;

/// The most lines of a record's head.
const MAX_LINES: usize = 200;

/// How a record begins.
const VERSION: &[u8] = b"WARC/";

/// A record that was read.
pub(super) struct Record {
    /// `WARC-Target-URI`.
    pub target: String,
    /// `WARC-Date`, seconds since the epoch; 0 where there is none.
    pub date: i64,
    /// The block of an HTTP response; `None` for other records, which are passed over.
    pub body: Option<Vec<u8>>,
}

/// Why a record cannot be read.
pub(super) struct Fault {
    pub reason: String,
    /// There is no use in reading on.
    pub ends: bool,
}

impl Fault {
    fn of(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            ends: false,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self {
            ends: error.kind() != io::ErrorKind::InvalidData && error.kind() != io::ErrorKind::UnexpectedEof,
            reason: error.to_string(),
        }
    }
}

/// The head of a record.
#[derive(Default)]
struct Head {
    kind: String,
    target: String,
    date: i64,
    length: Option<u64>,
    /// The media type of the block.
    block_type: String,
}

impl Head {
    fn is_http_response(&self) -> bool {
        self.kind.eq_ignore_ascii_case("response")
            && (self.block_type.is_empty()
                || self
                    .block_type
                    .to_ascii_lowercase()
                    .starts_with("application/http"))
    }

    fn read(&mut self, line: &str) {
        let Some((key, value)) = line.split_once(':') else {
            return;
        };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "warc-type" => value.clone_into(&mut self.kind),
            // WARC 1.0 as some wrote it: in angle brackets.
            "warc-target-uri" => value.trim_matches(['<', '>']).clone_into(&mut self.target),
            "warc-date" => {
                let date = value.parse().map_or(0, jiff::Timestamp::as_second);
                self.date = date;
            }
            "content-length" => self.length = value.parse().ok(),
            "content-type" => value.clone_into(&mut self.block_type),
            _ => {}
        }
    }
}

/// Reads records, and finds the next one behind what is damaged.
pub(super) struct Records<R: BufRead> {
    lines: BufReader<Members<R>>,
    number: u64,
    /// The last record was damaged: the next begins at the next line that says so.
    lost: bool,
    /// What was found damaged behind the last record.
    ahead: Option<Fault>,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(stream: Members<R>) -> Self {
        Self {
            lines: BufReader::new(stream),
            number: 0,
            lost: false,
            ahead: None,
        }
    }

    /// The number of the last record, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Fault> {
        let was_lost = std::mem::replace(&mut self.lost, true);
        if let Some(fault) = self.ahead.take() {
            self.number += 1;
            return Err(fault);
        }
        if !self.find_version(was_lost)? {
            return Ok(None);
        }
        let head = self.head()?;
        let length = head.length.ok_or_else(|| Fault::of("no Content-Length"))?;
        if !head.is_http_response() {
            self.pass_over(length)?;
            self.lost = false;
            return Ok(Some(Record {
                target: head.target,
                date: head.date,
                body: None,
            }));
        }
        if length > MAX_RECORD {
            self.pass_over(length)?;
            self.lost = false;
            return Err(Fault::of(format!("larger than {MAX_RECORD} bytes")));
        }
        let mut body = Vec::new();
        self.lines.by_ref().take(length).read_to_end(&mut body)?;
        if (body.len() as u64) < length {
            return Err(Fault::of("the file ends in it"));
        }
        self.check_end()?;
        self.lost = false;
        Ok(Some(Record {
            target: head.target,
            date: head.date,
            body: Some(body),
        }))
    }

    /// Goes over the lines that end a record. Where its gzip member ends with it, this is when its checksum is seen.
    fn check_end(&mut self) -> Result<(), Fault> {
        let ended = self.lines.get_ref().ended();
        loop {
            let error = match self.lines.fill_buf() {
                Ok([b'\r' | b'\n', ..]) => {
                    self.lines.consume(1);
                    continue;
                }
                Ok([] | [b'W', ..]) => return Ok(()),
                Ok(_) => return Err(Fault::of("does not end where its Content-Length says")),
                Err(error) => Fault::from(error),
            };
            // It came after this one's end: it is of the next.
            if self.lines.get_ref().ended() > ended {
                self.ahead = Some(error);
                return Ok(());
            }
            return Err(error);
        }
    }

    /// Goes to the line after the next that begins a record; false at the end of the file.
    fn find_version(&mut self, was_lost: bool) -> Result<bool, Fault> {
        loop {
            let line = match self.line() {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(false),
                // What is damaged was said already; behind it the next may begin.
                Err(fault) if was_lost && !fault.ends => continue,
                Err(fault) => {
                    self.number += 1;
                    return Err(fault);
                }
            };
            if line.starts_with(VERSION) {
                self.number += 1;
                return Ok(true);
            }
            if !was_lost && !line.is_empty() {
                self.number += 1;
                return Err(Fault::of("does not begin as a record does"));
            }
        }
    }

    fn head(&mut self) -> Result<Head, Fault> {
        let mut head = Head::default();
        for _ in 0..MAX_LINES {
            let line = self.line()?.ok_or_else(|| Fault::of("the file ends in it"))?;
            if line.is_empty() {
                return Ok(head);
            }
            head.read(&String::from_utf8_lossy(&line));
        }
        Err(Fault::of(format!("its head has more than {MAX_LINES} lines")))
    }

    fn pass_over(&mut self, length: u64) -> Result<(), Fault> {
        let passed = io::copy(&mut self.lines.by_ref().take(length), &mut io::sink())?;
        if passed < length {
            return Err(Fault::of("the file ends in it"));
        }
        Ok(())
    }

    /// A line without its end; of one that is too long, its start, and the rest as further lines.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let mut line = Vec::new();
        let read = self.lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        while line.ends_with(b"\n") || line.ends_with(b"\r") {
            line.pop();
        }
        Ok(Some(line))
    }
}
