//! Selector files as their authors see them: checked, warned about, put into form.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::SourceFile;
use super::{Rules, RulesError, format, lint, load};

/// A directory laid out as `selectors/`, or the files compiled into the program.
#[derive(Debug)]
pub struct SelectorDir {
    path: Option<PathBuf>,
    files: Vec<SourceFile>,
}

/// A file that is not in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unformatted {
    /// The file.
    pub path: PathBuf,
    /// Its text in canonical form.
    pub formatted: String,
}

impl SelectorDir {
    /// The files compiled into the program.
    pub fn builtin() -> Self {
        Self {
            path: None,
            files: load::builtin_files(),
        }
    }

    /// The files of a directory.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(path: &Path) -> Result<Self, RulesError> {
        let files = load::directory_files(path).map_err(|problem| RulesError(vec![problem]))?;
        Ok(Self {
            path: Some(path.to_path_buf()),
            files: files.into_iter().map(|(_, file)| file).collect(),
        })
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Loads all files strictly, with those of the program below them, and tells what in them is hardly meant: a line each,
    /// with file, line, column and key.
    ///
    /// # Errors
    /// Every mistake in them.
    pub fn warnings(&self) -> Result<Vec<String>, RulesError> {
        let _: Rules = match &self.path {
            Some(path) => Rules::with_overlay(path)?,
            None => load::rules(load::builtin_files(), |_| true)?,
        };
        let builtin = load::builtin_files();
        let is_common = |file: &&SourceFile| file.stem() == "common";
        let common = self
            .files
            .iter()
            .find(is_common)
            .or_else(|| builtin.iter().find(is_common));
        let common = common.map(lint::common_selectors).unwrap_or_default();
        let warnings = self.of_sites().flat_map(|file| lint::warnings(file, &common));
        Ok(warnings.collect())
    }

    /// The files of sites and publishing systems that are not in canonical form.
    ///
    /// # Errors
    /// Every file that is no TOML, or has tables inside lines.
    pub fn unformatted(&self) -> Result<Vec<Unformatted>, RulesError> {
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for file in self.of_sites() {
            match format::formatted(file) {
                Ok(formatted) if formatted != file.text() => found.push(Unformatted {
                    path: PathBuf::from(&file.name),
                    formatted,
                }),
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(found)
        } else {
            Err(RulesError(errors))
        }
    }

    fn of_sites(&self) -> impl Iterator<Item = &SourceFile> {
        let files = self.files.iter();
        files.filter(|file| matches!(file.folder(), "sites" | "cms"))
    }
}

impl Unformatted {
    /// Writes the canonical form: into a new file beside it, which then takes its place.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self) -> std::io::Result<()> {
        let beside = self.path.with_extension("toml.new");
        fs::write(&beside, &self.formatted)?;
        fs::rename(&beside, &self.path)
    }
}
