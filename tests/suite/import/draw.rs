//! The tables of a disclosure drawn on sheets, as budget systems export them.

use gongkai::model::amount::{Amount, MoneyUnit};
use gongkai::model::classification::{Code, Level};
use gongkai::model::disclosure::Disclosure;
use gongkai::model::form::{BlockForm, Column, ColumnKind};
use gongkai::model::table::{Row, Table, Value};

use super::paper::{Ink, Paper};

/// How tables are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Unit of the money; that of the form when `None`.
    pub unit: Option<MoneyUnit>,
    pub figures: Figures,
    pub codes: Codes,
    /// Empty columns between blocks.
    pub spacer: usize,
    /// Names of the second and third level begin with blanks instead of an indented alignment.
    pub blanks: bool,
    /// Header cells that span others are merged.
    pub merged: bool,
    /// Blocks stand one under another.
    pub stacked: bool,
}

/// What figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    Numbers,
    Formulas,
    /// With commas and full-width digits.
    Texts,
}

/// Where the codes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    Whole,
    Split,
    Left,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            unit: None,
            figures: Figures::Numbers,
            codes: Codes::Whole,
            spacer: 0,
            blanks: false,
            merged: true,
            stacked: false,
        }
    }
}

/// Rows and columns that a table takes.
pub struct Size {
    pub rows: usize,
    pub columns: usize,
}

/// A column as drawn.
#[derive(Clone, Copy)]
enum Drawn<'a> {
    Column(usize, &'a Column),
    Part(Level),
}

/// Draws a table with its title and unit from a corner on.
pub fn table(
    paper: &mut Paper,
    corner: (usize, usize),
    disclosure: &Disclosure,
    table: &Table,
    style: Style,
) -> Size {
    let pen = Pen { disclosure, style };
    let widths: Vec<Vec<Drawn<'_>>> = table
        .form
        .blocks
        .iter()
        .map(|block| pen.columns(block))
        .collect();
    let all = widths.iter().map(Vec::len).sum::<usize>() + style.spacer * (widths.len() - 1);
    let columns = if style.stacked {
        widths.iter().map(Vec::len).max().unwrap_or(0)
    } else {
        all
    };
    let (top, left) = corner;
    paper.span((top, left), (1, columns), &table.title);
    let unit = style.unit.unwrap_or(table.form.show);
    paper.text(
        top + 1,
        left,
        &format!("部门名称：{}", disclosure.entity.name),
    );
    paper.text(top + 1, left + columns - 1, &format!("单位：{unit}"));
    let depth = table
        .form
        .blocks
        .iter()
        .map(|block| depth(block, style))
        .max()
        .unwrap_or(0);
    let mut from = left;
    let mut under = top + 2;
    let mut rows = 0;
    for ((form, block), drawn) in table.form.blocks.iter().zip(&table.blocks).zip(&widths) {
        pen.header(paper, (under, from), form, drawn, depth);
        for (at, row) in block.rows.iter().enumerate() {
            pen.row(paper, (under + depth + at, from), row, drawn);
        }
        if style.stacked {
            under += depth + block.rows.len() + 1;
            rows = under - top - 2 - depth;
        } else {
            rows = rows.max(block.rows.len());
            from += drawn.len() + style.spacer;
        }
    }
    let mut end = top + 2 + depth + rows;
    if let Some(reason) = &table.no_data {
        paper.text(end, left, &format!("注：{reason}。"));
        end += 1;
    }
    Size {
        rows: end - top,
        columns,
    }
}

struct Pen<'a> {
    disclosure: &'a Disclosure,
    style: Style,
}

fn depth(block: &BlockForm, style: Style) -> usize {
    block.header.len() + usize::from(style.codes == Codes::Split && block.has_code())
}

impl Pen<'_> {
    fn columns<'f>(&self, block: &'f BlockForm) -> Vec<Drawn<'f>> {
        let mut drawn = Vec::new();
        for (at, column) in block
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.printed)
        {
            match (column.kind, self.style.codes) {
                (ColumnKind::Code(None), Codes::Left) => {}
                (ColumnKind::Code(None), Codes::Split) => {
                    drawn.extend([Level::Class, Level::Section, Level::Item].map(Drawn::Part));
                }
                _ => drawn.push(Drawn::Column(at, column)),
            }
        }
        drawn
    }

    /// Header rows; every column has its path of titles, equal neighbours are merged.
    fn header(
        &self,
        paper: &mut Paper,
        (top, left): (usize, usize),
        block: &BlockForm,
        drawn: &[Drawn<'_>],
        depth: usize,
    ) {
        let titles = self.disclosure.title_values();
        let paths = gongkai::render::download::columns::headers(block, &titles);
        let printed: Vec<usize> = (0..block.columns.len())
            .filter(|at| block.columns[*at].printed)
            .collect();
        let code = block
            .columns
            .iter()
            .position(|column| matches!(column.kind, ColumnKind::Code(_)));
        let path = |drawn: &Drawn<'_>| -> Vec<String> {
            let of = |at: usize| {
                let at = printed
                    .iter()
                    .position(|known| *known == at)
                    .expect("printed");
                paths[at].clone()
            };
            match drawn {
                Drawn::Column(at, _) => of(*at),
                Drawn::Part(level) => {
                    let mut path = of(code.expect("a code"));
                    path.push(["类", "款", "项"][usize::from(level.number()) - 1].to_owned());
                    path
                }
            }
        };
        let paths: Vec<Vec<String>> = drawn.iter().map(path).collect();
        for row in 0..depth {
            let mut column = 0;
            while column < paths.len() {
                let own = &paths[column];
                let Some(text) = own.get(row) else {
                    column += 1;
                    continue;
                };
                let last = row + 1 == own.len();
                let same = |at: &usize| {
                    !last && paths[*at].len() > row + 1 && paths[*at][..=row] == own[..=row]
                };
                let width = if last {
                    1
                } else {
                    (column..paths.len()).take_while(same).count()
                };
                let height = if last { depth - row } else { 1 };
                let size = if self.style.merged {
                    (height, width)
                } else {
                    (1, 1)
                };
                // Without merging a title stands in the lowest row.
                let at = if last && !self.style.merged {
                    depth - 1
                } else {
                    row
                };
                paper.span((top + at, left + column), size, text);
                column += width;
            }
        }
    }

    fn row(&self, paper: &mut Paper, (at, left): (usize, usize), row: &Row, drawn: &[Drawn<'_>]) {
        for (offset, drawn) in drawn.iter().enumerate() {
            let column = left + offset;
            match drawn {
                Drawn::Part(level) => {
                    let part = row.code.as_ref().and_then(|code| code.part(*level));
                    paper.text(at, column, part.unwrap_or_default());
                }
                Drawn::Column(position, form) => match form.kind {
                    ColumnKind::Code(Some(level)) => {
                        let part = row.code.as_ref().and_then(|code| code.part(level));
                        paper.text(at, column, part.unwrap_or_default());
                    }
                    ColumnKind::Code(None) => {
                        let code = row.code.as_ref().map_or("", Code::as_str);
                        paper.text(at, column, code);
                    }
                    ColumnKind::Name => self.name(paper, (at, column), row),
                    _ => self.cell(paper, (at, column), &row.cells[*position].value, form),
                },
            }
        }
    }

    fn name(&self, paper: &mut Paper, (at, column): (usize, usize), row: &Row) {
        let depth = row.level.saturating_sub(1);
        if self.style.blanks {
            let blanks = "　".repeat(depth.into());
            paper.text(at, column, &format!("{blanks}{}", row.name));
        } else {
            paper.indented(at, column, &row.name, depth);
        }
    }

    fn cell(&self, paper: &mut Paper, (at, column): (usize, usize), value: &Value, form: &Column) {
        let (text, places) = match (value, form.kind) {
            (Value::Blank, _) => return,
            (Value::Amount(amount), ColumnKind::Amount { show, .. }) => self.money(*amount, show),
            (value, _) => match value.number() {
                Some(number) => (number.to_string(), number.scale()),
                None => {
                    paper.text(at, column, &value.to_text());
                    return;
                }
            },
        };
        let places = usize::try_from(places).expect("small");
        match self.style.figures {
            Figures::Numbers => paper.ink(at, column, Ink::Number(text, places)),
            Figures::Formulas => paper.ink(at, column, Ink::Formula(text, places)),
            Figures::Texts => paper.text(at, column, &full_width(&text)),
        }
    }

    fn money(&self, amount: Amount, show: MoneyUnit) -> (String, u32) {
        let unit = self.style.unit.unwrap_or(show);
        let converted = amount.in_unit(unit).expect("a unit");
        // 元 are shown with 角 and 分.
        let converted = if unit == MoneyUnit::Yuan && amount.unit() != unit {
            converted.rounded(2)
        } else {
            converted
        };
        (converted.value().to_string(), converted.scale())
    }
}

/// `1234567.80` as `　1,234,567.８0 `: commas, a full-width digit, blanks around.
fn full_width(text: &str) -> String {
    let value = rust_decimal::Decimal::from_str_exact(text).expect("a number");
    let mut grouped = gongkai::model::amount::grouped(value);
    if let Some(last) = grouped.pop() {
        let wide = char::from_u32(last as u32 + 0xFEE0).expect("a digit");
        grouped.push(wide);
    }
    format!("　{grouped} ")
}
