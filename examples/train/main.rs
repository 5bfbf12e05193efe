//! Trains the body model and says what it scores, cross-validated by site.
//!
//!     cargo run --release --example train -- DATA [--out FILE] [--predictions DIR] [--losses]
//!
//! DATA is a folder of sets, each with `manifest.jsonl` (`{"id","url","html"}`, gzip pages beside it) and `gold.jsonl`
//! (`{"id","text"}`, or snippets `"with"` and `"without"`). The same data give the same model, byte for byte.
//! `--losses` trains nothing and says what the steps before the model cost: which rule drops blocks of stories.
//! `--predictions` writes what the models say of the pages that they were not trained on, one file a set.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    clippy::similar_names,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    missing_docs,
    reason = "a tool for developers"
)]

mod boost;
mod data;
mod label;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use copydesk::clean::forest::Forest;
use copydesk::clean::model::{Header, MODEL_VERSION, Model, probability};
use copydesk::clean::{self, Favor};
use copydesk::rules::Rules;

use boost::{Growth, Rows};
use data::Sample;

const FOLDS: usize = 5;
const SEED: u64 = 20_261_124;
const GROWTH: Growth = Growth {
    trees: 240,
    depth: 6,
    rate: 0.1,
    ridge: 4.0,
    rows: 0.6,
    columns: 0.3,
    bags: 3,
    seed: SEED,
};

/// How the forests are grown that look for mistakes of the gold text.
const FIRST: Growth = Growth {
    trees: 120,
    rate: 0.15,
    bags: 1,
    ..GROWTH
};
/// A label that differs so much from the chance that pages of other sites give is a mistake.
const MISTAKE: f32 = 0.95;

struct Options {
    data: PathBuf,
    out: Option<PathBuf>,
    predictions: Option<PathBuf>,
    losses: bool,
}

fn options() -> Result<Options, String> {
    let mut args = env::args().skip(1);
    let mut options = Options {
        data: PathBuf::new(),
        out: None,
        predictions: None,
        losses: false,
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--out" => options.out = args.next().map(PathBuf::from),
            "--losses" => options.losses = true,
            "--predictions" => options.predictions = args.next().map(PathBuf::from),
            _ if options.data.as_os_str().is_empty() => options.data = PathBuf::from(arg),
            _ => return Err(format!("unknown argument {arg:?}")),
        }
    }
    if options.data.is_dir() {
        Ok(options)
    } else {
        Err("usage: train DATA [--out FILE] [--predictions DIR] [--losses]".to_owned())
    }
}

fn main() -> Result<(), String> {
    let options = options()?;
    let mut samples = data::load(&options.data, Rules::builtin());
    let folds: Vec<usize> = samples
        .iter()
        .map(|sample| data::fold(&sample.site, FOLDS, SEED))
        .collect();
    let sites: BTreeSet<&str> = samples.iter().map(|sample| sample.site.as_str()).collect();
    let trained_on = format!("{} pages of {} sites, seed {SEED}", samples.len(), sites.len());
    eprintln!("{trained_on}");
    if let Some(dir) = &options.predictions {
        let labels: Vec<Vec<f32>> = samples.iter().map(|s| s.labels.clone()).collect();
        write_predictions(&dir.join("oracle"), &samples, &labels)?;
    }
    if options.losses {
        losses(&samples);
        return Ok(());
    }

    // What pages of other sites contradict so clearly is a mistake of the gold text: it is not learned from.
    let first = cross_validated(&samples, &folds, FIRST);
    for (sample, chances) in samples.iter_mut().zip(&first) {
        for ((trusted, label), chance) in sample.trusted.iter_mut().zip(&sample.labels).zip(chances) {
            *trusted = (*chance - *label).abs() <= MISTAKE;
        }
    }
    let chances = cross_validated(&samples, &folds, GROWTH);
    let scored = report(&samples, &chances);
    if let Some(dir) = &options.predictions {
        write_predictions(dir, &samples, &chances)?;
    }
    if let Some(out) = &options.out {
        let forest = forest(&samples, GROWTH, &|_| true);
        let columns = samples.first().map_or(0, |sample| sample.table.columns());
        let header = Header {
            version: MODEL_VERSION,
            columns,
            trained_on,
            scored,
        };
        fs::write(out, Model { header, forest }.write())
            .map_err(|error| format!("{}: {error}", out.display()))?;
    }
    Ok(())
}

/// What the rules before the model cost: the blocks of stories that each of them drops, and the others.
fn losses(samples: &[Sample]) {
    let mut counts: BTreeMap<String, (usize, usize, String)> = BTreeMap::new();
    for sample in samples {
        for at in
            (0..sample.labels.len()).filter(|at| sample.prepared.dropped[*at] && !sample.labels[*at].is_nan())
        {
            let Some(reason) = sample.prepared.reason(at) else {
                continue;
            };
            let row = counts.entry(reason.describe(Rules::builtin())).or_default();
            if sample.labels[at] > 0.5 {
                row.0 += 1;
                let text: String = sample.document.text_at(at).chars().take(70).collect();
                row.2 = format!("{} {text}", sample.id);
            } else {
                row.1 += 1;
            }
        }
    }
    let mut rows: Vec<_> = counts.into_iter().filter(|(_, (lost, ..))| *lost > 0).collect();
    rows.sort_by_key(|(_, (lost, ..))| std::cmp::Reverse(*lost));
    println!("story  other  reason");
    for (reason, (lost, other, example)) in rows {
        println!("{lost:5} {other:6}  {reason}: {example}");
    }
}

/// The blocks to learn from: those that no earlier step decides, with a label.
fn open_rows(sample: &Sample) -> Vec<usize> {
    (0..sample.labels.len())
        .filter(|at| sample.prepared.open[*at] && !sample.labels[*at].is_nan())
        .collect()
}

/// Every page's chances by a forest that has not seen its site.
fn cross_validated(samples: &[Sample], folds: &[usize], growth: Growth) -> Vec<Vec<f32>> {
    let mut chances: Vec<Vec<f32>> = vec![Vec::new(); samples.len()];
    for fold in 0..FOLDS {
        let forest = forest(samples, growth, &|at| folds[at] != fold);
        for at in (0..samples.len()).filter(|at| folds[*at] == fold) {
            let scores = forest.score(&samples[at].table);
            chances[at] = scores.into_iter().map(probability).collect();
        }
        eprintln!("fold {} of {FOLDS}", fold + 1);
    }
    chances
}

fn forest(samples: &[Sample], growth: Growth, include: &dyn Fn(usize) -> bool) -> Forest {
    let chosen = samples.iter().enumerate().filter(|(at, _)| include(*at));
    let trusted = |s: &Sample| open_rows(s).into_iter().filter(|at| s.trusted[*at]).collect();
    let rows =
        Rows::of(chosen.map(|(_, s)| (&s.table, trusted(s), s.labels.as_slice(), s.weights.as_slice())));
    boost::grow(&rows, growth)
}

/// Weighted accuracy, for the header.
fn report(samples: &[Sample], chances: &[Vec<f32>]) -> String {
    let (mut all, mut right) = (0.0f64, 0.0f64);
    for (sample, chances) in samples.iter().zip(chances) {
        for row in open_rows(sample) {
            let weight = f64::from(sample.weights[row]);
            all += weight;
            right += if (chances[row] > 0.5) == (sample.labels[row] > 0.5) {
                weight
            } else {
                0.0
            };
        }
    }
    let scored = format!("block accuracy {:.4}, {FOLDS} folds by site", right / all);
    println!("{scored}");
    scored
}

/// One line a page, as `score.py` reads it.
fn write_predictions(dir: &Path, samples: &[Sample], chances: &[Vec<f32>]) -> Result<(), String> {
    fs::create_dir_all(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    for (set, _) in data::SETS {
        let path = dir.join(format!("{set}.jsonl"));
        let mut file = fs::File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for (sample, chances) in samples
            .iter()
            .zip(chances)
            .filter(|(sample, _)| sample.set == set)
        {
            let line =
                serde_json::json!({"id": sample.id, "text": text(sample, chances), "title": sample.title});
            writeln!(file, "{line}").map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

fn text(sample: &Sample, chances: &[f32]) -> String {
    let verdicts = clean::settle(
        &sample.document,
        &mut sample.prepared.clone(),
        Some(chances),
        Favor::Balanced,
    );
    let blocks = sample.document.blocks.iter().zip(verdicts);
    let kept = blocks.filter(|(_, verdict)| verdict.keep);
    kept.map(|(block, _)| sample.document.text(block))
        .collect::<Vec<_>>()
        .join("\n")
}
