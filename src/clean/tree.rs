//! What stands under and around each element, summed once over the tree.

use crate::document::Document;

use super::outline::Outline;

/// Tags of ancestors that are told apart, a bit each.
pub const TAGS: [&str; 18] = [
    "article",
    "main",
    "aside",
    "nav",
    "footer",
    "header",
    "figure",
    "form",
    "table",
    "ul",
    "ol",
    "blockquote",
    "section",
    "a",
    "button",
    "dl",
    "details",
    "label",
];

/// Sums over the tree.
#[derive(Debug)]
pub struct TreeFacts {
    rows: Vec<Sums>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    parent: u32,
    running: f32,
    words: f32,
    blocks: f32,
    chars: f32,
    link_chars: f32,
    groups: u32,
    groups_around: u32,
    tags_around: u32,
}

/// Where elements stand from one of them.
#[derive(Debug)]
pub struct Relation {
    /// Steps up from each element to the first that is the one or around it.
    pub climb: Vec<f32>,
    /// Steps down from there to the one.
    pub descent: Vec<f32>,
}

impl TreeFacts {
    /// Sums up a page.
    pub fn of(document: &Document, outline: &Outline) -> Self {
        let measures = &outline.measures;
        let mut rows: Vec<Sums> = document
            .elements
            .iter()
            .zip(outline.groups.iter().zip(&outline.groups_around))
            .map(|(element, (&groups, &groups_around))| Sums {
                parent: element.parent,
                groups,
                groups_around,
                ..Sums::default()
            })
            .collect();
        for (block, row) in document.blocks.iter().zip(measures) {
            let Some(sums) = rows.get_mut(block.element as usize) else {
                continue;
            };
            sums.running += row.running_words();
            sums.words += row.words as f32;
            sums.blocks += 1.0;
            sums.chars += block.chars as f32;
            sums.link_chars += block.link_chars as f32;
        }
        // parents stand before children, so sums go up from the end and what is around comes down from the start
        for at in (1..rows.len()).rev() {
            let child = rows[at];
            let parent = &mut rows[child.parent as usize];
            parent.running += child.running;
            parent.words += child.words;
            parent.blocks += child.blocks;
            parent.chars += child.chars;
            parent.link_chars += child.link_chars;
        }
        for at in 1..rows.len() {
            let outer = rows[rows[at].parent as usize];
            let bit = TAGS
                .iter()
                .position(|tag| *tag == &*document.elements[at].tag)
                .map_or(0, |bit| 1 << bit);
            rows[at].tags_around = outer.tags_around | bit;
        }
        Self { rows }
    }

    fn row(&self, at: u32) -> Sums {
        self.rows.get(at as usize).copied().unwrap_or_default()
    }

    /// Words of running text under an element.
    pub fn running(&self, at: u32) -> f32 {
        self.row(at).running
    }

    /// Words under an element.
    pub fn words(&self, at: u32) -> f32 {
        self.row(at).words
    }

    /// Blocks under an element.
    pub fn blocks(&self, at: u32) -> f32 {
        self.row(at).blocks
    }

    /// Share of the characters under an element that stand in links.
    pub fn links(&self, at: u32) -> f32 {
        let row = self.row(at);
        row.link_chars / row.chars.max(1.0)
    }

    /// An element's parent; the root is its own.
    pub fn parent(&self, at: u32) -> u32 {
        self.row(at).parent
    }

    /// The groups of markup words of an element itself.
    pub fn groups(&self, at: u32) -> u32 {
        self.row(at).groups
    }

    /// Those of an element and all around it but the page.
    pub fn groups_around(&self, at: u32) -> u32 {
        self.row(at).groups_around
    }

    /// The [`TAGS`] of an element and of those around it.
    pub fn tags_around(&self, at: u32) -> u32 {
        self.row(at).tags_around
    }

    /// Where all elements stand from `best`.
    pub fn relation(&self, best: u32) -> Relation {
        let mut climb = vec![f32::INFINITY; self.rows.len()];
        let mut descent = vec![0.0; self.rows.len()];
        let (mut at, mut steps) = (best, 0.0);
        while let Some(slot) = climb.get_mut(at as usize) {
            *slot = 0.0;
            descent[at as usize] = steps;
            if self.parent(at) == at {
                break;
            }
            at = self.parent(at);
            steps += 1.0;
        }
        for at in 1..self.rows.len() {
            if climb[at].is_infinite() {
                let parent = self.rows[at].parent as usize;
                climb[at] = climb[parent] + 1.0;
                descent[at] = descent[parent];
            }
        }
        Relation { climb, descent }
    }
}
