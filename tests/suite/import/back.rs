//! Export, import, build: the same bytes.

use std::path::PathBuf;

use gongkai::import::{self, Options};
use gongkai::pipeline::{self, BuildOptions};

use crate::parsed;
use crate::support::{Random, Site, tree};

/// Figures that are changed in each disclosure.
const CHANGES: usize = 40;

struct Place {
    entity: &'static str,
    year: u16,
    /// Folder of the disclosure below `data/` and of its pages.
    folder: &'static str,
}

const REFERENCE: Place = Place {
    entity: "yq-veterans",
    year: 2025,
    folder: "yq-veterans/2025-budget",
};

const SECOND: Place = Place {
    entity: "qinghe-library",
    year: 2024,
    folder: "qinghe-library/2024-final",
};

fn build(site: &Site) -> Vec<(String, Vec<u8>)> {
    let options = BuildOptions {
        root: site.root().to_owned(),
        fresh: true,
        ..BuildOptions::default()
    };
    let outcome = pipeline::build(&options, &()).expect("a build");
    let faults: Vec<_> = outcome
        .diagnostics
        .iter()
        .filter(|found| found.is_fault())
        .collect();
    assert!(outcome.output.is_some(), "{faults:?}");
    parsed::look(&site.path("public"), &site.path("static"));
    tree(&site.path("public"))
}

fn import(site: &Site, place: &Place, file: PathBuf) {
    let options = Options {
        root: site.root().to_owned(),
        files: vec![file],
        entity: place.entity.to_owned(),
        year: place.year,
        force: true,
        ..Options::default()
    };
    let receipt = import::import(&options).expect("an import");
    let problems = receipt.problems.iter().map(|problem| &problem.say.zh);
    let problems: Vec<&String> = problems.collect();
    assert!(receipt.written && problems.is_empty(), "{problems:?}");
}

/// The manifest without the digests of what a disclosure was made from: an import may write the same
/// otherwise, a text in quotation marks where there were none.
fn plain(name: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if name != "manifest.json" {
        return text;
    }
    let lines = text.lines().filter(|line| !line.contains("\"sources\":"));
    lines.collect::<Vec<_>>().join("\n")
}

fn assert_same(before: &[(String, Vec<u8>)], after: &[(String, Vec<u8>)]) {
    let names = |tree: &[(String, Vec<u8>)]| -> Vec<String> {
        tree.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(before), names(after));
    for ((name, old), (_, new)) in before.iter().zip(after) {
        if old != new {
            let (old, new) = (plain(name, old), plain(name, new));
            if old == new {
                continue;
            }
            let line = old.lines().zip(new.lines()).find(|(old, new)| old != new);
            panic!("{name}: {line:?}");
        }
    }
}

/// A reference site in which random figures are others, as a draft.
fn random_site(seed: u64) -> Site {
    let site = Site::reference();
    let mut random = Random::new(seed);
    let folder = format!("data/{}", REFERENCE.folder);
    site.replace(
        &format!("{folder}/disclosure.yaml"),
        "status: approved",
        "status: draft",
    );
    let mut files: Vec<(String, String)> = tree(&site.path(&format!("{folder}/tables")))
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("UTF-8")))
        .filter(|(_, text)| !text.contains("no_data"))
        .collect();
    for _ in 0..CHANGES {
        let at = random.below(files.len());
        let text = &mut files[at].1;
        let places: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
        let start = places[random.below(places.len())];
        let end = start + text[start..].find([',', '}', '\n']).expect("an end");
        let is_figure = text[start..end]
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !is_figure || start == end {
            continue;
        }
        let figure = match random.below(10) {
            0 => "0.00".to_owned(),
            1 => "0".to_owned(),
            2 => "无数据".to_owned(),
            _ => format!("{}.{:02}", random.below(100_000), random.below(100)),
        };
        text.replace_range(start..end, &figure);
    }
    for (name, text) in files {
        site.write(&format!("{folder}/tables/{name}"), text);
    }
    site
}

#[test]
fn a_built_site_is_imported_as_it_was() {
    for seed in 1..=3 {
        let site = random_site(seed);
        let before = build(&site);
        let folder = format!("data/{}", REFERENCE.folder);
        site.remove(&format!("{folder}/tables"))
            .remove(&format!("{folder}/projects"));
        import(&site, &REFERENCE, site.path("public"));
        assert_same(&before, &build(&site));
    }
}

#[test]
fn a_workbook_of_ours_is_imported_as_it_was() {
    for seed in 4..=6 {
        let site = random_site(seed);
        let before = build(&site);
        site.remove(&format!("data/{}/tables", REFERENCE.folder));
        let book = format!("public/{}/tables.xlsx", REFERENCE.folder);
        import(&site, &REFERENCE, site.path(&book));
        assert_same(&before, &build(&site));
    }
}

#[test]
fn both_are_imported_as_they_were_by_another_standard() {
    for file in ["data.json", "tables.xlsx"] {
        let site = Site::case("second");
        let before = build(&site);
        let export = site.path(&format!("public/{}/{file}", SECOND.folder));
        import(&site, &SECOND, export);
        assert_same(&before, &build(&site));
    }
}

#[test]
fn a_built_site_starts_a_new_one() {
    let old = Site::reference();
    build(&old);
    let site = Site::empty();
    assert_eq!(site.run(&["init"]).code, 0);
    let export = old.path("public").display().to_string();
    let run = site.run(&[
        "import",
        &export,
        "--entity",
        "yq-veterans",
        "--year",
        "2025",
        "--name",
        "阳泉市退役军人事务局",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let folder = format!("data/{}", REFERENCE.folder);
    for file in tree(&old.path(&format!("{folder}/tables"))) {
        let path = format!("{folder}/tables/{}", file.0);
        assert_eq!(site.read(&path).into_bytes(), file.1, "{path}");
    }
    let head = site.read(&format!("{folder}/disclosure.yaml"));
    assert!(head.contains("\n  prior_total: 3831.00 # "), "{head}");
    assert!(head.contains("\npublished: \"2025-04-02\" # "), "{head}");
    let run = site.run(&["build", "-q"]);
    assert!(
        run.code < 2 && !run.stderr.contains("input-missing"),
        "{}",
        run.stderr
    );
}
