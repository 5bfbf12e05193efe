//! Stories found while articles come in, in any order.

use super::*;

/// So many words of a story, from one on.
fn words(story: u64, from: usize, count: usize) -> String {
    let mut state = story.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let all = std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        format!("w{}", (state >> 33) % 3000)
    });
    all.skip(from).take(count).collect::<Vec<_>>().join(" ")
}

fn put(store: &Store, url: &str, text: &str, at: i64) -> ArticleId {
    let (Outcome::New(id) | Outcome::Revision(id, _)) = store.put(&article(url, &[text]), b"", at).unwrap()
    else {
        panic!("{url}: not stored")
    };
    id
}

/// Three that carry one story, one with a chain to them, and two others.
fn versions() -> Vec<(&'static str, String)> {
    vec![
        ("https://a.example/1", words(1, 0, 300)),
        ("https://b.example/1", words(1, 0, 120)),
        (
            "https://c.example/1",
            format!("{} {}", words(9, 0, 30), words(1, 100, 250)),
        ),
        ("https://d.example/1", words(1, 190, 250)),
        ("https://e.example/2", words(2, 0, 300)),
        ("https://f.example/3", words(3, 0, 20)),
    ]
}

#[test]
fn stories_do_not_depend_on_the_order_of_their_articles() {
    let mut order: Vec<usize> = (0..6).collect();
    let mut seen = Vec::new();
    for turn in 0..6 {
        order.rotate_left(1);
        if turn % 2 == 1 {
            order.reverse();
        }
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store")).unwrap();
        let all = versions();
        for at in &order {
            put(&store, all[*at].0, &all[*at].1, 100 + i64::try_from(*at).unwrap());
            if turn == 3 {
                store.flush().unwrap();
            }
        }
        let id = |url| store.id_of_url(url).unwrap().unwrap();
        let stories: Vec<_> = all
            .iter()
            .map(|(url, _)| store.story_ids(id(url)).unwrap())
            .collect();
        assert_eq!(stories[0].len(), 4, "{stories:?}");
        assert_eq!(
            (&stories[4], &stories[5]),
            (&vec![id("https://e.example/2")], &vec![id("https://f.example/3")])
        );
        assert_eq!(store.story_of(id("https://d.example/1")).unwrap(), stories[0][0]);
        seen.push(stories);
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_story_has_its_earliest_first_and_survives_a_restart_without_rows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store");
    {
        let store = Store::open(&path).unwrap();
        for (at, (url, text)) in versions().iter().enumerate() {
            put(&store, url, text, 100 - i64::try_from(at).unwrap());
        }
    }
    std::fs::remove_dir_all(path.join("rows")).unwrap();
    let store = Store::open(&path).unwrap();
    let id = store.id_of_url("https://a.example/1").unwrap().unwrap();
    let members = store.story(id).unwrap();
    let urls: Vec<_> = members
        .iter()
        .map(|member| member.article.article.url.as_str())
        .collect();
    assert_eq!(
        urls,
        [
            "https://d.example/1",
            "https://c.example/1",
            "https://b.example/1",
            "https://a.example/1"
        ]
    );
    assert!(members[0].likeness.resemblance > 0.99 && members[3].likeness.resemblance < 0.5);
}

#[test]
fn a_revision_can_bring_an_article_into_a_story() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("store")).unwrap();
    let first = put(&store, "https://a.example/1", &words(1, 0, 300), 1);
    let other = put(&store, "https://b.example/1", &words(2, 0, 300), 2);
    assert_eq!(store.story_ids(first).unwrap(), [first]);
    put(&store, "https://b.example/1", &words(1, 0, 280), 3);
    assert_eq!(store.story_ids(first).unwrap().len(), 2);
    // What it was is forgotten.
    let late = put(&store, "https://c.example/1", &words(2, 0, 290), 4);
    assert_eq!(store.story_ids(late).unwrap(), [late]);
    assert_eq!(store.story_of(other).unwrap(), store.story_of(first).unwrap());
}
