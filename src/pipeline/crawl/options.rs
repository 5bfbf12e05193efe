//! How to crawl, how to end it early, and who hears of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use url::Url;

use crate::config::Config;
use crate::fetch::FetchConfig;

/// What of a configuration to crawl, and how.
#[derive(Debug, Clone, Default)]
pub struct CrawlOptions {
    /// Names of the sources to crawl; all if empty.
    pub sources: Vec<String>,
    /// Fetch also what the store has, to find revisions.
    pub refresh: bool,
    /// Only sources that are due by their own rhythm.
    pub due: bool,
    /// The time after which the run ends, whatever is left.
    pub budget: Option<Duration>,
    /// Counts as the time at which all pages are read, seconds since the epoch; the clock's where it is `None`.
    pub at: Option<i64>,
    /// Ends the run early.
    pub stop: Stop,
}

/// Asks a run to stop: it starts nothing new, gives what is under way a few seconds, makes the store durable, reports.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Stops when the process is interrupted (Ctrl-C), from now on. To be called inside a tokio runtime.
    pub fn on_interrupt() -> Self {
        let stop = Self::default();
        let asked = stop.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                asked.now();
            }
        });
        stop
    }

    /// Stops the run.
    pub fn now(&self) {
        self.0.send_replace(true);
    }

    /// Waits until it is asked for.
    pub(super) async fn asked(&self) {
        // The sender lives in `self`, so that waiting ends only with the value.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}

/// Hears of a run as it goes on, on the task that crawls: to be quick.
pub trait CrawlProgress: Sync {
    /// A source is being listed.
    fn source_started(&self, _source: &str) {}
    /// A source was listed and has so many pages to fetch.
    fn source_listed(&self, _source: &str, _pages: usize) {}
    /// A page has come to its end: "new", "revised", "duplicate", "unchanged", "thinner", the kind
    /// of a page that is no article, or of its failure.
    fn page_done(&self, _source: &str, _url: &Url, _outcome: &'static str) {}
}

/// Hears nothing.
impl CrawlProgress for () {}

/// How to fetch by a configuration.
pub fn fetch_config(config: &Config) -> FetchConfig {
    FetchConfig {
        user_agent: config.user_agent.clone(),
        pace: config.pace,
        robots: config.robots,
        allow_private: config.allow_private.clone(),
        total_timeout: config.timeout,
        ..FetchConfig::default()
    }
}
