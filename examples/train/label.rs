//! From gold text to a label for each block.

use std::collections::HashMap;

use copydesk::document::Document;

/// A block is story when so much of its runs of four words stand in the gold text.
const MIN_SHARE: f32 = 0.6;

fn tokens(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// 1 for blocks that stand in the gold text, in its order; 0 for the others.
pub fn from_text(document: &Document, gold: &str) -> Vec<f32> {
    let gold_tokens = tokens(gold);
    let mut starts: HashMap<&[String], Vec<usize>> = HashMap::new();
    for n in 1..=4 {
        for (at, window) in gold_tokens.windows(n).enumerate() {
            starts.entry(window).or_default().push(at);
        }
    }
    let blocks: Vec<Vec<String>> = document
        .blocks
        .iter()
        .map(|block| tokens(document.text(block)))
        .collect();
    let lines: Vec<Vec<String>> = gold.lines().map(tokens).collect();
    // every place in the gold text where a block may stand: (block, first token, tokens matched)
    let mut places = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        places.extend(
            candidates(block, &starts, &lines)
                .into_iter()
                .map(|(at, matched)| (number, at, matched)),
        );
    }
    let chosen = best_chain(&places);
    let mut labels = vec![0.0; blocks.len()];
    for number in chosen {
        labels[number] = 1.0;
    }
    labels
}

/// Where a block may stand in the gold text, with how many of its tokens match there.
fn candidates(
    block: &[String],
    starts: &HashMap<&[String], Vec<usize>>,
    lines: &[Vec<String>],
) -> Vec<(usize, f32)> {
    const MOST: usize = 12;
    if block.is_empty() {
        return Vec::new();
    }
    if block.len() < 4 {
        let Some(at) = starts.get(block) else {
            return Vec::new();
        };
        // a short block must be a line of its own to count in full
        let is_line = lines.iter().any(|line| line == block);
        let weight = if is_line {
            block.len() as f32
        } else {
            0.3 * block.len() as f32
        };
        return at.iter().take(MOST * 4).map(|at| (*at, weight)).collect();
    }
    let windows: Vec<&[String]> = block.windows(4).collect();
    let known = windows
        .iter()
        .filter(|window| starts.contains_key(**window))
        .count();
    if (known as f32) < MIN_SHARE * windows.len() as f32 {
        return Vec::new();
    }
    let mut votes: HashMap<isize, usize> = HashMap::new();
    for (offset, window) in windows.iter().enumerate() {
        for at in starts.get(*window).into_iter().flatten().take(MOST) {
            *votes.entry(*at as isize - offset as isize).or_default() += 1;
        }
    }
    // words left out or put in shift a block's later runs by a few places
    let near = |start: isize| {
        (start - 8..=start + 8)
            .filter_map(|other| votes.get(&other))
            .sum::<usize>()
    };
    let mut best: Vec<(isize, usize, usize)> =
        votes.iter().map(|(at, count)| (*at, *count, near(*at))).collect();
    best.sort_by_key(|(at, count, near)| (std::cmp::Reverse((*near, *count)), *at));
    best.retain(|(_, _, near)| *near as f32 >= 0.5 * known as f32);
    best.into_iter()
        .take(MOST)
        .map(|(at, _, near)| (at.max(0) as usize, (near as f32).min(known as f32) + 3.0))
        .collect()
}

/// The chain of places, in the order of blocks and of the gold text, that matches most tokens.
fn best_chain(places: &[(usize, usize, f32)]) -> Vec<usize> {
    // places are sorted by block; a Fenwick tree over gold positions would be faster, pages are small enough without
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(places.len());
    for (i, &(block, at, weight)) in places.iter().enumerate() {
        let mut own = (weight, None);
        for j in (0..i).rev() {
            let (other, other_at, other_weight) = places[j];
            let end = other_at as f32 + other_weight * 0.7;
            let fits = other < block && other_at < at && end <= at as f32 + 2.0;
            if fits && best[j].0 + weight > own.0 {
                own = (best[j].0 + weight, Some(j));
            }
        }
        best.push(own);
    }
    let mut chain = Vec::new();
    let mut next = (0..best.len()).max_by(|a, b| best[*a].0.total_cmp(&best[*b].0));
    while let Some(at) = next {
        chain.push(places[at].0);
        next = best[at].1;
    }
    chain
}

/// 1 for blocks that hold a `with` snippet, 0 for those that hold a `without` snippet, NaN for the rest.
pub fn from_snippets(document: &Document, with: &[String], without: &[String]) -> Vec<f32> {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (with, without): (Vec<_>, Vec<_>) = (
        with.iter().map(|s| fold(s)).collect(),
        without.iter().map(|s| fold(s)).collect(),
    );
    document
        .blocks
        .iter()
        .map(|block| {
            let text = fold(document.text(block));
            let holds = |snippets: &[String]| {
                snippets
                    .iter()
                    .any(|snippet| !snippet.is_empty() && text.contains(snippet))
            };
            match (holds(&with), holds(&without)) {
                (true, false) => 1.0,
                (false, true) => 0.0,
                _ => f32::NAN,
            }
        })
        .collect()
}
