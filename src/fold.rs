//! Letters as a search sees them: lower case, diacritics gone.

use unicode_normalization::UnicodeNormalization;

/// Adds a text to one that ends with a space, and a space after it.
pub(crate) fn fold_onto(folded: &mut String, text: &str) {
    fold_chars(folded, text.nfkd());
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Adds one character: nothing where it does not count, a space where it is part of no word.
pub(crate) fn fold_char(folded: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    fold_chars(folded, std::iter::once(c).nfkd());
}

fn fold_chars(folded: &mut String, chars: impl Iterator<Item = char>) {
    for c in chars.flat_map(char::to_lowercase) {
        if is_dropped(c) {
            continue;
        }
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => folded.push(c),
            _ if !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
}

/// Diacritics of Latin, Greek, Cyrillic, Hebrew and Arabic, and signs without width. The vowel signs of Indic scripts
/// and the voicing marks of kana are letters in all but name, and stay.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
