//! Which folders may be replaced, and how one takes the place of another.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::manifest;
use crate::error::Error;
use crate::say;

/// Folders of a site that hold sources.
const SOURCES: [&str; 4] = ["data", "standards", "templates", "static"];

/// The folder as an absolute path, if it is ours to replace: absent, empty, or with our manifest;
/// neither a source folder nor one that holds the site.
///
/// # Errors
/// Says why the folder is refused.
pub fn check_output(output: &Path, site_root: &Path) -> Result<PathBuf, Error> {
    let absolute = std::path::absolute(output).map_err(|error| Error::io(output, error))?;
    let output = real(&absolute);
    let root = real(site_root);
    if root.starts_with(&output) {
        return Err(Error::refused(
            &output,
            say!(
                "输出文件夹里有站点本身，不能替换；用 -o 换一个文件夹",
                "the output folder holds the site itself; name another one with -o"
            ),
        ));
    }
    if is_home(&output) {
        return Err(Error::refused(
            &output,
            say!(
                "这是用户的主目录，不能替换；用 -o 换一个文件夹",
                "this is the home folder of the user; name another one with -o"
            ),
        ));
    }
    if is_source(&output, &root) {
        return Err(Error::refused(
            &output,
            say!(
                "输出文件夹在源文件里，不能替换；用 -o 换一个文件夹",
                "the output folder is among the sources; name another one with -o"
            ),
        ));
    }
    if output.is_symlink() {
        return Err(Error::refused(
            &output,
            say!(
                "这是一个指向不存在的地方的链接；删去它，或建好它指的文件夹",
                "this is a link to nothing; remove it, or make the folder that it leads to"
            ),
        ));
    }
    if output.exists() && !output.is_dir() {
        return Err(Error::refused(
            &output,
            say!(
                "这里已有一个同名的文件，不能替换；用 -o 换一个文件夹",
                "there is a file of this name; name another folder with -o"
            ),
        ));
    }
    if output.exists() && !is_ours(&output)? {
        return Err(Error::refused(
            &output,
            say!(
                "这个文件夹不是空的，也不是 gongkai 生成的，不能替换；换一个文件夹，或自己先清空它",
                "this folder is not empty and was not made by gongkai; name another one, or empty it yourself"
            ),
        ));
    }
    Ok(output)
}

/// Whether a path is among the sources of a site; both with links resolved.
pub(super) fn is_source(path: &Path, root: &Path) -> bool {
    SOURCES
        .iter()
        .any(|source| path.starts_with(root.join(source)))
}

/// Whether a folder is where the user is at home, or above it.
fn is_home(output: &Path) -> bool {
    std::env::home_dir()
        .filter(|home| home.is_absolute())
        .is_some_and(|home| real(&home).starts_with(output))
}

/// Whether it is empty, or was made by us.
fn is_ours(output: &Path) -> Result<bool, Error> {
    if manifest::is_ours(output) {
        return Ok(true);
    }
    let mut entries = fs::read_dir(output).map_err(|error| Error::io(output, error))?;
    Ok(entries.next().is_none())
}

/// The path with links resolved as far as it exists.
pub(crate) fn real(path: &Path) -> PathBuf {
    let mut existing = path;
    let mut rest: Vec<Component<'_>> = Vec::new();
    loop {
        if let Ok(found) = fs::canonicalize(existing) {
            return rest.iter().rev().fold(found, |path, part| path.join(part));
        }
        let (Some(parent), Some(last)) = (existing.parent(), existing.components().next_back())
        else {
            return path.to_owned();
        };
        rest.push(last);
        existing = parent;
    }
}

/// Waits until what was written to a folder is on the disk, so that not even a power cut after the swap leaves half a
/// site.
///
/// # Errors
/// When the disk reports a failure.
#[cfg(target_os = "linux")]
pub fn settle(folder: &Path) -> Result<(), Error> {
    let failed = |error| Error::io(folder, error);
    let handle = fs::File::open(folder).map_err(failed)?;
    rustix::fs::syncfs(&handle).map_err(|error| failed(error.into()))
}

/// Nothing: the system has no such call.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn settle(_: &Path) -> Result<(), Error> {
    Ok(())
}

/// Puts `new` in the place of `output`. What was there stands in the place of `new` afterwards; `aside` is where it
/// waits meanwhile, on systems that cannot exchange two folders.
///
/// # Errors
/// When a rename fails; `output` is then as before.
pub fn swap(new: &Path, output: &Path, aside: &Path) -> Result<(), Error> {
    if !output.exists() {
        return fs::rename(new, output).map_err(|error| Error::io(output, error));
    }
    if exchange(new, output) {
        return Ok(());
    }
    fs::rename(output, aside).map_err(|error| Error::io(output, error))?;
    if let Err(error) = fs::rename(new, output) {
        fs::rename(aside, output).map_err(|error| Error::io(output, error))?;
        return Err(Error::io(new, error));
    }
    fs::rename(aside, new).map_err(|error| Error::io(aside, error))
}

/// Exchanges two folders in one step, where the system can.
#[cfg(target_os = "linux")]
fn exchange(left: &Path, right: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, left, CWD, right, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::settle;

    #[test]
    fn only_a_folder_that_is_there_reaches_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(settle(folder.path()).is_ok());
        let none = settle(&folder.path().join("none"));
        assert!(none.is_err() || !cfg!(target_os = "linux"));
    }
}
