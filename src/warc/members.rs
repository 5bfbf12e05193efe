//! The gzip members of a file as one stream that outlives a damaged one.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// How a gzip member begins (RFC 1952): two magic bytes, and the one compression method there is.
const MAGIC: &[u8] = b"\x1f\x8b\x08";

/// Decompresses a file of gzip members, or reads one that is not compressed. After a damaged member [`read`](Read::read)
/// fails once, with [`io::ErrorKind::InvalidData`], and goes on with the next.
#[derive(Debug)]
pub(super) struct Members<R> {
    state: State<R>,
    ended: u64,
}

#[derive(Debug)]
enum State<R> {
    Plain(R),
    /// Between two members.
    Between(R),
    Inside(Box<GzDecoder<R>>),
    /// Only while it changes.
    Gone,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(mut file: R) -> io::Result<Self> {
        let state = if file.fill_buf()?.starts_with(&MAGIC[..2]) {
            State::Between(file)
        } else {
            State::Plain(file)
        };
        Ok(Self { state, ended: 0 })
    }

    /// How many members have come to their end with the right checksum.
    pub(super) fn ended(&self) -> u64 {
        self.ended
    }

    /// Goes to the next place where a member may begin; false at the end of the file.
    fn seek_member(file: &mut R) -> io::Result<bool> {
        loop {
            let bytes = file.fill_buf()?;
            if bytes.is_empty() {
                return Ok(false);
            }
            // Where the buffer ends in the magic bytes, the decoder sees whether they go on.
            let seen = bytes.len().min(MAGIC.len());
            if bytes[..seen] == MAGIC[..seen] {
                return Ok(true);
            }
            let skip = memchr::memchr(MAGIC[0], &bytes[1..]).map_or(bytes.len(), |at| at + 1);
            file.consume(skip);
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Gone) {
                State::Plain(mut file) => {
                    let read = file.read(into);
                    self.state = State::Plain(file);
                    return read;
                }
                State::Between(mut file) => {
                    let found = Self::seek_member(&mut file);
                    let more = match found {
                        Ok(more) => more,
                        Err(error) => {
                            self.state = State::Between(file);
                            return Err(error);
                        }
                    };
                    if !more {
                        self.state = State::Between(file);
                        return Ok(0);
                    }
                    self.state = State::Inside(Box::new(GzDecoder::new(file)));
                }
                State::Inside(mut member) => match member.read(into) {
                    Ok(0) if !into.is_empty() => {
                        self.ended += 1;
                        self.state = State::Between(member.into_inner());
                    }
                    Ok(read) => {
                        self.state = State::Inside(member);
                        return Ok(read);
                    }
                    Err(error) => {
                        self.state = State::Between(member.into_inner());
                        return Err(io::Error::new(io::ErrorKind::InvalidData, error));
                    }
                },
                State::Gone => return Ok(0),
            }
        }
    }
}
