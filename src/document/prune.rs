//! What can never become text need not enter the tree: a byte-level pass before the parser.
//!
//! Script, style, SVG, comment and `noscript` bodies and most attributes make up the larger part of a news page.
//! [`prune`] copies the rest, following the tokenizer states of the HTML standard (section 13.2.5), so that the parser
//! builds the same text blocks from far fewer bytes. JSON-LD scripts stay.

use memchr::{memchr, memmem};

/// Attributes that the walk, the fields or the tree builder read; selector files may name more.
const KEPT_ATTRIBUTES: &[&str] = &[
    "aria-hidden",
    "charset",
    "class",
    "content",
    "data-component",
    "data-testid",
    "datetime",
    "href",
    "http-equiv",
    "hidden",
    "id",
    "itemprop",
    "lang",
    "name",
    "property",
    "rel",
    "role",
    "style",
    "type",
];

/// Attributes of one tag that reach the parser; it compares each with all before it. Elements have some five.
const MAX_ATTRIBUTES: usize = 64;
/// Drawings of a page that are looked through in vain, for want of an end or for HTML in them; pages have at most a few.
const MAX_OPEN_DRAWINGS: usize = 64;

/// Elements whose content is raw text to the tokenizer and never text of the page.
const RAW_DROPPED: &[&[u8]] = &[b"style", b"noscript", b"iframe", b"noembed", b"noframes", b"xmp"];

/// Elements that end an `<svg>` early when they stand in it (HTML standard, 13.2.6.5), or that hold HTML inside it.
#[rustfmt::skip]
const SVG_BREAKOUTS: &[&[u8]] = &[
    b"b", b"big", b"blockquote", b"body", b"br", b"center", b"code", b"dd", b"div", b"dl", b"dt", b"em",
    b"embed", b"foreignobject", b"h1", b"h2", b"h3", b"h4", b"h5", b"h6", b"head", b"hr", b"i", b"img",
    b"li", b"listing", b"menu", b"meta", b"nobr", b"ol", b"p", b"pre", b"ruby", b"s", b"small", b"span",
    b"strong", b"strike", b"sub", b"sup", b"table", b"tt", b"u", b"ul", b"var", b"font",
];

/// Copies `html` without what never becomes text. `named` says which further attributes selectors name.
pub fn prune(html: &str, named: &dyn Fn(&str) -> bool) -> String {
    let mut pruner = Pruner {
        html,
        bytes: html.as_bytes(),
        out: String::with_capacity(html.len() / 2),
        at: 0,
        open_drawings: 0,
        named,
    };
    pruner.run();
    pruner.out
}

struct Pruner<'a> {
    html: &'a str,
    bytes: &'a [u8],
    out: String,
    /// Everything before this is copied or dropped.
    at: usize,
    /// Drawings that could not be left out.
    open_drawings: usize,
    named: &'a dyn Fn(&str) -> bool,
}

/// A start tag: where its name ends and where the tag ends (past its `>`).
struct Tag {
    name_end: usize,
    end: usize,
}

impl Pruner<'_> {
    fn run(&mut self) {
        while let Some(found) = memchr(b'<', &self.bytes[self.at..]) {
            let open = self.at + found;
            self.copy_to(open);
            match self.bytes.get(open + 1) {
                Some(b'!') => self.declaration(open),
                Some(b'/') => self.end_tag(open),
                Some(c) if c.is_ascii_alphabetic() => self.start_tag(open),
                Some(_) => self.copy_to(open + 1),
                None => break,
            }
        }
        self.copy_to(self.bytes.len());
    }

    /// Copies up to `end`, which lies beside an ASCII byte and so on a character boundary.
    fn copy_to(&mut self, end: usize) {
        self.out.push_str(self.html.get(self.at..end).unwrap_or_default());
        self.at = end;
    }

    fn declaration(&mut self, open: usize) {
        if self.bytes[open..].starts_with(b"<!--") {
            self.at = comment_end(self.bytes, open + 4);
        } else {
            self.copy_past(b'>');
        }
    }

    fn copy_past(&mut self, byte: u8) {
        let end = memchr(byte, &self.bytes[self.at..]).map_or(self.bytes.len(), |i| self.at + i + 1);
        self.copy_to(end);
    }

    /// Copies an end tag without the attributes that some pages put there.
    fn end_tag(&mut self, open: usize) {
        if !self.bytes.get(open + 2).is_some_and(u8::is_ascii_alphabetic) {
            return self.copy_past(b'>');
        }
        let Some(tag) = scan_tag(self.bytes, open + 1) else {
            self.at = self.bytes.len();
            return;
        };
        self.copy_to(tag.name_end);
        self.out.push('>');
        self.at = tag.end;
    }

    fn start_tag(&mut self, open: usize) {
        let Some(tag) = scan_tag(self.bytes, open) else {
            // a tag that the page ends in is no tag, and no text
            self.at = self.bytes.len();
            return;
        };
        let name = &self.bytes[open + 1..tag.name_end];
        if name.eq_ignore_ascii_case(b"script") {
            return self.script(&tag);
        }
        if name.eq_ignore_ascii_case(b"svg") && self.drawing(&tag) {
            return;
        }
        if name.eq_ignore_ascii_case(b"plaintext") {
            return self.copy_to(self.bytes.len());
        }
        if let Some(raw) = RAW_DROPPED.iter().find(|raw| name.eq_ignore_ascii_case(raw)) {
            self.copy_tag(tag.name_end, tag.end);
            self.at = raw_end(self.bytes, tag.end, raw);
            return;
        }
        let is_text_only = name.eq_ignore_ascii_case(b"title") || name.eq_ignore_ascii_case(b"textarea");
        self.copy_tag(tag.name_end, tag.end);
        if is_text_only {
            let end = raw_end(
                self.bytes,
                tag.end,
                if name.len() == 5 { b"title" } else { b"textarea" },
            );
            self.copy_to(end);
        }
    }

    /// A drawing goes, if it ends and holds no HTML. Those that stay are counted: what stands in them is scanned again, so a page
    /// of many that do not end would take long.
    fn drawing(&mut self, tag: &Tag) -> bool {
        if self.open_drawings >= MAX_OPEN_DRAWINGS {
            return false;
        }
        let end = svg_end(self.bytes, tag.end);
        match end {
            Some(end) => {
                self.out.push_str("<svg></svg>");
                self.at = end;
            }
            None => self.open_drawings += 1,
        }
        end.is_some()
    }

    /// A script goes, unless it is JSON-LD. Before any other markup it stays as an empty element, since it
    /// decides whether a later doctype counts.
    fn script(&mut self, tag: &Tag) {
        let end = script_end(self.bytes, tag.end);
        let is_json_ld = memmem::find(&self.bytes[self.at..tag.end], b"ld+json").is_some();
        if is_json_ld {
            self.copy_tag(tag.name_end, tag.end);
            self.copy_to(end);
            return;
        }
        if self.out.trim_ascii().is_empty() {
            self.out.push_str("<script></script>");
        }
        self.at = end;
        // The dropped body's own end tag goes with it.
        if end < self.bytes.len() {
            self.at = tag_end(self.bytes, end + 2);
        }
    }

    /// Copies a start tag with the attributes that count.
    fn copy_tag(&mut self, name_end: usize, end: usize) {
        self.copy_to(name_end);
        let mut at = name_end;
        let mut kept = 0;
        while let Some(attribute) = next_attribute(self.bytes, &mut at, end) {
            let name = self.html.get(attribute.name.clone()).unwrap_or_default();
            let value = self.html.get(attribute.value.clone()).unwrap_or_default();
            if kept < MAX_ATTRIBUTES && self.keeps(name, value) {
                kept += 1;
                self.out.push(' ');
                self.out.push_str(
                    self.html
                        .get(attribute.name.start..attribute.end)
                        .unwrap_or_default(),
                );
            }
        }
        self.out.push_str(if self.bytes[..end].ends_with(b"/>") {
            " />"
        } else {
            ">"
        });
        self.at = end;
    }

    fn keeps(&self, name: &str, value: &str) -> bool {
        if name.eq_ignore_ascii_case("style") && !(self.named)("style") {
            return hides(value);
        }
        let lower;
        let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            lower = name.to_ascii_lowercase();
            lower.as_str()
        } else {
            name
        };
        KEPT_ATTRIBUTES.contains(&name) || (self.named)(name)
    }
}

/// Whether an inline style may hide its element.
fn hides(style: &str) -> bool {
    memmem::find(style.as_bytes(), b"none").is_some() || memmem::find(style.as_bytes(), b"hidden").is_some()
}

struct Attribute {
    name: std::ops::Range<usize>,
    value: std::ops::Range<usize>,
    /// Past the value's closing quote.
    end: usize,
}

/// The next attribute of the tag that ends at `end` (past its `>`).
fn next_attribute(bytes: &[u8], at: &mut usize, end: usize) -> Option<Attribute> {
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
fn scan_tag(bytes: &[u8], open: usize) -> Option<Tag> {
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
fn tag_end(bytes: &[u8], mut at: usize) -> usize {
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
fn comment_end(bytes: &[u8], at: usize) -> usize {
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
fn raw_end(bytes: &[u8], mut at: usize, name: &[u8]) -> usize {
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
fn script_end(bytes: &[u8], at: usize) -> usize {
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
fn svg_end(bytes: &[u8], mut at: usize) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pruned(html: &str) -> String {
        prune(html, &|name| name == "data-named")
    }

    #[test]
    fn drops_script_style_and_comment_bodies() {
        assert_eq!(
            pruned("<p>a<script>if (a < b) '</p>'</script>b<!-- c > -- d -->e<style>p > a {}</style></p>"),
            "<p>abe<style></style></p>"
        );
    }

    #[test]
    fn keeps_json_ld() {
        let html = r#"<p><script type="application/ld+json">{"a": "<b>"}</script></p>"#;
        assert_eq!(pruned(html), html);
    }

    #[test]
    fn keeps_only_attributes_that_count() {
        assert_eq!(
            pruned(r#"<a onclick="x('>')" href='/b' data-x=1 data-named=">" CLASS=c>t</a>"#),
            r#"<a href='/b' data-named=">" CLASS=c>t</a>"#
        );
        assert_eq!(
            pruned("<p style='color:red'>a<p style='display: none'>b"),
            "<p>a<p style='display: none'>b"
        );
    }

    #[test]
    fn an_svg_goes_whole_unless_html_stands_in_it() {
        assert_eq!(
            pruned("a<svg width=1><g><svg/><path d='>'/></g></svg>b"),
            "a<svg></svg>b"
        );
        assert!(pruned("<svg><g><p>text</p></svg>").contains("<p>text</p>"));
    }

    #[test]
    fn an_escaped_script_ends_where_the_standard_says() {
        assert_eq!(
            pruned("<p><script><!-- <script> </script> --> x </script>y"),
            "<p>y"
        );
        assert_eq!(pruned("<p><script><!-- a --> x </script>y"), "<p>y");
    }

    #[test]
    fn an_end_tag_loses_its_attributes() {
        assert_eq!(pruned("<p>a</p class=b x='>'>c</p/>"), "<p>a</p>c</p>");
    }

    #[test]
    fn a_tag_has_a_bounded_number_of_attributes() {
        let html = format!("<p {}>a", "class=b ".repeat(100_000));
        assert_eq!(pruned(&html).matches("class").count(), MAX_ATTRIBUTES);
    }

    #[test]
    fn unfinished_markup_is_left_to_the_parser() {
        for html in [
            "<p",
            "<a href='",
            "a<!-- b",
            "<script>a",
            "<svg><g>",
            "<",
            "</",
            "<title>a",
        ] {
            let _ = pruned(html);
        }
        assert_eq!(pruned("1 < 2 <3"), "1 < 2 <3");
    }
}
