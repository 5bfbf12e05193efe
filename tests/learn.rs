//! What is learned from made pages through the library.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/news.rs"]
#[expect(dead_code, reason = "its server is for other tests")]
mod news;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "it is for other tests")]
mod server;

use copydesk::fetch::Page;
use copydesk::learn::{LearnError, Proposal};
use copydesk::pipeline::{clean_page, learn_site};
use copydesk::rules::{Rules, SourceFile};

fn page(path: &str, html: String) -> Page {
    Page {
        url: format!("https://arrow.example/{path}").parse().unwrap(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: html.into_bytes(),
        fetched: 0,
    }
}

/// A story whose paragraphs stand in an element with this opening tag.
fn story(number: usize, open: &str) -> Page {
    let text: Vec<String> = news::paragraphs(number)
        .iter()
        .map(|text| format!("<p>{text}</p>"))
        .collect();
    let html = format!(
        "<html lang=en><head><title>Story {number} of the harbour</title></head><body><nav><a href=/>Home</a></nav>\
         <h1>Story {number} of the harbour</h1>{open}{}</div>\
         <ul class=teasers><li><a href=/1>The ferry sails again</a><li><a href=/2>The mayor speaks</a></ul>\
         <footer>Arrow Post</footer></body></html>",
        text.concat()
    );
    page(&format!("story-{number}"), html)
}

fn learned(pages: &[Page]) -> Proposal {
    learn_site(pages, Rules::builtin()).unwrap()
}

#[test]
fn pages_of_two_layouts_give_a_layout_each() {
    let old = [1, 2].map(|number| story(number, "<div id=story-text>"));
    let new = [3, 4, 5].map(|number| story(number, "<div class='article-body x1'>"));
    let pages: Vec<Page> = old.into_iter().chain(new).collect();
    let proposal = learned(&pages);
    assert_eq!(proposal.layouts.len(), 2, "{}", proposal.text);
    assert_eq!(proposal.layouts[0].pages.len(), 3);
    for body in ["\"css:#story-text\"", "\"css:.article-body\""] {
        assert!(proposal.text.contains(body), "{}", proposal.text);
    }
}

#[test]
fn names_of_builds_and_articles_are_not_learned() {
    let pages = [1, 2, 3].map(|number| {
        story(
            number,
            &format!("<div id='post-{number}' class='css-1x2y3z post-{number}4711 Story_text__3kd9x'>"),
        )
    });
    let proposal = learned(&pages);
    assert!(
        proposal.text.contains("css:[class*=Story_text__]"),
        "{}",
        proposal.text
    );
    let rules = Rules::with_site(SourceFile::new("sites/arrow.example.toml", proposal.text)).unwrap();
    let other = clean_page(&story(4, "<div class='Story_text__q8w7e'>"), &rules).unwrap();
    assert_eq!(other.layout.as_deref(), Some("1"));
    assert_eq!(other.blocks.len(), 6);
}

#[test]
fn the_same_pages_give_the_same_file() {
    let pages = [1, 2, 3].map(|number| story(number, "<div class=story-text>"));
    assert_eq!(learned(&pages), learned(&pages));
}

#[test]
fn rules_that_the_site_has_already_take_no_part() {
    let stale =
        "schema = 1\nsites = [\"arrow.example\"]\n[[layout]]\nname = \"old\"\nbody = [\"css:.teasers\"]\n";
    let rules = Rules::with_site(SourceFile::new("sites/arrow.example.toml", stale)).unwrap();
    let pages = [1, 2].map(|number| story(number, "<div class=story-text>"));
    let proposal = learn_site(&pages, &rules).unwrap();
    assert!(
        !proposal.text.contains("teasers\"]\n\n[[test"),
        "{}",
        proposal.text
    );
    assert_eq!(proposal, learned(&pages));
}

#[test]
fn what_is_wrong_with_the_pages_is_said_in_words() {
    let error = |pages: &[Page]| learn_site(pages, Rules::builtin()).unwrap_err();
    let one = story(1, "<div class=story-text>");
    assert_eq!(
        error(std::slice::from_ref(&one)).to_string(),
        "a site is learned from at least 2 of its pages; there is 1 with a story"
    );
    let mut saved = one.clone();
    saved.url = "file:///saved/1.html".parse().unwrap();
    assert!(matches!(error(&[saved]), LearnError::NoSite(_)));
    let binary = page("logo.png", "\u{0}\u{1}\u{2}PNG\u{0}\u{0}".to_owned());
    let message = error(&[one, binary]).to_string();
    assert!(message.contains("logo.png: not a text page"), "{message}");
}

#[test]
fn pages_of_many_elements_and_names_are_learned_from() {
    let pages = [1, 2].map(|number| {
        let boxes: Vec<String> = (0..20_000)
            .map(|at| {
                format!(
                    "<div class='box-{} part-{} shared'><b class=label>{at} for sale</b></div>",
                    at % 700,
                    at % 9
                )
            })
            .collect();
        let mut page = story(number, "<div class=story-text>");
        page.body.extend(boxes.concat().bytes());
        page.body.extend("<section class=deep>".repeat(5_000).bytes());
        page
    });
    let proposal = learned(&pages);
    assert!(proposal.text.contains("css:.story-text"), "{}", proposal.text);
}
