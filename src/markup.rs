//! Start tags and their attributes straight from bytes: no tree, no copies, time linear in the input.
//!
//! For the two places that look at markup before or without a parse: the charset of a page and the links of
//! a section page. It follows the tokenizer of the HTML standard as far as start tags go: quoted values may hold
//! `>`, comments and raw-text elements (`script`, `style`, `title`, ...) hold no tags.

use memchr::{memchr, memmem};

/// Elements whose content is text up to their own end tag.
const RAW_TEXT: [&[u8]; 8] = [
    b"script",
    b"style",
    b"textarea",
    b"title",
    b"xmp",
    b"iframe",
    b"noembed",
    b"noframes",
];

/// One start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Its name as written.
    pub name: &'a [u8],
    attributes: &'a [u8],
}

impl<'a> Tag<'a> {
    /// Its attributes in order, duplicates included.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes {
            rest: self.attributes,
        }
    }

    /// The value of its first attribute of this (lower case) name, as written.
    pub fn attribute(&self, name: &str) -> Option<&'a [u8]> {
        self.attributes()
            .find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }
}

/// The start tags of a text, in order. A tag that the text ends in is not among them.
#[derive(Debug)]
pub(crate) struct Tags<'a> {
    rest: &'a [u8],
}

impl<'a> Tags<'a> {
    /// Of HTML or XML bytes in any encoding that extends ASCII.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn skip_past(&mut self, end: &[u8]) {
        self.rest = memmem::find(self.rest, end).map_or(&[], |at| &self.rest[at + end.len()..]);
    }

    fn skip_raw_text(&mut self, name: &[u8]) {
        while let Some(at) = memmem::find(self.rest, b"</") {
            self.rest = &self.rest[at + 2..];
            let ends = self
                .rest
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name));
            if ends
                && self
                    .rest
                    .get(name.len())
                    .is_none_or(|byte| !byte.is_ascii_alphanumeric())
            {
                return;
            }
        }
        self.rest = &[];
    }

    /// Reads the tag whose name begins at the start of `rest`; `None` if the text ends in it.
    fn read_tag(&mut self) -> Option<Tag<'a>> {
        let text = self.rest;
        let name_end = text.iter().position(|byte| ends_tag_name(*byte))?;
        let mut attributes = Attributes {
            rest: &text[name_end..],
        };
        while attributes.next().is_some() {}
        if attributes.rest.first() != Some(&b'>') {
            return None;
        }
        let end = text.len() - attributes.rest.len();
        self.rest = &text[end + 1..];
        Some(Tag {
            name: &text[..name_end],
            attributes: &text[name_end..end],
        })
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let open = memchr(b'<', self.rest)?;
            self.rest = &self.rest[open + 1..];
            if self.rest.starts_with(b"!--") {
                // From the second dash on, so that `<!-->` is a whole comment.
                self.rest = &self.rest[1..];
                self.skip_past(b"-->");
            } else if matches!(self.rest.first(), Some(b'!' | b'?' | b'/')) {
                self.skip_past(b">");
            } else if self.rest.first().is_some_and(u8::is_ascii_alphabetic) {
                let Some(tag) = self.read_tag() else {
                    self.rest = &[];
                    return None;
                };
                if let Some(name) = RAW_TEXT.iter().find(|name| name.eq_ignore_ascii_case(tag.name)) {
                    self.skip_raw_text(name);
                }
                return Some(tag);
            }
        }
    }
}

/// The attributes of one tag: name and value as written, the value empty where there is none.
#[derive(Debug)]
pub(crate) struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    fn take_until(&mut self, stop: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self
            .rest
            .iter()
            .position(|byte| stop(*byte))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn value(&mut self) -> &'a [u8] {
        self.take_until(|byte| !byte.is_ascii_whitespace());
        match self.rest.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let text = &self.rest[1..];
                let end = memchr(*quote, text).unwrap_or(text.len());
                self.rest = text.get(end + 1..).unwrap_or(&[]);
                &text[..end]
            }
            _ => self.take_until(|byte| byte.is_ascii_whitespace() || byte == b'>'),
        }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    /// `None` at the end of the tag: `rest` is then at its `>` or empty.
    fn next(&mut self) -> Option<Self::Item> {
        self.take_until(|byte| !byte.is_ascii_whitespace() && byte != b'/');
        if matches!(self.rest.first(), None | Some(b'>')) {
            return None;
        }
        let text = self.rest;
        // An equals sign in first place belongs to the name.
        self.rest = &text[1..];
        let name_len = 1 + self.take_until(|byte| ends_tag_name(byte) || byte == b'=').len();
        self.take_until(|byte| !byte.is_ascii_whitespace());
        let value = if self.rest.first() == Some(&b'=') {
            self.rest = &self.rest[1..];
            self.value()
        } else {
            &[]
        };
        Some((&text[..name_len], value))
    }
}

fn ends_tag_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'/' || byte == b'>'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(html: &str) -> Vec<&str> {
        Tags::new(html.as_bytes())
            .filter_map(|tag| tag.attribute("href"))
            .map(|value| std::str::from_utf8(value).unwrap())
            .collect()
    }

    #[test]
    fn attributes_are_read_quoted_or_not() {
        assert_eq!(
            links("<a href=one><a HREF='two'><A x href = \"three > 2\" y>"),
            ["one", "two", "three > 2"]
        );
        assert_eq!(
            links("<a/href=one/two><a =x href=three><a href>"),
            ["one/two", "three", ""]
        );
    }

    #[test]
    fn comments_scripts_and_closing_tags_hold_no_tags() {
        let html = "<!-- <a href=no> --><script>'<a href=no>'</script x></a href=no><!doctype a><a href=yes>";
        assert_eq!(links(html), ["yes"]);
        assert_eq!(links("<!--><a href=yes>"), ["yes"]);
        assert_eq!(
            links("<script></scripts><a href=no></SCRIPT><a href=yes>"),
            ["yes"]
        );
    }

    #[test]
    fn a_text_that_ends_inside_a_tag_gives_no_tag() {
        for html in [
            "<",
            "<a",
            "<a href",
            "<a href=",
            "<a href='x",
            "<a href=x",
            "<!--",
            "<script>",
            "<a href='x>",
        ] {
            assert_eq!(links(html), Vec::<&str>::new(), "{html}");
        }
    }

    #[test]
    fn a_million_attributes_take_linear_time() {
        let html = format!(
            "<p {}><a href=x>",
            (0..1_000_000).fold(String::new(), |s, n| s + " a" + &n.to_string())
        );
        assert_eq!(links(&html), ["x"]);
    }
}
