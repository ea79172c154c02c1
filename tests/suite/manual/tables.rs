//! docs/tables.md: every table of the built-in standard.

use std::fmt::Write as _;
use std::fs;

use gongkai::diagnostic::Diagnostics;
use gongkai::load::discover;
use gongkai::model::classification::{Classification, Level};
use gongkai::model::disclosure::{InputForm, InputKind};
use gongkai::model::form::{BlockForm, Column, ColumnKind, Computed, RowSource, TableForm};
use gongkai::model::sheet::{Item, SheetForm};
use gongkai::model::title::{Title, TitleValues};
use gongkai::standard::{self, Standard};

use super::holds;
use crate::support::repository;

const EXAMPLE: &str = "starter/example/data/library/2026-budget";

/// So many lines of a sample are shown.
const LINES: usize = 10;

fn filled(title: &Title) -> String {
    title.fill(&TitleValues {
        year: 2026,
        name: "单位全称",
        short_name: "单位简称",
        kind_word: "部门",
        ordinal: 0,
    })
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Every header above a column, from the top.
fn headers(block: &BlockForm, column: &Column) -> String {
    let printed: Vec<&Column> = block.columns.iter().filter(|one| one.printed).collect();
    let Some(at) = printed.iter().position(|one| one.id == column.id) else {
        return format!("{}（不印）", filled(&column.title));
    };
    // Cells that reach down from a row above leave no room in the rows below.
    let mut until = vec![0; printed.len()];
    let mut found = Vec::new();
    for (number, row) in block.header.iter().enumerate() {
        let mut place = 0;
        for head in row {
            while place < printed.len() && until[place] > number {
                place += 1;
            }
            let end = (place + head.columns).min(printed.len());
            if (place..end).contains(&at) {
                found.push(filled(&head.title));
            }
            until[place..end].fill(number + head.rows);
            place = end;
        }
    }
    let own = filled(&column.title);
    let last = found.iter().rposition(|title| *title == own);
    found.truncate(last.map_or(found.len(), |last| last + 1));
    found.dedup();
    found.join(" / ")
}

fn kind(block: &BlockForm, column: &Column) -> String {
    let mut text = match column.kind {
        ColumnKind::Code(None) => "编码".to_owned(),
        ColumnKind::Code(Some(level)) => format!(
            "编码，印它的{}",
            match level {
                Level::Class => "类",
                Level::Section => "款",
                Level::Item => "项",
            }
        ),
        ColumnKind::Name => "名称".to_owned(),
        ColumnKind::Text => "文字".to_owned(),
        ColumnKind::Amount { unit, show, .. } if unit == show => format!("金额，{unit}"),
        ColumnKind::Amount { unit, show, .. } => format!("金额，{unit}；页面上是{show}"),
        ColumnKind::Percent => "百分数，不写 %".to_owned(),
        ColumnKind::Count => "个数".to_owned(),
        ColumnKind::Line(_) => "行次，自动编".to_owned(),
        ColumnKind::YesNo => "是 或 否".to_owned(),
    };
    let name = |at: usize| &block.columns[at].id;
    let computed = match column.computed {
        Some(Computed::Difference(left, right)) => {
            Some(format!("`{}` 减 `{}`", name(left), name(right)))
        }
        Some(Computed::Growth(left, right)) => {
            Some(format!("`{}` 比 `{}` 增减 %", name(left), name(right)))
        }
        Some(Computed::Ratio(left, right)) => {
            Some(format!("`{}` 占 `{}` 的 %", name(left), name(right)))
        }
        None => None,
    };
    if let Some(computed) = computed {
        write!(text, "；可以不写，自动算出：{computed}").expect("memory");
    }
    if let Some(codes) = &column.codes {
        write!(text, "，名单 `codes/{}.csv`", codes.list).expect("memory");
    }
    if let Some(prior) = column.prior_of {
        write!(text, "；`new --from` 带来上年的 `{}`", name(prior)).expect("memory");
    }
    text
}

/// The key under which the data writes a column.
fn key(column: &Column) -> &str {
    match column.kind {
        ColumnKind::Code(_) => "code",
        ColumnKind::Name => "name",
        _ => &column.id,
    }
}

fn rows(out: &mut String, block: &BlockForm) {
    for total in &block.totals {
        let name = filled(&total.name);
        let key = &total.id;
        writeln!(out, "\n合计行单独写：`{key}: {{…}}`，{name}。").expect("memory");
    }
    match &block.rows {
        RowSource::Tree(which) => {
            let digits = match which {
                Classification::Functional => "功能分类：类 3 位、款 5 位、项 7 位",
                Classification::Economic => "部门预算支出经济分类：类 3 位、款 5 位",
            };
            writeln!(out, "\n各行是编码树（{digits}），上级在前，下级在后。").expect("memory");
        }
        RowSource::List => {
            writeln!(out, "\n各行自由，可以有下级：`rows` 里的一行再写 `rows`。").expect("memory");
        }
        RowSource::Fixed { rows, print_blank } => {
            let blank = if *print_blank {
                "没有写的照印空白"
            } else {
                "没有写的不印"
            };
            writeln!(out, "\n固定行（{blank}）：\n").expect("memory");
            for row in rows {
                let indent = "  ".repeat(usize::from(row.level.saturating_sub(1)));
                let total = if row.total { "，合计行" } else { "" };
                writeln!(out, "{indent}- `{}` {}{total}", row.id, filled(&row.name))
                    .expect("memory");
            }
        }
    }
}

fn columns(out: &mut String, block: &BlockForm) {
    out.push_str("\n| 键 | 表头 | 是什么 |\n|---|---|---|\n");
    let mut before = "";
    for column in &block.columns {
        let key = key(column);
        if matches!(column.kind, ColumnKind::Line(_)) || key == before {
            continue;
        }
        before = key;
        let (header, kind) = (cell(&headers(block, column)), cell(&kind(block, column)));
        writeln!(out, "| `{key}` | {header} | {kind} |").expect("memory");
    }
}

/// The first lines of a file of the example, cut where a row ends.
fn sample(out: &mut String, path: &str) {
    let text = fs::read_to_string(repository().join(EXAMPLE).join(path)).expect(path);
    let total = text.lines().count();
    out.push_str("\n```yaml\n");
    for line in text
        .lines()
        .take(if total > LINES + 1 { LINES } else { total })
    {
        writeln!(out, "{line}").expect("memory");
    }
    if total > LINES + 1 {
        writeln!(out, "  # 以下 {} 行略", total - LINES).expect("memory");
    }
    out.push_str("```\n");
}

fn table(out: &mut String, form: &TableForm, path: &str) {
    writeln!(out, "\n## {} {}\n", form.number, filled(&form.title)).expect("memory");
    if let Some(lead) = &form.lead {
        writeln!(out, "{}\n", filled(lead)).expect("memory");
    }
    let empty = if form.empty.is_some() {
        "可以没有数（`no_data`）"
    } else {
        "不能没有数"
    };
    writeln!(
        out,
        "`table: {}`，文件 `tables/{path}`，金额的单位{}，{empty}。",
        form.id, form.unit
    )
    .expect("memory");
    for block in &form.blocks {
        if let Some(title) = block.title.as_ref().filter(|_| form.blocks.len() > 1) {
            writeln!(out, "\n### {}：`{}:`", filled(title), block.id).expect("memory");
        }
        columns(out, block);
        rows(out, block);
    }
    sample(out, &format!("tables/{path}"));
}

fn inputs(out: &mut String, inputs: &[std::sync::Arc<InputForm>]) {
    out.push_str(
        "\n## 表外数据\n\n写在 `disclosure.yaml` 的 `inputs` 里。\n\n| 键 | 是什么 | 写什么 | |\n|---|---|---|---|\n",
    );
    for input in inputs {
        let kind = match &input.kind {
            InputKind::Amount(unit, _) => format!("金额，{unit}"),
            InputKind::Count(Some(counter)) => format!("个数，{counter}"),
            InputKind::Count(None) => "个数".to_owned(),
            InputKind::Percent => "百分数".to_owned(),
            InputKind::Text => "文字".to_owned(),
        };
        let required = if input.required { "必须写" } else { "" };
        writeln!(
            out,
            "| `{}` | {} | {kind} | {required} |",
            input.id,
            cell(&input.title)
        )
        .expect("memory");
    }
    sample(out, "disclosure.yaml");
}

fn items(out: &mut String, name: &str, key: &str, items: &[Item]) {
    let list: Vec<String> = items
        .iter()
        .map(|item| format!("`{}` {}", item.id, item.title))
        .collect();
    writeln!(out, "- {name}（{key}）：{}", list.join("、")).expect("memory");
}

fn sheet(out: &mut String, form: &SheetForm) {
    writeln!(out, "\n## {}\n", filled(&form.title)).expect("memory");
    writeln!(
        out,
        "一个项目一个文件 `projects/<标识>.yaml`，资金的单位{}；`rows` 是它在 `{}` 表里的行。\n",
        form.unit, form.table
    )
    .expect("memory");
    items(out, "基本情况", "直接写", &form.facts);
    let phases: Vec<String> = form
        .phases
        .iter()
        .map(|phase| {
            format!(
                "`{}` {}（{}、{}）",
                phase.id, phase.title, phase.total, phase.goal
            )
        })
        .collect();
    writeln!(
        out,
        "- 期间（`funds`、`goals` 和各指标里）：{}",
        phases.join("、")
    )
    .expect("memory");
    items(
        out,
        "资金来源",
        "`funds.<期间>` 里，另有合计 `total`",
        &form.sources,
    );
    items(out, "文字", "`texts` 里", &form.texts);
    let groups: Vec<String> = form
        .indicators
        .iter()
        .map(|group| format!("{}（{}）", group.title, group.items.join("、")))
        .collect();
    writeln!(
        out,
        "- 指标（`indicators`，`level1` 和 `level2`）：{}",
        groups.join("、")
    )
    .expect("memory");
    sample(out, "projects/01-restoration.yaml");
}

fn text(standard: &Standard) -> String {
    let mut out = String::new();
    let folder = repository().join(EXAMPLE).join("tables");
    let mut files: Vec<String> = fs::read_dir(folder)
        .expect("the example")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    assert_eq!(
        files.len(),
        standard.tables.len(),
        "the example has every table"
    );
    for (form, file) in standard.tables.iter().zip(&files) {
        let named = format!("{:02}-{}.yaml", form.position, form.id);
        assert_eq!(
            *file, named,
            "files of the example have the names that `new` gives"
        );
        table(&mut out, form, file);
    }
    inputs(&mut out, &standard.inputs);
    sheet(&mut out, standard.sheet.as_ref().expect("a sheet"));
    out
}

#[test]
fn the_tables_of_the_standard_are_described_as_it_says() {
    let mut faults = Diagnostics::default();
    let library = discover::built_in();
    let standard =
        standard::load(&library, "shanxi-2025-budget", &mut faults).expect("the standard");
    assert!(faults.is_empty(), "{faults:?}");
    holds("docs/tables.md", "tables", &text(&standard));
}
