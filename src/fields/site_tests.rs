//! What the file of a site says of a field stands above all that the page says of it.

use super::*;
use crate::rules::{Rules, SourceFile};

const PAGE: &str = r#"<html><head><title>Vote - Example</title>
    <meta property="og:title" content="The vote, shared">
    <meta name="wire-headline" content="The vote of the wire">
    <meta name="author" content="Ann Lee">
    <meta property="article:published_time" content="2026-11-24T10:00:00Z">
    <script type="application/ld+json">{"@graph":[
        {"@type":"NewsArticle","headline":"The vote in JSON-LD","author":{"@id":"x:who"},
         "reviewer":[{"name":"Dee Orr"},{"name":"Ed Poe"}]},
        {"@type":"Person","@id":"x:who","name":"Bo Ek","worksFor":{"name":"The Example"}}]}</script></head>
    <body><main><h1>The vote was close</h1><p class="who">By Cy Fox</p><p class="when" data-at="2026-11-20">Friday</p>
    <p>Desk: Councils and Courts</p><p>The council voted on Monday, and by all accounts the vote was close.</p></main></body></html>"#;

/// The fields of the page under the layout of this number in a site file.
fn read_with(layouts: &str, number: usize) -> Fields {
    let file = format!("schema = 1\nsites = [\"news.example\"]\n{layouts}");
    let rules = Rules::of_files(vec![SourceFile::new("sites/news.example.toml", file)]).unwrap();
    let url: Url = "https://www.news.example/vote".parse().unwrap();
    let document = Document::parse(PAGE, Some(&url), &rules);
    let layout = rules.site(&url).and_then(|site| site.layouts.get(number));
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    read_at(&document, Some(&url), layout, now)
}

fn read(layout: &str) -> Fields {
    read_with(layout, 0)
}

fn title(sources: &str) -> Option<String> {
    read(&format!("[[layout]]\nname = \"1\"\ntitle = [{sources}]\n")).title
}

#[test]
fn every_kind_of_source_gives_a_title() {
    for (source, expected) in [
        ("css:h1", "The vote was close"),
        ("ld:headline", "The vote in JSON-LD"),
        ("meta:wire-headline", "The vote of the wire"),
        ("text:^Desk: (.+)$", "Councils and Courts"),
        ("text:^Desk:", "Desk:"),
    ] {
        assert_eq!(
            title(&format!("{source:?}")).as_deref(),
            Some(expected),
            "{source}"
        );
    }
}

#[test]
fn the_first_source_that_gives_something_is_taken() {
    let sources = r#""ld:alternativeHeadline", "meta:none", "css:.none", "meta:wire-headline", "css:h1""#;
    assert_eq!(title(sources).as_deref(), Some("The vote of the wire"));
    assert_eq!(
        title(r#""css:.none", "ld:none.at.all""#).as_deref(),
        Some("The vote in JSON-LD")
    );
}

#[test]
fn authors_and_dates_of_the_site_stand_above_metadata() {
    let authors = |source: &str| read(&format!("[[layout]]\nname = \"1\"\nauthors = [{source:?}]\n")).authors;
    assert_eq!(authors("css:.who"), ["Cy Fox"]);
    assert_eq!(authors("ld:reviewer.name"), ["Dee Orr", "Ed Poe"]);
    assert_eq!(authors("ld:author.name"), ["Bo Ek"]);
    assert_eq!(authors("ld:author.worksFor.name"), ["The Example"]);
    assert_eq!(authors("meta:author"), ["Ann Lee"]);
    assert_eq!(authors("css:.none"), ["Bo Ek"]);
    let page = read("[[layout]]\nname = \"1\"\npublished = [\"css:.when@data-at\"]\n");
    assert_eq!(page.published.unwrap().as_str(), "2026-11-20");
}

#[test]
fn only_the_layout_that_fits_is_asked() {
    let layouts = "[[layout]]\nname = \"old\"\ntitle = [\"meta:wire-headline\"]\nauthors = [\"css:.who\"]\n\
         [[layout]]\nname = \"new\"\ntitle = [\"meta:og:title\"]\n";
    let page = read_with(layouts, 1);
    assert_eq!(page.title.as_deref(), Some("The vote, shared"));
    assert_eq!(page.authors, ["Bo Ek"]);
    assert_eq!(read_with(layouts, 0).authors, ["Cy Fox"]);
}
