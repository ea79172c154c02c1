//! Every code is explained in `docs/rules.md`, and `gongkai explain` prints what stands there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use gongkai::explain;

use crate::faults::codes::codes;
use crate::support::{Site, repository};

#[test]
fn every_code_is_explained_and_every_explanation_has_its_code() {
    let explained: BTreeSet<&str> = explain::codes().collect();
    let reported = codes();
    let reported: BTreeSet<&str> = reported.keys().map(String::as_str).collect();
    let missing: Vec<&&str> = reported.difference(&explained).collect();
    assert!(missing.is_empty(), "not in docs/rules.md: {missing:?}");
    let unknown: Vec<&&str> = explained.difference(&reported).collect();
    assert!(unknown.is_empty(), "nothing reports {unknown:?}");
    assert_eq!(explain::codes().count(), explained.len(), "a code twice");
}

#[test]
fn every_explanation_has_all_its_parts() {
    for entry in explain::all() {
        let code = &entry.code;
        for part in [
            &entry.title,
            &entry.what,
            &entry.why,
            &entry.example,
            &entry.source,
            &entry.english,
        ] {
            assert!(!part.trim().is_empty(), "{code} lacks a part");
        }
        let weight = ["错误", "警告", "提示"].iter().find_map(|word| {
            let rest = entry.what.strip_prefix(word)?;
            rest.chars().next()
        });
        assert!(
            matches!(weight, Some('。' | '（')),
            "{code} starts without its weight"
        );
        assert!(entry.english.ends_with('.'), "{code}: no English sentence");
    }
    let text = fs::read_to_string(repository().join("docs/rules.md")).expect("docs/rules.md");
    let headings = text
        .lines()
        .filter(|line| line.starts_with("### `"))
        .count();
    assert_eq!(headings, explain::all().len(), "a heading of another form");
}

#[test]
fn a_code_is_explained_in_both_languages() {
    let site = Site::empty();
    let run = site.run(&["explain", "amount-comma"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(
        run.stdout,
        "\
amount-comma  千分位逗号拆开了数

什么：错误。花括号里的千分位逗号把一个数拆成了几段。
为什么：在花括号里逗号是分隔符，`1,234.00` 会读成 1 和 234.00。
例：`{total: 1,234.00}` → `{total: 1234.00}`。
来源：gongkai 的数据格式。
"
    );
    let run = site.run(&["--lang", "en", "explain", "amount-comma"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (
            0,
            "amount-comma\n\nA thousands comma inside braces splits the number. Write it without commas.\n"
        )
    );
}

#[test]
fn an_unknown_code_is_answered_with_those_like_it_and_with_no_other() {
    let site = Site::empty();
    for (arguments, said) in [
        (
            &["explain", "amount-coma"][..],
            "错误: 没有 `amount-coma` 这个代码，也没有叫它的规则；相近的有：amount-comma\n",
        ),
        (
            &["explain", "expenditure-splits"],
            "错误: 没有 `expenditure-splits` 这个代码，也没有叫它的规则；相近的有：expenditure-split\n",
        ),
        (
            &["explain", "x"],
            "错误: 没有 `x` 这个代码，也没有叫它的规则；gongkai explain 列出全部代码\n",
        ),
        (
            &["explain", "amount-coma", "--lang", "en"],
            "error: there is no code or rule `amount-coma`; those like it: amount-comma\n",
        ),
        (
            &["explain", "x", "--lang", "en"],
            "error: there is no code or rule `x`; gongkai explain lists all codes\n",
        ),
    ] {
        let run = site.run(arguments);
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (2, "", said)
        );
    }
}

#[test]
fn a_name_that_several_have_is_explained_for_each() {
    let site = Site::case("tiny");
    let each = "    each: \"spending[*]\"\n    equal: {left: total, right: [basic, project]}\n";
    let rules = format!(
        "rules:\n  - id: sum-mismatch\n    title: 本站的规则\n{each}  - id: ours\n    title: 各行合计\n{each}"
    );
    site.write("standards/tiny/rules.yaml", &rules);
    let head = "data/demo/2025-budget/disclosure.yaml";
    site.write(head, site.read(head) + &rules.replace("本站", "本单位"));
    for (name, said) in [
        (
            "sum-mismatch",
            &[
                "sum-mismatch  两边不相等",
                "标准：tiny（standards/tiny/rules.yaml:2",
                "本站的规则",
            ][..],
        ),
        ("ours", &["标准：tiny", "各行合计"]),
    ] {
        let run = site.run(&["explain", name]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        for words in said {
            assert!(run.stdout.contains(words), "{words} in {}", run.stdout);
        }
    }
    // A rule in braces is shown as it is written too.
    let braces = "rules:\n  - {id: ours, title: 甲, each: \"spending[*]\", equal: {left: total, right: [basic, project]}}\n  - {id: next, title: 乙, each: \"spending[*]\", equal: {left: total, right: [basic]}}\n";
    site.write("standards/tiny/rules.yaml", braces);
    let run = site.run(&["explain", "ours"]);
    assert!(
        run.stdout.contains("{id: ours, title: 甲"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("id: next"), "{}", run.stdout);
    // A rule that a disclosure states for itself.
    site.remove("standards/tiny/rules.yaml");
    let run = site.run(&["explain", "ours"]);
    assert!(
        run.stdout
            .contains("公开：demo/2025-budget（data/demo/2025-budget/disclosure.yaml:"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn without_a_code_all_are_listed() {
    let run = Site::empty().run(&["explain"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let listed: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.split_once(' ').map(|(code, _)| code))
        .collect();
    let codes: Vec<&str> = explain::codes().collect();
    assert_eq!(listed, codes);
    let line = "amount-comma            千分位逗号拆开了数";
    assert!(run.stdout.lines().any(|found| found == line));
}

#[test]
fn a_rule_of_a_standard_is_explained_as_it_is_written() {
    let site = Site::empty();
    let run = site.run(&["explain", "expenditure-split"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "expenditure-split  表三各行的合计等于基本支出加项目支出"
    );
    assert!(
        lines[2].starts_with("标准：shanxi-2025-budget（<builtin>/standards/"),
        "{}",
        lines[2]
    );
    assert_eq!(
        lines[3..],
        [
            "为什么：支出不是基本支出就是项目支出，两者之外没有第三种。",
            "写法：",
            "    each: \"expenditure[*]\"",
            "    equal: {left: total, right: [basic, project]}",
            "来源：表三表式",
        ]
    );
}

/// The list of the built-in rules at the foot of `docs/rules.md` is made from the standard.
#[test]
fn the_document_lists_the_rules_of_the_built_in_standard() {
    const HEADING: &str = "## 标准自带的规则\n";
    let path = repository().join("docs/rules.md");
    let text = fs::read_to_string(&path).expect("docs/rules.md");
    let (before, found) = text.split_once(HEADING).expect("the section");
    let library = gongkai::load::discover::library(
        &repository(),
        &mut gongkai::diagnostic::Diagnostics::default(),
    );
    let mut faults = gongkai::diagnostic::Diagnostics::default();
    let mut expected = String::from(
        "\n每个标准的勾稽规则写在它的 `rules.yaml` 里；`gongkai explain 规则的 id` 印出一条规则的理由、写法和来源。\n",
    );
    for id in ["shanxi-2025-budget"] {
        let standard = gongkai::standard::load(&library, id, &mut faults).expect(id);
        let title = &standard.title;
        write!(
            expected,
            "\n### {title}\n\n| id | 必须成立的 | 来源 |\n|---|---|---|\n"
        )
        .expect("memory");
        for rule in &standard.rules {
            let (title, origin) = (&rule.title, rule.origin.as_deref().expect("a source"));
            assert!(rule.reason.is_some(), "{} gives no reason", rule.id);
            writeln!(expected, "| `{}` | {title} | {origin} |", rule.id).expect("memory");
        }
    }
    if std::env::var_os("GONGKAI_BLESS").is_some() {
        fs::write(&path, format!("{before}{HEADING}{expected}")).expect("docs/rules.md");
        return;
    }
    assert_eq!(
        found, expected,
        "GONGKAI_BLESS=1 cargo test explain writes it anew"
    );
}
