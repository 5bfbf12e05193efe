//! The marker file that makes a directory a store and says which format it has.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::disk::sync_dir;
use super::error::StoreError;

/// The format that this version writes, and the newest that it reads. It reads all older ones; the first write makes a
/// store one of this format. What has changed:
///
/// - 2: a row names the revision that its page was fetched for (row layout 2), so that a page can be cleaned again; texts
///   have `content_type` and `recleaned`; the tree `rule_days`.
/// - 3: texts have `seq`; the trees `seq` and `article_seq`.
pub(super) const FORMAT: u32 = 3;

const MARKER: &str = "copydesk-store";
const UNFINISHED_MARKER: &str = "copydesk-store.new";

/// A marker is one short line; whatever is longer is none.
const MARKER_MAX_BYTES: u64 = 100;

/// Makes the directory a store, or sees that it is one that this program can read, and tells its format.
pub(super) fn create_or_check(dir: &Path) -> Result<u32, StoreError> {
    match fs::read_dir(dir) {
        Ok(entries) => {
            for entry in entries {
                let entry = entry.map_err(|e| StoreError::io(dir, e))?;
                if entry.file_name() != UNFINISHED_MARKER {
                    return check(dir);
                }
            }
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).map_err(|e| StoreError::io(dir, e))?;
        }
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
            return Err(StoreError::NotAStore(dir.to_owned()));
        }
        Err(e) => return Err(StoreError::io(dir, e)),
    }
    upgrade(dir)?;
    Ok(FORMAT)
}

/// Notes that the store has this program's format.
pub(super) fn upgrade(dir: &Path) -> Result<(), StoreError> {
    write_marker(dir).map_err(|e| StoreError::io(dir, e))
}

/// Sees that the directory is a store that this program can read, and tells its format. Creates nothing.
pub(super) fn check(dir: &Path) -> Result<u32, StoreError> {
    if !dir.try_exists().map_err(|e| StoreError::io(dir, e))? {
        return Err(StoreError::Missing(dir.to_owned()));
    }
    let not_a_store = || StoreError::NotAStore(dir.to_owned());
    let marker = dir.join(MARKER);
    match fs::metadata(&marker) {
        Ok(meta) if meta.len() <= MARKER_MAX_BYTES => {}
        Ok(_) => return Err(not_a_store()),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(not_a_store());
        }
        Err(e) => return Err(StoreError::io(&marker, e)),
    }
    let text = fs::read(&marker).map_err(|e| StoreError::io(&marker, e))?;
    let found = std::str::from_utf8(&text)
        .ok()
        .and_then(|line| line.trim().strip_prefix("copydesk store, format "))
        .and_then(|number| number.parse::<u32>().ok())
        .filter(|found| *found > 0)
        .ok_or_else(not_a_store)?;
    if found > FORMAT {
        return Err(StoreError::Newer {
            path: dir.to_owned(),
            found,
            known: FORMAT,
        });
    }
    Ok(found)
}

/// Written aside and renamed, so that a marker is either whole or not there.
fn write_marker(dir: &Path) -> io::Result<()> {
    let unfinished = dir.join(UNFINISHED_MARKER);
    let mut file = fs::File::create(&unfinished)?;
    writeln!(file, "copydesk store, format {FORMAT}")?;
    file.sync_all()?;
    fs::rename(&unfinished, dir.join(MARKER))?;
    sync_dir(dir)?;
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_dir(parent),
        _ => sync_dir(Path::new(".")),
    }
}
