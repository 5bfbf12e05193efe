//! `copydesk selectors`: for those who write selector files.

mod doctor;
mod fmt;
mod import_ftr;
mod lint;
mod new;
mod show;
mod test;

use clap::{Args, Subcommand};

use super::Exit;

const EXAMPLES: &str = "\
Examples:
  copydesk selectors new saved/*.html --out my-selectors/     a site's file, learned from its pages
  copydesk selectors show https://news.example/2026/budget   the rules for a page, in order, and where each is written
  copydesk selectors lint my-selectors/                      mistakes, and what is hardly meant
  copydesk selectors fmt my-selectors/                       one form for all files, comments kept
  copydesk selectors test --selectors my-selectors/          the tests in the files, on saved pages
  copydesk selectors test news.example --live                on the pages as they are today
  copydesk selectors doctor                                  which rules have stopped working, and since when
  copydesk selectors import-ftr configs/ --out my-selectors/  Full-Text RSS site configs as site files

selectors/README.md says what stands in a selector file.";

/// Checks, shows and tests selector files
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SelectorsArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::NewArgs),
    Test(test::TestArgs),
    Lint(lint::LintArgs),
    Fmt(fmt::FmtArgs),
    Show(show::ShowArgs),
    Doctor(doctor::DoctorArgs),
    ImportFtr(import_ftr::ImportArgs),
}

/// Runs the subcommand.
///
/// # Errors
/// What ended it early.
pub fn run(args: &SelectorsArgs) -> anyhow::Result<Exit> {
    match &args.command {
        Command::New(args) => new::run(args),
        Command::Test(args) => test::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Fmt(args) => fmt::run(args),
        Command::Show(args) => show::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::ImportFtr(args) => import_ftr::run(args),
    }
}
