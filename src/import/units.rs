//! The units of a new entity, as the tables of the first workbook list them.

use std::collections::HashSet;

use super::fold::fold;
use super::table::ImportedTable;
use crate::model::disclosure::{Entity, Unit};
use crate::model::form::{BlockForm, ColumnKind, RowSource};

/// Id of the unit that is the entity itself, and of the only one.
const HEAD: &str = "head";

/// The units in the order in which lists of units name them; none where there is only the entity itself.
///
/// A list of units is one whose names are headed 单位; in one that is headed otherwise, projects stand among them.
pub fn found(tables: &[Option<ImportedTable>], entity: &Entity) -> Vec<Unit> {
    let mut names: Vec<&str> = Vec::new();
    let mut known = HashSet::new();
    for table in tables.iter().flatten() {
        let blocks = table.form.blocks.iter().zip(&table.blocks);
        for (_, block) in blocks.filter(|(form, _)| lists_units(form)) {
            let first = block.rows.iter().filter(|row| row.level == 1);
            let own = first.map(|row| &*row.name).filter(|name| !name.is_empty());
            names.extend(own.filter(|name| known.insert(fold(name))));
        }
    }
    let own = fold(&entity.name);
    if names.iter().all(|name| fold(name) == own) {
        return Vec::new();
    }
    let head = match names.as_slice() {
        [only] => Some(*only),
        _ => names.iter().copied().find(|name| fold(name) == own),
    };
    let units = names.iter().enumerate().map(|(at, name)| Unit {
        id: match head {
            Some(head) if head == *name => HEAD.into(),
            _ => format!("unit-{:02}", at + 1).into(),
        },
        name: (*name).to_owned(),
        nature: None,
    });
    units.collect()
}

fn lists_units(form: &BlockForm) -> bool {
    let mut names = form.columns.iter();
    let name = names.find(|column| column.kind == ColumnKind::Name);
    form.rows == RowSource::List && name.is_some_and(|name| name.title.sample().contains("单位"))
}
