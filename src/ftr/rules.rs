//! The settings of a config, gathered as the rules of a site file.

use std::collections::BTreeSet;

use crate::rules::SelectorIndex;

use super::Outcome;
use super::config::Setting;
use super::css::{End, OF_A_SET, Selected, TEXT_TEST, Use, quoted, selection};
use super::source::{Field, field_source};
use super::xpath::{Axis, Expr, Op, Path, Start, Test, parse};

/// Elements that this program takes no text from.
const WITHOUT_TEXT: &[&str] = &[
    "area", "audio", "br", "canvas", "embed", "hr", "iframe", "img", "input", "link", "math", "meta",
    "noscript", "object", "option", "script", "select", "source", "style", "svg", "template", "textarea",
    "title", "video",
];
/// Elements that are blocks of text, mostly.
const TEXT_BLOCKS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "li"];
/// Settings about what this program does in its own way.
const NEEDLESS: &[(&str, &str)] = &[
    ("tidy", "the page is parsed as browsers do"),
    ("parser", "the page is parsed as browsers do"),
    ("prune", "what is left of boilerplate is always looked for"),
    (
        "autodetect_on_failure",
        "a page that no layout fits is cleaned by the general rules",
    ),
    ("strip_image_src", "images have no text"),
    ("insert_detected_image", "images have no text"),
    ("src_lazy_load_attr", "images have no text"),
    ("strip_attr", "attributes are not part of the text"),
    ("post_strip_attr", "attributes are not part of the text"),
    ("strip_comments", "comments are not part of the text"),
    ("convert_double_br_tags", "two line breaks always end a paragraph"),
];
/// Settings that are for people, kept as comments.
const TESTS: &[&str] = &["test_url", "test_contains"];

/// What a config says, in the words of a site file.
#[derive(Debug, Default)]
pub(super) struct SiteRules {
    /// Bodies to try one after the other, each of one or more selectors.
    pub(super) bodies: Vec<Vec<String>>,
    pub(super) drop: Vec<String>,
    pub(super) drop_text: Vec<String>,
    pub(super) next_page: Vec<String>,
    pub(super) title: Vec<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Vec<String>,
    /// Pages it is known to work on, and what stands on them.
    pub(super) tests: Vec<String>,
}

impl SiteRules {
    /// Takes a setting; says whether it chooses elements, and what became of it.
    pub(super) fn take(
        &mut self,
        setting: &Setting<'_>,
        notes: &mut BTreeSet<&'static str>,
    ) -> (bool, Outcome) {
        let result = match setting.key {
            "body" => self.body(setting.value, notes),
            "title" => {
                field_source(Field::Title, setting.value, notes).map(|found| add(&mut self.title, found))
            }
            "author" => {
                field_source(Field::Authors, setting.value, notes).map(|found| add(&mut self.authors, found))
            }
            "date" => field_source(Field::Published, setting.value, notes)
                .map(|found| add(&mut self.published, found)),
            "strip" => self.strip(setting.value, notes),
            "strip_id_or_class" => self.strip_name(setting.value),
            "next_page_link" => self.next_page(setting.value, notes),
            "single_page_link" => Err("site files have no key for a single page".to_owned()),
            key => return (false, self.other(key, setting)),
        };
        let outcome = match result {
            Ok(Added::Rules) => Outcome::Same,
            Ok(Added::Nothing(why)) => Outcome::Needless(why),
            Err(why) => Outcome::Untranslated(why),
        };
        (true, outcome)
    }

    fn other(&mut self, key: &str, setting: &Setting<'_>) -> Outcome {
        if TESTS.contains(&key) {
            self.tests.push(format!("{key}: {}", setting.value));
            return Outcome::Needless("kept as a comment");
        }
        if let Some((_, why)) = NEEDLESS.iter().find(|(name, _)| *name == key) {
            return Outcome::Needless(why);
        }
        Outcome::Untranslated(
            match key {
                "find_string" | "replace_string" => "the source of a page is not rewritten",
                "http_header" => "site files have no key for request headers",
                _ if key.contains("login") => "there is no login to sites",
                _ => "site files have nothing like it",
            }
            .to_owned(),
        )
    }

    fn body(&mut self, value: &str, notes: &mut BTreeSet<&'static str>) -> Result<Added, String> {
        let mut body = Vec::new();
        for selected in selection(&parse(value)?, Use::All, notes)? {
            if selected.end != End::Element {
                return Err("a body that is no element".to_owned());
            }
            if WITHOUT_TEXT.contains(&selected.tag.as_str()) {
                continue;
            }
            body.push(checked(&selected.css)?);
        }
        if body.is_empty() {
            return Err("a body without text".to_owned());
        }
        self.bodies.push(body);
        Ok(Added::Rules)
    }

    fn strip(&mut self, value: &str, notes: &mut BTreeSet<&'static str>) -> Result<Added, String> {
        let expr = parse(value)?;
        let selected = match selection(&expr, Use::All, notes) {
            Err(why) if why == TEXT_TEST || why == OF_A_SET => {
                return self.strip_text(&expr, notes).ok_or(why);
            }
            other => other?,
        };
        let mut why = None;
        let mut drop = Vec::new();
        for Selected { css, end, tag } in selected {
            match end {
                End::Attribute(_) => why = Some("attributes are not part of the text"),
                End::Comment => why = Some("comments are not part of the text"),
                End::Text => return Err("the text of an element without what stands in it".to_owned()),
                End::Element if WITHOUT_TEXT.contains(&tag.as_str()) => {
                    why = Some("this element's text is never taken");
                }
                End::Element if matches!(css.as_str(), "*" | "html" | "body" | "html > body") => {
                    return Err("it would take the whole page".to_owned());
                }
                End::Element => drop.push(checked(&css)?),
            }
        }
        let nothing = drop.is_empty();
        self.drop.extend(drop);
        Ok(match why {
            Some(why) if nothing => Added::Nothing(why),
            _ => Added::Rules,
        })
    }

    /// A block with a text as a `drop_text`, where the selector says nothing but the tag.
    fn strip_text(&mut self, expr: &Expr, notes: &mut BTreeSet<&'static str>) -> Option<Added> {
        let Expr::Path(Path {
            start: Start::Root,
            steps,
        }) = expr
        else {
            return None;
        };
        let [step] = steps.as_slice() else { return None };
        let (Axis::Child, Test::Name(name), [predicate]) =
            (step.axis, &step.test, step.predicates.as_slice())
        else {
            return None;
        };
        if !TEXT_BLOCKS.contains(&name.as_str()) {
            return None;
        }
        let pattern = match predicate {
            Expr::Compare(text, Op::Equal, literal) if is_own_text(text) => {
                format!("^{}$", regex::escape(literal_text(literal)?.trim()))
            }
            Expr::Call(function, arguments) if function == "starts-with" => match arguments.as_slice() {
                [text, literal] if is_own_text(text) => {
                    format!("^{}", regex::escape(literal_text(literal)?.trim_start()))
                }
                _ => return None,
            },
            _ => return None,
        };
        notes.insert("any block with this text goes, whatever its tag");
        self.drop_text.push(pattern);
        Some(Added::Rules)
    }

    fn strip_name(&mut self, value: &str) -> Result<Added, String> {
        let name = value.trim_matches(['"', '\'', ' ']);
        if name.is_empty() {
            return Err("names nothing".to_owned());
        }
        let name = quoted(name);
        self.drop
            .push(checked(&format!("[class*={name}], [id*={name}]"))?);
        Ok(Added::Rules)
    }

    fn next_page(&mut self, value: &str, notes: &mut BTreeSet<&'static str>) -> Result<Added, String> {
        for Selected { css, end, .. } in selection(&parse(value)?, Use::First, notes)? {
            let attribute = match end {
                End::Element => "href".to_owned(),
                End::Attribute(name) => name,
                End::Text | End::Comment => return Err("a link that is text".to_owned()),
            };
            self.next_page.push(format!("{}@{attribute}", checked(&css)?));
        }
        Ok(Added::Rules)
    }
}

/// What a setting added.
pub(super) enum Added {
    Rules,
    /// It has its effect without a rule; why.
    Nothing(&'static str),
}

fn add(sources: &mut Vec<String>, found: Result<Vec<String>, &'static str>) -> Added {
    match found {
        Ok(found) => {
            sources.extend(found);
            Added::Rules
        }
        Err(why) => Added::Nothing(why),
    }
}

fn is_own_text(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => match (&path.start, path.steps.as_slice()) {
            (Start::Here, [step]) => {
                step.predicates.is_empty()
                    && matches!(
                        (step.axis, &step.test),
                        (Axis::Itself, Test::Node) | (Axis::Child, Test::Text)
                    )
            }
            _ => false,
        },
        Expr::Call(name, arguments) if name == "normalize-space" => {
            arguments.is_empty() || arguments.len() == 1 && is_own_text(&arguments[0])
        }
        _ => false,
    }
}

fn literal_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// The selector with its `css:`, if the program takes it.
pub(super) fn checked(css: &str) -> Result<String, String> {
    SelectorIndex::<()>::default().add(css, &())?;
    Ok(format!("css:{css}"))
}

/// Whether the program takes no text from elements of this tag.
pub(super) fn is_without_text(tag: &str) -> bool {
    WITHOUT_TEXT.contains(&tag)
}
