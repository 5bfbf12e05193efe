//! A source to the articles that it lists.

use std::path::Path;

use url::Url;

use super::report::Failure;
use crate::config::{Origin, Place, Source};
use crate::decode::decode;
use crate::discover::{self, DiscoverError, Found, Item, MAX_ITEMS, Saved, Sitemap};
use crate::fetch::{FetchError, Fetcher, Page, read_file};

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
}

/// Reads the list of a source.
pub(super) async fn list(source: &Source, fetcher: &Fetcher) -> Result<Listing, Failure> {
    match &source.origin {
        Origin::Feed(place) => {
            let list = List::load(place, source, fetcher).await?;
            list.read(|page, base| discover::feed(&page.body, base)).await
        }
        Origin::Section(place) => {
            let list = List::load(place, source, fetcher).await?;
            list.read(|page, base| discover::section(&text(page), base)).await
        }
        Origin::Sitemap(place) => sitemaps(place, source, fetcher).await,
        Origin::Pages(places) => {
            let items: Vec<_> = places.iter().filter_map(|place| single(place, source)).collect();
            let skipped = places.len() - items.len();
            Ok(Listing {
                found: Found {
                    items,
                    skipped,
                    ..Found::default()
                },
                bytes: 0,
            })
        }
        Origin::Dir(path) => {
            let (dir, base) = (path.clone(), source.base_url.clone());
            let found = off_thread(path.display().to_string(), move || {
                discover::dir(&dir, base.as_ref())
            })
            .await?;
            Ok(Listing { found, bytes: 0 })
        }
    }
}

/// One list as it was read, and what its links mean.
struct List {
    page: Page,
    base: Url,
    saved: Option<Saved>,
}

impl List {
    async fn load(place: &Place, source: &Source, fetcher: &Fetcher) -> Result<Self, Failure> {
        match place {
            Place::Web(url) => {
                let page = fetcher
                    .get_listing(url)
                    .await
                    .map_err(|error| of_fetch(url.as_str(), &error))?;
                Ok(Self {
                    base: page.url.clone(),
                    page,
                    saved: None,
                })
            }
            Place::File(path) => {
                let name = path.display().to_string();
                let file = path.clone();
                let page = tokio::task::spawn_blocking(move || read_file(&file)).await;
                let page = page.map_err(|error| Failure::new(&name, "panic", &error))?;
                let page = page.map_err(|error| of_fetch(&name, &error))?;
                let saved = saved_around(path, source);
                let base = saved
                    .as_ref()
                    .and_then(|saved| saved.url_of(path))
                    .unwrap_or_else(|| page.url.clone());
                Ok(Self { page, base, saved })
            }
        }
    }

    async fn read<F>(self, parse: F) -> Result<Listing, Failure>
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
async fn sitemaps(place: &Place, source: &Source, fetcher: &Fetcher) -> Result<Listing, Failure> {
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
        match one_sitemap(&place, source, fetcher).await {
            Ok((Sitemap::Pages(found), bytes)) => {
                all.bytes += bytes;
                all.found.skipped += found.skipped;
                all.found.notes.extend(found.notes);
                all.found.items.extend(
                    found
                        .items
                        .into_iter()
                        .filter(|item| seen.insert(item.url.clone())),
                );
            }
            Ok((Sitemap::Index(children), bytes)) => {
                all.bytes += bytes;
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
    all.found.items.truncate(MAX_ITEMS);
    match first_failure {
        Some(failure) if all.found.items.is_empty() => Err(failure),
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

async fn one_sitemap(place: &Place, source: &Source, fetcher: &Fetcher) -> Result<(Sitemap, u64), Failure> {
    let list = List::load(place, source, fetcher).await?;
    off_thread(list.base.to_string(), move || {
        let mut sitemap = discover::sitemap(&text(&list.page), &list.base)?;
        if let Sitemap::Pages(found) = &mut sitemap {
            localize(found, list.saved.as_ref());
        }
        Ok((sitemap, list.page.body.len() as u64))
    })
    .await
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

fn of_fetch(name: &str, error: &FetchError) -> Failure {
    Failure::new(name, error.kind(), error)
}
