//! Numbers as people write them.

use super::{BALANCE, Case, HEAD, REPAIRS, SPENDING, STANDARD, built, run_all};
use crate::support::Site;

pub const CASES: &[Case] = &[
    Case::new("amount-exponent", |site| amount(site, "1e3")),
    Case::new("amount-exponent-english", |site| amount(site, "1e3")).english(),
    Case::new("amount-infinite", |site| amount(site, ".inf")),
    Case::new("amount-letter", |site| amount(site, "2.5O")),
    Case::new("amount-like-a-code", |site| amount(site, "067")),
    Case::new("amount-with-unit", |site| amount(site, "1100万元")),
    Case::new("amount-without-digits", |site| amount(site, ".50")),
    Case::new("amount-dash", |site| amount(site, "-")),
    Case::new("amount-dash-in-lines", |site| {
        site.replace(HEAD, "90.00", "-");
    }),
    Case::new("amount-list", |site| amount(site, "[1100.00]")),
    Case::new("amount-too-long", |site| {
        amount(site, "12345678901234567890123456789.00");
    }),
    Case::new("amount-beyond-shares", |site| {
        site.replace(HEAD, "90.00", "0.0000000000000000000000000001");
        site.write(
            "standards/tiny/rules.yaml",
            "rules:\n  - {id: part, title: 比重, share: {part: input.prior_total, of: \"spending[total].total\", is: input.prior_total}}\n",
        );
    }),
    Case::new("amount-beyond-sums", |site| {
        site.replace(HEAD, "90.00", "7900000000000000000000000000");
        site.write(
            "standards/tiny/rules.yaml",
            "rules:\n  - {id: sum, title: 合计, equal: {left: input.prior_total, right: \"spending[total].total\"}}\n",
        );
    }),
    Case::new("amount-comma-groups", |site| {
        site.replace(HEAD, "90.00", "9,0.00");
    }),
    // To YAML the `100.00` behind the comma is a key of its own.
    Case::new("amount-comma-in-braces", |site| amount(site, "1,100.00")),
    Case::new("amount-comma-in-braces-english", |site| {
        amount(site, "1,100.00");
    })
    .english(),
    Case::new("amount-commas-in-braces", |site| {
        amount(site, "-1,234,567.00");
    }),
    Case::new("amount-comma-in-several-columns", |site| {
        site.replace(
            SPENDING,
            "{total: 100.00, basic: 60.00, project: 40.00}",
            "{total: 3,764.74, basic: 3,764.74, project: 0}",
        );
    }),
    Case::new("amount-tidied", |site| {
        explained(site)
            .replace(HEAD, "90.00", "3,764.70")
            .replace(HEAD, "95.50", "９５．５０")
            .replace(HEAD, "vehicles: 2", "vehicles: 1 002");
    })
    .in_full(),
    Case::new("amount-tidied-english", |site| {
        explained(site).replace(HEAD, "90.00", "3,764.70");
    })
    .english(),
    Case::new("amount-comma-quoted", |site| amount(site, "\"1,100.00\"")),
    Case::new("amount-decimals", |site| {
        amount(site, "1100.0");
        site.replace(HEAD, "90.00", "90")
            .replace(REPAIRS, "total: 300000", "total: 300000.00");
    }),
    Case::new("amount-decimals-english", |site| amount(site, "1100.0")).english(),
];

/// Writes something in the place of the first `1100.00`.
/// Last year's total may be anything once its change has a reason.
fn explained(site: &Site) -> &Site {
    site.replace(
        STANDARD,
        "prior: input.prior_total}",
        "prior: input.prior_total, reason: reason}",
    )
}

fn amount(site: &Site, text: &str) {
    let before = "一、一般公共预算, current: ";
    site.replace(
        BALANCE,
        &format!("{before}1100.00"),
        &format!("{before}{text}"),
    );
}

#[test]
fn a_number_that_cannot_be_read_or_was_put_in_order_is_shown() {
    run_all(CASES);
}

#[test]
fn blank_zero_and_no_data_stay_three_things_and_a_reduction_keeps_its_sign() {
    let site = built();
    site.write(
        BALANCE,
        "table: balance\n\
         revenue:\n  rows:\n    - {id: general_public}\n    - {id: carry_over, current: 0}\n    - {id: grand_total, current: 无数据}\n\
         expenditure:\n  rows:\n    - {id: c208, current: 0.00}\n    - {id: c210, current: -1234.50}\n    - {id: grand_total, current: ~}\n",
    );
    let run = site.run(&["build", "-q"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
    let page = site.read("public/demo/2025-budget/t02.html");
    let cells: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("<tr id=\"r-"))
        .map(|line| line.rsplit("</th>").next().unwrap_or_default())
        .collect();
    assert_eq!(
        cells,
        [
            "<td id=\"r-revenue-general_public.current\"></td></tr>",
            "<td id=\"r-revenue-carry_over.current\">0</td></tr>",
            "<td id=\"r-revenue-grand_total.current\">无数据</td></tr>",
            "<td id=\"r-expenditure-c208.current\">0.00</td></tr>",
            "<td id=\"r-expenditure-c210.current\">-1,234.50</td></tr>",
            "<td id=\"r-expenditure-grand_total.current\"></td></tr>",
        ]
    );
}
