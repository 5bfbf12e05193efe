//! From the tables of a selector file to its rules; every mistake is noted with its place, and the rest is read on.

use std::sync::OnceLock;

use toml::Spanned;

use super::file::{Origin, SourceFile};
use super::key::matches_whole_page;
use super::pattern::{Pattern, check};
use super::schema::{self, CmsFile, SCHEMA, SiteFile};
use super::site::{Layout, Paths, SiteRules, TextRules, rule_ids};
use super::source::{Source, Step};
use super::values;
use super::{Effect, Meaning, RuleId, SelectorIndex, SetRules};
use crate::article::PageDate;

/// Compiles one file, adding its rules' places to `origins`.
pub(super) struct Compiler<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) origins: &'a mut Vec<Origin>,
    /// Each mistake with the byte of the file where it stands.
    pub(super) errors: &'a mut Vec<(usize, String)>,
    /// Patterns are checked: those of the program are by a test.
    pub(super) is_checked: bool,
}

/// The selectors of one file.
pub(super) struct Selectors<'i> {
    pub(super) index: &'i mut SelectorIndex<Meaning>,
    pub(super) sets: &'i mut SetRules,
}

/// A rule with the key that it stands under and its layout.
pub(super) struct Rule<'r> {
    pub(super) key: &'r str,
    pub(super) place: &'r Spanned<String>,
    pub(super) effect: Effect,
    pub(super) layout: Option<u16>,
}

impl Compiler<'_> {
    /// The rules of a site.
    pub(super) fn site(mut self, parsed: &SiteFile, number: u32) -> SiteRules {
        self.schema(parsed.schema);
        let mut rules = self.layouts(&parsed.layout, number);
        rules.paths = self.paths(&parsed.path);
        if parsed.sites.is_empty() {
            let at = self.file.text().find("sites").unwrap_or(0);
            self.wrong(at, "`sites` is empty: it names the hosts of the site");
        }
        for host in &parsed.sites {
            match values::host(host.get_ref()) {
                Ok(host) => rules.hosts.push(host),
                Err(problem) => self.error("sites", host, &problem),
            }
        }
        for (name, value) in &parsed.headers {
            match values::header(name.get_ref(), value.get_ref()) {
                Ok(header) => rules.headers.push(header),
                Err(problem) => self.error("headers", name, &problem),
            }
        }
        rules.tests = self.tests(&parsed.test, &parsed.layout);
        rules
    }

    /// The rules of a publishing system; its `when` selectors are also added to `fingerprints`, under its number.
    pub(super) fn cms(
        mut self,
        parsed: &CmsFile,
        number: u32,
        fingerprints: &mut SelectorIndex<u32>,
    ) -> SiteRules {
        self.schema(parsed.schema);
        let mut rules = self.layouts(&parsed.layout, number);
        for layout in &parsed.layout {
            if layout.when.is_empty() {
                let problem = "has no `when`, by which the publishing system is told";
                self.error("layout", &layout.name, problem);
            }
            for source in &layout.when {
                // What is wrong with it was said when the layout was read.
                if let Ok(Source::Css { selector, .. }) = Source::parse(source.get_ref()) {
                    let _ = fingerprints.add(&selector, &number);
                }
            }
        }
        rules.tests = self.tests(&parsed.test, &parsed.layout);
        rules
    }

    pub(super) fn schema(&mut self, found: u32) {
        if found != SCHEMA {
            let at = self.file.text().find("schema").unwrap_or(0);
            let problem = format!("schema {found} is not known: this program reads {SCHEMA}");
            self.wrong(at, &problem);
        }
    }

    fn layouts(&mut self, layouts: &[schema::Layout], number: u32) -> SiteRules {
        let mut rules = SiteRules {
            file: self.file.name.clone(),
            text: self.file.shared_text(),
            number,
            hosts: Vec::new(),
            headers: Vec::new(),
            layouts: Vec::new(),
            index: SelectorIndex::default(),
            sets: SetRules::default(),
            tests: Vec::new(),
            is_builtin: self.file.is_builtin(),
            paths: Paths::default(),
        };
        for (at, layout) in layouts.iter().enumerate() {
            if layouts[..at].iter().any(|other| other.name == layout.name) {
                self.error("name", &layout.name, "is the name of two layouts");
            }
            let Ok(number) = u16::try_from(at) else {
                self.error("layout", &layout.name, "is one layout too many");
                break;
            };
            let mut selectors = Selectors {
                index: &mut rules.index,
                sets: &mut rules.sets,
            };
            let compiled = self.layout(layout, number, &mut selectors);
            rules.layouts.push(compiled);
        }
        rules
    }

    fn layout(&mut self, layout: &schema::Layout, number: u16, selectors: &mut Selectors<'_>) -> Layout {
        let first = self.origins.len();
        let mut elements = |this: &mut Self, key, effect: &Effect, sources: &[Spanned<String>]| {
            for place in sources {
                let effect = effect.clone();
                let rule = Rule {
                    key,
                    place,
                    effect,
                    layout: Some(number),
                };
                this.elements(&rule, selectors);
            }
        };
        elements(self, "when", &Effect::When, &layout.when);
        elements(self, "keep", &Effect::Keep, &layout.keep);
        let is_text = |place: &&Spanned<String>| place.get_ref().starts_with("text:");
        let (stop_texts, stops): (Vec<_>, Vec<_>) = layout.stop_at.iter().partition(is_text);
        for place in stops {
            elements(self, "stop_at", &Effect::StopAt, std::slice::from_ref(place));
        }
        let stop_text = self.text_rules("stop_at", stop_texts.into_iter(), "text:");
        elements(self, "drop", &Effect::Drop, &layout.drop);
        let drop_text = self.text_rules("drop_text", layout.drop_text.iter(), "");
        elements(self, "body", &Effect::Body, &layout.body);
        let fields = self.fields(layout, number, selectors);
        self.addresses("next_page", &layout.next_page);
        self.addresses("single_page", &layout.single_page);
        Layout {
            name: layout.name.get_ref().clone(),
            number,
            line: self.file.origin(layout.name.span().start, "", "").line,
            has_when: !layout.when.is_empty(),
            has_body: !layout.body.is_empty(),
            rules: rule_ids(first..self.origins.len()).collect(),
            paths: self.paths(&layout.path),
            since: self.day("since", layout.since.as_ref()),
            until: self.day("until", layout.until.as_ref()),
            drop_text,
            stop_text,
            fields,
        }
    }

    /// A rule about elements.
    fn elements(&mut self, rule: &Rule<'_>, selectors: &mut Selectors<'_>) {
        match Source::parse(rule.place.get_ref()) {
            Ok(Source::Css {
                selector,
                steps,
                attribute: None,
            }) => {
                self.css(rule, &selector, &steps, selectors);
            }
            Ok(_) => self.error(rule.key, rule.place, "takes css:SELECTOR, without an attribute"),
            Err(problem) => self.error(rule.key, rule.place, &problem),
        }
    }

    pub(super) fn css(
        &mut self,
        rule: &Rule<'_>,
        selector: &str,
        steps: &[Step],
        selectors: &mut Selectors<'_>,
    ) {
        if steps.is_empty() {
            return self.add(rule, rule.key, selector, selectors.index);
        }
        let meaning = self.meaning(rule, rule.key);
        if let Err(problem) = selectors.sets.add(selector, steps, &meaning) {
            self.error(rule.key, rule.place, &problem);
        }
    }

    /// A selector without steps; `name` is that of the rule in explanations.
    pub(super) fn add(
        &mut self,
        rule: &Rule<'_>,
        name: &str,
        selector: &str,
        index: &mut SelectorIndex<Meaning>,
    ) {
        let is_value = matches!(
            &rule.effect,
            Effect::Field {
                attribute: Some(_),
                ..
            } | Effect::When
        );
        if !is_value && matches_whole_page(selector) {
            let problem = format!("selector {selector:?} matches the whole page");
            self.error(rule.key, rule.place, &problem);
        }
        let meaning = self.meaning(rule, name);
        if let Effect::Field {
            attribute: Some(attribute),
            ..
        } = &rule.effect
        {
            index.reads_attribute(attribute);
        }
        if let Err(problem) = index.add(selector, &meaning) {
            self.error(rule.key, rule.place, &problem);
        }
    }

    /// What `common.toml` drops under a name.
    pub(super) fn common_drop(
        &mut self,
        name: &str,
        css: &Spanned<String>,
        index: &mut SelectorIndex<Meaning>,
    ) {
        let rule = Rule {
            key: "css",
            place: css,
            effect: Effect::Drop,
            layout: None,
        };
        self.add(&rule, name, css.get_ref(), index);
    }

    fn text_rules<'p>(
        &mut self,
        key: &str,
        places: impl Iterator<Item = &'p Spanned<String>>,
        prefix: &str,
    ) -> TextRules {
        let mut rules = TextRules {
            set: OnceLock::new(),
            ..TextRules::default()
        };
        for place in places {
            let pattern = place
                .get_ref()
                .strip_prefix(prefix)
                .unwrap_or(place.get_ref())
                .trim();
            if let Some(Err(problem)) = self.is_checked.then(|| check(pattern)) {
                self.error(key, place, &problem);
            }
            rules.patterns.push(pattern.to_owned());
            rules.rules.push(self.rule(key, place));
        }
        rules
    }

    fn paths(&mut self, patterns: &[Spanned<String>]) -> Paths {
        let mut compiled: Vec<Pattern> = Vec::with_capacity(patterns.len());
        for place in patterns {
            match Pattern::new(place.get_ref()) {
                Ok(pattern) => compiled.push(pattern),
                Err(problem) => self.error("path", place, &problem),
            }
        }
        Paths(compiled)
    }

    fn day(&mut self, key: &str, place: Option<&Spanned<String>>) -> Option<String> {
        let place = place?;
        let date = PageDate::parse(place.get_ref()).filter(|date| date.day().len() == place.get_ref().len());
        if date.is_none() {
            self.error(key, place, "takes a day, as \"2024-05-01\"");
        }
        date.map(|date| date.day().to_owned())
    }

    fn meaning(&mut self, rule: &Rule<'_>, name: &str) -> Meaning {
        Meaning {
            rule: self.rule(name, rule.place),
            effect: rule.effect.clone(),
            layout: rule.layout,
        }
    }

    /// The number of the next rule.
    pub(super) fn next_rule(&self) -> RuleId {
        RuleId(u32::try_from(self.origins.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn rule(&mut self, name: &str, place: &Spanned<String>) -> RuleId {
        let id = self.next_rule();
        self.origins
            .push(self.file.origin(place.span().start, name, place.get_ref()));
        id
    }

    pub(super) fn error(&mut self, key: &str, place: &Spanned<String>, problem: &str) {
        let message = format!("`{key}`: {problem}");
        self.wrong(place.span().start, &message);
    }

    fn wrong(&mut self, at: usize, message: &str) {
        self.errors.push((at, self.file.message(at, message)));
    }
}
