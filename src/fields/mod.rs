//! What a page says of its article: title, authors, dates and the like, from JSON-LD, meta elements and the page.
//!
//! The order of the sources stands here, one function a field; reading and cleaning each kind of value in the files
//! below. What the site's own rules found stands above everything.

mod authors;
mod dates;
mod json_ld;
mod language;
mod repair;
mod text;
mod title;
mod urls;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde_json::Value;
use url::Url;

use crate::article::{Fields, PageDate};
use crate::document::{Facts, FieldName, Found};
use authors::Form;
use json_ld::{Hints, JsonLd, Nodes, Thing};

/// Meta elements looked at; real pages have some dozens.
const MAX_META: usize = 2_000;

/// Found elements looked at for one field, in page order.
const MAX_FOUND: usize = 1_000;

/// Tags kept of one article.
const MAX_TAGS: usize = 40;

/// Characters of the longest tag or section; a longer one is a sentence.
const MAX_TAG_CHARS: usize = 80;

/// Reads the fields of a page. `page_url` makes relative URLs absolute and may name the day; `body_text` is the page's
/// running text, from which the language is told where the page does not say it or is clearly wrong.
///
/// A field that the page does not give, or not in a believable form, is empty. Nothing in `facts` can make this fail.
pub fn read(facts: &Facts, page_url: Option<&Url>, body_text: &str) -> Fields {
    read_at(facts, page_url, body_text, Timestamp::now())
}

/// Like [`read`], at a given time: no date lies more than a day after `now`.
pub fn read_at(facts: &Facts, page_url: Option<&Url>, body_text: &str, now: Timestamp) -> Fields {
    let meta = MetaIndex::new(facts);
    let data = JsonLd::read(&facts.json_ld);
    let nodes = data.nodes(&hints(facts, &meta, page_url));
    let mut page = Page {
        facts,
        meta,
        nodes,
        url: page_url,
        site_names: Vec::new(),
    };
    page.site_names = page.comparable_site_names();

    let language = page.language(body_text);
    let host = page_url.and_then(Url::host_str);
    let reader = dates::Reader {
        now,
        order: dates::Order::of(language.as_deref(), host),
    };
    let title = page.title();
    Fields {
        authors: page.authors(title.as_deref()),
        published: page.published(&reader, title.as_deref()),
        modified: page.modified(&reader),
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

/// Meta contents by key.
struct MetaIndex<'a>(FxHashMap<&'a str, Vec<&'a str>>);

impl<'a> MetaIndex<'a> {
    fn new(facts: &'a Facts) -> Self {
        let mut index: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for meta in facts
            .meta
            .iter()
            .take(MAX_META)
            .filter(|meta| !meta.content.trim().is_empty())
        {
            index
                .entry(meta.key.as_str())
                .or_default()
                .push(meta.content.as_str());
        }
        Self(index)
    }

    /// All contents of these keys, key by key.
    fn all(&self, keys: &'static [&'static str]) -> impl Iterator<Item = &'a str> + '_ {
        keys.iter().filter_map(|key| self.0.get(key)).flatten().copied()
    }
}

/// What tells this page's article among the nodes of its JSON-LD.
fn hints<'a>(facts: &'a Facts, meta: &MetaIndex<'a>, page_url: Option<&'a Url>) -> Hints<'a> {
    let canonical = facts
        .links
        .iter()
        .filter(|link| link.rel == "canonical")
        .map(|link| link.href.as_str());
    let urls = page_url
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

/// One page, ready to be asked.
struct Page<'a> {
    facts: &'a Facts,
    meta: MetaIndex<'a>,
    nodes: Nodes<'a>,
    url: Option<&'a Url>,
    site_names: Vec<String>,
}

impl<'a> Page<'a> {
    /// Elements found for a field: by the site's own rules, or by the common ones outside dropped parts.
    fn found(&self, field: FieldName, from_site: bool) -> impl Iterator<Item = &'a Found> {
        self.facts
            .found
            .iter()
            .filter(move |found| found.field == field && found.from_site == from_site)
            .filter(move |found| from_site || !found.in_dropped)
            .take(MAX_FOUND)
    }

    fn site_texts(&self, field: FieldName) -> impl Iterator<Item = &'a str> {
        self.found(field, true).map(|found| found.text.as_str())
    }

    fn page_texts(&self, field: FieldName) -> impl Iterator<Item = &'a str> {
        self.found(field, false).map(|found| found.text.as_str())
    }

    fn title(&self) -> Option<String> {
        let clean = |texts: &mut dyn Iterator<Item = &str>| texts.filter_map(text::clean).collect::<Vec<_>>();
        let headline = ["headline", "name", "alternativeHeadline"]
            .iter()
            .filter_map(|name| {
                self.nodes
                    .article
                    .and_then(|node| node.get(*name))
                    .and_then(json_ld::first_string)
            });
        let offers = title::Offers {
            site_rule: clean(&mut self.site_texts(FieldName::Title)),
            headings: clean(&mut self.page_texts(FieldName::Title)),
            json_ld: clean(&mut headline.take(1)),
            meta: clean(&mut self.meta.all(&[
                "og:title",
                "headline",
                "twitter:title",
                "dc.title",
                "dcterms.title",
                "parsely-title",
                "sailthru.title",
                "citation_title",
                "title",
            ])),
            document: self.facts.title.as_deref().and_then(text::clean),
        };
        title::choose(&offers, &self.site_names)
    }

    fn authors(&self, title: Option<&str>) -> Vec<String> {
        let lines = |texts: &mut dyn Iterator<Item = &'a str>| {
            texts
                .flat_map(|text| authors::names(text, Form::Line))
                .collect::<Vec<_>>()
        };
        let meta = [
            &[
                "parsely-author",
                "sailthru.author",
                "cxenseparse:author",
                "cxenseparse:recs:authors",
            ][..],
            &[
                "article:author",
                "og:article:author",
                "article:author_name",
                "og:author",
            ],
            &[
                "author",
                "authors",
                "byl",
                "byline",
                "dc.creator",
                "dcterms.creator",
                "dc:creator",
                "dc.contributor",
                "citation_author",
                "article.author",
            ],
            &["twitter:data1"],
        ];
        let labelled =
            |key: &str| key != "twitter:data1" || self.meta.all(&["twitter:label1"]).any(is_author_label);
        let mut offers = vec![
            lines(&mut self.site_texts(FieldName::Authors)),
            self.json_ld_authors(),
        ];
        offers.extend(
            meta.iter()
                .filter(|keys| labelled(keys[0]))
                .map(|keys| lines(&mut self.meta.all(keys))),
        );
        offers.extend(self.page_authors(title));
        authors::choose(offers.into_iter(), &self.site_names)
    }

    /// Names in JSON-LD: persons before organisations.
    fn json_ld_authors(&self) -> Vec<String> {
        let Some(value) = self.nodes.value("author").or_else(|| self.nodes.value("creator")) else {
            return Vec::new();
        };
        let things = self.nodes.things(value);
        things
            .into_iter()
            .flat_map(|thing| match thing {
                Thing::Text(name) => authors::names(name, Form::Line),
                Thing::Node(node) => node
                    .get("name")
                    .map(json_ld::strings)
                    .unwrap_or_default()
                    .into_iter()
                    .flat_map(|name| authors::names(name, Form::Name))
                    .collect(),
            })
            .collect()
    }

    /// Names in the page's own bylines, one offer a selector, those near the headline.
    fn page_authors(&self, title: Option<&str>) -> Vec<Vec<String>> {
        let headline_at = self.headline_at(title);
        let mut offers: Vec<(&str, Vec<String>)> = Vec::new();
        for found in self.found(FieldName::Authors, false) {
            if headline_at.is_some_and(|at| found.at + 3 < at) {
                continue;
            }
            let names = authors::names(&found.text, Form::Line);
            match offers.iter_mut().find(|(source, _)| *source == found.source) {
                Some((_, all)) => all.extend(names),
                None => offers.push((&found.source, names)),
            }
        }
        offers.into_iter().map(|(_, names)| names).collect()
    }

    /// Where the headline stands on the page, in blocks.
    fn headline_at(&self, title: Option<&str>) -> Option<usize> {
        let title = text::key(title?);
        self.found(FieldName::Title, false)
            .find(|found| {
                let key = text::key(&found.text);
                key.contains(&title) || (key.len() > 8 && title.contains(&key))
            })
            .map(|found| found.at)
    }

    fn published(&self, reader: &dates::Reader, title: Option<&str>) -> Option<PageDate> {
        let read = |texts: &mut dyn Iterator<Item = &'a str>| {
            texts.filter_map(|text| reader.read(text)).collect::<Vec<_>>()
        };
        let mut dates = read(&mut self.site_texts(FieldName::Published));
        dates.extend(read(
            &mut ["datePublished", "dateCreated", "uploadDate"]
                .iter()
                .filter_map(|name| self.nodes.string(name)),
        ));
        dates.extend(read(&mut self.meta.all(&[
            "article:published_time",
            "og:article:published_time",
            "article:published",
            "og:published_time",
            "datepublished",
            "parsely-pub-date",
            "sailthru.date",
            "cxenseparse:recs:publishtime",
            "cxenseparse:publishtime",
            "publishdate",
            "publish-date",
            "publish_date",
            "pubdate",
            "published_time",
            "publication_date",
            "article.published",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date",
            "dcterms.date",
            "dc.date.created",
            "citation_publication_date",
            "citation_date",
            "date",
            "originalpublicationdate",
            "article_date_original",
            "last-published",
            "displaydate",
            "ptime",
            "datecreated",
            "article:post_date",
            "created",
            "rnews:datepublished",
            "twitter:data2",
        ])));
        dates.extend(self.page_dates(reader, title));
        dates.extend(self.url.and_then(|url| reader.in_path(url.path())));
        dates.extend(
            self.facts
                .links
                .iter()
                .filter(|link| link.rel == "canonical")
                .filter_map(|link| reader.in_path(&link.href))
                .take(1),
        );
        pick(dates)
    }

    /// Dates on the page, the surest first.
    fn page_dates(&self, reader: &dates::Reader, title: Option<&str>) -> Vec<PageDate> {
        let headline_at = self.headline_at(title).unwrap_or(0);
        let mut dates: Vec<(u8, usize, PageDate)> = self
            .found(FieldName::Published, false)
            .filter_map(|found| {
                let date = reader.read_published(text::bound(&found.text, 400))?;
                let rank = match found.source.as_str() {
                    source if source.contains("datePublished") || source.contains("pubdate") => 0,
                    source if source.contains('@') => 1,
                    _ => 2,
                };
                Some((rank, found.at.abs_diff(headline_at), date))
            })
            .collect();
        dates.sort_by_key(|(rank, distance, _)| (*rank, *distance));
        dates.into_iter().map(|(_, _, date)| date).collect()
    }

    fn modified(&self, reader: &dates::Reader) -> Option<PageDate> {
        let sources = self
            .site_texts(FieldName::Modified)
            .chain(self.nodes.string("dateModified"))
            .chain(self.meta.all(&[
                "article:modified_time",
                "og:updated_time",
                "og:article:modified_time",
                "article:modified",
                "datemodified",
                "lastmod",
                "last-modified",
                "dc.date.modified",
                "dcterms.modified",
                "modified_time",
                "updated_time",
                "lastmodified",
                "revised",
            ]))
            .chain(self.page_texts(FieldName::Modified));
        pick(sources.filter_map(|text| reader.read(text)).collect())
    }

    fn language(&self, body_text: &str) -> Option<String> {
        let claims = self
            .site_texts(FieldName::Language)
            .chain(self.facts.lang.as_deref())
            .chain(self.meta.all(&[
                "og:locale",
                "content-language",
                "language",
                "dc.language",
                "dcterms.language",
                "inlanguage",
            ]))
            .chain(self.nodes.string("inLanguage"))
            .chain(self.page_texts(FieldName::Language));
        language::choose(claims, body_text)
    }

    fn section(&self) -> Option<String> {
        self.site_texts(FieldName::Section)
            .chain(self.nodes.string("articleSection"))
            .chain(self.meta.all(&[
                "article:section",
                "og:article:section",
                "parsely-section",
                "section",
                "cxenseparse:recs:category",
                "articlesection",
            ]))
            .chain(self.page_texts(FieldName::Section))
            .filter_map(text::clean)
            .find(|section| is_tag(section))
    }

    fn tags(&self) -> Vec<String> {
        let keywords = self
            .nodes
            .value("keywords")
            .map(json_ld::strings)
            .unwrap_or_default();
        let groups: [Vec<&str>; 8] = [
            self.site_texts(FieldName::Tags).collect(),
            keywords,
            self.meta.all(&["article:tag", "og:article:tag"]).collect(),
            self.meta.all(&["news_keywords"]).collect(),
            self.meta.all(&["parsely-tags"]).collect(),
            self.meta.all(&["sailthru.tags"]).collect(),
            self.page_texts(FieldName::Tags).collect(),
            self.meta.all(&["keywords"]).collect(),
        ];
        groups
            .into_iter()
            .map(|group| split_tags(&group))
            .find(|tags| !tags.is_empty())
            .unwrap_or_default()
    }

    fn image(&self) -> Option<String> {
        let thing = self.nodes.value("image").and_then(|value| {
            self.nodes
                .things(value)
                .into_iter()
                .find_map(|thing| match thing {
                    Thing::Text(url) => Some(url),
                    Thing::Node(node) => ["url", "contentUrl", "@id"]
                        .iter()
                        .find_map(|name| node.get(*name).and_then(json_ld::first_string)),
                })
        });
        let link = self
            .facts
            .links
            .iter()
            .filter(|link| link.rel == "image_src")
            .map(|link| link.href.as_str());
        self.site_texts(FieldName::Image)
            .chain(
                self.meta
                    .all(&["og:image:secure_url", "og:image", "og:image:url"]),
            )
            .chain(thing)
            .chain(self.meta.all(&[
                "twitter:image",
                "twitter:image:src",
                "parsely-image-url",
                "sailthru.image.full",
                "image",
            ]))
            .chain(self.page_texts(FieldName::Image))
            .chain(link)
            .find_map(|raw| urls::image(raw, self.url))
    }

    fn canonical_url(&self) -> Option<String> {
        let links = self
            .facts
            .links
            .iter()
            .filter(|link| link.rel.split_whitespace().any(|rel| rel == "canonical"));
        self.site_texts(FieldName::CanonicalUrl)
            .chain(links.map(|link| link.href.as_str()))
            .chain(self.meta.all(&["og:url"]))
            .chain(self.page_texts(FieldName::CanonicalUrl))
            .find_map(|raw| urls::absolute(raw, self.url))
    }

    fn site_name(&self) -> Option<String> {
        self.site_texts(FieldName::SiteName)
            .chain(self.meta.all(&["og:site_name"]))
            .chain(self.json_ld_site_names())
            .chain(self.meta.all(&["application-name", "apple-mobile-web-app-title"]))
            .chain(self.page_texts(FieldName::SiteName))
            .filter_map(text::clean)
            .find(|name| is_tag(name) && !name.contains("://"))
    }

    /// Names of publisher and site in JSON-LD.
    fn json_ld_site_names(&self) -> Vec<&'a str> {
        let publisher = self
            .nodes
            .value("publisher")
            .map(|value| self.nodes.things(value))
            .unwrap_or_default();
        let publishers = publisher.into_iter().filter_map(|thing| match thing {
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

    /// Every name the site may go by, in comparable form.
    fn comparable_site_names(&self) -> Vec<String> {
        let host = self
            .url
            .and_then(Url::host_str)
            .map(|host| host.strip_prefix("www.").unwrap_or(host));
        let domain = host.and_then(|host| psl::domain_str(host));
        let label = domain.and_then(|domain| domain.split('.').next());
        let said = self
            .meta
            .all(&["og:site_name", "application-name", "apple-mobile-web-app-title"]);
        let mut names: Vec<String> = said
            .chain(self.json_ld_site_names())
            .chain(host)
            .chain(domain)
            .chain(label)
            .take(32)
            .filter_map(text::clean)
            .map(|name| text::key(&name))
            .filter(|name| name.chars().count() > 1)
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn description(&self) -> Option<String> {
        let data = self
            .nodes
            .article
            .and_then(|node| node.get("description"))
            .and_then(Value::as_str);
        self.site_texts(FieldName::Description)
            .chain(self.meta.all(&[
                "og:description",
                "description",
                "twitter:description",
                "dc.description",
                "dcterms.description",
                "sailthru.description",
            ]))
            .chain(data)
            .chain(self.page_texts(FieldName::Description))
            .find_map(text::clean)
    }
}

/// The first date; a bare day is completed by a later source that knows the time of that day.
fn pick(dates: Vec<PageDate>) -> Option<PageDate> {
    let first = dates.first()?;
    let is_bare = first.as_str().len() == first.day().len();
    let full = dates
        .iter()
        .filter(|_| is_bare)
        .find(|date| date.day() == first.day() && date.as_str().len() > first.as_str().len());
    full.or(Some(first)).cloned()
}

/// Whether a label of a social card says that its value is the author.
fn is_author_label(label: &str) -> bool {
    let key = text::key(label);
    [
        "writtenby",
        "by",
        "author",
        "verfasstvon",
        "ecritpar",
        "escritopor",
        "scrittoda",
        "geschrevendoor",
    ]
    .contains(&key.as_str())
}

fn is_tag(text: &str) -> bool {
    text.chars().nth(MAX_TAG_CHARS).is_none()
}

/// Tags of one source, lists split, without duplicates.
fn split_tags(values: &[&str]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut tags = Vec::new();
    for tag in values
        .iter()
        .flat_map(|value| value.split([',', ';', '|']))
        .filter_map(text::clean)
    {
        let tag = tag.trim_start_matches('#').trim().to_owned();
        let key = text::key(&tag);
        if key.is_empty() || !is_tag(&tag) || seen.contains(&key) {
            continue;
        }
        seen.push(key);
        tags.push(tag);
        if tags.len() == MAX_TAGS {
            break;
        }
    }
    tags
}
