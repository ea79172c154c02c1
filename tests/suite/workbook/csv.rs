//! CSV files.

use encoding_rs::GB18030;
use gongkai::import::workbook::Reason;

use super::{drawn, oddities, read, sheets};

const TABLE: &str =
    "表一 收支总表,,\n项目,预算数,备注\n教育支出,\"1,234.50\",\"甲,\"\"乙\"\"\n第二行\"\n";
const DRAWN: &str = "表一 收支总表\n项目|预算数|备注\n教育支出|1,234.50|甲,\"乙\"\n第二行";

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(bytes)
        .collect()
}

#[test]
fn a_table_reads_the_same_in_every_encoding() {
    let (gb18030, _, failed) = GB18030.encode(TABLE);
    assert!(!failed);
    for bytes in [
        TABLE.as_bytes().to_vec(),
        format!("\u{feff}{TABLE}").into_bytes(),
        utf16(TABLE, u16::to_le_bytes),
        utf16(TABLE, u16::to_be_bytes),
        gb18030.into_owned(),
        TABLE
            .replace('\n', "\r\n")
            .replace("\"\"\r\n", "\"\"\n")
            .into_bytes(),
    ] {
        let sheets = sheets("收支总表.csv", bytes);
        assert_eq!(sheets.len(), 1);
        assert_eq!(sheets[0].name, "收支总表");
        assert!(!sheets[0].hidden);
        assert_eq!(drawn(&sheets[0]), DRAWN);
    }
}

#[test]
fn characters_outside_of_gbk_are_read() {
    // 𠮷 has four bytes in GB18030
    let (bytes, _, failed) = GB18030.encode("𠮷县,1.00\n");
    assert!(!failed);
    assert_eq!(drawn(&sheets("表.txt", bytes)[0]), "𠮷县|1.00");
}

#[test]
fn the_separator_is_told_by_the_lines() {
    for (text, expected) in [
        (
            "项目\t数\n甲\t1,234.00\n乙\t5,678.00\n",
            "项目|数\n甲|1,234.00\n乙|5,678.00",
        ),
        ("项目;数\n甲;1,5\n乙;2,5\n", "项目|数\n甲|1,5\n乙|2,5"),
        ("项目,数\n甲;乙,1\n丙,2\n", "项目|数\n甲;乙|1\n丙|2"),
        ("sep=;\n甲,乙;1\n丙,丁;2\n", "甲,乙|1\n丙,丁|2"),
        ("sep=,\r\n甲\t乙,1\r\n丙\t丁,2\r\n", "甲\t乙|1\n丙\t丁|2"),
        ("只有一列\n甲\n", "只有一列\n甲"),
        ("代码,名称\n=\"00201\",甲\n", "代码|名称\n00201|甲"),
        ("甲,1\r\n\r\n乙,2\r\n", "甲|1\n\n乙|2"),
        (
            "甲,1\n\n\n乙,\"2\n3\"\n\n丙,4\n",
            "甲|1\n\n\n乙|2\n3\n\n丙|4",
        ),
        ("甲,,,\n,,,\n,,,\n", "甲"),
        ("甲,1\n\x1a", "甲|1"),
    ] {
        assert_eq!(drawn(&sheets("表.csv", text)[0]), expected, "{text:?}");
    }
}

#[test]
fn a_file_of_text_is_a_table_only_with_the_ending_of_one() {
    for name in ["表.csv", "表.CSV", "表.tsv", "表.txt", "表.xls", "表.xlsx"] {
        assert_eq!(drawn(&sheets(name, "甲\t1\n")[0]), "甲|1", "{name}");
    }
    for name in ["表.yaml", "表", "表.md"] {
        assert_eq!(read(name, "甲\t1\n"), Err(Reason::Unknown), "{name}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    assert_eq!(read("表.csv", ""), Err(Reason::Empty));
    assert_eq!(read("表.csv", b"\xff\xff\xff\xff"), Err(Reason::Encoding));
    assert_eq!(read("表.csv", b"a\x00b,c\n"), Err(Reason::Unknown));
    let mut many = "项目,1\n".repeat(200);
    many.push_str(&"\x01".repeat(101));
    assert_eq!(read("表.csv", many), Err(Reason::Unknown));
    assert_eq!(read("表.csv", b"\xff\xfea"), Err(Reason::Encoding));
}

#[test]
fn an_odd_byte_is_left_out_and_told_with_its_place() {
    let text = "项目,合计\n公务接待费,1.20\n";
    let (gbk, ..) = GB18030.encode(text);
    let with = |bytes: &[u8], at: usize, odd: u8| {
        let mut bytes = bytes.to_vec();
        bytes.insert(at, odd);
        bytes
    };
    let comma = |bytes: &[u8]| {
        bytes
            .iter()
            .rposition(|byte| *byte == b',')
            .expect("a comma")
    };
    let utf8 = text.as_bytes();
    for (bytes, said) in [
        (with(utf8, comma(utf8), 0x7f), "控制字符（0x7F）"),
        (with(utf8, comma(utf8), 0), "控制字符（0x00）"),
        (with(utf8, comma(utf8), 0xff), "UTF-8 读不出的字节"),
        (with(&gbk, comma(&gbk), 0xff), "gb18030 读不出的字节"),
    ] {
        assert_eq!(
            drawn(&sheets("表.csv", &bytes)[0]),
            "项目|合计\n公务接待费|1.20"
        );
        let odd = oddities("表.csv", &bytes);
        let [odd] = odd.as_slice() else {
            panic!("{odd:?}")
        };
        assert!(odd.starts_with("2:6 ") && odd.contains(said), "{odd}");
        assert!(odd.contains("第 2 行第 6 个字符"), "{odd}");
    }
}

#[test]
fn utf_16_is_told_without_a_mark() {
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let units = TABLE.encode_utf16().flat_map(bytes);
        assert_eq!(
            drawn(&sheets("表.csv", units.collect::<Vec<u8>>())[0]),
            DRAWN
        );
    }
}
