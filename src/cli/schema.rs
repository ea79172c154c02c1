//! `gongkai schema`

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Status, report};
use crate::diagnostic::Language;
use crate::error::Error;
use crate::load::discover;
use crate::say;
use crate::schema;

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
        let files = schema::all(&discover::library(root));
        let count = files.len();
        for (path, text) in files {
            if let Err(error) = write(&folder.join(path), &text) {
                return report::failure(&error, language);
            }
        }
        let folder = folder.display();
        report::say(
            &say!(
                "{count} 份 JSON Schema → {folder}",
                "{count} JSON Schemas → {folder}"
            ),
            language,
        );
        Status::Clean
    }
}

/// Writes a schema; what was there was made by an earlier run.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    std::fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))?;
    std::fs::write(path, text).map_err(|error| Error::io(path, error))
}
