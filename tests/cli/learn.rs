//! `copydesk selectors new`: a site's file, learned from its pages.

use std::fs;

use tempfile::TempDir;

use crate::{assert_fails, copydesk, dir_with};

const WORDS: [&str; 32] = [
    "harbour", "council", "winter", "ferry", "budget", "teacher", "bridge", "garden", "market", "river",
    "school", "station", "mayor", "storm", "village", "library", "doctor", "engine", "island", "letter",
    "museum", "orchard", "police", "quarry", "railway", "sailor", "theatre", "union", "valley", "weather",
    "baker", "captain",
];

const PROMO: &str =
    "Our harbour letter brings you the week's stories from the quay every Friday, free of charge.";

/// A paragraph of a story that no other has.
fn paragraph(story: usize, number: usize) -> String {
    let word = |at: usize| WORDS[(story * 7 + number * 11 + at * (3 + story + number)) % WORDS.len()];
    let words: Vec<&str> = (0..24).map(word).collect();
    format!(
        "The {} of {} said on Monday that the {}. Nobody had thought of {}, and it would cost {} thousand pounds.",
        word(1),
        word(2),
        words.join(" "),
        word(5),
        story * 10 + number + 2
    )
}

/// The page of a story, of a site whose classes are partly a build's.
fn story(number: usize) -> String {
    let title = format!("The {} and the {}", WORDS[number], WORDS[number + 9]);
    let text: Vec<String> = (0..7)
        .map(|at| format!("<p class='css-1a2b{at}c'>{}</p>", paragraph(number, at)))
        .collect();
    let teasers: Vec<String> = (0..4)
        .map(|at| format!("<li><a href='/{at}'>{}</a></li>", paragraph(number + 9, at)))
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>{title} | Arrow Post</title>\
         <link rel=canonical href='https://www.arrow.example/2024/05/story-{number}'>\
         <meta property='og:title' content='{title}'>\
         <script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"{title}\",\
         \"datePublished\":\"2024-05-0{number}T10:00:00Z\",\"author\":{{\"@type\":\"Person\",\"name\":\"Ann Roe\"}}}}</script>\
         </head><body><nav><a href=/>Home</a> <a href=/news>News</a></nav>\
         <div id='page-{number}77' class='wrap css-9z8y7x'><h1>{title}</h1><div class='story-text css-4d5e6f'>{}\
         <div class='letter-box'><p>{PROMO}</p></div>{}</div>\
         <div class=elsewhere><h2>Elsewhere</h2><ul>{}</ul></div></div>\
         <footer><p>Arrow Post. All rights reserved.</p></footer></body></html>",
        text[..4].concat(),
        text[4..].concat(),
        teasers.concat()
    )
}

fn stories() -> TempDir {
    let pages: Vec<(String, String)> = (1..=3)
        .map(|at| (format!("saved/{at}.html"), story(at)))
        .collect();
    let files: Vec<(&str, &[u8])> = pages
        .iter()
        .map(|(name, page)| (name.as_str(), page.as_bytes()))
        .collect();
    dir_with(&files)
}

#[test]
fn three_pages_give_a_file_that_is_canonical_and_passes_its_own_tests() {
    let dir = stories();
    let run = copydesk(&dir, &["selectors", "new", "saved", "--out", "own"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("from 3 pages"), "{}", run.stderr);
    let file = fs::read_to_string(dir.path().join("own/sites/arrow.example.toml")).unwrap();
    assert!(file.contains("sites = [\"arrow.example\"]"), "{file}");
    assert!(file.contains("css:.story-text"), "{file}");
    assert!(file.contains("\"ld:headline\""), "{file}");
    for unstable in ["css-", "page-1", PROMO] {
        assert!(!file.contains(unstable), "{unstable}: {file}");
    }
    for args in [
        vec!["selectors", "test", "--selectors", "own"],
        vec!["selectors", "lint", "own"],
        vec!["selectors", "fmt", "--check", "own"],
    ] {
        let run = copydesk(&dir, &args);
        assert_eq!(run.code, Some(0), "{args:?}: {}{}", run.stdout, run.stderr);
        assert!(!run.stdout.contains("warning"), "{}", run.stdout);
    }
}

#[test]
fn the_learned_file_serves_a_page_that_was_not_learned_from() {
    let dir = stories();
    let run = copydesk(&dir, &["selectors", "new", "saved", "--out", "own"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    fs::write(dir.path().join("4.html"), story(4)).unwrap();
    let manifest = r#"{"id":4,"url":"https://arrow.example/2024/05/story-4","html":"4.html"}"#;
    fs::write(dir.path().join("list.jsonl"), manifest).unwrap();
    let args = [
        "clean",
        "--manifest",
        "list.jsonl",
        "--selectors",
        "own",
        "--out",
        "-",
    ];
    let run = copydesk(&dir, &args);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for at in 0..7 {
        assert!(run.stdout.contains(&paragraph(4, at)), "{at}: {}", run.stdout);
    }
    for other in [PROMO, "Elsewhere", "All rights reserved"] {
        assert!(!run.stdout.contains(other), "{other}: {}", run.stdout);
    }
}

#[test]
fn without_a_directory_the_file_goes_to_standard_output() {
    let dir = stories();
    let run = copydesk(&dir, &["selectors", "new", "saved/1.html", "saved/2.html"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("[[layout]]"), "{}", run.stdout);
    assert!(
        run.stdout.contains(&format!("The {}", WORDS[1])),
        "{}",
        run.stdout
    );
}

#[test]
fn a_file_or_a_page_that_is_there_is_not_written_over() {
    let dir = stories();
    let args = ["selectors", "new", "saved", "--out", "own"];
    assert_eq!(copydesk(&dir, &args).code, Some(0));
    assert_fails(
        &copydesk(&dir, &args),
        3,
        &["arrow.example.toml", "there already"],
    );
}

#[test]
fn one_page_is_too_few_and_so_is_one_page_twice() {
    let dir = stories();
    let run = copydesk(&dir, &["selectors", "new", "saved/1.html"]);
    assert_fails(&run, 2, &["at least 2"]);
    let run = copydesk(&dir, &["selectors", "new", "saved/1.html", "saved/1.html"]);
    assert_fails(&run, 3, &["at least 2", "the same story as", "story-1"]);
}

#[test]
fn pages_of_two_sites_are_named() {
    let dir = stories();
    let other = story(5).replace("arrow.example", "other.example");
    fs::write(dir.path().join("5.html"), other).unwrap();
    let run = copydesk(&dir, &["selectors", "new", "saved/1.html", "5.html"]);
    assert_fails(&run, 3, &["different sites", "arrow.example", "other.example"]);
}

#[test]
fn a_saved_page_that_says_nothing_of_its_site_needs_to_be_told() {
    let bare = |number| {
        story(number).replace(
            "<link rel=canonical href='https://www.arrow.example",
            "<link href='",
        )
    };
    let dir = dir_with(&[("1.html", bare(1).as_bytes()), ("2.html", bare(2).as_bytes())]);
    let run = copydesk(&dir, &["selectors", "new", "1.html", "2.html"]);
    assert_fails(&run, 3, &["1.html", "--url"]);
    let told = [
        "selectors",
        "new",
        "1.html",
        "2.html",
        "--url",
        "https://arrow.example/",
    ];
    let run = copydesk(&dir, &told);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("https://arrow.example/2"), "{}", run.stdout);
}

#[test]
fn a_page_without_a_story_is_left_out_and_said() {
    let dir = stories();
    let login = "<html><head><title>Log in</title><link rel=canonical href='https://arrow.example/login'></head>\
                 <body><form><label>Name</label><input></form></body></html>";
    fs::write(dir.path().join("saved/login.html"), login).unwrap();
    let run = copydesk(&dir, &["selectors", "new", "saved"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stderr.contains("arrow.example/login: left out"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("css:.story-text"), "{}", run.stdout);
}
