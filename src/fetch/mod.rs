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
