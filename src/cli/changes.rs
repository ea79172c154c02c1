//! Which files a build has added, changed, removed.

use std::fmt::Write as _;

use crate::characters::shown;
use crate::diagnostic::Say;
use crate::say;
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
                write!(text, "\n  {sign} {}", shown(path))
                    .expect("writing to a string does not fail");
            }
        }
    }
    Some(said)
}
