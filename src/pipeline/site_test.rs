//! The tests beside the rules of a site: what its pages must give.

use std::path::{Path, PathBuf};

use url::Url;

use super::clean_page;
use crate::article::{Article, PageDate};
use crate::fetch::{self, Page};
use crate::rules::{Rules, SiteRules, SiteTest};

/// The file of a test's page in its folder.
pub const SOURCE: &str = "source.html";

/// How a test went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestResult {
    /// The layout that fitted.
    pub layout: Option<String>,
    /// What the page does not give as the test says, a line each; empty where all is well.
    pub mistakes: Vec<String>,
}

/// The folder of a test's page: below `fixtures` for a file of the program, beside the file for one of an overlay.
pub fn folder(file: &SiteRules, test: &SiteTest, fixtures: &Path) -> PathBuf {
    if file.is_builtin {
        return fixtures.join(&test.page);
    }
    let beside = Path::new(&file.file).parent().unwrap_or(Path::new(""));
    beside.join(&test.page)
}

/// The page of a test, from its folder. Its URL is the one that the test names, or else the front page of the file's first host.
///
/// # Errors
/// It cannot be read; the message names the file.
pub fn saved_page(file: &SiteRules, test: &SiteTest, folder: &Path) -> Result<Page, String> {
    let path = folder.join(SOURCE);
    let mut page = fetch::read_file(&path).map_err(|error| error.to_string())?;
    let host = file.hosts.first().map(|host| format!("https://{host}/"));
    let front = host.and_then(|url| Url::parse(&url).ok());
    if let Some(url) = test.url.clone().or(front) {
        page.url = url;
    }
    Ok(page)
}

/// Cleans the page and compares what it gives with what the test says.
pub fn run(page: &Page, test: &SiteTest, rules: &Rules) -> TestResult {
    match clean_page(page, rules) {
        Err(error) => TestResult {
            layout: None,
            mistakes: vec![error.to_string()],
        },
        Ok(article) => TestResult {
            mistakes: mistakes(&article, test),
            layout: article.layout,
        },
    }
}

fn mistakes(article: &Article, test: &SiteTest) -> Vec<String> {
    let mut mistakes = Vec::new();
    match (&article.layout, &test.layout) {
        (None, _) => mistakes.push("no layout fits".to_owned()),
        (Some(found), Some(wanted)) if found != wanted => {
            mistakes.push(format!("the layout is {found:?}, not {wanted:?}"));
        }
        _ => {}
    }
    let body = article.text();
    let lost = test.has.iter().filter(|wanted| !body.contains(wanted.as_str()));
    mistakes.extend(lost.map(|wanted| format!("lost {wanted:?}")));
    let left = test
        .lacks
        .iter()
        .filter(|unwanted| body.contains(unwanted.as_str()));
    mistakes.extend(left.map(|unwanted| format!("left in {unwanted:?}")));
    let fields = &article.fields;
    if test.title.is_some() && fields.title != test.title {
        mistakes.push(differs("title", &fields.title, &test.title));
    }
    if let Some(authors) = test
        .authors
        .as_ref()
        .filter(|authors| **authors != fields.authors)
    {
        mistakes.push(differs("authors", &fields.authors, authors));
    }
    if let Some(wanted) = &test.published {
        let found = fields.published.as_ref().map(PageDate::as_str);
        // A day is enough where a day is all that the test says.
        if !found.is_some_and(|found| found.starts_with(wanted.as_str())) {
            mistakes.push(differs("published", &found, &Some(wanted)));
        }
    }
    mistakes
}

fn differs(name: &str, found: &impl std::fmt::Debug, wanted: &impl std::fmt::Debug) -> String {
    format!("{name} is {found:?}, not {wanted:?}")
}
