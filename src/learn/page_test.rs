//! The `[[test]]` of a page that was learned from.

use crate::article::{Article, PageDate};

use super::LearnedPage;

/// A `[[test]]` of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Test {
    /// The folder of the page.
    pub page: String,
    /// Where it was published.
    pub url: String,
    /// The layout that fits it.
    pub layout: String,
    /// Its headline.
    pub title: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// The day when it was published.
    pub published: Option<String>,
    /// Strings of its article.
    pub has: Vec<String>,
    /// Strings that are not.
    pub lacks: Vec<String>,
}

/// A string of an article is cut at so many characters, at the end of a word.
const MAX_STRING: usize = 80;
/// A block tells something from so many characters on.
const MIN_STRING: usize = 16;
/// So many dropped blocks are in a test.
const MAX_LACKS: usize = 3;

impl Test {
    /// What a page gives; `None` where no layout fits it.
    pub fn of<'d>(
        page: &LearnedPage,
        article: &Article,
        dropped: impl Iterator<Item = &'d str>,
    ) -> Option<Self> {
        let whole = article.text();
        let is_telling = |text: &&str| text.chars().count() >= MIN_STRING;
        let blocks = article.blocks.iter().map(|block| block.text.as_str());
        let telling: Vec<&str> = blocks
            .filter(|text| is_telling(text) && !text.contains('\t'))
            .collect();
        let mut has: Vec<String> = telling.first().into_iter().map(|text| start(text)).collect();
        has.extend(telling.get(1..).and_then(<[&str]>::last).map(|text| end(text)));
        let mut lacks: Vec<String> = Vec::new();
        let strings = dropped
            .filter(is_telling)
            .filter(|text| !text.contains('\t'))
            .map(start);
        for string in strings.filter(|string| !whole.contains(string.as_str())) {
            if lacks.len() < MAX_LACKS && !lacks.contains(&string) {
                lacks.push(string);
            }
        }
        Some(Self {
            page: page.folder.clone(),
            url: page.url.clone(),
            layout: article.layout.clone()?,
            title: article.fields.title.clone(),
            authors: article.fields.authors.clone(),
            published: article
                .fields
                .published
                .as_ref()
                .map(PageDate::day)
                .map(str::to_owned),
            has,
            lacks,
        })
    }
}

/// The beginning of a text, in whole words where it has spaces.
fn start(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let Some((cut, _)) = line.char_indices().nth(MAX_STRING) else {
        return line.to_owned();
    };
    let head = &line[..cut];
    head.rsplit_once(' ').map_or(head, |(words, _)| words).to_owned()
}

/// The end of a text, in whole words where it has spaces.
fn end(text: &str) -> String {
    let line = text.lines().last().unwrap_or_default();
    let count = line.chars().count();
    let cut = count
        .checked_sub(MAX_STRING)
        .and_then(|skip| line.char_indices().nth(skip));
    let Some((cut, _)) = cut.filter(|(cut, _)| *cut > 0) else {
        return line.to_owned();
    };
    let tail = &line[cut..];
    tail.split_once(' ').map_or(tail, |(_, words)| words).to_owned()
}
