//! Regular expressions over the text of one block, checked before they are used and compiled when they first are.

use std::sync::OnceLock;

use regex::{Captures, Match, Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A pattern is at most so long, in bytes; what needs more is a list.
const MAX_PATTERN: usize = 1_000;
/// A pattern nests at most so deep; reading one recurses.
const MAX_NESTING: u32 = 50;
/// The parts of a pattern with all its repetitions written out; `^(\w{100}){100}` has seven million. A part takes some tens of
/// bytes, so that this is about as many megabytes as there are millions.
const MAX_PARTS: usize = 20_000;
/// What a pattern may take compiled, in bytes: more than any with [`MAX_PARTS`] does.
const MAX_COMPILED: usize = 16 << 20;
/// Texts that have nothing in common: what matches all of them matches anything.
const UNLIKE: [&str; 3] = ["The vote was close.", "7", "雨が降った"];
/// Bytes of the shortest of them.
const SHORTEST: usize = 1;

/// A checked pattern, compiled when it is first used: most of a run never are.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Checks a pattern; it is not compiled yet.
    ///
    /// # Errors
    /// What is wrong with it, in words: it is no regular expression, not anchored, would become huge, or matches nothing or any
    /// text.
    pub fn new(source: &str) -> Result<Self, String> {
        check(source)?;
        Ok(Self {
            source: source.to_owned(),
            compiled: OnceLock::new(),
        })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether the text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The first match in the text.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex()?.find(text)
    }

    /// The groups of the first match in the text.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.source).ok()).as_ref()
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED)
        .nest_limit(MAX_NESTING)
        .build()
}

/// Checks a pattern without compiling it, but where it could match anything.
///
/// # Errors
/// What is wrong with it, in words: it is no regular expression, or one that compiles to something huge; it is not anchored; it
/// matches nothing, or any text.
pub fn check(pattern: &str) -> Result<(), String> {
    anchored(pattern)?;
    if pattern.len() > MAX_PATTERN {
        return Err(format!("the pattern is longer than {MAX_PATTERN} bytes"));
    }
    let parsed = ParserBuilder::new()
        .nest_limit(MAX_NESTING)
        .build()
        .parse(pattern)
        .map_err(|error| {
            let reason = error.to_string();
            format!(
                "pattern {pattern:?} is no regular expression: {}",
                last_line(&reason)
            )
        })?;
    if parts(&parsed) > MAX_PARTS {
        return Err(format!(
            "pattern {pattern:?} becomes too large: repeat less in it"
        ));
    }
    let lengths = parsed.properties();
    let may_be_any = lengths.minimum_len().is_some_and(|least| least <= SHORTEST);
    if may_be_any && compile(pattern).is_ok_and(|regex| UNLIKE.iter().all(|text| regex.is_match(text))) {
        return Err(format!("pattern {pattern:?} matches any text"));
    }
    if lengths.minimum_len().is_none() || lengths.maximum_len() == Some(0) {
        return Err(format!("pattern {pattern:?} can match nothing"));
    }
    Ok(())
}

/// The parts of a pattern, repetitions written out. It nests at most [`MAX_NESTING`] deep, and a little more where classes do.
fn parts(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            parts(&repetition.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().map(parts).fold(0, usize::saturating_add)
        }
    }
}

/// The reason stands in the last line; the others point at the place with spaces.
fn last_line(message: &str) -> &str {
    let line = message.lines().next_back().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line)
}

/// Checks that every alternative of a pattern begins with `^` or ends with `$`.
///
/// # Errors
/// The alternative that does not.
pub fn anchored(pattern: &str) -> Result<(), String> {
    for alternative in alternatives(pattern) {
        let is_end = alternative.ends_with('$') && !alternative.ends_with("\\$");
        if !alternative.starts_with('^') && !is_end {
            return Err(format!(
                "pattern {pattern:?} is not anchored: begin {alternative:?} with ^ or end it with $"
            ));
        }
    }
    Ok(())
}

/// The alternatives of a pattern outside its groups and classes.
fn alternatives(pattern: &str) -> Vec<&str> {
    let (mut depth, mut in_class, mut escaped, mut start) = (0usize, false, false, 0);
    let mut parts = Vec::new();
    for (at, byte) in pattern.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => in_class = false,
            _ if in_class => {}
            b'[' => in_class = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                parts.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alternative_needs_an_anchor() {
        for pattern in ["^a", "b$", "^(a|b)", "^a|b$", "^[|]x"] {
            assert!(anchored(pattern).is_ok(), "{pattern}");
        }
        for pattern in ["a", "^a|b", "(^a|b)", "a\\$"] {
            assert!(anchored(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn what_passes_the_check_compiles() {
        for pattern in ["^\\w{1,25}x", "^(\\w+ ){5}[^\\pL]{3}$", "(?i)^[\\p{Han}\\w]{20}$"] {
            assert!(check(pattern).is_ok() && compile(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_reason() {
        for (pattern, reason) in [
            ("^(unclosed", "is no regular expression: unclosed group"),
            ("^(\\w{100}){100}", "repeat less in it"),
            (&format!("^{}", "a".repeat(2_000)), "longer than 1000 bytes"),
            ("^$", "can match nothing"),
            ("^[^\\s\\S]", "can match nothing"),
            ("^", "matches any text"),
            ("^.*$", "matches any text"),
            ("^Ad|^", "matches any text"),
        ] {
            let problem = check(pattern).unwrap_err();
            assert!(problem.contains(reason), "{pattern}: {problem}");
        }
        for pattern in ["^(Ad)?$", "^Read also", "\\(Reuters\\)$", "^[A-Z ]+$"] {
            assert!(check(pattern).is_ok(), "{pattern}");
        }
    }
}
