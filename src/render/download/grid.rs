//! The joined grid of a table as printed: its blocks side by side, totals on one line.

use crate::model::table::{Block, Table};

/// For each line of the joined grid the row of each block that stands on it.
///
/// Blocks end in their totals, and the forms print these on one line: 本年收入合计 beside 本年支出合计,
/// 收入总计 beside 支出总计. So the first total after other rows is aligned, and a last one at the foot.
#[must_use]
pub fn lines(table: &Table) -> Vec<Vec<Option<usize>>> {
    let heads: Vec<usize> = table.blocks.iter().map(head).collect();
    let head = heads.iter().copied().max().unwrap_or(0);
    let tail = table.blocks.iter().zip(&heads);
    let tail = tail.map(|(block, head)| block.rows.len() - head).max();
    let mut lines = vec![vec![None; table.blocks.len()]; head + tail.unwrap_or(0)];
    let last = lines.len().saturating_sub(1);
    for (at, block) in table.blocks.iter().enumerate() {
        let totals = &block.rows[heads[at]..];
        for row in 0..block.rows.len() {
            let grand = totals.len() > 1 && row + 1 == block.rows.len() && block.rows[row].total;
            let line = match row.checked_sub(heads[at]) {
                _ if grand => last,
                Some(below) => head + below,
                None => row,
            };
            lines[line][at] = Some(row);
        }
    }
    lines
}

/// Number of rows above the totals at the end; all rows where totals stand first or not at all.
fn head(block: &Block) -> usize {
    let rows = block.rows.iter();
    let first = rows.clone().position(|row| !row.total).unwrap_or(0);
    let total = rows.skip(first).position(|row| row.total);
    total.map_or(block.rows.len(), |at| first + at)
}
