//! A site whose markup changes between two crawls: what the reports, the articles and `copydesk selectors doctor` say.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::ops::Range;
use std::process::{Command, Output};

use copydesk::fetch::Page;
use copydesk::pipeline::clean_page;
use copydesk::pipeline::crawl::{CrawlOptions, CrawlReport};
use copydesk::pipeline::doctor::TroubleKind;
use copydesk::rules::Rules;
use copydesk::store::Query;
use serde_json::Value;

#[expect(dead_code, reason = "shared with other tests")]
mod support;

use support::desk::Desk;
use support::news;
use support::server::{Reply, Server};

const FILE: &str = r#"schema = 1
sites = ["127.0.0.1"]

[[layout]]
name = "2025"
body = ["css:.story-body"]
drop = ["css:.newsletter"]
title = ["css:h1.headline"]
"#;

/// Midnight of 2026-11-20, UTC.
const FIRST_DAY: i64 = 20_777 * DAY;
const DAY: i64 = 24 * 60 * 60;

const PROMO: &str =
    "Our newsletter brings the harbour into your house every morning at six, and it costs nothing.";

/// A story in the markup that the file was written for, or in that of the redesign.
fn page(story: usize, is_new: bool) -> String {
    let text = news::paragraphs(story).join("</p><p>");
    let title = format!("Story number {story} of the harbour");
    let article = if is_new {
        format!(
            "<main><header><h1 class=hed>{title}</h1></header><div class=article-text><p>{text}</p>\
             <aside class=signup><p>{PROMO}</p></aside></div></main>"
        )
    } else {
        format!(
            "<article><h1 class=headline>{title}</h1><div class=story-body><p>{text}</p><div class=newsletter><p>{PROMO}</p></div>\
             </div></article>"
        )
    };
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a><a href=/a>News</a>\
         </nav>{article}<section class=more><h2>More</h2><ul><li><a href=/1>The council and the ferry</a><li><a href=/2>A \
         storm over the quarry</a></ul></section><footer><p>Made up for a test.</p></footer></body></html>"
    )
}

fn publish(server: &Server, stories: Range<usize>, is_new: bool) {
    for story in stories.clone() {
        server.route(&format!("/story/{story}"), Reply::html(page(story, is_new)));
    }
    let links = stories.map(|story| format!("/story/{story}"));
    server.route("/feed", Reply::ok("application/rss+xml", news::feed(links)));
}

fn desk(server: &Server) -> (Desk, &'static Rules) {
    let desk = Desk::with_feed(server);
    desk.write("own/sites/127.0.0.1.toml", FILE);
    let rules = Rules::with_overlay(&desk.path("own")).unwrap();
    (desk, Box::leak(Box::new(rules)))
}

async fn crawl_on(desk: &Desk, rules: &'static Rules, day: i64) -> CrawlReport {
    let options = CrawlOptions {
        at: Some(FIRST_DAY + day * DAY + 60),
        ..CrawlOptions::default()
    };
    desk.crawl_by(rules, &options, &()).await
}

fn doctor(desk: &Desk, more: &[&str]) -> Output {
    copydesk(
        desk,
        &[&["selectors", "doctor", "--selectors", "own"], more].concat(),
    )
}

fn copydesk(desk: &Desk, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .current_dir(desk.path(""))
        .env_remove("COPYDESK_STORE")
        .args(args)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn a_site_that_changes_its_markup_is_named_in_the_next_report_and_loses_no_story() {
    let server = Server::start();
    let (desk, rules) = desk(&server);
    publish(&server, 0..12, false);
    let first = crawl_on(&desk, rules, 0).await;
    let source = &first.sources[0];
    assert_eq!(
        (source.new, source.unfit.len(), source.troubles.len()),
        (12, 0, 0)
    );
    let well = doctor(&desk, &[]);
    assert_eq!(
        (well.status.code(), stdout(&well).as_str()),
        (Some(0), ""),
        "{well:?}"
    );

    publish(&server, 12..24, true);
    let second = crawl_on(&desk, rules, 3).await;
    let source = &second.sources[0];
    assert_eq!((source.new, source.failed), (12, 0));
    assert_eq!(
        (source.unfit[0].pages, source.unfit[0].site.as_str()),
        (12, "127.0.0.1")
    );
    let [trouble] = source.troubles.as_slice() else {
        panic!("{:?}", source.troubles)
    };
    assert_eq!(
        (trouble.kind, trouble.since.as_str()),
        (TroubleKind::Layout, "2026-11-23")
    );
    assert_eq!((trouble.layout.as_str(), trouble.line), ("2025", 5));

    // No story is lost or empty because a rule is stale.
    let stored: Vec<_> = desk
        .store()
        .query(&Query::default())
        .map(Result::unwrap)
        .collect();
    assert_eq!(stored.len(), 24);
    for row in stored {
        let story: usize = row.article.url.rsplit('/').next().unwrap().parse().unwrap();
        let text = row.article.text();
        assert!(
            news::paragraphs(story)
                .iter()
                .all(|paragraph| text.contains(paragraph)),
            "{text}"
        );
        assert_eq!(row.article.layout.is_none(), story >= 12);
        let unfit = row
            .article
            .limits
            .iter()
            .any(|limit| limit.contains("127.0.0.1.toml fits"));
        assert_eq!(unfit, story >= 12);
    }

    let ill = doctor(&desk, &["127.0.0.1"]);
    assert_eq!(ill.status.code(), Some(1), "{ill:?}");
    let row: Value = serde_json::from_str(&stdout(&ill)).unwrap();
    assert_eq!(
        (&row["since"], &row["layout"], &row["pages_after"]),
        (&"2026-11-23".into(), &"2025".into(), &12.into())
    );
    assert!(
        row["pages"][0]
            .as_str()
            .unwrap()
            .starts_with(&server.url("/story/")),
        "{row}"
    );
    let table = stdout(&doctor(&desk, &["--format", "table"]));
    assert!(table.contains("own/sites/127.0.0.1.toml:5\n"), "{table}");
    assert!(
        table.contains("since 2026-11-23: 0% of 12 pages, before 100% of 12\n"),
        "{table}"
    );
    assert_eq!(doctor(&desk, &["news.example"]).status.code(), Some(3));
}

#[tokio::test]
async fn a_rule_that_stops_and_a_field_that_goes_are_named_while_the_layout_still_fits() {
    let server = Server::start();
    let (desk, rules) = desk(&server);
    publish(&server, 0..12, false);
    crawl_on(&desk, rules, 0).await;
    for story in 12..24 {
        let changed = page(story, false)
            .replace("class=newsletter", "class=signup")
            .replace("class=headline", "class=hed");
        server.route(&format!("/story/{story}"), Reply::html(changed));
    }
    let links = (12..24).map(|story| format!("/story/{story}"));
    server.route("/feed", Reply::ok("application/rss+xml", news::feed(links)));
    let report = crawl_on(&desk, rules, 1).await;
    let source = &report.sources[0];
    assert_eq!(source.unfit, []);
    let found: Vec<_> = source
        .troubles
        .iter()
        .map(|trouble| (trouble.kind, trouble.line))
        .collect();
    assert_eq!(found, [(TroubleKind::Rule, 7), (TroubleKind::Rule, 8)]);
    assert!(
        source
            .troubles
            .iter()
            .all(|trouble| trouble.since == "2026-11-21")
    );
}

#[tokio::test]
async fn a_few_pages_that_do_not_fit_are_counted_but_no_trouble() {
    let server = Server::start();
    let (desk, rules) = desk(&server);
    publish(&server, 0..12, false);
    crawl_on(&desk, rules, 0).await;
    publish(&server, 12..16, true);
    let report = crawl_on(&desk, rules, 1).await;
    let source = &report.sources[0];
    assert_eq!((source.unfit[0].pages, source.troubles.len()), (4, 0));
}

#[tokio::test]
async fn the_proposal_works_on_new_pages_and_leaves_the_old_ones_their_layout() {
    let server = Server::start();
    let (desk, rules) = desk(&server);
    publish(&server, 0..12, false);
    crawl_on(&desk, rules, 0).await;
    publish(&server, 12..24, true);
    crawl_on(&desk, rules, 3).await;

    let shown = stdout(&doctor(&desk, &["--propose", "--format", "table"]));
    assert!(shown.contains("--- own/sites/127.0.0.1.toml\n"), "{shown}");
    assert!(
        shown.contains("\n+name = \"2026-11-23\"\n") && shown.contains("\n name = \"2025\"\n"),
        "{shown}"
    );
    let proposed = doctor(&desk, &["--propose", "--out", "mended"]);
    assert_eq!(proposed.status.code(), Some(1), "{proposed:?}");
    let row: Value = serde_json::from_str(stdout(&proposed).lines().last().unwrap()).unwrap();
    assert_eq!(
        (&row["fitting"], &row["pages"]),
        (&12.into(), &12.into()),
        "{row}"
    );
    let again = doctor(&desk, &["--propose", "--out", "mended"]);
    assert_eq!(again.status.code(), Some(3), "{again:?}");

    let mended: &'static Rules = Box::leak(Box::new(Rules::with_overlay(&desk.path("mended")).unwrap()));
    for (story, is_new, layout) in [(30, true, "2026-11-23"), (31, false, "2025")] {
        let page = Page {
            url: server.url(&format!("/story/{story}")).parse().unwrap(),
            content_type: Some("text/html".to_owned()),
            body: page(story, is_new).into_bytes(),
            fetched: 0,
        };
        let article = clean_page(&page, mended).unwrap();
        assert_eq!(article.layout.as_deref(), Some(layout));
        assert_eq!(article.text(), news::paragraphs(story).join("\n"));
        assert_eq!(
            article.fields.title,
            Some(format!("Story number {story} of the harbour"))
        );
    }
    let tested = copydesk(
        &desk,
        &["selectors", "test", "127.0.0.1", "--selectors", "mended"],
    );
    assert_eq!(tested.status.code(), Some(0), "{tested:?}");
    assert_eq!(stdout(&tested).lines().count(), 3);

    publish(&server, 24..36, true);
    let third = crawl_on(&desk, mended, 4).await;
    assert_eq!(
        (
            third.sources[0].unfit.as_slice(),
            third.sources[0].troubles.as_slice()
        ),
        (&[][..], &[][..])
    );
}
