//! A desk: configuration, sources and store in a directory of their own.

use std::path::PathBuf;

use copydesk::config::Config;
use copydesk::pipeline::crawl::{CrawlOptions, CrawlProgress, CrawlReport, SourceReport, crawl};
use copydesk::rules::Rules;
use copydesk::store::{Query, Store};

use super::server::Server;

/// A configuration in a directory of its own, with its store.
pub struct Desk {
    dir: tempfile::TempDir,
    /// Its configuration.
    pub config: PathBuf,
}

impl Desk {
    /// With these `[[source]]`s.
    pub fn new(sources: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("copydesk.toml");
        let head = "pace = '0s'\ntimeout = '2s'\nallow_private = ['127.0.0.1']\nstore = 'store'\n";
        std::fs::write(&config, format!("{head}{sources}")).unwrap();
        Self { dir, config }
    }

    /// With the feed of a server.
    pub fn with_feed(server: &Server) -> Self {
        Self::new(&format!(
            "[[source]]\nname = 'feed'\nfeed = '{}'\n",
            server.url("/feed")
        ))
    }

    /// A file beside the configuration.
    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    /// Writes a file beside the configuration.
    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Its store.
    pub fn store(&self) -> Store {
        Store::open(&self.path("store")).unwrap()
    }

    /// Crawls, and sees that no page vanished.
    pub async fn crawl_with(&self, options: &CrawlOptions, progress: &dyn CrawlProgress) -> CrawlReport {
        self.crawl_by(Rules::builtin(), options, progress).await
    }

    /// Crawls by these rules, and sees that no page vanished.
    pub async fn crawl_by(
        &self,
        rules: &'static Rules,
        options: &CrawlOptions,
        progress: &dyn CrawlProgress,
    ) -> CrawlReport {
        let config = Config::load(&self.config).unwrap();
        let report = crawl(&config, rules, &self.store(), options, progress).await;
        report.sources.iter().for_each(adds_up);
        report
    }

    /// Crawls all sources.
    pub async fn crawl(&self) -> CrawlReport {
        self.crawl_with(&CrawlOptions::default(), &()).await
    }

    /// The URLs of all stored articles, sorted.
    pub fn urls(&self) -> Vec<String> {
        let mut urls: Vec<_> = self
            .store()
            .query(&Query::default())
            .map(|row| row.unwrap().article.url)
            .collect();
        urls.sort();
        urls
    }
}

/// No page vanishes: what was found is what came to an end, one way or another.
fn adds_up(report: &SourceReport) {
    let ends = report.known + report.left + report.new + report.revised + report.duplicate;
    let ends = ends
        + report.unchanged
        + report.thinner
        + report.not_article
        + report.unwanted
        + if report.listed { report.failed } else { 0 };
    assert_eq!(report.found, ends, "{report:?}");
    assert_eq!(report.failed, report.failures.len());
    assert_eq!(report.not_article, report.not_articles.len());
}
