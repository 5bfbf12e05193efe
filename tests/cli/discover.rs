//! The sources of a site on the loopback, and OPML.

use std::fs;

use crate::support::news;
use crate::support::server::{Reply, Server};
use crate::{copydesk, dir_with};

const CONFIG: &[u8] = b"pace = \"0s\"\nallow_private = [\"127.0.0.1\"]";

fn urlset(links: &[String]) -> String {
    let urls: Vec<_> = links
        .iter()
        .map(|link| format!("<url><loc>{link}</loc><lastmod>2026-03-04</lastmod></url>"))
        .collect();
    format!("<urlset>{}</urlset>", urls.concat())
}

#[test]
fn what_a_site_announces_becomes_a_source_that_can_be_crawled() {
    let server = Server::start();
    let stories: Vec<String> = (0..3)
        .map(|story| server.url(&format!("/2026/03/04/story-{story}")))
        .collect();
    for story in 0..3 {
        server.route(
            &format!("/2026/03/04/story-{story}"),
            Reply::html(news::page(story)),
        );
    }
    let front = "<link rel=alternate type=application/rss+xml title='All news' href=/all.rss>\
                 <link rel=alternate type=application/rss+xml href=/gone.rss><h1>News</h1>";
    server.route("/", Reply::html(front));
    server.route("/all.rss", Reply::ok("application/rss+xml", news::feed(&stories)));
    server.route(
        "/robots.txt",
        Reply::ok(
            "text/plain",
            format!("User-agent: *\nAllow: /\nSitemap: {}", server.url("/map.xml")),
        ),
    );
    server.route("/map.xml", Reply::ok("text/xml", urlset(&stories)));

    let dir = dir_with(&[("copydesk.toml", CONFIG)]);
    let run = copydesk(&dir, &["discover", &server.url("/")]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        format!(
            "# All news: 3 articles\n[[source]]\nname = \"127.0.0.1\"\nfeed = \"{}\"\n\n\
             # 3 articles, the newest of 2026-03-04\n# [[source]]\n# name = \"127.0.0.1 2\"\n# sitemap = \"{}\"\n\n",
            server.url("/all.rss"),
            server.url("/map.xml")
        )
    );
    assert_eq!(
        server.hits("/feed/"),
        0,
        "a site that names its feeds is not searched"
    );

    let added = copydesk(&dir, &["discover", &server.url("/"), "--add"]);
    assert_eq!(
        (added.code, added.stdout.as_str()),
        (Some(0), ""),
        "{}",
        added.stderr
    );
    let again = copydesk(&dir, &["discover", &server.url("/"), "--add"]);
    assert!(again.stderr.contains("a source already"), "{}", again.stderr);
    let crawl = copydesk(&dir, &["crawl"]);
    assert!(
        crawl.stdout.contains("\"new\":3"),
        "{}{}",
        crawl.stdout,
        crawl.stderr
    );
}

#[test]
fn usual_places_are_tried_where_nothing_is_announced_and_an_empty_site_is_said() {
    let server = Server::start();
    server.route("/", Reply::html("<h1>News</h1>"));
    let dir = dir_with(&[("copydesk.toml", CONFIG)]);
    let run = copydesk(&dir, &["discover", &server.url("/")]);
    assert_eq!(run.code, Some(3));
    assert!(run.stderr.contains("no feed, no sitemap"), "{}", run.stderr);

    let link = server.url("/2026/03/04/story");
    server.route("/sitemap.xml", Reply::ok("text/xml", urlset(&[link])));
    let run = copydesk(&dir, &["discover", &server.url("/"), "--format", "jsonl"]);
    assert!(
        run.stdout.contains("\"kind\":\"sitemap\""),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn sources_go_to_opml_and_come_back() {
    let dir = dir_with(&[(
        "copydesk.toml",
        b"pace = \"1s\"\n[[source]]\nname = 'A & \"B\"'\nfeed = 'https://a.example/rss?x=1&y=2'\n\
          [[source]]\nname = 'local'\ndir = 'saved'",
    )]);
    let opml = copydesk(&dir, &["sources", "export-opml"]).stdout;
    fs::write(dir.path().join("feeds.opml"), &opml).unwrap();
    let back = copydesk(&dir, &["sources", "import-opml", "feeds.opml", "--add"]);
    assert!(
        back.stderr.contains("1 of 1 feeds are sources already"),
        "{}",
        back.stderr
    );

    let other = dir_with(&[("feeds.opml", opml.as_bytes())]);
    let run = copydesk(&other, &["sources", "import-opml", "feeds.opml", "--add"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let written = fs::read_to_string(other.path().join("copydesk.toml")).unwrap();
    assert_eq!(
        written,
        "[[source]]\nname = 'A & \"B\"'\nfeed = \"https://a.example/rss?x=1&y=2\"\n"
    );
    let wrong = dir_with(&[("page.html", b"<html>")]);
    let run = copydesk(&wrong, &["sources", "import-opml", "page.html"]);
    assert_eq!(run.code, Some(3));
    assert!(
        run.stderr.contains("page.html: not a feed list in OPML"),
        "{}",
        run.stderr
    );
}
