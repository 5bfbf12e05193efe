//! What is found, in the index and without it.

use super::*;
use crate::article::{Block, BlockKind, Confidence, Fields, PageDate, PageKind};

/// The articles of the tests: language, headline, blocks.
const ARTICLES: [(&str, &str, &[&str]); 6] = [
    (
        "en",
        "The council votes on the budget",
        &["Members voted at night.", "Don\u{2019}t panic, they said."],
    ),
    (
        "en",
        "High-speed line",
        &["The line of high speed.", "Vote of thanks."],
    ),
    ("de", "Zwei Züge halten in München", &["Die Straße ist offen."]),
    ("ja", "東京都の発表", &["東京都は今日、2026年の予算を発表した。"]),
    ("", "Ballots and votes", &["No language is known here."]),
    ("fr", "Le budget voté", &["Les députés ont voté le texte."]),
];

fn entry(number: u64) -> Entry {
    let (language, title, texts) = ARTICLES[number as usize];
    let block = |text: &&str| Block {
        kind: BlockKind::Paragraph,
        text: (*text).to_owned(),
    };
    Entry {
        id: ArticleId(number),
        time: number.cast_signed() * 86_400,
        day: 19_700_101 + number,
        site: if number.is_multiple_of(2) {
            "even.example"
        } else {
            "odd.example"
        }
        .to_owned(),
        host: "news.even.example".to_owned(),
        article: Article {
            url: format!("https://news.even.example/{number}"),
            site: String::new(),
            fields: Fields {
                title: Some(title.to_owned()),
                authors: vec!["Ann Ode".to_owned(), format!("Writer{number} Smith")],
                published: PageDate::parse("1970-01-01"),
                language: Some(language.to_owned()).filter(|tag| !tag.is_empty()),
                section: Some("World News".to_owned()),
                ..Fields::default()
            },
            blocks: texts.iter().map(block).collect(),
            dropped: Vec::new(),
            layout: None,
            rules: String::new(),
            kind: PageKind::Article,
            confidence: Confidence::of(1.0),
            limits: Vec::new(),
        },
    }
}

fn numbered(seq: u64, entry: Entry) -> Numbered {
    Numbered {
        seq,
        id: entry.id,
        entry: Some(entry),
    }
}

fn filled() -> (tempfile::TempDir, Index) {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(&dir.path().join("search")).unwrap();
    let all = (0..ARTICLES.len() as u64).map(|number| numbered(number + 1, entry(number)));
    assert_eq!(index.take_in(all).unwrap(), 6);
    (dir, index)
}

fn ids(index: &Index, query: &str, selection: &Selection) -> Vec<u64> {
    let asked = Asked::parse(query).unwrap();
    let found = index.find(&asked, selection, None).unwrap();
    found.hits.iter().map(|hit| hit.id.0).collect()
}

#[test]
fn the_index_finds_what_a_look_at_every_article_finds() {
    let (_dir, index) = filled();
    for (query, expected) in [
        ("vote", &[5, 1, 0][..]),
        ("votes", &[5, 4, 1, 0]),
        ("\"votes\"", &[4, 0]),
        ("vot*", &[5, 4, 1, 0]),
        ("zug", &[2]),
        ("zuge munchen", &[2]),
        ("STRASSE", &[2]),
        ("\"high speed\"", &[1]),
        ("high-speed", &[1]),
        ("\"speed vote\"", &[]),
        ("don't", &[0]),
        ("title:budget", &[5, 0]),
        ("title:night", &[]),
        ("author:\"ann ode\" author:writer3", &[3]),
        ("author:\"ode writer3\"", &[]),
        ("tag:news line", &[1]),
        ("site:odd.example", &[5, 3, 1]),
        ("site:news.even.example budget", &[5, 0]),
        ("lang:de OR lang:fr", &[5, 2]),
        ("budget -council", &[5]),
        ("-vot*", &[3, 2]),
        ("line OR ballot* night OR known", &[4]),
        ("東京", &[3]),
        ("京", &[3]),
        ("年の", &[3]),
        ("2026年", &[3]),
        ("明日", &[]),
        ("\"東京都は 今日\"", &[]),
        ("submarine", &[]),
    ] {
        assert_eq!(ids(&index, query, &Selection::default()), expected, "{query}");
        let asked = Asked::parse(query).unwrap();
        let mut matcher = Matcher::new(&asked);
        let looked: Vec<u64> = (0..6)
            .rev()
            .filter(|number| matcher.finds(&entry(*number)))
            .collect();
        assert_eq!(looked, expected, "{query}, without the index");
    }
}

#[test]
fn hits_are_chosen_by_site_and_time_and_ordered_as_asked() {
    let (_dir, index) = filled();
    let select = |selection: Selection| ids(&index, "vot*", &selection);
    let site = Some("WWW.Even.example.".to_owned());
    assert_eq!(
        select(Selection {
            site,
            ..Selection::default()
        }),
        [4, 0]
    );
    let (since, until) = (Some(86_400), Some(4 * 86_400));
    assert_eq!(
        select(Selection {
            since,
            until,
            ..Selection::default()
        }),
        [1]
    );
    assert_eq!(
        select(Selection {
            limit: Some(2),
            ..Selection::default()
        }),
        [5, 4]
    );
    let order = Order::Relevance;
    let by_relevance = ids(
        &index,
        "votes",
        &Selection {
            order,
            ..Selection::default()
        },
    );
    assert_eq!(
        by_relevance[..1],
        [4],
        "the word itself, in the headline of a short text"
    );
}

#[test]
fn counts_are_of_all_that_is_found_whatever_the_limit() {
    let (_dir, index) = filled();
    let asked = Asked::parse("vot*").unwrap();
    let limit = Some(0);
    let count = |facet| {
        index
            .find(
                &asked,
                &Selection {
                    limit,
                    ..Selection::default()
                },
                Some(facet),
            )
            .unwrap()
    };
    let of = |name: &str, count| (name.to_owned(), count);
    assert_eq!(
        count(Facet::Site).counts,
        [of("even.example", 2), of("odd.example", 2)]
    );
    let days = count(Facet::Day);
    assert_eq!(days.counts[0], of("1970-01-06", 1));
    assert_eq!((days.counts.len(), days.hits.len()), (4, 0));
}

#[test]
fn an_article_stands_in_the_index_once_and_the_position_is_kept() {
    let (dir, mut index) = filled();
    let mut changed = entry(0);
    changed.article.fields.title = Some("Another headline".to_owned());
    index
        .take_in(
            [
                numbered(9, changed),
                Numbered {
                    seq: 10,
                    id: ArticleId(8),
                    entry: None,
                },
            ]
            .into_iter(),
        )
        .unwrap();
    drop(index);
    let index = Index::open(&dir.path().join("search")).unwrap();
    assert_eq!((index.seq(), index.articles()), (10, 7));
    assert_eq!(ids(&index, "title:headline", &Selection::default()), [0]);
    assert_eq!(ids(&index, "title:budget", &Selection::default()), [5]);
}

#[test]
fn a_broken_index_is_begun_anew() {
    let (dir, index) = filled();
    drop(index);
    let path = dir.path().join("search");
    for (file, bytes) in [
        ("meta.json", &b"{"[..]),
        ("meta.json", b""),
        (".managed.json", b"x"),
    ] {
        std::fs::write(path.join(file), bytes).unwrap();
        let mut index = Index::open(&path).unwrap();
        assert_eq!(index.seq(), 0, "{file}");
        index.take_in(std::iter::once(numbered(1, entry(0)))).unwrap();
    }
    std::fs::remove_dir_all(&path).unwrap();
    std::fs::write(&path, "a file").unwrap();
    let error = Index::open(&path).err().unwrap().to_string();
    assert!(error.contains("the search index: "), "{error}");
}

#[test]
fn a_snippet_shows_the_words_where_they_stand() {
    let snippet = |number, query: &str| {
        let asked = Asked::parse(query).unwrap();
        let snippet = Matcher::new(&asked).snippet(&entry(number).article).unwrap();
        let marked = snippet.marks.iter();
        let marked = marked.map(|(from, to)| snippet.text.chars().skip(*from).take(to - from).collect());
        let marked: Vec<String> = marked.collect();
        (snippet.text, marked)
    };
    let (text, marked) = snippet(0, "panic they");
    assert_eq!(text, "Don\u{2019}t panic, they said.");
    assert_eq!(marked, ["panic", "they"]);
    assert_eq!(snippet(0, "vote").1, ["voted"]);
    assert_eq!(snippet(3, "発表").1, ["発表"]);
    assert!(snippet(0, "budget").1.is_empty());
    let mut long = entry(0);
    long.article.blocks[0].text = format!("{}needle{}", "å word ".repeat(900), " and more".repeat(900));
    let asked = Asked::parse("needle").unwrap();
    let snippet = Matcher::new(&asked).snippet(&long.article).unwrap();
    assert!(snippet.text.chars().count() <= 162, "{}", snippet.text);
    assert_eq!(snippet.marks.len(), 1);
}
