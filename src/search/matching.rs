//! Queries over one article: for snippets, and for a search without an index.

use super::Entry;
use super::asked::{Asked, Item, Place};
use super::index::primary;
use super::stems::Stems;
use super::words::{Word, words};
use crate::article::Article;

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 160;

/// Characters of it before the first word that was found.
const SNIPPET_LEAD_CHARS: usize = 40;

/// A piece of the text in which words of the query stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, with an ellipsis where it is cut.
    pub text: String,
    /// The words that were found: the first character and the one after the last, counted in `char`s of `text`.
    pub marks: Vec<(usize, usize)>,
}

/// A query that looks at articles one by one.
pub struct Matcher<'a> {
    asked: &'a Asked,
    stems: Stems,
}

impl<'a> Matcher<'a> {
    /// Makes the query ready.
    pub fn new(asked: &'a Asked) -> Self {
        Self {
            asked,
            stems: Stems::new(),
        }
    }

    /// Whether the query finds the article. It is what the index finds, without one.
    pub fn finds(&mut self, entry: &Entry) -> bool {
        let asked = self.asked;
        let about = &entry.article.fields;
        let language = about.language.clone();
        let cut = |text: &str| (text.to_owned(), words(text));
        let title: Vec<_> = about.title.iter().map(|title| cut(title)).collect();
        let text: Vec<_> = entry
            .article
            .blocks
            .iter()
            .map(|block| cut(&block.text))
            .collect();
        let authors: Vec<_> = about.authors.iter().map(|author| cut(author)).collect();
        let tags: Vec<_> = about
            .section
            .iter()
            .chain(&about.tags)
            .map(|tag| cut(tag))
            .collect();
        let mut has = |item: &Item| {
            let mut any = |texts: &[(String, Vec<Word>)]| {
                texts
                    .iter()
                    .any(|(text, words)| !self.spans(item, text, words, language.as_deref()).is_empty())
            };
            match item.place {
                Place::TitleOrText => any(&title) || any(&text),
                Place::Title => any(&title),
                Place::Author => any(&authors),
                Place::Tag => any(&tags),
                Place::Site => is_name(item, &entry.site) || is_name(item, &entry.host),
                Place::Language => language
                    .as_deref()
                    .is_some_and(|own| is_name(item, &primary(own))),
            }
        };
        asked.groups.iter().all(|group| group.iter().any(&mut has)) && !asked.left_out.iter().any(&mut has)
    }

    /// The piece of the text with the most of the words; its beginning where none stands in the text. None for an
    /// article without text.
    pub fn snippet(&mut self, article: &Article) -> Option<Snippet> {
        let asked = self.asked;
        let items: Vec<&Item> = asked
            .groups
            .iter()
            .flatten()
            .filter(|item| item.place == Place::TitleOrText)
            .collect();
        let language = article.fields.language.as_deref();
        let mut best = (0, article.blocks.first()?.text.as_str(), Vec::new());
        for block in &article.blocks {
            let cut = words(&block.text);
            let mut spans = Vec::new();
            let mut found = 0;
            for item in &items {
                let own = self.spans(item, &block.text, &cut, language);
                found += usize::from(!own.is_empty());
                spans.extend(own);
            }
            if found > best.0 {
                best = (found, &block.text, spans);
                if found == items.len() {
                    break;
                }
            }
        }
        let (_, text, mut spans) = best;
        spans.sort_unstable();
        Some(piece_of(text, &spans))
    }

    /// The bytes of a text where the item stands.
    fn spans(
        &mut self,
        item: &Item,
        text: &str,
        words: &[Word],
        language: Option<&str>,
    ) -> Vec<(usize, usize)> {
        let mut spans = Vec::new();
        for (at, row) in words.windows(item.words.len()).enumerate() {
            let last = row.len() - 1;
            let fits = row
                .iter()
                .zip(&item.words)
                .enumerate()
                .all(|(number, (word, wanted))| {
                    word.folded == *wanted
                        || (item.begins && number == last && word.folded.starts_with(wanted))
                });
            // A stem stands at the beginning of its word, but for a few letters that change.
            let may_be_stem =
                !fits && last == 0 && !item.stems.is_empty() && item.place == Place::TitleOrText;
            let word = &words[at];
            if fits
                || (may_be_stem && {
                    let own = self.stems.of(language, &text[word.start..word.end], &word.folded);
                    own.iter().any(|stem| item.stems.contains(stem))
                })
            {
                spans.push((word.start, row[last].end));
            }
        }
        spans
    }
}

fn is_name(item: &Item, name: &str) -> bool {
    item.words
        .iter()
        .any(|word| word == name || (item.begins && name.starts_with(word)))
}

/// The piece around the first of the places.
fn piece_of(text: &str, spans: &[(usize, usize)]) -> Snippet {
    let first = spans.first().map_or(0, |span| span.0);
    let lead = text[..first]
        .char_indices()
        .rev()
        .nth(SNIPPET_LEAD_CHARS - 1)
        .map_or(0, |(at, _)| at);
    // Not in the middle of a word, where there is a space to begin after.
    let start = match text[lead..first].find(' ') {
        Some(space) if lead > 0 => lead + space + 1,
        _ => lead,
    };
    let end = text[start..]
        .char_indices()
        .nth(SNIPPET_CHARS)
        .map_or(text.len(), |(at, _)| start + at);
    let mut piece = String::new();
    if start > 0 {
        piece.push('…');
    }
    let before = piece.chars().count();
    piece.push_str(&text[start..end]);
    if end < text.len() {
        piece.push('…');
    }
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for (from, to) in spans.iter().filter(|span| span.0 >= start && span.1 <= end) {
        let from = before + text[start..*from].chars().count();
        let to = before + text[start..*to].chars().count();
        match marks.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => marks.push((from, to)),
        }
    }
    Snippet { text: piece, marks }
}
