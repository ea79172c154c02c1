//! `gongkai list`

use std::path::Path;

use clap::{Args, ValueEnum};
use unicode_width::UnicodeWidthStr as _;

use super::{Status, report};
use crate::characters::shown;
use crate::diagnostic::Language;
use crate::list::{self, Item};
use crate::say;

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 写成什么：human 给人看，json 给程序
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// 给人看
    Human,
    /// 给程序
    Json,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let items = match list::list(root) {
            Ok(items) => items,
            Err(error) => return report::failure(&error, language),
        };
        match self.format {
            Format::Json => {
                let text = serde_json::json!({"disclosures": items});
                report::text(&format!("{text:#}\n"));
            }
            Format::Human if items.is_empty() => report::say(
                &say!(
                    "还没有公开；用 gongkai new 单位的英文名 年度 --name 单位全称 新建一份",
                    "there is no disclosure yet; make one with gongkai new ENTITY YEAR --name NAME"
                ),
                language,
            ),
            Format::Human => report::text(&table(&items, language)),
        }
        Status::Clean
    }
}

fn table(items: &[Item], language: Language) -> String {
    let head = match language {
        Language::Zh => ["单位", "全称", "公开", "标准", "状态", "已填的表"],
        Language::En => [
            "entity",
            "name",
            "disclosure",
            "standard",
            "status",
            "tables filled",
        ],
    };
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(
        items
            .iter()
            .map(|item| cells(item).map(|cell| shown(&cell))),
    );
    let widths: Vec<usize> = (0..head.len())
        .map(|at| lines.iter().map(|line| line[at].width()).max().unwrap_or(0))
        .collect();
    let aligned = |line: &[String; 6]| {
        let padded: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())))
            .collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(aligned).collect()
}

fn cells(item: &Item) -> [String; 6] {
    let or_dash = |text: Option<&str>| text.unwrap_or("—").to_owned();
    let tables = item.tables.map(|tables| tables.to_string());
    [
        item.entity.clone(),
        or_dash(item.name.as_deref()),
        item.disclosure.clone(),
        or_dash(item.standard.as_deref()),
        or_dash(item.status),
        format!("{}/{}", item.filled, or_dash(tables.as_deref())),
    ]
}
