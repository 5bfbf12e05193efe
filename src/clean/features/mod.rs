//! What the body model sees of each block: itself, its ancestors, its neighbours, the page.
//!
//! Features are columns, so that a tree compares one of them for all blocks at a stroke. The order of the columns is part of
//! the model, see [`names`].

mod around;
mod own;
mod places;

use std::sync::LazyLock;

use crate::document::{Document, TextBlock};

use super::kin::Kin;
use super::outline::{Measures, Outline};
use super::tree::TreeFacts;
use super::words::{PageWords, Reference};

/// Distances are cut here.
const FAR: f32 = 40.0;

/// A table of features: one column a feature, one row a block.
#[derive(Debug, Default)]
pub struct Features {
    rows: usize,
    values: Vec<f32>,
    names: Vec<String>,
    /// The columns that blocks see their neighbours by.
    seen: Vec<(&'static str, usize)>,
}

impl Features {
    /// The number of blocks.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of features.
    pub fn columns(&self) -> usize {
        self.values.len().checked_div(self.rows).unwrap_or(0)
    }

    /// One feature of all blocks.
    pub fn column(&self, at: usize) -> &[f32] {
        self.values
            .get(at * self.rows..(at + 1) * self.rows)
            .unwrap_or_default()
    }

    /// An empty table with so many rows.
    pub(super) fn with_rows(rows: usize) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, name: &str, named: bool, column: impl Iterator<Item = f32>) {
        if let Some(seen) = around::SEEN.iter().find(|seen| **seen == name) {
            self.seen.push((seen, self.columns()));
        }
        self.values.extend(column);
        if named {
            self.names.push(name.to_owned());
        }
    }
}

/// The texts that a page says about itself, to compare blocks with.
#[derive(Debug, Clone, Default)]
pub struct References {
    /// The title.
    pub title: Reference,
    /// The description.
    pub description: Reference,
    /// JSON-LD `articleBody`, where the page carries the text twice.
    pub article_body: Reference,
}

/// The names of all columns, in their order.
pub fn names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let document = Document::from_text("One block is enough.");
        let outline = Outline::of(&document, &|_| false);
        let references = References::default();
        let input = Input {
            document: &document,
            outline: &outline,
            references: &references,
            dropped: &[false],
            heads: &[false],
            headline: None,
        };
        features(input, true).names
    });
    &NAMES
}

/// What the features are made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The page.
    pub document: &'a Document,
    /// Its measures.
    pub outline: &'a Outline,
    /// What it says about itself.
    pub references: &'a References,
    /// Whether a block was dropped by an earlier step.
    pub dropped: &'a [bool],
    /// Whether a block is, by its words, the head of a list of teasers or the end of the story.
    pub heads: &'a [bool],
    /// The block that is the headline.
    pub headline: Option<usize>,
}

/// Computes all features of a page; `named` notes their names too.
pub fn features(input: Input<'_>, named: bool) -> Features {
    let tree = TreeFacts::of(input.document, input.outline);
    let words = PageWords::of(input.document);
    let kin = Kin::of(input.document, input.outline);
    let mut table = Features::with_rows(input.document.blocks.len());
    if table.rows == 0 {
        return table;
    }
    let maker = Maker {
        input,
        tree: &tree,
        words: &words,
        kin: &kin,
        named,
    };
    maker.own(&mut table);
    maker.texts(&mut table);
    maker.kinds(&mut table);
    maker.containers(&mut table);
    maker.places(&mut table);
    maker.kin(&mut table);
    maker.headline(&mut table);
    maker.lists(&mut table);
    maker.markup(&mut table);
    maker.page(&mut table);
    maker.neighbours(&mut table);
    table
}

struct Maker<'a> {
    input: Input<'a>,
    tree: &'a TreeFacts,
    words: &'a PageWords,
    kin: &'a Kin,
    named: bool,
}

fn log2(value: f32) -> f32 {
    (value + 1.0).log2()
}

impl Maker<'_> {
    fn blocks(&self) -> &[TextBlock] {
        &self.input.document.blocks
    }

    fn each(&self, table: &mut Features, name: &str, value: impl Fn(usize) -> f32) {
        table.push(name, self.named, (0..self.blocks().len()).map(value));
    }

    fn measure(&self, table: &mut Features, name: &str, value: impl Fn(&Measures) -> f32) {
        table.push(name, self.named, self.input.outline.measures.iter().map(value));
    }
}

/// For each row, how far the last and the next marked row are; 0 on a marked one.
fn distances(marked: &[bool]) -> (Vec<f32>, Vec<f32>) {
    let scan = |rows: &mut dyn Iterator<Item = &bool>| {
        let mut distance = FAR;
        rows.map(|&is_marked| {
            distance = if is_marked { 0.0 } else { (distance + 1.0).min(FAR) };
            distance
        })
        .collect::<Vec<f32>>()
    };
    let since = scan(&mut marked.iter());
    let mut until = scan(&mut marked.iter().rev());
    until.reverse();
    (since, until)
}
