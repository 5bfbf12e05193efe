//! Fixtures of the fixture pages: none of their words survives, and the program sees in them what it sees in the pages.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use copydesk::fetch::Page;
use copydesk::fixture::MAX_BYTES;
use copydesk::pipeline::{ExplainedBlock, Options, explain_page, fixture, page_of};
use copydesk::rules::Rules;

/// Words that stand in a block of so many words or more count.
const RUNNING: usize = 30;
/// Every so many pages are enough, for the time they take.
const STEP: usize = 3;

fn pages() -> Vec<(String, Page)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut pages = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(case) = fs::read_to_string(folder.join("case.toml")) else {
            continue;
        };
        let case: toml::Table = case.parse().unwrap();
        let page = Page {
            url: case["url"].as_str().unwrap().parse().unwrap(),
            content_type: None,
            body: fs::read(folder.join("source.html")).unwrap(),
            fetched: 0,
        };
        pages.push((folder.display().to_string(), page));
    }
    pages.sort_by(|a, b| a.0.cmp(&b.0));
    pages
}

fn blocks(page: &Page) -> Vec<ExplainedBlock> {
    explain_page(page, Rules::builtin(), Options::default())
        .unwrap()
        .explained
}

fn running_words(blocks: &[ExplainedBlock]) -> BTreeSet<String> {
    blocks
        .iter()
        .filter(|block| !block.reason.starts_with("phrase"))
        .filter(|block| block.block.text.split_whitespace().count() >= RUNNING)
        .flat_map(|block| block.block.text.split(|c: char| !c.is_alphabetic()))
        .filter(|word| word.chars().count() >= 4)
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn words_go_and_what_the_program_sees_stays() {
    let (mut same, mut all) = (0u32, 0u32);
    for (name, page) in pages().into_iter().step_by(STEP) {
        let made = fixture(&page, Rules::builtin()).unwrap();
        assert!(made.html.len() <= MAX_BYTES, "{name}: {}", made.html.len());
        let (before, after) = (blocks(&page), blocks(&page_of(&made).unwrap()));
        let (words, others) = (running_words(&before), running_words(&after));
        let both: Vec<&String> = words.intersection(&others).collect();
        assert!(both.is_empty(), "{name}: {both:?}");
        if before.len() != after.len() {
            // It was thinned.
            continue;
        }
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before.path, after.path);
            if before.reason.starts_with("common rule") || before.reason.starts_with("phrase") {
                all += 1;
                same += u32::from(before.keep == after.keep);
            }
        }
    }
    assert!(all > 100 && same * 100 >= all * 97, "{same} of {all}");
}

#[test]
fn a_page_without_text_is_an_error_that_names_it() {
    let page = Page {
        url: "https://lamp.example/a".parse().unwrap(),
        content_type: Some("text/html".to_owned()),
        body: b"<title>Lamp</title><script>var words</script>".to_vec(),
        fetched: 0,
    };
    let error = fixture(&page, Rules::builtin()).unwrap_err().to_string();
    assert_eq!(error, "https://lamp.example/a: no article text on this page");
}
