//! Selector files to [`Rules`].

use std::path::Path;

/// All rules of one program: compiled-in files, overlaid by a directory. Immutable, shared by all workers.
#[derive(Debug)]
pub struct Rules {}

/// Why the selector files could not be loaded: each line names file, line and text.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RulesError(pub String);

#[expect(clippy::todo, reason = "skeleton")]
impl Rules {
    /// The files compiled into the program.
    pub fn builtin() -> &'static Self {
        todo!()
    }
    /// The compiled-in files, overlaid by those of a directory laid out as `selectors/`.
    pub fn with_overlay(_dir: &Path) -> Result<Self, RulesError> {
        todo!()
    }
}
