//! The one writer of table HTML: one `<table>` a block, one `<tr>` a line.

use std::fmt::Write as _;

use super::address::Edition;
use super::escape::html;
use super::mark::Marks;
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, ColumnKind, RowSource};
use crate::model::proof::CellAt;
use crate::model::table::{Block, Row, Table};

/// HTML of all blocks of the table at `position`.
#[must_use]
pub fn write(disclosure: &Disclosure, position: usize, marks: &Marks, edition: Edition) -> String {
    let table = &disclosure.tables[position];
    let mut out = String::with_capacity(4096);
    let several = table.form.blocks.len() > 1;
    let several = mark(several, " several");
    let mut blocks = table.form.blocks.iter().zip(&table.blocks);
    let levels = mark(blocks.any(|(form, block)| is_tree(form, block)), " levels");
    push(
        &mut out,
        format_args!("<div class=\"blocks{several}{levels}\">\n"),
    );
    for (at, block) in table.blocks.iter().enumerate() {
        BlockWriter {
            disclosure,
            table,
            form: &table.form.blocks[at],
            position: (position, at),
            marks,
            edition,
            out: &mut out,
        }
        .write(block);
    }
    out.push_str("</div>\n");
    out
}

/// A table of at most this many columns fits a tablet and needs no scroll box there.
const FEW_COLUMNS: usize = 5;

/// Words before which a long header may be broken, so that no word is torn: 一般公共 | 预算.
const BREAK_BEFORE: [&str; 11] = [
    "预算", "资金", "收入", "支出", "经费", "安排", "管理", "经营", "科目", "编码", "名称",
];

/// HTML of a header with its places for line breaks.
fn breakable(title: &str) -> String {
    let mut out = String::with_capacity(title.len() * 2);
    for (at, character) in title.char_indices() {
        if at > 0
            && BREAK_BEFORE
                .iter()
                .any(|word| title[at..].starts_with(word))
        {
            out.push_str("<wbr>");
        }
        out.push_str(&html(character.encode_utf8(&mut [0; 4])));
    }
    out
}

/// Whether rows have others below them.
fn is_tree(form: &BlockForm, block: &Block) -> bool {
    matches!(form.rows, RowSource::Tree(_) | RowSource::List)
        && block.rows.iter().any(|row| row.level > 1)
}

const fn mark(is_so: bool, class: &'static str) -> &'static str {
    if is_so { class } else { "" }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to a string does not fail");
}

struct BlockWriter<'a> {
    disclosure: &'a Disclosure,
    table: &'a Table,
    form: &'a BlockForm,
    /// Of the table, and of the block in it.
    position: (usize, usize),
    marks: &'a Marks,
    edition: Edition,
    out: &'a mut String,
}

impl BlockWriter<'_> {
    fn write(&mut self, block: &Block) {
        let values = self.disclosure.title_values();
        let form = &self.table.form;
        let title = html(&self.table.title);
        let part = self
            .form
            .title
            .as_ref()
            .map(|title| title.fill(&values))
            .unwrap_or_default();
        let dash = if part.is_empty() { "" } else { "：" };
        let part = html(&part);
        let number = html(&form.number);
        let printed = self.form.columns.iter().filter(|column| column.printed);
        let many = mark(printed.count() > FEW_COLUMNS, " many");
        let tree = mark(is_tree(self.form, block), " tree");
        push(
            self.out,
            format_args!(
                "<section class=\"scroll{many}\" tabindex=\"0\" aria-label=\"{number} {title}{dash}{part}\">\n<table class=\"figures{tree}\">\n"
            ),
        );
        let name = html(&self.disclosure.entity.name);
        let kind = self.disclosure.entity.kind.word();
        let unit = form.show;
        push(
            self.out,
            format_args!(
                "<caption><span class=\"number\">{number}</span> <span class=\"title\">{title}{dash}{part}</span> <span class=\"by\">{kind}名称：{name}</span> <span class=\"unit\">单位：{unit}</span></caption>\n"
            ),
        );
        self.head();
        self.out.push_str("<tbody>\n");
        for (at, row) in block.rows.iter().enumerate() {
            self.row(at, row);
        }
        self.out.push_str("</tbody>\n</table>\n</section>\n");
    }

    fn head(&mut self) {
        let values = self.disclosure.title_values();
        self.out.push_str("<thead>\n");
        for row in &self.form.header {
            self.out.push_str("<tr>");
            for cell in row {
                let title = cell.title.fill(&values);
                let scope = if cell.columns > 1 { "colgroup" } else { "col" };
                // A cell without words is no header.
                let tag = if title.is_empty() { "td" } else { "th" };
                push(self.out, format_args!("<{tag}"));
                if !title.is_empty() {
                    push(self.out, format_args!(" scope=\"{scope}\""));
                }
                if cell.columns > 1 {
                    push(self.out, format_args!(" colspan=\"{}\"", cell.columns));
                }
                if cell.rows > 1 {
                    push(self.out, format_args!(" rowspan=\"{}\"", cell.rows));
                }
                if cell.figure {
                    self.out.push_str(" class=\"n\"");
                } else if cell.name {
                    self.out.push_str(" class=\"name\"");
                }
                push(self.out, format_args!(">{}</{tag}>", breakable(&title)));
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</thead>\n");
    }

    fn row(&mut self, position: usize, row: &Row) {
        let form = self.form;
        let anchor = self
            .edition
            .row(self.table.form.position, &form.id, &row.id);
        let class = if row.total {
            "total".to_owned()
        } else {
            format!("l{}", row.level)
        };
        push(
            self.out,
            format_args!("<tr id=\"{anchor}\" class=\"{class}\">"),
        );
        // A total has no code: its name takes the place of the code cells before it.
        let mut joined = 0;
        for (at, column) in form.columns.iter().enumerate() {
            if !column.printed {
                continue;
            }
            match column.kind {
                ColumnKind::Code(_)
                    if row.total && row.code.is_none() && is_before_name(form, at) =>
                {
                    joined += 1;
                }
                ColumnKind::Code(level) => {
                    let code = row.code.as_ref().and_then(|code| match level {
                        Some(level) => code.part(level),
                        None => Some(code.as_str()),
                    });
                    push(
                        self.out,
                        format_args!("<td class=\"c\">{}</td>", html(code.unwrap_or_default())),
                    );
                }
                ColumnKind::Name => {
                    self.out.push_str("<th scope=\"row\"");
                    if joined > 0 {
                        push(self.out, format_args!(" colspan=\"{}\"", joined + 1));
                        joined = 0;
                    }
                    push(self.out, format_args!(">{}</th>", html(&row.name)));
                }
                ColumnKind::Line(start) => {
                    push(
                        self.out,
                        format_args!("<td class=\"c\">{}</td>", start + row.line),
                    );
                }
                ColumnKind::Text | ColumnKind::YesNo => {
                    let text = row.cells[at].value.to_text();
                    push(
                        self.out,
                        format_args!("<td class=\"t\">{}</td>", html(&text)),
                    );
                }
                ColumnKind::Amount { .. } | ColumnKind::Percent | ColumnKind::Count => {
                    // Blank cells have an address too: the narrative says 0 and leads to them.
                    let text = column.shown(&row.cells[at].value).to_text();
                    let id = &column.id;
                    let cell = CellAt {
                        table: self.position.0,
                        block: self.position.1,
                        row: position,
                        column: at,
                    };
                    match self.marks.at(cell) {
                        None => match self.marks.corrected(cell, &text, self.edition) {
                            None => push(
                                self.out,
                                format_args!("<td id=\"{anchor}.{id}\">{text}</td>"),
                            ),
                            Some(link) => push(
                                self.out,
                                format_args!(
                                    "<td id=\"{anchor}.{id}\" class=\"corrected\">{link}</td>"
                                ),
                            ),
                        },
                        Some(mark) => push(
                            self.out,
                            format_args!(
                                "<td id=\"{anchor}.{id}\" class=\"{}\">{}</td>",
                                mark.class(),
                                mark.figure(&text)
                            ),
                        ),
                    }
                }
            }
        }
        self.out.push_str("</tr>\n");
    }
}

/// Whether only code columns stand between a column and that of the names.
fn is_before_name(form: &BlockForm, at: usize) -> bool {
    let mut after = form.columns[at..].iter().filter(|column| column.printed);
    let next = after.find(|column| !matches!(column.kind, ColumnKind::Code(_)));
    next.is_some_and(|column| column.kind == ColumnKind::Name)
}
