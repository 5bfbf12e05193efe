//! The selector file format, as TOML tables. An unknown key is an error; every selector and pattern keeps its place in the
//! file, so that an error and an explanation can name the line.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::article::PageKind;
use crate::document::FieldName;

/// The version of the format that this program reads.
pub const SCHEMA: u32 = 1;

/// `common.toml`: structure that is boilerplate on any site.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonFile {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Where fields stand on pages of any site.
    #[serde(default)]
    pub fields: FieldSources,
    /// What to drop.
    #[serde(default)]
    pub drop: Vec<CommonDrop>,
}

/// A `[[drop]]` of `common.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonDrop {
    /// Its name in explanations, as "navigation".
    pub name: String,
    /// CSS selectors, any of which matches.
    pub css: Vec<Spanned<String>>,
    /// It is believed even where it takes most of a page's text.
    #[serde(default)]
    pub sure: bool,
}

/// `sites/<domain>.toml`: the rules of one site.
///
/// A source of a rule is `css:SELECTOR`, then, each after ` | `, steps for what CSS cannot say: `text:^PATTERN` leaves those
/// elements whose text matches, `first` and `last` one of them, `closest:SELECTOR` goes to the nearest element around each that
/// matches (or to itself), `@attribute` reads an attribute. `css:a@href` is short for `css:a | @href`. Where a value is read there
/// are `ld:PATH`, `meta:KEY` and `text:^PATTERN` (the first block that matches) as well.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Hosts it serves, each with its subdomains; the longest that a URL's host ends with wins.
    pub sites: Vec<Spanned<String>>,
    /// Anchored regular expressions: it serves only URLs whose path one of them matches. Files with `path` go before the one of the
    /// same site without; of several that match, the one with the longest match wins.
    #[serde(default)]
    pub path: Vec<Spanned<String>>,
    /// Headers of requests to the site: none that the program sets itself, and no cookies or passwords.
    #[serde(default)]
    pub headers: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Layouts in order; the first that fits the page is used.
    #[serde(default)]
    pub layout: Vec<Layout>,
    /// Tests kept beside the rules.
    #[serde(default)]
    pub test: Vec<Test>,
}

/// `cms/<name>.toml`: the rules of pages that one publishing system made, for sites without a file of their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CmsFile {
    /// [`SCHEMA`].
    pub schema: u32,
    /// As of a site; each needs a `when`, which is tried on `html`, `body` and what stands in `head`.
    #[serde(default)]
    pub layout: Vec<Layout>,
    /// Tests kept beside the rules.
    #[serde(default)]
    pub test: Vec<Test>,
}

/// A `[[layout]]`: one state of a site's markup.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its name, as "2024", unique in the file.
    pub name: Spanned<String>,
    /// Anchored regular expressions: it fits only where one of them matches the path of the URL.
    #[serde(default)]
    pub path: Vec<Spanned<String>>,
    /// The day of the first story in this layout; asked only where several layouts fit.
    pub since: Option<Spanned<String>>,
    /// The day of the last one.
    pub until: Option<Spanned<String>>,
    /// The layout fits where one of these matches; without it, where `body` matches.
    #[serde(default)]
    pub when: Vec<Spanned<String>>,
    /// Elements that hold the story; blocks outside them are dropped.
    #[serde(default)]
    pub body: Vec<Spanned<String>>,
    /// Elements whose blocks stay whatever any other rule says.
    #[serde(default)]
    pub keep: Vec<Spanned<String>>,
    /// Elements that go.
    #[serde(default)]
    pub drop: Vec<Spanned<String>>,
    /// Anchored regular expressions; a block that matches goes.
    #[serde(default)]
    pub drop_text: Vec<Spanned<String>>,
    /// `css:` or `text:` sources; the block that matches and all after it go.
    #[serde(default)]
    pub stop_at: Vec<Spanned<String>>,
    /// Where the next page of a story stands, as "css:a.next@href".
    #[serde(default)]
    pub next_page: Vec<Spanned<String>>,
    /// Where the story stands on one page, as "css:a.print@href".
    #[serde(default)]
    pub single_page: Vec<Spanned<String>>,
    /// The headline.
    #[serde(default)]
    pub title: Vec<Spanned<String>>,
    /// The authors.
    #[serde(default)]
    pub authors: Vec<Spanned<String>>,
    /// When it was first published.
    #[serde(default)]
    pub published: Vec<Spanned<String>>,
    /// When it was last changed.
    #[serde(default)]
    pub modified: Vec<Spanned<String>>,
    /// Its language.
    #[serde(default)]
    pub language: Vec<Spanned<String>>,
    /// Its section.
    #[serde(default)]
    pub section: Vec<Spanned<String>>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Spanned<String>>,
    /// Its lead image.
    #[serde(default)]
    pub image: Vec<Spanned<String>>,
    /// Its canonical URL.
    #[serde(default)]
    pub canonical_url: Vec<Spanned<String>>,
    /// The site's name.
    #[serde(default)]
    pub site_name: Vec<Spanned<String>>,
    /// Its description.
    #[serde(default)]
    pub description: Vec<Spanned<String>>,
}

/// Sources of fields in order of trust: `css:SELECTOR`, `css:SELECTOR@attr`; in a layout also `ld:path`, `meta:key` and
/// `text:^pattern`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldSources {
    /// The headline.
    pub title: Vec<Spanned<String>>,
    /// The authors.
    pub authors: Vec<Spanned<String>>,
    /// When it was first published.
    pub published: Vec<Spanned<String>>,
    /// When it was last changed.
    pub modified: Vec<Spanned<String>>,
    /// Its language.
    pub language: Vec<Spanned<String>>,
    /// Its section.
    pub section: Vec<Spanned<String>>,
    /// Its tags.
    pub tags: Vec<Spanned<String>>,
    /// Its lead image.
    pub image: Vec<Spanned<String>>,
    /// Its canonical URL.
    pub canonical_url: Vec<Spanned<String>>,
    /// The site's name.
    pub site_name: Vec<Spanned<String>>,
    /// Its description.
    pub description: Vec<Spanned<String>>,
}

/// A table that holds sources of fields.
pub trait HasFieldSources {
    /// The sources of one field, in order of trust.
    fn of(&self, field: FieldName) -> &[Spanned<String>];
}

/// TOML tables cannot share their keys by nesting, so both kinds of table list them and this reads either.
macro_rules! field_sources {
    ($table:ty) => {
        impl HasFieldSources for $table {
            fn of(&self, field: FieldName) -> &[Spanned<String>] {
                match field {
                    FieldName::Title => &self.title,
                    FieldName::Authors => &self.authors,
                    FieldName::Published => &self.published,
                    FieldName::Modified => &self.modified,
                    FieldName::Language => &self.language,
                    FieldName::Section => &self.section,
                    FieldName::Tags => &self.tags,
                    FieldName::Image => &self.image,
                    FieldName::CanonicalUrl => &self.canonical_url,
                    FieldName::SiteName => &self.site_name,
                    FieldName::Description => &self.description,
                }
            }
        }
    };
}

field_sources!(FieldSources);
field_sources!(Layout);

/// A `[[test]]` of a site file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// A folder with `source.html`: under `fixtures/pages`, or beside the file in an overlay.
    pub page: Spanned<String>,
    /// Where the page was published, and what `--live` fetches.
    pub url: Option<Spanned<String>>,
    /// The layout that fits it.
    pub layout: Option<Spanned<String>>,
    /// Its headline.
    pub title: Option<String>,
    /// Its authors, all of them.
    pub authors: Option<Vec<String>>,
    /// The day, or day and time, when it was published.
    pub published: Option<Spanned<String>>,
    /// Strings that must stand in the article.
    #[serde(default)]
    pub has: Vec<String>,
    /// Strings that must not.
    #[serde(default)]
    pub lacks: Vec<String>,
}

/// `phrases/<lang>.toml`: what only the words betray.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseFile {
    /// [`SCHEMA`].
    pub schema: u32,
    /// BCP 47 primary language, or "any".
    pub language: String,
    /// The phrases.
    #[serde(default)]
    pub phrase: Vec<PhraseEntry>,
}

/// A `[[phrase]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseEntry {
    /// Its name, unique in the file.
    pub name: String,
    /// What it betrays, as "caption" or "newsletter".
    pub kind: String,
    /// Regular expressions over the whole block, case-insensitive, each anchored.
    #[serde(rename = "match")]
    pub patterns: Vec<Spanned<String>>,
    /// What happens to the block and to what follows it.
    #[serde(default)]
    pub action: Action,
    /// The block has at most so many characters.
    #[serde(default = "default_max_chars")]
    pub max_chars: usize,
    /// Where in the story it is believed.
    #[serde(default, rename = "where")]
    pub place: Place,
    /// In plain text one line of it is enough to tell that the text was not cleaned before.
    #[serde(default)]
    pub sure: bool,
    /// Examples that it drops.
    #[serde(default)]
    pub drops: Vec<String>,
    /// Traps that it leaves.
    #[serde(default)]
    pub keeps: Vec<String>,
}

/// A phrase speaks of short blocks unless it says otherwise.
const fn default_max_chars() -> usize {
    160
}

/// `kinds.toml`: what the words of a page say about its kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindFile {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The words.
    #[serde(default)]
    pub words: Vec<KindEntry>,
}

/// A `[[words]]` of `kinds.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindEntry {
    /// The kind of page that they speak for.
    pub kind: PageKind,
    /// BCP 47 primary language, or "any".
    pub language: String,
    /// Regular expressions over a title or headline, or a part of it; case-insensitive, each anchored.
    #[serde(default)]
    pub title: Vec<Spanned<String>>,
    /// Regular expressions over a line of a page without a story.
    #[serde(default)]
    pub text: Vec<Spanned<String>>,
    /// Examples that they are about.
    #[serde(default)]
    pub is: Vec<String>,
    /// Traps that they must leave.
    #[serde(default)]
    pub is_not: Vec<String>,
}

/// What a matching phrase does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The block goes.
    #[default]
    Drop,
    /// The block heads a list of teasers: it and they go, until running text returns.
    List,
    /// The story is over: the block and all after it go, where little running text follows.
    End,
}

/// Where in the story a phrase is believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Anywhere.
    #[default]
    Any,
    /// Before a tenth of the running text.
    Start,
    /// After two thirds of the running text.
    End,
}
