//! A file that is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes beside the place and moves the file there at the end; dropped before that, it leaves nothing.
pub struct WholeFile {
    place: PathBuf,
    beside: PathBuf,
    writer: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins the file.
    ///
    /// # Errors
    /// The directory cannot be written to.
    pub fn create(place: &Path) -> io::Result<Self> {
        let mut name = place
            .file_name()
            .map(std::ffi::OsStr::to_os_string)
            .unwrap_or_default();
        name.push(".part");
        let beside = place.with_file_name(name);
        let writer = Some(BufWriter::new(File::create(&beside)?));
        Ok(Self {
            place: place.to_path_buf(),
            beside,
            writer,
        })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// The rest cannot be written, as on a full disk.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer = None;
        fs::rename(&self.beside, &self.place).inspect_err(|_| {
            let _ = fs::remove_file(&self.beside);
        })
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            let _ = fs::remove_file(&self.beside);
        }
    }
}
