//! The manifest of a bulk run: one JSON object a line, `{"id", "url", "html"}`.

use std::io::BufRead;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::lines::{Line, next_line};

/// The longest line, in bytes; a line holds an id, a URL and a path.
const MAX_LINE: u64 = 64 * 1024;

/// A page of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// A text or a number; given back with the result as it is.
    pub id: Value,
    /// Where the page was published.
    #[serde(default)]
    pub url: Option<String>,
    /// The file, relative to the manifest.
    pub html: PathBuf,
}

/// A line that is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, as "line 3".
    pub id: Value,
    /// What is wrong with it.
    pub message: String,
}

/// The lines of a manifest, read as they are asked for; blank lines are passed over.
pub struct Lines<R> {
    reader: R,
    number: u64,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// Of this file.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            ended: false,
        }
    }

    fn bad(&self, message: impl Into<String>) -> BadLine {
        BadLine {
            id: Value::String(format!("line {}", self.number)),
            message: message.into(),
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Entry, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.number += 1;
            match next_line(&mut self.reader, MAX_LINE) {
                Ok(Line::End) => self.ended = true,
                Ok(Line::Whole(line)) if line.trim_ascii().is_empty() => {}
                Ok(Line::Whole(line)) => return Some(parse(&line).map_err(|message| self.bad(message))),
                Ok(Line::TooLong) => return Some(Err(self.bad(format!("longer than {MAX_LINE} bytes")))),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(self.bad(format!("the manifest cannot be read on: {error}"))));
                }
            }
        }
        None
    }
}

fn parse(line: &[u8]) -> Result<Entry, String> {
    let entry: Entry = serde_json::from_slice(line)
        .map_err(|error| format!("not a manifest line: {error} (expected {{\"id\", \"url\", \"html\"}})"))?;
    match entry.id {
        Value::String(_) | Value::Number(_) => Ok(entry),
        _ => Err("not a manifest line: `id` is neither a text nor a number".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Result<Entry, BadLine>> {
        Lines::new(text.as_bytes()).collect()
    }

    #[test]
    fn entries_keep_the_kind_of_their_id() {
        let read = lines(
            "{\"id\": 7, \"html\": \"a.html\", \"x\": 1}\n\n{\"id\":\"b\",\"url\":\"u\",\"html\":\"b\"}",
        );
        let ids: Vec<Value> = read.into_iter().map(|line| line.unwrap().id).collect();
        assert_eq!(ids, [Value::from(7), Value::from("b")]);
    }

    #[test]
    fn a_bad_line_is_named_by_its_number_and_does_not_end_the_run() {
        let long = format!("{{\"id\": \"{}\"}}", "x".repeat(MAX_LINE as usize));
        let read = lines(&format!(
            "nonsense\n{long}\n{{\"id\":[],\"html\":\"\"}}\n{{\"id\":1,\"html\":\"a\"}}\n"
        ));
        let bad: Vec<_> = read
            .iter()
            .filter_map(|line| line.as_ref().err())
            .map(|bad| &bad.id)
            .collect();
        assert_eq!(bad, ["line 1", "line 2", "line 3"]);
        assert!(read.last().unwrap().is_ok());
    }
}
