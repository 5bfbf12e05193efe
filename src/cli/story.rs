//! `copydesk story`: who carried a story, and when.

use std::io::Write;

use anyhow::Context;
use clap::Args;
use copydesk::article::ArticleId;
use copydesk::render::json;
use copydesk::store::StoryMember;
use serde::Serialize;

use super::Exit;
use super::format::ReportFormat;
use super::setup::StoreArgs;
use super::show::find;
use super::table::{SHORT_ID, cell, cut, short_id};
use super::terminal::Out;
use super::when;

const EXAMPLES: &str = "\
Examples:
  copydesk story 3f9a                                who else has it, by the beginning of an id
  copydesk story https://news.example/2026/budget
  copydesk story 3f9a --format jsonl | jq -r .url

Articles tell one story where their texts share a third of all their four-word sequences, or most of the shorter one's: a wire
story with another headline, a trimmed end, a local first paragraph. The first is the earliest. The percentages say how much of
all words each shares with it, and how much of the shorter text. `copydesk diff` shows what is different.";

const DAY_WIDTH: usize = 10;
const SITE_WIDTH: usize = 22;

/// Shows who carried the story of an article, the earliest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct StoryArgs {
    /// The id of one of its articles, the beginning of it, or a URL at which it was seen
    #[arg(value_name = "ID|URL")]
    article: String,
    /// How they are listed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Serialize)]
struct Row<'a> {
    id: ArticleId,
    url: &'a str,
    site: &'a str,
    title: Option<&'a str>,
    published: Option<&'a str>,
    fetched: i64,
    words: usize,
    /// Of all shingles of it and the first, the part that both have.
    resemblance: f64,
    /// Of the shingles of the shorter of them.
    containment: f64,
}

/// Lists the articles.
///
/// # Errors
/// The store cannot be opened, there is no such article, or standard output cannot be written.
pub fn run(args: &StoryArgs) -> anyhow::Result<Exit> {
    let store = args.store.open_existing()?;
    let members = store.story(find(&store, &args.article)?)?;
    let mut out = Out::stdout();
    let format = ReportFormat::or_fitting(args.format, out.is_terminal());
    for member in &members {
        let line = match format {
            ReportFormat::Table => table_line(member, out.width),
            ReportFormat::Jsonl => json::line(&row(member))?,
        };
        writeln!(out, "{line}").context("standard output")?;
    }
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

fn row(member: &StoryMember) -> Row<'_> {
    let stored = &member.article;
    let fields = &stored.article.fields;
    let rounded = |share: f64| (share * 1000.0).round() / 1000.0;
    Row {
        id: stored.id,
        url: &stored.article.url,
        site: &stored.article.site,
        title: fields.title.as_deref(),
        published: fields.published.as_ref().map(copydesk::article::PageDate::as_str),
        fetched: stored.fetched,
        words: stored.article.words(),
        resemblance: rounded(member.likeness.resemblance),
        containment: rounded(member.likeness.containment),
    }
}

fn table_line(member: &StoryMember, width: Option<usize>) -> String {
    let stored = &member.article;
    let day = when::day_of(stored);
    let likeness = format!(
        "{:>3.0}% {:>3.0}%",
        member.likeness.resemblance * 100.0,
        member.likeness.containment * 100.0
    );
    let before = SHORT_ID + 2 + DAY_WIDTH + 2 + likeness.len() + 2 + SITE_WIDTH + 2;
    let title = stored
        .article
        .fields
        .title
        .as_deref()
        .unwrap_or(&stored.article.url);
    format!(
        "{}  {}  {likeness}  {}  {}",
        short_id(stored.id),
        cell(&day, DAY_WIDTH),
        cell(&stored.article.site, SITE_WIDTH),
        cut(
            title,
            width.map_or(usize::MAX, |width| width.saturating_sub(before))
        )
    )
}
