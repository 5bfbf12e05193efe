//! What a page says of its article: title, authors, dates and the like, from JSON-LD, meta elements and the page.
//!
//! The order of the sources stands here, one function a field; reading and cleaning each kind of value in the files
//! below. What the site's own rules found stands above everything.

mod authors;
mod dates;
mod json_ld;
mod language;
mod lines;
mod meta;
mod page;
mod repair;
mod tags;
mod text;
mod title;
mod urls;

use std::iter;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::article::{Fields, PageDate};
use crate::document::{Facts, FieldName};
use authors::{Form, Offer};
use json_ld::{JsonLd, Thing};
use lines::NearLines;
use page::Page;

/// Characters of an element's text that are searched for a date.
const MAX_DATE_CHARS: usize = 400;

/// Blocks over which the names of one byline are spread.
const MAX_BYLINE_BLOCKS: usize = 6;

/// Reads the fields of a page. `page_url` makes relative URLs absolute and may name the day; `body_text` is the page's
/// running text, one block a line, from which the language is told where the page does not say it or is clearly wrong,
/// and byline and date where no markup names them.
///
/// A field that the page does not give, or not in a believable form, is empty. Where a page tells only when it was
/// last changed, that is when it was published as well. Nothing in `facts` can make this fail.
pub fn read(facts: &Facts, page_url: Option<&Url>, body_text: &str) -> Fields {
    read_at(facts, page_url, body_text, Timestamp::now())
}

/// Like [`read`], at a given time: no date lies more than a day after `now`.
pub fn read_at(facts: &Facts, page_url: Option<&Url>, body_text: &str, now: Timestamp) -> Fields {
    let data = JsonLd::read(&facts.json_ld);
    let page = Page::new(facts, &data, page_url);
    let language = page.language(body_text);
    let host = page_url.and_then(Url::host_str);
    let reader = dates::Reader {
        now,
        order: dates::Order::of(language.as_deref(), host),
    };
    let title = page.title();
    let lines = NearLines::new(body_text, title.as_deref());
    let modified = page.modified(&reader);
    Fields {
        authors: page.authors(title.as_deref(), &lines, &reader),
        published: page
            .published(&reader, title.as_deref(), &lines)
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

impl<'a> Page<'a> {
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
            dropped_headings: headings(true),
            json_ld: clean(&mut headlines.next().into_iter()),
            meta: clean(&mut self.meta.all(meta::TITLE)),
            document: self.facts.title.as_deref().and_then(text::line),
        };
        title::choose(&offers, &self.site_names)
    }

    fn authors(&self, title: Option<&str>, lines: &NearLines<'_>, reader: &dates::Reader) -> Vec<String> {
        let read = |texts: &mut dyn Iterator<Item = &'a str>| {
            Offer::of_anybody(texts.flat_map(|text| authors::names(text, Form::Line)).collect())
        };
        let (persons, organisations) = self.json_ld_authors();
        let offers = [
            read(&mut self.site(FieldName::Authors)),
            Offer::of_anybody(persons),
        ]
        .into_iter()
        .chain(meta::AUTHORS.iter().map(|keys| read(&mut self.meta.all(keys))))
        .chain(iter::once_with(|| {
            let names = self
                .meta
                .all(meta::CITED_AUTHORS)
                .flat_map(|name| authors::names(name, Form::Name));
            Offer::of_anybody(names.collect())
        }))
        .chain(iter::once_with(|| read(&mut self.card_authors())))
        .chain(iter::once_with(|| self.page_authors(title)).flatten())
        .chain(iter::once_with(|| Offer::of_anybody(lines.authors(reader))))
        .chain(iter::once(Offer::of_organisations(organisations)));
        authors::choose(offers, &self.site_names)
    }

    /// The author on a social card, whose rows are labelled.
    fn card_authors(&self) -> impl Iterator<Item = &'a str> {
        let is_labelled = self.meta.all(&["twitter:label1"]).any(authors::is_label);
        self.meta
            .all(&["twitter:data1"])
            .filter(|_| is_labelled)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Names in JSON-LD: of persons, and of nodes that say they are an organisation.
    fn json_ld_authors(&self) -> (Vec<String>, Vec<String>) {
        let (mut persons, mut organisations) = (Vec::new(), Vec::new());
        let value = self.nodes.value("author").or_else(|| self.nodes.value("creator"));
        for thing in value.map(|value| self.nodes.things(value)).unwrap_or_default() {
            match thing {
                Thing::Text(name) => persons.extend(authors::names(name, Form::Line)),
                Thing::Node(node) => {
                    let names = node.get("name").map(json_ld::strings).unwrap_or_default();
                    let names = names
                        .into_iter()
                        .flat_map(|name| authors::names(name, Form::Name));
                    if json_ld::has_type(node, |kind| kind.ends_with("Organization")) {
                        organisations.extend(names);
                    } else {
                        persons.extend(names);
                    }
                }
            }
        }
        (persons, organisations)
    }

    /// Names in the page's own bylines, one offer a selector, from the headline on.
    fn page_authors(&self, title: Option<&str>) -> Vec<Offer> {
        let mut offers: Vec<(&str, usize, Vec<String>)> = Vec::new();
        for found in self.below(FieldName::Authors, self.headline_at(title)) {
            let names = authors::names(&found.text, Form::Line);
            if names.is_empty() {
                continue;
            }
            match offers.iter_mut().find(|(source, ..)| *source == found.source) {
                // Further down stand the authors of other stories.
                Some((_, first, _)) if found.at > *first + MAX_BYLINE_BLOCKS => {}
                Some((_, _, all)) => all.extend(names),
                None => offers.push((&found.source, found.at, names)),
            }
        }
        offers
            .into_iter()
            .map(|(.., names)| Offer::of_anybody(names))
            .collect()
    }

    fn published(
        &self,
        reader: &dates::Reader,
        title: Option<&str>,
        lines: &NearLines<'_>,
    ) -> Option<PageDate> {
        let read = |text: &str| reader.read(text);
        let properties = ["datePublished", "dateCreated", "uploadDate"];
        let mut dates: Vec<PageDate> = self.site(FieldName::Published).filter_map(read).collect();
        dates.extend(
            properties
                .iter()
                .filter_map(|name| self.nodes.string(name))
                .filter_map(read),
        );
        dates.extend(self.meta.all(meta::PUBLISHED).filter_map(read));
        dates.extend(self.page_dates(reader, title));
        if dates.is_empty() {
            dates.extend(lines.dates(reader));
        }
        dates.extend(self.url.and_then(|url| reader.in_path(url.path())));
        dates.extend(self.links("canonical").find_map(|href| reader.in_path(href)));
        dates::pick(&dates)
    }

    /// Dates on the page, the surest and those nearest to the headline first.
    fn page_dates(&self, reader: &dates::Reader, title: Option<&str>) -> Vec<PageDate> {
        let headline_at = self.headline_at(title);
        let mut dates: Vec<(u8, usize, PageDate)> = self
            .below(FieldName::Published, headline_at)
            .filter_map(|found| {
                let date = reader.read_published(text::bound(&found.text, MAX_DATE_CHARS))?;
                let rank = match found.source.as_str() {
                    source if source.contains("datePublished") || source.contains("pubdate") => 0,
                    source if source.contains('@') => 1,
                    _ => 2,
                };
                Some((rank, found.at.abs_diff(headline_at.unwrap_or(0)), date))
            })
            .collect();
        dates.sort_by_key(|(rank, distance, _)| (*rank, *distance));
        dates.into_iter().map(|(_, _, date)| date).collect()
    }

    fn modified(&self, reader: &dates::Reader) -> Option<PageDate> {
        let sources = self
            .site(FieldName::Modified)
            .chain(self.nodes.string("dateModified"))
            .chain(self.meta.all(meta::MODIFIED))
            .chain(self.common(FieldName::Modified));
        dates::pick(&sources.filter_map(|text| reader.read(text)).collect::<Vec<_>>())
    }

    fn language(&self, body_text: &str) -> Option<String> {
        let claims = self
            .site(FieldName::Language)
            .chain(self.facts.lang.as_deref())
            .chain(self.meta.all(meta::LANGUAGE))
            .chain(self.nodes.string("inLanguage"))
            .chain(self.common(FieldName::Language));
        language::choose(claims, body_text)
    }

    fn section(&self) -> Option<String> {
        self.site(FieldName::Section)
            .chain(self.nodes.string("articleSection"))
            .chain(self.meta.all(meta::SECTION))
            .chain(self.common(FieldName::Section))
            .find_map(tags::one)
    }

    fn tags(&self) -> Vec<String> {
        let mut groups = vec![
            self.site(FieldName::Tags).collect(),
            self.nodes
                .value("keywords")
                .map(json_ld::strings)
                .unwrap_or_default(),
        ];
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
mod tests;
