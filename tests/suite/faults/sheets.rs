//! Performance sheets.

use super::{Case, REPAIRS, run_all};

pub const CASES: &[Case] = &[
    Case::new("sheet-unknown-keys", |site| {
        site.replace(REPAIRS, "unit: ", "units: ")
            .replace(REPAIRS, "city: ", "county: ")
            .replace(REPAIRS, "  summary: ", "  sumary: ")
            .replace(REPAIRS, "level3: ", "level4: ")
            .replace(REPAIRS, "goals:\n  annual", "goals:\n  whole");
    })
    .in_full(),
    Case::new("sheet-without-name", |site| {
        site.replace(REPAIRS, "name: 库房维修\n", "");
    }),
    Case::new("sheet-row", |site| {
        site.replace(REPAIRS, "archive-01", "archive-09");
    }),
    Case::new("sheet-row-english", |site| {
        site.replace(REPAIRS, "archive-01", "archive-09");
    })
    .english(),
    Case::new("sheet-rows-that-are-no-list", |site| {
        site.replace(REPAIRS, "[archive-01]", "archive-01");
    }),
    Case::new("sheet-fund", |site| {
        site.replace(REPAIRS, "total: 300000", "total: 30万元");
    }),
    Case::new("sheet-fund-comma", |site| {
        site.replace(REPAIRS, "total: 300000", "total: 300,000");
    }),
    Case::new("indicator-levels", |site| {
        let line = "  - {level1: 产出指标, level2: 数量指标, level3: 维修库房, annual: 2间}";
        site.replace(
            REPAIRS,
            line,
            "  - {level1: 产出, level2: 数量指标, level3: 维修库房}\n  - {level1: 产出指标, level2: 时效指标, level3: 完工}\n  - {level1: 产出指标}",
        );
    }),
    Case::new("sheets-that-the-standard-has-not", |site| {
        site.remove("standards/tiny/sheet.yaml");
    }),
];

#[test]
fn a_sheet_that_does_not_follow_its_form_is_shown_at_the_line() {
    run_all(CASES);
}
