//! Pages with what a person says is the article, as rows to learn from.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use copydesk::clean::Outline;
use copydesk::clean::features::{self, Features};
use copydesk::document::Document;
use copydesk::fetch::Page;
use copydesk::pipeline;
use copydesk::rules::Rules;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::label;

/// One page.
pub struct Sample {
    pub set: String,
    pub id: String,
    pub site: String,
    pub document: Document,
    pub prepared: copydesk::clean::Prepared,
    pub table: Features,
    /// 1 story, 0 boilerplate, NaN unknown.
    pub labels: Vec<f32>,
    /// Whether the label is no mistake, as far as pages of other sites tell.
    pub trusted: Vec<bool>,
    /// How much each block counts.
    pub weights: Vec<f32>,
    pub title: Option<String>,
}

#[derive(Deserialize)]
struct ManifestLine {
    id: String,
    url: String,
    html: String,
}

#[derive(Deserialize)]
struct GoldLine {
    id: String,
    text: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

/// Sets and how much a page of each counts: news pages more than blogs, pages with snippets alone less.
pub const SETS: [(&str, f32); 4] = [
    ("wcxb", 1.0),
    ("publishers", 2.5),
    ("fundus", 2.5),
    ("trafilatura", 0.5),
];

/// Reads all sets under a folder.
pub fn load(root: &Path, rules: &Rules) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (set, weight) in SETS {
        let folder = root.join(set);
        let Ok(gold) = fs::read_to_string(folder.join("gold.jsonl")) else {
            continue;
        };
        let gold: Vec<GoldLine> = gold
            .lines()
            .map(|line| serde_json::from_str(line).expect("a gold line"))
            .collect();
        let manifest =
            fs::read_to_string(folder.join("manifest.jsonl")).expect("a manifest beside gold.jsonl");
        for line in manifest.lines() {
            let line: ManifestLine = serde_json::from_str(line).expect("a manifest line");
            let gold = gold
                .iter()
                .find(|gold| gold.id == line.id)
                .expect("gold for every page");
            samples.extend(sample(set, weight, &folder, &line, gold, rules));
        }
    }
    samples
}

fn sample(
    set: &str,
    weight: f32,
    folder: &Path,
    line: &ManifestLine,
    gold: &GoldLine,
    rules: &Rules,
) -> Option<Sample> {
    let mut body = Vec::new();
    let file = File::open(folder.join(&line.html)).expect("the page of a manifest line");
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut body)
        .expect("a gzip page");
    let url = line
        .url
        .trim_start_matches('x')
        .parse()
        .or_else(|_| "http://unknown.invalid/".parse())
        .ok()?;
    let site = copydesk::dedupe::site_of(&url);
    let page = Page {
        url,
        content_type: None,
        body,
        fetched: 0,
    };
    let (document, prepared, fields) = pipeline::open_page(&page, rules).ok()?;
    let table = features::features(prepared.input(&document), false);
    let labels = match &gold.text {
        Some(text) => label::from_text(&document, text),
        None => label::from_snippets(&document, &gold.with, &gold.without),
    };
    let weights = weights(&prepared.outline, &labels, weight);
    Some(Sample {
        set: set.to_owned(),
        id: line.id.clone(),
        site,
        document,
        prepared,
        table,
        trusted: vec![true; labels.len()],
        labels,
        weights,
        title: fields.title,
    })
}

/// Every page counts the same, a block by the root of its length.
fn weights(outline: &Outline, labels: &[f32], page: f32) -> Vec<f32> {
    let raw: Vec<f32> = outline
        .measures
        .iter()
        .zip(labels)
        .map(|(row, label)| {
            if label.is_nan() {
                0.0
            } else {
                (row.words as f32 + 3.0).sqrt()
            }
        })
        .collect();
    let sum: f32 = raw.iter().sum::<f32>().max(1.0);
    raw.into_iter()
        .map(|weight| weight / sum * page * 100.0)
        .collect()
}

/// The fold of a site: pages of one site are never on both sides.
pub fn fold(site: &str, folds: usize, seed: u64) -> usize {
    let digest = Sha256::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(site.as_bytes())
        .finalize();
    digest
        .iter()
        .take(4)
        .fold(0usize, |sum, byte| sum << 8 | usize::from(*byte))
        % folds
}
