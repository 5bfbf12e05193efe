//! Text to `Document`: one parse, one walk, one list of text blocks.

/// What the page says about itself outside its running text, collected in the one walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The first `<title>`, whitespace folded.
    pub title: Option<String>,
    /// `<html lang>` as written.
    pub lang: Option<String>,
    /// `<meta>` elements with content, in page order.
    pub meta: Vec<Meta>,
    /// `<link>` elements with `rel` and `href`, in page order.
    pub links: Vec<Link>,
    /// Bodies of `<script type="application/ld+json">` as they stand (may be broken JSON), in page order.
    pub json_ld: Vec<String>,
    /// Elements that the field selectors (`[fields]` of `common.toml`, a layout's `title`, `authors`, ...) matched,
    /// in page order.
    pub found: Vec<Found>,
}

/// The longest `articleBody` that is looked at, in bytes.
const MAX_ARTICLE_BODY: usize = 1 << 20;

impl Facts {
    /// The JSON-LD `articleBody` texts, one after the other; found in the scripts as they stand, so that broken JSON around them
    /// does not matter. Empty where there is none.
    pub fn article_body(&self) -> String {
        let mut text = String::new();
        for script in &self.json_ld {
            for (at, key) in script.match_indices("\"articleBody\"") {
                let rest = script[at + key.len()..]
                    .trim_start()
                    .strip_prefix(':')
                    .unwrap_or_default()
                    .trim_start();
                if let Some(body) =
                    json_string(rest).filter(|body| text.len() + body.len() < MAX_ARTICLE_BODY)
                {
                    text.push_str(&body);
                    text.push('\n');
                }
            }
        }
        text
    }
}

/// The JSON string that a text begins with; raw line breaks in it are forgiven.
fn json_string(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.bytes().position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    })?;
    let string = &text[..end + 2];
    serde_json::from_str(string)
        .or_else(|_| serde_json::from_str(&string.replace(['\n', '\r', '\t'], " ")))
        .ok()
}

/// A `<meta>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Its `property`, `name`, `itemprop` or `http-equiv` (the first it has), in lower case.
    pub key: String,
    /// Its `content`, as written.
    pub content: String,
}

/// A `<link>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its `rel` in lower case, may be several words.
    pub rel: String,
    /// Its `href` as written, may be relative.
    pub href: String,
    /// Its `type` in lower case, or empty.
    pub kind: String,
}

/// An element that a field selector matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The field it is for.
    pub field: FieldName,
    /// The source as written in the selector file, as "css:time@datetime".
    pub source: String,
    /// The layout of the site's own file that it belongs to; those stand above JSON-LD and meta, common ones below.
    pub layout: Option<u16>,
    /// The attribute, or the element's text with whitespace folded. Never empty.
    pub text: String,
    /// The number of text blocks that stand before it on the page.
    pub at: usize,
    /// It stands inside what common or site rules dropped (navigation, related, comments, asides).
    pub in_dropped: bool,
}

/// A field that selectors can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// `title`
    Title,
    /// `authors`
    Authors,
    /// `published`
    Published,
    /// `modified`
    Modified,
    /// `language`
    Language,
    /// `section`
    Section,
    /// `tags`
    Tags,
    /// `image`
    Image,
    /// `canonical_url`
    CanonicalUrl,
    /// `site_name`
    SiteName,
    /// `description`
    Description,
}
