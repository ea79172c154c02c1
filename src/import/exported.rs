//! `data.json` of a built site -> tables and performance sheets. Ids and codes come with it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use memchr::memmem;
use serde::Deserialize;

use super::block::Here;
use super::context::Context;
use super::doubt::Doubt;
use super::ids;
use super::odd;
use super::table::{ImportedBlock, ImportedRow, ImportedTable};
use super::tree::second_codes;
use crate::diagnostic::Say;
use crate::file_name::id_fault;
use crate::model::form::{BlockForm, RowSource, TableForm};
use crate::say;

/// What a `data.json` begins with.
const FORMAT: &str = "gongkai-disclosure";

/// So much of a file is looked at to tell what it is.
const START: usize = 512;

/// Whether a file is one of these, by its content: JSON that names the format, or that has the ending of JSON.
pub fn is(bytes: &[u8], path: &Path) -> bool {
    let start = &bytes[..bytes.len().min(START)];
    let json = start.trim_ascii_start().starts_with(b"{");
    let ending = path.extension();
    let named = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    json && (named || memmem::find(start, FORMAT.as_bytes()).is_some())
}

/// A disclosure as a site publishes it.
#[derive(Debug, Deserialize)]
pub struct Export {
    #[serde(skip)]
    file: String,
    /// What is doubtful in its texts.
    #[serde(skip)]
    pub odd: Vec<Doubt>,
    format: String,
    version: u32,
    standard: Named,
    /// Day of publication.
    pub published: Option<String>,
    /// Name of the original document.
    pub source: Option<String>,
    tables: Vec<TableData>,
    /// Values that stand in no table.
    pub inputs: Vec<InputData>,
    /// Performance sheets.
    pub sheets: Vec<SheetData>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}

#[derive(Debug, Deserialize)]
struct TableData {
    id: String,
    no_data: Option<String>,
    blocks: Vec<BlockData>,
}

#[derive(Debug, Deserialize)]
struct BlockData {
    id: String,
    rows: Vec<RowData>,
}

#[derive(Debug, Deserialize)]
struct RowData {
    id: String,
    code: Option<String>,
    name: String,
    level: u8,
    total: bool,
    cells: BTreeMap<String, Option<String>>,
}

/// A value that stands in no table.
#[derive(Debug, Deserialize)]
pub struct InputData {
    /// Key.
    pub id: String,
    /// As written.
    pub value: Option<String>,
}

/// A performance sheet.
#[derive(Debug, Deserialize)]
pub struct SheetData {
    /// Name of its file.
    pub id: String,
    /// Name of the project.
    pub name: String,
    /// Rows that it explains.
    pub rows: Vec<String>,
    /// Facts about the project.
    pub facts: Vec<TextData>,
    /// Funds of each phase.
    pub funds: Vec<FundData>,
    /// Descriptions.
    pub texts: Vec<TextData>,
    /// Goals of each phase.
    pub goals: Vec<TextData>,
    /// Lines of the indicator table.
    pub indicators: Vec<IndicatorData>,
}

/// A text by its key.
#[derive(Debug, Deserialize)]
pub struct TextData {
    /// Key.
    pub id: String,
    /// Text.
    pub text: String,
}

/// An amount of a sheet.
#[derive(Debug, Deserialize)]
pub struct FundData {
    /// Phase.
    pub phase: String,
    /// `total` or a source.
    pub source: String,
    /// As written.
    pub value: Option<String>,
}

/// A line of the indicator table.
#[derive(Debug, Deserialize)]
pub struct IndicatorData {
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 三级指标
    pub level3: String,
    /// Value by phase.
    pub values: BTreeMap<String, Option<String>>,
}

impl Export {
    /// Reads a `data.json`.
    ///
    /// # Errors
    /// When it is none, or of another version.
    pub fn read(file: &str, text: &str) -> Result<Self, Say> {
        let other = || {
            say!(
                "不是 gongkai 生成的 data.json",
                "it is no data.json that gongkai has made"
            )
        };
        let mut data: serde_json::Value = serde_json::from_str(text).map_err(|_| other())?;
        let mut odd = Vec::new();
        clean(&mut data, "", &mut odd);
        let mut export: Self = serde_json::from_value(data).map_err(|_| other())?;
        if export.format != FORMAT {
            return Err(other());
        }
        if export.version != 1 {
            let version = export.version;
            return Err(say!(
                "data.json 的版本是 {version}，这个程序只认 1；用生成它的 gongkai",
                "the data.json has version {version}, this program knows 1; use the gongkai that made it"
            ));
        }
        // Their files are named after them.
        if let Some(sheet) = export.sheets.iter().find(|one| id_fault(&one.id).is_some()) {
            let id = &sheet.id;
            return Err(say!(
                "data.json 里绩效目标表的 id `{id}` 不能用作文件名，不是 gongkai 写的；用原来的 data.json",
                "the sheet `{id}` of the data.json cannot name a file, so gongkai has not written it; use the original data.json"
            ));
        }
        file.clone_into(&mut export.file);
        export.odd = odd;
        Ok(export)
    }

    /// Where it was read, as given.
    pub fn path(&self) -> &str {
        &self.file
    }

    /// Its name for people.
    pub fn name(&self) -> String {
        let name = self.file.rsplit(['/', '\\']).next();
        name.unwrap_or(&self.file).to_owned()
    }

    /// The standard that it follows.
    pub fn standard(&self) -> &str {
        &self.standard.id
    }

    /// Its tables that the standard has, with their positions there.
    pub fn tables(&self, context: &Context<'_>) -> Vec<(usize, ImportedTable)> {
        let tables = self.tables.iter().filter_map(|data| {
            let at = context.standard.table_position(&data.id)?;
            let form = &context.standard.tables[at];
            let blocks = form.blocks.iter().enumerate().map(|(at, block_form)| {
                let data = data.blocks.iter().find(|block| *block.id == *block_form.id);
                let here = Here::new(context, form, at);
                data.map_or_else(ImportedBlock::default, |data| block(&here, form, data))
            });
            let table = ImportedTable {
                form: form.clone(),
                file: self.file.clone(),
                range: String::new(),
                no_data: data.no_data.clone(),
                blocks: blocks.collect(),
                doubts: Vec::new(),
            };
            Some((at, table))
        });
        tables.collect()
    }
}

/// Takes characters that nobody sees out of every text, with a doubt at its place: `/tables/0/no_data`.
fn clean(value: &mut serde_json::Value, at: &str, doubts: &mut Vec<Doubt>) {
    match value {
        serde_json::Value::String(text) => {
            if let (Cow::Owned(left), odd) = odd::clean(text) {
                doubts.extend(odd::doubt(&odd, at));
                *text = left;
            }
        }
        serde_json::Value::Array(items) => {
            for (position, item) in items.iter_mut().enumerate() {
                clean(item, &format!("{at}/{position}"), doubts);
            }
        }
        serde_json::Value::Object(entries) => {
            for (key, item) in entries.iter_mut() {
                clean(item, &format!("{at}/{key}"), doubts);
            }
        }
        _ => {}
    }
}

fn block(here: &Here<'_>, table: &TableForm, data: &BlockData) -> ImportedBlock {
    let form = here.form;
    let totals = form.totals.iter().map(|total| {
        let found = data
            .rows
            .iter()
            .find(|row| row.total && *row.id == *total.id);
        found.map(|found| row(form, found))
    });
    let mut block = ImportedBlock {
        totals: totals.collect(),
        ..ImportedBlock::default()
    };
    for (at, found) in data.rows.iter().enumerate() {
        if form.totals.iter().any(|total| *total.id == *found.id) {
            continue;
        }
        let mut made = row(form, found);
        if let RowSource::Fixed { print_blank, .. } = form.rows {
            made.id = Some(found.id.clone());
            if print_blank && made.filled() == 0 {
                continue;
            }
        } else {
            made.code.clone_from(&found.code);
            made.place = format!("{} {}", table.number, found.name);
            let place = made.place.clone();
            let mut doubts = Vec::new();
            second_codes(here, &mut made, &place, &mut doubts);
            made.doubts.extend(doubts);
            let own = ids::key(form, &made).as_ref() == Some(&found.id)
                || found.id == format!("n{}", at + 1);
            made.id = (!own).then(|| found.id.clone());
        }
        block.rows.push(made);
    }
    ids::tell_apart(form, &mut block);
    block
}

fn row(form: &BlockForm, data: &RowData) -> ImportedRow {
    let mut row = ImportedRow {
        name: data.name.clone(),
        level: data.level,
        ..ImportedRow::default()
    };
    for column in &form.columns {
        let text = data.cells.get(&*column.id).cloned().flatten();
        let text = text.filter(|_| column.kind.is_written());
        row.cells.push(text.filter(|_| column.computed.is_none()));
    }
    row
}
