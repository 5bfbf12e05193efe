//! `copydesk selectors fmt`: one form for all files.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use copydesk::render::safe::safe_line;
use copydesk::rules::SelectorDir;

use crate::cli::Exit;
use crate::cli::terminal::Out;

/// Puts the files of sites and publishing systems into one form; comments stay
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// A directory laid out as selectors/
    #[arg(value_name = "DIR", default_value = "selectors")]
    dir: PathBuf,
    /// Change nothing; name the files that would change, and fail if there is one
    #[arg(long)]
    check: bool,
}

/// Prints the name of each file that is not, or was not, in form.
///
/// # Errors
/// A file is no TOML or cannot be written.
pub fn run(args: &FmtArgs) -> anyhow::Result<Exit> {
    let unformatted = SelectorDir::open(&args.dir)?.unformatted()?;
    let mut out = Out::stdout();
    for file in &unformatted {
        let name = file.path.display().to_string();
        if !args.check {
            file.write().with_context(|| name.clone())?;
        }
        writeln!(out, "{}", safe_line(&name)).context("standard output")?;
    }
    out.finish().context("standard output")?;
    Ok(if args.check && !unformatted.is_empty() {
        Exit::SomeFailed
    } else {
        Exit::AllWell
    })
}
