//! Arguments, streams, and the way from a source to the store and back out.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::{Run, assert_fails, command, copydesk, core, dir_with, page};

#[test]
fn wrong_arguments_are_exit_code_2_before_anything_is_done() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["clean"][..],
        &["clean", "a", "b", "--url", "https://news.example/"],
        &["clean", "-", "-"],
        &["clean", "a", "--explain", "--format", "html"],
        &["clean", "--manifest", "a.jsonl"],
        &["query", "--since", "yesterday"],
        &["export", "--format", "markdown"],
        &["crawl"],
        &["unknown"],
    ] {
        let run = copydesk(&dir, args);
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{args:?}");
    }
}

#[test]
fn help_teaches_by_examples_and_names_the_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let help = copydesk(&dir, &["--help"]).stdout;
    assert!(
        help.contains("Examples:") && help.contains("Exit codes:"),
        "{help}"
    );
    for command in [
        "clean",
        "crawl",
        "query",
        "show",
        "export",
        "reclean",
        "selectors",
    ] {
        assert!(
            copydesk(&dir, &[command, "--help"]).stdout.contains("Examples:"),
            "{command}"
        );
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = command(dir.path(), &["clean", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child
        .stdin
        .take()
        .unwrap()
        .write_all(page("Oxley votes").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_crawled_directory_can_be_queried_shown_and_exported() {
    let config = "store = \"desk.sled\"\n[[source]]\nname = \"saved\"\ndir = \"site\"\n\
                  base_url = \"https://news.example/\"\n";
    let dir = dir_with(&[
        ("copydesk.toml", config.as_bytes()),
        (
            "site/2026/bridge-vote.html",
            page("Oxley votes for its bridge").as_bytes(),
        ),
    ]);
    let report = |run: &Run| serde_json::from_str::<Value>(&run.stdout).unwrap();
    let first = copydesk(&dir, &["crawl"]);
    assert_eq!(
        (first.code, &report(&first)["new"]),
        (Some(0), &Value::from(1)),
        "{}",
        first.stderr
    );
    let second = copydesk(&dir, &["crawl"]);
    assert_eq!(
        (second.code, &report(&second)["new"]),
        (Some(0), &Value::from(0)),
        "{}",
        second.stderr
    );

    let found = copydesk(&dir, &["query", "BRIDGE", "penhale"]);
    let row: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(row["title"], "Oxley votes for its bridge");
    assert_eq!(copydesk(&dir, &["query", "submarine"]).stdout, "");

    let (id, url) = (row["id"].as_str().unwrap(), row["url"].as_str().unwrap());
    for name in [id, &id[..6], url] {
        assert_eq!(
            copydesk(&dir, &["show", name]).stdout,
            core("Oxley votes for its bridge"),
            "{name}"
        );
    }
    assert_eq!(
        copydesk(&dir, &["show", id, "--raw"]).stdout,
        page("Oxley votes for its bridge")
    );
    assert_fails(
        &copydesk(&dir, &["show", id, "--revision", "9"]),
        3,
        &[id, "revision 9"],
    );
    assert_fails(
        &copydesk(&dir, &["show", "https://news.example/none"]),
        3,
        &["https://news.example/none"],
    );

    let exported = copydesk(&dir, &["export"]);
    assert_eq!(
        serde_json::from_str::<Value>(&exported.stdout).unwrap()["id"],
        row["id"]
    );
    assert_eq!(
        copydesk(&dir, &["export", "--format", "markdown", "--out", "notes"]).code,
        Some(0)
    );
    let note = dir.path().join(format!("notes/bridge-vote-{id}.md"));
    assert!(
        fs::read_to_string(note)
            .unwrap()
            .contains("# Oxley votes for its bridge\n")
    );
    let stats: Value = serde_json::from_str(&copydesk(&dir, &["stats"]).stdout).unwrap();
    assert_eq!(stats["articles"], 1);
}

#[test]
fn the_first_command_of_the_readme_crawls_the_fixtures_and_shows_an_article() {
    const CRAWL: &str = "crawl --config fixtures/copydesk.toml";
    const SHOW: &str =
        "show --config fixtures/copydesk.toml https://fixtures.example/may-also-interested-in/source.html";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(&format!(
        "cargo run --release -- {CRAWL} && cargo run --release -- {SHOW}\n"
    )));

    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("fixtures.sled");
    let in_root = |line: &str| {
        let args: Vec<&str> = line.split(' ').collect();
        command(root, &args)
            .env("COPYDESK_STORE", &store)
            .output()
            .unwrap()
    };
    let crawled = in_root(CRAWL);
    assert_eq!(
        crawled.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&crawled.stderr)
    );
    let shown = String::from_utf8(in_root(SHOW).stdout).unwrap();
    assert!(
        shown.starts_with("Delta farmers return to floating rice as salt creeps inland\n\nBAN SORN"),
        "{shown}"
    );
    assert!(!shown.contains("Sign up now"), "{shown}");
}
