//! The files that are given: workbooks, `data.json`, and folders of built sites.

use std::path::{Path, PathBuf};

use super::Options;
use super::collect::source_of;
use super::exported::{self, Export};
use super::workbook::{self, Reason, Workbook};
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::model::disclosure::Kind;
use crate::render::download::DATA;
use crate::say;
use crate::source::Place;

/// A file as read.
pub enum Input {
    /// A workbook.
    Workbook(Workbook),
    /// `data.json` of a built site.
    Export(Box<Export>),
}

/// Reads every file, reporting `workbook-unreadable` for each that cannot be read.
pub fn read(options: &Options, problems: &mut Diagnostics) -> Vec<Input> {
    let mut inputs = Vec::with_capacity(options.files.len());
    for path in &options.files {
        match one(path, options) {
            Ok(input) => inputs.push(input),
            Err(say) => problems.push(
                Diagnostic::error(
                    "workbook-unreadable",
                    &source_of(&path.display().to_string()),
                    Place::FILE,
                    say,
                )
                .hint(say!(
                    "换一个能读的文件，再导入一次",
                    "give a file that can be read and import again"
                )),
            ),
        }
    }
    inputs
}

fn one(path: &Path, options: &Options) -> Result<Input, Say> {
    if path.is_dir() {
        return export(&in_folder(path, options)?);
    }
    if workbook::bytes(path).is_ok_and(|bytes| exported::is(&bytes, path)) {
        return export(path);
    }
    workbook::read(path)
        .map(Input::Workbook)
        .map_err(|unreadable| unreadable.reason.say())
}

/// The `data.json` of the disclosure in a built site, or of a folder of one.
fn in_folder(folder: &Path, options: &Options) -> Result<PathBuf, Say> {
    let kinds = [Kind::Budget, Kind::Final];
    let kinds = kinds
        .into_iter()
        .filter(|kind| options.kind.is_none_or(|wanted| wanted == *kind));
    let (entity, year) = (&options.entity, options.year);
    let below = kinds.map(|kind| folder.join(format!("{entity}/{year}-{}/{DATA}", kind.slug())));
    std::iter::once(folder.join(DATA))
        .chain(below)
        .find(|path| path.is_file())
        .ok_or_else(|| {
            say!(
                "文件夹里没有 {DATA}，也没有 {entity}/{year}-budget/{DATA}；给出已生成的网站的文件夹，或工作簿",
                "the folder has no {DATA} and no {entity}/{year}-budget/{DATA}; name the folder of a built site, or a workbook"
            )
        })
}

fn export(path: &Path) -> Result<Input, Say> {
    let bytes = workbook::bytes(path).map_err(|reason| reason.say())?;
    let text = String::from_utf8(bytes).map_err(|_| Reason::Encoding.say())?;
    let export = Export::read(&path.display().to_string(), &text)?;
    Ok(Input::Export(Box::new(export)))
}
