//! `gongkai import`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::new::KindArgument;
use super::{Status, report};
use crate::diagnostic::Language;
use crate::import::{self, Options};
use crate::pipeline::{Outcome, standards};

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 工作簿（.xlsx、.xls、.ods、.csv），或已生成的网站的文件夹、其中的 data.json
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 单位的英文名，就是 data/ 下的文件夹名，如 yq-veterans
    #[arg(long, value_name = "ENTITY")]
    entity: String,
    /// 年度，如 2026
    #[arg(long, value_name = "YEAR")]
    year: u16,
    /// 预算还是决算；不写就按已有的公开，没有就是预算
    #[arg(long, value_enum, value_name = "budget|final")]
    kind: Option<KindArgument>,
    /// 按哪个标准；不写就按已有的公开，或这一种里仅有的
    #[arg(long, value_name = "STANDARD")]
    standard: Option<String>,
    /// 单位全称；新单位不写就取自工作簿
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// 新单位的预算代码，如 067
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// 只看不写
    #[arg(long)]
    dry_run: bool,
    /// 覆盖内容不同的文件
    #[arg(long)]
    force: bool,
    /// 收据写成什么：human 给人看，json 给程序
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// 全部列出，不把重复的合成一行
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// 给人看
    Human,
    /// 给程序
    Json,
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let report = report::Report::for_people(&root, language).with_all(self.verbose);
        let options = Options {
            root,
            files: self.files,
            entity: self.entity,
            year: self.year,
            kind: self.kind.map(Into::into),
            standard: self.standard,
            name: self.name,
            code: self.code,
            dry_run: self.dry_run,
            force: self.force,
        };
        let status = report.faults(standards::of_site(&options.root));
        let mut receipt = match import::import(&options) {
            Ok(receipt) => receipt,
            Err(error) => return report.failure(&error),
        };
        if self.format == Format::Json {
            report::text(&receipt.json());
        } else {
            let refused = receipt.is_refused();
            let text = receipt.text(language);
            report.problems(&Outcome {
                diagnostics: std::mem::take(&mut receipt.problems),
                ..Outcome::default()
            });
            report::text(&text);
            return if refused { Status::Faults } else { status };
        }
        if receipt.is_refused() {
            Status::Faults
        } else {
            status
        }
    }
}
