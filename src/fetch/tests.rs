use std::io::Write;
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use url::Url;

use super::{FetchConfig, FetchError, Fetcher, MAX_REDIRECTS, Page};

#[expect(dead_code, reason = "the integration tests use all of it")]
#[path = "../../tests/support/server.rs"]
mod server;

use server::{Reply, Server};

fn local() -> FetchConfig {
    FetchConfig {
        pace: Duration::ZERO,
        allow_private: vec!["127.0.0.1".to_owned()],
        total_timeout: Duration::from_secs(20),
        ..FetchConfig::default()
    }
}

async fn get_with(config: FetchConfig, url: &str) -> Result<Page, FetchError> {
    Fetcher::new(config)?.get(&Url::parse(url).unwrap()).await
}

async fn get(server: &Server, path: &str) -> Result<Page, FetchError> {
    get_with(local(), &server.url(path)).await
}

async fn kind(server: &Server, path: &str) -> &'static str {
    get(server, path)
        .await
        .map_or_else(|error| error.kind(), |_| "page")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_page_comes_with_its_content_type_and_final_url() {
    let server = Server::start();
    server.route("/a", Reply::html("<p>text"));
    server.route("/old", Reply::redirect("a#top"));
    for path in ["/a#part", "/old"] {
        let page = get(&server, path).await.unwrap();
        assert_eq!(page.url.as_str(), server.url("/a"));
        assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
        assert_eq!(page.body, b"<p>text");
        assert!(page.fetched > 1_700_000_000);
    }
}

#[tokio::test]
async fn compressed_bodies_are_unpacked() {
    let server = Server::start();
    let packed = [
        ("gzip", gzip(b"text")),
        ("zstd", b"\x28\xb5\x2f\xfd\x20\x04\x21\0\0text".to_vec()),
    ];
    for (coding, body) in packed {
        let headers = vec![
            ("Content-Type", "text/html".to_owned()),
            ("Content-Encoding", coding.to_owned()),
        ];
        server.route("/packed", Reply::Full(200, headers, body));
        assert_eq!(get(&server, "/packed").await.unwrap().body, b"text", "{coding}");
    }
    server.route(
        "/sitemap.xml.gz",
        Reply::ok("application/x-gzip", gzip(b"<urlset/>")),
    );
    let url = Url::parse(&server.url("/sitemap.xml.gz")).unwrap();
    let fetcher = Fetcher::new(local()).unwrap();
    assert_eq!(fetcher.get_listing(&url).await.unwrap().body, b"<urlset/>");
    assert_eq!(fetcher.get(&url).await.unwrap_err().kind(), "not_text");
}

#[tokio::test]
async fn failures_are_told_apart() {
    let server = Server::start();
    for (status, kind_of_it) in [
        (404, "not_found"),
        (410, "gone"),
        (403, "forbidden"),
        (429, "rate_limited"),
        (503, "server_error"),
    ] {
        server.route("/x", Reply::status(status));
        assert_eq!(kind(&server, "/x").await, kind_of_it);
    }
    server.route("/closed", Reply::Closed);
    assert_eq!(kind(&server, "/closed").await, "broken");
    let no_robots = FetchConfig {
        robots: false,
        ..local()
    };
    let unused = get_with(no_robots.clone(), "http://127.0.0.1:1/")
        .await
        .unwrap_err();
    assert_eq!(unused.kind(), "connect");
    assert!(
        unused.to_string().starts_with("http://127.0.0.1:1/: "),
        "{unused}"
    );
    assert_eq!(
        get_with(local(), "http://127.0.0.1:1/").await.unwrap_err().kind(),
        "connect"
    );
    let message = get_with(local(), "http://127.0.0.1:1/a")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("http://127.0.0.1:1/a: no connection ("),
        "{message}"
    );
    let unknown = get_with(no_robots, "http://nowhere.invalid/").await.unwrap_err();
    assert_eq!(unknown.kind(), "dns", "{unknown}");
}

#[tokio::test]
async fn redirects_are_limited_and_checked_on_every_hop() {
    let server = Server::start();
    server.route("/loop", Reply::redirect("/loop"));
    server.route("/file", Reply::redirect("file:///etc/hostname"));
    server.route("/ftp", Reply::redirect("ftp://example.org/"));
    server.route("/inside", Reply::redirect("http://127.0.0.2/"));
    server.route("/bad", Reply::redirect("http://["));
    server.route("/nowhere", Reply::status(302));
    assert_eq!(kind(&server, "/loop").await, "redirect");
    assert_eq!(server.hits("/loop"), MAX_REDIRECTS + 1);
    assert_eq!(kind(&server, "/file").await, "file_url");
    assert_eq!(kind(&server, "/ftp").await, "bad_url");
    assert_eq!(kind(&server, "/inside").await, "blocked_address");
    assert_eq!(kind(&server, "/bad").await, "redirect");
    assert_eq!(kind(&server, "/nowhere").await, "redirect");
}

#[tokio::test]
async fn private_addresses_are_refused_as_literals_and_as_names() {
    let server = Server::start();
    let closed = FetchConfig {
        allow_private: Vec::new(),
        ..local()
    };
    let by_name = server.url("/").replace("127.0.0.1", "localhost");
    for url in [server.url("/"), by_name.clone()] {
        let error = get_with(closed.clone(), &url).await.unwrap_err();
        assert_eq!(error.kind(), "blocked_address", "{error}");
    }
    assert_eq!(server.asked(), Vec::<String>::new());
    server.route("/", Reply::html("text"));
    let named = FetchConfig {
        allow_private: vec!["localhost".to_owned()],
        ..local()
    };
    assert_eq!(get_with(named, &by_name).await.unwrap().body, b"text");
}

#[tokio::test]
async fn what_is_not_text_is_refused_before_its_body() {
    let server = Server::start();
    server.route(
        "/image",
        Reply::Stalled(vec![("Content-Type", "image/png".to_owned())], Vec::new()),
    );
    server.route(
        "/unnamed-pdf",
        Reply::Stalled(Vec::new(), [b"%PDF-1.7\n".repeat(1000)].concat()),
    );
    server.route("/unnamed-text", Reply::Full(200, Vec::new(), b"<p>text".to_vec()));
    assert_eq!(kind(&server, "/image").await, "not_text");
    assert_eq!(kind(&server, "/unnamed-pdf").await, "not_text");
    assert_eq!(kind(&server, "/unnamed-text").await, "page");
}

#[tokio::test]
async fn bodies_have_a_limit_after_decompression() {
    let server = Server::start();
    let html = || vec![("Content-Type", "text/html".to_owned())];
    server.route("/endless", Reply::Endless(html(), vec![b'x'; 64 * 1024]));
    let bomb = gzip(&vec![b'x'; 50 * 1024 * 1024]);
    let packed = [html(), vec![("Content-Encoding", "gzip".to_owned())]].concat();
    server.route("/bomb", Reply::Full(200, packed, bomb));
    server.route(
        "/declared",
        Reply::Stalled([html(), Vec::new()].concat(), Vec::new()),
    );
    assert_eq!(kind(&server, "/endless").await, "too_large");
    assert_eq!(kind(&server, "/bomb").await, "too_large");
    let small = FetchConfig {
        max_body: 1000,
        ..local()
    };
    assert_eq!(
        get_with(small, &server.url("/declared"))
            .await
            .unwrap_err()
            .kind(),
        "too_large"
    );
}

#[tokio::test]
async fn a_server_that_stalls_runs_into_a_time_limit() {
    let server = Server::start();
    server.route(
        "/stalls",
        Reply::Stalled(vec![("Content-Type", "text/html".to_owned())], b"<p>".to_vec()),
    );
    let short = Duration::from_millis(50);
    let idle = FetchConfig {
        read_timeout: short,
        ..local()
    };
    let total = FetchConfig {
        total_timeout: short,
        robots: false,
        ..local()
    };
    for config in [idle, total] {
        assert_eq!(
            get_with(config, &server.url("/stalls")).await.unwrap_err().kind(),
            "timeout"
        );
    }
}

#[tokio::test]
async fn robots_txt_is_read_once_and_obeyed() {
    let server = Server::start();
    server.route(
        "/robots.txt",
        Reply::ok("text/plain", "User-agent: *\nDisallow: /private\n"),
    );
    server.route("/a", Reply::html("text"));
    server.route("/to-private", Reply::redirect("/private/b"));
    let fetcher = Fetcher::new(local()).unwrap();
    for (path, expected) in [
        ("/a", "page"),
        ("/private/b", "disallowed"),
        ("/to-private", "disallowed"),
        ("/a", "page"),
    ] {
        let outcome = fetcher.get(&Url::parse(&server.url(path)).unwrap()).await;
        assert_eq!(
            outcome.map_or_else(|error| error.kind(), |_| "page"),
            expected,
            "{path}"
        );
    }
    assert_eq!(server.asked(), ["/robots.txt", "/a", "/to-private", "/a"]);
}

#[tokio::test]
async fn a_missing_robots_txt_allows_all_and_a_broken_one_nothing() {
    let server = Server::start();
    server.route("/a", Reply::html("text"));
    assert_eq!(kind(&server, "/a").await, "page");
    server.route("/robots.txt", Reply::redirect("/robots.txt"));
    assert_eq!(kind(&server, "/a").await, "page");
    server.route("/robots.txt", Reply::status(500));
    let error = get(&server, "/a").await.unwrap_err();
    assert_eq!(error.kind(), "server_error");
    assert!(
        error
            .to_string()
            .ends_with("/a: robots.txt of the site cannot be read (HTTP status 500)"),
        "{error}"
    );
    server.route("/robots.txt", Reply::Closed);
    assert_eq!(kind(&server, "/a").await, "broken");
    server.route("/robots.txt", Reply::redirect("http://127.0.0.2/robots.txt"));
    assert_eq!(kind(&server, "/a").await, "blocked_address");
    assert_eq!(server.hits("/a"), 2);
}

#[tokio::test]
async fn robots_txt_can_be_left_unread() {
    let server = Server::start();
    server.route("/a", Reply::html("text"));
    let config = FetchConfig {
        robots: false,
        ..local()
    };
    get_with(config, &server.url("/a")).await.unwrap();
    assert_eq!(server.asked(), ["/a"]);
}

#[tokio::test]
async fn requests_to_a_host_keep_the_pace() {
    let server = Server::start();
    server.route("/a", Reply::html("text"));
    let pace = Duration::from_millis(40);
    let fetcher = Fetcher::new(FetchConfig { pace, ..local() }).unwrap();
    let url = Url::parse(&server.url("/a")).unwrap();
    let start = Instant::now();
    let (one, two) = tokio::join!(fetcher.get(&url), fetcher.get(&url));
    assert!(one.is_ok() && two.is_ok());
    // robots.txt, then twice the page.
    assert!(start.elapsed() >= 2 * pace);
}

#[tokio::test]
async fn local_files_are_not_fetched() {
    let error = get_with(local(), "file:///etc/hostname").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "file:///etc/hostname: file: only from the configuration"
    );
}

#[test]
fn a_user_agent_that_is_no_header_value_is_an_error() {
    let config = FetchConfig {
        user_agent: "a\nb".to_owned(),
        ..FetchConfig::default()
    };
    assert_eq!(Fetcher::new(config).unwrap_err().kind(), "client");
}
