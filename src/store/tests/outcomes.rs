//! What becomes of what is put.

use super::*;

const A: &str = "https://example.org/a";
const B: &str = "https://example.org/b";
const ELSEWHERE: &str = "https://other.net/a";

fn canonical(mut article: Article, url: &str) -> Article {
    article.fields.canonical_url = Some(url.to_owned());
    article
}

fn urls(stored: &StoredArticle) -> Vec<&str> {
    stored
        .sightings
        .iter()
        .map(|sighting| sighting.url.as_str())
        .collect()
}

#[test]
fn an_article_comes_back_as_it_was_put() {
    let desk = Desk::new();
    let mut put = published(article(A, &["One.", "Two\nlines."]), "2024-05-06T07:08:09+02:00");
    put.site = "example.org".to_owned();
    put.fields.authors = vec!["Ann".to_owned()];
    put.blocks.push(Block {
        kind: BlockKind::Heading { level: 2 },
        text: "Three".to_owned(),
    });
    put.dropped.push(crate::article::Dropped {
        reason: "a caption".to_owned(),
        blocks: 3,
    });
    put.layout = Some("2024".to_owned());
    put.limits = vec!["cut at 512 levels".to_owned()];
    let id = id_of_outcome(desk.store().put(&put, b"<raw>", 77).unwrap());
    for _ in 0..2 {
        let stored = desk.store().get(id).unwrap().unwrap();
        assert_eq!(stored.article, put);
        assert_eq!(
            (stored.revision, stored.fetched, stored.first_fetched),
            (1, 77, 77)
        );
        assert_eq!(urls(&stored), [A]);
        assert_eq!(desk.store().raw_page(id).unwrap().as_deref(), Some(&b"<raw>"[..]));
        desk.store().flush().unwrap();
    }
    assert_eq!(desk.store().get(ArticleId(1)).unwrap(), None);
    assert_eq!(desk.store().raw_page(ArticleId(1)).unwrap(), None);
}

#[test]
fn the_same_url_with_the_same_words_is_unchanged() {
    let desk = Desk::new();
    let id = id_of_outcome(desk.put(&article(A, &["A short text."])));
    let again = article(
        "http://www.example.org/a/?utm_source=x",
        &["a \u{201c}SHORT\u{201d} text"],
    );
    assert_eq!(desk.put(&again), Outcome::Unchanged(id));
    assert_eq!(desk.store().stats().unwrap().revisions, 1);
}

#[test]
fn the_same_url_with_another_text_is_a_revision_and_the_old_one_stays_readable() {
    let desk = Desk::new();
    let first = article(A, &["First text."]);
    let second = published(article(A, &["Second, longer text."]), "2020-01-01");
    let id = id_of_outcome(desk.put_at(&first, 10));
    assert_eq!(desk.put_at(&second, 20), Outcome::Revision(id, 2));
    assert_eq!(desk.put_at(&first, 30), Outcome::Revision(id, 3));
    let store = desk.store();
    let revision = |number| store.revision(id, number).unwrap();
    assert_eq!(revision(1).unwrap().article, first);
    assert_eq!(revision(2).unwrap().article, second);
    let current = store.get(id).unwrap().unwrap();
    assert_eq!(revision(3).as_ref(), Some(&current));
    assert_eq!((current.fetched, current.first_fetched), (30, 10));
    assert_eq!(revision(4), None);
    assert_eq!(revision(0), None);
    let stats = store.stats().unwrap();
    assert_eq!(
        (stats.articles, stats.revisions, stats.urls, stats.raw_pages),
        (1, 3, 1, 3)
    );
    assert_eq!(stats.span, Some((10, 10)));
}

#[test]
fn the_same_text_at_another_url_is_one_more_sighting() {
    let desk = Desk::new();
    let text = story("wire", 0..60);
    let id = id_of_outcome(desk.put_at(&article(A, &[&text]), 10));
    assert_eq!(
        desk.put_at(&article(ELSEWHERE, &[&text]), 20),
        Outcome::Duplicate(id)
    );
    assert_eq!(
        desk.put_at(&article(ELSEWHERE, &[&text]), 30),
        Outcome::Unchanged(id)
    );
    let stored = desk.store().get(id).unwrap().unwrap();
    assert_eq!(urls(&stored), [A, ELSEWHERE]);
    assert_eq!(stored.sightings[1].first_seen, 20);
    assert_eq!(
        desk.store().id_of_url("http://www.other.net/a/#top").unwrap(),
        Some(id)
    );
    assert_eq!(desk.store().stats().unwrap().urls, 2);
}

#[test]
fn a_short_text_is_no_duplicate_by_its_words_alone() {
    let desk = Desk::new();
    let wall = "Not available in your region.";
    let first = desk.put(&article(A, &[wall]));
    let second = desk.put(&article(B, &[wall]));
    assert!(matches!((first, second), (Outcome::New(a), Outcome::New(b)) if a != b));
}

#[test]
fn a_much_shorter_text_replaces_nothing() {
    let desk = Desk::new();
    let id = id_of_outcome(desk.put(&article(A, &[&story("full", 0..100)])));
    assert_eq!(
        desk.put(&article(A, &["Subscribe to read on."])),
        Outcome::Thinner(id)
    );
    assert_eq!(
        desk.put(&article(A, &[&story("full", 0..60)])),
        Outcome::Revision(id, 2)
    );
}

#[test]
fn a_page_that_names_its_canonical_url_is_that_article() {
    let desk = Desk::new();
    let text = story("desk", 0..60);
    let id = id_of_outcome(desk.put(&article(A, &[&text])));
    let print = canonical(article(B, &[&text]), A);
    assert_eq!(desk.put(&print), Outcome::Duplicate(id));

    let longer = canonical(article("https://example.org/c", &[&story("desk", 0..80)]), "/a");
    assert_eq!(desk.put(&longer), Outcome::Revision(id, 2));
    let stored = desk.store().get(id).unwrap().unwrap();
    assert_eq!(stored.article.url, "https://example.org/c");
    assert_eq!(urls(&stored), [A, B, "https://example.org/c"]);

    let teaser = canonical(article("https://example.org/d", &[&story("desk", 0..20)]), A);
    assert_eq!(desk.put(&teaser), Outcome::Thinner(id));
}

#[test]
fn the_canonical_url_that_a_page_named_leads_to_it() {
    let desk = Desk::new();
    let text = story("desk", 0..60);
    let id = id_of_outcome(desk.put(&canonical(article(B, &[&text]), A)));
    assert_eq!(desk.store().id_of_url(A).unwrap(), Some(id));
    assert_eq!(desk.put(&article(A, &[&text])), Outcome::Duplicate(id));
    assert_eq!(desk.put(&article(A, &[&text])), Outcome::Unchanged(id));
}

#[test]
fn one_canonical_url_on_every_page_makes_no_revisions() {
    let desk = Desk::new();
    let hub = "https://example.org/news";
    for subject in ["storm", "vote", "match"] {
        let page = canonical(
            article(
                &format!("https://example.org/{subject}"),
                &[&story(subject, 0..60)],
            ),
            hub,
        );
        assert!(matches!(desk.put(&page), Outcome::New(_)), "{subject}");
    }
    assert_eq!(desk.store().stats().unwrap().articles, 3);
}

#[test]
fn two_pages_that_showed_the_same_wall_become_two_articles() {
    let desk = Desk::new();
    let wall = story("consent", 0..50);
    let first = id_of_outcome(desk.put(&article(A, &[&wall])));
    assert_eq!(desk.put(&article(B, &[&wall])), Outcome::Duplicate(first));
    let second = desk.put(&article(B, &[&story("bridge", 0..60)]));
    assert!(matches!(second, Outcome::New(id) if id != first));
    assert_eq!(
        desk.put(&article(A, &[&story("storm", 0..60)])),
        Outcome::Revision(first, 2)
    );
    assert_eq!(desk.store().id_of_url(B).unwrap(), Some(id_of_outcome(second)));
    assert_eq!(desk.store().stats().unwrap().urls, 2);
}

#[test]
fn a_text_of_another_article_is_never_a_revision() {
    let desk = Desk::new();
    let wall = story("consent", 0..60);
    let first = id_of_outcome(desk.put(&article(A, &[&story("storm", 0..60)])));
    let second = id_of_outcome(desk.put(&article(B, &[&wall])));
    for _ in 0..2 {
        assert_eq!(desk.put(&article(A, &[&wall])), Outcome::Duplicate(second));
    }
    assert_eq!(desk.store().id_of_url(A).unwrap(), Some(first));
    assert_eq!(desk.store().get(first).unwrap().unwrap().revision, 1);
    assert_eq!(urls(&desk.store().get(second).unwrap().unwrap()), [B, A]);
}

#[test]
fn an_update_seen_at_a_sighting_of_the_same_site_is_a_revision() {
    let desk = Desk::new();
    let id = id_of_outcome(desk.put(&article(A, &[&story("desk", 0..60)])));
    desk.put(&article(B, &[&story("desk", 0..60)]));
    assert_eq!(
        desk.put(&article(B, &[&story("desk", 0..70)])),
        Outcome::Revision(id, 2)
    );
    assert_eq!(
        desk.put(&article(A, &[&story("desk", 0..70)])),
        Outcome::Unchanged(id)
    );
}

#[test]
fn an_update_at_another_site_is_an_article_of_its_own() {
    let desk = Desk::new();
    let id = id_of_outcome(desk.put(&article(A, &[&story("wire", 0..60)])));
    desk.put(&article(ELSEWHERE, &[&story("wire", 0..60)]));
    let split = desk.put(&article(ELSEWHERE, &[&story("wire", 0..70)]));
    assert!(matches!(split, Outcome::New(other) if other != id));
}

#[test]
fn an_article_without_a_usable_url_is_refused_in_words() {
    let desk = Desk::new();
    let refused = |url: &str| {
        desk.store()
            .put(&article(url, &["Text."]), b"", 0)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(""),
        "\"\": cannot be stored under this URL: relative URL without a base"
    );
    assert!(refused(&format!("https://example.org/{}", "x".repeat(9000))).contains("longer than 8192 bytes"));
    assert_eq!(desk.store().stats().unwrap().articles, 0);
}

#[test]
fn a_page_without_bytes_is_kept_without_a_raw_page() {
    let desk = Desk::new();
    let id = id_of_outcome(
        desk.store()
            .put(&article("file:///tmp/a.txt", &["Text."]), b"", 0)
            .unwrap(),
    );
    assert_eq!(desk.store().raw_page(id).unwrap(), None);
    assert_eq!(desk.store().id_of_url("file:///tmp/a.txt").unwrap(), Some(id));
    assert_eq!(desk.store().id_of_url("no url").unwrap(), None);
}
