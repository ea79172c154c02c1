//! `gongkai serve`: pages as a build makes them, events when they change, faults in the page, and nothing else.

mod client;
mod program;
mod safety;

#[cfg(unix)]
use crate::support::copy;
use crate::support::{Site, repository, tree};
#[cfg(unix)]
use client::Answer;
use client::Running;

pub const TABLE: &str = "data/demo/2025-budget/tables/spending.yaml";
const PAGE: &str = "/demo/2025-budget/t01.html";

/// Writes a file as careful editors do: beside, then renamed, so that nobody sees a part of it.
pub fn save(site: &Site, path: &str, text: impl AsRef<[u8]>) {
    site.write("saved", text);
    std::fs::rename(site.path("saved"), site.path(path)).expect("a name");
}

/// Without the line that asks for the script.
fn without_script(page: &str) -> String {
    let ours = |line: &&str| line.starts_with("<script src=\"/.gongkai/live.js\"");
    let lines = page.split_inclusive('\n');
    assert_eq!(lines.clone().filter(ours).count(), 1, "{page}");
    lines.filter(|line| !ours(line)).collect()
}

/// A path as a browser asks for it.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._".contains(&byte);
    let parts = path.bytes().map(|byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    format!("/{}", parts.collect::<String>())
}

#[test]
fn pages_are_those_of_a_build_with_one_line_more() {
    let site = Site::case("second");
    site.write("static/附件/说明 一.txt", "说明\n");
    let build = site.run(&["build", "-q"]);
    assert_eq!(build.code, 0, "{}", build.stderr);
    let running = Running::start(&site);
    let mut pages = 0;
    for (path, bytes) in tree(&site.path("public")) {
        if path == "manifest.json" {
            continue;
        }
        let answer = running.get(&encoded(&path));
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        if answer.header("content-type") == Some("text/html; charset=utf-8") {
            let expected = String::from_utf8(bytes).expect("text");
            assert!(!expected.contains(".gongkai"), "{path}");
            assert_eq!(without_script(&answer.text()), expected, "{path}");
            pages += 1;
        } else {
            assert_eq!(answer.body, bytes, "{path}");
        }
    }
    assert!(pages > 10, "{pages} pages");
}

#[test]
fn a_folder_leads_to_its_page_and_what_is_missing_to_the_404_page() {
    let site = Site::case("second");
    site.run(&["build", "-q"]);
    let running = Running::start(&site);
    let home = site.read("public/index.html");
    // 404.html can only link from the path of the site's address.
    for path in ["/", "/index.html", "/gk/", "/gk/index.html"] {
        assert_eq!(without_script(&running.get(path).text()), home, "{path}");
    }
    let answer = running.get("/qinghe-library?a=b");
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), Some("/qinghe-library/?a=b"));
    assert_eq!(running.get("/qinghe-library/").status, 200);
    let missing = running.get("/nowhere/at/all.html");
    assert_eq!(missing.status, 404);
    assert_eq!(
        without_script(&missing.text()),
        site.read("public/404.html")
    );
    assert_eq!(running.get("/qinghe-library/index.html/").status, 404);
}

#[test]
fn a_changed_cell_comes_as_an_event_and_stands_on_the_page() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let mut events = running.events();
    assert!(
        events.head.contains("content-type: text/event-stream"),
        "{}",
        events.head
    );
    let page = running.get(PAGE);
    assert!(page.text().contains("40.00"), "{}", page.text());
    let first = events.wait();
    assert_eq!(first["version"], page.version());
    assert_eq!(first["faults"], serde_json::json!([]));
    let table = site.read(TABLE);
    save(
        &site,
        TABLE,
        table.replace("project: 10.00", "project: 10.07"),
    );
    let event = events.wait();
    let page = running.get(PAGE);
    assert!(page.text().contains("10.07"), "{}", page.text());
    assert_eq!(event["version"], page.version());
    assert_ne!(event["version"], first["version"]);
    // A page that comes late is told at once that it is an old one.
    assert_eq!(running.events().wait(), event);
}

#[test]
fn faults_are_shown_over_the_last_good_pages_until_they_are_mended() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let mut events = running.events();
    let first = events.wait();
    let good = running.get(PAGE).text();
    let table = site.read(TABLE);
    save(&site, TABLE, table.replace("total: 30.00", "total: 3o.00"));
    let faulty = events.wait_for(true);
    assert_eq!(faulty["version"], first["version"]);
    let fault = &faulty["faults"][0];
    assert_eq!(fault["code"], "amount-syntax");
    assert_eq!(fault["place"], format!("{TABLE}:7:40"));
    assert_eq!(fault["line"][1], "3o.00");
    assert!(
        !fault["hint"].as_str().unwrap_or_default().is_empty(),
        "{fault}"
    );
    assert_eq!(running.get(PAGE).text(), good);
    save(&site, TABLE, table);
    let mended = events.wait_for(false);
    assert_eq!(
        mended["version"], first["version"],
        "the pages are as before"
    );
    assert_eq!(running.get(PAGE).text(), good);
}

#[test]
fn a_site_that_starts_with_a_fault_has_pages_once_it_is_mended() {
    let site = Site::case("tiny");
    let table = site.read(TABLE);
    site.write(TABLE, "table: spending\nrows: [\n");
    let running = Running::start(&site);
    let page = running.get(PAGE);
    assert_eq!(page.status, 503);
    let mut events = running.events();
    let first = events.wait();
    assert_eq!(first["version"], page.version());
    assert_ne!(first["faults"], serde_json::json!([]));
    save(&site, TABLE, table);
    let mended = events.wait_for(false);
    assert_ne!(mended["version"], first["version"]);
    assert_eq!(running.get(PAGE).status, 200);
}

#[test]
fn a_sum_that_does_not_hold_is_told_and_shown() {
    let site = Site::case("tiny");
    let case = |path: &str| {
        let folder = repository().join("tests/cases/findings/sum-mismatch");
        let file = std::fs::read(folder.join(path)).expect("a file");
        save(&site, path, file);
    };
    case("standards/tiny/rules.yaml");
    let running = Running::start(&site);
    assert_eq!(site.run(&["build"]).code, 0, "it holds");
    case(TABLE);
    let (codes, made) = running.built();
    assert!(made && codes.contains(&"sum-mismatch"), "{codes:?}");
    assert_eq!(site.run(&["build"]).code, 1, "a build refuses it");
    // What was said is said again when something else changes, without another look.
    site.write("static/note.txt", "x");
    assert_eq!(running.built(), (codes, true));
}

#[test]
fn settings_templates_static_files_and_standards_are_watched_from_when_they_come() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    for folder in ["templates", "static"] {
        assert!(!site.path(folder).exists(), "{folder}");
    }
    let with = |text: &'static str| move |answer: &client::Answer| answer.text().contains(text);
    site.write("static/deep/er/note.txt", "first");
    running.wait_for("/deep/er/note.txt", with("first"));
    site.write("static/deep/er/note.txt", "second");
    running.wait_for("/deep/er/note.txt", with("second"));
    site.remove("static");
    running.wait_for("/deep/er/note.txt", |answer| answer.status == 404);
    site.write("static/deep/er/note.txt", "third");
    running.wait_for("/deep/er/note.txt", with("third"));
    site.write("templates/404.html", "<p>our own</p>");
    running.wait_for("/nowhere", with("our own"));
    site.write("templates/404.html", "<p>another</p>");
    running.wait_for("/nowhere", with("another"));
    // As editors save: beside, then renamed.
    site.write("site.toml.new", "title = \"改了名的站\"\n");
    std::fs::rename(site.path("site.toml.new"), site.path("site.toml")).expect("a name");
    running.wait_for("/", with("改了名的站"));
    let glossary = site.read("standards/tiny/glossary.md");
    site.write(
        "standards/tiny/glossary.md",
        format!("{}\n又一句说明。\n", glossary.trim_end()),
    );
    running.wait_for("/demo/2025-budget/glossary.html", with("又一句说明"));
}

#[test]
fn a_root_that_is_no_site_for_a_while_keeps_its_pages() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let mut events = running.events();
    let first = events.wait();
    let settings = site.read("site.toml");
    site.remove("site.toml");
    let failed = events.wait_for(true);
    assert!(
        failed["faults"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains("site.toml"))
    );
    assert_eq!(failed["version"], first["version"]);
    assert_eq!(running.get(PAGE).status, 200);
    site.write("site.toml", settings);
    events.wait_for(false);
}

/// Whether the root itself goes or one above it, which no system tells.
#[test]
#[cfg(unix)]
fn a_root_that_goes_is_told_and_is_watched_again_when_it_or_another_one_has_come() {
    let home = Site::empty();
    let at = |path: &str| home.path(path);
    copy(&repository().join("tests/cases/tiny"), &at("above/site"));
    let running = Running::start_at(&at("above/site"));
    let mut events = running.events();
    let first = events.wait();
    let overview = "above/site/data/demo/2025-budget/overview.md";
    let text = |text: &str| format!("## 一、本单位职责\n\n{text}。\n");
    let shown = |words: &'static str| move |answer: &Answer| answer.text().contains(words);
    for (round, moved) in ["above/site", "above"].into_iter().enumerate() {
        std::fs::rename(at(moved), at("away")).expect("a move");
        let failed = events.wait_for(true);
        let said = failed["faults"][0]["text"].as_str().unwrap_or_default();
        assert!(said.contains("above/site"), "{failed}");
        assert_eq!(running.get(PAGE).status, 200, "{first}");
        std::fs::rename(at("away"), at(moved)).expect("a move");
        events.wait_for(false);
        let words = ["保管第一批", "保管第二批"][round];
        home.write(overview, text(words));
        running.wait_for("/demo/2025-budget/index.html", shown(words));
    }
    std::fs::remove_dir_all(at("above/site")).expect("a folder");
    events.wait_for(true);
    copy(&repository().join("tests/cases/tiny"), &at("above/site"));
    events.wait_for(false);
    home.write(overview, text("保管第三批"));
    running.wait_for("/demo/2025-budget/index.html", shown("保管第三批"));
}

/// Links to a file and to a folder, there from the beginning and made later.
#[test]
#[cfg(unix)]
fn what_an_inner_link_leads_to_is_watched() {
    use std::os::unix::fs::symlink;
    let site = Site::case("tiny");
    let overview = "data/demo/2025-budget/overview.md";
    let page = "/demo/2025-budget/index.html";
    let text = |text: &str| format!("## 一、本单位职责\n\n{text}。\n");
    let shown = |words: &'static str| move |answer: &Answer| answer.text().contains(words);
    site.write("shared/overview.md", text("甲批"));
    site.remove(overview);
    symlink("../../../shared/overview.md", site.path(overview)).expect("a link");
    let running = Running::start(&site);
    running.wait_for(page, shown("甲批"));
    site.write("shared/overview.md", text("乙批"));
    running.wait_for(page, shown("乙批"));
    save(&site, "shared/overview.md", text("丙批"));
    running.wait_for(page, shown("丙批"));

    site.write("files/note.txt", "1");
    std::fs::create_dir_all(site.path("static")).expect("a folder");
    symlink("../files", site.path("static/files")).expect("a link");
    running.wait_for("/files/note.txt", shown("1"));
    site.write("files/note.txt", "2");
    running.wait_for("/files/note.txt", shown("2"));
}

#[test]
fn many_changes_at_once_are_few_builds() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    for number in 0..500 {
        site.write(&format!("static/{number}.txt"), "x");
    }
    running.wait_for("/499.txt", |answer| answer.status == 200);
    let builds = running.builds.try_iter().count();
    assert!(builds < 250, "{builds} builds of 500 changes");
}
