//! The form in which texts and the literals of patterns are compared.

/// What every digit is folded to.
pub const DIGIT: char = '0';

/// Folds a character: no letter case, and one digit for all. Letters that a case-insensitive pattern takes for the same have the
/// same form; a few more may, which does no harm.
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return if c.is_ascii_digit() {
            DIGIT
        } else {
            c.to_ascii_lowercase()
        };
    }
    if c.is_numeric() {
        return DIGIT;
    }
    // letters that are the same to a pattern, though neither has a simple upper case
    let c = match c {
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        other => other,
    };
    let mut upper = c.to_uppercase();
    let upper = match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    };
    let mut lower = upper.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => upper,
    }
}

/// Folds an ASCII character; other bytes stay.
pub fn fold_ascii(byte: u8) -> u8 {
    if byte.is_ascii_digit() {
        DIGIT as u8
    } else {
        byte.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

    use super::*;

    #[test]
    fn letters_that_a_pattern_takes_for_the_same_have_one_form() {
        const PAST_ALL_CASES: u32 = 0x1f000;
        for c in (0..PAST_ALL_CASES).filter_map(char::from_u32) {
            let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
            class.try_case_fold_simple().unwrap();
            for range in class.ranges() {
                for other in range.start()..=range.end() {
                    assert_eq!(fold(other), fold(c), "{other:?} and {c:?}");
                }
            }
        }
    }

    #[test]
    fn all_decimal_digits_of_a_pattern_are_one() {
        let digit = regex::Regex::new(r"^\d$").unwrap();
        let digits = (0..0x2_0000)
            .filter_map(char::from_u32)
            .filter(|c| digit.is_match(c.encode_utf8(&mut [0; 4])));
        for c in digits {
            assert_eq!(fold(c), DIGIT, "{c:?}");
        }
    }
}
