//! Runs that cannot begin, and runs that find much at once.

use crate::support::Site;

use super::{BALANCE, Case, ENTITY, HEAD, OVERVIEW, PROJECTS, SPENDING, run_all};

pub const CASES: &[Case] = &[
    Case::new("no-site", |site| {
        site.remove("site.toml");
    })
    .run_as(&["build"]),
    Case::new("no-site-to-check", |site| {
        site.remove("site.toml");
    })
    .run_as(&["check", "--lang", "en"]),
    Case::new("base-url-argument", |_| ()).run_as(&["build", "-u", "www.example.gov.cn"]),
    Case::new("base-url-argument-english", |_| ()).run_as(&[
        "build",
        "-u",
        "ftp://example.gov.cn",
        "--lang",
        "en",
    ]),
    Case::new("output-not-ours", |site| {
        site.write("site.toml", "output = \"网站\"\n")
            .write("网站/index.html", "别人的网站");
    })
    .run_as(&["build"]),
    Case::new("output-holds-the-site", |site| {
        site.write("site.toml", "output = \".\"\n");
    })
    .run_as(&["build"]),
    Case::new("output-in-the-data", |site| {
        site.write("site.toml", "output = \"data/public\"\n");
    })
    .run_as(&["build"]),
    Case::new("output-in-the-data-english", |site| {
        site.write("site.toml", "output = \"data/demo/../public\"\n");
    })
    .run_as(&["build", "--lang", "en"]),
    Case::new("output-is-a-file", |site| {
        site.write("site.toml", "output = \"网站\"\n")
            .write("网站", "x");
    })
    .run_as(&["build"]),
    Case::new("several-faults", |site| {
        site.replace(ENTITY, "kind: unit", "kind: 单位")
            .replace(HEAD, "vehicles: 2", "vehicle: 2")
            .replace(HEAD, "90.00", "90")
            .replace(OVERVIEW, "保管全县档案", "保管<b>全县</b>档案")
            .replace(BALANCE, "current: 1070.00", "current: 107O.00")
            .replace(BALANCE, "{id: c210,", "{id: c21,")
            .replace(PROJECTS, "carried: 是", "carried: 有")
            .replace(SPENDING, "\"20808\"", "20808");
    }),
    Case::new("several-disclosures", |site| {
        let entity = site.read(ENTITY);
        site.write(
            "data/another/entity.yaml",
            entity.replace("kind: unit", "kind: 单位"),
        )
        .write(
            "data/another/2024-final/disclosure.yaml",
            "standard: tiny\nstatus: ok\n",
        )
        .write(
            "data/another/2025-budget/disclosure.yaml",
            "standard: none\n",
        )
        .replace(ENTITY, "kind: unit", "kind: 部门");
    }),
    Case::new("repetitions", |site| {
        repeat(site);
    }),
    Case::new("repetitions-english", |site| {
        repeat(site);
    })
    .english(),
    Case::new("strict", |site| {
        site.replace(HEAD, "90.00", "90");
    })
    .run_as(&["build", "--strict"]),
    Case::new("warnings-do-not-keep-from-building", |site| {
        site.replace(HEAD, "90.00", "90")
            .replace(HEAD, "95.50", "1,095.50")
            .write("data/demo/2025-budget/tables/旧表.xls", "x");
    }),
];

/// Five faults, three warnings and four notes of one code each, in one file.
fn repeat(site: &Site) {
    let mut text = site.read(SPENDING);
    for (from, to) in [
        ("total: 100.00", "total: \"1,00.00\""),
        ("basic: 60.00", "basic: 6O.00"),
        ("project: 40.00}\nrows", "project: x}\nrows"),
        ("total: 30.00", "total: 3e1"),
        ("basic: 20.00", "basic: 2O.00"),
        ("project: 10.00", "project: １０.00"),
    ] {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    text = text
        .replace("total: 70.00", "total: ７０.00")
        .replace("project: 30.00", "project: 30.0");
    site.write(SPENDING, text);
}

#[test]
fn a_run_says_all_it_found_in_one_order_and_tells_how_it_ended() {
    run_all(CASES);
}

#[test]
fn a_check_sums_up_what_it_found() {
    let site = super::built();
    let run = site.run(&["check"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "1 份公开：0 个错误，0 个警告，0 个提示\n", "")
    );
    site.replace(HEAD, "vehicles: 2", "vehicle: 2")
        .replace(HEAD, "90.00", "90");
    let run = site.run(&["check"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (1, "1 份公开：1 个错误，1 个警告，0 个提示\n")
    );
}
