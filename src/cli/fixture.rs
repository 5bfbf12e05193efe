//! `copydesk fixture`: a page's structure without its words, for tests and bug reports.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use copydesk::article::{Article, PageKind};
use copydesk::fixture::{Fixture, MAX_BYTES};
use copydesk::pipeline::site_test::SOURCE;
use copydesk::pipeline::{self, Cleaned, Options};
use copydesk::rules::Rules;
use serde_json::Value;
use url::Url;

use super::Exit;
use super::inputs::{Input, Reader, expand};
use super::setup::load_rules;
use super::terminal::{Out, note};

/// What must and must not be in its article.
const CASE: &str = "case.toml";
/// So many blocks of each kind are proposed as `has` and `lacks`.
const PROPOSED: usize = 5;
/// Shorter blocks tell little, in characters.
const MIN_CHARS: usize = 8;
/// Fields that a case checks.
const FIELDS: &[&str] = &["title", "authors", "published", "language", "section"];

const EXAMPLES: &str = "\
Examples:
  copydesk fixture https://news.example/2026/budget > page.html
  copydesk fixture saved.html --url https://news.example/2026/budget --out fixtures/pages/news-example-2026

Every word is replaced by an invented one of the same shape, the same word by the same one. Scripts, addresses, images and
names go; tags, classes, ids, lengths and dates stay, and of lines that a phrase knows the words by which it does.
The case.toml holds what this program makes of the page; read it before you keep it.";

/// Writes a test page with the structure of a page and none of its words
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FixtureArgs {
    /// A URL, a file, or - for standard input
    #[arg(value_name = "URL|FILE")]
    input: String,
    /// Where source.html and case.toml go [default: the page on standard output]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The URL under which a saved page was published
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// Selector files that come on top of those in the program
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
    /// A host that may be fetched from although its address is private (may be given more than once)
    #[arg(long, value_name = "HOST")]
    allow_private: Vec<String>,
}

/// Makes the fixture.
///
/// # Errors
/// The page cannot be read or has no text, or the fixture cannot be written.
pub fn run(args: &FixtureArgs) -> anyhow::Result<Exit> {
    let rules = load_rules(args.selectors.as_deref())?;
    let inputs = expand(&args.input)?;
    let [input] = inputs.as_slice() else {
        bail!("{}: a directory; a fixture is made of one page", args.input);
    };
    let fixture = made(args, input, &inputs, rules)?;
    say_what_is_missing(&fixture);
    if let Some(dir) = &args.out {
        written(dir, &fixture, rules)?;
    } else {
        let mut out = Out::stdout();
        out.write_all(fixture.html.as_bytes())
            .context("standard output")?;
        out.finish().context("standard output")?;
    }
    Ok(Exit::AllWell)
}

fn made(args: &FixtureArgs, input: &Input, inputs: &[Input], rules: &Rules) -> anyhow::Result<Fixture> {
    let reader = Reader::new(inputs, false, &args.allow_private)?;
    let mut page = reader.read(input)?;
    if let Some(url) = &args.url {
        page.url.clone_from(url);
    }
    Ok(pipeline::fixture(&page, rules)?)
}

fn say_what_is_missing(fixture: &Fixture) {
    if let Some(repeats) = fixture.repeats {
        note(&format!(
            "of elements of one kind in one parent {repeats} stay, to bring the page under {MAX_BYTES} bytes"
        ));
    }
    if let Some(words) = fixture.words {
        note(&format!(
            "texts were cut to {words} words, to bring the page under {MAX_BYTES} bytes"
        ));
    }
    if fixture.is_cut {
        note(&format!(
            "what stood behind the first {MAX_BYTES} bytes was left out"
        ));
    }
}

fn written(dir: &Path, fixture: &Fixture, rules: &Rules) -> anyhow::Result<()> {
    let case_path = dir.join(CASE);
    if case_path.exists() {
        bail!("{}: is there already; name a new directory", case_path.display());
    }
    let cleaned = pipeline::explain_page(&pipeline::page_of(fixture)?, rules, Options::default())?;
    fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    for (path, text) in [
        (dir.join(SOURCE), fixture.html.clone()),
        (case_path, case(fixture, &cleaned)?),
    ] {
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// A case that the page as it is cleaned now passes.
fn case(fixture: &Fixture, cleaned: &Cleaned) -> anyhow::Result<String> {
    let mut text = format!("url = {}\nabout = \"\"\n", quoted(&fixture.url)?);
    let kind = cleaned.assessment.kind;
    if kind != PageKind::Article {
        let _ = writeln!(text, "kind = {}", serde_json::to_string(&kind)?);
    }
    let article = cleaned.article.as_ref();
    let whole = article.map(Article::text).unwrap_or_default();
    let of_kind = |keep: bool| -> Vec<&str> {
        let blocks = cleaned.explained.iter().filter(|block| block.keep == keep);
        let texts = blocks.map(|block| block.block.text.as_str());
        texts
            .filter(|text| text.chars().count() >= MIN_CHARS && whole.contains(text) == keep)
            .collect()
    };
    for (key, blocks) in [("has", of_kind(true)), ("lacks", of_kind(false))] {
        let _ = writeln!(text, "{key} = [");
        for block in spread(&blocks) {
            let _ = writeln!(text, "    {},", quoted(block)?);
        }
        text.push_str("]\n");
    }
    if let Some(article) = article {
        text.push_str("\n[fields]\n");
        let fields = serde_json::to_value(&article.fields)?;
        for key in FIELDS {
            let value = &fields[*key];
            if matches!(value, Value::String(_)) || value.as_array().is_some_and(|list| !list.is_empty()) {
                let _ = writeln!(text, "{key} = {}", toml_value(value)?);
            }
        }
    }
    Ok(text)
}

/// Some of the blocks, from first to last.
fn spread<'b>(blocks: &[&'b str]) -> Vec<&'b str> {
    let last = blocks.len().saturating_sub(1);
    let count = blocks.len().min(PROPOSED);
    let places = (0..count).map(|at| at * last / count.saturating_sub(1).max(1));
    places.map(|at| blocks[at]).collect()
}

fn toml_value(value: &Value) -> anyhow::Result<String> {
    match value {
        Value::Array(values) => {
            let values: Result<Vec<String>, _> = values.iter().map(toml_value).collect();
            Ok(format!("[{}]", values?.join(", ")))
        }
        Value::String(text) => quoted(text),
        other => Ok(other.to_string()),
    }
}

/// A string as TOML and JSON alike write it.
fn quoted(text: &str) -> anyhow::Result<String> {
    Ok(serde_json::to_string(text)?.replace('\u{7f}', "\\u007f"))
}
