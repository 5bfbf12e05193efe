//! A text as numbers, words and marks: what date patterns are matched on.

use super::super::text;

/// Tokens looked at in one text; a date stands near the start of what is offered as one.
const MAX_TOKENS: usize = 96;

/// Digits of the longest number read: a time stamp of 14 digits and some.
const MAX_DIGITS: usize = 17;

/// One token. Whitespace separates and is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A run of ASCII digits.
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
        let is_same: fn(char) -> bool = if first.is_ascii_digit() {
            |c| c.is_ascii_digit()
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
        tokens.push(if first.is_ascii_digit() {
            let value = if run.len() <= MAX_DIGITS {
                run.parse().unwrap_or(-1)
            } else {
                -1
            };
            Token::Number {
                value,
                digits: run.len(),
            }
        } else {
            Token::Word(text::key(text::bound(run, 32)))
        });
    }
    tokens
}

/// Letters and the marks that compose with them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}
