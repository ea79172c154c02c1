//! What the search finds in one disclosure: the script that `search.html` loads for it, and the
//! signature by which the site knows whether to load it.
//!
//! ```text
//! gongkai.shard("<folder>", [
//!   [name, …],                                             names of rows, each once
//!   [[page, number, title, [[block, [[column, title, unit], …], [row, …]], …]], …],
//!   [[address, title, text], …],                           overview, sections, reasons of corrections
//!   [[page, name, amount, unit, text], …]                  sheets
//! ])
//! ```
//! A row is `[id, code, number of its name, amount, …]`, amounts as printed under their columns, blanks
//! at the end left out; the anchor follows from block and row as `row_anchor` says. Texts are as printed:
//! the script folds them.

use std::collections::HashMap;

use super::literal::Script;
use super::one_line;
use super::signature::Signature;
use crate::markdown::{self, Mark};
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, Column, ColumnKind};
use crate::model::sheet::{Sheet, SheetForm};
use crate::model::table::{Block, Row};
use crate::render::address::NARRATIVE_PAGE;
use crate::render::view::corrections::CORRECTIONS_PAGE;

/// File in the folder of a disclosure.
pub const SHARD: &str = "search.js";

/// Characters of a text that are searched: more than any section of the seed has.
const LONGEST_TEXT: usize = 4000;

/// The shard of a disclosure, and its signature.
#[must_use]
pub fn shard(disclosure: &Disclosure, sheet: Option<&SheetForm>) -> (Vec<u8>, Box<[u8]>) {
    let mut writer = Writer {
        disclosure,
        signature: Signature::new(),
        names: Names::default(),
    };
    writer.context();
    let mut tables = Script::default();
    writer.tables(&mut tables);
    let mut out = Script::new("gongkai.shard(");
    out.text(&disclosure.folder()).array(|all| {
        all.line().array(|list| {
            for name in &writer.names.list {
                writer.signature.add_text(name);
                list.line().text(name);
            }
        });
        all.line().values(&tables);
        all.line().array(|list| writer.texts(list));
        all.line().array(|list| {
            if let Some(form) = sheet {
                writer.sheets(form, list);
            }
        });
    });
    out.code(");\n");
    (out.into_bytes(), writer.signature.into_bytes())
}

struct Writer<'a> {
    disclosure: &'a Disclosure,
    signature: Signature,
    names: Names<'a>,
}

/// Names of rows in the order in which they come up.
#[derive(Default)]
struct Names<'a> {
    list: Vec<&'a str>,
    index: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        let next = self.list.len();
        let number = *self.index.entry(name).or_insert(next);
        if number == next {
            self.list.push(name);
        }
        number
    }
}

impl<'a> Writer<'a> {
    /// Words of a query may speak of who and when beside what.
    fn context(&mut self) {
        let disclosure = self.disclosure;
        self.signature.add_text(&disclosure.entity.name);
        self.signature.add_text(&disclosure.entity.short_name);
        self.signature.add_text(&disclosure.short_title());
    }

    fn tables(&mut self, out: &mut Script) {
        let disclosure = self.disclosure;
        out.array(|list| {
            for table in &disclosure.tables {
                let form = &table.form;
                self.signature
                    .add_text(&format!("{}{}", form.number, table.title));
                list.line().array(|parts| {
                    parts
                        .text(&form.page())
                        .text(&form.number)
                        .text(&table.title)
                        .array(|blocks| {
                            for (form, block) in form.blocks.iter().zip(&table.blocks) {
                                blocks.array(|out| self.block(form, block, out));
                            }
                        });
                });
            }
        });
    }

    fn block(&mut self, form: &BlockForm, block: &'a Block, out: &mut Script) {
        let values = self.disclosure.title_values();
        let columns: Vec<(usize, &Column)> = form
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.is_addressed())
            .collect();
        out.text(&form.id).array(|list| {
            for (_, column) in &columns {
                let title = column.title.fill(&values);
                list.array(|parts| {
                    parts.text(&column.id).text(&title).text(unit(column));
                });
            }
        });
        out.array(|list| {
            for row in &block.rows {
                list.line().array(|parts| self.row(row, &columns, parts));
            }
        });
    }

    fn row(&mut self, row: &'a Row, columns: &[(usize, &Column)], out: &mut Script) {
        let code = row.code.as_ref().map_or("", |code| code.as_str());
        self.signature.add_prefixes(code);
        out.text(&row.id)
            .text(code)
            .number(self.names.number(&row.name));
        let mut blanks = 0;
        for (at, column) in columns {
            let text = column.shown(&row.cells[*at].value).to_text();
            if text.is_empty() {
                blanks += 1;
                continue;
            }
            for _ in 0..blanks {
                out.text("");
            }
            blanks = 0;
            self.signature.add_amount(&text);
            out.text(&text);
        }
    }

    fn texts(&mut self, out: &mut Script) {
        let disclosure = self.disclosure;
        if let Some(overview) = &disclosure.overview {
            let text = one_line(&markdown::to_text(&overview.text, &mut |_| String::new()));
            let title = format!("{}概况", disclosure.entity.kind.word());
            self.text("index.html#overview", &title, &text, out);
        }
        for section in &disclosure.narrative.sections {
            let text = one_line(&markdown::to_text(&section.markdown, &mut |mark| {
                self.mark(mark)
            }));
            let address = format!("{NARRATIVE_PAGE}#{}", section.id);
            self.text(&address, &section.title, &text, out);
        }
        for correction in &disclosure.corrections {
            let address = format!("{CORRECTIONS_PAGE}#{}", correction.anchor());
            let title = format!("更正 {}", correction.date);
            self.text(&address, &title, &one_line(&correction.reason), out);
        }
    }

    fn mark(&self, mark: Mark) -> String {
        let Mark::Figure(at) = mark else {
            return String::new();
        };
        let figure = self.disclosure.narrative.figures.get(at);
        figure.map_or_else(String::new, |figure| figure.text().to_owned())
    }

    fn text(&mut self, address: &str, title: &str, text: &str, out: &mut Script) {
        let text = shortened(text);
        self.signature.add_text(title);
        self.signature.add_text(text);
        out.line().array(|parts| {
            parts.text(address).text(title).text(text);
        });
    }

    fn sheets(&mut self, form: &SheetForm, out: &mut Script) {
        for sheet in &self.disclosure.sheets {
            let funds = sheet.funds.last().and_then(|funds| funds.first());
            let amount = funds.map(|cell| cell.value.to_text()).unwrap_or_default();
            self.signature.add_text(&sheet.name);
            self.signature.add_amount(&amount);
            let text = text_of(sheet);
            let text = shortened(&text);
            self.signature.add_text(text);
            out.line().array(|parts| {
                let parts = parts.text(&sheet.page()).text(&sheet.name);
                parts.text(&amount).text(form.unit.name()).text(text);
            });
        }
    }
}

/// Descriptions, goals and indicators of a sheet.
fn text_of(sheet: &Sheet) -> String {
    let mut out = String::with_capacity(1024);
    let texts = sheet.texts.iter().chain(&sheet.goals).flatten();
    let indicators = sheet.indicators.iter().map(|line| &line.level3);
    for text in texts.chain(indicators) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(text);
    }
    out
}

/// What stands after the figures of a column.
fn unit(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Amount { show, .. } => show.name(),
        ColumnKind::Percent => "%",
        _ => "",
    }
}

/// The beginning of a long text.
fn shortened(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
