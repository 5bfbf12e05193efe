//! `copydesk failures`: the pages that a crawl could not have.

use std::io::Write;

use anyhow::Context;
use clap::Args;
use copydesk::pipeline::crawl::GIVE_UP_AFTER;
use copydesk::render::json;
use copydesk::store::UrlFailure;

use super::Exit;
use super::format::ReportFormat;
use super::setup::StoreArgs;
use super::table::{cell, cut};
use super::terminal::{Out, note};
use super::when;

const EXAMPLES: &str = "\
Examples:
  copydesk failures                          what failed, how often, and when it is tried again
  copydesk failures --source example-news
  copydesk failures --format jsonl | jq -r 'select(.count > 3) | .url'

A page that fails is tried again after 15 minutes, and after twice as long each time, up to a day; after nine failures it is
given up. `copydesk crawl --refresh` tries all at once.";

const WHEN_WIDTH: usize = 16;
const KIND_WIDTH: usize = 14;

/// Lists the pages that failed, the latest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FailuresArgs {
    /// Only those that this source listed
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// How they are listed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Lists them.
///
/// # Errors
/// The store cannot be opened or read, or standard output cannot be written.
pub fn run(args: &FailuresArgs) -> anyhow::Result<Exit> {
    let mut failures = args.store.open_existing()?.failures()?;
    failures.retain(|failure| args.source.as_ref().is_none_or(|name| *name == failure.source));
    let mut out = Out::stdout();
    if failures.is_empty() {
        note("no page has failed");
    }
    let format = ReportFormat::or_fitting(args.format, out.is_terminal());
    let width = out.width.unwrap_or(usize::MAX);
    for failure in &failures {
        let line = match format {
            ReportFormat::Table => cut(&table_line(failure), width),
            ReportFormat::Jsonl => json::line(failure)?,
        };
        writeln!(out, "{line}").context("standard output")?;
    }
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

fn table_line(failure: &UrlFailure) -> String {
    let again = if failure.count >= GIVE_UP_AFTER {
        "given up".to_owned()
    } else {
        when::minute(failure.next)
    };
    format!(
        "{:>3}  {}  {}  {}  {}",
        failure.count,
        cell(&again, WHEN_WIDTH),
        cell(&failure.kind, KIND_WIDTH),
        failure.url,
        failure.message
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_often_when_and_why() {
        let mut failure = UrlFailure {
            url: "https://news.example/a".to_owned(),
            source: "news".to_owned(),
            kind: "timeout".to_owned(),
            message: "time limit passed (total)".to_owned(),
            count: 2,
            first: 0,
            last: 0,
            next: 1_772_625_600,
        };
        assert_eq!(
            table_line(&failure),
            "  2  2026-03-04 12:00  timeout         https://news.example/a  time limit passed (total)"
        );
        failure.count = GIVE_UP_AFTER;
        assert!(table_line(&failure).starts_with("  9  given up  "));
    }
}
