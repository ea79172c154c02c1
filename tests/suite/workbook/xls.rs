//! .xls files: one that another program wrote, and streams of records made here.

use std::fs;

use gongkai::import::workbook::{Merged, Reason, Sheet};

use super::{drawn, oddities, read, sheets};
use crate::support::repository;

/// `tests/cases/import/budget.xls`, which `budget.py` beside it makes.
pub fn budget() -> Vec<u8> {
    fs::read(repository().join("tests/cases/import/budget.xls")).expect("the workbook")
}

#[test]
fn a_workbook_of_another_program_is_read_as_it_is_shown() {
    let sheets = sheets("预算.xls", budget());
    let told: Vec<_> = sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden))
        .collect();
    assert_eq!(told, [("收支总表", false), ("草稿", true), ("空", false)]);
    assert_eq!(
        drawn(&sheets[0]),
        "表一 收支总表\n|||单位：万元\n项目|预算数\n|Total\n教育支出|#1234.50<1234.5|#0.3\n\
         ~>普通教育|#-89.00<-89|#12.5%<0.125\n>>小学教育|#<0|#89.00<89\n'2026-01-05|'TRUE|#123.5<1234567.891\n\
         一、加粗 bold|#12.34|#1000000000000000"
    );
    assert_eq!(sheets[0].hidden_columns, [1..=1]);
    assert_eq!(
        sheets[0].merged,
        [
            Merged {
                first: (0, 0),
                last: (0, 3)
            },
            Merged {
                first: (2, 0),
                last: (3, 0)
            },
            Merged {
                first: (2, 1),
                last: (2, 2)
            },
        ]
    );
    let long =
        [("A", 5000), ("字", 5000), ("b", 5000), ("末", 1)].map(|(text, times)| text.repeat(times));
    assert_eq!(drawn(&sheets[1]), format!("{}\n#<0", long.join("\n")));
    assert!(sheets[2].rows.is_empty());
}

/// A record.
fn record(id: u16, bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a record");
    [&id.to_le_bytes(), &length.to_le_bytes(), bytes].concat()
}

/// A record that begins a stream of records of a kind.
fn begin(kind: u8) -> Vec<u8> {
    record(0x809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// The record of a cell in column A, without a style.
fn cell(id: u16, row: u8, bytes: &[u8]) -> Vec<u8> {
    record(id, &[&[row, 0, 0, 0, 0, 0], bytes].concat())
}

/// The stream of a workbook with one sheet of a kind, which has these records after those of the workbook.
fn stream(globals: &[Vec<u8>], kind: u8, records: &[Vec<u8>]) -> Vec<u8> {
    let end = record(0x0a, &[]);
    let listed = |place: u32| {
        record(
            0x85,
            &[&place.to_le_bytes()[..], &[0, 0, 1, 1, 0x68, 0x88]].concat(),
        )
    };
    let front = [begin(5), globals.concat()].concat();
    let place = front.len() + listed(0).len() + end.len();
    let listed = listed(u32::try_from(place).expect("a place"));
    [
        front,
        listed,
        end.clone(),
        begin(kind),
        records.concat(),
        end,
    ]
    .concat()
}

/// The sheets of such a workbook.
fn streamed(globals: &[Vec<u8>], kind: u8, records: &[Vec<u8>]) -> Vec<Sheet> {
    sheets("表.xls", stream(globals, kind, records))
}

/// A workbook with one cell at the top and one at the far end of the sheet, and merged cells between them.
pub fn far_apart() -> Vec<u8> {
    let number = |place: [u8; 4]| {
        let number = [&place[..], &[0, 0], &1.0_f64.to_le_bytes()].concat();
        record(0x203, &number)
    };
    let merged = [1, 0, 1, 0, 0xfe, 0xff, 0, 0, 0xfe, 0x3f];
    let records = [
        number([0; 4]),
        number([0xff, 0xff, 0xff, 0x3f]),
        record(0xe5, &merged),
    ];
    stream(&[], 0x10, &records)
}

#[test]
fn a_formula_has_the_value_that_was_saved_with_it() {
    let formula = |row, result: [u8; 8]| cell(0x06, row, &[&result[..], &[0; 8]].concat());
    let sheets = streamed(
        &[],
        0x10,
        &[
            formula(0, 89.5_f64.to_le_bytes()),
            formula(1, [0, 0, 0, 0, 0, 0, 0xff, 0xff]),
            record(0x4bc, &[0; 10]),
            record(0x207, &[2, 0, 1, 0x59, 0x65, 0xb2, 0x80]),
            formula(2, [1, 0, 1, 0, 0, 0, 0xff, 0xff]),
            formula(3, [2, 0, 0x17, 0, 0, 0, 0xff, 0xff]),
            formula(4, [3, 0, 0, 0, 0, 0, 0xff, 0xff]),
            cell(0x205, 5, &[0x2a, 1]),
            cell(0x205, 6, &[0, 0]),
            cell(0x204, 7, &[1, 0, 0, b'x']),
        ],
    );
    assert_eq!(sheets[0].name, "表");
    assert_eq!(
        drawn(&sheets[0]),
        "#89.5\n教育\n'TRUE\n'#REF!\n\n'#N/A\n'FALSE\nx"
    );
}

#[test]
fn charts_are_passed_over() {
    let number = |row| cell(0x203, row, &1.0_f64.to_le_bytes());
    assert!(streamed(&[], 0x20, &[number(0)]).is_empty());
    let inside = [
        number(0),
        begin(0x20),
        number(1),
        record(0x0a, &[]),
        number(2),
    ];
    assert_eq!(drawn(&streamed(&[], 0x10, &inside)[0]), "#1\n\n#1");
}

#[test]
fn dates_count_from_1904_where_the_workbook_says_so() {
    let globals = [
        record(0x22, &[1, 0]),
        record(0xe0, &[&[0, 0, 14, 0][..], &[0; 16]].concat()),
    ];
    let sheets = streamed(
        &globals,
        0x10,
        &[cell(0x203, 0, &44565.0_f64.to_le_bytes())],
    );
    assert_eq!(drawn(&sheets[0]), "'2026-01-05");
}

#[test]
fn a_password_and_older_versions_are_told() {
    let locked = stream(&[record(0x2f, &[0; 6])], 0x10, &[]);
    assert_eq!(read("表.xls", locked), Err(Reason::Encrypted));
    let mut older = budget();
    let version = older
        .windows(6)
        .position(|bytes| bytes == b"\x09\x08\x10\x00\x00\x06")
        .expect("the first record");
    older[version + 5] = 5;
    assert_eq!(
        read("表.xls", older),
        Err(Reason::Unsupported("Excel 5.0/95 .xls"))
    );
}

#[test]
fn an_odd_record_is_told_and_the_rest_is_read() {
    let last = cell(0x203, 1, &1.0_f64.to_le_bytes());
    let short = cell(0x203, 0, &[0; 7]);
    let unknown_text = cell(0xfd, 0, &[9, 0, 0, 0]);
    let infinite = cell(0x203, 0, &f64::INFINITY.to_le_bytes());
    for (odd, expected, told) in [
        (short, "\n#1", 1),
        (unknown_text, "\n#1", 1),
        (infinite, "'#NUM!\n#1", 0),
    ] {
        let bytes = stream(&[], 0x10, &[odd, last.clone()]);
        assert_eq!(drawn(&sheets("表.xls", &bytes)[0]), expected);
        let odd = oddities("表.xls", &bytes);
        assert_eq!(odd.len(), told, "{odd:?}");
        assert!(odd.iter().all(|odd| odd.starts_with("表!A1 ")), "{odd:?}");
    }
    // a text that is said to be longer than the record
    let texts = record(0xfc, &[1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, b'x']);
    assert_eq!(drawn(&streamed(&[texts], 0x10, &[last])[0]), "\n#1");
    // a sheet that does not end
    let unended = stream(&[], 0x10, &[begin(0x10)]);
    assert_eq!(read("表.xls", unended), Err(Reason::Damaged));
}
