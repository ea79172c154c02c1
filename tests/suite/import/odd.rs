//! Workbooks with one odd record each, which spreadsheet programs open: all of it is imported but what is odd, and
//! that is named.

use crate::support::{Run, Site, repository};

/// An import into a new disclosure of the built-in standard, with the data files that it wrote.
fn imported(name: &str) -> (Site, Run) {
    let site = Site::empty();
    assert_eq!(site.run(&["init"]).code, 0);
    let file = repository().join("tests/cases/import").join(name);
    let file = file.display().to_string();
    let arguments = [
        "import",
        &file,
        "--entity",
        "x",
        "--year",
        "2026",
        "--name",
        "清河县图书馆",
        "-v",
    ];
    let run = site.run(&arguments);
    (site, run)
}

#[test]
fn one_odd_record_keeps_no_table_from_being_imported() {
    for (name, odd) in [
        ("m_sstcount.xlsx", None),
        ("m_utf16nobom.xlsx", None),
        // what is no number stands in no table
        ("m_nan.xlsx", None),
        ("m_bigrow.xlsx", None),
        ("m_colmerge.xlsx", Some("表一：合并区域「H:I」看不懂")),
        (
            "m_norid.xlsx",
            Some("Module1：文件里列出了这张工作表，却没有它的内容"),
        ),
        ("m_row0.xlsx", Some("表一!A38：行号写的是「0」")),
        (
            "m_badstr.xlsx",
            Some("表一!A80：这一格的文字在文件里找不到"),
        ),
    ] {
        let (_, run) = imported(name);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(
            run.stdout.contains("认出 13 张表，"),
            "{name}: {}",
            run.stdout
        );
        let said = run.stderr.matches("import-oddity").count();
        assert_eq!(said, usize::from(odd.is_some()), "{name}: {}", run.stderr);
        if let Some(odd) = odd {
            let odd = format!("警告[import-oddity]: {odd}");
            assert!(run.stderr.contains(&odd), "{name}: {}", run.stderr);
        }
    }
}

#[test]
fn one_odd_byte_keeps_no_row_from_being_imported() {
    for (name, odd) in [
        ("ctl_del.csv", "控制字符（0x7F）"),
        ("gbkff.csv", "gb18030 读不出的字节"),
    ] {
        let (site, run) = imported(name);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains("第 5 行第 6 个字符"),
            "{name}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(odd), "{name}: {}", run.stderr);
        let tables = crate::support::tree(&site.path("data/x/2026-budget/tables"));
        let row = "name: 公务接待费, total: 1.20";
        let has = tables
            .iter()
            .any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(row));
        assert!(has, "{name}: {tables:?}");
    }
}

#[test]
fn a_number_that_its_format_hides_is_a_doubt() {
    let (site, run) = imported("hidden_fmt.xlsx");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let said = "却不显示它，留了空白";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    let tables = crate::support::tree(&site.path("data/x/2026-budget/tables"));
    let comments = tables
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(said));
    assert!(comments.count() > 0);
}

#[test]
fn zeros_that_only_a_format_shows_are_doubts() {
    let site = Site::case("tiny");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let format = |code: &str| rust_xlsxwriter::Format::new().set_num_format(code);
    let written =
        |sheet: &mut rust_xlsxwriter::Worksheet| -> Result<(), rust_xlsxwriter::XlsxError> {
            sheet.write_string(0, 0, "2025年支出表")?;
            sheet.write_string(1, 4, "单位：万元")?;
            for (column, title) in
                (0..).zip(["科目编码", "科目名称", "合计", "基本支出", "项目支出"])
            {
                sheet.write_string(2, column, title)?;
            }
            sheet.write_number_with_format(3, 0, 208, &format("0"))?;
            sheet.write_string(3, 1, "社会保障和就业支出")?;
            sheet.write_number_with_format(3, 2, 70, &format("000000"))?;
            sheet.write_number_with_format(3, 3, 40, &format("\"\""))?;
            sheet.write_number_with_format(3, 4, -30, &format("General;;"))?;
            sheet.write_number_with_format(4, 0, 10, &format("000"))?;
            sheet.write_string(4, 1, "卫生健康支出")?;
            sheet.write_number_with_format(4, 2, 30, &format("0.00"))?;
            Ok(())
        };
    written(sheet).expect("a sheet");
    site.write("表.xlsx", workbook.save_to_buffer().expect("a workbook"));
    let file = site.path("表.xlsx").display().to_string();
    let run = site.run(&[
        "import", &file, "--entity", "demo", "--year", "2025", "--force", "-v",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for said in [
        "Sheet1!C4：显示 000070，存的是 70，按存的写",
        "Sheet1!D4：存的是 40，数字格式却不显示它，留了空白",
        "Sheet1!E4：存的是 -30，数字格式却不显示它，留了空白",
        "Sheet1!A5：编码显示 010，存的是 10，按显示的写",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    let text = site.read("data/demo/2025-budget/tables/spending.yaml");
    assert!(
        text.contains("{code: \"208\", name: 社会保障和就业支出, total: 70.00}"),
        "{text}"
    );
    assert!(
        text.contains("{code: \"010\", name: 卫生健康支出, total: 30.00}"),
        "{text}"
    );
}
