//! What the checks find in data that can be read: one small change to `tests/cases/tiny` a folder of
//! `tests/cases/findings/`, and the expected finding as a comment on the line above the one at fault.
//!
//! ```text
//! # error[personal-phone] 138****1234          YAML, TOML, plain text
//! <!-- warning[stale-year] 2022年底前 -->       Markdown, HTML
//! # file error[required-missing] 概况          the file as a whole, in its first line
//! ```
//!
//! The words after the code must stand in the Chinese message. A folder whose name ends in `-pass`
//! has no such comment and gives no finding, but for those that a waiver answers (`waived[…]`);
//! `<code>-pass` shows what `<code>` lets be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gongkai::diagnostic::{Class, Diagnostic, Language, human};

use crate::faults::codes::finding_codes;
use crate::faults::{check, printed};
use crate::support::{Site, repository, tree};

/// What a comment says, or a finding is: file, line, weight and code.
type Key = (String, u32, String, String);

/// The comments of a folder with the words after their codes.
type Expected = BTreeMap<Key, Vec<String>>;

fn folder() -> PathBuf {
    repository().join("tests/cases/findings")
}

/// Files of each folder by its name.
fn fixtures() -> BTreeMap<String, Vec<(String, Vec<u8>)>> {
    let mut fixtures: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (path, bytes) in tree(&folder()) {
        let (name, file) = path.split_once('/').expect("a folder a fixture");
        let files = fixtures.entry(name.to_owned()).or_default();
        files.push((file.to_owned(), bytes));
    }
    fixtures
}

/// Weight, code and words of a line that is nothing but an expectation.
fn comment(line: &str) -> Option<(&str, &str, &str)> {
    let line = line.trim();
    let text = match line.strip_prefix("<!--") {
        Some(html) => html.strip_suffix("-->")?,
        None => line.strip_prefix('#')?,
    };
    let (severity, rest) = text.trim().split_once('[')?;
    let (code, words) = rest.split_once(']')?;
    ["error", "warning", "note", "waived"]
        .contains(&severity)
        .then(|| (severity, code, words.trim()))
}

/// The comments of a folder, each for the next line that is none, or for the file as a whole.
fn expected(files: &[(String, Vec<u8>)]) -> Expected {
    let mut expected = Expected::new();
    for (file, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        let mut open: Vec<(&str, &str, &str)> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let whole = line.replacen("# file ", "# ", 1);
            if whole != line {
                let (severity, code, words) = comment(&whole).expect(file);
                let key = (file.clone(), 0, severity.to_owned(), code.to_owned());
                expected.entry(key).or_default().push(words.to_owned());
                continue;
            }
            if let Some(found) = comment(line) {
                open.push(found);
                continue;
            }
            for (severity, code, words) in open.drain(..) {
                let key = (file.clone(), number, severity.to_owned(), code.to_owned());
                expected.entry(key).or_default().push(words.to_owned());
            }
        }
        assert!(open.is_empty(), "{file} ends with a comment");
    }
    expected
}

fn key(diagnostic: &Diagnostic) -> Key {
    let location = &diagnostic.location;
    (
        location.source.path.clone(),
        location.place.line,
        diagnostic.word(Language::En).to_owned(),
        diagnostic.code.to_owned(),
    )
}

/// What a check of the tiny site with these files over it reports.
fn reported(files: &[(String, Vec<u8>)]) -> Vec<Diagnostic> {
    let site = Site::case("tiny");
    for (file, bytes) in files {
        site.write(file, bytes);
    }
    check(site.root())
}

/// Codes that the comments of all folders name.
pub fn shown() -> BTreeSet<String> {
    fixtures()
        .values()
        .flat_map(|files| expected(files).into_keys())
        .map(|(.., code)| code)
        .collect()
}

#[test]
fn each_folder_gives_the_findings_that_its_comments_say() {
    let mut differing = Vec::new();
    for (name, files) in fixtures() {
        let expected = expected(&files);
        assert_eq!(
            name.ends_with("-pass"),
            expected.keys().all(|(.., word, _)| word == "waived"),
            "{name}: a folder has comments unless its name ends in -pass"
        );
        let found = reported(&files);
        let keys: BTreeSet<Key> = found.iter().map(key).collect();
        for missing in expected.keys().filter(|key| !keys.contains(*key)) {
            differing.push(format!("{name}: not found: {missing:?}"));
        }
        for diagnostic in &found {
            let key = key(diagnostic);
            let message = &diagnostic.say.zh;
            if !expected.contains_key(&key) {
                differing.push(format!("{name}: not expected: {key:?} {message}"));
            }
        }
        for (key_wanted, words) in &expected {
            for words in words {
                let said = found
                    .iter()
                    .any(|found| key(found) == *key_wanted && found.say.zh.contains(words));
                if keys.contains(key_wanted) && !said {
                    differing.push(format!("{name}: no {words:?} in {key_wanted:?}"));
                }
            }
        }
    }
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

#[test]
fn every_kind_of_finding_has_a_case_and_a_case_that_passes() {
    let shown = shown();
    let names: BTreeSet<String> = fixtures().into_keys().collect();
    for code in finding_codes() {
        // Only a release says so: see `faults::rules`.
        if code == "release-status" {
            continue;
        }
        assert!(shown.contains(&code), "no folder shows {code}");
        let passing = format!("{code}-pass");
        assert!(names.contains(&passing), "no folder {passing}");
    }
}

#[test]
fn no_report_repeats_personal_data() {
    let mut seen = 0;
    for (name, files) in fixtures() {
        let found = reported(&files);
        let shown: Vec<String> = [Language::Zh, Language::En]
            .into_iter()
            .map(|language| {
                let options = human::Options {
                    language,
                    verbose: true,
                };
                printed(&found, options)
            })
            .collect();
        for finding in found.iter().filter(|one| one.class == Class::Finding) {
            let Some(detail) = &finding.detail else {
                continue;
            };
            let Some(matched) = &detail.matched else {
                continue;
            };
            if detail.found.as_deref() == Some(matched) {
                continue;
            }
            seen += 1;
            for text in &shown {
                assert!(!text.contains(&**matched), "{name} shows {matched}: {text}");
            }
        }
    }
    assert!(seen > 5, "{seen} findings of personal data");
}
