//! The rules of one site: its layouts and what each of them says.

use regex::{Regex, RegexSet, RegexSetBuilder};
use toml::Spanned;

use super::schema::{self, SCHEMA, SiteFile};
use super::source::{FIELD_NAMES, Source, SourceFile, anchored};
use super::{Effect, FieldSource, Meaning, Origin, RuleId, SelectorIndex};
use crate::document::FieldName;

/// All rules of one site file.
#[derive(Debug)]
pub struct SiteRules {
    /// The file.
    pub file: String,
    /// Its layouts, in order.
    pub layouts: Vec<Layout>,
    /// The selectors of all layouts.
    pub index: SelectorIndex<Meaning>,
}

/// One layout of a site.
#[derive(Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// Its place in the file, from 0.
    pub number: u16,
    /// It has a `when`; without it, it fits where its `body` matches.
    pub has_when: bool,
    /// It has a `body`.
    pub has_body: bool,
    drop_text: TextRules,
    stop_text: TextRules,
    fields: Vec<(FieldName, FieldSource)>,
}

/// Anchored patterns over one block, each a rule.
#[derive(Debug, Default)]
struct TextRules {
    set: RegexSet,
    rules: Vec<RuleId>,
}

impl TextRules {
    fn find(&self, text: &str) -> Option<RuleId> {
        self.set
            .matches(text)
            .iter()
            .next()
            .and_then(|at| self.rules.get(at).copied())
    }
}

impl Layout {
    /// The `drop_text` rule that this block matches.
    pub fn drops_text(&self, text: &str) -> Option<RuleId> {
        self.drop_text.find(text)
    }

    /// Where it finds a field, in order of trust.
    pub fn sources(&self, field: FieldName) -> impl Iterator<Item = &FieldSource> {
        let is_of = move |(of, _): &&(FieldName, FieldSource)| *of == field;
        self.fields.iter().filter(is_of).map(|(_, source)| source)
    }

    /// The `stop_at` rule that this block matches.
    pub fn stops_at_text(&self, text: &str) -> Option<RuleId> {
        self.stop_text.find(text)
    }
}

/// Compiles one file, adding its rules' places to `origins`.
pub(super) struct SiteCompiler<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) origins: &'a mut Vec<Origin>,
    pub(super) errors: &'a mut Vec<String>,
}

impl SiteCompiler<'_> {
    /// The compiled rules and the hosts they serve.
    pub(super) fn compile(mut self, parsed: &SiteFile) -> (SiteRules, Vec<String>) {
        if parsed.schema != SCHEMA {
            self.errors.push(self.file.message(
                0,
                &format!(
                    "schema {} is not known; this program reads {SCHEMA}",
                    parsed.schema
                ),
            ));
        }
        let mut rules = SiteRules {
            file: self.file.name.clone(),
            layouts: Vec::new(),
            index: SelectorIndex::default(),
        };
        for (at, layout) in parsed.layout.iter().enumerate() {
            let number = u16::try_from(at).unwrap_or(u16::MAX);
            let compiled = self.layout(layout, number, &mut rules.index);
            rules.layouts.push(compiled);
        }
        let hosts = parsed
            .sites
            .iter()
            .map(|host| host.get_ref().to_ascii_lowercase())
            .collect();
        (rules, hosts)
    }

    fn layout(&mut self, layout: &schema::Layout, number: u16, index: &mut SelectorIndex<Meaning>) -> Layout {
        for (name, effect, sources) in [
            ("when", Effect::When, &layout.when),
            ("body", Effect::Body, &layout.body),
            ("keep", Effect::Keep, &layout.keep),
            ("drop", Effect::Drop, &layout.drop),
        ] {
            for source in sources {
                self.css_only(name, &effect, source, number, index);
            }
        }
        let fields = self.fields(layout, Some(number), index);
        let mut stop = Vec::new();
        for source in &layout.stop_at {
            match Source::parse(source.get_ref()) {
                Ok(Source::Text(pattern)) => stop.push((source, pattern)),
                _ => self.css_only("stop_at", &Effect::StopAt, source, number, index),
            }
        }
        let drop = layout
            .drop_text
            .iter()
            .map(|pattern| (pattern, pattern.get_ref().clone()))
            .collect::<Vec<_>>();
        Layout {
            name: layout.name.clone(),
            number,
            fields,
            has_when: !layout.when.is_empty(),
            has_body: !layout.body.is_empty(),
            drop_text: self.text_rules("drop_text", &drop),
            stop_text: self.text_rules("stop_at", &stop),
        }
    }

    fn css_only(
        &mut self,
        name: &str,
        effect: &Effect,
        source: &Spanned<String>,
        layout: u16,
        index: &mut SelectorIndex<Meaning>,
    ) {
        match Source::parse(source.get_ref()) {
            Ok(Source::Css {
                selector,
                attribute: None,
            }) => {
                self.add(name, effect.clone(), source, &selector, Some(layout), index);
            }
            Ok(_) => self.error(source, &format!("{name} takes css:SELECTOR")),
            Err(problem) => self.error(source, &problem),
        }
    }

    /// The sources of fields; the selectors among them are added to the index. What is not of a site takes selectors
    /// only: what any page says in its metadata is read without being told.
    pub(super) fn fields(
        &mut self,
        fields: &impl schema::HasFieldSources,
        layout: Option<u16>,
        index: &mut SelectorIndex<Meaning>,
    ) -> Vec<(FieldName, FieldSource)> {
        let mut compiled = Vec::new();
        for (field, name) in FIELD_NAMES {
            for place in fields.of(field) {
                let source = match Source::parse(place.get_ref()) {
                    Ok(Source::Css { selector, attribute }) => {
                        let source = place.get_ref().clone();
                        let effect = Effect::Field {
                            field,
                            attribute,
                            source: source.clone(),
                        };
                        self.add(name, effect, place, &selector, layout, index);
                        Ok(FieldSource::Css(source))
                    }
                    Ok(_) if layout.is_none() => Err(format!("{name} takes css: sources in this file")),
                    Ok(Source::JsonLd(path)) => Ok(FieldSource::JsonLd(path)),
                    Ok(Source::Meta(key)) => Ok(FieldSource::Meta(key)),
                    Ok(Source::Text(pattern)) => Regex::new(&pattern)
                        .map(FieldSource::Text)
                        .map_err(|error| format!("{name}: {error}")),
                    Err(problem) => Err(problem),
                };
                match source {
                    Ok(source) => compiled.push((field, source)),
                    Err(problem) => self.error(place, &problem),
                }
            }
        }
        compiled
    }

    pub(super) fn add(
        &mut self,
        name: &str,
        effect: Effect,
        place: &Spanned<String>,
        selector: &str,
        layout: Option<u16>,
        index: &mut SelectorIndex<Meaning>,
    ) {
        let rule = self.rule(name, place);
        if let Effect::Field {
            attribute: Some(attribute),
            ..
        } = &effect
        {
            index.reads_attribute(attribute);
        }
        if let Err(problem) = index.add(selector, &Meaning { rule, effect, layout }) {
            self.error(place, &problem);
        }
    }

    fn text_rules(&mut self, name: &str, patterns: &[(&Spanned<String>, String)]) -> TextRules {
        let mut rules = Vec::new();
        for (place, pattern) in patterns {
            if let Err(problem) = anchored(pattern) {
                self.error(place, &problem);
            }
            rules.push(self.rule(name, place));
        }
        let set = RegexSetBuilder::new(patterns.iter().map(|(_, pattern)| pattern)).build();
        match set {
            Ok(set) => TextRules { set, rules },
            Err(error) => {
                let first = patterns.first().map_or(0, |(place, _)| place.span().start);
                self.errors
                    .push(self.file.message(first, &format!("{name}: {error}")));
                TextRules::default()
            }
        }
    }

    fn rule(&mut self, name: &str, place: &Spanned<String>) -> RuleId {
        let id = RuleId(u32::try_from(self.origins.len()).unwrap_or(u32::MAX));
        self.origins
            .push(self.file.origin(place.span().start, name, place.get_ref()));
        id
    }

    fn error(&mut self, place: &Spanned<String>, problem: &str) {
        self.errors.push(self.file.message(place.span().start, problem));
    }
}
