//! What rows are called in addresses: given, made of their key, or by position. No two alike.

use std::collections::HashSet;

use super::doubt::Doubt;
use super::table::{ImportedBlock, ImportedRow};
use crate::model::form::{BlockForm, KeyPart};
use crate::model::selector::{Repeated, is_id};
use crate::say;

/// The id that the reader makes of the key of a row; `None` where the key gives none.
pub fn key(form: &BlockForm, row: &ImportedRow) -> Option<String> {
    let parts = form.key.iter().filter_map(|part| match part {
        KeyPart::Code => row.code.as_deref(),
        KeyPart::Column(at) => row.cells[*at].as_deref(),
    });
    let id = parts.collect::<Vec<&str>>().join("-");
    is_id(&id).then_some(id)
}

/// The ids that the reader will give to the rows of a block. `empty`: the table has no data, so that totals
/// that were not found are not written.
pub fn of(form: &BlockForm, block: &ImportedBlock, empty: bool) -> Vec<String> {
    let totals = form.totals.iter().zip(&block.totals);
    let before = totals.filter(|(total, row)| total.first && (row.is_some() || !empty));
    let before = before.count();
    let (mut used, mut repeated): (HashSet<String>, Repeated) = Default::default();
    let rows = block.rows.iter().enumerate();
    rows.map(|(at, row)| {
        let mut made = || {
            let id = key(form, row)?;
            Some(if form.is_counted() {
                repeated.apart(&id, |id| used.contains(id))
            } else {
                id
            })
        };
        let id = row.id.clone().or_else(&mut made);
        let id = id.unwrap_or_else(|| format!("n{}", before + at + 1));
        used.insert(id.clone());
        id
    })
    .collect()
}

/// Gives an id to each row that would be called as one above it, with a doubt: a code that stands twice is two
/// rows in the data too.
pub fn tell_apart(form: &BlockForm, block: &mut ImportedBlock) {
    let ids = of(form, block, false);
    let mut used: HashSet<&str> = form.totals.iter().map(|total| &*total.id).collect();
    let mut all: HashSet<&str> = ids.iter().map(String::as_str).collect();
    all.extend(&used);
    let (mut given, mut repeated): (HashSet<String>, Repeated) = Default::default();
    for (at, id) in ids.iter().enumerate() {
        if used.insert(id) {
            continue;
        }
        let own = repeated.apart(id, |id| all.contains(id) || given.contains(id));
        let row = &mut block.rows[at];
        let name = &row.name;
        let doubt = Doubt::new(
            "import-row",
            say!(
                "「{name}」和上面一行同是 `{id}`，这一行的 id 写成 {own}；核对是不是同一行",
                "{name} is called `{id}` as a row above, this one got the id {own}; check whether they are one row"
            ),
            row.place.clone(),
        );
        given.insert(own.clone());
        row.id = Some(own);
        row.doubts.push(doubt);
    }
}
