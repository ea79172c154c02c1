//! `gongkai diff` as it is called: each format, each exit status, each error.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::support::{Run, Site, copy, differs_from, repository, tree};

/// Two small sites side by side, `old` and `new`.
fn pair() -> Site {
    let site = Site::empty();
    for side in ["old", "new"] {
        copy(&repository().join("tests/cases/tiny"), &site.path(side));
    }
    site
}

/// Two small sites with a change of every kind.
fn edited() -> Site {
    let site = pair();
    let data = "new/data/demo/2025-budget/";
    let table = format!("{data}tables/spending.yaml");
    for (from, to) in [
        (
            "{total: 100.00, basic: 60.00, project: 40.00}",
            "{total: 107.50, basic: 60.00, project: 47.50}",
        ),
        (
            "社会保障和就业支出, total: 70.00, basic: 40.00, project: 30.00",
            "社会保障和就业支出, total: 72.50, basic: 40.00, project: 32.50",
        ),
        (
            "抚恤, total: 70.00, basic: 40.00, project: 30.00}\n  - {code: \"2080801\"",
            "抚恤, total: 72.50, basic: 40.00, project: 32.50}\n  - {code: \"2080801\"",
        ),
        (
            "死亡抚恤, total: 70.00, basic: 40.00, project: 30.00",
            "死亡抚恤（一次性）, total: 72.50, basic: 40.00, project: 32.50",
        ),
        (
            "卫生健康支出, total: 30.00, basic: 20.00, project: 10.00}\n",
            "卫生健康支出, total: 30.00, basic: 20.00, project: 10.00}\n  - {code: \"221\", name: 住房保障支出, total: 5.00, project: 5.00}\n",
        ),
    ] {
        site.replace(&table, from, to);
    }
    let projects = format!("{data}tables/projects.yaml");
    site.replace(&projects, ", carried: 是", "");
    let head = format!("{data}disclosure.yaml");
    site.replace(&head, "新增库房维修", "新增库房维修和<住房>补贴");
    site.replace(&head, "vehicles: 2", "vehicles: 3");
    let sheet = format!("{data}projects/repairs.yaml");
    site.replace(&sheet, "annual: 2间", "annual: 3间");
    site.write(
        "new/static/extra.txt",
        "a file that the old site does not have\n",
    );
    site
}

fn diff(site: &Site, arguments: &[&str]) -> Run {
    let old = site.path("old").display().to_string();
    let new = site.path("new").display().to_string();
    let all = [&["diff", &old, &new], arguments].concat();
    site.run(&all)
}

#[test]
fn each_format_tells_the_same_changes() {
    let site = edited();
    let mut wrong = Vec::new();
    for (format, language, file) in [
        ("human", "zh", "human.txt"),
        ("human", "en", "human.en.txt"),
        ("markdown", "zh", "markdown.md"),
        ("markdown", "en", "markdown.en.md"),
        ("html", "zh", "html.html"),
        ("html", "en", "html.en.html"),
        ("json", "zh", "json.json"),
    ] {
        let run = diff(&site, &["--format", format, "--lang", language]);
        assert_eq!((run.code, &*run.stderr), (1, ""), "{file}");
        assert!(!run.stdout.contains('\u{1b}'), "colour in {file}");
        let path = repository().join("tests/cases/diff").join(file);
        // The style is that of the site; its golden file is the site's own.
        let found = match run.stdout.split_once("<style>") {
            Some((before, rest)) => {
                let (style, after) = rest.split_once("</style>").expect("an end");
                let base = fs::read_to_string(repository().join("static/style/base.css"));
                assert!(style.contains(&base.expect("base.css")));
                format!("{before}{after}")
            }
            None => run.stdout,
        };
        wrong.extend(differs_from(&path, &found));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_format_goes_into_a_file_as_it_is_printed() {
    let site = edited();
    for format in ["human", "markdown", "html", "json", "corrections"] {
        let printed = diff(&site, &["--format", format]);
        let file = site.path("found.txt").display().to_string();
        let run = diff(&site, &["--format", format, "-o", &file]);
        assert_eq!(
            (run.code, &*run.stdout, &*run.stderr),
            (1, "已写进 SITE/found.txt\n", ""),
            "{format}"
        );
        let root = site.root().display().to_string();
        let found = site.read("found.txt").replace(&root, "SITE");
        assert!(found == printed.stdout, "{format}");
    }
}

#[test]
fn a_file_that_would_be_lost_is_not_written() {
    let site = edited();
    let (site_root, entity) = (site.path("new"), "new/data/demo/entity.yaml");
    let built = site.run_at(&site_root, &["build", "-q", "--draft"], &[]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    site.write("elsewhere.txt", "x");
    std::os::unix::fs::symlink(site.path("elsewhere.txt"), site.path("link.txt")).expect("a link");
    let before = tree(site.root());
    for (file, reason) in [
        (entity, "源文件"),
        ("new/site.toml", "源文件"),
        ("old/data/demo/2025-budget/tables/spending.yaml", "源文件"),
        ("new/data/demo/2025-budget/corrections.yaml", "源文件"),
        ("new/public/index.html", "manifest.json"),
        ("new/public/new.html", "manifest.json"),
        ("link.txt", "链接"),
        ("new", "文件夹"),
        ("missing/x.html", "不存在"),
    ] {
        let path = site.path(file).display().to_string();
        let run = diff(&site, &["--format", "html", "-o", &path]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{file}");
        assert!(run.stderr.contains(reason), "{file}: {}", run.stderr);
    }
    assert!(tree(site.root()) == before, "something was written");
}

/// The corrections file of the disclosure that has changed.
const CORRECTIONS: &str = "new/data/demo/2025-budget/corrections.yaml";

#[test]
fn corrections_go_into_the_file_of_their_disclosure_and_over_nothing() {
    let site = edited();
    for side in ["old", "new"] {
        copy(
            &site.path("old/data/demo"),
            &site.path(&format!("{side}/data/other")),
        );
    }
    let other = "new/data/other/2025-budget/disclosure.yaml";
    site.replace(other, "vehicles: 2", "vehicles: 3");
    let file = site.path(CORRECTIONS).display().to_string();
    let arguments = ["--format", "corrections", "-o", &file];
    for nothing in [None, Some(""), Some("# 还没有更正\n"), Some("null\n")] {
        if let Some(text) = nothing {
            site.write(CORRECTIONS, text);
        }
        let run = diff(&site, &arguments);
        assert_eq!(run.code, 1, "{nothing:?}: {}", run.stderr);
        assert_eq!(
            run.stderr,
            "别的公开也有变化，没有写进这个文件：other/2025-budget\n"
        );
        let written = site.read(CORRECTIONS);
        assert_eq!(written.matches("corrections:").count(), 1 + 1, "{written}");
        assert!(written.contains("data/demo/2025-budget/corrections.yaml"));
        site.remove(CORRECTIONS);
    }
    let mine = "corrections:\n  - date: 2025-06-01\n";
    site.write(CORRECTIONS, mine);
    let run = diff(&site, &arguments);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.contains("不覆盖"), "{}", run.stderr);
    assert_eq!(site.read(CORRECTIONS), mine);
    // What the shell has made before the program starts is as good as no file.
    site.write(CORRECTIONS, "");
    let run = diff(&site, &["--format", "corrections"]);
    assert_eq!((run.code, &*run.stderr), (1, ""));
    site.write(
        &CORRECTIONS.replace("corrections", "waivers"),
        "# nothing\n",
    );
    let run = diff(&site, &["--format", "json"]);
    assert_eq!((run.code, &*run.stderr), (1, ""));
}

#[test]
fn the_page_stands_alone() {
    let run = diff(&edited(), &["--format", "html"]);
    for asks in [
        "<script", "<link", "<img", "src=", "href=", "url(", "@import", "http",
    ] {
        assert!(!run.stdout.contains(asks), "{asks}");
    }
    let page = scraper::Html::parse_document(&run.stdout);
    let all = |selector: &str| {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        page.select(&selector).count()
    };
    assert_eq!((all("html[lang]"), all("main"), all("h1")), (1, 1, 1));
    assert_eq!(all("table"), all("table > caption"));
    assert_eq!(all("tbody > tr"), all("tbody th[scope=row]"));
    assert_eq!(all("thead th"), all("thead th[scope=col]"));
    assert!(all("tbody tr.folded") > 0);
    // What the data writes is text, never markup.
    assert!(run.stdout.contains("&lt;住房&gt;"));
}

#[test]
fn the_exit_status_says_whether_anything_changed() {
    let site = pair();
    let run = diff(&site, &[]);
    assert_eq!(
        (run.code, &*run.stdout, &*run.stderr),
        (0, "没有变化\n", "")
    );
    let run = diff(&site, &["--format", "json"]);
    let json: Json = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, &json["changed"]), (0, &Json::Bool(false)));
    site.replace("new/site.toml", "小站", "小小站");
    let run = diff(&site, &[]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("数据没有变化，只有"), "{}", run.stdout);
    assert_eq!(diff(&site, &["--exit-zero"]).code, 0);
}

#[test]
fn a_site_may_be_compared_with_a_built_tree() {
    let site = edited();
    let old = Site::empty();
    copy(&site.path("old"), old.root());
    let run = old.run(&["build", "-q"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let tree = old.path("public").display().to_string();
    let root = old.root().display().to_string();
    let run = old.run(&["diff", &tree, &root]);
    assert_eq!((run.code, &*run.stdout), (0, "没有变化\n"));
    let new = site.path("new").display().to_string();
    let against_tree = old.run(&["diff", &tree, &new, "--format", "json"]);
    assert_eq!(
        against_tree.stdout,
        diff(&site, &["--format", "json"]).stdout
    );
}

#[test]
fn what_cannot_be_compared_is_said() {
    let site = pair();
    let path = |name: &str| site.path(name).display().to_string();
    let run = site.run(&["diff", &path("old"), &path("nowhere")]);
    let said = "错误: SITE/nowhere：没有这个文件夹；核对路径\n";
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", said));
    site.write("empty/readme.txt", "no site");
    let run = site.run(&["diff", &path("old"), &path("empty")]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let said = "错误: SITE/empty：这里既没有 site.toml，也没有生成好的 data.json，不能比较；";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);

    let run = site.run(&["diff", &path("old")]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
}

#[test]
fn data_that_cannot_be_built_is_told_as_a_build_tells_it() {
    let site = pair();
    let table = "new/data/demo/2025-budget/tables/spending.yaml";
    site.replace(table, "basic: 60.00", "basic: 6O.00");
    let run = diff(&site, &[]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.contains("错误[amount-syntax]"), "{}", run.stderr);
    let last = run.stderr.lines().last().expect("a line");
    let said = "SITE/new 的数据有错，不能生成，所以没有比较（";
    assert!(last.starts_with(said), "{last}");
}

#[test]
fn data_of_another_version_is_refused() {
    let site = Site::case("tiny");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let data = "public/demo/2025-budget/data.json";
    site.replace(data, "\"checks\": [", "\"cheques\": [");
    let (tree, root) = (site.path("public"), site.root());
    let run = site.run(&[
        "diff",
        &tree.display().to_string(),
        &root.display().to_string(),
    ]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let said = format!("错误: SITE/{data}：不是这个版本的 gongkai 生成的 data.json（");
    assert!(run.stderr.starts_with(&said), "{}", run.stderr);
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git");
    let (out, err) = (
        output.stdout,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "git {arguments:?}: {err}");
    String::from_utf8(out).expect("UTF-8").trim().to_owned()
}

/// A repository with the small site in a folder of its own, and a commit before it was there.
fn repository_of(site: &Site) {
    site.write("readme.txt", "before the site");
    git(site.root(), &["init", "-q"]);
    git(site.root(), &["add", "-A"]);
    git(site.root(), &["commit", "-q", "-m", "begin"]);
    copy(
        &repository().join("tests/cases/tiny"),
        &site.path("sites/one"),
    );
    git(site.root(), &["add", "-A"]);
    git(site.root(), &["commit", "-q", "-m", "add the site"]);
}

const CHINESE: [(&str, &str); 1] = [("LANG", "zh_CN.UTF-8")];

const TABLE: &str = "sites/one/data/demo/2025-budget/tables/spending.yaml";

#[test]
fn revisions_are_compared_and_nothing_of_the_repository_is_touched() {
    let site = Site::empty();
    repository_of(&site);
    let root = site.path("sites/one");
    site.replace(TABLE, "basic: 60.00", "basic: 61.00");
    git(site.root(), &["add", "-A"]);
    // Staged, and then edited again.
    site.replace(TABLE, "basic: 61.00", "basic: 62.00");
    // The status comes first, for it is git's own habit to refresh the index.
    let state = || {
        let status = git(site.root(), &["status", "--porcelain"]);
        (status, tree(site.root()))
    };
    let before = state();
    let figures = |run: &Run| -> Vec<(String, String)> {
        let json: Json = serde_json::from_str(&run.stdout).expect("JSON");
        let figures = json["disclosures"][0]["figures"]
            .as_array()
            .expect("figures");
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        figures
            .iter()
            .map(|one| (text(&one["old"]), text(&one["new"])))
            .collect()
    };
    let told = |old: &str, new: &str| vec![(old.to_owned(), new.to_owned())];
    let run = site.run_at(
        &root,
        &["diff", "--rev", "HEAD", "--format", "json"],
        &CHINESE,
    );
    assert_eq!((run.code, &*run.stderr), (1, ""));
    assert_eq!(figures(&run), told("60.00", "62.00"));
    assert!(state() == before, "the repository was touched");

    git(site.root(), &["commit", "-q", "-a", "-m", "change"]);
    let two = ["diff", "--format", "json", "--rev", "HEAD", "HEAD~1"];
    let run = site.run_at(&root, &two, &CHINESE);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(figures(&run), told("62.00", "60.00"));
    let run = site.run_at(&root, &["diff", "--rev", "HEAD"], &CHINESE);
    assert_eq!((run.code, &*run.stdout), (0, "没有变化\n"));
}

#[test]
fn a_revision_that_cannot_be_had_is_said() {
    let site = Site::empty();
    repository_of(&site);
    let root = site.path("sites/one");
    let rev = |revision: &str| site.run_at(&root, &["diff", "--rev", revision], &CHINESE);
    let run = rev("v9");
    let said = "错误: v9：仓库里没有这个版本；写提交号、标签或分支名，如 HEAD~1\n";
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", said));
    let run = rev("HEAD~1");
    let said = "错误: HEAD~1：这个版本里还没有站点（没有 sites/one/site.toml）；换一个版本\n";
    assert_eq!((run.code, &*run.stderr), (2, said));

    let variables = [("LANG", "zh_CN.UTF-8"), ("PATH", "")];
    let run = site.run_at(&root, &["diff", "--rev", "HEAD"], &variables);
    let said =
        "错误: SITE/sites/one：没有找到 git 程序，不能比较版本；装上 git，或者直接写两个文件夹\n";
    assert_eq!((run.code, &*run.stderr), (2, said));

    // A repository that has lost a file.
    let object = git(site.root(), &["rev-parse", &format!("HEAD:{TABLE}")]);
    let (folder, name) = object.split_at(2);
    site.remove(&format!(".git/objects/{folder}/{name}"));
    let run = rev("HEAD");
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let said = "错误: SITE/sites/one：git 没有成功：";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);

    let alone = Site::case("tiny");
    let run = alone.run(&["diff", "--rev", "HEAD"]);
    let said = "错误: SITE：这里不是 git 仓库，没有版本可以比较；用 -r 指明仓库里的站点\n";
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", said));
}

#[test]
fn a_disclosure_may_come_or_go() {
    let site = pair();
    copy(
        &site.path("new/data/demo/2025-budget"),
        &site.path("new/data/demo/2026-budget"),
    );
    let run = diff(&site, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let added = "── 新增：阳城县档案馆2026年单位预算公开（demo/2026-budget）\n";
    assert!(run.stdout.contains(added), "{}", run.stdout);
    let (old, new) = (site.path("new"), site.path("old"));
    let run = site.run(&[
        "diff",
        &old.display().to_string(),
        &new.display().to_string(),
    ]);
    let gone = "── 撤下：阳城县档案馆2026年单位预算公开（demo/2026-budget）\n";
    assert!(run.stdout.contains(gone), "{}", run.stdout);
    assert!(
        run.stdout.contains("  - demo/2026-budget/t01.html\n"),
        "{}",
        run.stdout
    );
}

/// The change that `docs/diff.md` tells of.
fn documented() -> (Site, Site) {
    let (old, new) = (Site::reference(), Site::reference());
    let table = "data/yq-veterans/2025-budget/tables/10-three-public.yaml";
    for (from, to) in [
        (
            "total: 0.80, general_public: 0.80",
            "total: 0.90, general_public: 0.90",
        ),
        (
            "total: 6.20, general_public: 6.20",
            "total: 6.30, general_public: 6.30",
        ),
    ] {
        new.replace(table, from, to);
    }
    (old, new)
}

#[test]
fn the_document_shows_what_the_program_writes() {
    let path = repository().join("docs/diff.md");
    let text = fs::read_to_string(&path).expect("docs/diff.md");
    let (before, rest) = text.split_once("```text\n").expect("an example");
    let (example, after) = rest.split_once("```\n").expect("its end");
    let (old, new) = documented();
    let new = new.root().display().to_string();
    let run = old.run(&["diff", &old.root().display().to_string(), &new]);
    assert_eq!((run.code, &*run.stderr), (1, ""));
    if std::env::var_os("GONGKAI_BLESS").is_some() {
        let found = format!("{before}```text\n{}```\n{after}", run.stdout);
        fs::write(&path, found).expect("docs/diff.md");
        return;
    }
    assert_eq!(example, run.stdout);
}

#[test]
fn every_key_is_in_the_document() {
    fn keys(value: &Json, found: &mut BTreeSet<String>) {
        match value {
            Json::Object(map) => {
                for (key, value) in map {
                    found.insert(key.clone());
                    keys(value, found);
                }
            }
            Json::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let text = fs::read_to_string(repository().join("docs/diff.md")).expect("docs/diff.md");
    let run = diff(&edited(), &["--format", "json"]);
    let mut found = BTreeSet::new();
    keys(
        &serde_json::from_str(&run.stdout).expect("JSON"),
        &mut found,
    );
    assert!(found.len() > 25, "{found:?}");
    for key in found {
        let spellings = [
            format!("`{key}`"),
            format!("`{key}[]"),
            format!("[].{key}`"),
        ];
        assert!(spellings.iter().any(|one| text.contains(one)), "{key}");
    }
}
