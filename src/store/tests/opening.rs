//! Opening, closing, damage.

use std::fs;

use super::*;

#[test]
fn what_was_put_is_there_after_closing_and_opening() {
    let mut desk = Desk::new();
    let text = story("desk", 0..60);
    let put = article("https://example.org/a", &[&text]);
    let id = id_of_outcome(desk.put(&put));
    let before = desk.store().stats().unwrap();
    for _ in 0..20 {
        desk.reopen();
        assert_eq!(desk.store().get(id).unwrap().unwrap().article, put);
        assert_eq!(desk.put(&put), Outcome::Unchanged(id));
    }
    let copy = article("https://other.net/a", &[&text]);
    assert_eq!(desk.put(&copy), Outcome::Duplicate(id));
    let after = desk.store().stats().unwrap();
    assert_eq!(
        (before.articles, before.revisions),
        (after.articles, after.revisions)
    );
}

#[test]
fn a_store_that_is_open_cannot_be_opened_again() {
    let desk = Desk::new();
    let error = Store::open_existing(&desk.path()).unwrap_err();
    assert!(matches!(&error, StoreError::Locked(path) if *path == desk.path()));
    assert!(
        error
            .to_string()
            .ends_with("desk: the store is in use by another process")
    );
}

#[test]
fn a_missing_store_is_named_and_not_created() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("none");
    let error = Store::open_existing(&path).unwrap_err();
    assert!(matches!(error, StoreError::Missing(_)), "{error}");
    assert!(!path.exists());
}

#[test]
fn what_is_no_store_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let notes = dir.path().join("notes.txt");
    fs::write(&notes, "mine").unwrap();
    let torn = dir.path().join("torn");
    fs::create_dir(&torn).unwrap();
    fs::write(torn.join("copydesk-store"), "copydesk st").unwrap();
    for path in [dir.path(), &notes, &torn] {
        for error in [
            Store::open(path).unwrap_err(),
            Store::open_existing(path).unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::NotAStore(_)), "{error}");
        }
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    assert!(matches!(
        Store::open_existing(&notes.join("below")).unwrap_err(),
        StoreError::Io { .. } | StoreError::Missing(_)
    ));
    assert!(Store::open(&notes.join("below")).is_err());
}

#[test]
fn an_empty_directory_becomes_a_store_only_when_asked() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        Store::open_existing(dir.path()).unwrap_err(),
        StoreError::NotAStore(_)
    ));
    assert_eq!(Store::open(dir.path()).unwrap().stats().unwrap().articles, 0);
}

#[test]
fn a_store_of_a_later_version_is_refused_in_words() {
    let mut desk = Desk::new();
    desk.close();
    fs::write(desk.path().join("copydesk-store"), "copydesk store, format 7\n").unwrap();
    let error = Store::open(&desk.path()).unwrap_err().to_string();
    assert!(
        error.ends_with("the store has format 7, this program knows formats up to 3; use a newer copydesk"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // The system lets an administrator write everywhere.
    if fs::write(dir.path().join("probe"), "").is_err() {
        let error = Store::open(&dir.path().join("desk")).unwrap_err();
        assert!(matches!(error, StoreError::Permission { .. }), "{error}");
    }
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_flipped_bit_costs_one_article_only() {
    let mut desk = Desk::new();
    let ids: Vec<_> = ["storm", "vote", "match"]
        .map(|subject| {
            id_of_outcome(desk.put(&article(
                &format!("https://example.org/{subject}"),
                &[&story(subject, 0..60)],
            )))
        })
        .to_vec();
    let hurt = desk.store().row(ids[1]).unwrap().unwrap().text;
    desk.close();
    let file = desk.path().join("text-000001.zst");
    let mut bytes = fs::read(&file).unwrap();
    bytes[hurt.offset as usize + 50] ^= 4;
    fs::write(&file, bytes).unwrap();
    desk.reopen();
    let error = desk.store().get(ids[1]).unwrap_err();
    assert!(
        matches!(error, StoreError::Damaged { id, revision: 1, .. } if id == ids[1]),
        "{error}"
    );
    assert!(desk.store().get(ids[0]).unwrap().is_some());
    assert!(desk.store().get(ids[2]).unwrap().is_some());
    let rows: Vec<_> = desk.store().query(&Query::default()).collect();
    assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 2);
    assert_eq!(rows.len(), 3);
    let update = article("https://example.org/vote", &[&story("vote", 0..70)]);
    assert_eq!(desk.put(&update), Outcome::Revision(ids[1], 2));
    assert_eq!(desk.store().get(ids[1]).unwrap().unwrap().article, update);
}

/// A store with revisions, sightings, canonical URLs, and an article that stands at another URL now.
fn eventful_desk() -> Desk {
    let desk = Desk::new();
    let url = |name: &str| format!("https://example.org/{name}");
    let mut by_canonical = article(&url("print"), &[&story("storm", 0..70)]);
    by_canonical.fields.canonical_url = Some(url("storm"));
    desk.put_at(&article(&url("storm"), &[&story("storm", 0..60)]), 1);
    desk.put_at(&by_canonical, 2);
    desk.put_at(&article(&url("vote"), &[&story("vote", 0..60)]), 3);
    desk.put_at(&article("https://other.net/vote", &[&story("vote", 0..60)]), 4);
    desk.put_at(
        &published(article(&url("vote"), &[&story("vote", 0..90)]), "2001-02-03"),
        5,
    );
    desk.put_at(&article("https://other.net/vote", &[&story("split", 0..60)]), 6);
    desk.put_at(&article(&url("vote"), &["Too thin."]), 7);
    let mut alone = article(&url("amp-match"), &["A short text."]);
    alone.fields.canonical_url = Some(url("match"));
    desk.store().put(&alone, b"", 8).unwrap();
    desk
}

/// All that can be asked of a store, but for its size on disk.
fn everything(store: &Store) -> (Vec<Vec<StoredArticle>>, Vec<Option<ArticleId>>, Stats) {
    let articles = store.query(&Query::default()).map(|row| {
        let stored = row.unwrap();
        store.raw_page(stored.id).unwrap();
        let revisions =
            (1..=stored.revision).map(|number| store.revision(stored.id, number).unwrap().unwrap());
        revisions.collect()
    });
    let urls = [
        "example.org/storm",
        "example.org/print",
        "other.net/vote",
        "example.org/match",
        "example.org/none",
    ];
    let ids = urls
        .map(|url| store.id_of_url(&format!("http://{url}")).unwrap())
        .to_vec();
    let mut stats = store.stats().unwrap();
    stats.disk_bytes = 0;
    (articles.collect(), ids, stats)
}

#[test]
fn rows_that_are_gone_or_damaged_are_made_again_from_the_texts() {
    let mut desk = eventful_desk();
    let before = everything(desk.store());
    assert_eq!((before.2.articles, before.2.revisions, before.2.urls), (4, 6, 5));
    let rows = desk.path().join("rows");
    let cut_db = || {
        fs::File::options()
            .write(true)
            .open(rows.join("db"))
            .unwrap()
            .set_len(5000)
            .unwrap();
    };
    let spoil_db = || fs::write(rows.join("db"), vec![0xa5; 20_000]).unwrap();
    let spoil_conf = || fs::write(rows.join("conf"), "segment_size: 9").unwrap();
    let remove_all = || fs::remove_dir_all(&rows).unwrap();
    let harms: [(&str, &dyn Fn()); 4] = [
        ("cut", &cut_db),
        ("spoilt", &spoil_db),
        ("conf", &spoil_conf),
        ("gone", &remove_all),
    ];
    for (name, harm) in harms {
        desk.close();
        harm();
        desk.reopen();
        assert_eq!(everything(desk.store()), before, "{name}");
    }
}

#[test]
fn a_text_that_cannot_be_read_is_the_only_one_missing_from_rows_made_again() {
    let mut desk = Desk::new();
    let ids = ["storm", "vote", "match"].map(|subject| {
        let url = format!("https://example.org/{subject}");
        id_of_outcome(desk.put(&article(&url, &[&story(subject, 0..60)])))
    });
    let hurt = desk.store().row(ids[1]).unwrap().unwrap().text;
    desk.close();
    let file = desk.path().join("text-000001.zst");
    let mut bytes = fs::read(&file).unwrap();
    bytes[hurt.offset as usize + 50] ^= 4;
    fs::write(&file, bytes).unwrap();
    fs::remove_dir_all(desk.path().join("rows")).unwrap();
    desk.reopen();
    let found = ids.map(|id| desk.store().get(id).unwrap().is_some());
    assert_eq!(found, [true, false, true]);
}

#[test]
fn a_group_that_has_grown_large_is_committed_without_a_flush() {
    let desk = Desk::new();
    for number in 0..600 {
        desk.put(&article(&format!("https://example.org/{number}"), &["Text."]));
        assert!(desk.store().rows.waiting() <= 256);
    }
    assert_eq!(desk.store().stats().unwrap().articles, 600);
}

#[test]
fn threads_share_a_store() {
    let desk = Desk::new();
    let store = desk.store();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for number in 0..25 {
                    let put = article(&format!("https://example.org/{thread}/{number}"), &["Text."]);
                    let id = id_of_outcome(store.put(&put, b"raw", 0).unwrap());
                    assert_eq!(store.get(id).unwrap().unwrap().article, put);
                    if number % 10 == thread {
                        store.flush().unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(store.stats().unwrap().articles, 100);
}
