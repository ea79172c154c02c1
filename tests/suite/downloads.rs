//! What readers take away, read back: every figure of the data files in CSV, XLSX and JSON.

mod data;
pub mod read;
mod safety;

use std::collections::BTreeSet;

use gongkai::render::download::digest;
use gongkai::render::download::size_words;
use serde_json::Value as Json;

use crate::pages::{Built, all, reference, second, text};
use crate::support::Site;

const REFERENCE: &str = "yq-veterans/2025-budget";
const SECOND: &str = "qinghe-library/2024-final";

/// The files of a disclosure that are no pages, by name.
fn taken_away(built: &Built, folder: &str) -> BTreeSet<String> {
    let names = built.files.keys().chain(built.binary.keys());
    names
        .filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'))
        .filter(|name| !matches!(name.rsplit('.').next(), Some("html" | "js")))
        .map(str::to_owned)
        .collect()
}

fn bytes<'a>(built: &'a Built, path: &str) -> &'a [u8] {
    let text = built.files.get(path).map(String::as_bytes);
    let found = text.or_else(|| built.binary.get(path).map(Vec::as_slice));
    found.unwrap_or_else(|| panic!("no {path}"))
}

#[test]
fn every_file_is_offered_with_its_format_and_size() {
    for (built, folder) in [(reference(), REFERENCE), (second(), SECOND)] {
        let mut offered = BTreeSet::from(["dataset.jsonld".to_owned()]);
        for (path, _) in built.pages() {
            let page = built.page(path);
            for link in all(&page, ".downloads a") {
                let name = link.value().attr("href").expect("an address");
                let size = size_words(bytes(built, &format!("{folder}/{name}")).len());
                let shared = !path.ends_with("/index.html") && !name.ends_with("csv");
                let format = if name.ends_with("csv") {
                    "CSV"
                } else if name.ends_with("xlsx") {
                    "XLSX"
                } else {
                    "JSON"
                };
                let words = text(link);
                // The size of a file with other tables in it would change with their figures.
                let end = if shared {
                    format!("：{format}")
                } else {
                    format!("{format}，{size}")
                };
                assert!(words.ends_with(&end), "{path}: {words}");
                offered.insert(name.to_owned());
            }
        }
        assert_eq!(offered, taken_away(built, folder));
    }
}

#[test]
fn a_table_is_cited_by_the_digest_of_its_files_and_all_of_them_by_that_of_the_data() {
    let built = reference();
    let cite = |page: &str| text(all(&built.page(&format!("{REFERENCE}/{page}.html")), ".cite")[0]);
    let file = |name: &str| bytes(built, &format!("{REFERENCE}/{name}"));
    let version = |digest: &str| format!("版本 {}", digest::short(digest));
    let third = digest::hex([file("t03.csv")]);
    assert_eq!(
        cite("t03"),
        format!(
            "引用：阳泉市退役军人事务局：《表三 2025年预算支出总表》，2025年部门预算公开，2025-04-02，{}，\
             https://ysgk.example.gov.cn/{REFERENCE}/t03.html",
            version(&third)
        )
    );
    let first = digest::hex([file("t01-revenue.csv"), file("t01-expenditure.csv")]);
    assert!(cite("t01").contains(&version(&first)));
    let data = String::from_utf8(file("data.json").to_vec()).expect("text");
    let without: String = data
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("  \"digest\":"))
        .collect();
    let all = digest::hex([without.as_bytes()]);
    assert!(cite("index").contains(&version(&all)), "{}", cite("index"));
    let data: Json = serde_json::from_str(&data).expect("JSON");
    assert_eq!(data["digest"], all);
    assert_eq!(data["tables"][2]["digest"], third);
}

#[test]
fn a_changed_figure_changes_the_files_and_pages_that_show_it_and_no_other_table() {
    let site = Site::case("tiny");
    let before = Built::new(&site);
    let projects = "data/demo/2025-budget/tables/projects.yaml";
    site.replace(
        projects,
        "档案数字化, total: 10.00",
        "档案数字化, total: 10.50",
    );
    let after = Built::new(&site);
    let names = before.files.keys().chain(before.binary.keys());
    let changed: BTreeSet<&str> = names
        .filter(|path| bytes(&before, path) != bytes(&after, path))
        .filter_map(|path| path.strip_prefix("demo/2025-budget/"))
        .filter(|name| !matches!(*name, "checks.html" | "full.html" | "narrative.html"))
        .collect();
    let expected = [
        "data.json",
        "datapackage.json",
        "dataset.jsonld",
        "index.html",
        "search.js",
        "t03.csv",
        "t03.html",
        "tables.xlsx",
    ];
    assert_eq!(changed, BTreeSet::from(expected));
}

#[test]
fn the_switch_leaves_out_files_links_and_feed() {
    let site = Site::case("second");
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}\n[pages]\ndownloads = false\n"),
    );
    let built = Built::new(&site);
    assert_eq!(taken_away(&built, SECOND), BTreeSet::new());
    assert!(!built.has("feed.xml"));
    for (path, page) in built.pages() {
        assert!(
            !page.contains("feed.xml") && !page.contains("dataset.jsonld"),
            "{path}"
        );
        assert!(!page.contains("class=\"downloads\""), "{path}");
    }
}

#[test]
fn a_later_build_gives_the_same_bytes() {
    let site = Site::case("second");
    // A workbook counts seconds, its archive two at a time.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let again = Built::new(&site);
    assert_eq!(again.files, second().files);
    assert_eq!(again.binary, second().binary);
}

#[test]
fn a_draft_is_marked_in_the_workbook_and_in_the_citation_and_not_in_the_data() {
    let approved = Site::case("tiny");
    let draft = Site::case("tiny");
    draft.replace(
        "data/demo/2025-budget/disclosure.yaml",
        "status: approved",
        "status: draft",
    );
    let (approved, draft) = (Built::new(&approved), Built::new(&draft));
    let folder = "demo/2025-budget";
    let title = |built: &Built| {
        let sheet = read::sheets(bytes(built, &format!("{folder}/tables.xlsx")));
        sheet[0].1.get_value((0, 0)).map(ToString::to_string)
    };
    assert_eq!(title(&approved).as_deref(), Some("表一 2025年支出表"));
    assert_eq!(title(&draft).as_deref(), Some("表一 2025年支出表（草稿）"));
    assert!(approved.of_kind("csv").count() > 2);
    for (name, text) in approved.of_kind("csv") {
        assert_eq!(draft.files.get(name).map(String::as_str), Some(text));
    }
    let page = draft.page(&format!("{folder}/t01.html"));
    assert!(text(all(&page, ".cite")[0]).contains("2025年单位预算公开（草稿）"));
    let data: Json = read::json(&draft, &format!("{folder}/data.json"));
    assert_eq!(data["status"], "draft");
}

#[test]
fn a_computed_amount_is_in_the_unit_that_its_column_names() {
    let data: serde_json::Value =
        serde_json::from_slice(bytes(second(), &format!("{SECOND}/data.json"))).expect("JSON");
    let tables = data["tables"].as_array().expect("tables");
    let block = &tables
        .iter()
        .find(|table| table["id"] == "three-public")
        .expect("the table")["blocks"][0];
    let columns = block["columns"].as_array().expect("columns");
    let unit = |id: &str| {
        &columns
            .iter()
            .find(|column| column["id"] == id)
            .expect("a column")["unit"]
    };
    assert_eq!(
        (unit("final").as_str(), unit("difference").as_str()),
        (Some("元"), Some("万元"))
    );
    let rows = block["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["cells"]["final"] == "35142");
    // 3.51 less 4.00, as the page shows them.
    assert_eq!(row.expect("a row")["cells"]["difference"], "-0.49");
    let csv = String::from_utf8_lossy(bytes(second(), &format!("{SECOND}/t03.csv")));
    let head = csv.lines().next().unwrap_or_default().to_owned();
    assert!(
        head.contains("决算数_元") && head.contains("增减额_万元"),
        "{head}"
    );
}
