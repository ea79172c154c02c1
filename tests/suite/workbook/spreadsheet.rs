//! XML Spreadsheet 2003.

use gongkai::import::workbook::{Merged, Reason};

use super::{drawn, oddities, read, sheets};

/// A workbook with some of everything.
pub const BOOK: &str = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
<Styles><Style ss:ID="Default"><NumberFormat ss:Format="Fixed"/></Style><Style ss:ID="s1"><Alignment ss:Indent="2"/><NumberFormat ss:Format="0.0%"/></Style>
<Style ss:ID="s2" ss:Parent="s1"><NumberFormat/></Style></Styles>
<Worksheet ss:Name="收支总表"><Table ss:ExpandedRowCount="99999999"><Column ss:Index="2" ss:Hidden="1" ss:Span="1"/><Column ss:StyleID="s1"/>
<Row><Cell ss:MergeAcross="2" ss:MergeDown="0"><ss:Data ss:Type="String"><html:B>表一</html:B> 总表&#10;万元</ss:Data><Comment><ss:Data>批注</ss:Data></Comment></Cell><Cell><Data ss:Type="Number">0.125</Data></Cell></Row>
<Row ss:Index="3" ss:Hidden="1" ss:StyleID="s2"><Cell ss:Index="2"><Data ss:Type="Number">89.50</Data></Cell><Cell ss:StyleID="s9"><Data ss:Type="Number">1</Data></Cell></Row>
<Row><Cell><Data ss:Type="Number">89</Data></Cell><Cell><Data ss:Type="DateTime">2026-01-05T00:00:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell><Cell ss:Formula="=RC[-1]"/><Cell ss:Formula="=RC[-1]"><Data ss:Type="String"></Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="草稿"><Table/><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"#;

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let sheets = sheets("预算.xls", BOOK);
    let told: Vec<_> = sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden, sheet.rows.len()))
        .collect();
    assert_eq!(told, [("收支总表", false, 3), ("草稿", true, 0)]);
    assert_eq!(
        drawn(&sheets[0]),
        "表一 总表\n万元|||>>#12.5%<0.125\n\n~|>>#89.5|#1\n#89.00<89|'2026-01-05|'TRUE|>>'#REF!|'=RC[-1]"
    );
    assert_eq!(sheets[0].hidden_columns, [1..=2]);
    assert_eq!(
        sheets[0].merged,
        [Merged {
            first: (0, 0),
            last: (0, 2)
        }]
    );
}

#[test]
fn a_place_that_is_none_is_taken_by_its_order() {
    let row = |row: &str| {
        BOOK.split_once("<Row>")
            .map(|(front, rest)| format!("{front}{row}<Row>{rest}"))
            .expect("a row")
    };
    for (written, odd) in [
        ("<Row ss:Index=\"0\"/>", "收支总表!A1 行号写的是「0」"),
        (
            "<Row ss:Index=\"1048577\"/>",
            "收支总表!A1 行号写的是「1048577」",
        ),
        (
            "<Row ss:Span=\"1048576\"/>",
            "收支总表!A1048578 这一格在工作表最大的范围之外",
        ),
        (
            "<Row><Cell ss:Index=\"16385\"/></Row>",
            "收支总表!A1 列号写的是「16385」",
        ),
    ] {
        let found = oddities("预算.xls", row(written));
        assert!(found[0].starts_with(odd), "{written}: {found:?}");
    }
    assert_eq!(read("预算.xls", row("<Row><Cell>")), Err(Reason::Damaged));
    let broken_off = &BOOK[..BOOK.len() - 12];
    assert_eq!(read("预算.xls", broken_off), Err(Reason::Damaged));
}
