//! `copydesk stats`: what the store holds.

use std::io::Write;

use anyhow::Context;
use clap::Args;
use copydesk::render::json;
use copydesk::store::Stats;
use indicatif::HumanBytes;

use super::Exit;
use super::format::ReportFormat;
use super::setup::StoreArgs;
use super::table::cell;
use super::terminal::Out;
use super::when;

/// How many sites the table names.
const SITES_SHOWN: usize = 20;
const NAME_WIDTH: usize = 24;

/// Counts what the store holds
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// How they are printed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Prints the counts.
///
/// # Errors
/// The store cannot be opened or read, or standard output cannot be written.
pub fn run(args: &StatsArgs) -> anyhow::Result<Exit> {
    let stats = args.store.open_existing()?.stats()?;
    let mut out = Out::stdout();
    let text = match ReportFormat::or_fitting(args.format, out.is_terminal()) {
        ReportFormat::Table => table(&stats),
        ReportFormat::Jsonl => json::line(&stats)? + "\n",
    };
    out.write_all(text.as_bytes()).context("standard output")?;
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

fn table(stats: &Stats) -> String {
    let mut rows = vec![
        ("articles", stats.articles.to_string()),
        ("revisions", stats.revisions.to_string()),
        ("URLs", stats.urls.to_string()),
        ("raw pages", stats.raw_pages.to_string()),
        ("on disk", HumanBytes(stats.disk_bytes).to_string()),
    ];
    if let Some((oldest, newest)) = stats.span {
        rows.push(("from", when::day(oldest)));
        rows.push(("to", when::day(newest)));
    }
    let sites = stats.sites.iter().take(SITES_SHOWN);
    rows.extend(sites.map(|(site, count)| (site.as_str(), count.to_string())));
    let mut text: String = rows
        .iter()
        .map(|(name, value)| cell(name, NAME_WIDTH) + " " + value + "\n")
        .collect();
    if stats.sites.len() > SITES_SHOWN {
        let more = stats.sites.len() - SITES_SHOWN;
        text.extend(["and ", &more.to_string(), " more sites\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_counts_span_and_sites() {
        let stats = Stats {
            articles: 2,
            disk_bytes: 2048,
            sites: vec![("news.example".to_owned(), 2)],
            span: Some((0, 86_400)),
            ..Stats::default()
        };
        let table = table(&stats);
        for row in [
            "articles                 2",
            "on disk                  2.00 KiB",
            "to                       1970-01-02",
        ] {
            assert!(table.contains(row), "{table}");
        }
        assert!(table.ends_with("news.example             2\n"), "{table}");
    }
}
