//! What a page says of its article: title, authors, dates and the like, from JSON-LD, meta elements and the page.
//!
//! The order of the sources stands here, one function a field; reading and cleaning each kind of value in the files
//! below. What the site's own rules found stands above everything.

mod authors;
mod dates;
mod json_ld;
mod language;
mod meta;
mod near;
mod page;
mod repair;
mod tags;
mod text;
mod title;
mod urls;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::article::{Fields, PageDate};
use crate::document::{Document, FieldName, Found};
use crate::rules::{Layout, RuleId};
use json_ld::{JsonLd, Thing};
use near::Near;
use page::Page;

/// Reads the fields of a page. `page_url` makes relative URLs absolute and may name the day; from the page's running
/// text the language is told where the page does not say it or is clearly wrong, and byline and date where no markup
/// names them. What the sources of `layout`, the one of the site's file that fits, find stands above everything.
///
/// A field that the page does not give, or not in a believable form, is empty. Where a page tells only when it was
/// last changed, that is when it was published as well. Nothing in the document can make this fail.
pub fn read(document: &Document, page_url: Option<&Url>, layout: Option<&Layout>) -> Fields {
    read_at(document, page_url, layout, Timestamp::now())
}

/// The date that a short text names on a page of this language and host, where it names one.
pub fn date_in(text: &str, language: Option<&str>, host: Option<&str>) -> Option<PageDate> {
    let reader = dates::Reader {
        now: Timestamp::now(),
        order: dates::Order::of(language, host),
    };
    reader.read(text)
}

/// Like [`read`], at a given time: no date lies more than a day after `now`.
pub fn read_at(
    document: &Document,
    page_url: Option<&Url>,
    layout: Option<&Layout>,
    now: Timestamp,
) -> Fields {
    let data = JsonLd::read(&document.facts.json_ld);
    let page = Page::new(document, &data, page_url, layout);
    let language = page.language(document);
    let host = page_url.and_then(Url::host_str);
    let reader = dates::Reader {
        now,
        order: dates::Order::of(language.as_deref(), host),
    };
    let title = page.title();
    let near = Near::new(document, title.as_deref());
    let modified = page.modified(&reader);
    Fields {
        authors: page.authors(title.as_deref(), &near, &reader),
        published: page
            .published(&reader, title.as_deref(), &near, modified.as_ref())
            .or_else(|| modified.clone()),
        modified,
        section: page.section(),
        tags: page.tags(),
        image: page.image(),
        canonical_url: page.canonical_url(),
        site_name: page.site_name(),
        description: page.description(),
        title,
        language,
    }
}

/// The rules of a layout that give a field something on this page, believable or not.
pub fn giving(document: &Document, page_url: Option<&Url>, layout: &Layout) -> Vec<RuleId> {
    if layout.field_rules().is_empty() {
        return Vec::new();
    }
    let data = JsonLd::read(&document.facts.json_ld);
    let page = Page::new(document, &data, page_url, Some(layout));
    let rules = layout.field_rules().iter();
    rules
        .filter(|rule| page.gives(rule.field, &rule.source))
        .map(|rule| rule.rule)
        .collect()
}

impl Page<'_> {
    fn title(&self) -> Option<String> {
        let clean = |texts: &mut dyn Iterator<Item = &str>| texts.filter_map(text::clean).collect::<Vec<_>>();
        let headings = |is_dropped: bool| {
            let found = self
                .all_found(FieldName::Title)
                .filter(move |found| found.in_dropped == is_dropped);
            found
                .filter_map(|found| text::line(&found.text))
                .collect::<Vec<_>>()
        };
        let mut headlines = ["headline", "name", "alternativeHeadline"]
            .iter()
            .filter_map(|name| self.nodes.article?.get(*name).and_then(json_ld::first_string));
        let offers = title::Offers {
            site_rule: self.site(FieldName::Title).filter_map(text::line).collect(),
            headings: headings(false),
            sole: self.sole_h1(),
            dropped_headings: headings(true),
            json_ld: clean(&mut headlines.next().into_iter()),
            meta: clean(&mut self.meta.all(meta::TITLE)),
            document: self.facts.title.as_deref().and_then(text::line),
        };
        title::choose(&offers, &self.site_names)
    }

    /// The only `h1` outside dropped parts.
    fn sole_h1(&self) -> Option<String> {
        let is_h1 = |found: &&Found| found.source == "css:h1" && !found.in_dropped;
        let mut all = self.all_found(FieldName::Title).filter(is_h1);
        let first = text::line(&all.next()?.text)?;
        all.all(|other| text::line(&other.text).as_ref() == Some(&first))
            .then_some(first)
    }

    fn language(&self, document: &Document) -> Option<String> {
        let claims = self
            .site(FieldName::Language)
            .chain(self.facts.lang.as_deref())
            .chain(self.meta.all(meta::LANGUAGE))
            .chain(self.nodes.string("inLanguage"))
            .chain(self.common(FieldName::Language));
        language::choose(claims, document)
    }

    fn section(&self) -> Option<String> {
        self.site(FieldName::Section)
            .chain(self.nodes.string("articleSection"))
            .chain(self.meta.all(meta::SECTION))
            .chain(self.common(FieldName::Section))
            .find_map(tags::one)
    }

    fn tags(&self) -> Vec<String> {
        let mut groups: Vec<Vec<&str>> = self.site_groups(FieldName::Tags).collect();
        let keywords = self.nodes.value("keywords").map(json_ld::strings);
        groups.extend(keywords);
        groups.extend(meta::TAGS.iter().map(|keys| self.meta.all(keys).collect()));
        groups.push(self.common(FieldName::Tags).collect());
        groups.push(self.meta.all(&["keywords"]).collect());
        groups
            .iter()
            .map(|group| tags::split(group))
            .find(|tags| !tags.is_empty())
            .unwrap_or_default()
    }

    fn image(&self) -> Option<String> {
        let things = self
            .nodes
            .value("image")
            .map(|value| self.nodes.things(value))
            .unwrap_or_default();
        let json_ld = things.into_iter().filter_map(|thing| match thing {
            Thing::Text(url) => Some(url),
            Thing::Node(node) => ["url", "contentUrl", "@id"]
                .iter()
                .find_map(|name| json_ld::first_string(node.get(*name)?)),
        });
        self.site(FieldName::Image)
            .chain(self.meta.all(meta::IMAGE))
            .chain(json_ld)
            .chain(self.meta.all(meta::OTHER_IMAGE))
            .chain(self.common(FieldName::Image))
            .chain(self.links("image_src"))
            .find_map(|raw| urls::image(raw, self.url))
    }

    fn canonical_url(&self) -> Option<String> {
        self.site(FieldName::CanonicalUrl)
            .chain(self.links("canonical"))
            .chain(self.meta.all(&["og:url"]))
            .chain(self.common(FieldName::CanonicalUrl))
            .find_map(|raw| urls::absolute(raw, self.url))
    }

    fn site_name(&self) -> Option<String> {
        self.site(FieldName::SiteName)
            .chain(self.meta.all(meta::SITE_NAME))
            .chain(self.json_ld_site_names())
            .chain(self.meta.all(meta::APPLICATION_NAME))
            .chain(self.common(FieldName::SiteName))
            .filter(|name| !name.contains("://"))
            .find_map(tags::one)
    }

    fn description(&self) -> Option<String> {
        let json_ld = self
            .nodes
            .article
            .and_then(|node| node.get("description"))
            .and_then(Value::as_str);
        self.site(FieldName::Description)
            .chain(self.meta.all(meta::DESCRIPTION))
            .chain(json_ld)
            .chain(self.common(FieldName::Description))
            .find_map(text::clean)
    }
}

#[cfg(test)]
mod site_tests;
#[cfg(test)]
mod tests;
