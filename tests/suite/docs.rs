//! The documents say what the program does: examples load, every key is described.

use std::collections::BTreeSet;
use std::fs;

use gongkai::diagnostic::Diagnostics;
use gongkai::load::config;
use gongkai::source::{Source, SourceFile};
use gongkai::yaml;

use crate::support::{Site, differs_from, repository};

pub fn document(name: &str) -> String {
    fs::read_to_string(repository().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Code blocks of one language, unindented.
pub fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for line in text.lines() {
        let inside = line.trim_start();
        let indent = line.len() - inside.len();
        match &mut open {
            None if inside == format!("```{language}") => open = Some((indent, String::new())),
            Some(_) if inside == "```" => blocks.extend(open.take().map(|(_, text)| text)),
            Some((depth, text)) => {
                text.push_str(line.get(*depth..).unwrap_or_default());
                text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

fn source(text: String) -> Source {
    Source::new(SourceFile {
        path: "example".to_owned(),
        text,
    })
}

#[test]
fn every_settings_example_loads() {
    let mut seen = 0;
    for name in ["README.md", "README.zh-CN.md", "docs/data-format.md"] {
        for block in blocks(&document(name), "toml") {
            let mut faults = Diagnostics::default();
            config::read(&source(block), &mut faults).expect(name);
            assert!(faults.is_empty(), "{name}: {faults:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 3);
}

#[test]
fn the_example_of_all_settings_names_the_defaults() {
    let example = blocks(&document("docs/data-format.md"), "toml").concat();
    let mut faults = Diagnostics::default();
    let found = config::read(&source(example), &mut faults).expect("settings");
    let defaults = config::Config::default();
    assert_eq!(
        (
            found.output,
            found.watermark,
            found.pages,
            found.column,
            found.publisher.find_errors
        ),
        (
            defaults.output,
            defaults.watermark,
            defaults.pages,
            defaults.column,
            defaults.publisher.find_errors
        )
    );
}

#[test]
fn every_yaml_example_is_yaml() {
    for name in ["docs/data-format.md", "docs/standards.md"] {
        let examples = blocks(&document(name), "yaml");
        assert!(examples.len() >= 5, "{name}");
        for block in examples {
            let mut faults = Diagnostics::default();
            assert!(yaml::parse(&source(block), &mut faults).is_some(), "{name}");
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }
}

#[test]
fn the_examples_of_entity_disclosure_and_project_load_as_they_stand() {
    let text = document("docs/data-format.md");
    let examples = blocks(&text, "yaml");
    let find = |key: &str| {
        examples
            .iter()
            .find(|block| block.contains(key))
            .unwrap_or_else(|| panic!("an example with {key}"))
    };
    let site = Site::reference();
    site.write("data/yq-veterans/entity.yaml", find("short_name:"));
    site.write(
        "data/yq-veterans/2025-budget/projects/30-example.yaml",
        find("indicators:"),
    );
    let run = site.run(&["check"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("1 份公开：0 个错误，0 个警告，"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

/// The keys that a message lists after an unknown one.
fn keys_at_hand(site: &Site) -> Vec<String> {
    let run = site.run(&["check"]);
    let (_, list) = run
        .stderr
        .split_once("可用的有：")
        .unwrap_or_else(|| panic!("a list of keys in: {}", run.stderr));
    let line = list.lines().next().expect("a line");
    line.split('、').map(str::to_owned).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line a place where keys stand")]
fn every_key_is_described() {
    let standard = "standards/shanxi-2025-budget/";
    let data = "data/yq-veterans/";
    let mut checked = 0;
    for (file, from, to, described) in [
        (
            "site.toml",
            "title =",
            "zzzzzzzz = 1\ntitle =",
            "docs/data-format.md",
        ),
        (
            "site.toml",
            "[publisher]",
            "[publisher]\nzzzzzzzz = 1",
            "docs/data-format.md",
        ),
        (
            "site.toml",
            "[publisher]",
            "[pages]\nzzzzzzzz = 1\n[publisher]",
            "docs/data-format.md",
        ),
        (
            "site.toml",
            "[publisher]",
            "[column]\nzzzzzzzz = 1\n[publisher]",
            "docs/data-format.md",
        ),
        (
            "site.toml",
            "[publisher]",
            "[check]\nzzzzzzzz = 1\n[publisher]",
            "docs/data-format.md",
        ),
        (
            "entity.yaml",
            "kind:",
            "zzzzzzzz: 1\nkind:",
            "docs/data-format.md",
        ),
        (
            "entity.yaml",
            "{id: bureau,",
            "{zzzzzzzz: 1, id: bureau,",
            "docs/data-format.md",
        ),
        (
            "2025-budget/disclosure.yaml",
            "status:",
            "zzzzzzzz: 1\nstatus:",
            "docs/data-format.md",
        ),
        (
            "2025-budget/tables/07-fund-revenue.yaml",
            "rows:",
            "zzzzzzzz: 1\nrows:",
            "docs/data-format.md",
        ),
        (
            "2025-budget/projects/03-8023-checkup.yaml",
            "name:",
            "zzzzzzzz: 1\nname:",
            "docs/data-format.md",
        ),
        (
            "standard.yaml",
            "kind:",
            "zzzzzzzz: 1\nkind:",
            "docs/standards.md",
        ),
        (
            "standard.yaml",
            "- {id: overview,",
            "- {zzzzzzzz: 1, id: overview,",
            "docs/standards.md",
        ),
        (
            "standard.yaml",
            "- {title: 收支总计,",
            "- {zzzzzzzz: 1, title: 收支总计,",
            "docs/standards.md",
        ),
        (
            "standard.yaml",
            "headline:\n",
            "headline:\n  zzzzzzzz: 1\n",
            "docs/standards.md",
        ),
        (
            "standard.yaml",
            "- {id: totals,",
            "- {zzzzzzzz: 1, id: totals,",
            "docs/standards.md",
        ),
        (
            "tables/03-expenditure.yaml",
            "number:",
            "zzzzzzzz: 1\nnumber:",
            "docs/standards.md",
        ),
        (
            "tables/03-expenditure.yaml",
            "    rows: tree",
            "    zzzzzzzz: 1\n    rows: tree",
            "docs/standards.md",
        ),
        (
            "tables/03-expenditure.yaml",
            "- {id: code,",
            "- {zzzzzzzz: 1, id: code,",
            "docs/standards.md",
        ),
        (
            "tables/06-basic-by-economy.yaml",
            "codes: {list:",
            "codes: {zzzzzzzz: 1, list:",
            "docs/standards.md",
        ),
        (
            "tables/03-expenditure.yaml",
            "- {id: total, name",
            "- {zzzzzzzz: 1, id: total, name",
            "docs/standards.md",
        ),
        (
            "tables/10-three-public.yaml",
            "- {id: overseas_travel,",
            "- {zzzzzzzz: 1, id: overseas_travel,",
            "docs/standards.md",
        ),
        (
            "inputs.yaml",
            "- {id: prior_total,",
            "- {zzzzzzzz: 1, id: prior_total,",
            "docs/standards.md",
        ),
        (
            "charts.yaml",
            "  - id: structure\n",
            "  - id: structure\n    zzzzzzzz: 1\n",
            "docs/standards.md",
        ),
        (
            "2025-budget/waivers.yaml",
            "  - code: sum-mismatch\n    rule: sheet-whole-sources",
            "  - zzzzzzzz: 1\n    code: sum-mismatch\n    rule: sheet-whole-sources",
            "docs/data-format.md",
        ),
        (
            "rules.yaml",
            "  - id: summary-balance\n",
            "  - id: summary-balance\n    zzzzzzzz: 1\n",
            "docs/standards.md",
        ),
        (
            "rules.yaml",
            "    required: {overview: true}",
            "    required: {zzzzzzzz: 1, overview: true}",
            "docs/standards.md",
        ),
        (
            "rules.yaml",
            "count: {rows: \"projects[leaf]\",",
            "count: {zzzzzzzz: 1, rows: \"projects[leaf]\",",
            "docs/standards.md",
        ),
        (
            "sheet.yaml",
            "table:",
            "zzzzzzzz: 1\ntable:",
            "docs/standards.md",
        ),
    ] {
        let site = Site::reference();
        let path = match described {
            _ if file == "site.toml" => file.to_owned(),
            "docs/standards.md" => format!("{standard}{file}"),
            _ => format!("{data}{file}"),
        };
        site.replace(&path, from, to);
        let text = document(described);
        for key in keys_at_hand(&site) {
            // Keys that a standard gives to its data are described there, by their kind.
            let own = ["total", "amount"].contains(&key.as_str());
            let spellings = [
                format!("`{key}`"),
                format!("{key}:"),
                format!("{key} ="),
                format!("[{key}]"),
            ];
            let named = spellings.iter().any(|spelling| text.contains(spelling));
            assert!(
                own || named,
                "{described} does not describe `{key}` of {file}"
            );
            checked += 1;
        }
    }
    assert!(checked > 90, "{checked} keys");
}

#[test]
fn the_reference_of_commands_is_current() {
    let file = repository().join("docs/cli.md");
    let differs = differs_from(&file, &gongkai::cli::reference());
    assert_eq!(differs, None, "GONGKAI_BLESS=1 cargo test docs rewrites it");
    let help = Site::empty().run(&["--help"]).stdout;
    let (_, commands) = help.split_once("命令:").expect("a list of commands");
    let text = document("docs/cli.md");
    let listed = commands.lines().skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = listed
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        assert!(text.contains(&format!("\n## gongkai {name}\n")), "{name}");
    }
}

/// Every command with its options.
const COMMANDS: &[(&str, &[&str])] = &[
    (
        "build",
        &[
            "--root",
            "--lang",
            "--output",
            "--base-url",
            "--draft",
            "--release",
            "--no-cache",
            "--verify",
            "--changed-list",
            "--zip",
            "--quiet",
            "--format",
            "--strict",
            "--verbose",
        ],
    ),
    (
        "check",
        &[
            "--root",
            "--lang",
            "--release",
            "--watch",
            "--format",
            "--strict",
            "--verbose",
        ],
    ),
    (
        "serve",
        &["--root", "--lang", "--port", "--interface", "--open"],
    ),
    ("clean", &["--root", "--lang", "--output"]),
    ("verify", &["--root", "--lang", "--key", "--format"]),
    ("sign", &["--root", "--lang", "--key", "--new-key"]),
    ("explain", &["--root", "--lang"]),
    ("init", &["--root", "--lang", "--standard", "--example"]),
    (
        "new",
        &[
            "--root",
            "--lang",
            "--kind",
            "--from",
            "--standard",
            "--name",
            "--code",
        ],
    ),
    (
        "import",
        &[
            "--root",
            "--lang",
            "--entity",
            "--year",
            "--kind",
            "--standard",
            "--name",
            "--code",
            "--dry-run",
            "--force",
            "--format",
            "--verbose",
        ],
    ),
    ("list", &["--root", "--lang", "--format"]),
    ("schema", &["--root", "--lang", "--output"]),
];

#[test]
fn the_readme_lists_the_commands_and_options_that_there_are() {
    let site = Site::empty();
    for name in ["README.md", "README.zh-CN.md"] {
        let text = document(name);
        for (command, options) in COMMANDS {
            let help = site.run(&[command, "--help"]);
            assert_eq!(help.code, 0);
            let listed: BTreeSet<&str> = help
                .stdout
                .split_whitespace()
                .filter(|word| word.starts_with("--") && !["--help", "--version"].contains(word))
                .collect();
            for option in *options {
                assert!(listed.contains(option), "{command} has no {option}");
            }
            assert_eq!(listed.len(), options.len(), "{command}: {listed:?}");
            let line = text
                .lines()
                .find(|line| {
                    line.starts_with("gongkai [") && line.contains(&format!("] {command}"))
                })
                .unwrap_or_else(|| panic!("{name} lists {command}"));
            for option in ["--release", "--format", "--strict"] {
                assert_eq!(line.contains(option), options.contains(&option), "{line}");
            }
            assert!(
                text.contains(&format!("[--lang zh|en] {command}")),
                "{name}"
            );
        }
    }
}

/// The keys of every object in a value.
fn keys_in(value: &serde_json::Value, keys: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                keys.insert(key.clone());
                keys_in(value, keys);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys_in(item, keys)),
        _ => {}
    }
}

#[test]
fn the_example_of_a_json_report_has_the_keys_that_there_are() {
    let keys = |text: &str| {
        let mut keys = BTreeSet::new();
        keys_in(&serde_json::from_str(text).expect("JSON"), &mut keys);
        keys
    };
    let [example] = &blocks(&document("docs/reports.md"), "json")[..] else {
        panic!("one example")
    };
    assert_eq!(
        keys(example),
        keys(&document("tests/cases/formats/json.txt"))
    );
}
