//! The JSON Schemas against the readers: what they take is valid, what they refuse for its shape is not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gongkai::load::discover;
use gongkai::schema;
use jsonschema::Validator;
use serde_json::Value;

use crate::corrections;
use crate::support::{Site, repository, tree};

struct Schemas(BTreeMap<String, Validator>);

impl Schemas {
    fn of(root: &Path) -> Self {
        let library = discover::library(root, &mut gongkai::diagnostic::Diagnostics::default());
        let all = schema::all(&library).into_iter();
        Self(
            all.map(|(path, text)| {
                let value: Value = serde_json::from_str(&text).expect(&path);
                assert!(jsonschema::meta::is_valid(&value), "{path}");
                let validator = jsonschema::validator_for(&value).expect(&path);
                (path, validator)
            })
            .collect(),
        )
    }

    /// What the schema of a file has against it; `None` for a file without one.
    fn faults(&self, root: &Path, path: &str) -> Option<Vec<String>> {
        let standard = |ending: &str| {
            let disclosure = Path::new(path).parent()?.parent()?;
            let head = fs::read_to_string(root.join(disclosure).join("disclosure.yaml")).ok()?;
            let head: Value = serde_yaml::from_str(&head).ok()?;
            Some(format!("{}/{ending}", head["standard"].as_str()?))
        };
        let name = match path.rsplit('/').next()? {
            "site.toml" => "site.json".to_owned(),
            "entity.yaml" => "entity.json".to_owned(),
            "disclosure.yaml" => "disclosure.json".to_owned(),
            "waivers.yaml" => "waivers.json".to_owned(),
            "corrections.yaml" => "corrections.json".to_owned(),
            _ if path.contains("/tables/") => standard("table.json")?,
            _ if path.contains("/projects/") => standard("sheet.json")?,
            _ => return None,
        };
        let text = fs::read_to_string(root.join(path)).expect(path);
        let value: Value = if name == "site.json" {
            toml::from_str(&text).expect(path)
        } else {
            serde_yaml::from_str(&text).expect(path)
        };
        let validator = self.0.get(&name).unwrap_or_else(|| panic!("{name}"));
        let faults = validator.iter_errors(&value);
        Some(faults.map(|error| format!("{path}: {error}")).collect())
    }

    /// Number of files with a schema, all of them valid.
    fn accept_all(&self, root: &Path) -> usize {
        let files = tree(root).into_iter();
        files
            .filter(|(path, _)| path == "site.toml" || path.starts_with("data/"))
            .filter_map(|(path, _)| self.faults(root, &path))
            .map(|faults| assert_eq!(faults, Vec::<String>::new()))
            .count()
    }
}

#[test]
fn every_file_that_the_readers_take_is_valid() {
    let example = Site::empty();
    example.run(&["init", "--example"]);
    for (site, files) in [
        (Site::reference(), 1 + 3 + 13 + 19),
        (corrections::site(), 1 + 4 + 13 + 19),
        (example, 1 + 2 + 13 + 2),
        (Site::case("tiny"), 5),
        (Site::case("second"), 5),
    ] {
        let schemas = Schemas::of(site.root());
        let seen = schemas.accept_all(site.root());
        assert!(seen >= files, "{seen} of {files}");
    }
}

#[test]
fn the_tables_of_a_skeleton_are_valid() {
    let site = Site::reference();
    site.run(&["new", "yq-veterans", "2026", "--from", "2025"]);
    let schemas = Schemas::of(site.root());
    let folder = "data/yq-veterans/2026-budget/tables";
    let files = tree(&site.path(folder));
    assert_eq!(files.len(), 13);
    for (name, _) in files {
        let faults = schemas.faults(site.root(), &format!("{folder}/{name}"));
        assert_eq!(faults, Some(Vec::new()), "{name}");
    }
}

const DATA: &str = "data/yq-veterans/";

#[test]
fn other_ways_to_write_a_value_are_taken_by_both() {
    let schemas = Schemas::of(&repository());
    for (file, from, to) in [
        (
            "2025-budget/disclosure.yaml",
            "prior_total: 3831.00",
            "prior_total: \"3,831.00\"",
        ),
        (
            "2025-budget/disclosure.yaml",
            "prior_total: 3831.00",
            "prior_total: ３８３１.00",
        ),
        (
            "2025-budget/disclosure.yaml",
            "prior_total: 3831.00",
            "prior_total: 无数据",
        ),
        (
            "2025-budget/disclosure.yaml",
            "source: 2025年度部门预算公开",
            "source:",
        ),
        ("entity.yaml", "region: 阳泉市\n", ""),
        (
            "2025-budget/tables/10-three-public.yaml",
            "name: 公务接待费, ",
            "",
        ),
    ] {
        let path = format!("{DATA}{file}");
        let site = Site::reference();
        site.replace(&path, from, to);
        let run = site.run(&["check", "--format", "concise"]);
        let refused = ["amount-syntax", "wrong-type", "missing-key", "row-name"]
            .iter()
            .any(|code| run.stdout.contains(code) || run.stderr.contains(code));
        assert!(!refused, "{to}: {}{}", run.stdout, run.stderr);
        assert_eq!(schemas.faults(site.root(), &path), Some(Vec::new()), "{to}");
    }
}

/// Faults of shape: file below the entity, or `site.toml`; what stands there; what is put in its place.
const FAULTS: &[(&str, &str, &str)] = &[
    ("site.toml", "title =", "titel ="),
    (
        "site.toml",
        "[publisher]",
        "[pages]\ncharts = \"maybe\"\n[publisher]",
    ),
    (
        "site.toml",
        "\"https://ysgk.example.gov.cn/\"",
        "\"ysgk.example.gov.cn\"",
    ),
    ("entity.yaml", "code: \"067\"", "code: 67"),
    ("entity.yaml", "kind: department", "kind: bureau"),
    ("entity.yaml", "name: 阳泉市退役军人事务局\nshort", "short"),
    ("entity.yaml", "region:", "regoin:"),
    ("entity.yaml", "{id: bureau, ", "{"),
    (
        "2025-budget/disclosure.yaml",
        "status: approved",
        "status: done",
    ),
    ("2025-budget/disclosure.yaml", "status: approved\n", ""),
    (
        "2025-budget/disclosure.yaml",
        "standard: shanxi-2025-budget",
        "standard: shanxi",
    ),
    (
        "2025-budget/disclosure.yaml",
        "published: 2025-04-02",
        "published: 2025-13-02",
    ),
    (
        "2025-budget/disclosure.yaml",
        "  prior_total: 3831.00\n",
        "",
    ),
    (
        "2025-budget/disclosure.yaml",
        "prior_total: 3831.00",
        "prior_total: 3831.O0",
    ),
    (
        "2025-budget/disclosure.yaml",
        "prior_total: 3831.00",
        "prior_totel: 3831.00",
    ),
    ("2025-budget/waivers.yaml", "waivers:\n", "waiver:\n"),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "table: expenditure",
        "table: expenditures",
    ),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "{code: \"20132\"",
        "{code: 20132",
    ),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "{code: \"20132\"",
        "{code: \"2013\"",
    ),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "{code: \"20132\", name: 组织事务",
        "{code: \"20132\"",
    ),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "{total: 3764.74, basic",
        "{totel: 3764.74, basic",
    ),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "total: {total: 3764.74, basic: 449.83, project: 3314.92}\n",
        "",
    ),
    (
        "2025-budget/tables/03-expenditure.yaml",
        "rows:\n",
        "no_data: 没有\nrows:\n",
    ),
    (
        "2025-budget/tables/01-summary.yaml",
        "{id: general_public,",
        "{id: general_publik,",
    ),
    (
        "2025-budget/tables/01-summary.yaml",
        "name: 一、一般公共预算,",
        "name: 一般公共预算,",
    ),
    (
        "2025-budget/tables/10-three-public.yaml",
        "{id: official_reception, ",
        "{",
    ),
    (
        "2025-budget/tables/10-three-public.yaml",
        "total: 6.20, general",
        "total: 6.20万元, general",
    ),
    (
        "2025-budget/tables/10-three-public.yaml",
        "total: 6.20, general",
        "total: [6.20], general",
    ),
    (
        "2025-budget/tables/12-projects.yaml",
        "{id: bureau-01, ",
        "{id: 甲, ",
    ),
    (
        "2025-budget/projects/08-veterans-affairs-operations.yaml",
        "name: 退役军人事务各项工作经费\n",
        "",
    ),
    (
        "2025-budget/projects/08-veterans-affairs-operations.yaml",
        "attribute:",
        "atribute:",
    ),
    (
        "2025-budget/projects/08-veterans-affairs-operations.yaml",
        "rows: [bureau-07, bureau-08]",
        "rows: {a: b}",
    ),
    (
        "2025-budget/projects/08-veterans-affairs-operations.yaml",
        "  whole: {total: 0, central",
        "  whole: {total: x, central",
    ),
];

#[test]
fn every_planted_fault_of_shape_is_refused_by_both() {
    let schemas = Schemas::of(&repository());
    let mut missed = Vec::new();
    for (file, from, to) in FAULTS {
        let path = match *file {
            "site.toml" => (*file).to_owned(),
            _ => format!("{DATA}{file}"),
        };
        let site = Site::reference();
        site.replace(&path, from, to);
        if site.run(&["check"]).code != 1 {
            missed.push(format!("the reader takes {to:?} in {file}"));
        }
        if schemas
            .faults(site.root(), &path)
            .is_none_or(|faults| faults.is_empty())
        {
            missed.push(format!("the schema takes {to:?} in {file}"));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn every_planted_fault_of_a_correction_is_refused_by_both() {
    let path = format!("{DATA}2025-budget/corrections.yaml");
    let schemas = Schemas::of(&repository());
    let mut missed = Vec::new();
    for (from, to) in [
        ("corrections:\n", "correction:\n"),
        ("  - date: 2025-06-01\n    reason:", "  - reason:"),
        ("date: 2025-06-01", "date: 2025-13-01"),
        ("date: 2025-06-01", "date:"),
        ("id: first", "id: 第一"),
        ("reason: 名称<有误>。", "reason: \"\""),
        ("    approval:", "    aproval:"),
        ("was: 10, now: 0", "was: 10"),
        ("was: 10, now: 0", "was: 10, now: [0]"),
        ("{at: input.office_area, ", "{"),
        (
            "{at: input.office_area, ",
            "{at: input.office_area, where: 表外数据, ",
        ),
    ] {
        let site = corrections::site();
        site.replace(&path, from, to);
        if site.run(&["check"]).code != 1 {
            missed.push(format!("the reader takes {to:?}"));
        }
        if schemas.faults(site.root(), &path) == Some(Vec::new()) {
            missed.push(format!("the schema takes {to:?}"));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn the_command_writes_the_schemas_and_names_a_folder_that_it_cannot_write() {
    let site = Site::reference();
    let run = site.run(&["schema"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "7 份 JSON Schema → SITE/schema\n")
    );
    let written = tree(&site.path("schema"));
    let expected: Vec<(String, Vec<u8>)> = schema::all(&discover::library(
        site.root(),
        &mut gongkai::diagnostic::Diagnostics::default(),
    ))
    .into_iter()
    .map(|(path, text)| (path, text.into_bytes()))
    .collect();
    assert_eq!(written, expected);
    let file = site.path("site.toml").display().to_string();
    assert_eq!(site.run(&["schema", "--output", &file]).code, 2);
}

#[test]
fn the_editor_settings_of_a_new_site_name_schemas_that_there_are() {
    let site = Site::empty();
    site.run(&["init"]);
    let settings: Value = serde_json::from_str(&site.read(".vscode/settings.json")).expect("JSON");
    let schemas = settings["yaml.schemas"].as_object().expect("a map");
    assert_eq!(schemas.len(), 6);
    for path in schemas.keys() {
        assert!(site.path(path).is_file(), "{path}");
    }
}
