//! Gradient-boosted oblivious trees: every level of a tree asks one question of all rows, so a tree is a few comparisons of
//! columns and one look-up (the trees of CatBoost; Prokhorenkova et al., 2018).

use super::features::Features;

/// Levels of a tree at most: a row's leaf fits a byte.
pub const MAX_DEPTH: usize = 8;

/// A sum of trees over a table of features.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forest {
    /// The log-odds before any tree speaks.
    pub bias: f32,
    /// The trees.
    pub trees: Vec<Tree>,
}

/// One tree: a row's leaf is the number whose bits are the answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    /// One question a level.
    pub splits: Vec<Split>,
    /// Log-odds, 2 to the power of the number of levels of them.
    pub leaves: Vec<f32>,
}

/// A question: is this feature larger than that?
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// The feature's column.
    pub feature: u16,
    /// What it is compared with.
    pub threshold: f32,
}

impl Forest {
    /// The log-odds of every row.
    pub fn score(&self, table: &Features) -> Vec<f32> {
        let mut scores = vec![self.bias; table.rows()];
        let mut leaf = vec![0u8; table.rows()];
        for tree in &self.trees {
            tree.find_leaves(table, &mut leaf);
            for (score, leaf) in scores.iter_mut().zip(&leaf) {
                *score += tree.leaves.get(usize::from(*leaf)).copied().unwrap_or(0.0);
            }
        }
        scores
    }

    /// What each feature adds to one row's log-odds: at each level of a tree, the change of the mean of the leaves that
    /// are still open, given to the feature that was asked (Saabas, 2014). Strongest first.
    pub fn contributions(&self, table: &Features, row: usize) -> Vec<(u16, f32)> {
        let mut sums = vec![0.0; table.columns()];
        for tree in &self.trees {
            let mut open: Vec<(usize, f32)> = tree.leaves.iter().copied().enumerate().collect();
            let mut mean = mean(&open);
            for (level, split) in tree.splits.iter().enumerate() {
                let answer = usize::from(
                    table
                        .column(usize::from(split.feature))
                        .get(row)
                        .is_some_and(|v| *v > split.threshold),
                );
                open.retain(|(leaf, _)| leaf >> level & 1 == answer);
                let next = self::mean(&open);
                if let Some(sum) = sums.get_mut(usize::from(split.feature)) {
                    *sum += next - mean;
                }
                mean = next;
            }
        }
        let mut sums: Vec<(u16, f32)> = (0u16..).zip(sums).filter(|(_, sum)| *sum != 0.0).collect();
        sums.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
        sums
    }
}

fn mean(leaves: &[(usize, f32)]) -> f32 {
    leaves.iter().map(|(_, value)| value).sum::<f32>() / leaves.len().max(1) as f32
}

impl Tree {
    fn find_leaves(&self, table: &Features, leaf: &mut [u8]) {
        leaf.fill(0);
        for (level, split) in self.splits.iter().enumerate().take(MAX_DEPTH) {
            for (leaf, value) in leaf.iter_mut().zip(table.column(usize::from(split.feature))) {
                *leaf |= u8::from(*value > split.threshold) << level;
            }
        }
    }
}
