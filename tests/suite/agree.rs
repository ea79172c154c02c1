//! `check` and `build` find the same, whatever is wrong: in the cases of all findings, and in small sites put together
//! at random.

use std::collections::BTreeMap;

use crate::support::{Random, Run, Site, repository, tree};

/// What a command says, without the line that sums it up.
fn said(site: &Site, command: &str) -> (Vec<String>, Run) {
    let run = site.run(&[command, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let found = report["findings"].as_array().expect("a list");
    let found = found.iter().map(ToString::to_string).collect();
    (found, run)
}

/// Holds both commands against each other; gives what they found.
fn compare(site: &Site, name: &str) -> Vec<String> {
    let (checked, check) = said(site, "check");
    let (made, build) = said(site, "build");
    assert_eq!(checked, made, "{name}");
    assert_eq!(check.code, build.code, "{name}");
    checked
}

#[test]
fn a_check_of_each_finding_says_what_a_build_says() {
    let mut cases: BTreeMap<String, Site> = BTreeMap::new();
    for (path, bytes) in tree(&repository().join("tests/cases/findings")) {
        let (name, file) = path.split_once('/').expect("a folder a case");
        let site = cases
            .entry(name.to_owned())
            .or_insert_with(|| Site::case("tiny"));
        site.write(file, bytes);
    }
    assert!(cases.len() > 50);
    for (name, site) in &cases {
        compare(site, name);
    }
    assert_eq!(compare(&Site::case("second"), "second").len(), 0);
}

/// Columns of the tiny standard by file, as they are declared, with what may be added.
const COLUMNS: [(&str, &str); 8] = [
    ("1-spending", "{id: total, kind: amount, title: 合计"),
    ("1-spending", "{id: basic, kind: amount, title: 基本支出"),
    ("1-spending", "{id: project, kind: amount, title: 项目支出"),
    ("2-balance", "{id: general_public, name: 一、一般公共预算"),
    ("2-balance", "{id: current, kind: amount, title: 预算数"),
    ("3-projects", "{id: name, kind: name, title: 项目名称"),
    ("3-projects", "{id: total, kind: amount, title: 合计"),
    ("3-projects", "{id: carried, kind: yes_no, title: 是否结转"),
];

/// What sentences, key figures and charts may name: shown or not, a figure or not, there or not.
const NAMES: [&str; 14] = [
    "spending[total].total",
    "spending[total].basic",
    "spending[208].project",
    "spending[999].total",
    "spending[total].name",
    "balance.revenue[carry_over].current",
    "balance.revenue[general_public].current",
    "balance.expenditure[c208].code",
    "projects[archive-01].total",
    "projects[archive-01].carried",
    "input.prior_total",
    "input.reason",
    "input.vehicles",
    "input.coverage",
];

/// Addresses that an author may write.
const ADDRESSES: [&str; 22] = [
    "index.html",
    "t01.html",
    "t09.html",
    "t01.html#r-total",
    "t01.html#r-208.basic",
    "t01.html#r-208.code",
    "t01.html#r-209",
    "t02.html#r-revenue-carry_over.current",
    "narrative.html#spending",
    "narrative.html#how",
    "#spending",
    "#overview",
    "projects.html",
    "full.html#t01-r-total",
    "checks.html",
    "corrections.html",
    "glossary.html",
    "tables.xlsx",
    "../index.html",
    "../../files/law.txt",
    "../../style/screen.css",
    "https://www.example.gov.cn/a#",
];

/// Mostly one that can be named anywhere.
fn name(random: &mut Random) -> &'static str {
    if random.below(4) == 0 {
        pick(random, &NAMES)
    } else {
        pick(
            random,
            &[
                "spending[total].total",
                "input.prior_total",
                "projects[archive-01].total",
            ],
        )
    }
}

fn pick<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of[random.below(of.len())]
}

/// A site that differs from the tiny one in a few things, of which most are sound.
fn drawn(random: &mut Random) -> Site {
    let site = Site::case("tiny");
    let one_in = |random: &mut Random, many: usize| random.below(many) == 0;
    for (file, column) in COLUMNS {
        if one_in(random, 20) && column.contains("kind:") && !column.contains("kind: name") {
            let file = format!("standards/tiny/tables/{file}.yaml");
            let text = site.read(&file);
            site.write(
                &file,
                text.replace(column, &format!("{column}, printed: false")),
            );
        }
    }
    if one_in(random, 4) {
        let file = "standards/tiny/tables/2-balance.yaml";
        let text = site
            .read(file)
            .replacen("rows: fixed", "rows: fixed\n    blank: omit", 1);
        site.write(file, text);
    }
    let mut section = String::new();
    for _ in 0..2 {
        let [one, other] = [0; 2].map(|_| name(random));
        section.extend([match random.below(6) {
            0 | 1 => format!("甲{{{{ cell(at=\"{one}\") }}}}。"),
            2 => format!("占{{{{ share(part=\"{one}\", of=\"{other}\") }}}}。"),
            3 => format!("和{{{{ sum(of=[\"{one}\", \"{other}\"]) }}}}。"),
            4 => format!("{{% if has(at=\"{one}\") %}}有{{% endif %}}。"),
            _ => format!("比上年{{{{ change(now=\"{one}\", before=\"{other}\") }}}}。"),
        }]);
    }
    let link = |random: &mut Random| {
        let word = if one_in(random, 8) { "![图]" } else { "[见]" };
        format!("{word}({})。", pick(random, &ADDRESSES))
    };
    if one_in(random, 3) {
        section.push_str(&link(random));
    }
    let own = "data/demo/2025-budget/narrative/spending.md";
    let usual = "standards/tiny/narrative/spending.md";
    site.write(
        if one_in(random, 2) { own } else { usual },
        format!("{section}\n"),
    );
    if one_in(random, 3) {
        let overview = format!("## 一、本单位职责\n\n保管档案。{}\n", link(random));
        site.write("data/demo/2025-budget/overview.md", overview);
    }
    if one_in(random, 6) {
        site.write(
            "standards/tiny/glossary.md",
            format!("## 基本支出\n日常开支，{}\n", link(random)),
        );
    }
    change_head(&site, random);
    site
}

/// Another standard's key figures and parts, and what stands beside the data.
fn change_head(site: &Site, random: &mut Random) {
    let one_in = |random: &mut Random, many: usize| random.below(many) == 0;
    let standard = "standards/tiny/standard.yaml";
    if one_in(random, 4) {
        let text = site.read(standard);
        let (before, after) = text.split_once("key_figures:").expect("key figures");
        let (_, after) = after.split_once("headline:").expect("a headline");
        let [value, prior, total] = [0; 3].map(|_| name(random));
        let text = format!(
            "{before}key_figures:\n  - {{title: 甲, value: \"{value}\", prior: \"{prior}\"}}\nheadline:\n  total: \"{total}\"\nnarrative:{}",
            after.split_once("narrative:").expect("sections").1
        );
        site.write(standard, text);
    }
    if one_in(random, 5) {
        let part = pick(random, &["overview", "tables", "narrative", "glossary"]);
        let text = site.read(standard);
        let lines = text
            .lines()
            .filter(|line| !line.contains(&format!("content: {part}")));
        let text: Vec<&str> = lines.collect();
        site.write(standard, text.join("\n") + "\n");
    }
    match random.below(6) {
        0 => site.write("static/files/law.txt", "办法\n"),
        1 => site.write(
            format!(
                "static/{}",
                pick(
                    random,
                    &[
                        "index.html",
                        "search/x.txt",
                        "demo/logo.txt",
                        "demo/2025-budget/t01.html",
                        "feed.xml",
                        "verify.txt"
                    ]
                )
            )
            .as_str(),
            "x\n",
        ),
        2 => site.write(
            "templates/glossary.html",
            pick(
                random,
                &[
                    "{{ term(number=1) }}\n",
                    "{{ disclosure.titel }}\n",
                    "<a href=\"t7.html\">x</a>\n",
                ],
            ),
        ),
        3 => site.write(
            "site.toml",
            "title = \"小站\"\n[pages]\nchecks = false\nfull = false\n",
        ),
        _ => site,
    };
}

#[test]
fn a_check_of_any_site_says_what_a_build_says() {
    let mut random = Random::new(6_140_225);
    let (mut sound, mut codes) = (0, BTreeMap::new());
    for number in 0..60 {
        let site = drawn(&mut random);
        let found = compare(&site, &format!("site {number}"));
        sound += usize::from(found.is_empty());
        for line in found {
            let report: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            let code = report["code"].as_str().expect("a code").to_owned();
            *codes.entry(code).or_insert(0) += 1;
        }
    }
    let seen: Vec<&str> = codes.keys().map(String::as_str).collect();
    for code in ["page-link", "standard-selector", "static-name", "template"] {
        assert!(seen.contains(&code), "{codes:?}");
    }
    assert!(sound > 15, "{sound} {codes:?}");
}
