//! `gongkai clean`

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Status, report};
use crate::diagnostic::Language;
use crate::pipeline;
use crate::say;

/// Arguments of `clean`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 网站输出的文件夹，代替 site.toml 里写的
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let report = report::Report::for_people(root, language);
        match pipeline::clean(root, self.output.as_deref()) {
            Ok(folder) => {
                let folder = folder.display();
                report.result(&say!(
                    "已删去 {folder}；下一次全部重新生成",
                    "removed {folder}; the next build makes everything again"
                ));
                Status::Clean
            }
            Err(error) => report.failure(&error),
        }
    }
}
