//! What each HTML element means for the text inside it.

use std::sync::LazyLock;

use html5ever::{LocalName, local_name};
use rustc_hash::FxHashMap;

use crate::article::BlockKind;

/// What an element does to text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its content is never text of the page.
    Skip,
    /// It starts and ends a block.
    Block,
    /// A block that gives its text a kind, unless the text has one from further out.
    Kind(BlockKind),
    /// A block that gives its text a kind whatever stands around it.
    Sure(BlockKind),
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell,
    /// `br`
    Break,
    /// `a`
    Anchor,
    /// Bold or italic text.
    Strong,
    /// A part of a line.
    Inline,
}

/// The role of an element by its tag. An unknown element with a dash (a custom element) is a block unless it
/// stands in a paragraph.
pub(super) fn role(tag: &LocalName, in_paragraph: bool) -> Role {
    if let Some(&role) = ROLES.get(tag) {
        return role;
    }
    if tag.contains('-') && !in_paragraph {
        Role::Block
    } else {
        Role::Inline
    }
}

static ROLES: LazyLock<FxHashMap<LocalName, Role>> = LazyLock::new(|| {
    let heading = |level| Role::Sure(BlockKind::Heading { level });
    let mut roles = FxHashMap::default();
    let mut put =
        |names: &[LocalName], role: Role| roles.extend(names.iter().map(|name| (name.clone(), role)));
    put(
        &[
            local_name!("script"),
            local_name!("style"),
            local_name!("noscript"),
            local_name!("template"),
            local_name!("svg"),
            local_name!("canvas"),
            local_name!("iframe"),
            local_name!("object"),
            local_name!("embed"),
            local_name!("title"),
            local_name!("meta"),
            local_name!("link"),
            local_name!("select"),
            local_name!("option"),
            local_name!("textarea"),
            local_name!("input"),
            local_name!("audio"),
            local_name!("video"),
            local_name!("math"),
            local_name!("datalist"),
            local_name!("rt"),
            local_name!("rp"),
        ],
        Role::Skip,
    );
    put(
        &[
            local_name!("address"),
            local_name!("article"),
            local_name!("aside"),
            local_name!("body"),
            local_name!("button"),
            local_name!("center"),
            local_name!("details"),
            local_name!("dialog"),
            local_name!("dir"),
            local_name!("div"),
            local_name!("dl"),
            local_name!("fieldset"),
            local_name!("figure"),
            local_name!("footer"),
            local_name!("form"),
            local_name!("head"),
            local_name!("header"),
            local_name!("hgroup"),
            local_name!("hr"),
            local_name!("html"),
            local_name!("label"),
            local_name!("legend"),
            local_name!("main"),
            local_name!("menu"),
            local_name!("nav"),
            local_name!("ol"),
            local_name!("picture"),
            local_name!("section"),
            local_name!("summary"),
            local_name!("table"),
            local_name!("tbody"),
            local_name!("tfoot"),
            local_name!("thead"),
            local_name!("ul"),
        ],
        Role::Block,
    );
    put(&[local_name!("p")], Role::Kind(BlockKind::Paragraph));
    put(
        &[local_name!("li"), local_name!("dt"), local_name!("dd")],
        Role::Sure(BlockKind::ListItem),
    );
    put(&[local_name!("blockquote")], Role::Sure(BlockKind::Quote));
    put(
        &[local_name!("figcaption"), local_name!("caption")],
        Role::Sure(BlockKind::Caption),
    );
    put(&[local_name!("pre")], Role::Sure(BlockKind::Preformatted));
    put(&[local_name!("h1")], heading(1));
    put(&[local_name!("h2")], heading(2));
    put(&[local_name!("h3")], heading(3));
    put(&[local_name!("h4")], heading(4));
    put(&[local_name!("h5")], heading(5));
    put(&[local_name!("h6")], heading(6));
    put(&[local_name!("tr")], Role::Row);
    put(&[local_name!("td"), local_name!("th")], Role::Cell);
    put(&[local_name!("br")], Role::Break);
    put(&[local_name!("a")], Role::Anchor);
    put(
        &[
            local_name!("b"),
            local_name!("strong"),
            local_name!("em"),
            local_name!("i"),
        ],
        Role::Strong,
    );
    roles
});
