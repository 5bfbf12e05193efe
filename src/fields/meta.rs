//! `<meta>` elements by key, and the keys of each field, the surest first.

use rustc_hash::FxHashMap;

use crate::document::Facts;

/// Meta elements looked at; real pages have some dozens.
const MAX_META: usize = 2_000;

/// Keys under which pages name one thing.
pub(super) type Keys = &'static [&'static str];

/// The headline.
pub(super) const TITLE: Keys = &[
    "og:title",
    "headline",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "citation_title",
    "title",
];

/// The authors, one offer a group: what a newsroom's own tools read, social cards, the plain kind.
pub(super) const AUTHORS: &[Keys] = &[
    &[
        "parsely-author",
        "sailthru.author",
        "cxenseparse:author",
        "cxenseparse:recs:authors",
    ],
    &[
        "article:author",
        "og:article:author",
        "article:author_name",
        "og:author",
    ],
    &["author", "authors", "byl", "byline", "article.author"],
];

/// The authors, one name a value, often the family name first.
pub(super) const CITED_AUTHORS: Keys = &[
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "dc:creator",
    "dc.contributor",
];

/// When it was published.
pub(super) const PUBLISHED: Keys = &[
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
    "published_time",
    "published_at",
    "publication_date",
    "pubdate",
    "article.published",
    "article:post_date",
    "article_date_original",
    "originalpublicationdate",
    "rnews:datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "datecreated",
    "displaydate",
    "ptime",
    "created",
    "date",
    "twitter:data2",
];

/// Parts of keys that name the date of publication in other words, as "w-published-date", marks left out.
pub(super) const PUBLISHED_PARTS: Keys = &[
    "publishdate",
    "publisheddate",
    "publishedat",
    "publishtime",
    "publishedtime",
    "publicationdate",
    "datepublished",
    "pubdate",
    "releasedate",
    "dateposted",
    "postdate",
    "createddate",
    "creationdate",
    "datecreated",
];

/// When it was changed.
pub(super) const MODIFIED: Keys = &[
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "article:modified",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "lastmod",
    "last-modified",
    "lastmodified",
    "modified_time",
    "updated_time",
    "revised",
];

/// The language.
pub(super) const LANGUAGE: Keys = &[
    "og:locale",
    "content-language",
    "language",
    "dc.language",
    "dcterms.language",
    "inlanguage",
];

/// The section.
pub(super) const SECTION: Keys = &[
    "article:section",
    "og:article:section",
    "parsely-section",
    "section",
    "cxenseparse:recs:category",
    "articlesection",
];

/// The tags, one offer a group.
pub(super) const TAGS: &[Keys] = &[
    &["article:tag", "og:article:tag"],
    &["news_keywords"],
    &["parsely-tags"],
    &["sailthru.tags"],
];

/// The lead image, as the page shares it.
pub(super) const IMAGE: Keys = &["og:image:secure_url", "og:image", "og:image:url"];

/// The lead image, by other names.
pub(super) const OTHER_IMAGE: Keys = &[
    "twitter:image",
    "twitter:image:src",
    "parsely-image-url",
    "sailthru.image.full",
    "image",
];

/// The site's name.
pub(super) const SITE_NAME: Keys = &["og:site_name"];

/// The site's name as a program on a telephone.
pub(super) const APPLICATION_NAME: Keys = &["application-name", "apple-mobile-web-app-title"];

/// The summary.
pub(super) const DESCRIPTION: Keys = &[
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
    "sailthru.description",
];

/// Meta contents by key.
#[derive(Debug, Default)]
pub(super) struct MetaIndex<'a>(FxHashMap<&'a str, Vec<&'a str>>);

impl<'a> MetaIndex<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
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

    /// All contents of one key.
    pub(super) fn of(&self, key: &str) -> impl Iterator<Item = &'a str> + '_ {
        self.0.get(key).into_iter().flatten().copied()
    }

    /// All contents whose key contains one of these parts, marks between its words left out.
    pub(super) fn any(&self, parts: Keys) -> impl Iterator<Item = &'a str> + '_ {
        let is_one = move |key: &str| {
            let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
            parts.iter().any(|part| key.contains(part))
        };
        let mut found: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter(|(key, _)| is_one(key))
            .filter_map(|(key, contents)| Some((*key, *contents.first()?)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, content)| content)
    }

    /// All contents of these keys, key by key.
    pub(super) fn all(&self, keys: Keys) -> impl Iterator<Item = &'a str> + '_ {
        keys.iter().filter_map(|key| self.0.get(key)).flatten().copied()
    }
}
