//! `copydesk selectors doctor`: which rules have stopped working.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use copydesk::article::Confidence;
use copydesk::pipeline::doctor::{ENOUGH_PAGES, Repair, Trouble, examine, propose};
use copydesk::pipeline::site_test::{self, SOURCE};
use copydesk::render::json;
use copydesk::render::safe::{safe, safe_line};
use copydesk::rules::{Rules, SiteRules};
use copydesk::store::{RuleSite, Store};
use serde::Serialize;

use crate::cli::Exit;
use crate::cli::format::ReportFormat;
use crate::cli::setup::{StoreArgs, load_rules};
use crate::cli::terminal::{Out, note, warn};

use super::new::{SITES, refuse_to_overwrite, write, write_pages};
use super::test::FIXTURES;

const EXAMPLES: &str = "\
Examples:
  copydesk selectors doctor                     all sites whose pages were crawled
  copydesk selectors doctor news.example        one of them
  copydesk selectors doctor --propose           a repaired file of each, learned from the stored pages, as a diff
  copydesk selectors doctor news.example --propose --out mended/
  copydesk selectors doctor --format jsonl | jq -r .site | sort -u

Every crawl counts how the selector file of a site fits its pages: which layout, which rules match, how long the bodies are, which
fields are found, and how far the general cleaner agrees. The doctor compares the last days with those before. It speaks from eight
pages on, before and after, and exits with 1 where something has stopped working. A proposal keeps the layouts of the present file
below the new ones, since old pages are still there; read it before you keep it.";

/// Names the sites whose rules have stopped working, since when, and on which pages
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArgs {
    /// Only this site, as news.example
    #[arg(value_name = "SITE")]
    site: Option<String>,
    /// Learn a repaired file from the stored pages since, and show it as a diff
    #[arg(long)]
    propose: bool,
    /// Writes the repaired files below sites/ in this directory, with the pages of their new tests
    #[arg(long, value_name = "DIR", requires = "propose")]
    out: Option<PathBuf>,
    /// Selector files that come on top of those in the program [default: `selectors` in copydesk.toml]
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// How the troubles are printed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    trouble: &'a Trouble,
    what: String,
}

/// Prints a row a trouble; with one, the exit code says that something failed.
///
/// # Errors
/// The rules are wrong, the store cannot be opened or read, no page of the site was ever counted, or standard output cannot be
/// written.
pub fn run(args: &DoctorArgs) -> anyhow::Result<Exit> {
    let config = args.store.load_config()?;
    let from_config = config.as_ref().and_then(|config| config.selectors.as_deref());
    let rules = load_rules(args.selectors.as_deref().or(from_config))?;
    let path = args.store.store_path(config.as_ref());
    let store = Store::open_existing(&path).context("cannot open the store (`copydesk crawl` fills it)")?;
    let sites = sites(&store, args.site.as_deref())?;
    let mut out = Out::stdout();
    let format = ReportFormat::or_fitting(args.format, out.is_terminal());
    let (mut ill, mut unknown) = (0, 0);
    for site in &sites {
        let (troubles, is_enough) = diagnose(&store, site, rules)?;
        ill += usize::from(!troubles.is_empty());
        unknown += usize::from(!is_enough);
        for trouble in &troubles {
            let text = match format {
                ReportFormat::Table => table_lines(trouble),
                ReportFormat::Jsonl => {
                    let what = trouble.what();
                    json::line(&Row { trouble, what })? + "\n"
                }
            };
            out.write_all(text.as_bytes()).context("standard output")?;
        }
        if args.propose && !troubles.is_empty() {
            match propose(&store, &troubles, rules) {
                Ok(repair) => {
                    let text = repair_text(&repair, format)?;
                    out.write_all(text.as_bytes()).context("standard output")?;
                    keep(args, &repair, rules)?;
                }
                // The others may still be helped.
                Err(error) => warn(&anyhow!(error).context(format!("{}: no proposal", site.site))),
            }
        }
    }
    out.finish().context("standard output")?;
    note(&format!(
        "{} selector files with crawled pages, {ill} in trouble, {unknown} with too few pages to tell",
        sites.len()
    ));
    Ok(if ill == 0 { Exit::AllWell } else { Exit::SomeFailed })
}

/// The troubles of a site, and whether there are pages enough to tell.
fn diagnose(store: &Store, site: &RuleSite, rules: &Rules) -> anyhow::Result<(Vec<Trouble>, bool)> {
    let days = store.rule_days(site)?;
    let pages: u32 = days.iter().map(|(_, counts)| counts.pages()).sum();
    let is_enough = f64::from(pages) >= 2.0 * ENOUGH_PAGES;
    Ok((examine(site, &days, rules), is_enough))
}

fn sites(store: &Store, wanted: Option<&str>) -> anyhow::Result<Vec<RuleSite>> {
    let mut sites = store.rule_sites()?;
    if let Some(wanted) = wanted {
        let host = wanted.trim_end_matches('.').to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        sites.retain(|known| {
            let above = host.strip_suffix(known.site.as_str());
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        });
        if sites.is_empty() {
            return Err(anyhow!(
                "{wanted}: no crawl has counted pages of this site by a selector file"
            ));
        }
    }
    Ok(sites)
}

fn table_lines(trouble: &Trouble) -> String {
    let mut text = safe_line(&format!("{}: {}", trouble.site, trouble.what()));
    let place = format!("{}:{}", trouble.file, trouble.line);
    let since = format!("since {}: {}", trouble.since, trouble.numbers());
    for line in [place, since].iter().chain(&trouble.pages) {
        text += "\n    ";
        text += &safe_line(line);
    }
    text + "\n"
}

/// A repaired file as it is printed.
#[derive(Serialize)]
struct RepairRow<'a> {
    proposed: &'a str,
    present: &'a str,
    layouts: &'a [String],
    confidence: Confidence,
    pages: usize,
    fitting: usize,
    text: &'a str,
    diff: &'a [String],
}

fn repair_text(repair: &Repair, format: ReportFormat) -> anyhow::Result<String> {
    if format == ReportFormat::Jsonl {
        let row = RepairRow {
            proposed: &repair.name,
            present: &repair.file,
            layouts: &repair.layouts,
            confidence: repair.proposal.confidence,
            pages: repair.pages,
            fitting: repair.fitting,
            text: &repair.text,
            diff: &repair.diff,
        };
        return Ok(json::line(&row)? + "\n");
    }
    let head = format!(
        "proposed: layout `{}`, which fits {} of the {} pages it was learned from; sure by {}",
        repair.layouts.join("`, `"),
        repair.fitting,
        repair.pages,
        repair.proposal.confidence
    );
    let names = [
        format!("--- {}", repair.file),
        format!("+++ proposed {}", repair.name),
    ];
    let lines = [head].into_iter().chain(names).chain(repair.diff.iter().cloned());
    let lines: Vec<String> = lines.map(|line| safe(&line).into_owned()).collect();
    Ok(lines.join("\n") + "\n")
}

/// Writes a repaired file and the pages of its tests, and says what to look at.
fn keep(args: &DoctorArgs, repair: &Repair, rules: &Rules) -> anyhow::Result<()> {
    for warning in &repair.proposal.warnings {
        note(warning);
    }
    let Some(dir) = &args.out else { return Ok(()) };
    let path = dir.join(&repair.name);
    refuse_to_overwrite(&path)?;
    write_pages(dir, &repair.fixtures)?;
    if let Some(present) = rules.files().iter().find(|file| file.file == repair.file) {
        copy_pages(dir, present)?;
    }
    write(&path, &repair.tested)?;
    note(&format!("written to {}", path.display()));
    Ok(())
}

/// Takes the pages of the present tests along, where they are.
fn copy_pages(dir: &Path, present: &SiteRules) -> anyhow::Result<()> {
    for test in &present.tests {
        let from = site_test::folder(present, test, Path::new(FIXTURES)).join(SOURCE);
        let to = dir.join(SITES).join(&test.page).join(SOURCE);
        if from.is_file() && !to.exists() {
            let page = fs::read_to_string(&from).with_context(|| from.display().to_string())?;
            write(&to, &page)?;
        }
    }
    Ok(())
}
