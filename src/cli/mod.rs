//! The command line, over the library: one short file per subcommand, printing apart from working.

mod bulk;
mod clean;
mod crawl;
mod crawl_report;
mod diff;
mod discover;
mod exit;
mod explain;
mod export;
mod failures;
mod fixture;
mod format;
mod import;
mod inputs;
mod lines;
mod log;
mod manifest;
mod metrics;
mod ordered;
mod query;
mod reclean;
mod reindex;
mod selection;
mod selectors;
mod setup;
mod show;
mod sources;
mod stats;
mod story;
mod table;
pub mod terminal;
mod when;

pub use exit::Exit;

use clap::{ArgAction, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  copydesk clean https://news.example/budget   the core article of a page
  copydesk clean --explain page.html           every block, kept or dropped, and why
  copydesk discover https://news.example --add  the site's feed as a source in copydesk.toml
  copydesk crawl                               what is new from copydesk.toml's sources
  copydesk failures                            which pages failed, and when they are tried again
  copydesk query budget vote --since 7d        what the store has on it
  copydesk show 3f9a                           one article of it
  copydesk export --out articles.jsonl         all of them
  copydesk reclean --dry-run                   what today's rules would change in them
  copydesk selectors test                      the tests in the selector files

Exit codes:
  0  all well (also when the reader of the output goes away)
  1  some inputs, pages or sources failed, the others are done
  2  the arguments are wrong
  3  nothing worked
  4  the store is in use by another process
  5  copydesk.toml or a selector file is wrong";

/// Fetches news pages, cleans them down to the core article, and keeps each article once.
#[derive(Debug, Parser)]
#[command(name = "copydesk", version, about, after_help = EXAMPLES)]
pub struct Cli {
    /// Say on standard error what is done (-vv: in detail, -vvv: everything)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Say it as JSON, one object a line
    #[arg(long, global = true)]
    log_json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Clean(clean::CleanArgs),
    Discover(discover::DiscoverArgs),
    Sources(sources::SourcesArgs),
    Crawl(crawl::CrawlArgs),
    Failures(failures::FailuresArgs),
    Query(query::QueryArgs),
    Show(show::ShowArgs),
    Story(story::StoryArgs),
    Diff(diff::DiffArgs),
    Export(export::ExportArgs),
    Import(import::ImportArgs),
    Stats(stats::StatsArgs),
    Reclean(reclean::RecleanArgs),
    Reindex(reindex::ReindexArgs),
    Selectors(selectors::SelectorsArgs),
    Fixture(fixture::FixtureArgs),
}

/// Runs the subcommand.
///
/// # Errors
/// What ended it early; [`Exit::of_error`] gives the exit code for it. Failures of single inputs are said on
/// standard error as they come and are part of the exit code only.
pub fn run(cli: Cli) -> anyhow::Result<Exit> {
    log::start(cli.verbose, cli.log_json);
    match cli.command {
        Command::Clean(args) => clean::run(&args),
        Command::Discover(args) => discover::run(&args),
        Command::Sources(args) => sources::run(&args),
        Command::Crawl(args) => crawl::run(&args),
        Command::Failures(args) => failures::run(&args),
        Command::Query(args) => query::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Story(args) => story::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Reclean(args) => reclean::run(&args),
        Command::Reindex(args) => reindex::run(&args),
        Command::Selectors(args) => selectors::run(&args),
        Command::Fixture(args) => fixture::run(&args),
    }
}
