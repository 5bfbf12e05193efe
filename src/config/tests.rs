use super::*;
use crate::clean::Favor;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("conf/copydesk.toml")).map_err(|error| error.to_string())
}

fn source(text: &str) -> Source {
    parse(&format!("[[source]]\nname = \"x\"\n{text}"))
        .unwrap()
        .sources
        .remove(0)
}

#[test]
fn an_empty_file_is_all_defaults() {
    let config = parse("").unwrap();
    assert_eq!(config.store, Path::new("conf/copydesk.sled"));
    assert_eq!(config.pace, Duration::from_secs(1));
    assert_eq!(config.user_agent, crate::fetch::USER_AGENT);
    assert!(config.robots && config.sources.is_empty());
}

#[test]
fn every_key_is_read() {
    let config = parse(
        "store = '/var/lib/news'\nuser_agent = 'desk/2'\ncontact = 'https://example.org/bot'\npace = '250ms'\n\
         timeout = '1m'\nconcurrency = 3\nmin_interval = '1m'\nmax_interval = '48h'\nallow_private = ['localhost']\nrobots = false\nfavor = 'recall'\nselectors = 'rules'\n",
    )
    .unwrap();
    assert_eq!(config.store, Path::new("/var/lib/news"));
    assert_eq!(config.user_agent, "desk/2 (+https://example.org/bot)");
    assert_eq!(
        (config.pace, config.timeout),
        (Duration::from_millis(250), Duration::from_secs(60))
    );
    assert_eq!((config.concurrency, config.robots), (3, false));
    assert_eq!(
        (config.min_interval, config.max_interval),
        (Duration::from_secs(60), Duration::from_secs(48 * 3600))
    );
    assert_eq!(config.allow_private, ["localhost"]);
    assert_eq!(config.favor, Favor::Recall);
    assert_eq!(config.selectors.as_deref(), Some(Path::new("conf/rules")));
}

#[test]
fn a_source_is_on_the_web_or_a_local_path() {
    let web = |text: &str| Place::Web(Url::parse(text).unwrap());
    let file = |text: &str| Place::File(PathBuf::from(text));
    assert_eq!(
        source("feed = 'https://example.org/rss'").origin,
        Origin::Feed(web("https://example.org/rss"))
    );
    assert_eq!(
        source("sitemap = 'saved/map.xml'").origin,
        Origin::Sitemap(file("conf/saved/map.xml"))
    );
    assert_eq!(
        source("section = 'file:///srv/index.html'").origin,
        Origin::Section(file("/srv/index.html"))
    );
    assert_eq!(
        source("url = 'a.html'").origin,
        Origin::Pages(vec![file("conf/a.html")])
    );
    assert_eq!(
        source("urls = ['a.html', 'http://b.example/']").origin,
        Origin::Pages(vec![file("conf/a.html"), web("http://b.example/")])
    );
    assert_eq!(
        source("dir = 'pages'").origin,
        Origin::Dir(PathBuf::from("conf/pages"))
    );
}

#[test]
fn a_base_url_ends_in_a_slash() {
    let source = source("dir = 'x'\nbase_url = 'https://example.org/news?x#y'\nlimit = 5");
    assert_eq!(source.base_url.unwrap().as_str(), "https://example.org/news/");
    assert_eq!(source.limit, Some(5));
}

#[test]
fn what_is_wrong_is_named_with_file_line_and_key() {
    for (text, expected) in [
        (
            "store = 'x'\npase = '1s'",
            "conf/copydesk.toml:2: unknown key `pase`: did you mean `pace`?",
        ),
        ("limit = 3", "1: unknown key `limit`: belongs into a [[source]]"),
        (
            "[[source]]\nname = 'x'\nfed = 'y'",
            "3: unknown key `fed` in [[source]]: did you mean `feed`?",
        ),
        (
            "[[source]]\nname = 'x'\npace = '1s'",
            "3: unknown key `pace` in [[source]]: belongs above the first",
        ),
        (
            "zzzzzzzzz = 1",
            "1: unknown key `zzzzzzzzz`: known are store, user_agent",
        ),
        ("[source]\nname = 'x'", "1: "),
        ("pace = 1", "1: "),
        ("pace = 'soon'", "1: `pace`: not a time"),
        ("pace = '-1s'", "1: `pace`: not a time"),
        ("pace = '2h'", "1: `pace`: not a time"),
        (
            "max_interval = '721h'",
            "1: `max_interval`: not a time from 0s to 30 days",
        ),
        (
            "min_interval = '2h'\nmax_interval = '1h'",
            "2: `max_interval` is shorter than `min_interval`",
        ),
        ("\nconcurrency = 0", "2: `concurrency`: not a number from 1"),
        ("contact = 'ä'", "1: `contact`: only printable ASCII"),
        ("store = ", "1: "),
        ("[[source]]\nfeed = 'x'", "1: missing field `name`"),
        ("[[source]]\nname = 'x'", "source `x`: it needs one of feed"),
        (
            "[[source]]\nname = 'x'\nfeed = 'a'\ndir = 'b'",
            "source `x`: it has more than one of",
        ),
        (
            "[[source]]\nname = 'x'\nfeed = 'ftp://a.example/'",
            "3: `ftp://a.example/`: not http:",
        ),
        (
            "[[source]]\nname = 'x'\nfeed = 'http://['",
            "3: `http://[`: not a URL",
        ),
        (
            "[[source]]\nname = 'x'\ndir = 'http://a.example/'",
            "3: `dir` is not a directory",
        ),
        ("[[source]]\nname = 'x'\nurls = []", "`urls` is empty"),
        ("[[source]]\nname = 'x'\ndir = 'a'\nlimit = 0", "`limit` is 0"),
        (
            "[[source]]\nname = 'x'\ndir = 'a'\nbase_url = 'b'",
            "4: `base_url`: not a URL",
        ),
        (
            "[[source]]\nname = 'x'\nfeed = 'http://a.example/'\nbase_url = 'http://a.example/'",
            "4: source `x`: `base_url` is for local files only",
        ),
        (
            "[[source]]\nname = 'x'\ndir = 'a'\n[[source]]\nname = 'x'\ndir = 'b'",
            "4: two sources have the name `x`",
        ),
    ] {
        let error = parse(text).unwrap_err();
        assert!(
            error.contains(expected),
            "{text:?}\n  gave {error:?}\n  not  {expected:?}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = Config::load(Path::new("/nowhere/copydesk.toml"))
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("/nowhere/copydesk.toml: "), "{error}");
}
