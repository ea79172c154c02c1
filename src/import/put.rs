//! Files put in place all together: first beside their places, then into them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;
use crate::lay::NewFile;

/// Writes files over what is there. When one cannot be written, those before it are as they were.
pub fn put(root: &Path, files: &[NewFile]) -> Result<(), Error> {
    let mut staged = Vec::with_capacity(files.len());
    for file in files {
        let path = root.join(&file.path);
        let parent = path.parent().unwrap_or(root);
        fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))?;
        let failed = |error| Error::io(&path, error);
        let mut out = tempfile::Builder::new()
            .prefix(".import-")
            .tempfile_in(parent)
            .map_err(failed)?;
        out.write_all(&file.bytes).map_err(failed)?;
        out.as_file().sync_all().map_err(failed)?;
        as_others(out.path(), &path).map_err(failed)?;
        staged.push((out, path));
    }
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::with_capacity(staged.len());
    for (out, path) in staged {
        let before = fs::read(&path).ok();
        if let Err(error) = persist(out, &path) {
            for (path, before) in done.into_iter().rev() {
                // The first failure is the one to tell.
                let _ = match before {
                    Some(bytes) => fs::write(&path, bytes),
                    None => fs::remove_file(&path),
                };
            }
            return Err(Error::io(&path, error));
        }
        done.push((path, before));
    }
    Ok(())
}

fn persist(out: NamedTempFile, path: &Path) -> std::io::Result<()> {
    out.persist(path).map(|_| ()).map_err(|error| error.error)
}

/// A temporary file is for its owner alone; a data file is as readable as the one that it replaces.
#[cfg(unix)]
fn as_others(out: &Path, path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_or(0o644, |known| known.permissions().mode() & 0o777);
    fs::set_permissions(out, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn as_others(_: &Path, _: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::put;
    use crate::lay::NewFile;

    #[test]
    fn a_file_that_cannot_be_written_leaves_the_others_as_they_were() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::write(root.join("a"), "old").expect("a file");
        std::fs::create_dir(root.join("c")).expect("a folder");
        let files = ["a", "b", "c"].map(|name| NewFile::text(name, "new"));
        assert!(put(root, &files).is_err());
        assert_eq!(std::fs::read_to_string(root.join("a")).expect("a"), "old");
        assert!(!root.join("b").exists());
        assert_eq!(std::fs::read_dir(root).expect("a folder").count(), 2);
        put(root, &files[..2]).expect("both");
        assert_eq!(std::fs::read_to_string(root.join("b")).expect("b"), "new");
    }
}
