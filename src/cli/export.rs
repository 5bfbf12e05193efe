//! `copydesk export`: articles out of the store, whole.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use copydesk::export::{self, ExportError, Exported};
use copydesk::store::{Store, StoreError, StoredArticle};

use super::Exit;
use super::exit::UsageError;
use super::selection::SelectionArgs;
use super::setup::StoreArgs;
use super::terminal::{note, warn};

const EXAMPLES: &str = "\
Examples:
  copydesk export > articles.jsonl
  copydesk export --since 2026-03-01 --out march.jsonl
  copydesk export --since-seq 1200                  what is new or changed since, with its seq
  copydesk export --format markdown --out notes/ --site news.example
  copydesk export --format parquet --out articles.parquet
  copydesk export --format csv --since 7d > week.csv
  copydesk export --format atom --site news.example --out feed.xml

A file is written beside its place and moved there when it is whole. The name of a Markdown file is made of
the article's first URL and its id, so that the next export writes the same files. Values in CSV are as the
pages gave them: have a spreadsheet load them as text, or one that begins with = + - @ may count as a formula.";

/// Writes articles of the store out, newest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    /// How they are written
    #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
    format: ExportFormat,
    /// The file, or for Markdown the directory [default: standard output; Markdown needs a directory]
    #[arg(long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Only articles whose text came after this number, in order of their numbers: the greatest `seq` of an earlier
    /// export, 0 for all
    #[arg(long, value_name = "N", conflicts_with_all = ["site", "since", "until"])]
    since_seq: Option<u64>,
    #[command(flatten)]
    store: StoreArgs,
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// One JSON object a line: the whole row, with all fields and blocks
    Jsonl,
    /// One file an article, with its fields in YAML at the top
    Markdown,
    /// Comma-separated values: fields and the text, one record an article
    Csv,
    /// A Parquet file, zstd-compressed, with lists and timestamps
    Parquet,
    /// An Atom feed of the first 500, with the articles as HTML
    Atom,
}

impl ExportFormat {
    /// Writes articles to one output; Markdown is one file an article and goes elsewhere.
    fn write(
        self,
        articles: impl Iterator<Item = StoredArticle>,
        out: &mut (impl Write + Send),
    ) -> Result<Exported, ExportError> {
        match self {
            Self::Jsonl | Self::Markdown => export::jsonl(articles, out),
            Self::Csv => export::csv(articles, out),
            Self::Parquet => export::parquet(articles, out),
            Self::Atom => export::atom(articles, out),
        }
    }
}

/// Exports what is asked for.
///
/// # Errors
/// The store cannot be opened or the output cannot be written. A damaged article is said on standard error, and
/// the others go on.
pub fn run(args: &ExportArgs) -> anyhow::Result<Exit> {
    let to_stdout = args.out.is_none() || args.out.as_deref() == Some(Path::new("-"));
    if args.format == ExportFormat::Markdown && to_stdout {
        return Err(
            UsageError("Markdown is one file an article: say where with --out DIR".to_owned()).into(),
        );
    }
    if args.format == ExportFormat::Parquet && to_stdout && io::stdout().is_terminal() {
        return Err(UsageError("Parquet is not for a terminal: say where with --out FILE".to_owned()).into());
    }
    let store = args.store.open_existing()?;
    let mut failed = 0;
    let mut readable = asked_for(&store, args)?.filter_map(|row| {
        let complain = |error: StoreError| {
            failed += 1;
            warn(&error.into());
        };
        row.map_err(complain).ok()
    });
    let exported = match (args.format, args.out.as_deref().filter(|_| !to_stdout)) {
        (ExportFormat::Markdown, Some(dir)) => export::markdown(&mut readable, dir)?,
        (format, Some(file)) => export::whole_file(file, |out| format.write(&mut readable, out))?,
        (format, None) => {
            // The Parquet writer wants what could go to another thread; the lock of standard output could not.
            let mut out = BufWriter::new(io::stdout());
            let exported = format.write(&mut readable, &mut out)?;
            out.flush()?;
            exported
        }
    };
    drop(readable);
    if let Some(path) = args.out.as_deref().filter(|_| !to_stdout) {
        let Exported { articles } = exported;
        note(&format!("{articles} articles written to {}", path.display()));
    }
    Ok(Exit::of_counts(exported.articles, failed))
}

type Rows<'a> = Box<dyn Iterator<Item = Result<StoredArticle, StoreError>> + 'a>;

fn asked_for<'a>(store: &'a Store, args: &ExportArgs) -> Result<Rows<'a>, StoreError> {
    let Some(seq) = args.since_seq else {
        return Ok(store.query(&args.selection.query()));
    };
    let rows = store.since_seq(seq)?.filter_map(|numbered| {
        let numbered = numbered.and_then(|(seq, id)| Ok((seq, store.get(id)?)));
        let with_seq = |(seq, stored): (u64, Option<StoredArticle>)| {
            let seq = Some(seq);
            stored.map(|stored| StoredArticle { seq, ..stored })
        };
        numbered.map(with_seq).transpose()
    });
    Ok(Box::new(rows))
}
