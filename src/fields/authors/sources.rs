//! Where a page names its authors, the surest source first.

use std::iter;

use super::super::dates;
use super::super::json_ld::{self, Thing};
use super::super::meta;
use super::super::near::Near;
use super::super::page::Page;
use super::{Form, Offer, choose, is_label, is_plain_name, names, tidy};
use crate::document::FieldName;

/// Blocks over which the names of one byline are spread.
const MAX_BYLINE_BLOCKS: usize = 6;

/// The names that are a person's and nothing else.
fn plain(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| is_plain_name(name));
    names
}

impl<'a> Page<'a> {
    /// The authors' names: the site's own rules, metadata, bylines, names near the headline, the site.
    pub(in crate::fields) fn authors(
        &self,
        title: Option<&str>,
        near: &Near<'_>,
        reader: &dates::Reader,
    ) -> Vec<String> {
        let read = |texts: &mut dyn Iterator<Item = &'a str>| {
            Offer::structured(texts.flat_map(|text| names(text, Form::Line)).collect())
        };
        let by_site = self.site_groups(FieldName::Authors).map(|texts| {
            let found = texts.into_iter().flat_map(|text| names(text, Form::Line));
            tidy(found.collect(), &self.site_names)
        });
        if let Some(named) = by_site.into_iter().find(|named| !named.is_empty()) {
            return named;
        }
        let (persons, organisations) = self.json_ld_authors();
        let offers = iter::once(Offer::structured(persons))
            .chain(
                meta::AUTHORS[..1]
                    .iter()
                    .map(|keys| read(&mut self.meta.all(keys))),
            )
            .chain(meta::AUTHORS[1..].iter().map(|keys| {
                let offer = read(&mut self.meta.all(keys));
                if near.contradicts(&offer.names) {
                    Offer::byline(plain(near.bylines()))
                } else {
                    offer
                }
            }))
            .chain(iter::once_with(|| {
                let cited = self.meta.all(meta::CITED_AUTHORS);
                Offer::structured(cited.flat_map(|name| names(name, Form::Name)).collect())
            }))
            .chain(iter::once_with(|| read(&mut self.card_authors())))
            .chain(iter::once_with(|| Offer::byline(plain(near.bylines()))))
            .chain(iter::once_with(|| self.page_authors(title)).flatten())
            .chain(iter::once_with(|| Offer::byline(near.bylines())))
            .chain(iter::once_with(|| Offer::byline(near.classed())))
            .chain(iter::once_with(|| Offer::guess(near.dated_names(reader))))
            .chain(iter::once_with(|| Offer::guess(near.far_bylines())))
            .chain(iter::once(Offer::organisation(organisations)));
        choose(offers, &self.site_names)
    }

    /// The author on a social card, whose rows are labelled.
    fn card_authors(&self) -> impl Iterator<Item = &'a str> {
        let is_labelled = self.meta.all(&["twitter:label1"]).any(is_label);
        self.meta
            .all(&["twitter:data1"])
            .filter(|_| is_labelled)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Names in JSON-LD: of persons with the organisations beside them, or of organisations alone.
    fn json_ld_authors(&self) -> (Vec<String>, Vec<String>) {
        let (mut persons, mut organisations) = (Vec::new(), Vec::new());
        let mut has_person = false;
        let value = self.nodes.value("author").or_else(|| self.nodes.value("creator"));
        for thing in value.map(|value| self.nodes.things(value)).unwrap_or_default() {
            match thing {
                Thing::Text(name) => {
                    has_person = true;
                    persons.extend(names(name, Form::Line));
                }
                Thing::Node(node) => {
                    let said = node.get("name").map(json_ld::strings).unwrap_or_default();
                    let found: Vec<String> = said
                        .into_iter()
                        .flat_map(|name| names(name, Form::Name))
                        .collect();
                    if json_ld::has_type(node, |kind| kind.ends_with("Organization")) {
                        organisations.extend(found.clone());
                    } else {
                        has_person = true;
                    }
                    persons.extend(found);
                }
            }
        }
        if has_person {
            (persons, Vec::new())
        } else {
            (Vec::new(), organisations)
        }
    }

    /// Names in the page's own bylines, one offer a selector, from the headline on.
    fn page_authors(&self, title: Option<&str>) -> Vec<Offer> {
        let mut offers: Vec<(&str, usize, Vec<String>)> = Vec::new();
        for found in self.below(FieldName::Authors, self.headline_at(title)) {
            let named = names(&found.text, Form::Line);
            if named.is_empty() {
                continue;
            }
            match offers.iter_mut().find(|(source, ..)| *source == found.source) {
                // Further down stand the authors of other stories.
                Some((_, first, _)) if found.at > *first + MAX_BYLINE_BLOCKS => {}
                Some((_, _, all)) => all.extend(named),
                None => offers.push((&found.source, found.at, named)),
            }
        }
        offers
            .into_iter()
            .map(|(.., named)| Offer::byline(named))
            .collect()
    }
}
