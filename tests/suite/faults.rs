//! Every fault of loader, checker and templates: one change to a copy of `tests/cases/tiny`, and the
//! exact words, places and exit status of the run after it.
//!
//! What a run says stands in `tests/cases/faults/<name>.txt`; `GONGKAI_BLESS=1` writes these files
//! anew, and each is to be read before it is kept.

mod amounts;
pub mod codes;
mod corrections;
mod encoding;
mod files;
mod imports;
mod keys;
mod pages;
mod robust;
mod rules;
mod runs;
mod settings;
mod sheets;
mod standards;
mod tables;
mod texts;
mod yaml;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use codespan_reporting::term::termcolor::NoColor;
use gongkai::diagnostic::{Diagnostic, Language, human};
use gongkai::pipeline::{self, CheckOptions};

use crate::support::{Run, Site, differs_from, repository, tree};

const HEAD: &str = "data/demo/2025-budget/disclosure.yaml";
const ENTITY: &str = "data/demo/entity.yaml";
const OVERVIEW: &str = "data/demo/2025-budget/overview.md";
const SPENDING: &str = "data/demo/2025-budget/tables/spending.yaml";
const BALANCE: &str = "data/demo/2025-budget/tables/balance.yaml";
const PROJECTS: &str = "data/demo/2025-budget/tables/projects.yaml";
const REPAIRS: &str = "data/demo/2025-budget/projects/repairs.yaml";
const STANDARD: &str = "standards/tiny/standard.yaml";
const FORM: &str = "standards/tiny/tables/1-spending.yaml";

/// Every case, by the module that describes it.
const TOPICS: [&[Case]; 14] = [
    encoding::CASES,
    yaml::CASES,
    files::CASES,
    imports::CASES,
    settings::CASES,
    keys::CASES,
    amounts::CASES,
    tables::CASES,
    sheets::CASES,
    standards::CASES,
    texts::CASES,
    runs::CASES,
    rules::CASES,
    corrections::CASES,
];

/// One change to the site, and how the program is then run on it.
pub struct Case {
    name: &'static str,
    change: fn(&Site),
    arguments: &'static [&'static str],
    /// Whether `check` says the same: it finds all that is wrong with the site, if not with where it is written.
    checked: bool,
}

impl Case {
    const fn new(name: &'static str, change: fn(&Site)) -> Self {
        Self {
            name,
            change,
            arguments: &["build", "-q"],
            checked: true,
        }
    }

    /// With English messages.
    const fn english(mut self) -> Self {
        self.arguments = &["--lang", "en", "build", "-q"];
        self
    }

    /// With what is said often in full.
    const fn in_full(mut self) -> Self {
        self.arguments = &["build", "-q", "-v"];
        self
    }

    /// With arguments of its own, `SITE` in them for its root, for what only a build meets.
    const fn run_as(mut self, arguments: &'static [&'static str]) -> Self {
        self.arguments = arguments;
        self.checked = false;
        self
    }
}

/// The tiny site with the output of a good build.
static BUILT: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let site = Site::case("tiny");
    let run = site.run(&["build", "-q"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
    tree(site.root())
});

/// A copy of the tiny site that was built before.
pub fn built() -> Site {
    let site = Site::empty();
    for (name, bytes) in &*BUILT {
        site.write(name, bytes);
    }
    site
}

/// Every case by its name, with its change.
pub fn changes() -> impl Iterator<Item = (&'static str, fn(&Site))> {
    let cases = TOPICS.into_iter().flatten();
    cases.map(|case| (case.name, case.change))
}

/// Runs the cases of a topic and names all that differ from their files.
pub fn run_all(cases: &[Case]) {
    let differing: Vec<String> = cases.iter().filter_map(difference).collect();
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

fn difference(case: &Case) -> Option<String> {
    let site = built();
    let before = tree(&site.path("public"));
    let left = work(&site);
    assert!(left.contains("state"), "{left:?}");
    (case.change)(&site);
    let root = site.root().display().to_string();
    let arguments: Vec<String> = case
        .arguments
        .iter()
        .map(|word| word.replace("SITE", &root))
        .collect();
    let run = site.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let name = case.name;
    if run.code != 0 {
        assert!(
            tree(&site.path("public")) == before,
            "{name}: the published site has changed"
        );
        assert_eq!(
            work(&site),
            left,
            "{name}: a half-made site was left behind"
        );
    }
    if case.checked {
        let options = human::Options {
            language: if case.arguments.contains(&"en") {
                Language::En
            } else {
                Language::Zh
            },
            verbose: case.arguments.contains(&"-v"),
        };
        assert_eq!(
            run.stderr,
            printed(&check(site.root()), options),
            "{name}: check and build differ"
        );
    }
    let Run {
        code,
        stdout,
        stderr,
    } = run;
    let found = format!("{stderr}{stdout}exit {code}\n");
    differs_from(&expected_folder().join(format!("{name}.txt")), &found)
}

/// What stands in the folder in which builds work.
fn work(site: &Site) -> BTreeSet<String> {
    let listed = std::fs::read_dir(site.path(".public.gongkai")).expect("a folder");
    let names = listed.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn expected_folder() -> PathBuf {
    repository().join("tests/cases/faults")
}

/// What a check of the site reports.
pub fn check(root: &Path) -> Vec<Diagnostic> {
    let options = CheckOptions {
        root: root.to_owned(),
        ..CheckOptions::default()
    };
    pipeline::check(&options, &()).expect("a site").diagnostics
}

/// Diagnostics as the terminal shows them.
pub fn printed(diagnostics: &[Diagnostic], options: human::Options) -> String {
    let mut out = NoColor::new(Vec::new());
    human::write(&mut out, diagnostics, options).expect("memory");
    String::from_utf8(out.into_inner()).expect("text")
}

#[test]
fn every_expected_text_belongs_to_one_case() {
    let mut names = BTreeSet::new();
    for case in TOPICS.into_iter().flatten() {
        assert!(
            names.insert(format!("{}.txt", case.name)),
            "{} twice",
            case.name
        );
    }
    let files: BTreeSet<String> = tree(&expected_folder())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(files, names);
}
