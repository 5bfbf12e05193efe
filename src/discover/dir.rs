//! Directories of HTML files.

use std::path::{Path, PathBuf};

use url::Url;

use super::{DiscoverError, Found, Item, MAX_ITEMS, Saved};

/// How many directories deep files are looked for.
pub const MAX_DIR_DEPTH: usize = 16;

/// How many directory entries are looked at in all.
const MAX_ENTRIES: usize = 1_000_000;

/// Finds the `.html`, `.htm` and `.xhtml` files of a directory and those below it, also with `.gz`, in the order of
/// their paths. Symbolic links are not followed. Their URLs are those of a [saved site](Saved) under `base`.
///
/// # Errors
///
/// [`DiscoverError::Read`] if the directory cannot be read, [`DiscoverError::Empty`] if there is no such file. A
/// directory below it that cannot be read is noted.
pub fn dir(root: &Path, base: Option<&Url>) -> Result<Found, DiscoverError> {
    let failed = |source| DiscoverError::Read {
        path: root.to_owned(),
        source,
    };
    // Names the reason where `Saved` only knows that there is none.
    std::fs::read_dir(root).map_err(failed)?;
    let saved =
        Saved::new(root, base).ok_or_else(|| failed(std::io::Error::other("not a path that has a URL")))?;
    let mut found = Found::default();
    let mut files = Vec::new();
    walk(root, &mut files, &mut found.notes);
    files.sort_unstable();
    if files.len() > MAX_ITEMS {
        files.truncate(MAX_ITEMS);
        found
            .notes
            .push(format!("only the first {MAX_ITEMS} files were read"));
    }
    for file in files {
        match saved.url_of(&file) {
            Some(url) => found.items.push(Item {
                url,
                title: None,
                published: None,
                file: Some(file),
            }),
            None => found.skipped += 1,
        }
    }
    if found.items.is_empty() {
        return Err(DiscoverError::Empty {
            url: root.display().to_string(),
            kind: "directory",
        });
    }
    Ok(found)
}

fn walk(root: &Path, files: &mut Vec<PathBuf>, notes: &mut Vec<String>) {
    let mut open = vec![(root.to_owned(), 0)];
    let mut looked_at = 0;
    while let Some((path, depth)) = open.pop() {
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) => {
                notes.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        for entry in entries.flatten() {
            looked_at += 1;
            if looked_at > MAX_ENTRIES {
                notes.push(format!("only {MAX_ENTRIES} directory entries were looked at"));
                return;
            }
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_file() && is_page(&entry.path()) {
                files.push(entry.path());
            } else if kind.is_dir() && depth == MAX_DIR_DEPTH {
                notes.push(format!(
                    "{}: more than {MAX_DIR_DEPTH} directories deep",
                    entry.path().display()
                ));
            } else if kind.is_dir() {
                open.push((entry.path(), depth + 1));
            }
        }
    }
}

fn is_page(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".html", ".htm", ".xhtml"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_files_are_found_in_order_and_links_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        std::fs::create_dir_all(root.join("b/c")).unwrap();
        for file in ["z.html", "b/c/1.HTM", "b/2.html.gz", "b/3.txt", "a.json"] {
            std::fs::write(root.join(file), "x").unwrap();
        }
        std::os::unix::fs::symlink(root, root.join("b/loop")).unwrap();
        std::os::unix::fs::symlink(root.join("z.html"), root.join("y.html")).unwrap();
        let base = Url::parse("https://example.org/").unwrap();
        let found = super::dir(root, Some(&base)).unwrap();
        let urls: Vec<_> = found.items.iter().map(|item| item.url.path()).collect();
        assert_eq!(urls, ["/b/2.html", "/b/c/1.HTM", "/z.html"]);
        assert_eq!(found.items[2].file.as_deref(), Some(&*root.join("z.html")));
    }

    #[test]
    fn depth_is_limited_and_noted() {
        let dir = tempfile::tempdir().unwrap();
        let deep = (0..=MAX_DIR_DEPTH).fold(dir.path().to_owned(), |path, n| path.join(n.to_string()));
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("a.html"), "x").unwrap();
        std::fs::write(dir.path().join("b.html"), "x").unwrap();
        let found = super::dir(dir.path(), None).unwrap();
        assert_eq!((found.items.len(), found.notes.len()), (1, 1));
    }

    #[test]
    fn an_empty_or_missing_directory_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(super::dir(dir.path(), None).unwrap_err().kind(), "empty_list");
        assert_eq!(
            super::dir(&dir.path().join("no"), None).unwrap_err().kind(),
            "file"
        );
    }
}
