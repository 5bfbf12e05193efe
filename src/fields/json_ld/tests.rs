use super::*;

fn headline(scripts: &[&str], hints: &Hints<'_>) -> Option<String> {
    let scripts: Vec<String> = scripts.iter().map(|script| (*script).to_owned()).collect();
    let data = JsonLd::read(&scripts);
    data.nodes(hints).string("headline").map(str::to_owned)
}

#[test]
fn the_article_is_found_wherever_it_stands() {
    for script in [
        r#"{"@type":"NewsArticle","headline":"Vote"}"#,
        r#"[{"@type":"BreadcrumbList"},{"@type":["Article","NewsArticle"],"headline":"Vote"}]"#,
        r#"{"@graph":[{"@type":"WebPage"},{"@type":"ReportageNewsArticle","headline":"Vote"}]}"#,
        r#"{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"Vote"}}"#,
        r#"{"@type":"http://schema.org/NewsArticle","headline":["Vote"]}"#,
        r#"{"@type":"LiveBlogPosting","headline":"Vote","liveBlogUpdate":[{"@type":"BlogPosting","headline":"Update"}]}"#,
        r#"{"@type":"WebPage","headline":"Vote"}"#,
    ] {
        assert_eq!(
            headline(&[script], &Hints::default()).as_deref(),
            Some("Vote"),
            "{script}"
        );
    }
}

#[test]
fn a_broken_script_does_not_hide_a_good_one() {
    let scripts = ["{broken", r#"{"@type":"NewsArticle","headline":"Vote"}"#];
    assert_eq!(headline(&scripts, &Hints::default()).as_deref(), Some("Vote"));
}

#[test]
fn among_several_articles_the_one_of_this_page_is_chosen() {
    let scripts = [
        r#"{"@type":"NewsArticle","headline":"A teaser of another story","datePublished":"2026-01-01","author":"B"}"#,
        r#"{"@type":"Article","headline":"The vote was close","url":"https://news.example/vote/"}"#,
    ];
    let by_url = Hints {
        urls: vec!["http://www.news.example/vote?x=1"],
        titles: vec![],
    };
    assert_eq!(headline(&scripts, &by_url).as_deref(), Some("The vote was close"));
    let by_title = Hints {
        urls: vec![],
        titles: vec![text::key("The vote was close | Example")],
    };
    assert_eq!(
        headline(&scripts, &by_title).as_deref(),
        Some("The vote was close")
    );
}

#[test]
fn references_are_resolved_by_id() {
    let script = r##"{"@graph":[{"@type":"Article","headline":"Vote","author":{"@id":"#ann"}},
        {"@type":"Person","@id":"#ann","name":"Ann Lee"}]}"##;
    let data = JsonLd::read(&[script.to_owned()]);
    let nodes = data.nodes(&Hints::default());
    let author = nodes
        .value("author")
        .map(|value| nodes.things(value))
        .unwrap_or_default();
    assert!(
        matches!(author.as_slice(), [Thing::Node(node)] if node.get("name").and_then(Value::as_str) == Some("Ann Lee"))
    );
}

#[test]
fn a_flood_of_nodes_is_cut_short() {
    let flood = format!("[{}1]", "{\"@type\":\"Thing\"},".repeat(50_000));
    assert_eq!(headline(&[&flood], &Hints::default()), None);
}
