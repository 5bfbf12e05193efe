//! Where a block stands: in which containers, and where in them and on the page.

use rustc_hash::FxHashMap;

use crate::article::BlockKind;

use super::{FAR, Features, Maker, distances, log2};

/// A climb of at most so many elements stays beside the container.
const NEAR: f32 = 2.0;

impl Maker<'_> {
    /// How much of the page's running text stands under each ancestor.
    pub(super) fn containers(&self, table: &mut Features) {
        let mut level = self.input.outline.holders.clone();
        let total = self.tree.running(0).max(1.0);
        for step in 0..5 {
            let name = |what: &str| format!("{what}_{step}");
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

    pub(super) fn places(&self, table: &mut Features) {
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
            .map(|(block, row)| row.running && relation.climb[block.element as usize] <= NEAR)
            .collect();
        let (since, until) = distances(&in_best);
        self.each(table, "since_story", |at| since[at]);
        self.each(table, "until_story", |at| until[at]);
        let running: Vec<bool> = outline.measures.iter().map(|row| row.running).collect();
        let (since, until) = distances(&running);
        self.each(table, "since_running", |at| since[at]);
        self.each(table, "until_running", |at| until[at]);
        let alike = self.alike();
        self.each(table, "alike", |at| log2(alike[at].0));
        self.each(table, "alike_running", |at| alike[at].1);
        self.each(table, "alike_links", |at| alike[at].2);
    }

    /// For each block, over all blocks with the same markup: how many, what share of the running text, how much of it linked.
    fn alike(&self) -> Vec<(f32, f32, f32)> {
        let mut sums: FxHashMap<u64, (f32, f32, f32)> = FxHashMap::default();
        let keys = &self.kin.own;
        let mut total = 1.0;
        for (key, row) in keys.iter().zip(&self.input.outline.measures) {
            let sum = sums.entry(*key).or_default();
            let running = row.running_words();
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

    /// Where the block stands to the containers that look like the one with most running text.
    pub(super) fn kin(&self, table: &mut Features) {
        let kin = self.kin;
        let relation = self.tree.relation(kin.root);
        self.each(table, "kin_share", |at| kin.share[at]);
        self.each(table, "kin_pieces", |at| log2(kin.pieces[at]));
        self.each(table, "kin_main", |at| f32::from(kin.is_main[at]));
        self.each(table, "kin_before", |at| kin.before[at]);
        let element = |at: usize| self.blocks()[at].element as usize;
        self.each(table, "kin_climb", |at| relation.climb[element(at)].min(FAR));
        self.each(table, "kin_descent", |at| relation.descent[element(at)].min(FAR));
        let running: Vec<bool> = (kin.is_main.iter().zip(&self.input.outline.measures))
            .map(|(is_main, row)| *is_main && row.running)
            .collect();
        let (since, until) = distances(&running);
        self.each(table, "since_kin", |at| since[at]);
        self.each(table, "until_kin", |at| until[at]);
    }

    /// Where the block stands to the headline, and to other headings of the first level.
    pub(super) fn headline(&self, table: &mut Features) {
        let headline = self.input.headline;
        let relation = headline.and_then(|at| Some(self.tree.relation(self.blocks().get(at)?.element)));
        self.each(table, "from_headline", |at| match headline {
            Some(headline) if at < headline => -log2((headline - at) as f32),
            Some(headline) => log2((at - headline) as f32),
            None => FAR,
        });
        self.each(table, "headline_climb", |at| {
            let climb = relation
                .as_ref()
                .map(|relation| relation.climb[self.blocks()[at].element as usize]);
            climb.unwrap_or(FAR).min(FAR)
        });
        self.each(table, "headline_descent", |at| {
            let descent = relation
                .as_ref()
                .map(|relation| relation.descent[self.blocks()[at].element as usize]);
            descent.unwrap_or(FAR).min(FAR)
        });
        let mut tops: f32 = 0.0;
        let before: Vec<f32> = (self.blocks().iter())
            .map(|block| {
                tops += f32::from(block.kind == BlockKind::Heading { level: 1 });
                tops.min(5.0)
            })
            .collect();
        self.each(table, "tops_before", |at| before[at]);
    }

    /// The list or table that the block stands in.
    pub(super) fn lists(&self, table: &mut Features) {
        /// A list is looked for so many elements up.
        const UP: usize = 5;
        let document = self.input.document;
        let list = |at: usize| {
            let around = document.ancestors(self.blocks()[at].element).take(UP);
            let is_list = |at: &u32| {
                matches!(
                    &*document.elements[*at as usize].tag,
                    "ul" | "ol" | "dl" | "table"
                )
            };
            around.filter(is_list).last()
        };
        let lists: Vec<Option<u32>> = (0..self.blocks().len()).map(list).collect();
        let of = |at: usize, value: &dyn Fn(u32) -> f32| lists[at].map_or(-1.0, value);
        self.each(table, "list_blocks", |at| {
            of(at, &|list| log2(self.tree.blocks(list)))
        });
        self.each(table, "list_links", |at| of(at, &|list| self.tree.links(list)));
        self.each(table, "list_mean", |at| {
            of(at, &|list| {
                log2(self.tree.words(list) / self.tree.blocks(list).max(1.0))
            })
        });
        self.each(table, "list_running", |at| {
            of(at, &|list| {
                self.tree.running(list) / self.tree.words(list).max(1.0)
            })
        });
        // how much running text of its container stands before the block, and after it
        let mut seen: FxHashMap<u32, f32> = FxHashMap::default();
        let outline = self.input.outline;
        let before: Vec<f32> = (outline.holders.iter().zip(&outline.measures))
            .map(|(holder, row)| {
                let sum = seen.entry(*holder).or_default();
                let before = *sum;
                *sum += row.running_words();
                before
            })
            .collect();
        self.each(table, "holder_before", |at| log2(before[at]));
        self.each(table, "holder_after", |at| {
            let own = outline.measures[at].running_words();
            let all = seen.get(&outline.holders[at]).copied().unwrap_or(0.0);
            log2((all - before[at] - own).max(0.0))
        });
    }

    pub(super) fn page(&self, table: &mut Features) {
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
}
