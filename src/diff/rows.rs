//! Tables of two sides -> which row is which, and what became of rows, columns and tables.

use std::collections::HashMap;
use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::data::{Block, Data, Row, Table};
use super::report::{Change, RowChange, What};
use crate::model::selector::Selector;

/// A table on either side or both, by position.
pub type Pair = (Option<usize>, Option<usize>);

/// Items of both sides by a key that tells them apart: in new order, then those that are gone.
pub fn by_key<T, K: Hash + Eq>(old: &[T], new: &[T], key: impl Fn(&T) -> K) -> Vec<Pair> {
    let mut at: HashMap<K, Vec<usize>> = HashMap::new();
    for (position, item) in old.iter().enumerate().rev() {
        at.entry(key(item)).or_default().push(position);
    }
    let mut pairs: Vec<Pair> = Vec::with_capacity(new.len());
    for (position, item) in new.iter().enumerate() {
        let found = at.get_mut(&key(item)).and_then(Vec::pop);
        pairs.push((found, Some(position)));
    }
    append_gone(&mut pairs, old.len());
    pairs
}

fn append_gone(pairs: &mut Vec<Pair>, old: usize) {
    let mut met = vec![false; old];
    for (old, _) in pairs.iter() {
        if let Some(at) = old {
            met[*at] = true;
        }
    }
    pairs.extend((0..old).filter(|at| !met[*at]).map(|at| (Some(at), None)));
}

/// Positions on the new side of what stands elsewhere in the order: as few as explain it.
pub fn moved(pairs: &[Pair]) -> Vec<usize> {
    let mut both: Vec<(usize, usize)> = pairs
        .iter()
        .filter_map(|(old, new)| Some(((*old)?, (*new)?)))
        .collect();
    both.sort_unstable();
    let old: Vec<usize> = both.iter().map(|(_, new)| *new).collect();
    let mut new = old.clone();
    new.sort_unstable();
    let mut moved = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Delete { .. } | DiffOp::Replace { .. } = op {
            moved.extend(&old[op.old_range()]);
        }
    }
    moved.sort_unstable();
    moved
}

/// For each row the position of the one that it is part of.
pub fn parents(rows: &[Row]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        if row.level == 0 {
            parents.push(None);
            continue;
        }
        open.retain(|above| rows[*above].level < row.level);
        parents.push(open.last().copied());
        open.push(at);
    }
    parents
}

/// What a row is part of, by its position on the old side.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Above {
    Nothing,
    Row(usize),
    /// A row that only the new side has.
    New,
}

/// By what a row can be known again.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Named(&'a str, &'a str),
    Coded(&'a str, &'a str),
    Code(&'a str),
    Below(Above, &'a str),
    Id(&'a str),
}

/// The key of a row in each pass; `None` where it has none.
fn key(row: &Row, pass: usize, above: Above) -> Option<Key<'_>> {
    let code = row.code.as_deref();
    match pass {
        0 => Some(Key::Named(&row.id, &row.name)),
        1 => Some(Key::Coded(&row.id, code?)),
        2 => Some(Key::Code(code?)),
        3 => Some(Key::Below(above, &row.name)),
        _ => Some(Key::Id(&row.id)),
    }
}

/// Which row is which: by id where name or code agree, then by code, then by name below the same row, then by
/// id alone. Ids come before names since names repeat, but not alone since an id may be a mere position.
pub fn pairs(old: &[Row], new: &[Row]) -> Vec<Pair> {
    let mut of_new: Vec<Option<usize>> = vec![None; new.len()];
    let mut met = vec![false; old.len()];
    let (above_old, above_new) = (parents(old), parents(new));
    for pass in 0..5 {
        let mut open: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
        for (at, row) in old.iter().enumerate().rev().filter(|(at, _)| !met[*at]) {
            if let Some(key) = key(row, pass, above_old[at].map_or(Above::Nothing, Above::Row)) {
                open.entry(key).or_default().push(at);
            }
        }
        for (at, row) in new.iter().enumerate() {
            if of_new[at].is_some() {
                continue;
            }
            let above = above_new[at].map_or(Above::Nothing, |above| {
                of_new[above].map_or(Above::New, Above::Row)
            });
            let found = key(row, pass, above).and_then(|key| open.get_mut(&key)?.pop());
            if let Some(before) = found {
                of_new[at] = Some(before);
                met[before] = true;
            }
        }
    }
    let mut pairs: Vec<Pair> = of_new
        .into_iter()
        .enumerate()
        .map(|(new, old)| (old, Some(new)))
        .collect();
    append_gone(&mut pairs, old.len());
    pairs
}

/// 表三 2025年预算支出总表
pub fn table_words(table: &Table) -> String {
    format!("{} {}", table.number, table.title)
}

/// 表三, or 表一 收入 where a table has several blocks.
pub fn block_words(table: &Table, block: &Block) -> String {
    if block.title.is_empty() {
        table.number.clone()
    } else {
        format!("{} {}", table.number, block.title)
    }
}

/// `2080902 军队移交政府的离退休人员安置`
pub fn row_words(row: &Row) -> String {
    match &row.code {
        Some(code) => format!("{code} {}", row.name),
        None => row.name.clone(),
    }
}

/// `expenditure`, or `summary.revenue` where a table has several blocks.
pub fn block_key(table: &Table, block: &Block) -> String {
    if block.id.is_empty() {
        table.id.clone()
    } else {
        format!("{}.{}", table.id, block.id)
    }
}

/// Where a selector points, in words: 表三 › 208 社会保障和就业支出 › 合计; the selector itself for what is no cell.
pub fn place(data: &Data, at: &str) -> String {
    let Some(Selector::Cell {
        table,
        block,
        row,
        column,
    }) = Selector::new(at)
    else {
        return at.to_owned();
    };
    let words = || {
        let table = data.tables.iter().find(|one| *one.id == *table)?;
        let block = table.blocks.iter().find(|one| *one.id == *block)?;
        let row = block.rows.iter().find(|one| *one.id == *row)?;
        let column = block.columns.iter().find(|one| *one.id == *column)?;
        let words = [&block_words(table, block), &row_words(row), &column.title];
        Some(words.map(String::as_str).join(" › "))
    };
    words().unwrap_or_else(|| at.to_owned())
}

/// What became of tables: added, removed, renamed, reordered, empty for another reason.
pub fn tables(old: &[Table], new: &[Table], pairs: &[Pair], changes: &mut Vec<RowChange>) {
    let moved = moved(pairs);
    for pair in pairs {
        match *pair {
            (Some(before), Some(after)) => {
                let (before, now) = (&old[before], &new[after]);
                let mut change = |change, old: Option<String>, new: Option<String>| {
                    if change == Change::Moved || old != new {
                        changes.push(RowChange {
                            old,
                            new,
                            ..of_table(now, change)
                        });
                    }
                };
                let (was, is) = (Some(table_words(before)), Some(table_words(now)));
                change(Change::Renamed, was, is);
                if moved.contains(&after) {
                    change(Change::Moved, None, None);
                }
                change(Change::NoData, before.no_data.clone(), now.no_data.clone());
                let notes =
                    |table: &Table| (!table.notes.is_empty()).then(|| table.notes.join("\n"));
                change(Change::Note, notes(before), notes(now));
                blocks(before, now, changes);
            }
            (None, Some(after)) => changes.push(of_table(&new[after], Change::Added)),
            (Some(before), None) => changes.push(of_table(&old[before], Change::Removed)),
            (None, None) => {}
        }
    }
}

fn of_table(table: &Table, change: Change) -> RowChange {
    RowChange {
        change,
        what: What::Table,
        at: table.id.clone(),
        table: String::new(),
        name: table_words(table),
        old: None,
        new: None,
        cells: Vec::new(),
    }
}

fn blocks(old: &Table, new: &Table, changes: &mut Vec<RowChange>) {
    for (before, after) in by_key(&old.blocks, &new.blocks, |block| block.id.clone()) {
        let side = |table: &Table, at: usize, change| RowChange {
            change,
            what: What::Block,
            at: block_key(table, &table.blocks[at]),
            table: table.number.clone(),
            name: table.blocks[at].title.clone(),
            old: None,
            new: None,
            cells: Vec::new(),
        };
        match (before, after) {
            (Some(before), Some(after)) => {
                let (was, is) = (&old.blocks[before], &new.blocks[after]);
                if was.title != is.title {
                    changes.push(RowChange {
                        old: Some(was.title.clone()),
                        new: Some(is.title.clone()),
                        ..side(new, after, Change::Renamed)
                    });
                }
                Within {
                    table: new,
                    old: was,
                    new: is,
                    changes,
                }
                .all();
            }
            (None, Some(after)) => changes.push(side(new, after, Change::Added)),
            (Some(before), None) => changes.push(side(old, before, Change::Removed)),
            (None, None) => {}
        }
    }
}

/// A block of both sides.
struct Within<'a> {
    table: &'a Table,
    old: &'a Block,
    new: &'a Block,
    changes: &'a mut Vec<RowChange>,
}

impl Within<'_> {
    fn all(mut self) {
        self.columns();
        self.rows();
    }

    fn push(&mut self, part: (What, String, String), change: Change, values: [Option<String>; 2]) {
        let (what, at, name) = part;
        let [old, new] = values;
        self.changes.push(RowChange {
            change,
            what,
            at,
            table: block_words(self.table, self.new),
            name,
            old,
            new,
            cells: Vec::new(),
        });
    }

    fn columns(&mut self) {
        let (old, new) = (self.old, self.new);
        let pairs = by_key(&old.columns, &new.columns, |column| column.id.clone());
        let moved = moved(&pairs);
        let key = block_key(self.table, new);
        for (before, after) in pairs {
            let found = after.map(|at| &new.columns[at]);
            let found = found.or(before.map(|at| &old.columns[at]));
            let Some(column) = found else { continue };
            let part = || {
                (
                    What::Column,
                    format!("{key}.{}", column.id),
                    column.title.clone(),
                )
            };
            let Some(before) = before else {
                self.push(part(), Change::Added, [None, None]);
                continue;
            };
            let Some(after) = after else {
                self.push(part(), Change::Removed, [None, None]);
                continue;
            };
            let before = &old.columns[before];
            if before.title != column.title {
                let titles = [Some(before.title.clone()), Some(column.title.clone())];
                self.push(part(), Change::Renamed, titles);
            }
            if before.unit != column.unit {
                let units = [before.unit.clone(), column.unit.clone()];
                self.push(part(), Change::Unit, units);
            }
            if moved.contains(&after) {
                self.push(part(), Change::Moved, [None, None]);
            }
        }
    }

    fn rows(&mut self) {
        let (old, new) = (self.old, self.new);
        let pairs = pairs(&old.rows, &new.rows);
        let moved = moved(&pairs);
        let above = parents(&new.rows);
        let key = block_key(self.table, new);
        let part = |row: &Row| (What::Row, format!("{key}[{}]", row.id), row_words(row));
        for (before, after) in pairs {
            let (before, row) = match (before, after) {
                (None, Some(after)) => {
                    self.whole(Change::Added, new, &new.rows[after], part(&new.rows[after]));
                    continue;
                }
                (Some(before), None) => {
                    self.whole(
                        Change::Removed,
                        old,
                        &old.rows[before],
                        part(&old.rows[before]),
                    );
                    continue;
                }
                (Some(before), Some(after)) => (&old.rows[before], after),
                (None, None) => continue,
            };
            let (at, row) = (row, &new.rows[row]);
            if before.name != row.name {
                let names = [Some(before.name.clone()), Some(row.name.clone())];
                self.push(part(row), Change::Renamed, names);
            }
            if before.code != row.code {
                let codes = [before.code.clone(), row.code.clone()];
                self.push(part(row), Change::Recoded, codes);
            }
            if before.level != row.level {
                let levels = [before.level, row.level].map(|level| Some(level.to_string()));
                self.push(part(row), Change::Level, levels);
            }
            // What stands below a row moves with it.
            let with = above[at].is_some_and(|above| moved.contains(&above));
            if moved.contains(&at) && !with {
                self.push(part(row), Change::Moved, [None, None]);
            }
        }
    }

    /// A row that is only on one side, with its cells.
    fn whole(&mut self, change: Change, block: &Block, row: &Row, part: (What, String, String)) {
        let cells = block.columns.iter().filter(|column| column.kind != "line");
        let cells = cells
            .filter_map(|column| {
                let value = row.cells.get(&column.id)?.as_str()?;
                Some((column.title.clone(), value.to_owned()))
            })
            .collect();
        self.push(part, change, [None, None]);
        if let Some(last) = self.changes.last_mut() {
            last.cells = cells;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, name: &str, level: u8) -> Row {
        Row {
            id: id.to_owned(),
            code: None,
            name: name.to_owned(),
            level,
            cells: serde_json::Map::new(),
        }
    }

    #[test]
    fn rows_are_known_again_by_id_then_by_name_below_the_same_row() {
        let old = [row("a", "甲", 1), row("1", "乙", 2), row("2", "丙", 2)];
        // The ids are positions, and a row came in before the others.
        let new = [
            row("a", "甲", 1),
            row("1", "丁", 2),
            row("2", "乙", 2),
            row("3", "丙", 2),
        ];
        assert_eq!(
            pairs(&old, &new),
            [
                (Some(0), Some(0)),
                (None, Some(1)),
                (Some(1), Some(2)),
                (Some(2), Some(3)),
            ]
        );
        let renamed = [row("a", "戊", 1)];
        assert_eq!(pairs(&old[..1], &renamed), [(Some(0), Some(0))]);
    }

    #[test]
    fn as_few_as_possible_have_moved() {
        let both = |positions: &[usize]| -> Vec<Pair> {
            let pairs = positions.iter().enumerate();
            pairs.map(|(old, new)| (Some(old), Some(*new))).collect()
        };
        assert_eq!(moved(&both(&[0, 1, 2, 3])), [0; 0]);
        assert_eq!(moved(&both(&[3, 0, 1, 2])), [3]);
        assert_eq!(
            moved(&[(Some(0), None), (Some(1), Some(0)), (None, Some(1))]),
            [0; 0]
        );
    }
}
