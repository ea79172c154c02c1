//! A build that takes over what has not changed gives what a clean build gives, whatever was changed before.

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::time::Duration;

use gongkai::diagnostic::Keep;
use gongkai::pipeline::live::Live;

use crate::safety::{add, site, tell};
use crate::support::{Random, Site, copy, repository, tree};

/// So many changes one after the other.
const STEPS: usize = 60;

/// Likewise on a site with more disclosures than the search takes without signatures.
const LARGE_STEPS: usize = 8;
const LARGE: usize = 17;

/// Changes something of a site, and tells what.
fn edit(site: &Site, random: &mut Random, step: usize) -> String {
    let mut entities: Vec<String> = fs::read_dir(site.path("data"))
        .expect("data")
        .map(|entry| {
            entry
                .expect("an entity")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    entities.sort();
    let id = entities[random.below(entities.len())].clone();
    let folder = format!("data/{id}/2025-budget");
    let overview = format!("{folder}/overview.md");
    match random.below(15) {
        0 => {
            // The same sums with other parts.
            let path = format!("{folder}/tables/spending.yaml");
            let text = site.read(&path);
            let text = if text.contains("40.00, project: 30.00") {
                text.replace(
                    "basic: 40.00, project: 30.00",
                    "basic: 41.00, project: 29.00",
                )
                .replace(
                    "basic: 60.00, project: 40.00",
                    "basic: 61.00, project: 39.00",
                )
            } else {
                text.replace(
                    "basic: 41.00, project: 29.00",
                    "basic: 40.00, project: 30.00",
                )
                .replace(
                    "basic: 61.00, project: 39.00",
                    "basic: 60.00, project: 40.00",
                )
            };
            site.write(&path, text);
            format!("cells of {id}")
        }
        1 => {
            site.write(
                &overview,
                format!("## 一、本单位职责\n\n保管第{step}批档案。\n"),
            );
            format!("text of {id}")
        }
        2 => {
            let path = format!("data/{id}/entity.yaml");
            let text = site.read(&path);
            let region = text
                .lines()
                .find(|line| line.starts_with("region:"))
                .expect("a region");
            site.write(
                &path,
                text.replace(region, &format!("region: 阳城县{step}区")),
            );
            format!("region of {id}")
        }
        3 => {
            add(site, &format!("new-{step}"));
            format!("new-{step} added")
        }
        4 if entities.len() > 2 => {
            site.remove(&format!("data/{id}"));
            format!("{id} removed")
        }
        9 => {
            site.write(&overview, site.read(&overview));
            format!("{id} touched")
        }
        10 => {
            // The same size and time as before.
            let path = site.path(&overview);
            let written = fs::metadata(&path)
                .and_then(|found| found.modified())
                .expect("a time");
            let text = site.read(&overview).replace('保', "管");
            site.write(&overview, text);
            let file = File::options().write(true).open(&path).expect("the file");
            file.set_modified(written).expect("a time");
            format!("{id} changed behind its time")
        }
        kind @ 11..=13 => edit_file(site, kind, &id),
        kind => edit_site(site, kind, step),
    }
}

/// A table that cannot be read, or as it was, or another status.
fn edit_file(site: &Site, kind: usize, id: &str) -> String {
    let folder = format!("data/{id}/2025-budget");
    match kind {
        11 => {
            site.write(
                &format!("{folder}/tables/spending.yaml"),
                "table: spending\nrows: [\n",
            );
            format!("fault in {id}")
        }
        12 => {
            let source =
                repository().join("tests/cases/tiny/data/demo/2025-budget/tables/spending.yaml");
            site.write(
                &format!("{folder}/tables/spending.yaml"),
                fs::read(source).expect("a table"),
            );
            format!("table of {id} restored")
        }
        _ => {
            let path = format!("{folder}/disclosure.yaml");
            let text = site.read(&path);
            let text = if text.contains("status: approved") {
                text.replace("status: approved", "status: draft")
            } else {
                text.replace("status: draft", "status: approved")
            };
            site.write(&path, text);
            format!("status of {id}")
        }
    }
}

/// Changes something that belongs to no disclosure.
fn edit_site(site: &Site, kind: usize, step: usize) -> String {
    match kind {
        5 => {
            site.write("site.toml", format!("title = \"第{step}站\"\n"));
            "title".to_owned()
        }
        6 => {
            if site.path("static/note.txt").exists() {
                site.remove("static/note.txt");
            } else {
                site.write("static/note.txt", format!("{step}"));
            }
            "static file".to_owned()
        }
        7 => {
            let default = fs::read_to_string(repository().join("templates/glossary.html"));
            let text = default.expect("a template");
            site.write("templates/glossary.html", format!("{text}{{# {step} #}}\n"));
            "template".to_owned()
        }
        8 => {
            let path = "standards/tiny/glossary.md";
            site.write(
                path,
                format!("{}\n第{step}条说明。\n", site.read(path).trim_end()),
            );
            "standard".to_owned()
        }
        _ => {
            if site.path("public/demo/index.html").exists() {
                site.remove("public/demo/index.html");
            }
            site.write("public/by-hand.html", "by hand");
            "output changed by hand".to_owned()
        }
    }
}

/// What a build says it has changed.
fn told(list: &str) -> Vec<String> {
    list.lines()
        .filter(|path| *path != "manifest.json")
        .map(str::to_owned)
        .collect()
}

#[test]
fn any_sequence_of_changes_gives_what_a_clean_build_gives() {
    let (built, refused) = sequence(&site(3), STEPS, 0x0067_6f6e_676b_6169);
    tell(&format!(
        "{STEPS} changes: {built} builds, {refused} refused"
    ));
    assert!(built > STEPS / 3, "{built} builds");
}

#[test]
fn changes_of_a_large_site_give_what_a_clean_build_gives() {
    let (built, refused) = sequence(&site(LARGE), LARGE_STEPS, 0x6e67_6b61);
    tell(&format!(
        "{LARGE_STEPS} changes: {built} builds, {refused} refused"
    ));
    assert!(built > LARGE_STEPS / 3, "{built} builds");
}

/// Changes a site again and again; how many builds there were, and how many were refused.
fn sequence(site: &Site, steps: usize, seed: u64) -> (usize, usize) {
    let clean = Site::empty();
    let clean_output = clean.path("public").display().to_string();
    let list = clean.path("changed").display().to_string();
    let mut random = Random::new(seed);
    let mut published: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let (mut refused, mut built) = (0, 0);
    for step in 0..steps {
        let what = edit(site, &mut random, step);
        let options: &[&str] = match random.below(6) {
            0 => &["--draft"],
            1 => &["-u", "https://a.example/"],
            2 => &["--strict"],
            3 => &["--release"],
            _ => &[],
        };
        let own = [&["build", "-q", "--changed-list", &list], options].concat();
        let other = [&["build", "-q", "--no-cache", "-o", &clean_output], options].concat();
        let (own, other) = (site.run(&own), site.run(&other));
        let what = format!("step {step}: {what} {options:?}");
        assert_eq!(
            (own.code, &own.stderr),
            (other.code, &other.stderr),
            "{what}"
        );
        if own.code != 0 {
            refused += 1;
            if what.contains("fault") {
                // The next steps shall build again.
                for entity in fs::read_dir(site.path("data")).expect("data") {
                    let id = entity
                        .expect("an entity")
                        .file_name()
                        .to_string_lossy()
                        .into_owned();
                    let source = repository()
                        .join("tests/cases/tiny/data/demo/2025-budget/tables/spending.yaml");
                    site.write(
                        &format!("data/{id}/2025-budget/tables/spending.yaml"),
                        fs::read(source).expect("a table"),
                    );
                }
            }
            continue;
        }
        built += 1;
        let found: BTreeMap<String, Vec<u8>> = tree(&site.path("public")).into_iter().collect();
        let expected: BTreeMap<String, Vec<u8>> = tree(&clean.path("public")).into_iter().collect();
        let differing: Vec<&String> = expected
            .keys()
            .chain(found.keys())
            .filter(|path| expected.get(*path) != found.get(*path))
            .collect();
        assert_eq!(differing, Vec::<&String>::new(), "{what}");
        let mut changed: Vec<String> = published
            .keys()
            .chain(found.keys())
            .filter(|path| published.get(*path) != found.get(*path) && *path != "manifest.json")
            .cloned()
            .collect();
        changed.sort();
        changed.dedup();
        assert_eq!(told(&clean.read("changed")), changed, "{what}");
        published = found;
    }
    (built, refused)
}

#[test]
fn any_sequence_of_changes_gives_in_memory_what_a_build_from_nothing_gives() {
    in_memory(&site(3), STEPS / 2, 0x6c69_7665);
}

#[test]
fn changes_of_a_large_site_give_in_memory_what_a_build_from_nothing_gives() {
    in_memory(&site(LARGE), LARGE_STEPS, 0x6d65_6d6f);
}

fn in_memory(site: &Site, steps: usize, seed: u64) {
    let mut random = Random::new(seed);
    let new = || Live::new(site.root().to_owned(), Keep::Open);
    let (mut live, mut made) = (new(), 0);
    for step in 0..steps {
        let what = edit(site, &mut random, step);
        let (mut fresh, what) = (new(), format!("step {step}: {what}"));
        let found = live.build(&()).expect("a site");
        let expected = fresh.build(&()).expect("a site");
        let diagnostics = &found.outcome.diagnostics;
        assert_eq!(*diagnostics, expected.outcome.diagnostics, "{what}");
        assert_eq!(found.made, expected.made, "{what}");
        if !found.made {
            continue;
        }
        made += 1;
        let files = |live: &Live| -> Vec<(String, Vec<u8>)> {
            let snapshot = live.snapshot().expect("pages");
            let files = snapshot.paths().map(|path| {
                let bytes = snapshot.file(&path).expect("a file").to_vec();
                (path, bytes)
            });
            files.collect()
        };
        assert!(files(&live) == files(&fresh), "{what}");
    }
    assert!(made > steps / 2, "{made} builds");
}

/// Longer than files have to be as they are to be told by a look from outside.
const STILL: Duration = Duration::from_millis(2_200);

#[test]
fn what_comes_and_goes_in_folders_that_are_known_is_noticed() {
    let site = site(9);
    let clean = Site::empty();
    let output = clean.path("public").display().to_string();
    for _ in 0..2 {
        assert_eq!(site.run(&["build", "-q"]).code, 0);
        std::thread::sleep(STILL);
    }
    let path = |id: &str, name: &str| format!("data/demo-{id}/2025-budget/{name}");
    let edits: [(&str, &dyn Fn()); 8] = [
        ("a file in place", &|| {
            let name = path("1", "overview.md");
            site.write(&name, site.read(&name).replace('保', "管"));
        }),
        ("a file that comes", &|| {
            let text = "name: 多出来的文件\n";
            site.write(&path("2", "tables/more.yaml"), text);
        }),
        ("a file that goes", &|| {
            site.remove(&path("3", "overview.md"));
        }),
        ("another name", &|| {
            let (from, to) = (path("4", "overview.md"), path("4", "overviews.md"));
            fs::rename(site.path(&from), site.path(&to)).expect("a name");
        }),
        ("another year", &|| {
            let (from, to) = ("data/demo-5/2025-budget", "data/demo-5/2024-budget");
            copy(&site.path(from), &site.path(to));
        }),
        ("a disclosure that goes", &|| {
            site.remove("data/demo-5/2025-budget");
        }),
        ("an entity that goes", &|| {
            site.remove("data/demo-6");
        }),
        ("a table in place of another file", &|| {
            let name = path("7", "tables/spending.yaml");
            let other = site.read(&name).replace(
                "basic: 40.00, project: 30.00",
                "basic: 41.00, project: 29.00",
            );
            let other = other.replace(
                "basic: 60.00, project: 40.00",
                "basic: 61.00, project: 39.00",
            );
            site.write(&path("7", "new"), other);
            fs::rename(site.path(&path("7", "new")), site.path(&name)).expect("a name");
        }),
    ];
    for (what, edit) in edits {
        edit();
        let before = tree(&site.path("public"));
        let own = site.run(&["build", "-q"]);
        let other = site.run(&["build", "-q", "--no-cache", "-o", &output]);
        assert_eq!(
            (own.code, &own.stderr),
            (other.code, &other.stderr),
            "{what}"
        );
        if own.code == 0 {
            let (found, expected) = (tree(&site.path("public")), tree(&clean.path("public")));
            assert!(found == expected && found != before, "{what}");
        } else {
            assert_eq!(what, "a file that comes", "{}", own.stderr);
            site.remove(&path("2", "tables/more.yaml"));
        }
    }
}

#[test]
fn a_change_of_a_text_writes_the_pages_that_show_it_and_no_others() {
    let site = site(LARGE);
    site.run(&["build"]);
    site.write(
        "data/demo/2025-budget/overview.md",
        "## 一、本单位职责\n\n修复档案。\n",
    );
    let run = site.run(&["build"]);
    let changed: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  ~ "))
        .collect();
    assert!(
        changed.contains(&"demo/2025-budget/index.html"),
        "{}",
        run.stdout
    );
    assert!(
        changed
            .iter()
            .all(|path| path.starts_with("demo/2025-budget/") || path.starts_with("search/")),
        "{changed:?}"
    );
    let again = site.run(&["build"]);
    assert_eq!(again.stdout.lines().count(), 1, "{}", again.stdout);
}

#[test]
fn a_clean_build_too_tells_what_differs_from_what_was_published() {
    let site = site(1);
    site.write("static/note.txt", "x");
    site.run(&["build"]);
    site.remove("static/note.txt");
    let run = site.run(&["build", "--no-cache"]);
    let told = "新增 0 个文件，改动 0 个，删除 1 个\n  - note.txt\n";
    assert!(run.stdout.starts_with(told), "{}", run.stdout);
    assert!(!site.path("public/note.txt").exists());
}

#[test]
fn pages_that_are_taken_over_still_need_what_they_lead_to() {
    let site = site(1);
    let overview = "data/demo/2025-budget/overview.md";
    site.write("static/guide.pdf", "%PDF")
        .write(overview, "见[指南](../../guide.pdf)。\n");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let before = tree(&site.path("public"));
    site.remove("static/guide.pdf");
    for _ in 0..2 {
        let run = site.run(&["build", "-q"]);
        let told = "网页上的链接 `guide.pdf` 没有去处：没有这个文件";
        assert!(run.stderr.contains(told), "{}", run.stderr);
        assert_eq!(run.code, 1);
    }
    assert!(tree(&site.path("public")) == before);
    site.write(overview, "没有指南。\n");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
}

type Damage<'a> = &'a dyn Fn(Vec<u8>) -> Vec<u8>;

#[test]
fn what_a_run_has_left_is_not_relied_on_when_it_is_damaged_or_of_another_run() {
    let site = site(3);
    let clean = Site::empty();
    let output = clean.path("public").display().to_string();
    for name in ["state", "trees"] {
        damaged(name, &site, &clean, &output);
    }
}

/// One of the files that a run leaves for the next one.
fn damaged(name: &str, site: &Site, clean: &Site, output: &str) {
    let left = site.path(&format!(".public.gongkai/{name}"));
    let first = || {
        site.run(&["build", "-q"]);
        fs::read(&left).expect("what is left")
    };
    let older = first();
    let damages: [(&str, Damage<'_>); 6] = [
        ("nothing", &|_| Vec::new()),
        ("half of it", &|found| found[..found.len() / 2].to_vec()),
        ("all but the end", &|found| {
            found[..found.len() - 1].to_vec()
        }),
        ("more than it", &|found| [found, vec![0]].concat()),
        ("another byte", &|mut found| {
            let middle = found.len() / 2;
            found[middle] ^= 1;
            found
        }),
        ("that of an older run", &|_| older.clone()),
    ];
    for (step, (what, damage)) in damages.into_iter().enumerate() {
        site.write(
            "data/demo-1/2025-budget/overview.md",
            format!("## 一、本单位职责\n\n保管{name}第{step}批档案。\n"),
        );
        let found = first();
        fs::write(&left, damage(found)).expect("a file");
        site.write(
            "data/demo-2/2025-budget/overview.md",
            format!("## 一、本单位职责\n\n整理{name}第{step}批档案。\n"),
        );
        let own = site.run(&["build", "-q"]);
        let other = site.run(&["build", "-q", "--no-cache", "-o", output]);
        assert_eq!(
            (own.code, &own.stderr),
            (0, &other.stderr),
            "{name}: {what}"
        );
        let (found, expected) = (tree(&site.path("public")), tree(&clean.path("public")));
        assert!(found == expected, "{name}: {what}");
    }
}
