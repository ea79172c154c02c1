//! The documents as a set: one list of all, links that lead somewhere, commands that there are.

use std::collections::BTreeSet;
use std::fs;

use crate::docs::{blocks, document};
use crate::support::{Site, repository};

/// Every document for people: `docs/*.md` and what stands beside the program.
fn documents() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(repository().join("docs"))
        .expect("the documents")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.rsplit('.').next() == Some("md"))
        .map(|name| format!("docs/{name}"))
        .collect();
    names.extend(["README.md", "README.zh-CN.md", "CHANGELOG.md"].map(str::to_owned));
    names.sort();
    names
}

/// The text without code, where a link is none and a heading is none.
fn prose(text: &str) -> String {
    let mut code = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            for (number, part) in line.split('`').enumerate() {
                prose.push_str(if number % 2 == 0 { part } else { "`" });
            }
            prose.push('\n');
        }
    }
    prose
}

/// Addresses of links and pictures.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let parts = prose.split("](").skip(1);
    parts
        .map(|part| part.split(')').next().unwrap_or_default().to_owned())
        .collect()
}

/// Names of headings as readers of Markdown make them: lower case, letters and digits, `-` for a space.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut code = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        let title = line.trim_start_matches('#');
        if code || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let anchor: String = title
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        anchors.insert(anchor);
    }
    anchors
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for name in documents() {
        for link in links(&document(&name)) {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = match file {
                "" => name.clone(),
                _ if folder.is_empty() => file.to_owned(),
                _ => format!("{folder}/{file}"),
            };
            if !repository().join(&path).exists() {
                faults.push(format!("{name}: {link}"));
            } else if !anchor.is_empty() && !anchors(&document(&path)).contains(anchor) {
                faults.push(format!("{name}: {link}: {:?}", anchors(&document(&path))));
            }
            seen += 1;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(seen > 60, "{seen} links");
}

#[test]
fn the_summary_and_both_readmes_list_every_document() {
    let summary = document("docs/SUMMARY.md");
    let listed: Vec<String> = links(&summary);
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "none is listed twice");
    for name in documents() {
        let Some(file) = name
            .strip_prefix("docs/")
            .filter(|file| *file != "SUMMARY.md")
        else {
            continue;
        };
        assert!(
            listed.iter().any(|link| link == file),
            "SUMMARY.md lists {file}"
        );
        for readme in ["README.md", "README.zh-CN.md"] {
            assert!(
                links(&document(readme)).contains(&name),
                "{readme} links {name}"
            );
        }
    }
    // mdBook takes items and headings, one a line.
    for line in summary.lines().filter(|line| !line.is_empty()) {
        assert!(line.starts_with("# ") || line.starts_with("- ["), "{line}");
    }
    let book: toml::Value = toml::from_str(&document("docs/book.toml")).expect("TOML");
    assert_eq!(book["book"]["src"].as_str(), Some("."));
}

/// The command lines of gongkai in a document: in blocks of commands, and in code among the prose.
fn commands(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let lines = blocks(text, "sh").into_iter().chain(blocks(text, ""));
    for block in lines {
        found.extend(block.lines().map(|line| line.trim().to_owned()));
    }
    for line in text.lines() {
        found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    found
        .into_iter()
        .filter(|line| line.starts_with("gongkai ") || line.contains("&& gongkai "))
        .map(|line| line.replace("规则的 id", "规则的id"))
        .filter(|line| !line.contains(['[', '…', '<']))
        .map(|line| {
            let at = line.find("gongkai ").unwrap_or_default();
            let line = line[at..].split(" #").next().unwrap_or_default();
            line.split(['|', '>', ';', '&'])
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn every_command_line_in_the_documents_is_one_that_the_program_takes() {
    let site = Site::empty();
    let mut seen = BTreeSet::new();
    for name in documents() {
        if name == "CHANGELOG.md" {
            continue;
        }
        for line in commands(&document(&name)) {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            if ["--version", "program"].contains(words.first().unwrap_or(&"program")) {
                continue;
            }
            // What is wrong before it is told, and nothing is done. Prose may name an option without its value.
            let mut run = site.run(&[&words[..], &["--help"]].concat());
            if run.stderr.contains("后面要写一个值") {
                run = site.run(&[&words[..], &["2026", "--help"]].concat());
            }
            assert_eq!(run.code, 0, "{name}: {line}\n{}", run.stderr);
            seen.insert(line);
        }
    }
    assert!(seen.len() > 40, "{} command lines: {seen:?}", seen.len());
}
