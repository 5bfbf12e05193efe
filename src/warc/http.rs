//! The HTTP response inside a record.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::fetch::{MAX_BODY, is_text_type};

/// The most headers of a response.
const MAX_HEADERS: usize = 256;

/// Content type, if any, and body.
type Text = (Option<String>, Vec<u8>);

/// What of a response is needed to read its body.
#[derive(Default)]
struct Headers {
    content_type: Option<String>,
    encodings: Vec<String>,
    is_chunked: bool,
}

/// The text of a response; `None` for one with another status than 200, or of another type.
pub(super) fn response(block: &[u8]) -> Result<Option<Text>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let length = match head.parse(block) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Err("its response has no end of headers".to_owned()),
        Err(error) => return Err(format!("no HTTP response ({error})")),
    };
    if head.code != Some(200) {
        return Ok(None);
    }
    let headers = read(head.headers);
    if headers
        .content_type
        .as_deref()
        .is_some_and(|name| !is_text_type(name))
    {
        return Ok(None);
    }
    let mut body = block[length..].to_vec();
    // Many crawlers save the body as decoded and the headers as sent: what is not so encoded is taken as it is.
    if headers.is_chunked {
        body = dechunked(&body).unwrap_or(body);
    }
    for encoding in headers.encodings.iter().rev() {
        body = decoded(body, encoding)?;
    }
    if body.len() > MAX_BODY {
        return Err(too_large());
    }
    Ok(Some((headers.content_type, body)))
}

fn read(headers: &[httparse::Header<'_>]) -> Headers {
    let mut read = Headers::default();
    for header in headers {
        let value = String::from_utf8_lossy(header.value);
        match header.name.to_ascii_lowercase().as_str() {
            "content-type" if !value.trim().is_empty() => read.content_type = Some(value.into_owned()),
            "content-encoding" => {
                let names = value.split(',').map(|name| name.trim().to_ascii_lowercase());
                read.encodings.extend(names.filter(|name| !name.is_empty()));
            }
            "transfer-encoding" => read.is_chunked |= value.to_ascii_lowercase().contains("chunked"),
            _ => {}
        }
    }
    read
}

/// The body out of its chunks (RFC 9112, 7.1); `None` where it is not in chunks.
fn dechunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let httparse::Status::Complete((start, size)) = httparse::parse_chunk_size(body).ok()? else {
            return None;
        };
        if size == 0 {
            return Some(whole);
        }
        let end = start.checked_add(usize::try_from(size).ok()?)?;
        whole.extend_from_slice(body.get(start..end)?);
        body = body.get(end..)?.strip_prefix(b"\r\n")?;
    }
}

/// A body without its content coding; as it is where it does not begin as that coding does.
fn decoded(body: Vec<u8>, encoding: &str) -> Result<Vec<u8>, String> {
    let inside = match encoding {
        "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => limited(MultiGzDecoder::new(&body[..])),
        "zstd" if body.starts_with(b"\x28\xb5\x2f\xfd") => {
            zstd::stream::read::Decoder::new(&body[..]).and_then(limited)
        }
        "gzip" | "x-gzip" | "zstd" | "identity" => return Ok(body),
        "deflate" => {
            limited(ZlibDecoder::new(&body[..])).or_else(|_| limited(DeflateDecoder::new(&body[..])))
        }
        "br" => limited(brotli::Decompressor::new(&body[..], 4096)),
        _ => return Err(format!("its content coding is unknown ({encoding:.40})")),
    };
    match inside {
        Ok(Some(inside)) => Ok(inside),
        Ok(None) => Err(too_large()),
        // These two have no sign by which to tell them; text that was decoded before is none of them.
        Err(_) if matches!(encoding, "deflate" | "br") => Ok(body),
        Err(error) => Err(format!("its body cannot be decompressed ({error})")),
    }
}

fn limited(reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut inside = Vec::new();
    reader.take(MAX_BODY as u64 + 1).read_to_end(&mut inside)?;
    Ok((inside.len() <= MAX_BODY).then_some(inside))
}

fn too_large() -> String {
    format!("larger than {MAX_BODY} bytes")
}
