//! The program as a person or a script meets it: exit codes, streams, bad input.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod bad_input;
mod clean;
mod desk;
mod discover;
mod export;
mod learn;
mod reclean;
mod search;
mod selectors;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests need the rest")]
mod support;
mod warc;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command
        .current_dir(dir)
        .args(args)
        .env_remove("COPYDESK_STORE")
        .stdin(Stdio::null());
    command
}

/// Runs the program in the directory.
fn copydesk(dir: &TempDir, args: &[&str]) -> Run {
    let output = command(dir.path(), args).output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// It failed with this code and one line on standard error that names what it is about.
fn assert_fails(run: &Run, code: i32, named: &[&str]) {
    assert_eq!(run.code, Some(code), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    for name in named {
        assert!(run.stderr.contains(name), "{name:?} is not named: {}", run.stderr);
    }
}

/// The configuration of [`crawled`].
const CONFIG: &str = "store = \"desk.sled\"\n[[source]]\nname = \"saved\"\ndir = \"site\"\n\
                      base_url = \"https://news.example/\"\n";

/// A crawled site of two pages, with more files beside it.
fn crawled(more: &[(&str, &[u8])]) -> TempDir {
    let other = page("A second story")
        .replace("Oxley", "Uxley")
        .replace("bridge", "tunnel");
    let first = page("Oxley votes");
    let site: [(&str, &[u8]); 3] = [
        ("copydesk.toml", CONFIG.as_bytes()),
        ("site/2026/bridge-vote.html", first.as_bytes()),
        ("site/2026/tunnel-vote.html", other.as_bytes()),
    ];
    let dir = dir_with(&[&site, more].concat());
    let run = copydesk(&dir, &["crawl"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    dir
}

/// The JSON lines of a run that did all that was asked.
fn rows(run: &Run) -> Vec<Value> {
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn dir_with(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

const PARAGRAPHS: [&str; 3] = [
    "The council of Oxley voted on Tuesday to rebuild the bridge over the Arrow, ending a quarrel that had gone on \
     for eleven years, cost two mayors their office and sent the school bus on a detour of nine miles.",
    "\"We have talked about this bridge longer than it stood,\" said the treasurer, Mary Penhale, who brought in the \
     motion. The work is to begin in May, once the river has fallen, and will take a little over a year.",
    "Three members voted against it. They had asked for a second estimate, and said on leaving the hall that the \
     first one had been made before the price of steel rose by a third in the spring.",
];

fn page(headline: &str) -> String {
    let paragraphs = PARAGRAPHS.map(|text| format!("<p>{text}</p>\n")).concat();
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{headline} | Arrow Post</title>\n\
         <meta property='og:title' content='{headline}'></head>\n\
         <body><nav><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav>\n\
         <article><h1>{headline}</h1>\n{paragraphs}</article>\n\
         <footer><p>All rights reserved.</p></footer></body></html>"
    )
}

fn core(headline: &str) -> String {
    format!("{headline}\n\n{}\n", PARAGRAPHS.join("\n\n"))
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
