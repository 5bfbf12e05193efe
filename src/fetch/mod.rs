//! URL to [`Page`].
//!
//! A [`Fetcher`] obeys robots.txt, asks each host for one thing at a time and not too often, follows redirects hop by
//! hop with all checks on each, and reaches no address of a private network. What it reads has limits in size and
//! time. Local files are read by [`read_file`], never through a URL.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use url::{Position, Url};

mod ask;
mod body;
mod client;
mod error;
mod file;
mod fresh;
mod guard;
mod pace;
mod robots;
#[cfg(test)]
mod tests;
mod wait;

pub use body::is_text_type;
pub use error::FetchError;
pub use file::read_file;
pub use fresh::{Listed, Validators};
pub use guard::is_public;
pub(crate) use pace::host_key;
pub use robots::{MAX_CRAWL_DELAY, MAX_ROBOTS};
pub use wait::{MAX_RETRIES, MAX_RETRY_AFTER, MAX_WAIT};

use ask::{join, redirect};
use client::Clients;
use guard::Guard;
use pace::{Hosts, Turn};
use robots::Robots;

/// How many redirects of a page are followed: browsers follow 20, honest pages need 3.
pub const MAX_REDIRECTS: usize = 10;

/// The largest body that is read, in bytes after decompression. The longest news pages have 5 MiB.
pub const MAX_BODY: usize = 10 * 1024 * 1024;

/// The longest URL that is fetched, in bytes. Servers refuse longer ones.
pub const MAX_URL: usize = 8 * 1024;

/// How the program names itself to servers.
pub const USER_AGENT: &str = concat!("copydesk/", env!("CARGO_PKG_VERSION"));

/// The bytes of one page and what the server said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The URL that answered, after redirects; `file:` for a local one.
    pub url: Url,
    /// The `Content-Type` header, if any.
    pub content_type: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// When it was fetched, seconds since the epoch.
    pub fetched: i64,
}

/// How to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchConfig {
    /// The `User-Agent` header; robots.txt is read for the name in it up to the version.
    pub user_agent: String,
    /// Time between the starts of two requests to one host. A longer `Crawl-delay` of the site stands above it.
    pub pace: Duration,
    /// Obey robots.txt.
    pub robots: bool,
    /// Host names and addresses that may be reached although they are not public.
    pub allow_private: Vec<String>,
    /// Time to resolve a name and to connect.
    pub connect_timeout: Duration,
    /// Time to the whole head of an answer, and then in which some of its body must arrive.
    pub read_timeout: Duration,
    /// Time for a page with all its redirects, waiting for the host's turn not counted.
    pub total_timeout: Duration,
    /// The longest time to wait for a host that asks for it; see [`MAX_WAIT`].
    pub max_wait: Duration,
    /// The largest body, in bytes after decompression.
    pub max_body: usize,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            user_agent: USER_AGENT.to_owned(),
            pace: Duration::from_secs(1),
            robots: true,
            allow_private: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(60),
            max_wait: MAX_WAIT,
            max_body: MAX_BODY,
        }
    }
}

/// What a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Text.
    Page,
    /// Text, also packed: a feed or a sitemap.
    Listing,
}

/// Fetches pages. To be made once and shared: it holds the connections, the pace and the robots.txt of all hosts.
#[derive(Debug)]
pub struct Fetcher {
    config: Arc<FetchConfig>,
    product: String,
    guard: Arc<Guard>,
    clients: Clients,
    hosts: Hosts,
}

impl Fetcher {
    /// Makes a fetcher. Starts no thread and reads no file.
    ///
    /// # Errors
    ///
    /// [`FetchError::Client`] if the user agent is no header value.
    pub fn new(config: FetchConfig) -> Result<Self, FetchError> {
        let config = Arc::new(config);
        let guard = Arc::new(Guard::new(&config.allow_private));
        let clients = Clients::new(Arc::clone(&config), Arc::clone(&guard))?;
        let product = robots::product_name(&config.user_agent);
        Ok(Self {
            config,
            product,
            guard,
            clients,
            hosts: Hosts::default(),
        })
    }

    /// Fetches a page.
    ///
    /// # Errors
    ///
    /// A [`FetchError`] for anything but a text body with a 2xx status within all limits.
    pub async fn get(&self, url: &Url) -> Result<Page, FetchError> {
        match self.follow(url, Wanted::Page, &Validators::default()).await? {
            Listed::Page { page, .. } => Ok(*page),
            Listed::NotModified { .. } => Err(fresh::unasked(url)),
        }
    }

    /// As [`get`](Self::get), with the `X-Robots-Tag` headers as far as they are for this crawler, one a line.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn get_with_tags(&self, url: &Url) -> Result<(Page, String), FetchError> {
        match self.follow(url, Wanted::Page, &Validators::default()).await? {
            Listed::Page { page, robots_tag, .. } => Ok((*page, robots_tag)),
            Listed::NotModified { .. } => Err(fresh::unasked(url)),
        }
    }

    /// Fetches a feed or sitemap: as [`get`](Self::get), and unpacks a body that is a gzip file.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn get_listing(&self, url: &Url) -> Result<Page, FetchError> {
        match self.get_listing_if_changed(url, &Validators::default()).await? {
            Listed::Page { page, .. } => Ok(*page),
            Listed::NotModified { .. } => Err(fresh::unasked(url)),
        }
    }

    /// Fetches a feed or sitemap unless it is still the one of which the server gave these validators.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn get_listing_if_changed(&self, url: &Url, known: &Validators) -> Result<Listed, FetchError> {
        let mut listed = self.follow(url, Wanted::Listing, known).await?;
        if let Listed::Page { page, .. } = &mut listed
            && body::is_gzip(&page.body)
        {
            let limit = self.config.max_body;
            let broken = |error: std::io::Error| FetchError::Broken {
                url: url.to_string(),
                reason: error.to_string(),
            };
            let inside = body::gunzip(&page.body, limit).map_err(broken)?;
            page.body = inside.ok_or_else(|| FetchError::TooLarge {
                url: url.to_string(),
                limit,
            })?;
        }
        Ok(listed)
    }

    /// What must hold of every URL that is asked for, before it is.
    fn check(&self, url: &Url) -> Result<(), FetchError> {
        let bad = |reason| {
            let start: String = url.as_str().chars().take(200).collect();
            Err(FetchError::BadUrl { url: start, reason })
        };
        match url.scheme() {
            "http" | "https" => {}
            "file" => return Err(FetchError::FileUrl { url: url.to_string() }),
            _ => return bad("not http or https"),
        }
        if url.as_str().len() > MAX_URL {
            return bad("too long");
        }
        match self.guard.refused(url) {
            Some(address) => Err(FetchError::Blocked {
                url: url.to_string(),
                address,
            }),
            None => Ok(()),
        }
    }

    /// Reads the site's robots.txt unless it is known. Returns the pace that it and the configuration ask for.
    async fn obey_robots(&self, url: &Url, turn: &mut Turn) -> Result<Duration, FetchError> {
        let pace = self.config.pace;
        if !self.config.robots {
            return Ok(pace);
        }
        let origin = &url[..Position::BeforePath];
        let known = if let Some(index) = robots::fresh(&turn.robots, origin) {
            index
        } else {
            turn.begin(pace).await;
            let robots = self.read_robots(url).await;
            robots::remember(&mut turn.robots, origin, robots)
        };
        let robots = &turn.robots[known].1.robots;
        match robots {
            Robots::Closed { reason, kind } => Err(FetchError::NoRobots {
                url: url.to_string(),
                reason: reason.clone(),
                kind,
            }),
            _ if robots.allows(url) => Ok(pace.max(robots.delay())),
            _ => Err(FetchError::Disallowed { url: url.to_string() }),
        }
    }

    async fn read_robots(&self, url: &Url) -> Robots {
        let closed = |error: FetchError| Robots::closed_by(url, &error);
        let text = match tokio::time::timeout(self.config.total_timeout, self.robots_text(url)).await {
            Ok(Ok(Some(text))) => text,
            Ok(Ok(None)) => return Robots::Open,
            Ok(Err(error)) => return closed(error),
            Err(_) => {
                return closed(FetchError::Timeout {
                    url: url.to_string(),
                    limit: "total",
                });
            }
        };
        let product = self.product.clone();
        // Compiling the patterns of a hostile file takes seconds, and its parser is not ours to trust.
        let parsed = tokio::task::spawn_blocking(move || Robots::parse(&product, &text)).await;
        parsed.unwrap_or_else(|error| Robots::Closed {
            reason: error.to_string(),
            kind: "robots",
        })
    }

    /// The text of a robots.txt, or `None` if the site has none.
    async fn robots_text(&self, url: &Url) -> Result<Option<Vec<u8>>, FetchError> {
        let mut current = join(url, "/robots.txt")?;
        for _ in 0..=robots::MAX_ROBOTS_REDIRECTS {
            self.check(&current)?;
            let response = self.send(&current, &Validators::default()).await?;
            let status = response.status();
            // "Too many requests" is no word on what may be fetched.
            let refused = status.is_server_error() || status.as_u16() == wait::TOO_MANY;
            if let Some(next) = redirect(&response, &current)? {
                current = next;
            } else if status.is_success() {
                return body::read_start(response, &current, MAX_ROBOTS).await.map(Some);
            } else if refused {
                return Err(FetchError::Status {
                    url: current.to_string(),
                    status: status.as_u16(),
                });
            } else {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

/// Seconds since the epoch.
fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs().cast_signed())
}
