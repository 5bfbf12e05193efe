//! Local files as pages.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use url::Url;

use super::body::{gunzip, is_gzip};
use super::{FetchError, MAX_BODY, Page, now};

/// Reads a local file as a page, unpacked where it is gzipped.
///
/// The content type is told from the file's name (`.html`, `.xhtml`, `.xml`, `.json`, `.txt`, each also with `.gz`);
/// for other names there is none.
///
/// # Errors
///
/// [`FetchError::Read`] if it is no regular file or cannot be read or unpacked, [`FetchError::TooLarge`] if it holds
/// more than [`MAX_BODY`] bytes, packed or unpacked.
pub fn read_file(path: &Path) -> Result<Page, FetchError> {
    let failed = |source| FetchError::Read {
        path: path.to_owned(),
        source,
    };
    let too_large = || FetchError::TooLarge {
        url: path.display().to_string(),
        limit: MAX_BODY,
    };
    // Opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(io::Error::other("not a regular file")));
    }
    let mut body = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(MAX_BODY as u64 + 1)
        .read_to_end(&mut body)
        .map_err(failed)?;
    if body.len() > MAX_BODY {
        return Err(too_large());
    }
    if is_gzip(&body) {
        body = gunzip(&body, MAX_BODY).map_err(failed)?.ok_or_else(too_large)?;
    }
    let absolute = std::path::absolute(path).map_err(failed)?;
    let url =
        Url::from_file_path(&absolute).map_err(|()| failed(io::Error::other("not a path that has a URL")))?;
    Ok(Page {
        url,
        content_type: content_type(path).map(ToOwned::to_owned),
        body,
        fetched: now(),
    })
}

fn content_type(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "html" | "htm" | "shtml" => Some("text/html"),
        "xhtml" | "xht" => Some("application/xhtml+xml"),
        "xml" | "rss" | "atom" => Some("application/xml"),
        "json" => Some("application/json"),
        "txt" | "text" => Some("text/plain"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_file_is_a_page_with_a_file_url() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a page.html");
        std::fs::write(&path, "<p>text").unwrap();
        let page = read_file(&path).unwrap();
        assert_eq!(page.url, Url::from_file_path(&path).unwrap());
        assert_eq!(
            (page.content_type.as_deref(), &page.body[..]),
            (Some("text/html"), &b"<p>text"[..])
        );
    }

    #[test]
    fn a_gzipped_file_is_unpacked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("page.htm.gz");
        std::fs::write(&path, gzip(b"<p>text")).unwrap();
        let page = read_file(&path).unwrap();
        assert_eq!(
            (page.content_type.as_deref(), &page.body[..]),
            (Some("text/html"), &b"<p>text"[..])
        );
    }

    #[test]
    fn large_packed_missing_and_odd_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("large"), vec![b'x'; MAX_BODY + 1]).unwrap();
        std::fs::write(path("bomb.gz"), gzip(&vec![b'x'; MAX_BODY + 1])).unwrap();
        std::fs::write(path("cut.gz"), &gzip(b"<p>text")[..12]).unwrap();
        let kind = |name: &str| read_file(&path(name)).unwrap_err().kind();
        assert_eq!((kind("large"), kind("bomb.gz")), ("too_large", "too_large"));
        assert_eq!(
            (kind("cut.gz"), kind("missing"), kind(".")),
            ("file", "file", "file")
        );
    }
}
