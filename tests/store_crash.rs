//! What was acknowledged is there after `kill -9`, whole, and nothing is there by half.
//!
//! The child is this test binary once more: it puts articles in groups, and says of each after the flush that it is
//! stored. The parent kills it at a random moment, opens the store and looks.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here should fail the test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use copydesk::article::{Article, Block, BlockKind, Confidence, Fields, PageKind};
use copydesk::store::{Outcome, Query, Store, StoreError, StoredArticle};

/// Where the child finds its store; without it the child's test does nothing.
const CHILD_STORE: &str = "COPYDESK_CRASH_TEST_STORE";
/// The number that the child begins with.
const CHILD_FIRST: &str = "COPYDESK_CRASH_TEST_FIRST";

const STORES: u64 = 5;
const KILLS_PER_STORE: u64 = 6;
/// More than a child can put before it is killed.
const NUMBERS_PER_KILL: u64 = 1_000_000;

/// Every so many articles the one before is put again with another text, or the same text at another URL.
const REVISION_EVERY: u64 = 5;
const SIGHTING_EVERY: u64 = 7;

/// A sequence of numbers that look random (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// The article of a number; a second revision has more words.
fn article(number: u64, revision: u32) -> Article {
    let mut dice = Dice(number);
    let words = 60 + dice.below(600);
    let mut words: Vec<_> = (0..words).map(|_| format!("w{}", dice.below(100_000))).collect();
    if revision > 1 {
        words.push("and an addition".to_owned());
    }
    Article {
        url: url(number),
        site: "example.org".to_owned(),
        fields: Fields {
            title: Some(format!("Article {number}")),
            ..Fields::default()
        },
        blocks: vec![Block {
            kind: BlockKind::Paragraph,
            text: words.join(" "),
        }],
        dropped: Vec::new(),
        layout: None,
        rules: String::new(),
        kind: PageKind::Article,
        confidence: Confidence::of(1.0),
        limits: Vec::new(),
    }
}

fn url(number: u64) -> String {
    format!("https://example.org/{number}")
}

fn raw(article: &Article) -> Vec<u8> {
    format!("<p>{}</p>", article.text()).into_bytes()
}

fn seconds(number: u64) -> i64 {
    i64::try_from(number).unwrap() * 10
}

fn put(store: &Store, article: &Article, fetched: i64) -> Outcome {
    store.put(article, &raw(article), fetched).unwrap()
}

/// Not a test: the life of the child.
#[test]
fn child() {
    let Some(path) = std::env::var_os(CHILD_STORE) else {
        return;
    };
    let first: u64 = std::env::var(CHILD_FIRST).unwrap().parse().unwrap();
    let store = Store::open(Path::new(&path)).unwrap();
    let mut dice = Dice(first);
    let mut number = first;
    loop {
        let mut stored = Vec::new();
        for _ in 0..=dice.below(12) {
            put(&store, &article(number, 1), seconds(number));
            stored.push(format!("stored {number} 1\n"));
            if number.is_multiple_of(REVISION_EVERY) {
                put(&store, &article(number, 2), seconds(number) + 5);
                stored.push(format!("stored {number} 2\n"));
            }
            if number.is_multiple_of(SIGHTING_EVERY) {
                let mut copy = article(number, 1);
                copy.url = format!("https://copies.example.net/{number}");
                put(&store, &copy, seconds(number) + 6);
            }
            number += 1;
        }
        store.flush().unwrap();
        // Ends the child where the parent has gone.
        if std::io::stdout().write_all(stored.concat().as_bytes()).is_err() {
            return;
        }
    }
}

fn start_child(store: &Path, first: u64) -> (Child, Receiver<(u64, u32)>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD_STORE, store)
        .env(CHILD_FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (sender, stored) = channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let mut words = line.split(' ');
            if words.next() == Some("stored") {
                let mut next = || words.next().and_then(|word| word.parse::<u64>().ok());
                // The last line may be torn.
                if let (Some(number), Some(revision)) = (next(), next()) {
                    let _ = sender.send((number, u32::try_from(revision).unwrap()));
                }
            }
        }
    });
    (child, stored)
}

/// Runs the child for a while, kills it, and adds what it has acknowledged.
fn run_and_kill(store: &Path, first: u64, alive: Duration, acknowledged: &mut BTreeMap<u64, u32>) {
    let (mut child, stored) = start_child(store, first);
    let start = Instant::now();
    loop {
        match stored.recv_timeout(alive.saturating_sub(start.elapsed())) {
            Ok((number, revision)) => {
                acknowledged.insert(number, revision);
            }
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("the child ended by itself"),
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said before it died counts.
    acknowledged.extend(stored.iter());
}

fn check_acknowledged(store: &Store, acknowledged: &BTreeMap<u64, u32>) {
    for (&number, &revision) in acknowledged {
        let id = store
            .id_of_url(&url(number))
            .unwrap()
            .unwrap_or_else(|| panic!("{number} is lost"));
        let stored = store.get(id).unwrap().unwrap();
        assert!(stored.revision >= revision, "{number}: a revision is lost");
        let fetched = seconds(number);
        let at_its_time = Query {
            since: Some(fetched),
            until: Some(fetched + 1),
            ..Query::default()
        };
        let found: Vec<_> = store.query(&at_its_time).map(|row| row.unwrap().id).collect();
        assert_eq!(found, [id]);
    }
}

fn check_whole(store: &Store, stored: &StoredArticle) {
    let number: u64 = stored.article.url.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(stored.article, article(number, stored.revision));
    assert_eq!(store.raw_page(stored.id).unwrap(), Some(raw(&stored.article)));
    assert_eq!(store.get(stored.id).unwrap().as_ref(), Some(stored));
    for sighting in &stored.sightings {
        assert_eq!(store.id_of_url(&sighting.url).unwrap(), Some(stored.id));
    }
    for revision in 1..=stored.revision {
        let earlier = store.revision(stored.id, revision).unwrap().unwrap();
        assert_eq!(earlier.article, article(number, revision));
    }
}

/// Returns how many articles there are.
fn check_nothing_by_half(store: &Store) -> u64 {
    let (mut articles, mut revisions, mut urls) = (0, 0, 0);
    for stored in store.query(&Query::default()) {
        let stored = stored.unwrap();
        check_whole(store, &stored);
        articles += 1;
        revisions += u64::from(stored.revision);
        urls += stored.sightings.len() as u64;
    }
    let stats = store.stats().unwrap();
    assert_eq!(
        (stats.articles, stats.revisions, stats.urls),
        (articles, revisions, urls)
    );
    assert_eq!(stats.raw_pages, revisions);
    assert_eq!(stats.sites.iter().map(|(_, count)| count).sum::<u64>(), articles);
    articles
}

/// The text of an article at a new URL is known for what it is.
fn check_found_by_text(store: &Store, number: u64, kill: u64) {
    let id = store.id_of_url(&url(number)).unwrap().unwrap();
    let mut copy = store.get(id).unwrap().unwrap().article;
    copy.url = format!("https://found.example.com/{kill}/{number}");
    assert_eq!(put(store, &copy, 0), Outcome::Duplicate(id));
}

#[test]
fn what_was_acknowledged_survives_every_kill() {
    let mut dice = Dice(1);
    let mut total = 0;
    for _ in 0..STORES {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk");
        let mut acknowledged = BTreeMap::new();
        for kill in 0..KILLS_PER_STORE {
            let alive = Duration::from_millis(30 + dice.below(200));
            run_and_kill(&path, kill * NUMBERS_PER_KILL, alive, &mut acknowledged);
            let Ok(store) = Store::open_existing(&path) else {
                // Killed before it had begun.
                assert!(acknowledged.is_empty());
                continue;
            };
            check_acknowledged(&store, &acknowledged);
            total += check_nothing_by_half(&store);
            for number in acknowledged.keys().rev().take(20) {
                check_found_by_text(&store, *number, kill);
            }
        }
    }
    assert!(total > 100, "only {total} articles were looked at");
}

#[test]
fn a_torn_tail_is_cut_and_the_rest_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    for number in 0..20 {
        put(&store, &article(number, 1), seconds(number));
    }
    drop(store);
    let files = ["text-000001.zst", "page-000001.zst"].map(|name| dir.path().join(name));
    let lengths = files.each_ref().map(|file| fs::metadata(file).unwrap().len());
    for file in &files {
        let torn = fs::read(file).unwrap()[..300].to_vec();
        fs::OpenOptions::new()
            .append(true)
            .open(file)
            .unwrap()
            .write_all(&torn)
            .unwrap();
    }
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(
        files.each_ref().map(|file| fs::metadata(file).unwrap().len()),
        lengths
    );
    assert_eq!(check_nothing_by_half(&store), 20);
}

#[test]
fn a_store_that_another_process_holds_is_said_to_be_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk");
    let (mut child, stored) = start_child(&path, 0);
    stored.recv().unwrap();
    let error = Store::open(&path).unwrap_err();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(error, StoreError::Locked(_)), "{error}");
    Store::open(&path).unwrap();
}
