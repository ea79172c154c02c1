//! Corrections that are not well formed; what does not fit the tables stands in `tests/cases/findings`.

use super::{Case, run_all};
use crate::support::Site;

const CORRECTIONS: &str = "data/demo/2025-budget/corrections.yaml";

pub const CASES: &[Case] = &[
    Case::new("corrections-shape", shape),
    Case::new("corrections-shape-english", shape).english(),
    Case::new("corrections-values", |site| {
        site.write(
            CORRECTIONS,
            "corrections:
  - date: 2025-06-01
    reason: 少记一笔。
    changes:
      - {at: \"spending[total].total\", was: 98元, now: 100.00}
      - {at: \"spending[total].basic\", was: 98.00}
      - {at: \"spending[total].project\", was: \"\", now: 40.00}
      - {at: input.vehicles, where: 表外数据, was: 1, now: 2}
      - {was: 甲, now: 乙}
      - {where: \"\", was: 甲, now: 乙}
      - {where: 概况, was: 甲, now: 乙, because: 丙}
",
        );
    }),
    Case::new("corrections-list", |site| {
        site.write(CORRECTIONS, "corrections: 无\n");
    }),
    Case::new("corrections-without-list", |site| {
        site.write(CORRECTIONS, "correction: []\n");
    }),
    Case::new("corrections-twice", |site| {
        site.write(
            CORRECTIONS,
            "corrections:
  - date: 2025-06-01
    reason: 少记一笔。
    changes:
      - {at: \"spending[total].total\", was: 98.00, now: 100.00}
      - {at: \"spending[total].total\", was: 97.00, now: 100.00}
  - date: 2025-06-01
    reason: 又少记一笔。
    changes:
      - {where: 概况, was: 空白, now: 保管档案。}
",
        );
    }),
    Case::new("corrections-same", |site| {
        site.write(
            CORRECTIONS,
            "corrections:
  - date: 2025-06-01
    reason: 少记一笔。
    changes:
      - {at: \"spending[total].total\", was: 100.00, now: 100.00}
      - {where: 概况, was: 保管档案。, now: 保管档案。}
",
        );
    }),
];

fn shape(site: &Site) {
    site.write(
        CORRECTIONS,
        "corrections:
  - date:       # 更正公布的日期
    reason:     # 为什么
    changes:
      - {at: \"spending[total].total\", was: 98.00, now: 100.00}
  - date: 2025年6月1日
    reason: \"\"
    changes: []
  - date: 2025-05-01
    id: 第一次
    reason: 少记一笔。
    by: 财务科
",
    );
}

#[test]
fn faults_of_corrections() {
    run_all(CASES);
}
