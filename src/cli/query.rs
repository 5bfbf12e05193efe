//! `copydesk query`: finds articles in the store, newest first.

use std::io::Write;

use anyhow::Context;
use clap::{Args, ValueEnum};
use copydesk::article::{ArticleId, PageDate, PageKind};
use copydesk::render::json;
use copydesk::store::{Query, StoredArticle};
use serde::Serialize;

use super::Exit;
use super::selection::SelectionArgs;
use super::setup::StoreArgs;
use super::table::{SHORT_ID, cell, cut, short_id};
use super::terminal::{Out, warn};
use super::when;

const EXAMPLES: &str = "\
Examples:
  copydesk query                                    everything, newest first
  copydesk query budget vote --site news.example    both words, in the headline or the text
  copydesk query --since 2026-03-01 --until 2026-03-07
  copydesk query --since 24h --format urls
  copydesk query budget --format jsonl | jq -r '.title'

Case and diacritics do not count: munchen finds München.";

const DAY_WIDTH: usize = 10;
const SITE_WIDTH: usize = 22;

/// Finds articles in the store, newest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// Words that must all stand in the headline or the text
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
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
}

/// Prints what matches.
///
/// # Errors
/// The store cannot be opened or standard output cannot be written. A damaged article is said on standard error,
/// and the others go on.
pub fn run(args: &QueryArgs) -> anyhow::Result<Exit> {
    let store = args.store.open_existing()?;
    let mut out = Out::stdout();
    let fitting = if out.is_terminal() {
        ListFormat::Table
    } else {
        ListFormat::Jsonl
    };
    let format = args.format.unwrap_or(fitting);
    let query = Query {
        words: args.words.clone(),
        limit: args.limit,
        ..args.selection.query()
    };
    let (mut done, mut failed) = (0, 0);
    for row in store.query(&query) {
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

fn line(stored: &StoredArticle, format: ListFormat, width: Option<usize>) -> anyhow::Result<String> {
    Ok(match format {
        ListFormat::Table => table_line(stored, width),
        ListFormat::Jsonl => json::line(&row(stored))?,
        ListFormat::Urls => cut(&stored.article.url, usize::MAX),
    })
}

fn row(stored: &StoredArticle) -> Row<'_> {
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
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_article(kind: &PageKind) -> bool {
    *kind == PageKind::Article
}

fn table_line(stored: &StoredArticle, width: Option<usize>) -> String {
    let article = &stored.article;
    let day = match &article.fields.published {
        Some(date) => date.day().to_owned(),
        None => when::day(stored.first_fetched),
    };
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
            line(&stored(), ListFormat::Jsonl, None).unwrap(),
            "{\"id\":\"3f9a00000000000b\",\"url\":\"https://news.example/b\",\"site\":\"news.example\",\
             \"title\":\"Budget passes after a long night in the chamber\",\"fetched\":1772625600,\
             \"revision\":2,\"words\":3,\"sightings\":0}"
        );
    }
}
