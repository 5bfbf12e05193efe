//! What the desk produces: plain data, no behaviour beyond reading it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a text block is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading.
    Heading {
        /// 1 (`h1`) to 6 (`h6`).
        level: u8,
    },
    /// One item of a list, or one term or definition of a definition list.
    ListItem,
    /// Text inside a `blockquote` or `q` block.
    Quote,
    /// One row of a table, its cells joined by tabs.
    TableRow,
    /// Preformatted text; its line breaks and spaces count.
    Preformatted,
    /// The caption of a figure or table.
    Caption,
    /// Text directly inside a container, a button, a label.
    Other,
}

/// One block of the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    #[serde(flatten)]
    pub kind: BlockKind,
    /// Its text: whitespace folded, never empty, one line (except preformatted).
    pub text: String,
}

/// A date as a page gives it, in RFC 3339: a `date-time` with offset, or a bare `full-date`
/// where the page names no time of day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageDate(String);

impl PageDate {
    /// Reads an RFC 3339 `date-time` or `full-date`; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_date = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
        let is_time = text.len() > 10 && text.parse::<jiff::Timestamp>().is_ok();
        (is_date || is_time).then(|| Self(text.to_owned()))
    }

    /// The RFC 3339 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day alone, `YYYY-MM-DD`, in the page's own offset.
    pub fn day(&self) -> &str {
        self.0.get(..10).unwrap_or(&self.0)
    }

    /// Seconds since 1970-01-01T00:00:00Z; a bare date counts as its midnight in UTC.
    pub fn epoch_seconds(&self) -> i64 {
        if let Ok(time) = self.0.parse::<jiff::Timestamp>() {
            return time.as_second();
        }
        self.0
            .parse::<jiff::civil::Date>()
            .ok()
            .and_then(|date| jiff::tz::TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok())
            .map_or(0, jiff::Timestamp::as_second)
    }
}

impl TryFrom<String> for PageDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("not an RFC 3339 date: {text:?}"))
    }
}

impl From<PageDate> for String {
    fn from(date: PageDate) -> Self {
        date.0
    }
}

impl fmt::Display for PageDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of an article besides its text. A field the page does not give is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The headline, without the site's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The authors' names in the page's order, without "By", roles or duplicates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was first published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PageDate>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<PageDate>,
    /// BCP 47 language tag, as "en" or "pt-BR".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The desk or section, as "World".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Keywords and topics, without duplicates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Absolute URL of the lead image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Absolute canonical URL as the page claims it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// The site's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_name: Option<String>,
    /// The page's summary of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// A story.
    #[default]
    Article,
    /// A front page, section, tag or search page: a list of stories.
    Index,
    /// A live blog: many short entries, each with its time, that go on being added.
    Live,
    /// The beginning of a story that the page keeps for subscribers.
    Paywall,
    /// A page for a video, a recording or a gallery, without a story.
    Video,
    /// An error page for what is not there.
    NotFound,
    /// A page that asks for consent to cookies before it shows anything.
    Consent,
    /// A page that keeps programs out: a CAPTCHA, a demand for JavaScript, a denial.
    Captcha,
    /// A page that asks for a name and password.
    Login,
}

impl PageKind {
    /// All kinds, the article first.
    pub const ALL: [Self; 9] = [
        Self::Article,
        Self::Index,
        Self::Live,
        Self::Paywall,
        Self::Video,
        Self::NotFound,
        Self::Consent,
        Self::Captcha,
        Self::Login,
    ];

    /// Its name in JSON, as "not-found".
    pub fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Index => "index",
            Self::Live => "live",
            Self::Paywall => "paywall",
            Self::Video => "video",
            Self::NotFound => "not-found",
            Self::Consent => "consent",
            Self::Captcha => "captcha",
            Self::Login => "login",
        }
    }

    /// In words: "the page is ...".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Article => "an article",
            Self::Index => "an index page",
            Self::Live => "a live blog",
            Self::Paywall => "the teaser of a story behind a paywall",
            Self::Video => "a video, audio or gallery page",
            Self::NotFound => "a not-found page",
            Self::Consent => "a consent page",
            Self::Captcha => "a CAPTCHA or block page",
            Self::Login => "a login page",
        }
    }

    /// Whether what is on the page is worth reading, story or not.
    pub fn has_text(self) -> bool {
        matches!(self, Self::Article | Self::Live | Self::Paywall | Self::Video)
    }

    /// Whether the server kept back the page that was asked for; another time it may not.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::NotFound | Self::Consent | Self::Captcha | Self::Login)
    }
}

/// How sure something is, 0 to 1, in hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Confidence(u8);

impl Confidence {
    /// The nearest hundredth; what is no number is 0.
    pub fn of(chance: f64) -> Self {
        Self((chance.clamp(0.0, 1.0) * 100.0).round() as u8)
    }

    /// 0 to 1.
    pub fn chance(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl From<f64> for Confidence {
    fn from(chance: f64) -> Self {
        Self::of(chance)
    }
}

impl From<Confidence> for f64 {
    fn from(confidence: Confidence) -> Self {
        confidence.chance()
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.chance())
    }
}

/// Why some blocks are not in the article: one row a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The reason as the explain view words it.
    pub reason: String,
    /// How many blocks it dropped.
    pub blocks: u32,
}

/// The core article of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The URL it was fetched from, after redirects; `file:` for a local page; empty for bare text.
    pub url: String,
    /// The registrable domain of `url`, as "example.co.uk"; empty where there is none.
    pub site: String,
    /// What the page is: an article, or something else that has text.
    #[serde(default)]
    pub kind: PageKind,
    /// How sure `kind` is; 0 where it was stored before kinds were told.
    #[serde(default)]
    pub confidence: Confidence,
    /// Title, authors, dates and the like.
    #[serde(flatten)]
    pub fields: Fields,
    /// The kept blocks in reading order, the headline not among them.
    pub blocks: Vec<Block>,
    /// Why the other blocks were dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// The layout of the site's selector file that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// The version of the rules that cleaned it: a hash of all selector files.
    #[serde(default)]
    pub rules: String,
    /// Limits that this page ran into, in words; also that no layout of its site's selector file fits it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
}

impl Article {
    /// The body: one block per line.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.blocks.iter().map(|b| b.text.len() + 1).sum());
        for block in &self.blocks {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&block.text);
        }
        text
    }

    /// The number of words in the body, split at whitespace.
    pub fn words(&self) -> usize {
        self.blocks
            .iter()
            .map(|b| b.text.split_whitespace().count())
            .sum()
    }
}

/// Names an article in the store: the first eight bytes of the SHA-256 of the normal form of the URL under
/// which it was first stored, written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArticleId(pub u64);

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl TryFrom<String> for ArticleId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        (text.len() == 16)
            .then(|| u64::from_str_radix(&text, 16).ok())
            .flatten()
            .map(Self)
            .ok_or_else(|| format!("not an article id: {text:?} (16 hexadecimal digits)"))
    }
}

impl From<ArticleId> for String {
    fn from(id: ArticleId) -> Self {
        id.to_string()
    }
}

/// The same article seen at a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Where.
    pub url: String,
    /// When first, seconds since the epoch.
    pub first_seen: i64,
}
