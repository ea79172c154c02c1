//! What a reviewer is told of two sites: every edit, and nothing else.

mod causes;
mod command;
pub mod edits;
mod kinds;
mod random;

use std::path::Path;

use gongkai::diff::report::Report;
use gongkai::diff::side::{Opened, Side, open};

/// A side that can be built.
fn side(folder: &Path) -> Side {
    match open(folder, &()).expect("a site or a tree") {
        Opened::Side(side) => side,
        Opened::Refused(outcome) => panic!("not built: {:#?}", outcome.diagnostics),
    }
}

/// The differences of two folders.
fn compare(old: &Side, new: &Path) -> Report {
    gongkai::diff::compare(old, &side(new)).expect("a comparison")
}
