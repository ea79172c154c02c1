//! A table file -> [`Table`]: every row and cell against the form.

use std::collections::HashSet;

use super::cell;
use super::computed;
use crate::diagnostic::Diagnostic;
use crate::load::draft::Document;
use crate::model::classification::{Code, Level};
use crate::model::form::{BlockForm, ColumnKind, FixedRow, KeyPart, RowSource, SharedForm};
use crate::model::selector::{Repeated, is_id};
use crate::model::table::{Block, Cell, Hole, Row, Table, Value};
use crate::model::title::TitleValues;
use crate::say;
use crate::source::Place;
use crate::yaml::fields::{Fields, Reader};
use crate::yaml::{Kind, Node};

/// Keys of a table file beside its blocks.
const TABLE: &str = "table";
const NO_DATA_REASON: &str = "no_data";

/// Reads a table file against its form; `named` is whether the entity is known, which titles may speak of.
pub fn table(
    form: &SharedForm,
    document: &Document,
    node: &Node,
    titles: &TitleValues<'_>,
    named: bool,
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
    let says_empty = fields.get(NO_DATA_REASON).is_some();
    let reason_hole = (says_empty && no_data.is_none()).then_some(Hole::Unread);
    let reason_hole = reason_hole.or_else(|| fields.hole().filter(|_| !says_empty));
    let blocks = form
        .blocks
        .iter()
        .map(|block_form| {
            let (block_fields, hole) = if single {
                (Some(fields), Hole::Unread)
            } else {
                match fields.get(&block_form.id) {
                    Some(node) => (reader.fields(node, &block_keys(block_form)), Hole::Unread),
                    None => {
                        reader.missing(&fields, &block_form.id);
                        (None, fields.hole().unwrap_or(Hole::NotGiven))
                    }
                }
            };
            block_fields.map_or_else(
                || Block::unknown(hole),
                |fields| {
                    BlockReader {
                        form: block_form,
                        titles,
                        named,
                        reader,
                        block: Block::default(),
                        codes: HashSet::new(),
                        line: 0,
                        empty: says_empty,
                        lacks_codes: false,
                        repeated: Repeated::default(),
                    }
                    .read(&fields)
                },
            )
        })
        .collect();
    let table = Table {
        form: form.clone(),
        title: form.title.fill(titles),
        no_data,
        reason_hole,
        blocks,
        source: document.source.clone(),
    };
    // A table that could not be read as it stands may be empty for that reason.
    if !reader.diagnostics.has_faults() {
        let place = fields
            .get(NO_DATA_REASON)
            .map_or(fields.place, |node| node.place);
        check_emptiness(&table, place, reader);
        if reader.diagnostics.has_faults() && !table.has_figures() {
            // Its figures are to be filled in, so nothing may be concluded from there being none.
            let Table { title, source, .. } = table;
            return Some(Table::unknown(form, title, Hole::NotGiven, &source));
        }
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
    let Some(has_figures) = table.figures() else {
        return;
    };
    match (has_figures, &table.no_data) {
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
    /// Whether the entity is known, which names of rows may speak of.
    named: bool,
    reader: &'a mut Reader<'r>,
    block: Block,
    codes: HashSet<Code>,
    /// Line of the form that comes next.
    line: u32,
    /// Whether the table says that it has no data.
    empty: bool,
    /// Whether a code could not be read, so that those below it may lack theirs.
    lacks_codes: bool,
    /// Counts rows of one code that belongs to no classification.
    repeated: Repeated,
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
    /// Whether its name or code is not known.
    hole: Option<Hole>,
}

/// The cells of a row as written.
enum Cells<'n> {
    Written(Fields<'n>),
    /// None of them is known; the row would stand here.
    Unknown(Hole, Place),
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
        let Some(node) = fields.get("rows") else {
            self.reader.missing(fields, "rows");
            self.block.hole = Some(fields.hole().unwrap_or(Hole::NotGiven));
            return None;
        };
        let items = self.reader.list(node);
        if items.is_none() {
            self.lose();
        }
        items
    }

    /// A row is in the data, but it is not known which it is.
    const fn lose(&mut self) {
        self.block.hole = Some(Hole::Unread);
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
                hole: None,
            };
            let place = head.place;
            let cells = match fields.get(&total.id) {
                Some(node) => {
                    let known = written_keys(self.form, &[]);
                    let cells = self.reader.fields(node, &known);
                    cells.map_or(Cells::Unknown(Hole::Unread, place), Cells::Written)
                }
                None if self.empty => continue,
                None => {
                    self.reader.missing(fields, &total.id);
                    Cells::Unknown(fields.hole().unwrap_or(Hole::NotGiven), place)
                }
            };
            self.add(head, &cells);
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
        // Rows whose figures may be those of another.
        let mut doubtful = vec![false; forms.len()];
        for item in self.items(fields).unwrap_or_default() {
            let Some(row) = self.reader.fields(item, &known) else {
                self.lose();
                continue;
            };
            let Some(id) = self.reader.required_text(&row, "id") else {
                self.lose();
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
                self.lose();
                continue;
            };
            self.check_fixed(&row, &forms[at]);
            if let Some(other) = self.named_as_another(&row, at, forms) {
                doubtful[at] = true;
                doubtful[other] = true;
            }
            if let Some(first) = &written[at] {
                self.duplicate_row(row_place(&row), row_place(first), &id);
                doubtful[at] = true;
                self.lose();
                continue;
            }
            written[at] = Some(row);
        }
        for (at, (form, row)) in forms.iter().zip(written).enumerate() {
            let hole = self.block.hole.filter(|_| row.is_none());
            let hole = hole.or_else(|| doubtful[at].then_some(Hole::Unread));
            if row.is_none() && hole.is_none() && !print_blank {
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
                hole: None,
            };
            let cells = match hole {
                Some(hole) => Cells::Unknown(hole, head.place),
                None => Cells::Written(row.unwrap_or(Fields::empty(fields.place))),
            };
            self.add(head, &cells);
        }
    }

    /// The row of the form whose name or code is written beside the id of another: either may be meant.
    fn named_as_another(&self, row: &Fields<'_>, own: usize, forms: &[FixedRow]) -> Option<usize> {
        let text = |key| match &row.get(key)?.kind {
            Kind::Scalar { text, .. } => Some(text.trim()),
            _ => None,
        };
        let (name, code) = (text("name"), text("code"));
        let named = |form: &FixedRow| name.is_some_and(|name| form.name.fill(self.titles) == name);
        let coded =
            |form: &FixedRow| code.is_some() && form.code.as_ref().map(Code::as_str) == code;
        let (name_fits, code_fits) = (named(&forms[own]), coded(&forms[own]));
        forms
            .iter()
            .position(|form| !name_fits && named(form) || !code_fits && coded(form))
    }

    /// Name and code may be left out; written, they are those of the form.
    fn check_fixed(&mut self, row: &Fields<'_>, form: &FixedRow) {
        self.check_fixed_code(row, form);
        let Some(node) = row.get("name") else { return };
        if !self.named && form.name.names_entity() {
            return;
        }
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
                self.lose();
                continue;
            };
            if row.hides(&known) {
                self.lose();
            }
            let name = self.reader.required_text(&row, "name");
            let code = self.code(&row);
            let tree = matches!(form.rows, RowSource::Tree(_));
            let written = row.get("code").is_some() && form.is_classified();
            let uncoded = code.is_none() && (tree || written);
            let level = match (&form.rows, &code) {
                (RowSource::Tree(_), Some(code)) => code.level().map_or(level, Level::number),
                _ => level,
            };
            let id = self.row_id(&row, code.as_ref());
            let unknown = name.is_none() || uncoded || id.is_none();
            let id = id.unwrap_or_else(|| {
                self.lose();
                self.position_id()
            });
            let head = RowHead {
                id,
                code,
                name: name.unwrap_or_default().into(),
                level,
                total: false,
                place: row_place(&row),
                hole: unknown.then_some(Hole::Unread),
            };
            self.add(head, &Cells::Written(row));
            let Some(node) = row.get("rows").filter(|_| form.rows == RowSource::List) else {
                continue;
            };
            match self.reader.list(node) {
                Some(below) => self.free(below, level + 1),
                None => self.lose(),
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
                self.lose();
                self.reader.missing(row, "code");
            }
            return None;
        };
        let Some(text) = self.reader.code_text(node) else {
            self.lose();
            return None;
        };
        if !self.form.is_classified() {
            return Code::free(text);
        }
        let Some(code) = Code::classified(text) else {
            self.lacks_codes = true;
            self.lose();
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
            self.lose();
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

    /// The id of a free row: given, or made from the key, or its position. Codes of no classification may repeat (one
    /// 采购品目 for several purchases), so rows of one key are counted.
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
                    let Some(node) = row.get(&self.form.columns[*at].id) else {
                        continue;
                    };
                    // It is reported where it is read as a cell.
                    let Kind::Scalar { text, .. } = &node.kind else {
                        return None;
                    };
                    parts.push(text.trim());
                }
            }
        }
        let id = parts.join("-");
        if is_id(&id) && self.form.is_counted() {
            let block = &self.block;
            let id = self.repeated.apart(&id, |id| block.row(id).is_some());
            Some(id.into())
        } else if is_id(&id) {
            Some(id.into())
        } else {
            Some(self.position_id())
        }
    }

    fn position_id(&self) -> Box<str> {
        let numbered = (self.block.rows.len() + 1..).map(|number| format!("n{number}"));
        let mut free = numbered.filter(|id| self.block.row(id).is_none());
        free.next().unwrap_or_default().into()
    }

    fn add(&mut self, head: RowHead, written: &Cells<'_>) {
        let (fields, hole) = match written {
            Cells::Written(fields) => (*fields, fields.hole()),
            Cells::Unknown(hole, place) => (Fields::empty(*place), Some(*hole)),
        };
        let mut cells: Vec<Cell> = Vec::with_capacity(self.form.columns.len());
        for column in &self.form.columns {
            let node = fields.get(&column.id).filter(|_| column.kind.is_written());
            let hole = hole.filter(|_| column.kind.is_written());
            let missing = hole.map_or(Value::Blank, Value::Hole);
            let value = node.map_or(missing, |node| cell::value(self.reader, column.kind, node));
            cells.push(Cell {
                value,
                place: node.map_or(fields.place, |node| node.place),
            });
        }
        for (at, column) in self.form.columns.iter().enumerate() {
            let left_out = cells[at].value == Value::Blank;
            if let Some(computed) = column.computed.filter(|_| left_out) {
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
            hole: head.hole,
            place: head.place,
        };
        self.line += 1;
        if let Some(first) = self.block.position(&id) {
            // Either may be the right one, and one of them may be another row.
            self.lose();
            let first = &mut self.block.rows[first];
            first.hole = Some(Hole::Unread);
            for cell in &mut first.cells {
                cell.value = cell::UNREAD;
            }
            let first = first.place;
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
