//! Free rows: which stands below which, and what they are called in addresses.

use std::collections::{BTreeMap, HashSet, VecDeque};

use rust_decimal::Decimal;

use super::block::{Here, joined, row};
use super::doubt::Doubt;
use super::fold::fold;
use super::ids;
use super::rows::RawRow;
use super::table::{ImportedBlock, ImportedRow};
use crate::model::form::{ColumnKind, KeyPart};
use crate::model::selector::is_id;
use crate::model::table::Block;
use crate::say;

/// Rows from which sums may tell groups.
const GROUPED: usize = 4;

/// The rows of a block with free rows.
pub fn rows(here: &Here<'_>, mut raw: Vec<RawRow>) -> ImportedBlock {
    while raw.last().is_some_and(|row| !row.is_filled()) {
        raw.pop();
    }
    let mut block = ImportedBlock::default();
    let raw = join(raw, &mut block);
    let levels = levels(here, &raw, &mut block);
    for (raw, level) in raw.iter().zip(levels) {
        let mut made = row(here.form, raw);
        made.level = level;
        made.code.clone_from(&raw.code);
        block.rows.push(made);
    }
    name_rows(here, &mut block.rows);
    block
}

/// Joins a name whose bracket is closed in the next row.
fn join(raw: Vec<RawRow>, block: &mut ImportedBlock) -> Vec<RawRow> {
    let mut found: Vec<RawRow> = Vec::with_capacity(raw.len());
    for next in raw {
        let goes_on = found.last().is_some_and(|last| {
            is_open(&last.name) && next.code.is_none() && !(last.is_filled() && next.is_filled())
        });
        match found.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.name.push_str(&next.name);
                last.take_cells(&next);
                block.doubts.push(joined(last, &last.name));
            }
            None => found.push(next),
        }
    }
    found
}

fn is_open(name: &str) -> bool {
    let count = |signs: [char; 2]| name.matches(signs).count();
    count(['（', '(']) > count(['）', ')'])
}

/// The depth of each row, from 1.
fn levels(here: &Here<'_>, raw: &[RawRow], block: &mut ImportedBlock) -> Vec<u8> {
    if raw.iter().any(|row| row.code.is_some()) {
        return by_code(raw);
    }
    if raw.iter().any(|row| row.indent != raw[0].indent) {
        return by_indent(raw);
    }
    let units: HashSet<String> = here
        .context
        .entity
        .units
        .iter()
        .map(|unit| fold(&unit.name))
        .collect();
    let is_unit: Vec<bool> = raw
        .iter()
        .map(|row| units.contains(&fold(&row.name)))
        .collect();
    if is_unit.first() == Some(&true) && is_unit.contains(&false) {
        return is_unit
            .iter()
            .map(|unit| if *unit { 1 } else { 2 })
            .collect();
    }
    if raw.iter().skip(1).any(|row| row.name.starts_with("其中")) {
        let part = |row: &RawRow| if row.name.starts_with("其中") { 2 } else { 1 };
        return raw.iter().map(part).collect();
    }
    if let Some(levels) = by_sums(here, raw) {
        block.doubts.push(Doubt::new(
            "import-row",
            say!(
                "没有缩进，按「一行等于下面几行之和」分了组",
                "nothing is indented; rows were grouped where one is the sum of those below it"
            ),
            raw[0].place.clone(),
        ));
        return levels;
    }
    vec![1; raw.len()]
}

fn by_code(raw: &[RawRow]) -> Vec<u8> {
    let mut open: Vec<&str> = Vec::new();
    let mut levels = Vec::with_capacity(raw.len());
    for row in raw {
        let code = row.code.as_deref().unwrap_or_default();
        open.retain(|above| code.starts_with(above) && code != *above);
        if !code.is_empty() {
            open.push(code);
        }
        levels.push(small(open.len().max(1)));
    }
    levels
}

fn by_indent(raw: &[RawRow]) -> Vec<u8> {
    let mut open: Vec<usize> = Vec::new();
    let mut levels = Vec::with_capacity(raw.len());
    for row in raw {
        open.retain(|above| *above < row.indent);
        open.push(row.indent);
        levels.push(small(open.len()));
    }
    levels
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// Groups of rows where the first is the sum of the others, if all rows are in such groups.
fn by_sums(here: &Here<'_>, raw: &[RawRow]) -> Option<Vec<u8>> {
    let money = |kind: ColumnKind| matches!(kind, ColumnKind::Amount { .. });
    let column = here
        .form
        .columns
        .iter()
        .position(|column| money(column.kind))?;
    let values: Vec<Decimal> = raw
        .iter()
        .map(|row| row.cells[column].number.unwrap_or_default())
        .collect();
    let mut levels = vec![2; raw.len()];
    let (mut at, mut groups, mut largest) = (0, 0, 0);
    while at < values.len() {
        let mut sum = Decimal::ZERO;
        let mut end = at + 1;
        while end < values.len() && (end == at + 1 || sum != values[at]) {
            sum = sum.checked_add(values[end])?;
            end += 1;
        }
        if sum != values[at] || end == at + 1 {
            return None;
        }
        levels[at] = 1;
        (groups, largest) = (groups + 1, largest.max(end - at - 1));
        at = end;
    }
    (groups > 1 && largest > 1 && raw.len() >= GROUPED).then_some(levels)
}

/// Gives each row its id: the one that it has in the disclosure already, that of its unit, or a number
/// below that of the row above.
fn name_rows(here: &Here<'_>, rows: &mut [ImportedRow]) {
    let mut known = here.before.map(Known::new).unwrap_or_default();
    let mut path: Vec<String> = Vec::new();
    for row in rows.iter_mut() {
        path.truncate(usize::from(row.level) - 1);
        path.push(fold(&row.name));
        // An id that follows from the key is not written.
        row.id = known
            .take(&path)
            .filter(|id| ids::key(here.form, row).as_ref() != Some(id));
    }
    let mut used: HashSet<String> = rows.iter().filter_map(|row| row.id.clone()).collect();
    let mut above: Vec<(String, usize)> = Vec::new();
    let mut first = 0;
    for row in rows.iter_mut() {
        above.truncate(usize::from(row.level) - 1);
        let count = match above.last_mut() {
            Some((_, count)) => count,
            None => &mut first,
        };
        *count += 1;
        let number = *count;
        if row.id.is_none() && is_keyed(here, row) {
            let code = row.code.clone().unwrap_or_default();
            above.push((code, 0));
            continue;
        }
        let unit =
            here.context.entity.units.iter().find(|unit| {
                row.level == 1 && fold(&unit.name) == fold(&row.name) && is_id(&unit.id)
            });
        let unit = unit.map(|unit| unit.id.to_string());
        let own = row.id.clone().or(unit.filter(|id| !used.contains(id)));
        let stem = above.last().map_or("item", |(id, _)| id);
        let id = own.unwrap_or_else(|| free(stem, number, &used));
        used.insert(id.clone());
        row.id = Some(id.clone());
        above.push((id, 0));
    }
}

/// Whether the id of a row follows from its code.
fn is_keyed(here: &Here<'_>, row: &ImportedRow) -> bool {
    here.form.key == [KeyPart::Code] && row.code.is_some()
}

fn free(stem: &str, mut number: usize, used: &HashSet<String>) -> String {
    loop {
        let id = format!("{stem}-{number:02}");
        if !used.contains(&id) {
            return id;
        }
        number += 1;
    }
}

/// Ids of the rows of a block by their names and those of the rows above them.
#[derive(Default)]
struct Known(BTreeMap<Vec<String>, VecDeque<String>>);

impl Known {
    fn new(block: &Block) -> Self {
        let parents = block.parents();
        let mut known = Self::default();
        let mut paths: Vec<Vec<String>> = Vec::with_capacity(block.rows.len());
        for (row, parent) in block.rows.iter().zip(parents) {
            let mut path = parent.map_or_else(Vec::new, |at| paths[at].clone());
            path.push(fold(&row.name));
            if !row.total {
                let ids = known.0.entry(path.clone()).or_default();
                ids.push_back(row.id.to_string());
            }
            paths.push(path);
        }
        known
    }

    fn take(&mut self, path: &[String]) -> Option<String> {
        self.0.get_mut(path)?.pop_front()
    }
}
