//! Cell by cell: what the data files write is what the downloads hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use calamine::{Data, Range};
use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::Diagnostics;
use gongkai::load::discover::discover;
use gongkai::load::folder;
use gongkai::model::amount::Amount;
use gongkai::model::classification::Code;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::form::{BlockForm, Column, ColumnKind};
use gongkai::model::table::{Row, Table, Value};
use gongkai::render::download::columns::{DataColumn, Origin, columns, printed};
use gongkai::render::download::{csv_name, grid};
use gongkai::standard;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{REFERENCE, SECOND, bytes, read};
use crate::pages::{Built, reference, second};
use crate::support::{Site, repository};

/// Figures in the thirteen tables of the seed, and in the five of the second site with those computed.
const FIGURES: [usize; 2] = [421, 159];

fn disclosure(root: &Path) -> Disclosure {
    let mut faults = Diagnostics::default();
    let site = discover(root, &mut faults).expect("a site");
    let draft = folder::load(&site.disk, &site.disclosures[0], &mut faults);
    let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
    let form = standard::load(&site.standards, &name, &mut faults).expect("the standard");
    let rules = Rules::new(&site.config);
    check::check(&draft, &form, &rules, &mut faults).expect("a disclosure")
}

/// Both sites: output, folder, data, figures.
fn sites() -> [(&'static Built, &'static str, Disclosure, usize); 2] {
    let second_site = Site::case("second");
    [
        (
            reference(),
            REFERENCE,
            disclosure(&repository()),
            FIGURES[0],
        ),
        (second(), SECOND, disclosure(second_site.root()), FIGURES[1]),
    ]
}

/// What a data file writes in a cell, byte for byte; a computed value as it was computed.
fn written(table: &Table, row: &Row, column: usize) -> String {
    let cell = &row.cells[column];
    let text = match &cell.value {
        Value::Blank => return String::new(),
        value => value
            .number()
            .map_or_else(|| value.to_text(), |n| n.to_string()),
    };
    let raw = &table.source.text[cell.place.bytes_in(&table.source.text)];
    if raw == "{" {
        // A cell that is not written stands where its row begins: it was computed.
        return text;
    }
    let raw = raw.trim_matches(['"', '\'']).to_owned();
    assert_eq!(raw, text, "the check changes nothing");
    raw
}

/// Calls `each` for every printed figure, and counts them.
fn figures(
    disclosure: &Disclosure,
    mut each: impl FnMut(&Table, (usize, usize, usize), &Row, String),
) -> usize {
    let mut count = 0;
    for table in &disclosure.tables {
        for (block, form) in table.form.blocks.iter().enumerate() {
            for (at, row) in table.blocks[block].rows.iter().enumerate() {
                for (column, _) in printed(form).filter(|(_, column)| column.kind.is_figure()) {
                    let text = written(table, row, column);
                    count += usize::from(row.cells[column].value.number().is_some());
                    each(table, (block, at, column), row, text);
                }
            }
        }
    }
    count
}

/// What a CSV file must have in a column that is no figure.
fn label(form: &BlockForm, row: &Row, column: &DataColumn) -> Option<String> {
    match column.from {
        Origin::Code => Some(
            row.code
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        ),
        Origin::Level => Some(if row.total { 0 } else { row.level }.to_string()),
        Origin::Column(at) => match form.columns[at].kind {
            ColumnKind::Name => Some(row.name.to_string()),
            ColumnKind::Line(start) => Some((start + row.line).to_string()),
            ColumnKind::Text | ColumnKind::YesNo => Some(row.cells[at].value.to_text()),
            _ => None,
        },
    }
}

#[test]
fn the_csv_files_hold_every_cell_as_written() {
    for (built, folder, disclosure, expected) in sites() {
        let titles = disclosure.title_values();
        for table in &disclosure.tables {
            for (form, block) in table.form.blocks.iter().zip(&table.blocks) {
                let path = format!("{folder}/{}", csv_name(&table.form, &form.id));
                let (header, rows) = read::csv(built, &path);
                let columns = columns(form, &titles);
                let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
                assert_eq!(header, names, "{path}");
                assert_eq!(rows.len(), block.rows.len(), "{path}");
                for (row, found) in block.rows.iter().zip(&rows) {
                    for (column, found) in columns.iter().zip(found) {
                        if let Some(label) = label(form, row, column) {
                            assert_eq!(*found, label, "{path}");
                        }
                    }
                }
            }
        }
        let count = figures(&disclosure, |table, (block, row, column), _, text| {
            let form = &table.form.blocks[block];
            let path = format!("{folder}/{}", csv_name(&table.form, &form.id));
            let columns = columns(form, &titles);
            let at = columns
                .iter()
                .position(|known| known.from == Origin::Column(column));
            let (_, rows) = read::csv(built, &path);
            assert_eq!(rows[row][at.expect("a column")], text, "{path}");
        });
        assert_eq!(count, expected, "{folder}");
    }
}

#[test]
fn the_names_of_columns_carry_their_units_and_are_unique() {
    let (header, _) = read::csv(second(), &format!("{SECOND}/t02.csv"));
    assert_eq!(
        header,
        [
            "科目编码",
            "科目名称",
            "年初预算数_元",
            "合计_元",
            "基本支出_元",
            "项目支出_元",
            "差额_元",
            "完成预算（%）",
            "级次"
        ]
    );
    let (header, _) = read::csv(second(), &format!("{SECOND}/t04.csv"));
    assert_eq!(header.last().map(String::as_str), Some("级次"));
    assert!(
        header.contains(&"运行经费（万元）".to_owned()),
        "{header:?}"
    );
}

#[test]
fn blank_zero_and_no_data_stay_apart() {
    let (header, rows) = read::csv(second(), &format!("{SECOND}/t04.csv"));
    let at = |name: &str| {
        header
            .iter()
            .position(|known| known.starts_with(name))
            .expect(name)
    };
    let bus = rows
        .iter()
        .find(|row| row[0] == "流动图书车")
        .expect("a row");
    assert_eq!((&*bus[at("运行经费")], &*bus[at("房租")]), ("无数据", ""));
    let (_, rows) = read::csv(second(), &format!("{SECOND}/t02.csv"));
    let zero = rows.iter().find(|row| row[0] == "2070199").expect("a row");
    assert_eq!(zero[2], "0.00");
    let data = read::json(second(), &format!("{SECOND}/data.json"));
    let rows = data["tables"][3]["blocks"][0]["rows"]
        .as_array()
        .expect("rows");
    let bus = rows.iter().find(|row| row["id"] == "bus").expect("a row");
    assert_eq!(bus["cells"]["cost"], "无数据");
    assert_eq!(bus["cells"]["rent"], Json::Null);
}

#[test]
fn the_data_file_holds_every_figure_as_written() {
    for (built, folder, disclosure, expected) in sites() {
        let data = read::json(built, &format!("{folder}/data.json"));
        let count = figures(&disclosure, |table, (block, at, column), row, text| {
            let position = table.form.position - 1;
            let found = &data["tables"][position]["blocks"][block];
            let line = &found["rows"][at];
            let id = &*table.form.blocks[block].columns[column].id;
            assert_eq!(line["id"], *row.id);
            assert_eq!(line["name"], *row.name);
            assert_eq!(line["code"].as_str(), row.code.as_ref().map(Code::as_str));
            let cell = &line["cells"][id];
            assert_eq!(cell.as_str().unwrap_or_default(), text, "{folder}: {id}");
            assert_eq!(cell.is_null(), text.is_empty());
        });
        assert_eq!(count, expected, "{folder}");
        for table in data["tables"].as_array().expect("tables") {
            for block in table["blocks"].as_array().expect("blocks") {
                let csv = block["csv"].as_str().expect("a name");
                assert!(built.has(&format!("{folder}/{csv}")), "{csv}");
            }
        }
    }
}

/// The exact value that a workbook holds: in the unit of the page, not rounded.
fn exact(column: &Column, value: &Value) -> Option<Decimal> {
    match (column.kind, value) {
        (ColumnKind::Amount { show, .. }, Value::Amount(amount)) => {
            amount.in_unit(show).map(Amount::value)
        }
        _ => value.number(),
    }
}

fn cell(sheet: &Range<Data>, line: usize, column: usize) -> Data {
    let place = (
        u32::try_from(line).expect("small"),
        u32::try_from(column).expect("small"),
    );
    sheet.get_value(place).cloned().unwrap_or_default()
}

#[test]
fn the_workbook_holds_every_figure_as_a_number() {
    for (built, folder, disclosure, expected) in sites() {
        let sheets = read::sheets(bytes(built, &format!("{folder}/tables.xlsx")));
        assert_eq!(sheets.len(), disclosure.tables.len());
        for ((name, _), table) in sheets.iter().zip(&disclosure.tables) {
            assert_eq!(**name, *table.form.number);
        }
        let count = figures(&disclosure, |table, (block, at, position), row, text| {
            let (_, sheet) = &sheets[table.form.position - 1];
            let forms = &table.form.blocks;
            let depth = forms
                .iter()
                .map(|form| form.header.len())
                .max()
                .unwrap_or(0);
            let line = grid::lines(table)
                .iter()
                .position(|line| line[block] == Some(at));
            let line = 2 + depth + line.expect("a line");
            let before = forms[..block]
                .iter()
                .map(|form| printed(form).count())
                .sum::<usize>();
            let of = |wanted: usize| {
                let mut columns = printed(&forms[block]);
                before + columns.position(|(at, _)| at == wanted).expect("a column")
            };
            let name = forms[block]
                .columns
                .iter()
                .position(|c| c.kind == ColumnKind::Name);
            let name = cell(sheet, line, of(name.expect("a name")));
            assert_eq!(name, Data::String(row.name.to_string()));
            let found = cell(sheet, line, of(position));
            let column = &forms[block].columns[position];
            match exact(column, &row.cells[position].value) {
                Some(value) => {
                    let Data::Float(number) = found else {
                        panic!("{folder}: {} {text}: {found:?}", table.form.number)
                    };
                    let number = Decimal::from_str_exact(&number.to_string()).expect("a number");
                    assert_eq!(number, value, "{}", table.form.number);
                }
                None if text.is_empty() => assert_eq!(found, Data::Empty),
                None => assert_eq!(found, Data::String(text)),
            }
        });
        assert_eq!(count, expected, "{folder}");
    }
}

#[test]
fn the_blocks_of_a_table_stand_side_by_side_with_their_totals_on_one_line() {
    let sheets = read::sheets(bytes(reference(), &format!("{REFERENCE}/tables.xlsx")));
    let first = &sheets[0].1;
    let line = |line: usize| {
        (0..6)
            .map(|at| cell(first, line, at).to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(line(0)[0], "表一 2025年预算收支总表");
    assert_eq!(
        line(1),
        [
            "部门名称：阳泉市退役军人事务局",
            "",
            "",
            "",
            "",
            "单位：万元"
        ]
    );
    assert_eq!(line(2), ["收入", "", "支出", "", "", ""]);
    assert_eq!(
        line(3),
        [
            "项目",
            "2025年",
            "项目",
            "2025年合计",
            "当年预算安排",
            "上年结转安排"
        ]
    );
    let last = first.height() - 1;
    assert_eq!(
        line(last)[..4],
        ["收入总计", "3764.74", "支出总计", "3764.74"]
    );
    assert_eq!(
        line(last - 2)[..4],
        ["本年收入合计", "3764.74", "本年支出合计", "3764.74"]
    );
}

/// Every path of keys; keys that the data names (`cells`, `values`) as `*`.
fn keys(value: &Json, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            let named = matches!(path.rsplit('.').next(), Some("cells" | "values"));
            for (key, value) in map {
                let path = format!("{path}.{}", if named { "*" } else { key });
                keys(value, &path, found);
                found.insert(path);
            }
        }
        Json::Array(items) => {
            for item in items {
                keys(item, path, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_documented_example_has_the_keys_of_the_file() {
    let text = fs::read_to_string(repository().join("docs/data-json.md")).expect("the document");
    let example = text
        .split("```json\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let example: Json = serde_json::from_str(example.expect("an example")).expect("JSON");
    let (mut documented, mut real) = (BTreeSet::new(), BTreeSet::new());
    keys(&example, "", &mut documented);
    keys(
        &read::json(reference(), &format!("{REFERENCE}/data.json")),
        "",
        &mut real,
    );
    assert_eq!(documented, real);
}
