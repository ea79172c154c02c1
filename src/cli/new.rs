//! `gongkai new`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Status, report};
use crate::diagnostic::Language;
use crate::model::disclosure::Kind;
use crate::pipeline::standards;
use crate::say;
use crate::skeleton::{self, Options};

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 单位的英文名，就是 data/ 下的文件夹名，如 yq-veterans
    entity: String,
    /// 年度，如 2026
    year: u16,
    /// 预算还是决算；不写就是预算
    #[arg(long, value_enum, value_name = "budget|final")]
    kind: Option<KindArgument>,
    /// 从哪一年的公开带来上年的数和各行
    #[arg(long, value_name = "LAST_YEAR")]
    from: Option<u16>,
    /// 按哪个标准；不写就按上年的，或这一种里仅有的
    #[arg(long, value_name = "STANDARD")]
    standard: Option<String>,
    /// 单位全称，新单位要写
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// 单位的预算代码，如 067
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

/// 预算 or 决算, as an argument.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KindArgument {
    /// 预算
    Budget,
    /// 决算
    Final,
}

impl From<KindArgument> for Kind {
    fn from(kind: KindArgument) -> Self {
        match kind {
            KindArgument::Budget => Self::Budget,
            KindArgument::Final => Self::Final,
        }
    }
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let options = Options {
            root,
            entity: self.entity,
            year: self.year,
            kind: self.kind.map(Into::into),
            from: self.from,
            standard: self.standard,
            name: self.name,
            code: self.code,
            units: Vec::new(),
        };
        let report = report::Report::for_people(&options.root, language);
        let status = report.faults(standards::of_site(&options.root));
        let created = match skeleton::create(&options) {
            Ok(created) => created,
            Err(error) => return report::failure(&error, language),
        };
        report::laid(&created.laid, language);
        for note in &created.notes {
            report::say(note, language);
        }
        let (folder, standard) = (&created.folder, &created.standard);
        report::say(
            &say!(
                "{folder} 按 {standard} 的表式建好了。接着：填 tables/ 下各表和 disclosure.yaml，写 overview.md，绩效目标表放在 projects/，再运行 gongkai check",
                "{folder} follows the forms of {standard}. Next: fill in the tables and disclosure.yaml, write overview.md, put sheets into projects/, then run gongkai check"
            ),
            language,
        );
        status
    }
}
