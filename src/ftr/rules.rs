//! The settings of a config, gathered as the rules of a site file.

use std::collections::BTreeSet;

use crate::rules::{Pattern, SelectorIndex, Source, Step, matches_whole_page};

use super::Outcome;
use super::config::Setting;
use super::css::{End, Selected, Use, elements, quoted};
use super::source::{Field, field_source};
use super::xpath::{Axis, Expr, Path, Test, parse};

/// Elements that this program takes no text from.
const WITHOUT_TEXT: &[&str] = &[
    "area", "audio", "br", "canvas", "embed", "hr", "iframe", "img", "input", "link", "math", "meta",
    "noscript", "object", "option", "script", "select", "source", "style", "svg", "template", "textarea",
    "title", "video",
];
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
    pub(super) stop_at: Vec<String>,
    pub(super) next_page: Vec<String>,
    pub(super) single_page: Vec<String>,
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
            "next_page_link" => addresses(setting.value, notes).map(|found| {
                self.next_page.extend(found);
                Added::Rules
            }),
            "single_page_link" => addresses(setting.value, notes).map(|found| {
                self.single_page.extend(found);
                Added::Rules
            }),
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
                "http_header" => "the program says itself who asks, and sends no cookies",
                _ if key.contains("login") => "there is no login to sites",
                _ => "site files have nothing like it",
            }
            .to_owned(),
        )
    }

    fn body(&mut self, value: &str, notes: &mut BTreeSet<&'static str>) -> Result<Added, String> {
        let mut body = Vec::new();
        for selected in elements(&parse(value)?, Use::All, notes)? {
            if selected.end != End::Element {
                return Err("a body that is no element".to_owned());
            }
            if WITHOUT_TEXT.contains(&selected.tag.as_str()) {
                continue;
            }
            if matches_whole_page(&selected.css) {
                return Ok(Added::Nothing("the story is looked for on the whole page"));
            }
            body.push(source(&selected)?);
        }
        if body.is_empty() {
            return Err("a body without text".to_owned());
        }
        self.bodies.push(body);
        Ok(Added::Rules)
    }

    fn strip(&mut self, value: &str, notes: &mut BTreeSet<&'static str>) -> Result<Added, String> {
        let expr = parse(value)?;
        if let Expr::Union(parts) = &expr {
            let mut added = Added::Nothing("none of it has text");
            for part in parts {
                if let Added::Rules = self.strip_one(part, notes)? {
                    added = Added::Rules;
                }
            }
            return Ok(added);
        }
        self.strip_one(&expr, notes)
    }

    fn strip_one(&mut self, expr: &Expr, notes: &mut BTreeSet<&'static str>) -> Result<Added, String> {
        let mut why = None;
        let mut drop = Vec::new();
        let selected = match elements(expr, Use::All, notes) {
            Ok(selected) => selected,
            Err(why) => return self.strip_rest(expr, notes).ok_or(why),
        };
        for selected in selected {
            let Selected { css, tag, .. } = &selected;
            match &selected.end {
                End::Attribute(_) => why = Some("attributes are not part of the text"),
                End::Comment => why = Some("comments are not part of the text"),
                End::Text => return Err("the text of an element without what stands in it".to_owned()),
                End::Element if WITHOUT_TEXT.contains(&tag.as_str()) => {
                    why = Some("this element's text is never taken");
                }
                End::Element if matches_whole_page(css) => {
                    return Err("it would take the whole page".to_owned());
                }
                End::Element => drop.push(source(&selected)?),
            }
        }
        let nothing = drop.is_empty();
        self.drop.extend(drop);
        Ok(match why {
            Some(why) if nothing => Added::Nothing(why),
            _ => Added::Rules,
        })
    }

    /// All that follows an element in its parent, as the end of the story.
    fn strip_rest(&mut self, expr: &Expr, notes: &mut BTreeSet<&'static str>) -> Option<Added> {
        let Expr::Path(path) = expr else { return None };
        let (last, before) = path.steps.split_last()?;
        let is_all = matches!(last.test, Test::Any | Test::Node) && last.predicates.is_empty();
        if !is_all || !matches!(last.axis, Axis::FollowingSibling | Axis::Following) {
            return None;
        }
        let mark = Expr::Path(Path {
            start: path.start.clone(),
            steps: before.to_vec(),
        });
        let sources: Result<Vec<String>, String> = elements(&mark, Use::All, notes)
            .ok()?
            .iter()
            .map(source)
            .collect();
        self.stop_at.extend(sources.ok()?);
        notes.insert("the story ends there, with the element itself");
        Some(Added::Rules)
    }

    fn strip_name(&mut self, value: &str) -> Result<Added, String> {
        let name = value.trim_matches(['"', '\'', ' ']);
        if name.is_empty() {
            return Err("names nothing".to_owned());
        }
        let name = quoted(name);
        self.drop.push(source(&Selected {
            css: format!("[class*={name}], [id*={name}]"),
            steps: Vec::new(),
            end: End::Element,
            tag: String::new(),
        })?);
        Ok(Added::Rules)
    }
}

/// The addresses that links hold.
fn addresses(value: &str, notes: &mut BTreeSet<&'static str>) -> Result<Vec<String>, String> {
    let mut sources = Vec::new();
    for mut selected in elements(&parse(value)?, Use::First, notes)? {
        match selected.end {
            End::Element => selected.end = End::Attribute("href".to_owned()),
            End::Attribute(_) => {}
            End::Text | End::Comment => return Err("a link that is text".to_owned()),
        }
        sources.push(source(&selected)?);
    }
    Ok(sources)
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

/// What is selected as a source, if the program takes it.
pub(super) fn source(selected: &Selected) -> Result<String, String> {
    let Selected { css, steps, end, .. } = selected;
    SelectorIndex::<()>::default().add(css, &())?;
    let mut source = format!("css:{css}");
    for step in steps {
        source.push_str(" | ");
        source.push_str(step);
    }
    if let End::Attribute(name) = end {
        source.push_str(if steps.is_empty() { "@" } else { " | @" });
        source.push_str(name);
    }
    match Source::parse(&source)? {
        Source::Css { attribute, steps, .. } if attribute.is_some() == matches!(end, End::Attribute(_)) => {
            for step in steps {
                match step {
                    Step::Text(pattern) => drop(Pattern::new(&pattern)?),
                    Step::Closest(css) => SelectorIndex::<()>::default().add(&css, &())?,
                    Step::First | Step::Last => {}
                }
            }
            Ok(source)
        }
        _ => Err(format!("{source:?} says something else here")),
    }
}

/// Whether the program takes no text from elements of this tag.
pub(super) fn is_without_text(tag: &str) -> bool {
    WITHOUT_TEXT.contains(&tag)
}
