//! Why the store could not do it.

use std::io;
use std::path::{Path, PathBuf};

use crate::article::ArticleId;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds it.
    #[error("{0}: the store is in use by another process")]
    Locked(PathBuf),
    /// There is no store to open.
    #[error("{0}: there is no store here")]
    Missing(PathBuf),
    /// There is something else at this path.
    #[error("{0}: not a copydesk store")]
    NotAStore(PathBuf),
    /// A later version of the program wrote it.
    #[error(
        "{path}: the store has format {found}, this program knows formats up to {known}; use a newer copydesk"
    )]
    Newer {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The file or directory may not be written (or read) by this user.
    #[error("{path}: permission denied")]
    Permission {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk (or the user's share of it) is full.
    #[error("{path}: no space left on the disk; nothing that was acknowledged is lost")]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Any other failure to read or write.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The rows cannot be read as what they should be. They can be made again from the texts.
    #[error(
        "{path}: the store's rows are damaged: {reason} (remove this directory, and the next open makes them again)"
    )]
    Rows {
        /// The directory of the rows.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// One text or raw page cannot be read as it was written; the other articles are not affected.
    #[error("{path}: article {id}, revision {revision}: damaged at byte {offset}: {reason}")]
    Damaged {
        /// The blob file.
        path: PathBuf,
        /// The article.
        id: ArticleId,
        /// Its revision.
        revision: u32,
        /// Where the record begins in the file.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// The article has no URL that it can be kept under.
    #[error("{url:?}: cannot be stored under this URL: {reason}")]
    Url {
        /// The URL as it came, shortened.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The text or page is larger than the store takes.
    #[error("{url}: {bytes} bytes are more than the store keeps of one page ({limit})")]
    TooLarge {
        /// The page.
        url: String,
        /// Its size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// An earlier failure to make rows durable leaves open what is on the disk; a new open finds out.
    #[error("{0}: an earlier write failed; the store must be opened again")]
    Unusable(PathBuf),
}

impl StoreError {
    /// An error of the system, named for what the user can do about it.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Permission { path, source }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path, source },
            _ => Self::Io { path, source },
        }
    }

    /// An error of sled; what it wraps of the system is named as such.
    pub(super) fn sled(path: &Path, error: sled::Error) -> Self {
        match error {
            sled::Error::Io(source) => Self::io(path, source),
            other => Self::Rows {
                path: path.to_owned(),
                reason: other.to_string(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_forbidden_file_are_named_as_such() {
        let path = Path::new("desk/text.zst");
        let named = |kind: io::ErrorKind| StoreError::io(path, kind.into()).to_string();
        assert_eq!(
            named(io::ErrorKind::StorageFull),
            "desk/text.zst: no space left on the disk; nothing that was acknowledged is lost"
        );
        assert_eq!(
            named(io::ErrorKind::PermissionDenied),
            "desk/text.zst: permission denied"
        );
        let sled_full = StoreError::sled(path, sled::Error::Io(io::ErrorKind::StorageFull.into()));
        assert!(matches!(sled_full, StoreError::DiskFull { .. }));
    }
}
