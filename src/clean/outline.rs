//! What a page's blocks are made of, measured once and shared by the steps: words and marks per block, and where the
//! running text stands.

use rustc_hash::FxHashMap;

use crate::document::{Document, TextBlock};

use super::markup;

/// A block of at least so many words with few links is running text.
const RUNNING_WORDS: u32 = 12;
/// A block with more of its characters in links is no running text.
const RUNNING_LINKS: f32 = 0.33;
/// Letters of a script without spaces that count as one word.
const LETTERS_PER_WORD: u32 = 2;

/// The measures of one block.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a measure of its own")]
pub struct Measures {
    /// Words: runs of letters and digits; in scripts without spaces, two letters count as one.
    pub words: u32,
    /// Sentence and clause marks.
    pub marks: u32,
    /// Capital letters.
    pub capitals: u32,
    /// Digits.
    pub digits: u32,
    /// It ends as a sentence does, quotes and brackets aside; an ellipsis is no such end.
    pub ends_sentence: bool,
    /// It ends in an ellipsis.
    pub ends_open: bool,
    /// It begins with a capital letter, a digit, or a letter of a script without case.
    pub begins_large: bool,
    /// Share of its characters in links, 0 to 1.
    pub links: f32,
    /// It is running text: a sentence or more, not a list of links.
    pub running: bool,
}

/// All measures of a page.
#[derive(Debug, Clone)]
pub struct Outline {
    /// One row a block.
    pub measures: Vec<Measures>,
    /// The element that holds most of the running text directly or one level down.
    pub container: Option<u32>,
    /// Per block, the share of the container's running text that stands before it; 1 past the container.
    pub before: Vec<f32>,
    /// Per block, the element that its own element stands in, or that one where it is a container.
    pub holders: Vec<u32>,
    /// The groups of markup words of each element.
    pub groups: Vec<u32>,
    /// The groups of each element and of all around it but the page.
    pub groups_around: Vec<u32>,
    /// Per block, how much it counts where running text is weighed: its words outside links, and few of them among readers'
    /// comments, which are often longer than the story.
    pub weights: Vec<f32>,
}

/// A word among readers' comments counts so much.
const COMMENT_WEIGHT: f32 = 0.2;

impl Outline {
    /// Measures a page; blocks that are `out` already are no running text.
    pub fn of(document: &Document, out: &dyn Fn(usize) -> bool) -> Self {
        let mut measures: Vec<Measures> = document
            .blocks
            .iter()
            .map(|block| measure(document.text(block), block))
            .collect();
        for (at, row) in measures.iter_mut().enumerate() {
            row.running &= !out(at);
        }
        let holders: Vec<u32> = (document.blocks.iter())
            .map(|block| holder(document, block))
            .collect();
        let groups = markup::groups(document);
        let groups_around = groups_around(document, &groups);
        let is_comment = |block: &TextBlock| {
            let around = groups_around.get(block.element as usize);
            around.is_some_and(|groups| groups & markup::comments() != 0)
        };
        let weights: Vec<f32> = (measures.iter().zip(&document.blocks))
            .map(|(row, block)| {
                let share = if is_comment(block) { COMMENT_WEIGHT } else { 1.0 };
                row.running_words() * (1.0 - row.links) * share
            })
            .collect();
        let container = container(document, &holders, &weights);
        let before = before(document, &measures, container);
        Self {
            measures,
            container,
            before,
            holders,
            groups,
            groups_around,
            weights,
        }
    }
}

impl Measures {
    /// Its words, if it is running text.
    pub fn running_words(&self) -> f32 {
        if self.running { self.words as f32 } else { 0.0 }
    }
}

/// Whether an element is another or stands inside it.
pub fn is_inside(document: &Document, element: u32, outer: u32) -> bool {
    outer == 0 || document.ancestors(element).any(|at| at == outer)
}

fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '。'
            | '、'
            | '，'
            | '！'
            | '？'
            | '；'
            | '：'
            | '।'
            | '،'
            | '؟'
            | '؛'
    )
}

fn measure(text: &str, block: &TextBlock) -> Measures {
    let mut row = Measures::default();
    let mut in_word = false;
    let mut unspaced = 0u32;
    for c in text.chars() {
        let is_letter = if c.is_ascii() {
            c.is_ascii_alphanumeric()
        } else {
            c.is_alphanumeric()
        };
        if is_letter {
            if is_unspaced(c) {
                unspaced += 1;
            } else if !in_word {
                row.words += 1;
            }
            row.digits += u32::from(c.is_ascii_digit());
            row.capitals += u32::from(c.is_uppercase());
        } else {
            row.marks += u32::from(is_mark(c));
        }
        in_word = is_letter || (in_word && matches!(c, '\'' | '’' | '-'));
    }
    row.words += unspaced / LETTERS_PER_WORD;
    let end = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」', '』', ' ']);
    row.ends_open = end.ends_with('…') || end.ends_with("...");
    row.ends_sentence = !row.ends_open && end.ends_with(['.', '!', '?', '。', '！', '？', '।', '؟', ':']);
    row.begins_large = text
        .chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(|c| !c.is_lowercase());
    row.links = block.link_chars as f32 / block.chars.max(1) as f32;
    row.running = row.words >= RUNNING_WORDS && row.links < RUNNING_LINKS;
    row
}

/// The groups of each element and of those around it; what the page as a whole is called says nothing of its parts.
fn groups_around(document: &Document, groups: &[u32]) -> Vec<u32> {
    let mut around = vec![0; document.elements.len()];
    for at in 1..around.len() {
        let element = &document.elements[at];
        let is_page = matches!(&*element.tag, "html" | "body");
        let own = if is_page {
            0
        } else {
            groups.get(at).copied().unwrap_or(0)
        };
        around[at] = own | around.get(element.parent as usize).copied().unwrap_or(0);
    }
    around
}

/// The element with the best sum of running text: a paragraph counts for its parent in full and for its grandparent by half,
/// as in Readability.
fn container(document: &Document, holders: &[u32], weights: &[f32]) -> Option<u32> {
    let mut score: FxHashMap<u32, f32> = FxHashMap::default();
    for (&holder, weight) in holders.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
        *score.entry(holder).or_default() += weight;
        let outer = parent(document, holder);
        if outer != holder && outer != 0 {
            *score.entry(outer).or_default() += weight / 2.0;
        }
    }
    score
        .into_iter()
        .max_by(|(a, of_a), (b, of_b)| of_a.total_cmp(of_b).then(b.cmp(a)))
        .map(|(element, _)| element)
}

fn holder(document: &Document, block: &TextBlock) -> u32 {
    let is_line = |at: u32| {
        document.elements.get(at as usize).is_some_and(|element| {
            matches!(
                &*element.tag,
                "p" | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "h6"
                    | "li"
                    | "blockquote"
                    | "span"
                    | "a"
                    | "b"
                    | "strong"
                    | "em"
                    | "i"
                    | "font"
                    | "tr"
                    | "td"
                    | "pre"
            )
        })
    };
    let mut at = block.element;
    while is_line(at) && parent(document, at) != at {
        at = parent(document, at);
    }
    at
}

fn parent(document: &Document, element: u32) -> u32 {
    document
        .elements
        .get(element as usize)
        .map_or(0, |element| element.parent)
}

fn before(document: &Document, measures: &[Measures], container: Option<u32>) -> Vec<f32> {
    let counts = |at: usize| {
        let row = measures[at];
        let inside = container.is_none_or(|c| is_inside(document, document.blocks[at].element, c));
        if inside { row.running_words() } else { 0.0 }
    };
    let weights: Vec<f32> = (0..measures.len()).map(counts).collect();
    let total: f32 = weights.iter().sum::<f32>().max(1.0);
    let mut sum = 0.0;
    weights
        .iter()
        .map(|weight| {
            let share = sum / total;
            sum += weight;
            share
        })
        .collect()
}
