//! Where tags, comments, scripts and drawings end, by the tokenizer states of the HTML standard (section 13.2.5): the byte scans
//! behind [`super::prune`].

use memchr::{memchr, memmem};

/// Elements that end an `<svg>` early when they stand in it (HTML standard, 13.2.6.5), or that hold HTML inside it.
#[rustfmt::skip]
const SVG_BREAKOUTS: &[&[u8]] = &[
    b"b", b"big", b"blockquote", b"body", b"br", b"center", b"code", b"dd", b"div", b"dl", b"dt", b"em",
    b"embed", b"foreignobject", b"h1", b"h2", b"h3", b"h4", b"h5", b"h6", b"head", b"hr", b"i", b"img",
    b"li", b"listing", b"menu", b"meta", b"nobr", b"ol", b"p", b"pre", b"ruby", b"s", b"small", b"span",
    b"strong", b"strike", b"sub", b"sup", b"table", b"tt", b"u", b"ul", b"var", b"font",
];

/// A start tag: where its name ends and where the tag ends (past its `>`).
pub(super) struct Tag {
    pub(super) name_end: usize,
    pub(super) end: usize,
}

pub(super) struct Attribute {
    pub(super) name: std::ops::Range<usize>,
    pub(super) value: std::ops::Range<usize>,
    /// Past the value's closing quote.
    pub(super) end: usize,
}

/// The next attribute of the tag that ends at `end` (past its `>`).
pub(super) fn next_attribute(bytes: &[u8], at: &mut usize, end: usize) -> Option<Attribute> {
    let last = end.checked_sub(1)?;
    while *at < last && (bytes[*at].is_ascii_whitespace() || bytes[*at] == b'/') {
        *at += 1;
    }
    if *at >= last {
        return None;
    }
    let start = *at;
    *at += 1; // a leading `=` belongs to the name
    while *at < last && !matches!(bytes[*at], b'=' | b'/') && !bytes[*at].is_ascii_whitespace() {
        *at += 1;
    }
    let name = start..*at;
    let mut next = *at;
    while next < last && bytes[next].is_ascii_whitespace() {
        next += 1;
    }
    if next >= last || bytes[next] != b'=' {
        return Some(Attribute {
            value: name.end..name.end,
            end: name.end,
            name,
        });
    }
    next += 1;
    while next < last && bytes[next].is_ascii_whitespace() {
        next += 1;
    }
    let (value, past) = match bytes.get(next) {
        Some(&quote @ (b'"' | b'\'')) if next < last => {
            let close = memchr(quote, &bytes[next + 1..last]).map_or(last, |i| next + 1 + i);
            (next + 1..close, (close + 1).min(last))
        }
        _ => {
            let mut close = next;
            while close < last && !bytes[close].is_ascii_whitespace() {
                close += 1;
            }
            (next..close, close)
        }
    };
    *at = past;
    Some(Attribute {
        name,
        value,
        end: past,
    })
}

/// Scans the start tag at `open`; `None` where the page ends inside it.
pub(super) fn scan_tag(bytes: &[u8], open: usize) -> Option<Tag> {
    let mut name_end = open + 1;
    while name_end < bytes.len()
        && !matches!(bytes[name_end], b'>' | b'/')
        && !bytes[name_end].is_ascii_whitespace()
    {
        name_end += 1;
    }
    let end = tag_end(bytes, name_end);
    (end <= bytes.len() && bytes[..end].last() == Some(&b'>') && end > name_end)
        .then_some(Tag { name_end, end })
}

/// Past the `>` of the tag whose name or attributes go on at `at`; quotes count only where a value begins.
pub(super) fn tag_end(bytes: &[u8], mut at: usize) -> usize {
    let mut after_equals = false;
    let mut named = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return at + 1,
            quote @ (b'"' | b'\'') if after_equals => {
                let Some(close) = memchr(quote, &bytes[at + 1..]) else {
                    return bytes.len();
                };
                at += close + 1;
                after_equals = false;
                named = false;
            }
            b'=' if named && !after_equals => after_equals = true,
            c if c.is_ascii_whitespace() => {}
            b'/' if !after_equals => named = false,
            _ if after_equals => {
                // an unquoted value runs to whitespace or `>`
                while at < bytes.len() && bytes[at] != b'>' && !bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                after_equals = false;
                named = false;
                continue;
            }
            _ => named = true,
        }
        at += 1;
    }
    bytes.len()
}

/// Past the comment whose text begins at `at` (HTML standard, 13.2.5.43 to 13.2.5.52).
pub(super) fn comment_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at.min(bytes.len())..];
    if rest.starts_with(b">") {
        return at + 1;
    }
    if rest.starts_with(b"->") {
        return at + 2;
    }
    // `-->` may share its dashes with the opening; `--!>` ends a comment too.
    let mut from = at;
    while let Some(dashes) = memmem::find(&bytes[from.min(bytes.len())..], b"--") {
        let after = from + dashes + 2;
        match (bytes.get(after), bytes.get(after + 1)) {
            (Some(b'>'), _) => return after + 1,
            (Some(b'!'), Some(b'>')) => return after + 2,
            _ => from = after - 1,
        }
    }
    bytes.len()
}

/// Where the raw text that begins at `at` ends: at its `</name`, or at the end of the page.
pub(super) fn raw_end(bytes: &[u8], mut at: usize, name: &[u8]) -> usize {
    while let Some(found) = memmem::find(&bytes[at..], b"</") {
        let open = at + found;
        if is_end_tag(bytes, open, name) {
            return open;
        }
        at = open + 2;
    }
    bytes.len()
}

fn is_end_tag(bytes: &[u8], open: usize, name: &[u8]) -> bool {
    let Some(candidate) = bytes.get(open + 2..open + 2 + name.len()) else {
        return false;
    };
    candidate.eq_ignore_ascii_case(name)
        && bytes
            .get(open + 2 + name.len())
            .is_some_and(|c| matches!(c, b'>' | b'/') || c.is_ascii_whitespace())
}

/// Where the script that begins at `at` ends: at its `</script`. Inside `<!-- <script> ... </script> -->` the inner
/// end tag does not count (the double-escaped states of the HTML standard, 13.2.5.25 to 13.2.5.31).
pub(super) fn script_end(bytes: &[u8], at: usize) -> usize {
    let close = raw_end(bytes, at, b"script");
    let mut from = at;
    while let Some(escape) = memmem::find(&bytes[from..close], b"<!--") {
        let body = from + escape + 4;
        if let Some(unescape) = memmem::find(&bytes[body..close], b"-->") {
            from = body + unescape + 3;
        } else if find_script_open(bytes, body, close).is_some() {
            // double escaped: this end tag only leaves that state
            return raw_end(bytes, (close + 8).min(bytes.len()), b"script");
        } else {
            break;
        }
    }
    close
}

fn find_script_open(bytes: &[u8], mut from: usize, to: usize) -> Option<usize> {
    while from < to {
        let open = from + memchr(b'<', &bytes[from..to])?;
        let name = bytes.get(open + 1..open + 7)?;
        let after = bytes.get(open + 7).copied().unwrap_or(b'x');
        if name.eq_ignore_ascii_case(b"script")
            && (matches!(after, b'>' | b'/') || after.is_ascii_whitespace())
        {
            return Some(open + 7);
        }
        from = open + 1;
    }
    None
}

/// Past the `</svg>` of the drawing whose content begins at `at`; `None` where something in it is, or could become, HTML.
pub(super) fn svg_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    if bytes[..at].ends_with(b"/>") {
        return Some(at);
    }
    let mut depth = 1usize;
    loop {
        let open = at + memchr(b'<', &bytes[at..])?;
        if bytes[open..].starts_with(b"<!") {
            if bytes[open..].starts_with(b"<![CDATA[") {
                return None;
            }
            at = if bytes[open..].starts_with(b"<!--") {
                comment_end(bytes, open + 4)
            } else {
                open + 2
            };
            continue;
        }
        let is_end = bytes.get(open + 1) == Some(&b'/');
        let name_at = open + 1 + usize::from(is_end);
        if !bytes.get(name_at)?.is_ascii_alphabetic() {
            at = name_at;
            continue;
        }
        let tag = scan_tag(bytes, name_at - 1)?;
        let name = &bytes[name_at..tag.name_end];
        if name.eq_ignore_ascii_case(b"svg") {
            if is_end {
                depth -= 1;
            } else if !bytes[..tag.end].ends_with(b"/>") {
                depth += 1;
            }
        } else if SVG_BREAKOUTS.iter().any(|b| name.eq_ignore_ascii_case(b)) {
            return None;
        }
        at = tag.end;
        if depth == 0 {
            return Some(at);
        }
    }
}
