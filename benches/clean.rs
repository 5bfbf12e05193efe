//! What cleaning costs, as a ratio of CPU time to `scraper::Html::parse_document` alone on the same pages in the same run, with a
//! peer (dom_smoothie) beside it.
//!
//!     cargo bench --bench clean [-- [--pages N] [--peer] DATA...]
//!
//! DATA are folders with `manifest.jsonl` (`{"id","url","html"}`, gzip pages beside it); without any, the fixture pages.
//! N pages of each are measured, evenly spread (default 200; 0 is all). Parsing and cleaning take turns page by page, so that a
//! machine whose speed drifts treats them alike; the median of the rounds counts, for single pages the best of the rounds.

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

use copydesk::fetch::Page;
use copydesk::pipeline;
use copydesk::rules::Rules;
use rustix::time::{ClockId, clock_gettime};

/// Rounds that count; one before them warms up.
const ROUNDS: usize = 5;
/// Pages of a folder, where `--pages` does not say.
const PAGES: usize = 200;
/// Bytes of a megabyte.
const MEGABYTE: f64 = 1e6;

struct Sample {
    id: String,
    page: Page,
}

struct Options {
    pages: usize,
    peer: bool,
    folders: Vec<String>,
}

fn main() {
    let options = options();
    if options.folders.is_empty() {
        measure("fixtures", &fixtures(), options.peer);
    }
    for folder in &options.folders {
        let samples = manifest(Path::new(folder), options.pages);
        measure(folder, &samples, options.peer);
    }
}

fn options() -> Options {
    let mut options = Options {
        pages: PAGES,
        peer: false,
        folders: Vec::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--pages" => options.pages = args.next().unwrap().parse().unwrap(),
            "--peer" => options.peer = true,
            // Cargo itself adds `--bench`.
            flag if flag.starts_with("--") => {}
            _ => options.folders.push(arg),
        }
    }
    options
}

fn sample(id: &str, url: &str, body: Vec<u8>) -> Sample {
    let url = url
        .trim_start_matches('x')
        .parse()
        .unwrap_or_else(|_| "http://unknown.invalid/".parse().unwrap());
    Sample {
        id: id.to_owned(),
        page: Page {
            url,
            content_type: None,
            body,
            fetched: 0,
        },
    }
}

fn fixtures() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    folders
        .filter_map(|folder| {
            let body = fs::read(folder.join("source.html")).ok()?;
            let id = folder.file_name()?.to_string_lossy().into_owned();
            Some(sample(&id, "https://fixtures.example/", body))
        })
        .collect()
}

fn manifest(folder: &Path, pages: usize) -> Vec<Sample> {
    let lines = fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let file = fs::File::open(folder.join(line["html"].as_str().unwrap())).unwrap();
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut body).unwrap();
        sample(line["id"].as_str().unwrap(), line["url"].as_str().unwrap(), body)
    };
    let all = lines.lines().count();
    let wanted = if pages == 0 { all } else { pages.min(all) };
    let is_wanted = |at: usize| (at + 1) * wanted / all > at * wanted / all;
    let chosen = lines.lines().enumerate().filter(|(at, _)| is_wanted(*at));
    chosen.map(|(_, line)| read(line)).collect()
}

/// CPU time of this thread so far, in seconds.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = now();
    work();
    now() - start
}

fn peer(samples: &[Sample], texts: &[String]) -> f64 {
    let one = |(sample, text): (&Sample, &String)| {
        timed(|| {
            let url = Some(sample.page.url.as_str());
            let readability = dom_smoothie::Readability::new(text.as_str(), url, None);
            drop(black_box(readability.and_then(|mut page| page.parse())));
        })
    };
    samples.iter().zip(texts).map(one).sum()
}

/// The best times of one page, in seconds.
#[derive(Clone, Copy)]
struct Best {
    parse: f64,
    clean: f64,
}

fn measure(name: &str, samples: &[Sample], with_peer: bool) {
    let rules = Rules::builtin();
    let texts: Vec<String> = samples
        .iter()
        .map(|sample| {
            copydesk::decode::decode(&sample.page.body, None)
                .text
                .into_owned()
        })
        .collect();
    let mut ratios = Vec::new();
    let mut parse_total = 0.0;
    let no_time = Best {
        parse: f64::MAX,
        clean: f64::MAX,
    };
    let mut best = vec![no_time; samples.len()];
    for round in 0..=ROUNDS {
        let (mut parse, mut clean) = (0.0, 0.0);
        for ((sample, text), best) in samples.iter().zip(&texts).zip(&mut best) {
            let parsing = timed(|| drop(black_box(scraper::Html::parse_document(text))));
            let cleaning = timed(|| drop(black_box(pipeline::clean_page(&sample.page, rules))));
            best.parse = best.parse.min(parsing);
            best.clean = best.clean.min(cleaning);
            parse += parsing;
            clean += cleaning;
        }
        if round > 0 {
            ratios.push(clean / parse);
            parse_total = parse;
        }
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "{name}: {} pages, parse alone {:.0} pages/s; clean {:.2} times that ({:.2} to {:.2})",
        samples.len(),
        samples.len() as f64 / parse_total,
        ratios[ratios.len() / 2],
        ratios[0],
        ratios[ratios.len() - 1],
    );
    if with_peer {
        println!(
            "  dom_smoothie {:.2} times that",
            peer(samples, &texts) / parse_total
        );
    }
    worst("times its own parse", samples, &best, |_, best| {
        best.clean / best.parse
    });
    worst("ms per MB", samples, &best, |sample, best| {
        best.clean * 1e3 / (sample.page.body.len() as f64 / MEGABYTE)
    });
}

/// Prints the three slowest pages by one measure.
fn worst(unit: &str, samples: &[Sample], best: &[Best], cost: impl Fn(&Sample, &Best) -> f64) {
    let rows = samples.iter().zip(best);
    let mut rows: Vec<_> = rows
        .map(|(sample, best)| (cost(sample, best), sample, best))
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (cost, sample, best) in rows.iter().take(3) {
        println!(
            "  slowest: {cost:.2} {unit}: {} ({} KB, parse {:.2} ms, clean {:.2} ms)",
            sample.id,
            sample.page.body.len() / 1000,
            best.parse * 1e3,
            best.clean * 1e3,
        );
    }
}
