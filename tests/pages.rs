//! Every folder under `fixtures/pages` is a page with what must and must not be in its article.
//!
//! `expected.txt` is the whole article as this program cleans it; `COPYDESK_BLESS=1 cargo test --test pages` rewrites them all,
//! to be read before they are committed.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::Path;

use copydesk::article::{Article, Fields, PageKind};
use copydesk::fetch::Page;
use copydesk::pipeline::{self, CleanError, Favor, Options};
use copydesk::rules::Rules;
use serde::Deserialize;

#[path = "support/pages.rs"]
mod support;

use support::folders;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    url: String,
    #[expect(dead_code, reason = "it tells the reader what kind of page this is")]
    about: String,
    /// What the page is; one without text has no `expected.txt`.
    #[serde(default)]
    kind: PageKind,
    /// A page of a site has them beside the site's rules.
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    #[serde(default)]
    fields: toml::Table,
    /// Strings of `has` and `lacks` that this program still gets wrong: said here, so that they are neither hidden nor
    /// forgotten. One that it gets right is a failure too.
    #[serde(default)]
    known_defects: Vec<String>,
}

fn read_case(folder: &Path) -> Case {
    toml::from_str(&fs::read_to_string(folder.join("case.toml")).unwrap()).unwrap()
}

fn page(folder: &Path, case: &Case) -> Page {
    let body = fs::read(folder.join("source.html")).unwrap();
    Page {
        url: case.url.parse().unwrap(),
        content_type: None,
        body,
        fetched: 0,
    }
}

#[test]
fn every_page_gives_its_article_and_nothing_else() {
    let mut failures = Vec::new();
    let folders = folders();
    assert!(folders.len() >= 15, "{} fixture pages", folders.len());
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let case = read_case(&folder);
        match pipeline::clean_page(&page(&folder, &case), Rules::builtin()) {
            Err(CleanError::NotArticle { kind, .. }) if kind == case.kind && case.has.is_empty() => {}
            Err(error) => failures.push(format!("{name}: {error}")),
            Ok(article) => {
                if article.kind != case.kind {
                    let confidence = article.confidence;
                    failures.push(format!(
                        "{name}: {:?} ({confidence}), not {:?}",
                        article.kind, case.kind
                    ));
                }
                check_text(&name, &case, &article, &mut failures);
                check_fields(&name, &case.fields, &article.fields, &mut failures);
                check_expectation(&name, &folder, &article, &mut failures);
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn precision_keeps_no_more_and_recall_no_less() {
    let mut differ = [0, 0];
    for folder in folders() {
        let page = page(&folder, &read_case(&folder));
        let kept = |favor| {
            let options = Options {
                favor,
                ..Options::default()
            };
            let cleaned = pipeline::explain_page(&page, Rules::builtin(), options).unwrap();
            cleaned
                .explained
                .iter()
                .map(|block| block.keep)
                .collect::<Vec<_>>()
        };
        let [precision, balanced, recall] = [Favor::Precision, Favor::Balanced, Favor::Recall].map(kept);
        let is_within =
            |less: &[bool], more: &[bool]| less.iter().zip(more).all(|(less, more)| !less || *more);
        assert!(
            is_within(&precision, &balanced) && is_within(&balanced, &recall),
            "{}",
            folder.display()
        );
        differ[0] += usize::from(precision != balanced);
        differ[1] += usize::from(balanced != recall);
    }
    assert!(differ.iter().all(|pages| *pages >= 3), "{differ:?} pages differ");
}

fn check_text(name: &str, case: &Case, article: &Article, failures: &mut Vec<String>) {
    let text = article.text();
    for known in &case.known_defects {
        let is_lost = case.has.contains(known) && !text.contains(known.as_str());
        let is_left = case.lacks.contains(known) && text.contains(known.as_str());
        if !is_lost && !is_left {
            failures.push(format!("{name}: no defect any more: {known:?}"));
        }
    }
    let is_known = |text: &&String| case.known_defects.contains(text);
    for wanted in case
        .has
        .iter()
        .filter(|wanted| !text.contains(wanted.as_str()) && !is_known(wanted))
    {
        failures.push(format!("{name}: lost {wanted:?}"));
    }
    for unwanted in case
        .lacks
        .iter()
        .filter(|unwanted| text.contains(unwanted.as_str()) && !is_known(unwanted))
    {
        failures.push(format!("{name}: left in {unwanted:?}"));
    }
}

fn check_fields(name: &str, wanted: &toml::Table, fields: &Fields, failures: &mut Vec<String>) {
    let found = toml::Table::try_from(fields).unwrap();
    for (key, value) in wanted {
        if found.get(key) != Some(value) {
            failures.push(format!("{name}: {key} is {:?}, not {value}", found.get(key)));
        }
    }
}

fn check_expectation(name: &str, folder: &Path, article: &Article, failures: &mut Vec<String>) {
    let path = folder.join("expected.txt");
    let text = article.text() + "\n";
    if std::env::var_os("COPYDESK_BLESS").is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let Some(line) = (0..)
        .map_while(|at| {
            let (found, wanted) = (text.lines().nth(at), expected.lines().nth(at));
            (found.is_some() || wanted.is_some()).then_some((at, found, wanted))
        })
        .find(|(_, found, wanted)| found != wanted)
    else {
        return;
    };
    failures.push(format!(
        "{name}: expected.txt, line {}: {:?} instead of {:?}",
        line.0 + 1,
        line.1,
        line.2
    ));
}
