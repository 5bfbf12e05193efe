//! `copydesk crawl`: what is new from the sources, into the store.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use copydesk::pipeline::crawl::{CrawlOptions, CrawlProgress, CrawlReport, crawl};
use copydesk::store::Store;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;

use super::Exit;
use super::crawl_report::{failures, json_lines, table};
use super::exit::UsageError;
use super::format::ReportFormat;
use super::setup::{StoreArgs, load_rules};
use super::terminal::{Out, note};

const EXAMPLES: &str = "\
Examples:
  copydesk crawl                                    all sources of ./copydesk.toml
  copydesk crawl --source example-news -v           one of them, and say what is done
  copydesk crawl --format jsonl >> runs.jsonl       keep the reports

A copydesk.toml:
  store = \"articles.sled\"

  [[source]]
  name = \"example-news\"
  feed = \"https://news.example/rss.xml\"             # or: sitemap, section, url, urls, dir

A page that fails is a row of the report, and the others go on. What a report counts as new is safe on the disk.";

/// Fetches what is new from the sources, cleans it, and stores it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CrawlArgs {
    /// Only this source (may be given more than once)
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Selector files that come on top of those in the program [default: `selectors` in copydesk.toml]
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// How the report is printed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Crawls and prints the report.
///
/// # Errors
/// The configuration or the rules are wrong, the store cannot be opened, or standard output cannot be written.
pub fn run(args: &CrawlArgs) -> anyhow::Result<Exit> {
    let config = args.store.load_config()?.ok_or_else(|| {
        UsageError(
            "no copydesk.toml here: name one with --config (`copydesk crawl --help` shows one)".to_owned(),
        )
    })?;
    let rules = load_rules(args.selectors.as_deref().or(config.selectors.as_deref()))?;
    let store = Store::open(&args.store.store_path(Some(&config)))?;
    let options = CrawlOptions {
        sources: args.source.clone(),
    };
    let runtime = Runtime::new().context("cannot start the runtime")?;
    let progress = Progress::start();
    let report = runtime.block_on(crawl(&config, rules, &store, &options, &progress));
    progress.bar.finish_and_clear();
    print(&report, args.format)?;
    Ok(exit(&report))
}

fn print(report: &CrawlReport, format: Option<ReportFormat>) -> anyhow::Result<()> {
    let mut out = Out::stdout();
    let text = match ReportFormat::or_fitting(format, out.is_terminal()) {
        ReportFormat::Table => table(report),
        ReportFormat::Jsonl => json_lines(report)?,
    };
    out.write_all(text.as_bytes()).context("standard output")?;
    out.finish().context("standard output")?;
    for line in failures(report) {
        note(&line);
    }
    Ok(())
}

/// A source works if anything of it could be done; a run is well if nothing failed.
fn exit(report: &CrawlReport) -> Exit {
    let failed = report
        .sources
        .iter()
        .filter(|s| s.failed > 0 || !s.failures.is_empty())
        .count();
    let worked = report
        .sources
        .iter()
        .filter(|s| s.failures.is_empty() || s.fetched > s.failed)
        .count();
    Exit::of_counts(worked as u64, failed as u64)
}

struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A spinner on standard error; invisible where that is no terminal.
    fn start() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} pages, {elapsed}, {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }
}

impl CrawlProgress for Progress {
    fn source_started(&self, name: &str, _pages: usize) {
        self.bar.set_message(name.to_owned());
    }

    fn page_done(&self, _name: &str) {
        self.bar.inc(1);
    }
}
