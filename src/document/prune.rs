//! What can never become text need not enter the tree: a byte-level pass before the parser.
//!
//! Script, style, SVG, comment and `noscript` bodies and most attributes make up the larger part of a news page.
//! [`prune`] copies the rest, following the tokenizer states of the HTML standard (section 13.2.5), so that the parser
//! builds the same text blocks from far fewer bytes. JSON-LD scripts stay.

use memchr::{memchr, memmem};

use super::scan::{Tag, comment_end, next_attribute, raw_end, scan_tag, script_end, svg_end, tag_end};

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
const MAX_OPEN_DRAWINGS: usize = 16;

/// Elements whose content is raw text to the tokenizer and never text of the page.
const RAW_DROPPED: &[&[u8]] = &[b"style", b"noscript", b"iframe", b"noembed", b"noframes", b"xmp"];

/// Copies `html` without what never becomes text. `named` says which further attributes, by name and value, selectors look at.
pub fn prune(html: &str, named: &dyn Fn(&str, &str) -> bool) -> String {
    let mut pruner = Pruner {
        html,
        bytes: html.as_bytes(),
        out: String::with_capacity(html.len() / 2),
        at: 0,
        preformatted: 0,
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
    /// Open `<pre>` elements.
    preformatted: usize,
    /// Drawings that could not be left out.
    open_drawings: usize,
    named: &'a dyn Fn(&str, &str) -> bool,
}

impl Pruner<'_> {
    fn run(&mut self) {
        while let Some(found) = memchr(b'<', &self.bytes[self.at..]) {
            let open = self.at + found;
            self.copy_text(open);
            match self.bytes.get(open + 1) {
                Some(b'!') => self.declaration(open),
                Some(b'/') => self.end_tag(open),
                Some(c) if c.is_ascii_alphabetic() => self.start_tag(open),
                Some(_) => self.copy_to(open + 1),
                None => break,
            }
        }
        self.copy_text(self.bytes.len());
    }

    /// Copies text up to `end`. A run of white space is one space to the reader and costs the parser a step for each line break, so
    /// it is copied as one space, but in `<pre>`.
    fn copy_text(&mut self, end: usize) {
        if self.preformatted > 0 {
            return self.copy_to(end);
        }
        let text = self.html.get(self.at..end).unwrap_or_default().as_bytes();
        let start = self.at;
        let mut at = 0;
        while at < text.len() {
            let is_run = match text[at] {
                b' ' => text.get(at + 1).is_some_and(u8::is_ascii_whitespace),
                byte => byte.is_ascii_whitespace(),
            };
            if !is_run {
                at += 1;
                continue;
            }
            self.copy_to(start + at);
            self.out.push(' ');
            at += text[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            self.at = start + at;
        }
        self.copy_to(end);
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
        if self.bytes[open + 2..tag.name_end].eq_ignore_ascii_case(b"pre") {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
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
        self.preformatted += usize::from(name.eq_ignore_ascii_case(b"pre"));
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
        let is_anchor = self.bytes[self.at..name_end].eq_ignore_ascii_case(b"<a");
        self.copy_to(name_end);
        let mut at = name_end;
        let mut kept = 0;
        while let Some(attribute) = next_attribute(self.bytes, &mut at, end) {
            let name = self.html.get(attribute.name.clone()).unwrap_or_default();
            let value = self.html.get(attribute.value.clone()).unwrap_or_default();
            if kept < MAX_ATTRIBUTES && self.keeps(name, value, is_anchor) {
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

    /// Where a link leads concerns only selectors.
    fn keeps(&self, name: &str, value: &str, is_anchor: bool) -> bool {
        if name.eq_ignore_ascii_case("style") && !(self.named)("style", value) {
            return hides(value);
        }
        let lower;
        let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            lower = name.to_ascii_lowercase();
            lower.as_str()
        } else {
            name
        };
        (KEPT_ATTRIBUTES.contains(&name) && !(is_anchor && name == "href")) || (self.named)(name, value)
    }
}

/// Whether an inline style may hide its element.
fn hides(style: &str) -> bool {
    let words: [&[u8]; 3] = [b"none", b"hidden", b"clip"];
    words
        .iter()
        .any(|word| memmem::find(style.as_bytes(), word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pruned(html: &str) -> String {
        prune(html, &|name, _| name == "data-named")
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
            r#"<a data-named=">" CLASS=c>t</a>"#
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
    fn white_space_is_one_space_but_in_pre() {
        assert_eq!(
            pruned("<p>\n  a \t b\n</p>\n\n<pre>a\n  b</pre>\n <p>c"),
            "<p> a b </p> <pre>a\n  b</pre> <p>c"
        );
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
