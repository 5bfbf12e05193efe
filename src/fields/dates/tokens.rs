//! A text as numbers, words and marks: what date patterns are matched on.

use super::super::text;

/// Tokens looked at in one text; a date stands near the start of what is offered as one.
const MAX_TOKENS: usize = 96;

/// Digits of the longest number read: a time stamp of 14 digits and some.
const MAX_DIGITS: usize = 17;

/// One token. Whitespace separates and is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A run of digits.
    Number {
        /// Its value.
        value: i64,
        /// How many digits it was written with.
        digits: usize,
    },
    /// A run of letters, in comparable form.
    Word(String),
    /// Any other character.
    Mark(char),
}

impl Token {
    /// The value of a number of `min` to `max` digits.
    pub(super) fn number(&self, min: usize, max: usize) -> Option<i64> {
        match self {
            Self::Number { value, digits } if (min..=max).contains(digits) => Some(*value),
            _ => None,
        }
    }

    /// Whether it is this mark.
    pub(super) fn is_mark(&self, marks: &[char]) -> bool {
        matches!(self, Self::Mark(c) if marks.contains(c))
    }

    /// Whether it is one of these words.
    pub(super) fn is_word(&self, words: &[&str]) -> bool {
        matches!(self, Self::Word(word) if words.contains(&word.as_str()))
    }
}

/// The first tokens of a text.
pub(super) fn tokens(raw: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = raw;
    while tokens.len() < MAX_TOKENS {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
        let Some(first) = rest.chars().next() else { break };
        let is_same: fn(char) -> bool = if digit(first).is_some() {
            |c| digit(c).is_some()
        } else if first.is_alphabetic() {
            is_letter
        } else {
            tokens.push(Token::Mark(first));
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let end = rest.find(|c| !is_same(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        tokens.push(if digit(first).is_some() {
            let digits = run.chars().count();
            let add = |value: i64, digit: u32| value * 10 + i64::from(digit);
            let value = if digits <= MAX_DIGITS {
                run.chars().filter_map(digit).fold(0, add)
            } else {
                -1
            };
            Token::Number { value, digits }
        } else {
            Token::Word(text::key(text::bound(run, 32)))
        });
    }
    tokens
}

/// The value of a digit: ASCII, Arabic, Persian, Devanagari, or of full width.
fn digit(c: char) -> Option<u32> {
    const ZEROS: [char; 5] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
    ZEROS
        .iter()
        .map(|zero| u32::from(c).wrapping_sub(u32::from(*zero)))
        .find(|value| *value < 10)
}

/// Letters and the marks that compose with them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}
