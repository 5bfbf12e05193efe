//! Lines of a file that may be of any length.

use std::io::{self, BufRead, Read};

/// A line as it was read.
#[derive(Debug)]
pub enum Line {
    /// With its end, where it has one.
    Whole(Vec<u8>),
    /// Passed over.
    TooLong,
    /// There is none left.
    End,
}

/// The next line, if it has at most so many bytes.
///
/// # Errors
/// It cannot be read.
pub fn next_line(reader: &mut impl BufRead, most: u64) -> io::Result<Line> {
    let mut line = Vec::new();
    let count = reader.by_ref().take(most + 1).read_until(b'\n', &mut line)?;
    if count == 0 {
        return Ok(Line::End);
    }
    if count as u64 <= most || line.ends_with(b"\n") {
        return Ok(Line::Whole(line));
    }
    reader.skip_until(b'\n')?;
    Ok(Line::TooLong)
}
