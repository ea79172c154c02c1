//! One file that the user names, written all at once where nothing is lost by it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::manifest;
use super::swap::{is_source, real};
use crate::error::Error;
use crate::say;

/// The file as an absolute path, if it may be written: its folder is there, and it is no link, nothing of a site that
/// was built, and none of the sources below `roots`.
///
/// # Errors
/// Says why the file is refused.
pub fn check(file: &Path, roots: &[&Path]) -> Result<PathBuf, Error> {
    let absolute = std::path::absolute(file).map_err(|error| Error::io(file, error))?;
    let place = real(&absolute);
    let source = |root: &&&Path| {
        let root = real(root);
        is_source(&place, &root) || place == root.join("site.toml")
    };
    let say = if absolute.is_symlink() {
        say!(
            "是一个链接，写进去会改到别处的文件；写真正的文件名",
            "is a link that leads to another file; name the file itself"
        )
    } else if place.is_dir() || place.file_name().is_none() {
        say!("是一个文件夹；写一个文件的名字", "is a folder; name a file")
    } else if place.ancestors().skip(1).any(manifest::is_ours) {
        say!(
            "在生成好的网站里，写进去就和 manifest.json 对不上了；写到别处",
            "is in a site that was built, and its manifest.json would not hold any more; name another place"
        )
    } else if roots.iter().any(|root| source(&root)) {
        say!(
            "在源文件里，会被覆盖或当成数据；写到别处",
            "is among the sources; name another place"
        )
    } else if !place.parent().is_some_and(Path::is_dir) {
        say!(
            "它所在的文件夹不存在；先建好，或写到别处",
            "its folder does not exist; make it, or name another place"
        )
    } else {
        return Ok(place);
    };
    Err(Error::refused(file, say))
}

/// Writes a file in one step: what was there before stays until all of it is on the disk.
///
/// # Errors
/// When it cannot be written; what was there is as it was.
pub fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::io(file, error);
    let mut new = super::archive::beside(file).map_err(failed)?;
    new.write_all(bytes).map_err(failed)?;
    new.as_file().sync_all().map_err(failed)?;
    new.persist(file).map_err(|error| failed(error.error))?;
    Ok(())
}
