//! What was exported comes back.

use super::*;
use crate::store::Imported;

fn all(store: &Store) -> Vec<StoredArticle> {
    store.query(&Query::default()).map(Result::unwrap).collect()
}

/// A store with revisions, sightings, a moved URL and a recleaned text, and its articles.
fn full() -> (Desk, Vec<StoredArticle>) {
    let desk = Desk::new();
    let moved = |url: &str, text: &str| {
        let mut moved = article(url, &[text]);
        moved.fields.canonical_url = Some("https://a.example/moved".to_owned());
        moved
    };
    desk.put_at(
        &published(
            article("https://a.example/1", &[&story("one", 0..90)]),
            "2026-03-04",
        ),
        10,
    );
    desk.put_at(&article("https://a.example/1", &[&story("one", 5..99)]), 20);
    desk.put_at(&article("https://b.example/copy", &[&story("one", 5..99)]), 30);
    desk.put_at(&moved("https://a.example/moved", &story("two", 0..80)), 40);
    desk.put_at(&moved("https://a.example/moved-on", &story("two", 3..88)), 50);
    let short = desk.put_at(
        &article("https://c.example/short", &["Four words stand here."]),
        60,
    );
    let recleaned = article("https://c.example/short", &["Four other words stand here."]);
    desk.store()
        .put_recleaned(id_of_outcome(short), 1, &recleaned, 70)
        .unwrap();
    let articles = all(desk.store());
    assert_eq!(articles.len(), 3);
    (desk, articles)
}

#[test]
fn an_export_gives_the_same_articles_in_whatever_order_it_is_read() {
    let (_old, articles) = full();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut new = Desk::new();
        for place in order {
            let imported = new.store().import(&articles[place]).unwrap();
            assert_eq!(imported, Imported::New(articles[place].id));
        }
        assert_eq!(all(new.store()), articles);
        new.reopen();
        assert_eq!(all(new.store()), articles);
        // The rows are made again from the texts.
        new.close();
        std::fs::remove_dir_all(new.path().join("rows")).unwrap();
        new.reopen();
        assert_eq!(all(new.store()), articles);
        let stats = new.store().stats().unwrap();
        assert_eq!((stats.articles, stats.revisions, stats.raw_pages), (3, 3, 0));
    }
}

#[test]
fn an_export_that_is_read_twice_changes_nothing() {
    let (old, articles) = full();
    let before = old.store().stats().unwrap();
    for stored in &articles {
        assert_eq!(old.store().import(stored).unwrap(), Imported::Kept(stored.id));
    }
    let after = old.store().stats().unwrap();
    assert_eq!((before.revisions, before.urls), (after.revisions, after.urls));
    assert_eq!(all(old.store()), articles);
}

#[test]
fn only_a_later_text_becomes_a_revision_and_a_known_one_a_sighting() {
    let (old, articles) = full();
    let mut later = articles
        .iter()
        .find(|stored| stored.revision == 2 && stored.recleaned.is_none())
        .unwrap()
        .clone();
    later.article.blocks[0].text = story("later", 0..95);
    later.fetched = 5;
    assert_eq!(old.store().import(&later).unwrap(), Imported::Kept(later.id));
    later.fetched = 500;
    assert_eq!(
        old.store().import(&later).unwrap(),
        Imported::Revision(later.id, 3)
    );
    let mut copy = later.clone();
    copy.article.url = "https://d.example/copy".to_owned();
    copy.sightings = vec![Sighting {
        url: copy.article.url.clone(),
        first_seen: 600,
    }];
    assert_eq!(old.store().import(&copy).unwrap(), Imported::Duplicate(later.id));
    assert_eq!(
        old.store().id_of_url("https://d.example/copy").unwrap(),
        Some(later.id)
    );
}

#[test]
fn numbers_that_no_store_gives_are_not_believed() {
    let desk = Desk::new();
    let (_old, articles) = full();
    for (number, (stored, url)) in [0, u32::MAX].into_iter().zip(
        articles
            .iter()
            .zip(["https://x.example/1", "https://x.example/2"]),
    ) {
        let mut stored = stored.clone();
        stored.revision = number;
        stored.fetched = i64::MAX;
        stored.first_fetched = i64::MIN;
        stored.article.url = url.to_owned();
        stored.sightings.clear();
        let Imported::New(id) = desk.store().import(&stored).unwrap() else {
            panic!("not new");
        };
        assert_eq!(desk.store().get(id).unwrap().unwrap().revision, 1);
    }
}
