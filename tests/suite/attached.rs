//! Static files anywhere in a site, in the folders of disclosures too: they belong to the group in whose folder they
//! stand, for builds that take over what has not changed, clean builds, verification, signatures and ZIPs alike.

use std::collections::BTreeMap;
use std::fs::{self, File};

use crate::safety::{add, site, tell};
use crate::support::{Random, Site, tree};
use crate::verify::{new_key, path, sign, verify};

/// So many changes one after the other.
const STEPS: usize = 48;

/// Where static files may stand, below entities that are there, that come and go, and that never were: names that sort
/// before, between and after those of pages, and files in the folders that the site makes itself.
const PLACES: [&str; 20] = [
    "demo/2025-budget/original.pdf",
    "demo/2025-budget/0.pdf",
    "demo/2025-budget/t01-a.pdf",
    "demo/2025-budget/t01.htm",
    "demo/2025-budget/zzz",
    "demo/2025-budget/附件/扫描 件.pdf",
    "demo/2025-budget/manifest.json",
    "demo/2025-budget-2/x.pdf",
    "demo/2024-budget/old.pdf",
    "demo/note.pdf",
    "demo-1/2025-budget/original.pdf",
    "demo-1/2025-budget/-n.pdf",
    "guest/2025-budget/original.pdf",
    "guest/2025-budget/a/b/c.pdf",
    "guest/note.pdf",
    "other/2025-budget/x.pdf",
    "search/a.txt",
    "search/2025-budget/a.txt",
    "style/2025-budget/x.css",
    "manifest.jsonld",
];

/// Changes a static file, a disclosure, or which disclosures there are.
fn edit(site: &Site, random: &mut Random, step: usize) -> String {
    let guest = site.path("data/guest").exists();
    match random.below(10) {
        0 if guest => {
            site.remove("data/guest");
            "guest goes".to_owned()
        }
        0 => {
            add(site, "guest");
            "guest comes".to_owned()
        }
        1 => {
            let ids = ["demo", "demo-1", if guest { "guest" } else { "demo" }];
            let id = ids[random.below(3)];
            let text = format!("## 一、本单位职责\n\n保管第{step}批档案。\n");
            site.write(&format!("data/{id}/2025-budget/overview.md"), text);
            format!("text of {id}")
        }
        kind => {
            let place = format!("static/{}", PLACES[random.below(PLACES.len())]);
            if kind < 5 && site.path(&place).exists() {
                site.remove(&place);
                format!("{place} goes")
            } else {
                site.write(&place, format!("{step}"));
                format!("{place} written")
            }
        }
    }
}

#[test]
fn static_files_anywhere_give_what_a_clean_build_gives_and_are_verified() {
    let (site, clean) = (site(2), Site::empty());
    let output = path(&clean, "public");
    let list = path(&clean, "changed");
    let mut random = Random::new(0x7374_6174_6963);
    let mut published: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut attached = 0;
    for step in 0..STEPS {
        let mut what = format!("step {step}: {}", edit(&site, &mut random, step));
        if random.below(3) == 0 {
            what = format!("{what}, {}", edit(&site, &mut random, step));
        }
        let own = site.run(&["build", "-q", "--changed-list", &list]);
        let other = site.run(&["build", "-q", "--no-cache", "-o", &output]);
        assert_eq!((own.code, own.stderr.as_str()), (0, ""), "{what}");
        assert_eq!((other.code, other.stderr.as_str()), (0, ""), "{what}");
        let found: BTreeMap<String, Vec<u8>> = tree(&site.path("public")).into_iter().collect();
        let expected: BTreeMap<String, Vec<u8>> = tree(&clean.path("public")).into_iter().collect();
        let all = expected.keys().chain(found.keys());
        let differing: Vec<_> = all
            .filter(|path| expected.get(*path) != found.get(*path))
            .collect();
        assert!(differing.is_empty(), "{what}: {differing:?}");
        let run = verify(&site, &[]);
        assert_eq!(run.code, 0, "{what}: {}", run.stderr);
        let mut changed: Vec<&String> = published
            .keys()
            .chain(found.keys())
            .filter(|path| published.get(*path) != found.get(*path))
            .collect();
        changed.sort_unstable_by_key(|path| (path.as_str() == "manifest.json", path.as_str()));
        changed.dedup();
        let told = clean.read("changed");
        assert_eq!(told.lines().collect::<Vec<_>>(), changed, "{what}");
        attached += usize::from(site.path("static/demo/2025-budget").exists());
        #[cfg(target_os = "linux")]
        if step % 6 == 5 {
            crate::verify::digests_need_no_gongkai(&site, "demo/2025-budget");
        }
        published = found;
    }
    tell(&format!("{STEPS} changes, {attached} with an attachment"));
    assert!(attached > STEPS / 2, "{attached}");
}

#[test]
fn a_site_with_an_attachment_is_signed_and_packed_and_its_overview_may_link_to_it() {
    let site = Site::case("tiny");
    let overview = "data/demo/2025-budget/overview.md";
    let linked = format!("{}\n见[扫描件](original.pdf)。\n", site.read(overview));
    site.write(overview, linked);
    for command in ["check", "build"] {
        let run = site.run(&[command]);
        assert!(
            run.code == 1 && run.stderr.contains("page-link"),
            "{}",
            run.stderr
        );
    }
    let original = "static/demo/2025-budget/original.pdf";
    site.write(original, "%PDF-1.7 1");
    let zip = path(&site, "site.zip");
    for command in [&["check"][..], &["build", "-q", "--zip", &zip, "--verify"]] {
        let run = site.run(command);
        assert_eq!(run.code, 0, "{command:?}: {}", run.stderr);
    }
    new_key(&site, "site.key");
    let run = sign(&site, "site.key");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let packed = zip::ZipArchive::new(File::open(&zip).expect("a ZIP")).expect("a ZIP");
    let name = original.strip_prefix("static/").expect("a static file");
    assert!(packed.file_names().flatten().any(|packed| packed == name));
    site.remove(original);
    for command in ["check", "build"] {
        let run = site.run(&[command]);
        assert!(
            run.code == 1 && run.stderr.contains("page-link"),
            "{}",
            run.stderr
        );
    }
    assert!(
        site.path("public").join(name).exists(),
        "the last good site stays"
    );
}

#[test]
fn an_attachment_in_the_place_of_a_page_is_refused_by_builds_of_any_kind() {
    let site = Site::case("tiny");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    for name in ["index.html", "index.html/a.pdf", "data.json", "INDEX.html"] {
        let place = format!("static/demo/2025-budget/{name}");
        site.write(&place, "x");
        for command in [&["build"][..], &["build", "--no-cache"], &["check"]] {
            let run = site.run(command);
            let said = run.stderr.matches("static-name").count();
            assert_eq!(
                (run.code, said),
                (1, 1),
                "{name} {command:?}: {}",
                run.stderr
            );
        }
        fs::remove_dir_all(site.path("static/demo")).expect("a folder");
    }
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
