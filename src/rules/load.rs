//! From files to [`Rules`].

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::kinds::KindWords;
use super::phrases::PhraseSet;
use super::schema::{CommonFile, PhraseFile, SCHEMA, SiteFile};
use super::site::SiteCompiler;
use super::source::SourceFile;
use super::{Effect, LazyKinds, LazyPhrases, Rules, RulesError, SelectorIndex};

/// The files of `selectors/`, by their names relative to it.
const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/selectors.rs"));

/// A selector file is at most so many bytes.
const MAX_FILE: u64 = 4 << 20;
/// An overlay has at most so many files.
const MAX_FILES: usize = 20_000;

/// The files compiled into the program.
pub(super) fn builtin_files() -> Vec<SourceFile> {
    BUILTIN
        .iter()
        .map(|&(name, text)| SourceFile::new(name, text))
        .collect()
}

/// All TOML files of a directory laid out as `selectors/`.
pub(super) fn directory_files(dir: &Path) -> Result<Vec<(String, SourceFile)>, String> {
    let mut files = Vec::new();
    for place in ["", "sites", "phrases"] {
        let folder = dir.join(place);
        if !place.is_empty() && !folder.is_dir() {
            continue;
        }
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        for path in paths {
            let file_name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let name = if place.is_empty() {
                file_name
            } else {
                format!("{place}/{file_name}")
            };
            files.push((name, read(&path)?));
            if files.len() > MAX_FILES {
                return Err(format!("{}: more than {MAX_FILES} selector files", dir.display()));
            }
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<SourceFile, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let size = fs::metadata(path).map_err(|error| named(&error))?.len();
    if size > MAX_FILE {
        return Err(named(&format!("larger than {MAX_FILE} bytes")));
    }
    let text = fs::read_to_string(path).map_err(|error| named(&error))?;
    Ok(SourceFile::new(&path.display().to_string(), text))
}

/// The built-in files with those of an overlay in their places.
pub(super) fn overlaid(builtin: Vec<SourceFile>, overlay: Vec<(String, SourceFile)>) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = builtin
        .into_iter()
        .filter(|file| !overlay.iter().any(|(name, _)| *name == file.name))
        .collect();
    files.extend(overlay.into_iter().map(|(_, file)| file));
    files
}

/// Reads all files. Phrases of a file that `is_checked` are compiled at once, to find the mistakes in them; the others when a page
/// first needs them.
pub(super) fn rules(
    files: Vec<SourceFile>,
    is_checked: fn(&SourceFile) -> bool,
) -> Result<Rules, RulesError> {
    let mut loader = Loader::new(version(&files));
    for file in files {
        let is_checked = is_checked(&file);
        loader.add(file, is_checked);
    }
    if loader.errors.is_empty() {
        Ok(loader.rules)
    } else {
        Err(RulesError(loader.errors))
    }
}

fn version(files: &[SourceFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update(file.text().as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let first = digest
        .iter()
        .take(6)
        .fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{first:012x}")
}

struct Loader {
    rules: Rules,
    errors: Vec<String>,
}

impl Loader {
    fn new(version: String) -> Self {
        Self {
            rules: Rules {
                common: SelectorIndex::default(),
                sites: Vec::new(),
                site_of: FxHashMap::default(),
                phrases: FxHashMap::default(),
                kinds: None,
                origins: Vec::new(),
                sure: Vec::new(),
                version,
            },
            errors: Vec::new(),
        }
    }

    fn add(&mut self, file: SourceFile, is_checked: bool) {
        let path = PathBuf::from(&file.name);
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match folder.as_str() {
            "sites" => self.site(&file),
            "phrases" => self.phrases(file, is_checked),
            _ if path.file_name().is_some_and(|name| name == "common.toml") => self.common(&file),
            _ if path.file_name().is_some_and(|name| name == "kinds.toml") => self.kinds(file, is_checked),
            _ => self.errors.push(file.message(
                0,
                "not a selector file; there are common.toml, kinds.toml, sites/ and phrases/",
            )),
        }
    }

    fn parsed<T: serde::de::DeserializeOwned>(&mut self, file: &SourceFile) -> Option<T> {
        file.parse().map_err(|errors| self.errors.extend(errors)).ok()
    }

    fn common(&mut self, file: &SourceFile) {
        let Some(parsed) = self.parsed::<CommonFile>(file) else {
            return;
        };
        if parsed.schema != SCHEMA {
            self.errors.push(file.message(
                0,
                &format!(
                    "schema {} is not known; this program reads {SCHEMA}",
                    parsed.schema
                ),
            ));
        }
        let mut compiler = SiteCompiler {
            file,
            origins: &mut self.rules.origins,
            errors: &mut self.errors,
        };
        compiler.fields(&parsed.fields, None, &mut self.rules.common);
        for drop in &parsed.drop {
            let first = compiler.origins.len();
            for css in &drop.css {
                compiler.add(
                    &drop.name,
                    Effect::Drop,
                    css,
                    css.get_ref(),
                    None,
                    &mut self.rules.common,
                );
            }
            if drop.sure {
                self.rules.sure.push(first..compiler.origins.len());
            }
        }
    }

    fn site(&mut self, file: &SourceFile) {
        let Some(parsed) = self.parsed::<SiteFile>(file) else {
            return;
        };
        let compiler = SiteCompiler {
            file,
            origins: &mut self.rules.origins,
            errors: &mut self.errors,
        };
        let (rules, hosts) = compiler.compile(&parsed);
        let at = self.rules.sites.len();
        for host in hosts {
            if let Some(other) = self.rules.site_of.insert(host.clone(), at) {
                let other = &self.rules.sites[other].file;
                self.errors
                    .push(file.message(0, &format!("{host} is also served by {other}")));
            }
        }
        self.rules.sites.push(rules);
    }

    fn kinds(&mut self, file: SourceFile, is_checked: bool) {
        let compiled = OnceLock::new();
        if is_checked {
            match KindWords::read(&file) {
                Ok(words) => {
                    let problems = words.problems();
                    self.errors
                        .extend(problems.iter().map(|problem| file.message(0, problem)));
                    drop(compiled.set(words));
                }
                Err(errors) => self.errors.extend(errors),
            }
        }
        self.rules.kinds = Some(LazyKinds { file, compiled });
    }

    fn phrases(&mut self, file: SourceFile, is_checked: bool) {
        let stem = PathBuf::from(&file.name)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let compiled = OnceLock::new();
        if is_checked {
            match PhraseSet::check(&file) {
                Ok(set) => drop(compiled.set(set)),
                Err(errors) => self.errors.extend(errors),
            }
            if let Some(parsed) = self
                .parsed::<PhraseFile>(&file)
                .filter(|parsed| parsed.language != stem)
            {
                self.errors.push(file.message(
                    0,
                    &format!("language {:?} in a file named {stem}", parsed.language),
                ));
            }
        }
        self.rules.phrases.insert(
            stem,
            LazyPhrases {
                file,
                compiled,
                joined: OnceLock::new(),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_file_loads() {
        if let Err(errors) = rules(builtin_files(), |_| true) {
            panic!("{errors}");
        }
    }

    #[test]
    fn all_mistakes_of_all_files_are_named_at_once() {
        let files = vec![
            SourceFile::new(
                "common.toml",
                "schema = 1\n[[drop]]\nname = \"x\"\ncss = [\"a[\", \"b\"]\n",
            ),
            SourceFile::new(
                "sites/a.example.toml",
                "schema = 1\nsites = [\"a.example\"]\n[[layout]]\nname = \"1\"\nbdy = []\n",
            ),
            SourceFile::new(
                "sites/b.example.toml",
                "schema = 1\nsites = [\"b.example\"]\n[[layout]]\nname = \"1\"\nbody = [\"h1\"]\ndrop_text = [\"x\"]\n",
            ),
        ];
        let RulesError(errors) = rules(files, |_| true).unwrap_err();
        assert_eq!(errors.len(), 4, "{errors:#?}");
        for (error, start) in errors.iter().zip([
            "common.toml:4: ",
            "sites/a.example.toml:5: ",
            "sites/b.example.toml:5: ",
            "sites/b.example.toml:6: ",
        ]) {
            assert!(error.starts_with(start), "{error}");
        }
    }

    #[test]
    fn a_host_has_one_file() {
        let file = |name: &str| SourceFile::new(name, "schema = 1\nsites = [\"a.example\"]\n");
        let RulesError(errors) =
            rules(vec![file("sites/a.toml"), file("sites/b.toml")], |_| true).unwrap_err();
        assert_eq!(
            errors,
            ["sites/b.toml:1: a.example is also served by sites/a.toml"]
        );
    }
}
