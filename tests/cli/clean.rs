//! What `clean` prints.

use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};

use crate::{PARAGRAPHS, copydesk, core, dir_with, gzipped, page};

#[test]
fn a_page_becomes_its_headline_and_paragraphs() {
    let dir = dir_with(&[("page.html", page("Oxley votes for its bridge").as_bytes())]);
    let run = copydesk(&dir, &["clean", "page.html"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout, core("Oxley votes for its bridge"));
}

#[test]
fn cleaning_what_was_cleaned_changes_nothing() {
    let text = core("Oxley votes for its bridge");
    let dir = dir_with(&[("core.txt", text.as_bytes())]);
    assert_eq!(copydesk(&dir, &["clean", "--text", "core.txt"]).stdout, text);
    assert_eq!(copydesk(&dir, &["clean", "core.txt"]).stdout, text);
}

#[test]
fn one_input_that_fails_does_not_stop_the_others() {
    let dir = dir_with(&[("page.html", page("Oxley votes").as_bytes())]);
    let run = copydesk(&dir, &["clean", "missing.html", "page.html"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(run.stdout, core("Oxley votes"));
    assert!(run.stderr.contains("missing.html"), "{}", run.stderr);
}

#[test]
fn nothing_of_a_page_can_steer_the_terminal() {
    let hostile = page("Oxley &#27;]0;owned&#7; votes \u{9b}31m\u{202e}now");
    let dir = dir_with(&[("page.html", hostile.as_bytes())]);
    for format in ["text", "markdown", "html", "json"] {
        let run = copydesk(&dir, &["clean", "page.html", "--format", format]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(
            !run.stdout.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']),
            "{format}: {}",
            run.stdout
        );
    }
}

#[test]
fn explain_shows_every_block_with_its_verdict_and_reason() {
    let dir = dir_with(&[("page.html", page("Oxley votes").as_bytes())]);
    let table = copydesk(&dir, &["clean", "page.html", "--explain"]).stdout;
    assert!(
        table.lines().filter(|line| line.starts_with("keep")).count() >= PARAGRAPHS.len(),
        "{table}"
    );
    assert!(table.lines().any(|line| line.starts_with("drop")), "{table}");
    let lines = copydesk(&dir, &["clean", "page.html", "--explain", "--format", "json"]).stdout;
    let of_blocks = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("keep") || line.starts_with("drop"))
            .count()
    };
    assert_eq!(lines.lines().count(), 1 + of_blocks(&table));
    assert!(table.starts_with("page  article  confidence "), "{table}");
    let page: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&page["page_kind"], page["evidence"].is_array()),
        (&json!("article"), true),
        "{page}"
    );
    for line in lines.lines().skip(1) {
        let block: Value = serde_json::from_str(line).unwrap();
        assert!(
            block["keep"].is_boolean() && block["reason"].is_string(),
            "{line}"
        );
    }
}

#[test]
fn a_bulk_run_gives_one_line_a_page_in_the_order_of_the_list() {
    let mut list = String::from("nonsense\n{\"id\": \"missing\", \"html\": \"missing.html\"}\n");
    for id in 0..100 {
        let url = if id % 2 == 0 {
            "https://news.example/a"
        } else {
            "no::url"
        };
        let file = format!("pages/{}.html.gz", id % 3);
        writeln!(list, "{}", json!({"id": id, "url": url, "html": file})).unwrap();
    }
    let dir = dir_with(&[
        ("list/pages.jsonl", list.as_bytes()),
        ("list/pages/0.html.gz", &gzipped(page("Zero").as_bytes())),
        ("list/pages/1.html.gz", &gzipped(page("One").as_bytes())),
        ("list/pages/2.html.gz", &gzipped(page("Two").as_bytes())),
    ]);
    let args = ["clean", "--manifest", "list/pages.jsonl", "--jobs", "4", "--out"];
    let run = copydesk(&dir, &[&args[..], &["out.jsonl"]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{}", run.stderr);
    let out = fs::read_to_string(dir.path().join("out.jsonl")).unwrap();
    let rows: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 102);
    assert_eq!(rows[0]["id"], "line 1");
    assert_eq!(rows[1]["id"], "missing");
    assert!(rows[..2].iter().all(|row| row["error"].is_string()), "{out}");
    for (id, row) in rows[2..].iter().enumerate() {
        assert_eq!(row["id"], id);
        assert_eq!(row["title"], ["Zero", "One", "Two"][id % 3]);
        assert_eq!(row["text"], PARAGRAPHS.join("\n"));
    }
    assert_eq!(copydesk(&dir, &[&args[..], &["-"]].concat()).stdout, out);
    assert_eq!(
        copydesk(&dir, &[&args[..], &["list/pages.jsonl"]].concat()).code,
        Some(2)
    );
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/pages/{name}/source.html", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_page_without_a_story_is_named_and_gives_no_text() {
    let dir = dir_with(&[]);
    for (page, word) in [
        ("captcha-page", "block page"),
        ("tag-page-german", "an index page"),
        ("soft-404-polish", "a not-found page"),
    ] {
        let run = copydesk(&dir, &["clean", &fixture(page)]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(3), ""), "{page}");
        assert!(
            run.stderr.contains(word) && run.stderr.lines().count() == 1,
            "{page}: {}",
            run.stderr
        );
    }
}

#[test]
fn the_text_of_a_live_blog_and_of_a_teaser_is_given_and_marked() {
    let dir = dir_with(&[]);
    for (page, kind, words) in [
        ("live-ticker-german", "live", "a live blog"),
        ("paywall-french", "paywall", "behind a paywall"),
    ] {
        let run = copydesk(&dir, &["clean", &fixture(page), "--format", "json"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
        let article: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(article["kind"], kind);
        assert!(article["confidence"].as_f64().unwrap() >= 0.8, "{article}");
    }
}

#[test]
fn favor_is_taken_from_the_command_line() {
    let dir = dir_with(&[]);
    let page = fixture("next-story-below");
    let words = |favor: &str| {
        let run = copydesk(&dir, &["clean", &page, "--favor", favor]);
        run.stdout.split_whitespace().count()
    };
    assert!(words("precision") <= words("recall"));
    assert_eq!(
        copydesk(&dir, &["clean", &page, "--favor", "speed"]).code,
        Some(2)
    );
}
