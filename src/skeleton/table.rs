//! The file of one table: what goes where as comments, every row of the form, last year's rows.

use std::fmt::Write as _;

use super::scalar::{quoted, scalar};
use crate::model::amount::Amount;
use crate::model::form::{BlockForm, Column, ColumnKind, KeyPart, RowSource, TableForm};
use crate::model::table::{Block, NO_DATA, Row, Table, Value};
use crate::model::title::TitleValues;
use crate::standard::codes::Codes;

/// What the file of a table is made from.
pub struct Source<'a> {
    /// What fills the titles.
    pub titles: &'a TitleValues<'a>,
    /// Code lists, for the examples.
    pub codes: &'a Codes,
    /// The same table of last year's disclosure.
    pub last: Option<&'a Table>,
}

/// The file of a table, in the layout of the reference data.
pub fn text(form: &TableForm, source: &Source<'_>) -> String {
    let mut text = head(form, source);
    let _ = writeln!(text, "table: {}", form.id);
    let single = form.blocks.len() == 1;
    for block in &form.blocks {
        let last = source.last.and_then(|table| {
            let at = table.form.block(&block.id)?;
            Some(Last {
                form: &table.form.blocks[at],
                block: table.blocks.get(at)?,
            })
        });
        if !single {
            let _ = writeln!(text, "{}:", block.id);
        }
        let writer = BlockWriter {
            form: block,
            last,
            indent: if single { "" } else { "  " },
        };
        writer.write(source.titles, &mut text);
    }
    text
}

/// The comments above the data.
fn head(form: &TableForm, source: &Source<'_>) -> String {
    let titles = source.titles;
    let mut lines = vec![format!("{} {}", form.number, form.title.fill(titles))];
    lines.extend(form.lead.as_ref().map(|lead| lead.fill(titles)));
    let unit = form.unit;
    lines.push(format!(
        "金额的单位是{unit}，只写数；空白就不写，零写 0，没有数据写 {NO_DATA}"
    ));
    for block in &form.blocks {
        let title = block.title.as_ref().map(|title| title.fill(titles));
        let name = title.map_or_else(|| "各列".to_owned(), |title| format!("{title}各列"));
        let columns: Vec<String> = block
            .columns
            .iter()
            .filter(|column| column.kind.is_written())
            .map(|column| described(column, titles))
            .collect();
        lines.push(format!("{name}：{}", columns.join("，")));
        lines.extend(how_rows_go(block, source));
    }
    if form.empty.is_some() {
        lines.push("整张表都没有数：写明原因，各行不写".to_owned());
        lines.push(format!("  no_data: {}年没有……", titles.year));
    }
    lines.insert(0, String::new());
    lines.join("\n# ").trim_start().to_owned() + "\n"
}

/// A column as its key and its title.
fn described(column: &Column, titles: &TitleValues<'_>) -> String {
    let mut text = format!("{} {}", column.id, column.title.fill(titles));
    if column.kind == ColumnKind::YesNo {
        text.push_str("（是 或 否）");
    }
    if column.computed.is_some() {
        text.push_str("（自动算出，可以不写）");
    }
    text
}

/// How the rows of a block are written, where the form does not list them.
fn how_rows_go(block: &BlockForm, source: &Source<'_>) -> Vec<String> {
    let blank = blank_cells(block).join(", ");
    match &block.rows {
        RowSource::Fixed { .. } => {
            vec!["各行是表式规定的，没有数的行可以删去".to_owned()]
        }
        RowSource::Tree(_) => {
            let mut lines = vec!["一个科目一行，编码加引号；先写类，再写它的款、项：".to_owned()];
            lines.extend(
                first_codes(block, source.codes)
                    .into_iter()
                    .map(|(code, name)| {
                        let name = scalar(&name);
                        format!("  - {{code: \"{code}\", name: {name}, {blank}}}")
                    }),
            );
            lines
        }
        RowSource::List => vec![
            "一项一行，id 用小写英文、数字和短横；有下级的，下级写在它的 rows 里：".to_owned(),
            format!("  - {{id: item-01, name: 名称, {blank}}}"),
        ],
    }
}

/// The first class of the code list with the first code of each level below it.
fn first_codes(block: &BlockForm, codes: &Codes) -> Vec<(String, String)> {
    let Some(names) = block.code_list().and_then(|list| codes.names(list)) else {
        return Vec::new();
    };
    let mut sorted: Vec<(&str, &str)> = names.iter().map(|(c, n)| (&**c, &**n)).collect();
    sorted.sort_unstable();
    let mut found: Vec<(String, String)> = Vec::new();
    for (code, name) in sorted {
        let deeper = found
            .last()
            .is_none_or(|(above, _)| code.len() > above.len() && code.starts_with(above.as_str()));
        if deeper {
            found.push((code.to_owned(), name.to_owned()));
        }
    }
    found
}

/// Keys of the cells that wait for figures.
fn blank_cells(block: &BlockForm) -> Vec<String> {
    block
        .columns
        .iter()
        .filter(|column| column.kind.is_written() && column.computed.is_none())
        .map(|column| format!("{}: ", column.id))
        .collect()
}

struct BlockWriter<'a> {
    form: &'a BlockForm,
    last: Option<Last<'a>>,
    indent: &'a str,
}

/// The block of last year's disclosure, and its form.
#[derive(Clone, Copy)]
struct Last<'a> {
    form: &'a BlockForm,
    block: &'a Block,
}

impl BlockWriter<'_> {
    fn write(&self, titles: &TitleValues<'_>, text: &mut String) {
        self.totals(true, text);
        let indent = self.indent;
        match &self.form.rows {
            RowSource::Fixed { rows, .. } => {
                let _ = writeln!(text, "{indent}rows:");
                for row in rows {
                    let last = self.last.and_then(|last| last.block.row(&row.id));
                    let mut cells = vec![
                        format!("id: {}", row.id),
                        format!("name: {}", scalar(&row.name.fill(titles))),
                    ];
                    cells.extend(self.cells(last));
                    let _ = writeln!(text, "{indent}  - {{{}}}", cells.join(", "));
                }
            }
            RowSource::Tree(_) | RowSource::List => self.free(text),
        }
        self.totals(false, text);
    }

    fn totals(&self, first: bool, text: &mut String) {
        for total in self.form.totals.iter().filter(|total| total.first == first) {
            let last = self.last.and_then(|last| last.block.row(&total.id));
            let is_figure = |column: &Column| column.kind.is_figure();
            let cells = self.cells_of(last, is_figure).join(", ");
            let _ = writeln!(text, "{}{}: {{{cells}}}", self.indent, total.id);
        }
    }

    /// Rows as last year had them, their cells blank.
    fn free(&self, text: &mut String) {
        let indent = self.indent;
        let all = self.last.map_or(&[][..], |last| &last.block.rows);
        let rows: Vec<&Row> = all.iter().filter(|row| !row.total).collect();
        if rows.is_empty() {
            let _ = writeln!(text, "{indent}rows: []");
            return;
        }
        let _ = writeln!(text, "{indent}rows:   # 上年的行，没有了的删去");
        let nested = self.form.rows == RowSource::List;
        for (at, row) in rows.iter().enumerate() {
            let depth = if nested { row.level.max(1) - 1 } else { 0 };
            let indent = format!("{indent}  {}", "    ".repeat(depth.into()));
            let cells = [self.row_head(row), self.cells(Some(row))].concat();
            let below = rows.get(at + 1).is_some_and(|next| next.level > row.level);
            if nested && below {
                let lines: Vec<&str> = cells.iter().map(|cell| cell.trim_end()).collect();
                let lines = lines.join(&format!("\n{indent}  "));
                let _ = writeln!(text, "{indent}- {lines}\n{indent}  rows:");
            } else {
                let _ = writeln!(text, "{indent}- {{{}}}", cells.join(", "));
            }
        }
    }

    /// What tells a free row apart: its id unless it follows from the row, its code, its name.
    fn row_head(&self, row: &Row) -> Vec<String> {
        let mut head = Vec::new();
        if !self.has_own_id(row) {
            head.push(format!("id: {}", scalar(&row.id)));
        }
        if let Some(code) = &row.code {
            head.push(format!("code: {}", quoted(code.as_str())));
        }
        head.push(format!("name: {}", scalar(&row.name)));
        head
    }

    /// Whether the reader makes this id itself, from the key or the position.
    fn has_own_id(&self, row: &Row) -> bool {
        let parts: Vec<String> = self
            .form
            .key
            .iter()
            .filter_map(|part| match part {
                KeyPart::Code => row.code.as_ref().map(ToString::to_string),
                KeyPart::Column(at) => {
                    let id = &self.form.columns[*at].id;
                    self.last_value(row, id).map(Value::to_text)
                }
            })
            .filter(|part| !part.is_empty())
            .collect();
        let positional = row.id.strip_prefix('n').is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        positional || *row.id == *parts.join("-")
    }

    /// The cells of a row: blank, or what last year's row says of them.
    fn cells(&self, last: Option<&Row>) -> Vec<String> {
        self.cells_of(last, |_| true)
    }

    fn cells_of(&self, last: Option<&Row>, wanted: impl Fn(&Column) -> bool) -> Vec<String> {
        self.form
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| wanted(column))
            .filter(|(_, column)| column.kind.is_written() && column.computed.is_none())
            .map(|(at, column)| {
                let carried = last.and_then(|row| self.carried(at, column, row));
                format!("{}: {}", column.id, carried.unwrap_or_default())
            })
            .collect()
    }

    /// The text of a cell that last year's disclosure has: a figure of the year before, or a code
    /// that belongs to the row.
    fn carried(&self, at: usize, column: &Column, row: &Row) -> Option<String> {
        if let Some(from) = column.prior_of {
            let value = self.last_value(row, &self.form.columns[from].id)?;
            return figure(value, column.kind);
        }
        let is_key = self.form.key.contains(&KeyPart::Column(at));
        let is_code = column.codes.is_some();
        let names_code = self
            .form
            .columns
            .iter()
            .filter_map(|other| other.codes.as_ref())
            .any(|codes| codes.name == Some(at));
        if !(is_key || is_code || names_code) {
            return None;
        }
        match self.last_value(row, &column.id)? {
            Value::Text(text) => Some(scalar(text)),
            _ => None,
        }
    }

    /// A cell of last year's row by column id, as last year's standard places it.
    fn last_value<'r>(&self, row: &'r Row, column: &str) -> Option<&'r Value> {
        let at = self.last?.form.column(column)?;
        row.cells.get(at).map(|cell| &cell.value)
    }
}

/// A figure as a data file of this kind writes it; `None` for a blank.
pub fn figure(value: &Value, kind: ColumnKind) -> Option<String> {
    match (value, kind) {
        (Value::Amount(amount), ColumnKind::Amount { unit, .. }) => amount
            .in_unit(unit)
            .map(Amount::value)
            .map(|v| v.to_string()),
        (Value::NoData, _) => Some(NO_DATA.to_owned()),
        (Value::Percent(number) | Value::Count(number), _) => Some(number.to_string()),
        (Value::Text(text), _) => Some(scalar(text)),
        (Value::YesNo(_), _) => Some(value.to_text()),
        (Value::Amount(_) | Value::Blank | Value::Hole(_), _) => None,
    }
}
