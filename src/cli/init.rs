//! `gongkai init`

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Status, report};
use crate::diagnostic::Language;
use crate::init::{self, Options};
use crate::say;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 站点的文件夹；不写就是 -r 指的那个
    dir: Option<PathBuf>,
    /// 编辑器按哪个标准检查各表；不写就用内置的
    #[arg(long, value_name = "STANDARD")]
    standard: Option<String>,
    /// 附一份完整的小例子，立刻可以生成
    #[arg(long)]
    example: bool,
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let options = Options {
            folder: self.dir.unwrap_or(root),
            standard: self.standard,
            example: self.example,
        };
        let laid = match init::init(&options) {
            Ok(laid) => laid,
            Err(error) => return report::failure(&error, language),
        };
        report::laid(&laid, language);
        report::say(&next(&options.folder, options.example), language);
        Status::Clean
    }
}

/// What to do next.
fn next(folder: &Path, example: bool) -> crate::diagnostic::Say {
    let here = folder == Path::new(".");
    let root = if here {
        String::new()
    } else {
        format!(" -r {}", folder.display())
    };
    if example {
        say!(
            "接着：gongkai{root} check 核对，gongkai{root} build 生成",
            "next: gongkai{root} check, then gongkai{root} build"
        )
    } else {
        say!(
            "接着：在 site.toml 里写上站名和主办单位，再用 gongkai{root} new 单位的英文名 年度 --name 单位全称 新建一份公开；有预算系统导出的工作簿，用 gongkai{root} import 工作簿 --entity 单位的英文名 --year 年度",
            "next: write title and publisher into site.toml, then make a disclosure with gongkai{root} new ENTITY YEAR --name NAME, or from a workbook with gongkai{root} import FILE --entity ENTITY --year YEAR"
        )
    }
}
