//! `copydesk sources`: the sources of the configuration, to and from OPML.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use copydesk::config::{Config, NewSource, Origin, Place, UnusedNames};
use copydesk::pipeline::sources::{feeds_of_opml, opml_of};

use super::Exit;
use super::setup::StoreArgs;
use super::terminal::{Out, note};

/// The largest OPML file, in bytes; 50,000 feeds have about 10 MB.
const MAX_OPML: u64 = 32 * 1024 * 1024;

const EXAMPLES: &str = "\
Examples:
  copydesk sources import-opml feeds.opml          its feeds, as they stand in copydesk.toml
  copydesk sources import-opml feeds.opml --add    into copydesk.toml, those that are not there yet
  copydesk sources export-opml > feeds.opml        the feeds of copydesk.toml, for a reader";

/// Takes the sources of a crawl from, and gives them to, other programs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SourcesArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The feeds of an OPML file as sources
    ImportOpml {
        /// The file, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Write them into the configuration
        #[arg(long)]
        add: bool,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// The feeds of the configuration as an OPML file
    ExportOpml {
        #[command(flatten)]
        store: StoreArgs,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// A file cannot be read, is wrong, or cannot be written.
pub fn run(args: &SourcesArgs) -> anyhow::Result<Exit> {
    match &args.command {
        Command::ImportOpml { file, add, store } => import(file, *add, store),
        Command::ExportOpml { store } => export(store),
    }
}

fn import(file: &PathBuf, to_add: bool, store: &StoreArgs) -> anyhow::Result<Exit> {
    let name = file.display().to_string();
    let text = read(file).with_context(|| name.clone())?;
    let feeds = feeds_of_opml(&text, &name)?;
    let config = store.load_config()?;
    let mut names = UnusedNames::beside(config.as_ref());
    let known = listed_places(config.as_ref());
    let all = feeds.len();
    let new: Vec<NewSource> = feeds
        .into_iter()
        .filter(|feed| !known.contains(feed.url.as_str()))
        .map(|feed| NewSource {
            name: names.take(feed.title.as_deref().or(feed.url.host_str()).unwrap_or_default()),
            key: "feed",
            url: feed.url.to_string(),
        })
        .collect();
    if new.len() < all {
        note(&format!("{} of {all} feeds are sources already", all - new.len()));
    }
    if to_add {
        add(store, &new)?;
        return Ok(Exit::AllWell);
    }
    let entries: Vec<String> = new.iter().map(NewSource::to_toml).collect();
    print(&entries.join("\n"))
}

fn read(file: &PathBuf) -> io::Result<String> {
    let mut bytes = Vec::new();
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(file)?)
    };
    input.take(MAX_OPML + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_OPML {
        return Err(io::Error::other("larger than 32 MiB"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn export(store: &StoreArgs) -> anyhow::Result<Exit> {
    let Some(config) = store.load_config()? else {
        bail!("no copydesk.toml here: name one with --config");
    };
    print(&opml_of(&config)?)
}

fn print(text: &str) -> anyhow::Result<Exit> {
    let mut out = Out::stdout();
    out.write_all(text.as_bytes()).context("standard output")?;
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

/// The URLs at which the sources of a configuration list their articles.
pub fn listed_places(config: Option<&Config>) -> HashSet<String> {
    let sources = config.iter().flat_map(|config| &config.sources);
    let places = sources.filter_map(|source| match &source.origin {
        Origin::Feed(Place::Web(url))
        | Origin::Sitemap(Place::Web(url))
        | Origin::Section(Place::Web(url)) => Some(url.to_string()),
        _ => None,
    });
    places.collect()
}

/// Writes sources at the end of the configuration, or into a new one. What stands there stays as it is.
///
/// # Errors
/// The file would not be a configuration, or cannot be written.
pub fn add(store: &StoreArgs, sources: &[NewSource]) -> anyhow::Result<()> {
    let path = store.config_path();
    if sources.is_empty() {
        note(&format!("{}: nothing to add", path.display()));
        return Ok(());
    }
    let before = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let mut text = String::new();
    if !before.is_empty() {
        text += if before.ends_with('\n') { "\n" } else { "\n\n" };
    }
    let entries: Vec<String> = sources.iter().map(NewSource::to_toml).collect();
    text += &entries.join("\n");
    Config::parse(&(before + &text), &path)?;
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes())
        .with_context(|| path.display().to_string())?;
    for source in sources {
        note(&format!(
            "{}: added {} ({} {})",
            path.display(),
            source.name,
            source.key,
            source.url
        ));
    }
    Ok(())
}
