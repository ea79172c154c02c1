//! Every computation that a page prints, worked out again from what is printed: its figures, signs, brackets and units,
//! by an arithmetic of its own.

use scraper::Html;

use crate::pages::{Built, all, below, cells, reference, second, text};
use crate::support::{Random, Site};

/// Parts of a 元, or of one of what is counted, that a figure is read to.
const PARTS: i128 = 1_000_000_000_000;

/// A figure or the result of several, in parts; with whether it is money that says its unit.
#[derive(Clone, Copy, Debug)]
struct Worked {
    parts: i128,
    has_unit: bool,
}

/// What is left to read of a computation.
struct Sum<'a> {
    line: &'a str,
    rest: &'a str,
}

impl<'a> Sum<'a> {
    const fn new(line: &'a str) -> Self {
        Self { line, rest: line }
    }

    fn take(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(sign);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    /// `1,234.50`, `-3`, with a unit or not.
    fn figure(&mut self) -> Worked {
        if self.take("(") {
            let inside = self.terms();
            assert!(self.take(")"), "{}", self.line);
            return inside;
        }
        let minus = self.take("-");
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
        let end = self.rest.find(|c| !is_digit(c)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        let units = [("亿元", 100_000_000), ("万元", 10_000), ("元", 1)];
        let unit = units.into_iter().find(|(unit, _)| self.take(unit));
        let parts = number(digits, self.line) * unit.map_or(1, |(_, size)| size);
        Worked {
            parts: if minus { -parts } else { parts },
            has_unit: unit.is_some(),
        }
    }

    /// Figures with `+` and `−` between them: all say their unit, or none.
    fn terms(&mut self) -> Worked {
        let mut all = self.figure();
        loop {
            let sign = if self.take("+") {
                1
            } else if self.take("−") {
                -1
            } else {
                return all;
            };
            assert!(
                !self.rest.trim_start().starts_with('-'),
                "two signs: {}",
                self.line
            );
            let next = self.figure();
            let blank = next.parts == 0 || all.parts == 0;
            assert!(next.has_unit == all.has_unit || blank, "{}", self.line);
            all.parts += sign * next.parts;
            all.has_unit |= next.has_unit;
        }
    }
}

fn number(digits: &str, line: &str) -> i128 {
    let plain = digits.replace(',', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    assert!(
        !whole.is_empty() && fraction.len() <= 12,
        "{digits:?} in {line}"
    );
    let fraction = format!("{fraction:0<12}");
    let read = |text: &str| {
        text.parse::<i128>()
            .unwrap_or_else(|_| panic!("{digits:?} in {line}"))
    };
    read(whole) * PARTS + read(&fraction)
}

/// `part ÷ whole` in percent with `digits` digits after the point, half away from zero.
fn rate(part: i128, whole: i128, digits: u32) -> i128 {
    let doubled = 2 * part.abs() * 100 * 10_i128.pow(digits) / whole;
    let rounded = doubled / 2 + doubled % 2;
    if part < 0 { -rounded } else { rounded }
}

/// Whether `percent` (`11.95%`) is what two figures give. There is none of what is not more than zero.
fn is_rate(percent: &str, part: i128, whole: i128) -> bool {
    let digits = percent.strip_suffix('%').unwrap_or(percent);
    let after = digits.split_once('.').map_or(0, |(_, after)| after.len());
    let after = u32::try_from(after).expect("few digits");
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let stated = number(unsigned, percent) * if unsigned == digits { 1 } else { -1 };
    whole > 0 && stated == rate(part, whole, after) * (PARTS / 10_i128.pow(after))
}

/// Works `result = computation` out again.
fn check_line(line: &str) {
    let (result, steps) = line.split_once(" = ").expect(line);
    let mut sum = Sum::new(steps);
    let left = sum.terms();
    if sum.take("÷") {
        let whole = sum.figure();
        assert!(left.has_unit == whole.has_unit || left.parts == 0, "{line}");
        assert!(is_rate(result, left.parts, whole.parts), "{line}");
    } else {
        let result = Sum::new(result).figure();
        assert_eq!(result.parts, left.parts, "{line}");
        assert!(
            result.has_unit == left.has_unit || left.parts == 0,
            "{line}"
        );
    }
    assert!(sum.rest.trim().is_empty(), "{:?} in {line}", sum.rest);
}

/// The computations of a page: in its lists, and told with a figure.
fn lines(page: &Html) -> Vec<String> {
    let told = all(page, "[data-how]").into_iter();
    let told = told.filter_map(|figure| figure.value().attr("data-how"));
    let told = told.flat_map(|how| how.split('；')).map(str::to_owned);
    let listed = all(page, "li[id^='how-'], .key-figures li");
    told.chain(listed.into_iter().map(text)).collect()
}

/// A printed amount in parts; `None` for a blank.
fn amount(text: &str) -> Option<i128> {
    (!text.is_empty()).then(|| Sum::new(text).figure().parts)
}

/// The shares beside the amounts of a chart, and those in its sentence.
fn check_charts(page: &Html) -> usize {
    let mut seen = 0;
    for chart in all(page, "figure.chart") {
        let rows: Vec<Vec<String>> = below(chart, ".chart-data tbody tr, .chart-data tfoot tr")
            .into_iter()
            .map(cells)
            .collect();
        let figures = |row: &[String]| (amount(&row[row.len() - 2]), row[row.len() - 1].clone());
        let (whole, _) = figures(rows.last().expect("a total"));
        let whole = whole.expect("a total");
        let mut shares = Vec::new();
        for row in &rows {
            match figures(row) {
                (None, share) => assert_eq!(share, "", "{row:?}"),
                (Some(_), share) if share.is_empty() => assert!(whole <= 0, "{row:?}"),
                (Some(part), share) => {
                    assert!(is_rate(&share, part, whole), "{row:?} of {whole}");
                    shares.push(share);
                    seen += 1;
                }
            }
        }
        let sentence = text(below(chart, ".chart-sentence")[0]);
        for said in sentence.split(['，', '；', '。']) {
            if let Some(share) = said
                .strip_prefix("占 ")
                .or_else(|| said.strip_prefix("各占 "))
            {
                assert!(shares.iter().any(|known| known == share), "{sentence}");
            }
        }
    }
    seen
}

/// Operands with their signs, in parts; the unit is that of the table where none is said.
fn operands(text: &str, unit: i128) -> i128 {
    let mut sum = Sum::new(text);
    let mut total = 0;
    let mut sign = if sum.take("−") { -1 } else { 1 };
    loop {
        let found = sum.figure();
        total += sign * found.parts * if found.has_unit { 1 } else { unit };
        sign = match () {
            () if sum.take("+") => 1,
            () if sum.take("−") => -1,
            () => break,
        };
    }
    assert!(sum.rest.trim().is_empty(), "{:?} in {text}", sum.rest);
    total
}

/// One side of a relation: `1.00 + 2.00 = 3.00`, of many operands the sum first; `None` where it is no sum of figures.
fn side(text: &str, unit: i128) -> Option<i128> {
    let (steps, result) = match (text.split_once(" = "), text.split_once('（')) {
        (Some((steps, result)), _) => (steps, Some(result)),
        (_, Some((result, rest))) => (rest.split_once("个数之和）")?.1, Some(result)),
        _ => (text, None),
    };
    let is_plain = |c: char| c.is_ascii_digit() || "元万亿 ,.+−-()".contains(c);
    if !steps.starts_with(|c: char| c.is_ascii_digit() || "−-".contains(c))
        || !steps.chars().all(is_plain)
    {
        return None;
    }
    let worked = operands(steps, unit);
    if let Some(result) = result {
        assert_eq!(operands(result, unit), worked, "{text}");
    }
    Some(worked)
}

/// Sides of relations, those that are said to be exact against each other, and percentages with how they are worked
/// out.
fn check_relations(page: &Html) -> usize {
    let mut seen = 0;
    for table in all(page, "table.relations") {
        let over = below(table, "caption .unit")
            .first()
            .map(|unit| text(*unit));
        let over = over.unwrap_or_default();
        let units = [("亿元", 100_000_000), ("万元", 10_000), ("元", 1)];
        let unit = units.into_iter().find(|(unit, _)| over.ends_with(unit));
        let unit = unit.map_or(1, |(_, size)| size);
        for row in below(table, "tbody tr") {
            let [Some(left), Some(right), Some(sign)] =
                ["td.a", "td.b", "td.s"].map(|css| below(row, css).first().map(|cell| text(*cell)))
            else {
                continue;
            };
            if let Some((percent, how)) = right.split_once(" = ").filter(|_| right.contains('÷')) {
                check_line(&format!("{percent} = {how}"));
                seen += 1;
                continue;
            }
            let verdict = below(row, ".verdict").first().map(|word| text(*word));
            let sides = [side(&left, unit), side(&right, unit)];
            if let ([Some(left), Some(right)], "=") = (sides, sign.as_str()) {
                let exact = verdict.is_none_or(|word| word == "相符");
                assert!(exact == (left == right), "{}", text(row));
                seen += 1;
            }
        }
    }
    seen
}

/// Works out all that the pages of a site print; gives how many computations, shares and relations.
fn check(built: &Built) -> [usize; 3] {
    let mut seen = [0; 3];
    for (_, page) in built.pages() {
        let page = Html::parse_document(page);
        let lines = lines(&page);
        for line in &lines {
            check_line(line);
        }
        seen[0] += lines.len();
        seen[1] += check_charts(&page);
        seen[2] += check_relations(&page);
    }
    seen
}

#[test]
fn every_computation_of_the_sites_holds_as_it_is_printed() {
    let [lines, shares, relations] = check(reference());
    assert!(
        lines > 100 && shares > 40 && relations > 100,
        "{lines} {shares} {relations}"
    );
    let [lines, shares, relations] = check(second());
    assert!(
        lines > 10 && shares > 8 && relations > 10,
        "{lines} {shares} {relations}"
    );
    check(&Built::new(&Site::case("tiny")));
}

/// Inputs by kind, with the unit of each: what may be computed with what.
const KINDS: [&[(&str, &str)]; 3] = [
    &[
        ("yuan", "元"),
        ("ten", "万元"),
        ("ten_too", "万元"),
        ("large", "亿元"),
    ],
    &[("cars", ""), ("cars_too", "")],
    &[("rate", "%"), ("rate_too", "%")],
];

/// A standard that computes everything from everything of the same kind.
fn computing() -> Site {
    let site = Site::case("tiny");
    let mut inputs = String::from("inputs:\n");
    let mut section = String::new();
    let mut key_figures = String::from("key_figures:\n");
    for inputs_of_kind in KINDS {
        for (left, unit) in inputs_of_kind {
            let kind = match *unit {
                "" => "kind: count".to_owned(),
                "%" => "kind: percent".to_owned(),
                unit => format!("kind: amount, unit: {unit}"),
            };
            inputs.extend([format!("  - {{id: {left}, title: {left}, {kind}}}\n")]);
            for (right, _) in inputs_of_kind.iter().filter(|(right, _)| right != left) {
                let [l, r] = [left, right].map(|id| format!("\"input.{id}\""));
                let line = format!(
                    "{left}和{right}：占{{{{ share(part={l}, of={r}) }}}}。\n\n一共占{{{{ share(part=[{l}, {l}], of={r}, none=\"没有可比的数\") }}}}。\n\n和{{{{ sum(of=[{l}, {r}, {l}]) }}}}。\n\n差{{{{ difference(left={l}, right={r}) }}}}。\n\n比上年{{{{ change(now={l}, before={r}) }}}}。\n\n",
                );
                section.push_str(&line);
                key_figures.extend([format!(
                    "  - {{title: {left}比{right}, value: input.{left}, prior: input.{right}}}\n"
                )]);
            }
        }
    }
    let head = site.read("standards/tiny/standard.yaml");
    let (before, after) = head.split_once("key_figures:").expect("key figures");
    let (_, after) = after.split_once("headline:").expect("a headline");
    let tables = before.replace("tables: [", "tables: [moves, ");
    site.write(
        "standards/tiny/standard.yaml",
        format!("{tables}{key_figures}headline:{after}"),
    );
    site.write("standards/tiny/inputs.yaml", inputs);
    site.write("standards/tiny/narrative/spending.md", section);
    site.write("standards/tiny/tables/4-moves.yaml", MOVES);
    site.write("standards/tiny/rules.yaml", RULES);
    site
}

/// A table in 元 that is shown in 万元, with what follows from two of its columns.
const MOVES: &str = r"
id: moves
number: 表四
title: 增减表
unit: 元
show: 万元
show_decimals: 2
blocks:
  - columns:
      - {id: name, kind: name, title: 项目}
      - {id: now, kind: amount, title: 本年}
      - {id: prior, kind: amount, title: 上年}
      - {id: moved, kind: amount, title: 增减, computed: {difference: [now, prior]}}
      - {id: growth, kind: percent, title: 增减（%）, computed: {growth: [now, prior]}}
      - {id: done, kind: percent, title: 完成（%）, computed: {ratio: [now, prior]}}
    rows: list
    totals:
      - {id: total, name: 合计, at: last}
";

const RULES: &str = r#"
rules:
  - {id: parts, title: 合计等于各行之和, tree: moves}
  - {id: done, title: 完成率, share: {part: "moves[total].now", of: "moves[total].prior", is: input.rate}}
"#;

/// An amount as a clerk may write it: with a sign, without digits that say nothing, zero, or not at all.
fn figure(random: &mut Random, decimals: usize) -> Option<String> {
    let whole = [1, 10, 1_000, 100_000, 10_000_000][random.below(5)];
    let whole = random.below(whole);
    let sign = ["", "", "-"][random.below(3)];
    match random.below(8) {
        0 => None,
        1 => Some("0".to_owned()),
        2 => Some(format!("{sign}{}", whole + 1)),
        _ => Some(format!(
            "{sign}{whole}.{:0decimals$}",
            random.below(10_usize.pow(u32::try_from(decimals).expect("few")))
        )),
    }
}

/// Figures for [`computing`].
fn fill(site: &Site, random: &mut Random) {
    let mut head =
        String::from("standard: tiny\nstatus: draft\nsource: 2025年度单位预算公开\ninputs:\n");
    for (id, unit) in KINDS.into_iter().flatten() {
        let decimals = if *unit == "亿元" { 6 } else { 2 };
        let value = match *unit {
            "" => Some(random.below(9).to_string()),
            _ => figure(random, decimals),
        };
        if let Some(value) = value {
            head.extend([format!("  {id}: {value}\n")]);
        }
    }
    site.write("data/demo/2025-budget/disclosure.yaml", head);
    let mut table = String::from("table: moves\nrows:\n");
    let row = |name: &str, random: &mut Random| {
        let mut row = format!("{{{name}");
        for column in ["now", "prior"] {
            if let Some(value) = figure(random, 2) {
                row.extend([format!(", {column}: {value}")]);
            }
        }
        row + "}\n"
    };
    for at in 1..=6 {
        table.extend([format!(
            "  - {}",
            row(&format!("id: r{at}, name: 项目{at}"), random)
        )]);
    }
    let total = row("now: 0, prior: 0", random).replace("now: 0, prior: 0, ", "");
    let total = total.replace("{now: 0, prior: 0}", "{now: 0}");
    table.extend([format!("total: {total}")]);
    site.write("data/demo/2025-budget/tables/moves.yaml", table);
}

/// What the table of [`computing`] computes, from what it prints.
fn check_moves(page: &Html) -> usize {
    let rows = all(page, "table.figures tbody tr");
    for row in &rows {
        let cells = cells(*row);
        let [_, now, prior, moved, growth, done] = cells.as_slice() else {
            panic!("{cells:?}");
        };
        let [now, prior, moved] = [now, prior, moved].map(|cell| amount(cell));
        if now.is_none() && prior.is_none() {
            assert_eq!((moved, growth.as_str(), done.as_str()), (None, "", ""));
            continue;
        }
        let (now, prior) = (now.unwrap_or_default(), prior.unwrap_or_default());
        assert_eq!(moved, Some(now - prior), "{cells:?}");
        if prior > 0 {
            assert!(is_rate(growth, now - prior, prior), "{cells:?}");
            assert!(is_rate(done, now, prior), "{cells:?}");
        } else {
            assert_eq!((growth.as_str(), done.as_str()), ("", ""), "{cells:?}");
        }
    }
    rows.len()
}

#[test]
fn every_computation_of_any_figures_holds_as_it_is_printed() {
    let mut random = Random::new(20_250_114);
    let site = computing();
    let (mut seen, mut without) = ([0; 3], 0);
    for _ in 0..12 {
        fill(&site, &mut random);
        let run = site.run(&["build", "-q"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let built = Built::read(&site);
        for (all, found) in seen.iter_mut().zip(check(&built)) {
            *all += found;
        }
        let page = built.page("demo/2025-budget/narrative.html");
        for clause in all(&page, ".prose p").into_iter().map(text) {
            let none = ["，上年为零，不计算百分比。", "，上年为负，不计算百分比。"]
                .iter()
                .any(|words| clause.ends_with(words))
                || [
                    "占（基数为零，不计算百分比）。",
                    "占（基数为负，不计算百分比）。",
                    "一共占没有可比的数。",
                ]
                .iter()
                .any(|words| clause.ends_with(words));
            without += usize::from(none);
            let asked = clause.contains('占') || clause.contains("增加") || clause.contains("减少");
            let points = clause.ends_with("个百分点。");
            assert!(!asked || none || points || clause.contains('%'), "{clause}");
            assert!(!(none && clause.contains('%')), "{clause}");
        }
        assert_eq!(check_moves(&built.page("demo/2025-budget/t01.html")), 7);
    }
    let [lines, _, relations] = seen;
    assert!(
        lines > 1_000 && relations > 12 && without > 100,
        "{lines} {relations} {without}"
    );
}
