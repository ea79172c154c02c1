//! What is read of a site, a published one or what a build has left, through all that comes after the reading.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Told, repository, seeds, targets, told};
use crate::cache;
use crate::diagnostic::{Keep, Language};
use crate::diff::{self, corrections, html, json, markdown, side};
use crate::held::Folder;
use crate::import::{self, exported::Export};
use crate::pipeline::live::Live;
use crate::pipeline::{self, BuildOptions};
use crate::write::remember::Remembered;
use crate::write::work::{STATE, TREES};

const DISCLOSURE: &str = "data/demo/2025-budget";
/// Where builds leave what they know.
const WORK: &str = ".public.gongkai";

thread_local! {
    /// A copy of the small site for each thread, which does all of the work itself, so that its memory is counted.
    static SITE: TempDir = {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        std::mem::forget(pool.build().expect("a thread that has no pool yet"));
        let site = tempfile::tempdir().expect("a folder");
        copy(&repository("tests/cases/tiny"), site.path());
        site
    };
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.expect("a folder that can be read");
        let path = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(path).expect("a folder");
        } else {
            fs::copy(entry.path(), path).expect("a file");
        }
    }
}

/// Puts a file into the site, and gives what is made of it there.
fn in_site<T>(name: &str, bytes: &[u8], made: impl FnOnce(&Path) -> T) -> T {
    SITE.with(|site| {
        let path = site.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("room");
        made(site.path())
    })
}

/// All pages of the site with this file, and what was reported.
fn pages(name: &str, bytes: &[u8]) -> Told {
    in_site(name, bytes, |root| {
        let mut live = Live::new(root.to_owned(), Keep::Open);
        let rebuilt = live.build(&()).expect("a fault of the data at most");
        told((
            rebuilt.outcome.diagnostics,
            rebuilt.made,
            live.snapshot().cloned(),
        ))
    })
}

/// A build of the site, where it is.
fn build(root: &Path) -> Result<pipeline::Outcome, crate::error::Error> {
    let options = BuildOptions {
        root: root.to_owned(),
        output: Some(root.join("public")),
        ..BuildOptions::default()
    };
    let built = pipeline::build(&options, &());
    assert!(
        built
            .as_ref()
            .err()
            .is_none_or(|error| !error.is_of_program())
    );
    built
}

/// A build after the manifest of the published site has been altered: it is mended, or the folder is not replaced.
fn built_over(bytes: &[u8]) -> Told {
    SITE.with(|site| drop(build(site.path()).expect("a site that can be built")));
    let manifest = "public/manifest.json";
    let right = SITE.with(|site| fs::read(site.path().join(manifest)).expect("a manifest"));
    in_site(manifest, bytes, |root| match build(root) {
        Ok(outcome) => {
            let mended = fs::read(root.join(manifest)).expect("a manifest");
            assert!(mended == right, "it is not mended");
            told(outcome.differences)
        }
        Err(error) => {
            fs::remove_dir_all(root.join("public")).expect("a folder");
            told(error.say().zh.replace(&root.display().to_string(), "ROOT"))
        }
    })
}

/// An import of this file, to no end.
fn imported(name: &str, bytes: &[u8]) -> Told {
    in_site(name, bytes, |root| {
        let options = import::Options {
            root: root.to_owned(),
            files: vec![root.join(name)],
            entity: "demo".to_owned(),
            year: 2025,
            dry_run: true,
            ..import::Options::default()
        };
        match import::import(&options) {
            Ok(receipt) => told(receipt),
            Err(error) => told(error.say().zh),
        }
    })
}

/// The published data against this, in every form that a comparison has.
fn compared(bytes: &[u8]) -> Told {
    let place = "demo/2025-budget/data.json";
    let known = repository("tests/fuzz/seeds/data/data.json");
    let known = fs::read(known).expect("a seed");
    in_site(&format!("old/{place}"), &known, |_| ());
    in_site(&format!("new/{place}"), bytes, |root| {
        let open = |name: &str| match side::open(&root.join(name), &()) {
            Ok(side::Opened::Side(side)) => side,
            other => panic!("{other:?}"),
        };
        let report = match diff::compare(&open("old"), &open("new")) {
            Ok(report) => report,
            Err(error) => return told(error.say().zh),
        };
        let language = Language::Zh;
        told((
            json::text(&report),
            markdown::text(&report, language),
            html::text(&report, "a", "b", language),
            corrections::text(&report, None, language),
        ))
    })
}

/// What the last build of the site left in its working folder, with what is behind the mark of the file of this name.
fn left(name: &str) -> Vec<u8> {
    SITE.with(|site| {
        build(site.path()).expect("a site that can be built");
        cache::marked(&site.path().join(WORK).join(name))
    })
}

/// A build after one that left this, with the marks that are right for it.
fn after(name: &str, bytes: &[u8]) -> Told {
    SITE.with(|site| {
        let work = site.path().join(WORK);
        fs::remove_dir_all(&work).expect("a folder");
        build(site.path()).expect("a site that can be built");
        let mark = cache::put(&work.join(name), bytes);
        if name == STATE {
            // Both files count only together.
            let folder = Folder::open(&work).expect("a folder");
            let (mut trees, _) = cache::load::<Remembered>(&folder, TREES).expect("as it was left");
            trees.state = mark;
            cache::save(&folder, TREES, &trees).expect("room");
        }
        let built = build(site.path()).map(|outcome| outcome.output.is_some());
        told(built.map_err(|error| error.say().zh))
    })
}

targets! {
    narratives_on_a_site: 300, 16, || seeds("tests/fuzz/seeds/narrative"), |bytes| {
        pages("standards/tiny/narrative/spending.md", bytes)
    };
    overviews_on_a_site: 300, 16, || [seeds("tests/fuzz/seeds/markdown"), seeds("tests/fuzz/seeds/link")].concat(), |bytes| {
        pages(&format!("{DISCLOSURE}/overview.md"), bytes)
    };
    tables_on_a_site: 300, 16, || {
        vec![fs::read(repository("tests/cases/tiny").join(DISCLOSURE).join("tables/spending.yaml")).expect("a table")]
    }, |bytes| pages(&format!("{DISCLOSURE}/tables/spending.yaml"), bytes);
    heads_on_a_site: 300, 16, || {
        vec![fs::read(repository("tests/cases/tiny").join(DISCLOSURE).join("disclosure.yaml")).expect("a head")]
    }, |bytes| pages(&format!("{DISCLOSURE}/disclosure.yaml"), bytes);
    corrections_on_a_site: 300, 16, || seeds("tests/fuzz/seeds/corrections"), |bytes| {
        pages(&format!("{DISCLOSURE}/corrections.yaml"), bytes)
    };
    waivers_on_a_site: 300, 16, || seeds("tests/fuzz/seeds/waivers"), |bytes| {
        pages(&format!("{DISCLOSURE}/waivers.yaml"), bytes)
    };
    rules_on_a_site: 300, 16, || seeds("tests/fuzz/seeds/rules"), |bytes| {
        pages("standards/tiny/rules.yaml", bytes)
    };
    settings_on_a_site: 300, 16, || seeds("tests/fuzz/seeds/settings"), |bytes| pages("site.toml", bytes);
    states: 150, 16, || [vec![left(STATE)], seeds("tests/fuzz/seeds/state")].concat(), |bytes| after(STATE, bytes);
    trees: 150, 16, || [vec![left(TREES)], seeds("tests/fuzz/seeds/trees")].concat(), |bytes| after(TREES, bytes);
    manifests_that_are_published: 150, 16, || seeds("tests/fuzz/seeds/manifest"), built_over;
    exports: 3_000, 4, || seeds("tests/fuzz/seeds/data"), |bytes| {
        told(Export::read("data.json", &String::from_utf8_lossy(bytes)).map_err(|say| say.zh))
    };
    exports_imported: 300, 8, || seeds("tests/fuzz/seeds/data"), |bytes| imported("data.json", bytes);
    exports_compared: 1_000, 4, || seeds("tests/fuzz/seeds/data"), compared;
    tables_imported: 300, 8, || seeds("tests/fuzz/seeds/csv"), |bytes| imported("book.csv", bytes);
    pages_imported: 300, 8, || seeds("tests/fuzz/seeds/html"), |bytes| imported("book.html", bytes);
}
