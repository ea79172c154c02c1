//! Stage 4: pages -> files beside the published folder, then one swap.

pub mod swap;

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::render::page::Page;

/// The file by which a published folder is known as ours.
pub const MANIFEST: &str = "manifest.json";

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
        let mut files =
            std::mem::take(&mut *self.files.lock().expect("no thread panics while writing"));
        files.sort();
        let sizes: Map<String, Value> = files
            .into_iter()
            .map(|(path, size)| (path, json!(size)))
            .collect();
        let manifest = json!({
            "generator": "gongkai",
            "version": env!("CARGO_PKG_VERSION"),
            "files": sizes,
        });
        let text = format!("{manifest:#}\n");
        self.write(MANIFEST, text.as_bytes())?;
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
