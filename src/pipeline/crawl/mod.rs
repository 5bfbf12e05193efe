//! A whole run: sources to articles in the store.
//!
//! Each source is listed, what the store knows is dropped, the rest is fetched, cleaned and stored. Hosts are worked on
//! at the same time, the pages of one host one after another; local pages of one source, too, so that a run over the
//! same files gives the same store. One task alone stores, in groups that are made durable together; an article counts
//! in the report only then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::task::JoinSet;
use url::Url;

use crate::article::Article;
use crate::config::Config;
use crate::discover::Item;
use crate::fetch::{Fetcher, Page, host_key};
use crate::pipeline::Options;
use crate::rules::Rules;
use crate::store::{OtherPage, Outcome, RawPage, Store, StoreError};

mod listing;
mod options;
mod page;
mod queue;
mod report;
mod rhythm;
mod sources;
mod watch;

pub use options::{CrawlOptions, CrawlProgress, Stop, fetch_config};
pub use report::{CrawlReport, Exit, Failure, NotArticle, SourceReport, Unfit};

use listing::Listing;
use page::{Read, Shared, What, Worked};
use queue::Queue;
use sources::Memory;
use watch::Watch;

/// After how many articles the store is made durable. A kill costs at most so many fetches.
const FLUSH_EVERY: usize = 32;

/// How long pages that are under way may take after the run is asked to stop.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// Crawls the sources of a configuration into a store. Never fails as a whole without saying so in the report.
///
/// Storing blocks the task that awaits this for milliseconds at a time.
pub async fn crawl(
    config: &Config,
    rules: &'static Rules,
    store: &Store,
    options: &CrawlOptions,
    progress: &dyn CrawlProgress,
) -> CrawlReport {
    let start = Instant::now();
    let fetcher = match Fetcher::new(fetch_config(config)) {
        Ok(fetcher) => Arc::new(fetcher),
        Err(error) => {
            return CrawlReport {
                error: Some(error.to_string()),
                ..CrawlReport::default()
            };
        }
    };
    let reports = config.sources.iter().map(|source| SourceReport {
        name: source.name.clone(),
        ..Default::default()
    });
    let mut run = Run {
        config,
        store,
        options,
        progress,
        shared: Shared {
            fetcher,
            rules,
            options: Options {
                favor: config.favor,
                ..Options::default()
            },
            sampler: Arc::default(),
            at: options.at,
            robots_tags: config.robots_tags,
        },
        watch: Watch::default(),
        memory: Memory::new(options.at, config.sources.len()),
        start,
        queue: Queue::new(),
        tasks: JoinSet::new(),
        under_way: FxHashMap::default(),
        seen: FxHashSet::default(),
        unflushed: Vec::new(),
        reports: reports.collect(),
        error: None,
    };
    let end = run.work().await;
    run.report(end)
}

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All was done, or the store failed.
    Through,
    /// It was asked to stop.
    Stopped,
    /// Its time was over.
    OutOfTime,
}

/// Something to do for a source, by its index.
#[derive(Debug)]
enum Job {
    List,
    Page(Item),
}

/// What a task comes back with.
enum Done {
    Listed(Result<Listing, Failure>),
    Worked(Worked),
}

struct UnderWay {
    lane: String,
    source: usize,
    url: Option<Url>,
}

struct Run<'a> {
    config: &'a Config,
    store: &'a Store,
    options: &'a CrawlOptions,
    progress: &'a dyn CrawlProgress,
    shared: Shared,
    /// How the rules fit the pages.
    watch: Watch,
    /// What earlier runs have left, and what this one leaves.
    memory: Memory,
    start: Instant,
    queue: Queue<(usize, Job)>,
    tasks: JoinSet<Done>,
    under_way: FxHashMap<tokio::task::Id, UnderWay>,
    /// URLs that a source of this run has listed.
    seen: FxHashSet<Url>,
    /// Stored, but not yet durable.
    unflushed: Vec<(usize, Outcome)>,
    reports: Vec<SourceReport>,
    error: Option<String>,
}

impl Run<'_> {
    /// Works until all is done, the store fails, its time is over or it is asked to stop.
    async fn work(&mut self) -> End {
        if let Err(error) = self.queue_sources() {
            self.store_failed(&error);
        }
        let stop = self.options.stop.clone();
        let budget = self.options.budget;
        let last_start = budget.map(|budget| budget.saturating_sub(STOP_GRACE).max(budget / 2));
        let begin = tokio::time::Instant::from_std(self.start);
        let at = |time: Option<Duration>| time.and_then(|time| begin.checked_add(time));
        let (no_more, over) = (at(last_start), at(budget));
        let mut end = End::Through;
        let mut deadline = None;
        while self.error.is_none() {
            if deadline.is_none() {
                self.start_jobs();
            }
            let out_of_grace = tokio::time::sleep_until(deadline.unwrap_or(begin));
            let out_of_time = tokio::time::sleep_until(no_more.unwrap_or(begin));
            tokio::select! {
                joined = self.tasks.join_next_with_id() => match joined {
                    Some(Ok((id, done))) => self.settle(id, Ok(done)),
                    Some(Err(error)) => self.settle(error.id(), Err(error)),
                    None => break,
                },
                () = stop.asked(), if deadline.is_none() => {
                    end = End::Stopped;
                    deadline = Some(tokio::time::Instant::now() + STOP_GRACE);
                }
                () = out_of_time, if no_more.is_some() && deadline.is_none() => {
                    end = End::OutOfTime;
                    deadline = over;
                }
                () = out_of_grace, if deadline.is_some() => break,
            }
        }
        self.tasks.abort_all();
        self.flush();
        end
    }

    fn start_jobs(&mut self) {
        while self.tasks.len() < self.config.concurrency {
            let Some((lane, (source, job))) = self.queue.next() else {
                return;
            };
            let (url, task) = match job {
                Job::List => {
                    self.progress.source_started(&self.reports[source].name);
                    let list = self.config.sources[source].clone();
                    let asking = self.asking(source);
                    let task = self
                        .tasks
                        .spawn(async move { Done::Listed(listing::list(&list, &asking).await) });
                    (None, task)
                }
                Job::Page(item) => {
                    let (url, shared) = (item.url.clone(), self.shared.clone());
                    let task = self
                        .tasks
                        .spawn(async move { Done::Worked(page::fetch_and_clean(item, shared).await) });
                    (Some(url), task)
                }
            };
            self.under_way.insert(task.id(), UnderWay { lane, source, url });
        }
    }

    fn settle(&mut self, id: tokio::task::Id, done: Result<Done, tokio::task::JoinError>) {
        let Some(UnderWay { lane, source, url }) = self.under_way.remove(&id) else {
            return;
        };
        self.queue.done(&lane);
        match (done, url) {
            (Ok(Done::Listed(listing)), _) => self.listed(source, listing),
            (Ok(Done::Worked(worked)), Some(url)) => self.worked(source, &url, worked),
            (Ok(Done::Worked(_)), None) => {}
            (Err(error), Some(url)) => self.failed(source, &url, Failure::new(url.as_str(), "panic", &error)),
            (Err(error), None) => {
                let name = self.reports[source].name.clone();
                self.reports[source].fail(Failure::new(&name, "panic", &error));
            }
        }
        self.reports[source].seconds = self.start.elapsed().as_secs_f64();
    }

    fn worked(&mut self, source: usize, url: &Url, worked: Worked) {
        let Read {
            bytes,
            at,
            fit,
            found,
        } = match worked {
            Worked::Unread(failure) => return self.failed(source, url, failure),
            Worked::Read(read) => *read,
        };
        let report = &mut self.reports[source];
        report.fetched += 1;
        report.bytes += bytes;
        if let Some(fit) = fit {
            if fit.layout.is_none() && fit.is_meant && !matches!(found, What::Other(_)) {
                self.watch.add_unfit(source, &fit);
            }
            if let Err(error) = self.watch.add(source, (url.as_str(), at), fit, self.store) {
                return self.store_failed(&error);
            }
        }
        match found {
            What::Unclean(failure) => self.failed(source, url, failure),
            What::Other(page) => self.not_article(source, url, page, at),
            What::Unwanted => self.unwanted(source, url),
            What::Clean(article, page) => self.article(source, url, *article, &page),
        }
    }

    fn article(&mut self, source: usize, url: &Url, mut article: Article, page: &Page) {
        let raw = RawPage {
            body: &page.body,
            content_type: page.content_type.as_deref(),
        };
        let stored = self.store.put(&article, raw, page.fetched).and_then(|outcome| {
            if page.url != *url {
                // The list names a URL that redirects: with it as a sighting the next run knows the article.
                url.as_str().clone_into(&mut article.url);
                self.store.put(&article, raw, page.fetched)?;
            }
            Ok(outcome)
        });
        match stored {
            Ok(outcome) => {
                self.ended(url);
                tracing::info!(%url, "{}", report::word(outcome));
                self.unflushed.push((source, outcome));
                self.progress
                    .page_done(&self.reports[source].name, url, report::word(outcome));
                if self.unflushed.len() >= FLUSH_EVERY {
                    self.flush();
                }
            }
            Err(error) => self.store_failed(&error),
        }
    }

    /// Reports a page that is no article, and remembers it where it will never be one.
    fn not_article(&mut self, source: usize, url: &Url, page: NotArticle, seen: i64) {
        let kind = page.kind;
        tracing::info!(%url, "no article: {}", kind.name());
        self.progress
            .page_done(&self.reports[source].name, url, kind.name());
        self.reports[source].other(page);
        if kind.is_refusal() {
            self.memory.unfinished(source);
            return;
        }
        self.ended(url);
        if let Err(error) = self.store.put_other(url.as_str(), OtherPage { kind, seen }) {
            self.store_failed(&error);
        }
    }

    /// Makes durable what was stored, and only then counts it.
    fn flush(&mut self) {
        match self.watch.write(self.store).and_then(|()| self.store.flush()) {
            Ok(()) => {
                for (source, outcome) in self.unflushed.drain(..) {
                    self.reports[source].count(outcome);
                }
            }
            Err(error) => self.store_failed(&error),
        }
    }

    fn store_failed(&mut self, error: &StoreError) {
        self.error.get_or_insert_with(|| error.to_string());
    }

    fn report(mut self, end: End) -> CrawlReport {
        self.reports.iter_mut().for_each(SourceReport::close);
        if self.error.is_none()
            && let Err(error) = self
                .remember(end)
                .and_then(|()| self.store.flush())
                .and_then(|()| {
                    self.watch
                        .report(self.store, self.shared.rules, &mut self.reports)
                })
        {
            self.store_failed(&error);
        }
        let only = &self.options.sources;
        self.reports
            .retain(|report| only.is_empty() || only.contains(&report.name));
        CrawlReport {
            sources: self.reports,
            stopped: end == End::Stopped,
            out_of_time: end == End::OutOfTime,
            error: self.error,
            seconds: self.start.elapsed().as_secs_f64(),
        }
    }
}

/// The lane of local files: one for each source. No host name has a space.
fn local_lane(source: usize) -> String {
    format!("source {source}")
}
