//! Codes of all tables against the code lists of the standard. The lists are what other disclosures
//! print, not an authority, so every finding is a warning; it is said once for each code.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::form::BlockForm;
use crate::model::table::{Block, Row, Table, Value};
use crate::say;
use crate::source::{Place, Source};
use crate::standard::Standard;

/// A code of the data with its name and the list that it belongs to.
struct Written<'a> {
    list: &'a str,
    code: &'a str,
    /// Empty where the form names no column for it.
    name: &'a str,
    source: &'a Source,
    place: Place,
}

/// List, code, and the name where that is what is wrong.
type Wrong<'a> = (&'a str, &'a str, Option<&'a str>);

/// Warns `code-unknown` and `code-name`, each once for a code with the number of its places.
pub fn check<'a>(
    tables: impl Iterator<Item = &'a Table>,
    standard: &Standard,
    diagnostics: &mut Diagnostics,
) {
    let mut wrong: BTreeMap<Wrong<'a>, Vec<Written<'a>>> = BTreeMap::new();
    for table in tables {
        for (form, block) in table.form.blocks.iter().zip(&table.blocks) {
            for written in written(form, block, &table.source) {
                // A list of which a line cannot be read is not known as a whole.
                let gap = format!("codes.{}", written.list);
                if standard.gaps.forms.contains(&*gap) {
                    continue;
                }
                let Some(names) = standard.codes.names(written.list) else {
                    continue;
                };
                let name = match names.get(written.code) {
                    Some(known) if written.name.is_empty() || **known == *written.name => continue,
                    Some(_) => Some(written.name),
                    None => None,
                };
                let places = wrong.entry((written.list, written.code, name));
                places.or_default().push(written);
            }
        }
    }
    for ((list, code, name), places) in wrong {
        let known = standard.codes.names(list).and_then(|names| names.get(code));
        if let Some(first) = places.first() {
            diagnostics.push(match (name, known) {
                (Some(name), Some(known)) => misnamed(first, name, known, places.len()),
                _ => unknown(first, standard, places.len()),
            });
        }
    }
}

/// Every code of a block that belongs to a list: those of the rows, and those of other columns.
fn written<'a>(form: &'a BlockForm, block: &'a Block, source: &'a Source) -> Vec<Written<'a>> {
    let mut found = Vec::new();
    let own = form.code_list();
    let second = form.columns.iter().enumerate();
    let second: Vec<_> = second
        .filter(|(_, column)| column.kind.is_written())
        .filter_map(|(at, column)| Some((at, column.codes.as_ref()?)))
        .collect();
    for row in &block.rows {
        if let (Some(list), Some(code)) = (own, &row.code) {
            found.push(Written {
                list,
                code: code.as_str(),
                name: &row.name,
                source,
                place: row.place,
            });
        }
        for (at, declared) in &second {
            if let Value::Text(code) = &row.cells[*at].value {
                found.push(Written {
                    list: &declared.list,
                    code,
                    name: declared.name.map_or("", |at| text(row, at)),
                    source,
                    place: row.cells[*at].place,
                });
            }
        }
    }
    found
}

fn text(row: &Row, column: usize) -> &str {
    match &row.cells[column].value {
        Value::Text(text) => text,
        _ => "",
    }
}

fn unknown(first: &Written<'_>, standard: &Standard, count: usize) -> Diagnostic {
    let Written {
        list, code, name, ..
    } = first;
    let (zh, en, line) = match *name {
        "" => Default::default(),
        name => (format!("（{name}）"), format!(" ({name})"), name),
    };
    let (more_zh, more_en) = times(count);
    let id = &standard.id;
    Diagnostic::warning(
        "code-unknown",
        first.source,
        first.place,
        say!(
            "科目名单 {list} 里没有编码 {code}{zh}{more_zh}",
            "the code list {list} has no {code}{en}{more_en}"
        ),
    )
    .hint(say!(
        "核对编码；确实有，就在站点的 standards/{id}/codes/{list}.csv 里添一行 {code},{line}（新文件的第一行写 code,name）",
        "check the code; if it exists, add the line {code},{line} to standards/{id}/codes/{list}.csv of the site (a new file starts with code,name)"
    ))
}

fn misnamed(first: &Written<'_>, name: &str, known: &str, count: usize) -> Diagnostic {
    let code = first.code;
    let (more_zh, more_en) = times(count);
    Diagnostic::warning(
        "code-name",
        first.source,
        first.place,
        say!(
            "编码 {code} 在名单里是「{known}」，这里写「{name}」{more_zh}",
            "the code list names {code} {known}, here it is {name}{more_en}"
        ),
    )
    .hint(say!(
        "核对名称有没有漏字、是不是往年的旧名",
        "check for a missing character or a name of earlier years"
    ))
}

/// How often something stands there, where that is more than once.
fn times(count: usize) -> (String, String) {
    match count {
        0 | 1 => Default::default(),
        _ => (format!("，共 {count} 处"), format!(", in {count} places")),
    }
}
