//! One page, ready to be asked for its fields.

use url::Url;

use super::json_ld::{self, Hints, JsonLd, Nodes, Thing};
use super::meta::{self, MetaIndex};
use super::text;
use crate::document::{Document, Facts, FieldName, Found};
use crate::rules::{FieldSource, Layout};
use crate::site::site_of;

/// Found elements looked at for one field, in page order.
const MAX_FOUND: usize = 1_000;

/// Blocks that a byline may stand before the headline.
const MAX_BLOCKS_ABOVE: usize = 4;

/// Blocks that a byline may stand after the headline.
const MAX_BLOCKS_BELOW: usize = 8;

/// Names of one site that are kept apart from headlines and authors.
const MAX_SITE_NAMES: usize = 32;

/// One page and what was made of its metadata.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) facts: &'a Facts,
    document: &'a Document,
    /// The layout of the site's file that fits the page.
    layout: Option<&'a Layout>,
    pub(super) meta: MetaIndex<'a>,
    pub(super) nodes: Nodes<'a>,
    pub(super) url: Option<&'a Url>,
    /// Every name the site may go by, in comparable form.
    pub(super) site_names: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        document: &'a Document,
        data: &'a JsonLd,
        url: Option<&'a Url>,
        layout: Option<&'a Layout>,
    ) -> Self {
        let facts = &document.facts;
        let meta = MetaIndex::new(facts);
        let nodes = data.nodes(&hints(facts, &meta, url));
        let mut page = Self {
            facts,
            document,
            layout,
            meta,
            nodes,
            url,
            site_names: Vec::new(),
        };
        page.site_names = page.comparable_site_names();
        page
    }

    /// Elements that the common rules found for a field, in dropped parts as well.
    pub(super) fn all_found(&self, field: FieldName) -> impl Iterator<Item = &'a Found> {
        let is_of = move |found: &&Found| found.field == field && found.layout.is_none();
        self.facts.found.iter().filter(is_of).take(MAX_FOUND)
    }

    /// Elements that the common rules found for a field, from a little above the headline on. What stands in dropped
    /// parts counts near the headline only: bylines are dropped from the text, related stories as well.
    pub(super) fn below(
        &self,
        field: FieldName,
        headline_at: Option<usize>,
    ) -> impl Iterator<Item = &'a Found> {
        let top = headline_at.unwrap_or(0);
        let is_near = move |found: &Found| headline_at.is_some() && found.at <= top + MAX_BLOCKS_BELOW;
        self.facts
            .found
            .iter()
            .filter(move |found| {
                found.field == field && found.layout.is_none() && found.at + MAX_BLOCKS_ABOVE >= top
            })
            .filter(move |found| !found.in_dropped || is_near(found))
            .take(MAX_FOUND)
    }

    /// What each source of the site's own rules gives for a field, in their order, without those that give nothing.
    pub(super) fn site_groups(&self, field: FieldName) -> impl Iterator<Item = Vec<&'a str>> {
        let sources = self
            .layout
            .into_iter()
            .flat_map(move |layout| layout.sources(field));
        sources
            .map(move |source| self.of_source(field, source))
            .filter(|values| !values.is_empty())
    }

    /// What the site's own rules give for a field, the surest first.
    pub(super) fn site(&self, field: FieldName) -> impl Iterator<Item = &'a str> {
        self.site_groups(field).flatten()
    }

    /// Whether a source of the site's own rules gives something for a field.
    pub(super) fn gives(&self, field: FieldName, source: &'a FieldSource) -> bool {
        !self.of_source(field, source).is_empty()
    }

    fn of_source(&self, field: FieldName, source: &'a FieldSource) -> Vec<&'a str> {
        let number = self.layout.map(|layout| layout.number);
        let values: Vec<&'a str> = match source {
            FieldSource::Css { written, .. } => {
                let is_of = |found: &&Found| {
                    found.field == field && found.layout == number && found.source == *written
                };
                let found = self.facts.found.iter().filter(is_of);
                found.map(|found| source.part(&found.text)).collect()
            }
            FieldSource::JsonLd(path) => self.nodes.path(path),
            FieldSource::Meta(key) => self.meta.of(key).collect(),
            FieldSource::Text(_) => {
                let mut texts = self.document.blocks.iter().map(|block| self.document.text(block));
                texts.find_map(|text| source.in_text(text)).into_iter().collect()
            }
        };
        let is_given = |value: &&str| !value.trim().is_empty();
        values.into_iter().filter(is_given).take(MAX_FOUND).collect()
    }

    /// What the common rules found for a field outside dropped parts.
    pub(super) fn common(&self, field: FieldName) -> impl Iterator<Item = &'a str> {
        self.all_found(field)
            .filter(|found| !found.in_dropped)
            .map(|found| found.text.as_str())
    }

    /// The `href` of links with this word in their `rel`.
    pub(super) fn links(&self, rel: &'static str) -> impl Iterator<Item = &'a str> {
        let is_of = move |rels: &str| rels.split_whitespace().any(|word| word == rel);
        self.facts
            .links
            .iter()
            .filter(move |link| is_of(&link.rel))
            .map(|link| link.href.as_str())
    }

    /// Where the headline stands on the page, in blocks.
    pub(super) fn headline_at(&self, title: Option<&str>) -> Option<usize> {
        let title = text::key(title?);
        let is_headline = |found: &&Found| {
            let key = text::key(&found.text);
            key.contains(&title) || (key.len() > 8 && title.contains(&key))
        };
        self.all_found(FieldName::Title)
            .find(is_headline)
            .map(|found| found.at)
    }

    /// Names of publisher and site in JSON-LD.
    pub(super) fn json_ld_site_names(&self) -> Vec<&'a str> {
        let publishers = self
            .nodes
            .value("publisher")
            .map(|value| self.nodes.things(value))
            .unwrap_or_default();
        let publishers = publishers.into_iter().filter_map(|thing| match thing {
            Thing::Text(name) => Some(name),
            Thing::Node(node) => node.get("name").and_then(json_ld::first_string),
        });
        let site = self
            .nodes
            .site
            .and_then(|node| node.get("name"))
            .and_then(json_ld::first_string);
        publishers.chain(site).collect()
    }

    fn comparable_site_names(&self) -> Vec<String> {
        let host = self
            .url
            .and_then(Url::host_str)
            .map(|host| host.strip_prefix("www.").unwrap_or(host));
        let domain = self.url.map(site_of);
        let domain = domain.as_deref();
        let label = domain.and_then(|domain| domain.split('.').next());
        let said = self
            .meta
            .all(meta::SITE_NAME)
            .chain(self.meta.all(meta::APPLICATION_NAME));
        let mut names: Vec<String> = said
            .chain(self.json_ld_site_names())
            .chain(host)
            .chain(domain)
            .chain(label)
            .take(MAX_SITE_NAMES)
            .filter_map(text::clean)
            .map(|name| text::key(&name))
            .filter(|name| name.chars().count() > 1)
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// What tells this page's article among the nodes of its JSON-LD.
fn hints<'a>(facts: &'a Facts, meta: &MetaIndex<'a>, url: Option<&'a Url>) -> Hints<'a> {
    let canonical = facts
        .links
        .iter()
        .filter(|link| link.rel == "canonical")
        .map(|link| link.href.as_str());
    let urls = url
        .map(Url::as_str)
        .into_iter()
        .chain(canonical)
        .chain(meta.all(&["og:url"]))
        .take(4)
        .collect();
    let titles = meta
        .all(&["og:title"])
        .chain(facts.title.as_deref())
        .take(4)
        .map(text::key)
        .collect();
    Hints { urls, titles }
}
