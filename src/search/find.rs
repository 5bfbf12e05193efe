//! Queries over the index.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, Term};

use super::asked::{Asked, Item, Place};
use super::index::{Fields, Index, SearchError, guarded};
use crate::article::ArticleId;

/// How much more a word in the headline says than one in the text.
const TITLE_BOOST: f32 = 3.0;

/// How much a word with the same stem says against the word itself.
const STEM_BOOST: f32 = 0.5;

/// Words that the last part of a phrase may stand for.
const PHRASE_ENDS_MAX: u32 = 10_000;

/// Hits kept beyond those wanted before the worst are thrown away.
const SPARE_HITS: usize = 4096;

/// What comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    #[default]
    Time,
    /// What has more of the words that few have, and has them in the headline.
    Relevance,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// Articles of each registrable domain.
    Site,
    /// Articles of each day.
    Day,
}

/// Counts by site or day (`2026-03-04`): most first for sites, newest first for days.
pub type Counts = Vec<(String, u64)>;

/// Which articles, besides their words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The registrable domain or host.
    pub site: Option<String>,
    /// Not before this time, seconds since the epoch.
    pub since: Option<i64>,
    /// Before this time, seconds since the epoch.
    pub until: Option<i64>,
    /// At most so many.
    pub limit: Option<usize>,
    /// What comes first.
    pub order: Order,
}

/// An article that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: ArticleId,
    /// Its place in the time order, seconds since the epoch.
    pub time: i64,
    /// How well it fits; 0 where that was not asked.
    pub score: f32,
}

/// What a query gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The articles in the order that was asked for, ties by time and id.
    pub hits: Vec<Hit>,
    /// How many there are of each, where that was asked for; the limit does not count.
    pub counts: Counts,
}

impl Index {
    /// The articles that a query finds.
    ///
    /// # Errors
    /// [`SearchError`] where the index is damaged.
    pub fn find(
        &self,
        asked: &Asked,
        selection: &Selection,
        facet: Option<Facet>,
    ) -> Result<Found, SearchError> {
        guarded(self.dir(), || {
            let query = query_of(&self.fields, asked, selection);
            let gather = Gather {
                limit: selection.limit.unwrap_or(usize::MAX),
                order: selection.order,
                facet,
            };
            self.reader.searcher().search(&query, &gather)
        })
    }
}

fn query_of(fields: &Fields, asked: &Asked, selection: &Selection) -> BooleanQuery {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for group in &asked.groups {
        let any = group.iter().map(|item| item_query(fields, item)).collect();
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(any))));
    }
    for item in &asked.left_out {
        clauses.push((Occur::MustNot, item_query(fields, item)));
    }
    let mut filters: Vec<Box<dyn Query>> = Vec::new();
    if let Some(site) = &selection.site {
        let site = site.trim().trim_end_matches('.').to_lowercase();
        let site = site.strip_prefix("www.").unwrap_or(&site);
        filters.push(term_query(fields.site, site, IndexRecordOption::Basic));
    }
    if selection.since.is_some() || selection.until.is_some() {
        let term = |seconds| Term::from_field_i64(fields.time, seconds);
        let lower = selection
            .since
            .map_or(Bound::Unbounded, |since| Bound::Included(term(since)));
        let upper = selection
            .until
            .map_or(Bound::Unbounded, |until| Bound::Excluded(term(until)));
        filters.push(Box::new(RangeQuery::new(lower, upper)));
    }
    if asked.groups.is_empty() {
        filters.push(Box::new(AllQuery));
    }
    for filter in filters {
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(filter, 0.0))));
    }
    BooleanQuery::new(clauses)
}

fn item_query(fields: &Fields, item: &Item) -> Box<dyn Query> {
    let in_field = |field| words_query(field, item);
    match item.place {
        Place::TitleOrText => {
            let title: Box<dyn Query> = Box::new(BoostQuery::new(in_field(fields.title), TITLE_BOOST));
            let mut any = vec![title, in_field(fields.text)];
            if !item.stems.is_empty() {
                let stems = item.stems.iter();
                let stems = stems.map(|stem| term_query(fields.stems, stem, IndexRecordOption::WithFreqs));
                let stems = Box::new(BooleanQuery::union(stems.collect()));
                any.push(Box::new(BoostQuery::new(stems, STEM_BOOST)));
            }
            Box::new(BooleanQuery::union(any))
        }
        Place::Title => in_field(fields.title),
        Place::Author => in_field(fields.author),
        Place::Tag => in_field(fields.tag),
        Place::Site => in_field(fields.site),
        Place::Language => in_field(fields.lang),
    }
}

fn term_query(field: Field, word: &str, option: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), option))
}

fn words_query(field: Field, item: &Item) -> Box<dyn Query> {
    let mut terms: Vec<Term> = item
        .words
        .iter()
        .map(|word| Term::from_field_text(field, word))
        .collect();
    match (terms.len(), item.begins) {
        (0 | 1, begins) => {
            let Some(term) = terms.pop() else {
                return Box::new(BooleanQuery::union(Vec::new()));
            };
            if begins {
                return Box::new(FuzzyTermQuery::new_prefix(term, 0, false));
            }
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        }
        (_, false) => Box::new(PhraseQuery::new(terms)),
        (_, true) => {
            let mut phrase = PhrasePrefixQuery::new(terms);
            phrase.set_max_expansions(PHRASE_ENDS_MAX);
            Box::new(phrase)
        }
    }
}

/// Gathers hits and counts.
struct Gather {
    limit: usize,
    order: Order,
    facet: Option<Facet>,
}

/// The same of one segment.
struct GatherSegment {
    limit: usize,
    order: Order,
    ids: Column<u64>,
    times: Column<i64>,
    hits: Vec<Hit>,
    counting: Option<Counting>,
}

/// Counting by the values of a column.
struct Counting {
    values: Column<u64>,
    /// Where the values stand for names.
    names: Option<StrColumn>,
    counts: HashMap<u64, u64>,
}

impl Collector for Gather {
    type Fruit = Found;
    type Child = GatherSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<GatherSegment> {
        let columns = segment.fast_fields();
        let counting = match self.facet {
            None => None,
            Some(Facet::Day) => Some((columns.u64("day")?, None)),
            Some(Facet::Site) => columns
                .str("of_site")?
                .map(|names| (names.ords().clone(), Some(names))),
        };
        Ok(GatherSegment {
            limit: self.limit,
            order: self.order,
            ids: columns.u64("id")?,
            times: columns.i64("time")?,
            hits: Vec::new(),
            counting: counting.map(|(values, names)| Counting {
                values,
                names,
                counts: HashMap::new(),
            }),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut hits = Vec::new();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for segment in segments {
            hits.extend(segment.hits);
            for (name, count) in segment.counts {
                *counts.entry(name).or_default() += count;
            }
        }
        keep_best(&mut hits, self.limit, self.order);
        let mut counts: Counts = counts.into_iter().rev().collect();
        if self.facet == Some(Facet::Site) {
            counts.sort_by(|(name, count), (other, others)| others.cmp(count).then_with(|| name.cmp(other)));
        }
        Ok(Found { hits, counts })
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        if let Some(counting) = &mut self.counting
            && let Some(value) = counting.values.first(doc)
        {
            *counting.counts.entry(value).or_default() += 1;
        }
        self.hits.push(Hit {
            id: ArticleId(self.ids.first(doc).unwrap_or_default()),
            time: self.times.first(doc).unwrap_or_default(),
            score,
        });
        if self.hits.len() >= self.limit.saturating_mul(2).saturating_add(SPARE_HITS) {
            keep_best(&mut self.hits, self.limit, self.order);
        }
    }

    fn harvest(self) -> Found {
        Found {
            hits: self.hits,
            counts: self.counting.map_or_else(Counts::new, Counting::named),
        }
    }
}

impl Counting {
    fn named(self) -> Counts {
        let name = |value: u64| match &self.names {
            None => format!(
                "{:04}-{:02}-{:02}",
                value / 10_000,
                value / 100 % 100,
                value % 100
            ),
            Some(names) => {
                let mut name = String::new();
                // A name that cannot be read counts under none.
                let _ = names.ord_to_str(value, &mut name);
                name
            }
        };
        self.counts
            .iter()
            .map(|(value, count)| (name(*value), *count))
            .collect()
    }
}

/// Sorts the hits and keeps so many.
fn keep_best(hits: &mut Vec<Hit>, limit: usize, order: Order) {
    hits.sort_unstable_by(|one, other| {
        let by_score = match order {
            Order::Time => std::cmp::Ordering::Equal,
            Order::Relevance => other.score.total_cmp(&one.score),
        };
        by_score.then_with(|| Reverse((one.time, one.id.0)).cmp(&Reverse((other.time, other.id.0))))
    });
    hits.truncate(limit);
}
