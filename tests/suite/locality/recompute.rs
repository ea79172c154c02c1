//! Lines that a change may leave as they are: what they say is computed once more from the new data.

use std::str::FromStr as _;

use gongkai::diagnostic::Severity;
use gongkai::model::amount::{grouped, percent};
use gongkai::model::chart::{Chart, Slice};
use gongkai::model::disclosure::Disclosure;
use gongkai::model::proof::{Relation, Term, Verdict};
use gongkai::render::address::CHART_IDS;
use gongkai::render::chart::{ring_svg, sentence};
use gongkai::render::download::size_words;
use rust_decimal::{Decimal, RoundingStrategy};

use super::expect::Kind;
use super::page::{attributes, visible};
use super::provenance::{Keys, marked, row_of};
use crate::pages::Built;

/// Best first.
pub const VERDICTS: [Verdict; 4] = [
    Verdict::Exact,
    Verdict::Rounding,
    Verdict::Improbable,
    Verdict::Broken,
];

/// The site after a change, and what is in its data.
pub struct After<'a> {
    pub built: &'a Built,
    pub disclosure: &'a Disclosure,
}

/// A line where it stands.
pub struct Line<'a> {
    pub path: &'a str,
    pub lines: &'a [&'a str],
    pub at: usize,
}

impl Line<'_> {
    fn text(&self) -> &str {
        self.lines[self.at]
    }

    fn visible(&self) -> String {
        visible(self.text())
    }
}

impl After<'_> {
    /// Whether an unchanged line says what the new data come to.
    pub fn holds(&self, kind: &Kind, line: &Line<'_>) -> bool {
        match kind {
            Kind::Steps => steps_hold(line),
            Kind::Chart(id) => self.chart(id.trim_start_matches(CHART_IDS), line),
            Kind::Tally => self.tally(line),
            Kind::RuleTally(rule) => self.rule_tally(rule, line),
            Kind::Mark => self.marks(line),
            Kind::Rows(page) => {
                let mut tables = self.disclosure.tables.iter();
                let table = tables.find(|table| table.form.page() == *page);
                let rows = table.map_or(0, gongkai::model::table::Table::rows_with_figures);
                line.visible().ends_with(&format!(" {rows} 行有数"))
            }
            Kind::Size(name) => self.size(name, line),
            Kind::Sums => self.sums(line),
            Kind::KeyFigure => {
                let mut figures = self.disclosure.key_figures.iter();
                let at = |selector: &dyn std::fmt::Display| format!("\"at\":\"{selector}\"");
                figures.any(|figure| {
                    let change = figure
                        .change
                        .as_ref()
                        .map_or("null".to_owned(), |change| format!("\"{}\"", change.text));
                    line.text().contains(&at(&figure.at))
                        && line.text().contains(&format!("\"change\":{change}}}"))
                })
            }
            Kind::Open => self.open(line),
            Kind::Finding => {
                let head = if line.text().starts_with("<br>") {
                    line.at - 1
                } else {
                    line.at
                };
                let words = visible(line.lines[head]);
                let mut findings = self.disclosure.findings.iter();
                findings.any(|one| words.contains(&one.say.zh))
            }
            Kind::Section(id) => self.section(id, line),
            Kind::Sentence(id) => {
                let value = data(line);
                let text = value["text"].as_str().expect("a sentence");
                plain(&self.words(id)).contains(&plain(text))
            }
            Kind::Verdicts(rule) => {
                let (name, count) = line.text().trim().split_once(": ").expect("a count");
                let found = VERDICTS
                    .iter()
                    .find(|one| name.trim_matches('"') == one.slug());
                let relations = self.relations(rule).iter();
                let of = relations.filter(|one| Some(&one.verdict) == found);
                count.trim_end_matches(',') == of.count().to_string()
            }
            Kind::Relation(rule) => self.relation(rule, &data(line)),
            Kind::Frame => figures(&line.visible()).is_empty(),
        }
    }

    fn chart(&self, id: &str, line: &Line<'_>) -> bool {
        let mut charts = self.disclosure.charts.iter();
        let chart = charts.find(|chart| chart.id == id).expect("the chart");
        let text = line.text();
        let ring = ring_svg(chart, CHART_IDS);
        if text.starts_with("<tr><th scope=\"col\">") {
            return scale(text).is_none_or(|end| end <= Decimal::ONE_HUNDRED);
        }
        if text.starts_with("<tr") {
            return row(chart, line);
        }
        if text.starts_with("<caption>") {
            return caption(chart, &line.visible());
        }
        ring.lines().any(|drawn| drawn == text)
            || line.visible() == sentence(chart)
            || line.visible().starts_with(&chart.title)
    }

    fn tally(&self, line: &Line<'_>) -> bool {
        let words = line.visible();
        let proof = &self.disclosure.proof;
        if line.text().starts_with("<div>") {
            let of = |verdict: &Verdict| format!("{}{}", verdict.word(), proof.count(*verdict));
            return VERDICTS.iter().any(|verdict| {
                let rest = words.strip_prefix(&of(verdict));
                rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
            });
        }
        VERDICTS
            .iter()
            .all(|verdict| says(&words, proof.count(*verdict), *verdict))
    }

    fn relations(&self, rule: &str) -> &[Relation] {
        let mut rules = self.disclosure.proof.rules.iter();
        let relations = rules.find(|one| *one.id == *rule).map(|one| &one.relations);
        relations.expect("the rule")
    }

    /// A relation as data has the verdict and the difference of the one with its operands.
    fn relation(&self, rule: &str, value: &serde_json::Value) -> bool {
        let is_side = |terms: &[Term], names: &serde_json::Value| {
            let names = names.as_array().expect("a side");
            names.len() == terms.len()
                && terms.iter().zip(names).all(|(term, name)| {
                    let found = self.disclosure.operand_selector(&term.at);
                    let name = name.as_str().map(|name| name.trim_start_matches('-'));
                    found.is_none_or(|at| name == Some(&at.to_string()))
                })
        };
        self.relations(rule).iter().any(|one| {
            let difference = one.difference.map(|found| found.value.to_string());
            let open = one.verdict != Verdict::Exact;
            is_side(&one.left, &value["left"])
                && is_side(&one.right, &value["right"])
                && value["verdict"] == one.verdict.slug()
                && (!open || value["open"]["difference"].as_str() == difference.as_deref())
        })
    }

    fn rule_tally(&self, rule: &str, line: &Line<'_>) -> bool {
        let relations = self.relations(rule);
        let count = |verdict| {
            let of = |one: &&Relation| one.verdict == verdict;
            relations.iter().filter(of).count()
        };
        let text = line.text();
        let verdict = text.find("<span class=\"verdict ").unwrap_or_default();
        let words = visible(&text[verdict..]);
        let exact = count(Verdict::Exact);
        if words.starts_with("其余 ") {
            return words.starts_with(&format!("其余 {exact} 个"));
        }
        match VERDICTS.iter().filter(|one| count(**one) > 0).count() {
            0 => words == "本公开没有涉及的数据",
            1 => words.starts_with(&format!("{} 个", relations.len())),
            _ => VERDICTS.iter().all(|one| says(&words, count(*one), *one)),
        }
    }

    fn marks(&self, line: &Line<'_>) -> bool {
        let id = attributes(line.text(), "id").next().unwrap_or_default();
        let name = line.path.rsplit('/').next().unwrap_or_default();
        let row = match id.split_once("-r-") {
            Some((table, rest)) if name == "full.html" => format!("{table}.html#r-{rest}"),
            _ => format!("{name}#{id}"),
        };
        let marked: Keys = marked(self.disclosure);
        let expected = marked.iter().filter(|key| row_of(key) == row).count();
        line.text().matches('※').count() == expected
    }

    fn size(&self, name: &str, line: &Line<'_>) -> bool {
        let folder = self.disclosure.folder();
        let path = format!("{folder}/{name}");
        let text = self.built.files.get(&path).map(String::len);
        let size = text.or_else(|| self.built.binary.get(&path).map(Vec::len));
        let size = size.expect("the file");
        let words = line.text();
        words.contains(&format!("，{}<", size_words(size)))
            || words.ends_with(&format!(": {size},"))
            || words.ends_with(&format!("\"{size} B\""))
    }

    /// The total, and on pages what has become of it and of the rules.
    fn sums(&self, line: &Line<'_>) -> bool {
        let (words, total) = (line.visible(), &self.disclosure.key_figures[0]);
        let proof = &self.disclosure.proof;
        let change = total.change.as_ref().map_or("", |change| &change.short);
        words.contains(&total.value)
            && (line.path.ends_with("xml")
                || words.contains(change)
                    && VERDICTS[1..]
                        .iter()
                        .all(|one| says(&words, proof.count(*one), *one)))
    }

    fn open(&self, line: &Line<'_>) -> bool {
        let count = |severity| {
            let open = self.disclosure.findings.iter();
            open.filter(|one| one.severity == severity && one.waived.is_none())
                .count()
        };
        let words = line.visible();
        let part =
            |count: usize, word: &str| words.contains(&format!("{count} 个{word}")) == (count > 0);
        part(count(Severity::Error), "错误") && part(count(Severity::Warning), "警告")
    }

    /// A section as data or for the search has the words of the page.
    fn section(&self, id: &str, line: &Line<'_>) -> bool {
        plain(line.text()).contains(&plain(&self.words(id)))
    }

    /// The words of a section on its page.
    fn words(&self, id: &str) -> String {
        let page = &self.built.files[&format!("{}/narrative.html", self.disclosure.folder())];
        let start = format!("<section class=\"prose\" aria-labelledby=\"{id}\">");
        let (_, rest) = page.split_once(&start).expect("the section");
        let mut words = String::new();
        let mut chart = false;
        for line in rest
            .lines()
            .take_while(|line| !line.ends_with("</section>") || line.len() > 30)
        {
            chart |= line.starts_with("<figure");
            if !chart && !line.starts_with("<h2") {
                let open = line.strip_prefix('>').unwrap_or(line);
                words.push_str(&visible(open));
            }
            chart &= !line.starts_with("</figure>");
        }
        words
    }
}

/// A text of data or of a page without white space.
fn plain(text: &str) -> String {
    let text = text.replace("\\n", "").replace("\\\"", "\"");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A line of data that is an object.
fn data(line: &Line<'_>) -> serde_json::Value {
    serde_json::from_str(line.text().trim().trim_end_matches(',')).expect("an object a line")
}

/// Whether a count of a verdict is said, or nothing of it where there is none.
fn says(words: &str, count: usize, verdict: Verdict) -> bool {
    let word = verdict.word();
    if count == 0 {
        !words.contains(&format!("个{word}"))
    } else {
        words.contains(&format!("{count} 个{word}"))
    }
}

/// Shares and widths of a row of a chart.
fn row(chart: &Chart, line: &Line<'_>) -> bool {
    let words = line.visible();
    let text = line.text();
    if text.contains("class=\"total\"") {
        return words.ends_with("100.00%");
    }
    let mut slices = chart.slices.iter();
    let Some(slice) = slices.find(|slice| words.starts_with(&slice.name)) else {
        return false;
    };
    let Some(share) = share(chart, slice, 2) else {
        return !words.ends_with('%');
    };
    let width = text.split("<rect class=\"s1\" width=\"").nth(1);
    let width = width.filter(|_| text.contains("class=\"track\""));
    let width_holds = width.is_none_or(|width| {
        let width = Decimal::from_str(width.split('"').next().unwrap_or_default());
        let head = line.lines[..line.at].iter().rev();
        let end = head.clone().find_map(|line| scale(line)).expect("a scale");
        let exact = share_exact(chart, slice).expect("a share");
        let drawn = exact * Decimal::ONE_HUNDRED / end;
        width.is_ok_and(|width| (width - drawn).abs() <= Decimal::new(1, 2))
    });
    words.ends_with(&format!("{}%", grouped(share))) && width_holds
}

fn share_exact(chart: &Chart, slice: &Slice) -> Option<Decimal> {
    let part = slice.amount?.value();
    (part * Decimal::ONE_HUNDRED).checked_div(chart.total.value())
}

fn share(chart: &Chart, slice: &Slice, digits: u32) -> Option<Decimal> {
    let exact = share_exact(chart, slice)?;
    let mut rounded = exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(digits);
    Some(rounded)
}

/// The end of the axis in a head.
fn scale(line: &str) -> Option<Decimal> {
    let (_, end) = line.split_once("<span class=\"axis\"><span>0</span> <span>")?;
    Decimal::from_str(end.split('%').next()?).ok()
}

/// `乙（放大）：不超过 10% 的 3 项，0–1%`
fn caption(chart: &Chart, words: &str) -> bool {
    let ten = Decimal::TEN;
    let shares = chart.slices.iter();
    let shares: Vec<Decimal> = shares.filter_map(|slice| share(chart, slice, 2)).collect();
    let small: Vec<&Decimal> = shares
        .iter()
        .filter(|share| **share <= ten && !share.is_zero())
        .collect();
    let (_, end) = words.rsplit_once('–').expect("a scale");
    let end = Decimal::from_str(end.trim_end_matches('%')).expect("a scale");
    if words.contains("全部") {
        return words.contains(&format!("全部 {} 项", shares.len())) && end == Decimal::ONE_HUNDRED;
    }
    words.contains(&format!("的 {} 项", small.len())) && small.iter().all(|share| **share < end)
}

/// Every `a = b − c` of a line.
fn steps_hold(line: &Line<'_>) -> bool {
    let how = attributes(line.text(), "data-how").flat_map(|how| how.split('；'));
    let mut equations: Vec<String> = how.map(str::to_owned).collect();
    if line.text().starts_with("<li") {
        equations.push(line.visible());
    }
    !equations.is_empty() && equations.iter().all(|equation| equation_holds(equation))
}

fn equation_holds(equation: &str) -> bool {
    let Some((result, steps)) = equation.split_once(" = ") else {
        return false;
    };
    let found = match steps.split_once(" ÷ ") {
        Some((part, whole)) => percent(side(part), side(whole)).unwrap_or_default(),
        None => side(steps),
    };
    number(result) == found
}

fn side(text: &str) -> Decimal {
    let text = text.trim().trim_matches(['(', ')']);
    if let Some((left, right)) = text.split_once(" − ") {
        return number(left) - number(right);
    }
    text.split(" + ").map(number).sum()
}

fn number(text: &str) -> Decimal {
    let plain = text.trim().trim_end_matches('%').replace(',', "");
    Decimal::from_str(&plain).unwrap_or_else(|_| panic!("{text}"))
}

/// Figures in a text: numbers with a point.
fn figures(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    words
        .filter(|word| word.contains('.') && word.len() > 2 && !word.starts_with("0.0"))
        .collect()
}
