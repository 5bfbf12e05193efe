//! Servers that misbehave: for each way the outcome is said, and time, size and requests have their limits.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::time::{Duration, Instant};

use copydesk::fetch::{FetchConfig, FetchError, Fetcher, Listed, MAX_RETRIES, Validators};
use url::Url;

#[expect(dead_code, reason = "other tests use the rest of it")]
#[path = "support/server.rs"]
mod server;

use server::{Reply, Server};

/// Requests that a page with a passing fault costs at most.
const TRIES: usize = 1 + MAX_RETRIES as usize;

fn config() -> FetchConfig {
    FetchConfig {
        pace: Duration::ZERO,
        robots: false,
        allow_private: vec!["127.0.0.1".to_owned()],
        read_timeout: Duration::from_millis(200),
        total_timeout: Duration::from_secs(5),
        max_wait: Duration::from_secs(1),
        ..FetchConfig::default()
    }
}

fn url(server: &Server, path: &str) -> Url {
    Url::parse(&server.url(path)).unwrap()
}

fn status(status: u16, retry_after: &str) -> Reply {
    Reply::Full(status, vec![("Retry-After", retry_after.to_owned())], Vec::new())
}

#[tokio::test]
async fn a_host_that_asks_to_wait_is_left_alone() {
    let tomorrow = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(3600));
    for (reply, kind) in [
        (status(429, "3600"), "rate_limited"),
        (status(429, &tomorrow), "rate_limited"),
        (Reply::status(429), "rate_limited"),
        (status(503, &tomorrow), "server_error"),
    ] {
        let server = Server::start();
        server.route("/busy", reply);
        server.route("/other", Reply::html("<p>text"));
        let fetcher = Fetcher::new(config()).unwrap();
        let told = fetcher.get(&url(&server, "/busy")).await.unwrap_err();
        assert_eq!(told.kind(), kind);
        assert!(
            told.to_string().contains("/busy: told to wait until 20"),
            "{told}"
        );
        assert!(told.wait_until().is_some());
        let other = fetcher.get(&url(&server, "/other")).await.unwrap_err();
        assert_eq!(other.kind(), "host_waits", "{other}");
        assert_eq!(server.asked(), ["/busy"]);
    }
}

#[tokio::test]
async fn a_short_wait_is_waited_for_a_few_times() {
    let server = Server::start();
    server.route("/busy", status(503, "0"));
    let error = Fetcher::new(config())
        .unwrap()
        .get(&url(&server, "/busy"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, FetchError::ToldToWait { status: 503, .. }),
        "{error}"
    );
    assert_eq!(server.hits("/busy"), TRIES);
}

#[tokio::test]
async fn only_what_may_pass_is_asked_for_again_and_not_often() {
    let server = Server::start();
    let html = "HTTP/1.1 200 x\r\nContent-Type: text/html\r\n";
    let large_head = [
        html.as_bytes().to_vec(),
        b"X-Filler: ".to_vec(),
        vec![b'x'; 8 << 20],
        b"\r\n\r\n".to_vec(),
    ]
    .concat();
    let fetcher = Fetcher::new(config()).unwrap();
    for (path, reply, kind, tries) in [
        ("/502", Reply::status(502), "server_error", TRIES),
        ("/503", Reply::status(503), "server_error", TRIES),
        ("/500", Reply::status(500), "server_error", 1),
        ("/404", Reply::status(404), "not_found", 1),
        ("/304", Reply::status(304), "status", 1),
        ("/closed", Reply::Closed, "broken", TRIES),
        ("/silent", Reply::Silent, "timeout", TRIES),
        (
            "/short",
            Reply::Raw(format!("{html}Content-Length: 1000\r\n\r\n<p>").into()),
            "broken",
            1,
        ),
        (
            "/no-http",
            Reply::Raw(b"220 mail.example ESMTP\r\n".to_vec()),
            "broken",
            TRIES,
        ),
        ("/large-head", Reply::Raw(large_head), "broken", TRIES),
        (
            "/false-gzip",
            Reply::Raw(format!("{html}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n<p>").into()),
            "broken",
            1,
        ),
    ] {
        server.route(path, reply);
        let start = Instant::now();
        let error = fetcher.get(&url(&server, path)).await.unwrap_err();
        assert_eq!((error.kind(), server.hits(path)), (kind, tries), "{error}");
        assert!(start.elapsed() < Duration::from_secs(5), "{path}");
    }
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again() {
    let server = Server::start();
    server.route(
        "/feed",
        Reply::Tagged("\"1\"".to_owned(), "text/xml", b"<rss/>".to_vec()),
    );
    server.route("/moved", Reply::redirect("/feed"));
    let fetcher = Fetcher::new(config()).unwrap();
    for path in ["/feed", "/moved"] {
        let url = url(&server, path);
        let first = fetcher
            .get_listing_if_changed(&url, &Validators::default())
            .await
            .unwrap();
        let Listed::Page { page, validators, .. } = first else {
            panic!("{first:?}")
        };
        assert_eq!(page.body, b"<rss/>");
        let second = fetcher.get_listing_if_changed(&url, &validators).await.unwrap();
        assert_eq!(second, Listed::NotModified { max_age: None });
    }
    assert_eq!(server.not_modified(), 2);
}
