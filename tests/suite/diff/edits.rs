//! Edits of the reference data, each with all that a comparison must tell of it.

use std::collections::BTreeSet;

use crate::support::Site;

const DATA: &str = "data/yq-veterans/2025-budget/";
const FOLDER: &str = "yq-veterans/2025-budget/";

/// A linear congruential generator (Knuth's MMIX): the same edits on every run.
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

/// What must be told, by selectors.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Figures with their old and new text.
    pub figures: BTreeSet<(String, String, String)>,
    /// How many figures stand as causes; `None` where an edit does not say.
    pub causes: Option<usize>,
    /// Rows: what happened, and to which.
    pub rows: BTreeSet<(String, String)>,
    /// Inputs that are texts, the overview.
    pub texts: BTreeSet<String>,
    /// Parts of sheets.
    pub sheets: BTreeSet<String>,
    /// Pages that are gone.
    pub gone: BTreeSet<String>,
    /// Whether files look different without a change of data.
    pub presentation: bool,
}

/// Tables whose rows are codes, one line a row, and their columns that are no sums.
const TREES: [(&str, &str, &[&str]); 3] = [
    ("02-revenue", "revenue", &["general_public"]),
    ("03-expenditure", "expenditure", &["basic", "project"]),
    (
        "05-general-expenditure",
        "general-expenditure",
        &["basic", "project"],
    ),
];

fn table(file: &str) -> String {
    format!("{DATA}tables/{file}.yaml")
}

/// `name: value` on a line, up to the comma or the bracket.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let at = [", ", "{"].iter().find_map(|before| {
        let start = format!("{before}{name}: ");
        line.find(&start).map(|at| at + start.len())
    })?;
    let end = line[at..].find([',', '}'])?;
    Some(line[at..at + end].trim_matches('"'))
}

/// A line with `name: value` replaced.
fn with(line: &str, name: &str, value: &str) -> String {
    let old = field(line, name).expect("the field");
    let from = format!("{name}: {old}");
    assert_eq!(line.matches(&from).count(), 1, "{from} in {line}");
    line.replace(&from, &format!("{name}: {value}"))
}

/// Hundredths more, written with two digits.
fn more(value: &str, hundredths: i64) -> String {
    let cents: i64 = value
        .replace('.', "")
        .parse()
        .expect("two digits after the point");
    let sum = cents + hundredths;
    format!("{}.{:02}", sum / 100, sum % 100)
}

/// The rows of a tree with seven digits: number of the line, code.
fn leaves(text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(at, line)| Some((at, field(line, "code")?.to_owned())))
        .filter(|(_, code)| code.len() == 7)
        .collect()
}

fn put(site: &Site, path: &str, at: usize, line: Option<&str>) {
    let text = site.read(path);
    let mut lines: Vec<&str> = text.lines().collect();
    match line {
        Some(line) => lines[at] = line,
        None => {
            lines.remove(at);
        }
    }
    site.write(path, lines.join("\n") + "\n");
}

/// An edit of one kind.
pub type Edit = fn(&Site, &mut Random, &mut Told);

/// Every kind of edit.
pub const EDITS: [(&str, Edit); 12] = [
    ("a cell", cell),
    ("a cell with its totals", cell_with_totals),
    ("a cell made blank", blank),
    ("a row more", row_more),
    ("a row less", row_less),
    ("a row with another name", row_renamed),
    ("two rows in another order", rows_swapped),
    ("an indicator", indicator),
    ("an input", input),
    ("a reason", reason),
    ("a template or a style sheet", presentation),
    ("a sheet less", sheet_less),
];

fn told_figure(told: &mut Told, at: String, old: &str, new: &str) {
    let fresh = told.figures.insert((at, old.to_owned(), new.to_owned()));
    assert!(fresh, "edited twice");
}

/// Picks a leaf of a tree and one of its columns that has a figure.
fn pick(site: &Site, random: &mut Random) -> (usize, usize, String, &'static str) {
    let tree = random.below(TREES.len());
    let text = site.read(&table(TREES[tree].0));
    let leaves = leaves(&text);
    let (at, code) = leaves[random.below(leaves.len())].clone();
    let line = text.lines().nth(at).expect("a line");
    let columns = TREES[tree]
        .2
        .iter()
        .filter(|name| field(line, name).is_some());
    let columns: Vec<_> = columns.collect();
    (tree, at, code, columns[random.below(columns.len())])
}

fn cell(site: &Site, random: &mut Random, told: &mut Told) {
    let (tree, at, code, column) = pick(site, random);
    let (path, id) = (table(TREES[tree].0), TREES[tree].1);
    let text = site.read(&path);
    let line = text.lines().nth(at).expect("a line");
    let old = field(line, column).expect("a figure");
    let new = more(old, 1 + i64::try_from(random.below(9_000)).expect("small"));
    put(site, &path, at, Some(&with(line, column, &new)));
    told_figure(told, format!("{id}[{code}].{column}"), old, &new);
    told.causes = told.causes.map(|causes| causes + 1);
}

/// Every figure of every leaf, each by another amount, so that nothing balances.
pub fn every_cell(site: &Site, told: &mut Told) {
    let mut change = 0;
    for (file, id, columns) in TREES {
        let path = table(file);
        for (at, code) in leaves(&site.read(&path)) {
            let text = site.read(&path);
            let mut line = text.lines().nth(at).expect("a line").to_owned();
            for column in columns {
                let Some(old) = field(&line, column).map(str::to_owned) else {
                    continue;
                };
                change += 1;
                let new = more(&old, change);
                line = with(&line, column, &new);
                told_figure(told, format!("{id}[{code}].{column}"), &old, &new);
            }
            put(site, &path, at, Some(&line));
        }
    }
    told.causes = Some(told.figures.len());
}

fn blank(site: &Site, random: &mut Random, told: &mut Told) {
    let (tree, at, code, column) = pick(site, random);
    let (path, id) = (table(TREES[tree].0), TREES[tree].1);
    let text = site.read(&path);
    let line = text.lines().nth(at).expect("a line");
    let old = field(line, column).expect("a figure");
    let new = line.replace(&format!(", {column}: {old}"), "");
    put(site, &path, at, Some(&new));
    told_figure(told, format!("{id}[{code}].{column}"), old, "");
    told.causes = told.causes.map(|causes| causes + 1);
}

fn cell_with_totals(site: &Site, random: &mut Random, told: &mut Told) {
    let (tree, at, code, column) = pick(site, random);
    let (path, id) = (table(TREES[tree].0), TREES[tree].1);
    let change = 1 + i64::try_from(random.below(9_000)).expect("small");
    let text = site.read(&path);
    for (line_at, line) in text.lines().enumerate() {
        let own = field(line, "code").unwrap_or_default();
        let total = line.starts_with("total:");
        if !(total || line_at == at || !own.is_empty() && own != code && code.starts_with(own)) {
            continue;
        }
        let row = if total { "total" } else { own };
        let mut changed = line.to_owned();
        for column in [column, "total"] {
            let old = field(line, column).expect("a figure");
            let new = more(old, change);
            changed = with(&changed, column, &new);
            told_figure(told, format!("{id}[{row}].{column}"), old, &new);
        }
        put(site, &path, line_at, Some(&changed));
    }
    told.causes = told.causes.map(|causes| causes + 1);
}

fn row_more(site: &Site, random: &mut Random, told: &mut Told) {
    let (tree, at, code, _) = pick(site, random);
    let (path, id) = (table(TREES[tree].0), TREES[tree].1);
    let text = site.read(&path);
    let mut lines: Vec<&str> = text.lines().collect();
    let section = &code[..5];
    let new = format!("{section}{:02}", 60 + random.below(20));
    let line = format!("  - {{code: \"{new}\", name: 新设科目, total: 1.25}}");
    lines.insert(at + 1, &line);
    site.write(&path, lines.join("\n") + "\n");
    told.rows
        .insert(("Added".to_owned(), format!("{id}[{new}]")));
}

fn row_less(site: &Site, random: &mut Random, told: &mut Told) {
    let (tree, at, code, _) = pick(site, random);
    let (path, id) = (table(TREES[tree].0), TREES[tree].1);
    put(site, &path, at, None);
    told.rows
        .insert(("Removed".to_owned(), format!("{id}[{code}]")));
}

fn row_renamed(site: &Site, random: &mut Random, told: &mut Told) {
    let (tree, at, code, _) = pick(site, random);
    let (path, id) = (table(TREES[tree].0), TREES[tree].1);
    let text = site.read(&path);
    let line = text.lines().nth(at).expect("a line");
    let name = field(line, "name").expect("a name");
    put(
        site,
        &path,
        at,
        Some(&with(line, "name", &format!("{name}（改）"))),
    );
    told.rows
        .insert(("Renamed".to_owned(), format!("{id}[{code}]")));
}

/// Two neighbours of the projects: either may be told as the one that moved.
fn rows_swapped(site: &Site, random: &mut Random, told: &mut Told) {
    let path = table("12-projects");
    let text = site.read(&path);
    let mut lines: Vec<&str> = text.lines().collect();
    let pairs: Vec<usize> = (1..lines.len())
        .filter(|at| {
            [at - 1, *at]
                .iter()
                .all(|at| lines[*at].starts_with("      - {id: "))
        })
        .collect();
    let at = pairs[random.below(pairs.len())];
    let name = |line: &str| format!("projects[{}]", field(line, "id").expect("an id"));
    let both = [name(lines[at - 1]), name(lines[at])];
    lines.swap(at - 1, at);
    site.write(&path, lines.join("\n") + "\n");
    told.rows.insert(("Moved".to_owned(), both.join(" or ")));
}

/// Files of the sheets.
fn sheets(site: &Site) -> Vec<String> {
    let folder = std::fs::read_dir(site.path(&format!("{DATA}projects"))).expect("the sheets");
    let mut names: Vec<String> = folder
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn indicator(site: &Site, random: &mut Random, told: &mut Told) {
    let names = sheets(site);
    let name = &names[random.below(names.len())];
    let path = format!("{DATA}projects/{name}");
    let text = site.read(&path);
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("{level1: ") && line.ends_with('}'))
        .collect();
    let (at, line) = lines[random.below(lines.len())];
    let changed = format!("{}，须核实\"}}", line.trim_end_matches(['"', '}']));
    // The last value of the line, quoted as a whole.
    let (before, value) = changed.rsplit_once(": ").expect("a value");
    let changed = format!("{before}: \"{}", value.trim_start_matches('"'));
    put(site, &path, at, Some(&changed));
    let id = name.trim_end_matches(".yaml");
    told.sheets.insert(format!("sheets[{id}].indicators"));
}

fn input(site: &Site, random: &mut Random, told: &mut Told) {
    const INPUTS: [(&str, &str, &str); 4] = [
        ("prior_total", "3831.00", "3841.00"),
        ("office_area", "300", "310"),
        ("prior_agency_operating", "27.40", "27.50"),
        ("procurement_goods", "15.03", "16.03"),
    ];
    let (name, old, new) = INPUTS[random.below(INPUTS.len())];
    let (from, to) = (format!("  {name}: {old}\n"), format!("  {name}: {new}\n"));
    site.replace(&format!("{DATA}disclosure.yaml"), &from, &to);
    told_figure(told, format!("input.{name}"), old, new);
    told.causes = told.causes.map(|causes| causes + 1);
}

fn reason(site: &Site, random: &mut Random, told: &mut Told) {
    const REASONS: [&str; 3] = [
        "reason_three_public",
        "reason_agency_operating",
        "other_matters",
    ];
    let name = REASONS[random.below(REASONS.len())];
    let start = format!("  {name}: ");
    site.replace(
        &format!("{DATA}disclosure.yaml"),
        &start,
        &format!("{start}经核实，"),
    );
    told.texts.insert(format!("input.{name}"));
}

fn presentation(site: &Site, random: &mut Random, told: &mut Told) {
    if random.below(2) == 0 {
        site.replace("templates/base.html", "</body>", "<!-- -->\n</body>");
    } else {
        let style = site.read("static/style/content.css");
        site.write("static/style/content.css", style + "\np { orphans: 3; }\n");
    }
    told.presentation = true;
}

fn sheet_less(site: &Site, random: &mut Random, told: &mut Told) {
    let names = sheets(site);
    let name = &names[random.below(names.len())];
    site.remove(&format!("{DATA}projects/{name}"));
    let id = name.trim_end_matches(".yaml");
    told.sheets.insert(format!("sheets[{id}]"));
    told.gone.insert(format!("{FOLDER}p-{id}.html"));
}
