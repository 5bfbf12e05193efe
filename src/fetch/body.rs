//! Bodies: which are read at all, and how far.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use reqwest::Response;
use url::Url;

use super::client::sort_error;
use super::{FetchError, Wanted};
use crate::decode::looks_like_text;

/// How many bytes are awaited to tell what a body without content type is.
const SNIFF_BYTES: usize = 1024;

/// Content types that are text and can hold an article or a list of articles.
const TEXT_TYPES: [&str; 7] = [
    "text/html",
    "text/plain",
    "text/xml",
    "text/json",
    "application/xml",
    "application/xhtml+xml",
    "application/json",
];

/// Further content types under which servers send a gzipped sitemap.
const PACKED_TYPES: [&str; 4] = [
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
    "binary/octet-stream",
];

/// Whether a body of this content type is text, and so can be a page.
pub fn is_text_type(content_type: &str) -> bool {
    is_wanted(content_type, Wanted::Page)
}

/// Whether a body of this content type is worth reading.
pub(super) fn is_wanted(content_type: &str, wanted: Wanted) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let structured = (essence.ends_with("+xml") || essence.ends_with("+json")) && essence != "image/svg+xml";
    let packed = wanted == Wanted::Listing && PACKED_TYPES.contains(&essence.as_str());
    TEXT_TYPES.contains(&essence.as_str()) || structured || packed
}

/// Reads a body of at most `limit` bytes after decompression; stops at the first byte beyond. Without a content
/// type (`sniff`) it also stops as soon as its first bytes are seen not to be text.
pub(super) async fn read(
    mut response: Response,
    url: &Url,
    limit: usize,
    sniff: Sniff,
) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge {
        url: url.to_string(),
        limit,
    };
    let declared = response.content_length().unwrap_or(0);
    if declared > limit as u64 {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(declared as usize);
    let mut unsure = sniff == Sniff::Bytes;
    while let Some(chunk) = response.chunk().await.map_err(|error| sort_error(url, &error))? {
        if chunk.len() > limit - body.len() {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
        if unsure && body.len() >= SNIFF_BYTES {
            check_text(&body, url)?;
            unsure = false;
        }
    }
    if unsure {
        check_text(&body, url)?;
    }
    Ok(body)
}

/// Whether the bytes have to show that they are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniff {
    /// The content type, or what is done with them, decides.
    Header,
    /// Only the bytes can tell.
    Bytes,
}

fn check_text(body: &[u8], url: &Url) -> Result<(), FetchError> {
    looks_like_text(body).map_err(|found| FetchError::NotText {
        url: url.to_string(),
        found: found.to_owned(),
    })
}

/// Reads the first `limit` bytes of a body and leaves the rest.
pub(super) async fn read_start(
    mut response: Response,
    url: &Url,
    limit: usize,
) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| sort_error(url, &error))? {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    Ok(body)
}

/// Whether the bytes begin as gzip does.
pub(super) fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(b"\x1f\x8b")
}

/// What is inside a gzip file; `None` if that is more than `limit` bytes.
pub(super) fn gunzip(body: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut inside = Vec::new();
    MultiGzDecoder::new(body)
        .take(limit as u64 + 1)
        .read_to_end(&mut inside)?;
    Ok((inside.len() <= limit).then_some(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_types_are_wanted_and_others_not() {
        for good in [
            "text/html",
            "Text/HTML; charset=utf-8",
            "application/rss+xml",
            "application/feed+json",
            "text/plain",
        ] {
            assert!(is_wanted(good, Wanted::Page), "{good}");
        }
        for bad in [
            "image/png",
            "image/svg+xml",
            "application/pdf",
            "text/css",
            "video/mp4",
            "application/gzip",
            "",
        ] {
            assert!(!is_wanted(bad, Wanted::Page), "{bad}");
        }
        assert!(is_wanted("application/x-gzip", Wanted::Listing));
        assert!(!is_wanted("application/pdf", Wanted::Listing));
    }
}
