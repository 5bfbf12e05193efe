//! What the words of a page say about its kind: `kinds.toml`.

use std::sync::OnceLock;

use regex::{RegexSet, RegexSetBuilder};
use toml::Spanned;

use crate::article::PageKind;

use super::phrases::plain;
use super::primary_language;
use super::schema::{KindFile, SCHEMA};
use super::source::{Origin, SourceFile, anchored};

/// Memory that the compiled patterns may take, in bytes.
const PATTERN_SIZE_LIMIT: usize = 32 << 20;
/// Memory that matching may take in each thread, in bytes.
const DFA_SIZE_LIMIT: usize = 8 << 20;
/// Of a title or line so many bytes are looked at; the patterns are about beginnings and short lines.
const MAX_BYTES: usize = 400;
/// What stands between the parts of a title, as in "Page not found | The Example".
const TITLE_BREAKS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " · ", " » ", " « "];

/// Patterns on titles and lines, by language and by the kind of page that they speak for. A language's patterns are compiled
/// when a page first needs them: all together take a fifth of a second.
#[derive(Debug, Default)]
pub struct KindWords {
    languages: Vec<Language>,
    entries: Vec<KindEntry>,
}

/// One `[[words]]` of the file.
#[derive(Debug)]
pub struct KindEntry {
    /// The kind.
    pub kind: PageKind,
    /// Where it is written.
    pub origin: Origin,
    /// Examples that it is about.
    pub is: Vec<String>,
    /// Traps that it must leave.
    pub is_not: Vec<String>,
}

#[derive(Debug, Default)]
struct Language {
    name: String,
    titles: Patterns,
    lines: Patterns,
}

#[derive(Debug, Default)]
struct Patterns {
    /// Each with its entry.
    sources: Vec<(String, usize)>,
    compiled: OnceLock<RegexSet>,
}

impl KindWords {
    /// Reads the file.
    ///
    /// # Errors
    /// Every mistake in its form, a line each: file, line and what is wrong. See [`Self::problems`] for the patterns.
    pub fn read(file: &SourceFile) -> Result<Self, Vec<String>> {
        let parsed: KindFile = file.parse()?;
        let mut errors = Vec::new();
        if parsed.schema != SCHEMA {
            let problem = format!(
                "schema {} is not known; this program reads {SCHEMA}",
                parsed.schema
            );
            errors.push(file.message(0, &problem));
        }
        let mut words = Self::default();
        for entry in parsed.words {
            for pattern in entry.title.iter().chain(&entry.text) {
                if let Err(problem) = anchored(pattern.get_ref()) {
                    errors.push(file.message(pattern.span().start, &problem));
                }
            }
            let at = words.entries.len();
            let with_entry = |pattern: &Spanned<String>| (pattern.get_ref().clone(), at);
            let language = words.language(&entry.language);
            language.titles.sources.extend(entry.title.iter().map(with_entry));
            language.lines.sources.extend(entry.text.iter().map(with_entry));
            let first = entry.title.first().or(entry.text.first());
            let name = format!("{}, {}", entry.kind.name(), entry.language);
            words.entries.push(KindEntry {
                kind: entry.kind,
                origin: file.origin(first.map_or(0, |pattern| pattern.span().start), &name, ""),
                is: entry.is,
                is_not: entry.is_not,
            });
        }
        if errors.is_empty() { Ok(words) } else { Err(errors) }
    }

    /// Compiles all patterns and says what is wrong with them: the first problem of each language.
    pub fn problems(&self) -> Vec<String> {
        let patterns = self
            .languages
            .iter()
            .flat_map(|language| [&language.titles, &language.lines]);
        patterns.filter_map(|patterns| patterns.build().err()).collect()
    }

    fn language(&mut self, name: &str) -> &mut Language {
        let known = self.languages.iter().position(|language| language.name == name);
        let at = known.unwrap_or_else(|| {
            self.languages.push(Language {
                name: name.to_owned(),
                ..Language::default()
            });
            self.languages.len() - 1
        });
        &mut self.languages[at]
    }

    /// What a title on a page of this language speaks for: the whole of it, or a part between bars or dashes.
    pub fn of_title(&self, title: &str, language: Option<&str>) -> Vec<&KindEntry> {
        let mut found: Vec<&KindEntry> = Vec::new();
        for language in self.languages(language) {
            for part in [title].into_iter().chain(parts(title)) {
                for entry in self.matches(&language.titles, part) {
                    if !found.iter().any(|known| std::ptr::eq(*known, entry)) {
                        found.push(entry);
                    }
                }
            }
        }
        found
    }

    /// What a line of text on a page of this language speaks for.
    pub fn of_line(&self, line: &str, language: Option<&str>) -> Vec<&KindEntry> {
        self.languages(language)
            .flat_map(|language| self.matches(&language.lines, line))
            .collect()
    }

    /// All entries, in the order of the file.
    pub fn entries(&self) -> &[KindEntry] {
        &self.entries
    }

    /// A page's own language, English, and what is of none; all where its own is not known.
    fn languages(&self, tag: Option<&str>) -> impl Iterator<Item = &Language> {
        let own = tag.map(primary_language);
        self.languages.iter().filter(move |language| {
            let name = language.name.as_str();
            matches!(name, "any" | "en") || own.as_deref().is_none_or(|own| own == name)
        })
    }

    fn matches(&self, patterns: &Patterns, text: &str) -> Vec<&KindEntry> {
        if patterns.sources.is_empty() {
            return Vec::new();
        }
        let plain: String = beginning(text).chars().map(plain).collect();
        let set = patterns
            .compiled
            .get_or_init(|| patterns.build().unwrap_or_default());
        let mut entries: Vec<usize> = set
            .matches(plain.trim())
            .iter()
            .filter_map(|pattern| patterns.sources.get(pattern).map(|(_, entry)| *entry))
            .collect();
        entries.dedup();
        entries
            .into_iter()
            .filter_map(|at| self.entries.get(at))
            .collect()
    }
}

impl Patterns {
    fn build(&self) -> Result<RegexSet, String> {
        RegexSetBuilder::new(self.sources.iter().map(|(pattern, _)| pattern))
            .case_insensitive(true)
            .size_limit(PATTERN_SIZE_LIMIT)
            .dfa_size_limit(DFA_SIZE_LIMIT)
            .build()
            .map_err(|error| error.to_string())
    }
}

/// A text's first [`MAX_BYTES`], or a few less where a character would be cut.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The parts of a title that has several.
fn parts(title: &str) -> Vec<&str> {
    let mut parts = vec![title];
    for sign in TITLE_BREAKS {
        if title.contains(sign) {
            parts = parts.into_iter().flat_map(|part| part.split(sign)).collect();
        }
    }
    if parts.len() == 1 {
        parts.clear();
    }
    parts.into_iter().map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn every_entry_is_about_its_examples_and_leaves_its_traps() {
        let words = Rules::builtin().kind_words();
        let mut failures = Vec::new();
        for entry in words.entries() {
            let origin = &entry.origin;
            assert!(
                !entry.is.is_empty() && !entry.is_not.is_empty(),
                "{origin} has no examples"
            );
            let finds = |text: &str| {
                let found = [words.of_title(text, None), words.of_line(text, None)].concat();
                found.into_iter().any(|other| other.kind == entry.kind)
            };
            failures.extend(
                entry
                    .is
                    .iter()
                    .filter(|text| !finds(text))
                    .map(|text| format!("{origin} leaves {text:?}")),
            );
            failures.extend(
                entry
                    .is_not
                    .iter()
                    .filter(|text| finds(text))
                    .map(|text| format!("{origin} takes {text:?}")),
            );
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn a_title_is_looked_at_part_by_part() {
        let words = Rules::builtin().kind_words();
        let kinds = |title: &str| {
            let found = words.of_title(title, None);
            found.iter().map(|entry| entry.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("Page not found | The Example"), [PageKind::NotFound]);
        assert_eq!(kinds("The Example – Seite nicht gefunden"), [PageKind::NotFound]);
        assert_eq!(kinds("Page not found in the archive | The Example"), []);
    }

    #[test]
    fn a_page_is_asked_in_its_own_language_and_in_english() {
        let words = Rules::builtin().kind_words();
        let count = |title, language| words.of_title(title, Some(language)).len();
        assert_eq!(count("Seite nicht gefunden", "de-AT"), 1);
        assert_eq!(count("Seite nicht gefunden", "fr"), 0);
        assert_eq!(count("Page not found", "fr"), 1);
        assert_eq!(words.problems(), [""; 0]);
    }

    #[test]
    fn a_pattern_without_anchor_is_refused_with_its_line() {
        let text = "schema = 1\n[[words]]\nkind = 'index'\nlanguage = 'xx'\ntitle = ['news']\n";
        let errors = KindWords::read(&SourceFile::new("kinds.toml", text)).unwrap_err();
        assert!(errors[0].starts_with("kinds.toml:5: "), "{errors:?}");
    }
}
