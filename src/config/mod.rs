//! Stub, replaced at the merge.
#![expect(clippy::todo, reason = "stub")]
use std::path::{Path, PathBuf};

/// Stub.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Stub.
    pub store: PathBuf,
    /// Stub.
    pub selectors: Option<PathBuf>,
    /// Stub.
    pub sources: Vec<Source>,
}

/// Stub.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Stub.
    pub name: String,
}

/// Stub.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl Config {
    /// Stub.
    pub fn load(_path: &Path) -> Result<Self, ConfigError> {
        todo!()
    }
}
