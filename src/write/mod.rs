//! Stage 4: pages -> files beside the published folder, then one swap.

pub mod swap;

use std::collections::HashSet;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::render::page::Page;

/// The file by which a published folder is known as ours.
pub const MANIFEST: &str = "manifest.json";

/// What was written, and by which version.
#[derive(Serialize)]
struct Manifest<'a> {
    generator: &'static str,
    version: &'static str,
    #[serde(serialize_with = "sizes")]
    files: &'a [(String, u64)],
}

fn sizes<S: Serializer>(files: &[(String, u64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(files.iter().map(|(path, size)| (path, size)))
}

/// A folder beside the published one that pages are written into. Removed when dropped before
/// [`Staging::publish`].
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    folder: PathBuf,
    made: Mutex<HashSet<PathBuf>>,
    files: Mutex<Vec<(String, u64)>>,
    published: bool,
}

impl Staging {
    /// Makes an empty folder beside `output`.
    ///
    /// # Errors
    /// When `output` is not ours to replace (see [`swap::check_output`]), or nothing can be written.
    pub fn create(output: &Path, site_root: &Path) -> Result<Self, Error> {
        let output = swap::check_output(output, site_root)?;
        let folder = swap::beside(&output, "new");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        }
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        Ok(Self {
            output,
            folder,
            made: Mutex::default(),
            files: Mutex::default(),
            published: false,
        })
    }

    /// Writes pages.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_pages(&self, pages: &[Page]) -> Result<(), Error> {
        for page in pages {
            self.write(&page.path, &page.bytes)?;
        }
        Ok(())
    }

    /// Writes one file.
    ///
    /// # Errors
    /// When it cannot be written.
    ///
    /// # Panics
    /// When another thread has panicked while writing.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            let mut made = self.made.lock().expect("no thread panics while writing");
            if !made.contains(folder) {
                fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
                made.insert(folder.to_owned());
            }
        }
        fs::File::create(&file)
            .and_then(|mut open| open.write_all(bytes))
            .map_err(|error| Error::io(&file, error))?;
        self.files
            .lock()
            .expect("no thread panics while writing")
            .push((path.to_owned(), bytes.len() as u64));
        Ok(())
    }

    /// Writes the manifest and puts the folder in the place of the published one.
    ///
    /// # Errors
    /// When something cannot be written or renamed; the published folder is then as before.
    ///
    /// # Panics
    /// When another thread has panicked while writing.
    pub fn publish(mut self) -> Result<(), Error> {
        let files = self
            .files
            .get_mut()
            .expect("no thread panics while writing");
        files.sort();
        let path = self.folder.join(MANIFEST);
        let manifest = Manifest {
            generator: "gongkai",
            version: env!("CARGO_PKG_VERSION"),
            files,
        };
        fs::File::create(&path)
            .map(BufWriter::new)
            .and_then(|mut out| {
                serde_json::to_writer_pretty(&mut out, &manifest)?;
                out.write_all(b"\n")?;
                out.flush()
            })
            .map_err(|error| Error::io(&path, error))?;
        swap::swap(&self.folder, &self.output)?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done about a folder that cannot be removed; the next build tries again.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
