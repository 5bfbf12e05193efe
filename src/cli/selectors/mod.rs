//! `copydesk selectors`: the site files.

mod import_ftr;

use clap::{Args, Subcommand};

use super::Exit;

/// Works on selector files
#[derive(Debug, Args)]
pub struct SelectorsArgs {
    #[command(subcommand)]
    command: SelectorsCommand,
}

#[derive(Debug, Subcommand)]
enum SelectorsCommand {
    ImportFtr(import_ftr::ImportArgs),
}

/// Runs the subcommand.
///
/// # Errors
/// What ended it early.
pub fn run(args: &SelectorsArgs) -> anyhow::Result<Exit> {
    match &args.command {
        SelectorsCommand::ImportFtr(args) => import_ftr::run(args),
    }
}
