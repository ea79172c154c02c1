//! Files that are not UTF-8, and characters that no data needs.

use super::{BALANCE, Case, ENTITY, FORM, HEAD, OVERVIEW, SPENDING, built, run_all};
use crate::support::{Site, tree};

pub const CASES: &[Case] = &[
    Case::new("gbk", |site| gbk(site, SPENDING)),
    Case::new("gbk-english", |site| gbk(site, SPENDING)).english(),
    Case::new("gbk-overview", |site| gbk(site, OVERVIEW)),
    Case::new("gbk-settings", |site| gbk(site, "site.toml")),
    Case::new("gbk-standard", |site| gbk(site, FORM)),
    Case::new("utf16", |site| {
        utf16(site, ENTITY, "\u{feff}");
    }),
    Case::new("utf16-without-mark", |site| {
        utf16(site, ENTITY, "");
    }),
    Case::new("utf8-cut", |site| {
        let text = site.read(BALANCE);
        let at = text
            .find("上年")
            .unwrap_or(text.find("一、").expect("a name"));
        site.write(BALANCE, &text.as_bytes()[..=at]);
    }),
    Case::new("control-character", |site| {
        site.replace(SPENDING, "name: 抚恤", "name: 抚\u{8}恤");
    }),
    Case::new("private-character", |site| {
        site.replace(ENTITY, "short_name: 档案馆", "short_name: 档\u{e000}案馆");
    }),
    Case::new("escaped-characters", |site| {
        site.replace(SPENDING, "name: 抚恤", "name: \"抚\\u0008恤\\0\"");
        site.replace(SPENDING, "name: 死亡抚恤", "name: \"\\uFFFE死亡\\v抚恤\"");
        site.replace(HEAD, "reason: ", "\"reason\\e\": ");
        site.replace(BALANCE, "一、一般公共预算", "\"一、\\u202E一般公共预算\"");
    }),
    Case::new("escaped-characters-of-a-standard-english", |site| {
        site.replace(FORM, "title: 科目编码", "title: \"科目\\u202E编码\"");
    })
    .english(),
    Case::new("escaped-characters-of-the-settings", |site| {
        site.write(
            "site.toml",
            "title = \"小\\u202E站\"\n[publisher]\nname = \"档案\\u0000馆\"\n",
        );
    }),
    Case::new("character-references", |site| {
        site.write(
            OVERVIEW,
            "保管&#x202e;全县&#xE000;0&#xE001;档案`&#0;`，[见](a.html \"&#8;\")。\n",
        );
        let section = "data/demo/2025-budget/narrative/spending.md";
        site.write(section, "支出{{ \"&#xE0\" ~ \"00;0&#xE001;\" }}。\n");
    }),
    Case::new("character-references-of-a-standard", |site| {
        site.write(
            "standards/tiny/glossary.md",
            "## 支出\n\n指&#xFFFF;花&shy;钱。\n",
        );
    }),
    Case::new("characters-of-a-name", |site| {
        site.write("static/a\u{202e}b.txt", "甲");
        site.write(
            "data/demo/2025-budget/projects/a\u{200b}.yaml",
            "name: 甲\n",
        );
    }),
    Case::new("characters-of-static-files", |site| {
        site.write("static/a.txt", "\u{feff}甲\u{1b}[2J\n");
        site.write("static/a.js", "/[\u{feff}\u{200b}]/");
    }),
    Case::new("characters-of-a-template", |site| {
        let home = "{% extends \"default/home.html\" %}{% block main %}<p id=\"sitemap\">甲&#x202e;乙</p>{% endblock %}";
        site.write("templates/home.html", home);
    }),
    Case::new("many-forbidden-characters", |site| {
        site.write(OVERVIEW, "甲\u{8}乙\n".repeat(500));
    }),
    Case::new("turned-text", |site| {
        site.replace(ENTITY, "short_name: 档案馆", "short_name: \u{202e}档案馆");
    }),
];

/// `档案` in GBK at the place of the first Chinese character of a file.
fn gbk(site: &Site, file: &str) {
    let text = site.read(file);
    let at = text
        .char_indices()
        .find(|(_, c)| *c > '\u{4e00}')
        .map_or(text.len(), |(at, _)| at);
    let mut bytes = text.as_bytes()[..at].to_vec();
    bytes.extend(b"\xB5\xB5\xB0\xB8\n");
    site.write(file, bytes);
}

fn utf16(site: &Site, file: &str, mark: &str) {
    let text = format!("{mark}{}", site.read(file));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    site.write(file, bytes);
}

#[test]
fn a_file_that_is_not_utf8_is_named_with_the_encoding_it_seems_to_have() {
    run_all(CASES);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing_on_the_pages() {
    let site = built();
    let before = tree(&site.path("public"));
    for folder in ["data", "standards"] {
        for (name, bytes) in tree(&site.path(folder)) {
            let text = String::from_utf8(bytes)
                .expect("UTF-8")
                .replace('\n', "\r\n");
            site.write(&format!("{folder}/{name}"), format!("\u{feff}{text}"));
        }
    }
    let settings = site.read("site.toml").replace('\n', "\r\n");
    site.write("site.toml", format!("\u{feff}{settings}"));
    let run = site.run(&["build", "-q"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
    let after = tree(&site.path("public"));
    assert_eq!(before.len(), after.len());
    for ((name, old), (_, new)) in before.iter().zip(after) {
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(&new));
        assert_eq!(old, new, "{name}");
    }
}
