//! What a crawl did, as a table or as JSON lines.

use copydesk::article::PageKind;
use copydesk::pipeline::crawl::{CrawlReport, SourceReport};
use copydesk::render::json;

use super::table::cell;

/// A column of the table: its heading and what stands in it.
type Column = (&'static str, fn(&SourceReport) -> String);

/// The counts of a source that the table shows; the JSON report has more.
const COLUMNS: [Column; 10] = [
    ("found", |s| s.found.to_string()),
    ("known", |s| s.known.to_string()),
    ("new", |s| s.new.to_string()),
    ("revised", |s| s.revised.to_string()),
    ("duplicate", |s| s.duplicate.to_string()),
    ("same", |s| (s.unchanged + s.thinner).to_string()),
    ("other", |s| (s.not_article + s.unwanted).to_string()),
    ("failed", |s| s.failed.to_string()),
    ("left", |s| s.left.to_string()),
    ("secs", |s| format!("{:.1}", s.seconds)),
];
/// The least width of a count, in columns of the terminal.
const COUNT_WIDTH: usize = 5;
/// The least and the most width of a source's name, in columns of the terminal.
const NAME_WIDTH: (usize, usize) = (12, 40);
/// The width of the table where no terminal limits it, in columns.
const TABLE_WIDTH: usize = 100;
/// How many failures of a source are said on standard error; the JSON report has all.
const FAILURES_SHOWN: usize = 20;

/// One line a source under a line of headings. `width` is that of the terminal, in columns.
pub fn table(report: &CrawlReport, width: Option<usize>) -> String {
    let counts: usize = COLUMNS.iter().map(|(heading, _)| 1 + count_width(heading)).sum();
    let name_width = width
        .unwrap_or(TABLE_WIDTH)
        .saturating_sub(counts)
        .clamp(NAME_WIDTH.0, NAME_WIDTH.1);
    let line = |name: &str, in_column: &dyn Fn(Column) -> String| {
        let counts = COLUMNS.map(|column| format!("{:>1$}", in_column(column), count_width(column.0)));
        format!("{} {}\n", cell(name, name_width), counts.join(" "))
    };
    let mut text = line("source", &|(heading, _)| heading.to_owned());
    for source in &report.sources {
        text += &line(&source.name, &|(_, count)| count(source));
    }
    text
}

fn count_width(heading: &str) -> usize {
    heading.len().max(COUNT_WIDTH)
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

/// What a person should hear: why the run ended early, the first failures of each source and its notes; one line
/// each.
pub fn remarks(report: &CrawlReport) -> Vec<String> {
    let mut lines = Vec::new();
    for source in &report.sources {
        let name = &source.name;
        let shown = source.failures.iter().take(FAILURES_SHOWN);
        lines.extend(shown.map(|failure| format!("{name}: {}: {}", failure.url, failure.message)));
        if source.failures.len() > FAILURES_SHOWN {
            let more = source.failures.len() - FAILURES_SHOWN;
            lines.push(format!(
                "{name}: and {more} more failures (--format jsonl has all)"
            ));
        }
        lines.extend(other_pages(source));
        if source.unwanted > 0 {
            let count = source.unwanted;
            lines.push(format!(
                "{name}: {count} articles not stored: their site asks for it (noindex)"
            ));
        }
        lines.extend(unfit_pages(source));
        lines.extend(source.notes.iter().map(|note| format!("{name}: {note}")));
    }
    if report.stopped {
        lines.push("interrupted: what was not done is left for the next run".to_owned());
    }
    if report.out_of_time {
        let left: usize = report.sources.iter().map(|source| source.left).sum();
        lines.push(format!(
            "the time is over: {left} pages, and the lists not read yet, are left for the next run"
        ));
    }
    lines.extend(report.error.iter().map(|error| format!("error: {error}")));
    lines
}

/// Which selector files do not fit the pages of a source, and which of their rules have stopped working.
fn unfit_pages(source: &SourceReport) -> impl Iterator<Item = String> {
    let name = &source.name;
    let unfit = source.unfit.iter().map(move |unfit| {
        format!(
            "{name}: rules of {} did not fit {} pages, which were cleaned as if there were none ({})",
            unfit.site, unfit.pages, unfit.file
        )
    });
    let troubles = source.troubles.iter().map(move |trouble| {
        format!(
            "{name}: {}: {}, since {} ({}:{}); see `copydesk selectors doctor {}`",
            trouble.site,
            trouble.what(),
            trouble.since,
            trouble.file,
            trouble.line,
            trouble.site
        )
    });
    unfit.chain(troubles)
}

/// The pages of a source that are no articles: how many of each kind, and the first of it.
fn other_pages(source: &SourceReport) -> impl Iterator<Item = String> {
    PageKind::ALL.into_iter().filter_map(|kind| {
        let mut pages = source.not_articles.iter().filter(|page| page.kind == kind);
        let first = pages.next()?;
        let what = kind.describe();
        Some(match pages.count() {
            0 => format!("{}: {}: {what}, not stored", source.name, first.url),
            more => format!(
                "{}: {}: {what}, not stored; and {more} more",
                source.name, first.url
            ),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk::pipeline::crawl::Failure;

    fn report(failures: usize) -> CrawlReport {
        let failure = Failure {
            url: "https://news.example/a".to_owned(),
            kind: "not_found",
            message: "HTTP status 404".to_owned(),
            until: None,
        };
        let source = SourceReport {
            name: "the example".to_owned(),
            found: 30,
            failures: vec![failure; failures],
            ..SourceReport::default()
        };
        CrawlReport {
            sources: vec![source],
            ..CrawlReport::default()
        }
    }

    #[test]
    fn counts_stand_under_their_headings_and_lines_fit_the_terminal() {
        for (width, expected) in [(None, 100), (Some(80), 80), (Some(200), 107)] {
            let table = table(&report(0), width);
            let lines: Vec<&str> = table.lines().collect();
            assert_eq!(
                lines[0].find("found").map(|at| at + 5),
                lines[1].find("30").map(|at| at + 2)
            );
            assert_eq!(
                lines.iter().map(|line| line.len()).collect::<Vec<_>>(),
                [expected; 2]
            );
        }
    }

    #[test]
    fn only_the_first_failures_are_said_and_how_many_more_there_are() {
        let lines = remarks(&report(25));
        assert_eq!(lines.len(), FAILURES_SHOWN + 1);
        assert_eq!(lines[0], "the example: https://news.example/a: HTTP status 404");
        assert!(lines[FAILURES_SHOWN].contains("5 more failures"));
    }
}
