//! Articles of the store to files, row by row: memory does not grow with their number.

mod atom;
mod csv_rows;
mod front_matter;
mod parquet_rows;
mod whole_file;

pub use atom::{ATOM_MAX_BYTES, ATOM_MAX_ENTRIES, atom};
pub use csv_rows::{CSV_COLUMNS, csv};
pub use parquet_rows::{ROW_GROUP_BYTES, ROW_GROUP_ROWS, parquet, schema};

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::render::{json, markdown};
use crate::store::StoredArticle;

pub use whole_file::WholeFile;

/// The longest readable part of a file name, in bytes; with the id and the extension it stays well under the 255
/// that file systems allow.
const MAX_SLUG: usize = 80;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// How many articles.
    pub articles: u64,
}

/// Why an export ended early. Files that were whole before are still whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file or directory cannot be written.
    #[error("{path}: cannot write the export", path = path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The output that was handed in cannot be written.
    #[error("cannot write the export")]
    Output(#[from] io::Error),
    /// The articles do not fit the form that they are written in.
    #[error("cannot write the articles as {form}: {reason}")]
    Form {
        /// As "Parquet".
        form: &'static str,
        /// What its library says.
        reason: String,
    },
    /// An article cannot be written as JSON.
    #[error("cannot write an article as JSON")]
    Json(#[from] serde_json::Error),
}

/// Writes one JSON object a line: the whole row of each article.
///
/// # Errors
/// The output cannot be written.
pub fn jsonl(
    articles: impl Iterator<Item = StoredArticle>,
    out: &mut impl Write,
) -> Result<Exported, ExportError> {
    let mut count = 0;
    for article in articles {
        let line = json::line(&article)?;
        writeln!(out, "{line}")?;
        count += 1;
    }
    Ok(Exported { articles: count })
}

/// Writes an export to a file that appears, or replaces the one that was there, when it is whole.
///
/// # Errors
/// The file cannot be written, or what `write` gives; a file that was there is untouched.
pub fn whole_file(
    path: &Path,
    write: impl FnOnce(&mut WholeFile) -> Result<Exported, ExportError>,
) -> Result<Exported, ExportError> {
    let failed = |source| ExportError::Write {
        path: path.to_path_buf(),
        source,
    };
    let mut file = WholeFile::create(path).map_err(failed)?;
    let exported = write(&mut file).map_err(|error| match error {
        ExportError::Output(source) => failed(source),
        other => other,
    })?;
    file.finish().map_err(failed)?;
    Ok(exported)
}

/// Writes one Markdown file an article into a directory, created if need be: its fields as YAML front matter, then
/// the article. An article has the same file name in every export.
///
/// # Errors
/// The directory or a file cannot be written.
pub fn markdown(articles: impl Iterator<Item = StoredArticle>, dir: &Path) -> Result<Exported, ExportError> {
    fs::create_dir_all(dir).map_err(|source| ExportError::Write {
        path: dir.to_path_buf(),
        source,
    })?;
    let mut count = 0;
    for stored in articles {
        let path = dir.join(file_name(&stored));
        let text = front_matter::front_matter(&stored)? + "\n" + &markdown::markdown(&stored.article);
        let write = || {
            let mut file = WholeFile::create(&path)?;
            file.write_all(text.as_bytes())?;
            file.finish()
        };
        write().map_err(|source| ExportError::Write {
            path: path.clone(),
            source,
        })?;
        count += 1;
    }
    Ok(Exported { articles: count })
}

/// The last segment of the URL at which the article was first seen, in letters, digits and hyphens that every file
/// system takes, and its id. Neither changes with a revision.
fn file_name(stored: &StoredArticle) -> String {
    let url = stored
        .sightings
        .first()
        .map_or(stored.article.url.as_str(), |sighting| &sighting.url);
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.rsplit('/').next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let mut slug = String::new();
    for c in stem.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= MAX_SLUG {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    let gap = if slug.is_empty() { "" } else { "-" };
    format!("{slug}{gap}{}.md", stored.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn stored(url: &str) -> StoredArticle {
        let mut stored: StoredArticle = serde_json::from_str(
            r#"{"id": "3f9a00000000000b", "revision": 2, "fetched": 1772625600, "first_fetched": 0, "sightings": [],
                "url": "", "site": "news.example", "title": "Say \"yes\": # all", "published": "2026-03-04",
                "authors": ["Ann\u001b Ode"], "blocks": [{"kind": "paragraph", "text": "The house agreed."}]}"#,
        )
        .unwrap();
        stored.article.url = url.to_owned();
        stored
    }

    #[test]
    fn file_names_are_readable_safe_and_unique() {
        for (url, expected) in [
            (
                "https://news.example/2026/Budget_Vote.html?x=/y",
                "budget-vote-3f9a00000000000b.md",
            ),
            ("https://news.example/", "news-3f9a00000000000b.md"),
            ("https://news.example/%2e%2e/..", "3f9a00000000000b.md"),
            ("https://news.example/新聞/", "3f9a00000000000b.md"),
            ("https://news.example/CON", "con-3f9a00000000000b.md"),
            ("", "3f9a00000000000b.md"),
        ] {
            assert_eq!(file_name(&stored(url)), expected, "{url}");
        }
        assert!(file_name(&stored(&format!("https://news.example/{}", "a-".repeat(500)))).len() < 110);
    }

    #[test]
    fn markdown_files_have_their_fields_as_yaml_that_text_cannot_break_out_of() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("new/notes");
        let exported = markdown([stored("https://news.example/b")].into_iter(), &out).unwrap();
        assert_eq!(exported.articles, 1);
        let file = fs::read_to_string(out.join("b-3f9a00000000000b.md")).unwrap();
        assert_eq!(
            file,
            "---\ntitle: \"Say \\\"yes\\\": # all\"\nauthors: [\"Ann\\u001b Ode\"]\n\
             published: \"2026-03-04\"\nsite: \"news.example\"\nurl: \"https://news.example/b\"\n\
             id: \"3f9a00000000000b\"\nrevision: 2\nfetched: \"2026-03-04T12:00:00Z\"\n---\n\n\
             # Say \"yes\": # all\n\nThe house agreed.\n"
                .replace(": # all\n\nThe", ": \\# all\n\nThe")
        );
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    }

    #[test]
    fn an_export_that_fails_leaves_the_old_file_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl");
        fs::write(&path, "old").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        whole_file(&path, |out| jsonl([stored("u"), stored("v")].into_iter(), out)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
    }
}
