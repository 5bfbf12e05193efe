//! `copydesk.toml`: where the store is, how to fetch, and the sources to crawl.
//!
//! ```toml
//! store   = "copydesk.sled"             # relative to this file
//! contact = "https://example.org/bot"   # stands in the user agent
//! pace    = "1s"                        # between two requests to one host
//!
//! [[source]]
//! name = "example"
//! feed = "https://example.org/news.rss"
//!
//! [[source]]
//! name     = "a saved site"
//! dir      = "saved/example.org"
//! base_url = "https://example.org/"
//! limit    = 100                        # articles per run
//! ```

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::clean::Favor;

mod entry;
mod keys;
mod raw;
#[cfg(test)]
mod tests;

pub use entry::{NewSource, UnusedNames};

/// The largest configuration file, in bytes. One with 10,000 sources has about 1 MB.
const MAX_CONFIG: u64 = 4 * 1024 * 1024;

/// How many pages are worked on at once, each of another host, unless the configuration says otherwise.
pub const CONCURRENCY: usize = 16;

/// The most pages that may be worked on at once: each may hold a body of [`MAX_BODY`](crate::fetch::MAX_BODY) bytes.
pub const MAX_CONCURRENCY: usize = 256;

/// The longest pace or timeout.
pub const MAX_DURATION: Duration = Duration::from_secs(60 * 60);

/// The shortest time between two looks at a source unless the configuration says otherwise.
pub const MIN_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// The longest time between two looks at a source unless the configuration says otherwise.
pub const MAX_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest time between two looks that may be asked for: 30 days.
pub const LONGEST_INTERVAL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Where the store is unless the configuration says otherwise, relative to it.
pub const STORE: &str = "copydesk.sled";

/// What to crawl, and how. All paths in it are absolute or relative to the working directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The directory of the store.
    pub store: PathBuf,
    /// The whole `User-Agent` header, `contact` in it.
    pub user_agent: String,
    /// Time between the starts of two requests to one host, at most [`MAX_DURATION`].
    pub pace: Duration,
    /// Time for one page with its redirects, at most [`MAX_DURATION`].
    pub timeout: Duration,
    /// How many pages are worked on at once, 1 to [`MAX_CONCURRENCY`].
    pub concurrency: usize,
    /// The shortest time between two looks at a source, at most [`max_interval`](Self::max_interval).
    pub min_interval: Duration,
    /// The longest time between two looks at a source, at most [`LONGEST_INTERVAL`].
    pub max_interval: Duration,
    /// Host names and addresses that may be reached although they are not public.
    pub allow_private: Vec<String>,
    /// Obey robots.txt.
    pub robots: bool,
    /// Honour `noindex` (do not store the article) and `noarchive` (do not store its raw page) of `X-Robots-Tag` and of
    /// robots in `<meta>`.
    pub robots_tags: bool,
    /// What to lean to where cleaning is not sure.
    pub favor: Favor,
    /// A directory of selector files that overlays the compiled-in ones.
    pub selectors: Option<PathBuf>,
    /// The sources, in the order of the file; their names are unique.
    pub sources: Vec<Source>,
}

/// One source of articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name in reports.
    pub name: String,
    /// Where its articles are listed.
    pub origin: Origin,
    /// The most articles that one run fetches from it.
    pub limit: Option<usize>,
    /// The URL under which saved pages were published, ending in `/`: the URL of a file is its path below the
    /// directory of the source (`dir`, or that of the local feed, sitemap, section page or page), joined to this.
    pub base_url: Option<Url>,
}

/// Where the articles of a source are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An RSS, Atom or JSON feed.
    Feed(Place),
    /// A sitemap, news sitemap or sitemap index.
    Sitemap(Place),
    /// A page that links to articles.
    Section(Place),
    /// The articles themselves.
    Pages(Vec<Place>),
    /// A directory of HTML files.
    Dir(PathBuf),
}

impl Origin {
    /// Something of it is on this machine.
    fn is_local(&self) -> bool {
        let is_file = |place: &Place| matches!(place, Place::File(_));
        match self {
            Self::Feed(place) | Self::Sitemap(place) | Self::Section(place) => is_file(place),
            Self::Pages(places) => places.iter().any(is_file),
            Self::Dir(_) => true,
        }
    }
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On the web, at an `http:` or `https:` URL.
    Web(Url),
    /// On this machine.
    File(PathBuf),
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not a configuration.
    #[error("{path}:{line}: {message}", path = path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong, with the key.
        message: String,
    },
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`] if the file cannot be read or is larger than 4 MiB, [`ConfigError::Invalid`] with the
    /// line for an unknown key, a value of the wrong kind or out of range, and a source with no or two places.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let failed = |source| ConfigError::Read {
            path: path.to_owned(),
            source,
        };
        let mut text = String::new();
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(MAX_CONFIG + 1)
            .read_to_string(&mut text)
            .map_err(failed)?;
        if text.len() as u64 > MAX_CONFIG {
            return Err(failed(io::Error::other("larger than 4 MiB")));
        }
        Self::parse(&text, path)
    }

    /// Reads the text of a configuration file that stands at `path`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`], as [`load`](Self::load).
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        raw::parse(text, path.parent().unwrap_or(Path::new(""))).map_err(|wrong| ConfigError::Invalid {
            path: path.to_owned(),
            line: 1 + text.bytes().take(wrong.at).filter(|byte| *byte == b'\n').count(),
            message: wrong.message,
        })
    }
}
