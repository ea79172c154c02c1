//! Workbooks are read as their programs show them.

mod csv;
mod hostile;
mod html;
mod ods;
mod spreadsheet;
mod xls;
mod xlsx;

use std::io::{Cursor, Write};

use gongkai::import::workbook::{self, Cell, Number, Reason, Row, Sheet, Value, Workbook};

use crate::support::Site;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What is read of a file with this name and content.
fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<Workbook, Reason> {
    let site = Site::empty();
    site.write(name, bytes);
    workbook::read(&site.path(name)).map_err(|unreadable| {
        assert_eq!(unreadable.path, site.path(name));
        let say = unreadable.say();
        for text in [&say.zh, &say.en] {
            assert!(
                text.starts_with(&site.path(name).display().to_string()),
                "{text}"
            );
        }
        unreadable.reason
    })
}

/// The sheets of a file that can be read.
fn sheets(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Sheet> {
    read(name, bytes).expect(name).sheets
}

/// A sheet as text: a line for each row, cells parted by `|`, a number as `shown<stored` where these differ, `>` for
/// each step of indent, `~` in front of a hidden row, `'` in front of what is neither text nor number.
fn drawn(sheet: &Sheet) -> String {
    let mut lines: Vec<String> = Vec::new();
    for row in &sheet.rows {
        lines.resize(row.at, String::new());
        let hidden = if sheet.hides_row(row.at) { "~" } else { "" };
        lines.push(format!("{hidden}{}", drawn_row(row)));
    }
    lines.join("\n")
}

fn drawn_row(row: &Row) -> String {
    let mut cells: Vec<String> = Vec::new();
    for (column, cell) in &row.cells {
        cells.resize(*column, String::new());
        cells.push(drawn_cell(cell));
    }
    cells.join("|")
}

/// What was odd in a file that can be read: place and sentence.
fn oddities(name: &str, bytes: impl AsRef<[u8]>) -> Vec<String> {
    let found = read(name, bytes).expect(name).oddities;
    let said = found
        .into_iter()
        .map(|odd| format!("{} {}", odd.at, odd.say.zh));
    said.collect()
}

/// How many cells a workbook keeps.
fn kept(workbook: &Workbook) -> usize {
    let rows = workbook.sheets.iter().flat_map(|sheet| &sheet.rows);
    rows.map(|row| row.cells.len()).sum()
}

fn drawn_cell(cell: &Cell) -> String {
    let value = match &cell.value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(Number { shown, stored }) if shown == stored => format!("#{shown}"),
        Value::Number(Number { shown, stored }) => format!("#{shown}<{stored}"),
        Value::Other(text) => format!("'{text}"),
    };
    format!("{}{value}", ">".repeat(cell.indent))
}

/// A ZIP file of these parts.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("a part");
        writer.write_all(text.as_bytes()).expect("a part");
    }
    writer.finish().expect("a ZIP file").into_inner()
}

/// A .xlsx file whose one sheet has this XML, with shared texts and styles.
fn xlsx_of(sheet: &str) -> Vec<u8> {
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    zipped(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            &format!(
                "<Relationships><Relationship Id=\"a\" Type=\"{RELATION}/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            "<x:workbook xmlns:x=\"m\"><x:workbookPr date1904=\"1\"/><x:sheets><x:sheet name=\"表&amp;一\" sheetId=\"1\" r:id=\"a\"/></x:sheets></x:workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships><Relationship Id=\"a\" Type=\"{RELATION}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"b\" Type=\"{RELATION}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
                 <Relationship Id=\"c\" Type=\"{RELATION}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>甲</t></si><si><r><t xml:space=\"preserve\">乙 </t></r><r><t>丙</t></r><rPh sb=\"0\" eb=\"1\"><t>yi</t></rPh></si><si/></sst>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"176\" formatCode=\"0.00&quot;万元&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>\
             <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"176\"><alignment indent=\"2\"/></xf><xf numFmtId=\"14\"/></cellXfs><dxfs><dxf><numFmt numFmtId=\"9\"/></dxf></dxfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}
