//! `copydesk failures`: the pages that failed, and when they are tried again.

use std::io::Write;

use anyhow::Context;
use clap::Args;
use copydesk::render::json;
use copydesk::store::FailedUrl;

use super::Exit;
use super::format::ReportFormat;
use super::setup::StoreArgs;
use super::table::cell;
use super::terminal::Out;

const EXAMPLES: &str = "\
Examples:
  copydesk failures                                 the next to be tried first
  copydesk failures --source example-news           those of one source
  copydesk failures --format jsonl | jq -r .url     their URLs

A page that fails is tried again after 10 minutes, then after twice as long each time, up to a week; `copydesk crawl
--refresh` does not wait. `noindex` are articles that their site asks not to store.";

/// The width of the kind of a failure, in columns.
const KIND_WIDTH: usize = 14;
/// The width of a moment, in columns.
const MOMENT_WIDTH: usize = 20;
/// The least width of the URL, in columns.
const URL_WIDTH: usize = 30;
/// The width of the table where no terminal limits it, in columns.
const TABLE_WIDTH: usize = 160;

/// Lists the pages that failed when they were last tried
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FailuresArgs {
    /// Only those of this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// How they are printed [default: table on a terminal, jsonl elsewhere]
    #[arg(long, value_enum)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Prints the failures.
///
/// # Errors
/// The store cannot be opened or read, or standard output cannot be written.
pub fn run(args: &FailuresArgs) -> anyhow::Result<Exit> {
    let mut failures = args.store.open_existing()?.failures()?;
    if let Some(source) = &args.source {
        failures.retain(|failed| failed.source == *source);
    }
    let mut out = Out::stdout();
    let text = match ReportFormat::or_fitting(args.format, out.is_terminal()) {
        ReportFormat::Table => table(&failures, out.width),
        ReportFormat::Jsonl => {
            let mut text = String::new();
            for failed in &failures {
                text += &json::line(failed)?;
                text.push('\n');
            }
            text
        }
    };
    out.write_all(text.as_bytes()).context("standard output")?;
    out.finish().context("standard output")?;
    Ok(Exit::AllWell)
}

/// One line a failure under a line of headings. `width` is that of the terminal, in columns.
fn table(failures: &[FailedUrl], width: Option<usize>) -> String {
    let rest = width
        .unwrap_or(TABLE_WIDTH)
        .saturating_sub(MOMENT_WIDTH + 1 + 5 + 1 + KIND_WIDTH + 1);
    let line = |next: &str, count: &str, kind: &str, url: &str| {
        format!(
            "{} {count:>5} {} {}\n",
            cell(next, MOMENT_WIDTH),
            cell(kind, KIND_WIDTH),
            cell(url, rest.max(URL_WIDTH)).trim_end()
        )
    };
    let mut text = line("next try", "count", "kind", "URL");
    for failed in failures {
        let next = jiff::Timestamp::from_second(failed.next).unwrap_or_default();
        text += &line(
            &next.to_string(),
            &failed.count.to_string(),
            &failed.kind,
            &failed.url,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_a_line_with_its_next_try() {
        let failed = FailedUrl {
            url: "https://news.example/a\u{1b}[2J".to_owned(),
            kind: "timeout".to_owned(),
            count: 3,
            next: 86_400,
            ..FailedUrl::default()
        };
        let table = table(&[failed], Some(100));
        assert!(
            table.contains("1970-01-02T00:00:00Z     3 timeout        https://news.example/a"),
            "{table}"
        );
        assert!(!table.contains('\u{1b}'));
    }
}
