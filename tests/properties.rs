//! What holds of cleaning whatever the page: it never fails, always gives the same, invents nothing, and leaves alone what
//! it has cleaned.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use copydesk::article::Article;
use copydesk::fetch::Page;
use copydesk::pipeline::{CleanError, Options, clean_page, explain_page};
use copydesk::render::json;
use copydesk::rules::Rules;
use proptest::collection::vec;
use proptest::prelude::*;
use scraper::{Html, Node};
use serde_json::Value;

#[path = "support/pages.rs"]
mod support;

/// Random pages of each sort; enough to find what is wrong in one page of a hundred, in a few seconds.
const CASES: u32 = 96;
/// Cuts of each fixture, spread over its length.
const CUTS: usize = 8;
/// The least share of clean texts that must stay as they are.
const UNCHANGED: f64 = 0.99;

fn page_of(url: &str, kind: &str, body: &[u8]) -> Page {
    Page {
        url: url.parse().unwrap(),
        content_type: Some(kind.to_owned()),
        body: body.to_vec(),
        fetched: 0,
    }
}

fn html(body: &[u8]) -> Page {
    page_of("https://a.example/news/1", "text/html", body)
}

fn plain(text: &str) -> Page {
    page_of("file:///copy.txt", "text/plain; charset=utf-8", text.as_bytes())
}

fn clean(page: &Page) -> Result<Article, CleanError> {
    clean_page(page, Rules::builtin())
}

/// All there is to know of a cleaned page, in words.
fn everything(page: &Page) -> String {
    match explain_page(page, Rules::builtin(), Options::default()) {
        Ok(cleaned) => format!(
            "{}\n{}\n{:?}",
            json::line(&cleaned.article).unwrap(),
            json::line(&cleaned.explained).unwrap(),
            cleaned.assessment
        ),
        Err(error) => error.to_string(),
    }
}

/// The pages under `fixtures/pages`, by name.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let page = |folder: PathBuf| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read(folder.join("source.html")).unwrap())
    };
    support::folders().into_iter().map(page).collect()
}

/// Letters and digits: what is left of a text when markup, whitespace and invisible characters do not count.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters of a page: its text, its scripts, and what its elements have in `content`.
fn letters_of_page(body: &[u8]) -> String {
    let decoded = copydesk::decode::decode(body, Some("text/html"));
    let tree = Html::parse_document(&decoded.text);
    let mut all = String::new();
    for node in tree.tree.nodes() {
        match node.value() {
            Node::Text(text) if text.contains("\\u") => all.push_str(&letters(&without_escapes(text))),
            Node::Text(text) => all.push_str(&letters(text)),
            Node::Element(element) => all.push_str(&letters(element.attr("content").unwrap_or_default())),
            _ => {}
        }
    }
    all
}

/// The text of a script with its `\uXXXX` resolved.
fn without_escapes(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..4).and_then(|code| u32::from_str_radix(code, 16).ok());
        let Some(c) = code.and_then(char::from_u32) else {
            continue;
        };
        whole.push(c);
        whole.push_str(&part[4..]);
    }
    whole
}

/// The words of an article that are not on its page.
fn invented(article: &Article, page: &str) -> Vec<String> {
    let text = article.text() + " " + article.fields.title.as_deref().unwrap_or_default();
    let words: HashSet<String> = text.split_whitespace().map(letters).collect();
    words
        .into_iter()
        .filter(|word| !page.contains(word.as_str()))
        .collect()
}

/// The lines of a text as they are compared: whitespace folded, without characters that nobody sees.
fn lines(text: &str) -> Vec<String> {
    let is_invisible = |c: &char| {
        (c.is_control() && !c.is_whitespace())
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.lines()
        .map(|line| {
            let visible: String = line.chars().filter(|c| !is_invisible(c)).collect();
            visible.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .filter(|line| !line.is_empty())
        .collect()
}

/// Headline and body, a line each.
fn text_of(article: &Article) -> String {
    let title = article.fields.title.as_deref().unwrap_or_default();
    format!("{title}\n\n{}", article.text())
}

#[test]
fn every_page_cut_anywhere_is_cleaned() {
    for (name, body) in fixtures() {
        for part in 0..CUTS {
            let end = body.len() * part / CUTS + part;
            let cut = body.get(..end).unwrap_or(&body);
            if let Ok(article) = clean(&html(cut)) {
                assert!(!article.blocks.is_empty(), "{name} cut at {end}");
            }
        }
    }
}

#[test]
fn cleaning_gives_the_same_every_time_on_every_thread() {
    let pages: Vec<Page> = fixtures().iter().map(|(_, body)| html(body)).collect();
    let all = || pages.iter().map(everything).collect::<Vec<_>>();
    let first = all();
    let others = thread::scope(|scope| {
        let workers = [scope.spawn(all), scope.spawn(all)];
        workers.map(|worker| worker.join().unwrap())
    });
    assert!(others.iter().all(|other| *other == first));
}

#[test]
fn no_word_of_an_article_is_not_on_its_page() {
    for (name, body) in fixtures() {
        if let Ok(article) = clean(&html(&body)) {
            let invented = invented(&article, &letters_of_page(&body));
            assert!(invented.is_empty(), "{name}: {invented:?}");
        }
    }
}

#[test]
fn cleaning_what_was_cleaned_changes_nothing() {
    for (name, body) in fixtures() {
        if let Ok(article) = clean(&html(&body)) {
            let text = text_of(&article);
            let again = clean(&plain(&text)).unwrap();
            assert_eq!(lines(&text_of(&again)), lines(&text), "{name}");
        }
    }
}

#[test]
fn texts_that_people_have_cleaned_stay_as_they_are() {
    let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let texts: Vec<String> = ["wcxb", "publishers", "fundus"]
        .into_iter()
        .filter_map(|set| fs::read_to_string(sets.join(set).join("gold.jsonl")).ok())
        .flat_map(|gold| gold.lines().map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|line| {
            serde_json::from_str::<Value>(&line).ok()?["text"]
                .as_str()
                .map(str::to_owned)
        })
        .filter(|text| !text.trim().is_empty())
        .collect();
    if texts.is_empty() {
        println!("passed over: no evaluation sets at {}", sets.display());
        return;
    }
    let is_same = |text: &String| {
        clean(&plain(text)).is_ok_and(|article| {
            let (before, after) = (lines(text), lines(&article.text()));
            // The headline, where there is one, is the title.
            after == before || (article.fields.title.is_some() && after == before[1..])
        })
    };
    let halves = texts.split_at(texts.len() / 2);
    let same: usize = thread::scope(|scope| {
        let count = |half: &'_ [String]| half.iter().filter(|text| is_same(text)).count();
        let other = scope.spawn(move || count(halves.1));
        count(halves.0) + other.join().unwrap()
    });
    println!("{same} of {} texts stay as they are", texts.len());
    assert!(
        same as f64 >= UNCHANGED * texts.len() as f64,
        "{same} of {}",
        texts.len()
    );
}

const TAGS: [&str; 28] = [
    "div",
    "p",
    "article",
    "main",
    "section",
    "h1",
    "h2",
    "ul",
    "li",
    "a",
    "b",
    "span",
    "table",
    "tr",
    "td",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "aside",
    "nav",
    "footer",
    "form",
    "script",
    "style",
    "svg",
    "template",
    "br",
];
const ATTRIBUTES: [&str; 9] = [
    "",
    " class=\"article-body\"",
    " id=comments",
    " hidden",
    " style='display: none'",
    " class='related-posts liveblog'",
    " role=dialog",
    " href=/a",
    " itemprop=articleBody",
];
const TEXTS: [&str; 9] = [
    " The ferry did not sail on Monday, and two schools stayed closed until the water had gone down. ",
    " Read more: How the ferry sank ",
    " ___ ",
    " FILE - A man walks. (AP Photo/Jo Bell) ",
    " Ja &amp; nein &lt;b&gt; ",
    " 水位は、月曜日に下がった。 ",
    " 404 ",
    " \u{202e}\u{200b}\u{ad} ",
    " Subscribe ",
];

/// A page of open tags, close tags and texts in any order: trees as browsers must mend them.
fn trees() -> impl Strategy<Value = String> {
    let open = (0..TAGS.len(), 0..ATTRIBUTES.len())
        .prop_map(|(tag, with)| format!("<{}{}>", TAGS[tag], ATTRIBUTES[with]));
    let close = (0..TAGS.len()).prop_map(|tag| format!("</{}>", TAGS[tag]));
    let text = (0..TEXTS.len()).prop_map(|text| TEXTS[text].to_owned());
    vec(prop_oneof![3 => open, 2 => close, 3 => text], 0..160).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_is_cleaned_and_nothing_is_invented(source in trees()) {
        let page = html(source.as_bytes());
        prop_assert_eq!(everything(&page), everything(&page));
        if let Ok(article) = clean(&page) {
            let invented = invented(&article, &letters_of_page(source.as_bytes()));
            prop_assert!(invented.is_empty(), "{:?}", invented);
        }
    }

    #[test]
    fn any_bytes_are_cleaned_or_refused(bytes in vec(any::<u8>(), 0..2_000), as_text: bool) {
        let kind = if as_text { "text/plain" } else { "text/html" };
        let page = page_of("https://a.example/", kind, &bytes);
        prop_assert_eq!(everything(&page), everything(&page));
    }

    #[test]
    fn any_text_cleaned_twice_is_as_cleaned_once(order in vec(0..TEXTS.len(), 1..40)) {
        let text: Vec<&str> = order.iter().map(|at| TEXTS[*at]).collect();
        if let Ok(once) = clean(&plain(&text.join("\n"))) {
            let twice = clean(&plain(&text_of(&once))).unwrap();
            prop_assert_eq!(lines(&text_of(&twice)), lines(&text_of(&once)));
        }
    }

    #[test]
    fn any_damaged_page_is_cleaned(
        which in any::<prop::sample::Index>(),
        damage in vec((any::<prop::sample::Index>(), 0..400usize, any::<u8>()), 1..12),
    ) {
        let pages = fixtures();
        let mut body = which.get(&pages).1.clone();
        for (at, length, byte) in damage {
            let start = at.index(body.len());
            let end = (start + length).min(body.len());
            body.splice(start..end, [byte]);
        }
        let _ = everything(&html(&body));
    }
}
