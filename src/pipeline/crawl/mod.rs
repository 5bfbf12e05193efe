//! Stub, replaced at the merge.
#![allow(missing_docs)]
#![expect(clippy::todo, clippy::unused_async, reason = "stub")]
use crate::config::Config;
use crate::rules::Rules;
use crate::store::Store;
use serde::Serialize;
use url::Url;

#[derive(Debug, Clone, Default)]
pub struct CrawlOptions {
    pub sources: Vec<String>,
    pub refresh: bool,
    pub stop: Stop,
}

#[derive(Debug, Clone, Default)]
pub struct Stop;

impl Stop {
    pub fn on_interrupt() -> Self {
        Self
    }
}

pub trait CrawlProgress: Sync {
    fn source_started(&self, _source: &str) {}
    fn source_listed(&self, _source: &str, _pages: usize) {}
    fn page_done(&self, _source: &str, _url: &Url, _outcome: &'static str) {}
}

#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    pub url: String,
    pub kind: &'static str,
    pub message: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct SourceReport {
    pub name: String,
    pub listed: bool,
    pub found: usize,
    pub skipped: usize,
    pub known: usize,
    pub fetched: usize,
    pub new: usize,
    pub revised: usize,
    pub duplicate: usize,
    pub unchanged: usize,
    pub thinner: usize,
    pub failed: usize,
    pub left: usize,
    pub failures: Vec<Failure>,
    pub notes: Vec<String>,
    pub seconds: f64,
    pub bytes: u64,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct CrawlReport {
    pub sources: Vec<SourceReport>,
    pub stopped: bool,
    pub error: Option<String>,
    pub seconds: f64,
}

#[derive(Debug, Clone, Copy)]
pub enum Exit {
    AllWell,
    SomeFailed,
    NothingWorked,
}

impl CrawlReport {
    pub fn exit(&self) -> Exit {
        todo!()
    }
}

pub async fn crawl(
    _config: &Config,
    _rules: &'static Rules,
    _store: &Store,
    _options: &CrawlOptions,
    _progress: &dyn CrawlProgress,
) -> CrawlReport {
    todo!()
}
