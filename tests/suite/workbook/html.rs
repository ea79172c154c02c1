//! HTML pages under the ending of a workbook.

use encoding_rs::GB18030;
use gongkai::import::workbook::Merged;

use super::{drawn, oddities, sheets};

const PAGE: &str = r#"<html xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta charset="gb2312"><title>导出</title><style>td { mso-number-format: "\@" }</style></head>
<body><!-- <td>注释</td> --><h1>表一 收支总表</h1><p>单位：万元</p>
<table border=1>
<caption>表</caption>
<tr><th rowspan="2">项&nbsp;目</th><TH colspan=2>预算数<br>（万元）</TH><td rowspan='3'>备注</tr>
<tr><td>合计</td><td title="a>b">其中</td></tr>
<tr style="Display: none"><td>&nbsp;&nbsp;教育支出 &lt;甲&#x3e; &amp; &unknown; 1 < 2</td><td> 1,234.50
 </td><td><table><tr><td>内</td><td>表</td></tr></table></td></tr>
<tr><td></td><td>5.00</td></tr>
</table>
<script>if (a < b) document.write("<tr>")</script>
<p>制表人：</p>末尾"#;

const DRAWN: &str = "表一 收支总表\n单位：万元\n项 目|预算数\n（万元）||备注\n|合计|其中\n\
    ~  教育支出 <甲> & &unknown; 1 < 2|1,234.50|内表\n|5.00\n制表人：\n末尾";

#[test]
fn tables_of_a_page_are_read() {
    let (gbk, _, _) = GB18030.encode(PAGE);
    let utf16: Vec<u8> = format!("\u{feff}{PAGE}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [PAGE.as_bytes(), &gbk, &utf16] {
        let sheets = sheets("收支总表.xls", bytes);
        assert_eq!(sheets.len(), 1);
        assert_eq!(sheets[0].name, "收支总表");
        assert_eq!(drawn(&sheets[0]), DRAWN);
        assert_eq!(
            sheets[0].merged,
            [
                Merged {
                    first: (2, 0),
                    last: (3, 0)
                },
                Merged {
                    first: (2, 1),
                    last: (2, 2)
                },
                Merged {
                    first: (2, 3),
                    last: (4, 3)
                },
            ]
        );
    }
}

#[test]
fn a_page_that_breaks_off_gives_what_it_has() {
    for page in [
        "<table><tr><td>甲<td>乙<tr><td>丙",
        "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table><!--",
        "<table><td>甲</td><td>乙<tr><td>丙</td></tr></table></table></table><p",
        "<table width=1\"><tr><td>甲<td>乙</tr><tr><td>丙<style><td>丁",
    ] {
        assert_eq!(drawn(&sheets("表.xls", page)[0]), "甲|乙\n丙", "{page}");
    }
}

#[test]
fn absurd_spans_are_cut() {
    let wide = "<table><tr><td colspan=99999999999999999999 rowspan=99999999999999999999>甲";
    assert_eq!(drawn(&sheets("表.xls", wide)[0]), "甲");
    let wider = format!("<table><tr>{}", "<td colspan=16384>甲".repeat(2));
    assert_eq!(drawn(&sheets("表.xls", &wider)[0]), "甲");
    assert_eq!(oddities("表.xls", wider).len(), 1);
}
