//! URL to [`Page`].

/// The bytes of one page and what the server said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The URL that answered, after redirects; `file:` for a local one.
    pub url: url::Url,
    /// The `Content-Type` header, if any.
    pub content_type: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// When it was fetched, seconds since the epoch.
    pub fetched: i64,
}

/// Stub.
pub const MAX_BODY: usize = 10 * 1024 * 1024;

/// Stub.
#[derive(Debug, Clone, Default)]
pub struct FetchConfig {
    /// Stub.
    pub allow_private: Vec<String>,
}

/// Stub.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct FetchError(pub String);

/// Stub.
#[derive(Debug)]
pub struct Fetcher {}

#[expect(clippy::todo, clippy::unused_async, reason = "stub")]
impl Fetcher {
    /// Stub.
    pub fn new(_config: FetchConfig) -> Result<Self, FetchError> {
        Ok(Self {})
    }
    /// Stub.
    pub async fn get(&self, _url: &url::Url) -> Result<Page, FetchError> {
        todo!()
    }
}

/// Stub.
pub fn read_file(path: &std::path::Path) -> Result<Page, FetchError> {
    let body = std::fs::read(path).map_err(|e| FetchError(format!("{}: {e}", path.display())))?;
    let url = std::path::absolute(path)
        .ok()
        .and_then(|p| url::Url::from_file_path(p).ok());
    let url = url.ok_or_else(|| FetchError("path".to_owned()))?;
    Ok(Page {
        url,
        content_type: None,
        body,
        fetched: 0,
    })
}
