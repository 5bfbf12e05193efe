//! What a crawl did, as a table or as JSON lines.

use copydesk::pipeline::crawl::{CrawlReport, SourceReport};
use copydesk::render::json;
use indicatif::HumanBytes;

use super::table::cell;

const NAME_WIDTH: usize = 24;
const COUNT_WIDTH: usize = 9;
const SIZE_WIDTH: usize = 12;
/// How many failures of a source are said on standard error; the JSON report has all.
const FAILURES_SHOWN: usize = 20;

const COLUMNS: [&str; 8] = [
    "found",
    "known",
    "fetched",
    "new",
    "revised",
    "duplicate",
    "unchanged",
    "failed",
];

fn counts(source: &SourceReport) -> [u64; 8] {
    let s = source;
    [
        s.found,
        s.known,
        s.fetched,
        s.new,
        s.revised,
        s.duplicate,
        s.unchanged,
        s.failed,
    ]
}

/// One line a source under a line of headings.
pub fn table(report: &CrawlReport) -> String {
    let mut text = line("source", COLUMNS.map(str::to_owned), "seconds", "size");
    for source in &report.sources {
        let seconds = format!("{:.1}", source.seconds);
        let size = HumanBytes(source.bytes).to_string();
        text += &line(
            &source.name,
            counts(source).map(|count| count.to_string()),
            &seconds,
            &size,
        );
    }
    text
}

fn line(name: &str, counts: [String; 8], seconds: &str, size: &str) -> String {
    let counts = counts.map(|count| format!("{count:>COUNT_WIDTH$}")).join(" ");
    format!(
        "{} {counts} {seconds:>COUNT_WIDTH$} {size:>SIZE_WIDTH$}\n",
        cell(name, NAME_WIDTH)
    )
}

/// One JSON object a source, with all its failures.
pub fn json_lines(report: &CrawlReport) -> anyhow::Result<String> {
    let mut text = String::new();
    for source in &report.sources {
        text.push_str(&json::line(source)?);
        text.push('\n');
    }
    Ok(text)
}

/// One line a failure, the first of each source.
pub fn failures(report: &CrawlReport) -> Vec<String> {
    let mut lines = Vec::new();
    for source in &report.sources {
        let name = &source.name;
        let shown = source.failures.iter().take(FAILURES_SHOWN);
        lines.extend(shown.map(|failure| format!("{name}: {}: {}", failure.kind, failure.message)));
        if source.failures.len() > FAILURES_SHOWN {
            let more = source.failures.len() - FAILURES_SHOWN;
            lines.push(format!(
                "{name}: and {more} more failures (--format jsonl has all)"
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk::pipeline::crawl::Failure;

    fn report(failures: usize) -> CrawlReport {
        let failure = Failure {
            url: "https://news.example/a".to_owned(),
            kind: "status".to_owned(),
            message: "https://news.example/a: 404".to_owned(),
        };
        let source = SourceReport {
            name: "example".to_owned(),
            found: 30,
            failures: vec![failure; failures],
            ..SourceReport::default()
        };
        CrawlReport {
            sources: vec![source],
        }
    }

    #[test]
    fn counts_stand_under_their_headings() {
        let table = table(&report(0));
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines[0].find("found").map(|at| at + 5),
            lines[1].find("30").map(|at| at + 2)
        );
        assert_eq!(lines[0].len(), lines[1].len());
    }

    #[test]
    fn only_the_first_failures_are_said_and_how_many_more_there_are() {
        let lines = failures(&report(25));
        assert_eq!(lines.len(), FAILURES_SHOWN + 1);
        assert_eq!(lines[0], "example: status: https://news.example/a: 404");
        assert!(lines[FAILURES_SHOWN].contains("5 more failures"));
    }
}
