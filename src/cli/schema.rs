//! `gongkai schema`

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Status, report};
use crate::diagnostic::{Diagnostics, Language};
use crate::error::Error;
use crate::lay::{NewFile, Over, lay};
use crate::load::discover;
use crate::pipeline::standards;
use crate::say;
use crate::schema;
use crate::write::named::{self, Around};

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 写到哪个文件夹；不写就是站点的 schema/
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let folder = self.output.unwrap_or_else(|| root.join(schema::FOLDER));
        let report = report::Report::for_people(root, language);
        let status = report.faults(standards::of_site(root));
        let files = schema::all(&discover::library(root, &mut Diagnostics::default()));
        let count = files.len();
        if let Err(error) = write(&folder, files) {
            return report::failure(&error, language);
        }
        let folder = folder.display();
        report::say(
            &say!(
                "{count} 份 JSON Schema → {folder}",
                "{count} JSON Schemas → {folder}"
            ),
            language,
        );
        status
    }
}

/// Writes the schemas; what was there was made by an earlier run. They go together, so the folder is named with them.
fn write(folder: &Path, files: Vec<(String, String)>) -> Result<(), Error> {
    named::check_folder(folder, Around::default())?;
    let (above, name) = match (folder.parent(), folder.file_name()) {
        (Some(above), Some(name)) => (above, format!("{}/", name.to_string_lossy())),
        _ => (folder, String::new()),
    };
    let files = files.into_iter();
    let files: Vec<NewFile> = files
        .map(|(path, text)| NewFile::text(format!("{name}{path}"), text))
        .collect();
    lay(above, &files, Over::Replace).map(|_| ())
}
