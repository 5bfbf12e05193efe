//! What cleaning costs, as a ratio of CPU time to `scraper::Html::parse_document` alone on the same pages in the same run, with a
//! peer (dom_smoothie) beside it.
//!
//!     cargo bench --bench clean [-- DATA...]
//!
//! DATA are folders with `manifest.jsonl` (`{"id","url","html"}`, gzip pages beside it); without any, the fixture pages.
//! The three take turns page by page, so that a machine whose speed drifts treats them alike; the median of the rounds counts.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a tool for developers"
)]

use std::fs;
use std::hint::black_box;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use copydesk::fetch::Page;
use copydesk::pipeline;
use copydesk::rules::Rules;

const ROUNDS: usize = 5;

fn main() {
    let folders: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    if folders.is_empty() {
        measure("fixtures", &fixtures());
    }
    for folder in &folders {
        measure(folder, &manifest(Path::new(folder)));
    }
}

fn page(url: &str, body: Vec<u8>) -> Page {
    let url = url
        .trim_start_matches('x')
        .parse()
        .unwrap_or_else(|_| "http://unknown.invalid/".parse().unwrap());
    Page {
        url,
        content_type: None,
        body,
        fetched: 0,
    }
}

fn fixtures() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    folders
        .filter_map(|folder| {
            Some(page(
                "https://fixtures.example/",
                fs::read(folder.join("source.html")).ok()?,
            ))
        })
        .collect()
}

fn manifest(folder: &Path) -> Vec<Page> {
    let lines = fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let file = fs::File::open(folder.join(line["html"].as_str().unwrap())).unwrap();
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut body).unwrap();
        page(line["url"].as_str().unwrap(), body)
    };
    lines.lines().map(read).collect()
}

/// CPU time of this thread: from the scheduler where it says, else the clock.
fn now() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let scheduled = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = scheduled.and_then(|line| line.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = now();
    work();
    now().saturating_sub(start).as_secs_f64()
}

fn measure(name: &str, pages: &[Page]) {
    let rules = Rules::builtin();
    let texts: Vec<String> = pages
        .iter()
        .map(|page| copydesk::decode::decode(&page.body, None).text.into_owned())
        .collect();
    let mut ratios = (Vec::new(), Vec::new());
    let mut worst = vec![(f64::MAX, f64::MAX); pages.len()];
    let mut parse_total = 0.0;
    for round in 0..=ROUNDS {
        let (mut parse, mut clean, mut peer) = (0.0, 0.0, 0.0);
        for ((page, text), best) in pages.iter().zip(&texts).zip(&mut worst) {
            let parsing = timed(|| drop(black_box(scraper::Html::parse_document(text))));
            let cleaning = timed(|| drop(black_box(pipeline::clean_page(page, rules))));
            peer += timed(|| {
                let readability =
                    dom_smoothie::Readability::new(text.as_str(), Some(page.url.as_str()), None);
                drop(black_box(
                    readability.and_then(|mut readability| readability.parse()),
                ));
            });
            *best = (best.0.min(parsing), best.1.min(cleaning));
            parse += parsing;
            clean += cleaning;
        }
        // the first round warms up
        if round > 0 {
            ratios.0.push(clean / parse);
            ratios.1.push(peer / parse);
            parse_total = parse;
        }
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let slowest = worst
        .iter()
        .map(|(parse, clean)| clean / parse)
        .fold(0.0, f64::max);
    println!(
        "{name}: {} pages, parse alone {:.0} pages/s; clean {:.2} times that, dom_smoothie {:.2}; slowest page {slowest:.2} times its parse",
        pages.len(),
        pages.len() as f64 / parse_total,
        median(&mut ratios.0),
        median(&mut ratios.1),
    );
}
