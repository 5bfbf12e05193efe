//! What stands around a block: the markup outside it, the blocks on both sides.

use super::super::{markup, tree};
use super::{Features, Maker};

/// How far a block looks to both sides.
const REACH: isize = 4;

/// The features that neighbours are seen by.
pub(super) const SEEN: [&str; 13] = [
    "words",
    "links",
    "marks",
    "ends_sentence",
    "strong",
    "word_length",
    "in_article_body",
    "paragraph",
    "heading",
    "share_0",
    "share_2",
    "climb",
    "alike_running",
];

impl Maker<'_> {
    /// A name that is made only where names are noted.
    fn name(&self, name: impl FnOnce() -> String) -> String {
        if self.named { name() } else { String::new() }
    }

    pub(super) fn markup(&self, table: &mut Features) {
        let blocks = self.blocks();
        let holders = &self.input.outline.holders;
        for (bit, name) in tree::TAGS.iter().enumerate() {
            self.each(table, name, |at| {
                f32::from(self.tree.tags_around(blocks[at].element) >> bit & 1 == 1)
            });
        }
        for (bit, (name, _)) in markup::GROUPS.iter().enumerate() {
            let name = self.name(|| format!("in_{name}"));
            // how near the nearest element of the group stands: 3 for the block's own, 2 and 1 for those around it, 0.5 further out
            self.each(table, &name, |at| {
                let own = blocks[at].element;
                let hold = holders[at];
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

    /// The telling features of the blocks on both sides, and whether those stand beside this one.
    pub(super) fn neighbours(&self, table: &mut Features) {
        let seen = table.seen.clone();
        for step in (-REACH..=REACH).filter(|&step| step != 0) {
            for &(name, column) in &seen {
                let name = self.name(|| format!("{name}{step:+}"));
                let shifted = shifted(table.column(column), step);
                table.push(&name, self.named, shifted.into_iter());
            }
        }
        let holders = &self.input.outline.holders;
        for step in [-2, -1, 1, 2] {
            let name = self.name(|| format!("beside{step:+}"));
            self.each(table, &name, |at| {
                f32::from(
                    at.checked_add_signed(step).and_then(|other| holders.get(other)) == Some(&holders[at]),
                )
            });
        }
    }
}

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
