//! Why a page could not be fetched.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

/// The name of the limit on all of a page: where it has passed, there is no time to ask again.
pub(super) const TOTAL: &str = "total";

/// Why a page could not be fetched. Every variant names what it is about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The URL is neither `http:` nor `https:`, or longer than [`MAX_URL`](super::MAX_URL).
    #[error("{url}: not a URL that can be fetched ({reason})")]
    BadUrl {
        /// The URL, shortened where it is too long.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A `file:` URL: only the configuration may name local files, pages and redirects may not.
    #[error("{url}: file: only from the configuration")]
    FileUrl {
        /// The URL.
        url: String,
    },
    /// The host is, or resolves to, an address inside a private or special network.
    #[error("{url}: {address} is not a public address (allow the host with `allow_private`)")]
    Blocked {
        /// The URL.
        url: String,
        /// The address.
        address: IpAddr,
    },
    /// The host name does not resolve.
    #[error("{url}: host name does not resolve ({source})")]
    Resolve {
        /// The URL.
        url: String,
        /// What the resolver said.
        source: io::Error,
    },
    /// No connection, or none that could be made secure.
    #[error("{url}: no connection ({reason})")]
    Connect {
        /// The URL.
        url: String,
        /// The innermost reasons, outermost first.
        reason: String,
    },
    /// No HTTPS: this machine has no certificates of authorities.
    #[error("{url}: no https on this machine, its CA certificates cannot be loaded ({reason})")]
    NoAuthorities {
        /// The URL.
        url: String,
        /// What is missing.
        reason: String,
    },
    /// A time limit passed.
    #[error("{url}: time limit passed ({limit})")]
    Timeout {
        /// The URL.
        url: String,
        /// Which limit.
        limit: &'static str,
    },
    /// The server answered with a status other than 2xx.
    #[error("{url}: HTTP status {status}")]
    Status {
        /// The URL.
        url: String,
        /// The status, 300 to 599.
        status: u16,
    },
    /// The server asks not to be asked for longer than [`MAX_WAIT`](super::MAX_WAIT).
    #[error("{url}: told to wait until {} (HTTP status {status})", super::wait::moment(*until))]
    ToldToWait {
        /// The URL.
        url: String,
        /// The status that said so, 429 or 503.
        status: u16,
        /// Until when, seconds since the epoch.
        until: i64,
    },
    /// Not asked for: an earlier answer of the host asks not to be asked yet.
    #[error("{url}: not asked for, its host told to wait until {}", super::wait::moment(*until))]
    HostWaits {
        /// The URL.
        url: String,
        /// Until when, seconds since the epoch.
        until: i64,
    },
    /// The connection ended before the answer did.
    #[error("{url}: broken answer ({reason})")]
    Reset {
        /// The URL.
        url: String,
        /// What happened.
        reason: String,
    },
    /// A redirect that leads nowhere.
    #[error("{url}: bad redirect ({reason})")]
    Redirect {
        /// The URL that redirects.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More than [`MAX_REDIRECTS`](super::MAX_REDIRECTS) redirects.
    #[error("{url}: more than {limit} redirects")]
    TooManyRedirects {
        /// The URL that was asked for.
        url: String,
        /// The limit.
        limit: usize,
    },
    /// The body, decompressed, is larger than the limit.
    #[error("{url}: larger than {limit} bytes")]
    TooLarge {
        /// The URL or path.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// Not text, by its content type or, without one, by its bytes.
    #[error("{url}: not a text page ({found})")]
    NotText {
        /// The URL.
        url: String,
        /// The content type, or what the bytes look like.
        found: String,
    },
    /// The connection broke, or the body is not what its headers say.
    #[error("{url}: broken answer ({reason})")]
    Broken {
        /// The URL.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The site's robots.txt asks not to fetch it.
    #[error("{url}: disallowed by robots.txt")]
    Disallowed {
        /// The URL.
        url: String,
    },
    /// The site's robots.txt cannot be read, so nothing is fetched from it. Also stands for a site that cannot be
    /// reached at all, as its robots.txt is what is asked for first.
    #[error("{url}: {reason}")]
    NoRobots {
        /// The URL.
        url: String,
        /// Why.
        reason: String,
        /// The kind of the failure of robots.txt.
        kind: &'static str,
    },
    /// A local file cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The HTTP client cannot be set up, as with a user agent that is no header value.
    #[error("HTTP client: {reason}")]
    Client {
        /// Why.
        reason: String,
    },
}

impl FetchError {
    /// Concerns the way to the server, and so every page of it.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Self::Blocked { .. } | Self::Resolve { .. } | Self::Connect { .. } | Self::NoAuthorities { .. }
        )
    }

    /// Asking again in a moment may help: it was the way to the server, or the server says that it is for the moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Reset { .. } => true,
            Self::Timeout { limit, .. } => *limit != TOTAL,
            Self::Status { status, .. } => matches!(status, 502..=504),
            _ => false,
        }
    }

    /// Until when its host asks not to be asked, seconds since the epoch, where that is the reason.
    pub fn wait_until(&self) -> Option<i64> {
        match self {
            Self::ToldToWait { until, .. } | Self::HostWaits { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// A short name for reports, the same for the same kind of failure: "not_found", "timeout", "dns".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "bad_url",
            Self::FileUrl { .. } => "file_url",
            Self::Blocked { .. } => "blocked_address",
            Self::Resolve { .. } => "dns",
            Self::Connect { .. } => "connect",
            Self::NoAuthorities { .. } => "no_ca",
            Self::Timeout { .. } => "timeout",
            Self::Status { status, .. } | Self::ToldToWait { status, .. } => status_kind(*status),
            Self::HostWaits { .. } => "host_waits",
            Self::Redirect { .. } | Self::TooManyRedirects { .. } => "redirect",
            Self::TooLarge { .. } => "too_large",
            Self::NotText { .. } => "not_text",
            Self::Broken { .. } | Self::Reset { .. } => "broken",
            Self::Disallowed { .. } => "disallowed",
            Self::NoRobots { kind, .. } => kind,
            Self::Read { .. } => "file",
            Self::Client { .. } => "client",
        }
    }
}

fn status_kind(status: u16) -> &'static str {
    match status {
        404 => "not_found",
        410 => "gone",
        401..=403 | 451 => "forbidden",
        429 => "rate_limited",
        400..=499 => "client_error",
        500..=599 => "server_error",
        _ => "status",
    }
}
