//! `copydesk clean --manifest` and `--warc`: every page of a list or a saved crawl, one JSON line each.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use copydesk::article::{Article, Confidence, PageDate, PageKind};
use copydesk::fetch::{self, Page};
use copydesk::pipeline::{CleanError, Options, clean_page_with};
use copydesk::render::json;
use copydesk::rules::Rules;
use copydesk::warc::WarcPages;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::Exit;
use super::clean::contained;
use super::exit::UsageError;
use super::inputs::PLAIN_TEXT;
use super::manifest::{BadLine, Entry, Lines};
use super::ordered::ordered;
use super::terminal::{Out, in_words, note};

/// What to do.
pub struct Bulk<'a> {
    /// The pages.
    pub pages: Pages<'a>,
    /// Where the articles go; `-` for standard output.
    pub out: &'a Path,
    /// Every page is plain text, whatever its name.
    pub plain_text: bool,
    /// How many pages are worked on at once; at least 1.
    pub workers: usize,
    /// How to clean.
    pub options: Options,
    /// The rules.
    pub rules: &'a Rules,
}

/// Where the pages are.
pub enum Pages<'a> {
    /// In files that a list names; `-` for a list on standard input.
    Manifest(&'a Path),
    /// In WARC files.
    Warc(&'a [PathBuf]),
}

/// A page that was named or read.
enum Item {
    Entry(Entry),
    Page(Box<Page>),
}

#[derive(Serialize)]
struct Done<'a> {
    id: &'a Value,
    text: String,
    title: Option<&'a str>,
    authors: &'a [String],
    date: Option<&'a str>,
    kind: PageKind,
    confidence: Confidence,
}

#[derive(Serialize)]
struct Failed<'a> {
    id: &'a Value,
    error: String,
    /// What the page is, where it is no article.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<PageKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
}

/// Cleans every page of the list.
///
/// # Errors
/// The list cannot be opened or the output cannot be written. A page that fails is a line with an `error`.
pub fn run(bulk: &Bulk<'_>) -> anyhow::Result<Exit> {
    refuse_to_overwrite_the_list(bulk)?;
    let items = items(bulk)?;
    let progress = progress(bulk)?;
    let mut out = open_out(bulk.out)?;
    let (mut done, mut failed) = (0, 0);
    let line_of = |item: Result<Item, BadLine>| one_line(bulk, item);
    ordered(bulk.workers, items, line_of, |(worked, line): (bool, String)| {
        *(if worked { &mut done } else { &mut failed }) += 1;
        progress.inc(1);
        writeln!(out, "{line}")
    })
    .and_then(|()| out.flush())
    .with_context(|| bulk.out.display().to_string())?;
    progress.finish_and_clear();
    if failed > 0 {
        note(&format!(
            "{failed} of {} pages failed; their lines have an `error`",
            done + failed
        ));
    }
    Ok(Exit::of_counts(done, failed))
}

fn refuse_to_overwrite_the_list(bulk: &Bulk<'_>) -> Result<(), UsageError> {
    let is_out = |list: &Path| matches!((fs::canonicalize(list), fs::canonicalize(bulk.out)), (Ok(a), Ok(b)) if a == b);
    let (key, same) = match bulk.pages {
        Pages::Manifest(list) => ("--manifest", is_out(list)),
        Pages::Warc(files) => ("--warc", files.iter().any(|file| is_out(file))),
    };
    if same {
        return Err(UsageError(format!(
            "{}: {key} and --out are the same file",
            bulk.out.display()
        )));
    }
    Ok(())
}

type Items<'a> = Box<dyn Iterator<Item = Result<Item, BadLine>> + Send + 'a>;

fn items<'a>(bulk: &Bulk<'a>) -> anyhow::Result<Items<'a>> {
    Ok(match bulk.pages {
        Pages::Manifest(list) => {
            let lines = Lines::new(open_manifest(list)?);
            Box::new(lines.map(|entry| entry.map(Item::Entry)))
        }
        Pages::Warc(files) => Box::new(files.iter().flat_map(|file| warc_pages(file))),
    })
}

/// The pages of a WARC file, read as they are asked for; a file or record that cannot be read is a line of its own.
fn warc_pages(file: &Path) -> Items<'_> {
    let bad = |message: String| BadLine {
        id: Value::from(file.display().to_string()),
        message,
    };
    match WarcPages::open(file) {
        Ok(pages) => Box::new(pages.map(move |page| match page {
            Ok(page) => Ok(Item::Page(Box::new(page))),
            Err(error) => Err(bad(error.to_string())),
        })),
        Err(error) => Box::new(std::iter::once(Err(bad(format!("{}: {error}", file.display()))))),
    }
}

fn open_manifest(path: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(Box::new(BufReader::new(file)))
}

fn open_out(path: &Path) -> anyhow::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(Out::stdout()));
    }
    let file = File::create(path).with_context(|| path.display().to_string())?;
    Ok(Box::new(BufWriter::new(file)))
}

/// A bar on standard error; invisible where that is no terminal.
fn progress(bulk: &Bulk<'_>) -> anyhow::Result<ProgressBar> {
    let bar = ProgressBar::no_length();
    let manifest = match bulk.pages {
        Pages::Manifest(list) if list != Path::new("-") && !bar.is_hidden() => list,
        _ => return Ok(bar),
    };
    let mut lines = 0;
    let mut reader = BufReader::new(File::open(manifest)?);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
        let read = bytes.len();
        reader.consume(read);
    }
    bar.set_length(lines);
    bar.set_style(ProgressStyle::with_template(
        "{wide_bar} {pos}/{len} pages, {elapsed}, {eta} left",
    )?);
    Ok(bar)
}

/// The line for one page, and whether it is an article.
fn one_line(bulk: &Bulk<'_>, item: Result<Item, BadLine>) -> (bool, String) {
    let (id, result) = match item {
        Ok(Item::Entry(entry)) => {
            let result = contained(&entry.html.display(), || clean(bulk, &entry));
            (entry.id, result)
        }
        Ok(Item::Page(page)) => {
            let result = contained(&page.url, || {
                Ok(clean_page_with(&page, bulk.rules, bulk.options)?)
            });
            (Value::from(page.url.as_str()), result)
        }
        Err(bad) => (bad.id, Err(anyhow!(bad.message))),
    };
    let line = match &result {
        Ok(article) => json::line(&Done {
            id: &id,
            text: article.text(),
            title: article.fields.title.as_deref(),
            authors: &article.fields.authors,
            date: article.fields.published.as_ref().map(PageDate::as_str),
            kind: article.kind,
            confidence: article.confidence,
        }),
        Err(error) => json::line(&failed(&id, error)),
    };
    // Texts and numbers are always JSON; were they not, the page would still have its line.
    let line = line.unwrap_or_else(|error| format!("{{\"id\":{id},\"error\":\"not writable: {error}\"}}"));
    (result.is_ok(), line)
}

fn failed<'a>(id: &'a Value, error: &anyhow::Error) -> Failed<'a> {
    let told = match error.downcast_ref() {
        Some(CleanError::NotArticle { kind, confidence, .. }) => Some((*kind, *confidence)),
        _ => None,
    };
    Failed {
        id,
        error: in_words(error),
        kind: told.map(|(kind, _)| kind),
        confidence: told.map(|(_, confidence)| confidence),
    }
}

fn clean(bulk: &Bulk<'_>, entry: &Entry) -> anyhow::Result<Article> {
    let beside = match bulk.pages {
        Pages::Manifest(list) if list != Path::new("-") => list.parent(),
        _ => None,
    };
    let path = beside.unwrap_or(Path::new("")).join(&entry.html);
    let mut page = fetch::read_file(&path)?;
    if bulk.plain_text {
        page.content_type = Some(PLAIN_TEXT.to_owned());
    }
    let published_at = entry.url.as_deref().and_then(|url| Url::parse(url).ok());
    // A list may name its pages by something else than a URL; then the file's own stands.
    if let Some(url) = published_at.filter(Url::has_host) {
        page.url = url;
    }
    Ok(clean_page_with(&page, bulk.rules, bulk.options)?)
}
