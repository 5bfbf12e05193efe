//! JSON-LD: all nodes of all scripts, and among them the one that describes this page's article.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::{repair, text};

/// A JSON-LD node.
pub(super) type Node = Map<String, Value>;

/// Scripts read of one page; real pages have one to ten.
const MAX_SCRIPTS: usize = 64;

/// Bytes read over all scripts of one page.
const MAX_TOTAL_BYTES: usize = 2 * repair::MAX_SCRIPT_BYTES;

/// Nodes looked at over all scripts; a long list of related stories has some hundreds.
const MAX_NODES: usize = 10_000;

/// Strings and names taken of one value.
const MAX_ITEMS: usize = 64;

/// Keys under which the article itself may stand; what hangs on other keys is about other things.
const WAYS: &[&str] = &["@graph", "mainEntity", "mainEntityOfPage", "article", "hasPart"];

/// The structured data of one page.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    scripts: Vec<Value>,
}

/// The nodes that matter, borrowed from [`JsonLd`].
#[derive(Debug, Default)]
pub(super) struct Nodes<'a> {
    /// The node of this page's article, where there is one.
    pub(super) article: Option<&'a Node>,
    /// The node of the page that holds it.
    pub(super) page: Option<&'a Node>,
    /// The node of the site.
    pub(super) site: Option<&'a Node>,
    by_id: FxHashMap<&'a str, &'a Node>,
}

/// What else the page says, to tell its article from others.
#[derive(Debug, Default)]
pub(super) struct Hints<'a> {
    /// URLs under which the page is known.
    pub(super) urls: Vec<&'a str>,
    /// Comparable forms of its titles.
    pub(super) titles: Vec<String>,
}

impl JsonLd {
    /// Reads the scripts, good and broken, within the limits.
    pub(super) fn read(scripts: &[String]) -> Self {
        let mut bytes = 0;
        let scripts = scripts
            .iter()
            .take(MAX_SCRIPTS)
            .take_while(|script| {
                bytes += script.len().min(repair::MAX_SCRIPT_BYTES);
                bytes <= MAX_TOTAL_BYTES
            })
            .flat_map(|script| repair::parse(script))
            .collect();
        Self { scripts }
    }

    /// Finds the article, the page and the site among the nodes.
    pub(super) fn nodes<'a>(&'a self, hints: &Hints<'_>) -> Nodes<'a> {
        let mut nodes = Nodes {
            by_id: self.ids(),
            ..Nodes::default()
        };
        let mut best = 0;
        for node in self.candidates() {
            let score = article_score(node, hints);
            if score > best {
                best = score;
                nodes.article = Some(node);
            }
            if nodes.page.is_none() && has_type(node, |kind| kind.ends_with("Page")) {
                nodes.page = Some(node);
            }
            if nodes.site.is_none() && has_type(node, |kind| kind == "WebSite") {
                nodes.site = Some(node);
            }
        }
        nodes
    }

    /// Nodes that may be the article, in page order.
    fn candidates(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut stack: Vec<&Value> = self.scripts.iter().rev().collect();
        while let Some(value) = stack.pop() {
            if found.len() >= MAX_NODES || stack.len() >= MAX_NODES {
                break;
            }
            match value {
                Value::Array(items) => stack.extend(items.iter().take(MAX_NODES).rev()),
                Value::Object(node) => {
                    found.push(node);
                    stack.extend(WAYS.iter().rev().filter_map(|way| node.get(*way)));
                }
                _ => {}
            }
        }
        found
    }

    /// All nodes that have an `@id` and say more than that.
    fn ids(&self) -> FxHashMap<&str, &Node> {
        let mut ids = FxHashMap::default();
        let mut stack: Vec<&Value> = self.scripts.iter().collect();
        let mut seen = 0;
        while let Some(value) = stack.pop() {
            seen += 1;
            if seen > MAX_NODES {
                break;
            }
            match value {
                Value::Array(items) => {
                    stack.extend(items.iter().take(MAX_NODES).filter(|item| !item.is_string()));
                }
                Value::Object(node) => {
                    if let Some(id) = node.get("@id").and_then(Value::as_str)
                        && node.len() > 1
                    {
                        ids.entry(id).or_insert(node);
                    }
                    stack.extend(
                        node.values()
                            .filter(|value| value.is_object() || value.is_array()),
                    );
                }
                _ => {}
            }
        }
        ids
    }
}

/// How likely a node is this page's article; 0: it is none.
fn article_score(node: &Node, hints: &Hints<'_>) -> u32 {
    let kind = if has_type(node, |kind| kind.ends_with("Article") || kind == "Report") {
        12
    } else if has_type(node, |kind| kind.ends_with("Posting") && kind != "JobPosting") {
        11
    } else if has_type(node, |kind| {
        matches!(
            kind,
            "Review" | "Recipe" | "HowTo" | "CreativeWork" | "VideoObject"
        )
    }) {
        4
    } else if node.contains_key("headline") {
        6
    } else {
        return 0;
    };
    let mut score = kind;
    let own_urls = ["url", "@id", "mainEntityOfPage"]
        .iter()
        .filter_map(|name| node.get(*name))
        .filter_map(id_of);
    if own_urls
        .into_iter()
        .any(|url| hints.urls.iter().any(|known| same_page(known, url)))
    {
        score += 40;
    }
    let titles = ["headline", "name"]
        .iter()
        .filter_map(|name| node.get(*name)?.as_str());
    if titles.map(text::key).any(|title| {
        title.len() > 8
            && hints
                .titles
                .iter()
                .any(|known| known.contains(&title) || title.contains(known.as_str()))
    }) {
        score += 20;
    }
    let evidence = ["headline", "datePublished", "author", "articleBody", "image"];
    score + evidence.iter().filter(|name| node.contains_key(**name)).count() as u32
}

/// The URL that a reference names: a string, or the `@id` or `url` of an object.
fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(url) => Some(url),
        Value::Object(node) => node
            .get("@id")
            .or_else(|| node.get("url"))
            .and_then(Value::as_str),
        _ => None,
    }
}

/// Whether two URLs name the same page, protocol, "www.", fragment and closing slash aside.
fn same_page(a: &str, b: &str) -> bool {
    fn core(url: &str) -> &str {
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        let url = url.strip_prefix("www.").unwrap_or(url);
        url.split(['#', '?']).next().unwrap_or(url).trim_end_matches('/')
    }
    // A bare host is the site's home page.
    core(a).contains('/') && core(a) == core(b)
}

/// Whether one of the node's types, without its vocabulary's prefix, fits.
pub(super) fn has_type(node: &Node, fits: impl Fn(&str) -> bool) -> bool {
    let short = |kind: &Value| {
        kind.as_str()
            .is_some_and(|kind| fits(kind.rsplit(['/', ':']).next().unwrap_or(kind)))
    };
    match node.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().take(MAX_ITEMS).any(short),
        Some(kind) => short(kind),
        None => false,
    }
}

impl<'a> Nodes<'a> {
    /// A property of the article, then of the page.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        let given = |node: &'a Node| node.get(name).filter(|value| !is_empty(value));
        self.article.and_then(given).or_else(|| self.page.and_then(given))
    }

    /// The first string of a property of the article or page.
    pub(super) fn string(&self, name: &str) -> Option<&'a str> {
        strings(self.value(name)?).into_iter().next()
    }

    /// The strings at a path of keys, as "author.name", from the article or page on; references are followed.
    pub(super) fn path(&self, path: &str) -> Vec<&'a str> {
        let mut keys = path.split('.').map(str::trim);
        let mut values: Vec<&'a Value> = keys.next().and_then(|key| self.value(key)).into_iter().collect();
        for key in keys.take(MAX_ITEMS) {
            let things = values.iter().flat_map(|value| self.things(value));
            let inner = things.filter_map(|thing| match thing {
                Thing::Node(node) => node.get(key),
                Thing::Text(_) => None,
            });
            values = inner.take(MAX_ITEMS).collect();
        }
        values.into_iter().flat_map(strings).take(MAX_ITEMS).collect()
    }

    /// All things that a value names: objects, references resolved, strings as they are.
    pub(super) fn things(&self, value: &'a Value) -> Vec<Thing<'a>> {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        // Lists in lists ([["A", "B"]]) are met in the wild, deeper ones are not.
        let flat = items.iter().flat_map(|item| match item {
            Value::Array(inner) => inner.as_slice(),
            single => std::slice::from_ref(single),
        });
        flat.take(MAX_ITEMS).filter_map(|item| self.thing(item)).collect()
    }

    fn thing(&self, value: &'a Value) -> Option<Thing<'a>> {
        match value {
            Value::String(text) => Some(Thing::Text(text)),
            Value::Object(node) => {
                let full = node
                    .get("@id")
                    .and_then(Value::as_str)
                    .and_then(|id| self.by_id.get(id))
                    .copied();
                let named = node.contains_key("name") || node.contains_key("url");
                Some(Thing::Node(if named { node } else { full.unwrap_or(node) }))
            }
            _ => None,
        }
    }
}

/// What a property's value names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing<'a> {
    /// A bare string.
    Text(&'a str),
    /// A node, references resolved.
    Node(&'a Node),
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(Value::is_null),
        Value::Object(node) => node.is_empty(),
        _ => false,
    }
}

/// The strings of a value that is a string, a number, a list of them, or a node with a `name`, `@value` or `url`.
pub(super) fn strings(value: &Value) -> Vec<&str> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    items
        .iter()
        .take(MAX_ITEMS)
        .filter_map(|item| match item {
            Value::String(text) => Some(text.as_str()),
            Value::Object(node) => ["name", "@value", "url"]
                .iter()
                .find_map(|name| first_string(node.get(*name)?)),
            _ => None,
        })
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// A string, or the first string of a list.
pub(super) fn first_string(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(items) => items.first().and_then(Value::as_str),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
