//! What each line of a page owes to a change: by its links and anchors, else by its place.

use std::collections::BTreeMap;
use std::ops::Range;

use gongkai::model::selector::Selector;
use gongkai::render::address::CHART_IDS;

use super::expect::{Expect, Kind, Scope};
use super::provenance::{Key, Keys, named, of_selector, row_of};

/// A page, cut into its parts.
pub struct PageScan<'a> {
    scope: &'a Scope<'a>,
    name: &'a str,
    lines: &'a [&'a str],
    /// The figures of each computation, by its anchor.
    steps: BTreeMap<&'a str, Keys>,
    charts: Vec<(Range<usize>, String, Keys)>,
    changes: Vec<(Range<usize>, Keys)>,
    findings: Vec<Range<usize>>,
    rules: Vec<(Range<usize>, String)>,
    corrections: Vec<Range<usize>>,
}

impl<'a> PageScan<'a> {
    /// Finds the parts of a page.
    pub fn new(scope: &'a Scope<'a>, name: &'a str, lines: &'a [&'a str]) -> Self {
        let mut scan = Self {
            scope,
            name,
            lines,
            steps: BTreeMap::new(),
            charts: Vec::new(),
            changes: Vec::new(),
            findings: Vec::new(),
            rules: Vec::new(),
            corrections: Vec::new(),
        };
        scan.steps();
        let keys = |range: &Range<usize>| -> Keys {
            range.clone().flat_map(|at| scan.links(at)).collect()
        };
        let charts = scan.regions("<figure class=\"chart\"", "</figure>");
        let charts = charts.map(|range| {
            let id = attributes(lines[range.start], "id")
                .next()
                .unwrap_or_default();
            (range.clone(), id.to_owned(), keys(&range))
        });
        let charts = charts.collect();
        let changes = scan.regions("<div>", "</div>");
        let changes = changes
            .filter(|range| lines[range.start + 1].starts_with("<dt>"))
            .map(|range| (range.clone(), keys(&range)))
            .collect();
        let rules = scan.regions("<section class=\"rule\"", "</section>");
        let rules = rules.map(|range| {
            let id = attributes(lines[range.start], "id")
                .next()
                .unwrap_or_default();
            (range, id.trim_start_matches("rule-").to_owned())
        });
        let rules = rules.collect();
        let findings = scan
            .regions("<section aria-labelledby=\"open\"", "</section>")
            .chain(scan.regions("<section aria-labelledby=\"findings\"", "</section>"))
            .collect();
        let corrections = scan.regions("<section class=\"correction\"", "</section>");
        let corrections = corrections.collect();
        Self {
            charts,
            changes,
            findings,
            rules,
            corrections,
            ..scan
        }
    }

    /// Stretches from a line that begins with `open` to the next that is, or ends with, `close`.
    fn regions(&self, open: &'a str, close: &'a str) -> impl Iterator<Item = Range<usize>> + '_ {
        let starts = self.lines.iter().enumerate();
        starts
            .filter(move |(_, line)| line.starts_with(open))
            .map(move |(start, _)| {
                let rest = self.lines[start..].iter();
                let length = rest.clone().position(|line| line.starts_with(close));
                start..start + length.unwrap_or(self.lines.len() - start - 1) + 1
            })
    }

    fn steps(&mut self) {
        for (at, line) in self.lines.iter().enumerate() {
            if let Some(id) = line.strip_prefix("<li id=\"how-") {
                let id = id.split('"').next().unwrap_or_default();
                let mut keys = self.links(at);
                // A result in between stands before what is computed from it.
                for nested in how(line).skip(1) {
                    keys.extend(self.steps.get(nested).into_iter().flatten().cloned());
                }
                self.steps.insert(id, keys);
            }
        }
    }

    /// The figures that a line shows: its own cells, and those that its links lead to.
    fn links(&self, at: usize) -> Keys {
        let line = self.lines[at];
        let own = attributes(line, "id").filter_map(|id| Self::address(self.name, id));
        let linked = attributes(line, "href").filter_map(|href| {
            let (page, id) = href.split_once('#')?;
            Self::address(if page.is_empty() { self.name } else { page }, id)
        });
        own.chain(linked).collect()
    }

    /// The address of a figure as pages of tables have it.
    fn address(page: &str, id: &str) -> Option<Key> {
        if id.starts_with("in-") {
            return Some(format!("narrative.html#{id}"));
        }
        let (page, id) = match id.split_once("-r-") {
            Some((table, rest)) if page == "full.html" && table.starts_with('t') => {
                (format!("{table}.html"), format!("r-{rest}"))
            }
            _ => (page.to_owned(), id.to_owned()),
        };
        (id.starts_with("r-") && id.contains('.')).then(|| format!("{page}#{id}"))
    }

    /// What is expected of each line.
    pub fn expect(&self) -> Vec<Expect> {
        (0..self.lines.len()).map(|at| self.line(at)).collect()
    }

    fn line(&self, at: usize) -> Expect {
        let line = self.lines[at];
        if self.findings.iter().any(|range| range.contains(&at)) {
            return self.finding(at);
        }
        // A correction tells what it was published with, wherever it leads.
        if self.corrections.iter().any(|range| range.contains(&at)) {
            return Expect::Same;
        }
        let links = self.links(at);
        if self.scope.hits(&links) {
            return Expect::Shows;
        }
        if let Some((_, rule)) = self.rules.iter().find(|(range, _)| range.contains(&at)) {
            return self.rule(line, rule);
        }
        if let Some((_, id, keys)) = self.charts.iter().find(|(range, ..)| range.contains(&at)) {
            let says =
                line.contains("<path") || visible(line).contains(|c: char| c.is_ascii_digit());
            if !says {
                let id = id.trim_start_matches(CHART_IDS);
                return frame(self.scope.moved.charts.contains(id));
            }
            return self.scope.computed(keys, Kind::Chart(id.clone()));
        }
        if let Some((_, keys)) = self.changes.iter().find(|(range, _)| range.contains(&at)) {
            let says = line.contains('%') || line.contains(" = ");
            if !says {
                return frame(self.scope.moved.changes);
            }
            return self.scope.computed(keys, Kind::Steps);
        }
        let steps = how(line).filter_map(|id| self.steps.get(id)).flatten();
        if self.scope.hits(steps) {
            return Expect::Computed(Kind::Steps);
        }
        self.by_place(line)
    }

    /// Lines that no link explains, by the place they have on the page.
    fn by_place(&self, line: &str) -> Expect {
        let (scope, provenance) = (self.scope, self.scope.provenance);
        let href = attributes(line, "href").next().unwrap_or_default();
        let table = provenance.tables.get(self.name);
        if line.starts_with("<p class=\"cite\">") {
            return scope.shows(table.unwrap_or(&provenance.all));
        }
        if line.starts_with("<meta name=\"description\"")
            || line.starts_with("<meta name=\"Description\"")
        {
            let shown = scope.disclosure.key_figures.iter();
            let shown = shown.filter_map(|figure| of_selector(scope.disclosure, &figure.at));
            let sums_up = self.name == "index.html" && line.contains("万元");
            return scope.shows(&shown.filter(|_| sums_up).collect());
        }
        if line.contains(" download>") && line.contains("，") {
            return scope.size(href);
        }
        if line.starts_with("<p class=\"notice\">草稿：") {
            return scope.computed(&provenance.proof, Kind::Open);
        }
        if let Some(rule) = href
            .strip_prefix("checks.html#rule-")
            .filter(|_| line.starts_with("<li>"))
        {
            let keys = provenance.rules.get(rule);
            return keys.map_or(Expect::Same, |keys| {
                scope.computed(keys, Kind::RuleTally(rule.to_owned()))
            });
        }
        if line.contains("行有数</span>") {
            let keys = provenance.tables.get(href);
            return keys.map_or(Expect::Same, |keys| {
                scope.computed(keys, Kind::Rows(href.to_owned()))
            });
        }
        if let Some(id) = line.strip_prefix("<tr id=\"") {
            let id = id.split('"').next().unwrap_or_default();
            let row = Self::address(self.name, &format!("{id}.x")).unwrap_or_default();
            let marks = provenance.marks.get(row_of(&row));
            return marks.map_or(Expect::Same, |keys| scope.computed(keys, Kind::Mark));
        }
        if line.starts_with("<p class=\"legend\">")
            || line.starts_with(">例如末位")
            || line.starts_with(">存疑：")
        {
            return frame(scope.moved.findings);
        }
        if line.contains("-budget/checks.html\">") && line.starts_with("<tr>") {
            let keys = provenance
                .proof
                .union(&provenance.key_figures)
                .cloned()
                .collect();
            return scope.computed(&keys, Kind::Sums);
        }
        if line.contains("class=\"verdict ") {
            return scope.computed(&provenance.proof, Kind::Tally);
        }
        Expect::Same
    }

    fn rule(&self, line: &str, rule: &str) -> Expect {
        let Some(keys) = self.scope.provenance.rules.get(rule) else {
            return Expect::Same;
        };
        if line.starts_with("<tr><t") && !line.contains("scope=\"col\"") {
            // A relation that links no figure says whether a chart is there.
            let charts = named(&self.scope.provenance.charts, &visible(line));
            return frame(self.scope.hits(&charts) && self.scope.moved.rules.contains(rule));
        }
        if line.contains("class=\"verdict ") || line.starts_with("<summary>") {
            return self.scope.computed(keys, Kind::RuleTally(rule.to_owned()));
        }
        frame(self.scope.moved.rules.contains(rule))
    }

    /// A finding by the rule or the figure that it speaks of.
    fn finding(&self, at: usize) -> Expect {
        let (scope, line) = (self.scope, self.lines[at]);
        if !line.starts_with("<li>") && !line.starts_with("<br>") {
            return frame(scope.moved.findings);
        }
        let head = if line.starts_with("<br>") { at - 1 } else { at };
        let words = visible(self.lines[head]);
        let mut found = scope.disclosure.findings.iter();
        let found = found.find(|one| words.contains(&one.say.zh));
        let mut keys = named(&scope.provenance.charts, &words);
        let Some(detail) = found.and_then(|one| one.detail.as_deref()) else {
            return scope.computed(&keys, Kind::Finding);
        };
        if let Some(rule) = &detail.rule {
            keys.extend(
                scope
                    .provenance
                    .rules
                    .get(&**rule)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        let at = detail.at.as_deref().and_then(Selector::new);
        keys.extend(at.and_then(|at| of_selector(scope.disclosure, &at)));
        scope.computed(&keys, Kind::Finding)
    }
}

/// For a line that says nothing itself, in a part that takes another form or does not.
const fn frame(moved: bool) -> Expect {
    if moved {
        Expect::Computed(Kind::Frame)
    } else {
        Expect::Same
    }
}

/// Values of an attribute in a line.
pub fn attributes<'l>(line: &'l str, name: &str) -> impl Iterator<Item = &'l str> {
    let open = format!(" {name}=\"");
    let starts: Vec<usize> = line
        .match_indices(&open)
        .map(|(at, _)| at + open.len())
        .collect();
    starts
        .into_iter()
        .filter_map(|start| line[start..].split('"').next())
}

/// Anchors of computations in a line, without `how-`.
fn how(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split("how-").skip(1);
    parts.filter_map(|part| part.split('"').next())
}

/// The text of a line without its tags.
pub fn visible(line: &str) -> String {
    let mut text = String::new();
    for (at, part) in line.split('<').enumerate() {
        let rest = match part.split_once('>') {
            Some((_, rest)) => rest,
            None if at == 0 => part,
            None => "",
        };
        text.push_str(rest);
    }
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
