//! Gradient boosting of oblivious trees on binned columns, with logistic loss.

use std::thread;

use copydesk::clean::features::Features;
use copydesk::clean::forest::{Forest, Split, Tree};

/// Bins of a feature; a bin fits a byte.
const BINS: usize = 64;

/// How a forest is grown.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    pub trees: usize,
    pub depth: usize,
    pub rate: f32,
    /// Added to the sum of second derivatives of every leaf.
    pub ridge: f32,
    /// Share of the rows, and of the columns, that a tree sees.
    pub rows: f32,
    pub columns: f32,
    /// So many forests are grown, each from a seed of its own, and their mean taken: few pages make one a matter of luck.
    pub bags: u16,
    pub seed: u64,
}

/// Rows to learn from, column by column.
pub struct Rows {
    columns: Vec<Vec<u8>>,
    /// The upper edge of every bin but the last.
    edges: Vec<Vec<f32>>,
    labels: Vec<f32>,
    weights: Vec<f32>,
}

impl Rows {
    /// Takes the rows of all tables whose label is known and whose weight is not 0.
    pub fn of<'a>(tables: impl Iterator<Item = (&'a Features, Vec<usize>, &'a [f32], &'a [f32])>) -> Self {
        let tables: Vec<_> = tables.collect();
        let width = tables
            .iter()
            .map(|(table, ..)| table.columns())
            .max()
            .unwrap_or(0);
        let mut labels = Vec::new();
        let mut weights = Vec::new();
        for (_, rows, label, weight) in &tables {
            labels.extend(rows.iter().map(|row| label[*row]));
            weights.extend(rows.iter().map(|row| weight[*row]));
        }
        let mut columns = Vec::with_capacity(width);
        let mut edges = Vec::with_capacity(width);
        for column in 0..width {
            let values: Vec<f32> = tables
                .iter()
                .flat_map(|(table, rows, ..)| rows.iter().map(move |row| table.column(column)[*row]))
                .collect();
            let of = bin_edges(&values);
            columns.push(values.iter().map(|value| bin(&of, *value)).collect());
            edges.push(of);
        }
        Self {
            columns,
            edges,
            labels,
            weights,
        }
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }
}

fn bin(edges: &[f32], value: f32) -> u8 {
    u8::try_from(edges.partition_point(|edge| value > *edge)).unwrap_or(u8::MAX)
}

fn bin_edges(values: &[f32]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    let middle = |pair: &[f32]| pair[0] + (pair[1] - pair[0]) / 2.0;
    if distinct.len() <= BINS {
        return distinct.windows(2).map(middle).collect();
    }
    let mut edges: Vec<f32> = (1..BINS).map(|q| sorted[q * sorted.len() / BINS]).collect();
    edges.dedup();
    edges
}

/// Numbers that look random and are the same everywhere (SplitMix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn chance(&mut self, share: f32) -> bool {
        ((self.next() >> 40) as f32) < share * (1u64 << 24) as f32
    }
}

/// Grows a forest: the mean of several.
pub fn grow(rows: &Rows, growth: Growth) -> Forest {
    let mut mean = Forest::default();
    for bag in 0..growth.bags {
        let seed = growth.seed.wrapping_add(u64::from(bag));
        let forest = grow_one(rows, Growth { seed, ..growth });
        mean.bias = forest.bias;
        mean.trees.extend(forest.trees);
    }
    let leaves = mean.trees.iter_mut().flat_map(|tree| &mut tree.leaves);
    leaves.for_each(|leaf| *leaf /= f32::from(growth.bags));
    mean
}

fn grow_one(rows: &Rows, growth: Growth) -> Forest {
    let n = rows.len();
    let mut random = Random(growth.seed);
    let (sum, all) = rows
        .labels
        .iter()
        .zip(&rows.weights)
        .fold((0.0f64, 0.0f64), |(s, a), (label, weight)| {
            (s + f64::from(label * weight), a + f64::from(*weight))
        });
    let mean = (sum / all.max(1e-9)).clamp(1e-3, 1.0 - 1e-3);
    let bias = (mean / (1.0 - mean)).ln() as f32;
    let mut scores = vec![bias; n];
    let mut forest = Forest {
        bias,
        trees: Vec::new(),
    };
    for _ in 0..growth.trees {
        let gradients: Vec<(f32, f32)> = (0..n)
            .map(|i| {
                let p = 1.0 / (1.0 + (-scores[i]).exp());
                let w = rows.weights[i];
                ((p - rows.labels[i]) * w, (p * (1.0 - p)).max(1e-4) * w)
            })
            .collect();
        let sample: Vec<u32> = (0..n as u32).filter(|_| random.chance(growth.rows)).collect();
        let columns: Vec<usize> = (0..rows.columns.len())
            .filter(|_| random.chance(growth.columns))
            .collect();
        let (splits, bins) = grow_splits(rows, &gradients, &sample, &columns, growth);
        if splits.is_empty() {
            continue;
        }
        let leaf_of = |row: usize| {
            bins.iter()
                .enumerate()
                .fold(0usize, |leaf, (level, (column, bin))| {
                    leaf | usize::from(rows.columns[*column][row] > *bin) << level
                })
        };
        let mut sums = vec![(0.0f64, 0.0f64); 1 << splits.len()];
        for &row in &sample {
            let (g, h) = gradients[row as usize];
            let sum = &mut sums[leaf_of(row as usize)];
            *sum = (sum.0 + f64::from(g), sum.1 + f64::from(h));
        }
        let leaves: Vec<f32> = sums
            .iter()
            .map(|(g, h)| (-g / (h + f64::from(growth.ridge))) as f32 * growth.rate)
            .collect();
        for (row, score) in scores.iter_mut().enumerate() {
            *score += leaves[leaf_of(row)];
        }
        forest.trees.push(Tree { splits, leaves });
    }
    forest
}

/// Level by level, the question that gains most over all leaves at once.
fn grow_splits(
    rows: &Rows,
    gradients: &[(f32, f32)],
    sample: &[u32],
    columns: &[usize],
    growth: Growth,
) -> (Vec<Split>, Vec<(usize, u8)>) {
    let mut leaf: Vec<u8> = vec![0; sample.len()];
    let own: Vec<(f32, f32)> = sample.iter().map(|row| gradients[*row as usize]).collect();
    let mut splits = Vec::new();
    let mut bins = Vec::new();
    for level in 0..growth.depth {
        let leaves = 1usize << level;
        let half = columns.len().div_ceil(2);
        let best = thread::scope(|scope| {
            let workers: Vec<_> = columns
                .chunks(half.max(1))
                .map(|chunk| {
                    let (leaf, own) = (&leaf, &own);
                    scope.spawn(move || best_split(rows, chunk, sample, leaf, own, leaves, growth.ridge))
                })
                .collect();
            workers
                .into_iter()
                .filter_map(|worker| worker.join().ok().flatten())
                .reduce(|a, b| if b.0 > a.0 { b } else { a })
        });
        let Some((_, column, bin)) = best.filter(|(gain, ..)| *gain > 1e-6) else {
            break;
        };
        for (leaf, row) in leaf.iter_mut().zip(sample) {
            *leaf |= u8::from(rows.columns[column][*row as usize] > bin) << level;
        }
        splits.push(Split {
            feature: column as u16,
            threshold: rows.edges[column][usize::from(bin)],
        });
        bins.push((column, bin));
    }
    (splits, bins)
}

fn best_split(
    rows: &Rows,
    columns: &[usize],
    sample: &[u32],
    leaf: &[u8],
    own: &[(f32, f32)],
    leaves: usize,
    ridge: f32,
) -> Option<(f64, usize, u8)> {
    let mut best: Option<(f64, usize, u8)> = None;
    let mut sums = vec![(0.0f32, 0.0f32); leaves * BINS];
    for &column in columns {
        if rows.edges[column].is_empty() {
            continue;
        }
        sums.fill((0.0, 0.0));
        let values = &rows.columns[column];
        for ((row, leaf), (g, h)) in sample.iter().zip(leaf).zip(own) {
            let sum = &mut sums[usize::from(*leaf) * BINS + usize::from(values[*row as usize])];
            sum.0 += g;
            sum.1 += h;
        }
        let mut gains = [0.0f64; BINS];
        for of_leaf in sums.chunks(BINS) {
            let (all_g, all_h) = of_leaf.iter().fold((0.0f64, 0.0f64), |(a, b), (g, h)| {
                (a + f64::from(*g), b + f64::from(*h))
            });
            let score = |g: f64, h: f64| g * g / (h + f64::from(ridge));
            let whole = score(all_g, all_h);
            let (mut g, mut h) = (0.0, 0.0);
            for (bin, sum) in of_leaf.iter().enumerate() {
                g += f64::from(sum.0);
                h += f64::from(sum.1);
                gains[bin] += score(g, h) + score(all_g - g, all_h - h) - whole;
            }
        }
        for bin in 0..rows.edges[column].len() {
            if best.is_none_or(|(gain, ..)| gains[bin] > gain) {
                best = Some((gains[bin], column, bin as u8));
            }
        }
    }
    best
}
