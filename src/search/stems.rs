//! Words without their endings, by the language of the article.

use std::collections::HashMap;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream as _};

/// The languages whose endings are known, by their BCP 47 subtag.
const LANGUAGES: [(&str, Language); 20] = [
    ("ar", Language::Arabic),
    ("da", Language::Danish),
    ("de", Language::German),
    ("el", Language::Greek),
    ("en", Language::English),
    ("es", Language::Spanish),
    ("fi", Language::Finnish),
    ("fr", Language::French),
    ("hu", Language::Hungarian),
    ("it", Language::Italian),
    ("nb", Language::Norwegian),
    ("nl", Language::Dutch),
    ("nn", Language::Norwegian),
    ("no", Language::Norwegian),
    ("pt", Language::Portuguese),
    ("ro", Language::Romanian),
    ("ru", Language::Russian),
    ("sv", Language::Swedish),
    ("ta", Language::Tamil),
    ("tr", Language::Turkish),
];

/// Words of more bytes have no stem; no language has such words.
const STEMMED_MAX_BYTES: usize = 256;

/// Words whose stems are remembered at a time; half of a text are a few hundred words.
const REMEMBERED_MAX: usize = 20_000;

/// A language and what cuts its endings.
type Analyzer = (&'static str, TextAnalyzer);

/// Cuts the endings of words.
pub(super) struct Stems {
    analyzers: Vec<Analyzer>,
    /// Of the words of one language, by the word as it is written.
    remembered: HashMap<String, Vec<String>>,
    /// Which language.
    language: Option<usize>,
}

impl Stems {
    pub fn new() -> Self {
        let analyzer = |language| {
            TextAnalyzer::builder(RawTokenizer::default())
                .filter(Stemmer::new(language))
                .build()
        };
        Self {
            analyzers: LANGUAGES.map(|(tag, language)| (tag, analyzer(language))).into(),
            remembered: HashMap::new(),
            language: None,
        }
    }

    /// The stems of a word in the language of this tag, marked with the language; none where it is not known. The word
    /// as written and its folded form can have two.
    pub fn of(&mut self, tag: Option<&str>, written: &str, folded: &str) -> Vec<String> {
        let primary = tag
            .and_then(|tag| tag.split(['-', '_']).next())
            .unwrap_or_default();
        let is_known = |(known, _): &Analyzer| known.eq_ignore_ascii_case(primary);
        let Some(number) = self.analyzers.iter().position(is_known) else {
            return Vec::new();
        };
        if self.language != Some(number) || self.remembered.len() >= REMEMBERED_MAX {
            self.remembered.clear();
            self.language = Some(number);
        }
        if let Some(stems) = self.remembered.get(written) {
            return stems.clone();
        }
        let found = stems(&mut self.analyzers[number], written, folded);
        self.remembered.insert(written.to_owned(), found.clone());
        found
    }

    /// The stems of a word in every language.
    pub fn in_any_language(&mut self, written: &str, folded: &str) -> Vec<String> {
        let languages = self.analyzers.iter_mut();
        languages
            .flat_map(|language| stems(language, written, folded))
            .collect()
    }
}

fn stems((tag, analyzer): &mut Analyzer, written: &str, folded: &str) -> Vec<String> {
    if written.len() > STEMMED_MAX_BYTES || folded.len() > STEMMED_MAX_BYTES {
        return Vec::new();
    }
    let mut stem_of = |word: &str| {
        let mut stream = analyzer.token_stream(word);
        let mut stem = format!("{tag}:");
        if stream.advance() {
            crate::fold::fold_onto(&mut stem, &stream.token().text);
        }
        stem.truncate(stem.trim_end().len());
        stem
    };
    let mut stems = vec![stem_of(folded)];
    let lower = written.to_lowercase();
    if lower != folded {
        let other = stem_of(&lower);
        if other != stems[0] {
            stems.push(other);
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_cut_by_the_language_of_the_article() {
        let mut stems = Stems::new();
        assert_eq!(stems.of(Some("en-GB"), "Votes", "votes"), ["en:vote"]);
        assert_eq!(
            stems.of(Some("de"), "Züge", "zuge"),
            stems.of(Some("de"), "zuge", "zuge")
        );
        assert!(stems.of(Some("xx"), "votes", "votes").is_empty());
        assert!(stems.of(None, "votes", "votes").is_empty());
        assert!(
            stems
                .in_any_language("votes", "votes")
                .contains(&"en:vote".to_owned())
        );
    }
}
