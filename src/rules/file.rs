//! Where a rule is written, and the words for what is wrong with it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::{self, Write as _};
use std::path::Path;

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::format;
use super::toml_error::{Problem, in_words};

/// The place of a rule: said in every explanation and every error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file, relative to the selectors folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The rule's name, as "navigation" or "drop".
    pub name: String,
    /// The selector or pattern, where it says more than the name.
    pub text: String,
}

impl Origin {
    /// Tells the rule from the others of its layout, wherever it stands in the file: 12 hexadecimal digits.
    pub fn key(&self) -> String {
        hash_of([self.name.as_str(), self.text.as_str()])
    }
}

/// The first 12 hexadecimal digits of the SHA-256 of some texts.
pub(super) fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .take(6)
        .fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name)?;
        if !self.text.is_empty() {
            write!(f, " {}", self.text)?;
        }
        write!(f, " ({}:{})", self.file, self.line)
    }
}

/// One selector file: its name and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the selectors folder, with forward slashes; in an overlay, the whole path.
    pub name: String,
    text: Cow<'static, str>,
}

impl SourceFile {
    /// A file with this name and text.
    pub fn new(name: &str, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.to_owned(),
            text: text.into(),
        }
    }

    /// Whether it is part of the program, and so was checked when that was tested.
    pub fn is_builtin(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// The folder it is in: "sites", "cms", "phrases", or another for those at the top.
    pub fn folder(&self) -> &str {
        let folder = Path::new(&self.name).parent().and_then(Path::file_name);
        folder.and_then(OsStr::to_str).unwrap_or_default()
    }

    /// Its name without folder and ending: "example.org".
    pub fn stem(&self) -> &str {
        let stem = Path::new(&self.name).file_stem();
        stem.and_then(OsStr::to_str).unwrap_or_default()
    }

    /// The canonical form of a file of a site or publishing system; comments are kept.
    ///
    /// # Errors
    /// It is no TOML, or has its tables inline.
    pub fn formatted(&self) -> Result<String, String> {
        format::formatted(self)
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its text, shared where it is part of the program.
    pub(super) fn shared_text(&self) -> Cow<'static, str> {
        self.text.clone()
    }

    /// Reads it as TOML of one form.
    ///
    /// # Errors
    /// File, line and what is wrong.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Vec<String>> {
        toml::from_str(&self.text).map_err(|error| {
            let Problem { at, words } = in_words(&error, &self.text);
            vec![self.message(at, &words)]
        })
    }

    /// `file:line:column: problem` for a problem at this byte; columns are characters, from 1.
    pub fn message(&self, at: usize, problem: &str) -> String {
        let (line, column) = (self.line(at), self.column(at));
        format!("{}:{line}:{column}: {}", self.name, problem.replace('\n', " "))
    }

    /// The origin of a rule at this byte.
    pub fn origin(&self, at: usize, name: &str, text: &str) -> Origin {
        Origin {
            file: self.name.clone(),
            line: self.line(at),
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        1 + line.chars().count()
    }

    fn line(&self, at: usize) -> u32 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        1 + u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX - 1)
    }
}
