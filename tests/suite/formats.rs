//! One list of problems in every format, and what goes where when the program is run.
//!
//! What is expected stands in `tests/cases/formats/`; `GONGKAI_BLESS=1` writes these files anew.

mod sample;

use std::collections::BTreeSet;
use std::path::Path;

use codespan_reporting::term::termcolor::NoColor;
use gongkai::diagnostic::{Language, Setting, concise, github, human, json, sarif};
use serde_json::Value;

use self::sample::sample;
use crate::support::{Site, differs_from, repository, tree};

const FILES: [&str; 17] = [
    "concise-en.txt",
    "concise.txt",
    "github-en.txt",
    "github.txt",
    "human-en.txt",
    "human-verbose.txt",
    "human.txt",
    "json.txt",
    "run-build-json.txt",
    "run-build-strict.txt",
    "run-concise.txt",
    "run-github.txt",
    "run-human.txt",
    "run-json.txt",
    "run-sarif.txt",
    "sarif-en.txt",
    "sarif.txt",
];

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("text")
}

fn for_people(language: Language, verbose: bool) -> String {
    let options = human::Options { language, verbose };
    let mut out = NoColor::new(Vec::new());
    human::write(&mut out, &sample(), options).expect("memory");
    String::from_utf8(out.into_inner()).expect("text")
}

fn as_sarif(language: Language) -> String {
    let setting = Setting {
        language,
        root: Path::new("sites/demo"),
    };
    text(|out| sarif::write(out, &sample(), setting).expect("memory"))
}

/// Fails with all that differ.
fn compare(found: &[(&str, String)]) {
    let folder = repository().join("tests/cases/formats");
    let differing: Vec<String> = found
        .iter()
        .filter_map(|(name, text)| differs_from(&folder.join(name), text))
        .collect();
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

#[test]
fn every_format_tells_the_same_problems() {
    let setting = |language, root| Setting {
        language,
        root: Path::new(root),
    };
    let problems = sample();
    let concise = |language| {
        let setting = setting(language, "./site");
        text(|out| concise::write(out, &problems, setting).expect("memory"))
    };
    let github = |language| {
        let setting = setting(language, ".");
        text(|out| github::write(out, &problems, setting).expect("memory"))
    };
    compare(&[
        ("human.txt", for_people(Language::Zh, false)),
        ("human-verbose.txt", for_people(Language::Zh, true)),
        ("human-en.txt", for_people(Language::En, false)),
        ("concise.txt", concise(Language::Zh)),
        ("concise-en.txt", concise(Language::En)),
        ("github.txt", github(Language::Zh)),
        ("github-en.txt", github(Language::En)),
        (
            "json.txt",
            text(|out| json::write(out, &problems, 2).expect("memory")),
        ),
        ("sarif.txt", as_sarif(Language::Zh)),
        ("sarif-en.txt", as_sarif(Language::En)),
    ]);
}

#[test]
fn a_text_that_was_matched_is_never_told() {
    let found = tree(&repository().join("tests/cases/formats"));
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, FILES);
    for (name, bytes) in &found {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("never printed"), "{name}");
    }
}

/// What SARIF 2.1.0 requires of the parts that are used.
#[test]
fn sarif_has_what_its_schema_requires() {
    let log: Value = serde_json::from_str(&as_sarif(Language::Zh)).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let schema = log["$schema"].as_str().expect("a schema");
    assert!(schema.ends_with("sarif-schema-2.1.0.json"));
    let [run] = &log["runs"].as_array().expect("runs")[..] else {
        panic!("one run")
    };
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "gongkai");
    let rules = driver["rules"].as_array().expect("rules");
    let ids: BTreeSet<&str> = rules
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    assert_eq!(ids.len(), rules.len(), "each rule has an id of its own");
    for rule in rules {
        for part in ["shortDescription", "help"] {
            assert!(rule[part]["text"].is_string(), "{part} of {rule}");
        }
    }
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), sample().len());
    for result in results {
        let at = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(at).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        let level = result["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level));
        assert!(result["message"]["text"].is_string());
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.len(), 1);
        check_location(&locations[0]);
        let mut ids = BTreeSet::new();
        for related in result["relatedLocations"].as_array().into_iter().flatten() {
            check_location(related);
            assert!(related["message"]["text"].is_string());
            assert!(ids.insert(related["id"].as_u64().expect("an id")));
        }
        for suppression in result["suppressions"].as_array().into_iter().flatten() {
            assert_eq!(suppression["kind"], "external");
            assert_eq!(suppression["status"], "accepted");
        }
    }
    let suppressed = |result: &&Value| result["suppressions"].is_array();
    assert_eq!(results.iter().filter(suppressed).count(), 1);
}

fn check_location(location: &Value) {
    let physical = &location["physicalLocation"];
    let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b);
    assert!(uri.bytes().all(plain), "{uri}");
    assert!(!uri.starts_with('/') && !uri.contains(':'), "{uri}");
    if let Some(region) = physical.get("region") {
        let number = |key: &str| region[key].as_u64().expect("a number");
        assert!(number("startLine") >= 1 && number("startColumn") >= 1);
        assert!(number("endColumn") > number("startColumn"));
    }
}

const HEAD: &str = "data/demo/2025-budget/disclosure.yaml";

/// A fault, a warning and a note.
fn faulty() -> Site {
    let site = Site::case("tiny");
    site.replace(HEAD, "vehicles: 2", "vehicles: 2辆")
        .replace(HEAD, "90.00", "90")
        .replace(HEAD, "95.50", "\"1,095.50\"");
    site
}

fn run(site: &Site, arguments: &[&str]) -> String {
    let run = site.run(arguments);
    let (code, stdout, stderr) = (run.code, run.stdout, run.stderr);
    format!("--- stderr\n{stderr}--- stdout\n{stdout}--- exit {code}\n")
}

#[test]
fn people_read_stderr_and_machines_stdout() {
    let site = faulty();
    let check = |format: &str| run(&site, &["check", "--format", format]);
    compare(&[
        ("run-human.txt", check("human")),
        ("run-concise.txt", check("concise")),
        ("run-json.txt", check("json")),
        ("run-sarif.txt", check("sarif")),
        ("run-github.txt", check("github")),
        (
            "run-build-json.txt",
            run(&site, &["build", "--format", "json"]),
        ),
    ]);
}

#[test]
fn a_strict_run_takes_warnings_for_errors() {
    let site = Site::case("tiny");
    site.replace(HEAD, "90.00", "90");
    assert_eq!(site.run(&["check"]).code, 0);
    assert_eq!(site.run(&["check", "--strict"]).code, 1);
    compare(&[("run-build-strict.txt", run(&site, &["build", "--strict"]))]);
    assert!(!site.path("public").exists());
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    assert!(site.path("public/index.html").exists());
}

/// Errors, warnings, notes and waived of a line such as `── data/a：1 个错误，0 个警告，2 个提示`.
fn counts(line: &str) -> [usize; 3] {
    let mut numbers = line
        .rsplit('：')
        .next()
        .expect("counts")
        .split('，')
        .map(|part| part.split(' ').next().and_then(|word| word.parse().ok()));
    std::array::from_fn(|_| numbers.next().flatten().expect("a number"))
}

#[test]
fn the_headings_of_disclosures_count_what_the_total_counts() {
    let site = crate::support::Site::case("tiny");
    let cases = repository().join("tests/cases/findings/sum-rounding");
    crate::support::copy(&cases, site.root());
    for other in ["second", "third"] {
        crate::support::copy(
            &site.path("data/demo"),
            &site.path(&format!("data/{other}")),
        );
    }
    for entity in ["demo", "second"] {
        let overview = format!("data/{entity}/2025-budget/overview.md");
        site.write(&overview, site.read(&overview) + "\n联系电话：待补充\n");
    }
    for arguments in [&["check"][..], &["check", "-v"]] {
        let run = site.run(arguments);
        let headings: Vec<_> = run
            .stderr
            .lines()
            .filter(|line| line.starts_with("── data/"))
            .collect();
        let total = counts(run.stdout.trim_end());
        let mut sum = [0; 3];
        for heading in &headings {
            for (sum, count) in sum.iter_mut().zip(counts(heading)) {
                *sum += count;
            }
        }
        if arguments.len() == 2 {
            assert_eq!((headings.len(), sum), (3, total), "{}", run.stderr);
        } else {
            // Of the third there is nothing to show: it has notes only.
            assert_eq!(headings.len(), 2, "{}", run.stderr);
            assert_eq!(
                sum.map(|count| count * 3),
                [total[0] * 3, total[1] * 3, total[2] * 2]
            );
        }
        assert!(total[2] > 0 && sum[0] > 0, "{}", run.stderr);
    }
}
