//! What is imported: tables of the standard with the texts that their files will hold.

use rust_decimal::Decimal;

use super::doubt::Doubt;
use crate::model::form::{BlockForm, SharedForm};

/// A table as read from a workbook or an export.
#[derive(Debug, Clone)]
pub struct ImportedTable {
    /// Its form.
    pub form: SharedForm,
    /// File it was read from, as given.
    pub file: String,
    /// Sheet and range: `Sheet1!A1:H45`; empty for an export.
    pub range: String,
    /// Why it has no data.
    pub no_data: Option<String>,
    /// Blocks, parallel to the form's.
    pub blocks: Vec<ImportedBlock>,
    /// What is doubtful of the table as a whole.
    pub doubts: Vec<Doubt>,
}

/// A block of a table.
#[derive(Debug, Clone, Default)]
pub struct ImportedBlock {
    /// Total rows written apart, parallel to the form's.
    pub totals: Vec<Option<ImportedRow>>,
    /// The other rows in order.
    pub rows: Vec<ImportedRow>,
    /// What is doubtful of the block as a whole, or of rows that were left out.
    pub doubts: Vec<Doubt>,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct ImportedRow {
    /// Identifier, where it does not follow from the row.
    pub id: Option<String>,
    /// Classification code.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Depth, from 1.
    pub level: u8,
    /// For each column of the form the text of the cell.
    pub cells: Vec<Option<String>>,
    /// Where it stands: `Sheet1!A7`; for an export in words.
    pub place: String,
    /// For each column of the form where its cell stands; none for an export.
    pub places: Vec<String>,
    /// Figures of computed columns, which are not written: column, figure, place.
    pub stated: Vec<(usize, Decimal, String)>,
    /// What is doubtful.
    pub doubts: Vec<Doubt>,
}

impl ImportedTable {
    /// All rows, totals included.
    pub fn rows(&self) -> impl Iterator<Item = (&BlockForm, &ImportedRow)> {
        let blocks = self.form.blocks.iter().zip(&self.blocks);
        blocks.flat_map(|(form, block)| {
            let rows = block.totals.iter().flatten().chain(&block.rows);
            rows.map(move |row| (form, row))
        })
    }

    /// Number of cells that hold something.
    pub fn cells(&self) -> usize {
        self.rows().map(|(_, row)| row.filled()).sum()
    }

    /// Whether a figure stands in it.
    pub fn has_figures(&self) -> bool {
        self.rows().any(|(form, row)| {
            let mut cells = form.columns.iter().zip(&row.cells);
            cells.any(|(column, cell)| column.kind.is_figure() && cell.is_some())
        })
    }

    /// All doubts, from the top.
    pub fn all_doubts(&self) -> impl Iterator<Item = &Doubt> {
        let blocks = self.blocks.iter();
        let blocks = blocks.flat_map(|block| {
            let rows = block.totals.iter().flatten().chain(&block.rows);
            block.doubts.iter().chain(rows.flat_map(|row| &row.doubts))
        });
        self.doubts.iter().chain(blocks)
    }
}

impl ImportedRow {
    /// Number of cells that hold something.
    pub fn filled(&self) -> usize {
        self.cells.iter().flatten().count()
    }
}
