//! Pages of one site to the proposal of its selector file.

use crate::article::{Confidence, Fields};
use crate::clean::{self, Verdicts};
use crate::decode;
use crate::document::Document;
use crate::fetch::Page;
use crate::fields;
use crate::learn::{self, LearnError, LearnedLayout, MIN_PAGES, Proposal, Sample};
use crate::rules::Rules;
use crate::site::site_of;

use super::{Options, context};

/// Learns the selector file of a site from two or more of its pages. Rules that the site has already take no part; the general
/// cleaner's verdicts alone are looked at.
///
/// # Errors
/// Fewer than two different pages with a story, pages of different sites, or nothing on them that can be named.
pub fn learn_site(pages: &[Page], rules: &Rules) -> Result<Proposal, LearnError> {
    if pages.len() < MIN_PAGES {
        return Err(LearnError::TooFew {
            found: pages.len(),
            left_out: Vec::new(),
        });
    }
    learn_any(pages, rules)
}

/// As [`learn_site`], also from one page: to measure.
#[doc(hidden)]
pub fn learn_any(pages: &[Page], rules: &Rules) -> Result<Proposal, LearnError> {
    let reads: Vec<GeneralRead> = pages.iter().map(|page| general(page, rules)).collect();
    let samples: Vec<Sample<'_>> = pages
        .iter()
        .zip(&reads)
        .map(|(page, read)| Sample {
            url: &page.url,
            document: &read.document,
            verdicts: &read.verdicts,
            fields: &read.fields,
        })
        .collect();
    let learned = learn::learn(&samples);
    let site = pages.first().map(|page| site_of(&page.url)).unwrap_or_default();
    if learned.layouts.is_empty() {
        return Err(LearnError::NothingFound { site });
    }
    let sites = vec![site];
    let named: Vec<(String, &learn::Layout)> = learned
        .layouts
        .iter()
        .enumerate()
        .map(|(at, layout)| ((at + 1).to_string(), layout))
        .collect();
    Ok(Proposal {
        text: learn::rules(&sites, &named),
        sites,
        confidence: Confidence::of(0.5),
        layouts: named
            .iter()
            .map(|(name, layout)| LearnedLayout {
                name: name.clone(),
                pages: layout
                    .pages
                    .iter()
                    .map(|page| pages[*page].url.to_string())
                    .collect(),
                confidence: Confidence::of(0.5),
            })
            .collect(),
        left_out: Vec::new(),
        warnings: Vec::new(),
    })
}

/// A page as the general cleaner sees it, whatever rules its site has.
struct GeneralRead {
    document: Document,
    verdicts: Verdicts,
    fields: Fields,
}

fn general(page: &Page, rules: &Rules) -> GeneralRead {
    let decoded = decode::decode(&page.body, page.content_type.as_deref());
    let document = Document::parse(&decoded.text, None, rules);
    let fields = fields::read(&document, Some(&page.url), None);
    let verdicts = clean::clean(&document, context(None, &fields, rules, Options::default()));
    GeneralRead {
        document,
        verdicts,
        fields,
    }
}
