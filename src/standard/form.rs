//! A table file of a standard -> [`TableForm`]: columns, header rows, fixed rows.

use std::collections::HashSet;

use super::codes::Codes;
use super::declare::{
    BlankRows, BlockDecl, CodesDecl, ColumnDecl, ColumnKindDecl, ComputedDecl, RowRole, RowsDecl,
    TableFile, TotalAt,
};
use super::read::{File, Read};
use crate::diagnostic::Diagnostics;
use crate::model::amount::MoneyUnit;
use crate::model::classification::{Classification, Code};
use crate::model::form::{
    BlockForm, CodeColumn, Column, ColumnKind, Computed, FixedRow, HeaderCell, KeyPart, RowSource,
    TableForm, TotalForm,
};
use crate::model::selector::is_id;
use crate::model::title::Title;
use crate::say;

/// What a table takes from its standard where it says nothing.
#[derive(Clone, Copy)]
pub struct Defaults<'a> {
    pub unit: MoneyUnit,
    pub decimals: u32,
    /// The code lists that columns may name.
    pub codes: &'a Codes,
}

struct TableUnits {
    unit: MoneyUnit,
    show: MoneyUnit,
    decimals: u32,
    show_decimals: u32,
}

/// Makes the form of one table, reporting what does not fit.
pub fn table(
    read: Read<TableFile>,
    position: usize,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) -> TableForm {
    let Read { value, file } = read;
    let unit = value.unit.unwrap_or(defaults.unit);
    let decimals = value.decimals.unwrap_or(defaults.decimals);
    let units = TableUnits {
        unit,
        show: value.show.unwrap_or(unit),
        decimals,
        show_decimals: value.show_decimals.unwrap_or(decimals),
    };
    if value.blocks.is_empty() {
        file.fault(
            diagnostics,
            "blocks",
            say!("一张表至少要有一块", "a table needs at least one block"),
            say!(
                "在 blocks 下写列和行",
                "write columns and rows below `blocks`"
            ),
        );
    }
    let several = value.blocks.len() > 1;
    let mut ids = HashSet::new();
    let blocks = value
        .blocks
        .iter()
        .enumerate()
        .map(|(at, decl)| {
            let path = format!("blocks.{at}");
            let key = matches!(decl.id.as_str(), "table" | "no_data");
            if several && (!is_id(&decl.id) || key || decl.title.is_none()) {
                file.fault(
                    diagnostics,
                    &path,
                    say!(
                        "有几块的表，每块都要有 id 和 title",
                        "with several blocks each needs `id` and `title`"
                    ),
                    say!(
                        "补上 id 和 title；id 不能是 table 或 no_data",
                        "add `id` and `title`; the id cannot be `table` or `no_data`"
                    ),
                );
            }
            if !ids.insert(decl.id.clone()) {
                let id = &decl.id;
                file.fault(
                    diagnostics,
                    &path,
                    say!("两块的 id 都是 `{id}`", "two blocks have the id `{id}`"),
                    say!("改掉其中一个", "change one of them"),
                );
            }
            let mut form = BlockReader {
                file: &file,
                diagnostics,
                path,
                codes: defaults.codes,
            }
            .block(decl, &units);
            if !several {
                form.id = "".into();
            }
            form
        })
        .collect();
    TableForm {
        id: value.id.as_str().into(),
        position,
        number: value.number.as_str().into(),
        title: file.title(diagnostics, "title", &value.title),
        lead: value
            .lead
            .as_ref()
            .map(|lead| file.title(diagnostics, "lead", lead)),
        unit: units.unit,
        show: units.show,
        empty: value.empty.as_deref().map(Into::into),
        notes: value
            .notes
            .iter()
            .enumerate()
            .map(|(at, note)| file.title(diagnostics, &format!("notes.{at}"), note))
            .collect(),
        blocks,
    }
}

struct BlockReader<'a> {
    file: &'a File,
    diagnostics: &'a mut Diagnostics,
    path: String,
    codes: &'a Codes,
}

impl BlockReader<'_> {
    fn at(&self, rest: &str) -> String {
        format!("{}.{rest}", self.path)
    }

    fn fault(&mut self, rest: &str, message: crate::diagnostic::Say, hint: crate::diagnostic::Say) {
        self.file
            .fault(self.diagnostics, &self.at(rest), message, hint);
    }

    fn title(&mut self, rest: &str, text: &str) -> Title {
        self.file.title(self.diagnostics, &self.at(rest), text)
    }

    fn block(&mut self, decl: &BlockDecl, units: &TableUnits) -> BlockForm {
        let columns = self.columns(&decl.columns, units);
        let header = self.header(&decl.columns, &columns);
        let key = self.key(&decl.key, &columns);
        let rows = self.rows(decl);
        self.keys(decl);
        let totals = decl
            .totals
            .iter()
            .enumerate()
            .map(|(at, total)| TotalForm {
                id: total.id.as_str().into(),
                name: self.title(&format!("totals.{at}.name"), &total.name),
                first: total.at == TotalAt::First,
            })
            .collect();
        BlockForm {
            id: decl.id.as_str().into(),
            title: decl.title.as_ref().map(|title| self.title("title", title)),
            columns,
            header,
            rows,
            key,
            totals,
        }
    }

    fn columns(&mut self, decls: &[ColumnDecl], units: &TableUnits) -> Vec<Column> {
        let mut seen = HashSet::new();
        let mut names = 0;
        let mut columns = Vec::with_capacity(decls.len());
        for (at, decl) in decls.iter().enumerate() {
            let id = &decl.id;
            if !is_id(id) || matches!(id.as_str(), "id" | "rows") || !seen.insert(id) {
                self.fault(
                    &format!("columns.{at}.id"),
                    say!("列的 id `{id}` 不能用，或已经用过", "the column id `{id}` is taken or cannot be used"),
                    say!("用小写英文、数字和下划线，每列不同；id 和 rows 另有用处", "use lower-case letters, digits and underscores, each once; `id` and `rows` are reserved"),
                );
            }
            self.reserved(at, decl);
            names += usize::from(decl.kind == ColumnKindDecl::Name);
            columns.push(Column {
                id: id.as_str().into(),
                kind: column_kind(decl, units),
                title: self.title(&format!("columns.{at}.title"), &decl.title),
                printed: decl.printed,
                computed: decl
                    .computed
                    .as_ref()
                    .and_then(|computed| self.computed(at, computed, decls)),
                codes: decl
                    .codes
                    .as_ref()
                    .map(|codes| self.code_column(at, codes, decls)),
                prior_of: decl
                    .prior_of
                    .as_ref()
                    .and_then(|id| self.prior_of(at, id, decls)),
            });
        }
        if names != 1 {
            self.fault(
                "columns",
                say!(
                    "每块要有且只有一列 kind: name，这里有 {names} 列",
                    "a block needs one column of kind `name`, here are {names}"
                ),
                say!(
                    "行标题那一列写 kind: name，其他文字列写 kind: text",
                    "give the row heading `kind: name`, other texts `kind: text`"
                ),
            );
        }
        columns
    }

    fn code_column(&mut self, at: usize, codes: &CodesDecl, decls: &[ColumnDecl]) -> CodeColumn {
        let kind = decls[at].kind;
        let find = |name: &String| {
            let mut columns = decls.iter();
            columns.position(|column| column.id == *name && column.kind == ColumnKindDecl::Text)
        };
        let name = codes.name.as_ref().map(find);
        let holds_codes = match kind {
            ColumnKindDecl::Text => name != Some(None),
            // The name of such a code is that of the row.
            ColumnKindDecl::Code => name.is_none(),
            _ => false,
        };
        let list = codes.list.as_str();
        if !holds_codes || self.codes.names(list).is_none() {
            self.fault(
                &format!("columns.{at}.codes"),
                say!(
                    "`codes` 要写 codes/ 里一份名单和本块一个文字列，这里对不上",
                    "`codes` names a list of codes/ and a text column of the block, and here they do not fit"
                ),
                say!(
                    "list 写 codes/{list}.csv 这样有表头 code,name 的名单，name 写 kind: text 的列；编码列的名称就是行名，不写 name",
                    "`list` is a list such as codes/{list}.csv with the heading code,name, `name` a column of `kind: text`; a code column takes the name of the row and has no `name`"
                ),
            );
        }
        CodeColumn {
            list: list.into(),
            name: name.flatten(),
        }
    }

    /// In a row of the data `code` and `name` are those of the row, and no text of a column beside them.
    fn reserved(&mut self, at: usize, decl: &ColumnDecl) {
        let (id, kind) = (decl.id.as_str(), decl.kind);
        let taken = match id {
            "code" => kind != ColumnKindDecl::Code,
            "name" => kind != ColumnKindDecl::Name,
            _ => false,
        };
        if taken {
            self.fault(
                &format!("columns.{at}.id"),
                say!(
                    "数据里一行的 `{id}` 另有用处，这一列不能叫 `{id}`",
                    "`{id}` of a row of the data means something else, no such column can have this id"
                ),
                say!(
                    "换一个 id；编码列写 kind: code，行标题那一列写 kind: name",
                    "take another id; a column of codes has `kind: code`, that of the row heading `kind: name`"
                ),
            );
        }
    }

    fn computed(
        &mut self,
        at: usize,
        decl: &ComputedDecl,
        decls: &[ColumnDecl],
    ) -> Option<Computed> {
        let find = |id: &String| decls.iter().position(|column| column.id == *id);
        let pair = |ids: &[String; 2]| Some((find(&ids[0])?, find(&ids[1])?));
        let found = match decl {
            ComputedDecl {
                difference: Some(ids),
                growth: None,
                ratio: None,
            } => pair(ids).map(|(a, b)| Computed::Difference(a, b)),
            ComputedDecl {
                difference: None,
                growth: Some(ids),
                ratio: None,
            } => pair(ids).map(|(a, b)| Computed::Growth(a, b)),
            ComputedDecl {
                difference: None,
                growth: None,
                ratio: Some(ids),
            } => pair(ids).map(|(a, b)| Computed::Ratio(a, b)),
            _ => None,
        };
        let found = found.filter(|found| {
            let (operands, kind) = match *found {
                Computed::Difference(a, b) => ([a, b], ColumnKindDecl::Amount),
                Computed::Growth(a, b) | Computed::Ratio(a, b) => ([a, b], ColumnKindDecl::Percent),
            };
            let amounts = operands.map(|at| decls[at].kind == ColumnKindDecl::Amount);
            amounts == [true, true] && decls[at].kind == kind
        });
        if found.is_none() {
            self.fault(
                &format!("columns.{at}.computed"),
                say!("computed 要写 difference（金额列）、growth 或 ratio（百分数列）和本块的两个金额列", "`computed` takes difference (an amount), growth or ratio (a percent) with two amount columns of the block"),
                say!("例如 {{difference: [current, prior]}}", "such as {{difference: [current, prior]}}"),
            );
        }
        found
    }

    /// The column of the same kind whose figures come back a year later.
    fn prior_of(&mut self, at: usize, id: &str, decls: &[ColumnDecl]) -> Option<usize> {
        let found = decls
            .iter()
            .position(|column| column.id == id && column.kind == decls[at].kind);
        if found.is_none() || found == Some(at) {
            self.fault(
                &format!("columns.{at}.prior_of"),
                say!(
                    "本块没有同类的列 `{id}`",
                    "this block has no other column `{id}` of the same kind"
                ),
                say!(
                    "写上年公开里放这个数的那一列的 id",
                    "name the column that holds the figure in last year's disclosure"
                ),
            );
        }
        found
    }

    fn key(&mut self, decl: &[String], columns: &[Column]) -> Vec<KeyPart> {
        if decl.is_empty() {
            return vec![KeyPart::Code];
        }
        let mut key = Vec::with_capacity(decl.len());
        for (at, id) in decl.iter().enumerate() {
            let column = columns.iter().position(|column| *column.id == **id);
            match column {
                Some(found) if matches!(columns[found].kind, ColumnKind::Code(_)) => {
                    key.push(KeyPart::Code);
                }
                Some(found) => key.push(KeyPart::Column(found)),
                None => self.fault(
                    &format!("key.{at}"),
                    say!("没有 `{id}` 这一列", "there is no column `{id}`"),
                    say!("写本块某一列的 id", "name a column of this block"),
                ),
            }
        }
        key
    }

    fn rows(&mut self, decl: &BlockDecl) -> RowSource {
        if decl.rows != RowsDecl::Fixed && !decl.fixed.is_empty() {
            self.fault(
                "fixed",
                say!(
                    "只有 rows: fixed 才有固定行",
                    "only `rows: fixed` has fixed rows"
                ),
                say!(
                    "删去 fixed，或改成 rows: fixed",
                    "remove `fixed` or write `rows: fixed`"
                ),
            );
        }
        match decl.rows {
            RowsDecl::List => RowSource::List,
            RowsDecl::Tree => {
                RowSource::Tree(decl.classification.unwrap_or(Classification::Functional))
            }
            RowsDecl::Fixed => RowSource::Fixed {
                rows: self.fixed(decl),
                print_blank: decl.blank == BlankRows::Print,
            },
        }
    }

    /// What the data writes must be told apart: codes of a tree need their column, and a total is a key
    /// beside `rows` and a row among others.
    fn keys(&mut self, decl: &BlockDecl) {
        let coded = |column: &ColumnDecl| column.kind == ColumnKindDecl::Code;
        if decl.rows == RowsDecl::Tree && !decl.columns.iter().any(coded) {
            self.fault(
                "columns",
                say!(
                    "rows: tree 的块没有编码列，编码没有地方写",
                    "a block with `rows: tree` has no column for its codes"
                ),
                say!(
                    "加一列 kind: code；不印的写 printed: false",
                    "add a column of `kind: code`, with `printed: false` if it is not printed"
                ),
            );
        }
        for (at, total) in decl.totals.iter().enumerate() {
            let id = &total.id;
            let before = decl.totals[..at].iter().any(|other| other.id == *id);
            let fixed = decl.fixed.iter().any(|row| row.id == *id);
            let key = matches!(id.as_str(), "rows" | "table" | "no_data");
            if !is_id(id) || before || fixed || key {
                self.fault(
                    &format!("totals.{at}.id"),
                    say!(
                        "合计行的 id `{id}` 不能用，或已经用过",
                        "the id `{id}` of a total is taken or cannot be used"
                    ),
                    say!(
                        "用小写英文、数字和下划线，每行不同；rows、table、no_data 另有用处",
                        "use lower-case letters, digits and underscores, each once; `rows`, `table` and `no_data` are reserved"
                    ),
                );
            }
        }
    }

    fn fixed(&mut self, decl: &BlockDecl) -> Vec<FixedRow> {
        let mut rows: Vec<FixedRow> = Vec::with_capacity(decl.fixed.len());
        let split = decl.columns.iter().any(|column| column.level.is_some());
        for (at, row) in decl.fixed.iter().enumerate() {
            let id = &row.id;
            if !is_id(id) || rows.iter().any(|known| *known.id == **id) {
                self.fault(
                    &format!("fixed.{at}"),
                    say!(
                        "行的 id `{id}` 不能用，或已经用过",
                        "the row id `{id}` is taken or cannot be used"
                    ),
                    say!(
                        "用小写英文、数字和下划线，每行不同",
                        "use lower-case letters, digits and underscores, each once"
                    ),
                );
            }
            let parent = row.part_of.as_ref().map(|parent| {
                rows.iter()
                    .find(|known| *known.id == **parent)
                    .map(|known| known.level)
            });
            if parent == Some(None) {
                self.fault(
                    &format!("fixed.{at}.part_of"),
                    say!("part_of 要写前面某一行的 id", "`part_of` names a row above"),
                    say!("检查 id 和行的顺序", "check the id and the order of rows"),
                );
            }
            let code = row.code.as_ref().and_then(|code| {
                let free = || Code::free(code).filter(|_| !split);
                let read = Code::classified(code).or_else(free);
                if read.is_none() {
                    self.fault(
                        &format!("fixed.{at}.code"),
                        say!(
                            "编码 `{code}` 不是 3、5 或 7 位数字",
                            "the code `{code}` is not of 3, 5 or 7 digits"
                        ),
                        say!("编码加引号，如 \"208\"", "quote it, as in \"208\""),
                    );
                }
                read
            });
            let name = self.title(&format!("fixed.{at}.name"), &row.name);
            rows.push(FixedRow {
                id: id.as_str().into(),
                name,
                code,
                level: parent.flatten().map_or(1, |level| level + 1),
                total: row.role == Some(RowRole::Total),
            });
        }
        rows
    }

    /// Header rows from the texts above each column: equal neighbours join, short stacks reach down.
    fn header(&mut self, decls: &[ColumnDecl], columns: &[Column]) -> Vec<Vec<HeaderCell>> {
        let printed: Vec<usize> = (0..decls.len()).filter(|at| decls[*at].printed).collect();
        let depth = printed
            .iter()
            .map(|at| decls[*at].under.len() + 1)
            .max()
            .unwrap_or(1);
        let text = |at: usize, level: usize| decls[at].under.get(level).map(String::as_str);
        let mut header = Vec::with_capacity(depth);
        for level in 0..depth {
            let mut row = Vec::new();
            let mut next = 0;
            while next < printed.len() {
                let at = printed[next];
                let own = decls[at].under.len();
                let mut span = 1;
                if level < own {
                    let above = &decls[at].under[..=level];
                    while printed
                        .get(next + span)
                        .is_some_and(|other| decls[*other].under.get(..=level) == Some(above))
                    {
                        span += 1;
                    }
                    let words = text(at, level).unwrap_or_default();
                    let title = self.title(&format!("columns.{at}.under.{level}"), words);
                    row.push(HeaderCell {
                        title,
                        columns: span,
                        rows: 1,
                        figure: false,
                        name: span == 1 && columns[at].kind == ColumnKind::Name,
                    });
                } else if level == own {
                    row.push(HeaderCell {
                        title: columns[at].title.clone(),
                        columns: 1,
                        rows: depth - own,
                        figure: columns[at].kind.is_figure(),
                        name: columns[at].kind == ColumnKind::Name,
                    });
                }
                next += span;
            }
            header.push(row);
        }
        if printed.iter().any(|at| decls[*at].number.is_some()) {
            header.push(self.numbers(decls, columns, &printed));
        }
        header
    }

    /// The row of column numbers: 甲 over the three columns of a split code is one cell.
    fn numbers(
        &mut self,
        decls: &[ColumnDecl],
        columns: &[Column],
        printed: &[usize],
    ) -> Vec<HeaderCell> {
        let number = |at: usize| decls[at].number.as_deref().unwrap_or_default();
        printed
            .chunk_by(|left, right| !number(*left).is_empty() && number(*left) == number(*right))
            .map(|run| HeaderCell {
                title: self.title(&format!("columns.{}.number", run[0]), number(run[0])),
                columns: run.len(),
                rows: 1,
                figure: columns[run[0]].kind.is_figure(),
                name: run.len() == 1 && columns[run[0]].kind == ColumnKind::Name,
            })
            .collect()
    }
}

fn column_kind(decl: &ColumnDecl, units: &TableUnits) -> ColumnKind {
    match decl.kind {
        ColumnKindDecl::Code => ColumnKind::Code(decl.level),
        ColumnKindDecl::Name => ColumnKind::Name,
        ColumnKindDecl::Text => ColumnKind::Text,
        ColumnKindDecl::Amount => {
            let unit = decl.unit.unwrap_or(units.unit);
            ColumnKind::Amount {
                unit,
                show: decl.show.or(decl.unit).unwrap_or(units.show),
                decimals: decl.decimals.unwrap_or(units.decimals),
                show_decimals: decl
                    .show_decimals
                    .or(decl.decimals)
                    .unwrap_or(units.show_decimals),
            }
        }
        ColumnKindDecl::Percent => ColumnKind::Percent,
        ColumnKindDecl::Count => ColumnKind::Count,
        ColumnKindDecl::Line => ColumnKind::Line(decl.start.unwrap_or(1)),
        ColumnKindDecl::YesNo => ColumnKind::YesNo,
    }
}
