//! `copydesk selectors new`: a site's file, learned from a few of its pages.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use copydesk::fetch::Page;
use copydesk::fixture::Fixture;
use copydesk::learn::{LearnedPage, MIN_PAGES, Proposal};
use copydesk::pipeline;
use copydesk::pipeline::site_test::SOURCE;
use copydesk::render::safe::safe_line;
use copydesk::rules::Rules;
use url::Url;

use crate::cli::Exit;
use crate::cli::exit::UsageError;
use crate::cli::inputs::{Input, Reader, expand};
use crate::cli::setup::load_rules;
use crate::cli::terminal::{Out, note};

/// The folder of site files in a directory of selectors.
pub(super) const SITES: &str = "sites";

const EXAMPLES: &str = "\
Examples:
  copydesk selectors new https://news.example/a https://news.example/b https://news.example/c
  copydesk selectors new saved/ --url https://news.example/ --out my-selectors/
  copydesk selectors test news.example --selectors my-selectors/

Stories of different days and desks teach most. Read what comes out before you keep it.";

/// Learns the selector file of a site from two or more of its pages
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NewArgs {
    /// Stories of one site: URLs, files, or directories of files
    #[arg(value_name = "URL|FILE", required = true)]
    pages: Vec<String>,
    /// The site of saved pages that do not say where they were published
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// Writes sites/HOST.toml in this directory, and the pages of its tests beside it [default: the file on standard output]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Writes the pages of the tests, their words replaced, below sites/ in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    fixtures: Option<PathBuf>,
    /// Selector files that come on top of those in the program; a file for the site itself takes no part
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// A host that may be fetched from although its address is private (may be given more than once)
    #[arg(long, value_name = "HOST")]
    allow_private: Vec<String>,
}

/// Learns, and writes the file.
///
/// # Errors
/// Too few pages with a story, pages of several sites, or the file cannot be written. A page that cannot be read, or has no story,
/// is said on standard error and part of the exit code.
pub fn run(args: &NewArgs) -> anyhow::Result<Exit> {
    let rules = load_rules(args.selectors.as_deref())?;
    let mut inputs = Vec::new();
    for argument in &args.pages {
        inputs.extend(expand(argument)?);
    }
    if inputs.len() < MIN_PAGES {
        let problem = format!("a site is learned from at least {MIN_PAGES} of its pages: name more of them");
        return Err(UsageError(problem).into());
    }
    let (pages, failed) = read(args, &inputs, rules)?;
    let mut proposal = pipeline::learn_site(&pages, rules)?;
    if let Some(dir) = &args.out {
        refuse_to_overwrite(&dir.join(proposal.file_name()))?;
    }
    if let Some(dir) = args.out.as_ref().or(args.fixtures.as_ref()) {
        let fixtures = pipeline::fixtures(&mut proposal, &pages)?;
        write_pages(dir, &fixtures)?;
    }
    if let Some(dir) = &args.out {
        write_file(dir, &proposal)?;
    } else {
        let mut out = Out::stdout();
        write!(out, "{}", proposal.text).context("standard output")?;
        out.finish().context("standard output")?;
    }
    say(&proposal);
    let left_out = failed + proposal.left_out.len() as u64;
    Ok(Exit::of_counts(proposal.pages.len() as u64, left_out))
}

/// The pages that can be read, and how many cannot.
fn read(args: &NewArgs, inputs: &[Input], rules: &Rules) -> anyhow::Result<(Vec<Page>, u64)> {
    let reader = Reader::new(inputs, false, &args.allow_private)?;
    let mut pages = Vec::new();
    let mut failed = 0;
    for input in inputs {
        match reader.read(input) {
            Ok(mut page) => {
                if !matches!(input, Input::Web(_)) {
                    published(&mut page, input, args.url.as_ref(), rules);
                }
                pages.push(page);
            }
            Err(error) => {
                note(&safe_line(&format!("{error:#}")));
                failed += 1;
            }
        }
    }
    Ok((pages, failed))
}

/// Gives a saved page the address that it says it has; or else one on the site that was named, after its file.
fn published(page: &mut Page, input: &Input, site: Option<&Url>, rules: &Rules) {
    let claimed = pipeline::claimed_url(page, rules);
    let named = || {
        let stem = match input {
            Input::File(path) => path.file_stem()?.to_string_lossy().into_owned(),
            _ => return site.cloned(),
        };
        let mut url = site?.clone();
        url.path_segments_mut().ok()?.pop_if_empty().push(&stem);
        Some(url)
    };
    if let Some(url) = claimed.or_else(named) {
        page.url = url;
    }
}

fn write_file(dir: &Path, proposal: &Proposal) -> anyhow::Result<()> {
    let path = dir.join(proposal.file_name());
    write(&path, &proposal.text)?;
    note(&format!("written to {}", path.display()));
    Ok(())
}

/// Writes the pages of the tests: none of them over another.
pub(super) fn write_pages(dir: &Path, fixtures: &[(LearnedPage, Fixture)]) -> anyhow::Result<()> {
    let path = |page: &LearnedPage| dir.join(SITES).join(&page.folder).join(SOURCE);
    fixtures
        .iter()
        .try_for_each(|(page, _)| refuse_to_overwrite(&path(page)))?;
    fixtures
        .iter()
        .try_for_each(|(page, fixture)| write(&path(page), &fixture.html))
}

pub(super) fn refuse_to_overwrite(path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        bail!(
            "{}: is there already; name another directory, or remove it",
            path.display()
        );
    }
    Ok(())
}

pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let named = || path.display().to_string();
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(named)?;
    }
    fs::write(path, text).with_context(named)
}

/// How sure it is, and what to look at.
fn say(proposal: &Proposal) {
    for page in &proposal.left_out {
        note(&safe_line(&format!("{}: left out: {}", page.url, page.why)));
    }
    for layout in &proposal.layouts {
        let pages = layout.pages.len();
        let pages = if pages == 1 {
            "1 page".to_owned()
        } else {
            format!("{pages} pages")
        };
        note(&format!(
            "layout {}: sure by {}, from {pages}",
            layout.name, layout.confidence
        ));
    }
    for warning in &proposal.warnings {
        note(&safe_line(warning));
    }
}
