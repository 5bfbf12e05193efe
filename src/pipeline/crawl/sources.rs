//! Which sources and pages are worked on, by what earlier runs have left; and what this run leaves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::listing::{Asking, Listing};
use super::report::Failure;
use super::rhythm::{self, Look};
use super::{End, Job, Run, host_key, local_lane};
use crate::config::{Origin, Place, Source};
use crate::discover::Item;
use crate::fetch::Validators;
use crate::store::{SourceState, StoreError};

/// What earlier runs have left of the sources, by their index.
#[derive(Debug)]
pub(super) struct Memory {
    /// The time of the run, seconds since the epoch.
    now: i64,
    sources: Vec<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    state: SourceState,
    /// Its list was asked for.
    looked: bool,
    /// Pages of it are not done although they are counted.
    unfinished: bool,
    /// Another source of the run has listed a page of it before.
    shares: bool,
    /// Until when its host asks not to be asked, where that is why its list could not be read.
    until: Option<i64>,
    kept: BTreeMap<String, Validators>,
    fresh: BTreeMap<String, Validators>,
    max_age: Option<Duration>,
}

impl Memory {
    pub(super) fn new(at: Option<i64>, sources: usize) -> Self {
        let now = at.unwrap_or_else(|| jiff::Timestamp::now().as_second());
        Self {
            now,
            sources: std::iter::repeat_with(Remembered::default)
                .take(sources)
                .collect(),
        }
    }

    /// A page of this source is to be looked at again although it was read.
    pub(super) fn unfinished(&mut self, source: usize) {
        self.sources[source].unfinished = true;
    }
}

/// The list of a source, where it is one on the web.
fn list_url(source: &Source) -> Option<&Url> {
    match &source.origin {
        Origin::Feed(Place::Web(url))
        | Origin::Sitemap(Place::Web(url))
        | Origin::Section(Place::Web(url)) => Some(url),
        _ => None,
    }
}

impl Run<'_> {
    /// Queues the lists of the sources that are asked for and, where only those are wanted, due.
    pub(super) fn queue_sources(&mut self) -> Result<(), StoreError> {
        let only = &self.options.sources;
        let sources = &self.config.sources;
        if let Some(name) = only
            .iter()
            .find(|name| sources.iter().all(|source| source.name != **name))
        {
            self.error = Some(format!("no source is named `{name}`"));
            return Ok(());
        }
        self.store.forget_old_failures(self.memory.now)?;
        for (index, source) in sources.iter().enumerate() {
            if !only.is_empty() && !only.contains(&source.name) {
                continue;
            }
            let list = list_url(source);
            let place = list.map_or("", Url::as_str);
            let known = self.store.source_state(&source.name)?;
            let state = known
                .filter(|state| state.place == place)
                .unwrap_or_else(|| SourceState {
                    place: place.to_owned(),
                    ..SourceState::default()
                });
            let due = rhythm::is_due(&state, self.config, self.memory.now);
            self.memory.sources[index].state = state;
            let host_waits = match list {
                Some(url) => self.host_waits(url)?,
                None => None,
            };
            if let Some(until) = host_waits {
                let until = jiff::Timestamp::from_second(until).unwrap_or_default();
                let note = format!("not asked for: its host told to wait until {until}");
                self.reports[index].notes.push(note);
            }
            if host_waits.is_some() || (self.options.due && !due) {
                self.reports[index].not_due = true;
                continue;
            }
            let lane = list.map_or_else(|| local_lane(index), |url| host_key(url).to_owned());
            self.queue.push(&lane, (index, Job::List));
        }
        Ok(())
    }

    /// Until when the host of a URL asks not to be asked, if that is later than now.
    fn host_waits(&self, url: &Url) -> Result<Option<i64>, StoreError> {
        let until = self.store.host_wait(host_key(url))?;
        Ok(until.filter(|until| *until > self.memory.now))
    }

    /// How to ask for the lists of a source. A run that looks at everything again asks without condition.
    pub(super) fn asking(&mut self, source: usize) -> Asking {
        let remembered = &mut self.memory.sources[source];
        remembered.looked = true;
        let known = if self.options.refresh {
            BTreeMap::new()
        } else {
            let known = remembered.state.validators.clone().into_iter();
            let validators = |(etag, last_modified)| Validators { etag, last_modified };
            known.map(|(url, pair)| (url, validators(pair))).collect()
        };
        Asking {
            fetcher: Arc::clone(&self.shared.fetcher),
            known,
        }
    }

    /// Queues the pages of a list that are not known and not to be left.
    pub(super) fn listed(&mut self, source: usize, listing: Result<Listing, Failure>) {
        let listing = match listing {
            Ok(listing) => listing,
            Err(failure) => {
                self.memory.sources[source].until = failure.until;
                self.note_wait(&failure);
                tracing::info!(
                    url = failure.url,
                    kind = failure.kind,
                    "not listed: {}",
                    failure.message
                );
                return self.reports[source].fail(failure);
            }
        };
        let report = &mut self.reports[source];
        report.listed = true;
        report.not_modified = listing.kept.len();
        report.found = listing.found.items.len();
        report.skipped = listing.found.skipped;
        report.notes.extend(listing.found.notes);
        report.bytes += listing.bytes;
        let remembered = &mut self.memory.sources[source];
        remembered.kept = listing.kept;
        remembered.fresh = listing.fresh;
        remembered.max_age = listing.max_age;
        let report = &self.reports[source];
        let (found, unchanged) = (report.found, report.not_modified);
        tracing::info!(source = report.name, found, unchanged, "listed");
        match self.queue_pages(source, listing.found.items) {
            Ok(pages) => self.progress.source_listed(&self.reports[source].name, pages),
            Err(error) => self.store_failed(&error),
        }
    }

    fn queue_pages(&mut self, source: usize, items: Vec<Item>) -> Result<usize, StoreError> {
        let limit = self.config.sources[source].limit.unwrap_or(usize::MAX);
        let mut pages = 0;
        for item in items {
            if pages == limit {
                break;
            }
            if self.is_known(source, &item.url)? {
                self.reports[source].known += 1;
            } else if self.is_to_wait(&item)? {
                self.reports[source].waiting += 1;
            } else {
                let lane = if item.file.is_some() {
                    local_lane(source)
                } else {
                    host_key(&item.url).to_owned()
                };
                self.queue.push(&lane, (source, Job::Page(item)));
                pages += 1;
            }
        }
        Ok(pages)
    }

    fn is_known(&mut self, source: usize, url: &Url) -> Result<bool, StoreError> {
        if !self.seen.insert(url.clone()) {
            self.memory.sources[source].shares = true;
            return Ok(true);
        }
        if self.options.refresh {
            return Ok(false);
        }
        if self.store.id_of_url(url.as_str())?.is_some() || self.store.other(url.as_str())?.is_some() {
            return Ok(true);
        }
        let unwanted = self
            .store
            .failure(url)?
            .filter(|known| known.kind == UNWANTED && self.config.robots_tags);
        Ok(unwanted.is_some_and(|known| known.next > self.memory.now))
    }

    /// An article that its site asks not to store: its URL is remembered, so that it is looked at again but seldom.
    pub(super) fn unwanted(&mut self, source: usize, url: &Url) {
        let report = &mut self.reports[source];
        report.unwanted += 1;
        self.progress.page_done(&report.name, url, UNWANTED);
        let what = (UNWANTED, "its site asks not to store it");
        if let Err(error) = self.store.put_failure(url, &report.name, what, self.memory.now) {
            self.store_failed(&error);
        }
    }

    /// It failed before and is not due, or its host asks not to be asked. A local file can be read at any time.
    fn is_to_wait(&self, item: &Item) -> Result<bool, StoreError> {
        if item.file.is_some() {
            return Ok(false);
        }
        if self.host_waits(&item.url)?.is_some() {
            return Ok(true);
        }
        let failed = self.store.failure(&item.url)?;
        Ok(!self.options.refresh && failed.is_some_and(|failed| failed.next > self.memory.now))
    }

    /// A page failed. One that was not asked for, as its host asks not to be asked, is left.
    pub(super) fn failed(&mut self, source: usize, url: &Url, failure: Failure) {
        self.progress
            .page_done(&self.reports[source].name, url, failure.kind);
        tracing::info!(%url, kind = failure.kind, "{}", failure.message);
        if failure.kind == NOT_ASKED {
            self.reports[source].waiting += 1;
            return;
        }
        self.note_wait(&failure);
        let (name, what) = (
            &self.reports[source].name,
            (failure.kind, failure.message.as_str()),
        );
        if let Err(error) = self.store.put_failure(url, name, what, self.memory.now) {
            self.store_failed(&error);
        }
        self.reports[source].fail(failure);
    }

    /// A page came to an end: it is no failure any more.
    pub(super) fn ended(&mut self, url: &Url) {
        if let Err(error) = self.store.clear_failure(url) {
            self.store_failed(&error);
        }
    }

    /// Remembers that a host asks not to be asked.
    fn note_wait(&mut self, failure: &Failure) {
        if let (Some(until), Ok(url)) = (failure.until, Url::parse(&failure.url))
            && let Err(error) = self.store.put_host_wait(host_key(&url), until)
        {
            self.store_failed(&error);
        }
    }

    /// Plans the next look at each source. The validators of a list are kept only when all its pages are done: one that is
    /// answered with "not modified" names none of them.
    pub(super) fn remember(&mut self, end: End) -> Result<(), StoreError> {
        let whole: Vec<bool> = (self.reports.iter().zip(&self.memory.sources))
            .map(|(report, known)| {
                report.left + report.failed == 0 && !known.unfinished && end == End::Through
            })
            .collect();
        let all_whole = whole.iter().all(|whole| *whole);
        let run = self.memory.sources.iter_mut().zip(&self.reports).zip(whole);
        for ((known, report), whole) in run.filter(|((known, _), _)| known.looked) {
            if !report.listed && report.failed == 0 {
                // It was under way when the run ended.
                continue;
            }
            let look = match (report.listed, report.left > report.waiting) {
                (false, _) => Look::Failed { until: known.until },
                (true, true) => Look::Unfinished,
                (true, false) => Look::Done {
                    anything_new: report.new + report.revised > 0,
                },
            };
            let mut validators = std::mem::take(&mut known.kept);
            if whole && (all_whole || !known.shares) {
                validators.extend(std::mem::take(&mut known.fresh));
            }
            let pairs = validators
                .into_iter()
                .map(|(url, known)| (url, (known.etag, known.last_modified)));
            if report.listed {
                known.state.validators = pairs.collect();
            }
            rhythm::plan(
                &mut known.state,
                look,
                known.max_age,
                self.config,
                self.memory.now,
            );
            self.store.put_source_state(&report.name, &known.state)?;
        }
        Ok(())
    }
}

/// What a page is that its site asks not to store.
const UNWANTED: &str = "noindex";

/// The kind of failure of a page that was not asked for.
const NOT_ASKED: &str = "host_waits";
