//! Writing a WARC 1.1 file, one gzip member a record.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::fetch::{Page, USER_AGENT};

/// Writes pages as response records. Of the response only what a [`Page`] keeps is there: its content type and its body,
/// decoded.
#[derive(Debug)]
pub struct WarcWriter<W: Write> {
    out: W,
}

impl<W: Write> WarcWriter<W> {
    /// Begins a file that was made at this second since the epoch.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(mut out: W, now: i64) -> io::Result<Self> {
        let fields = format!("software: {USER_AGENT}\r\nformat: WARC File Format 1.1\r\n");
        write_record(
            &mut out,
            &[
                ("WARC-Type", "warcinfo"),
                ("Content-Type", "application/warc-fields"),
            ],
            now,
            fields.as_bytes(),
        )?;
        Ok(Self { out })
    }

    /// Writes a page.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn page(&mut self, page: &Page) -> io::Result<()> {
        let mut block = b"HTTP/1.1 200 OK\r\n".to_vec();
        if let Some(name) = &page.content_type {
            // A header is one line; what a server cannot have sent does not stand here.
            let name = name.replace(['\r', '\n'], " ");
            write!(block, "Content-Type: {name}\r\n")?;
        }
        write!(block, "Content-Length: {}\r\n\r\n", page.body.len())?;
        block.extend_from_slice(&page.body);
        let head = [
            ("WARC-Type", "response"),
            ("WARC-Target-URI", page.url.as_str()),
            ("Content-Type", "application/http;msgtype=response"),
        ];
        write_record(&mut self.out, &head, page.fetched, &block)
    }

    /// What it is written to, with the records so far.
    pub fn written(&self) -> &W {
        &self.out
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// # Errors
    /// The rest cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn write_record(out: &mut impl Write, head: &[(&str, &str)], date: i64, block: &[u8]) -> io::Result<()> {
    let date = Timestamp::from_second(date).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut member = GzEncoder::new(out, Compression::default());
    write!(member, "WARC/1.1\r\n")?;
    for (key, value) in head {
        write!(member, "{key}: {value}\r\n")?;
    }
    write!(
        member,
        "WARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: {date}\r\nContent-Length: {}\r\n\r\n",
        uuid(head, date, block),
        block.len()
    )?;
    member.write_all(block)?;
    member.write_all(b"\r\n\r\n")?;
    member.finish().map(drop)
}

/// A UUID of version 8 (RFC 9562): the hash of what the record holds, so that the same record has the same name.
fn uuid(head: &[(&str, &str)], date: Timestamp, block: &[u8]) -> String {
    let mut hash = Sha256::new();
    for (key, value) in head {
        hash.update(format!("{key}:{value}\n"));
    }
    hash.update(date.to_string());
    hash.update(block);
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    id[6] = (id[6] & 0x0f) | 0x80;
    id[8] = (id[8] & 0x3f) | 0x80;
    let hex: String = id
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'))
        .collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}
