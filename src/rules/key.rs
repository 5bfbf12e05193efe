//! What a selector asks of an element at the least: one simple selector of its last compound, and what must stand around it.

/// What a selector is listed under: the most telling simple selector of its rightmost compound.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// `#id`
    Id(String),
    /// `.class`
    Class(String),
    /// `[attribute]`, with what is asked of the value
    Attribute(String, Value),
    /// `tag`
    Tag(String),
    /// Nothing to go by: tried on every element.
    Any,
}

/// What a selector asks of an attribute's value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// It is this, letter case aside.
    Equal(String),
    /// It holds this.
    Holding(String),
    /// Nothing that is known here.
    Any,
}

/// Attributes whose values HTML compares with letter case.
const WITH_CASE: &[&str] = &["class", "href", "id", "src"];

/// Steps over CSS text and reports every byte outside brackets, parentheses and strings.
fn top_level(css: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut depth = 0u32;
    let mut quote = None;
    let mut escaped = false;
    css.bytes().enumerate().filter(move |&(_, byte)| {
        if escaped {
            escaped = false;
            return false;
        }
        match (quote, byte) {
            (_, b'\\') => {
                escaped = true;
                false
            }
            (Some(open), _) => {
                if byte == open {
                    quote = None;
                }
                false
            }
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                false
            }
            (None, b'(' | b'[') => {
                depth += 1;
                depth == 1
            }
            (None, b')' | b']') => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        }
    })
}

/// The parts of a selector list.
pub(super) fn split_list(css: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, byte) in top_level(css) {
        if byte == b',' {
            parts.push(css[start..at].trim());
            start = at + 1;
        }
    }
    parts.push(css[start..].trim());
    parts
}

/// The key of one complex selector, and whether the selector is nothing but its key.
pub(super) fn key(complex: &str) -> (Key, bool) {
    let complex = complex.trim();
    let start = combinators(complex).last().map_or(0, |(at, _)| at + 1);
    let compound = &complex[start..];
    let key = key_of_compound(compound);
    let is_all = start == 0
        && match &key {
            Key::Id(name) | Key::Class(name) => compound.len() == name.len() + 1,
            Key::Tag(name) => compound == name,
            Key::Attribute(name, Value::Any) => compound.len() == name.len() + 2,
            Key::Attribute(..) | Key::Any => false,
        };
    (key, is_all)
}

fn combinators(complex: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    top_level(complex).filter(|(_, byte)| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'+' | b'~'))
}

/// The rightmost compound of each part of a selector list: what the element itself must be.
pub(super) fn subjects(css: &str) -> impl Iterator<Item = &str> {
    split_list(css).into_iter().map(|complex| {
        let start = combinators(complex).last().map_or(0, |(at, _)| at + 1);
        &complex[start..]
    })
}

/// Whether a part of a selector list is about the page as a whole: the element around all of it, or any element wherever it
/// stands.
pub fn matches_whole_page(css: &str) -> bool {
    split_list(css).into_iter().any(|complex| {
        subjects(complex).any(|compound| {
            let tag = name(compound).to_ascii_lowercase();
            let is_root = matches!(tag.as_str(), "html" | "body") || compound.starts_with(":root");
            is_root || (compound == "*" && !stands_somewhere(complex))
        })
    })
}

/// Whether a selector says where its element stands: beside another, or in one that is not around most of a page.
fn stands_somewhere(complex: &str) -> bool {
    /// Elements with such tags alone stand around most of a page.
    const FRAMES: [&str; 6] = ["*", "html", "body", ":root", "div", "main"];
    let mut start = 0;
    combinators(complex).any(|(at, byte)| {
        let compound = complex[start..at].trim();
        start = at + 1;
        matches!(byte, b'+' | b'~') || !(compound.is_empty() || FRAMES.contains(&compound))
    })
}

/// Ids and classes that must stand on elements around one that the selector matches.
pub(super) fn outer_keys(complex: &str) -> Vec<Key> {
    let complex = complex.trim();
    let marks: Vec<(usize, u8)> = combinators(complex).collect();
    if marks.iter().any(|(_, byte)| matches!(byte, b'+' | b'~')) {
        return Vec::new();
    }
    let mut start = 0;
    let mut keys = Vec::new();
    for (at, _) in marks {
        let key = key_of_compound(&complex[start..at]);
        keys.extend(Some(key).filter(|key| matches!(key, Key::Id(_) | Key::Class(_))));
        start = at + 1;
    }
    keys
}

fn key_of_compound(compound: &str) -> Key {
    if compound.contains('\\') {
        return Key::Any;
    }
    let name_at = |at: usize| name(&compound[at..]).to_owned();
    let marks: Vec<(usize, u8)> = top_level(compound)
        .filter(|(_, byte)| matches!(byte, b'#' | b'.' | b'[' | b':'))
        .collect();
    let find = |mark: u8| {
        marks
            .iter()
            .find(|(_, byte)| *byte == mark)
            .map(|(at, _)| *at + 1)
    };
    if let Some(at) = find(b'#') {
        return Key::Id(name_at(at));
    }
    if let Some(at) = find(b'.') {
        return Key::Class(name_at(at));
    }
    if let Some(at) = find(b'[').filter(|at| !name_at(*at).is_empty()) {
        let name = name_at(at).to_ascii_lowercase();
        let value = value(&compound[at + name.len()..], &name);
        return Key::Attribute(name, value);
    }
    let tag = name_at(0);
    if tag.is_empty() {
        Key::Any
    } else {
        Key::Tag(tag.to_ascii_lowercase())
    }
}

/// What the rest of an attribute selector, from its operator on, asks of the value.
fn value(rest: &str, name: &str) -> Value {
    let Some(end) = rest.find(']') else {
        return Value::Any;
    };
    let Some((operator, text)) = rest[..end].split_once('=') else {
        return Value::Any;
    };
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let text = quoted('"').or_else(|| quoted('\'')).unwrap_or(text);
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    if text.is_empty() || !text.chars().all(is_plain) {
        return Value::Any;
    }
    match operator {
        "" => Value::Equal(text.to_ascii_lowercase()),
        "*" | "^" | "$" if WITH_CASE.contains(&name) => Value::Holding(text.to_owned()),
        _ => Value::Any,
    }
}

/// The name that a text begins with.
fn name(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(text.len());
    &text[..end]
}

/// Names of the attributes that a selector looks at, also inside `:is`, `:not` and `:has`.
pub(super) fn attribute_names(css: &str) -> impl Iterator<Item = String> + '_ {
    css.split('[')
        .skip(1)
        .map(|rest| name(rest.trim_start()).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_of_the_whole_page_is_known() {
        for css in [
            "html",
            "BODY",
            "html > body",
            "p, *",
            ":root",
            "body.news",
            "div *",
        ] {
            assert!(matches_whole_page(css), "{css}");
        }
        for css in [
            "body p",
            "main",
            "*.story",
            "p:not(body *)",
            "[data-body]",
            "h2 ~ *",
            "#more > *",
            "h1 > *",
            "div[class=\"actions\"] *",
        ] {
            assert!(!matches_whole_page(css), "{css}");
        }
    }

    #[test]
    fn a_selector_is_listed_under_its_rightmost_compound() {
        let equal = |name: &str, value: &str| Key::Attribute(name.into(), Value::Equal(value.into()));
        let holding = |name: &str, value: &str| Key::Attribute(name.into(), Value::Holding(value.into()));
        let any = |name: &str| Key::Attribute(name.into(), Value::Any);
        for (css, expected) in [
            ("nav", (Key::Tag("nav".into()), true)),
            (".b", (Key::Class("b".into()), true)),
            ("[x]", (any("x"), true)),
            ("div.a > ul li.b[x]", (Key::Class("b".into()), false)),
            ("main #c.d", (Key::Id("c".into()), false)),
            ("p[data-x=\"a > b\"]", (any("data-x"), false)),
            ("[Role=Menu]", (equal("role", "menu"), false)),
            ("[role=menu i]", (any("role"), false)),
            ("[rel~=tag]", (any("rel"), false)),
            ("[rel*=tag]", (any("rel"), false)),
            ("a[href*='/a/']", (holding("href", "/a/"), false)),
            ("[id^=ad]:not(p)", (holding("id", "ad"), false)),
            ("p:not(.x)", (Key::Tag("p".into()), false)),
            (":is(.a, .b)", (Key::Any, false)),
            ("*", (Key::Any, false)),
            (".a\\:b", (Key::Any, false)),
            ("a:has(> img.x)", (Key::Tag("a".into()), false)),
        ] {
            assert_eq!(key(css), expected, "{css}");
        }
    }

    #[test]
    fn what_stands_around_is_known_without_siblings() {
        assert_eq!(
            outer_keys("#a .b > p em"),
            [Key::Id("a".into()), Key::Class("b".into())]
        );
        assert_eq!(outer_keys(".a + .b em"), []);
        assert_eq!(outer_keys("main em"), []);
    }

    #[test]
    fn a_list_is_split_at_its_own_commas_only() {
        assert_eq!(
            split_list("a, b:is(c, d) , [x=\",\"]"),
            ["a", "b:is(c, d)", "[x=\",\"]"]
        );
    }
}
