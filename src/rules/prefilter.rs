//! Which patterns a text could match, by the literals of each: a few steps down a sorted list at both ends of the text, and one
//! search for what must stand inside it.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::literals::{Literals, TELLING, literals, shortest};

/// A filter over numbered patterns.
#[derive(Debug, Default)]
pub struct Prefilter {
    /// What texts begin with.
    starts: Ends,
    /// What texts end with, each back to front.
    ends: Ends,
    /// What stands inside texts, and the pattern of each literal.
    inner: Option<(AhoCorasick, Vec<u32>)>,
    /// Patterns that may match any text.
    always: Vec<u32>,
}

impl Prefilter {
    /// Looks at all patterns; each has its place as its number.
    pub fn new<'a>(patterns: impl Iterator<Item = &'a str>) -> Self {
        let mut filter = Self::default();
        let (mut starts, mut ends, mut inner) = (Vec::new(), Vec::new(), Vec::new());
        for (number, pattern) in (0u32..).zip(patterns) {
            match best(literals(pattern)) {
                Best::Starts(list) => starts.extend(list.into_iter().map(|text| (text.into_bytes(), number))),
                Best::Ends(list) => ends.extend(list.into_iter().map(|text| (backwards(&text), number))),
                Best::Inner(list) => inner.extend(list.into_iter().map(|text| (text, number))),
                Best::None => filter.always.push(number),
            }
        }
        filter.starts = Ends::new(starts);
        filter.ends = Ends::new(ends);
        filter.search_for(inner);
        filter
    }

    /// Searches for these from now on, each with its pattern.
    fn search_for(&mut self, inner: Vec<(String, u32)>) {
        if inner.is_empty() {
            return;
        }
        let (texts, patterns): (Vec<String>, Vec<u32>) = inner.into_iter().unzip();
        let searcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(texts);
        match searcher {
            Ok(searcher) => self.inner = Some((searcher, patterns)),
            // too many of them: then each pattern is tried on each text
            Err(_) => self.always.extend(patterns),
        }
    }

    /// The numbers of the patterns that could match this folded text, in rising order.
    pub fn candidates(&self, folded: &str) -> Vec<u32> {
        let mut numbers = self.always.clone();
        self.starts.find(folded.bytes(), &mut numbers);
        self.ends.find(folded.bytes().rev(), &mut numbers);
        if let Some((searcher, patterns)) = &self.inner {
            let found = searcher.find_overlapping_iter(folded);
            numbers.extend(found.filter_map(|found| patterns.get(found.pattern().as_usize())));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

enum Best {
    Starts(Vec<String>),
    Ends(Vec<String>),
    Inner(Vec<String>),
    None,
}

/// The list whose shortest literal tells most; one at an end of the text costs less than one inside it.
fn best(literals: Literals) -> Best {
    let telling = |list: &[String]| shortest(list).min(TELLING);
    let starts = telling(&literals.starts);
    let ends = telling(&literals.ends);
    let inner = telling(&literals.inner);
    match starts.max(ends).max(inner) {
        0 => Best::None,
        most if most == starts => Best::Starts(literals.starts),
        most if most == ends => Best::Ends(literals.ends),
        _ => Best::Inner(literals.inner),
    }
}

/// A literal whose characters stand back to front, as bytes from the end of the text on.
fn backwards(literal: &str) -> Vec<u8> {
    let forwards: String = literal.chars().rev().collect();
    forwards.bytes().rev().collect()
}

/// Literals in the order of their bytes, each with its pattern.
#[derive(Debug, Default)]
struct Ends(Vec<(Vec<u8>, u32)>);

impl Ends {
    fn new(mut literals: Vec<(Vec<u8>, u32)>) -> Self {
        literals.sort_unstable();
        literals.dedup();
        Self(literals)
    }

    /// Adds the patterns of all literals that the bytes begin with.
    fn find(&self, bytes: impl Iterator<Item = u8>, into: &mut Vec<u32>) {
        let mut rest = self.0.as_slice();
        let mut depth = 0;
        for byte in bytes {
            rest = completed(rest, depth, into);
            let start = rest.partition_point(|(literal, _)| literal[depth] < byte);
            let len = rest[start..].partition_point(|(literal, _)| literal[depth] == byte);
            rest = &rest[start..start + len];
            if rest.is_empty() {
                return;
            }
            depth += 1;
        }
        completed(rest, depth, into);
    }
}

/// Adds the patterns of the literals that end at `depth`, which stand first; gives the others.
fn completed<'a>(literals: &'a [(Vec<u8>, u32)], depth: usize, into: &mut Vec<u32>) -> &'a [(Vec<u8>, u32)] {
    let ended = literals
        .iter()
        .take_while(|(literal, _)| literal.len() == depth)
        .count();
    into.extend(literals[..ended].iter().map(|(_, pattern)| *pattern));
    &literals[ended..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(patterns: &[&str], text: &str) -> Vec<u32> {
        Prefilter::new(patterns.iter().copied()).candidates(text)
    }

    #[test]
    fn a_pattern_is_tried_where_its_literals_stand() {
        let patterns = [
            "^Photo by ",
            r"\(Reuters\)$",
            "^[^.]+ is a reporter for",
            r"^\w+$",
            "^Images?:",
        ];
        assert_eq!(candidates(&patterns, "photo by jo bell"), [0, 3]);
        assert_eq!(candidates(&patterns, "london (reuters)"), [1, 3]);
        assert_eq!(candidates(&patterns, "jo bell is a reporter for us"), [2, 3]);
        assert_eq!(candidates(&patterns, "images: jo bell"), [3, 4]);
        assert_eq!(candidates(&patterns, ""), [3]);
    }

    #[test]
    fn the_filter_never_hides_a_match() {
        let patterns = [
            r"^\(?FILE(?: PHOTO)?\s*[-–]",
            "(?:^|[.!] )Credits?: .+$",
            "^(?:a|ab|abc)+x?$",
            "^(?i:k)elvin|s$",
            "^$",
            "^ß",
        ];
        let texts = [
            "FILE PHOTO - a",
            "(file – b",
            "Credit: x",
            "said. credits: y",
            "abcabx",
            "a",
            "\u{212a}elvin",
            "classe\u{17f}",
            "",
            "ẞ",
            "ß",
        ];
        for text in texts {
            let folded: String = text.chars().map(super::super::fold::fold).collect();
            let found = candidates(&patterns, &folded);
            for (number, pattern) in (0u32..).zip(patterns) {
                let regex = regex::RegexBuilder::new(pattern)
                    .case_insensitive(true)
                    .build()
                    .unwrap();
                assert!(
                    !regex.is_match(text) || found.contains(&number),
                    "{pattern} on {text}"
                );
            }
        }
    }
}
