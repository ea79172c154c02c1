//! Nothing that a data file says is lost without a word: random standards with random data, every
//! scalar of which is looked for in `data.json`, in the CSV file and on the page.

mod draw;

use std::collections::{BTreeMap, HashMap};

use gongkai::pipeline::{self, BuildOptions};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use crate::parsed;
use crate::support::{Random, Site};
use draw::{Scalar, draw};

/// Disclosures that are drawn, each with a standard of its own.
const CASES: usize = 120;

/// How often each text stands somewhere.
type Texts = HashMap<String, usize>;

#[test]
fn every_scalar_is_published_or_refused_at_its_place() {
    let site = Site::empty();
    site.write("site.toml", "title = \"随机\"\n");
    let mut random = Random::new(0x005E_ED11);
    let drawn: Vec<Vec<Scalar>> = (0..CASES).map(|at| draw(&mut random, &site, at)).collect();
    let options = BuildOptions {
        root: site.root().to_owned(),
        fresh: true,
        ..BuildOptions::default()
    };
    let outcome = pipeline::build(&options, &()).expect("a site");
    let faults: Vec<String> = outcome
        .diagnostics
        .iter()
        .filter(|found| found.is_fault())
        .map(|found| format!("{}: {}", found.location.source.path, found.say.zh))
        .collect();
    assert!(outcome.output.is_some(), "{faults:#?}");
    parsed::look(&site.path("public"), &site.path("static"));
    let said: Vec<(&str, u32)> = outcome
        .diagnostics
        .iter()
        .map(|found| (&*found.location.source.path, found.location.place.line))
        .collect();
    let mut lost = Vec::new();
    for (at, scalars) in drawn.iter().enumerate() {
        let folder = format!("public/e{at}/2025-budget");
        let published = Published::new(&site, &folder);
        for table in 1..=3 {
            let page = site.path(&format!("{folder}/t{table:02}.html"));
            let page = std::fs::read_to_string(page).unwrap_or_default();
            assert_eq!(ragged(&page), [""; 0], "{folder}/t{table:02}.html");
        }
        lost.extend(published.lacks(scalars).into_iter().filter(|lost| {
            !said
                .iter()
                .any(|(path, line)| *path == lost.1 && *line as usize == lost.2)
        }));
    }
    let scalars: usize = drawn.iter().map(Vec::len).sum();
    assert!(
        scalars > CASES * 40,
        "{scalars} scalars are too few to tell"
    );
    let most = &lost[..lost.len().min(40)];
    let report: Vec<String> = most.iter().map(|lost| format!("{lost:?}")).collect();
    assert!(
        lost.is_empty(),
        "{} of {scalars} scalars:\n{}",
        lost.len(),
        report.join("\n")
    );
}

/// Several purchases of one item of the catalogue are several rows, with anchors of their own.
#[test]
fn rows_may_share_a_code_of_no_classification() {
    let site = Site::case("tiny");
    site.replace(
        "standards/tiny/tables/3-projects.yaml",
        "{id: name, kind: name,",
        "{id: code, kind: code, title: 编码}\n      - {id: name, kind: name,",
    );
    site.replace(
        "data/demo/2025-budget/tables/projects.yaml",
        "- {id: archive-01,",
        "- {code: A020101, name: 书架, total: 0}\n      - {code: A020101, name: 书桌, total: 0}\n      - {id: archive-01,",
    );
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let page = site.read("public/demo/2025-budget/t03.html");
    for (anchor, name) in [("r-A020101", "书架"), ("r-A020101-2", "书桌")] {
        let row = page
            .lines()
            .find(|line| line.contains(&format!("id=\"{anchor}\"")));
        assert!(
            row.is_some_and(|row| row.contains(name)),
            "{anchor}: {row:?}"
        );
    }
}

/// What is lost where, with the place of the data.
type Lost = (String, String, usize, String);

/// The texts of all that a disclosure publishes.
struct Published<'a> {
    site: &'a Site,
    folder: &'a str,
    data: Texts,
    csv: BTreeMap<(String, String), Texts>,
}

impl<'a> Published<'a> {
    fn new(site: &'a Site, folder: &'a str) -> Self {
        let json = site.read(&format!("{folder}/data.json"));
        let json: Value = serde_json::from_str(&json).expect("JSON");
        let mut csv = BTreeMap::new();
        for table in json["tables"].as_array().expect("tables") {
            for block in table["blocks"].as_array().expect("blocks") {
                let word = |value: &Value| value.as_str().expect("a text").to_owned();
                let text = site.read(&format!("{folder}/{}", word(&block["csv"])));
                csv.insert((word(&table["id"]), word(&block["id"])), fields(&text));
            }
        }
        let mut data = Texts::new();
        collect(&json, &mut data);
        Self {
            site,
            folder,
            data,
            csv,
        }
    }

    fn lacks(&self, scalars: &[Scalar]) -> Vec<Lost> {
        let mut lost = Vec::new();
        let mut data = self.data.clone();
        let mut csv = self.csv.clone();
        let mut pages: BTreeMap<&str, (Texts, String)> = BTreeMap::new();
        for scalar in scalars {
            let (path, line) = &scalar.place;
            let mut lack = |place: &str, text: &str| {
                lost.push((place.to_owned(), path.clone(), *line, text.to_owned()));
            };
            if !take(&mut data, &scalar.data) {
                lack("data.json", &scalar.data);
            }
            if let Some(file) = &scalar.csv {
                let fields = csv.get_mut(file).expect("a CSV file");
                if !take(fields, &scalar.data) && !take(fields, &format!("'{}", scalar.data)) {
                    lack("CSV", &scalar.data);
                }
            }
            let Some((page, shown)) = &scalar.page else {
                continue;
            };
            let (texts, all) = pages
                .entry(page)
                .or_insert_with(|| texts(&self.site.read(&format!("{}/{page}", self.folder))));
            for text in shown {
                // Words of one's own are on the page but once, and may stand in a sentence.
                let unique =
                    !text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
                let found = take(texts, text) || unique && all.contains(text);
                if !found {
                    lack(page, text);
                }
            }
        }
        lost
    }
}

/// Takes one of a text out.
fn take(texts: &mut Texts, text: &str) -> bool {
    match texts.get_mut(text) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// Every text of a JSON value.
fn collect(value: &Value, into: &mut Texts) {
    match value {
        Value::String(text) => *into.entry(text.trim().to_owned()).or_default() += 1,
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(map) => map.values().for_each(|item| collect(item, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every field of a CSV file below its heading.
fn fields(text: &str) -> Texts {
    let mut texts = Texts::new();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    for record in reader.records() {
        for field in &record.expect("a record") {
            *texts.entry(field.to_owned()).or_default() += 1;
        }
    }
    texts
}

/// Every line of every table of figures that has not as many columns as its heading.
fn ragged(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let select = |words: &str| Selector::parse(words).expect("a selector");
    let (cells, rows) = (select("td, th"), select("tbody tr"));
    let wide = |row: ElementRef<'_>| -> usize {
        let span = |cell: ElementRef<'_>| cell.attr("colspan").map_or(1, |n| n.parse().expect(n));
        row.select(&cells).map(span).sum()
    };
    let mut ragged = Vec::new();
    for table in page.select(&select("main .blocks table")) {
        let head = table.select(&select("thead tr")).next().expect("a heading");
        let lines = table.select(&rows).filter(|row| wide(*row) != wide(head));
        ragged.extend(lines.map(words));
    }
    ragged
}

/// The text of every cell, item and paragraph of the main part of a page, and all of it.
fn texts(page: &str) -> (Texts, String) {
    let page = Html::parse_document(page);
    let select = |words: &str| Selector::parse(words).expect("a selector");
    let main = page.select(&select("main")).next().expect("a main part");
    let mut texts = Texts::new();
    for element in main.select(&select("td, th, dd, p, h2, time")) {
        *texts.entry(words(element)).or_default() += 1;
    }
    (texts, words(main))
}

fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.replace('\n', "").trim().to_owned()
}
