//! Crawls of a site on the loopback and of saved sites, into real stores.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use copydesk::pipeline::crawl::{CrawlOptions, CrawlProgress, Exit, SourceReport, Stop};
use copydesk::store::Query;
use flate2::{Compression, write::GzEncoder};
use url::Url;

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use support::desk::Desk;
use support::news;
use support::server::{Reply, Server};

fn kinds(report: &SourceReport) -> Vec<(String, &'static str)> {
    let path = |url: &str| Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.path().to_owned());
    let mut kinds: Vec<_> = report
        .failures
        .iter()
        .map(|failure| (path(&failure.url), failure.kind))
        .collect();
    kinds.sort();
    kinds
}

#[tokio::test]
async fn a_second_run_fetches_no_article_and_stores_nothing() {
    let server = Server::start();
    news::serve(&server, 5);
    let desk = Desk::with_feed(&server);
    let first = desk.crawl().await;
    assert_eq!(
        (first.sources[0].new, first.exit()),
        (5, Exit::AllWell),
        "{first:?}"
    );

    server.forget();
    let second = desk.crawl().await;
    assert_eq!((second.sources[0].new, second.sources[0].known), (0, 5));
    assert_eq!(second.exit(), Exit::AllWell);
    assert_eq!(server.asked(), ["/robots.txt", "/feed"]);
}

#[tokio::test]
async fn a_query_finds_what_was_crawled() {
    let server = Server::start();
    news::serve(&server, 3);
    let desk = Desk::with_feed(&server);
    desk.crawl().await;
    let store = desk.store();
    let row = store.query(&Query {
        words: vec!["number".to_owned(), "2".to_owned()],
        ..Query::default()
    });
    let rows: Vec<_> = row.map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].article.url, server.url("/story/2"));
    assert_eq!(rows[0].article.text(), news::paragraphs(2).join("\n"));
}

#[tokio::test]
async fn the_same_text_at_another_url_is_a_duplicate() {
    let server = Server::start();
    news::serve(&server, 2);
    server.route("/copy", Reply::html(news::page(0)));
    server.route(
        "/feed",
        Reply::ok("text/xml", news::feed(["/story/0", "/story/1", "/copy"])),
    );
    let desk = Desk::with_feed(&server);
    let report = desk.crawl().await;
    assert_eq!((report.sources[0].new, report.sources[0].duplicate), (2, 1));
    assert_eq!(desk.crawl().await.sources[0].known, 3);
}

#[tokio::test]
async fn what_is_no_article_is_reported_by_kind_and_not_stored_nor_fetched_again() {
    let fixture = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/pages")
            .join(name);
        Reply::html(std::fs::read_to_string(folder.join("source.html")).unwrap())
    };
    let server = Server::start();
    news::serve(&server, 1);
    server.route("/tag/eels", fixture("tag-page-german"));
    server.route("/live", fixture("live-blog"));
    server.route("/blocked", fixture("captcha-page"));
    let links = ["/story/0", "/tag/eels", "/live", "/blocked"];
    server.route("/feed", Reply::ok("text/xml", news::feed(links)));
    let desk = Desk::with_feed(&server);

    let first = desk.crawl().await;
    let source = &first.sources[0];
    let mut kinds: Vec<_> = source.not_articles.iter().map(|page| page.kind.name()).collect();
    kinds.sort_unstable();
    assert_eq!((source.new, source.failed, source.not_article), (1, 0, 3));
    assert_eq!(kinds, ["captcha", "index", "live"]);
    assert_eq!(first.exit(), Exit::AllWell);
    assert_eq!(desk.urls(), [server.url("/story/0")]);

    server.forget();
    let second = desk.crawl().await;
    assert_eq!((second.sources[0].known, second.sources[0].not_article), (3, 1));
    assert!(
        !server.asked().contains(&"/tag/eels".to_owned()),
        "{:?}",
        server.asked()
    );
    assert!(
        server.asked().contains(&"/blocked".to_owned()),
        "{:?}",
        server.asked()
    );
}

#[tokio::test]
async fn bad_pages_are_rows_of_the_report_and_the_others_are_stored() {
    let server = Server::start();
    news::serve(&server, 3);
    let html = || ("Content-Type", "text/html".to_owned());
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 30_000_000]).unwrap();
    let packed = vec![html(), ("Content-Encoding", "gzip".to_owned())];
    server.route("/bomb", Reply::Full(200, packed, bomb.finish().unwrap()));
    server.route("/loop", Reply::redirect("/loop"));
    server.route("/paper.pdf", Reply::ok("application/pdf", "%PDF-1.7"));
    server.route("/false.html", Reply::html("%PDF-1.7\n\x01\x02"));
    server.route("/slow", Reply::Stalled(vec![html()], b"<p>".to_vec()));
    server.route("/endless", Reply::Endless(vec![html()], vec![b'x'; 64 * 1024]));
    server.route("/closed", Reply::Closed);
    server.route("/empty", Reply::html(""));
    server.route("/inside", Reply::redirect("http://127.0.0.2/"));
    let bad = [
        "/gone",
        "/bomb",
        "/loop",
        "/paper.pdf",
        "/false.html",
        "/slow",
        "/endless",
        "/closed",
        "/empty",
        "/inside",
    ];
    let links = ["/story/0"].iter().chain(&bad).chain(&["/story/1", "/story/2"]);
    server.route("/feed", Reply::ok("text/xml", news::feed(links)));

    let desk = Desk::with_feed(&server);
    let report = desk.crawl().await;
    assert_eq!(
        kinds(&report.sources[0]),
        [
            ("/bomb".to_owned(), "too_large"),
            ("/closed".to_owned(), "broken"),
            ("/empty".to_owned(), "no_article"),
            ("/endless".to_owned(), "too_large"),
            ("/false.html".to_owned(), "not_text"),
            ("/gone".to_owned(), "not_found"),
            ("/inside".to_owned(), "blocked_address"),
            ("/loop".to_owned(), "redirect"),
            ("/paper.pdf".to_owned(), "not_text"),
            ("/slow".to_owned(), "timeout"),
        ]
    );
    assert_eq!((report.sources[0].new, report.exit()), (3, Exit::SomeFailed));
    assert_eq!(desk.urls().len(), 3);
}

#[tokio::test]
async fn what_robots_txt_disallows_is_never_asked_for() {
    let server = Server::start();
    news::serve(&server, 3);
    server.route(
        "/robots.txt",
        Reply::ok("text/plain", "User-agent: *\nDisallow: /story/1\n"),
    );
    let desk = Desk::with_feed(&server);
    let report = desk.crawl().await;
    assert_eq!(kinds(&report.sources[0]), [("/story/1".to_owned(), "disallowed")]);
    assert_eq!((report.sources[0].new, server.hits("/story/1")), (2, 0));
}

#[tokio::test]
async fn a_link_that_redirects_is_known_in_the_next_run() {
    let server = Server::start();
    news::serve(&server, 1);
    server.route("/r?1", Reply::redirect("/story/0"));
    server.route("/feed", Reply::ok("text/xml", news::feed(["/r?1"])));
    let desk = Desk::with_feed(&server);
    assert_eq!(desk.crawl().await.sources[0].new, 1);
    assert_eq!(desk.urls(), [server.url("/story/0")]);
    server.forget();
    assert_eq!(desk.crawl().await.sources[0].known, 1);
    assert_eq!((server.hits("/r?1"), server.hits("/story/0")), (0, 0));
}

#[tokio::test]
async fn a_refreshing_run_finds_revisions() {
    let server = Server::start();
    news::serve(&server, 2);
    let desk = Desk::with_feed(&server);
    desk.crawl().await;
    server.route(
        "/story/1",
        Reply::html(news::page(1).replace("on Monday", "on Tuesday")),
    );
    let report = desk
        .crawl_with(
            &CrawlOptions {
                refresh: true,
                ..CrawlOptions::default()
            },
            &(),
        )
        .await;
    assert_eq!(
        (report.sources[0].unchanged, report.sources[0].revised),
        (1, 1),
        "{report:?}"
    );
}

#[tokio::test]
async fn a_limit_leaves_the_rest_to_the_next_run() {
    let server = Server::start();
    news::serve(&server, 5);
    let desk = Desk::new(&format!(
        "[[source]]\nname = 'feed'\nfeed = '{}'\nlimit = 2\n",
        server.url("/feed")
    ));
    for (new, known, left) in [(2, 0, 3), (2, 2, 1), (1, 4, 0)] {
        let report = &desk.crawl().await.sources[0];
        assert_eq!((report.new, report.known, report.left), (new, known, left));
    }
}

#[tokio::test]
async fn sources_fail_alone_and_share_what_they_list() {
    let server = Server::start();
    news::serve(&server, 3);
    let loc = |path: &str| format!("<loc>{}</loc>", server.url(path));
    let index = format!(
        "<sitemapindex><sitemap>{}</sitemap></sitemapindex>",
        loc("/news.xml")
    );
    server.route("/index.xml", Reply::ok("application/xml", index));
    let urls = format!(
        "<urlset><url>{}</url><url>{}</url></urlset>",
        loc("/story/0"),
        loc("/story/1")
    );
    server.route("/news.xml", Reply::ok("application/xml", urls));
    server.route("/page", Reply::html("<p>no feed"));
    let source = |name: &str, key: &str, path: &str| {
        format!("[[source]]\nname = '{name}'\n{key} = '{}'\n", server.url(path))
    };
    let desk = Desk::new(
        &[
            source("map", "sitemap", "/index.xml"),
            source("broken", "feed", "/page"),
            source("again", "url", "/story/1"),
            source("missing", "feed", "/missing"),
        ]
        .concat(),
    );
    let report = desk.crawl().await;
    let [map, broken, again, missing] = &report.sources[..] else {
        panic!("{report:?}")
    };
    assert_eq!(map.new + again.new, 2);
    assert_eq!(map.known + again.known, 1);
    assert_eq!(kinds(broken), [("/page".to_owned(), "not_a_list")]);
    assert_eq!(kinds(missing), [("/missing".to_owned(), "not_found")]);
    assert_eq!(report.exit(), Exit::SomeFailed);

    let only = CrawlOptions {
        sources: vec!["broken".to_owned()],
        ..CrawlOptions::default()
    };
    let report = desk.crawl_with(&only, &()).await;
    assert_eq!((report.sources.len(), report.exit()), (1, Exit::NothingWorked));
}

#[tokio::test]
async fn a_saved_site_is_crawled_under_its_own_urls() {
    let desk = Desk::new(
        "[[source]]\nname = 'dir'\ndir = 'site'\nbase_url = 'https://news.example/'\n\
         [[source]]\nname = 'feed'\nfeed = 'other/feed.xml'\nbase_url = 'https://other.example/a/'\n\
         [[source]]\nname = 'pages'\nurls = ['loose/one.html', 'loose/missing.html']\n",
    );
    desk.write("site/2024/one.html", news::page(1));
    desk.write("site/two.html", news::page(2));
    desk.write(
        "other/feed.xml",
        news::feed([
            "three.html",
            "https://other.example/a/four",
            "file:///etc/hostname",
        ]),
    );
    desk.write("other/three.html", news::page(3));
    desk.write("other/four.html", news::page(4));
    desk.write("loose/one.html", news::page(5));
    let report = desk.crawl().await;
    assert_eq!(
        report.sources.iter().map(|source| source.new).collect::<Vec<_>>(),
        [2, 2, 1],
        "{report:?}"
    );
    assert_eq!(report.sources[1].skipped, 1);
    assert_eq!(report.sources[2].failures[0].kind, "file");
    let loose = Url::from_file_path(desk.path("loose/one.html").canonicalize().unwrap()).unwrap();
    assert_eq!(
        desk.urls(),
        [
            loose.as_str(),
            "https://news.example/2024/one.html",
            "https://news.example/two.html",
            "https://other.example/a/four",
            "https://other.example/a/three.html",
        ]
    );
    let second = desk.crawl().await;
    assert_eq!(
        second
            .sources
            .iter()
            .map(|source| (source.new, source.known))
            .collect::<Vec<_>>(),
        [(0, 2), (0, 2), (0, 1)]
    );
}

/// Stops the run when the first page is done.
struct Impatient(Stop);

impl CrawlProgress for Impatient {
    fn page_done(&self, _source: &str, _url: &Url, _outcome: &'static str) {
        self.0.now();
    }
}

#[tokio::test]
async fn a_run_that_is_asked_to_stop_keeps_and_reports_what_it_has() {
    let server = Server::start();
    news::serve(&server, 20);
    let desk = Desk::with_feed(&server);
    let options = CrawlOptions::default();
    let report = desk.crawl_with(&options, &Impatient(options.stop.clone())).await;
    let source = &report.sources[0];
    assert!(
        report.stopped && source.new >= 1 && source.left >= 15,
        "{report:?}"
    );
    assert_eq!(desk.urls().len(), source.new);
}

fn copydesk(arguments: &[&str], config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command
        .args(arguments)
        .arg("--config")
        .arg(config)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Every article of the store, but for the time of fetching.
fn articles(config: &Path) -> Vec<String> {
    let output = copydesk(&["query", "--format", "jsonl"], config)
        .output()
        .unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut articles: Vec<_> = lines
        .lines()
        .map(|line| {
            let mut row: serde_json::Value = serde_json::from_str(line).unwrap();
            row.as_object_mut().unwrap().remove("fetched");
            row.to_string()
        })
        .collect();
    articles.sort();
    articles
}

#[test]
fn after_a_kill_the_next_run_ends_where_an_undisturbed_one_does() {
    const STORIES: usize = 100;
    let server = Server::start();
    news::serve(&server, STORIES);
    let (killed, undisturbed) = (Desk::with_feed(&server), Desk::with_feed(&server));
    for kill_at in [20, 70] {
        server.forget();
        let mut run = copydesk(&["crawl"], &killed.config)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        server.wait_for(kill_at);
        run.kill().unwrap();
        run.wait().unwrap();
    }
    for desk in [&killed, &undisturbed] {
        let output = copydesk(&["crawl"], &desk.config).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let expected = articles(&undisturbed.config);
    assert_eq!(expected.len(), STORIES);
    assert_eq!(articles(&killed.config), expected);
}
