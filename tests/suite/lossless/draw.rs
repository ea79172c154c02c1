//! Draws a small standard and a disclosure that follows it, both at random, and keeps a list of what
//! the data says.

use std::fmt::Write as _;

use crate::support::{Random, Site};

/// A scalar of a data file, and how it is shown.
#[derive(Debug)]
pub struct Scalar {
    /// File and line of the data.
    pub place: (String, usize),
    /// As `data.json` has it.
    pub data: String,
    /// Page and the texts that stand for it there, one a cell; none where the standard says that it is not
    /// printed or printed in another unit.
    pub page: Option<(String, Vec<String>)>,
    /// Table and block in whose CSV file it is.
    pub csv: Option<(String, String)>,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Amount,
    /// Shown in 亿元.
    Large,
    Percent,
    Count,
    YesNo,
    Line,
    /// An amount that is not printed.
    Hidden,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    Fixed,
    Tree,
    List,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CodeColumns {
    None,
    Whole,
    /// Not printed.
    Hidden,
    /// 类, 款, 项
    Split,
}

/// Draws everything of one entity.
pub struct Draw<'a> {
    random: &'a mut Random,
    site: &'a Site,
    entity: String,
    standard: String,
    number: usize,
    found: Vec<Scalar>,
}

/// One data file as it grows.
#[derive(Default)]
struct File {
    path: String,
    text: String,
}

impl File {
    fn line(&mut self, indent: usize, text: &str) -> (String, usize) {
        let _ = writeln!(self.text, "{:1$}{text}", "", indent);
        (self.path.clone(), self.text.lines().count())
    }
}

/// A block of a table: what the data may write.
struct Block {
    id: String,
    rows: Rows,
    codes: CodeColumns,
    columns: Vec<(String, Kind)>,
    fixed: Vec<(String, Option<String>)>,
    totals: Vec<String>,
}

/// Writes a standard and a disclosure named after `number`, and says what it wrote.
pub fn draw(random: &mut Random, site: &Site, number: usize) -> Vec<Scalar> {
    let mut draw = Draw {
        random,
        site,
        entity: format!("e{number}"),
        standard: format!("s{number}"),
        number: 0,
        found: Vec::new(),
    };
    draw.everything();
    draw.found
}

impl Draw<'_> {
    fn everything(&mut self) {
        let tables = 1 + self.random.below(3);
        let names: Vec<String> = (1..=tables).map(|at| format!("t{at}")).collect();
        let sheets = self.random.below(2) == 0;
        let part = if sheets {
            "  - {id: sheets, title: 绩效目标, content: sheets}\n"
        } else {
            ""
        };
        let head = format!(
            "title: 随机标准\nkind: budget\nunit: 万元\ntables: [{}]\nparts:\n  - {{id: overview, title: 概况, content: overview}}\n  - {{id: tables, title: 报表, content: tables}}\n  - {{id: narrative, title: 说明, content: narrative}}\n{part}",
            names.join(", ")
        );
        self.standard_file("standard.yaml", &head);
        let mut rows = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let ids = self.table(at + 1, name);
            if at == 0 {
                rows = ids;
            }
        }
        if sheets {
            self.sheet(&rows);
        }
        self.head();
    }

    fn standard_file(&self, path: &str, text: &str) {
        self.site
            .write(&format!("standards/{}/{path}", self.standard), text);
    }

    fn write(&self, file: &File) {
        self.site.write(&file.path, &file.text);
    }

    fn data_file(&self, path: &str) -> File {
        File {
            path: format!("data/{}/2025-budget/{path}", self.entity),
            text: String::new(),
        }
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.random.below(one_in) == 0
    }

    fn next(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    /// A text that no other scalar has, with signs that mean something to HTML, CSV or a spreadsheet.
    fn text(&mut self) -> String {
        let number = self.next();
        let signs = [
            "",
            " & ",
            "<乙>",
            "“丙”",
            "，",
            ",",
            "'",
            "=1+1",
            "（2025）",
            "*甲*",
            "、_",
        ];
        let sign = signs[self.random.below(signs.len())];
        format!("文{number}{sign}尾")
    }

    /// A number that no other scalar has, and how a page groups it.
    fn figure(&mut self, decimals: usize) -> (String, String) {
        let whole = self.next() * [1, 37, 1009][self.random.below(3)] + 10_000;
        let sign = if self.chance(8) { "-" } else { "" };
        let digits = whole.to_string();
        let (thousands, rest) = digits.split_at(digits.len() - 3);
        let thousands = match thousands.len() {
            4.. => {
                let (millions, rest) = thousands.split_at(thousands.len() - 3);
                format!("{millions},{rest}")
            }
            _ => thousands.to_owned(),
        };
        let fraction = match decimals {
            0 => String::new(),
            _ => format!(".{:02}", self.random.below(100)),
        };
        (
            format!("{sign}{digits}{fraction}"),
            format!("{sign}{thousands},{rest}{fraction}"),
        )
    }

    fn table(&mut self, position: usize, id: &str) -> Vec<(String, String)> {
        let several = if self.chance(2) {
            1
        } else {
            2 + self.random.below(2)
        };
        let mut form = format!(
            "id: {id}\nnumber: 表{position}\ntitle: 第{position}张表\nempty: 本表没有数据\nblocks:\n"
        );
        let mut blocks = Vec::new();
        for at in 1..=several {
            let id = if several > 1 {
                format!("b{at}")
            } else {
                String::new()
            };
            blocks.push(self.block(id, &mut form));
        }
        self.standard_file(&format!("tables/{id}.yaml"), &form);
        let mut file = self.data_file(&format!("tables/{id}.yaml"));
        file.line(0, &format!("table: {id}"));
        let mut rows = Vec::new();
        if self.chance(8) {
            let reason = self.text();
            let place = file.line(0, &format!("no_data: '{}'", reason.replace('\'', "''")));
            self.keep(
                place,
                &reason,
                Some((page(position), vec![reason.clone()])),
                None,
            );
            for block in &blocks {
                let indent = if several > 1 { 2 } else { 0 };
                if several > 1 {
                    file.line(0, &format!("{}:", block.id));
                }
                file.line(indent, "rows: []");
            }
        } else {
            for block in &blocks {
                rows.extend(self.rows(&mut file, id, position, block, several > 1));
            }
        }
        self.write(&file);
        rows
    }

    fn block(&mut self, id: String, form: &mut String) -> Block {
        let rows = [Rows::Fixed, Rows::Tree, Rows::List][self.random.below(3)];
        let codes = match (rows, self.random.below(4)) {
            (_, 0) => CodeColumns::Split,
            (_, 1) => CodeColumns::Hidden,
            (Rows::Tree, _) | (_, 2) => CodeColumns::Whole,
            _ => CodeColumns::None,
        };
        let (columns, declared) = self.columns(codes);
        let indent = if id.is_empty() {
            form.push_str("  - columns:\n");
            "    "
        } else {
            let _ = write!(form, "  - id: {id}\n    title: 块{id}\n    columns:\n");
            "    "
        };
        for column in declared {
            let _ = writeln!(form, "{indent}  - {column}");
        }
        let mut fixed = Vec::new();
        let word = match rows {
            Rows::Fixed => "fixed",
            Rows::Tree => "tree",
            Rows::List => "list",
        };
        let _ = writeln!(form, "{indent}rows: {word}");
        if rows == Rows::Fixed {
            let blank = if self.chance(2) { "omit" } else { "print" };
            let _ = write!(form, "{indent}blank: {blank}\n{indent}fixed:\n");
            for at in 1..=1 + self.random.below(4) {
                let code = match codes {
                    CodeColumns::None => None,
                    CodeColumns::Split => Some(format!("20{at}")),
                    _ => Some(self.free_code()),
                };
                let written = code.as_ref().map_or_else(String::new, |code| {
                    format!(", code: '{}'", code.replace('\'', "''"))
                });
                let _ = writeln!(form, "{indent}  - {{id: f{at}, name: 第{at}行{written}}}");
                fixed.push((format!("f{at}"), code));
            }
        }
        let mut totals = Vec::new();
        if self.chance(2) {
            let _ = writeln!(form, "{indent}totals:");
            for (at, place) in ["first", "last"]
                .iter()
                .take(1 + self.random.below(2))
                .enumerate()
            {
                let _ = writeln!(
                    form,
                    "{indent}  - {{id: sum{at}, name: 合计{at}, at: {place}}}"
                );
                totals.push(format!("sum{at}"));
            }
        }
        Block {
            id,
            rows,
            codes,
            columns,
            fixed,
            totals,
        }
    }

    /// The columns that the data writes, and all as the form declares them.
    fn columns(&mut self, codes: CodeColumns) -> (Vec<(String, Kind)>, Vec<String>) {
        let mut declared: Vec<String> = match codes {
            CodeColumns::None => Vec::new(),
            CodeColumns::Whole => vec!["{id: code, kind: code, title: 编码}".to_owned()],
            CodeColumns::Hidden => {
                vec!["{id: code, kind: code, title: 编码, printed: false}".to_owned()]
            }
            CodeColumns::Split => ["class", "section", "item"]
                .map(|level| format!("{{id: {level}, kind: code, title: {level}, level: {level}}}"))
                .to_vec(),
        };
        let name = "{id: name, kind: name, title: 名称}".to_owned();
        if self.chance(3) {
            declared.insert(0, name);
        } else {
            declared.push(name);
        }
        let kinds = [
            Kind::Amount,
            Kind::Text,
            Kind::Large,
            Kind::Percent,
            Kind::Count,
            Kind::YesNo,
            Kind::Line,
            Kind::Hidden,
        ];
        let mut columns = vec![("c0".to_owned(), Kind::Amount)];
        for at in 1..=self.random.below(5) {
            columns.push((format!("c{at}"), kinds[self.random.below(kinds.len())]));
        }
        for (at, (id, kind)) in columns.iter().enumerate() {
            let kind = match kind {
                Kind::Text => "text",
                Kind::Amount => "amount",
                Kind::Large => "amount, show: 亿元",
                Kind::Percent => "percent",
                Kind::Count => "count",
                Kind::YesNo => "yes_no",
                Kind::Line => "line",
                Kind::Hidden => "amount, printed: false",
            };
            let under = ["", ", under: [其中]", ", under: [其中, 再分]"][self.random.below(3)];
            let number = if self.chance(2) {
                format!(", number: \"{at}\"")
            } else {
                String::new()
            };
            declared.push(format!(
                "{{id: {id}, kind: {kind}, title: 列{at}{under}{number}}}"
            ));
        }
        (columns, declared)
    }

    /// A code that belongs to no classification, which no other row has.
    fn free_code(&mut self) -> String {
        let number = self.next();
        match self.random.below(7) {
            0 => format!("{number:06}"),
            1 => format!("A02{number:04}"),
            2 => format!("采<{number}>"),
            3 => format!("B.{number}/1"),
            4 => format!("{:03}", number % 1000),
            5 => format!("{:07}", number + 2_000_000),
            _ => format!("甲 & '{number}'"),
        }
    }

    fn rows(
        &mut self,
        file: &mut File,
        table: &str,
        position: usize,
        block: &Block,
        several: bool,
    ) -> Vec<(String, String)> {
        let indent = if several {
            file.line(0, &format!("{}:", block.id));
            2
        } else {
            0
        };
        for total in &block.totals {
            let key = format!("{total}:");
            file.line(indent, &key);
            self.cells(file, indent + 2, table, position, block);
            if file.text.ends_with(&format!("{key}\n")) {
                file.text.insert_str(file.text.len() - 1, " {}");
            }
        }
        file.line(indent, "rows:");
        let mut ids = Vec::new();
        match block.rows {
            Rows::Fixed => {
                for (at, (id, code)) in block.fixed.iter().enumerate() {
                    if at > 0 && self.chance(4) {
                        continue;
                    }
                    let place = file.line(indent + 2, &format!("- id: {id}"));
                    self.keep(place, id, None, None);
                    if let Some(code) = code.as_ref().filter(|_| self.random.below(2) == 0) {
                        self.code(file, indent + 4, table, position, block, code);
                    }
                    self.cells(file, indent + 4, table, position, block);
                }
            }
            Rows::Tree => {
                for class in 1..=1 + self.random.below(3) {
                    let class = format!("2{class:02}");
                    let mut codes = vec![class.clone()];
                    for section in 1..=self.random.below(3) {
                        codes.push(format!("{class}{section:02}"));
                        for item in 1..=self.random.below(3) {
                            codes.push(format!("{class}{section:02}{item:02}"));
                        }
                    }
                    for code in codes {
                        self.row(file, indent + 2, table, position, block, Some(code));
                    }
                }
            }
            Rows::List => {
                for _ in 0..=self.random.below(4) {
                    ids.push(self.list_row(file, indent + 2, table, position, block, 1));
                }
            }
        }
        ids
    }

    fn list_row(
        &mut self,
        file: &mut File,
        indent: usize,
        table: &str,
        position: usize,
        block: &Block,
        depth: usize,
    ) -> (String, String) {
        let code = match block.codes {
            CodeColumns::None => None,
            _ if self.chance(4) => None,
            CodeColumns::Split => Some(self.split_code()),
            CodeColumns::Whole | CodeColumns::Hidden => Some(self.free_code()),
        };
        let id = self.row(file, indent, table, position, block, code);
        if depth < 3 && self.chance(3) {
            file.line(indent + 2, "rows:");
            for _ in 0..=self.random.below(2) {
                self.list_row(file, indent + 4, table, position, block, depth + 1);
            }
        }
        id
    }

    fn split_code(&mut self) -> String {
        let digits = (2_000_000 + self.next()).to_string();
        match self.random.below(2) {
            0 => digits,
            _ => format!("2{}", &digits[3..]),
        }
    }

    /// A row that is not of the form, with an id of its own.
    fn row(
        &mut self,
        file: &mut File,
        indent: usize,
        table: &str,
        position: usize,
        block: &Block,
        code: Option<String>,
    ) -> (String, String) {
        let id = format!("r-{}", self.next());
        let place = file.line(indent, &format!("- id: {id}"));
        self.keep(place, &id, None, None);
        if let Some(code) = code {
            self.code(file, indent + 2, table, position, block, &code);
        }
        let name = self.text();
        let place = file.line(indent + 2, &format!("name: '{}'", name.replace('\'', "''")));
        let csv = Some((table.to_owned(), block.id.clone()));
        self.keep(
            place,
            &name,
            Some((page(position), vec![name.clone()])),
            csv,
        );
        self.cells(file, indent + 2, table, position, block);
        (id, name)
    }

    fn code(
        &mut self,
        file: &mut File,
        indent: usize,
        table: &str,
        position: usize,
        block: &Block,
        code: &str,
    ) {
        let place = file.line(indent, &format!("code: '{}'", code.replace('\'', "''")));
        let shown = match block.codes {
            CodeColumns::Split => [0..3, 3..5, 5..7]
                .into_iter()
                .filter_map(|part| code.get(part).map(str::to_owned))
                .collect(),
            _ => vec![code.to_owned()],
        };
        let printed = block.codes != CodeColumns::Hidden;
        let csv = printed.then(|| (table.to_owned(), block.id.clone()));
        self.keep(place, code, printed.then(|| (page(position), shown)), csv);
    }

    fn cells(
        &mut self,
        file: &mut File,
        indent: usize,
        table: &str,
        position: usize,
        block: &Block,
    ) {
        let csv = || Some((table.to_owned(), block.id.clone()));
        for (at, (id, kind)) in block.columns.iter().enumerate() {
            // A row may be without a figure, a table not: the first row has one.
            let first = file.text.matches("c0:").count() == 0;
            if *kind == Kind::Line || !(at == 0 && first) && self.chance(5) {
                continue;
            }
            let (written, data, shown) = match kind {
                Kind::Text => {
                    let text = self.text();
                    (
                        format!("'{}'", text.replace('\'', "''")),
                        text.clone(),
                        text,
                    )
                }
                Kind::YesNo => {
                    let word = if self.chance(2) { "是" } else { "否" }.to_owned();
                    (word.clone(), word.clone(), word)
                }
                _ if at > 0 && self.chance(9) => {
                    let word = "无数据".to_owned();
                    (word.clone(), word.clone(), word)
                }
                Kind::Count => {
                    let (data, shown) = self.figure(0);
                    (data.clone(), data, shown)
                }
                _ => {
                    let (data, shown) = self.figure(2);
                    (data.clone(), data, shown)
                }
            };
            let place = file.line(indent, &format!("{id}: {written}"));
            match kind {
                // The standard says that it is not published.
                Kind::Hidden => {}
                Kind::Large if shown != "无数据" => self.keep(place, &data, None, csv()),
                _ => self.keep(place, &data, Some((page(position), vec![shown])), csv()),
            }
        }
    }

    fn keep(
        &mut self,
        place: (String, usize),
        data: &str,
        page: Option<(String, Vec<String>)>,
        csv: Option<(String, String)>,
    ) {
        self.found.push(Scalar {
            place,
            data: data.to_owned(),
            page,
            csv,
        });
    }

    /// A line `key: text` of one's own words, on this page.
    fn words(&mut self, file: &mut File, indent: usize, key: &str, page: Option<&str>) {
        let text = self.text();
        let place = file.line(indent, &format!("{key}: '{}'", text.replace('\'', "''")));
        let page = page.map(|page| (page.to_owned(), vec![text.clone()]));
        self.keep(place, &text, page, None);
    }

    fn sheet(&mut self, rows: &[(String, String)]) {
        self.standard_file(
            "sheet.yaml",
            "title: 绩效目标表\ntable: t1\nfacts:\n  - {id: unit, title: 实施单位}\n  - {id: period, title: 项目期}\nunit: 元\nphases:\n  - {id: whole, title: 实施期, total: 总额, goal: 实施期目标}\n  - {id: annual, title: 年度, total: 年度总额, goal: 年度目标}\nsources:\n  - {id: city, title: 市级}\n  - {id: own, title: 自筹}\ntexts:\n  - {id: summary, title: 概况}\nindicators:\n  - {title: 产出指标, items: [数量指标, 质量指标]}\n  - {title: 效益指标, items: [社会效益]}\n",
        );
        for at in 1..=1 + self.random.below(2) {
            let name_of_page = format!("p-x{at}.html");
            let page = Some(name_of_page.as_str());
            let mut file = self.data_file(&format!("projects/x{at}.yaml"));
            self.words(&mut file, 0, "name", page);
            for fact in ["unit", "period"] {
                if !self.chance(4) {
                    self.words(&mut file, 0, fact, page);
                }
            }
            if let Some(row) = rows.first() {
                let (id, name) = row;
                let place = file.line(0, &format!("rows: [{id}]"));
                self.keep(
                    place,
                    id,
                    Some((name_of_page.clone(), vec![name.clone()])),
                    None,
                );
            }
            file.line(0, "funds:");
            for phase in ["whole", "annual"] {
                file.line(2, &format!("{phase}:"));
                for line in ["total", "city", "own"] {
                    let (data, shown) = self.figure(0);
                    let place = file.line(4, &format!("{line}: {data}"));
                    let page = page.map(|page| (page.to_owned(), vec![shown]));
                    self.keep(place, &data, page, None);
                }
            }
            file.line(0, "texts:");
            self.words(&mut file, 2, "summary", page);
            file.line(0, "goals:");
            self.words(&mut file, 2, "whole", page);
            self.words(&mut file, 2, "annual", page);
            file.line(0, "indicators:");
            for (one, two) in [
                ("产出指标", "数量指标"),
                ("产出指标", "质量指标"),
                ("效益指标", "社会效益"),
            ] {
                file.line(2, &format!("- level1: {one}"));
                file.line(4, &format!("level2: {two}"));
                for key in ["level3", "whole", "annual"] {
                    if !self.chance(4) {
                        self.words(&mut file, 4, key, page);
                    }
                }
            }
            self.write(&file);
        }
    }

    /// `entity.yaml`, `disclosure.yaml` with its inputs, `corrections.yaml` and `overview.md`.
    fn head(&mut self) {
        let mut file = File {
            path: format!("data/{}/entity.yaml", self.entity),
            text: String::new(),
        };
        let code = self.free_code();
        let place = file.line(0, &format!("code: '{}'", code.replace('\'', "''")));
        self.keep(place, &code, None, None);
        self.words(&mut file, 0, "name", Some("index.html"));
        self.words(&mut file, 0, "short_name", None);
        file.line(0, "kind: department");
        self.words(&mut file, 0, "region", None);
        file.line(0, "units:");
        for at in 1..=1 + self.random.below(2) {
            file.line(2, &format!("- id: u{at}"));
            self.words(&mut file, 4, "name", None);
            self.words(&mut file, 4, "nature", None);
        }
        self.write(&file);

        let mut forms = "inputs:\n".to_owned();
        let mut file = self.data_file("disclosure.yaml");
        file.line(0, &format!("standard: {}", self.standard));
        file.line(0, "status: draft");
        let place = file.line(0, "published: 2025-04-02");
        self.keep(
            place,
            "2025-04-02",
            Some((
                "index.html".to_owned(),
                vec!["公开日期：2025-04-02".to_owned()],
            )),
            None,
        );
        self.words(&mut file, 0, "source", None);
        file.line(0, "inputs:");
        for at in 0..=3 + self.random.below(4) {
            let kind = ["amount", "count, counter: 辆", "percent", "text"][at % 4];
            let _ = writeln!(forms, "  - {{id: i{at}, title: 数据{at}, kind: {kind}}}");
            let key = format!("i{at}");
            if kind == "text" {
                self.words(&mut file, 2, &key, Some("narrative.html"));
                continue;
            }
            let (data, shown) = self.figure(if at % 4 == 1 { 0 } else { 2 });
            let place = file.line(2, &format!("{key}: {data}"));
            self.keep(
                place,
                &data,
                Some(("narrative.html".to_owned(), vec![shown])),
                None,
            );
        }
        self.standard_file("inputs.yaml", &forms);
        self.write(&file);

        let mut file = self.data_file("corrections.yaml");
        file.line(0, "corrections:");
        let place = file.line(2, "- date: 2025-06-01");
        let page = "corrections.html";
        self.keep(
            place,
            "2025-06-01",
            Some((page.to_owned(), vec!["2025-06-01 更正".to_owned()])),
            None,
        );
        self.words(&mut file, 4, "reason", Some(page));
        self.words(&mut file, 4, "approval", Some(page));
        file.line(4, "changes:");
        for (at, key) in ["where", "was", "now"].into_iter().enumerate() {
            let key = if at == 0 {
                format!("- {key}")
            } else {
                format!("  {key}")
            };
            self.words(&mut file, 6, &key, Some(page));
        }
        self.write(&file);

        let number = self.next();
        let mut file = self.data_file("overview.md");
        let place = file.line(0, &format!("概况{number}的文字"));
        let text = format!("概况{number}的文字");
        self.keep(
            place,
            &text,
            Some(("index.html".to_owned(), vec![text.clone()])),
            None,
        );
        self.write(&file);
    }
}

fn page(position: usize) -> String {
    format!("t{position:02}.html")
}
