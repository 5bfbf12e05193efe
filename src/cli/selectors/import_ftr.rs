//! `copydesk selectors import-ftr`: Full-Text RSS site configs to site files.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use copydesk::ftr::{Bodies, Counts, Import, Line, Outcome, import, text_of};
use copydesk::render::json;
use serde::Serialize;

use crate::cli::Exit;
use crate::cli::format::ReportFormat;
use crate::cli::table::cut;
use crate::cli::terminal::{Out, note, warn};

/// A config is at most so many bytes; the longest in use have some 20 KB.
const MAX_FILE: u64 = 1 << 20;
/// Begins every written file, so that one that somebody has edited into a file of their own is not overwritten.
const HEADER: &str = "# Translated from a Full-Text RSS config.\n";
/// The widest that a line of the table may be where no terminal limits it, in columns.
const TABLE_WIDTH: usize = 160;

const EXAMPLES: &str = "\
Examples:
  copydesk selectors import-ftr news.example.txt                      the site file, on standard output
  copydesk selectors import-ftr configs/ --out my-selectors           my-selectors/sites/<host>.toml for each
  copydesk selectors import-ftr configs/ --format table               what can be translated and what not, nothing written
  copydesk clean page.html --selectors my-selectors

A line that could not be translated is listed with the reason, here and as a comment of the written file.";

/// Translates Full-Text RSS site configs into site files
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// A config, named <host>.txt, or a directory of them
    #[arg(value_name = "DIR|FILE")]
    input: PathBuf,
    /// Where the site files go, as DIR/sites/<host>.toml
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What the bodies of the configs become
    #[arg(long, value_enum, default_value_t)]
    bodies: BodiesArg,
    /// How the report is printed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
}

/// `--bodies`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum BodiesArg {
    /// Comments: the general rules find the story, mostly better than a config that keeps all that is in its body
    #[default]
    Comment,
    /// Rules that keep all that is in them
    Rule,
}

impl From<BodiesArg> for Bodies {
    fn from(arg: BodiesArg) -> Self {
        match arg {
            BodiesArg::Comment => Self::Comments,
            BodiesArg::Rule => Self::Rules,
        }
    }
}

/// Translates and reports. One file without `--out` or `--format` is printed.
///
/// # Errors
/// There is no config, or output cannot be written. A config that fails is said on standard error, and the others go on.
pub fn run(args: &ImportArgs) -> anyhow::Result<Exit> {
    let is_dir = args.input.is_dir();
    if !is_dir && args.out.is_none() && args.format.is_none() {
        return print_one(&args.input, args.bodies.into());
    }
    let files = if is_dir {
        configs(&args.input)?
    } else {
        vec![args.input.clone()]
    };
    let mut out = Out::stdout();
    let format = ReportFormat::or_fitting(args.format, out.is_terminal());
    let mut report = Report {
        width: out.width.unwrap_or(TABLE_WIDTH),
        format,
        summary: Summary::default(),
    };
    let mut served: HashMap<String, PathBuf> = HashMap::new();
    for file in &files {
        match one(file, args, &mut served) {
            Ok((imported, written)) => {
                let text = report.file(file, &imported, written.as_deref())?;
                out.write_all(text.as_bytes()).context("standard output")?;
            }
            Err(error) => {
                report.summary.failed += 1;
                warn(&error);
            }
        }
    }
    out.write_all(report.end()?.as_bytes())
        .context("standard output")?;
    out.finish().context("standard output")?;
    Ok(Exit::of_counts(report.summary.files, report.summary.failed))
}

fn print_one(file: &Path, bodies: Bodies) -> anyhow::Result<Exit> {
    let imported = read(file, bodies)?;
    let mut out = Out::stdout();
    out.write_all(imported.toml.as_bytes())
        .context("standard output")?;
    out.finish().context("standard output")?;
    let counts = imported.counts();
    note(&format!(
        "{}: {} of {} rules translated",
        imported.host,
        counts.translated(),
        counts.all()
    ));
    Ok(Exit::AllWell)
}

/// The configs of a directory; those of a host itself before those of its subdomains, which have a dot in front.
fn configs(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry.with_context(|| dir.display().to_string())?.path();
        if path.extension().is_some_and(|extension| extension == "txt") && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("{}: no config in this directory (looked for .txt)", dir.display());
    }
    let is_wildcard = |path: &PathBuf| name(path).starts_with('.');
    files.sort_by_cached_key(|path| (is_wildcard(path), path.clone()));
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(file: &Path, bodies: Bodies) -> anyhow::Result<Import> {
    let named = || file.display().to_string();
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).with_context(named)?;
    opened
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .with_context(named)?;
    if bytes.len() as u64 > MAX_FILE {
        bail!("{}: larger than {MAX_FILE} bytes", file.display());
    }
    import(&name(file), &text_of(&bytes), bodies).map_err(anyhow::Error::msg)
}

fn one(
    file: &Path,
    args: &ImportArgs,
    served: &mut HashMap<String, PathBuf>,
) -> anyhow::Result<(Import, Option<PathBuf>)> {
    let imported = read(file, args.bodies.into())?;
    if let Some(other) = served.get(&imported.host) {
        bail!(
            "{}: {} has the site file of {} already",
            file.display(),
            imported.host,
            other.display()
        );
    }
    served.insert(imported.host.clone(), file.to_owned());
    let Some(dir) = &args.out else {
        return Ok((imported, None));
    };
    let sites = dir.join("sites");
    fs::create_dir_all(&sites).with_context(|| sites.display().to_string())?;
    let path = sites.join(format!("{}.toml", imported.host));
    if fs::read_to_string(&path).is_ok_and(|old| !old.starts_with(HEADER)) {
        bail!(
            "{}: is there and was not written by an import; left as it is",
            path.display()
        );
    }
    fs::write(&path, &imported.toml).with_context(|| path.display().to_string())?;
    Ok((imported, Some(path)))
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    files: u64,
    failed: u64,
    /// Files of which every rule was translated.
    whole_files: u64,
    rules: u64,
    translated: u64,
    same: u64,
    nearly: u64,
    needless: u64,
    untranslated: u64,
}

#[derive(Serialize)]
struct FileRow<'a> {
    file: String,
    host: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<String>,
    rules: u64,
    translated: u64,
    lines: Vec<LineRow<'a>>,
}

#[derive(Serialize)]
struct LineRow<'a> {
    line: u32,
    text: &'a str,
    outcome: &'static str,
    why: &'a str,
    is_rule: bool,
}

impl<'a> LineRow<'a> {
    /// Of a line about which there is something to say.
    fn of(line: &'a Line) -> Option<Self> {
        let (outcome, why) = match &line.outcome {
            Outcome::Same | Outcome::Needless(_) => return None,
            Outcome::Nearly(how) => ("nearly", how),
            Outcome::Untranslated(why) => ("untranslated", why),
        };
        Some(Self {
            line: line.number,
            text: &line.text,
            outcome,
            why,
            is_rule: line.is_rule,
        })
    }
}

struct Report {
    width: usize,
    format: ReportFormat,
    summary: Summary,
}

impl Report {
    fn file(&mut self, file: &Path, imported: &Import, written: Option<&Path>) -> anyhow::Result<String> {
        let counts = imported.counts();
        self.count(counts);
        let lines: Vec<LineRow<'_>> = imported.lines.iter().filter_map(LineRow::of).collect();
        if self.format == ReportFormat::Jsonl {
            let row = FileRow {
                file: file.display().to_string(),
                host: &imported.host,
                written: written.map(|path| path.display().to_string()),
                rules: counts.all(),
                translated: counts.translated(),
                lines,
            };
            return Ok(json::line(&row)? + "\n");
        }
        let mut text = format!(
            "{}: {} of {} rules translated\n",
            imported.host,
            counts.translated(),
            counts.all()
        );
        for line in lines {
            let line = format!("  {}: {} {}: {}", line.line, line.outcome, line.text, line.why);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", cut(&line, self.width));
        }
        Ok(text)
    }

    fn count(&mut self, counts: Counts) {
        let summary = &mut self.summary;
        summary.files += 1;
        summary.whole_files += u64::from(counts.untranslated == 0);
        summary.rules += counts.all();
        summary.translated += counts.translated();
        summary.same += counts.same;
        summary.nearly += counts.nearly;
        summary.needless += counts.needless;
        summary.untranslated += counts.untranslated;
    }

    fn end(&self) -> anyhow::Result<String> {
        let s = &self.summary;
        if self.format == ReportFormat::Jsonl {
            return Ok(json::line(s)? + "\n");
        }
        Ok(format!(
            "{} files, {} of them whole, {} failed; {} of {} rules translated ({} nearly, {} needless)\n",
            s.files, s.whole_files, s.failed, s.translated, s.rules, s.nearly, s.needless
        ))
    }
}
