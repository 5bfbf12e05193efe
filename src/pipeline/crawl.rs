//! Stub, replaced at the merge.
#![expect(clippy::todo, clippy::unused_async, reason = "stub")]
use crate::config::Config;
use crate::rules::Rules;
use crate::store::Store;

/// Stub.
#[derive(Debug, Clone, Default)]
pub struct CrawlOptions {
    /// Stub.
    pub sources: Vec<String>,
}

/// Stub.
pub trait CrawlProgress: Sync {
    /// Stub.
    fn source_started(&self, _name: &str, _pages: usize) {}
    /// Stub.
    fn page_done(&self, _name: &str) {}
}

/// Stub.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Failure {
    /// Stub.
    pub url: String,
    /// Stub.
    pub kind: String,
    /// Stub.
    pub message: String,
}

/// Stub.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct SourceReport {
    /// Stub.
    pub name: String,
    /// Stub.
    pub found: u64,
    /// Stub.
    pub known: u64,
    /// Stub.
    pub fetched: u64,
    /// Stub.
    pub new: u64,
    /// Stub.
    pub revised: u64,
    /// Stub.
    pub duplicate: u64,
    /// Stub.
    pub unchanged: u64,
    /// Stub.
    pub failed: u64,
    /// Stub.
    pub failures: Vec<Failure>,
    /// Stub.
    pub seconds: f64,
    /// Stub.
    pub bytes: u64,
}

/// Stub.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct CrawlReport {
    /// Stub.
    pub sources: Vec<SourceReport>,
}

/// Stub.
pub async fn crawl(
    _config: &Config,
    _rules: &Rules,
    _store: &Store,
    _options: &CrawlOptions,
    _progress: &dyn CrawlProgress,
) -> CrawlReport {
    todo!()
}
