//! Hostile texts in files that spreadsheets and programs open, and the feed.

use calamine::Data;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{bytes, read};
use crate::pages::{Built, reference};
use crate::support::Site;

const FOLDER: &str = "demo/2025-budget";

/// A name that a spreadsheet, a CSV reader, HTML and XML could each stumble over.
const HOSTILE: &str = "=cmd|' /C calc'!A0,\"甲\" & 'b' ]]> <丙";

fn hostile() -> Built {
    let site = Site::case("tiny");
    let quoted = HOSTILE.replace('\'', "''");
    site.replace(
        "data/demo/2025-budget/tables/projects.yaml",
        "name: 档案数字化",
        &format!("name: '{quoted}'"),
    );
    site.replace(
        "data/demo/entity.yaml",
        "code: \"067\"\nname: 阳城县档案馆",
        "code: \"067\"\nname: '=阳城县 & \"档案\" <馆'",
    );
    site.write(
        "site.toml",
        "title = \"甲 & <乙>\"\nbase_url = \"https://a.example/&x/\"\n",
    );
    let run = site.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    Built::read(&site)
}

#[test]
fn a_text_is_a_text_in_every_file_whatever_it_looks_like() {
    let built = hostile();
    let (_, rows) = read::csv(&built, &format!("{FOLDER}/t03.csv"));
    assert_eq!(rows[2][0], format!("'{HOSTILE}"));
    assert_eq!(rows[2][1], "10.00");
    let sheets = read::sheets(bytes(&built, &format!("{FOLDER}/tables.xlsx")));
    let found: Vec<&Data> = sheets[2].1.rows().map(|row| &row[0]).collect();
    assert!(
        found.contains(&&Data::String(HOSTILE.to_owned())),
        "{found:?}"
    );
    let data = read::json(&built, &format!("{FOLDER}/data.json"));
    assert_eq!(data["tables"][2]["blocks"][0]["rows"][2]["name"], HOSTILE);
    let dataset = read::json(&built, &format!("{FOLDER}/dataset.jsonld"));
    assert_eq!(dataset["creator"]["name"], "=阳城县 & \"档案\" <馆");
    let titles = texts(&built.files["feed.xml"], "title");
    assert_eq!(
        titles,
        ["甲 & <乙>", "=阳城县 & \"档案\" <馆2025年单位预算公开"]
    );
}

/// Texts of the elements of a name; fails where the XML is not well formed.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open = Vec::new();
    let mut texts = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                open.push(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => {
                let name: &str = &name;
                let resolved = quick_xml::escape::unescape(&format!("&{name};"))
                    .expect("known")
                    .into_owned();
                text.push_str(&resolved);
            }
            Event::End(_) => {
                if open.pop().is_some_and(|closed| closed == name) {
                    texts.push(text.clone());
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "every element is closed");
    texts
}

#[test]
fn the_feed_lists_what_is_approved_on_the_day_it_was_published() {
    let feed = &reference().files["feed.xml"];
    assert_eq!(texts(feed, "title").len(), 2);
    assert_eq!(texts(feed, "updated"), ["2025-04-02T00:00:00Z"; 2]);
    let address = "https://ysgk.example.gov.cn/";
    assert_eq!(
        texts(feed, "id"),
        [
            address.to_owned(),
            format!("{address}yq-veterans/2025-budget/index.html")
        ]
    );
}

#[test]
fn the_feed_is_sorted_by_day_and_leaves_drafts_out() {
    let site = Site::case("tiny");
    site.write(
        "site.toml",
        "title = \"小站\"\nbase_url = \"https://a.example/\"\n",
    );
    for (entity, status, published) in [
        ("older", "approved", "2024-12-31"),
        ("newer", "approved", "2025-05-01"),
        ("draft", "draft", "2025-06-01"),
    ] {
        crate::support::copy(
            &site.path("data/demo"),
            &site.path(&format!("data/{entity}")),
        );
        site.replace(
            &format!("data/{entity}/2025-budget/disclosure.yaml"),
            "status: approved",
            &format!("status: {status}"),
        );
        site.replace(
            &format!("data/{entity}/2025-budget/disclosure.yaml"),
            "2025-04-02",
            published,
        );
    }
    let run = site.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let feed = site.read("public/feed.xml");
    let found: Vec<String> = texts(&feed, "id")
        .iter()
        .filter_map(|id| {
            id.strip_prefix("https://a.example/")?
                .split('/')
                .next()
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(found, ["", "newer", "demo", "older"]);
    let run = site.run(&["build", "--draft"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(texts(&site.read("public/feed.xml"), "title"), ["小站"]);
}

#[test]
fn without_an_address_there_is_no_feed() {
    let built = Built::new(&Site::case("tiny"));
    assert!(!built.has("feed.xml"));
    let dataset = read::json(&built, &format!("{FOLDER}/dataset.jsonld"));
    assert_eq!(dataset["distribution"][0]["contentUrl"], "tables.xlsx");
}
