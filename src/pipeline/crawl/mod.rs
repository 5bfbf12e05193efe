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
use crate::store::{OtherPage, Outcome, RawPage, SourceState, Store, StoreError};

mod again;
mod listing;
mod options;
mod page;
mod queue;
mod report;
mod watch;

pub use again::GIVE_UP_AFTER;
pub use options::{CrawlOptions, CrawlProgress, Stop, fetch_config};
pub use report::{CrawlReport, Exit, Failure, NotArticle, SourceReport, Unfit};

use again::Try;
use listing::{Fresh, Listing};
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
        looks: vec![Look::default(); config.sources.len()],
        busy: FxHashSet::default(),
        error: None,
    };
    let end = run.work().await;
    run.report(end)
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

/// What is known of the time of a source.
#[derive(Debug, Clone, Default)]
struct Look {
    /// It was begun.
    begun: bool,
    before: Option<SourceState>,
    fresh: Option<Fresh>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Through,
    Stopped,
    OutOfBudget,
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
    /// When each source was and is to be looked at.
    looks: Vec<Look>,
    /// Hosts that asked to be left alone.
    busy: FxHashSet<String>,
    error: Option<String>,
}

impl Run<'_> {
    /// Works until all is done, the store fails, it is asked to stop or its time is over.
    async fn work(&mut self) -> End {
        if let Err(error) = self.queue_sources() {
            self.store_failed(&error);
        }
        let stop = self.options.stop.clone();
        let mut deadline = None;
        let mut end = End::Through;
        let budget = self.options.budget.unwrap_or(Duration::MAX);
        let budget = tokio::time::sleep(budget);
        tokio::pin!(budget);
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
                    end = End::Stopped;
                }
                () = &mut budget, if deadline.is_none() => {
                    deadline = Some(tokio::time::Instant::now() + STOP_GRACE);
                    end = End::OutOfBudget;
                }
                () = out_of_time, if deadline.is_some() => break,
            }
        }
        self.tasks.abort_all();
        self.flush();
        end
    }

    /// The time that pages and sources are judged by, seconds since the epoch.
    fn now(&self) -> i64 {
        self.options
            .at
            .unwrap_or_else(|| jiff::Timestamp::now().as_second())
    }

    fn queue_sources(&mut self) -> Result<(), StoreError> {
        let only = &self.options.sources;
        let sources = self.config.sources.iter();
        if let Some(name) = only
            .iter()
            .find(|name| sources.clone().all(|source| source.name != **name))
        {
            self.error = Some(format!("no source is named `{name}`"));
            return Ok(());
        }
        let now = self.now();
        for (index, source) in sources.enumerate() {
            let state = self.store.source_state(&source.name)?;
            let due = !self.options.due || state.as_ref().is_none_or(|state| state.due <= now);
            if due && (only.is_empty() || only.contains(&source.name)) {
                self.looks[index] = Look {
                    begun: true,
                    before: state,
                    fresh: None,
                };
                let lane = match &source.origin {
                    Origin::Feed(Place::Web(url))
                    | Origin::Sitemap(Place::Web(url))
                    | Origin::Section(Place::Web(url)) => host_key(url).to_owned(),
                    _ => local_lane(index),
                };
                self.queue.push(&lane, (index, Job::List));
            }
        }
        Ok(())
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
                    // Who asks for everything again also takes a list that has not changed.
                    let before = self.looks[source].before.as_ref();
                    let known = before
                        .filter(|_| !self.options.refresh)
                        .and_then(again::validators);
                    let task = self.tasks.spawn(async move {
                        Done::Listed(listing::list(&list, &fetcher, known.as_ref()).await)
                    });
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
        let Listing {
            found,
            bytes,
            not_modified,
            fresh,
        } = match listing {
            Ok(listing) => listing,
            Err(failure) => return self.reports[source].fail(failure),
        };
        self.looks[source].fresh = fresh;
        let now = self.now();
        let report = &mut self.reports[source];
        report.listed = true;
        report.not_modified = not_modified;
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
            match self.is_wanted(&item.url, now) {
                Ok(Try::Never) => self.reports[source].known += 1,
                Ok(Try::Later) => self.reports[source].later += 1,
                Ok(Try::Now) => {
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

    /// Whether a page is to be fetched: it is not known, and if it failed before, its time has come again.
    fn is_wanted(&mut self, url: &Url, now: i64) -> Result<Try, StoreError> {
        if !self.seen.insert(url.clone()) {
            return Ok(Try::Never);
        }
        if self.options.refresh {
            return Ok(Try::Now);
        }
        if self.store.id_of_url(url.as_str())?.is_some() || self.store.other(url.as_str())?.is_some() {
            return Ok(Try::Never);
        }
        again::try_again(self.store, url, now)
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
        if !matches!(found, What::Unclean(_))
            && let Err(error) = self.forget_failure(url)
        {
            return self.store_failed(&error);
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

    fn forget_failure(&self, url: &Url) -> Result<(), StoreError> {
        match self.store.failure(url)? {
            Some(_) => self.store.remove_failure(url),
            None => Ok(()),
        }
    }

    fn failed(&mut self, source: usize, url: &Url, failure: Failure) {
        self.progress
            .page_done(&self.reports[source].name, url, failure.kind);
        // That a server wants to be left alone is no fault of the page; it is said once for each host.
        if failure.retry_after.is_some() {
            if self.busy.insert(host_key(url).to_owned()) {
                self.reports[source].fail(failure);
            }
            return;
        }
        let name = &self.config.sources[source].name;
        if let Err(error) = again::remember(self.store, name, (url, &failure), self.now()) {
            self.store_failed(&error);
        }
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

    /// Remembers when each source that was begun is to be looked at again.
    fn remember_looks(&mut self) -> Result<(), StoreError> {
        let now = self.now();
        for (look, report) in self.looks.iter_mut().zip(&self.reports) {
            // One that the run did not come to is due as before.
            if look.begun && (report.listed || report.failed > 0) {
                let state = again::next_state(look.before.take(), report, look.fresh.take(), now);
                self.store.put_source_state(&report.name, &state)?;
            }
        }
        self.store.forget_old_failures(now)?;
        self.store.flush()
    }

    fn report(mut self, end: End) -> CrawlReport {
        self.reports.iter_mut().for_each(SourceReport::close);
        if self.error.is_none()
            && let Err(error) = self.remember_looks()
        {
            self.store_failed(&error);
        }
        if self.error.is_none()
            && let Err(error) = self
                .watch
                .report(self.store, self.shared.rules, &mut self.reports)
        {
            self.store_failed(&error);
        }
        let mut looks = self.looks.iter();
        self.reports
            .retain(|_| looks.next().is_some_and(|look| look.begun));
        CrawlReport {
            sources: self.reports,
            stopped: end == End::Stopped,
            out_of_budget: end == End::OutOfBudget,
            error: self.error,
            seconds: self.start.elapsed().as_secs_f64(),
        }
    }
}

/// The lane of local files: one for each source. No host name has a space.
fn local_lane(source: usize) -> String {
    format!("source {source}")
}
