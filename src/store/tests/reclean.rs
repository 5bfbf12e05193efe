//! Pages cleaned again, and stores of older formats.

use std::fs;

use super::*;

const A: &str = "https://example.org/a";

fn marker(desk: &Desk) -> String {
    fs::read_to_string(desk.path().join("copydesk-store")).unwrap()
}

#[test]
fn a_recleaned_text_is_a_revision_of_the_same_page() {
    let mut desk = Desk::new();
    let raw = RawPage {
        body: b"<p>raw",
        content_type: Some("text/html; charset=koi8-r"),
    };
    let before = article(A, &[&story("desk", 0..60), "Subscribe now!"]);
    let after = article(A, &[&story("desk", 0..60)]);
    let id = id_of_outcome(desk.store().put(&before, raw, 77).unwrap());
    assert_eq!(
        desk.store().put_recleaned(id, 1, &after, 99).unwrap(),
        Outcome::Revision(id, 2)
    );
    desk.store().flush().unwrap();
    let counts = desk.store().stats().unwrap();
    assert_eq!((counts.articles, counts.revisions, counts.raw_pages), (1, 2, 1));
    for lose_the_rows in [false, true] {
        desk.close();
        if lose_the_rows {
            fs::remove_dir_all(desk.path().join("rows")).unwrap();
        }
        desk.reopen();
        let (stored, page) = desk.store().get_with_page(id).unwrap().unwrap();
        assert_eq!((stored.article, stored.revision), (after.clone(), 2));
        assert_eq!((stored.fetched, stored.recleaned), (77, Some(99)));
        let page = page.unwrap();
        assert_eq!(
            (&*page.body, page.content_type.as_deref()),
            (raw.body, raw.content_type)
        );
        let first = desk.store().revision(id, 1).unwrap().unwrap();
        assert_eq!((first.article, first.recleaned), (before.clone(), None));
        assert_eq!(desk.store().stats().unwrap().raw_pages, 1);
    }
    let third = article(A, &[&story("desk", 0..61)]);
    assert_eq!(
        desk.store().put_recleaned(id, 2, &third, 100).unwrap(),
        Outcome::Revision(id, 3)
    );
    assert_eq!(desk.store().raw_page(id).unwrap().as_deref(), Some(raw.body));
}

#[test]
fn a_recleaned_text_replaces_neither_a_later_one_nor_becomes_another_articles() {
    let desk = Desk::new();
    let id = id_of_outcome(desk.put(&article(A, &[&story("desk", 0..60)])));
    let other = id_of_outcome(desk.put(&article("https://example.org/b", &[&story("ferry", 0..60)])));
    let late = article(A, &[&story("desk", 0..50)]);
    assert_eq!(
        desk.store().put_recleaned(id, 7, &late, 1).unwrap(),
        Outcome::Unchanged(id)
    );
    let same = article(A, &[&story("ferry", 0..60)]);
    assert_eq!(desk.store().twin(id, &same).unwrap(), Some(other));
    assert_eq!(
        desk.store().put_recleaned(id, 1, &same, 1).unwrap(),
        Outcome::Duplicate(other)
    );
    assert_eq!(desk.store().get(id).unwrap().unwrap().revision, 1);
}

#[test]
fn ids_are_those_of_a_site_or_one_of_its_hosts() {
    let desk = Desk::new();
    let urls = [A, "https://sport.example.org/b", "https://example.net/c"];
    for (number, url) in (0_u32..).zip(urls) {
        desk.put(&article(url, &[&story(&format!("s{number}x"), 0..60)]));
    }
    let count = |site: Option<&str>| desk.store().ids(site).unwrap().map(Result::unwrap).count();
    assert_eq!(count(None), 3);
    assert_eq!(count(Some("example.org")), 2);
    assert_eq!(count(Some("sport.example.org")), 1);
    assert_eq!(count(Some("example.com")), 0);
}

#[test]
fn a_store_of_the_first_format_is_read_and_says_the_new_one_once_it_is_written() {
    let mut desk = Desk::new();
    let put = article(A, &[&story("desk", 0..60)]);
    let id = id_of_outcome(desk.put(&put));
    desk.close();
    let old = "copydesk store, format 1\n";
    fs::write(desk.path().join("copydesk-store"), old).unwrap();
    desk.reopen();
    assert_eq!(desk.store().get(id).unwrap().unwrap().article, put);
    assert_eq!(marker(&desk), old);
    desk.put(&article("https://example.org/b", &[&story("ferry", 0..60)]));
    assert_eq!(marker(&desk), "copydesk store, format 3\n");
}
