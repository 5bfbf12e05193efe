//! Step 3: boilerplate that only its words betray.

use crate::document::Document;
use crate::rules::{Action, Phrase, PhraseText};

use super::{Context, Decisions, Outline, Reason};

/// A phrase that ends the story is believed where at most this share of the running text would go with it.
const MAX_AFTER_END: f32 = 0.34;
/// A list of teasers has at most so many blocks.
const MAX_LIST: usize = 60;
/// Plain text was not cleaned before where it has a phrase, each counted once, in so many words. Of clean stories one in eight
/// has a line that looks like boilerplate ("Read more: ..." in a guide), but rarely more than one in a thousand words.
const WORDS_PER_PHRASE: u32 = 250;

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
    let is_plain_text = document.is_plain_text();
    let mut heads = vec![false; document.blocks.len()];
    let found = find_all(document, outline, context, decisions);
    if is_plain_text && !is_uncleaned(&found, outline) {
        return heads;
    }
    let mut list: Option<List<'_>> = None;
    for (at, is_head) in heads.iter_mut().enumerate() {
        if !decisions.is_open(at) {
            continue;
        }
        if list.as_ref().is_some_and(|list| list.is_over(outline, at)) {
            list = None;
        }
        let is_past_end = list
            .as_ref()
            .is_some_and(|list| list.phrase.action == Action::End);
        if let Some(phrase) = found[at].filter(|_| !is_past_end) {
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

/// The phrase that each open block is.
fn find_all<'a>(
    document: &Document,
    outline: &Outline,
    context: Context<'a>,
    decisions: &Decisions,
) -> Vec<Option<&'a Phrase>> {
    let phrases = context.rules.phrases_for(context.language);
    let mut text = PhraseText::default();
    let is_too_early =
        |phrase: &Phrase, at: usize| phrase.action == Action::End && 1.0 - outline.before[at] > MAX_AFTER_END;
    (0..document.blocks.len())
        .map(|at| {
            if !decisions.is_open(at) {
                return None;
            }
            text.read(document.text_at(at));
            let phrase = phrases?.find(&text, outline.before[at])?;
            (!is_too_early(phrase, at)).then_some(phrase)
        })
        .collect()
}

/// Whether plain text still has its boilerplate: a line that surely is, or many that may be. What was cleaned before must
/// stay as it is, and a lone line that may be boilerplate is as likely the author's own.
fn is_uncleaned(found: &[Option<&Phrase>], outline: &Outline) -> bool {
    let mut phrases: Vec<&Phrase> = found.iter().copied().flatten().collect();
    if phrases.iter().any(|phrase| phrase.is_sure) {
        return true;
    }
    phrases.sort_by_key(|phrase| (&phrase.origin.file, phrase.origin.line));
    phrases.dedup_by_key(|phrase| &phrase.origin);
    let words: u32 = outline.measures.iter().map(|row| row.words).sum();
    u32::try_from(phrases.len()).unwrap_or(u32::MAX) >= words.div_ceil(WORDS_PER_PHRASE)
        && !phrases.is_empty()
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
