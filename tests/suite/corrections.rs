//! Corrections of a disclosure that is public: their page, what leads to it, and the entry that `diff` writes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::diff::edits::{EDITS, Random, Told};
use crate::docs::{blocks, document};
use crate::pages::{Built, all, below, by_id, cells, reference, rows, text};
use crate::support::{Site, tree};

const DATA: &str = "data/yq-veterans/2025-budget/";
const PAGES: &str = "yq-veterans/2025-budget/";

/// Two corrections: the figures of the newer have moved the totals, the older speaks of everything that is no cell.
const CORRECTIONS: &str = "corrections:
  - date: 2025-06-01
    reason: 录入时公务接待费少计0.10万元。合计随之改正；其余不变。
    approval: 阳财预〔2025〕18号
    changes:
      - {at: \"three-public[official_reception].total\", was: 0.80, now: 0.90}
      - {at: \"three-public[total].total\", was: 6.20, now: 6.30}
      - {where: 情况说明「“三公”经费」, was: 公务接待费0.80万元。, now: 公务接待费0.90万元。}
  - date: 2025-05-01
    id: first
    reason: 名称<有误>。
    changes:
      - {at: \"three-public[official_reception].total\", was: 空白, now: 0.80}
      - {at: input.office_area, was: 1290, now: 300}
      - {at: \"sheets[01-martyrs-day].whole.total\", was: 10, now: 0}
      - {where: 表十二 › 某项目（整行）, was: 空白, now: 合计 1.25}
";

/// The reference site with a corrected table.
pub fn site() -> Site {
    let site = Site::reference();
    let table = format!("{DATA}tables/10-three-public.yaml");
    for (from, to) in [
        (
            "公务接待费, total: 0.80, general_public: 0.80",
            "公务接待费, total: 0.90, general_public: 0.90",
        ),
        (
            "total: 6.20, general_public: 6.20",
            "total: 6.30, general_public: 6.30",
        ),
    ] {
        site.replace(&table, from, to);
    }
    site.write(&format!("{DATA}corrections.yaml"), CORRECTIONS);
    site
}

/// The same, built.
pub fn corrected() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| Built::new(&site()))
}

fn page(name: &str) -> scraper::Html {
    corrected().page(&format!("{PAGES}{name}"))
}

#[test]
fn the_page_tells_each_correction_with_its_figures_newest_first() {
    let page = page("corrections.html");
    let sections = all(&page, "section.correction");
    let ids: Vec<_> = sections.iter().filter_map(|one| one.value().id()).collect();
    assert_eq!(ids, ["correction-2025-06-01", "correction-first"]);
    let said = text(sections[0]);
    for words in [
        "2025-06-01 更正",
        "录入时公务接待费少计0.10万元。",
        "批准文号：阳财预〔2025〕18号",
        "单位：万元",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(text(sections[1]).contains("名称<有误>。"));
    let tables = all(&page, "table.corrected-figures");
    let title = "表十 2025年财政拨款安排“三公”经费支出预算表";
    assert_eq!(
        rows(tables[0]),
        [
            [title, "公务接待费", "合计", "0.80", "0.90", "+0.10"],
            [title, "合计", "合计", "6.20", "6.30", "+0.10"],
        ]
    );
    // Units differ, so each figure has its own; a blank has none and no difference.
    assert_eq!(
        rows(tables[1]),
        [
            [title, "公务接待费", "合计", "空白", "0.80 万元", "不适用"],
            [
                "表外数据",
                "办公用房建筑面积",
                "",
                "1,290 平方米",
                "300 平方米",
                "-990 平方米"
            ],
            [
                "绩效目标表「9.30烈士公祭等纪念活动工作经费」",
                "实施期资金总额",
                "",
                "10 元",
                "0 元",
                "-10 元"
            ],
        ]
    );
    let worded: Vec<String> = all(&page, ".reworded > div")
        .into_iter()
        .map(text)
        .collect();
    assert_eq!(
        worded,
        [
            "情况说明「“三公”经费」 更正前 公务接待费0.80万元。 更正后 公务接待费0.90万元。",
            "表十二 › 某项目（整行） 更正前 空白 更正后 合计 1.25",
        ]
    );
}

#[test]
fn each_figure_leads_to_its_cell_on_the_pages_and_in_the_printed_edition() {
    for name in ["corrections.html", "full.html"] {
        let page = page(name);
        let table = all(&page, "table.corrected-figures")[0];
        for row in below(table, "tbody tr") {
            let link = below(row, "th a")[0].value().attr("href").expect("a link");
            let (file, id) = link.split_once('#').expect("an anchor");
            assert_eq!(file.is_empty(), name == "full.html", "{link}");
            let there = match file {
                "" => page.clone(),
                file => self::page(file),
            };
            let cell = by_id(&there, id).unwrap_or_else(|| panic!("no {link}"));
            let now = cells(row)[4].clone();
            assert!(text(cell).contains(&now), "{link}: {}", text(cell));
            let back = below(cell, "a")[0].value().attr("href").expect("a link");
            let expected = match file {
                "" => "#correction-2025-06-01",
                _ => "corrections.html#correction-2025-06-01",
            };
            assert_eq!(back, expected);
        }
    }
    let full = page("full.html");
    let texts = |html| all(html, "section.correction").into_iter().map(text);
    assert!(texts(&full).eq(texts(&page("corrections.html"))));
    assert_eq!(all(&full, "nav.toc a[href='#part-corrections']").len(), 1);
    assert_eq!(all(&page("t10.html"), "td.corrected").len(), 2);
    assert!(text(all(&page("t10.html"), ".legend")[0]).contains("更正过"));
    assert!(all(&page("t09.html"), ".legend").is_empty());
}

#[test]
fn the_overview_the_contents_and_the_tags_know_of_corrections() {
    let overview = page("index.html");
    let note = all(&overview, ".corrected-note")[0];
    assert_eq!(
        text(note),
        "本公开有 2 次更正，最近一次 2025-06-01：更正说明"
    );
    for name in ["index.html", "t01.html", "checks.html"] {
        let links = all(&page(name), ".contents a[href='corrections.html']").len();
        assert_eq!(links, 1, "{name}");
    }
    let page = page("corrections.html");
    let tag = |name: &str| {
        let found = all(&page, &format!("meta[name='{name}']"));
        let content = found.first().and_then(|one| one.value().attr("content"));
        content.unwrap_or_else(|| panic!("no {name}")).to_owned()
    };
    assert_eq!(tag("PubDate"), "2025-06-01 00:00");
    assert_eq!(
        tag("ArticleTitle"),
        "市退役军人事务局 2025年部门预算 更正说明"
    );
    assert_eq!(tag("ColumnName"), "预决算公开");
    let url = "https://ysgk.example.gov.cn/yq-veterans/2025-budget/corrections.html";
    assert_eq!(tag("Url"), url);
    assert!(corrected().files["sitemap.xml"].contains(&format!("<loc>{url}</loc>")));
    let shard = &corrected().files[&format!("{PAGES}search.js")];
    assert!(shard.contains("\"corrections.html#correction-2025-06-01\",\"更正 2025-06-01\""));
}

#[test]
fn a_disclosure_without_corrections_says_nothing_of_them() {
    assert!(!reference().has(&format!("{PAGES}corrections.html")));
    for (path, text) in &reference().files {
        // Style sheets are of the site.
        assert!(
            path.starts_with("style/") || !text.contains("更正"),
            "{path}"
        );
    }
    let data: Json =
        serde_json::from_str(&reference().files[&format!("{PAGES}data.json")]).expect("JSON");
    assert_eq!(data.get("corrections"), None);
    // An empty list is the same.
    let site = Site::reference();
    site.write(&format!("{DATA}corrections.yaml"), "corrections: []\n");
    let empty = Built::new(&site);
    for (path, text) in reference()
        .files
        .iter()
        .filter(|(path, _)| *path != "manifest.json")
    {
        assert!(empty.files[path] == *text, "{path}");
    }
}

#[test]
fn the_feed_has_an_entry_for_each_correction_of_what_is_approved() {
    let feed = &corrected().files["feed.xml"];
    let of = |feed: &str, tag: &str| -> Vec<String> {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let parts = feed.split(&*open).skip(1);
        let texts = parts.filter_map(|part| part.split_once(&*close));
        texts.map(|(text, _)| text.to_owned()).collect()
    };
    let base = "https://ysgk.example.gov.cn/";
    assert_eq!(
        of(feed, "id"),
        [
            base.to_owned(),
            format!("{base}{PAGES}corrections.html#correction-2025-06-01"),
            format!("{base}{PAGES}corrections.html#correction-first"),
            format!("{base}{PAGES}index.html"),
        ]
    );
    let days = ["2025-06-01", "2025-06-01", "2025-05-01", "2025-04-02"];
    assert_eq!(
        of(feed, "updated"),
        days.map(|day| format!("{day}T00:00:00Z"))
    );
    assert_eq!(
        of(feed, "title")[1],
        "更正：阳泉市退役军人事务局2025年部门预算公开"
    );
    assert_eq!(of(feed, "summary")[1], "名称&lt;有误&gt;。");
    let site = site();
    let head = format!("{DATA}disclosure.yaml");
    site.replace(&head, "status: approved", "status: review");
    site.run(&["build"]);
    assert_eq!(of(&site.read("public/feed.xml"), "id"), [base]);
}

#[test]
fn the_data_has_the_corrections_and_a_comparison_tells_them() {
    let text = &corrected().files[&format!("{PAGES}data.json")];
    let data: Json = serde_json::from_str(text).expect("JSON");
    let found = &data["corrections"];
    assert_eq!(found[0]["date"], "2025-06-01");
    assert_eq!(found[0]["approval"], "阳财预〔2025〕18号");
    assert!(text.contains(
        "{\"at\":\"three-public[official_reception].total\",\"where\":\"表十 「公务接待费」行 合计\",\"was\":\"0.80\",\"now\":\"0.90\"}"
    ));
    assert_eq!(found[1]["id"], "first");
    assert_eq!(found[1]["changes"][0]["was"], Json::Null);
    assert_eq!(
        found[1]["changes"][2]["at"],
        "sheets[01-martyrs-day].whole.total"
    );
    assert_eq!(found[1]["changes"][3]["at"], Json::Null);
    // The documented example has the keys of the file.
    let example = blocks(&document("docs/data-json.md"), "json");
    let example = example
        .iter()
        .find(|block| block.contains("\"corrections\""));
    let example: Json = serde_json::from_str(example.expect("an example")).expect("JSON");
    let keys = |value: &Json| -> Vec<String> {
        let map = value.as_object().expect("a map");
        map.keys().cloned().collect()
    };
    let [written, own] = [&example["corrections"][0], &found[0]];
    assert_eq!(keys(written), keys(own));
    assert_eq!(keys(&written["changes"][0]), keys(&own["changes"][0]));
    let dataset = &corrected().files[&format!("{PAGES}dataset.jsonld")];
    assert!(dataset.contains("\"dateModified\": \"2025-06-01\""));

    let (old, new) = (site(), site());
    let changed = CORRECTIONS.replace("少计0.10万元", "少计 0.10 万元");
    let (_, older) = changed
        .split_once("  - date: 2025-05-01")
        .expect("the older");
    let changed = changed.replace(&format!("  - date: 2025-05-01{older}"), "");
    new.write(&format!("{DATA}corrections.yaml"), changed);
    let sides = [&old, &new].map(|side| side.root().display().to_string());
    let run = old.run(&["diff", &sides[0], &sides[1]]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    for words in ["文字：2 处", "~ 更正 2025-06-01", "- 更正 first"] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    // What was corrected is nothing to be corrected again.
    let run = old.run(&["diff", &sides[0], &sides[1], "--format", "corrections"]);
    assert_eq!((run.code, &*run.stdout), (1, "# 没有要更正的变化\n"));
}

/// The entry that `diff` writes, with what it leaves to fill in.
fn entry(old: &Site, new: &Site) -> String {
    let sides = [old, new].map(|side| side.root().display().to_string());
    let run = new.run(&["diff", &sides[0], &sides[1], "--format", "corrections"]);
    assert_eq!((run.code, &*run.stderr), (1, ""));
    run.stdout
}

fn filled(entry: &str) -> String {
    let line = |line: &str| match line.trim_start() {
        rest if rest.starts_with("- date:") => "  - date: 2025-06-01".to_owned(),
        rest if rest.starts_with("reason:") => "    reason: 录入有误。".to_owned(),
        _ => line.to_owned(),
    };
    entry.lines().map(|text| line(text) + "\n").collect()
}

/// Codes that `check` reports and that have to do with `corrections.yaml`.
fn faults(site: &Site) -> Vec<String> {
    let run = site.run(&["check", "--format", "json"]);
    let found: Json = serde_json::from_str(&run.stdout).expect("JSON");
    let all = found["findings"].as_array().expect("a list");
    let own = all
        .iter()
        .filter(|one| one.to_string().contains("corrections.yaml"));
    own.map(|one| one["code"].as_str().expect("a code").to_owned())
        .collect()
}

/// Figures of an entry: selector, what was there, what is. A blank is empty.
fn figures(yaml: &str) -> BTreeSet<(String, String, String)> {
    let value: Json = serde_yaml::from_str(yaml).expect("YAML");
    let changes = value["corrections"][0]["changes"].as_array().cloned();
    let text = |value: &Json| value.as_str().expect("a text").replace("空白", "");
    let changes = changes.unwrap_or_default();
    let figures = changes.iter().filter(|one| one.get("at").is_some());
    figures
        .map(|one| (text(&one["at"]), text(&one["was"]), text(&one["now"])))
        .collect()
}

#[test]
fn what_diff_writes_loads_clean_once_day_and_reason_are_filled_in() {
    let reference = Site::reference();
    let (mut written, mut without) = (0, 0);
    for (seed, picked) in [
        (1, &[0][..]),
        (2, &[1]),
        (3, &[2]),
        (4, &[3]),
        (5, &[4]),
        (6, &[5]),
        (7, &[6]),
        (8, &[7]),
        (9, &[8]),
        (10, &[9]),
        (11, &[11]),
        (12, &[1, 6, 7]),
        (13, &[0, 8, 9]),
        (14, &[2, 9, 11]),
        (15, &[4, 7, 8]),
    ] {
        let site = Site::reference();
        let (mut random, mut told) = (Random(seed), Told::default());
        for edit in picked {
            EDITS[*edit].1(&site, &mut random, &mut told);
        }
        let entry = entry(&reference, &site);
        if !entry.contains("corrections:") {
            // Two rows in another order are no correction.
            assert_eq!(picked, [6], "{entry}");
            without += 1;
            continue;
        }
        let file = format!("{DATA}corrections.yaml");
        site.write(&file, &entry);
        assert_eq!(faults(&site), ["missing-key", "missing-key"], "{entry}");
        let filled = filled(&entry);
        site.write(&file, &filled);
        assert_eq!(faults(&site), Vec::<String>::new(), "{seed}: {filled}");
        let mut found = figures(&filled);
        // Inputs that are texts are told as texts.
        found.retain(|(at, ..)| !told.texts.contains(at));
        assert_eq!(found, told.figures, "{seed}: {filled}");
        written += 1;
    }
    assert_eq!((written, without), (14, 1));
}

#[test]
fn totals_stand_below_the_figure_that_moved_them_and_say_so() {
    let new = site();
    new.remove(&format!("{DATA}corrections.yaml"));
    let reference = Site::reference();
    let entry = entry(&reference, &new);
    let lines: Vec<&str> = entry.lines().filter(|line| line.contains("{at:")).collect();
    assert_eq!(lines.len(), 4, "{entry}");
    assert!(
        lines[0].contains("official_reception") && !lines[0].contains("随之变动"),
        "{entry}"
    );
    assert!(
        lines[1..].iter().all(|line| line.ends_with(" · 随之变动")),
        "{entry}"
    );
    assert!(lines[3].contains("# 表十 › 合计 › "), "{entry}");
    let sides = [&reference, &new].map(|side| side.root().display().to_string());
    let english = new.run(&[
        "--lang",
        "en",
        "diff",
        &sides[0],
        &sides[1],
        "--format",
        "corrections",
    ]);
    assert!(
        english.stdout.contains("# day of publication"),
        "{}{}",
        english.stdout,
        english.stderr
    );
}

#[test]
fn a_correction_of_a_figure_that_changed_again_is_refused_until_the_next_one_is_written() {
    let (before, site) = (site(), site());
    let table = format!("{DATA}tables/10-three-public.yaml");
    site.replace(
        &table,
        "公务接待费, total: 0.90, general_public: 0.90",
        "公务接待费, total: 0.95, general_public: 0.95",
    );
    site.replace(
        &table,
        "total: 6.30, general_public: 6.30",
        "total: 6.35, general_public: 6.35",
    );
    assert_eq!(site.run(&["build"]).code, 1);
    assert_eq!(faults(&site), ["correction-now", "correction-now"]);
    // Both sides are compared all the same, and what is written goes before what was there.
    let entry = filled(&entry(&before, &site));
    let older = CORRECTIONS.replacen("corrections:\n", "", 1);
    let both = format!("{entry}{older}").replacen("2025-06-01", "2025-07-01", 1);
    site.write(&format!("{DATA}corrections.yaml"), both);
    assert_eq!(faults(&site), Vec::<String>::new());
    assert_eq!(site.run(&["build"]).code, 0);
    let page = site.read(&format!("public/{PAGES}corrections.html"));
    assert_eq!(page.matches("<section class=\"correction\"").count(), 3);
    // The cell leads to the newest.
    let table = site.read(&format!("public/{PAGES}t10.html"));
    assert!(!table.contains("#correction-2025-06-01"));
}

#[test]
fn a_build_after_a_correction_gives_what_a_clean_build_gives() {
    let site = Site::reference();
    assert_eq!(site.run(&["build"]).code, 0);
    let file = format!("{DATA}corrections.yaml");
    let corrected = self::site();
    let table = format!("{DATA}tables/10-three-public.yaml");
    for step in 0..4 {
        match step {
            0 => {
                site.write(&table, corrected.read(&table));
                site.write(&file, CORRECTIONS);
            }
            1 => {
                site.replace(&file, "录入时公务", "核实时发现公务");
            }
            2 => {
                site.replace(&file, "2025-06-01", "2025-06-02");
            }
            _ => {
                site.remove(&file);
            }
        }
        assert_eq!(site.run(&["build"]).code, 0, "{step}");
        let incremental: BTreeMap<_, _> = tree(&site.path("public")).into_iter().collect();
        assert_eq!(
            incremental.contains_key(&format!("{PAGES}corrections.html")),
            step < 3
        );
        let output = site.path("clean").display().to_string();
        let run = site.run(&["build", "--no-cache", "--output", &output]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let clean: BTreeMap<_, _> = tree(&site.path("clean")).into_iter().collect();
        let differing: Vec<_> = clean
            .iter()
            .filter(|(path, bytes)| incremental.get(*path) != Some(bytes))
            .collect();
        assert!(
            differing.is_empty() && clean.len() == incremental.len(),
            "{step}"
        );
    }
}

#[test]
fn the_example_of_the_documents_loads_and_every_key_is_described() {
    let text = document("docs/data-format.md");
    let examples = blocks(&text, "yaml");
    let example = examples.iter().find(|block| block.contains("corrections:"));
    let site = Site::reference();
    let file = format!("{DATA}corrections.yaml");
    site.write(&file, example.expect("an example"));
    assert_eq!(faults(&site), Vec::<String>::new());
    for (from, to) in [
        ("    reason:", "    zzzzzzzz: 1\n    reason:"),
        ("- {at:", "- {zzzzzzzz: 1, at:"),
    ] {
        let broken = site.read(&file).replacen(from, to, 1);
        let site = Site::reference();
        site.write(&file, broken);
        let run = site.run(&["check"]);
        let (_, keys) = run.stderr.split_once("可用的有：").expect("a list of keys");
        for key in keys.lines().next().unwrap_or_default().split('、') {
            assert!(text.contains(&format!("{key}:")), "{key}");
        }
    }
}
