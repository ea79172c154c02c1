//! Which figures the parts of a site are made of, from the proof, the forms and the charts of the
//! disclosure and never from a comparison.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::model::chart::Chart;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::narrative::{FIGURE_OPEN, Figure, MARK_CLOSE};
use gongkai::model::proof::{At, CellAt, Verdict};
use gongkai::model::selector::Selector;
use gongkai::render::address::Edition;
use gongkai::render::download::csv_name;

/// The address of a figure in the pages: `t03.html#r-2080901.total`, `narrative.html#in-prior_total`.
pub type Key = String;

/// Addresses.
pub type Keys = BTreeSet<Key>;

/// The figures behind each part.
pub struct Provenance {
    /// Those of every relation of a rule, by its id.
    pub rules: BTreeMap<String, Keys>,
    /// Those that decide on the mark of a cell, by the address of its row.
    pub marks: BTreeMap<Key, Keys>,
    /// Those of a table, by its page.
    pub tables: BTreeMap<String, Keys>,
    /// Those of each line of a CSV file, by its name.
    pub csv: BTreeMap<String, Vec<Keys>>,
    /// Those of the key figures and what they are compared with.
    pub key_figures: Keys,
    /// Those of each chart, by its title in words of the proof: 《“三公”经费分布图》.
    pub charts: BTreeMap<String, Keys>,
    /// Those of the text of each section of the narrative, by its id.
    pub sections: BTreeMap<String, Keys>,
    /// Those that any rule reads.
    pub proof: Keys,
    /// All.
    pub all: Keys,
}

/// The address of an operand; `None` for one of a sheet, or one that stands nowhere.
pub fn key(disclosure: &Disclosure, at: &At) -> Option<Key> {
    match at {
        At::Cell(_) | At::Input(_) => of_selector(disclosure, &disclosure.operand_selector(at)?),
        _ => None,
    }
}

/// The address of a selector.
pub fn of_selector(disclosure: &Disclosure, at: &Selector) -> Option<Key> {
    Edition::Pages.href(disclosure, at)
}

impl Provenance {
    /// `charts` are those of the data before a change, for one whose parts do not come to its total is
    /// left out, and the rules and findings say so.
    pub fn new(disclosure: &Disclosure, charts: &[Chart]) -> Self {
        let mut found = Self {
            rules: BTreeMap::new(),
            marks: BTreeMap::new(),
            tables: BTreeMap::new(),
            csv: BTreeMap::new(),
            key_figures: BTreeSet::new(),
            charts: BTreeMap::new(),
            sections: BTreeMap::new(),
            proof: BTreeSet::new(),
            all: BTreeSet::new(),
        };
        found.tables(disclosure);
        for at in 0..disclosure.inputs.len() {
            found.all.extend(key(disclosure, &At::Input(at)));
        }
        for chart in charts {
            let parts = chart.slices.iter().map(|slice| &slice.at);
            let selectors = parts.chain([&chart.total_at]);
            let keys = selectors.filter_map(|at| of_selector(disclosure, &Selector::new(at)?));
            let title = format!("《{}》", chart.title);
            found.charts.insert(title, keys.collect());
        }
        found.proof(disclosure);
        for figure in &disclosure.key_figures {
            found
                .key_figures
                .extend(of_selector(disclosure, &figure.at));
            let steps = figure.change.iter().flat_map(|change| &change.figures);
            for figure in steps {
                operands(disclosure, figure, &mut found.key_figures);
            }
        }
        let narrative = &disclosure.narrative;
        for section in &narrative.sections {
            let keys = found.sections.entry(section.id.to_string()).or_default();
            for mark in section.markdown.split(FIGURE_OPEN).skip(1) {
                let number = mark.split(MARK_CLOSE).next().and_then(|at| at.parse().ok());
                let figure = number.and_then(|at: usize| narrative.figures.get(at));
                operands(disclosure, figure.expect("a figure"), keys);
            }
        }
        found
    }

    fn tables(&mut self, disclosure: &Disclosure) {
        for (table, found) in disclosure.tables.iter().enumerate() {
            let mut keys = BTreeSet::new();
            for (block, rows) in found.blocks.iter().enumerate() {
                // The names of the columns come first.
                let mut lines = vec![BTreeSet::new()];
                for (row, cells) in rows.rows.iter().enumerate() {
                    let cells = (0..cells.cells.len()).filter_map(|column| {
                        let at = CellAt {
                            table,
                            block,
                            row,
                            column,
                        };
                        let figure = disclosure.around(at).column.is_addressed();
                        key(disclosure, &At::Cell(at)).filter(|_| figure)
                    });
                    lines.push(cells.collect());
                }
                keys.extend(lines.iter().flatten().cloned());
                let name = csv_name(&found.form, &found.form.blocks[block].id);
                self.csv.insert(name, lines);
            }
            self.all.extend(keys.iter().cloned());
            self.tables.insert(found.form.page(), keys);
        }
    }

    fn proof(&mut self, disclosure: &Disclosure) {
        for rule in &disclosure.proof.rules {
            let keys = self.rules.entry(rule.id.to_string()).or_default();
            for relation in &rule.relations {
                let terms: Keys = relation
                    .terms()
                    .filter_map(|term| key(disclosure, &term.at))
                    .collect();
                for term in &relation.left {
                    if let At::Text(text) = &term.at {
                        keys.extend(named(&self.charts, text));
                    }
                    if let Some(cell) = key(disclosure, &term.at) {
                        let marks = self.marks.entry(row_of(&cell).to_owned()).or_default();
                        marks.extend(terms.iter().cloned());
                    }
                }
                keys.extend(terms);
            }
            self.proof.extend(keys.iter().cloned());
        }
    }
}

/// The figures of the charts that a text names.
pub fn named(charts: &BTreeMap<String, Keys>, text: &str) -> Keys {
    let named = charts.iter().filter(|(title, _)| text.contains(*title));
    named.flat_map(|(_, keys)| keys.iter().cloned()).collect()
}

/// The cells and inputs of a figure of the narrative.
fn operands(disclosure: &Disclosure, figure: &Figure, keys: &mut Keys) {
    figure.sources(&mut |at| keys.extend(of_selector(disclosure, at)));
}

/// `t03.html#r-2080901` of `t03.html#r-2080901.total`.
pub fn row_of(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(row, _)| row)
}

/// Addresses of cells that a relation has found wrong, as their tables mark them.
pub fn marked(disclosure: &Disclosure) -> Keys {
    let mut marked = BTreeSet::new();
    for relation in disclosure.proof.relations() {
        if relation.verdict < Verdict::Improbable {
            continue;
        }
        let mut seen = Vec::new();
        for term in &relation.left {
            if let At::Cell(at) = &term.at
                && !seen.contains(&at.table)
                && disclosure.around(*at).column.is_addressed()
            {
                seen.push(at.table);
                marked.extend(key(disclosure, &term.at));
            }
        }
    }
    marked
}
