//! Text to [`Document`]: one parse, one walk, one list of text blocks in reading order.

mod cms;
mod facts;
mod parse;
mod prune;
mod read;
mod run;
mod scan;
mod sets;
mod tags;
mod text;
mod walk;

use std::fmt;
use std::ops::Range;

use scraper::Html;
use url::Url;

use crate::article::BlockKind;
use crate::rules::{RuleId, Rules, SiteRules};

pub use facts::{Facts, FieldName, Found, Link, Meta};
pub use parse::{MAX_DEPTH, MAX_NODES, MAX_PARSE_TIME};

/// A page after its one walk.
#[derive(Debug)]
pub struct Document {
    /// What the page says about itself.
    pub facts: Facts,
    /// The text blocks in reading order.
    pub blocks: Vec<TextBlock>,
    /// The elements that stand around text, parents before children; the first is the root.
    pub elements: Vec<Element>,
    /// What site and common rules matched, in page order.
    pub hits: Vec<Hit>,
    /// The number of the selector file whose rules were matched besides the common ones: that of the site, or else of the
    /// publishing system that made the page.
    pub file: Option<u32>,
    /// Limits that the page ran into.
    pub limits: Vec<Limit>,
    /// The text of all blocks, one after the other.
    text: String,
    /// The names of all elements, one after the other.
    names: String,
    /// Where in them an attribute begins, and which it is, in order.
    named: Vec<(u32, NameKind)>,
}

/// A block of text: what stands between two block-level boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBlock {
    range: Range<u32>,
    /// What it is.
    pub kind: BlockKind,
    /// The innermost element around all of it, an index into [`Document::elements`].
    pub element: u32,
    /// Its characters, whitespace not counted.
    pub chars: u32,
    /// Those of them inside links.
    pub link_chars: u32,
    /// Those of them inside bold or italic markup.
    pub strong_chars: u32,
    /// The innermost hit around it, an index into [`Document::hits`].
    pub hit: Option<u32>,
}

/// An element that holds text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its parent, an index into [`Document::elements`]; the root's own index for the root.
    pub parent: u32,
    /// The number of its ancestors.
    pub depth: u32,
    /// Its tag.
    pub tag: Tag,
    /// See [`Document::names`].
    names: Range<u32>,
}

/// An attribute that [`Document::names`] are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// `class`
    Class,
    /// `id`
    Id,
    /// `itemprop`
    Itemprop,
    /// `role`
    Role,
    /// `data-component`
    DataComponent,
    /// `data-testid`
    DataTestid,
}

impl NameKind {
    /// The kind of an attribute of this name, where there is one.
    pub fn of(attribute: &str) -> Option<Self> {
        Some(match attribute {
            "class" => Self::Class,
            "id" => Self::Id,
            "itemprop" => Self::Itemprop,
            "role" => Self::Role,
            "data-component" => Self::DataComponent,
            "data-testid" => Self::DataTestid,
            _ => return None,
        })
    }

    /// The attribute's name.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Id => "id",
            Self::Itemprop => "itemprop",
            Self::Role => "role",
            Self::DataComponent => "data-component",
            Self::DataTestid => "data-testid",
        }
    }
}

/// An element's tag name.
pub type Tag = html5ever::LocalName;

/// A rule that matched an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule.
    pub rule: RuleId,
    /// What it does.
    pub effect: HitEffect,
    /// The layout it belongs to; `None` for `common.toml`.
    pub layout: Option<u16>,
    /// The next hit outward.
    pub outer: Option<u32>,
    /// The first block at or after the element's start.
    pub at: u32,
}

/// The effects that concern blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitEffect {
    /// The layout fits.
    When,
    /// The story stands in here.
    Body,
    /// Stays.
    Keep,
    /// Goes.
    Drop,
    /// Goes, and all after it.
    StopAt,
}

/// A limit that a page ran into; what was read until then is cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Elements nest deeper than [`MAX_DEPTH`].
    Depth,
    /// More nodes than [`MAX_NODES`].
    Nodes,
    /// Parsing took longer than [`MAX_PARSE_TIME`].
    ParseTime,
    /// More blocks or text than the walk takes.
    Text,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Depth => write!(
                f,
                "elements nest deeper than {MAX_DEPTH}; deeper markup was ignored"
            ),
            Self::Nodes => write!(f, "more than {MAX_NODES} nodes; the rest was ignored"),
            Self::ParseTime => write!(
                f,
                "parsing took longer than {} s; the rest was ignored",
                MAX_PARSE_TIME.as_secs()
            ),
            Self::Text => write!(
                f,
                "more than {} text blocks; the rest was ignored",
                walk::MAX_BLOCKS
            ),
        }
    }
}

/// The tree of a page, within the limits of [`Document::parse`].
pub(crate) fn tree(html: &str) -> Html {
    parse::parse(html).0
}

/// Whether a block ends where an element of this tag starts or ends.
pub(crate) fn ends_block(tag: &Tag) -> bool {
    use tags::Role;
    matches!(
        tags::role(tag, false),
        Role::Block | Role::Row | Role::Cell | Role::Kind(_) | Role::Sure(_)
    )
}

impl Document {
    /// Parses a page and walks it once, matching the rules that apply to its URL.
    pub fn parse(html: &str, url: Option<&Url>, rules: &Rules) -> Self {
        let site = url.and_then(|url| rules.site(url));
        let pruned = match site {
            Some(site) => prune::prune(html, &|name, value| {
                rules.common().looks_at(name, value) || site.looks_at(name, value)
            }),
            None => prune::prune(html, &|name, value| {
                rules.common().looks_at(name, value) || cms::looks_at(rules, name, value)
            }),
        };
        let (tree, limits) = parse::parse(&pruned);
        drop(pruned);
        Self::walked(&tree, limits, site, rules)
    }

    /// As [`Document::parse`], with nothing pruned before the parser: slower, to check pruning against.
    #[doc(hidden)]
    pub fn parse_unpruned(html: &str, url: Option<&Url>, rules: &Rules) -> Self {
        let site = url.and_then(|url| rules.site(url));
        let (tree, limits) = parse::parse(html);
        Self::walked(&tree, limits, site, rules)
    }

    /// The site's own rules, or else those of the publishing system that made the page.
    fn walked(tree: &Html, limits: Vec<Limit>, site: Option<&SiteRules>, rules: &Rules) -> Self {
        let site = site.or_else(|| cms::of_page(tree, rules));
        let mut document = walk::walk(tree, limits, rules.common(), site);
        document.file = site.map(|site| site.number);
        document
    }

    /// Plain text: its blocks are its paragraphs, separated by line breaks; they have no ancestors.
    pub fn from_text(plain: &str) -> Self {
        text::from_text(plain)
    }

    /// A block's text: whitespace folded, trimmed, never empty.
    pub fn text(&self, block: &TextBlock) -> &str {
        self.text
            .get(block.range.start as usize..block.range.end as usize)
            .unwrap_or_default()
    }

    /// The text of block number `at`; empty past the end.
    pub fn text_at(&self, at: usize) -> &str {
        self.blocks.get(at).map_or("", |block| self.text(block))
    }

    /// Whether it was plain text, without any element around its blocks.
    pub fn is_plain_text(&self) -> bool {
        self.elements.len() == 1
    }

    /// The text of all blocks, one a line.
    pub fn lines(&self) -> String {
        let mut lines = String::with_capacity(self.text.len() + self.blocks.len());
        for block in &self.blocks {
            lines.push_str(self.text(block));
            lines.push('\n');
        }
        lines
    }

    /// Class, id, role, itemprop and data-component words of an element, separated by spaces.
    pub fn names(&self, element: &Element) -> &str {
        self.names
            .get(element.names.start as usize..element.names.end as usize)
            .unwrap_or_default()
    }

    /// [`Self::names`] of an element, attribute by attribute.
    pub fn attributes(&self, element: &Element) -> impl Iterator<Item = (NameKind, &str)> {
        let Range { start, end } = element.names;
        let first = self.named.partition_point(|(at, _)| *at < start);
        let own = self.named.get(first..).unwrap_or_default();
        own.iter()
            .take_while(move |(at, _)| *at < end)
            .enumerate()
            .map(move |(number, (at, kind))| {
                // One space stands between two; behind the last the next element's names begin.
                let next = own
                    .get(number + 1)
                    .map(|(next, _)| *next)
                    .filter(|next| *next < end);
                let stop = next.map_or(end, |next| next.saturating_sub(1));
                let text = self.names.get(*at as usize..stop as usize);
                (*kind, text.unwrap_or_default().trim_end())
            })
    }

    /// [`Self::names`] of all elements, one after the other: to see cheaply whether a word is among them at all.
    pub fn all_names(&self) -> &str {
        &self.names
    }

    /// The innermost element around both, or one of them where it is around the other.
    pub fn common_ancestor(&self, mut a: u32, mut b: u32) -> u32 {
        while a != b {
            let (Some(of_a), Some(of_b)) = (self.elements.get(a as usize), self.elements.get(b as usize))
            else {
                return 0;
            };
            if of_a.depth >= of_b.depth {
                if of_a.parent == a {
                    return a;
                }
                a = of_a.parent;
            } else {
                b = of_b.parent;
            }
        }
        a
    }

    /// The element and its ancestors, innermost first, without the root.
    pub fn ancestors(&self, element: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = Some(element);
        std::iter::from_fn(move || {
            let at = next?;
            let parent = self.elements.get(at as usize)?.parent;
            next = (parent != at).then_some(parent);
            (parent != at).then_some(at)
        })
    }

    /// The hits around a block, innermost first.
    pub fn hits_around(&self, block: &TextBlock) -> impl Iterator<Item = &Hit> + '_ {
        let mut next = block.hit;
        std::iter::from_fn(move || {
            let hit = self.hits.get(next? as usize)?;
            next = hit.outer;
            Some(hit)
        })
    }

    /// Where an element stands, as `main > div.post > p`.
    pub fn path(&self, element: u32) -> String {
        let mut parts: Vec<String> = self
            .ancestors(element)
            .filter_map(|at| self.elements.get(at as usize))
            .filter(|element| !matches!(&*element.tag, "html" | "body"))
            .map(|element| {
                let first = self.names(element).split(' ').next().unwrap_or_default();
                if first.is_empty() {
                    element.tag.to_string()
                } else {
                    format!("{}.{first}", &*element.tag)
                }
            })
            .collect();
        parts.reverse();
        parts.join(" > ")
    }
}
