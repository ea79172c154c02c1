//! Files that are none, or that somebody has made to do harm: always an answer, never a panic, within bounds.

use gongkai::import::workbook::Reason;

use super::ods::{TABLES, ods_of};
use super::spreadsheet::BOOK;
use super::xls::budget;
use super::{drawn, kept, read, sheets, xlsx_of, zipped};
use crate::support::{Random, Site};

/// A sheet of .xlsx with some of everything.
const SHEET: &str = r#"<worksheet><sheetViews><sheetView showZeros="0"/></sheetViews><cols><col min="2" max="3" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>89.5</v></c></row><row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>甲&amp;</t></is></c><c r="B2"><f>SUM(A1)</f><v>0</v></c></row>
</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>"#;
const PAGE: &str = "<html><style>x</style><table><tr><td colspan=2 rowspan=\"2\">甲&nbsp;&#x4e00;<td>乙</tr></table><!-- x --></html>";

/// One good file of each kind.
fn good() -> [(&'static str, Vec<u8>); 6] {
    [
        ("表.xlsx", xlsx_of(SHEET)),
        ("表.ods", ods_of(TABLES)),
        ("表.xls", budget()),
        ("书.xls", BOOK.as_bytes().to_vec()),
        ("页.xls", PAGE.as_bytes().to_vec()),
        ("表.csv", "甲,\"乙\n\"\n1;2\t3\n".as_bytes().to_vec()),
    ]
}

/// Some bytes changed, at most eight.
fn flip(bytes: &mut [u8], random: &mut Random) {
    for _ in 0..=random.below(8) {
        let place = random.below(bytes.len());
        bytes[place] = u8::try_from(random.below(256)).expect("a byte");
    }
}

#[test]
fn a_file_that_breaks_off_is_no_panic() {
    let mut random = Random::new(7);
    for (name, bytes) in good() {
        sheets(name, &bytes);
        for _ in 0..60 {
            let length = random.below(bytes.len());
            let answer = read(name, &bytes[..length]);
            if bytes.starts_with(b"PK") && length > 4 {
                assert!(answer.is_err(), "{name} up to {length}");
            }
        }
    }
}

#[test]
fn changed_bytes_are_no_panic() {
    let mut random = Random::new(11);
    for (name, bytes) in good() {
        for _ in 0..120 {
            let mut changed = bytes.clone();
            flip(&mut changed, &mut random);
            drop(read(name, changed));
        }
    }
}

#[test]
fn changed_text_inside_of_a_package_is_no_panic() {
    let mut random = Random::new(13);
    let (mut read_well, mut refused) = (0, 0);
    for _ in 0..200 {
        let changed = |text: &str, random: &mut Random| {
            let mut characters: Vec<char> = text.chars().collect();
            for _ in 0..=random.below(4) {
                let place = random.below(characters.len());
                let pool = [
                    '0', '9', '9', '-', '<', '>', '"', '&', ';', '/', 'A', '\u{0}', '类',
                ];
                characters[place] = pool[random.below(pool.len())];
            }
            characters.into_iter().collect::<String>()
        };
        for answer in [
            read("表.xlsx", xlsx_of(&changed(SHEET, &mut random))),
            read("表.ods", ods_of(&changed(TABLES, &mut random))),
        ] {
            match answer {
                Ok(_) => read_well += 1,
                Err(reason) => {
                    assert!(
                        matches!(reason, Reason::Damaged | Reason::TooLarge),
                        "{reason:?}"
                    );
                    refused += 1;
                }
            }
        }
    }
    assert!(read_well > 20 && refused > 20, "{read_well} {refused}");
}

#[test]
fn random_bytes_are_refused() {
    let mut random = Random::new(17);
    let starts: [&[u8]; 5] = [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x09\x08\x10\x00\x00\x06",
        b"\xff\xfe",
    ];
    for start in starts {
        for _ in 0..50 {
            let mut bytes = start.to_vec();
            bytes.extend((0..2000).map(|_| u8::try_from(random.below(256)).expect("a byte")));
            assert!(read("表.xls", bytes).is_err(), "{start:?}");
        }
    }
}

#[test]
fn what_is_no_workbook_is_named() {
    let word = zipped(&[("[Content_Types].xml", ""), ("word/document.xml", "")]);
    let binary = zipped(&[("[Content_Types].xml", ""), ("xl/workbook.bin", "")]);
    let text = zipped(&[("mimetype", "application/vnd.oasis.opendocument.text")]);
    let other = zipped(&[("readme", "")]);
    for (bytes, part) in [
        (b"%PDF-1.7".to_vec(), "PDF"),
        (b"\x89PNG\r\n".to_vec(), "图片"),
        (word, "Word"),
        (binary, ".xlsb"),
        (text, "OpenDocument 文档"),
        (other, "ZIP"),
        (b"<?xml version=\"1.0\"?><a/>".to_vec(), "XML"),
        (b"MIME-Version: 1.0\r\n".to_vec(), "MHTML"),
        (
            b"\x09\x04\x06\x00\x00\x00\x10\x00".to_vec(),
            "Excel 2.0–4.0",
        ),
        (
            b"\x09\x08\x08\x00\x00\x05\x05\x00\x00\x00\x00\x00".to_vec(),
            "Excel 5.0/95",
        ),
    ] {
        let reason = read("表.xls", bytes).expect_err(part);
        assert!(reason.say().zh.contains(part), "{part}: {reason:?}");
    }
    for (name, bytes, part) in [
        ("~$预算.xlsx", [b"\x04abcd".to_vec(), vec![b' '; 160]].concat(), "锁文件"),
        (".~lock.预算.ods#", b",me,host,01.01.2026".to_vec(), "锁文件"),
        (
            "表.fods",
            b"<?xml version=\"1.0\"?><office:document office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"/>".to_vec(),
            ".fods",
        ),
        ("表.ofd", zipped(&[("OFD.xml", "")]), "OFD"),
        ("表.rar", b"Rar!\x1a\x07".to_vec(), "先解压"),
    ] {
        let reason = read(name, bytes).expect_err(part);
        assert!(reason.say().zh.contains(part), "{part}: {reason:?}");
    }
    for (stream, part) in [
        ("WordDocument", "Word"),
        ("PowerPoint Document", "演示文稿"),
        ("Other", ".xlsx"),
    ] {
        let reason = read("表.xls", renamed(stream)).expect_err(part);
        assert!(reason.say().zh.contains(part), "{part}: {reason:?}");
    }
    let site = Site::empty();
    let missing = gongkai::import::workbook::read(&site.path("没有.xlsx")).expect_err("no file");
    assert!(matches!(missing.reason, Reason::File(_)));
    assert!(missing.to_string().contains("没有.xlsx"));
}

/// A compound file whose stream has another name.
fn renamed(name: &str) -> Vec<u8> {
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let mut bytes = budget();
    let old = utf16("Workbook");
    let at = bytes
        .windows(old.len())
        .position(|window| window == old)
        .expect("the stream");
    let new = utf16(name);
    bytes[at..at + 64].fill(0);
    bytes[at..at + new.len()].copy_from_slice(&new);
    bytes[at + 64] = u8::try_from(new.len() + 2).expect("a short name");
    bytes
}

#[test]
fn a_password_is_told() {
    assert_eq!(
        read("表.xlsx", renamed("EncryptedPackage")),
        Err(Reason::Encrypted)
    );
    // the first of the flags of each part, where it stands and in the list
    let mut bytes = xlsx_of(SHEET);
    for at in 0..bytes.len() - 4 {
        match &bytes[at..at + 4] {
            b"PK\x03\x04" => bytes[at + 6] |= 1,
            b"PK\x01\x02" => bytes[at + 8] |= 1,
            _ => {}
        }
    }
    assert_eq!(read("表.xlsx", bytes), Err(Reason::Encrypted));
}

#[test]
fn too_many_parts_and_bytes_are_too_large() {
    let parts: Vec<String> = (0..10_001).map(|number| number.to_string()).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(read("表.xlsx", zipped(&parts)), Err(Reason::TooLarge));

    assert_eq!(read("表.csv", ",".repeat(70_000)), Err(Reason::TooLarge));

    let site = Site::empty();
    std::fs::File::create(site.path("表.csv"))
        .and_then(|file| file.set_len((64 << 20) + 1))
        .expect("a file");
    let refused = gongkai::import::workbook::read(&site.path("表.csv")).expect_err("too large");
    assert_eq!(refused.reason, Reason::TooLarge);
}

#[test]
fn a_sheet_of_empty_rows_and_columns_is_small() {
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row>";
    let xml = format!(
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><cols><col min=\"1\" max=\"16384\" hidden=\"1\"/></cols><sheetData><row><c><v>1</v></c></row>{far}</sheetData></worksheet>"
    );
    let sheets = sheets("表.xlsx", xlsx_of(&xml));
    assert_eq!(drawn(&sheets[0]), "#1");
    assert_eq!(sheets[0].hidden_columns, [0..=16_383]);
}

/// A workbook of each kind with one cell at the top and one at the far end of a sheet, and what reaches over all of it.
fn far_apart() -> [(&'static str, Vec<u8>); 6] {
    let spaced = "<worksheet><cols><col min=\"1\" max=\"16384\" hidden=\"0\"/></cols><sheetData>\
        <row><c><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>\
        <mergeCells><mergeCell ref=\"A2:XFC1048575\"/></mergeCells></worksheet>";
    let filled = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    let repeated = format!(
        "<table:table><table:table-column table:number-columns-repeated=\"16384\"/><table:table-row>{filled}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/>{filled}</table:table-row></table:table>"
    );
    let data = "<Data ss:Type=\"Number\">1</Data>";
    let (front, _) = BOOK.split_once("<Row>").expect("a row");
    let indexed = format!(
        "{front}<Row><Cell>{data}</Cell></Row><Row><Cell ss:MergeAcross=\"16382\" ss:MergeDown=\"1048573\"/></Row>\
         <Row ss:Index=\"1048576\"><Cell ss:Index=\"16384\">{data}</Cell></Row></Table></Worksheet></Workbook>"
    );
    let page = format!(
        "<table><tr><td>1</td></tr><tr><td rowspan=16384 colspan=16383></td></tr>{}<tr><td colspan=16383></td><td>1</td></tr></table>",
        "<tr><td></td></tr>".repeat(16_384)
    );
    let text = format!("1\n{}1\n", ",".repeat(16_383));
    [
        ("表.xlsx", xlsx_of(spaced)),
        ("表.ods", ods_of(&repeated)),
        ("书.xls", indexed.into_bytes()),
        ("页.xls", page.into_bytes()),
        ("表.csv", text.into_bytes()),
        ("表.xls", super::xls::far_apart()),
    ]
}

#[test]
fn what_is_kept_of_a_sheet_follows_the_cells_that_are_there() {
    for (name, bytes) in far_apart() {
        let workbook = read(name, bytes).expect(name);
        assert_eq!(kept(&workbook), 2, "{name}");
        assert_eq!(workbook.sheets[0].rows.len(), 2, "{name}");
    }
}

#[test]
fn a_sheet_with_cells_far_apart_is_imported_in_little_memory() {
    for (name, bytes) in far_apart() {
        let site = Site::case("tiny");
        site.write(name, bytes);
        let file = site.path(name).display().to_string();
        let arguments = ["import", &file, "--entity", "demo", "--year", "2025"];
        let run = site.run_within(512 << 20, &arguments);
        assert_eq!(run.code, 1, "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains("import-sheet"),
            "{name}: {}",
            run.stderr
        );
    }
}

#[test]
fn merged_cells_that_overlap_are_left_out() {
    let merged = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(10_000);
    let xml = format!("<worksheet><c r=\"A1048576\"><v>1</v></c>{merged}</worksheet>");
    let sheets = sheets("表.xlsx", xlsx_of(&xml));
    assert_eq!(sheets[0].merged.len(), 1);
    assert!(sheets[0].rows.is_empty());
}

#[test]
fn depth_and_entities_do_no_harm() {
    let deep = format!(
        "<worksheet>{}{}</worksheet>",
        "<a>".repeat(200_000),
        "</a>".repeat(200_000)
    );
    assert!(sheets("表.xlsx", xlsx_of(&deep))[0].rows.is_empty());
    let open = "<worksheet>".to_owned() + &"<c>".repeat(200_000);
    assert_eq!(read("表.xlsx", xlsx_of(&open)), Err(Reason::Damaged));
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>\
                  <worksheet><row><c t=\"str\"><v>&b;&c;</v></c></row></worksheet>";
    assert_eq!(drawn(&sheets("表.xlsx", xlsx_of(laughs))[0]), "&b;&c;");
}

#[test]
fn chains_that_come_back_to_themselves_are_damaged() {
    let mut bytes = budget();
    // the first sector of the table that chains the others; each now leads to itself
    let table = u32::from_le_bytes(bytes[76..80].try_into().expect("a number")) as usize;
    let from = (table + 1) * 512;
    for (number, place) in (from..from + 512).step_by(4).enumerate() {
        let number = u32::try_from(number).expect("a number");
        bytes[place..place + 4].copy_from_slice(&number.to_le_bytes());
    }
    assert_eq!(read("表.xls", bytes), Err(Reason::Damaged));
}
