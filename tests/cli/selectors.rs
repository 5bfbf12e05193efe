//! `copydesk selectors`.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

use crate::{copydesk, dir_with, page};

const SITE: &str = r#"schema = 1
sites = ["arrow.example"]

[[layout]]
name = "2024"
body = ["css:article"]
drop = ["css:h1"]

[[test]]
page = "arrow"
url = "https://arrow.example/oxley"
title = "Oxley votes"
has = ["The council of Oxley"]
lacks = ["All rights reserved"]
"#;

fn site(text: &str) -> TempDir {
    dir_with(&[
        ("own/sites/arrow.example.toml", text.as_bytes()),
        ("own/sites/arrow/source.html", page("Oxley votes").as_bytes()),
    ])
}

fn rows(stdout: &str) -> Vec<Value> {
    stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn tests_beside_the_rules_pass_or_say_what_is_wrong() {
    let args = ["selectors", "test", "--selectors", "own"];
    let run = copydesk(&site(SITE), &args);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let rows_of = rows(&run.stdout);
    assert_eq!((rows_of.len(), &rows_of[0]["ok"]), (1, &Value::Bool(true)));
    assert_eq!(rows_of[0]["layout"], "2024");

    let wrong = SITE
        .replace("All rights", "Mary Penhale")
        .replace("reserved", "")
        .replace("Oxley votes", "Oxley");
    let run = copydesk(&site(&wrong), &args);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let row = &rows(&run.stdout)[0];
    assert_eq!(row["line"], 10);
    assert_eq!(
        row["mistakes"][0],
        "title is Some(\"Oxley votes\"), not Some(\"Oxley\")"
    );

    let run = copydesk(&site(&SITE.replace("\"arrow\"", "\"missing\"")), &args);
    assert_eq!(run.code, Some(3));
    assert!(run.stdout.contains("missing/source.html"), "{}", run.stdout);
}

#[test]
fn only_the_tests_of_a_site_are_run_on_request() {
    let dir = site(SITE);
    let test = |site: &str| copydesk(&dir, &["selectors", "test", site, "--selectors", "own"]);
    assert_eq!(rows(&test("arrow.example").stdout).len(), 1);
    let run = test("other.example");
    assert_eq!(run.code, Some(3));
    assert!(
        run.stderr.contains("no selector file names this host"),
        "{}",
        run.stderr
    );
}

#[test]
fn live_tests_fetch_the_pages_of_today() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/oxley", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap();
            let is_page = request[..read].starts_with(b"GET /oxley");
            let (status, body) = if is_page {
                ("200 OK", page("Oxley votes today"))
            } else {
                ("404 Not Found", String::new())
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes());
        }
    });
    let live = SITE
        .replace("https://arrow.example/oxley", &url)
        .replace("arrow.example", "127.0.0.1");
    let args = [
        "selectors",
        "test",
        "--selectors",
        "own",
        "--live",
        "--allow-private",
        "127.0.0.1",
    ];
    let run = copydesk(&site(&live), &args);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let row = &rows(&run.stdout)[0];
    assert_eq!((&row["page"], &row["layout"]), (&url.into(), &"2024".into()));
    let mistakes = row["mistakes"].as_array().unwrap();
    assert_eq!(mistakes.len(), 1, "{row}");
    assert!(
        mistakes[0].as_str().unwrap().contains("Oxley votes today"),
        "{row}"
    );
}

#[test]
fn lint_names_mistakes_and_what_is_hardly_meant() {
    let lint = |text: &str| copydesk(&site(text), &["selectors", "lint", "own"]);
    let run = lint(SITE);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
    let run = lint(&SITE.replace("css:h1", "css:script"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stdout
            .starts_with("own/sites/arrow.example.toml:7:9: `drop`: has no effect"),
        "{}",
        run.stdout
    );
    let run = lint(&SITE.replace("drop", "dorp"));
    assert_eq!(run.code, Some(5), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("own/sites/arrow.example.toml:7:1: no key `dorp` here: did you mean `drop`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn fmt_changes_files_only_where_it_may_and_once() {
    let dir = site(
        &SITE
            .replace("name = \"2024\"\n", "")
            .replace("css:h1\"]\n", "css:h1\",]\nname='2024' # this\n"),
    );
    let file = dir.path().join("own/sites/arrow.example.toml");
    let before = fs::read_to_string(&file).unwrap();
    let check = copydesk(&dir, &["selectors", "fmt", "--check", "own"]);
    assert_eq!(
        (check.code, check.stdout.as_str()),
        (Some(1), "own/sites/arrow.example.toml\n")
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    assert_eq!(copydesk(&dir, &["selectors", "fmt", "own"]).code, Some(0));
    let expected = SITE.replace("name = \"2024\"\n", "name = \"2024\" # this\n");
    assert_eq!(fs::read_to_string(&file).unwrap(), expected);
    let check = copydesk(&dir, &["selectors", "fmt", "--check", "own"]);
    assert_eq!((check.code, check.stdout.as_str()), (Some(0), ""));
}

#[test]
fn show_gives_the_rules_in_order_with_their_places() {
    let dir = site(&SITE.replace("drop = ", "path = ['^/news/']\ndrop = "));
    let show = |site: &str| copydesk(&dir, &["selectors", "show", site, "--selectors", "own"]);
    let run = show("www.arrow.example");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let of_site = rows(&run.stdout);
    let drop = &of_site[0];
    assert_eq!((&drop["step"], &drop["name"]), (&"site".into(), &"drop".into()));
    assert_eq!((&drop["rule"], &drop["line"]), (&"css:h1".into(), &8.into()));
    assert_eq!(of_site[1]["name"], "body");
    assert_eq!(of_site[2]["step"], "common");
    assert_eq!(rows(&show("https://arrow.example/news/1").stdout), of_site);
    assert_eq!(rows(&show("https://arrow.example/sport/1").stdout), of_site[2..]);
    assert_eq!(show("no site").code, Some(2));
}

#[test]
fn a_page_that_no_layout_fits_is_cleaned_all_the_same_and_says_so() {
    let dir = site(&SITE.replace("css:article", "css:.of-another-year"));
    let page = "own/sites/arrow/source.html";
    let clean = |more: &[&str]| {
        let args = [
            "clean",
            page,
            "--selectors",
            "own",
            "--url",
            "https://arrow.example/oxley",
        ];
        copydesk(&dir, &[&args, more].concat())
    };
    let run = clean(&["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let article = &rows(&run.stdout)[0];
    assert_eq!(article["layout"], Value::Null);
    assert_eq!(article["blocks"].as_array().unwrap().len(), 3);
    let unfit = "no layout of own/sites/arrow.example.toml fits";
    assert!(
        article["limits"][0].as_str().unwrap().starts_with(unfit),
        "{article}"
    );
    assert!(run.stderr.contains(unfit), "{}", run.stderr);
    let explained = clean(&["--explain"]).stdout;
    assert!(
        explained.contains("rules sites/arrow.example.toml: no layout fits"),
        "{explained}"
    );
    let explained = rows(&clean(&["--explain", "--format", "json"]).stdout);
    let expected = serde_json::json!({"file": "sites/arrow.example.toml", "layout": null});
    assert_eq!(explained[0]["rules"], expected);
}
