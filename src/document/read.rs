//! What single elements say: their text, whether they are hidden, `<meta>` and `<link>`.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::facts::{Link, Meta};
use super::run::{Run, Style};
use super::tags::{Role, role};

/// Characters of an element that a field selector matched.
const MAX_FOUND_CHARS: usize = 2_000;

/// Classes of text in the middle of a line that is for screen readers alone, as "opens new tab".
const SPOKEN: [&str; 11] = [
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader-only",
    "a11y-hidden",
    "show-for-sr",
    "u-visually-hidden",
    "u-hidden-visually",
    "assistive-text",
    "element-invisible",
];

/// Whether the page hides an element from its readers. `aria-hidden` hides from screen readers alone, and stands on visible
/// containers of text too often to count there.
pub(super) fn is_hidden(value: &scraper::node::Element) -> bool {
    value.attrs.iter().any(|(name, text)| match &*name.local {
        "hidden" => !text.eq_ignore_ascii_case("until-found"),
        "style" => {
            let style: String = text
                .bytes()
                .filter(|b| !b.is_ascii_whitespace())
                .map(|b| b.to_ascii_lowercase() as char)
                .collect();
            let is_hidden = [
                "display:none",
                "visibility:hidden",
                "clip:rect(0",
                "clip-path:inset(50%",
            ];
            is_hidden.iter().any(|rule| style.contains(rule))
        }
        "aria-hidden" => {
            text.eq_ignore_ascii_case("true")
                && !matches!(
                    &*value.name.local,
                    "div" | "section" | "article" | "p" | "body" | "main"
                )
        }
        "class" => {
            &*value.name.local == "span" && text.split_ascii_whitespace().any(|name| SPOKEN.contains(&name))
        }
        _ => false,
    })
}

pub(super) fn fold(text: &str) -> String {
    let mut run = Run::default();
    run.push(text, Style::default());
    run.into_text()
}

/// An element's text with whitespace folded, scripts and styles left out, cut at [`MAX_FOUND_CHARS`].
pub(super) fn element_text(element: ElementRef<'_>) -> String {
    let mut run = Run::default();
    let mut skipping = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if skipping.is_none() => match node.value() {
                Node::Text(text) => {
                    run.push(text, Style::default());
                }
                Node::Element(inner)
                    if matches!(inner.name(), "script" | "style" | "noscript" | "svg" | "template") =>
                {
                    skipping = Some(node.id());
                }
                Node::Element(inner)
                    if !matches!(role(&inner.name.local, true), Role::Inline | Role::Strong) =>
                {
                    run.push(" ", Style::default());
                }
                _ => {}
            },
            Edge::Close(node) if skipping == Some(node.id()) => skipping = None,
            _ => {}
        }
        if run.chars() as usize > MAX_FOUND_CHARS {
            break;
        }
    }
    run.into_text()
}

pub(super) fn meta(value: &scraper::node::Element) -> Option<Meta> {
    let key = ["property", "name", "itemprop", "http-equiv"]
        .into_iter()
        .find_map(|name| value.attr(name))?;
    let content = value.attr("content").or_else(|| value.attr("datetime"))?;
    Some(Meta {
        key: key.trim().to_ascii_lowercase(),
        content: content.to_owned(),
    })
}

pub(super) fn link(value: &scraper::node::Element) -> Option<Link> {
    Some(Link {
        rel: value.attr("rel")?.trim().to_ascii_lowercase(),
        href: value.attr("href")?.trim().to_owned(),
        kind: value.attr("type").unwrap_or_default().trim().to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::rules::Rules;

    #[test]
    fn text_for_screen_readers_is_no_part_of_a_line() {
        let html = "<p>The <a href=/b>bridge<span class='icon sr-only'>, opens new tab</span></a> and the \
                    <a href=/q>quay<span style='clip: rect(0 0 0 0); overflow: hidden; width: 1px'>(external)</span></a> are shut.";
        let document = Document::parse(html, None, Rules::builtin());
        assert_eq!(document.lines().trim(), "The bridge and the quay are shut.");
    }
}
