//! `copydesk reclean`.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::{PARAGRAPHS, copydesk, core, crawled, rows};

/// A crawled site of two pages, and selector files beside it that were not there when it was crawled.
fn crawled_with(layout: &str) -> TempDir {
    let file = format!("schema = 1\nsites = [\"news.example\"]\n\n[[layout]]\nname = \"1\"\n{layout}\n");
    crawled(&[("own/sites/news.example.toml", file.as_bytes())])
}

const URL: &str = "https://news.example/2026/bridge-vote.html";

#[test]
fn rules_that_were_changed_change_the_articles_once_they_are_asked_to() {
    let dir = crawled_with("drop_text = ['^Three members voted .*$']");
    let reclean = |more: &[&str]| copydesk(&dir, &[&["reclean", "--selectors", "own"], more].concat());
    let shown = |more: &[&str]| copydesk(&dir, &[&["show", URL], more].concat()).stdout;

    let dry = rows(&reclean(&["--dry-run"]));
    assert_eq!(dry.len(), 2);
    let row = dry.iter().find(|row| row["url"] == URL).unwrap();
    assert_eq!(
        (&row["result"], &row["revision"], &row["words_added"]),
        (&"changed".into(), &1.into(), &0.into())
    );
    assert_eq!(row["lines"], serde_json::json!([format!("-{}", PARAGRAPHS[2])]));
    assert_eq!(shown(&[]), core("Oxley votes"));

    let run = reclean(&["--site", "news.example", "--format", "table"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stdout.contains(&format!(" words {URL}\n    -Three members")),
        "{}",
        run.stdout
    );
    assert!(run.stderr.starts_with("2 changed, 0 the same"), "{}", run.stderr);
    assert!(!shown(&[]).contains("Three members"));
    assert_eq!(shown(&["--revision", "1"]), core("Oxley votes"));
    let stored: Value = serde_json::from_str(&shown(&["--format", "json"])).unwrap();
    assert!(
        stored["revision"] == 2 && stored["recleaned"].as_i64() > stored["fetched"].as_i64().map(|at| at - 1)
    );

    let again = reclean(&[]);
    assert_eq!(
        (
            rows(&again).len(),
            again.stderr.starts_with("0 changed, 2 the same")
        ),
        (0, true)
    );
    assert_eq!(rows(&reclean(&["--site", "other.example"])).len(), 0);
}

#[test]
fn an_article_is_never_replaced_by_nothing_or_next_to_nothing() {
    for (layout, because) in [
        ("drop = [\"css:article > *\"]", "no article"),
        ("drop = [\"css:p + p\"]", "would be left"),
    ] {
        let dir = crawled_with(layout);
        let rows = rows(&copydesk(&dir, &["reclean", "--selectors", "own"]));
        assert_eq!(rows.len(), 2);
        for row in rows {
            assert_eq!(row["result"], "kept");
            assert!(row["because"].as_str().unwrap().contains(because), "{row}");
        }
        assert_eq!(copydesk(&dir, &["show", URL]).stdout, core("Oxley votes"));
    }
    let dir = crawled_with("drop = [\"css:p + p\"]");
    let run = copydesk(&dir, &["reclean", "--selectors", "own", "--shorter"]);
    assert!(run.stderr.starts_with("2 changed"), "{}", run.stderr);
}

#[test]
fn a_field_alone_makes_a_revision_and_other_rules_alone_do_not() {
    let dir = crawled_with("title = [\"css:footer p\"]");
    let run = copydesk(&dir, &["reclean", "--selectors", "own", "--site", "news.example"]);
    let of_fields = rows(&run);
    let title = &of_fields[0]["fields"][0];
    assert_eq!(
        (&title["field"], &title["after"]),
        (&"title".into(), &"All rights reserved.".into())
    );

    let dir = crawled_with("drop_text = ['^Nothing of the kind$']");
    let rows = rows(&copydesk(&dir, &["reclean", "--selectors", "own"]));
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn bad_rules_and_a_missing_store_stop_it_before_anything_is_done() {
    let dir = crawled_with("dorp = []");
    assert_eq!(copydesk(&dir, &["reclean", "--selectors", "own"]).code, Some(5));
    let run = copydesk(&dir, &["reclean", "--store", "none"]);
    assert_eq!(run.code, Some(3));
    assert!(!fs::exists(dir.path().join("none")).unwrap());
}
