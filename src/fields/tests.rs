use super::*;
use crate::article::PageDate;
use crate::document::{Facts, Found, Link, Meta};

fn meta(key: &str, content: &str) -> Meta {
    Meta {
        key: key.to_owned(),
        content: content.to_owned(),
    }
}

fn found(field: FieldName, source: &str, text: &str) -> Found {
    Found {
        field,
        source: source.to_owned(),
        layout: None,
        text: text.to_owned(),
        at: 2,
        in_dropped: false,
    }
}

fn document(facts: &Facts) -> Document {
    let mut document = Document::from_text("");
    document.facts = facts.clone();
    document
}

fn fields(facts: &Facts) -> Fields {
    let url = Url::parse("https://www.news.example/world/vote").unwrap();
    read_at(
        &document(facts),
        Some(&url),
        None,
        "2026-12-01T00:00:00Z".parse().unwrap(),
    )
}

const ARTICLE: &str = r#"{"@type":"NewsArticle","headline":"The vote was close","datePublished":"2026-11-24T10:00:00+01:00",
    "dateModified":"2026-11-24T12:00:00+01:00","author":[{"@type":"Person","name":"Ann Lee"},{"@type":"Person","name":"Bo Ek"}],
    "articleSection":["World"],"keywords":["Vote","Council"],"image":{"url":"/img/hall.jpg"},"inLanguage":"en-GB",
    "publisher":{"@type":"Organization","name":"The Example"},"description":"What happened."}"#;

#[test]
fn json_ld_alone_gives_every_field() {
    let facts = Facts {
        json_ld: vec![ARTICLE.to_owned()],
        ..Facts::default()
    };
    let fields = fields(&facts);
    assert_eq!(fields.title.as_deref(), Some("The vote was close"));
    assert_eq!(fields.authors, ["Ann Lee", "Bo Ek"]);
    assert_eq!(
        fields.published.as_ref().map(PageDate::as_str),
        Some("2026-11-24T10:00:00+01:00")
    );
    assert_eq!(
        fields.modified.as_ref().map(PageDate::as_str),
        Some("2026-11-24T12:00:00+01:00")
    );
    assert_eq!(fields.language.as_deref(), Some("en-GB"));
    assert_eq!(fields.section.as_deref(), Some("World"));
    assert_eq!(fields.tags, ["Vote", "Council"]);
    assert_eq!(
        fields.image.as_deref(),
        Some("https://www.news.example/img/hall.jpg")
    );
    assert_eq!(fields.site_name.as_deref(), Some("The Example"));
    assert_eq!(fields.description.as_deref(), Some("What happened."));
}

#[test]
fn meta_elements_alone_give_every_field() {
    let facts = Facts {
        title: Some("The vote was close - The Example".to_owned()),
        lang: Some("en_us".to_owned()),
        meta: vec![
            meta("og:title", "The vote was close"),
            meta("author", "By Ann Lee"),
            meta("article:published_time", "2026-11-24T10:00:00Z"),
            meta("article:section", "World"),
            meta("article:tag", "Vote"),
            meta("article:tag", "Council"),
            meta("og:image", "https://img.example/logo.png"),
            meta("twitter:image", "https://img.example/hall.jpg"),
            meta("og:site_name", "The Example"),
            meta("description", "What &amp; how."),
        ],
        links: vec![Link {
            rel: "canonical".to_owned(),
            href: "/vote".to_owned(),
            kind: String::new(),
        }],
        ..Facts::default()
    };
    let fields = fields(&facts);
    assert_eq!(fields.title.as_deref(), Some("The vote was close"));
    assert_eq!(fields.authors, ["Ann Lee"]);
    assert_eq!(
        fields.published.as_ref().map(PageDate::as_str),
        Some("2026-11-24T10:00:00Z")
    );
    assert_eq!(fields.modified, None);
    assert_eq!(fields.language.as_deref(), Some("en-US"));
    assert_eq!(fields.section.as_deref(), Some("World"));
    assert_eq!(fields.tags, ["Vote", "Council"]);
    assert_eq!(fields.image.as_deref(), Some("https://img.example/hall.jpg"));
    assert_eq!(
        fields.canonical_url.as_deref(),
        Some("https://www.news.example/vote")
    );
    assert_eq!(fields.site_name.as_deref(), Some("The Example"));
    assert_eq!(fields.description.as_deref(), Some("What & how."));
}

#[test]
fn the_page_itself_is_read_where_nothing_else_speaks() {
    let facts = Facts {
        found: vec![
            found(FieldName::Title, "css:h1", "The vote was close"),
            found(FieldName::Authors, "css:.byline", "By Ann Lee, Political editor"),
            found(FieldName::Published, "css:.date", "November 24, 2026"),
        ],
        ..Facts::default()
    };
    let fields = fields(&facts);
    assert_eq!(fields.title.as_deref(), Some("The vote was close"));
    assert_eq!(fields.authors, ["Ann Lee"]);
    assert_eq!(
        fields.published.as_ref().map(PageDate::as_str),
        Some("2026-11-24")
    );
}

#[test]
fn dropped_parts_say_nothing() {
    let mut dropped = found(FieldName::Published, "css:time@datetime", "2026-11-20");
    dropped.in_dropped = true;
    let facts = Facts {
        found: vec![dropped],
        ..Facts::default()
    };
    assert_eq!(fields(&facts).published, None);
}

#[test]
fn a_person_on_the_page_is_the_author_before_an_organisation_in_json_ld() {
    let script = r#"{"@type":"Article","headline":"Vote","author":{"@type":"Organization","name":"Example Media House"}}"#;
    let mut facts = Facts {
        json_ld: vec![script.to_owned()],
        ..Facts::default()
    };
    assert_eq!(fields(&facts).authors, ["Example Media House"]);
    facts
        .found
        .push(found(FieldName::Authors, "css:.byline", "By Ann Lee"));
    assert_eq!(fields(&facts).authors, ["Ann Lee"]);
}

#[test]
fn a_bare_date_is_completed_by_a_source_that_knows_the_time() {
    let facts = Facts {
        meta: vec![
            meta("article:published_time", "2026-11-24T10:00:00"),
            meta("date", "2026-11-24T10:00:00+01:00"),
        ],
        ..Facts::default()
    };
    assert_eq!(
        fields(&facts).published.as_ref().map(PageDate::as_str),
        Some("2026-11-24T10:00:00+01:00")
    );
}

#[test]
fn the_date_in_the_url_is_the_last_evidence() {
    let url = Url::parse("https://news.example/2026/11/24/vote").unwrap();
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    let fields = read_at(&document(&Facts::default()), Some(&url), None, now);
    assert_eq!(
        fields.published.as_ref().map(PageDate::as_str),
        Some("2026-11-24")
    );
}

#[test]
fn a_moment_in_utc_is_the_day_that_the_page_names() {
    let published = |moment: &str, path: &str| {
        let facts = Facts {
            meta: vec![meta("article:published_time", moment)],
            ..Facts::default()
        };
        let url = Url::parse(&format!("https://news.example{path}")).unwrap();
        let now = "2026-12-01T00:00:00Z".parse().unwrap();
        let fields = read_at(&document(&facts), Some(&url), None, now);
        fields.published.map(String::from)
    };
    for (moment, path, expected) in [
        ("2026-11-25T02:41:41Z", "/2026/11/24/vote", "2026-11-24"),
        ("2026-11-23T23:11:59Z", "/2026/11/24/vote", "2026-11-24"),
        ("2026-11-25T02:41:41Z", "/2026/11/25/vote", "2026-11-25T02:41:41Z"),
        ("2026-11-25T15:41:41Z", "/2026/11/24/vote", "2026-11-25T15:41:41Z"),
        (
            "2026-11-25T02:41:41+01:00",
            "/2026/11/24/vote",
            "2026-11-25T02:41:41+01:00",
        ),
        ("2026-11-25T00:00:00Z", "/2026/11/24/vote", "2026-11-25T00:00:00Z"),
    ] {
        assert_eq!(
            published(moment, path).as_deref(),
            Some(expected),
            "{moment} {path}"
        );
    }
}

#[test]
fn a_date_of_the_last_change_is_not_that_of_publication_where_the_page_shows_another() {
    let published = |modified: &str, line: &str| {
        let mut document = Document::from_text(&format!("The vote was close\n{line}\nText of the story."));
        document.facts.meta = vec![
            meta("og:title", "The vote was close"),
            meta("article:published_time", "2026-11-24T10:11:12Z"),
            meta("article:modified_time", modified),
        ];
        let fields = read_at(&document, None, None, "2026-12-01T00:00:00Z".parse().unwrap());
        fields.published.map(|date| date.day().to_owned())
    };
    let same = "2026-11-24T10:11:12Z";
    assert_eq!(published(same, "20 May 2020").as_deref(), Some("2020-05-20"));
    assert_eq!(
        published(same, "Updated 20 May 2020").as_deref(),
        Some("2026-11-24")
    );
    assert_eq!(published(same, "24 November 2026").as_deref(), Some("2026-11-24"));
    let later = "2026-11-26T10:11:12Z";
    assert_eq!(published(later, "20 May 2020").as_deref(), Some("2026-11-24"));
}

#[test]
fn a_key_that_says_when_in_other_words_is_read() {
    let facts = Facts {
        meta: vec![meta("w-published-date", "2026-11-24T06:03:43Z")],
        ..Facts::default()
    };
    let published = fields(&facts).published;
    assert_eq!(
        published.as_ref().map(PageDate::as_str),
        Some("2026-11-24T06:03:43Z")
    );
}

#[test]
fn an_empty_page_has_no_fields() {
    assert_eq!(
        read_at(&document(&Facts::default()), None, None, Timestamp::MAX),
        Fields::default()
    );
}

proptest::proptest! {
    #[test]
    fn no_input_makes_it_panic(script in ".{0,200}", value in ".{0,200}", key in "(og:title|author|date|og:image|keywords)") {
        let facts = Facts {
            title: Some(value.clone()),
            lang: Some(value.clone()),
            meta: vec![meta(&key, &value), meta("article:published_time", &value)],
            links: vec![Link { rel: "canonical".to_owned(), href: value.clone(), kind: String::new() }],
            json_ld: vec![script.clone(), format!("{{\"@type\":\"Article\",\"headline\":\"{value}\",\"author\":{script}}}")],
            found: vec![found(FieldName::Authors, "css:.byline", &value), found(FieldName::Published, "css:time", &value)],
        };
        let _ = fields(&facts);
    }
}
