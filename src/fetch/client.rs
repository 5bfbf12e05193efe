//! The HTTP clients: one for `http:`, and one for `https:` that is made when first needed.

use std::error::Error;
use std::io;
use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder};
use tokio::sync::OnceCell;
use url::Url;

use super::guard::{Guard, GuardedResolver, ResolveError};
use super::{FetchConfig, FetchError};

/// What is asked for: pages before feeds before anything else.
const ACCEPTED: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5";

/// How many idle connections a host keeps: requests to a host follow one another.
const IDLE_PER_HOST: usize = 1;

/// The clients. Making them starts no thread and reads no file; the first `https:` request reads the certificates.
#[derive(Debug)]
pub(super) struct Clients {
    plain: Client,
    secure: OnceCell<Result<Client, String>>,
    config: Arc<FetchConfig>,
    guard: Arc<Guard>,
}

impl Clients {
    pub(super) fn new(config: Arc<FetchConfig>, guard: Arc<Guard>) -> Result<Self, FetchError> {
        // Fails only where the program has chosen a provider already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = builder(&config, &guard)
            .tls_certs_only([])
            .build()
            .map_err(|error| FetchError::Client {
                reason: reasons(&error),
            })?;
        Ok(Self {
            plain,
            secure: OnceCell::new(),
            config,
            guard,
        })
    }

    /// The client for a URL.
    pub(super) async fn of(&self, url: &Url) -> Result<&Client, FetchError> {
        if url.scheme() != "https" {
            return Ok(&self.plain);
        }
        let make = || async {
            let builder = builder(&self.config, &self.guard);
            // Reads the certificates of the system.
            let made = tokio::task::spawn_blocking(|| builder.build().map_err(|error| reasons(&error)));
            made.await.unwrap_or_else(|error| Err(error.to_string()))
        };
        let secure = self.secure.get_or_init(make).await;
        secure.as_ref().map_err(|reason| FetchError::NoAuthorities {
            url: url.to_string(),
            reason: reason.clone(),
        })
    }
}

fn builder(config: &FetchConfig, guard: &Arc<Guard>) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    Client::builder()
        .user_agent(config.user_agent.as_str())
        .default_headers(headers)
        .dns_resolver(GuardedResolver(Arc::clone(guard)))
        // A proxy would resolve names itself, past the address guard.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(config.connect_timeout)
        .read_timeout(config.read_timeout)
        .pool_max_idle_per_host(IDLE_PER_HOST)
}

/// Sorts what the client reports.
pub(super) fn sort_error(url: &Url, error: &reqwest::Error) -> FetchError {
    let url = url.to_string();
    if let Some(resolve) = chain(error).find_map(|cause| cause.downcast_ref::<ResolveError>()) {
        return match resolve {
            ResolveError::Blocked(address) => FetchError::Blocked {
                url,
                address: *address,
            },
            ResolveError::Unknown(cause) => FetchError::Resolve {
                url,
                source: io::Error::new(cause.kind(), cause.to_string()),
            },
        };
    }
    if error.is_timeout() {
        let limit = if error.is_connect() { "connect" } else { "no data" };
        return FetchError::Timeout { url, limit };
    }
    let reason = reasons(error);
    if error.is_connect() {
        FetchError::Connect { url, reason }
    } else if error.is_request() || chain(error).any(is_reset) {
        FetchError::Reset { url, reason }
    } else {
        FetchError::Broken { url, reason }
    }
}

/// The other side, or the way to it, ended the connection.
fn is_reset(cause: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(BrokenPipe | ConnectionAborted | ConnectionReset))
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The causes below the client's own wording, which repeats the URL, in one line.
fn reasons(error: &(dyn Error + 'static)) -> String {
    let mut causes: Vec<String> = chain(error).skip(1).map(ToString::to_string).collect();
    causes.dedup();
    if causes.is_empty() {
        error.to_string()
    } else {
        causes.join(": ")
    }
}
