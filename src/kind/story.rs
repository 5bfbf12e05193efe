//! How much of a story cleaning has kept, what stands beside it, whether it is whole, and whether it goes on.

use memchr::memmem;
use rustc_hash::FxHashSet;

use crate::article::BlockKind;
use crate::clean::{Reason, Verdicts};
use crate::document::{Document, FieldName};

use super::claims::Claims;
use super::{Clues, clue};

/// Connected words from which a text is a line, a brief, a short story, a story, a long story.
const LINE: u32 = 12;
const BRIEF: u32 = 30;
const SHORT_STORY: u32 = 60;
const STORY: u32 = 120;
/// From here on nothing but a live blog or a paywall is looked for.
pub(super) const LONG_STORY: u32 = 250;
/// A teaser in front of a paywall has rarely more words; a whole story rarely less than the second.
const TEASER_WORDS: u32 = 250;
const WHOLE_WORDS: u32 = 500;

/// A link of so many words, with so much of it in the link, is the headline of another story.
const TEASER_LINK_WORDS: u32 = 4;
const TEASER_LINK_SHARE: f32 = 0.8;
/// So many such links, with so many times the words of the text, outweigh it; many of them, more so.
const TEASERS: (u32, u32) = (8, 2);
const MANY_TEASERS: (u32, u32) = (25, 4);
/// So many texts with linked headings of their own, and this share of all texts, make a listing.
const CARDS: (u32, f32) = (3, 0.6);
/// A linked heading stands at most so many blocks above its text.
const CARD_BLOCKS: usize = 3;
/// So many headings that are links, and this share of all, speak for a listing.
const LINKED_HEADINGS: (u32, f32) = (4, 0.7);

/// Entries with times inside the text from which it may be a live blog.
const ENTRIES: usize = 4;
/// Blocks after the text that are searched for a wall.
pub(super) const WALL_BLOCKS: usize = 30;

/// Words of class and id names around the entries of live blogs and around paywalls.
const LIVE_NAMES: &[&str] = &["liveblog", "live-blog", "live_blog", "liveticker", "live-ticker"];
const WALL_NAMES: &[&str] = &[
    "paywall",
    "regwall",
    "subscriber-wall",
    "pay-wall",
    "barrier",
    "piano-offer",
    "meter-wall",
];

/// What cleaning has kept.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// Something was kept.
    pub has_text: bool,
    /// The words of the longest run of kept running text that no linked heading interrupts.
    pub connected: u32,
    /// Words of all kept blocks.
    words: u32,
    /// The first and the last kept block of running text.
    pub range: Option<(usize, usize)>,
    cards: u32,
    texts: u32,
    teasers: u32,
    teaser_words: u32,
    headings: u32,
    linked_headings: u32,
    ends_whole: bool,
}

impl Story {
    pub fn of(document: &Document, verdicts: &Verdicts) -> Self {
        let mut story = Self::default();
        let rows = document
            .blocks
            .iter()
            .zip(&verdicts.verdicts)
            .zip(&verdicts.outline.measures);
        for ((block, verdict), row) in rows {
            let is_common = matches!(verdict.reason, Reason::CommonRule(_));
            let is_link = row.links >= TEASER_LINK_SHARE;
            if is_link && row.words >= TEASER_LINK_WORDS && !is_common {
                story.teasers += 1;
                story.teaser_words += row.words;
            }
            if matches!(block.kind, BlockKind::Heading { .. }) && !is_common {
                story.headings += 1;
                story.linked_headings += u32::from(is_link);
            }
            if verdict.keep {
                story.has_text = true;
                story.words += row.words;
            }
        }
        story.connect(verdicts, &|_| false);
        story
    }

    /// Measures the connected text without the blocks that are `not_story`.
    pub fn connect(&mut self, verdicts: &Verdicts, not_story: &dyn Fn(usize) -> bool) {
        let measures = &verdicts.outline.measures;
        let (mut run, mut linked_at) = (0, None);
        (self.connected, self.cards, self.texts, self.range) = (0, 0, 0, None);
        for (at, (verdict, row)) in verdicts.verdicts.iter().zip(measures).enumerate() {
            if row.links >= TEASER_LINK_SHARE && row.words >= TEASER_LINK_WORDS {
                run = 0;
                linked_at = Some(at);
            } else if verdict.keep && row.running && !not_story(at) {
                run += row.words;
                self.connected = self.connected.max(run);
                self.texts += 1;
                let is_card = linked_at.take().is_some_and(|linked| at - linked <= CARD_BLOCKS);
                self.cards += u32::from(is_card);
                self.range = Some((self.range.map_or(at, |(first, _)| first), at));
                self.ends_whole = row.ends_sentence;
            }
        }
    }

    /// It is as long as whole stories are.
    pub fn is_whole_length(&self) -> bool {
        self.words >= WHOLE_WORDS
    }

    /// What there is of a story, and what of a listing.
    pub fn weigh(&self, clues: &mut Clues) {
        let clue = match self.connected {
            0..LINE => &clue::NO_STORY,
            LINE..BRIEF => &clue::LINE_OF_STORY,
            BRIEF..SHORT_STORY => &clue::BRIEF,
            SHORT_STORY..STORY => &clue::SHORT_STORY,
            STORY..LONG_STORY => &clue::STORY,
            LONG_STORY.. => &clue::LONG_STORY,
        };
        clues.add(clue, format!("of {} words", self.connected));
        let outweigh = |(count, times): (u32, u32)| {
            self.teasers >= count && self.teaser_words >= times * self.connected.max(LINE)
        };
        if outweigh(TEASERS) {
            clues.add(&clue::TEASERS, format!("({} links)", self.teasers));
        }
        clues.add_if(outweigh(MANY_TEASERS), &clue::MANY_TEASERS);
        let is_most = |part: u32, of: u32, (count, share): (u32, f32)| {
            part >= count && part as f32 >= share * of as f32
        };
        clues.add_if(is_most(self.cards, self.texts, CARDS), &clue::CARDS);
        clues.add_if(
            is_most(self.linked_headings, self.headings, LINKED_HEADINGS),
            &clue::LINKED_HEADINGS,
        );
    }

    /// Whether it is only the beginning of a story.
    pub fn weigh_teaser(&self, document: &Document, claims: &Claims, clues: &mut Clues) {
        let Some((first, last)) = self.range else { return };
        clues.add_if(!self.ends_whole, &clue::CUT_SHORT);
        clues.add_if(self.words < TEASER_WORDS, &clue::FEW_WORDS);
        clues.add_if(self.is_whole_length(), &clue::WHOLE_LENGTH);
        if let Some(counted) = claims.words {
            clues.add_if(counted / 2 > self.words, &clue::WORDS_MISSING);
            clues.add_if(
                counted >= BRIEF && self.words >= counted / 5 * 4,
                &clue::WORDS_THERE,
            );
        }
        let is_locked_part = |name: &str| claims.locked_part.iter().any(|part| part == name);
        let has_part = !claims.locked_part.is_empty()
            && any_name_around(document, first..last + 1, &|names| {
                names.split(' ').any(is_locked_part)
            });
        clues.add_if(has_part, &clue::LOCKED_PART_THERE);
        if self.words < WHOLE_WORDS && contains_any(document.all_names(), WALL_NAMES) {
            let after = last + 1..document.blocks.len().min(last + 1 + WALL_BLOCKS);
            let has_wall = any_name_around(document, after, &|names| contains_any(names, WALL_NAMES));
            clues.add_if(has_wall, &clue::WALL_MARKUP);
        }
    }

    /// Whether it is a live blog.
    pub fn weigh_live(&self, document: &Document, clues: &mut Clues) {
        let Some((first, last)) = self.range else { return };
        let mut times: Vec<usize> = document
            .facts
            .found
            .iter()
            .filter(|found| found.field == FieldName::Published && found.source.starts_with("css:time"))
            .map(|found| found.at)
            .filter(|at| (first..=last).contains(at))
            .collect();
        times.dedup();
        if times.len() >= ENTRIES {
            clues.add(&clue::TIMED_ENTRIES, format!("({})", times.len()));
        }
        if contains_any(document.all_names(), LIVE_NAMES) {
            let is_live = any_name_around(document, first..last + 1, &|names| {
                contains_any(names, LIVE_NAMES)
            });
            clues.add_if(is_live, &clue::LIVE_MARKUP);
        }
    }
}

fn contains_any(names: &str, words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| memmem::find(names.as_bytes(), word.as_bytes()).is_some())
}

/// Whether an element around one of these blocks has such names; each element is looked at once.
fn any_name_around(
    document: &Document,
    blocks: std::ops::Range<usize>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> bool {
    let mut seen = FxHashSet::default();
    let blocks = document.blocks.get(blocks).unwrap_or_default();
    blocks.iter().any(|block| {
        document
            .ancestors(block.element)
            .take_while(|at| seen.insert(*at))
            .filter_map(|at| document.elements.get(at as usize))
            .any(|element| is_wanted(document.names(element)))
    })
}
