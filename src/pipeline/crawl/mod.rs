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
use crate::config::{Config, Origin, Place};
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
mod watch;

pub use options::{CrawlOptions, CrawlProgress, Stop, fetch_config};
pub use report::{CrawlReport, Exit, Failure, NotArticle, SourceReport, Unfit};

use listing::Listing;
use page::{Read, Shared, What, Worked};
use queue::Queue;
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
        },
        watch: Watch::default(),
        start,
        queue: Queue::new(),
        tasks: JoinSet::new(),
        under_way: FxHashMap::default(),
        seen: FxHashSet::default(),
        unflushed: Vec::new(),
        reports: reports.collect(),
        error: None,
    };
    let stopped = run.work().await;
    run.report(stopped)
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
    /// Works until all is done, the store fails or it is asked to stop, and says whether it was the last.
    async fn work(&mut self) -> bool {
        self.queue_sources();
        let stop = self.options.stop.clone();
        let mut deadline = None;
        while self.error.is_none() {
            if deadline.is_none() {
                self.start_jobs();
            }
            let out_of_time = tokio::time::sleep_until(deadline.unwrap_or_else(tokio::time::Instant::now));
            tokio::select! {
                joined = self.tasks.join_next_with_id() => match joined {
                    Some(Ok((id, done))) => self.settle(id, Ok(done)),
                    Some(Err(error)) => self.settle(error.id(), Err(error)),
                    None => break,
                },
                () = stop.asked(), if deadline.is_none() => {
                    deadline = Some(tokio::time::Instant::now() + STOP_GRACE);
                }
                () = out_of_time, if deadline.is_some() => break,
            }
        }
        self.tasks.abort_all();
        self.flush();
        deadline.is_some()
    }

    fn queue_sources(&mut self) {
        let only = &self.options.sources;
        let sources = self.config.sources.iter();
        if let Some(name) = only
            .iter()
            .find(|name| sources.clone().all(|source| source.name != **name))
        {
            self.error = Some(format!("no source is named `{name}`"));
            return;
        }
        for (index, source) in sources.enumerate() {
            if only.is_empty() || only.contains(&source.name) {
                let lane = match &source.origin {
                    Origin::Feed(Place::Web(url))
                    | Origin::Sitemap(Place::Web(url))
                    | Origin::Section(Place::Web(url)) => host_key(url).to_owned(),
                    _ => local_lane(index),
                };
                self.queue.push(&lane, (index, Job::List));
            }
        }
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
                    let fetcher = Arc::clone(&self.shared.fetcher);
                    let task = self
                        .tasks
                        .spawn(async move { Done::Listed(listing::list(&list, &fetcher).await) });
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

    fn listed(&mut self, source: usize, listing: Result<Listing, Failure>) {
        let Listing { found, bytes } = match listing {
            Ok(listing) => listing,
            Err(failure) => return self.reports[source].fail(failure),
        };
        let report = &mut self.reports[source];
        report.listed = true;
        report.found = found.items.len();
        report.skipped = found.skipped;
        report.notes = found.notes;
        report.bytes += bytes;
        let limit = self.config.sources[source].limit.unwrap_or(usize::MAX);
        let mut pages = 0;
        for item in found.items {
            if pages == limit {
                break;
            }
            match self.is_known(&item.url) {
                Ok(true) => self.reports[source].known += 1,
                Ok(false) => {
                    let lane = if item.file.is_some() {
                        local_lane(source)
                    } else {
                        host_key(&item.url).to_owned()
                    };
                    self.queue.push(&lane, (source, Job::Page(item)));
                    pages += 1;
                }
                Err(error) => return self.store_failed(&error),
            }
        }
        self.progress.source_listed(&self.reports[source].name, pages);
    }

    fn is_known(&mut self, url: &Url) -> Result<bool, StoreError> {
        if !self.seen.insert(url.clone()) {
            return Ok(true);
        }
        if self.options.refresh {
            return Ok(false);
        }
        Ok(self.store.id_of_url(url.as_str())?.is_some() || self.store.other(url.as_str())?.is_some())
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
        self.progress
            .page_done(&self.reports[source].name, url, kind.name());
        self.reports[source].other(page);
        if kind.is_refusal() {
            return;
        }
        if let Err(error) = self.store.put_other(url.as_str(), OtherPage { kind, seen }) {
            self.store_failed(&error);
        }
    }

    fn failed(&mut self, source: usize, url: &Url, failure: Failure) {
        self.progress
            .page_done(&self.reports[source].name, url, failure.kind);
        self.reports[source].fail(failure);
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

    fn report(mut self, stopped: bool) -> CrawlReport {
        self.reports.iter_mut().for_each(SourceReport::close);
        if self.error.is_none()
            && let Err(error) = self
                .watch
                .report(self.store, self.shared.rules, &mut self.reports)
        {
            self.store_failed(&error);
        }
        let only = &self.options.sources;
        self.reports
            .retain(|report| only.is_empty() || only.contains(&report.name));
        CrawlReport {
            sources: self.reports,
            stopped,
            error: self.error,
            seconds: self.start.elapsed().as_secs_f64(),
        }
    }
}

/// The lane of local files: one for each source. No host name has a space.
fn local_lane(source: usize) -> String {
    format!("source {source}")
}
