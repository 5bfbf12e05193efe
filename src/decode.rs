//! Bytes and headers to text, as browsers decide it.
//!
//! The order is that of the HTML standard's encoding sniffing: byte order mark, the charset of the `Content-Type`
//! header, what the page declares in its first kilobyte, then detection from the bytes.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::memmem;

use crate::markup::Tags;

/// How many bytes are searched for a declared charset, as in the HTML standard.
const PRESCAN_BYTES: usize = 1024;

/// How many bytes, from the first that is not ASCII, the detector looks at. More does not change its mind and
/// costs about 30 ns a byte.
const DETECT_BYTES: usize = 64 * 1024;

/// How many bytes are looked at to tell text from binary data.
const SNIFF_BYTES: usize = 8 * 1024;

/// Share of control bytes, one in so many, from which on data is binary: text has none, damaged text a few.
const BINARY_ONE_IN: usize = 50;

/// The text of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without its byte order mark; borrowed where the bytes were valid UTF-8.
    pub text: Cow<'a, str>,
    /// The name of the encoding, as the Encoding standard spells it: "UTF-8", "windows-1252".
    pub encoding: &'static str,
    /// Some bytes were not valid in that encoding; each stands as U+FFFD in the text.
    pub malformed: bool,
}

/// Decodes the body of a page.
///
/// A charset that header or page declares is followed even where the bytes would also be valid in another, but for one:
/// a page that calls itself by an encoding of single bytes and is UTF-8 throughout was saved or served anew by somebody
/// who left its `<meta>` as it was. A declared charset that is unknown counts as none. Never fails: a wrong byte becomes
/// U+FFFD.
///
/// ```
/// let page = copydesk::decode::decode(b"caf\xe9", Some("text/html; charset=latin1"));
/// assert_eq!((&*page.text, page.encoding, page.malformed), ("café", "windows-1252", false));
/// ```
pub fn decode<'a>(body: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let (encoding, body) = if let Some((encoding, mark)) = Encoding::for_bom(body) {
        (encoding, &body[mark..])
    } else {
        let declared = content_type
            .and_then(header_charset)
            .or_else(|| declared_charset(body).filter(|encoding| !is_outdated(encoding, body)));
        (declared.unwrap_or_else(|| detect(body)), body)
    };
    let (text, malformed) = encoding.decode_without_bom_handling(body);
    Decoded {
        text,
        encoding: encoding.name(),
        malformed,
    }
}

/// Whether a page names an encoding of single bytes, but all of it is UTF-8 and some of it more than ASCII: no text in
/// such an encoding happens to be.
fn is_outdated(declared: &'static Encoding, body: &[u8]) -> bool {
    declared.is_single_byte() && !body.is_ascii() && std::str::from_utf8(body).is_ok()
}

/// Tells text from what only looks like a page by its address: `Err` names what the bytes are.
///
/// Text in any encoding that extends ASCII is text, and so is UTF-16 with a byte order mark. An empty body is text.
pub fn looks_like_text(body: &[u8]) -> Result<(), &'static str> {
    if let Some(name) = magic(body) {
        return Err(name);
    }
    if Encoding::for_bom(body).is_some_and(|(encoding, _)| encoding != UTF_8) {
        return Ok(());
    }
    let head = &body[..body.len().min(SNIFF_BYTES)];
    let controls = head.iter().filter(|byte| is_binary_control(**byte)).count();
    if controls * BINARY_ONE_IN > head.len() {
        Err("binary data")
    } else {
        Ok(())
    }
}

/// Control bytes that no text has: not tab, line feed, form feed, carriage return, nor the escape of ISO-2022-JP.
fn is_binary_control(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f)
}

fn magic(body: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 22] = [
        (b"%PDF-", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b"\xff\xd8\xff", "image"),
        (b"GIF87a", "image"),
        (b"GIF89a", "image"),
        (b"II*\0", "image"),
        (b"MM\0*", "image"),
        (b"\0\0\x01\0", "image"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"\x1f\x8b", "gzip"),
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a", "rar"),
        (b"ID3", "audio"),
        (b"OggS", "audio"),
        (b"\x1aE\xdf\xa3", "video"),
        (b"\x7fELF", "program"),
        (b"\0asm", "program"),
        (b"wOF", "font"),
    ];
    // A PDF may have white space before its header; all else begins with its magic bytes.
    if body.trim_ascii_start().starts_with(b"%PDF-") {
        return Some("PDF");
    }
    if body.get(4..8) == Some(b"ftyp") {
        return Some("video");
    }
    if body.starts_with(b"RIFF") && matches!(body.get(8..12), Some(b"WEBP" | b"WAVE" | b"AVI ")) {
        return Some(if body[8..].starts_with(b"WEBP") {
            "image"
        } else {
            "audio or video"
        });
    }
    // Three letters may begin a text as well; then no control byte follows.
    let ambiguous = |magic: &[u8]| magic.is_ascii() && magic.iter().all(u8::is_ascii_alphanumeric);
    MAGIC
        .iter()
        .find(|(magic, _)| {
            body.starts_with(magic)
                && (!ambiguous(magic)
                    || magic.len() > 4
                    || body.iter().take(64).any(|byte| is_binary_control(*byte)))
        })
        .map(|(_, name)| *name)
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| Encoding::for_label(value.as_bytes()))
            .flatten()
    })
}

/// What the page says of itself in its first bytes: an XML declaration, `<meta charset>` or its `http-equiv` form.
fn declared_charset(body: &[u8]) -> Option<&'static Encoding> {
    let head = &body[..body.len().min(PRESCAN_BYTES)];
    let found = xml_charset(head).or_else(|| {
        Tags::new(head)
            .filter(|tag| tag.name.eq_ignore_ascii_case(b"meta"))
            .find_map(|tag| {
                let by_content = || {
                    let is_type = tag.attribute("http-equiv")?.eq_ignore_ascii_case(b"content-type");
                    is_type
                        .then(|| tag.attribute("content").and_then(charset_in_content))
                        .flatten()
                };
                tag.attribute("charset")
                    .and_then(Encoding::for_label)
                    .or_else(by_content)
            })
    })?;
    // The declaration was readable as ASCII, so it cannot be UTF-16; the standard reads these two so.
    Some(if found == UTF_16LE || found == UTF_16BE {
        UTF_8
    } else if found == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        found
    })
}

fn xml_charset(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memmem::find(declaration, b"?>")?];
    let value = &declaration[memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let value = value.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quote = *value.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &value[1..];
    Encoding::for_label(&value[..memchr::memchr(quote, value)?])
}

/// "text/html; charset=utf-8", read as loosely as the standard does.
fn charset_in_content(content: &[u8]) -> Option<&'static Encoding> {
    let lower = content.to_ascii_lowercase();
    let mut rest = &lower[..];
    while let Some(at) = memmem::find(rest, b"charset") {
        rest = rest[at + b"charset".len()..].trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=") {
            let value = value.trim_ascii_start();
            let value = value
                .strip_prefix(b"\"")
                .or_else(|| value.strip_prefix(b"'"))
                .unwrap_or(value);
            let end = value
                .iter()
                .position(|b| b.is_ascii_whitespace() || matches!(b, b';' | b'"' | b'\''));
            return Encoding::for_label(&value[..end.unwrap_or(value.len())]);
        }
    }
    None
}

fn detect(body: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(body).is_ok() {
        return UTF_8;
    }
    let start = Encoding::ascii_valid_up_to(body).saturating_sub(2);
    let end = body.len().min(start + DETECT_BYTES);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&body[start..end], end == body.len());
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(body: &[u8], content_type: Option<&str>) -> &'static str {
        decode(body, content_type).encoding
    }

    #[test]
    fn valid_utf8_is_borrowed() {
        for (body, header) in [
            ("naïve", None),
            ("\u{feff}naïve", None),
            ("naïve", Some("text/html; charset=utf-8")),
        ] {
            let decoded = decode(body.as_bytes(), header);
            assert!(matches!(decoded.text, Cow::Borrowed("naïve")), "{decoded:?}");
            assert_eq!((decoded.encoding, decoded.malformed), ("UTF-8", false));
        }
    }

    #[test]
    fn the_byte_order_mark_stands_above_all() {
        assert_eq!(
            decode(b"\xff\xfeh\0i\0", Some("text/html; charset=utf-8")).text,
            "hi"
        );
        assert_eq!(
            encoding(b"\xef\xbb\xbfhi", Some("text/html; charset=latin1")),
            "UTF-8"
        );
    }

    #[test]
    fn a_page_of_utf8_that_names_an_older_encoding_is_utf8() {
        let page = "<meta charset=iso-8859-1><p>naïve café</p>";
        assert_eq!(encoding(page.as_bytes(), None), "UTF-8");
        assert_eq!(
            encoding(b"<meta charset=iso-8859-1><p>caf\xe9</p>", None),
            "windows-1252"
        );
    }

    #[test]
    fn the_header_stands_above_the_page_even_where_it_lies() {
        let body = "<meta charset=utf-8>é".as_bytes();
        let decoded = decode(body, Some("text/html; Charset=\"ISO-8859-1\""));
        assert_eq!(decoded.encoding, "windows-1252");
        assert!(decoded.text.ends_with("Ã©"));
    }

    #[test]
    fn an_unknown_charset_in_the_header_counts_as_none() {
        assert_eq!(
            encoding(b"<meta charset=koi8-r>", Some("text/html; charset=what")),
            "KOI8-R"
        );
        assert_eq!(
            encoding(b"<meta charset=koi8-r>", Some("text/html; charset")),
            "KOI8-R"
        );
    }

    #[test]
    fn the_page_declares_its_charset() {
        for (html, name) in [
            ("<meta charset='windows-1251'>", "windows-1251"),
            (
                "<META http-equiv=Content-Type content='text/html; charset = Shift_JIS'>",
                "Shift_JIS",
            ),
            ("<meta content=\"charset=big5\" http-equiv=content-type>", "Big5"),
            ("<?xml version='1.0' encoding='iso-8859-2'?><html>", "ISO-8859-2"),
            ("<meta charset=utf-16>", "UTF-8"),
            ("<meta charset=x-user-defined>", "windows-1252"),
            ("<meta charset=nonsense><meta charset=gbk>", "GBK"),
            (
                "<!-- <meta charset=gbk> --><title><meta charset=gbk></title><meta charset=koi8-u>",
                "KOI8-U",
            ),
            ("<meta name=content-type content='charset=gbk'>", "UTF-8"),
        ] {
            assert_eq!(encoding(html.as_bytes(), None), name, "{html}");
        }
    }

    #[test]
    fn a_declaration_past_the_first_kilobyte_is_not_seen() {
        let html = format!("{}<meta charset=gbk>", " ".repeat(PRESCAN_BYTES));
        assert_eq!(encoding(html.as_bytes(), None), "UTF-8");
    }

    #[test]
    fn without_a_declaration_the_bytes_decide() {
        assert_eq!(encoding("Fußgänger überqueren".as_bytes(), None), "UTF-8");
        let (french, _, _) = WINDOWS_1252.encode("Le président a déclaré à l’Assemblée qu’il était prêt.");
        let decoded = decode(&french, None);
        assert_eq!(decoded.encoding, "windows-1252");
        assert!(decoded.text.contains("l’Assemblée"));
        let (russian, _, _) =
            encoding_rs::WINDOWS_1251.encode("Президент заявил, что правительство готово к переговорам.");
        assert_eq!(encoding(&russian, None), "windows-1251");
    }

    #[test]
    fn wrong_bytes_are_marked_and_never_fatal() {
        let decoded = decode(b"a\xffb", Some("text/html; charset=utf-8"));
        assert_eq!((&*decoded.text, decoded.malformed), ("a\u{fffd}b", true));
    }

    #[test]
    fn binary_data_is_named() {
        for (body, name) in [
            (&b"%PDF-1.7"[..], "PDF"),
            (b"\n %PDF-1.7", "PDF"),
            (b"\x89PNG\r\n\x1a\n", "image"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image"),
            (b"PK\x03\x04rest", "zip"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"\0\0\0\x20ftypisom", "video"),
            (b"ID3\x03\0\0", "audio"),
            (b"\x01\x02\x03\0\0\0data", "binary data"),
        ] {
            assert_eq!(looks_like_text(body), Err(name), "{body:?}");
        }
    }

    #[test]
    fn text_is_text_in_any_encoding() {
        for body in [
            &b""[..],
            b"<!doctype html>",
            b"ID3 tags explained",
            b"BZh is how bzip2 files begin",
            b"\xff\xfeh\0i\0",
            b"caf\xe9\x1b$B",
            "日本語".as_bytes(),
        ] {
            assert_eq!(looks_like_text(body), Ok(()), "{body:?}");
        }
        let mut damaged = vec![b'x'; 1000];
        damaged[500] = 0;
        assert_eq!(looks_like_text(&damaged), Ok(()));
    }
}
