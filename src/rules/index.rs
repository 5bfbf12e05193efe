//! All selectors of all files that apply to a page, found through an index by the rightmost compound of each: an element is tried
//! against those selectors alone that could match it, so the cost of the walk does not grow with the number of rules.

use rustc_hash::FxHashMap;
use scraper::{ElementRef, Selector};

/// What a selector is listed under: the most telling simple selector of its rightmost compound.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// `#id`
    Id(String),
    /// `.class`
    Class(String),
    /// `[attribute]`
    Attribute(String),
    /// `tag`
    Tag(String),
    /// Nothing to go by: tried on every element.
    Any,
}

/// Selectors with what each means.
#[derive(Debug)]
pub struct SelectorIndex<T> {
    entries: Vec<(Selector, T)>,
    ids: FxHashMap<String, Vec<u32>>,
    classes: FxHashMap<String, Vec<u32>>,
    attributes: FxHashMap<String, Vec<u32>>,
    tags: FxHashMap<String, Vec<u32>>,
    any: Vec<u32>,
    named_attributes: Vec<String>,
}

impl<T> Default for SelectorIndex<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            ids: FxHashMap::default(),
            classes: FxHashMap::default(),
            attributes: FxHashMap::default(),
            tags: FxHashMap::default(),
            any: Vec::new(),
            named_attributes: Vec::new(),
        }
    }
}

impl<T: Clone> SelectorIndex<T> {
    /// Adds a selector list; each of its parts is listed by itself.
    ///
    /// # Errors
    /// What is wrong with the selector, in words.
    pub fn add(&mut self, css: &str, meaning: &T) -> Result<(), String> {
        for part in split_list(css) {
            let selector = Selector::parse(part)
                .map_err(|error| format!("selector {part:?} is not valid CSS: {error}"))?;
            let at = u32::try_from(self.entries.len()).map_err(|_| "too many selectors".to_owned())?;
            match key(part) {
                Key::Id(id) => self.ids.entry(id).or_default().push(at),
                Key::Class(class) => self.classes.entry(class).or_default().push(at),
                Key::Attribute(name) => self.attributes.entry(name).or_default().push(at),
                Key::Tag(tag) => self.tags.entry(tag).or_default().push(at),
                Key::Any => self.any.push(at),
            }
            self.named_attributes.extend(attribute_names(part));
            self.entries.push((selector, meaning.clone()));
        }
        self.named_attributes.sort_unstable();
        self.named_attributes.dedup();
        Ok(())
    }

    /// Notes an attribute whose value is read where a selector matches.
    pub fn reads_attribute(&mut self, name: &str) {
        if let Err(at) = self
            .named_attributes
            .binary_search_by(|known| known.as_str().cmp(name))
        {
            self.named_attributes.insert(at, name.to_owned());
        }
    }

    /// Whether any selector names this attribute (lower case), or its value is read.
    pub fn names_attribute(&self, name: &str) -> bool {
        self.named_attributes
            .binary_search_by(|known| known.as_str().cmp(name))
            .is_ok()
    }

    /// Whether there is no selector at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Calls `hit` with the meaning of every selector that matches the element, in no particular order.
    pub fn matches(&self, element: ElementRef<'_>, hit: &mut dyn FnMut(&T)) {
        let value = element.value();
        self.try_all(self.tags.get(value.name()), element, hit);
        for (name, text) in &value.attrs {
            let name: &str = &name.local;
            match name {
                "id" => self.try_all(self.ids.get(text.trim()), element, hit),
                "class" if !self.classes.is_empty() => {
                    for class in text.split_ascii_whitespace() {
                        self.try_all(self.classes.get(class), element, hit);
                    }
                }
                _ => {}
            }
            if !self.attributes.is_empty() {
                self.try_all(self.attributes.get(name), element, hit);
            }
        }
        self.try_all(Some(&self.any), element, hit);
    }

    fn try_all(&self, entries: Option<&Vec<u32>>, element: ElementRef<'_>, hit: &mut dyn FnMut(&T)) {
        for &at in entries.into_iter().flatten() {
            let (selector, meaning) = &self.entries[at as usize];
            if selector.matches(&element) {
                hit(meaning);
            }
        }
    }
}

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
fn split_list(css: &str) -> Vec<&str> {
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

/// The key of one complex selector.
fn key(complex: &str) -> Key {
    let complex = complex.trim();
    let start = top_level(complex)
        .filter(|(_, byte)| matches!(byte, b' ' | b'>' | b'+' | b'~'))
        .last()
        .map_or(0, |(at, _)| at + 1);
    let compound = &complex[start..];
    if compound.contains('\\') {
        return Key::Any;
    }
    let name_at = |at: usize| {
        let rest = &compound[at..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
            .unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    let marks: Vec<(usize, u8)> = top_level(compound)
        .filter(|(_, byte)| matches!(byte, b'#' | b'.' | b'[' | b':'))
        .collect();
    let find = |mark: u8| {
        marks
            .iter()
            .find(|(_, byte)| *byte == mark)
            .map(|(at, _)| name_at(at + 1))
    };
    if let Some(id) = find(b'#') {
        return Key::Id(id);
    }
    if let Some(class) = find(b'.') {
        return Key::Class(class);
    }
    if let Some(name) = find(b'[').filter(|name| !name.is_empty()) {
        return Key::Attribute(name.to_ascii_lowercase());
    }
    let tag = name_at(0);
    if tag.is_empty() {
        Key::Any
    } else {
        Key::Tag(tag.to_ascii_lowercase())
    }
}

/// Names of the attributes that a selector looks at, also inside `:is`, `:not` and `:has`.
fn attribute_names(css: &str) -> impl Iterator<Item = String> + '_ {
    css.split('[').skip(1).map(|rest| {
        let rest = rest.trim_start();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
            .unwrap_or(rest.len());
        rest[..end].to_ascii_lowercase()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_listed_under_its_rightmost_compound() {
        for (css, expected) in [
            ("nav", Key::Tag("nav".into())),
            ("div.a > ul li.b[x]", Key::Class("b".into())),
            ("main #c.d", Key::Id("c".into())),
            ("p[data-x=\"a > b\"]", Key::Attribute("data-x".into())),
            ("p:not(.x)", Key::Tag("p".into())),
            (":is(.a, .b)", Key::Any),
            ("*", Key::Any),
            (".a\\:b", Key::Any),
            ("a:has(> img.x)", Key::Tag("a".into())),
        ] {
            assert_eq!(key(css), expected, "{css}");
        }
    }

    #[test]
    fn a_list_is_split_at_its_own_commas_only() {
        assert_eq!(
            split_list("a, b:is(c, d) , [x=\",\"]"),
            ["a", "b:is(c, d)", "[x=\",\"]"]
        );
    }

    #[test]
    fn matching_through_the_index_agrees_with_matching_each_selector() {
        let html = scraper::Html::parse_document(
            "<nav id=n class='a b'><p class=b data-x=1>t</p><ul><li class=c>u</li></ul></nav><p>v</p>",
        );
        let list = [
            "nav",
            ".b",
            "#n",
            "[data-x]",
            "li.c",
            "nav p",
            "p:not(.b)",
            ":is(ul, .a)",
            "*",
        ];
        let mut index = SelectorIndex::default();
        for css in list {
            index.add(css, &css).unwrap();
        }
        for element in html.root_element().descendent_elements() {
            let mut found = Vec::new();
            index.matches(element, &mut |css| found.push(*css));
            found.sort_unstable();
            let mut expected: Vec<&str> = list
                .into_iter()
                .filter(|css| Selector::parse(css).unwrap().matches(&element))
                .collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{}", element.html());
        }
    }
}
