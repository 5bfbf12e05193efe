//! The behaviour of the store as its users see it.

mod import;
mod opening;
mod outcomes;
mod queries;
mod reclean;
mod seq;
mod stories;

use tempfile::TempDir;

use super::*;
use crate::article::{Block, BlockKind, Confidence, Fields, PageDate, PageKind};

/// An open store in a directory of its own.
struct Desk {
    dir: TempDir,
    store: Option<Store>,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("desk")).unwrap();
        Self {
            dir,
            store: Some(store),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("desk")
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn close(&mut self) {
        self.store = None;
    }

    fn reopen(&mut self) {
        self.close();
        self.store = Some(Store::open_existing(&self.path()).unwrap());
    }

    fn put(&self, article: &Article) -> Outcome {
        self.put_at(article, 1000)
    }

    fn put_at(&self, article: &Article, fetched: i64) -> Outcome {
        self.store()
            .put(article, article.text().as_bytes(), fetched)
            .unwrap()
    }

    fn ids(&self, query: &Query) -> Vec<ArticleId> {
        self.store().query(query).map(|row| row.unwrap().id).collect()
    }
}

fn article(url: &str, texts: &[&str]) -> Article {
    Article {
        url: url.to_owned(),
        site: String::new(),
        fields: Fields {
            title: Some("A headline".to_owned()),
            ..Fields::default()
        },
        blocks: texts
            .iter()
            .map(|text| Block {
                kind: BlockKind::Paragraph,
                text: (*text).to_owned(),
            })
            .collect(),
        dropped: Vec::new(),
        layout: None,
        rules: "r1".to_owned(),
        kind: PageKind::Article,
        confidence: Confidence::of(1.0),
        limits: Vec::new(),
    }
}

/// So many different words, no three in a row the same for two subjects.
fn story(subject: &str, words: std::ops::Range<u32>) -> String {
    words
        .map(|word| format!("{subject}{word}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn id_of_outcome(outcome: Outcome) -> ArticleId {
    match outcome {
        Outcome::New(id)
        | Outcome::Revision(id, _)
        | Outcome::Duplicate(id)
        | Outcome::Unchanged(id)
        | Outcome::Thinner(id) => id,
    }
}

fn published(mut article: Article, date: &str) -> Article {
    article.fields.published = PageDate::parse(date);
    article
}
