//! The pages of `tests/cases/second` against `expected/`: what stands in `<main>` of each, and two
//! whole pages. `GONGKAI_BLESS=1 cargo test golden` rewrites them; read the diff like code.

use std::collections::BTreeMap;
use std::fs;

use crate::pages::second;
use crate::support::{repository, tree};

/// Pages compared from the first byte to the last.
const WHOLE: [&str; 2] = ["index.html", "qinghe-library/2024-final/t02.html"];

#[test]
fn the_pages_of_the_second_site_are_as_expected() {
    let folder = repository().join("tests/cases/second/expected");
    let found = found();
    if std::env::var_os("GONGKAI_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (name, text) in &found {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        return;
    }
    let expected: BTreeMap<String, String> = tree(&folder)
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("a text file")))
        .collect();
    let mut faults = Vec::new();
    for (name, text) in &found {
        match expected.get(name) {
            None => faults.push(format!("{name}: not in expected/")),
            Some(expected) => faults.extend(difference(name, expected, text)),
        }
    }
    let unused = expected.keys().filter(|name| !found.contains_key(*name));
    faults.extend(unused.map(|name| format!("{name}: in expected/, but there is no such page")));
    assert!(
        faults.is_empty(),
        "{}\nGONGKAI_BLESS=1 rewrites expected/",
        faults.join("\n")
    );
}

/// What is compared, by name in `expected/`.
fn found() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (path, text) in second().pages() {
        let from = text.find("<main").expect(path);
        let to = text.find("</main>").expect(path);
        found.insert(
            format!("main/{path}"),
            format!("{}</main>\n", &text[from..to]),
        );
        if WHOLE.contains(&path) {
            found.insert(format!("whole/{path}"), text.to_owned());
        }
    }
    found
}

/// The first line that differs.
fn difference(name: &str, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let mut lines = expected.lines().zip(found.lines());
    let same = lines.position(|(expected, found)| expected != found);
    let at = same.unwrap_or_else(|| expected.lines().count().min(found.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_owned();
    Some(format!(
        "{name}:{}\n  expected {}\n  found    {}",
        at + 1,
        line(expected),
        line(found)
    ))
}
