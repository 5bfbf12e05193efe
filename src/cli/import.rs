//! `copydesk import`: articles of an export into the store.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use copydesk::store::{Imported, Store, StoreError, StoredArticle};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::Exit;
use super::lines::{Line, next_line};
use super::setup::StoreArgs;
use super::terminal::{note, warn};

const EXAMPLES: &str = "\
Examples:
  copydesk import articles.jsonl
  copydesk export --store old.sled | copydesk import --store new.sled -

Read is what `copydesk export` writes as JSON lines: each article with its fields, times, sightings and the number of its
revision. Not in an export and so not carried over: earlier revisions, raw pages, and the numbers of `--since-seq`. A line that
is no article is named by its number, and the others go on. What the store has already is left as it is: import again at will.";

/// The longest line, in bytes: an article of 64 MiB, the most that the store takes, and its sightings.
const MAX_LINE: u64 = 96 << 20;

/// How many bad lines are said one by one; the rest is counted.
const BAD_LINES_SAID: u64 = 20;

/// After how many lines the progress is drawn again.
const PROGRESS_EVERY: u64 = 64;

/// Reads articles of an export (JSON lines) into the store, which is created if need be
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// The export; - for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

/// How many articles came to which end.
#[derive(Debug, Default)]
struct Counts {
    new: u64,
    revisions: u64,
    duplicates: u64,
    kept: u64,
    bad: u64,
}

/// Imports what can be read, and says how much that was.
///
/// # Errors
/// The file cannot be opened, or the store cannot be opened or written. What was imported before that is kept.
pub fn run(args: &ImportArgs) -> anyhow::Result<Exit> {
    let input: Box<dyn Read> = if args.file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let named = || args.file.display().to_string();
        Box::new(File::open(&args.file).with_context(named)?)
    };
    let store = Store::open(&args.store.place()?)?;
    let mut counts = Counts::default();
    let imported = import_all(&store, BufReader::new(input), &mut counts);
    let durable = store.flush();
    report(&counts);
    imported?;
    durable?;
    Ok(Exit::of_counts(counts.done(), counts.bad))
}

fn import_all(store: &Store, mut reader: impl BufRead, counts: &mut Counts) -> anyhow::Result<()> {
    let progress = progress();
    for number in 1_u64.. {
        let line = match next_line(&mut reader, MAX_LINE) {
            Ok(Line::End) => break,
            Ok(Line::Whole(line)) => line,
            Ok(Line::TooLong) => {
                progress.suspend(|| counts.bad_line(number, &anyhow!("longer than {MAX_LINE} bytes")));
                continue;
            }
            Err(error) => return Err(error).with_context(|| format!("line {number}: cannot be read")),
        };
        if line.trim_ascii().is_empty() {
            continue;
        }
        let outcome = match serde_json::from_slice::<StoredArticle>(&line) {
            Ok(stored) => store.import(&stored),
            Err(error) => {
                progress.suspend(|| counts.bad_line(number, &anyhow!("no article of an export: {error}")));
                continue;
            }
        };
        match outcome {
            Ok(imported) => counts.note(imported),
            Err(error @ (StoreError::Url { .. } | StoreError::TooLarge { .. })) => {
                progress.suspend(|| counts.bad_line(number, &error.into()));
            }
            Err(error) => return Err(error).with_context(|| format!("line {number}")),
        }
        if number.is_multiple_of(PROGRESS_EVERY) {
            progress.set_position(number);
        }
    }
    progress.finish_and_clear();
    Ok(())
}

impl Counts {
    fn note(&mut self, imported: Imported) {
        let count = match imported {
            Imported::New(_) => &mut self.new,
            Imported::Revision(..) => &mut self.revisions,
            Imported::Duplicate(_) => &mut self.duplicates,
            Imported::Kept(_) => &mut self.kept,
        };
        *count += 1;
    }

    fn done(&self) -> u64 {
        self.new + self.revisions + self.duplicates + self.kept
    }

    fn bad_line(&mut self, number: u64, error: &anyhow::Error) {
        self.bad += 1;
        if self.bad <= BAD_LINES_SAID {
            warn(&anyhow!("line {number}: {error}"));
        }
    }
}

fn report(counts: &Counts) {
    if counts.bad > BAD_LINES_SAID {
        note(&format!("and {} more bad lines", counts.bad - BAD_LINES_SAID));
    }
    let parts = [
        (counts.new, "new"),
        (counts.revisions, "as revisions"),
        (
            counts.duplicates,
            "of a text that the store has under another URL",
        ),
        (counts.kept, "that the store had"),
        (counts.bad, "lines bad"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, what)| *count > 0 || *what == "new")
        .map(|(count, what)| format!("{} {what}", HumanCount(*count)))
        .collect();
    note(&format!("imported: {}", said.join(", ")));
}

fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} lines, {per_sec}");
    style.map_or_else(
        |_| ProgressBar::hidden(),
        |style| ProgressBar::new_spinner().with_style(style),
    )
}
