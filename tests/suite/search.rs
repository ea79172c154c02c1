//! The index of the search against the pages that it leads to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::pages::{Built, all, by_id, figure, reference, second, text};
use crate::support::{Site, copy};

/// Name of a site, its output, folder of a disclosure.
type Indexed = (&'static str, fn() -> &'static Built, &'static str);

const DISCLOSURES: [Indexed; 2] = [
    ("reference", reference, "yq-veterans/2025-budget"),
    ("second", second, "qinghe-library/2024-final"),
];

/// The arguments of a script that calls one function.
fn arguments(script: &str, function: &str) -> Value {
    let inner = script
        .strip_prefix(&format!("gongkai.{function}("))
        .and_then(|rest| rest.strip_suffix(");\n"))
        .unwrap_or_else(|| panic!("{function}: {script:.80}"));
    serde_json::from_str(&format!("[{inner}]")).expect("JSON as well")
}

fn words(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// A row of a shard.
struct Row {
    code: String,
    name: String,
    /// Column and amount.
    amounts: Vec<(String, String)>,
}

/// Rows of a shard by page and anchor.
fn rows_of(shard: &Value) -> BTreeMap<(String, String), Row> {
    let names = list(&shard[0]);
    let mut rows = BTreeMap::new();
    for table in list(&shard[1]) {
        for block in list(&table[3]) {
            let prefix = match words(&block[0]) {
                "" => "r-".to_owned(),
                id => format!("r-{id}-"),
            };
            let columns = list(&block[1]);
            for row in list(&block[2]) {
                let row = list(row);
                let number = usize::try_from(row[2].as_u64().expect("a number")).expect("small");
                let amounts = columns.iter().zip(&row[3..]);
                let found = Row {
                    code: words(&row[1]).to_owned(),
                    name: words(&names[number]).to_owned(),
                    amounts: amounts
                        .map(|(column, amount)| (words(&column[0]).into(), words(amount).into()))
                        .collect(),
                };
                let anchor = format!("{prefix}{}", words(&row[0]));
                let before = rows.insert((words(&table[0]).to_owned(), anchor), found);
                assert!(before.is_none(), "a row twice");
            }
        }
    }
    rows
}

fn shard(built: &Built, folder: &str) -> Value {
    let found = arguments(&built.files[&format!("{folder}/search.js")], "shard");
    assert_eq!(words(&found[0]), folder);
    found[1].clone()
}

#[test]
fn every_row_of_every_table_is_in_the_shard_with_its_anchor_and_amounts() {
    for (name, built, folder) in DISCLOSURES {
        let built = built();
        let rows = rows_of(&shard(built, folder));
        let mut seen = 0;
        let pages: Vec<&str> = built
            .pages()
            .filter_map(|(path, _)| path.strip_prefix(folder)?.strip_prefix("/t"))
            .collect();
        for page in pages {
            let page = format!("t{page}");
            let tree = built.page(&format!("{folder}/{page}"));
            for row in all(&tree, "table.figures tbody tr[id]") {
                let anchor = row.value().id().expect("an id").to_owned();
                let at = format!("{name} {page}#{anchor}");
                let found = rows.get(&(page.clone(), anchor.clone()));
                let found = found.unwrap_or_else(|| panic!("{at} is not in the shard"));
                seen += 1;
                let heading = all(&tree, "tbody th")
                    .into_iter()
                    .find(|head| head.parent().is_some_and(|parent| parent.id() == row.id()));
                if let Some(heading) = heading {
                    assert_eq!(text(heading), found.name, "{at}");
                }
                let code: String = row
                    .child_elements()
                    .filter(|cell| cell.value().attr("class") == Some("c"))
                    .map(text)
                    .collect();
                // A form that prints no codes may print line numbers there.
                if code.len() >= 3 {
                    assert_eq!(code, found.code, "{at}");
                }
                for cell in row
                    .child_elements()
                    .filter(|cell| cell.value().id().is_some())
                {
                    let column = cell.value().id().unwrap_or_default();
                    let column = &column[anchor.len() + 1..];
                    let amount = found.amounts.iter().find(|(id, _)| id == column);
                    let amount = amount.map_or("", |(_, amount)| amount.as_str());
                    assert_eq!(figure(cell), amount, "{at}.{column}");
                }
            }
        }
        assert_eq!(seen, rows.len(), "{name}");
    }
}

#[test]
fn sections_sheets_and_terms_lead_to_what_they_name() {
    for (name, built, folder) in DISCLOSURES {
        let built = built();
        let shard = shard(built, folder);
        for section in list(&shard[2]) {
            let (page, id) = words(&section[0]).split_once('#').expect("an anchor");
            let tree = built.page(&format!("{folder}/{page}"));
            let target = by_id(&tree, id).unwrap_or_else(|| panic!("{name}: {page}#{id}"));
            if page == "narrative.html" {
                assert_eq!(text(target), words(&section[1]), "{name}");
            }
            assert!(!words(&section[2]).contains(['\u{e000}', '\u{e001}', '*', '<']));
        }
        for sheet in list(&shard[3]) {
            let tree = built.page(&format!("{folder}/{}", words(&sheet[0])));
            assert_eq!(text(all(&tree, "h1")[0]), words(&sheet[1]), "{name}");
        }
        let index = arguments(&built.files["search-index.js"], "index");
        let glossary = built.page(&format!("{folder}/glossary.html"));
        for (number, term) in (1..).zip(list(&index[1][0])) {
            let target = by_id(&glossary, &format!("term-{number}")).expect("a term");
            assert_eq!(text(target), words(&term[0]), "{name}");
        }
    }
}

#[test]
fn a_shard_names_each_name_once_and_has_the_sections_figures_in_words() {
    let shard = shard(reference(), DISCLOSURES[0].2);
    let names: Vec<&str> = list(&shard[0]).iter().map(words).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len());
    let prose: String = list(&shard[2]).iter().map(|one| words(&one[2])).collect();
    assert!(prose.contains("3,764.74万元"), "{prose}");
}

#[test]
fn a_hostile_name_stays_a_text() {
    let site = Site::case("second");
    let hostile = "甲\u{2028}</script><script>alert(1)</script> & \\ 'x' \"y\"";
    let quoted = serde_json::to_string(hostile).expect("JSON");
    let file = "data/qinghe-library/2024-final/tables/04-points.yaml";
    let text = site.read(file);
    assert!(text.contains("城东分馆"), "{text}");
    site.write(file, text.replacen("城东分馆", &quoted, 1));
    // It is reported and still built.
    assert_eq!(site.run(&["build"]).code, 0);
    let built = Built::read(&site);
    let folder = DISCLOSURES[1].2;
    let script = &built.files[&format!("{folder}/search.js")];
    assert!(!script.contains(['<', '>', '&', '\u{2028}']), "{script}");
    let found = shard(&built, folder);
    assert!(list(&found[0]).iter().any(|name| words(name) == hostile));
    let lookup = &built.files[&format!("{folder}/lookup.html")];
    assert!(!lookup.contains("<script>"));
}

#[test]
fn a_draft_is_found_only_in_a_build_of_drafts() {
    let site = Site::case("second");
    let head = "data/qinghe-library/2024-final/disclosure.yaml";
    site.replace(head, "status: approved", "status: draft");
    let shard = format!("{}/search.js", DISCLOSURES[1].2);
    let built = Built::new(&site);
    assert!(!built.files.contains_key(&shard));
    assert!(!built.files["search-index.js"].contains("qinghe"));
    site.remove("public");
    let run = site.run(&["build", "--draft"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(site.path("public").join(&shard).is_file());
    assert!(site.read("public/search-index.js").contains("qinghe"));
}

#[test]
fn without_the_search_there_is_no_trace_of_it() {
    let site = Site::case("second");
    let settings = site.read("site.toml");
    assert!(!settings.contains("[pages]"));
    site.write(
        "site.toml",
        format!("{settings}\n[pages]\nsearch = false\n"),
    );
    let built = Built::new(&site);
    for (path, text) in &built.files {
        // Static files are copied as they are.
        let made = !path.starts_with("script/") && !path.starts_with("style/");
        let named = path.contains("search") || path.contains("lookup") || text.contains("search");
        assert!(!made || !named || path == "manifest.json", "{path}");
    }
}

#[test]
fn a_larger_site_has_a_bit_for_each_disclosure_and_word() {
    let site = Site::case("second");
    let first = site.path("data/qinghe-library");
    for number in 2..=20 {
        copy(&first, &site.path(&format!("data/library-{number:02}")));
    }
    let head = "data/library-07/2024-final/disclosure.yaml";
    site.replace(head, "status: approved", "status: draft");
    let built = Built::new(&site);
    let index = arguments(&built.files["search-index.js"], "index");
    let lines = usize::try_from(index[0].as_u64().expect("a number")).expect("small");
    assert_eq!(list(&index[2]).len(), 19);
    let line = |place: usize| {
        let file = &built.files[&format!("search/{}.js", place / lines)];
        let file = arguments(file, "signatures");
        assert_eq!(file[0], place / lines);
        words(&file[1][place % lines]).to_owned()
    };
    // The places of 三公 and of the code 2080905, which is in no table of this site; 19 disclosures.
    assert_eq!(line(4073), "ffff07");
    assert_eq!(
        (line(22945).as_str(), line(10722).as_str()),
        ("000000", "000000")
    );
}

#[test]
fn the_lookup_page_has_every_name_and_code() {
    for (name, built, folder) in DISCLOSURES {
        let built = built();
        let tree = built.page(&format!("{folder}/lookup.html"));
        let mut linked: BTreeSet<(String, String, String)> = BTreeSet::new();
        for entry in all(&tree, ".lookup li") {
            let part = |class: &str| {
                let mut parts = entry.child_elements();
                parts
                    .find(|part| part.value().attr("class") == Some(class))
                    .map_or_else(String::new, text)
            };
            let links = entry.child_elements();
            for link in links.filter_map(|link| link.value().attr("href")) {
                linked.insert((link.to_owned(), part("code"), part("name")));
            }
        }
        assert!(linked.len() > 2, "{name}: {}", linked.len());
        for ((page, anchor), row) in rows_of(&shard(built, folder)) {
            let entry = (format!("{page}#{anchor}"), row.code, row.name);
            assert!(linked.contains(&entry), "{name}: {entry:?}");
        }
        let codes: Vec<String> = all(&tree, ".lookup .code").into_iter().map(text).collect();
        assert!(codes.is_sorted(), "{name}");
    }
}
