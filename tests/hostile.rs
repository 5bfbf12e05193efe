//! Pages made to be slow are cleaned in a time that grows with their size alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use copydesk::fetch::Page;
use copydesk::pipeline;
use copydesk::rules::Rules;
use rustix::time::{ClockId, clock_gettime};

/// Bytes of each page.
const PAGE_BYTES: usize = 1 << 18;
/// CPU seconds that a page of this size may take in an unoptimized build on a slow machine; what grows with the square of the
/// size takes minutes.
const MAX_SECONDS: i64 = 10;

fn page(html: String) -> Page {
    Page {
        url: "https://news.example/a".parse().unwrap(),
        content_type: Some("text/html".into()),
        body: html.into_bytes(),
        fetched: 0,
    }
}

/// CPU seconds that cleaning a page of this piece, repeated, takes.
fn seconds(piece: &str) -> i64 {
    let html = format!("<body><p>{}", piece.repeat(PAGE_BYTES / piece.len()));
    let start = clock_gettime(ClockId::ThreadCPUTime).tv_sec;
    drop(pipeline::clean_page(&page(html), Rules::builtin()));
    clock_gettime(ClockId::ThreadCPUTime).tv_sec - start
}

#[test]
fn cost_grows_with_the_size_of_a_page_alone() {
    let attributes: String = (0..50_000).fold(String::new(), |all, number| format!("{all} a{number}=1"));
    let pieces = [
        ("many attributes in a start tag", format!("<p{attributes}>a</p>")),
        ("many attributes in an end tag", format!("<p>a</p{attributes}>")),
        (
            "many attributes in a tag that does not end",
            format!("<p{attributes} "),
        ),
        (
            "one attribute many times",
            "<p ".to_owned() + &"class=a ".repeat(100_000) + ">",
        ),
        ("drawings that do not end", "<svg>".to_owned()),
        ("scripts with open comments", "<script><!--</script>".to_owned()),
        ("a script of comments", "<!---->".to_owned()),
        ("scripts in scripts", "<script><!--<script></script>".to_owned()),
        ("comments that do not end", "<!--".to_owned()),
        ("deep nesting", "<div>".to_owned()),
        ("deep formatting", "<b><i>".to_owned()),
        ("formatting across paragraphs", "<p><b class=x>a".to_owned()),
        ("tables in tables", "<table><tr><td>".to_owned()),
        ("links in links", "<a href=/author/x>b ".to_owned()),
        ("white space", " \n".to_owned()),
        ("one long word", "a".to_owned()),
        (
            "what phrases look for",
            "<p>Photo by Ann Lee / The Example (AP) via Reuters 12/12</p>".to_owned(),
        ),
        (
            "teasers",
            "<p>Read more: read more: sign up for our newsletter (Photo</p>".to_owned(),
        ),
        ("small blocks", "<p>a</p>".to_owned()),
        ("references", "&amp;&#x41;&notit;".to_owned()),
    ];
    let slow: Vec<String> = pieces
        .iter()
        .map(|(name, piece)| (name, seconds(piece)))
        .filter(|(_, seconds)| *seconds > MAX_SECONDS)
        .map(|(name, seconds)| format!("{name}: {seconds} s"))
        .collect();
    assert!(slow.is_empty(), "slow pages\n{}", slow.join("\n"));
}
