//! `copydesk selectors lint`: mistakes, and what is hardly meant.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use copydesk::render::safe::safe_line;
use copydesk::rules::SelectorDir;

use crate::cli::Exit;
use crate::cli::terminal::{Out, note};

/// Loads selector files strictly, and warns of what in them is hardly meant
#[derive(Debug, Args)]
pub struct LintArgs {
    /// A directory laid out as selectors/ [default: the files in the program]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints a line a warning; with one, the exit code says that something failed.
///
/// # Errors
/// A file has a mistake, or standard output cannot be written.
pub fn run(args: &LintArgs) -> anyhow::Result<Exit> {
    let dir = match &args.dir {
        Some(path) => SelectorDir::open(path)?,
        None => SelectorDir::builtin(),
    };
    let warnings = dir.warnings()?;
    let mut out = Out::stdout();
    for warning in &warnings {
        writeln!(out, "{}", safe_line(warning)).context("standard output")?;
    }
    out.finish().context("standard output")?;
    note(&format!("{} files, {} warnings", dir.len(), warnings.len()));
    Ok(if warnings.is_empty() {
        Exit::AllWell
    } else {
        Exit::SomeFailed
    })
}
