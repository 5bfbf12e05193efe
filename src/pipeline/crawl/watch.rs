//! Counts how the rules of sites fit the pages of a run, for the rot alarm.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::report::{SourceReport, Unfit};
use crate::pipeline::doctor::{self, DAY_SECONDS, Trouble};
use crate::pipeline::{Fit, LayoutFit};
use crate::rules::Rules;
use crate::store::{LayoutDay, RuleDay, RuleSite, Store, StoreError, note_url};

/// On so many pages of a site and a run the general cleaner is asked, too: enough to see it disagree, too few to be felt.
const ASKED_PER_SITE: u32 = 20;

/// Says on which pages the general cleaner is asked; shared by all workers of a run.
#[derive(Debug, Default)]
pub(super) struct Sampler(Mutex<FxHashMap<String, u32>>);

impl Sampler {
    /// Whether it is asked on this page of a site.
    pub(super) fn takes(&self, site: &str) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match asked.get_mut(site) {
            Some(asked) if *asked >= ASKED_PER_SITE => false,
            Some(asked) => {
                *asked += 1;
                true
            }
            None => asked.insert(site.to_owned(), 1).is_none(),
        }
    }
}

/// The counts of a run that the store does not have yet, and what they were for.
#[derive(Debug, Default)]
pub(super) struct Watch {
    days: BTreeMap<(RuleSite, u32), RuleDay>,
    /// The sources of this run, by their indexes, that had pages of each site and file.
    sources: BTreeMap<RuleSite, BTreeSet<usize>>,
    /// Pages that no layout fitted, by source.
    unfit: BTreeMap<(usize, RuleSite), usize>,
}

impl Watch {
    /// Counts a page of a source, read at this time in seconds since the epoch.
    pub(super) fn add(
        &mut self,
        source: usize,
        (url, read): (&str, i64),
        fit: Fit,
        store: &Store,
    ) -> Result<(), StoreError> {
        let site = RuleSite {
            site: fit.site,
            file: fit.file,
        };
        self.sources.entry(site.clone()).or_default().insert(source);
        let day = u32::try_from(read.div_euclid(DAY_SECONDS)).unwrap_or(0);
        let counts = match self.days.entry((site, day)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let known = store.rule_day(&new.key().0, day)?;
                new.insert(known)
            }
        };
        counts.version = fit.version;
        match fit.layout {
            None => {
                counts.unfit += 1;
                note_url(&mut counts.unfit_urls, url);
            }
            Some(layout) => {
                let name = layout.name.clone();
                add_layout(counts.layouts.entry(name).or_default(), layout, url);
            }
        }
        Ok(())
    }

    /// Counts a page for the report of its source that no layout of its file fitted.
    pub(super) fn add_unfit(&mut self, source: usize, fit: &Fit) {
        let site = RuleSite {
            site: fit.site.clone(),
            file: fit.file.clone(),
        };
        *self.unfit.entry((source, site)).or_default() += 1;
    }

    /// Gives the store what it does not have; durable with its next flush.
    pub(super) fn write(&mut self, store: &Store) -> Result<(), StoreError> {
        for ((site, day), counts) in std::mem::take(&mut self.days) {
            store.put_rule_day(&site, day, &counts)?;
        }
        Ok(())
    }

    /// Adds to the reports of the sources which rules do not fit their pages, and which have stopped working.
    pub(super) fn report(
        &self,
        store: &Store,
        rules: &Rules,
        reports: &mut [SourceReport],
    ) -> Result<(), StoreError> {
        for ((source, site), pages) in &self.unfit {
            reports[*source].unfit.push(Unfit {
                site: site.site.clone(),
                file: site.file.clone(),
                pages: *pages,
            });
        }
        for (site, sources) in &self.sources {
            let troubles: Vec<Trouble> = doctor::examine(site, &store.rule_days(site)?, rules);
            for source in sources {
                reports[*source].troubles.extend(troubles.iter().cloned());
            }
        }
        Ok(())
    }
}

fn add_layout(counts: &mut LayoutDay, layout: LayoutFit, url: &str) {
    counts.pages += 1;
    note_url(&mut counts.urls, url);
    for rule in layout.matched {
        *counts.rules.entry(rule).or_default() += 1;
    }
    counts.log_chars += (layout.body_chars as f64).ln_1p();
    counts.title += u32::from(layout.title);
    counts.authors += u32::from(layout.authors);
    counts.published += u32::from(layout.published);
    if let Some(agreement) = layout.agreement {
        counts.asked += 1;
        counts.agreement += agreement;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_general_cleaner_is_asked_on_the_first_pages_of_each_site() {
        let sampler = Sampler::default();
        let asked = |site: &str| (0..100).filter(|_| sampler.takes(site)).count();
        assert_eq!((asked("a.example"), asked("b.example")), (20, 20));
    }
}
