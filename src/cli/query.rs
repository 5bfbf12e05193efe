//! `copydesk query`: finds articles in the store.

use std::io::Write;

use anyhow::Context;
use clap::{Args, ValueEnum};
use copydesk::article::{ArticleId, PageDate, PageKind};
use copydesk::pipeline::search::{self, FoundArticle};
use copydesk::render::json;
use copydesk::render::safe::safe_line;
use copydesk::search::{Asked, Facet, Order, Selection, Snippet};
use copydesk::store::StoredArticle;
use serde::Serialize;

use super::Exit;
use super::exit::UsageError;
use super::selection::SelectionArgs;
use super::setup::StoreArgs;
use super::table::{SHORT_ID, cell, cut, short_id};
use super::terminal::{Out, note, warn};
use super::when;

const EXAMPLES: &str = "\
Examples:
  copydesk query                                    everything, newest first
  copydesk query budget vote --site news.example    both words, in the headline or the text
  copydesk query --since 2026-03-01 --until 2026-03-07
  copydesk query --since 24h --format urls
  copydesk query budget --format jsonl | jq -r '.title'
  copydesk query 'title:\"second reading\" budg* -draft' --sort relevance
  copydesk query strike OR walkout --facet day      how many on each day

What can be asked:
  budget vote       both words; also votes and voted, where the article's language is known
  \"high speed\"      in a row, as written (for the shell: '\"high speed\"', or 'high speed' as one argument)
  budg*             words that begin so
  strike OR walkout one of them
  -draft            not this (within one quoted argument: 'budget -draft', or after --)
  title: author: site: tag: section: lang:          where it is to stand, as author:\"Ann Ode\"

Case and diacritics do not count: munchen finds München.";

const DAY_WIDTH: usize = 10;
const SITE_WIDTH: usize = 22;
const COUNT_WIDTH: usize = 8;

/// What makes a terminal write bold, and plain again.
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Finds articles in the store
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// Words that must all stand in the headline or the text, phrases, fields (see below)
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// What comes first
    #[arg(long, value_enum, default_value_t = Sort::Time)]
    sort: Sort,
    /// Only count what is found
    #[arg(long, value_enum, value_name = "BY", conflicts_with_all = ["limit", "sort"])]
    facet: Option<CountBy>,
    /// How they are listed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ListFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

/// How articles are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// Id, day, site and headline
    Table,
    /// One JSON object a line, without the text
    Jsonl,
    /// One URL a line
    Urls,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// The newest
    Time,
    /// What fits best
    Relevance,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CountBy {
    /// The articles of each site
    Site,
    /// The articles of each day
    Day,
}

/// One count.
#[derive(Serialize)]
struct Count<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<&'a str>,
    articles: u64,
}

/// An article without its text.
#[derive(Serialize)]
struct Row<'a> {
    id: ArticleId,
    url: &'a str,
    site: &'a str,
    /// Where it is no article.
    #[serde(skip_serializing_if = "is_article")]
    kind: PageKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<&'a PageDate>,
    fetched: i64,
    revision: u32,
    words: usize,
    sightings: usize,
    /// Where its text has the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'a str>,
    /// Where they stand in the snippet: first character and the one after the last.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    marks: &'a [(usize, usize)],
}

/// Prints what matches.
///
/// # Errors
/// The query cannot be read, the store cannot be opened or standard output cannot be written. A damaged article is
/// said on standard error, and the others go on.
pub fn run(args: &QueryArgs) -> anyhow::Result<Exit> {
    let asked = Asked::of_arguments(&args.words).map_err(|error| UsageError(error.to_string()))?;
    let store = args.store.open_existing()?;
    let mut out = Out::stdout();
    let fitting = if out.is_terminal() {
        ListFormat::Table
    } else {
        ListFormat::Jsonl
    };
    let format = args.format.unwrap_or(fitting);
    let selection = Selection {
        limit: args.facet.map_or(args.limit, |_| Some(0)),
        order: match args.sort {
            Sort::Time => Order::Time,
            Sort::Relevance => Order::Relevance,
        },
        ..args.selection.selection()
    };
    let facet = args.facet.map(|by| match by {
        CountBy::Site => Facet::Site,
        CountBy::Day => Facet::Day,
    });
    let finding = search::find(&store, &asked, &selection, facet)?;
    if let Some(error) = &finding.without_index {
        note(&format!("{error}; every article was looked at, newest first"));
    }
    for (name, articles) in &finding.counts {
        let line = count_line((name, *articles), facet == Some(Facet::Site), format)?;
        writeln!(out, "{line}").context("standard output")?;
    }
    let (mut done, mut failed) = (0, 0);
    for row in finding.articles {
        match row {
            Ok(article) => {
                let line = line(&article, format, out.width)?;
                writeln!(out, "{line}").context("standard output")?;
                done += 1;
            }
            Err(error) => {
                warn(&error.into());
                failed += 1;
            }
        }
    }
    out.finish().context("standard output")?;
    Ok(Exit::of_counts(done, failed))
}

fn count_line((name, articles): (&str, u64), is_site: bool, format: ListFormat) -> anyhow::Result<String> {
    Ok(match format {
        ListFormat::Jsonl => json::line(&Count {
            site: is_site.then_some(name),
            day: (!is_site).then_some(name),
            articles,
        })?,
        ListFormat::Table | ListFormat::Urls => {
            format!("{articles:>COUNT_WIDTH$}  {}", cut(name, usize::MAX))
        }
    })
}

fn line(found: &FoundArticle, format: ListFormat, width: Option<usize>) -> anyhow::Result<String> {
    let stored = &found.stored;
    Ok(match format {
        ListFormat::Table => {
            let snippet = found.snippet.as_ref();
            let snippet = snippet.map(|snippet| snippet_line(snippet, width));
            table_line(stored, width) + &snippet.unwrap_or_default()
        }
        ListFormat::Jsonl => json::line(&row(stored, found.snippet.as_ref()))?,
        ListFormat::Urls => cut(&stored.article.url, usize::MAX),
    })
}

/// The snippet on a line of its own under the row; on a terminal its marks are bold.
fn snippet_line(snippet: &Snippet, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(SHORT_ID + 2));
    let text = cut(&snippet.text, room);
    let mut line = format!("\n{:indent$}", "", indent = SHORT_ID + 2);
    // Where something had to be taken out, the marks do not stand where they should.
    let is_whole = safe_line(&snippet.text) == snippet.text;
    let is_marked = |at: usize| {
        width.is_some() && is_whole && snippet.marks.iter().any(|(from, to)| (*from..*to).contains(&at))
    };
    let mut is_bold = false;
    for (at, c) in text.chars().enumerate() {
        if is_marked(at) != is_bold {
            is_bold = !is_bold;
            line.push_str(if is_bold { BOLD } else { PLAIN });
        }
        line.push(c);
    }
    if is_bold {
        line.push_str(PLAIN);
    }
    line
}

fn row<'a>(stored: &'a StoredArticle, snippet: Option<&'a Snippet>) -> Row<'a> {
    let article = &stored.article;
    Row {
        id: stored.id,
        url: &article.url,
        site: &article.site,
        kind: article.kind,
        title: article.fields.title.as_deref(),
        authors: &article.fields.authors,
        published: article.fields.published.as_ref(),
        fetched: stored.fetched,
        revision: stored.revision,
        words: article.words(),
        sightings: stored.sightings.len(),
        snippet: snippet.map(|snippet| snippet.text.as_str()),
        marks: snippet.map_or(&[], |snippet| &snippet.marks),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_article(kind: &PageKind) -> bool {
    *kind == PageKind::Article
}

fn table_line(stored: &StoredArticle, width: Option<usize>) -> String {
    let article = &stored.article;
    let day = when::day_of(stored);
    let before_title = SHORT_ID + 2 + DAY_WIDTH + 2 + SITE_WIDTH + 2;
    let title_width = width.map_or(usize::MAX, |width| width.saturating_sub(before_title));
    let title = article.fields.title.as_deref().unwrap_or(&article.url);
    let title = match article.kind {
        PageKind::Article => title.to_owned(),
        kind => format!("[{}] {title}", kind.name()),
    };
    format!(
        "{}  {}  {}  {}",
        short_id(stored.id),
        cell(&day, DAY_WIDTH),
        cell(&article.site, SITE_WIDTH),
        cut(&title, title_width)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> StoredArticle {
        serde_json::from_str(
            r#"{"id": "3f9a00000000000b", "revision": 2, "fetched": 1772625600, "first_fetched": 1772539200,
                "sightings": [], "url": "https://news.example/b", "site": "news.example",
                "title": "Budget passes after a long night in the chamber",
                "blocks": [{"kind": "paragraph", "text": "The house agreed."}]}"#,
        )
        .unwrap()
    }

    fn found(snippet: Option<Snippet>) -> FoundArticle {
        FoundArticle {
            stored: stored(),
            snippet,
        }
    }

    #[test]
    fn a_snippet_stands_under_its_row_and_is_marked_on_a_terminal_alone() {
        let snippet = Snippet {
            text: "The house agreed.".to_owned(),
            marks: vec![(4, 9)],
        };
        let shown = snippet_line(&snippet, Some(80));
        assert_eq!(shown, "\n          The \u{1b}[1mhouse\u{1b}[0m agreed.");
        assert_eq!(snippet_line(&snippet, None), "\n          The house agreed.");
        let json = line(&found(Some(snippet)), ListFormat::Jsonl, None).unwrap();
        assert!(
            json.ends_with("\"snippet\":\"The house agreed.\",\"marks\":[[4,9]]}"),
            "{json}"
        );
    }

    #[test]
    fn a_table_line_fits_the_terminal_and_falls_back_to_the_day_of_fetching() {
        let line = table_line(&stored(), Some(70));
        assert_eq!(
            line,
            "3f9a0000  2026-03-03  news.example            Budget passes after a l…"
        );
    }

    #[test]
    fn a_json_line_has_no_text_and_no_empty_fields() {
        assert_eq!(
            line(&found(None), ListFormat::Jsonl, None).unwrap(),
            "{\"id\":\"3f9a00000000000b\",\"url\":\"https://news.example/b\",\"site\":\"news.example\",\
             \"title\":\"Budget passes after a long night in the chamber\",\"fetched\":1772625600,\
             \"revision\":2,\"words\":3,\"sightings\":0}"
        );
    }
}
