//! The counts of a crawl in the OpenMetrics text format, as node_exporter's textfile collector reads it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context;
use copydesk::pipeline::crawl::{CrawlReport, SourceReport};

/// A count of pages: the value of its label `outcome`, and what it is.
type Outcome = (&'static str, fn(&SourceReport) -> usize);

/// What pages come to. All are those of the last run.
const OUTCOMES: [Outcome; 11] = [
    ("known", |s| s.known),
    ("new", |s| s.new),
    ("revised", |s| s.revised),
    ("duplicate", |s| s.duplicate),
    ("unchanged", |s| s.unchanged),
    ("thinner", |s| s.thinner),
    ("not_article", |s| s.not_article),
    ("unwanted", |s| s.unwanted),
    ("failed", |s| s.failed),
    ("left", |s| s.left),
    ("waiting", |s| s.waiting),
];

/// A gauge of a source: its name, its help, its value.
type Gauge = (&'static str, &'static str, fn(&SourceReport) -> f64);

const GAUGES: [Gauge; 4] = [
    (
        "copydesk_source_listed",
        "1 if the list could be read or had not changed",
        |s| f64::from(u8::from(s.listed)),
    ),
    ("copydesk_source_not_due", "1 if it was not looked at", |s| {
        f64::from(u8::from(s.not_due))
    }),
    (
        "copydesk_source_not_modified",
        "Lists that had not changed since the run before",
        |s| s.not_modified as f64,
    ),
    (
        "copydesk_source_bytes",
        "Bytes that were read, decompressed",
        |s| s.bytes as f64,
    ),
];

/// Writes the counts to a file, in whole: a reader sees those of the run before, or these.
///
/// # Errors
/// The file cannot be written beside the one that is there, or cannot take its place.
pub fn write(path: &Path, report: &CrawlReport) -> anyhow::Result<()> {
    let text = text(report, jiff::Timestamp::now().as_second());
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = Path::new(&name);
    let written = std::fs::File::create(beside)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(beside, path));
    if written.is_err() {
        // What could not be made may not be there to remove either.
        let _ = std::fs::remove_file(beside);
    }
    written.with_context(|| format!("metrics: {}", path.display()))
}

/// `ended` is when the run ended, seconds since the epoch.
fn text(report: &CrawlReport, ended: i64) -> String {
    let mut text = String::new();
    let mut line = |line: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = text.write_fmt(line);
        text.push('\n');
    };
    let name = "copydesk_source_pages";
    line(format_args!(
        "# HELP {name} Pages of the last run by what they came to"
    ));
    line(format_args!("# TYPE {name} gauge"));
    for source in &report.sources {
        for (outcome, count) in OUTCOMES {
            let label = label(&source.name);
            line(format_args!(
                "{name}{{source=\"{label}\",outcome=\"{outcome}\"}} {}",
                count(source)
            ));
        }
    }
    for (name, help, value) in GAUGES {
        line(format_args!("# HELP {name} {help}"));
        line(format_args!("# TYPE {name} gauge"));
        for source in &report.sources {
            line(format_args!(
                "{name}{{source=\"{}\"}} {}",
                label(&source.name),
                value(source)
            ));
        }
    }
    for (name, help, value) in [
        (
            "copydesk_run_seconds",
            "Time that the last run took",
            report.seconds,
        ),
        (
            "copydesk_run_ended_timestamp_seconds",
            "When the last run ended",
            ended as f64,
        ),
        (
            "copydesk_run_whole",
            "1 if the last run was through: not interrupted, not out of time, no failed store",
            f64::from(u8::from(
                !report.stopped && !report.out_of_time && report.error.is_none(),
            )),
        ),
    ] {
        line(format_args!("# HELP {name} {help}"));
        line(format_args!("# TYPE {name} gauge"));
        line(format_args!("{name} {value}"));
    }
    line(format_args!("# EOF"));
    text
}

/// A label's value, escaped as the format asks.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> CrawlReport {
        CrawlReport {
            sources: vec![SourceReport {
                name: "the \"example\"\n".to_owned(),
                listed: true,
                new: 3,
                ..SourceReport::default()
            }],
            ..CrawlReport::default()
        }
    }

    #[test]
    fn names_are_escaped_and_the_text_has_its_end() {
        let text = text(&report(), 86_400);
        let new = r#"copydesk_source_pages{source="the \"example\"\n",outcome="new"} 3"#;
        assert!(text.lines().any(|line| line == new), "{text}");
        assert!(text.contains("\ncopydesk_run_ended_timestamp_seconds 86400\n"));
        assert!(text.ends_with("\n# EOF\n"));
    }

    #[test]
    fn the_file_is_replaced_in_whole_and_nothing_stays_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("copydesk.prom");
        std::fs::write(&path, "old").unwrap();
        write(&path, &report()).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("# EOF\n"));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(write(&dir.path().join("no/such.prom"), &report()).is_err());
    }
}
