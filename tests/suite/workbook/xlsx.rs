//! .xlsx files, as programs write them.

use gongkai::import::workbook::{Merged, Reason, Sheet};
use rust_xlsxwriter::{Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

use super::{drawn, oddities, read, sheets, xlsx_of, zipped};

/// The file of a workbook.
fn saved(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().expect("a workbook")
}

/// The sheet that these calls make.
fn sheet(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Sheet {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet()).expect("a sheet");
    sheets("表.xlsx", saved(workbook)).remove(0)
}

#[test]
fn a_number_is_stored_and_shown() {
    let sheet = sheet(|sheet| {
        for (row, (code, number)) in (0..).zip([
            ("General", 0.1 + 0.2),
            ("0.00", 89.0),
            ("#,##0.00", 1_234_567.891),
            ("#,##0.00_);[Red](#,##0.00)", -1234.5),
            ("0.0%", 0.125),
            ("0.00\"万元\"", 89.0),
            ("_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", 0.0),
            ("0!.0,\"万\"", 12345.0),
            ("yyyy\"年\"m\"月\"d\"日\"", 46027.0),
            ("@", 2_080_501.0),
        ]) {
            sheet.write_number_with_format(row, 0, number, &Format::new().set_num_format(code))?;
        }
        // the formats that a file names by a number only
        for (row, index) in (10..).zip([2, 4, 10, 14, 40, 44]) {
            sheet.write_number_with_format(
                row,
                0,
                46027,
                &Format::new().set_num_format_index(index),
            )?;
        }
        Ok(())
    });
    assert_eq!(
        drawn(&sheet),
        "#0.3\n#89.00<89\n#1234567.89<1234567.891\n#-1234.50<-1234.5\n#12.5%<0.125\n#89.00<89\n#<0\n#1.2<12345\n'2026-01-05\n#2080501\n\
         #46027.00<46027\n#46027.00<46027\n#4602700.00%<46027\n'2026-01-05\n#46027.00<46027\n#46027.00<46027"
    );
}

#[test]
fn texts_keep_their_spaces_lines_and_runs() {
    let bold = Format::new().set_bold();
    let plain = Format::default();
    let sheet = sheet(|sheet| {
        sheet.write_string(0, 0, "  类 款 ")?;
        sheet.write_string(1, 0, "单位：\n万元")?;
        sheet.write_rich_string(2, 0, &[(&bold, "一、"), (&plain, " 教育支出 & <其他>")])?;
        sheet.write_string(3, 0, "0012")?;
        sheet.write_boolean(4, 0, true)?;
        sheet.write_string(5, 0, "_x000D_")?;
        Ok(())
    });
    assert_eq!(
        drawn(&sheet),
        "  类 款 \n单位：\n万元\n一、 教育支出 & <其他>\n0012\n'TRUE\n_x000D_"
    );
}

#[test]
fn indents_and_what_is_hidden_are_told() {
    let indented = |steps| Format::new().set_align(FormatAlign::Left).set_indent(steps);
    let sheet = sheet(|sheet| {
        sheet.write_string(0, 0, "教育支出")?;
        sheet.write_string_with_format(1, 0, "普通教育", &indented(1))?;
        sheet.write_string_with_format(2, 0, "小学教育", &indented(2))?;
        sheet.write_number(2, 3, 5)?;
        sheet.set_row_hidden(1)?;
        sheet.set_row_height(2, 0)?;
        sheet.set_column_hidden(1)?;
        sheet.set_column_range_hidden(3, 16_383)?;
        // far below, without a value
        sheet.set_row_hidden(1_000_000)?;
        Ok(())
    });
    assert_eq!(drawn(&sheet), "教育支出\n~>普通教育\n~>>小学教育|||#5");
    assert_eq!(sheet.hidden_columns, [1..=1, 3..=16_383]);
}

#[test]
fn sheets_come_in_their_order_hidden_ones_too() {
    let mut workbook = Workbook::new();
    for (name, hidden) in [("收支总表", 0), ("草稿", 1), ("参数", 2)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        match hidden {
            1 => drop(sheet.set_hidden(true)),
            2 => drop(sheet.set_very_hidden(true)),
            _ => {}
        }
    }
    let sheets = sheets("表.xlsx", saved(workbook));
    let told: Vec<_> = sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden, sheet.rows.len()))
        .collect();
    assert_eq!(
        told,
        [("收支总表", false, 0), ("草稿", true, 0), ("参数", true, 0)]
    );
}

#[test]
fn merged_cells_have_their_value_at_top_left() {
    let centred = Format::new().set_align(FormatAlign::Center);
    let sheet = sheet(|sheet| {
        sheet.merge_range(0, 0, 0, 3, "收支总表", &centred)?;
        sheet.merge_range(1, 0, 2, 0, "项目", &centred)?;
        // what some systems leave below
        sheet.write_string(2, 0, "看不见")?;
        sheet.write_string(2, 1, "看得见")?;
        Ok(())
    });
    assert_eq!(drawn(&sheet), "收支总表\n项目\n|看得见");
    assert_eq!(
        sheet.merged,
        [
            Merged {
                first: (0, 0),
                last: (0, 3)
            },
            Merged {
                first: (1, 0),
                last: (2, 0)
            },
        ]
    );
}

#[test]
fn a_formula_has_the_value_that_was_saved_with_it() {
    let sheet = sheet(|sheet| {
        let money = Format::new().set_num_format("0.00");
        sheet.write_formula_with_format(
            0,
            0,
            Formula::new("=SUM(B1:B2)").set_result("89.5"),
            &money,
        )?;
        sheet.write_formula(1, 0, Formula::new("=B1&\"年\"").set_result("2026年"))?;
        sheet.write_formula(2, 0, Formula::new("=B9").set_result("#REF!"))?;
        sheet.write_formula(3, 0, Formula::new("=TRUE()").set_result("TRUE"))?;
        Ok(())
    });
    assert_eq!(drawn(&sheet), "#89.50<89.5\n2026年\n'#REF!\n'TRUE");
}

#[test]
fn zeros_that_the_sheet_does_not_show_are_not_shown() {
    let sheet = sheet(|sheet| {
        sheet.write_number(0, 0, 0)?;
        sheet.write_number(0, 1, 1)?;
        sheet.set_hidden_zeroes(true);
        Ok(())
    });
    assert_eq!(drawn(&sheet), "#<0|#1");
}

/// The sheet with these rows.
fn rows(rows: &str) -> String {
    let xml = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    drawn(&sheets("表.xlsx", xlsx_of(&xml))[0])
}

#[test]
fn cells_are_read_as_other_programs_write_them() {
    for (written, expected) in [
        // places that are not said
        (
            "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>",
            "#1||#3\n\n#4",
        ),
        (
            "<row r=\"2\"><c r=\"C2\"><v>1</v></c><c><v>2</v></c></row>",
            "\n||#1|#2",
        ),
        // texts
        (
            "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c><c t=\"s\"><v>0</v></c></row>",
            "甲|乙 丙||甲",
        ),
        (
            "<row><c t=\"inlineStr\"><is><r><t>丁</t></r><r><t> 戊</t></r></is></c></row>",
            "丁 戊",
        ),
        (
            "<row><c t=\"str\"><f>A1</f><v>a_x000A_b&#x4E00;&lt;</v></c><c t=\"str\"><f>A1</f><v></v></c></row>",
            "a\nb一<",
        ),
        (
            "<row><c t=\"str\"><v><![CDATA[<甲>]]></v></c></row>",
            "<甲>",
        ),
        (
            "<row><c t=\"inlineStr\"><is><t>&lol; &#0;</t></is></c></row>",
            "&lol; &#0;",
        ),
        (
            "<row><c t=\"inlineStr\"><is><t>甲\r\n乙</t></is></c><c t=\"str\"><v>a&#13;b</v></c></row>",
            "甲\n乙|a\rb",
        ),
        // styles
        (
            "<row><c s=\"1\"><v>89.1</v></c><c s=\"2\"><v>44565</v></c><c s=\"99\"><v>7</v></c></row>",
            ">>#89.10<89.1|'2026-01-05|#7",
        ),
        // formulas without a value
        (
            "<row><c><f>SUM(B1:B2)</f></c><c><f>B1</f><v></v></c><c><f t=\"shared\" si=\"0\"/><v/></c></row>",
            "'=SUM(B1:B2)|'=B1|'=",
        ),
        // other values
        (
            "<row><c t=\"b\"><v>0</v></c><c t=\"e\"><v>#DIV/0!</v></c><c t=\"d\"><v>2026-01-05T00:00:00</v></c><c t=\"d\"><v>2026-01-05T08:30:00</v></c></row>",
            "'FALSE|'#DIV/0!|'2026-01-05|'2026-01-05 08:30:00",
        ),
        (
            "<row><c><v>1.0E+3</v></c><c><v>89.000000000000014</v></c><c><v>x</v></c></row>",
            "#1000|#89|'x",
        ),
        // what is hidden
        (
            "<row hidden=\"true\"><c><v>1</v></c></row><row r=\"9\" hidden=\"1\"/>",
            "~#1",
        ),
        // elements of extensions
        (
            "<row><c><v>1</v><extLst><ext><v>2</v></ext></extLst></c></row>",
            "#1",
        ),
    ] {
        assert_eq!(rows(written), expected, "{written}");
    }
    assert_eq!(sheets("表.xlsx", xlsx_of("<worksheet/>"))[0].name, "表&一");
}

#[test]
fn an_odd_record_is_told_with_its_cell_and_the_rest_is_read() {
    for (written, odd) in [
        ("<row r=\"0\"/>", "表&一!A2 行号写的是「0」"),
        ("<row r=\"1048577\"/>", "表&一!A2 行号写的是「1048577」"),
        (
            "<row><c r=\"XFE1\"/></row>",
            "表&一!A2 单元格的地址写的是「XFE1」",
        ),
        (
            "<row><c t=\"s\"><v>3</v></c></row>",
            "表&一!A2 这一格的文字在文件里找不到",
        ),
        (
            "<row><c t=\"s\"><v>-1</v></c></row>",
            "表&一!A2 这一格的文字在文件里找不到",
        ),
        ("<mergeCell ref=\"A1:\"/>", "表&一 合并区域「A1:」看不懂"),
        ("<mergeCell ref=\"H:I\"/>", "表&一 合并区域「H:I」看不懂"),
        ("<mergeCell/>", "表&一 合并区域「」看不懂"),
        (
            "<mergeCell ref=\"A5:B6\"/><mergeCell ref=\"B6:C7\"/>",
            "表&一!B6 从这里开始的合并区域与别的重叠",
        ),
    ] {
        let xml = format!(
            "<worksheet><sheetData><row><c><v>1</v></c></row>{written}</sheetData></worksheet>"
        );
        let found = oddities("表.xlsx", xlsx_of(&xml));
        let [said] = found.as_slice() else {
            panic!("{written}: {found:?}")
        };
        assert!(said.starts_with(odd), "{written}: {said}");
        assert_eq!(drawn(&sheets("表.xlsx", xlsx_of(&xml))[0]), "#1");
    }
    let many = "<row><c t=\"s\"><v>3</v></c></row>".repeat(60);
    let found = oddities(
        "表.xlsx",
        xlsx_of(&format!("<worksheet>{many}</worksheet>")),
    );
    assert_eq!(found.len(), 51);
    assert!(
        found[50].starts_with("表&一!A50 这一处之后还有 10 处"),
        "{}",
        found[50]
    );
}

#[test]
fn xml_that_breaks_off_is_damaged() {
    for written in ["<row><c>", "<row></c></row>", "<row><c><v>1 &"] {
        let xml = format!("<worksheet><sheetData>{written}</sheetData></worksheet>");
        assert_eq!(
            read("表.xlsx", xlsx_of(&xml)),
            Err(Reason::Damaged),
            "{written}"
        );
    }
}

#[test]
fn parts_are_found_in_any_case_and_with_either_slash() {
    let parts = [
        ("[content_types].xml", "<Types/>"),
        (
            "xl\\Workbook.xml",
            "<workbook><sheets><sheet name=\"表\" r:id=\"a\"/></sheets></workbook>",
        ),
        (
            "xl\\_rels\\workbook.xml.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"Sheet.xml\"/></Relationships>",
        ),
        (
            "XL\\sheet.xml",
            "<worksheet><row><c><v>1</v></c></row></worksheet>",
        ),
    ];
    assert_eq!(drawn(&sheets("表.xlsx", zipped(&parts))[0]), "#1");
}
