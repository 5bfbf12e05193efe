//! Strings from attributes and JSON-LD: entities, whitespace, bounds, and the form in which two are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters kept of any one value: more is no headline, name or summary.
pub(super) const MAX_VALUE_CHARS: usize = 2_000;

/// Characters in the longest entity looked for, `&` and `;` not counted.
const MAX_ENTITY_BYTES: usize = 8;

/// Named entities met in news metadata; the rest stay as they are written.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("shy", ""),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("lsaquo", "‹"),
    ("rsaquo", "›"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("middot", "·"),
    ("bull", "•"),
    ("deg", "°"),
    ("euro", "€"),
    ("pound", "£"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("times", "×"),
    ("iexcl", "¡"),
    ("iquest", "¿"),
    ("ordm", "º"),
    ("ordf", "ª"),
    ("agrave", "à"),
    ("aacute", "á"),
    ("acirc", "â"),
    ("atilde", "ã"),
    ("auml", "ä"),
    ("aring", "å"),
    ("aelig", "æ"),
    ("ccedil", "ç"),
    ("egrave", "è"),
    ("eacute", "é"),
    ("ecirc", "ê"),
    ("euml", "ë"),
    ("igrave", "ì"),
    ("iacute", "í"),
    ("icirc", "î"),
    ("iuml", "ï"),
    ("ntilde", "ñ"),
    ("ograve", "ò"),
    ("oacute", "ó"),
    ("ocirc", "ô"),
    ("otilde", "õ"),
    ("ouml", "ö"),
    ("oslash", "ø"),
    ("oelig", "œ"),
    ("ugrave", "ù"),
    ("uacute", "ú"),
    ("ucirc", "û"),
    ("uuml", "ü"),
    ("yacute", "ý"),
    ("szlig", "ß"),
    ("scaron", "š"),
    ("zcaron", "ž"),
    ("Agrave", "À"),
    ("Aacute", "Á"),
    ("Acirc", "Â"),
    ("Auml", "Ä"),
    ("Aring", "Å"),
    ("AElig", "Æ"),
    ("Ccedil", "Ç"),
    ("Egrave", "È"),
    ("Eacute", "É"),
    ("Ecirc", "Ê"),
    ("Iacute", "Í"),
    ("Ntilde", "Ñ"),
    ("Oacute", "Ó"),
    ("Ouml", "Ö"),
    ("Oslash", "Ø"),
    ("Uacute", "Ú"),
    ("Uuml", "Ü"),
];

/// One line of clean text: entities resolved (twice escaped ones too), tags removed, whitespace folded, bounded.
/// `None` if nothing is left.
pub(super) fn clean(raw: &str) -> Option<String> {
    let bounded = bound(raw, MAX_VALUE_CHARS * 2);
    let once = unescape(bounded);
    let twice = if once.contains('&') { unescape(&once) } else { once };
    let folded = fold(&strip_tags(&twice));
    (!folded.is_empty()).then(|| bound(&folded, MAX_VALUE_CHARS).to_owned())
}

/// One line of what is text already (an element's, not an attribute's): whitespace folded, bounded.
pub(super) fn line(raw: &str) -> Option<String> {
    let folded = fold(bound(raw, MAX_VALUE_CHARS));
    (!folded.is_empty()).then_some(folded)
}

/// The first `max` characters.
pub(super) fn bound(text: &str, max: usize) -> &str {
    text.char_indices()
        .nth(max)
        .map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Whitespace, control and invisible characters folded to single spaces, none at the ends.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' | '\u{2060}' | '\u{202a}'..='\u{202e}')
        {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        folded.push(c);
    }
    folded
}

/// Character references resolved once.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some((resolved, length)) = entity(rest) {
            out.push_str(&resolved);
            rest = &rest[length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The reference that `text` (starting with `&`) begins with, resolved, and its length in bytes.
fn entity(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(MAX_ENTITY_BYTES + 2).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let resolved = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code)?.to_string()
    } else {
        (*ENTITIES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| text)?)
        .to_owned()
    };
    Some((resolved, end + 1))
}

/// What stands between `<` with a letter or slash after it and the next `>` becomes a space.
fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tag.find('>') {
            Some(end) if is_tag => {
                out.push(' ');
                rest = &tag[end + 1..];
            }
            _ => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The form in which two values are compared: letters and digits only, lower case, without diacritics.
pub(super) fn key(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a text in their comparable form.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(key)
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_even_if_escaped_twice() {
        for (raw, expected) in [
            ("Q&amp;A", "Q&A"),
            ("Q&amp;amp;A", "Q&A"),
            ("It&#8217;s", "It’s"),
            ("It&#x2019;s", "It’s"),
            ("caf&eacute;", "café"),
            ("AT&T; more", "AT&T; more"),
            ("a & b", "a & b"),
            ("&#xffffffff;", "&#xffffffff;"),
        ] {
            assert_eq!(clean(raw).as_deref(), Some(expected), "{raw}");
        }
    }

    #[test]
    fn tags_go_and_comparison_signs_stay() {
        assert_eq!(clean("<b>Rates</b> &lt; 3 %").as_deref(), Some("Rates < 3 %"));
        assert_eq!(clean("a < b <unclosed").as_deref(), Some("a < b <unclosed"));
        assert_eq!(clean(" <br/> "), None);
        assert_eq!(
            line("Thirty years of <br> tags").as_deref(),
            Some("Thirty years of <br> tags")
        );
    }

    #[test]
    fn a_long_value_is_cut_at_a_character() {
        let long = "é".repeat(MAX_VALUE_CHARS * 3);
        assert_eq!(
            clean(&long).map(|text| text.chars().count()),
            Some(MAX_VALUE_CHARS)
        );
    }

    #[test]
    fn keys_ignore_case_diacritics_and_punctuation() {
        assert_eq!(key("José  O’Neill"), key("JOSE ONEILL"));
        assert_eq!(words("A new-old day"), ["a", "new", "old", "day"]);
    }
}
