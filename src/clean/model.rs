//! The body model: a forest in one small file.
//!
//! The file is a line of JSON (what it is, what it was trained on, what it scored), a line feed, and the forest in
//! little-endian binary: bias, number of trees, then per tree its splits (feature, threshold) and leaves. It holds no text
//! of the pages it was trained on.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::features::{self, Features, Input};
use super::forest::{Forest, MAX_DEPTH, Split, Tree};

/// The version of the file format and of the feature tables.
pub const MODEL_VERSION: u32 = 1;

/// The explain view names so many features of a block.
const GROUNDS: usize = 3;

static BUILTIN: &[u8] = include_bytes!("body.model");

/// What the model leans to where it is not sure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Favor {
    /// Rather lose a line of the story than leave boilerplate in.
    Precision,
    /// Neither.
    #[default]
    Balanced,
    /// Rather leave boilerplate in than lose a line of the story.
    Recall,
}

/// What a model file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`MODEL_VERSION`].
    pub version: u32,
    /// Columns of the table of features.
    pub columns: usize,
    /// What it was trained on: sets, pages, sites, seed.
    pub trained_on: String,
    /// What it scored, cross-validated by site.
    pub scored: String,
}

/// A trained model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// What it says of itself.
    pub header: Header,
    /// The trees.
    pub forest: Forest,
}

/// A model's opinion on a page.
#[derive(Debug)]
pub struct Opinion {
    /// The chance that each block is story, 0 to 1.
    pub chances: Vec<f32>,
    /// What it saw, for explaining.
    pub table: Features,
}

impl Favor {
    /// A block is kept from this chance on.
    pub fn threshold(self) -> f32 {
        match self {
            Self::Precision => 0.75,
            Self::Balanced => 0.5,
            Self::Recall => 0.25,
        }
    }
}

impl Model {
    /// The model compiled into the program.
    pub fn builtin() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        // a test reads the file
        MODEL.get_or_init(|| Self::read(BUILTIN).unwrap_or_default())
    }

    /// What spoke for and against keeping one block, strongest first: the names of features and what each added to the log-odds.
    pub fn grounds(&self, opinion: &Opinion, at: usize) -> Vec<(&'static str, f32)> {
        let contributions = self.forest.contributions(&opinion.table, at);
        let named = contributions.into_iter().take(GROUNDS);
        named
            .filter_map(|(feature, sum)| Some((features::names().get(usize::from(feature))?.as_str(), sum)))
            .collect()
    }

    /// What the model thinks of every block.
    pub fn judge(&self, input: Input<'_>) -> Opinion {
        let table = features::features(input, false);
        let chances = self.forest.score(&table).into_iter().map(probability).collect();
        Opinion { chances, table }
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(file: &[u8]) -> Result<Self, String> {
        let end = memchr::memchr(b'\n', file).ok_or("the model file has no header line")?;
        let header: Header =
            serde_json::from_slice(&file[..end]).map_err(|error| format!("the model's header: {error}"))?;
        if header.version != MODEL_VERSION {
            return Err(format!(
                "a model of version {}; this program reads {MODEL_VERSION}",
                header.version
            ));
        }
        let mut reader = Reader {
            rest: &file[end + 1..],
        };
        let forest = reader.forest(header.columns)?;
        if reader.rest.is_empty() {
            Ok(Self { header, forest })
        } else {
            Err("bytes after the model".to_owned())
        }
    }

    /// The bytes of the model file.
    pub fn write(&self) -> Vec<u8> {
        let mut file = serde_json::to_vec(&self.header).unwrap_or_default();
        file.push(b'\n');
        write_forest(&self.forest, &mut file);
        file
    }
}

/// The chance that log-odds stand for.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn write_forest(forest: &Forest, file: &mut Vec<u8>) {
    file.extend(forest.bias.to_le_bytes());
    file.extend(
        u32::try_from(forest.trees.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    for tree in &forest.trees {
        file.push(u8::try_from(tree.splits.len()).unwrap_or(u8::MAX));
        for split in &tree.splits {
            file.extend(split.feature.to_le_bytes());
            file.extend(split.threshold.to_le_bytes());
        }
        tree.leaves
            .iter()
            .for_each(|leaf| file.extend(leaf.to_le_bytes()));
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or("the model file is cut short")?;
        self.rest = rest;
        Ok(*head)
    }

    fn float(&mut self) -> Result<f32, String> {
        self.bytes().map(f32::from_le_bytes)
    }

    fn forest(&mut self, columns: usize) -> Result<Forest, String> {
        let bias = self.float()?;
        let count = u32::from_le_bytes(self.bytes()?);
        let mut trees = Vec::new();
        for _ in 0..count {
            trees.push(self.tree(columns)?);
        }
        Ok(Forest { bias, trees })
    }

    fn tree(&mut self, columns: usize) -> Result<Tree, String> {
        let [depth] = self.bytes()?;
        let depth = usize::from(depth);
        if depth > MAX_DEPTH {
            return Err(format!("a tree of {depth} levels; there are at most {MAX_DEPTH}"));
        }
        let mut splits = Vec::with_capacity(depth);
        for _ in 0..depth {
            let feature = u16::from_le_bytes(self.bytes()?);
            if usize::from(feature) >= columns {
                return Err(format!("a split on column {feature} of {columns}"));
            }
            splits.push(Split {
                feature,
                threshold: self.float()?,
            });
        }
        let leaves = (0..1 << depth).map(|_| self.float()).collect::<Result<_, _>>()?;
        Ok(Tree { splits, leaves })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_model_reads_and_fits_the_features() {
        let model = Model::read(BUILTIN).unwrap();
        assert_eq!(model.header.columns, features::names().len());
        assert!(!model.forest.trees.is_empty());
        assert_eq!(model.write(), BUILTIN);
    }

    #[test]
    fn a_damaged_model_is_refused_in_words() {
        for cut in [0, 1, BUILTIN.len() / 2, BUILTIN.len() - 1] {
            assert!(Model::read(&BUILTIN[..cut]).is_err(), "{cut}");
        }
    }
}
