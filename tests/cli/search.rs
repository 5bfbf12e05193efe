//! `copydesk query` with its syntax, `reindex`, and `export --since-seq`.

use std::fs;
use std::path::Path;

use copydesk::article::{Article, Block, BlockKind, Confidence, Fields, PageDate, PageKind};
use copydesk::store::Store;
use serde_json::Value;
use tempfile::TempDir;

use crate::{assert_fails, copydesk, rows};

const STORIES: [(&str, &str, &str); 3] = [
    (
        "https://news.example/bridge",
        "Council votes on the bridge",
        "The high speed line waits, members said.",
    ),
    (
        "https://news.example/budget",
        "Budget passes",
        "They voted at night after a long debate.",
    ),
    (
        "https://other.example/eels",
        "Eels return",
        "A line of eels, at high cost and speed.",
    ),
];

fn article(url: &str, title: &str, text: &str, day: &str) -> Article {
    Article {
        url: url.to_owned(),
        site: String::new(),
        fields: Fields {
            title: Some(title.to_owned()),
            authors: vec!["Ann Ode".to_owned()],
            published: PageDate::parse(day),
            language: Some("en".to_owned()),
            ..Fields::default()
        },
        blocks: vec![Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        }],
        dropped: Vec::new(),
        layout: None,
        rules: String::new(),
        kind: PageKind::Article,
        confidence: Confidence::of(1.0),
        limits: Vec::new(),
    }
}

fn fill(path: &Path, stories: &[(&str, &str, &str)]) {
    let store = Store::open(path).unwrap();
    for (number, (url, title, text)) in stories.iter().enumerate() {
        let day = format!("2026-03-0{}", number + 1);
        store.put(&article(url, title, text, &day), b"", 0).unwrap();
    }
}

/// A store of the three stories, the newest last.
fn desk() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fill(&dir.path().join("copydesk.sled"), &STORIES);
    dir
}

/// The last parts of the URLs that a query finds.
fn found(dir: &TempDir, args: &[&str]) -> Vec<String> {
    let run = copydesk(dir, &[&["query"], args].concat());
    let last = |row: &Value| {
        row["url"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    let found = rows(&run).iter().map(last).collect();
    assert_eq!(run.stderr, "");
    found
}

#[test]
fn a_query_takes_words_phrases_fields_and_what_to_leave_out() {
    let dir = desk();
    for (args, expected) in [
        (&["vote"][..], &["budget", "bridge"][..]),
        (&["high", "speed"], &["eels", "bridge"]),
        (&["high speed"], &["bridge"]),
        (&["\"high speed\""], &["bridge"]),
        (&["high -members"], &["eels"]),
        (&["--site", "news.example", "--", "-members"], &["budget"]),
        (&["bud*", "OR", "eels"], &["eels", "budget"]),
        (&["title:budget"], &["budget"]),
        (&["author:ann", "site:other.example"], &["eels"]),
        (&["line", "--since", "2026-03-02"], &["eels"]),
        (
            &["eels", "OR", "line", "--sort", "relevance", "--limit", "1"],
            &["eels"],
        ),
        (&["submarine"], &[]),
        (&["—"], &["eels", "budget", "bridge"]),
    ] {
        assert_eq!(found(&dir, args), expected, "{args:?}");
    }
    let row = &rows(&copydesk(&dir, &["query", "voted night"]))[..];
    assert!(row.is_empty(), "several words in one argument are a phrase");
    let row = &rows(&copydesk(&dir, &["query", "night"]))[0];
    assert_eq!(row["snippet"], "They voted at night after a long debate.");
    assert_eq!(row["marks"], serde_json::json!([[14, 19]]));
}

#[test]
fn what_is_found_can_be_counted() {
    let dir = desk();
    let counts = |by| copydesk(&dir, &["query", "line OR voted", "--facet", by]).stdout;
    assert_eq!(
        counts("site"),
        "{\"site\":\"news.example\",\"articles\":2}\n{\"site\":\"other.example\",\"articles\":1}\n"
    );
    assert!(counts("day").starts_with("{\"day\":\"2026-03-03\",\"articles\":1}\n"));
    let table = copydesk(&dir, &["query", "--facet", "site", "--format", "table"]).stdout;
    assert_eq!(table, "       2  news.example\n       1  other.example\n");
}

#[test]
fn broken_syntax_is_said_in_one_line_with_its_place() {
    let dir = desk();
    assert_fails(
        &copydesk(&dir, &["query", "a \"b"]),
        2,
        &["at character 3", "not closed"],
    );
    assert_fails(
        &copydesk(&dir, &["query", "titel:a"]),
        2,
        &["at character 1", "titel"],
    );
}

#[test]
fn an_index_that_is_missing_broken_or_of_another_store_is_made_again() {
    let dir = desk();
    let index = dir.path().join("copydesk.sled/search");
    let segment = |extension: &str| {
        let files = fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path());
        let mut files = files.filter(|path| path.extension().is_some_and(|own| own == extension));
        files.next().unwrap()
    };
    let other = tempfile::tempdir().unwrap();
    let reversed: Vec<_> = STORIES.into_iter().rev().collect();
    fill(&other.path().join("copydesk.sled"), &reversed);
    assert_eq!(found(&other, &["budget"]), ["budget"]);
    let remove = || fs::remove_dir_all(&index).unwrap();
    let spoil = || fs::write(index.join("meta.json"), "{}").unwrap();
    let cut = || fs::write(segment("term"), "x").unwrap();
    let lose = || fs::remove_file(segment("idx")).unwrap();
    let swap = || {
        remove();
        fs::rename(other.path().join("copydesk.sled/search"), &index).unwrap();
    };
    let harms: [(&str, &dyn Fn()); 5] = [
        ("gone", &remove),
        ("spoilt", &spoil),
        ("cut", &cut),
        ("lost", &lose),
        ("other", &swap),
    ];
    for (name, harm) in harms {
        assert_eq!(found(&dir, &["budget"]), ["budget"]);
        harm();
        let run = copydesk(&dir, &["query", "voted", "--limit", "1"]);
        assert_eq!(rows(&run)[0]["title"], "Budget passes", "{name}");
        assert_eq!(found(&dir, &["budget"]), ["budget"], "{name}");
    }
    assert_eq!(copydesk(&dir, &["reindex"]).stderr, "3 articles indexed\n");
}

#[test]
fn where_there_can_be_no_index_every_article_is_looked_at() {
    let dir = desk();
    let index = dir.path().join("copydesk.sled/search");
    fs::write(&index, "a file in its place").unwrap();
    let run = copydesk(&dir, &["query", "high -members"]);
    assert_eq!(rows(&run)[0]["title"], "Eels return");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("the search index") && run.stderr.contains("looked at"),
        "{}",
        run.stderr
    );
    assert_fails(&copydesk(&dir, &["reindex"]), 3, &["the search index"]);
    assert_eq!(copydesk(&dir, &["query"]).stdout.lines().count(), 3);
}

#[test]
fn an_export_goes_on_after_a_number_of_the_sequence() {
    let dir = desk();
    let seqs = |after: &str| -> Vec<u64> {
        let run = copydesk(&dir, &["export", "--since-seq", after]);
        rows(&run)
            .iter()
            .map(|row| row["seq"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(seqs("0"), [1, 2, 3]);
    assert_eq!(seqs("2"), [3]);
    let (url, title, text) = STORIES[0];
    {
        let store = Store::open(&dir.path().join("copydesk.sled")).unwrap();
        store
            .put(
                &article(url, title, &format!("{text} More."), "2026-03-01"),
                b"",
                9,
            )
            .unwrap();
    }
    assert_eq!(seqs("0"), [2, 3, 4]);
    assert_eq!(found(&dir, &["more"]), ["bridge"]);
}
