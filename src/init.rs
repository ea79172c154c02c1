//! `init`: the files of a new site, with a small disclosure as an example where it is asked for.
//!
//! They stand in `starter/` as they are written; only the editor settings name a standard, which is
//! filled in.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::embedded::{self, Folder};
use crate::error::Error;
use crate::lay::{Laid, NewFile, Over, lay};
use crate::load::discover;
use crate::say;
use crate::schema;
use crate::standard;
use crate::write::named::{self, Around};

/// What is to be made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder; made when it is not there.
    pub folder: PathBuf,
    /// Standard that the editor settings name; the only one built in when `None`.
    pub standard: Option<String>,
    /// Whether a disclosure as an example comes with it.
    pub example: bool,
}

/// Makes a site of what its folder lacks. The schemas are those of [`schema::all`].
///
/// # Errors
/// When the folder is a file, there is no such standard, or a file cannot be written.
pub fn init(options: &Options) -> Result<Laid, Error> {
    let folder = &options.folder;
    if folder.exists() && !folder.is_dir() {
        return Err(Error::refused(
            folder,
            say!("是一个文件；写一个文件夹的名字", "is a file; name a folder"),
        ));
    }
    named::check_folder(folder, Around::default())?;
    let standard = choose(options.standard.as_deref())?;
    let library = discover::library(folder, &mut Diagnostics::default());
    let mut files = starter(Folder::Starter, &standard);
    for (path, text) in schema::all(&library) {
        files.push(NewFile::text(format!("{}/{path}", schema::FOLDER), text));
    }
    if options.example {
        files.extend(starter(Folder::Example, &standard));
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    lay(folder, &files, Over::Keep)
}

/// The standard's id and the folder ending of its kind.
struct Chosen {
    id: String,
    kind: &'static str,
}

fn choose(asked: Option<&str>) -> Result<Chosen, Error> {
    let library = discover::built_in();
    let ids: Vec<&str> = library.ids().collect();
    let id = match asked {
        Some(asked) => ids.iter().find(|id| **id == asked),
        None => ids.first(),
    };
    let loaded = id.and_then(|id| standard::load(&library, id, &mut Diagnostics::default()));
    match loaded {
        Some(standard) => Ok(Chosen {
            kind: standard.kind.slug(),
            id: standard.id,
        }),
        None => {
            let (zh, en) = (ids.join("、"), ids.join(", "));
            Err(Error::refused(
                Path::new(asked.unwrap_or("standards")),
                say!(
                    "没有内置这个标准；可用的有：{zh}",
                    "there is no such standard built in; at hand: {en}"
                ),
            ))
        }
    }
}

/// The files of a folder of `starter/`.
fn starter(folder: Folder, standard: &Chosen) -> Vec<NewFile> {
    embedded::files(folder)
        .into_iter()
        .map(|(path, bytes)| match std::str::from_utf8(bytes) {
            Ok(text) if text.contains("@standard@") => NewFile::text(
                path,
                text.replace("@standard@", &standard.id)
                    .replace("@kind@", standard.kind),
            ),
            _ => NewFile {
                path,
                bytes: bytes.to_vec(),
            },
        })
        .collect()
}
