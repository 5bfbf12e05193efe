//! A source to the articles that it lists.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::report::Failure;
use crate::config::{Origin, Place, Source};
use crate::decode::decode;
use crate::discover::{self, DiscoverError, Found, Item, MAX_ITEMS, Saved, Sitemap};
use crate::fetch::{Fetcher, Listed, Page, Validators, read_file};

/// How deep a sitemap index may name others. The standard permits none below an index; sites have one.
const MAX_SITEMAP_DEPTH: usize = 3;

/// How many sitemaps of one source are read. Large sites list one for each day of decades, the newest are read first.
const MAX_SITEMAPS: usize = 50;

/// What a source lists, and what reading it took.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The articles.
    pub(super) found: Found,
    /// Bytes of the lists.
    pub(super) bytes: u64,
    /// To ask the lists with next time that were not sent again, by their URL.
    pub(super) kept: BTreeMap<String, Validators>,
    /// To ask the lists with next time that were read, by their URL.
    pub(super) fresh: BTreeMap<String, Validators>,
    /// How long the server calls the list fresh, if it says so.
    pub(super) max_age: Option<Duration>,
}

/// How to ask for the lists of a source.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) fetcher: Arc<Fetcher>,
    /// What the servers gave with their lists in an earlier run, by their URL.
    pub(super) known: BTreeMap<String, Validators>,
}

/// Reads the list of a source.
pub(super) async fn list(source: &Source, asking: &Asking) -> Result<Listing, Failure> {
    match &source.origin {
        Origin::Feed(place) => match List::load(place, source, asking).await? {
            Loaded::Unchanged(listing) => Ok(listing),
            Loaded::List(list) => list.read(|page, base| discover::feed(&page.body, base)).await,
        },
        Origin::Section(place) => match List::load(place, source, asking).await? {
            Loaded::Unchanged(listing) => Ok(listing),
            Loaded::List(list) => list.read(|page, base| discover::section(&text(page), base)).await,
        },
        Origin::Sitemap(place) => sitemaps(place, source, asking).await,
        Origin::Pages(places) => {
            let items: Vec<_> = places.iter().filter_map(|place| single(place, source)).collect();
            let skipped = places.len() - items.len();
            Ok(Listing {
                found: Found {
                    items,
                    skipped,
                    ..Found::default()
                },
                ..Listing::default()
            })
        }
        Origin::Dir(path) => {
            let (dir, base) = (path.clone(), source.base_url.clone());
            let found = off_thread(path.display().to_string(), move || {
                discover::dir(&dir, base.as_ref())
            })
            .await?;
            Ok(Listing {
                found,
                ..Listing::default()
            })
        }
    }
}

/// One list as it was read, and what its links mean.
struct List {
    page: Page,
    base: Url,
    saved: Option<Saved>,
    /// What the server said of it, but for what it holds.
    said: Listing,
}

/// A list, unless it is what it was.
enum Loaded {
    Unchanged(Listing),
    List(Box<List>),
}

impl List {
    async fn load(place: &Place, source: &Source, asking: &Asking) -> Result<Loaded, Failure> {
        match place {
            Place::Web(url) => {
                let name = url.as_str();
                let known = asking.known.get(name).cloned().unwrap_or_default();
                let listed = asking.fetcher.get_listing_if_changed(url, &known).await;
                match listed.map_err(|error| Failure::of_fetch(name, &error))? {
                    Listed::NotModified { max_age } => Ok(Loaded::Unchanged(Listing {
                        kept: BTreeMap::from([(name.to_owned(), known)]),
                        max_age,
                        ..Listing::default()
                    })),
                    Listed::Page {
                        page,
                        validators,
                        max_age,
                        ..
                    } => {
                        let mut said = Listing {
                            max_age,
                            ..Listing::default()
                        };
                        if !validators.is_empty() {
                            said.fresh.insert(name.to_owned(), validators);
                        }
                        Ok(Loaded::List(Box::new(Self {
                            base: page.url.clone(),
                            page: *page,
                            saved: None,
                            said,
                        })))
                    }
                }
            }
            Place::File(path) => {
                let name = path.display().to_string();
                let file = path.clone();
                let page = tokio::task::spawn_blocking(move || read_file(&file)).await;
                let page = page.map_err(|error| Failure::new(&name, "panic", &error))?;
                let page = page.map_err(|error| Failure::of_fetch(&name, &error))?;
                let saved = saved_around(path, source);
                let base = saved
                    .as_ref()
                    .and_then(|saved| saved.url_of(path))
                    .unwrap_or_else(|| page.url.clone());
                Ok(Loaded::List(Box::new(Self {
                    page,
                    base,
                    saved,
                    said: Listing::default(),
                })))
            }
        }
    }

    async fn read<F>(self: Box<Self>, parse: F) -> Result<Listing, Failure>
    where
        F: FnOnce(&Page, &Url) -> Result<Found, DiscoverError> + Send + 'static,
    {
        let name = self.base.to_string();
        off_thread(name, move || {
            let mut found = parse(&self.page, &self.base)?;
            localize(&mut found, self.saved.as_ref());
            Ok(Listing {
                found,
                bytes: self.page.body.len() as u64,
                ..self.said
            })
        })
        .await
    }
}

/// Points items to the files of a saved site; `file:` URLs that are not among them are skipped.
fn localize(found: &mut Found, saved: Option<&Saved>) {
    for item in &mut found.items {
        item.file = saved.and_then(|saved| saved.file_of(&item.url));
    }
    let before = found.items.len();
    found
        .items
        .retain(|item| item.file.is_some() || item.url.scheme() != "file");
    found.skipped += before - found.items.len();
}

fn saved_around(path: &Path, source: &Source) -> Option<Saved> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    Saved::new(parent, source.base_url.as_ref())
}

/// A page that the configuration names. A local one that does not exist fails when it is read; `None` for a path that
/// has no URL.
fn single(place: &Place, source: &Source) -> Option<Item> {
    let (url, file) = match place {
        Place::Web(url) => (url.clone(), None),
        Place::File(path) => {
            let published = saved_around(path, source).and_then(|saved| saved.url_of(path));
            let unpublished = || Url::from_file_path(std::path::absolute(path).ok()?).ok();
            (published.or_else(unpublished)?, Some(path.clone()))
        }
    };
    Some(Item {
        url,
        title: None,
        published: None,
        file,
    })
}

/// Reads a sitemap and those that it names, newest first, until a limit.
async fn sitemaps(place: &Place, source: &Source, asking: &Asking) -> Result<Listing, Failure> {
    let mut all = Listing::default();
    let mut open = vec![(place.clone(), 0)];
    let mut seen = std::collections::HashSet::new();
    let mut first_failure = None;
    let mut read = 0;
    while let Some((place, depth)) = open.pop() {
        if read == MAX_SITEMAPS || all.found.items.len() >= MAX_ITEMS {
            all.found.notes.push(format!(
                "only {read} sitemaps with {} articles were read",
                all.found.items.len()
            ));
            break;
        }
        read += 1;
        match one_sitemap(&place, source, asking).await {
            Ok((Sitemap::Pages(found), said)) => {
                all.add(said);
                all.found.skipped += found.skipped;
                all.found.notes.extend(found.notes);
                all.found.items.extend(
                    found
                        .items
                        .into_iter()
                        .filter(|item| seen.insert(item.url.clone())),
                );
            }
            Ok((Sitemap::Index(children), mut said)) => {
                // An index may stay what it is when the sitemaps that it names change, so it is always read.
                said.fresh.clear();
                all.add(said);
                if depth == MAX_SITEMAP_DEPTH {
                    all.found.notes.push(format!(
                        "sitemap indexes below {MAX_SITEMAP_DEPTH} others were not read"
                    ));
                    continue;
                }
                // The last of the stack is read next.
                let children = children.into_iter().take(MAX_SITEMAPS).rev();
                open.extend(
                    children.filter_map(|child| Some((place_of(child.url, source, &place)?, depth + 1))),
                );
            }
            Err(failure) => {
                all.found
                    .notes
                    .push(format!("{}: {}", failure.url, failure.message));
                first_failure.get_or_insert(failure);
            }
        }
    }
    if all.found.items.len() > MAX_ITEMS {
        all.found.items.truncate(MAX_ITEMS);
        all.fresh.clear();
    }
    match first_failure {
        Some(failure) if all.found.items.is_empty() && all.kept.is_empty() => Err(failure),
        _ => Ok(all),
    }
}

/// Where a sitemap of an index is: beside a local index, or on the web.
fn place_of(url: Url, source: &Source, index: &Place) -> Option<Place> {
    if let Place::File(path) = index
        && let Some(file) = saved_around(path, source).and_then(|saved| saved.file_of(&url))
    {
        return Some(Place::File(file));
    }
    (url.scheme() != "file").then_some(Place::Web(url))
}

/// A sitemap, without articles where it has not changed, and what else there is to say of it.
async fn one_sitemap(place: &Place, source: &Source, asking: &Asking) -> Result<(Sitemap, Listing), Failure> {
    let list = match List::load(place, source, asking).await? {
        Loaded::Unchanged(said) => return Ok((Sitemap::Pages(Found::default()), said)),
        Loaded::List(list) => list,
    };
    off_thread(list.base.to_string(), move || {
        let mut sitemap = discover::sitemap(&text(&list.page), &list.base)?;
        if let Sitemap::Pages(found) = &mut sitemap {
            localize(found, list.saved.as_ref());
        }
        let said = Listing {
            bytes: list.page.body.len() as u64,
            ..list.said
        };
        Ok((sitemap, said))
    })
    .await
}

impl Listing {
    /// Adds what was said of one more list.
    fn add(&mut self, said: Self) {
        self.bytes += said.bytes;
        self.kept.extend(said.kept);
        self.fresh.extend(said.fresh);
        // The one that changes soonest tells when to look again.
        self.max_age = match (self.max_age, said.max_age) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

fn text(page: &Page) -> std::borrow::Cow<'_, str> {
    decode(&page.body, page.content_type.as_deref()).text
}

/// Parses on a blocking thread, where a fault in a parser ends the job and not the run.
async fn off_thread<T: Send + 'static>(
    name: String,
    work: impl FnOnce() -> Result<T, DiscoverError> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(|error| Failure::new(&name, error.kind(), &error)),
        Err(error) => Err(Failure::new(&name, "panic", &error)),
    }
}
