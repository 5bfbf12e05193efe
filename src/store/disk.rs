//! What the standard library leaves out of dealing with directories.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::error::StoreError;

/// Makes new, renamed and removed names in a directory durable, where the system can.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(dir) {
        Ok(handle) => handle.sync_all(),
        // A parent that this user may enter but not read.
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(e) => Err(e),
    }
}

/// The bytes of all files below a directory.
pub(super) fn disk_bytes(dir: &Path) -> Result<u64, StoreError> {
    let mut bytes = 0;
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        let failed = |e| StoreError::io(&dir, e);
        for entry in fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => open.push(entry.path()),
                Ok(meta) => bytes += meta.len(),
                // sled removes files in the background.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(failed(e)),
            }
        }
    }
    Ok(bytes)
}
