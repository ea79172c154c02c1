//! Files and folders that are missing, misplaced, too large, or lead out of the site.

use super::{BALANCE, Case, ENTITY, HEAD, PROJECTS, SPENDING, built, run_all};
use crate::support::{Site, repository};

pub const CASES: &[Case] = &[
    Case::new("no-entity-file", |site| {
        site.remove(ENTITY);
    }),
    Case::new("no-disclosure-file", |site| {
        site.remove(HEAD);
    }),
    Case::new("no-disclosures", |site| {
        site.remove("data/demo/2025-budget");
    }),
    Case::new("no-data-folder", |site| {
        site.remove("data");
    }),
    Case::new("entity-folder-name", |site| {
        rename(site, "data/demo", "data/档案馆");
    }),
    Case::new("disclosure-folder-name", |site| {
        rename(site, "data/demo/2025-budget", "data/demo/2025预算");
    }),
    Case::new("project-file-name", |site| {
        rename(
            site,
            "data/demo/2025-budget/projects/repairs.yaml",
            "data/demo/2025-budget/projects/库房维修.yaml",
        );
    }),
    Case::new("unused-files", |site| {
        site.write("data/demo/2025-budget/说明.docx", "x")
            .write("data/demo/2025-budget/tables/spending.xlsx", "x")
            .write("data/demo/2025-budget/tables/旧/spending.yaml", "x")
            .write("data/demo/2025-budget/narrative/spending.txt", "x");
    }),
    Case::new("unused-files-english", |site| {
        site.write("data/demo/2025-budget/notes.docx", "x");
    })
    .english(),
    Case::new("link-to-a-file-outside", |site| {
        site.remove(SPENDING);
        link(&repository().join("Cargo.toml"), site, SPENDING);
    }),
    Case::new("link-to-a-folder-outside", |site| {
        let folder = "data/demo/2025-budget/tables";
        site.remove(folder);
        link(
            &repository().join("tests/cases/tiny").join(folder),
            site,
            folder,
        );
    }),
    Case::new("data-linked-outside", |site| {
        site.remove("data");
        link(&repository().join("tests/cases/tiny/data"), site, "data");
    }),
    Case::new("templates-linked-outside", |site| {
        link(&repository().join("templates"), site, "templates");
    }),
    Case::new("settings-linked-outside", |site| {
        site.remove("site.toml");
        link(&repository().join("site.toml"), site, "site.toml");
    }),
    Case::new("link-to-nothing", |site| {
        site.remove(BALANCE);
        link(&site.path("balance-2024.yaml"), site, BALANCE);
    }),
    Case::new("link-to-nothing-english", |site| {
        site.remove(BALANCE);
        link(&site.path("balance-2024.yaml"), site, BALANCE);
    })
    .english(),
    Case::new("pipe-for-a-file", |site| {
        site.remove(PROJECTS);
        let made = std::process::Command::new("mkfifo")
            .arg(site.path(PROJECTS))
            .status()
            .expect("mkfifo");
        assert!(made.success());
    }),
    Case::new("static-file-for-the-home-page", |site| {
        site.write("static/index.html", "<!doctype html>");
    }),
    Case::new("static-file-for-a-table-english", |site| {
        site.write("static/demo/2025-budget/t01.html", "<!doctype html>");
    })
    .english(),
    Case::new("static-files-for-folders", |site| {
        site.write("static/demo", "x")
            .write("static/404.html/x.txt", "x")
            .write("static/manifest.json", "{}")
            .write("static/demo-2/index.html", "x");
    }),
    Case::new("names-that-no-windows-holds", names).in_full(),
    Case::new("names-that-no-windows-holds-english", names).english(),
    Case::new("names-that-differ-in-case", |site| {
        site.write("static/logo.png", "x")
            .write("static/Logo.png", "x")
            .write("static/Style/base.css", "x")
            .write("static/caf\u{e9}.txt", "x")
            .write("static/cafe\u{301}.txt", "x")
            .write("templates/Base.html", "")
            .write("standards/Tiny/standard.yaml", "title: x\n")
            .write("data/Demo/entity.yaml", "name: x\n")
            .write(
                "data/demo/2025-budget/tables/Spending.yaml",
                "table: spending\n",
            );
    })
    .in_full(),
    Case::new("static-file-beside-a-page-of-another-case", |site| {
        site.write("static/Index.html", "x")
            .write("static/Demo/a.txt", "x");
    }),
    Case::new("huge-file", |site| {
        let line = "  - {code: \"208\", name: 社会保障和就业支出, total: 70.00}\n";
        site.write(SPENDING, line.repeat(17 * 1024 * 1024 / line.len() + 1));
    }),
];

fn names(site: &Site) {
    site.write("static/nul.txt", "x")
        .write("static/a:b.txt", "x")
        .write("static/a/b. ", "x")
        .write("templates/COM1.html", "")
        .write("standards/aux/standard.yaml", "title: x\n")
        .write("data/con/entity.yaml", "name: x\n")
        .write("data/demo/2025-budget/projects/prn.yaml", "name: x\n")
        .write("data/demo/2025-budget/tables/a?.yaml", "table: spending\n")
        .write(
            &format!("static/{}/{}.txt", "a".repeat(99), "b".repeat(99)),
            "x",
        );
}

fn rename(site: &Site, from: &str, to: &str) {
    std::fs::rename(site.path(from), site.path(to)).expect("a new name");
}

fn link(target: &std::path::Path, site: &Site, at: &str) {
    std::os::unix::fs::symlink(target, site.path(at)).expect("a link");
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    run_all(CASES);
}

#[test]
fn links_inside_the_site_are_followed() {
    let site = built();
    let (tables, elsewhere) = ("data/demo/2025-budget/tables", "shared-tables");
    rename(&site, tables, elsewhere);
    link(&site.path(elsewhere), &site, tables);
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn a_template_folder_that_links_to_itself_does_not_keep_the_program_busy() {
    let site = built();
    site.write("templates/note.html", "");
    for name in ["a", "b", "c"] {
        link(&site.path("templates"), &site, &format!("templates/{name}"));
    }
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
