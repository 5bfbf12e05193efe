//! The one walk over the tree: text to blocks, elements and selectors to hits, the head to facts.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use html5ever::local_name;
use scraper::{ElementRef, Html, Node};

use crate::article::BlockKind;
use crate::rules::{Around, Effect, Meaning, SelectorIndex, SiteRules};

use super::facts::Found;
use super::read::{element_text, fold, is_hidden, link, meta};
use super::run::{Run, Style};
use super::sets::{Sets, resolve};
use super::tags::{Role, role};
use super::{Document, Element, Facts, Hit, HitEffect, Limit, NameKind, TextBlock};

/// Text blocks of one page; the largest news pages have some 5,000.
pub(super) const MAX_BLOCKS: usize = 100_000;
/// Elements remembered from field selectors.
const MAX_FOUND: usize = 400;
/// JSON-LD scripts and the bytes of each; articles in full with their metadata take some 200 KB.
const MAX_JSON_LD: (usize, usize) = (50, 4 << 20);
/// `<meta>` and `<link>` elements remembered.
const MAX_HEAD: usize = 2_000;
/// A cell with more characters than this is no cell of data: its text stands alone.
const MAX_CELL_CHARS: u32 = 300;

/// Characters from which a block is too long for the text of a link.
const LONG_CHARS: u32 = 150;

/// Characters from which a block is no link either on a page whose long text all stands in links.
const LINE_CHARS: u32 = 40;

/// Walks the tree once.
pub(super) fn walk(
    tree: &Html,
    limits: Vec<Limit>,
    common: &SelectorIndex<Meaning>,
    site: Option<&SiteRules>,
) -> Document {
    let document = Document {
        facts: Facts::default(),
        blocks: Vec::with_capacity(512),
        elements: Vec::with_capacity(2048),
        hits: Vec::new(),
        file: None,
        limits,
        text: String::with_capacity(32 * 1024),
        names: String::with_capacity(32 * 1024),
        named: Vec::with_capacity(2048),
    };
    let mut walk = Walk {
        document,
        frames: Vec::with_capacity(64),
        runs: vec![Run::default()],
        common,
        site: site.map(|site| &site.index),
        sets: site.map(|site| resolve(tree, &site.sets)).unwrap_or_default(),
    };
    let mut skipping: Option<ego_tree::NodeId> = None;
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) if skipping.is_none() => match node.value() {
                Node::Text(text) => walk.text(text),
                Node::Element(_) => skipping = (!walk.open(node)).then(|| node.id()),
                _ => {}
            },
            Edge::Close(node) if skipping == Some(node.id()) => skipping = None,
            Edge::Close(node) if skipping.is_none() && node.value().is_element() => walk.close(),
            _ => {}
        }
        if walk.document.blocks.len() >= MAX_BLOCKS {
            walk.document.limits.push(Limit::Text);
            break;
        }
    }
    walk.flush();
    forgive_unclosed_link(&mut walk.document.blocks);
    walk.document
}

/// Where nearly all long text of a page stands in links, a link was left open: its lines are not links then.
fn forgive_unclosed_link(blocks: &mut [TextBlock]) {
    let long = |block: &&mut TextBlock| block.chars >= LONG_CHARS;
    let (all, linked) = blocks
        .iter_mut()
        .filter(long)
        .fold((0, 0), |(all, linked), block| {
            (all + u64::from(block.chars), linked + u64::from(block.link_chars))
        });
    if linked * 10 > all * 8 {
        let lines = blocks.iter_mut().filter(|block| block.chars >= LINE_CHARS);
        lines.for_each(|block| block.link_chars = 0);
    }
}

/// What holds inside an open element.
#[derive(Clone, Copy)]
struct Frame {
    element: u32,
    role: Role,
    kind: BlockKind,
    style: Style,
    hit: Option<u32>,
    /// What stands around, for common and site rules.
    around: [Around; 2],
    /// Inside something that common or site rules drop.
    dropped: bool,
    in_paragraph: bool,
    /// The element has a run of its own, see [`Walk::open`].
    has_run: bool,
}

const OUTSIDE: Frame = Frame {
    element: 0,
    role: Role::Block,
    kind: BlockKind::Other,
    style: Style {
        link: false,
        strong: false,
        pre: false,
    },
    hit: None,
    around: [Around::NONE; 2],
    dropped: false,
    in_paragraph: false,
    has_run: false,
};

struct Walk<'a> {
    document: Document,
    frames: Vec<Frame>,
    /// The run of the current block; an inline element that a rule drops has one of its own on top, so that what
    /// goes does not take the paragraph with it.
    runs: Vec<Run>,
    common: &'a SelectorIndex<Meaning>,
    site: Option<&'a SelectorIndex<Meaning>>,
    sets: Sets<'a>,
}

impl<'a> Walk<'a> {
    fn frame(&self) -> Frame {
        self.frames.last().copied().unwrap_or(OUTSIDE)
    }

    fn text(&mut self, text: &str) {
        let frame = self.frame();
        let Some(run) = self.runs.last_mut() else {
            return;
        };
        if run.push(text, frame.style) {
            run.element = Some(match run.element {
                None => frame.element,
                Some(other) => self.document.common_ancestor(other, frame.element),
            });
        }
    }

    /// Opens an element; `false` where it and its content are no text.
    fn open(&mut self, node: NodeRef<'_, Node>) -> bool {
        let Some(element) = ElementRef::wrap(node) else {
            return false;
        };
        let value = element.value();
        let outer = self.frame();
        let role = role(&value.name.local, outer.in_paragraph);
        match role {
            Role::Skip => {
                self.fact(element);
                self.matches_without_text(element, outer);
                return false;
            }
            Role::Break => self.line_break(),
            _ => {}
        }
        if value.name.local == local_name!("html") {
            self.document.facts.lang = value.attr("lang").map(fold).filter(|lang| !lang.is_empty());
        }
        if is_hidden(value) {
            return false;
        }
        let index = self.add_element(value, outer);
        let (hit, around) = self.matches(element, outer, [Some(self.common), self.site]);
        let is_new_drop = hit != outer.hit && self.is_drop(hit);
        let mut frame = Frame {
            element: index,
            role,
            hit,
            around,
            has_run: false,
            ..outer
        };
        frame.dropped |= is_new_drop;
        self.enter(role, &mut frame);
        if is_new_drop && !is_block(role) {
            frame.has_run = true;
            self.runs.push(Run::default());
        }
        self.frames.push(frame);
        true
    }

    fn enter(&mut self, role: Role, frame: &mut Frame) {
        match role {
            Role::Block | Role::Row => self.flush(),
            Role::Kind(kind) => {
                self.flush();
                frame.in_paragraph = true;
                if frame.kind == BlockKind::Other {
                    frame.kind = kind;
                }
            }
            Role::Sure(kind) => {
                self.flush();
                frame.kind = kind;
                frame.in_paragraph = matches!(kind, BlockKind::Heading { .. });
                frame.style.pre |= kind == BlockKind::Preformatted;
            }
            Role::Cell => self.open_cell(),
            Role::Anchor => frame.style.link = true,
            Role::Strong => frame.style.strong = true,
            Role::Break | Role::Inline | Role::Skip => {}
        }
    }

    fn open_cell(&mut self) {
        if self.runs.last().is_some_and(|run| run.chars() > MAX_CELL_CHARS) {
            self.flush();
        } else if let Some(run) = self.runs.last_mut() {
            run.cell();
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.last().copied() else {
            return;
        };
        if is_block(frame.role) || frame.has_run {
            self.flush();
        }
        if frame.has_run {
            self.runs.pop();
        }
        self.frames.pop();
    }

    /// A second `<br>` in a row separates paragraphs.
    fn line_break(&mut self) {
        let style = self.frame().style;
        match self.runs.last_mut() {
            Some(run) if run.broken && !style.pre => self.flush(),
            Some(run) => run.line_break(style),
            None => {}
        }
    }

    /// Ends the current run; it becomes a block of the innermost open element.
    fn flush(&mut self) {
        let frame = self.frame();
        let Some(run) = self.runs.last_mut() else {
            return;
        };
        let kind = if run.has_cells() && !frame.style.pre {
            BlockKind::TableRow
        } else {
            frame.kind
        };
        self.document.push_block(run, kind, frame.element, frame.hit);
    }

    fn add_element(&mut self, value: &scraper::node::Element, outer: Frame) -> u32 {
        let names = &mut self.document.names;
        let start = u32::try_from(names.len()).unwrap_or(u32::MAX);
        for (name, text) in &value.attrs {
            if let Some(kind) = NameKind::of(&name.local) {
                if names.len() > start as usize {
                    names.push(' ');
                }
                let at = u32::try_from(names.len()).unwrap_or(u32::MAX);
                self.document.named.push((at, kind));
                names.push_str(text.trim());
            }
        }
        let end = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let elements = &mut self.document.elements;
        let index = u32::try_from(elements.len()).unwrap_or(u32::MAX);
        let depth = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        elements.push(Element {
            parent: if elements.is_empty() { 0 } else { outer.element },
            depth,
            tag: value.name.local.clone(),
            names: start..end,
        });
        index
    }

    /// Tries the selectors that apply; returns the innermost hit around the element's content, and what stands around that.
    fn matches(
        &mut self,
        element: ElementRef<'_>,
        outer: Frame,
        indexes: [Option<&'a SelectorIndex<Meaning>>; 2],
    ) -> (Option<u32>, [Around; 2]) {
        let mut hit = outer.hit;
        let mut around = outer.around;
        for (index, around) in indexes.into_iter().zip(&mut around) {
            let Some(index) = index else { continue };
            *around = index.matches(element, *around, &mut |meaning| {
                self.matched(element, meaning, &mut hit, outer.dropped);
            });
        }
        if !self.sets.is_empty() {
            for meaning in self.sets.remove(&element.id()).unwrap_or_default() {
                self.matched(element, meaning, &mut hit, outer.dropped);
            }
        }
        (hit, around)
    }

    /// What a site's rules find in elements without text, as `meta` and `link`: fields, and what tells a layout.
    fn matches_without_text(&mut self, element: ElementRef<'_>, outer: Frame) {
        if self.site.is_some() {
            self.matches(element, outer, [None, self.site]);
        }
    }

    fn matched(
        &mut self,
        element: ElementRef<'_>,
        meaning: &Meaning,
        hit: &mut Option<u32>,
        in_dropped: bool,
    ) {
        let Some(effect) = effect_on_blocks(&meaning.effect) else {
            return self.field(element, meaning, in_dropped);
        };
        let at = u32::try_from(self.document.blocks.len()).unwrap_or(u32::MAX);
        let new = u32::try_from(self.document.hits.len()).unwrap_or(u32::MAX);
        self.document.hits.push(Hit {
            rule: meaning.rule,
            effect,
            layout: meaning.layout,
            outer: *hit,
            at,
        });
        *hit = Some(new);
    }

    fn is_drop(&self, hit: Option<u32>) -> bool {
        hit.and_then(|at| self.document.hits.get(at as usize))
            .is_some_and(|hit| hit.effect == HitEffect::Drop)
    }

    fn field(&mut self, element: ElementRef<'_>, meaning: &Meaning, in_dropped: bool) {
        let Effect::Field {
            field,
            attribute,
            source,
        } = &meaning.effect
        else {
            return;
        };
        if self.document.facts.found.len() >= MAX_FOUND {
            return;
        }
        let text = match attribute {
            Some(name) => fold(element.attr(name).unwrap_or_default()),
            None => element_text(element),
        };
        if !text.is_empty() {
            self.document.facts.found.push(Found {
                field: *field,
                source: source.clone(),
                layout: meaning.layout,
                text,
                at: self.document.blocks.len(),
                in_dropped,
            });
        }
    }

    /// Collects what an element without text says about the page.
    fn fact(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        let facts = &mut self.document.facts;
        match &*value.name.local {
            "title" if facts.title.is_none() => {
                facts.title = Some(element_text(element)).filter(|title| !title.is_empty());
            }
            "meta" if facts.meta.len() < MAX_HEAD => facts.meta.extend(meta(value)),
            "link" if facts.links.len() < MAX_HEAD => facts.links.extend(link(value)),
            "script" if facts.json_ld.len() < MAX_JSON_LD.0 => {
                let is_json_ld = value
                    .attr("type")
                    .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
                if is_json_ld {
                    let body: String = element.text().collect();
                    facts
                        .json_ld
                        .extend((body.len() <= MAX_JSON_LD.1).then_some(body));
                }
            }
            _ => {}
        }
    }
}

fn is_block(role: Role) -> bool {
    matches!(role, Role::Block | Role::Row | Role::Kind(_) | Role::Sure(_))
}

fn effect_on_blocks(effect: &Effect) -> Option<HitEffect> {
    match effect {
        Effect::When => Some(HitEffect::When),
        Effect::Body => Some(HitEffect::Body),
        Effect::Keep => Some(HitEffect::Keep),
        Effect::Drop => Some(HitEffect::Drop),
        Effect::StopAt => Some(HitEffect::StopAt),
        Effect::Field { .. } => None,
    }
}
