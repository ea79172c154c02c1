//! Excel 97 to 2003 workbooks (.xls): a stream of records in a compound file.

pub(super) mod container;
mod records;
mod sheet;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::format::{Epoch, Format};
use super::grid::{Book, Grid};
use super::{Reason, Sheet};
use crate::say;
use container::Container;
use records::{Record, Records};

/// What a stream that is no compound file begins with.
pub(super) const BARE: &[u8] = b"\x09\x08";
/// What those of Excel 2 to 4 begin with.
pub(super) const OLD: [&[u8]; 3] = [
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
];
/// Names of the stream, of the older one last.
pub(super) const STREAMS: [&str; 2] = ["Workbook", "Book"];

/// Numbers of records.
const BOF: u16 = 0x809;
const EOF: u16 = 0x0a;
const FILE_PASS: u16 = 0x2f;
const DATE_1904: u16 = 0x22;
const FORMAT: u16 = 0x41e;
const XF: u16 = 0xe0;
const BOUND_SHEET: u16 = 0x85;
const SHARED_STRINGS: u16 = 0xfc;

/// The version of Excel 97 and later.
const VERSION: u16 = 0x600;

/// Most texts that a workbook shares, and sheets that it lists.
const MAX_STRINGS: usize = 2_000_000;
const MAX_SHEETS: usize = 1000;

/// What all sheets of a workbook share.
#[derive(Default)]
struct Shared {
    strings: Vec<String>,
    styles: Vec<Style>,
    epoch: Epoch,
}

/// A style.
#[derive(Clone, Default)]
struct Style {
    format: Rc<Format>,
    indent: usize,
}

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    hidden: bool,
    place: usize,
}

/// The sheets of a workbook, in its order; charts and macros that fill a sheet are none.
pub(super) fn sheets(bytes: &[u8], book: &mut Book) -> Result<Vec<Sheet>, Reason> {
    let stream = if bytes.starts_with(container::MAGIC) {
        let container = Container::open(bytes)?;
        let mut streams = STREAMS.iter().filter_map(|name| container.stream(name));
        streams.next().ok_or(Reason::Damaged)?
    } else {
        bytes.to_vec()
    };
    let (listed, shared) = globals(&stream, book)?;
    let mut sheets = Vec::new();
    // sheets follow one another, so they are no longer together than the stream
    let mut left = stream.len();
    for sheet in listed {
        let mut records = Records::from(&stream, sheet.place);
        let grid = Grid::new(&sheet.name, sheet.hidden, book)?;
        if let Some(sheet) = sheet::read(&mut records, &shared, grid)? {
            sheets.push(sheet);
        }
        let length = records.place().saturating_sub(sheet.place);
        left = left.checked_sub(length).ok_or(Reason::Damaged)?;
    }
    Ok(sheets)
}

/// What stands in front of the sheets.
fn globals(stream: &[u8], book: &mut Book) -> Result<(Vec<Listed>, Shared), Reason> {
    let mut records = Records::from(stream, 0);
    let first = records.next()?.ok_or(Reason::Damaged)?;
    if first.id != BOF || first.u16(0)? != VERSION {
        return Err(Reason::Unsupported("Excel 5.0/95 .xls"));
    }
    let mut listed = Vec::new();
    let mut shared = Shared::default();
    let mut formats = BTreeMap::new();
    let mut styles = Vec::new();
    loop {
        let record = records.next()?.ok_or(Reason::Damaged)?;
        match record.id {
            EOF => break,
            FILE_PASS => return Err(Reason::Encrypted),
            DATE_1904 if record.u16(0) == Ok(1) => shared.epoch = Epoch::Y1904,
            // a number whose format is not known shows all its digits
            FORMAT => {
                if let (Ok(id), Ok(code)) = (record.u16(0), record.texts(2).long()) {
                    formats.insert(id, Rc::new(Format::of(&code)));
                }
            }
            XF => styles.push((
                record.u16(2).unwrap_or(0),
                usize::from(record.byte(8).unwrap_or(0) & 15),
            )),
            BOUND_SHEET if listed.len() == MAX_SHEETS => return Err(Reason::TooLarge),
            BOUND_SHEET => match listing(&record) {
                Ok(found) => listed.extend(found),
                Err(_) => book.odd(
                    || (listed.len() + 1).to_string(),
                    || {
                        say!(
                            "这个序号的工作表的记录不完整，没有读",
                            "the record of the sheet of this number is incomplete; it was not read"
                        )
                    },
                ),
            },
            SHARED_STRINGS => shared.strings = strings(&record)?,
            _ => {}
        }
    }
    for (id, indent) in styles {
        let format = formats
            .entry(id)
            .or_insert_with(|| Rc::new(Format::built_in(u32::from(id))));
        let format = Rc::clone(format);
        shared.styles.push(Style { format, indent });
    }
    Ok((listed, shared))
}

/// A sheet of cells that the workbook lists.
fn listing(record: &Record) -> Result<Option<Listed>, Reason> {
    if record.byte(5)? != 0 {
        return Ok(None);
    }
    Ok(Some(Listed {
        name: record.texts(6).short()?,
        hidden: record.byte(4)? & 3 != 0,
        place: usize::try_from(record.u32(0)?).map_err(|_| Reason::Damaged)?,
    }))
}

/// The texts that cells name by number.
fn strings(record: &Record) -> Result<Vec<String>, Reason> {
    let count = record.u32(4).unwrap_or(0);
    let mut texts = record.texts(8);
    let mut strings = Vec::new();
    for _ in 0..count {
        if strings.len() == MAX_STRINGS {
            return Err(Reason::TooLarge);
        }
        // cells that name a text behind the last one are told
        let Ok(text) = texts.long() else {
            break;
        };
        strings.push(text);
    }
    Ok(strings)
}
