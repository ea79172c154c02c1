//! What each line of a file owes to a change: the figures it shows, and the figures behind what it says.

use gongkai::model::disclosure::{Disclosure, row_anchor};

use gongkai::model::selector::Selector;

use super::moved::Moved;
use super::page::PageScan;
use super::provenance::{Key, Keys, Provenance, of_selector, row_of};
use super::recompute::VERDICTS;

/// What is expected of a line when some figures change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// It stays.
    Same,
    /// It shows one of the figures, or a digest over it: it changes.
    Shows,
    /// It says something that was computed from one of them, which may come out as before.
    Computed(Kind),
}

/// What is computed, so that it can be computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `66.26 = 3,831.00 − 3,764.74`
    Steps,
    /// A chart: shares, angles, the sentence. By its place among the charts of the file.
    Chart(String),
    /// A count of the verdicts of all rules.
    Tally,
    /// A count of the verdicts of one rule.
    RuleTally(String),
    /// The mark of a cell.
    Mark,
    /// How many rows of a table have figures, by its page.
    Rows(String),
    /// The size of a file, by its name.
    Size(String),
    /// Key figures and counts of verdicts, on pages of the site.
    Sums,
    /// A key figure as data.
    KeyFigure,
    /// How many findings are open.
    Open,
    /// A finding that speaks of one of the figures.
    Finding,
    /// The text of a section of the narrative.
    Section(String),
    /// A sentence of a section as data.
    Sentence(String),
    /// The count of one verdict of a rule as data.
    Verdicts(String),
    /// A relation of a rule as data.
    Relation(String),
    /// Elements around such lines, which say nothing themselves.
    Frame,
}

/// A disclosure, where its figures go, and which of them change.
pub struct Scope<'a> {
    pub disclosure: &'a Disclosure,
    pub provenance: &'a Provenance,
    pub edited: &'a Keys,
    /// Parts that take another form with them.
    pub moved: &'a Moved,
}

impl Scope<'_> {
    /// Whether one of some figures changes.
    pub fn hits<'k>(&self, keys: impl IntoIterator<Item = &'k Key>) -> bool {
        keys.into_iter().any(|key| self.edited.contains(key))
    }

    /// For a line that is computed from some figures.
    pub fn computed(&self, keys: &Keys, kind: Kind) -> Expect {
        if self.hits(keys) {
            Expect::Computed(kind)
        } else {
            Expect::Same
        }
    }

    /// For a line that shows some figures.
    pub fn shows(&self, keys: &Keys) -> Expect {
        if self.hits(keys) {
            Expect::Shows
        } else {
            Expect::Same
        }
    }

    /// What is expected of every line of a file.
    pub fn lines(&self, path: &str, text: &str) -> Vec<Expect> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let lines: Vec<&str> = text.lines().collect();
        match name.rsplit('.').next() {
            Some("html") => PageScan::new(self, name, &lines).expect(),
            Some("csv") => {
                let keys = &self.provenance.csv[name];
                assert_eq!(keys.len(), lines.len(), "{path}");
                keys.iter().map(|keys| self.shows(keys)).collect()
            }
            _ => match name {
                "data.json" => self.data(&lines),
                "datapackage.json" | "dataset.jsonld" => self.descriptions(&lines),
                "search.js" if path.contains("-budget/") => self.shard(&lines),
                "feed.xml" => self.feed(&lines),
                _ => vec![Expect::Same; lines.len()],
            },
        }
    }

    /// The entry of a disclosure sums it up; that of a correction says why.
    fn feed(&self, lines: &[&str]) -> Vec<Expect> {
        let mut correction = false;
        each(lines, |line| {
            if line.starts_with("<id>") {
                correction = line.contains("/corrections.html#");
            }
            let total = line.starts_with("<summary>") && !correction;
            total.then(|| self.computed(&self.provenance.key_figures, Kind::Sums))
        })
    }

    fn data(&self, lines: &[&str]) -> Vec<Expect> {
        let (mut page, mut csv, mut row, mut id) = (String::new(), String::new(), 0, String::new());
        each(lines, |line| {
            let value = |key: &str| {
                let rest = line.trim_start().strip_prefix(&format!("\"{key}\": \""))?;
                Some(rest.trim_end_matches([',', '"']).to_owned())
            };
            if let Some(found) = value("page") {
                page = found;
            } else if let Some(found) = value("csv") {
                (csv, row) = (found, 0);
            } else if let Some(found) = value("id") {
                id = found;
            } else if line.starts_with("  \"digest\"") {
                return Some(self.shows(&self.provenance.all));
            } else if value("digest").is_some() {
                return Some(self.shows(&self.provenance.tables[&page]));
            } else if line.starts_with("        {\"text\":") {
                let keys = self.selectors(line, &["figures"]);
                return Some(self.computed(&keys, Kind::Sentence(id.clone())));
            } else if line.starts_with("        {\"left\":") {
                let keys = self.selectors(line, &["left", "right"]);
                return Some(self.computed(&keys, Kind::Relation(id.clone())));
            } else if VERDICTS
                .iter()
                .any(|one| line.starts_with(&format!("      \"{}\":", one.slug())))
            {
                let keys = &self.provenance.rules[&id];
                return Some(self.computed(keys, Kind::Verdicts(id.clone())));
            } else if line.starts_with("      \"text\"") {
                return Some(self.section(&id));
            } else if line.contains("\"where\":") {
                // A correction tells what it was published with.
                return None;
            } else if let Some((_, at)) = line.split_once("\"at\":\"") {
                let at = Selector::new(at.split('"').next()?)?;
                let figure = self.disclosure.key_figures.iter();
                let figure = figure.clone().find(|figure| figure.at == at)?;
                return Some(
                    if self.hits(of_selector(self.disclosure, &figure.at).as_ref()) {
                        Expect::Shows
                    } else {
                        self.computed(&self.provenance.key_figures, Kind::KeyFigure)
                    },
                );
            } else if line.starts_with("            {\"id\":") && line.contains("\"cells\":") {
                row += 1;
                return Some(self.shows(&self.provenance.csv[&csv][row]));
            } else if let Some(input) = line.strip_prefix("    {\"id\":\"") {
                let id = input.split('"').next()?;
                let key = format!("narrative.html#in-{id}");
                return Some(self.shows(&Keys::from([key])));
            }
            None
        })
    }

    /// The figures that a line of data names in some of its lists, those of charts included.
    fn selectors(&self, line: &str, lists: &[&str]) -> Keys {
        let value: serde_json::Value =
            serde_json::from_str(line.trim().trim_end_matches(',')).expect("an object a line");
        let mut keys = Keys::new();
        for name in lists
            .iter()
            .filter_map(|list| value[*list].as_array())
            .flatten()
        {
            let name = name.as_str().expect("a name").trim_start_matches('-');
            if let Some(at) = Selector::new(name) {
                keys.extend(of_selector(self.disclosure, &at));
            } else if let Some(chart) = name.strip_prefix('图') {
                keys.extend(
                    self.provenance
                        .charts
                        .get(chart)
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
            }
        }
        keys
    }

    /// A section of the narrative by its operands.
    fn section(&self, id: &str) -> Expect {
        let keys = self.provenance.sections.get(id);
        keys.map_or(Expect::Same, |keys| {
            self.computed(keys, Kind::Section(id.to_owned()))
        })
    }

    fn descriptions(&self, lines: &[&str]) -> Vec<Expect> {
        let mut file = String::new();
        each(lines, |line| {
            let line = line.trim_start();
            if let Some(path) = line
                .strip_prefix("\"path\": \"")
                .or_else(|| line.strip_prefix("\"contentUrl\": \""))
            {
                let path = path.trim_end_matches([',', '"']);
                path.rsplit('/')
                    .next()
                    .unwrap_or(path)
                    .clone_into(&mut file);
                None
            } else if line.starts_with("\"version\"") || line.starts_with("\"creditText\"") {
                Some(self.shows(&self.provenance.all))
            } else if line.starts_with("\"bytes\"") || line.starts_with("\"contentSize\"") {
                Some(self.size(&file))
            } else if line.starts_with("\"hash\"") {
                Some(self.shows(&self.of_file(&file)))
            } else {
                None
            }
        })
    }

    /// The figures of a download.
    fn of_file(&self, name: &str) -> Keys {
        let csv = self.provenance.csv.get(name);
        csv.map_or_else(
            || self.provenance.all.clone(),
            |lines| lines.iter().flatten().cloned().collect(),
        )
    }

    /// For a line that tells the size of a file.
    pub fn size(&self, name: &str) -> Expect {
        self.computed(&self.of_file(name), Kind::Size(name.to_owned()))
    }

    fn shard(&self, lines: &[&str]) -> Vec<Expect> {
        let (mut page, mut block) = (String::new(), String::new());
        each(lines, |line| {
            let mut parts = line.split('"');
            let first = parts.nth(1)?;
            let expected = if let Some(id) = first.strip_prefix("narrative.html#") {
                Some(self.section(id))
            } else if first.starts_with('t') && self.provenance.tables.contains_key(first) {
                first.clone_into(&mut page);
                None
            } else {
                let row = format!("{page}#{}", row_anchor(&block, first));
                let shows = self.edited.iter().any(|key| row_of(key) == row);
                (line.starts_with('[') && shows).then_some(Expect::Shows)
            };
            if line.ends_with("],[") {
                block = block_of(line).unwrap_or_default();
            }
            expected
        })
    }
}

fn each(lines: &[&str], mut one: impl FnMut(&str) -> Option<Expect>) -> Vec<Expect> {
    let expected = lines.iter().map(|line| one(line).unwrap_or(Expect::Same));
    expected.collect()
}

/// The block whose rows begin after this line of a shard.
fn block_of(line: &str) -> Option<String> {
    let columns = line.rfind("\",[[\"")?;
    let start = line[..columns].rfind('"')? + 1;
    Some(line[start..columns].to_owned())
}
