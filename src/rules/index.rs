//! All selectors of all files that apply to a page, found through an index by the rightmost compound of each: an element is tried
//! against those selectors alone that could match it, so the cost of the walk does not grow with the number of rules.

use memchr::memmem;
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Selector};

use super::key::{Key, Value, attribute_names, key, outer_keys, split_list};

/// A selector is at most so long, in bytes: reading one recurses over its parentheses.
const MAX_SELECTOR: usize = 2_000;

/// A selector or list of selectors.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn parse(css: &str) -> Result<Selector, String> {
    if css.len() > MAX_SELECTOR {
        return Err(format!("the selector is longer than {MAX_SELECTOR} bytes"));
    }
    Selector::parse(css).map_err(|error| format!("selector {css:?} is not valid CSS: {error}"))
}

/// Bits of [`Around`]; keys past their number share them.
const AROUND_BITS: usize = 64;

/// Which of the ids and classes that selectors ask for around an element stand there, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around(u64);

impl Around {
    /// Nothing: what stands around the root.
    pub const NONE: Self = Self(0);
}

/// Selectors with what each means.
#[derive(Debug)]
pub struct SelectorIndex<T> {
    entries: Vec<Entry<T>>,
    ids: FxHashMap<String, Listed>,
    classes: FxHashMap<String, Listed>,
    attributes: FxHashMap<String, Attribute>,
    tags: FxHashMap<String, Vec<u32>>,
    any: Vec<u32>,
    named_attributes: Vec<String>,
    /// Keys that have a bit.
    outer: usize,
}

#[derive(Debug)]
struct Entry<T> {
    selector: Selector,
    /// What must stand around the element.
    around: Around,
    /// The key says all that the selector does.
    is_key: bool,
    meaning: T,
}

/// What an id or a class is listed for.
#[derive(Debug, Default)]
struct Listed {
    entries: Vec<u32>,
    /// The bits it has as a key of what stands around.
    bits: u64,
}

/// The selectors listed under an attribute.
#[derive(Debug, Default)]
struct Attribute {
    entries: Vec<u32>,
    /// By the value, in lower case.
    equal: FxHashMap<String, Vec<u32>>,
    /// By a part of the value.
    holding: Vec<(memmem::Finder<'static>, u32)>,
    /// The longest of `equal`, in bytes.
    longest: usize,
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
            outer: 0,
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
            let selector = parse(part)?;
            let at = u32::try_from(self.entries.len()).map_err(|_| "too many selectors".to_owned())?;
            let (key, is_key) = key(part);
            let is_known_by_part = matches!(&key, Key::Attribute(_, Value::Holding(_)));
            self.list(key, at);
            let names: Vec<String> = attribute_names(part).collect();
            if names.len() > 1 || !is_known_by_part {
                for name in &names {
                    self.reads_attribute(name);
                }
            }
            let around = self.around(part);
            self.entries.push(Entry {
                selector,
                around,
                is_key,
                meaning: meaning.clone(),
            });
        }
        Ok(())
    }

    fn list(&mut self, key: Key, at: u32) {
        match key {
            Key::Id(id) => self.ids.entry(id).or_default().entries.push(at),
            Key::Class(class) => self.classes.entry(class).or_default().entries.push(at),
            Key::Attribute(name, value) => {
                let attribute = self.attributes.entry(name).or_default();
                match value {
                    Value::Equal(value) => {
                        attribute.longest = attribute.longest.max(value.len());
                        attribute.equal.entry(value).or_default().push(at);
                    }
                    Value::Holding(part) => {
                        let finder = memmem::Finder::new(&part).into_owned();
                        attribute.holding.push((finder, at));
                    }
                    Value::Any => attribute.entries.push(at),
                }
            }
            Key::Tag(tag) => self.tags.entry(tag).or_default().push(at),
            Key::Any => self.any.push(at),
        }
    }

    /// The bits of what a selector asks for around the element.
    fn around(&mut self, complex: &str) -> Around {
        let mut bits = 0;
        for key in outer_keys(complex) {
            let listed = match key {
                Key::Id(id) => self.ids.entry(id).or_default(),
                Key::Class(class) => self.classes.entry(class).or_default(),
                _ => continue,
            };
            if listed.bits == 0 {
                listed.bits = 1 << (self.outer % AROUND_BITS);
                self.outer += 1;
            }
            bits |= listed.bits;
        }
        Around(bits)
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

    /// Notes the attributes that a selector which is not in the index looks at.
    pub(super) fn reads_attributes_of(&mut self, css: &str) {
        for name in attribute_names(css) {
            self.reads_attribute(&name);
        }
    }

    /// Whether any selector could match for this attribute (lower case) with this value, or its value is read.
    pub fn looks_at(&self, name: &str, value: &str) -> bool {
        let is_named = self
            .named_attributes
            .binary_search_by(|known| known.as_str().cmp(name))
            .is_ok();
        is_named
            || self
                .attributes
                .get(name)
                .is_some_and(|attribute| attribute.holds(value))
    }

    /// Whether there is no selector at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Calls `hit` with the meaning of every selector that matches the element, in no particular order. `outer` is what this gave
    /// for the parent, [`Around::NONE`] for the root; it gives the same for the children.
    pub fn matches(&self, element: ElementRef<'_>, outer: Around, hit: &mut dyn FnMut(&T)) -> Around {
        let mut own = outer;
        if self.is_empty() {
            return own;
        }
        let value = element.value();
        let mut trial = Trial {
            entries: &self.entries,
            element,
            outer,
            hit,
        };
        if let Some(entries) = self.tags.get(value.name()) {
            trial.run(entries);
        }
        for (name, text) in &value.attrs {
            let name: &str = &name.local;
            let listed = |names: &'_ FxHashMap<String, Listed>,
                          key: &str,
                          own: &mut Around,
                          trial: &mut Trial<'_, T>| {
                if let Some(listed) = names.get(key) {
                    own.0 |= listed.bits;
                    trial.run(&listed.entries);
                }
            };
            match name {
                "id" => listed(&self.ids, text, &mut own, &mut trial),
                "class" => {
                    for class in text.split_ascii_whitespace() {
                        listed(&self.classes, class, &mut own, &mut trial);
                    }
                }
                _ => {}
            }
            if let Some(attribute) = self.attributes.get(name) {
                attribute.run(text, &mut trial);
            }
        }
        trial.run(&self.any);
        own
    }
}

/// An element against selectors that it could match.
struct Trial<'a, T> {
    entries: &'a [Entry<T>],
    element: ElementRef<'a>,
    outer: Around,
    hit: &'a mut dyn FnMut(&T),
}

impl<T> Trial<'_, T> {
    fn run(&mut self, numbers: &[u32]) {
        for entry in numbers.iter().filter_map(|&at| self.entries.get(at as usize)) {
            let is_around = self.outer.0 & entry.around.0 == entry.around.0;
            if is_around && (entry.is_key || entry.selector.matches(&self.element)) {
                (self.hit)(&entry.meaning);
            }
        }
    }
}

impl Attribute {
    /// Whether a value, as it stands in the page's source, may have a part that a selector asks for.
    fn holds(&self, value: &str) -> bool {
        let has_references = value.contains('&');
        let mut parts = self.holding.iter();
        parts.any(|(finder, _)| has_references || finder.find(value.as_bytes()).is_some())
    }

    fn run<T>(&self, text: &str, trial: &mut Trial<'_, T>) {
        trial.run(&self.entries);
        if text.len() <= self.longest {
            let lower;
            let key = if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                lower = text.to_ascii_lowercase();
                lower.as_str()
            } else {
                text
            };
            if let Some(entries) = self.equal.get(key) {
                trial.run(entries);
            }
        }
        for (finder, entry) in &self.holding {
            if finder.find(text.as_bytes()).is_some() {
                trial.run(std::slice::from_ref(entry));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_cannot_nest_without_end() {
        let nested = |depth: usize| [":is(".repeat(depth), ")".repeat(depth)].join("p");
        assert!(parse(&nested(3)).is_ok());
        // Refused or not, it comes back.
        let _ = parse(&nested(MAX_SELECTOR / 6));
        assert!(parse(&nested(1_000_000)).is_err());
    }

    #[test]
    fn matching_through_the_index_agrees_with_matching_each_selector() {
        let html = scraper::Html::parse_document(
            "<nav id=n class='a b'><p class=b data-x=1>t</p><ul><li class=c>u<a href=/a/b rel=TAG>x</a></li></ul></nav><p>v\
             <div class=x><div class=y><a href=/b>w</a></div></div>",
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
            "[rel=tag]",
            "[data-x='1']",
            "[href*='/a/']",
            "#n .b",
            ".a > ul li",
            ".b + ul a",
            ".x a",
        ];
        let mut index = SelectorIndex::default();
        for css in list {
            index.add(css, &css).unwrap();
        }
        for element in html.root_element().descendent_elements() {
            let mut found = Vec::new();
            let mut ancestors: Vec<_> = element.ancestors().filter_map(ElementRef::wrap).collect();
            ancestors.reverse();
            let outer = ancestors.into_iter().fold(Around::NONE, |outer, ancestor| {
                index.matches(ancestor, outer, &mut |_| {})
            });
            index.matches(element, outer, &mut |css| found.push(*css));
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
