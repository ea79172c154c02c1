//! Import: what spreadsheets and exports show -> table files that load accepts.
//!
//! ```text
//! workbook -> Grid -> Region -> Layout -> RawRow -> ImportedTable -> text -> files
//! ```
//!
//! Nothing is taken by its position or by the name of its sheet: titles and headers say what it is.
//! What was read otherwise than it stands is a doubt with its place.

mod amounts;
mod assemble;
mod block;
mod changed;
mod collect;
pub mod confirm;
mod context;
mod doubt;
pub(crate) mod exported;
mod find;
mod fixed;
mod fold;
mod grid;
mod header;
mod ids;
mod input;
mod layout;
mod list;
mod odd;
mod outcome;
pub mod receipt;
mod region;
mod rows;
mod sheet;
mod table;
mod target;
mod text;
mod title;
mod tree;
mod unit;
mod units;
mod who;
pub mod workbook;

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::error::Error;
use crate::load::discover::discover;
use crate::model::disclosure::Kind;
use crate::skeleton;
use collect::{Collected, collect};
use context::Context;
use input::Input;
use receipt::Receipt;
use target::Target;

/// What is to be imported.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Root of the site.
    pub root: PathBuf,
    /// Workbooks, `data.json` files and folders of built sites.
    pub files: Vec<PathBuf>,
    /// Folder of the entity below `data/`.
    pub entity: String,
    /// Year.
    pub year: u16,
    /// 预算 or 决算; that of the standard or of the disclosure that is there when `None`, else 预算.
    pub kind: Option<Kind>,
    /// Standard; that of the disclosure or the only one of the kind when `None`.
    pub standard: Option<String>,
    /// Name of an entity that the site does not have yet; from the workbooks when `None`.
    pub name: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// Writes nothing.
    pub dry_run: bool,
    /// Writes over files that hold other figures.
    pub force: bool,
}

/// Imports workbooks and exports.
///
/// # Errors
/// When the root is no site, the disclosure cannot be opened or planned, or a file cannot be written.
/// What is wrong with the files is in the receipt.
pub fn import(options: &Options) -> Result<Receipt, Error> {
    skeleton::check_names(&options.entity, options.year)?;
    let site = discover(&options.root, &mut Diagnostics::default())?;
    let mut problems = Diagnostics::default();
    let inputs = input::read(options, &mut problems);
    let opened = target::open(&site, options, &inputs, &[]);
    // Without a file there is no name of the entity either: that is what to mend first.
    let mut target = opened.map_err(|error| unread(&inputs, &problems).unwrap_or(error))?;
    let mut collected = collected(&target, options, &inputs, &problems);
    if target.is_new_entity() {
        // Read again as any later import will read it, its units known.
        let units = units::found(&collected.tables, &target.entity);
        if !units.is_empty() {
            target = target::open(&site, options, &inputs, &units)?;
            collected = self::collected(&target, options, &inputs, &problems);
        }
    }
    collected.notes.extend(who::other(&inputs, &target.entity));
    outcome::finish(&site, options, &target, collected)
}

fn collected(
    target: &Target,
    options: &Options,
    inputs: &[Input],
    problems: &Diagnostics,
) -> Collected {
    let context = Context::new(
        &target.standard,
        &target.entity,
        options.year,
        target.before.as_ref(),
    );
    collect(&context, inputs, problems.clone())
}

/// That no file could be read, by the first of them, with what to do.
fn unread(inputs: &[Input], problems: &Diagnostics) -> Option<Error> {
    let problem = problems.as_slice().first().filter(|_| inputs.is_empty())?;
    let path = Path::new(&problem.location.source.path);
    let mut say = problem.say.clone();
    if let Some(hint) = &problem.hint {
        say.zh = format!("{}；{}", say.zh, hint.zh);
        say.en = format!("{}; {}", say.en, hint.en);
    }
    Some(Error::refused(path, say))
}
