//! What a site's pages have in common, to a proposal of its selector file.
//!
//! What repeats over the pages is the site's template; what varies, and is running text that the general cleaner is sure of, is
//! story. All of it is pure: pages that are read and cleaned go in, a proposal comes out.

mod body;
mod drops;
mod evidence;
mod fields;
mod forms;
mod layouts;
mod names;
mod page_test;
mod selector;
mod view;
mod write;

use url::Url;

use crate::article::{Confidence, Fields};
use crate::clean::Verdicts;
use crate::document::Document;
use crate::rules::SourceFile;

pub use layouts::learn;
pub use page_test::Test;

/// A page to learn from, as the general cleaner sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// Where it was published.
    pub url: &'a Url,
    /// Its elements and blocks.
    pub document: &'a Document,
    /// What the general cleaner decided, the site's own rules aside.
    pub verdicts: &'a Verdicts,
    /// Its fields.
    pub fields: &'a Fields,
}

/// A site file that was learned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proposal {
    /// The file's text, in canonical form, with its tests.
    pub text: String,
    /// The hosts it serves; the first names the file.
    pub sites: Vec<String>,
    /// How sure it is: the layout that is least so.
    pub confidence: Confidence,
    /// Its layouts, in the order of the file.
    pub layouts: Vec<LearnedLayout>,
    /// The pages that it was learned from.
    pub pages: Vec<LearnedPage>,
    /// Pages that nothing was learned from, and why.
    pub left_out: Vec<LeftOut>,
    /// What the reader of the file should look at, a line each.
    pub warnings: Vec<String>,
    /// The file without tests.
    rules: String,
}

impl Proposal {
    /// The file's name in a directory of selectors, as "sites/example.org.toml".
    pub fn file_name(&self) -> String {
        let host = self.sites.first().map_or("site", String::as_str);
        format!("sites/{host}.toml")
    }

    /// The file's text without tests.
    pub fn rules(&self) -> &str {
        &self.rules
    }

    /// Writes [`text`](Self::text) with these tests.
    ///
    /// # Errors
    /// What was written is no TOML, which cannot be.
    pub fn set_tests(&mut self, tests: &[Test]) -> Result<(), String> {
        let mut text = self.rules.clone();
        for test in tests {
            write::test(test, &mut text);
        }
        self.text = SourceFile::new(&self.file_name(), text).formatted()?;
        Ok(())
    }
}

/// A layout of a [`Proposal`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LearnedLayout {
    /// Its name in the file.
    pub name: String,
    /// The URLs of the pages it was learned from.
    pub pages: Vec<String>,
    /// How sure it is.
    pub confidence: Confidence,
}

/// A page that a [`Proposal`] was learned from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnedPage {
    /// Where it was published.
    pub url: String,
    /// The folder of its test's page, as "example.org/the-budget".
    pub folder: String,
}

/// A page that nothing was learned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The page.
    pub url: String,
    /// Why.
    pub why: String,
}

/// Why nothing was learned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LearnError {
    /// Fewer pages with a story than it takes to see what repeats.
    #[error("a site is learned from at least {MIN_PAGES} of its pages; there {}{}", in_words(*.found), reasons(.left_out))]
    TooFew {
        /// How many there were.
        found: usize,
        /// The others.
        left_out: Vec<LeftOut>,
    },
    /// A page whose site is not known.
    #[error("{0}: of no site; say with --url where it was published")]
    NoSite(String),
    /// The pages are not of one site.
    #[error("the pages are of different sites: {}", .0.join(", "))]
    DifferentSites(Vec<String>),
    /// No element holds the story on any of the pages.
    #[error("{site}: no element of these pages holds the story and can be named")]
    NothingFound {
        /// The site.
        site: String,
    },
    /// The program does not take the file that it has written.
    #[error("the proposal is not a selector file: {0}")]
    Refused(String),
}

/// The least pages that a site is learned from.
pub const MIN_PAGES: usize = 2;
/// The most: what all of so many have in common, others have as well.
pub const MAX_PAGES: usize = 40;

fn in_words(count: usize) -> String {
    match count {
        0 => "is none with a story".to_owned(),
        1 => "is 1 with a story".to_owned(),
        count => format!("are {count} with a story"),
    }
}

fn reasons(left_out: &[LeftOut]) -> String {
    let reason = |page: &LeftOut| format!("{}: {}", page.url, page.why);
    let reasons: Vec<String> = left_out.iter().map(reason).collect();
    if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join("; "))
    }
}
