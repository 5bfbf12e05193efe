//! `copydesk crawl`: what is new from the sources, into the store.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use copydesk::config::Config;
use copydesk::pipeline::crawl::{self, CrawlOptions, CrawlProgress, CrawlReport, Stop};
use copydesk::pipeline::search;
use copydesk::render::safe::safe_line;
use copydesk::store::{Store, StoreError};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;
use url::Url;

use super::Exit;
use super::crawl_report::{json_lines, remarks, table};
use super::exit::UsageError;
use super::format::ReportFormat;
use super::metrics;
use super::setup::{StoreArgs, load_rules};
use super::terminal::{Out, note};

/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(200);

/// How often to look whether the store is free again.
const HELD_POLL: Duration = Duration::from_millis(500);

const EXAMPLES: &str = "\
Examples:
  copydesk crawl                                    all sources of ./copydesk.toml
  copydesk crawl --source example-news -v           one of them, and say what is done
  copydesk crawl --refresh                          also what the store has, to find changed texts
  copydesk crawl --format jsonl >> runs.jsonl       keep the reports
  copydesk crawl --due --budget 10m --wait          from cron: what is due, for ten minutes, after the run before

A copydesk.toml:
  store = \"articles.sled\"

  [[source]]
  name = \"example-news\"
  feed = \"https://news.example/rss.xml\"             # or: sitemap, section, url, urls, dir

A page that fails is a row of the report, and the others go on. What the report counts is safe on the disk.
Ctrl-C ends the run early and in order.";

/// Fetches what is new from the sources, cleans it, and stores it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CrawlArgs {
    /// Only this source (may be given more than once)
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Fetch also what the store has, to find changed texts
    #[arg(long)]
    refresh: bool,
    /// Only sources that are due: each is looked at in its own rhythm, between `min_interval` and `max_interval` of
    /// copydesk.toml
    #[arg(long)]
    due: bool,
    /// End the run after this time, as "10m" or "90s", and leave the rest to the next one
    #[arg(long, value_name = "TIME", value_parser = time)]
    budget: Option<Duration>,
    /// Wait while another run has the store, for this time at most [default: leave at once with exit code 4]
    #[arg(long, value_name = "TIME", value_parser = time, num_args = 0..=1, default_missing_value = "1h")]
    wait: Option<Duration>,
    /// Write the counts of the run to this file for Prometheus, in whole: node_exporter's textfile collector reads it
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
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
    check_sources(&args.source, &config)?;
    let rules = load_rules(args.selectors.as_deref().or(config.selectors.as_deref()))?;
    let store = open_store(&args.store.store_path(Some(&config)), args.wait)?;
    let progress = Progress::start();
    let mut report = Runtime::new()
        .context("cannot start the runtime")?
        .block_on(async {
            let options = CrawlOptions {
                sources: args.source.clone(),
                refresh: args.refresh,
                due: args.due,
                budget: args.budget,
                at: None,
                stop: Stop::on_interrupt(),
            };
            crawl::crawl(&config, rules, &store, &options, &progress).await
        });
    // The report stands whatever becomes of the index; the next query tries again.
    let indexed = search::catch_up(&store);
    progress.bar.finish_and_clear();
    if let Err(error) = indexed {
        note(&format!("the articles are stored, but not indexed: {error}"));
    }
    if !args.source.is_empty() {
        report.sources.retain(|source| args.source.contains(&source.name));
    }
    if let Some(path) = &args.metrics {
        metrics::write(path, &report)?;
    }
    print(&report, args.format)?;
    Ok(match report.exit() {
        crawl::Exit::AllWell => Exit::AllWell,
        crawl::Exit::SomeFailed => Exit::SomeFailed,
        crawl::Exit::NothingWorked => Exit::NothingWorked,
    })
}

/// Opens the store; while another process has it, tries again until the time is over.
fn open_store(path: &Path, wait: Option<Duration>) -> Result<Store, StoreError> {
    let start = Instant::now();
    let mut said = false;
    loop {
        match Store::open(path) {
            Err(StoreError::Locked(_)) if wait.is_some_and(|wait| start.elapsed() < wait) => {}
            opened => return opened,
        }
        if !said {
            note(&format!("{}: in use by another process, waiting", path.display()));
            said = true;
        }
        std::thread::sleep(HELD_POLL);
    }
}

/// A time as "10m" or "90s".
fn time(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().ok();
    parsed
        .and_then(|time| Duration::try_from(time).ok())
        .ok_or_else(|| "not a time, as \"10m\" or \"90s\"".to_owned())
}

fn check_sources(asked: &[String], config: &Config) -> Result<(), UsageError> {
    let names: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
    match asked.iter().find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(UsageError(format!(
            "no source is named {name:?} in the configuration: {}",
            names.join(", ")
        ))),
        None => Ok(()),
    }
}

fn print(report: &CrawlReport, format: Option<ReportFormat>) -> anyhow::Result<()> {
    for line in remarks(report) {
        note(&line);
    }
    let mut out = Out::stdout();
    let text = match ReportFormat::or_fitting(format, out.is_terminal()) {
        ReportFormat::Table => table(report, out.width),
        ReportFormat::Jsonl => json_lines(report)?,
    };
    out.write_all(text.as_bytes()).context("standard output")?;
    out.finish().context("standard output")
}

struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A spinner on standard error; invisible where that is no terminal.
    fn start() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} pages, {elapsed}, {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self { bar }
    }
}

impl CrawlProgress for Progress {
    fn source_started(&self, source: &str) {
        self.bar.set_message(safe_line(source));
    }

    fn source_listed(&self, _source: &str, pages: usize) {
        self.bar.inc_length(pages as u64);
    }

    fn page_done(&self, source: &str, _url: &Url, _outcome: &'static str) {
        self.bar.set_message(safe_line(source));
        self.bar.inc(1);
    }
}
