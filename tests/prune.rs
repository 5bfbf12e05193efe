//! What is left out before parsing makes no difference to the blocks: on every fixture page, and on every page of the
//! evaluation sets where they stand beside the repository.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::io::Read as _;
use std::path::Path;

use copydesk::article::BlockKind;
use copydesk::decode::decode;
use copydesk::document::Document;
use copydesk::rules::Rules;

#[path = "support/pages.rs"]
mod support;

fn rows(document: &Document) -> Vec<(BlockKind, &str, String, u32)> {
    let row = |block: &copydesk::document::TextBlock| {
        (
            block.kind,
            document.text(block),
            document.path(block.element),
            block.link_chars,
        )
    };
    document.blocks.iter().map(row).collect()
}

/// Pages of the evaluation sets on which pruning still makes a difference: three in the facts, one in the place of a block. The
/// number only goes down.
const KNOWN_DIFFERENCES: usize = 4;

/// The first block that differs, in words.
fn difference(body: &[u8]) -> Option<String> {
    let text = decode(body, None).text;
    let url = "https://news.example/".parse().unwrap();
    let pruned = Document::parse(&text, Some(&url), Rules::builtin());
    let whole = Document::parse_unpruned(&text, Some(&url), Rules::builtin());
    if pruned.facts != whole.facts {
        return Some("the facts differ".to_owned());
    }
    let (pruned, whole) = (rows(&pruned), rows(&whole));
    let at = (0..pruned.len().max(whole.len())).find(|&at| pruned.get(at) != whole.get(at))?;
    Some(format!(
        "block {at}: {:?} instead of {:?}",
        pruned.get(at),
        whole.get(at)
    ))
}

fn eval_pages() -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let folders = ["fundus", "publishers", "trafilatura", "wcxb"].map(|set| root.join(set).join("html"));
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten();
    let mut pages: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    // an unoptimized build sees a part of them, to stay quick
    let step = if cfg!(debug_assertions) { 10 } else { 1 };
    pages.into_iter().step_by(step).collect()
}

#[test]
fn pruning_changes_no_block_of_any_page() {
    let mut failures = Vec::new();
    for folder in support::folders() {
        let path = folder.join("source.html");
        failures
            .extend(difference(&fs::read(&path).unwrap()).map(|what| format!("{}: {what}", path.display())));
    }
    assert!(
        failures.is_empty(),
        "{} fixture pages differ\n{}",
        failures.len(),
        failures.join("\n")
    );
    for path in eval_pages() {
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(fs::File::open(&path).unwrap())
            .read_to_end(&mut body)
            .unwrap();
        failures.extend(difference(&body).map(|what| format!("{}: {what}", path.display())));
    }
    assert!(
        failures.len() <= KNOWN_DIFFERENCES,
        "{} pages differ\n{}",
        failures.len(),
        failures.join("\n")
    );
}
