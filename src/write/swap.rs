//! Which folders may be replaced.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::manifest;
use crate::error::Error;
use crate::held::Folder;
use crate::say;

/// Folders of a site that hold sources.
const SOURCES: [&str; 4] = ["data", "standards", "templates", "static"];

/// What else of it is written by people and programs other than this one.
const SETTINGS: [&str; 2] = ["site.toml", ".git"];

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
    let Some(first) = path
        .strip_prefix(root)
        .ok()
        .and_then(|below| below.iter().next())
    else {
        return false;
    };
    // Some systems do not tell capitals apart.
    SOURCES
        .iter()
        .chain(&SETTINGS)
        .any(|source| first.eq_ignore_ascii_case(source))
}

/// Whether a folder is where the user is at home, or above it.
fn is_home(output: &Path) -> bool {
    std::env::home_dir()
        .filter(|home| home.is_absolute())
        .is_some_and(|home| real(&home).starts_with(output))
}

/// Whether it is empty, or was made by us.
fn is_ours(output: &Path) -> Result<bool, Error> {
    let failed = |error| Error::io(output, error);
    let folder = Folder::open(output).map_err(failed)?;
    if manifest::is_ours(&folder) {
        return Ok(true);
    }
    let mut entries = fs::read_dir(output).map_err(failed)?;
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
