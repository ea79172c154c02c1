//! One sheet of a .xls file.

use super::super::decimal::Decimal;
use super::super::grid::Grid;
use super::super::xlsx::sheet::no_text;
use super::super::{Cell, Merged, Reason, Sheet, Value};
use super::records::{Record, Records};
use super::{BOF, EOF, FILE_PASS, Shared};
use crate::say;

/// Numbers of records.
const FORMULA: u16 = 0x06;
const COLUMN_INFO: u16 = 0x7d;
const MANY_RK: u16 = 0xbd;
const MERGED_CELLS: u16 = 0xe5;
const LABEL_SHARED: u16 = 0xfd;
const RICH_LABEL: u16 = 0xd6;
const NUMBER: u16 = 0x203;
const LABEL: u16 = 0x204;
const BOOLEAN_OR_ERROR: u16 = 0x205;
const STRING: u16 = 0x207;
const ROW: u16 = 0x208;
const WINDOW: u16 = 0x23e;
const RK: u16 = 0x27e;

/// What a sheet of cells is called where it begins.
const CELLS: u16 = 0x10;

/// A sheet as it is read.
struct Reading<'a> {
    grid: Grid<'a>,
    shared: &'a Shared,
    zeros: bool,
    /// The cell of a formula whose text is still to come.
    pending: Option<(usize, usize, u16)>,
}

/// Reads a sheet into its grid; `None` if it has no cells but a chart.
pub(super) fn read(
    records: &mut Records,
    shared: &Shared,
    grid: Grid,
) -> Result<Option<Sheet>, Reason> {
    let first = records.next()?.ok_or(Reason::Damaged)?;
    if first.id != BOF {
        return Err(Reason::Damaged);
    }
    if first.u16(2)? != CELLS {
        return Ok(None);
    }
    let mut reading = Reading {
        grid,
        shared,
        zeros: zeros(records)?,
        pending: None,
    };
    // charts inside a sheet begin and end likewise
    let mut depth = 1_usize;
    loop {
        let record = records.next()?.ok_or(Reason::Damaged)?;
        match record.id {
            BOF => depth += 1,
            EOF if depth == 1 => return Ok(Some(reading.grid.finish())),
            EOF => depth -= 1,
            FILE_PASS => return Err(Reason::Encrypted),
            _ if depth == 1 => reading.read(&record)?,
            _ => {}
        }
    }
}

/// Whether the sheet shows zeros, which it says behind its cells.
fn zeros(records: &Records) -> Result<bool, Reason> {
    let mut ahead = records.again();
    let mut depth = 1_usize;
    while let Some(record) = ahead.next()? {
        match record.id {
            BOF => depth += 1,
            EOF if depth == 1 => break,
            EOF => depth -= 1,
            WINDOW if depth == 1 => return Ok(record.u16(0).unwrap_or(0x10) & 0x10 != 0),
            _ => {}
        }
    }
    Ok(true)
}

impl Reading<'_> {
    /// Takes in a record; of one that is too short the rest of the sheet is read all the same.
    fn read(&mut self, record: &Record) -> Result<(), Reason> {
        match self.record(record) {
            Err(Reason::Damaged) => {
                let at = |place| record.u16(place).map_or(0, usize::from);
                self.grid.odd(at(0), at(2), || {
                    say!(
                        "这一格的记录不完整，没有读",
                        "the record of this cell is incomplete and was not read"
                    )
                });
                Ok(())
            }
            other => other,
        }
    }

    /// Takes in a record.
    fn record(&mut self, record: &Record) -> Result<(), Reason> {
        match record.id {
            COLUMN_INFO if record.u16(8)? & 1 == 1 || record.u16(4)? == 0 => {
                let (first, last) = (record.u16(0)?, record.u16(2)?);
                self.grid
                    .hide_columns(usize::from(first)..=usize::from(last));
            }
            ROW if record.u16(12)? & 0x20 != 0 => {
                let row = usize::from(record.u16(0)?);
                self.grid.hide_rows(row..=row);
            }
            MERGED_CELLS => self.merged(record)?,
            STRING => {
                if let Some(place) = self.pending.take() {
                    self.put(place, text(record.texts(0).long()?))?;
                }
            }
            MANY_RK => {
                let (row, first) = (usize::from(record.u16(0)?), usize::from(record.u16(2)?));
                let count = record.bytes().len().saturating_sub(6) / 6;
                for number in 0..count {
                    let at = 4 + number * 6;
                    let place = (row, first + number, record.u16(at)?);
                    self.number(place, rk(record.u32(at + 2)?))?;
                }
            }
            FORMULA | LABEL_SHARED | RICH_LABEL | NUMBER | LABEL | BOOLEAN_OR_ERROR | RK => {
                self.cell(record)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in a record that is one cell.
    fn cell(&mut self, record: &Record) -> Result<(), Reason> {
        let place = (
            usize::from(record.u16(0)?),
            usize::from(record.u16(2)?),
            record.u16(4)?,
        );
        match record.id {
            NUMBER => self.number(place, Decimal::of_float(record.float(6)?)),
            RK => self.number(place, rk(record.u32(6)?)),
            LABEL_SHARED => {
                let number = usize::try_from(record.u32(6)?).map_err(|_| Reason::Damaged)?;
                match self.shared.strings.get(number) {
                    Some(shared) => self.put(place, text(shared.clone())),
                    None => {
                        self.grid.odd(place.0, place.1, no_text);
                        Ok(())
                    }
                }
            }
            BOOLEAN_OR_ERROR => self.put(place, special(record.byte(7)?, record.byte(6)?)),
            FORMULA => self.formula(place, record),
            _ => self.put(place, text(record.texts(6).long()?)),
        }
    }

    /// Takes in the saved value of a formula.
    fn formula(&mut self, place: (usize, usize, u16), record: &Record) -> Result<(), Reason> {
        self.pending = None;
        if record.u16(12)? != 0xffff {
            return self.number(place, Decimal::of_float(record.float(6)?));
        }
        match record.byte(6)? {
            0 => self.pending = Some(place),
            kind @ (1 | 2) => self.put(place, special(kind - 1, record.byte(8)?))?,
            _ => {}
        }
        Ok(())
    }

    /// Puts a number at its place.
    fn number(
        &mut self,
        place: (usize, usize, u16),
        number: Option<Decimal>,
    ) -> Result<(), Reason> {
        let Some(number) = number else {
            // as the program shows what is no number
            return self.put(place, special(1, 0x24));
        };
        let style = self.shared.styles.get(usize::from(place.2)).cloned();
        let mut value = style
            .unwrap_or_default()
            .format
            .value(&number, self.shared.epoch);
        if let Value::Number(shown) = &mut value
            && number.is_zero()
            && !self.zeros
        {
            shown.shown.clear();
        }
        self.put(place, value)
    }

    /// Puts a value at its place.
    fn put(
        &mut self,
        (row, column, style): (usize, usize, u16),
        value: Value,
    ) -> Result<(), Reason> {
        let style = self.shared.styles.get(usize::from(style));
        let indent = style.map_or(0, |style| style.indent);
        self.grid.put(row, column, Cell { value, indent })
    }

    fn merged(&mut self, record: &Record) -> Result<(), Reason> {
        for number in 0..usize::from(record.u16(0)?) {
            let at = |place: usize| record.u16(2 + number * 8 + place * 2).map(usize::from);
            self.grid.merge(Merged {
                first: (at(0)?, at(2)?),
                last: (at(1)?, at(3)?),
            })?;
        }
        Ok(())
    }
}

/// A number in four bytes: a whole one or the front of a float, perhaps in hundredths.
fn rk(bits: u32) -> Option<Decimal> {
    let number = if bits & 2 == 0 {
        Decimal::of_float(f64::from_bits(u64::from(bits & !3) << 32))?
    } else {
        Decimal::exact(&(bits.cast_signed() >> 2).to_string())?
    };
    Some(number.shifted(if bits & 1 == 1 { -2 } else { 0 }))
}

/// A truth value or an error.
fn special(is_error: u8, value: u8) -> Value {
    let text = match (is_error, value) {
        (0, 0) => "FALSE",
        (0, _) => "TRUE",
        (_, 0x00) => "#NULL!",
        (_, 0x07) => "#DIV/0!",
        (_, 0x0f) => "#VALUE!",
        (_, 0x17) => "#REF!",
        (_, 0x1d) => "#NAME?",
        (_, 0x24) => "#NUM!",
        _ => "#N/A",
    };
    Value::Other(text.to_owned())
}

/// A text as a value.
fn text(text: String) -> Value {
    if text.is_empty() {
        Value::Empty
    } else {
        Value::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_four_bytes_is_exact() {
        for (bits, expected) in [
            (89 << 2 | 2, "89"),
            (8950 << 2 | 3, "89.5"),
            ((-8950_i32 << 2 | 3).cast_unsigned(), "-89.5"),
            (0x3ff0_0000, "1"),
            (0x3ff0_0001, "0.01"),
            (0, "0"),
        ] {
            assert_eq!(rk(bits).expect("a number").to_string(), expected);
        }
        assert_eq!(rk(0x7ff0_0000), None);
    }
}
