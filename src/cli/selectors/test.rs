//! `copydesk selectors test`: the tests beside the rules, on saved pages or on those of today.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::Args;
use copydesk::pipeline::site_test::{self, TestResult};
use copydesk::render::json;
use copydesk::render::safe::safe_line;
use copydesk::rules::{Rules, SiteRules, SiteTest};
use serde::Serialize;
use url::Url;

use crate::cli::Exit;
use crate::cli::clean::contained;
use crate::cli::exit::UsageError;
use crate::cli::inputs::{Input, Reader};
use crate::cli::ordered::ordered;
use crate::cli::setup::load_rules;
use crate::cli::terminal::{Out, note};

/// Where the pages of the files in the program are, unless `--fixtures` says otherwise.
pub(super) const FIXTURES: &str = "fixtures/pages";

/// Runs the tests in the files of sites and publishing systems
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only those of this host, as news.example
    #[arg(value_name = "SITE")]
    site: Option<String>,
    /// Fetch the pages as they are today, instead of reading the saved ones
    #[arg(long)]
    live: bool,
    /// Selector files that come on top of those in the program; their pages stand beside them
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// The pages of the files in the program
    #[arg(long, value_name = "DIR", default_value = FIXTURES)]
    fixtures: PathBuf,
    /// A host that may be fetched from although its address is private (may be given more than once)
    #[arg(long, value_name = "HOST", requires = "live")]
    allow_private: Vec<String>,
}

/// A test and the file that it stands in.
#[derive(Clone, Copy)]
struct Case<'r> {
    file: &'r SiteRules,
    test: &'r SiteTest,
}

/// A test's row in the report.
#[derive(Debug, Serialize)]
struct Row<'r> {
    ok: bool,
    file: &'r str,
    line: u32,
    page: String,
    layout: Option<String>,
    mistakes: Vec<String>,
}

/// Prints a report: a table on a terminal, JSON lines otherwise.
///
/// # Errors
/// There is no file for the site, a selector file is wrong, or standard output cannot be written. A test that fails is part of the
/// report and of the exit code.
pub fn run(args: &TestArgs) -> anyhow::Result<Exit> {
    let rules = load_rules(args.selectors.as_deref())?;
    let cases = cases(args, rules)?;
    let inputs: Vec<Input> = cases
        .iter()
        .filter_map(|case| Some(Input::Web(case.test.url.clone()?)))
        .filter(|_| args.live)
        .collect();
    let reader = Reader::new(&inputs, false, &args.allow_private)?;
    let mut out = Out::stdout();
    let (mut passed, mut failed) = (0, 0);
    let one = |case| row(args, case, &reader, rules);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    ordered(workers, cases.into_iter(), one, |row: Row<'_>| {
        let count = if row.ok { &mut passed } else { &mut failed };
        *count += 1;
        let text = if out.is_terminal() {
            table_lines(&row)
        } else {
            json::line(&row)? + "\n"
        };
        write!(out, "{text}").context("standard output")
    })?;
    out.finish().context("standard output")?;
    note(&format!("{} tests, {failed} failed", passed + failed));
    Ok(Exit::of_counts(passed, failed))
}

/// The tests to run.
fn cases<'r>(args: &TestArgs, rules: &'r Rules) -> anyhow::Result<Vec<Case<'r>>> {
    let mut files: Vec<&SiteRules> = rules.files().iter().collect();
    if let Some(site) = &args.site {
        let url = Url::parse(&format!("https://{site}/"))
            .map_err(|_| UsageError(format!("{site}: no host, as news.example")))?;
        let host = url.host_str().unwrap_or_default();
        files.retain(|file| file.hosts.iter().any(|own| own == host));
        if files.is_empty() {
            return Err(anyhow!("{site}: no selector file names this host"));
        }
    }
    if args.live {
        files.retain(|file| !file.is_builtin);
        if files.is_empty() {
            return Err(anyhow!(
                "the pages of the program's own files are invented, there is nothing to fetch: name your files with --selectors"
            ));
        }
    }
    if !args.live && !args.fixtures.is_dir() {
        let before = files.len();
        files.retain(|file| !file.is_builtin);
        if files.len() < before {
            let fixtures = args.fixtures.display();
            note(&format!(
                "{fixtures}: not there, so the program's own files are not tested"
            ));
        }
    }
    let of_file = |file: &'r SiteRules| file.tests.iter().map(move |test| Case { file, test });
    let is_wanted = |case: &Case<'_>| !args.live || case.test.url.is_some();
    Ok(files.into_iter().flat_map(of_file).filter(is_wanted).collect())
}

fn row<'r>(args: &TestArgs, Case { file, test }: Case<'r>, reader: &Reader, rules: &Rules) -> Row<'r> {
    let live = test.url.clone().filter(|_| args.live);
    let name = live.as_ref().map_or_else(|| test.page.clone(), Url::to_string);
    let result = contained(&name, || {
        let page = if let Some(url) = live {
            reader.read(&Input::Web(url))?
        } else {
            let folder = site_test::folder(file, test, &args.fixtures);
            site_test::saved_page(file, test, &folder).map_err(anyhow::Error::msg)?
        };
        Ok(site_test::run(&page, test, rules))
    });
    let TestResult { layout, mistakes } = result.unwrap_or_else(|error| TestResult {
        layout: None,
        mistakes: vec![error.to_string()],
    });
    Row {
        ok: mistakes.is_empty(),
        file: &file.file,
        line: test.line,
        page: name,
        layout,
        mistakes,
    }
}

fn table_lines(row: &Row<'_>) -> String {
    let verdict = if row.ok { "ok    " } else { "failed" };
    let layout = row.layout.as_deref().unwrap_or("-");
    let line = format!("{}  {layout}  {}:{}", row.page, row.file, row.line);
    let mut lines = format!("{verdict}  {}\n", safe_line(&line));
    for mistake in &row.mistakes {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "        {}", safe_line(mistake));
    }
    lines
}
