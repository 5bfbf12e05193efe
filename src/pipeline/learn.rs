//! Pages of one site to the proposal of its selector file.

use url::Url;

use crate::article::{Article, Fields};
use crate::clean::Reason;
use crate::decode;
use crate::dedupe;
use crate::document::Document;
use crate::fetch::Page;
use crate::fields;
use crate::fixture::Fixture;
use crate::learn::{self, LearnError, LearnedPage, LeftOut, MAX_PAGES, MIN_PAGES, Proposal, Sample, Test};
use crate::rules::{Rules, SourceFile};
use crate::site::site_of;

use super::{CleanError, Decided, GENERAL, Options, build, decide};

/// Two pages that share so much of the shorter text are one story: what both have is no template.
const SAME_STORY: f64 = 0.6;
/// A text of at least so many words is a story here.
const MIN_WORDS: usize = 40;
/// Somebody must look where the file keeps less than this share of what the general cleaner does.
const MIN_KEPT: f64 = 0.85;

/// The content type of fixtures.
const FIXTURE_TYPE: &str = "text/html; charset=utf-8";

/// Learns the selector file of a site from two or more of its pages. Rules that the site has already take no part: what the
/// general cleaner makes of the pages is looked at alone. The same pages give the same file.
///
/// # Errors
/// Fewer than two different pages with a story, pages of different sites or of none, or nothing on them that can be named.
pub fn learn_site(pages: &[Page], rules: &Rules) -> Result<Proposal, LearnError> {
    learn_from(pages, rules, MIN_PAGES)
}

/// As [`learn_site`], also from a single page: to measure.
#[doc(hidden)]
pub fn learn_any(pages: &[Page], rules: &Rules) -> Result<Proposal, LearnError> {
    learn_from(pages, rules, 1)
}

fn learn_from(pages: &[Page], rules: &Rules, least: usize) -> Result<Proposal, LearnError> {
    one_site(pages)?;
    let (stories, left_out) = stories(pages, rules);
    if stories.len() < least {
        return Err(LearnError::TooFew {
            found: stories.len(),
            left_out,
        });
    }
    let samples: Vec<Sample<'_>> = stories.iter().map(Story::sample).collect();
    let mut proposal = learn::learn(&samples)?;
    proposal.left_out.splice(0..0, left_out);
    let known: Vec<(LearnedPage, Page)> = proposal
        .pages
        .iter()
        .zip(&stories)
        .map(|(learned, story)| (learned.clone(), story.page.clone()))
        .collect();
    let articles = test(&mut proposal, &known)?;
    warn(&mut proposal, &stories, &articles);
    Ok(proposal)
}

/// Gives a proposal its tests: what these pages, as real pages or as fixtures of them, give with its rules. A page that gives no
/// article has none.
///
/// # Errors
/// The file is not one that the program loads, which cannot be.
pub fn test(
    proposal: &mut Proposal,
    pages: &[(LearnedPage, Page)],
) -> Result<Vec<Option<Article>>, LearnError> {
    let rules = own_rules(proposal)?;
    let mut tests = Vec::new();
    let mut articles = Vec::new();
    for (learned, page) in pages {
        let found = decide(page, &rules, Options::default()).and_then(|(decided, fields)| {
            let article = build(&decided, fields, &page.url, &rules)?;
            Ok((decided, article))
        });
        let Ok((decided, article)) = found else {
            articles.push(None);
            continue;
        };
        tests.extend(Test::of(
            learned,
            &article,
            dropped(&decided, &article).into_iter(),
        ));
        articles.push(Some(article));
    }
    proposal.set_tests(&tests).map_err(LearnError::Refused)?;
    Ok(articles)
}

/// The texts that were dropped, those that the site's own rules dropped first; the title is none of them.
fn dropped<'d>(decided: &'d Decided, article: &Article) -> Vec<&'d str> {
    let title = article.fields.title.as_deref();
    let rows = decided.verdicts.verdicts.iter().enumerate();
    let mut dropped: Vec<(bool, &str)> = rows
        .filter(|(_, verdict)| !verdict.keep)
        .map(|(at, verdict)| {
            let is_own = matches!(verdict.reason, Reason::SiteRule(_));
            (!is_own, decided.document.text_at(at))
        })
        .filter(|(_, text)| Some(*text) != title)
        .collect();
    dropped.sort_by_key(|(is_other, _)| *is_other);
    dropped.into_iter().map(|(_, text)| text).collect()
}

/// Makes a fixture of each page that a proposal was learned from, and gives the proposal the tests that they pass. A page whose
/// fixture gives no article has none, and a warning says so.
///
/// # Errors
/// As [`test`].
pub fn fixtures(proposal: &mut Proposal, pages: &[Page]) -> Result<Vec<(LearnedPage, Fixture)>, LearnError> {
    let rules = own_rules(proposal)?;
    let mut fixtures = Vec::new();
    let mut made_of = Vec::new();
    for learned in &proposal.pages {
        let Some(page) = pages.iter().find(|page| page.url.as_str() == learned.url) else {
            continue;
        };
        if let Ok(fixture) = super::fixture(page, &rules) {
            let body = fixture.html.clone().into_bytes();
            let content_type = Some(FIXTURE_TYPE.to_owned());
            made_of.push((
                learned.clone(),
                Page {
                    content_type,
                    body,
                    ..page.clone()
                },
            ));
            fixtures.push((learned.clone(), fixture));
        }
    }
    let articles = test(proposal, &made_of)?;
    let fits = |article: &Option<Article>| article.as_ref().is_some_and(|article| article.layout.is_some());
    let (kept, lost): (Vec<_>, Vec<_>) = fixtures
        .into_iter()
        .zip(&articles)
        .partition(|(_, article)| fits(article));
    let warnings = lost.into_iter().map(|((learned, _), _)| {
        format!(
            "{}: no test, since its fixture gives no article by these rules",
            learned.url
        )
    });
    proposal.warnings.extend(warnings);
    Ok(kept.into_iter().map(|(fixture, _)| fixture).collect())
}

/// Where a page says that it was published: its canonical link, or `og:url`.
pub fn claimed_url(page: &Page, rules: &Rules) -> Option<Url> {
    decode::looks_like_text(&page.body).ok()?;
    let decoded = decode::decode(&page.body, page.content_type.as_deref());
    let document = Document::parse(&decoded.text, None, rules);
    let claim = fields::read(&document, None, None).canonical_url?;
    Url::parse(&claim)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The program's rules with those of a proposal alone for its site.
fn own_rules(proposal: &Proposal) -> Result<Rules, LearnError> {
    let file = SourceFile::new(&proposal.file_name(), proposal.rules().to_owned());
    Rules::with_site(file).map_err(|error| LearnError::Refused(error.to_string()))
}

/// The site of all pages.
fn one_site(pages: &[Page]) -> Result<(), LearnError> {
    let mut sites: Vec<String> = Vec::new();
    for page in pages {
        let site = site_of(&page.url);
        if site.is_empty() {
            return Err(LearnError::NoSite(page.url.to_string()));
        }
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    if sites.len() > 1 {
        return Err(LearnError::DifferentSites(sites));
    }
    Ok(())
}

/// A page with a story, as the general cleaner sees it.
struct Story<'p> {
    page: &'p Page,
    decided: Decided,
    fields: Fields,
    article: Article,
}

impl Story<'_> {
    fn sample(&self) -> Sample<'_> {
        Sample {
            url: &self.page.url,
            document: &self.decided.document,
            verdicts: &self.decided.verdicts,
            fields: &self.fields,
        }
    }
}

/// The pages that have a story, each story once; and the others, with the reason.
fn stories<'p>(pages: &'p [Page], rules: &Rules) -> (Vec<Story<'p>>, Vec<LeftOut>) {
    let mut stories: Vec<Story<'p>> = Vec::new();
    let mut left_out = Vec::new();
    for page in pages {
        let found = if stories.len() < MAX_PAGES {
            story(page, rules).and_then(
                |story| match stories.iter().find(|other| is_same(other, &story)) {
                    Some(other) => Err(format!("the same story as {}", other.page.url)),
                    None => Ok(story),
                },
            )
        } else {
            Err(format!("{MAX_PAGES} pages are enough"))
        };
        match found {
            Ok(story) => stories.push(story),
            Err(why) => left_out.push(LeftOut {
                url: page.url.to_string(),
                why,
            }),
        }
    }
    (stories, left_out)
}

fn story<'p>(page: &'p Page, rules: &Rules) -> Result<Story<'p>, String> {
    let (decided, fields) = match decide(page, rules, GENERAL) {
        Ok(read) => read,
        Err(CleanError::NotText { found, .. }) => return Err(format!("not a text page ({found})")),
        Err(error) => return Err(error.to_string()),
    };
    let article = match build(&decided, fields.clone(), &page.url, rules) {
        Ok(article) => article,
        Err(CleanError::NotArticle { kind, .. }) => return Err(kind.describe().to_owned()),
        Err(_) => return Err("no article text on this page".to_owned()),
    };
    if article.words() < MIN_WORDS && article.text().chars().count() < MIN_WORDS * 5 {
        return Err(format!("fewer than {MIN_WORDS} words of story"));
    }
    Ok(Story {
        page,
        decided,
        fields,
        article,
    })
}

fn is_same(one: &Story<'_>, other: &Story<'_>) -> bool {
    dedupe::normal_url(&one.page.url) == dedupe::normal_url(&other.page.url)
        || dedupe::containment(&one.article.blocks, &other.article.blocks) >= SAME_STORY
}

/// Says where the file keeps much less than the general cleaner, and where it changes nothing.
fn warn(proposal: &mut Proposal, stories: &[Story<'_>], articles: &[Option<Article>]) {
    let mut changes = false;
    for (story, article) in stories.iter().zip(articles) {
        let words = article.as_ref().map_or(0, Article::words);
        changes |= article
            .as_ref()
            .is_none_or(|article| article.blocks != story.article.blocks);
        if (words as f64) < MIN_KEPT * story.article.words() as f64 {
            let url = &story.page.url;
            let general = story.article.words();
            proposal
                .warnings
                .push(format!("{url}: {words} words with this file, {general} without"));
        }
    }
    if !changes {
        let same = "on these pages the file changes nothing: the general cleaner does as well";
        proposal.warnings.push(same.to_owned());
    }
}
