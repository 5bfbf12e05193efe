//! What the words of a page say about its kind: `kinds.toml`.

use regex::{RegexSet, RegexSetBuilder};

use crate::article::PageKind;

use super::file::{Origin, SourceFile};
use super::pattern::anchored;
use super::phrases::plain;
use super::schema::{KindFile, SCHEMA};

/// Memory that the compiled patterns may take, in bytes.
const PATTERN_SIZE_LIMIT: usize = 32 << 20;
/// Memory that matching may take in each thread, in bytes.
const DFA_SIZE_LIMIT: usize = 8 << 20;
/// Of a title or line so many bytes are looked at; the patterns are about beginnings and short lines.
const MAX_BYTES: usize = 400;
/// What stands between the parts of a title, as in "Page not found | The Example".
const TITLE_BREAKS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " · ", " » ", " « "];

/// Patterns on titles and lines, by the kind of page that they speak for.
#[derive(Debug, Default)]
pub struct KindWords {
    titles: Patterns,
    lines: Patterns,
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
struct Patterns {
    set: RegexSet,
    /// The entry of each pattern.
    entry_of: Vec<usize>,
}

impl KindWords {
    /// Reads and compiles the file.
    ///
    /// # Errors
    /// Every mistake in it, a line each: file, line and what is wrong.
    pub fn compile(file: &SourceFile) -> Result<Self, Vec<String>> {
        let parsed: KindFile = file.parse()?;
        let mut errors = Vec::new();
        if parsed.schema != SCHEMA {
            let problem = format!(
                "schema {} is not known; this program reads {SCHEMA}",
                parsed.schema
            );
            errors.push(file.message(0, &problem));
        }
        let (mut titles, mut lines) = (Vec::new(), Vec::new());
        let mut entries = Vec::new();
        for entry in parsed.words {
            for (key, patterns, into) in [
                ("title", &entry.title, &mut titles),
                ("text", &entry.text, &mut lines),
            ] {
                for pattern in patterns {
                    if let Err(problem) = anchored(pattern.get_ref()) {
                        errors.push(file.message(pattern.span().start, &format!("`{key}`: {problem}")));
                    }
                    into.push((pattern.get_ref().clone(), entries.len()));
                }
            }
            let first = entry.title.first().or(entry.text.first());
            let name = format!("{}, {}", entry.kind.name(), entry.language);
            entries.push(KindEntry {
                kind: entry.kind,
                origin: file.origin(first.map_or(0, |pattern| pattern.span().start), &name, ""),
                is: entry.is,
                is_not: entry.is_not,
            });
        }
        let mut build = |patterns: &[(String, usize)]| {
            Patterns::build(patterns)
                .map_err(|problem| errors.push(file.message(0, &problem)))
                .unwrap_or_default()
        };
        let (titles, lines) = (build(&titles), build(&lines));
        if errors.is_empty() {
            Ok(Self {
                titles,
                lines,
                entries,
            })
        } else {
            Err(errors)
        }
    }

    /// What a title speaks for: the whole of it, or a part between bars or dashes.
    pub fn of_title(&self, title: &str) -> Vec<&KindEntry> {
        let mut found = self.matches(&self.titles, title);
        for part in parts(title) {
            for entry in self.matches(&self.titles, part) {
                if !found.iter().any(|known| std::ptr::eq(*known, entry)) {
                    found.push(entry);
                }
            }
        }
        found
    }

    /// What a line of text speaks for.
    pub fn of_line(&self, line: &str) -> Vec<&KindEntry> {
        self.matches(&self.lines, line)
    }

    /// All entries, in the order of the file.
    pub fn entries(&self) -> &[KindEntry] {
        &self.entries
    }

    fn matches(&self, patterns: &Patterns, text: &str) -> Vec<&KindEntry> {
        let plain: String = beginning(text).chars().map(plain).collect();
        let mut entries: Vec<usize> = patterns
            .set
            .matches(plain.trim())
            .iter()
            .filter_map(|pattern| patterns.entry_of.get(pattern).copied())
            .collect();
        entries.dedup();
        entries
            .into_iter()
            .filter_map(|at| self.entries.get(at))
            .collect()
    }
}

impl Patterns {
    fn build(patterns: &[(String, usize)]) -> Result<Self, String> {
        let set = RegexSetBuilder::new(patterns.iter().map(|(pattern, _)| pattern))
            .case_insensitive(true)
            .size_limit(PATTERN_SIZE_LIMIT)
            .dfa_size_limit(DFA_SIZE_LIMIT)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            set,
            entry_of: patterns.iter().map(|(_, entry)| *entry).collect(),
        })
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
                let found = [words.of_title(text), words.of_line(text)].concat();
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
            let found = words.of_title(title);
            found.iter().map(|entry| entry.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("Page not found | The Example"), [PageKind::NotFound]);
        assert_eq!(kinds("The Example – Seite nicht gefunden"), [PageKind::NotFound]);
        assert_eq!(kinds("Page not found in the archive | The Example"), []);
    }

    #[test]
    fn a_pattern_without_anchor_is_refused_with_its_line() {
        let text = "schema = 1\n[[words]]\nkind = 'index'\nlanguage = 'xx'\ntitle = ['news']\n";
        let errors = KindWords::compile(&SourceFile::new("kinds.toml", text)).unwrap_err();
        assert!(errors[0].starts_with("kinds.toml:5:10: `title`: "), "{errors:?}");
    }
}
