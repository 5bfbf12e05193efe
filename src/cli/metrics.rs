//! The counts of a crawl as OpenMetrics text (version 1.0), for the textfile collector of node_exporter.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use copydesk::pipeline::crawl::{CrawlReport, SourceReport};

/// A gauge of each source: its name, what it is, and its value.
type Gauge = (&'static str, &'static str, fn(&SourceReport) -> f64);

const GAUGES: [Gauge; 14] = [
    ("listed", "Whether its list could be read.", |s| {
        f64::from(u8::from(s.listed))
    }),
    ("not_modified", "Whether its list had not changed.", |s| {
        f64::from(u8::from(s.not_modified))
    }),
    ("found", "Articles in its list.", |s| s.found as f64),
    ("known", "Articles that were known before.", |s| s.known as f64),
    ("fetched", "Pages that were read.", |s| s.fetched as f64),
    ("new", "Articles that are new.", |s| s.new as f64),
    ("revised", "Articles whose text has changed.", |s| {
        s.revised as f64
    }),
    ("duplicate", "Articles that stand under another URL.", |s| {
        s.duplicate as f64
    }),
    ("unchanged", "Articles that have not changed.", |s| {
        s.unchanged as f64
    }),
    ("not_article", "Pages that are no articles.", |s| {
        s.not_article as f64
    }),
    ("failed", "Failures.", |s| s.failed as f64),
    ("left", "Articles left for the next run.", |s| s.left as f64),
    ("seconds", "Time that it took.", |s| s.seconds),
    ("bytes", "Bytes that were read, decompressed.", |s| s.bytes as f64),
];

/// Writes the file whole: who reads it meanwhile has the one before.
///
/// # Errors
/// It cannot be written.
pub fn write(file: &Path, report: &CrawlReport) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    // The collector reads files that end in .prom alone.
    name.push(".part");
    let beside = file.with_file_name(name);
    fs::write(&beside, text(report, jiff::Timestamp::now().as_second()))?;
    fs::rename(&beside, file)
}

fn text(report: &CrawlReport, now: i64) -> String {
    let mut text = String::new();
    for (name, help, value) in GAUGES {
        let _ = write!(
            text,
            "# HELP copydesk_crawl_source_{name} {help}\n# TYPE copydesk_crawl_source_{name} gauge\n"
        );
        for source in &report.sources {
            let label = escaped(&source.name);
            let _ = writeln!(
                text,
                "copydesk_crawl_source_{name}{{source=\"{label}\"}} {}",
                value(source)
            );
        }
    }
    let whole = [
        ("time_seconds", "When it ended, since the epoch.", now as f64),
        ("duration_seconds", "How long it took.", report.seconds),
        (
            "error",
            "Whether it ended early by an error.",
            f64::from(u8::from(report.error.is_some())),
        ),
    ];
    for (name, help, value) in whole {
        let _ = write!(
            text,
            "# HELP copydesk_crawl_{name} {help}\n# TYPE copydesk_crawl_{name} gauge\ncopydesk_crawl_{name} {value}\n"
        );
    }
    text + "# EOF\n"
}

fn escaped(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_the_text_ends_as_the_format_asks() {
        let source = SourceReport {
            name: "a \"b\"\n\\".to_owned(),
            new: 3,
            ..SourceReport::default()
        };
        let report = CrawlReport {
            sources: vec![source],
            ..CrawlReport::default()
        };
        let text = text(&report, 7);
        assert!(
            text.contains("\ncopydesk_crawl_source_new{source=\"a \\\"b\\\"\\n\\\\\"} 3\n"),
            "{text}"
        );
        assert!(text.ends_with("# EOF\n") && text.contains("copydesk_crawl_time_seconds 7\n"));
    }
}
