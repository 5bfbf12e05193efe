//! What a crawl did.

use serde::Serialize;

use crate::article::{Confidence, PageKind};
use crate::fetch::FetchError;
use crate::pipeline::doctor::Trouble;
use crate::store::Outcome;

/// What became of each source.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CrawlReport {
    /// The sources, in the order of the configuration.
    pub sources: Vec<SourceReport>,
    /// The run was asked to stop before it was through.
    pub stopped: bool,
    /// Its time was over before it was through; what was not done is left for the next run.
    pub out_of_time: bool,
    /// What ended the run early: the store failed, or the HTTP client could not be set up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long the run took, in seconds.
    pub seconds: f64,
}

/// What became of one source. `found` is the sum of `known`, `left`, `new`, `revised`, `duplicate`, `unchanged`,
/// `thinner`, `not_article`, `unwanted` and the `failed` pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SourceReport {
    /// Its name.
    pub name: String,
    /// Its list could be read.
    pub listed: bool,
    /// Not looked at: it is not due yet, or its host has asked in an earlier run not to be asked until later.
    pub not_due: bool,
    /// Lists of it that have not changed since the last run, by a conditional request.
    pub not_modified: usize,
    /// Articles in its list.
    pub found: usize,
    /// Entries of its list whose links are no pages.
    pub skipped: usize,
    /// Articles that the store, or another source of this run, had before.
    pub known: usize,
    /// Pages that were read.
    pub fetched: usize,
    /// Articles that the store did not have.
    pub new: usize,
    /// Articles whose text has changed.
    pub revised: usize,
    /// Articles that the store has under another URL.
    pub duplicate: usize,
    /// Articles that have not changed.
    pub unchanged: usize,
    /// Articles whose text has become so short that the stored one was kept.
    pub thinner: usize,
    /// Pages that are no articles: indexes, live blogs, teasers of paywalls, videos, error and block pages.
    pub not_article: usize,
    /// Articles that their site asks not to store (`noindex`).
    pub unwanted: usize,
    /// Failures: pages, and the list itself if it could not be read.
    pub failed: usize,
    /// Articles that were not worked on: beyond the limit of the source, or the run ended before.
    pub left: usize,
    /// Those of `left` that wait: they failed before and are not due yet, or their host asks not to be asked.
    pub waiting: usize,
    /// One row for each page that is no article.
    pub not_articles: Vec<NotArticle>,
    /// Pages that no layout of their site's selector file fitted; they were cleaned as if there were no such file.
    pub unfit: Vec<Unfit>,
    /// Rules of the sites of its pages that have stopped working.
    pub troubles: Vec<Trouble>,
    /// One row for each failure.
    pub failures: Vec<Failure>,
    /// Limits and faults that cost articles, in words.
    pub notes: Vec<String>,
    /// Time from the start of the source to its last article, in seconds.
    pub seconds: f64,
    /// Bytes of all pages and lists that were read, decompressed.
    pub bytes: u64,
}

/// Pages of a site that no layout of its selector file fitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unfit {
    /// The site.
    pub site: String,
    /// The file, as "sites/example.org.toml".
    pub file: String,
    /// How many.
    pub pages: usize,
}

/// One page or list that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Its URL or path.
    pub url: String,
    /// A short name of the reason: "not_found", "timeout", "no_article", "empty_list".
    pub kind: &'static str,
    /// The reason in words, without the URL.
    pub message: String,
    /// Until when its host asks not to be asked, where that is the reason; seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A page that is no article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotArticle {
    /// Its URL.
    pub url: String,
    /// What it is.
    pub kind: PageKind,
    /// How sure that is.
    pub confidence: Confidence,
}

/// How a crawl ended, for whoever started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// Every source was listed, every page became an article, was known or is none, and no source keeps its pages back.
    AllWell,
    /// Something failed, was kept back or was left undone, but some source worked.
    SomeFailed,
    /// No source worked.
    NothingWorked,
}

/// What became of a page, in a word.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::New(_) => "new",
        Outcome::Revision(..) => "revised",
        Outcome::Duplicate(_) => "duplicate",
        Outcome::Unchanged(_) => "unchanged",
        Outcome::Thinner(_) => "thinner",
    }
}

impl Failure {
    /// Of an error whose message may begin with the URL.
    pub(super) fn new(url: &str, kind: &'static str, error: &dyn std::fmt::Display) -> Self {
        let message = error.to_string();
        let bare = message
            .strip_prefix(url)
            .and_then(|rest| rest.strip_prefix(": "))
            .unwrap_or(&message);
        Self {
            url: url.to_owned(),
            kind,
            message: bare.to_owned(),
            until: None,
        }
    }
}

impl Failure {
    /// Of an error of fetching.
    pub(super) fn of_fetch(url: &str, error: &FetchError) -> Self {
        Self {
            until: error.wait_until(),
            ..Self::new(url, error.kind(), error)
        }
    }
}

impl SourceReport {
    /// Pages that became an article of the store or were one.
    fn stored(&self) -> usize {
        self.new + self.revised + self.duplicate + self.unchanged + self.thinner
    }

    pub(super) fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::New(_) => &mut self.new,
            Outcome::Revision(..) => &mut self.revised,
            Outcome::Duplicate(_) => &mut self.duplicate,
            Outcome::Unchanged(_) => &mut self.unchanged,
            Outcome::Thinner(_) => &mut self.thinner,
        } += 1;
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        self.failed += 1;
        self.failures.push(failure);
    }

    pub(super) fn other(&mut self, page: NotArticle) {
        self.not_article += 1;
        self.not_articles.push(page);
    }

    /// It keeps its pages back (not found, consent, CAPTCHA, login). A dead link here and there is no failure of a source;
    /// where that is what most of its pages are, something is wrong.
    fn keeps_back(&self) -> bool {
        let refused = self
            .not_articles
            .iter()
            .filter(|page| page.kind.is_refusal())
            .count();
        refused > 0 && refused * 2 >= self.fetched
    }

    /// Counts what was found and did not come to an end.
    pub(super) fn close(&mut self) {
        let pages_failed = if self.listed { self.failed } else { 0 };
        self.left = self
            .found
            .saturating_sub(self.known + self.stored() + self.not_article + self.unwanted + pages_failed);
    }

    /// Its list was read, and not all pages that were tried failed.
    fn worked(&self) -> bool {
        let any = self.stored() + self.known > 0;
        self.listed && (any || (self.failed == 0 && !self.keeps_back()))
    }
}

impl CrawlReport {
    /// How it ended. A run without sources is well.
    pub fn exit(&self) -> Exit {
        let whole = self.error.is_none()
            && !self.stopped
            && self
                .sources
                .iter()
                .all(|source| source.failed == 0 && !source.keeps_back());
        if whole {
            Exit::AllWell
        } else if self.sources.iter().any(SourceReport::worked) {
            Exit::SomeFailed
        } else {
            Exit::NothingWorked
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(listed: bool, known: usize, new: usize, failed: usize) -> SourceReport {
        SourceReport {
            listed,
            known,
            new,
            failed,
            ..SourceReport::default()
        }
    }

    fn exit(sources: &[SourceReport]) -> Exit {
        CrawlReport {
            sources: sources.to_vec(),
            ..CrawlReport::default()
        }
        .exit()
    }

    #[test]
    fn the_exit_tells_all_some_and_nothing_apart() {
        let (well, idle, torn) = (
            source(true, 0, 3, 0),
            source(true, 5, 0, 0),
            source(true, 0, 3, 1),
        );
        let (unlisted, all_failed) = (source(false, 0, 0, 1), source(true, 0, 0, 2));
        assert_eq!(exit(&[]), Exit::AllWell);
        assert_eq!(exit(&[well.clone(), idle.clone()]), Exit::AllWell);
        assert_eq!(exit(&[torn]), Exit::SomeFailed);
        assert_eq!(exit(&[idle, unlisted.clone()]), Exit::SomeFailed);
        assert_eq!(exit(&[unlisted, all_failed]), Exit::NothingWorked);
        let broken = CrawlReport {
            sources: vec![well],
            error: Some("disk full".to_owned()),
            ..CrawlReport::default()
        };
        assert_eq!(broken.exit(), Exit::SomeFailed);
    }

    #[test]
    fn a_source_that_keeps_its_pages_back_did_not_work() {
        let page = |kind| NotArticle {
            url: "http://a.example/".to_owned(),
            kind,
            confidence: Confidence::of(1.0),
        };
        let mut report = SourceReport {
            fetched: 4,
            ..source(true, 0, 0, 0)
        };
        report.other(page(PageKind::Index));
        report.other(page(PageKind::Captcha));
        assert_eq!(exit(&[report.clone()]), Exit::AllWell);
        report.other(page(PageKind::NotFound));
        assert_eq!(exit(&[report.clone()]), Exit::NothingWorked);
        report.new = 1;
        assert_eq!(exit(&[report]), Exit::SomeFailed);
    }

    #[test]
    fn what_did_not_come_to_an_end_is_left() {
        let mut report = SourceReport {
            found: 10,
            ..source(true, 2, 3, 1)
        };
        report.close();
        assert_eq!(report.left, 4);
    }

    #[test]
    fn a_failure_does_not_repeat_its_url() {
        let failure = Failure::new(
            "http://a.example/",
            "not_found",
            &"http://a.example/: HTTP status 404",
        );
        assert_eq!(failure.message, "HTTP status 404");
    }
}
