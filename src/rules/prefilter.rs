//! Which patterns a text could match, by the literals of each: a look at both ends of the text, and one
//! search for what must stand inside it.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use rustc_hash::FxHashMap;

use super::literals::{Literals, MAX_LITERAL_BYTES, TELLING, shortest};

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
    /// Takes the literals of all patterns; each has its place as its number.
    pub fn new<'a>(patterns: impl Iterator<Item = &'a Literals>) -> Self {
        let mut filter = Self::default();
        let (mut starts, mut ends, mut inner) = (Vec::new(), Vec::new(), Vec::new());
        for (number, found) in (0u32..).zip(patterns) {
            match best(found) {
                Best::Starts(list) => {
                    starts.extend(list.iter().map(|text| (text.as_bytes().to_vec(), number)));
                }
                Best::Ends(list) => ends.extend(list.iter().map(|text| (backwards(text), number))),
                Best::Inner(list) => inner.extend(list.iter().map(|text| (text.as_str(), number))),
                Best::None => filter.always.push(number),
            }
        }
        filter.starts = Ends::new(starts);
        filter.ends = Ends::new(ends);
        filter.search_for(inner);
        filter
    }

    /// Searches for these from now on, each with its pattern.
    fn search_for(&mut self, inner: Vec<(&str, u32)>) {
        if inner.is_empty() {
            return;
        }
        let (texts, patterns): (Vec<&str>, Vec<u32>) = inner.into_iter().unzip();
        let searcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(texts);
        match searcher {
            Ok(searcher) => self.inner = Some((searcher, patterns)),
            // too many of them: then each pattern is tried on each text
            Err(_) => self.always.extend(patterns),
        }
    }

    /// The numbers of the patterns that could match this folded text, in rising order.
    pub fn candidates(&self, folded: &[u8]) -> Vec<u32> {
        let mut numbers = self.always.clone();
        self.starts.find(folded, &mut numbers);
        let mut end = [0; MAX_LITERAL_BYTES];
        let len = folded.len().min(MAX_LITERAL_BYTES);
        for (byte, back) in end.iter_mut().zip(folded.iter().rev()) {
            *byte = *back;
        }
        self.ends.find(&end[..len], &mut numbers);
        if let Some((searcher, patterns)) = &self.inner {
            let found = searcher.find_overlapping_iter(folded);
            numbers.extend(found.filter_map(|found| patterns.get(found.pattern().as_usize())));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

enum Best<'a> {
    Starts(&'a [String]),
    Ends(&'a [String]),
    Inner(&'a [String]),
    None,
}

/// The list whose shortest literal tells most; one at an end of the text costs less than one inside it.
fn best(literals: &Literals) -> Best<'_> {
    let telling = |list: &[String]| shortest(list).min(TELLING);
    let starts = telling(&literals.starts);
    let ends = telling(&literals.ends);
    let inner = telling(&literals.inner);
    match starts.max(ends).max(inner) {
        0 => Best::None,
        most if most == starts => Best::Starts(&literals.starts),
        most if most == ends => Best::Ends(&literals.ends),
        _ => Best::Inner(&literals.inner),
    }
}

/// A literal whose characters stand back to front, as bytes from the end of the text on.
fn backwards(literal: &str) -> Vec<u8> {
    let forwards: String = literal.chars().rev().collect();
    forwards.bytes().rev().collect()
}

/// Bytes by which longer literals are found.
const KEY: usize = TELLING;

/// Literals that stand at an end of the text, each with its pattern.
#[derive(Debug, Default)]
struct Ends {
    /// Those of less than [`KEY`] bytes, by their first.
    short: FxHashMap<u8, Vec<(Vec<u8>, u32)>>,
    /// The others, by their first bytes.
    long: FxHashMap<[u8; KEY], Vec<(Vec<u8>, u32)>>,
}

impl Ends {
    fn new(literals: Vec<(Vec<u8>, u32)>) -> Self {
        let mut ends = Self::default();
        for (literal, pattern) in literals {
            if let Some(key) = literal.first_chunk::<KEY>() {
                ends.long.entry(*key).or_default().push((literal, pattern));
            } else if let Some(first) = literal.first() {
                ends.short.entry(*first).or_default().push((literal, pattern));
            }
        }
        ends
    }

    /// Adds the patterns of all literals that the text begins with.
    fn find(&self, text: &[u8], into: &mut Vec<u32>) {
        let short = text.first().and_then(|first| self.short.get(first));
        let long = text.first_chunk::<KEY>().and_then(|key| self.long.get(key));
        for (literal, pattern) in [short, long].into_iter().flatten().flatten() {
            if text.starts_with(literal) {
                into.push(*pattern);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::literals::literals;
    use super::*;

    fn candidates(patterns: &[&str], text: &str) -> Vec<u32> {
        let literals: Vec<Literals> = patterns.iter().map(|pattern| literals(pattern)).collect();
        Prefilter::new(literals.iter()).candidates(text.as_bytes())
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
