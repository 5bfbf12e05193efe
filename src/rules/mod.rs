//! Selector files to [`Rules`]: strictly loaded, indexed once, shared by all workers.
//!
//! The files under `selectors/` are compiled into the binary; [`Rules::with_overlay`] lays a directory of the same shape over
//! them, file by file.

mod compile;
mod dir;
mod field;
mod file;
mod fold;
mod format;
mod grow;
mod index;
mod key;
mod kinds;
mod lint;
mod literals;
mod load;
mod parts;
mod pattern;
mod phrases;
mod places;
mod prefilter;
pub mod schema;
mod sets;
mod site;
mod source;
mod toml_error;
mod values;

use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use url::Url;

use crate::document::FieldName;
use crate::site::plain_host;

pub use dir::{SelectorDir, Unformatted};
pub use field::FieldSource;
pub use file::{Origin, SourceFile};
pub(crate) use format::string as toml_string;
pub use grow::with_layouts_above;
pub use index::{Around, SelectorIndex};
pub(crate) use key::matches_whole_page;
pub use kinds::{KindEntry, KindWords};
pub use pattern::Pattern;
pub use phrases::{Phrase, PhraseSet, PhraseText};
pub use schema::Action;
pub use sets::{SetRule, SetRules, SetStep};
pub use site::{FieldRule, Layout, SiteRules, SiteTest};
pub use source::{Source, Step};
pub use values::host as site_host;

/// All rules of one program. Immutable, shared by all workers.
#[derive(Debug)]
pub struct Rules {
    common: SelectorIndex<Meaning>,
    /// The files of sites and of publishing systems, by their numbers.
    sites: Vec<SiteRules>,
    /// Host to the numbers of its files.
    site_of: FxHashMap<String, Vec<u32>>,
    /// The number of the publishing system that a selector tells.
    fingerprints: SelectorIndex<u32>,
    of_common: Range<usize>,
    phrases: FxHashMap<String, LazyPhrases>,
    kinds: Option<LazyKinds>,
    origins: Vec<Origin>,
    /// The rules that are believed even where they take most of a page's text, by their numbers.
    sure: Vec<Range<usize>>,
    version: String,
}

/// Why the selector files could not be loaded: every mistake, a line each, with file, line and text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct RulesError(pub Vec<String>);

/// Names one rule of [`Rules`]; [`Rules::origin`] says where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(u32);

/// What it means that a selector matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The rule.
    pub rule: RuleId,
    /// Its effect.
    pub effect: Effect,
    /// The layout of the site file it belongs to; `None` in `common.toml`.
    pub layout: Option<u16>,
}

/// What a rule does to the element it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The layout fits this page.
    When,
    /// The story stands in here.
    Body,
    /// It stays.
    Keep,
    /// It goes.
    Drop,
    /// It and all after it go.
    StopAt,
    /// A field stands here.
    Field {
        /// Which.
        field: FieldName,
        /// The attribute that holds it; without it the text.
        attribute: Option<String>,
        /// The source as written.
        source: String,
    },
}

/// The name of the phrases of any language.
const ANY: &str = "any";
/// The name of the English phrases.
const ENGLISH: &str = "en";

/// The phrases of one language: compiled when a page first needs them, since most runs see few languages.
#[derive(Debug)]
struct LazyPhrases {
    file: SourceFile,
    compiled: OnceLock<PhraseSet>,
    /// With those of any language and the English before them.
    joined: OnceLock<PhraseSet>,
}

impl LazyPhrases {
    fn get(&self) -> &PhraseSet {
        // Files of an overlay are checked when they are loaded, and a test checks every built-in one.
        self.compiled
            .get_or_init(|| PhraseSet::read(&self.file).unwrap_or_default())
    }
}

/// The words that tell page kinds: compiled when a page first needs them; one with a convincing story does not.
#[derive(Debug)]
struct LazyKinds {
    file: SourceFile,
    compiled: OnceLock<KindWords>,
}

impl Rules {
    /// The files compiled into the program.
    ///
    /// # Panics
    /// Never in a program whose tests pass: the files are part of it.
    pub fn builtin() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        #[expect(
            clippy::expect_used,
            reason = "the files are part of the program; a test loads them all"
        )]
        RULES.get_or_init(|| {
            load::rules(load::builtin_files(), |_| false).expect("the built-in selector files load")
        })
    }

    /// The compiled-in files, overlaid by those of a directory laid out as `selectors/`.
    ///
    /// # Errors
    /// [`RulesError`] with every mistake in every file of the directory, or that it cannot be read.
    pub fn with_overlay(dir: &Path) -> Result<Self, RulesError> {
        let overlay = load::directory_files(dir).map_err(|problem| RulesError(vec![problem]))?;
        load::rules(load::overlaid(load::builtin_files(), overlay), |file| {
            !file.is_builtin()
        })
    }

    /// The compiled-in files without those of sites and publishing systems, and this file of a site: what it does by itself.
    ///
    /// # Errors
    /// [`RulesError`] with every mistake in the file.
    pub fn with_site(file: SourceFile) -> Result<Self, RulesError> {
        let is_of_any = |file: &SourceFile| !matches!(file.folder(), "sites" | "cms");
        let mut files = load::builtin_files();
        files.retain(is_of_any);
        files.push(file);
        load::rules(files, |file| !file.is_builtin())
    }

    /// The rules of these files alone.
    #[cfg(test)]
    pub(crate) fn of_files(files: Vec<SourceFile>) -> Result<Self, RulesError> {
        load::rules(files, |_| false)
    }

    /// The rules of the site that this page belongs to: those of the longest host that has a file for this path.
    pub fn site(&self, url: &Url) -> Option<&SiteRules> {
        let mut host = plain_host(url);
        loop {
            let files = self.site_of.get(host).into_iter().flatten();
            let matching = files.filter_map(|&number| {
                let site = self.file(number)?;
                Some((site.paths.longest_match(url.path())?, site))
            });
            if let Some((_, site)) = matching.max_by_key(|(len, _)| *len) {
                return Some(site);
            }
            host = host.split_once('.')?.1;
        }
    }

    /// The file of this number, see [`SiteRules::number`].
    pub fn file(&self, number: u32) -> Option<&SiteRules> {
        self.sites.get(number as usize)
    }

    /// All files of sites and of publishing systems.
    pub fn files(&self) -> &[SiteRules] {
        &self.sites
    }

    /// The numbers of the files of publishing systems, each by what tells the system.
    pub fn fingerprints(&self) -> &SelectorIndex<u32> {
        &self.fingerprints
    }

    /// The rules of `common.toml`, in the order of the file.
    pub fn common_rules(&self) -> impl Iterator<Item = RuleId> {
        site::rule_ids(self.of_common.clone())
    }

    /// The selectors of `common.toml`.
    pub fn common(&self) -> &SelectorIndex<Meaning> {
        &self.common
    }

    /// The phrases of one language's own file.
    pub fn phrases(&self, language: &str) -> Option<&PhraseSet> {
        self.phrases.get(language).map(LazyPhrases::get)
    }

    /// The phrases that apply to a page of this language: those of any language, the English, which stand on pages of all
    /// languages, and its own.
    pub fn phrases_for(&self, language: Option<&str>) -> Option<&PhraseSet> {
        let primary = language.map(primary_language);
        let primary = match primary.as_deref() {
            Some(tag) if tag != ANY && self.phrases.contains_key(tag) => tag,
            _ => ENGLISH,
        };
        let own = self.phrases.get(primary)?;
        Some(own.joined.get_or_init(|| {
            let others = [ANY, ENGLISH].into_iter().filter(|name| *name != primary);
            let others = others.filter_map(|name| self.phrases(name));
            let sets: Vec<&PhraseSet> = others.chain([own.get()]).collect();
            PhraseSet::joined(&sets)
        }))
    }

    /// What the words of a page say about its kind.
    pub fn kind_words(&self) -> &KindWords {
        static NONE: OnceLock<KindWords> = OnceLock::new();
        match &self.kinds {
            Some(lazy) => lazy
                .compiled
                .get_or_init(|| KindWords::read(&lazy.file).unwrap_or_default()),
            None => NONE.get_or_init(KindWords::default),
        }
    }

    /// Where a rule is written.
    pub fn origin(&self, rule: RuleId) -> &Origin {
        &self.origins[rule.0 as usize]
    }

    /// A hash of the rules of one file: 12 hexadecimal digits. Where they stand in it does not count.
    pub fn version_of(&self, file: &SiteRules) -> String {
        let layouts = file.layouts.iter();
        let rules = layouts.flat_map(|layout| layout.rules.iter().map(move |rule| (layout, rule)));
        let parts = rules.flat_map(|(layout, rule)| {
            let Origin { name, text, .. } = self.origin(*rule);
            [layout.name.as_str(), name, text]
        });
        file::hash_of(parts)
    }

    /// Whether a rule is believed even where it takes most of a page's text.
    pub fn is_sure(&self, rule: RuleId) -> bool {
        self.sure.iter().any(|range| range.contains(&(rule.0 as usize)))
    }

    /// A hash of all selector files: 12 hexadecimal digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The languages that have phrases.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.phrases.keys().map(String::as_str)
    }
}

/// The language that a tag names, as files here call it: "nn-NO" is "no".
fn primary_language(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    match primary.as_str() {
        "nb" | "nn" => "no".to_owned(),
        _ => primary,
    }
}
