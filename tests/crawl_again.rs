//! Crawls from run to run: what has not changed costs one question, what failed waits, what is not due is left alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use copydesk::pipeline::crawl::{CrawlOptions, CrawlReport, Exit};

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use support::desk::Desk;
use support::news;
use support::server::{Reply, Server};

/// When the first run takes place, seconds since the epoch.
const START: i64 = 1_751_328_000;

fn tagged(tag: &str, links: &[&str]) -> Reply {
    Reply::Tagged(
        format!("\"{tag}\""),
        "text/xml",
        news::feed(links.iter().copied()).into(),
    )
}

async fn crawl_at(desk: &Desk, minutes: i64) -> CrawlReport {
    let options = CrawlOptions {
        at: Some(START + minutes * 60),
        ..CrawlOptions::default()
    };
    desk.crawl_with(&options, &()).await
}

async fn crawl_due(desk: &Desk, minutes: i64) -> CrawlReport {
    let options = CrawlOptions {
        at: Some(START + minutes * 60),
        due: true,
        ..CrawlOptions::default()
    };
    desk.crawl_with(&options, &()).await
}

#[tokio::test]
async fn an_unchanged_feed_section_and_sitemap_cost_one_conditional_request_each() {
    let server = Server::start();
    news::serve(&server, 3);
    server.route("/feed", tagged("1", &["/story/0", "/story/1"]));
    let map = format!(
        "<urlset><url><loc>{}</loc></url></urlset>",
        server.url("/story/2")
    );
    server.route(
        "/map.xml",
        Reply::Tagged("\"m\"".to_owned(), "text/xml", map.into()),
    );
    let desk = Desk::new(&format!(
        "[[source]]\nname = 'feed'\nfeed = '{}'\n[[source]]\nname = 'map'\nsitemap = '{}'\n",
        server.url("/feed"),
        server.url("/map.xml")
    ));
    assert_eq!(crawl_at(&desk, 0).await.exit(), Exit::AllWell);
    assert_eq!(desk.urls().len(), 3);
    for run in 1..3 {
        server.forget();
        let report = crawl_at(&desk, run).await;
        assert_eq!(report.exit(), Exit::AllWell);
        assert!(
            report
                .sources
                .iter()
                .all(|source| source.not_modified == 1 && source.found == 0)
        );
        assert_eq!(
            (server.not_modified(), server.asked().len()),
            (2, 3),
            "{:?}",
            server.asked()
        );
    }
    server.route("/feed", tagged("2", &["/story/0", "/story/1", "/missing"]));
    assert_eq!(crawl_at(&desk, 3).await.sources[0].failed, 1);
}

#[tokio::test]
async fn a_feed_is_read_again_while_some_of_its_pages_are_left_or_have_failed() {
    let server = Server::start();
    news::serve(&server, 3);
    server.route("/feed", tagged("1", &["/story/0", "/story/1", "/story/2"]));
    let desk = Desk::new(&format!(
        "[[source]]\nname = 'feed'\nfeed = '{}'\nlimit = 2\n",
        server.url("/feed")
    ));
    let first = crawl_at(&desk, 0).await;
    assert_eq!((first.sources[0].new, first.sources[0].left), (2, 1));
    let second = crawl_at(&desk, 1).await;
    assert_eq!((second.sources[0].new, second.sources[0].not_modified), (1, 0));
    assert_eq!(crawl_at(&desk, 2).await.sources[0].not_modified, 1);
}

#[tokio::test]
async fn a_page_that_fails_waits_longer_each_time_and_is_listed_until_it_is_there() {
    let server = Server::start();
    news::serve(&server, 2);
    server.route(
        "/feed",
        Reply::ok("text/xml", news::feed(["/story/0", "/story/1"])),
    );
    server.route("/story/1", Reply::status(500));
    let desk = Desk::with_feed(&server);
    for (minutes, failed, waiting) in [(0, 1, 0), (9, 0, 1), (10, 1, 0), (29, 0, 1)] {
        let source = &crawl_at(&desk, minutes).await.sources[0];
        let counts = (source.failed, source.left, source.waiting);
        assert_eq!(counts, (failed, waiting, waiting), "minute {minutes}");
    }
    let failures = desk.store().failures().unwrap();
    assert_eq!(
        (failures[0].count, failures[0].kind.as_str()),
        (2, "server_error")
    );
    news::serve(&server, 2);
    server.route(
        "/feed",
        Reply::ok("text/xml", news::feed(["/story/0", "/story/1"])),
    );
    assert_eq!(crawl_at(&desk, 30).await.sources[0].new, 1);
    assert_eq!(desk.store().failures().unwrap(), []);
}

#[tokio::test]
async fn a_host_that_asks_to_wait_leaves_its_other_pages_to_a_run_after_the_wait() {
    let server = Server::start();
    news::serve(&server, 4);
    let links = ["/story/0", "/story/1", "/story/2", "/story/3"];
    server.route("/feed", Reply::ok("text/xml", news::feed(links)));
    server.route(
        "/story/1",
        Reply::Full(429, vec![("Retry-After", "3600".to_owned())], Vec::new()),
    );
    let desk = Desk::with_feed(&server);
    let first = desk.crawl().await;
    let source = &first.sources[0];
    assert_eq!(
        (source.new, source.failed, source.left, source.waiting),
        (1, 1, 2, 2)
    );
    assert!(source.failures[0].message.starts_with("told to wait until 20"));
    server.forget();
    let second = desk.crawl().await;
    assert!(second.sources[0].not_due);
    assert_eq!(server.asked(), Vec::<String>::new());
    news::serve(&server, 4);
    let later = CrawlOptions {
        at: Some(jiff::Timestamp::now().as_second() + 4000),
        ..CrawlOptions::default()
    };
    assert_eq!(desk.crawl_with(&later, &()).await.sources[0].new, 3);
}

#[tokio::test]
async fn a_run_of_what_is_due_asks_no_source_before_its_time() {
    let server = Server::start();
    news::serve(&server, 2);
    let desk = Desk::with_feed(&server);
    assert_eq!(crawl_due(&desk, 0).await.sources[0].new, 2);
    server.forget();
    let early = crawl_due(&desk, 14).await;
    assert!(early.sources[0].not_due && server.asked().is_empty());
    assert_eq!(early.exit(), Exit::AllWell);
    assert_eq!(crawl_due(&desk, 15).await.sources[0].known, 2);
    assert!(crawl_due(&desk, 36).await.sources[0].not_due);
    assert!(!crawl_due(&desk, 38).await.sources[0].not_due);
}

#[tokio::test]
async fn a_run_whose_time_is_over_ends_and_says_what_is_left() {
    let server = Server::start();
    news::serve(&server, 2);
    server.route("/story/0", Reply::Silent);
    let desk = Desk::with_feed(&server);
    let options = CrawlOptions {
        budget: Some(Duration::from_millis(600)),
        ..CrawlOptions::default()
    };
    let report = desk.crawl_with(&options, &()).await;
    assert!(report.out_of_time && !report.stopped, "{report:?}");
    assert!(report.seconds < 2.0);
    assert_eq!(report.sources[0].left, 2);
}

#[tokio::test]
async fn a_sitemap_index_that_lists_itself_is_read_a_bounded_number_of_times() {
    let server = Server::start();
    let index = format!(
        "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>",
        server.url("/map.xml")
    );
    server.route("/map.xml", Reply::ok("application/xml", index));
    let desk = Desk::new(&format!(
        "[[source]]\nname = 'map'\nsitemap = '{}'\n",
        server.url("/map.xml")
    ));
    let report = crawl_at(&desk, 0).await;
    assert!(report.sources[0].notes[0].contains("indexes below"), "{report:?}");
    assert!(server.hits("/map.xml") <= 4);
}

#[tokio::test]
async fn noindex_and_noarchive_are_honoured_unless_the_configuration_says_otherwise() {
    let server = Server::start();
    news::serve(&server, 4);
    let tagged = |number: usize, tag: &str| {
        let headers = vec![
            ("Content-Type", "text/html".to_owned()),
            ("X-Robots-Tag", tag.to_owned()),
        ];
        Reply::Full(200, headers, news::page(number).into())
    };
    server.route("/story/0", tagged(0, "noindex"));
    server.route("/story/1", tagged(1, "noarchive"));
    let meta = news::page(2).replacen("<head>", "<head><meta name=robots content='none'>", 1);
    assert!(meta.contains("content='none'"));
    server.route("/story/2", Reply::html(meta));
    server.route("/story/3", tagged(3, "otherbot: noindex"));
    let desk = Desk::with_feed(&server);
    let first = crawl_at(&desk, 0).await;
    assert_eq!((first.sources[0].new, first.sources[0].unwanted), (2, 2));
    assert_eq!(first.exit(), Exit::AllWell);
    assert_eq!(desk.urls(), [server.url("/story/1"), server.url("/story/3")]);
    assert_eq!(desk.store().stats().unwrap().raw_pages, 1);
    server.forget();
    assert_eq!(crawl_at(&desk, 5).await.sources[0].known, 4);
    assert_eq!(server.hits("/story/0"), 0);

    let text = std::fs::read_to_string(&desk.config).unwrap();
    std::fs::write(&desk.config, format!("robots_tags = false\n{text}")).unwrap();
    assert_eq!(crawl_at(&desk, 60).await.sources[0].new, 2);
}

fn copydesk(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(arguments).arg("--config").arg(&desk.config);
    command.stdin(Stdio::null()).output().unwrap()
}

#[test]
fn a_second_run_leaves_with_its_own_exit_code_or_waits() {
    let server = Server::start();
    news::serve(&server, 1);
    let desk = Desk::with_feed(&server);
    let store = desk.store();
    assert_eq!(copydesk(&desk, &["crawl"]).status.code(), Some(4));
    assert_eq!(
        copydesk(&desk, &["crawl", "--wait", "50ms"]).status.code(),
        Some(4)
    );
    assert_eq!(server.asked(), Vec::<String>::new());
    drop(store);
    assert_eq!(copydesk(&desk, &["crawl", "--wait"]).status.code(), Some(0));
}

#[test]
fn failures_metrics_and_the_log_are_lines_for_machines() {
    let server = Server::start();
    news::serve(&server, 1);
    server.route("/feed", Reply::ok("text/xml", news::feed(["/story/0", "/gone"])));
    let desk = Desk::with_feed(&server);
    let metrics = desk.path("copydesk.prom");
    let arguments = ["crawl", "--due", "--budget", "1m", "--log-json", "--metrics"];
    let output = copydesk(&desk, &[&arguments[..], &[metrics.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let metrics = std::fs::read_to_string(metrics).unwrap();
    assert!(metrics.contains("copydesk_source_pages{source=\"feed\",outcome=\"new\"} 1\n"));

    let log = String::from_utf8(output.stderr).unwrap();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let gone = server.url("/gone");
    let of_gone: Vec<_> = lines.filter(|line| line["url"] == gone.as_str()).collect();
    assert_eq!(
        (of_gone.len(), &of_gone[0]["kind"]),
        (1, &"not_found".into()),
        "{log}"
    );

    let output = copydesk(&desk, &["failures", "--format", "jsonl"]);
    let failed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&failed["url"], &failed["count"]), (&gone.into(), &1.into()));
}

#[tokio::test]
async fn an_index_is_always_read_and_only_its_changed_sitemaps_are_sent_again() {
    let server = Server::start();
    news::serve(&server, 3);
    let map = |story: &str| format!("<urlset><url><loc>{}</loc></url></urlset>", server.url(story));
    let loc = |path: &str| format!("<sitemap><loc>{}</loc></sitemap>", server.url(path));
    let index = format!("<sitemapindex>{}{}</sitemapindex>", loc("/a.xml"), loc("/b.xml"));
    let tagged = |tag: &str, text: String| Reply::Tagged(format!("\"{tag}\""), "text/xml", text.into());
    server.route("/index.xml", tagged("i", index));
    server.route("/a.xml", tagged("a", map("/story/0")));
    server.route("/b.xml", tagged("b", map("/story/1")));
    let desk = Desk::new(&format!(
        "[[source]]\nname = 'map'\nsitemap = '{}'\n",
        server.url("/index.xml")
    ));
    assert_eq!(crawl_at(&desk, 0).await.sources[0].new, 2);
    server.route("/b.xml", tagged("b2", map("/story/2")));
    server.forget();
    let second = crawl_at(&desk, 1).await;
    assert_eq!((second.sources[0].new, second.sources[0].not_modified), (1, 1));
    assert_eq!(server.not_modified(), 1);
    server.forget();
    assert_eq!(crawl_at(&desk, 2).await.sources[0].not_modified, 2);
}
