//! Regular expressions over the text of one block, checked before they are used.

use regex::{Regex, RegexBuilder};

/// A pattern is at most so long, in bytes; what needs more is a list.
const MAX_PATTERN: usize = 1_000;
/// A pattern compiles to at most so many bytes; those in use take some thousand. `^(\w{100}){100}` would take gigabytes.
const MAX_COMPILED: usize = 1 << 20;
/// Texts that have nothing in common: what matches all of them matches anything.
const UNLIKE: [&str; 3] = ["The vote was close.", "7", "雨が降った"];

/// A checked pattern.
///
/// # Errors
/// What is wrong with it, in words: it does not compile, or only to something huge; it is not anchored; it matches nothing, or
/// any text.
pub fn checked(pattern: &str) -> Result<Regex, String> {
    anchored(pattern)?;
    if pattern.len() > MAX_PATTERN {
        return Err(format!("the pattern is longer than {MAX_PATTERN} bytes"));
    }
    let compiled = RegexBuilder::new(pattern).size_limit(MAX_COMPILED).build();
    let regex = compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            format!("pattern {pattern:?} needs more than {MAX_COMPILED} bytes: repeat less in it")
        }
        other => format!(
            "pattern {pattern:?} is no regular expression: {}",
            last_line(&other.to_string())
        ),
    })?;
    if UNLIKE.iter().all(|text| regex.is_match(text)) {
        return Err(format!("pattern {pattern:?} matches any text"));
    }
    let never = regex_syntax::parse(pattern).is_ok_and(|parsed| {
        let lengths = parsed.properties();
        lengths.minimum_len().is_none() || lengths.maximum_len() == Some(0)
    });
    if never {
        return Err(format!("pattern {pattern:?} can match nothing"));
    }
    Ok(regex)
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
            let problem = checked(pattern).unwrap_err();
            assert!(problem.contains(reason), "{pattern}: {problem}");
        }
        for pattern in ["^(Ad)?$", "^Read also", "\\(Reuters\\)$", "^[A-Z ]+$"] {
            assert!(checked(pattern).is_ok(), "{pattern}");
        }
    }
}
