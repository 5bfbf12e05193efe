//! Queries, prefixes, counts.

use super::*;

fn words(words: &[&str]) -> Query {
    Query {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..Query::default()
    }
}

#[test]
fn articles_come_newest_first_by_publication_or_else_by_fetching() {
    let desk = Desk::new();
    let url = |name: &str| format!("https://example.org/{name}");
    let old = id_of_outcome(desk.put_at(&published(article(&url("old"), &["Old."]), "1969-07-20"), 5000));
    let new = id_of_outcome(desk.put_at(
        &published(article(&url("new"), &["New."]), "1970-01-01T02:00:00Z"),
        10,
    ));
    let fetched = id_of_outcome(desk.put_at(&article(&url("fetched"), &["Undated."]), 3600));
    assert_eq!(desk.ids(&Query::default()), [new, fetched, old]);
    let between = |since, until| {
        desk.ids(&Query {
            since,
            until,
            ..Query::default()
        })
    };
    assert_eq!(between(Some(3600), None), [new, fetched]);
    assert_eq!(between(None, Some(3600)), [old]);
    assert_eq!(between(Some(3600), Some(7200)), [fetched]);
    assert_eq!(between(Some(9), Some(3)), []);
    assert_eq!(between(Some(i64::MIN), Some(i64::MAX)).len(), 3);
    let limited = Query {
        limit: Some(1),
        ..Query::default()
    };
    assert_eq!(desk.ids(&limited), [new]);

    let redated = published(article(&url("old"), &["Old, but with a new date."]), "1970-01-02");
    assert_eq!(desk.put_at(&redated, 6000), Outcome::Revision(old, 2));
    assert_eq!(desk.ids(&Query::default()), [old, new, fetched]);
    assert_eq!(desk.store().stats().unwrap().span, Some((3600, 86_400)));
}

#[test]
fn all_words_must_stand_in_title_or_text() {
    let desk = Desk::new();
    let mut first = article(
        "https://example.org/1",
        &["The Zürich council voted.", "It was close."],
    );
    first.fields.title = Some("Bridge reopens".to_owned());
    let first = id_of_outcome(desk.put(&first));
    let second = id_of_outcome(desk.put(&article("https://example.org/2", &["東京都は今日発表した。"])));
    assert_eq!(desk.ids(&words(&["zurich", "BRIDGE"])), [first]);
    assert_eq!(desk.ids(&words(&["council voted"])), [first]);
    assert_eq!(desk.ids(&words(&["zurich", "storm"])), []);
    assert_eq!(desk.ids(&words(&["vote"])), []);
    assert_eq!(desk.ids(&words(&["今日"])), [second]);
    assert_eq!(desk.ids(&words(&["…"])).len(), 2);
}

#[test]
fn a_site_is_a_registrable_domain_or_a_host() {
    let desk = Desk::new();
    let news = id_of_outcome(desk.put_at(&article("https://news.example.org/1", &["One."]), 3));
    let www = id_of_outcome(desk.put_at(&article("https://www.example.org/2", &["Two."]), 2));
    let local = id_of_outcome(desk.put_at(&article("http://127.0.0.1:8080/3", &["Three."]), 1));
    let of_site = |site: &str| {
        desk.ids(&Query {
            site: Some(site.to_owned()),
            ..Query::default()
        })
    };
    assert_eq!(of_site("example.org"), [news, www]);
    assert_eq!(of_site("WWW.example.org"), [news, www]);
    assert_eq!(of_site("news.example.org"), [news]);
    assert_eq!(of_site("127.0.0.1"), [local]);
    assert_eq!(of_site("ample.org"), []);
    assert_eq!(of_site("org"), []);
    let sites = desk.store().stats().unwrap().sites;
    assert_eq!(
        sites,
        [("example.org".to_owned(), 2), ("127.0.0.1".to_owned(), 1)]
    );
}

#[test]
fn ids_are_found_by_their_beginning() {
    let desk = Desk::new();
    let mut ids: Vec<_> = (0..40)
        .map(|number| id_of_outcome(desk.put(&article(&format!("https://example.org/{number}"), &["Text."]))))
        .collect();
    ids.sort();
    let store = desk.store();
    for id in &ids {
        let text = id.to_string();
        for digits in 1..=16 {
            let expected: Vec<_> = ids
                .iter()
                .copied()
                .filter(|id| id.to_string().starts_with(&text[..digits]))
                .collect();
            assert_eq!(
                store
                    .ids_with_prefix(&text[..digits].to_uppercase(), 100)
                    .unwrap(),
                expected
            );
        }
    }
    assert_eq!(store.ids_with_prefix("", 3).unwrap(), ids[..3]);
    for nothing in ["x", "+1", "00000000000000000"] {
        assert_eq!(store.ids_with_prefix(nothing, 3).unwrap(), []);
    }
}

#[test]
fn an_empty_store_has_nothing_to_count() {
    let stats = Desk::new().store().stats().unwrap();
    assert_eq!((stats.articles, stats.urls, stats.span), (0, 0, None));
    assert!(stats.disk_bytes > 0);
}
