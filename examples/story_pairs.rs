//! How well versions of a story are told from other stories: `cargo run --release --example story_pairs -- GOLD.jsonl...`.
//!
//! Takes texts (a JSON line each, with `paragraphs` or `text`), edits them as editors do at several strengths, and prints how many
//! of the pairs meet in their sketches and are taken for one story, by how much they share, and how many pairs of different
//! texts are. All figures are given for the odd and the even texts apart. `SHOW=1` names the latter pairs.
#![expect(clippy::print_stdout, reason = "a report")]

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

use copydesk::article::{Block, BlockKind};
use copydesk::dedupe::{MIN_SHARED, Shingles};
use serde_json::Value;

/// Shorter texts, in words, are no stories.
const MIN_WORDS: usize = 120;

fn main() -> Result<(), Box<dyn Error>> {
    let mut texts = Vec::new();
    for file in std::env::args().skip(1) {
        for line in std::fs::read_to_string(&file)?.lines() {
            let row: Value = serde_json::from_str(line)?;
            let paragraphs: Vec<String> = match (&row["paragraphs"], &row["text"]) {
                (Value::Array(all), _) => all
                    .iter()
                    .filter_map(|text| text.as_str().map(str::to_owned))
                    .collect(),
                (_, Value::String(text)) => text.lines().map(str::to_owned).collect(),
                _ => continue,
            };
            if words(&paragraphs) >= MIN_WORDS {
                texts.push(paragraphs);
            }
        }
    }
    for half in 0..2 {
        let texts: Vec<_> = texts.iter().skip(half).step_by(2).cloned().collect();
        println!("half {half}: {} texts", texts.len());
        recall(&texts);
        precision(&texts);
    }
    Ok(())
}

fn words(paragraphs: &[String]) -> usize {
    paragraphs
        .iter()
        .map(|text| text.split_whitespace().count())
        .sum()
}

fn shingles(paragraphs: &[String]) -> Shingles {
    let blocks: Vec<Block> = paragraphs
        .iter()
        .map(|text| Block {
            kind: BlockKind::Paragraph,
            text: text.clone(),
        })
        .collect();
    Shingles::of(&blocks)
}

/// What an editor makes of a text, by kind and strength (0 to 1). `other` is where a local lead comes from.
fn edits(text: &[String], other: &[String]) -> Vec<(&'static str, Vec<String>)> {
    let mut all = Vec::new();
    for strength in [0.2, 0.4, 0.6] {
        let part = |share: f64| ((text.len() as f64 * share).ceil() as usize).clamp(1, text.len());
        all.push(("trimmed end", text[..part(1.0 - strength)].to_vec()));
        let lead = ((other.len() as f64 * strength * 0.5).ceil() as usize).min(other.len());
        all.push((
            "local lead",
            [&other[..lead], &text[part(strength * 0.3)..]].concat(),
        ));
        let (from, to) = (part(0.3), part(0.3 + strength * 0.6));
        all.push((
            "cut middle",
            [&text[..from], &text[to.min(text.len())..]].concat(),
        ));
        let every = (12.0 / strength) as usize;
        all.push(("words changed", changed(text, every)));
        all.push(("merged paragraphs", vec![text.join(" ")]));
        all.push((
            "boilerplate around",
            [&other[other.len() - lead..], text, &other[..lead]].concat(),
        ));
    }
    all
}

/// Every so many words another: spelling, numbers, names.
fn changed(text: &[String], every: usize) -> Vec<String> {
    let mut at = 0;
    let word = |word: &str, at: &mut usize| {
        *at += 1;
        if (*at).is_multiple_of(every) {
            format!("{word}x")
        } else {
            word.to_owned()
        }
    };
    text.iter()
        .map(|text| {
            text.split_whitespace()
                .map(|w| word(w, &mut at))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

fn recall(texts: &[Vec<String>]) {
    let mut by_share: BTreeMap<(u32, bool), (u32, u32)> = BTreeMap::new();
    let mut by_kind: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        let whole = shingles(text);
        let sketch = whole.sketch();
        for (kind, version) in edits(text, &texts[(at + 1) % texts.len()]) {
            let version = shingles(&version);
            if !version.is_telling() {
                continue;
            }
            let like = whole.likeness(&version);
            let shared = version
                .sketch()
                .iter()
                .filter(|part| sketch.binary_search(part).is_ok())
                .count();
            let found = shared >= MIN_SHARED && like.is_same_story();
            let asked = like.resemblance >= 0.5 || like.containment >= 0.8;
            let share = (like.resemblance * 10.0).floor() as u32;
            for count in [
                by_share.entry((share, asked)).or_default(),
                by_kind
                    .entry(if asked { kind } else { "not asked for" })
                    .or_default(),
            ] {
                count.0 += u32::from(found);
                count.1 += 1;
            }
        }
    }
    for ((share, asked), (found, all)) in by_share {
        let asked = if asked { "asked for" } else { "" };
        println!("  resemblance 0.{share}: {found} of {all} found {asked}");
    }
    for (kind, (found, all)) in by_kind {
        println!(
            "  {kind}: {found} of {all} = {:.4}",
            f64::from(found) / f64::from(all)
        );
    }
}

/// All pairs of different texts whose sketches meet.
fn precision(texts: &[Vec<String>]) {
    let all: Vec<Shingles> = texts.iter().map(|text| shingles(text)).collect();
    let mut carriers: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, shingles) in all.iter().enumerate() {
        for part in shingles.sketch() {
            carriers.entry(part).or_default().push(at);
        }
    }
    let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
    for at in carriers.values() {
        for (number, one) in at.iter().enumerate() {
            for other in &at[number + 1..] {
                *shared.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    let candidates: Vec<_> = shared
        .into_iter()
        .filter(|(_, count)| *count >= MIN_SHARED)
        .map(|(pair, _)| pair)
        .collect();
    let mut same = 0;
    for (one, other) in &candidates {
        let like = all[*one].likeness(&all[*other]);
        if like.is_same_story() {
            same += 1;
            if std::env::var_os("SHOW").is_some() {
                println!(
                    "    {:.2} {:.2} | {:.70} | {:.70}",
                    like.resemblance,
                    like.containment,
                    texts[*one].concat(),
                    texts[*other].concat()
                );
            }
        }
    }
    println!(
        "  different texts: {} candidates, {same} taken for one story",
        candidates.len()
    );
}
