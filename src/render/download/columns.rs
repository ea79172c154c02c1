//! The columns of a block as files name them: one row of unambiguous names with their units.

use crate::model::form::{BlockForm, Column, ColumnKind};
use crate::model::title::TitleValues;

/// Name of the last column of a CSV file: the depth of a row, 0 for a total.
pub const LEVEL: &str = "级次";

/// Name of a column of whole codes, where the form splits them under no common header.
const CODE: &str = "科目编码";

/// A column of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataColumn {
    /// Name with unit, no other of the block has it: `合计_万元`.
    pub name: String,
    /// Where its values come from.
    pub from: Origin,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The whole code of the row, even where the form splits it.
    Code,
    /// A column of the form.
    Column(usize),
    /// The depth of the row.
    Level,
}

/// The printed columns of a block in order, codes in one column, the depth of the rows last.
#[must_use]
pub fn columns(form: &BlockForm, titles: &TitleValues<'_>) -> Vec<DataColumn> {
    let mut found: Vec<(Vec<String>, String, Origin)> = Vec::new();
    let headers = headers(form, titles);
    for ((at, column), mut path) in printed(form).zip(headers) {
        let from = match column.kind {
            ColumnKind::Code(_) => Origin::Code,
            _ => Origin::Column(at),
        };
        if from == Origin::Code && found.iter().any(|known| known.2 == Origin::Code) {
            continue;
        }
        if matches!(column.kind, ColumnKind::Code(Some(_))) {
            path.pop();
            if path.is_empty() {
                path.push(CODE.to_owned());
            }
        }
        found.push((path, unit(column, titles), from));
    }
    found.push((vec![LEVEL.to_owned()], String::new(), Origin::Level));
    let short: Vec<String> = found
        .iter()
        .map(|(path, unit, _)| format!("{}{unit}", path.last().map_or("", String::as_str)))
        .collect();
    let mut columns: Vec<DataColumn> = Vec::with_capacity(found.len());
    for (at, (path, unit, from)) in found.iter().enumerate() {
        let again = short.iter().filter(|name| **name == short[at]).count() > 1;
        let name = if again {
            format!("{}{unit}", path.join("_"))
        } else {
            short[at].clone()
        };
        columns.push(DataColumn {
            name: unique(name, &columns),
            from: *from,
        });
    }
    columns
}

/// The printed columns with their positions.
pub fn printed(form: &BlockForm) -> impl Iterator<Item = (usize, &Column)> {
    let columns = form.columns.iter().enumerate();
    columns.filter(|(_, column)| column.printed)
}

/// For each printed column the headers above it from the top, its own title last.
#[must_use]
pub fn headers(form: &BlockForm, titles: &TitleValues<'_>) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = vec![Vec::new(); printed(form).count()];
    let mut open = vec![0_usize; paths.len()];
    for row in &form.header {
        let mut column = 0;
        for cell in row {
            while open.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            let text = cell.title.fill(titles);
            for at in column..(column + cell.columns).min(paths.len()) {
                paths[at].push(text.clone());
                open[at] = cell.rows;
            }
            column += cell.columns;
        }
        for rows in &mut open {
            *rows = rows.saturating_sub(1);
        }
    }
    for (path, (_, column)) in paths.iter_mut().zip(printed(form)) {
        // Below the title there may be a number of the column.
        let title = column.title.fill(titles);
        match path.iter().rposition(|text| *text == title) {
            Some(at) => path.truncate(at + 1),
            None => *path = vec![title],
        }
        path.retain(|text| !text.is_empty());
    }
    paths
}

/// The unit as a suffix, unless the title says it already.
fn unit(column: &Column, titles: &TitleValues<'_>) -> String {
    let unit = match (column.held_unit(), column.kind) {
        (Some(unit), _) => unit.name(),
        (None, ColumnKind::Percent) => "%",
        _ => return String::new(),
    };
    if column.title.fill(titles).contains(&format!("（{unit}）")) {
        String::new()
    } else {
        format!("_{unit}")
    }
}

/// The name, numbered if a column before has it: `项目`, `项目_2`.
fn unique(name: String, before: &[DataColumn]) -> String {
    let taken = |name: &str| before.iter().any(|column| column.name == name);
    if !taken(&name) {
        return name;
    }
    let mut number = 2;
    while taken(&format!("{name}_{number}")) {
        number += 1;
    }
    format!("{name}_{number}")
}
