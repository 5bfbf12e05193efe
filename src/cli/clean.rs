//! `copydesk clean`: pages in, their core articles out.

use std::io::Write;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use copydesk::article::PageKind;
use copydesk::fetch::Page;
use copydesk::pipeline::{self, Favor, Options, Steps};
use copydesk::rules::Rules;
use url::Url;

use super::Exit;
use super::exit::UsageError;
use super::format::{ArticleFormat, written};
use super::inputs::{Input, Reader, expand};
use super::ordered::ordered;
use super::setup::load_rules;
use super::terminal::{Out, note, warn};
use super::{bulk, explain};

const EXAMPLES: &str = "\
Examples:
  copydesk clean https://news.example/2026/budget
  copydesk clean page.html --url https://news.example/2026/budget --format json
  copydesk clean saved-pages/ --format markdown
  curl -s https://news.example/2026/budget | copydesk clean -
  copydesk clean --text copy.txt                   mend what another extractor left behind
  copydesk clean saved-pages/ --favor precision    rather lose a line than leave boilerplate in
  copydesk clean page.html --explain               why each block is kept or dropped
  copydesk clean page.html --explain --format json | jq 'select(.keep == false)'

A page that is a front page, an error, a consent, login or CAPTCHA page fails with the name of its kind. The text of a live
blog, of a teaser before a paywall, or beside a video is given, and said to be that.

In bulk, one JSON object a line for each page, in the order of the manifest, on all cores:
  copydesk clean --manifest pages.jsonl --out articles.jsonl
    pages.jsonl:     {\"id\": 1, \"url\": \"https://news.example/2026/budget\", \"html\": \"pages/1.html.gz\"}
    articles.jsonl:  {\"id\": 1, \"text\": \"...\", \"title\": \"...\", \"authors\": [\"...\"], \"date\": \"...\"}
                     {\"id\": 2, \"error\": \"...\"}             with \"kind\" and \"confidence\", as each article
  copydesk clean --warc CC-NEWS-*.warc.gz > articles.jsonl   the pages of saved crawls; the id is the URL";

/// Cleans pages down to their core articles
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CleanArgs {
    /// URLs, files, directories of saved pages (.html, .htm, .txt, also with .gz), or - for standard input
    #[arg(
        value_name = "INPUT",
        required_unless_present_any = ["manifest", "warc"],
        conflicts_with_all = ["manifest", "warc"]
    )]
    inputs: Vec<String>,
    /// The URL under which the one input was published
    #[arg(long, value_name = "URL", conflicts_with_all = ["manifest", "warc"])]
    url: Option<Url>,
    /// The inputs are plain text (a .txt file is without saying)
    #[arg(long)]
    text: bool,
    /// How the article is written
    #[arg(long, value_enum, default_value_t = ArticleFormat::Text, conflicts_with_all = ["manifest", "warc"])]
    format: ArticleFormat,
    /// Print what the page is and why, and every block with its verdict and the reason, as a table or with --format json
    #[arg(long, conflicts_with_all = ["manifest", "warc"])]
    explain: bool,
    /// What to lean to where the body model is not sure
    #[arg(long, value_enum, default_value_t)]
    favor: FavorArg,
    /// Which steps decide, for measuring them
    #[arg(long, value_enum, default_value_t, hide = true, requires = "manifest")]
    steps: StepsArg,
    /// Selector files that come on top of those in the program
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// A host that may be fetched from although its address is private (may be given more than once)
    #[arg(long, value_name = "HOST")]
    allow_private: Vec<String>,
    /// Clean all pages of a list: a JSON object a line, {"id", "url", "html"}, `html` a file relative to the list
    #[arg(long, value_name = "FILE", requires = "out")]
    manifest: Option<PathBuf>,
    /// Clean all pages of WARC files: saved crawls, as CC-NEWS has them
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["manifest", "text"])]
    warc: Vec<PathBuf>,
    /// Where the articles of --manifest or --warc go; - for standard output [default of --warc: -]
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    out: Option<PathBuf>,
    /// How many pages are worked on at once [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// `--favor`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum FavorArg {
    /// Rather lose a line of the story than leave boilerplate in
    Precision,
    /// Neither
    #[default]
    Balanced,
    /// Rather leave boilerplate in than lose a line of the story
    Recall,
}

/// `--steps`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum StepsArg {
    /// Rules, phrases and model
    #[default]
    All,
    /// All but the site's own rules
    General,
    /// Rules and phrases
    Rules,
    /// The model
    Model,
}

impl CleanArgs {
    fn options(&self) -> Options {
        Options {
            favor: match self.favor {
                FavorArg::Precision => Favor::Precision,
                FavorArg::Balanced => Favor::Balanced,
                FavorArg::Recall => Favor::Recall,
            },
            steps: match self.steps {
                StepsArg::All => Steps::All,
                StepsArg::General => Steps::General,
                StepsArg::Rules => Steps::Rules,
                StepsArg::Model => Steps::Model,
            },
        }
    }
}

/// Cleans the inputs and prints each article as it is done, in the order of the inputs.
///
/// # Errors
/// The arguments or the rules are wrong, or standard output cannot be written. An input that fails is said on
/// standard error, and the others go on.
pub fn run(args: &CleanArgs) -> anyhow::Result<Exit> {
    check(args)?;
    let rules = load_rules(args.selectors.as_deref())?;
    let workers = args
        .jobs
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get);
    let pages = match &args.manifest {
        Some(list) => Some(bulk::Pages::Manifest(list)),
        None => (!args.warc.is_empty()).then_some(bulk::Pages::Warc(&args.warc)),
    };
    if let Some(pages) = pages {
        return bulk::run(&bulk::Bulk {
            pages,
            out: args.out.as_deref().unwrap_or(Path::new("-")),
            plain_text: args.text,
            options: args.options(),
            workers,
            rules,
        });
    }

    let mut failed = 0;
    let mut inputs = Vec::new();
    for argument in &args.inputs {
        match expand(argument) {
            Ok(found) => inputs.extend(found),
            Err(error) => {
                warn(&error);
                failed += 1;
            }
        }
    }
    let reader = Reader::new(&inputs, args.text, &args.allow_private)?;
    let mut out = Out::stdout();
    let printer = Printer {
        args,
        width: out.width,
        rules,
        several: inputs.len() > 1,
    };
    let mut done = 0;
    let one = |input: &Input| contained(input, || printer.article(input, &reader));
    ordered(
        workers.min(inputs.len()),
        inputs.iter(),
        one,
        |result| match result {
            Ok(text) => {
                let gap = if done > 0 && printer.has_headings() {
                    "\n"
                } else {
                    ""
                };
                done += 1;
                write!(out, "{gap}{text}").context("standard output")
            }
            Err(error) => {
                failed += 1;
                warn(&error);
                Ok(())
            }
        },
    )?;
    out.finish().context("standard output")?;
    Ok(Exit::of_counts(done, failed))
}

fn check(args: &CleanArgs) -> Result<(), UsageError> {
    let wrong = |message: &str| Err(UsageError(message.to_owned()));
    if args.url.is_some() && args.inputs.len() != 1 {
        return wrong("--url says where one input comes from, and there are several");
    }
    if args.inputs.iter().filter(|input| *input == "-").count() > 1 {
        return wrong("standard input (-) can be read only once");
    }
    if args.explain && matches!(args.format, ArticleFormat::Markdown | ArticleFormat::Html) {
        return wrong("--explain prints a table or, with --format json, JSON lines");
    }
    Ok(())
}

/// Calls the work; a panic in it becomes the error of this one input.
pub fn contained<T>(
    input: &dyn std::fmt::Display,
    work: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Err(anyhow!(
            "{input}: a bug in copydesk, please report it with the page: {message}"
        ))
    })
}

struct Printer<'a> {
    args: &'a CleanArgs,
    rules: &'a Rules,
    width: Option<usize>,
    several: bool,
}

impl Printer<'_> {
    /// Whether each article stands under the name of its input.
    fn has_headings(&self) -> bool {
        self.several && self.args.format == ArticleFormat::Text
    }

    fn article(&self, input: &Input, reader: &Reader) -> anyhow::Result<String> {
        let mut page = reader.read(input)?;
        if let Some(url) = &self.args.url {
            page.url.clone_from(url);
        }
        let text = if self.args.explain {
            self.explained(input, &page)?
        } else {
            self.cleaned(&page)?
        };
        if self.has_headings() {
            return Ok(format!("==> {input} <==\n\n{text}"));
        }
        Ok(text)
    }

    fn cleaned(&self, page: &Page) -> anyhow::Result<String> {
        let article = pipeline::clean_page_with(page, self.rules, self.args.options())?;
        if article.kind != PageKind::Article {
            note(&format!(
                "{}: {} (confidence {}); its text is given",
                page.url,
                article.kind.describe(),
                article.confidence
            ));
        }
        for limit in &article.limits {
            note(&format!("{}: {limit}", page.url));
        }
        written(&article, &article, self.args.format, self.width.is_some())
    }

    fn explained(&self, input: &Input, page: &Page) -> anyhow::Result<String> {
        let cleaned = pipeline::explain_page(page, self.rules, self.args.options())?;
        match self.args.format {
            ArticleFormat::Json => {
                let input = input.to_string();
                let page = explain::kind_line(&input, &cleaned)?;
                Ok(page + &explain::json_lines(&input, &cleaned.explained)?)
            }
            _ => Ok(explain::kind(&cleaned) + &explain::table(&cleaned.explained, self.width)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_error_of_its_input() {
        let error = contained::<()>(&"page.html", || panic!("index out of bounds"))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("page.html: a bug in copydesk"), "{error}");
        assert!(error.ends_with("index out of bounds"), "{error}");
    }
}
