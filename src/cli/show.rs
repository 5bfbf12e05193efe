//! `copydesk show`: one article of the store.

use std::io::Write;

use anyhow::{Context, bail};
use clap::Args;
use copydesk::article::{ArticleId, PageKind};
use copydesk::render::safe::safe;
use copydesk::store::Store;

use super::Exit;
use super::format::{ArticleFormat, written};
use super::setup::StoreArgs;
use super::terminal::{Out, note};

const EXAMPLES: &str = "\
Examples:
  copydesk show 3f9a                                    by the beginning of its id
  copydesk show https://news.example/2026/budget        by a URL at which it was seen
  copydesk show 3f9a --revision 1                       as it was first
  copydesk show 3f9a --raw > page.html                  the page as it was fetched";

/// How many ids are named where a prefix fits several.
const NAMED_IDS: usize = 5;
/// How many hexadecimal digits an id has.
const ID_DIGITS: usize = 16;

/// Shows one article of the store
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArgs {
    /// Its id, the beginning of it, or a URL at which it was seen
    #[arg(value_name = "ID|URL")]
    article: String,
    /// How it is written
    #[arg(long, value_enum, default_value_t = ArticleFormat::Text)]
    format: ArticleFormat,
    /// This revision instead of the newest; the first is 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    revision: Option<u32>,
    /// The page as it was fetched, byte for byte (on a terminal without control characters)
    #[arg(long, conflicts_with_all = ["format", "revision"])]
    raw: bool,
    #[command(flatten)]
    store: StoreArgs,
}

/// Prints the article.
///
/// # Errors
/// The store cannot be opened, there is no such article or revision, or standard output cannot be written.
pub fn run(args: &ShowArgs) -> anyhow::Result<Exit> {
    let store = args.store.open_existing()?;
    let id = find(&store, &args.article)?;
    let mut out = Out::stdout();
    if args.raw {
        raw(&store, id, &mut out)?;
    } else {
        let text = article(args, &store, id, out.is_terminal())?;
        out.write_all(text.as_bytes()).context("standard output")?;
    }
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

fn article(args: &ShowArgs, store: &Store, id: ArticleId, for_person: bool) -> anyhow::Result<String> {
    let stored = match args.revision {
        Some(number) => store.revision(id, number)?.with_context(|| {
            format!("{id} has no revision {number} (`copydesk show {id} --format json` names its newest)")
        })?,
        None => store.get(id)?.with_context(|| format!("{id}: no such article"))?,
    };
    let kind = stored.article.kind;
    if kind != PageKind::Article {
        note(&format!(
            "{id}: {} (confidence {})",
            kind.describe(),
            stored.article.confidence
        ));
    }
    written(&stored.article, &stored, args.format, for_person)
}

fn raw(store: &Store, id: ArticleId, out: &mut Out) -> anyhow::Result<()> {
    let page = store
        .raw_page(id)?
        .with_context(|| format!("{id}: its page was not kept"))?;
    if out.is_terminal() {
        out.write_all(safe(&String::from_utf8_lossy(&page)).as_bytes())
    } else {
        out.write_all(&page)
    }
    .context("standard output")
}

/// The id behind an id, a prefix or a URL.
///
/// # Errors
/// Nothing or several have it, or the store cannot be read.
pub fn find(store: &Store, name: &str) -> anyhow::Result<ArticleId> {
    let is_prefix = (1..=ID_DIGITS).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_prefix {
        let not_seen = || format!("{name}: not in the store (`copydesk query` lists what is)");
        return store.id_of_url(name)?.with_context(not_seen);
    }
    let ids = store.ids_with_prefix(&name.to_ascii_lowercase(), NAMED_IDS + 1)?;
    match ids.as_slice() {
        [] => bail!("{name}: no article's id begins so (`copydesk query` lists them)"),
        [id] => Ok(*id),
        several => {
            let named: Vec<String> = several.iter().take(NAMED_IDS).map(ToString::to_string).collect();
            let more = if several.len() > NAMED_IDS { ", ..." } else { "" };
            bail!(
                "{name}: several ids begin so: {}{more}; give more digits",
                named.join(", ")
            )
        }
    }
}
