//! A file whose rules have stopped working to one that works again, learned from the pages that the store has.

use super::{Trouble, TroubleKind};
use crate::article::PageDate;
use crate::diff::{Edit, diff};
use crate::fetch::Page;
use crate::fixture::Fixture;
use crate::learn::{LearnError, LearnedPage, Proposal};
use crate::pipeline::{Options, clean_and_fit, fixtures, learn_site};
use crate::rules::{Rules, SiteRules, SourceFile, with_layouts_above};
use crate::store::{Query, Store, StoreError};

/// From so many pages a file is learned: enough to tell what varies.
const LEARNED_FROM: usize = 12;

/// The most tests of a new file: they are to show that it works, not to repeat what it was learned from.
const TESTS: usize = 3;

/// So many of the site's newest articles are looked through for pages to learn from.
const LOOKED_THROUGH: usize = 1_000;

/// A file that is to replace the present one.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The present file, as it was loaded.
    pub file: String,
    /// Its folder and name, as "sites/example.org.toml".
    pub name: String,
    /// The text of the new file: the present one with layouts above its own. Of a publishing system's file it is a new file for
    /// the site alone.
    pub text: String,
    /// The same with tests of the new layouts.
    pub tested: String,
    /// The lines of the new file without tests, each after `+` where the present one does not have it, ` ` where it does; what only that has
    /// after `-`.
    pub diff: Vec<String>,
    /// The names of the new layouts.
    pub layouts: Vec<String>,
    /// What was learned.
    pub proposal: Proposal,
    /// Pages that it was learned from, and how many of them a layout of the new file fits.
    pub pages: usize,
    /// Those that fit.
    pub fitting: usize,
    /// The pages of the new tests.
    pub fixtures: Vec<(LearnedPage, Fixture)>,
}

/// Why there is no proposal.
#[derive(Debug, thiserror::Error)]
pub enum ProposeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing was learned.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// The present file is not there any more, or what was learned does not go into it.
    #[error("{file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

/// Learns a file for the site of these troubles, which are all of one file and at least one, from its newest stored pages since
/// they began.
///
/// # Errors
/// The store cannot be read, or nothing can be learned from its pages.
pub fn propose(store: &Store, troubles: &[Trouble], rules: &Rules) -> Result<Repair, ProposeError> {
    let wrong = |file: &str, reason: &str| ProposeError::File {
        file: file.to_owned(),
        reason: reason.to_owned(),
    };
    let first = troubles.first().ok_or_else(|| wrong("", "nothing is wrong"))?;
    let file = rules.files().iter().find(|file| file.file == first.file);
    let file = file.ok_or_else(|| wrong(&first.file, "there is no such file"))?;
    let pages = pages(store, troubles)?;
    let mut proposal = learn_site(&pages, rules)?;
    proposal.set_tests(&[]).map_err(LearnError::Refused)?;
    let (name, text, layouts) = grown(file, &proposal, since(troubles));
    proposal.pages.truncate(TESTS);
    let fixtures = fixtures(&mut proposal, &pages)?;
    let (_, tested, _) = grown(file, &proposal, since(troubles));
    let source = SourceFile::new(&name, tested.clone());
    let repaired = Rules::with_site(source).map_err(|error| wrong(&name, &error.to_string()))?;
    let fits = |page: &&Page| {
        let (_, fit, _) = clean_and_fit(page, &repaired, Options::default(), |_| false);
        let layout = fit.and_then(|fit| fit.layout);
        layout.is_some_and(|layout| layouts.contains(&layout.name))
    };
    Ok(Repair {
        file: file.file.clone(),
        diff: marked(&file.text, &text),
        fitting: pages.iter().filter(fits).count(),
        pages: pages.len(),
        name,
        text,
        tested,
        layouts,
        proposal,
        fixtures,
    })
}

/// The new file: its name, its text, and the names of the new layouts.
fn grown(file: &SiteRules, proposal: &Proposal, since: &str) -> (String, String, Vec<String>) {
    let names: Vec<&str> = proposal
        .layouts
        .iter()
        .map(|layout| layout.name.as_str())
        .collect();
    if file.hosts.is_empty() {
        let names = names.into_iter().map(ToOwned::to_owned).collect();
        return (proposal.file_name(), proposal.text.clone(), names);
    }
    let (text, names) = with_layouts_above(file, &proposal.text, &names, since);
    (file.short_name(), text, names)
}

fn marked(present: &str, new: &str) -> Vec<String> {
    let [present, new] = [present, new].map(|text| text.lines().collect::<Vec<_>>());
    let edits = diff(&present, &new).into_iter();
    edits
        .map(|edit| match edit {
            Edit::Same(line) => format!(" {line}"),
            Edit::Removed(line) => format!("-{line}"),
            Edit::Added(line) => format!("+{line}"),
        })
        .collect()
}

/// The first day on which pages were not as the rules expect.
fn since(troubles: &[Trouble]) -> &str {
    let days = troubles.iter().map(|trouble| trouble.since.as_str());
    days.min().unwrap_or_default()
}

/// The newest stored pages since then; where no layout fits any more, those of them that none does.
fn pages(store: &Store, troubles: &[Trouble]) -> Result<Vec<Page>, StoreError> {
    let since = PageDate::parse(since(troubles)).map_or(0, |day| day.epoch_seconds());
    let unfit_alone = troubles.iter().any(|trouble| trouble.kind == TroubleKind::Layout);
    let query = Query {
        site: troubles.first().map(|trouble| trouble.site.clone()),
        limit: Some(LOOKED_THROUGH),
        ..Query::default()
    };
    let mut pages = Vec::new();
    for stored in store.query(&query) {
        // One article that cannot be read is no reason to learn nothing from the others.
        let Ok(stored) = stored else { continue };
        if stored.fetched < since || (unfit_alone && stored.article.layout.is_some()) {
            continue;
        }
        let Ok(url) = stored.article.url.parse() else {
            continue;
        };
        if let Some((_, Some(page))) = store.get_with_page(stored.id)? {
            pages.push(Page {
                url,
                content_type: page.content_type,
                body: page.body,
                fetched: stored.fetched,
            });
        }
        if pages.len() == LEARNED_FROM {
            break;
        }
    }
    Ok(pages)
}
