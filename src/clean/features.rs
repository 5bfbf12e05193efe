//! What the body model sees of each block: itself, its ancestors, its neighbours, the page.
//!
//! Features are columns, so that a tree compares one of them for all blocks at a stroke. The order of the columns is part of
//! the model, see [`names`].

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::article::BlockKind;
use crate::document::{Document, TextBlock};

use super::outline::{Measures, Outline, holder};
use super::tree::TreeFacts;
use super::words::{PageWords, Reference};

/// How far a block looks to both sides.
const REACH: isize = 4;
/// Distances are cut here.
const FAR: f32 = 40.0;

/// A table of features: one column a feature, one row a block.
#[derive(Debug, Default)]
pub struct Features {
    rows: usize,
    values: Vec<f32>,
    names: Vec<String>,
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
        self.values.extend(column);
        if named {
            self.names.push(name.to_owned());
        }
    }
}

/// The texts that a page says about itself, to compare blocks with.
#[derive(Debug, Default)]
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
}

/// Computes all features of a page; `named` notes their names too.
pub fn features(input: Input<'_>, named: bool) -> Features {
    let tree = TreeFacts::of(input.document, &input.outline.measures);
    let words = PageWords::of(input.document);
    let mut table = Features::with_rows(input.document.blocks.len());
    if table.rows == 0 {
        return table;
    }
    let maker = Maker {
        input,
        tree: &tree,
        words: &words,
        named,
    };
    maker.own(&mut table);
    maker.texts(&mut table);
    maker.kinds(&mut table);
    maker.containers(&mut table);
    maker.places(&mut table);
    maker.markup(&mut table);
    maker.page(&mut table);
    maker.neighbours(&mut table);
    table
}

struct Maker<'a> {
    input: Input<'a>,
    tree: &'a TreeFacts,
    words: &'a PageWords,
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

    fn own(&self, table: &mut Features) {
        let blocks = self.blocks();
        self.each(table, "chars", |at| log2(blocks[at].chars as f32));
        self.measure(table, "words", |row| log2(row.words as f32));
        self.measure(table, "links", |row| row.links);
        self.measure(table, "marks", |row| row.marks as f32 / row.words.max(1) as f32);
        self.measure(table, "running", |row| f32::from(row.running));
        self.measure(table, "ends_sentence", |row| f32::from(row.ends_sentence));
        self.measure(table, "ends_open", |row| f32::from(row.ends_open));
        self.measure(table, "begins_large", |row| f32::from(row.begins_large));
        let measures = &self.input.outline.measures;
        self.each(table, "capitals", |at| {
            measures[at].capitals as f32 / blocks[at].chars.max(1) as f32
        });
        self.each(table, "digits", |at| {
            measures[at].digits as f32 / blocks[at].chars.max(1) as f32
        });
        self.each(table, "word_length", |at| {
            blocks[at].chars as f32 / measures[at].words.max(1) as f32
        });
        self.each(table, "strong", |at| {
            blocks[at].strong_chars as f32 / blocks[at].chars.max(1) as f32
        });
        let text = |at: usize| self.input.document.text(&blocks[at]);
        self.each(table, "sign", |at| sign(text(at)));
        self.each(table, "quoted", |at| {
            f32::from(text(at).starts_with(['"', '“', '«', '„', '‘', '「', '—', '–']))
        });
        self.each(table, "question", |at| {
            f32::from(text(at).ends_with(['?', '？', '؟']))
        });
        self.each(table, "colon", |at| f32::from(text(at).ends_with([':', '：'])));
    }

    fn texts(&self, table: &mut Features) {
        let References {
            title,
            description,
            article_body,
        } = self.input.references;
        let words = self.words;
        self.each(table, "in_title", |at| title.share_of(words.block(at)));
        self.each(table, "covers_title", |at| title.covered_by(words.block(at)));
        self.each(table, "in_description", |at| description.runs_of(words.block(at)));
        self.each(table, "covers_description", |at| {
            description.covered_by(words.block(at))
        });
        let has_body = article_body.len() >= 50;
        self.each(table, "in_article_body", |at| {
            if has_body {
                article_body.runs_of(words.block(at))
            } else {
                -1.0
            }
        });
        let repetitions = words.repetitions();
        self.each(table, "repetitions", |at| repetitions[at]);
    }

    fn kinds(&self, table: &mut Features) {
        let blocks = self.blocks();
        let is = |kind: BlockKind| move |at: usize| f32::from(blocks[at].kind == kind);
        self.each(table, "paragraph", is(BlockKind::Paragraph));
        self.each(table, "heading", |at| heading(&blocks[at]));
        self.each(table, "list_item", is(BlockKind::ListItem));
        self.each(table, "quote", is(BlockKind::Quote));
        self.each(table, "table_row", is(BlockKind::TableRow));
        self.each(table, "caption", is(BlockKind::Caption));
        self.each(table, "other", is(BlockKind::Other));
        let tag = |at: usize| &*self.input.document.elements[blocks[at].element as usize].tag;
        self.each(table, "tag", |at| match tag(at) {
            "p" => 0.0,
            "div" => 1.0,
            "section" | "article" => 2.0,
            "span" => 3.0,
            "b" | "strong" | "em" | "i" => 4.0,
            "a" => 5.0,
            "button" | "label" => 6.0,
            _ => 7.0,
        });
    }

    /// How much of the page's running text stands under each ancestor.
    fn containers(&self, table: &mut Features) {
        let document = self.input.document;
        let mut level: Vec<u32> = self
            .blocks()
            .iter()
            .map(|block| holder(document, block))
            .collect();
        let total = self.tree.running(0).max(1.0);
        for step in 0..5 {
            let name = |what: &str| {
                if self.named {
                    format!("{what}_{step}")
                } else {
                    String::new()
                }
            };
            self.each(table, &name("share"), |at| self.tree.running(level[at]) / total);
            self.each(table, &name("blocks"), |at| log2(self.tree.blocks(level[at])));
            if step < 4 {
                self.each(table, &name("density"), |at| {
                    self.tree.running(level[at]) / self.tree.words(level[at]).max(1.0)
                });
                self.each(table, &name("linked"), |at| self.tree.links(level[at]));
                self.each(table, &name("mean"), |at| {
                    log2(self.tree.words(level[at]) / self.tree.blocks(level[at]).max(1.0))
                });
            }
            for at in &mut level {
                *at = self.tree.parent(*at);
            }
        }
    }

    fn places(&self, table: &mut Features) {
        let (document, outline) = (self.input.document, self.input.outline);
        let n = self.blocks().len() as f32;
        let best = outline.container.unwrap_or(0);
        let relation = self.tree.relation(best);
        self.each(table, "climb", |at| {
            relation.climb[self.blocks()[at].element as usize].min(FAR)
        });
        self.each(table, "descent", |at| {
            relation.descent[self.blocks()[at].element as usize].min(FAR)
        });
        self.each(table, "before", |at| outline.before[at]);
        self.each(table, "position", |at| at as f32 / n);
        self.each(table, "from_end", |at| log2(n - at as f32));
        self.each(table, "depth", |at| {
            document.elements[self.blocks()[at].element as usize].depth as f32
        });
        let in_best: Vec<bool> = self
            .blocks()
            .iter()
            .zip(&outline.measures)
            .map(|(block, row)| row.running && relation.climb[block.element as usize] <= relation.near)
            .collect();
        let (since, until) = distances(&in_best);
        self.each(table, "since_story", |at| since[at]);
        self.each(table, "until_story", |at| until[at]);
        let running: Vec<bool> = outline.measures.iter().map(|row| row.running).collect();
        let (since, until) = distances(&running);
        self.each(table, "since_running", |at| since[at]);
        self.each(table, "until_running", |at| until[at]);
        let signatures = self.signatures();
        self.each(table, "alike", |at| log2(signatures[at].0));
        self.each(table, "alike_running", |at| signatures[at].1);
        self.each(table, "alike_links", |at| signatures[at].2);
    }

    /// For each block, over all blocks with the same markup: how many, what share of the running text, how much of it linked.
    fn signatures(&self) -> Vec<(f32, f32, f32)> {
        let document = self.input.document;
        let mut sums: FxHashMap<u64, (f32, f32, f32)> = FxHashMap::default();
        let keys: Vec<u64> = self
            .blocks()
            .iter()
            .map(|block| self.tree.signature(document, block))
            .collect();
        let mut total = 1.0;
        for (key, row) in keys.iter().zip(&self.input.outline.measures) {
            let sum = sums.entry(*key).or_default();
            let running = if row.running { row.words as f32 } else { 0.0 };
            *sum = (sum.0 + 1.0, sum.1 + running, sum.2 + row.links);
            total += running;
        }
        keys.iter()
            .map(|key| {
                let (count, running, links) = sums[key];
                (count, running / total, links / count)
            })
            .collect()
    }

    fn markup(&self, table: &mut Features) {
        let blocks = self.blocks();
        let document = self.input.document;
        for (bit, name) in super::tree::TAGS.iter().enumerate() {
            self.each(table, name, |at| {
                f32::from(self.tree.tags_around(blocks[at].element) >> bit & 1 == 1)
            });
        }
        for (bit, (name, _)) in super::markup::GROUPS.iter().enumerate() {
            let name = if self.named {
                format!("in_{name}")
            } else {
                String::new()
            };
            // how near the nearest element of the group stands: 3 for the block's own, 2 and 1 for those around it, 0.5 further out
            self.each(table, &name, |at| {
                let own = blocks[at].element;
                let hold = holder(document, &blocks[at]);
                let up = self.tree.parent(hold);
                let has = |groups: u32| groups >> bit & 1 == 1;
                if own != hold && has(self.tree.groups(own)) {
                    3.0
                } else if has(self.tree.groups(hold)) {
                    2.0
                } else if has(self.tree.groups(up)) {
                    1.0
                } else {
                    0.5 * f32::from(has(self.tree.groups_around(own)))
                }
            });
        }
    }

    fn page(&self, table: &mut Features) {
        let outline = self.input.outline;
        let total = self.tree.running(0).max(1.0);
        let best = outline.container.unwrap_or(0);
        let constants = [
            ("page_running", log2(total)),
            ("page_blocks", log2(self.blocks().len() as f32)),
            ("page_best", self.tree.running(best) / total),
            ("page_links", self.tree.links(0)),
        ];
        for (name, value) in constants {
            self.each(table, name, |_| value);
        }
        let mut dropped: f32 = 0.0;
        let before: Vec<f32> = self
            .input
            .dropped
            .iter()
            .map(|&is_dropped| {
                dropped = if is_dropped { dropped + 1.0 } else { 0.0 };
                dropped.min(FAR)
            })
            .collect();
        self.each(
            table,
            "after_dropped",
            |at| if at == 0 { 0.0 } else { before[at - 1] },
        );
        let (since_head, until_head) = distances(self.input.heads);
        self.each(table, "since_head", |at| since_head[at]);
        self.each(table, "until_head", |at| until_head[at]);
    }

    /// The telling features of the blocks on both sides, and whether those stand beside this one.
    fn neighbours(&self, table: &mut Features) {
        const SEEN: [&str; 13] = [
            "words",
            "links",
            "marks",
            "ends_sentence",
            "paragraph",
            "heading",
            "in_article_body",
            "share_0",
            "share_2",
            "alike_running",
            "climb",
            "strong",
            "word_length",
        ];
        let columns: Vec<(usize, &str)> = SEEN
            .iter()
            .filter_map(|name| Some((column_of(name)?, *name)))
            .collect();
        for step in (-REACH..=REACH).filter(|&step| step != 0) {
            for &(column, name) in &columns {
                let name = if self.named {
                    format!("{name}{step:+}")
                } else {
                    String::new()
                };
                let shifted = shifted(table.column(column), step);
                table.push(&name, self.named, shifted.into_iter());
            }
        }
        let document = self.input.document;
        let holders: Vec<u32> = self
            .blocks()
            .iter()
            .map(|block| holder(document, block))
            .collect();
        for step in [-2, -1, 1, 2] {
            let name = if self.named {
                format!("beside{step:+}")
            } else {
                String::new()
            };
            self.each(table, &name, |at| {
                f32::from(
                    at.checked_add_signed(step).and_then(|other| holders.get(other)) == Some(&holders[at]),
                )
            });
        }
    }
}

/// The columns that neighbours are seen by, by their places in the table.
fn column_of(name: &str) -> Option<usize> {
    NEIGHBOUR_COLUMNS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, at)| *at)
}

/// Fixed by the order in [`features`]; a test compares it with the names.
const NEIGHBOUR_COLUMNS: [(&str, usize); 13] = [
    ("words", 1),
    ("links", 2),
    ("marks", 3),
    ("ends_sentence", 5),
    ("strong", 11),
    ("word_length", 10),
    ("in_article_body", 20),
    ("paragraph", 22),
    ("heading", 23),
    ("share_0", 30),
    ("share_2", 40),
    ("climb", 52),
    ("alike_running", 63),
];

fn shifted(column: &[f32], step: isize) -> Vec<f32> {
    (0..column.len())
        .map(|at| {
            at.checked_add_signed(step)
                .and_then(|other| column.get(other))
                .copied()
                .unwrap_or(-1.0)
        })
        .collect()
}

fn heading(block: &TextBlock) -> f32 {
    match block.kind {
        BlockKind::Heading { level } => f32::from(7 - level.min(6)),
        _ => 0.0,
    }
}

/// Signs that stand in credits, bylines and lists of links rather than in stories.
fn sign(text: &str) -> f32 {
    if text.contains(['©', '®', '™']) {
        return 4.0;
    }
    if text.contains(['@', '#']) {
        return 3.0;
    }
    if text.contains(['|', '•', '·', '›', '»', '→', '▸', '×']) {
        return 2.0;
    }
    f32::from(text.contains(['/', '_', '+', '=']))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_seen_by_the_columns_that_they_name() {
        for (name, at) in NEIGHBOUR_COLUMNS {
            assert_eq!(names().iter().position(|known| known == name), Some(at), "{name}");
        }
    }
}
