//! How the rules of its site fit a page: the counters of the rot alarm are sums of this.

use serde::Serialize;
use url::Url;

use super::Wishes;
use super::{CleanError, Decided, Options, build, context, decide};
use crate::article::{Article, Fields};
use crate::clean::{self, Reason, Verdicts};
use crate::dedupe;
use crate::document::Document;
use crate::fetch;
use crate::fields;
use crate::rules::{Layout, RuleId, Rules, SiteRules};

/// How the selector file of its site, or of its publishing system, fits a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// The registrable domain, or else the host, of the page.
    pub site: String,
    /// The file, as "sites/example.org.toml".
    pub file: String,
    /// The version of the file's rules: a hash of them.
    pub version: String,
    /// A layout of the file is meant for this page: one for its address that does not say `when` it fits.
    pub is_meant: bool,
    /// The layout that fits; `None` where there is none, and the page was cleaned as if there were no file.
    pub layout: Option<LayoutFit>,
}

/// What a layout does on a page that it fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayoutFit {
    /// Its name.
    pub name: String,
    /// Its rules that matched something, each by its [key](crate::rules::Origin::key).
    pub matched: Vec<String>,
    /// Characters of the kept blocks.
    pub body_chars: usize,
    /// A headline was found.
    pub title: bool,
    /// An author was found.
    pub authors: bool,
    /// The date of publication was found.
    pub published: bool,
    /// The share of text kept by both this layout and the general cleaner among what one of them keeps, 0 to 1, where the
    /// general cleaner was asked.
    pub agreement: Option<f64>,
}

/// A page with its file, before it is told how that fits.
pub(super) struct Page<'a> {
    pub url: &'a Url,
    pub site: &'a str,
    pub fields: &'a Fields,
    pub rules: &'a Rules,
    pub options: Options,
}

/// As [`super::clean_page_with`], and how the selector file of the page's site fits it; `None` where there is none. `ask` is called with
/// the site where a layout with a body fits, and says whether the general cleaner is to clean the page as well, to see how far it
/// agrees. That costs about a quarter of cleaning a page on top.
pub fn clean_and_fit(
    page: &fetch::Page,
    rules: &Rules,
    options: Options,
    ask: impl FnOnce(&str) -> bool,
) -> (Result<Article, CleanError>, Option<Fit>, Wishes) {
    match decide(page, rules, options) {
        Ok((decided, fields)) => {
            let fit = fit_of(page, &decided, &fields, (rules, options), ask);
            let wishes = Wishes::of_meta(&decided.document.facts.meta);
            (build(&decided, fields, &page.url, rules), fit, wishes)
        }
        Err(error) => (Err(error), None, Wishes::default()),
    }
}

pub(super) fn fit_of(
    page: &fetch::Page,
    decided: &Decided,
    fields: &Fields,
    (rules, options): (&Rules, Options),
    ask: impl FnOnce(&str) -> bool,
) -> Option<Fit> {
    let page = Page {
        url: &page.url,
        site: &dedupe::site_of(&page.url),
        fields,
        rules,
        options,
    };
    Fit::of(&page, decided, ask)
}

impl Fit {
    fn of(page: &Page<'_>, decided: &Decided, ask: impl FnOnce(&str) -> bool) -> Option<Self> {
        let file = serving(&decided.document, page.url, page.rules)?;
        let name = decided.verdicts.layout.as_deref();
        let layout = file
            .layouts
            .iter()
            .find(|layout| Some(layout.name.as_str()) == name);
        Some(Self {
            site: page.site.to_owned(),
            file: file.short_name(),
            version: page.rules.version_of(file),
            is_meant: is_meant(file, page.url),
            layout: layout.map(|layout| LayoutFit::of(page, decided, layout, ask)),
        })
    }
}

/// What the page ran into, and that the rules of its site do not fit it.
pub(super) fn limits(decided: &Decided, url: &Url, rules: &Rules) -> Vec<String> {
    let limits = decided.document.limits.iter().map(ToString::to_string);
    let file = serving(&decided.document, url, rules);
    let file = file.filter(|file| decided.verdicts.layout.is_none() && is_meant(file, url));
    let unfit = file.map(|file| {
        format!(
            "no layout of {} fits; cleaned as if there were no such file",
            file.file
        )
    });
    limits.chain(unfit).collect()
}

/// The file whose layouts are for pages of this URL.
pub(super) fn serving<'r>(document: &Document, url: &Url, rules: &'r Rules) -> Option<&'r SiteRules> {
    let file = document.file.and_then(|number| rules.file(number))?;
    let serves = file.layouts.iter().any(|layout| layout.serves(url));
    serves.then_some(file)
}

/// Whether a page of this URL should fit: a layout that says `when` it fits is for some pages alone.
fn is_meant(file: &SiteRules, url: &Url) -> bool {
    let mut layouts = file.layouts.iter();
    layouts.any(|layout| layout.serves(url) && !layout.has_when)
}

impl LayoutFit {
    fn of(page: &Page<'_>, decided: &Decided, layout: &Layout, ask: impl FnOnce(&str) -> bool) -> Self {
        let Decided {
            document, verdicts, ..
        } = decided;
        let matched = matched(document, verdicts, layout, page.url);
        let keys = matched.into_iter().map(|rule| page.rules.origin(rule).key());
        let kept = |(at, _): &(usize, _)| verdicts.verdicts[*at].keep;
        let blocks = document.blocks.iter().enumerate().filter(kept);
        let asked = layout.has_body && !document.is_plain_text() && ask(page.site);
        Self {
            name: layout.name.clone(),
            matched: keys.collect(),
            body_chars: blocks
                .map(|(_, block)| document.text(block).chars().count())
                .sum(),
            title: page.fields.title.is_some(),
            authors: !page.fields.authors.is_empty(),
            published: page.fields.published.is_some(),
            agreement: asked.then(|| {
                let general = context(None, page.fields, page.rules, page.options);
                agreement(document, verdicts, &clean::clean(document, general))
            }),
        }
    }
}

/// The rules of a layout that found something on the page, each once.
fn matched(document: &Document, verdicts: &Verdicts, layout: &Layout, url: &Url) -> Vec<RuleId> {
    let is_own = |rule: &RuleId| layout.rules.binary_search(rule).is_ok();
    let hits = document.hits.iter().map(|hit| hit.rule);
    // Patterns over texts leave no hits.
    let decided = verdicts
        .verdicts
        .iter()
        .filter_map(|verdict| match verdict.reason {
            Reason::SiteRule(rule) | Reason::InBody(rule) => Some(rule),
            _ => None,
        });
    let given = fields::giving(document, Some(url), layout);
    let mut rules: Vec<RuleId> = hits.chain(decided).chain(given).filter(is_own).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The share of text that both keep among what one of them keeps; 1 where neither keeps anything.
fn agreement(document: &Document, own: &Verdicts, general: &Verdicts) -> f64 {
    let (mut both, mut either) = (0, 0);
    let verdicts = own.verdicts.iter().zip(&general.verdicts);
    for (block, (own, general)) in document.blocks.iter().zip(verdicts) {
        let chars = document.text(block).chars().count();
        both += if own.keep && general.keep { chars } else { 0 };
        either += if own.keep || general.keep { chars } else { 0 };
    }
    if either == 0 {
        1.0
    } else {
        both as f64 / either as f64
    }
}
