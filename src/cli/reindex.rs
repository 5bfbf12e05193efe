//! `copydesk reindex`: the full-text index, made anew.

use clap::Args;
use copydesk::pipeline::search;

use super::Exit;
use super::setup::StoreArgs;
use super::terminal::note;

const EXAMPLES: &str = "\
Examples:
  copydesk reindex                        of the store that copydesk.toml names
  copydesk reindex --store articles.sled

The index lies in the directory search/ of the store. A crawl and a query keep it up by themselves, and make it
again where it is missing or broken; this is for when that is in doubt.";

/// Makes the full-text index anew from the store
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReindexArgs {
    #[command(flatten)]
    store: StoreArgs,
}

/// Rebuilds the index.
///
/// # Errors
/// The store cannot be opened or the index cannot be written.
pub fn run(args: &ReindexArgs) -> anyhow::Result<Exit> {
    let store = args.store.open_existing()?;
    search::rebuild(&store)?;
    let articles = store.article_count()?;
    note(&format!("{articles} articles indexed"));
    Ok(Exit::AllWell)
}
