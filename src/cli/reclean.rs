//! `copydesk reclean`: the rules of today on the pages that the store has kept.

use std::fmt::Write as _;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use anyhow::Context;
use clap::Args;
use copydesk::article::ArticleId;
use copydesk::pipeline::Options;
use copydesk::pipeline::reclean::{
    Change, FieldChange, Kept, RecleanOptions, RecleanOutcome, Recleaned, reclean, store_recleaned,
};
use copydesk::render::json;
use copydesk::render::safe::safe_line;
use copydesk::store::{Store, StoreError};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;

use super::Exit;
use super::clean::contained;
use super::format::ReportFormat;
use super::ordered::ordered;
use super::setup::{StoreArgs, load_rules};
use super::table::{cut, short_id};
use super::terminal::{Out, note, warn};

const EXAMPLES: &str = "\
Examples:
  copydesk reclean --dry-run                              what today's rules would change, article by article
  copydesk reclean --site news.example                    change the articles of one site
  copydesk reclean --dry-run --selectors my-selectors/    what rules of one's own would change
  copydesk reclean --dry-run --format jsonl | jq -r 'select(.result == \"changed\") | .url'

What has another text or other fields becomes a new revision, marked as recleaned; `copydesk show ID --revision N` has the
earlier ones. An article stays as it is where its page is empty or no article by these rules, or would lose more than half.
A run that was interrupted has lost nothing: run it again.";

/// How many lines of a text's difference are shown in a table; JSON has all.
const LINES_SHOWN: usize = 6;
/// The width of a line where no terminal limits it, in columns.
const LINE_WIDTH: usize = 120;
/// After how many changed articles the store is made durable.
const FLUSH_EVERY: usize = 64;

/// Applies today's rules to the stored pages and shows what changes
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RecleanArgs {
    /// Only the articles of this site, as news.example
    #[arg(long, value_name = "DOMAIN")]
    site: Option<String>,
    /// Change nothing; show what would change
    #[arg(long)]
    dry_run: bool,
    /// Take also a text that is less than half as long as the stored one
    #[arg(long)]
    shorter: bool,
    /// Selector files that come on top of those in the program [default: `selectors` in copydesk.toml]
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// How many pages are worked on at once [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How the changes are printed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

/// How many articles came to which end.
#[derive(Debug, Default)]
struct Counts {
    changed: u64,
    same: u64,
    kept: u64,
    no_page: u64,
    failed: u64,
}

/// An article that changes, or is kept although its page gives something else.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: ArticleId,
    url: &'a str,
    result: &'static str,
    /// The number of the new revision, or of the current one where nothing is stored.
    revision: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    #[serde(flatten)]
    change: Option<Differences<'a>>,
}

#[derive(Debug, Serialize)]
struct Differences<'a> {
    words_added: usize,
    words_removed: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    lines: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    other_kinds: bool,
    #[serde(skip_serializing_if = "<[FieldChange]>::is_empty")]
    fields: &'a [FieldChange],
}

/// Cleans all pages again, stores what has changed, and prints a row for it.
///
/// # Errors
/// The rules are wrong, the store cannot be opened or written, or standard output cannot be written. An article that cannot be
/// read is said on standard error, and the others go on.
pub fn run(args: &RecleanArgs) -> anyhow::Result<Exit> {
    let config = args.store.load_config()?;
    let from_config = config.as_ref().and_then(|config| config.selectors.as_deref());
    let rules = load_rules(args.selectors.as_deref().or(from_config))?;
    let path = args.store.store_path(config.as_ref());
    let store = Store::open_existing(&path).context("cannot open the store (`copydesk crawl` fills it)")?;
    let options = RecleanOptions {
        options: Options {
            favor: config.map(|config| config.favor).unwrap_or_default(),
            ..Options::default()
        },
        shorter: args.shorter,
    };
    let workers = args.jobs.or_else(|| thread::available_parallelism().ok());
    let work = |id: Result<ArticleId, StoreError>| {
        let id = id?;
        contained(&id, || Ok(reclean(&store, id, rules, options)?))
    };
    let mut report = Report::new(args, &store);
    ordered(
        workers.map_or(1, NonZeroUsize::get),
        store.ids(args.site.as_deref())?,
        work,
        |result| report.add(result),
    )?;
    report.finish()
}

struct Report<'a> {
    args: &'a RecleanArgs,
    store: &'a Store,
    out: Out,
    format: ReportFormat,
    now: i64,
    counts: Counts,
    unflushed: usize,
    bar: ProgressBar,
}

impl<'a> Report<'a> {
    fn new(args: &'a RecleanArgs, store: &'a Store) -> Self {
        let out = Out::stdout();
        let bar = progress(out.is_terminal());
        Self {
            args,
            store,
            format: ReportFormat::or_fitting(args.format, out.is_terminal()),
            out,
            now: Timestamp::now().as_second(),
            counts: Counts::default(),
            unflushed: 0,
            bar,
        }
    }

    /// Stores and prints one article. Only what concerns the whole run is an error.
    fn add(&mut self, result: anyhow::Result<Option<Recleaned>>) -> anyhow::Result<()> {
        self.bar.inc(1);
        let mut recleaned = match result {
            Ok(Some(recleaned)) => recleaned,
            Ok(None) => return Ok(()),
            Err(error) => {
                warn(&error);
                self.counts.failed += 1;
                return Ok(());
            }
        };
        if !self.args.dry_run {
            store_recleaned(self.store, &mut recleaned, self.now)?;
        }
        match &recleaned.outcome {
            RecleanOutcome::Same => self.counts.same += 1,
            RecleanOutcome::NoPage => self.counts.no_page += 1,
            RecleanOutcome::Kept(_) => self.counts.kept += 1,
            RecleanOutcome::Changed(_) => {
                self.counts.changed += 1;
                self.unflushed += 1;
            }
        }
        if self.unflushed >= FLUSH_EVERY {
            self.store.flush()?;
            self.unflushed = 0;
        }
        self.print(&recleaned)
    }

    fn print(&mut self, recleaned: &Recleaned) -> anyhow::Result<()> {
        let text = match (&recleaned.outcome, self.format) {
            (RecleanOutcome::Same | RecleanOutcome::NoPage, _) => return Ok(()),
            (_, ReportFormat::Jsonl) => json::line(&row(recleaned))? + "\n",
            (RecleanOutcome::Kept(kept), ReportFormat::Table) => {
                format!("{}\n", cut(&kept_line(recleaned, kept), self.width()))
            }
            (RecleanOutcome::Changed(change), ReportFormat::Table) => {
                change_lines(recleaned, change, self.width())
            }
        };
        self.out.write_all(text.as_bytes()).context("standard output")
    }

    fn width(&self) -> usize {
        self.out.width.unwrap_or(LINE_WIDTH)
    }

    fn finish(self) -> anyhow::Result<Exit> {
        self.store.flush()?;
        self.bar.finish_and_clear();
        self.out.finish().context("standard output")?;
        let Counts {
            changed,
            same,
            kept,
            no_page,
            failed,
        } = self.counts;
        let verb = if self.args.dry_run {
            "would change"
        } else {
            "changed"
        };
        note(&format!(
            "{changed} {verb}, {same} the same, {kept} kept although their pages give something else, {no_page} without a \
             page, {failed} failed"
        ));
        Ok(Exit::of_counts(changed + same + kept + no_page, failed))
    }
}

/// A count on standard error; invisible where that is no terminal, and where rows on the same terminal would run into it.
fn progress(rows_on_terminal: bool) -> ProgressBar {
    if rows_on_terminal {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} articles, {elapsed}") {
        bar.set_style(style);
    }
    bar
}

fn row(recleaned: &Recleaned) -> Row<'_> {
    let (result, because, change) = match &recleaned.outcome {
        RecleanOutcome::Same => ("same", None, None),
        RecleanOutcome::NoPage => ("no_page", None, None),
        RecleanOutcome::Kept(kept) => ("kept", Some(kept.to_string()), None),
        RecleanOutcome::Changed(change) => ("changed", None, Some(change)),
    };
    Row {
        id: recleaned.id,
        url: &recleaned.url,
        result,
        revision: recleaned.revision,
        because,
        change: change.map(|change| Differences {
            words_added: change.words_added,
            words_removed: change.words_removed,
            lines: &change.lines,
            other_kinds: change.other_kinds,
            fields: &change.fields,
        }),
    }
}

fn kept_line(recleaned: &Recleaned, kept: &Kept) -> String {
    format!(
        "{} {}: kept, because {kept}",
        short_id(recleaned.id),
        recleaned.url
    )
}

/// What has changed in one line, then the lines of the text and the fields.
fn change_lines(recleaned: &Recleaned, change: &Change, width: usize) -> String {
    let head = format!(
        "{} +{} -{} words {}",
        short_id(recleaned.id),
        change.words_added,
        change.words_removed,
        recleaned.url
    );
    let mut text = cut(&head, width) + "\n";
    let mut add = |line: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {}", cut(line, width.saturating_sub(4)));
    };
    for field in &change.fields {
        add(&safe_line(&format!(
            "{}: {} -> {}",
            field.field, field.before, field.after
        )));
    }
    if change.other_kinds {
        add("the same lines, as blocks of other kinds");
    }
    change.lines.iter().take(LINES_SHOWN).for_each(|line| add(line));
    if change.lines.len() > LINES_SHOWN {
        add(&format!("and {} more lines", change.lines.len() - LINES_SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recleaned(outcome: RecleanOutcome) -> Recleaned {
        Recleaned {
            id: ArticleId(0x3f9a_0000_0000_000b),
            url: "https://news.example/b".to_owned(),
            revision: 2,
            outcome,
        }
    }

    #[test]
    fn a_kept_article_says_why() {
        let kept = recleaned(RecleanOutcome::Kept(Kept::Shorter(100, 7)));
        assert_eq!(
            json::line(&row(&kept)).unwrap(),
            "{\"id\":\"3f9a00000000000b\",\"url\":\"https://news.example/b\",\"result\":\"kept\",\"revision\":2,\
             \"because\":\"of 100 words only 7 would be left\"}"
        );
    }

    #[test]
    fn a_change_shows_its_first_lines_and_how_many_more_there_are() {
        let article = serde_json::from_str(
            r#"{"url": "https://news.example/b", "site": "news.example", "blocks": []}"#,
        );
        let change = Change {
            article: article.unwrap(),
            words_added: 1,
            words_removed: 9,
            lines: (0..9).map(|n| format!("-line {n}")).collect(),
            other_kinds: false,
            fields: Vec::new(),
        };
        let text = change_lines(&recleaned(RecleanOutcome::Same), &change, 40);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "3f9a0000 +1 -9 words https://news.examp…");
        assert_eq!((lines[1], lines.len()), ("    -line 0", 8));
        assert_eq!(lines[7], "    and 3 more lines");
    }
}
