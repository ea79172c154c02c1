//! What an import says of workbooks and of files that are there. The small site is imported into from
//! CSV files; what they look like as workbooks is the matter of `import`.

use crate::support::Site;

use super::{Case, SPENDING, run_all};

const IMPORT: &[&str] = &[
    "import",
    "SITE/表.csv",
    "--entity",
    "demo",
    "--year",
    "2025",
    "--force",
    "-v",
];

const ENGLISH: &[&str] = &[
    "--lang",
    "en",
    "import",
    "SITE/表.csv",
    "--entity",
    "demo",
    "--year",
    "2025",
    "--force",
];

/// The first table as a budget system exports it.
const GOOD: &str = "2025年支出表,,,,
,,,,单位：万元
科目编码,科目名称,合计,基本支出,项目支出
,合计,100.00,60.00,40.00
208,社会保障和就业支出,70.00,40.00,30.00
20808,抚恤,70.00,40.00,30.00
2080801,死亡抚恤,70.00,40.00,30.00
210,卫生健康支出,30.00,20.00,10.00
";

fn spending(site: &Site, from: &str, to: &str) {
    assert_eq!(GOOD.matches(from).count(), 1, "{from}");
    site.write("表.csv", GOOD.replace(from, to));
}

pub const CASES: &[Case] = &[
    Case::new("import-good", |site| {
        site.write("表.csv", GOOD);
    })
    .run_as(&[
        "import",
        "SITE/表.csv",
        "--entity",
        "demo",
        "--year",
        "2025",
        "--dry-run",
    ]),
    Case::new("import-good-english", |site| {
        site.write("表.csv", GOOD);
    })
    .run_as(ENGLISH),
    Case::new("import-unreadable", |site| {
        site.write("表.csv", "%PDF-1.7\n");
    })
    .run_as(IMPORT),
    Case::new("import-unreadable-english", |_| ()).run_as(ENGLISH),
    Case::new("import-no-export", |_| ()).run_as(&[
        "import",
        "SITE/data",
        "--entity",
        "demo",
        "--year",
        "2025",
    ]),
    Case::new("import-other-json", |site| {
        site.write("package.json", "{}");
    })
    .run_as(&[
        "import",
        "SITE/package.json",
        "--entity",
        "demo",
        "--year",
        "2025",
    ]),
    Case::new("import-sheet", |site| {
        site.write("表.csv", "人员名册,,\n姓名,年龄,工龄\n甲,41,20\n乙,35,10\n");
    })
    .run_as(IMPORT),
    Case::new("import-sheet-of-another-header", |site| {
        spending(
            site,
            "科目编码,科目名称,合计,基本支出,项目支出",
            "序号,姓名,年龄,工龄,备注",
        );
    })
    .run_as(ENGLISH),
    Case::new("import-twice", |site| {
        site.write("表.csv", GOOD).write("又.csv", GOOD);
    })
    .run_as(&[
        "import",
        "SITE/表.csv",
        "SITE/又.csv",
        "--entity",
        "demo",
        "--year",
        "2025",
    ]),
    Case::new("import-twice-english", |site| {
        site.write("表.csv", GOOD).write("又.csv", GOOD);
    })
    .run_as(&[
        "--lang",
        "en",
        "import",
        "SITE/表.csv",
        "SITE/又.csv",
        "--entity",
        "demo",
        "--year",
        "2025",
    ]),
    Case::new("import-column", |site| {
        spending(site, "基本支出,项目支出", "基本支岀,上年数");
    })
    .run_as(IMPORT),
    Case::new("import-column-named-in-general", |site| {
        spending(site, "基本支出,项目支出", "基本支出,预算数");
    })
    .run_as(ENGLISH),
    Case::new("import-column-that-is-missing", |site| {
        spending(
            site,
            "科目编码,科目名称,合计,基本支出,项目支出",
            "科目编码,科目名称,合计,,",
        );
    })
    .run_as(ENGLISH),
    Case::new("import-oddity", |site| {
        spending(site, "卫生健康支出", "卫生健康\u{7f}支出");
    })
    .run_as(IMPORT),
    Case::new("import-oddity-english", |site| {
        spending(site, "卫生健康支出", "卫生健康\u{7f}支出");
    })
    .run_as(ENGLISH),
    Case::new("import-amount", |site| {
        spending(
            site,
            "2080801,死亡抚恤,70.00,40.00,30.00",
            "2080801,死亡抚恤,7O.00,40.00,#REF!",
        );
    })
    .run_as(IMPORT),
    Case::new("import-amount-in-another-unit", |site| {
        let yuan = GOOD.replace("单位：万元", "单位：元");
        let yuan = yuan.replace("30.00,20.00,10.00", "300049.00,200000.00,100049.00");
        site.write("表.csv", yuan);
    })
    .run_as(ENGLISH),
    Case::new("import-row", |site| {
        site.write(
            "表.csv",
            "2025年收支表,,,\n单位：万元,,,\n收入,,支出,\n项目,预算数,项目,预算数\n\
             一、一般公共预算,1100.00,一、社会保障与就业支出,1070.00\n\
             上年结转,0,二、卫生健康支出,30.00\n\
             附加收入,5.00,,\n收入总计,1100.00,支出总计,1100.00\n",
        );
    })
    .run_as(IMPORT),
    Case::new("import-row-without-a-code", |site| {
        let text = GOOD.replace("20808,抚恤", ",抚恤");
        site.write("表.csv", text.replace(",合计,100.00,60.00,40.00\n", ""));
    })
    .run_as(ENGLISH),
    Case::new("import-doubt", |site| {
        let text = GOOD.replace("2025年支出表", "");
        site.write("表.csv", text.replace("单位：万元", ""));
    })
    .run_as(IMPORT),
    Case::new("import-sheet-of-another-title", |site| {
        site.write(
            "表.csv",
            GOOD.replace("2025年支出表", "2025年度部门支出计划表"),
        );
    })
    .run_as(IMPORT),
    Case::new("import-doubt-english", |site| {
        site.write("表.csv", "2025年项目表,,\n项目名称,合计,是否结转\n,,\n");
    })
    .run_as(ENGLISH),
    Case::new("import-doubt-of-another-year", |site| {
        let text = GOOD.replace("2025年支出表,,,,", "2024年支出表,,,,");
        site.write(
            "表.csv",
            text.replace(",,,,单位：万元", "单位名称：阳城县图书馆,,,,单位：万元"),
        );
    })
    .run_as(IMPORT),
    Case::new("import-changed", |site| {
        site.write("表.csv", GOOD)
            .replace(SPENDING, "30.00, basic: 20.00", "30.01, basic: 20.01");
    })
    .run_as(&[
        "import",
        "SITE/表.csv",
        "--entity",
        "demo",
        "--year",
        "2025",
    ]),
    Case::new("import-changed-english", |site| {
        site.write("表.csv", GOOD).replace(
            SPENDING,
            "  - {code: \"210\",",
            "  - {code: \"207\", name: 文化, total: 1.00}\n  - {code: \"210\",",
        );
    })
    .run_as(&[
        "--lang",
        "en",
        "import",
        "SITE/表.csv",
        "--entity",
        "demo",
        "--year",
        "2025",
    ]),
    Case::new("import-another-standard", |site| {
        site.write("表.csv", GOOD);
    })
    .run_as(&[
        "import",
        "SITE/表.csv",
        "--entity",
        "demo",
        "--year",
        "2025",
        "--standard",
        "shanxi-2025-budget",
    ]),
    Case::new("import-new-without-a-name", |site| {
        site.write("表.csv", GOOD);
    })
    .run_as(&[
        "import",
        "SITE/表.csv",
        "--entity",
        "hall",
        "--year",
        "2026",
        "--standard",
        "tiny",
    ]),
];

#[test]
fn imports_say_what_they_did_not_understand() {
    run_all(CASES);
}
