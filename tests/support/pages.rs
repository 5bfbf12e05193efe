//! The pages under `fixtures/pages`: a folder each, those of a site in a folder with the name of its selector file.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of all pages, sorted.
pub fn folders() -> Vec<PathBuf> {
    folders_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages"))
}

/// The folders of the pages below this one: those with a `source.html`, and those in folders without.
pub fn folders_below(root: &Path) -> Vec<PathBuf> {
    let (pages, sites): (Vec<_>, Vec<_>) = inner(root)
        .into_iter()
        .partition(|folder| folder.join("source.html").exists());
    let mut folders = [pages, sites.iter().flat_map(|site| inner(site)).collect()].concat();
    folders.sort();
    folders
}

fn inner(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_dir()).collect()
}
