//! The list of the files that a build has added, changed or removed, for programs that copy them.

use std::path::Path;

use super::manifest::{MANIFEST, SIGNATURE};
use super::named::{self, Sort};
use super::tree::Difference;
use crate::error::Error;
use crate::lay::Beside;

/// What may make way for a list: one of an earlier build, to which whoever signs adds the signature.
pub const LIST: Sort = Sort {
    name: ("改动文件的清单", "a list of changed files"),
    is: |bytes| {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let last = text.lines().rev().find(|line| *line != SIGNATURE);
        last == Some(MANIFEST)
    },
};

/// The paths, one a line, in a file beside its place. The manifest differs whenever anything does.
///
/// # Errors
/// When the file cannot be written.
pub fn stage(place: &Path, differences: &[Difference]) -> Result<Beside, Error> {
    let paths = differences.iter().map(|found| found.path.as_str());
    let manifest = (!differences.is_empty()).then_some(MANIFEST);
    let lines = paths.chain(manifest).map(|path| format!("{path}\n"));
    let new = named::beside(place)?;
    new.write(lines.collect::<String>().as_bytes())?;
    new.settle()?;
    Ok(new)
}
