//! Step 3: boilerplate that only its words betray.

use crate::document::Document;
use crate::rules::{Action, Phrase, PhraseText};

use super::{Context, Decisions, Outline, Reason};

/// A phrase that ends the story is believed where at most this share of the running text would go with it.
const MAX_AFTER_END: f32 = 0.34;
/// A list of teasers has at most so many blocks.
const MAX_LIST: usize = 60;

/// The kind of phrases that stand over readers' comments: on a page they are heads of lists too.
const COMMENTS: &str = "comments";

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
    let phrases = context.rules.phrases_for(context.language);
    let is_plain_text = document.is_plain_text();
    let mut heads = vec![false; document.blocks.len()];
    let mut text = PhraseText::default();
    let mut list: Option<List<'_>> = None;
    for (at, is_head) in heads.iter_mut().enumerate() {
        if !decisions.is_open(at) {
            continue;
        }
        if list.as_ref().is_some_and(|list| list.is_over(outline, at)) {
            list = None;
        }
        let until_end = list.as_ref().filter(|list| list.phrase.action == Action::End);
        let found = if until_end.is_some() {
            None
        } else {
            text.read(document.text_at(at));
            phrases.and_then(|set| set.find(&text, outline.before[at]))
        };
        let too_early =
            |phrase: &Phrase| phrase.action == Action::End && 1.0 - outline.before[at] > MAX_AFTER_END;
        if let Some(phrase) = found.filter(|phrase| !too_early(phrase)) {
            decisions.decide(at, false, || Reason::Phrase(phrase.origin.clone()));
            let takes_more = phrase.action != Action::Drop;
            *is_head = takes_more || phrase.kind == COMMENTS;
            if takes_more && is_plain_text {
                list = Some(List { phrase, head: at });
            }
        } else if let Some(list) = &list {
            decisions.decide(at, false, || Reason::After(list.phrase.origin.clone()));
        }
    }
    heads
}

/// What a phrase in plain text takes with it: all that follows, or the teasers that do.
struct List<'a> {
    phrase: &'a Phrase,
    head: usize,
}

impl List<'_> {
    /// A list of teasers ends where running text returns; the end of the story does not.
    fn is_over(&self, outline: &Outline, at: usize) -> bool {
        let row = outline.measures[at];
        self.phrase.action == Action::List
            && (at > self.head + MAX_LIST || (row.running && row.ends_sentence))
    }
}
