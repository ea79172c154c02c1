//! The semantic difference of two sites, for the reviewer.
//!
//! A side is a built tree; a site root or a revision is built into a temporary folder first (`side`, `git`). The
//! `data.json` of each disclosure is compared (`rows`, `figures`, `texts`, `sheets`, `checks`), figures
//! that moved because of others are folded under them (`cause`), and the files are compared (`pages`). What was
//! found is a [`report::Report`], which one module for each format writes; `corrections` writes what is to be published
//! of it.

mod cause;
mod checks;
pub mod corrections;
mod data;
mod figures;
pub mod git;
pub mod html;
pub mod human;
pub mod json;
pub mod markdown;
mod outline;
mod pages;
pub mod report;
mod rows;
mod sheets;
pub mod side;
mod texts;
mod words;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::error::Error;
use data::Data;
use report::{Disclosure, Presence, Report};
use side::Side;
use texts::Causes;

/// Compares two sides.
///
/// # Errors
/// When a file cannot be read, or was made by an older version of the program.
pub fn compare(old: &Side, new: &Side) -> Result<Report, Error> {
    let folders: BTreeSet<&str> = old.folders().chain(new.folders()).collect();
    let folders: Vec<&str> = folders.into_iter().collect();
    let found: Vec<Disclosure> = folders
        .par_iter()
        .map(|folder| disclosure(old, new, folder))
        .collect::<Result<_, Error>>()?;
    let disclosures: Vec<Disclosure> = found.into_iter().filter(|one| !one.is_empty()).collect();
    let changed = disclosures.iter().map(|one| one.folder.clone()).collect();
    let pages = pages::compare(old, new, &changed)?;
    Ok(Report { disclosures, pages })
}

fn disclosure(old: &Side, new: &Side, folder: &str) -> Result<Disclosure, Error> {
    let (before, after) = (old.has(folder), new.has(folder));
    match (before, after) {
        (true, true) => Ok(both(folder, &old.data(folder)?, &new.data(folder)?)),
        (true, false) => Ok(whole(folder, old.data(folder)?, Presence::Removed)),
        (false, _) => Ok(whole(folder, new.data(folder)?, Presence::Added)),
    }
}

/// A disclosure that only one side has.
fn whole(folder: &str, data: Data, presence: Presence) -> Disclosure {
    Disclosure {
        folder: folder.to_owned(),
        title: data.title,
        presence,
        ..Disclosure::default()
    }
}

fn both(folder: &str, old: &Data, new: &Data) -> Disclosure {
    let tables = rows::by_key(&old.tables, &new.tables, |table| table.id.clone());
    let sheets = sheets::pairs(&old.sheets, &new.sheets);
    let mut changes = Vec::new();
    rows::tables(&old.tables, &new.tables, &tables, &mut changes);
    let found = figures::changed(old, new, &tables, &sheets);
    let mut texts = Vec::new();
    texts::facts(old, new, &mut texts);
    let causes = Causes::new(&found, &changes, &texts);
    texts::sentences(old, new, &causes, &mut texts);
    texts::corrections(old, new, &mut texts);
    let mut of_sheets = Vec::new();
    sheets::changed(&old.sheets, &new.sheets, &sheets, &mut of_sheets);
    let checks = checks::turned(old, new, &found.renamed);
    Disclosure {
        folder: folder.to_owned(),
        title: new.title.clone(),
        presence: Presence::Both,
        figures: cause::fold(found, old, new),
        rows: changes,
        texts,
        sheets: of_sheets,
        checks,
    }
}
