//! A table file -> [`Table`]: every row and cell against the form.

use std::collections::HashSet;

use super::cell;
use super::computed;
use crate::diagnostic::Diagnostic;
use crate::load::draft::Document;
use crate::model::classification::{Code, Level};
use crate::model::form::{BlockForm, ColumnKind, FixedRow, KeyPart, RowSource, SharedForm};
use crate::model::selector::is_id;
use crate::model::table::{Block, Cell, Row, Table, Value};
use crate::model::title::TitleValues;
use crate::say;
use crate::source::Place;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Reader};

/// Keys of a table file beside its blocks.
const TABLE: &str = "table";
const NO_DATA_REASON: &str = "no_data";

/// Reads a table file against its form.
pub fn table(
    form: &SharedForm,
    document: &Document,
    node: &Node,
    titles: &TitleValues<'_>,
    reader: &mut Reader<'_>,
) -> Option<Table> {
    let single = form.blocks.len() == 1;
    let mut known = vec![TABLE, NO_DATA_REASON];
    if single {
        known.extend(block_keys(&form.blocks[0]));
    } else {
        known.extend(form.blocks.iter().map(|block| &*block.id));
    }
    let fields = reader.fields(node, &known)?;
    let no_data = reader.optional_text(&fields, NO_DATA_REASON);
    let blocks = form
        .blocks
        .iter()
        .map(|block_form| {
            let block_fields = if single {
                Some(fields)
            } else {
                match fields.get(&block_form.id) {
                    Some(node) => reader.fields(node, &block_keys(block_form)),
                    None => {
                        reader.missing(&fields, &block_form.id);
                        None
                    }
                }
            };
            block_fields.map_or_else(Block::default, |fields| {
                BlockReader {
                    form: block_form,
                    titles,
                    reader,
                    block: Block::default(),
                    codes: HashSet::new(),
                    line: 0,
                    empty: no_data.is_some(),
                    lacks_codes: false,
                }
                .read(&fields)
            })
        })
        .collect();
    let table = Table {
        form: form.clone(),
        title: form.title.fill(titles),
        no_data,
        blocks,
        source: document.source.clone(),
    };
    // A table that could not be read as it stands may be empty for that reason.
    if !reader.diagnostics.has_faults() {
        let place = fields
            .get(NO_DATA_REASON)
            .map_or(fields.place, |node| node.place);
        check_emptiness(&table, place, reader);
    }
    Some(table)
}

/// Keys of a block in the data.
fn block_keys(form: &BlockForm) -> Vec<&str> {
    std::iter::once("rows")
        .chain(form.totals.iter().map(|total| &*total.id))
        .collect()
}

/// A table without a figure needs a reason and a form that allows it; one with figures has no reason.
fn check_emptiness(table: &Table, place: Place, reader: &mut Reader<'_>) {
    let number = &table.form.number;
    match (table.has_figures(), &table.no_data) {
        (false, _) if table.form.empty.is_none() => reader.error(
            "table-empty",
            place,
            say!(
                "{number}没有任何数，而标准要求它有数",
                "{number} has no figure, and the standard requires some"
            ),
            say!("填上数据", "fill the table in"),
        ),
        (false, None) => reader.error(
            "no-data-reason",
            place,
            say!(
                "{number}是空表，没有写原因",
                "{number} is empty and gives no reason"
            ),
            say!(
                "补上 `no_data: 本年度没有……`",
                "add `no_data: …` with the reason"
            ),
        ),
        (true, Some(_)) => reader.error(
            "no-data-figures",
            place,
            say!(
                "{number}写了 no_data，却有数",
                "{number} says `no_data` but has figures"
            ),
            say!(
                "删去 no_data，或删去各行的数",
                "remove `no_data` or the figures"
            ),
        ),
        (true, None) | (false, Some(_)) => {}
    }
}

struct BlockReader<'a, 'r> {
    form: &'a BlockForm,
    titles: &'a TitleValues<'a>,
    reader: &'a mut Reader<'r>,
    block: Block,
    codes: HashSet<Code>,
    /// Line of the form that comes next.
    line: u32,
    /// Whether the table says that it has no data.
    empty: bool,
    /// Whether a code could not be read, so that those below it may lack theirs.
    lacks_codes: bool,
}

/// What a row is, before its cells are read.
struct RowHead {
    id: Box<str>,
    code: Option<Code>,
    name: Box<str>,
    level: u8,
    total: bool,
    /// Where it is told apart from others: its id, its code, or its start.
    place: Place,
}

impl BlockReader<'_, '_> {
    fn read(mut self, fields: &Fields<'_>) -> Block {
        self.totals(fields, true);
        let form = self.form;
        match &form.rows {
            RowSource::Fixed { rows, print_blank } => self.fixed(fields, rows, *print_blank),
            RowSource::Tree(_) | RowSource::List => {
                if let Some(items) = self.items(fields) {
                    self.free(items, 1);
                }
            }
        }
        self.totals(fields, false);
        self.block
    }

    fn items<'n>(&mut self, fields: &Fields<'n>) -> Option<&'n [Node]> {
        match fields.get("rows") {
            Some(node) => self.reader.list(node),
            None => {
                self.reader.missing(fields, "rows");
                None
            }
        }
    }

    fn totals(&mut self, fields: &Fields<'_>, first: bool) {
        for total in self.form.totals.iter().filter(|total| total.first == first) {
            let head = RowHead {
                id: total.id.clone(),
                code: None,
                name: total.name.fill(self.titles).into(),
                level: 0,
                total: true,
                place: fields
                    .get(&total.id)
                    .map_or(fields.place, |node| node.place),
            };
            match fields.get(&total.id) {
                Some(node) => {
                    let known = written_keys(self.form, &[]);
                    if let Some(cells) = self.reader.fields(node, &known) {
                        self.add(head, &cells);
                    }
                }
                None if self.empty => {}
                None => self.reader.missing(fields, &total.id),
            }
        }
    }

    fn fixed(&mut self, fields: &Fields<'_>, forms: &[FixedRow], print_blank: bool) {
        let own = if self.form.has_code() {
            &["id", "name", "code"][..]
        } else {
            &["id", "name"]
        };
        let known = written_keys(self.form, own);
        let mut written: Vec<Option<Fields<'_>>> = vec![None; forms.len()];
        for item in self.items(fields).unwrap_or_default() {
            let Some(row) = self.reader.fields(item, &known) else {
                continue;
            };
            let Some(id) = self.reader.required_text(&row, "id") else {
                continue;
            };
            let Some(at) = forms.iter().position(|form| *form.id == *id) else {
                let ids: Vec<&str> = forms.iter().map(|form| &*form.id).collect();
                let place = row.get("id").map_or(row.place, |node| node.place);
                self.reader.error(
                    "row-unknown",
                    place,
                    say!("表式里没有 `{id}` 这一行", "the form has no row `{id}`"),
                    crate::yaml::fields::nearest_hint(&id, &ids),
                );
                continue;
            };
            self.check_fixed(&row, &forms[at]);
            if let Some(first) = &written[at] {
                self.duplicate_row(row_place(&row), row_place(first), &id);
                continue;
            }
            written[at] = Some(row);
        }
        for (form, row) in forms.iter().zip(written) {
            if row.is_none() && !print_blank {
                self.line += 1;
                continue;
            }
            let head = RowHead {
                id: form.id.clone(),
                code: form.code.clone(),
                name: form.name.fill(self.titles).into(),
                level: if form.total { 0 } else { form.level },
                total: form.total,
                place: row.as_ref().map_or(fields.place, row_place),
            };
            let cells = row.unwrap_or(Fields::empty(fields.place));
            self.add(head, &cells);
        }
    }

    /// Name and code may be left out; written, they are those of the form.
    fn check_fixed(&mut self, row: &Fields<'_>, form: &FixedRow) {
        self.check_fixed_code(row, form);
        let Some(node) = row.get("name") else { return };
        let expected = form.name.fill(self.titles);
        if let Some(name) = self.reader.text(node).filter(|name| *name != expected) {
            self.reader.error(
                "row-name",
                node.place,
                say!(
                    "行名「{name}」与标准的「{expected}」不同",
                    "the row name {name} differs from the standard's {expected}"
                ),
                say!(
                    "改成「{expected}」，或不写 name",
                    "write {expected}, or leave `name` out"
                ),
            );
        }
    }

    fn check_fixed_code(&mut self, row: &Fields<'_>, form: &FixedRow) {
        let Some(node) = row.get("code") else { return };
        let expected = form.code.as_ref().map_or("", Code::as_str);
        if let Some(code) = self.reader.code_text(node).filter(|code| *code != expected) {
            self.reader.error(
                "row-code",
                node.place,
                say!(
                    "编码 {code} 与标准的「{expected}」不同",
                    "the code {code} differs from the standard's `{expected}`"
                ),
                say!(
                    "核对是不是填错了行；code 也可以不写",
                    "check whether this is the right row; `code` may be left out"
                ),
            );
        }
    }

    fn free(&mut self, items: &[Node], level: u8) {
        let form = self.form;
        let mut own = vec!["id", "name"];
        if form.has_code() {
            own.push("code");
        }
        if form.rows == RowSource::List {
            own.push("rows");
        }
        let known = written_keys(form, &own);
        for item in items {
            let Some(row) = self.reader.fields(item, &known) else {
                continue;
            };
            let name = self.reader.required_text(&row, "name").unwrap_or_default();
            let code = self.code(&row);
            let level = match (&form.rows, &code) {
                (RowSource::Tree(_), Some(code)) => code.level().map_or(level, Level::number),
                _ => level,
            };
            let Some(id) = self.row_id(&row, code.as_ref()) else {
                continue;
            };
            let head = RowHead {
                id,
                code,
                name: name.into(),
                level,
                total: false,
                place: row_place(&row),
            };
            self.add(head, &row);
            if let Some(below) = row.get("rows").and_then(|node| self.reader.list(node)) {
                self.free(below, level + 1);
            }
        }
    }

    /// The code of a row: one of the classification where the form has one, else any text. In a tree it
    /// must be there, and the code above it must have come before.
    fn code(&mut self, row: &Fields<'_>) -> Option<Code> {
        if !self.form.has_code() {
            return None;
        }
        let tree = matches!(self.form.rows, RowSource::Tree(_));
        let Some(node) = row.get("code") else {
            if tree {
                self.lacks_codes = true;
                self.reader.missing(row, "code");
            }
            return None;
        };
        let text = self.reader.code_text(node)?;
        if !self.form.is_classified() {
            return Code::free(text);
        }
        let Some(code) = Code::classified(text) else {
            self.lacks_codes = true;
            self.reader.error(
                "code-syntax",
                node.place,
                say!(
                    "编码 `{text}` 不是 3、5 或 7 位数字",
                    "the code `{text}` is not of 3, 5 or 7 digits"
                ),
                say!(
                    "类 3 位、款 5 位、项 7 位；核对有没有多字少字",
                    "class 3, section 5, item 7 digits; check for a digit too many or too few"
                ),
            );
            return None;
        };
        self.check_levels(&code, node.place);
        if let Some(parent) = code
            .parent()
            .filter(|parent| tree && !self.lacks_codes && !self.codes.contains(parent))
        {
            self.reader.error(
                "code-parent",
                node.place,
                say!(
                    "编码 {code} 的上级 {parent} 没有先出现",
                    "{parent}, the code above {code}, has not come before"
                ),
                say!(
                    "先写 {parent} 一行，再写它的下级",
                    "write the row of {parent} first, then those below it"
                ),
            );
        }
        self.codes.insert(code.clone());
        Some(code)
    }

    /// A form that splits codes into columns prints only the levels that it has columns for.
    fn check_levels(&mut self, code: &Code, place: Place) {
        let kinds = self.form.columns.iter().map(|column| column.kind);
        let deepest = kinds
            .filter_map(|kind| match kind {
                ColumnKind::Code(level) => Some(level.unwrap_or(Level::Item)),
                _ => None,
            })
            .max();
        if code.level() <= deepest {
            return;
        }
        self.reader.error(
            "code-syntax",
            place,
            say!(
                "编码 {code} 比表式的编码列深，后面几位没有地方印",
                "the code {code} is deeper than the columns of the form, its last digits have no place"
            ),
            say!(
                "写到表式印的那一级，或请维护标准的人加一列",
                "write it as deep as the form prints it, or have a column added to the standard"
            ),
        );
    }

    /// The id of a free row: given, or made from the key, or its position.
    fn row_id(&mut self, row: &Fields<'_>, code: Option<&Code>) -> Option<Box<str>> {
        if let Some(node) = row.get("id") {
            let id = self.reader.text(node)?;
            if is_id(id) {
                return Some(id.into());
            }
            self.reader.error(
                "row-id",
                node.place,
                say!(
                    "行的标识 `{id}` 只能用英文、数字、短横和下划线",
                    "the row id `{id}` may hold only ASCII letters, digits, - and _"
                ),
                say!("例如 bureau-01", "such as bureau-01"),
            );
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in &self.form.key {
            match part {
                KeyPart::Code => parts.extend(code.map(Code::as_str)),
                KeyPart::Column(at) => {
                    let node = row.get(&self.form.columns[*at].id);
                    parts.extend(node.and_then(|node| self.reader.text(node)));
                }
            }
        }
        let id = parts.join("-");
        if is_id(&id) {
            Some(id.into())
        } else {
            let numbered = (self.block.rows.len() + 1..).map(|number| format!("n{number}"));
            let mut free = numbered.filter(|id| self.block.row(id).is_none());
            free.next().map(Into::into)
        }
    }

    fn add(&mut self, head: RowHead, fields: &Fields<'_>) {
        let mut cells: Vec<Cell> = Vec::with_capacity(self.form.columns.len());
        for column in &self.form.columns {
            let node = fields.get(&column.id).filter(|_| column.kind.is_written());
            let value = node.map_or(Value::Blank, |node| {
                cell::value(self.reader, column.kind, node)
            });
            cells.push(Cell {
                value,
                place: node.map_or(fields.place, |node| node.place),
            });
        }
        for (at, column) in self.form.columns.iter().enumerate() {
            if let Some(computed) = column.computed.filter(|_| cells[at].value == Value::Blank) {
                cells[at].value = computed::value(computed, at, &self.form.columns, &cells);
            }
        }
        let id = head.id.clone();
        let row = Row {
            id: head.id,
            code: head.code,
            name: head.name,
            level: head.level,
            total: head.total,
            line: self.line,
            cells,
            place: head.place,
        };
        self.line += 1;
        let first = self.block.row(&id).map(|first| first.place);
        if let Some(first) = first {
            self.duplicate_row(head.place, first, &id);
        } else {
            self.block.add(row);
        }
    }

    fn duplicate_row(&mut self, place: Place, first: Place, id: &str) {
        let source = self.reader.source;
        self.reader.diagnostics.push(
            Diagnostic::error(
                "row-duplicate",
                source,
                place,
                say!("行 `{id}` 出现了两次", "the row `{id}` appears twice"),
            )
            .label(source, first, say!("第一次在这里", "first written here"))
            .hint(say!(
                "合成一行，或给其中一行写不同的 id",
                "join the two, or give one a different `id`"
            )),
        );
    }
}

/// Where a row is told apart from others: its id, its code, or its start.
fn row_place(row: &Fields<'_>) -> Place {
    ["id", "code"]
        .into_iter()
        .find_map(|key| row.get(key))
        .map_or(row.place, |node| node.place)
}

/// Keys that a row may have: `own` and every column that is written in the data.
fn written_keys<'a>(form: &'a BlockForm, own: &[&'a str]) -> Vec<&'a str> {
    own.iter()
        .copied()
        .chain(
            form.columns
                .iter()
                .filter(|column| column.kind.is_written())
                .map(|column| &*column.id),
        )
        .collect()
}
