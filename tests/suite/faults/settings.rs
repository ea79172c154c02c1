//! `site.toml`.

use super::{Case, built, run_all};

const SETTINGS: &str = "site.toml";

pub const CASES: &[Case] = &[
    Case::new("toml-unknown-keys", |site| {
        site.write(
            SETTINGS,
            "titel = \"小站\"\nbase-url = \"https://a.gov.cn/\"\n\n[pages]\nchart = true\n\n[publisher]\nnames = \"档案馆\"\n",
        );
    })
    .in_full(),
    Case::new("toml-chinese-key", |site| {
        site.write(SETTINGS, "[publisher]\n主办单位 = \"档案馆\"\n");
    }),
    Case::new("toml-unknown-keys-english", |site| {
        site.write(SETTINGS, "titel = \"小站\"\n");
    })
    .english(),
    Case::new("toml-unquoted", |site| {
        site.write(SETTINGS, "title = 小站\n");
    }),
    Case::new("toml-unclosed", |site| {
        site.write(SETTINGS, "title = \"小站\n");
    }),
    Case::new("toml-full-width-quotes", |site| {
        site.write(SETTINGS, "title = “小站”\n");
    }),
    Case::new("toml-twice", |site| {
        site.write(SETTINGS, "title = \"小站\"\ntitle = \"小站\"\n");
    }),
    Case::new("toml-colon", |site| {
        site.write(SETTINGS, "title: 小站\n");
    }),
    Case::new("toml-types", |site| {
        site.write(
            SETTINGS,
            "title = [\"小站\"]\npublisher = \"档案馆\"\n\n[pages]\ncharts = \"是\"\nfull = 1\n",
        );
    })
    .in_full(),
    Case::new("toml-base-url", |site| {
        site.write(SETTINGS, "base_url = \"www.example.gov.cn/ysgk\"\n");
    }),
];

#[test]
fn faults_of_the_settings_are_shown_with_their_line() {
    run_all(CASES);
}

#[test]
fn an_empty_address_is_as_good_as_none() {
    let site = built();
    site.write(SETTINGS, "base_url = \"\"\n");
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(!site.path("public/sitemap.xml").exists());
}
