//! docs/templates.md: every template, its blocks, and what it knows; the example is built as it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::holds;
use crate::corrections;
use crate::docs::{blocks, document};
use crate::support::{Site, repository};

/// The templates of the program by name.
fn templates() -> BTreeMap<String, String> {
    fs::read_dir(repository().join("templates"))
        .expect("the templates")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// What stands behind a word of a tag: `{% block main %}` -> `main`.
fn tags(text: &str, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in text.split("{%").skip(1) {
        let tag = tag.split("%}").next().unwrap_or_default();
        let tag = tag.trim_matches(|c: char| c == '-' || c.is_whitespace());
        if let Some(rest) = tag
            .strip_prefix(word)
            .and_then(|rest| rest.strip_prefix(' '))
        {
            found.push(rest.trim().trim_matches('"').to_owned());
        }
    }
    found.dedup();
    found
}

/// Every path of a value, with `[]` for the items of lists.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                paths(value, &format!("{path}.{key}"), found);
            }
        }
        Value::Array(items) => {
            found.insert(format!("{path}[]"));
            for item in items {
                paths(item, &format!("{path}[]"), found);
            }
        }
        _ => {
            found.insert(path.to_owned());
        }
    }
}

/// What each template of a page knows, by name of the value.
type Known = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

fn known() -> Known {
    let site = corrections::site();
    for name in templates().keys() {
        let text = document(&format!("templates/{name}"));
        let stays = !text.contains("{% extends") && name != "sitemap.xml";
        if !stays && name != "disclosure.html" {
            site.write(&format!("templates/{name}"), "{{ __tera_context | safe }}");
        }
    }
    let run = site.run_unparsed(&["build", "-q", "--draft"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut known = Known::new();
    for (path, bytes) in crate::support::tree(&site.path("public")) {
        let Some(text) = std::str::from_utf8(&bytes)
            .ok()
            .filter(|text| text.starts_with("{\""))
        else {
            continue;
        };
        if ![".html", "sitemap.xml"]
            .iter()
            .any(|end| path.ends_with(end))
        {
            continue;
        }
        // Nothing at all is printed for what is not there.
        let text = text
            .replace("\": ,", "\": null,")
            .replace("\": }", "\": null}")
            // Written as Rust does.
            .replace("\\u{a0}", " ");
        let context: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let template = context["page"]["template"].as_str().expect("a name");
        let values = known.entry(template.to_owned()).or_default();
        for (name, value) in context.as_object().expect("an object") {
            paths(value, name, values.entry(name.clone()).or_default());
        }
    }
    known
}

fn list(out: &mut String, paths: &BTreeSet<String>) {
    // An item of a list that holds values says that it is a list.
    let shown: Vec<String> = paths
        .iter()
        .filter(|path| {
            let below = format!("{path}.");
            !paths.iter().any(|other| other.starts_with(&below))
        })
        .map(|path| format!("`{path}`"))
        .collect();
    writeln!(out, "{}", shown.join(" ")).expect("memory");
}

#[test]
fn the_values_that_templates_know_are_listed() {
    let known = known();
    let mut out = String::new();
    for (name, of) in [
        ("site", "每一页"),
        ("page", "每一页"),
        ("disclosure", "一份公开的每一页"),
    ] {
        let mut all = BTreeSet::new();
        for values in known.values() {
            all.extend(values.get(name).into_iter().flatten().cloned());
        }
        assert!(all.len() > 8, "{name}: {all:?}");
        writeln!(out, "\n### `{name}`（{of}）\n").expect("memory");
        list(&mut out, &all);
    }
    out.push_str("\n### 各页另有的\n");
    for (template, values) in &known {
        let mut own = BTreeSet::new();
        for (name, paths) in values {
            if !["site", "page", "disclosure"].contains(&name.as_str()) {
                own.extend(paths.iter().cloned());
            }
        }
        if !own.is_empty() {
            let ending = if template == "sitemap" { "xml" } else { "html" };
            write!(out, "\n`{template}.{ending}`：").expect("memory");
            list(&mut out, &own);
        }
    }
    assert!(known.len() >= 13, "{:?}", known.keys());
    holds("docs/templates.md", "values", &out);
}

#[test]
fn the_parts_of_templates_are_listed() {
    let mut out = String::from("| 文件 | 继承 | 块 | 引用 |\n|---|---|---|---|\n");
    let code = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join("、")
    };
    let templates = templates();
    for (name, text) in &templates {
        let [extends, blocks, includes] =
            ["extends", "block", "include"].map(|word| tags(text, word));
        let (extends, blocks, includes) = (code(&extends), code(&blocks), code(&includes));
        writeln!(out, "| `{name}` | {extends} | {blocks} | {includes} |").expect("memory");
    }
    holds("docs/templates.md", "parts", &out);
    // Each is described as well, and nothing else.
    let text = document("docs/templates.md");
    let (described, _) = text.split_once("<!-- generated: parts -->").expect("it");
    for name in templates.keys() {
        assert!(
            described.contains(&format!("| `{name}` | ")),
            "{name} is described"
        );
    }
    let rows = described.lines().filter(|line| {
        line.starts_with("| `") && line.contains(".html` |") && !line.contains("templates/")
    });
    assert_eq!(
        rows.count() + 1,
        templates.len(),
        "what is described is there"
    );
}

#[test]
fn every_function_of_templates_is_described() {
    let source = document("src/render/functions.rs");
    let text = document("docs/templates.md");
    let names: Vec<&str> = source
        .split("register_function(")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(1))
        .collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        assert!(text.contains(&format!("`{name}(")), "{name}");
    }
}

#[test]
fn the_example_changes_a_block_and_a_style_and_nothing_else() {
    let text = document("docs/templates.md");
    let site = Site::case("tiny");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let before = site.read("public/index.html");
    let page = "demo/2025-budget/t01.html";
    let table = site.read(&format!("public/{page}"));
    let mut written = 0;
    for language in ["html", "css"] {
        for block in blocks(&text, language) {
            let first = block.lines().next().expect("a line");
            let path = first
                .trim_start_matches("{#")
                .trim_start_matches("/*")
                .split_whitespace()
                .next()
                .expect("a path");
            assert!(
                path.starts_with("templates/") || path.starts_with("static/"),
                "{first}"
            );
            site.write(path, &block);
            written += 1;
        }
    }
    assert_eq!(written, 3);
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let after = site.read("public/index.html");
    assert!(after.contains("<p class=\"notice\">") && !before.contains("notice"));
    assert!(after.contains("</h1>"), "what was there stays");
    assert!(site.read("public/style/screen.css").contains(".notice"));
    let now = site.read(&format!("public/{page}"));
    assert_ne!(now, table);
    assert!(now.contains("name=\"theme-color\""), "{now}");
    assert!(now.contains("t01.csv"), "the head that was there stays");
}
