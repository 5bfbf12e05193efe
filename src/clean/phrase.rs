//! Step 3: boilerplate that only its words betray.

use crate::document::Document;
use crate::rules::{Action, Phrase, PhraseBlock, PhraseSet, plain_quotes};

use super::{Context, Decisions, Outline, Reason};

/// A phrase that ends the story is believed where at most this share of the running text would go with it.
const MAX_AFTER_END: f32 = 0.34;
/// A list of teasers has at most so many blocks.
const MAX_LIST: usize = 60;

/// Drops the blocks that phrases name. In plain text, where nothing else tells where a list of teasers ends, those that go
/// with them too; on a page the model decides on those, and is told where the heads of lists and the ends stand.
///
/// Returns for each block whether it is such a head.
pub(super) fn apply(
    document: &Document,
    outline: &Outline,
    context: Context<'_>,
    decisions: &mut Decisions,
) -> Vec<bool> {
    let sets = context.rules.phrases(context.language);
    let is_plain_text = document.is_plain_text();
    let mut heads = vec![false; document.blocks.len()];
    let mut plain = String::new();
    let mut ended = None;
    for (at, is_head) in heads.iter_mut().enumerate() {
        if let Some(phrase) = ended {
            drop_after(decisions, at, phrase);
            continue;
        }
        if !decisions.is_open(at) {
            continue;
        }
        let Some(phrase) = find(document, outline, &sets, at, &mut plain) else {
            continue;
        };
        *is_head = phrase.action != Action::Drop;
        match phrase.action {
            Action::List if is_plain_text => drop_list(outline, decisions, at, phrase),
            Action::End if 1.0 - outline.before[at] > MAX_AFTER_END => continue,
            Action::End if is_plain_text => ended = Some(phrase),
            _ => {}
        }
        decisions.decide(at, false, || Reason::Phrase(phrase.origin.clone()));
    }
    heads
}

fn find<'a>(
    document: &Document,
    outline: &Outline,
    sets: &[&'a PhraseSet],
    at: usize,
    plain: &mut String,
) -> Option<&'a Phrase> {
    let block = &document.blocks[at];
    let mut text = document.text(block);
    if !text.is_ascii() {
        plain_quotes(text, plain);
        text = plain;
    }
    let block = PhraseBlock {
        text,
        chars: text.chars().count(),
        before: outline.before[at],
    };
    sets.iter().find_map(|set| set.find(block))
}

/// Drops the teasers that follow the head of a list, until running text returns.
fn drop_list(outline: &Outline, decisions: &mut Decisions, head: usize, phrase: &Phrase) {
    for at in (head + 1..outline.measures.len()).take(MAX_LIST) {
        let row = outline.measures[at];
        if row.running && row.ends_sentence {
            return;
        }
        drop_after(decisions, at, phrase);
    }
}

fn drop_after(decisions: &mut Decisions, at: usize, phrase: &Phrase) {
    decisions.decide(at, false, || Reason::After(phrase.origin.clone()));
}
