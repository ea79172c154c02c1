//! .ods files, with the parts that programs write.

use gongkai::import::workbook::{Merged, Reason};

use super::{drawn, kept, read, sheets, zipped};

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
const STYLES: &str = r#"<office:document-styles><office:styles>
<style:style style:name="缩进" style:family="table-cell"><style:paragraph-properties fo:margin-left="0.706cm"/></style:style>
</office:styles></office:document-styles>"#;

/// The file of these tables.
pub fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:automatic-styles>
<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>
<style:style style:name="ce1" style:family="table-cell"><style:paragraph-properties fo:margin-left="0.353cm"/></style:style>
<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="缩进"/>
</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[
        ("mimetype", MIME),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("styles.xml", STYLES),
        ("content.xml", &content),
    ])
}

/// A table with most of what there is.
pub const TABLES: &str = r#"<table:calculation-settings/><table:table table:name="收支总表" table:style-name="ta1">
<office:forms><form:form>表单</form:form></office:forms>
<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse" table:default-cell-style-name="ce1"/>
<table:table-column table:number-columns-repeated="16381" table:visibility="filter"/>
<table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="1" office:value-type="string"><text:p>表一<text:s/>收支<text:span>总表</text:span></text:p><text:p>（续）</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"><text:p>看不见</text:p></table:covered-table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell table:style-name="ce2" office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation><text:p>教育
   支出<text:s text:c="2"/>&amp;</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1234.5"><text:p>1,234.50</text:p></table:table-cell><table:table-cell office:value-type="percentage" office:value="0.125"><text:p>12.5%</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="0"><text:p>-</text:p></table:table-cell></table:table-row>
<table:table-row-group><table:table-row table:number-rows-repeated="2" table:visibility="collapse"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="89.000000000000014"><text:p>89.00</text:p></table:table-cell></table:table-row></table:table-row-group>
<table:table-row table:visibility="filter"><table:table-cell office:value-type="date" office:date-value="2026-01-05"><text:p>2026年1月5日</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell><table:table-cell office:value-type="time" office:time-value="PT08H30M00S"><text:p>8:30</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-01-05T08:30:00"/></table:table-row>
<table:table-row><table:table-cell table:formula="of:=[.A1]" office:value-type="string" office:string-value=""><text:p>#REF!</text:p></table:table-cell><table:table-cell table:formula="of:=SUM([.B1:.B2])"/><table:table-cell table:formula="of:=[.A2]" office:value-type="string"><text:p>甲</text:p></table:table-cell><table:table-cell office:value-type="currency" office:currency="CNY" office:value="-3"><text:p>-￥3.00</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:named-expressions><table:named-range table:name="x"/></table:named-expressions></table:table>
<table:table table:name="草稿" table:style-name="ta2"><table:shapes><draw:frame><table:table table:name="内"/></draw:frame></table:shapes></table:table>"#;

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let sheets = sheets("预算.ods", ods_of(TABLES));
    let told: Vec<_> = sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden, sheet.rows.len()))
        .collect();
    assert_eq!(told, [("收支总表", false, 6), ("草稿", true, 0)]);
    assert_eq!(
        drawn(&sheets[0]),
        "表一 收支总表\n（续）\n>>教育 支出  &|#1234.50<1234.5|>#12.5%<0.125|#<0\n~#89.00<89|#89.00<89\n~#89.00<89|#89.00<89\n\
         ~'2026-01-05|'TRUE|>'08:30:00|'2026-01-05 08:30:00\n'#REF!|'=SUM([.B1:.B2])|>甲|#-3.00<-3"
    );
    assert_eq!(sheets[0].hidden_columns, [2..=16_383]);
    assert_eq!(
        sheets[0].merged,
        [Merged {
            first: (0, 0),
            last: (0, 2)
        }]
    );
}

#[test]
fn a_password_is_told() {
    let locked = zipped(&[
        ("mimetype", MIME),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
        ("content.xml", "\u{1}"),
    ]);
    assert_eq!(read("预算.ods", locked), Err(Reason::Encrypted));
}

#[test]
fn absurd_repeats_are_refused_where_they_hold_values() {
    for (rows, columns) in [
        (1_048_576, 16_384),
        (1, 99_999_999),
        (99_999_999, 1),
        (2, 1_048_576),
    ] {
        let table = |cell: &str| {
            format!(
                "<table:table><table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell table:number-columns-repeated=\"{columns}\"\
                 table:number-columns-spanned=\"99999999\" table:number-rows-spanned=\"99999999\" office:value-type=\"string\">{cell}</table:table-cell>\
                 </table:table-row></table:table>"
            )
        };
        assert!(sheets("表.ods", ods_of(&table("")))[0].rows.is_empty());
        let filled = read("表.ods", ods_of(&table("<text:p>甲</text:p>")));
        match (rows, columns) {
            (99_999_999, 1) => assert_eq!(filled.expect("a sheet").sheets[0].rows.len(), 1 << 20),
            (1_048_576, 16_384) => assert_eq!(filled, Err(Reason::TooLarge)),
            _ => {
                let filled = filled.expect("a sheet");
                assert_eq!(kept(&filled), rows * 16_384);
                let odd: Vec<&str> = filled.oddities.iter().map(|odd| odd.at.as_str()).collect();
                assert_eq!(
                    odd,
                    ["!XFE1"],
                    "what lies beyond the last column is told once"
                );
            }
        }
    }
    let spaces = format!(
        "<table:table><table:table-row><table:table-cell><text:p>{}",
        "<text:s text:c=\"99999999\"/>".repeat(2000)
    );
    assert_eq!(read("表.ods", ods_of(&spaces)), Err(Reason::TooLarge));
}
