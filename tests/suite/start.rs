//! `init`, `new`, `list`, `completions` and `man`: from an empty folder to a site.

use std::fs;

use gongkai::load::config::{self, Config};
use gongkai::source::{Source, SourceFile};

use crate::support::{Site, repository, tree};

/// A reference site with a disclosure of the next year, its figures carried over.
fn next_year() -> Site {
    let site = Site::reference();
    let run = site.run(&["new", "yq-veterans", "2026", "--from", "2025"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    site
}

#[test]
fn a_new_site_says_what_to_do_next() {
    let site = Site::empty();
    let run = site.run(&["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("gongkai -r SITE new "),
        "{}",
        run.stdout
    );
    for command in ["check", "build"] {
        let run = site.run(&[command]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains("错误[site-empty]"), "{}", run.stderr);
        assert!(run.stderr.contains("用 gongkai new "), "{}", run.stderr);
    }
    let ignored = site.read(".gitignore");
    for line in ["/public/", "/.public.gongkai/"] {
        assert!(ignored.lines().any(|found| found == line), "{line}");
    }
}

#[test]
fn the_settings_of_a_new_site_are_the_defaults_with_a_title() {
    let site = Site::empty();
    site.run(&["init"]);
    let source = Source::new(SourceFile {
        path: "site.toml".to_owned(),
        text: site.read("site.toml"),
    });
    let mut faults = gongkai::diagnostic::Diagnostics::default();
    let found = config::read(&source, &mut faults).expect("settings");
    assert!(faults.is_empty(), "{faults:?}");
    let defaults = Config::default();
    assert_eq!(
        (found.output, found.pages),
        (defaults.output, defaults.pages)
    );
}

#[test]
fn the_example_is_clean_and_builds_at_once() {
    let site = Site::empty();
    assert_eq!(site.run(&["init", "--example"]).code, 0);
    let run = site.run(&["check", "--strict"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "1 份公开：0 个错误，0 个警告，0 个提示\n"),
        "{}",
        run.stderr
    );
    site.replace(
        "data/library/2026-budget/disclosure.yaml",
        "status: draft ",
        "status: approved ",
    );
    let run = site.run(&["build", "--release"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.path("public/library/2026-budget/t13.html").is_file());
}

#[test]
fn what_exists_is_kept_and_named() {
    let site = Site::empty();
    site.write("site.toml", "title = \"自己的\"\n");
    let run = site.run(&["init", "--example"]);
    assert!(run.stdout.contains("保留  site.toml\n"), "{}", run.stdout);
    assert_eq!(site.read("site.toml"), "title = \"自己的\"\n");
    let before = tree(site.root());
    let again = site.run(&["init", "--example"]);
    assert_eq!(again.code, 0);
    assert!(!again.stdout.contains("新建  "), "{}", again.stdout);
    assert_eq!(tree(site.root()), before);
}

#[test]
fn init_names_what_it_cannot_do() {
    let site = Site::empty();
    site.write("file", "");
    let file = site.path("file").display().to_string();
    for (arguments, said) in [
        (vec!["init", &file], "是一个文件"),
        (vec!["init", "--standard", "nowhere"], "没有内置这个标准"),
    ] {
        let run = site.run(&arguments);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    assert_eq!(tree(site.root()).len(), 1);
}

#[test]
fn the_commands_of_the_readme_of_a_new_site_run() {
    let site = Site::empty();
    site.run(&["init"]);
    let readme = site.read("README.md");
    let lines = readme.lines().filter(|line| line.starts_with("gongkai "));
    let mut seen = 0;
    for line in lines {
        let command = line.split('#').next().expect("a command");
        let command = command.replace("单位的英文名", "some-entity");
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let run = site.run(&words);
        assert!(run.code < 2, "{line}: {}", run.stderr);
        seen += 1;
    }
    assert_eq!(seen, 5);
    assert_eq!(site.run(&["list"]).stdout.lines().count(), 3);
}

#[test]
fn a_skeleton_has_every_fixed_row_and_only_findings_of_what_is_missing() {
    let site = Site::empty();
    site.run(&["init"]);
    let run = site.run(&[
        "new",
        "hall",
        "2026",
        "--name",
        "某镇人民政府",
        "--code",
        "067",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.read("data/hall/entity.yaml").contains("code: \"067\""));
    let tables = tree(&site.path("data/hall/2026-budget/tables"));
    assert_eq!(tables.len(), 13);
    let summary = site.read("data/hall/2026-budget/tables/01-summary.yaml");
    assert_eq!(summary.matches("    - {id: ").count(), 8 + 33);
    let run = site.run(&["check", "--format", "concise", "-v"]);
    assert_eq!(run.code, 1);
    for line in run.stdout.lines().chain(run.stderr.lines()) {
        let expected = [
            "input-missing",
            "placeholder",
            "table-empty",
            "no-data-reason",
        ];
        let known = expected
            .iter()
            .any(|code| line.contains(&format!("[{code}]")));
        assert!(known || !line.contains("错误["), "{line}");
    }
    assert!(run.stderr.contains("[input-missing]") || run.stdout.contains("[input-missing]"));
}

#[test]
fn figures_of_last_year_come_over_as_the_standard_says() {
    let site = next_year();
    let head = site.read("data/yq-veterans/2026-budget/disclosure.yaml");
    for line in [
        "  prior_total: 3764.74 ",
        "  prior_general_public: 3764.74 ",
        "  prior_three_public: 6.20 ",
        "  prior_vehicle_purchase: 0 ",
        "  prior_agency_operating: 28.89 ",
        "  procurement_total: ",
    ] {
        assert!(head.contains(line), "{line} in\n{head}");
    }
    assert!(head.contains("status: draft"));
    let table = site.read("data/yq-veterans/2026-budget/tables/06-basic-by-economy.yaml");
    let row = "{code: \"30101\", name: 基本工资, gov_code: \"50101\", gov_name: 工资奖金津补贴, total: , personnel: , operating: }";
    assert!(table.contains(row), "{table}");
    let projects = site.read("data/yq-veterans/2026-budget/tables/12-projects.yaml");
    assert!(projects.contains("{id: bureau-10, name: 8023部队体检经费, total: ,"));
}

#[test]
fn a_figure_that_was_blank_is_carried_as_nothing_and_the_comment_says_so() {
    let site = next_year();
    let head = site.read("data/yq-veterans/2026-budget/disclosure.yaml");
    let line = |key: &str| head.lines().find(|line| line.contains(key));
    let blank = line("prior_overseas_travel: 0 ").expect("the input");
    assert!(blank.ends_with("（那里空着，按 0）"), "{blank}");
    let filled = line("prior_vehicles: 5.40 ").expect("the input");
    assert!(!filled.contains("空着"), "{filled}");
}

#[test]
fn a_column_of_last_year_is_carried_into_the_table() {
    let site = Site::reference();
    site.replace(
        "standards/shanxi-2025-budget/tables/10-three-public.yaml",
        "      - {id: general_public, kind: amount,",
        "      - {id: prior, kind: amount, title: 上年预算数, prior_of: total}\n      - {id: general_public, kind: amount,",
    );
    let run = site.run(&["new", "yq-veterans", "2026", "--from", "2025"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let table = site.read("data/yq-veterans/2026-budget/tables/10-three-public.yaml");
    assert!(
        table.contains("name: 公务接待费, total: , prior: 0.80,"),
        "{table}"
    );
    assert!(
        table.contains("name: 合计, total: , prior: 6.20,"),
        "{table}"
    );
}

#[test]
fn what_a_standard_says_of_last_year_must_exist() {
    for (file, from, to, code) in [
        (
            "inputs.yaml",
            "prior_of: \"summary.revenue[grand_total].current\"",
            "prior_of: \"summary.revenue[nowhere].current\"",
            "standard-selector",
        ),
        (
            "tables/10-three-public.yaml",
            "      - {id: general_public, kind: amount,",
            "      - {id: general_public, kind: amount, prior_of: nowhere,",
            "本块没有同类的列 `nowhere`",
        ),
    ] {
        let site = Site::reference();
        site.replace(&format!("standards/shanxi-2025-budget/{file}"), from, to);
        let run = site.run(&["check"]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains(code), "{}", run.stderr);
    }
}

#[test]
fn new_names_what_it_cannot_do_and_writes_nothing() {
    let site = Site::reference();
    let before = tree(site.root());
    for (arguments, said) in [
        (vec!["yq-veterans", "2025"], "已经有了，什么也没有写"),
        (vec!["nobody", "2026"], "还没有这个单位；加上 --name"),
        (vec!["../up", "2026"], "不能用作文件夹名和网址"),
        (vec!["yq-veterans", "26"], "不是年度"),
        (
            vec!["yq-veterans", "2026", "--from", "2020"],
            "有的是：2025-budget",
        ),
        (
            vec!["yq-veterans", "2026", "--standard", "x"],
            "没有这个标准",
        ),
        (
            vec!["yq-veterans", "2026", "--kind", "final"],
            "没有决算的标准",
        ),
    ] {
        let run = site.run(&[&["new"][..], &arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    assert_eq!(tree(site.root()), before);
    let nowhere = Site::empty();
    assert_eq!(nowhere.run(&["new", "a", "2026", "--name", "甲"]).code, 2);
}

#[test]
fn the_list_is_aligned_and_says_the_same_as_json() {
    let site = next_year();
    assert_eq!(
        site.run(&["list"]).stdout,
        "单位         全称                  公开         标准                状态      已填的表\n\
         yq-veterans  阳泉市退役军人事务局  2025-budget  shanxi-2025-budget  approved  13/13\n\
         yq-veterans  阳泉市退役军人事务局  2026-budget  shanxi-2025-budget  draft     0/13\n"
    );
    let json = site.run(&["list", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["disclosures"][0]["filled"], 13);
    assert_eq!(json["disclosures"][1]["status"], "draft");
    site.write(
        "data/yq-veterans/2026-budget/disclosure.yaml",
        "standard: x\n",
    );
    let text = site.run(&["list"]).stdout;
    assert!(
        text.contains("2026-budget  x                   —         0/—"),
        "{text}"
    );
    assert_eq!(Site::empty().run(&["list"]).code, 2);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let site = Site::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = site.run(&["completions", shell]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        for word in ["schema", "base-url", "completions"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
    let folder = site.path("man").display().to_string();
    assert_eq!(site.run(&["man", &folder]).code, 0);
    let page = fs::read_to_string(site.path("man/gongkai-new.1")).expect("a page");
    assert!(page.contains("LAST_YEAR"), "{page}");
    assert!(site.run(&["man"]).stdout.contains(".TH gongkai 1"));
    let file = repository().join("Cargo.toml").display().to_string();
    assert_eq!(site.run(&["man", &file]).code, 2);
}

#[test]
fn the_example_of_a_standard_for_the_next_year_holds_as_it_stands() {
    let site = Site::empty();
    let folder = site.root().display().to_string();
    assert_eq!(site.run(&["init", &folder, "--example"]).code, 0);
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let table = |site: &Site, number: u8| {
        site.read(&format!("public/library/2026-budget/t{number:02}.html"))
    };
    let (third, tenth) = (table(&site, 3), table(&site, 10));
    let mut written = 0;
    for block in crate::docs::blocks(&crate::docs::document("docs/standards.md"), "yaml") {
        let path = block
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# "));
        if let Some(path) =
            path.filter(|path| path.starts_with("standards/") || path.starts_with("data/"))
        {
            site.write(path, &block);
            written += 1;
        }
    }
    assert_eq!(written, 4);
    site.replace(
        "data/library/2026-budget/disclosure.yaml",
        "standard: shanxi-2025-budget",
        "standard: shanxi-2026-budget",
    );
    let run = site.run(&["check", "--strict"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    assert_eq!(table(&site, 3), third);
    let found = table(&site, 10).replace("<wbr>", "");
    assert!(!tenth.contains("2025年预算数"));
    for shown in ["2025年预算数", "增减（%）", "-16.67", "三公"] {
        assert!(found.contains(shown), "{shown}");
    }
    let run = site.run(&["explain", "three-public-prior"]);
    assert!(
        run.stdout.contains("表十合计的上年预算数"),
        "{}",
        run.stdout
    );
    assert_eq!(site.run(&["schema"]).code, 0);
    let schema = site.read("schema/shanxi-2026-budget/table.json");
    assert!(schema.contains("\"growth\""));

    // The new rule tells.
    let data = "data/library/2026-budget/tables/10-three-public.yaml";
    site.write(data, site.read(data).replace("prior: 1.20", "prior: 1.30"));
    let run = site.run(&["check"]);
    assert!(
        run.code == 1
            && run
                .stderr
                .contains("表十合计的上年预算数与情况说明里的上年数相同"),
        "{}",
        run.stderr
    );

    // Next year the figure is brought along.
    let run = site.run(&["new", "library", "2027", "--from", "2026"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let next = site.read("data/library/2027-budget/tables/10-three-public.yaml");
    assert!(next.contains("name: 合计, prior: 1.00"), "{next}");
}
