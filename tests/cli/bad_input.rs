//! Bad input: each kind has its exit code and one line that names it.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use copydesk::store::Store;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{assert_fails, command, copydesk, dir_with, gzipped, page};

const MEBIBYTE: usize = 1024 * 1024;

#[test]
fn inputs_that_are_no_page_are_named_with_the_reason() {
    let dir = dir_with(&[
        (
            "paper.html",
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        ),
        ("empty.html", b""),
        ("bare.html", b"<!doctype html><title></title><body></body>"),
        (
            "torn.html.gz",
            &gzipped(b"<p>Some text of a page that was torn.</p>")[..20],
        ),
    ]);
    assert_fails(
        &copydesk(&dir, &["clean", "missing.html"]),
        3,
        &["missing.html", "no such file"],
    );
    assert_fails(
        &copydesk(&dir, &["clean", "paper.html"]),
        3,
        &["paper.html", "PDF"],
    );
    assert_fails(
        &copydesk(&dir, &["clean", "empty.html"]),
        3,
        &["empty.html", "no article text"],
    );
    assert_fails(
        &copydesk(&dir, &["clean", "bare.html"]),
        3,
        &["bare.html", "no article text"],
    );
    assert_fails(&copydesk(&dir, &["clean", "torn.html.gz"]), 3, &["torn.html.gz"]);
}

#[test]
fn a_million_nested_elements_end_with_an_outcome() {
    let mut deep = "<div>".repeat(1_000_000);
    deep.push_str(&page("Oxley votes"));
    let dir = dir_with(&[("deep.html", deep.as_bytes())]);
    let run = copydesk(&dir, &["clean", "deep.html"]);
    assert!(matches!(run.code, Some(0 | 3)), "{:?} {}", run.code, run.stderr);
}

#[test]
fn a_page_of_a_hundred_megabytes_and_a_gzip_bomb_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let block = vec![b'a'; MEBIBYTE];
    let mut huge = File::create(dir.path().join("huge.html")).unwrap();
    let mut bomb = GzEncoder::new(
        File::create(dir.path().join("bomb.html.gz")).unwrap(),
        Compression::fast(),
    );
    for _ in 0..100 {
        huge.write_all(&block).unwrap();
        bomb.write_all(&block).unwrap();
    }
    bomb.finish().unwrap();
    assert_fails(
        &copydesk(&dir, &["clean", "huge.html"]),
        3,
        &["huge.html", "larger than"],
    );
    assert_fails(
        &copydesk(&dir, &["clean", "bomb.html.gz"]),
        3,
        &["bomb.html.gz", "larger than"],
    );
    let mut from_stdin = command(dir.path(), &["clean", "-"]);
    let output = from_stdin
        .stdin(File::open(dir.path().join("huge.html")).unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard input: larger than"));
}

#[test]
fn a_host_that_does_not_resolve_and_a_404_are_named() {
    let dir = tempfile::tempdir().unwrap();
    assert_fails(
        &copydesk(&dir, &["clean", "http://nohost.invalid/a"]),
        3,
        &["http://nohost.invalid/a"],
    );
    let url = format!("http://{}/gone", not_found_server());
    let run = copydesk(&dir, &["clean", &url, "--allow-private", "127.0.0.1"]);
    assert_fails(&run, 3, &[&url, "404"]);
    assert_fails(
        &copydesk(&dir, &["clean", &url]),
        3,
        &[&url, "127.0.0.1", "allow"],
    );
}

#[test]
fn a_wrong_selector_file_or_configuration_is_exit_code_5_and_named() {
    let dir = dir_with(&[
        (
            "rules/sites/news.example.toml",
            b"schema = 1\nsites = [\"news.example\"]\n[[layout]]\nboody = []\n",
        ),
        ("page.html", page("Oxley votes").as_bytes()),
        ("typo.toml", b"stoer = \"articles.sled\"\n"),
    ]);
    let run = copydesk(&dir, &["clean", "page.html", "--selectors", "rules"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(5), ""), "{}", run.stderr);
    assert!(
        run.stderr.contains("news.example.toml") && run.stderr.contains("boody"),
        "{}",
        run.stderr
    );
    let run = copydesk(&dir, &["crawl", "--config", "typo.toml"]);
    assert_eq!(run.code, Some(5), "{}", run.stderr);
    assert!(
        run.stderr.contains("typo.toml") && run.stderr.contains("stoer"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_store_in_use_is_exit_code_4_and_a_missing_one_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    assert_fails(
        &copydesk(&dir, &["query", "--store", "none.sled"]),
        3,
        &["none.sled"],
    );
    assert!(!dir.path().join("none.sled").exists());
    let held = Store::open(&dir.path().join("held.sled")).unwrap();
    assert_fails(
        &copydesk(&dir, &["query", "--store", "held.sled"]),
        4,
        &["held.sled", "in use"],
    );
    drop(held);
    assert_eq!(copydesk(&dir, &["query", "--store", "held.sled"]).code, Some(0));
}

/// Answers every request with 404, for as long as the test runs; gives its address.
fn not_found_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    address
}
