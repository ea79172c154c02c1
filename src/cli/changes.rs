//! Which files a build has added, changed, removed: for people, and as a list for programs that copy them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::diagnostic::Say;
use crate::error::Error;
use crate::say;
use crate::write::manifest::MANIFEST;
use crate::write::tree::{Change, Difference};

/// So many files are named; more are only counted.
const NAMED: usize = 20;

/// How many files differ, and which where they are few; `None` when none do.
pub fn say(differences: &[Difference]) -> Option<Say> {
    if differences.is_empty() {
        return None;
    }
    let count = |change| {
        differences
            .iter()
            .filter(|found| found.change == change)
            .count()
    };
    let (added, changed, removed) = (
        count(Change::Added),
        count(Change::Changed),
        count(Change::Removed),
    );
    let mut said = say!(
        "新增 {added} 个文件，改动 {changed} 个，删除 {removed} 个",
        "files: {added} added, {changed} changed, {removed} removed"
    );
    if differences.len() <= NAMED {
        for Difference { path, change } in differences {
            let sign = match change {
                Change::Added => '+',
                Change::Changed => '~',
                Change::Removed => '-',
            };
            for text in [&mut said.zh, &mut said.en] {
                write!(text, "\n  {sign} {path}").expect("writing to a string does not fail");
            }
        }
    }
    Some(said)
}

/// Writes the paths, one a line. The manifest differs whenever anything does.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, differences: &[Difference]) -> Result<(), Error> {
    let mut text = String::new();
    let manifest = (!differences.is_empty()).then_some(MANIFEST);
    for path in differences
        .iter()
        .map(|found| found.path.as_str())
        .chain(manifest)
    {
        text.push_str(path);
        text.push('\n');
    }
    fs::write(path, text).map_err(|error| Error::io(path, error))
}
