//! Phrases: boilerplate that only its words betray, as anchored patterns over one block.

use regex::{RegexSet, RegexSetBuilder};

use super::schema::{Action, PhraseFile, Place, SCHEMA};
use super::source::{Origin, SourceFile, anchored};

/// Patterns of phrases longer than this are tried on long blocks alone, the rest never see those.
const SHORT: usize = 200;
/// Memory that the compiled patterns of one file may take, in bytes: 22 languages times this is the worst case.
const PATTERN_SIZE_LIMIT: usize = 32 << 20;

/// Memory that matching one set may take in each thread, in bytes: with less, the fast automaton is thrown away and built again
/// so often that the slow one takes over.
const DFA_SIZE_LIMIT: usize = 24 << 20;

/// A pattern as it is compiled. The fast automaton cannot tell Unicode word boundaries beside letters that are not ASCII; English
/// words have none, so their boundaries can be those of ASCII.
fn compiled_form(pattern: &str, is_ascii: bool) -> String {
    if is_ascii {
        pattern.replace(r"\b", r"(?-u:\b)")
    } else {
        pattern.to_owned()
    }
}

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

/// All phrases of one language.
#[derive(Debug, Default)]
pub struct PhraseSet {
    phrases: Vec<Phrase>,
    short: Patterns,
    long: Patterns,
}

#[derive(Debug, Default)]
struct Patterns {
    set: RegexSet,
    /// The phrase of each pattern.
    phrase_of: Vec<usize>,
    max_chars: usize,
}

/// A block as phrases see it.
#[derive(Debug, Clone, Copy)]
pub struct PhraseBlock<'a> {
    /// Its text with typographic quotes made plain, see [`plain_quotes`].
    pub text: &'a str,
    /// Its characters.
    pub chars: usize,
    /// The share of the page's running text that stands before it, 0 to 1.
    pub before: f32,
}

impl PhraseSet {
    /// Reads and compiles one file.
    ///
    /// # Errors
    /// Every mistake in it, a line each: file, line and what is wrong.
    pub fn compile(file: &SourceFile) -> Result<Self, Vec<String>> {
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
        let mut patterns = [Vec::new(), Vec::new()];
        for entry in parsed.phrase {
            let first = entry.patterns.first().map_or(0, |pattern| pattern.span().start);
            if set.phrases.iter().any(|known| known.origin.name == entry.name) {
                errors.push(file.message(first, &format!("a second phrase named {:?}", entry.name)));
            }
            let half = usize::from(entry.max_chars > SHORT);
            for pattern in &entry.patterns {
                if let Err(problem) = check(pattern.get_ref()) {
                    errors.push(file.message(pattern.span().start, &problem));
                }
                patterns[half].push((
                    compiled_form(pattern.get_ref(), is_ascii),
                    set.phrases.len(),
                    entry.max_chars,
                ));
            }
            set.phrases.push(Phrase {
                origin: file.origin(first, &entry.name, ""),
                kind: entry.kind,
                action: entry.action,
                is_sure: entry.sure,
                max_chars: entry.max_chars,
                place: entry.place,
                drops: entry.drops,
                keeps: entry.keeps,
            });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let [short, long] = patterns;
        set.short = Patterns::build(&short).map_err(|problem| vec![file.message(0, &problem)])?;
        set.long = Patterns::build(&long).map_err(|problem| vec![file.message(0, &problem)])?;
        Ok(set)
    }

    /// The first phrase that this block is.
    pub fn find(&self, block: PhraseBlock<'_>) -> Option<&Phrase> {
        let short = (block.chars <= SHORT)
            .then(|| self.first(&self.short, block))
            .flatten();
        short.or_else(|| self.first(&self.long, block))
    }

    fn first(&self, patterns: &Patterns, block: PhraseBlock<'_>) -> Option<&Phrase> {
        if block.chars > patterns.max_chars {
            return None;
        }
        patterns
            .set
            .matches(block.text)
            .iter()
            .filter_map(|pattern| self.phrases.get(*patterns.phrase_of.get(pattern)?))
            .find(|phrase| phrase.believes(block))
    }

    /// The phrases in the order of the file.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }
}

impl Phrase {
    fn believes(&self, block: PhraseBlock<'_>) -> bool {
        let placed = match self.place {
            Place::Any => true,
            Place::Start => block.before <= 0.1,
            Place::End => block.before >= 2.0 / 3.0,
        };
        placed && block.chars <= self.max_chars
    }
}

impl Patterns {
    fn build(patterns: &[(String, usize, usize)]) -> Result<Self, String> {
        let set = RegexSetBuilder::new(patterns.iter().map(|(pattern, ..)| pattern))
            .case_insensitive(true)
            .size_limit(PATTERN_SIZE_LIMIT)
            .dfa_size_limit(DFA_SIZE_LIMIT)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            set,
            phrase_of: patterns.iter().map(|(_, phrase, _)| *phrase).collect(),
            max_chars: patterns.iter().map(|(.., max)| *max).max().unwrap_or(0),
        })
    }
}

fn check(pattern: &str) -> Result<(), String> {
    regex::RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .map_err(|error| format!("pattern {pattern:?}: {error}"))?;
    anchored(pattern)
}

/// Makes typographic quotes and no-break spaces plain, so that patterns need name one form alone.
pub fn plain_quotes(text: &str, into: &mut String) {
    into.clear();
    into.extend(text.chars().map(|c| match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => '"',
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(toml: &str) -> PhraseSet {
        PhraseSet::compile(&SourceFile::new("phrases/xx.toml", toml.to_owned())).unwrap()
    }

    #[test]
    fn a_phrase_is_believed_by_length_and_place() {
        let set = set(
            "schema = 1\nlanguage = 'xx'\n[[phrase]]\nname = 'bio'\nkind = 'bio'\nmatch = ['^X is a reporter']\nmax_chars = 30\nwhere = 'end'\n",
        );
        let block = |text, before| PhraseBlock {
            text,
            chars: str::len(text),
            before,
        };
        assert!(set.find(block("x is a reporter.", 0.9)).is_some());
        assert!(set.find(block("X is a reporter.", 0.2)).is_none());
        assert!(
            set.find(block("X is a reporter who said that much.", 0.9))
                .is_none()
        );
    }

    #[test]
    fn a_pattern_without_anchor_is_refused_with_its_line() {
        let file = SourceFile::new(
            "phrases/xx.toml",
            "schema = 1\nlanguage = 'xx'\n[[phrase]]\nname = 'a'\nkind = 'ad'\nmatch = ['^ok$', 'advert']\n",
        );
        let errors = PhraseSet::compile(&file).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("phrases/xx.toml:6: "), "{errors:?}");
    }
}
