//! Phrases: boilerplate that only its words betray, as anchored patterns over one block.

use std::sync::{Arc, OnceLock};

use memchr::memmem;
use regex::{Regex, RegexBuilder};

use super::file::{Origin, SourceFile};
use super::fold::{fold, fold_ascii};
use super::literals::{Literals, literals, needs};
use super::pattern::anchored;
use super::prefilter::Prefilter;
use super::schema::{Action, PhraseFile, Place, SCHEMA};

/// Phrases of at most so many characters are tried before the longer ones.
const SHORT: usize = 200;

/// One phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Where it is written.
    pub origin: Origin,
    /// What it betrays, as "caption".
    pub kind: String,
    /// What it does.
    pub action: Action,
    /// One line of it is enough to tell that a text was not cleaned before.
    pub is_sure: bool,
    max_chars: usize,
    place: Place,
    drops: Vec<String>,
    keeps: Vec<String>,
}

impl Phrase {
    /// Examples that it must drop.
    pub fn drops(&self) -> &[String] {
        &self.drops
    }

    /// Traps that it must leave.
    pub fn keeps(&self) -> &[String] {
        &self.keeps
    }
}

/// All phrases of one language, or of several that are tried one after the other.
#[derive(Debug, Default)]
pub struct PhraseSet {
    phrases: Vec<Arc<Phrase>>,
    /// In the order in which they are tried.
    patterns: Vec<Arc<Pattern>>,
    filter: OnceLock<Prefilter>,
    max_chars: usize,
}

/// A pattern: compiled when the first text comes that it could match, since most never see one.
#[derive(Debug)]
struct Pattern {
    source: String,
    phrase: Arc<Phrase>,
    literals: OnceLock<Literals>,
    /// What must stand in a text, a list for each thing.
    needs: OnceLock<Vec<Vec<memmem::Finder<'static>>>>,
    compiled: OnceLock<Option<Regex>>,
}

/// A block's text as phrases see it: quotes made plain, and a second form without letter case. Used again for each block.
#[derive(Debug, Default)]
pub struct PhraseText {
    plain: String,
    folded: Vec<u8>,
    chars: usize,
}

impl PhraseText {
    /// Takes a block's text.
    pub fn read(&mut self, text: &str) {
        self.plain.clear();
        self.folded.clear();
        if text.is_ascii() {
            self.plain.push_str(text);
            self.folded.extend(text.bytes().map(fold_ascii));
            self.chars = text.len();
            return;
        }
        self.plain.extend(text.chars().map(plain));
        self.chars = text.chars().count();
        let mut bytes = [0; 4];
        for c in self.plain.chars() {
            if c.is_ascii() {
                self.folded.push(fold_ascii(c as u8));
            } else {
                self.folded
                    .extend_from_slice(fold(c).encode_utf8(&mut bytes).as_bytes());
            }
        }
    }
}

impl PhraseSet {
    /// Reads one file. Its patterns are compiled when they are needed, see [`PhraseSet::check`].
    ///
    /// # Errors
    /// Every mistake in it but for patterns that do not compile, a line each: file, line and what is wrong.
    pub fn read(file: &SourceFile) -> Result<Self, Vec<String>> {
        let parsed: PhraseFile = file.parse()?;
        let mut errors = Vec::new();
        if parsed.schema != SCHEMA {
            errors.push(file.message(
                0,
                &format!(
                    "schema {} is not known; this program reads {SCHEMA}",
                    parsed.schema
                ),
            ));
        }
        let mut set = Self::default();
        let is_ascii = matches!(parsed.language.as_str(), "en" | "any");
        for entry in parsed.phrase {
            let first = entry.patterns.first().map_or(0, |pattern| pattern.span().start);
            if set.phrases.iter().any(|known| known.origin.name == entry.name) {
                errors.push(file.message(first, &format!("a second phrase named {:?}", entry.name)));
            }
            set.max_chars = set.max_chars.max(entry.max_chars);
            let phrase = Arc::new(Phrase {
                origin: file.origin(first, &entry.name, ""),
                kind: entry.kind,
                action: entry.action,
                is_sure: entry.sure,
                max_chars: entry.max_chars,
                place: entry.place,
                drops: entry.drops,
                keeps: entry.keeps,
            });
            for pattern in &entry.patterns {
                if let Err(problem) = anchored(pattern.get_ref()) {
                    errors.push(file.message(pattern.span().start, &format!("`match`: {problem}")));
                }
                let source = compiled_form(pattern.get_ref(), is_ascii);
                set.patterns.push(Arc::new(Pattern::new(source, &phrase)));
            }
            set.phrases.push(phrase);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        set.patterns
            .sort_by_key(|pattern| pattern.phrase.max_chars > SHORT);
        Ok(set)
    }

    /// The phrases of several sets, those of the first tried first. Patterns are shared.
    pub fn joined(sets: &[&Self]) -> Self {
        Self {
            phrases: sets.iter().flat_map(|set| set.phrases.iter().cloned()).collect(),
            patterns: sets.iter().flat_map(|set| set.patterns.iter().cloned()).collect(),
            filter: OnceLock::new(),
            max_chars: sets.iter().map(|set| set.max_chars).max().unwrap_or(0),
        }
    }

    /// Reads one file and compiles all its patterns.
    ///
    /// # Errors
    /// As [`PhraseSet::read`], and every pattern that does not compile.
    pub fn check(file: &SourceFile) -> Result<Self, Vec<String>> {
        let set = Self::read(file)?;
        let mut errors = Vec::new();
        let parsed: PhraseFile = file.parse()?;
        for pattern in parsed.phrase.iter().flat_map(|entry| &entry.patterns) {
            if let Err(problem) = compile(pattern.get_ref()) {
                errors.push(file.message(
                    pattern.span().start,
                    &format!("pattern {:?}: {problem}", pattern.get_ref()),
                ));
            }
        }
        if errors.is_empty() { Ok(set) } else { Err(errors) }
    }

    /// The first phrase that this text is: short ones before long ones, then in the order of the file. `before` is the share of
    /// the page's running text that stands before it, 0 to 1.
    pub fn find(&self, text: &PhraseText, before: f32) -> Option<&Phrase> {
        if text.chars > self.max_chars {
            return None;
        }
        let filter = self
            .filter
            .get_or_init(|| Prefilter::new(self.patterns.iter().map(|pattern| pattern.literals())));
        let candidates = filter.candidates(&text.folded).into_iter();
        candidates
            .filter_map(|number| self.patterns.get(number as usize))
            .filter(|pattern| pattern.phrase.believes(text.chars, before))
            .find(|pattern| pattern.matches(text))
            .map(|pattern| &*pattern.phrase)
    }

    /// The phrases in the order of the file.
    pub fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.phrases.iter().map(|phrase| &**phrase)
    }
}

impl Phrase {
    fn believes(&self, chars: usize, before: f32) -> bool {
        let placed = match self.place {
            Place::Any => true,
            Place::Start => before <= 0.1,
            Place::End => before >= 2.0 / 3.0,
        };
        placed && chars <= self.max_chars
    }
}

impl Pattern {
    fn new(source: String, phrase: &Arc<Phrase>) -> Self {
        Self {
            source,
            phrase: Arc::clone(phrase),
            literals: OnceLock::new(),
            needs: OnceLock::new(),
            compiled: OnceLock::new(),
        }
    }

    fn literals(&self) -> &Literals {
        self.literals.get_or_init(|| literals(&self.source))
    }

    fn matches(&self, text: &PhraseText) -> bool {
        let finders = |list: Vec<String>| {
            let finders = list
                .iter()
                .map(|literal| memmem::Finder::new(literal).into_owned());
            finders.collect()
        };
        let needs = self
            .needs
            .get_or_init(|| needs(&self.source).into_iter().map(finders).collect());
        let stands = |literal: &memmem::Finder<'_>| literal.find(&text.folded).is_some();
        let has_one = |list: &Vec<memmem::Finder<'_>>| list.iter().any(stands);
        if !needs.iter().all(has_one) {
            return false;
        }
        // Files of an overlay are checked when they are loaded, and a test checks every built-in one.
        let compiled = self.compiled.get_or_init(|| compile(&self.source).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(&text.plain))
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(true).build()
}

/// A pattern as it is compiled. The fast automaton cannot tell Unicode word boundaries beside letters that are not ASCII; English
/// words have none, so their boundaries can be those of ASCII.
fn compiled_form(pattern: &str, is_ascii: bool) -> String {
    if is_ascii {
        pattern.replace(r"\b", r"(?-u:\b)")
    } else {
        pattern.to_owned()
    }
}

/// Typographic quotes and no-break spaces are plain to phrases, so that patterns need name one form alone.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => '"',
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(toml: &str) -> PhraseSet {
        PhraseSet::check(&SourceFile::new("phrases/xx.toml", toml.to_owned())).unwrap()
    }

    #[test]
    fn a_phrase_is_believed_by_length_and_place() {
        let set = set(
            "schema = 1\nlanguage = 'xx'\n[[phrase]]\nname = 'bio'\nkind = 'bio'\nmatch = ['^X is a reporter']\nmax_chars = 30\nwhere = 'end'\n",
        );
        let finds = |text: &str, before| {
            let mut phrase_text = PhraseText::default();
            phrase_text.read(text);
            set.find(&phrase_text, before).is_some()
        };
        assert!(finds("x is a reporter.", 0.9));
        assert!(!finds("X is a reporter.", 0.2));
        assert!(!finds("X is a reporter who said that much.", 0.9));
    }

    #[test]
    fn a_pattern_without_anchor_is_refused_with_its_line() {
        let file = SourceFile::new(
            "phrases/xx.toml",
            "schema = 1\nlanguage = 'xx'\n[[phrase]]\nname = 'a'\nkind = 'ad'\nmatch = ['^ok$', 'advert']\n",
        );
        let errors = PhraseSet::check(&file).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].starts_with("phrases/xx.toml:6:18: `match`: "),
            "{errors:?}"
        );
    }
}
