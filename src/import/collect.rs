//! All that the files hold: each table of the standard at most once.

use super::assemble;
use super::context::Context;
use super::doubt::Doubt;
use super::exported::Export;
use super::find::{self, Stray};
use super::grid::Grid;
use super::input::Input;
use super::odd;
use super::sheet;
use super::table::ImportedTable;
use super::workbook::{Oddity, Workbook};
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::lay::NewFile;
use crate::say;
use crate::source::{Place, Source, SourceFile};

/// What was found in all files.
pub struct Collected {
    /// For each table of the standard what was found of it.
    pub tables: Vec<Option<ImportedTable>>,
    /// Performance sheets of an export, as files below the folder of the disclosure.
    pub sheets: Vec<NewFile>,
    /// What keeps the import from being written, and what was not imported.
    pub problems: Diagnostics,
    /// What the user should know.
    pub notes: Vec<Say>,
}

/// Reads every visible sheet of every workbook, and every export.
pub fn collect(context: &Context<'_>, inputs: &[Input], problems: Diagnostics) -> Collected {
    let mut collected = Collected {
        tables: vec![None; context.standard.tables.len()],
        sheets: Vec::new(),
        problems,
        notes: Vec::new(),
    };
    let mut strays: Vec<(String, Stray)> = Vec::new();
    for input in inputs {
        match input {
            Input::Workbook(workbook) => collected.workbook(context, workbook, &mut strays),
            Input::Export(export) => {
                for (at, table) in export.tables(context) {
                    collected.add(at, table);
                }
                collected.export_sheets(export);
                let source = source_of(export.path());
                let odd = export.odd.iter();
                for doubt in odd.map(|doubt| doubt.diagnostic(&source)) {
                    collected.problems.push(doubt);
                }
            }
        }
    }
    for (file, stray) in strays {
        let known = stray.like.is_some_and(|at| collected.tables[at].is_some());
        if !known {
            let source = source_of(&file);
            let problem = stray.doubt.diagnostic(&source).hint(say!(
                "要导入，就在表的上面写上标准的标题，各列用标准的表头；用不着就不必管它",
                "to import it write the title of the standard above it and use the headers of the standard; else leave it"
            ));
            collected.problems.push(problem);
        }
    }
    collected
}

/// A workbook as the source of problems; it has no lines to show.
pub fn source_of(file: &str) -> Source {
    Source::new(SourceFile {
        path: file.to_owned(),
        text: String::new(),
    })
}

impl Collected {
    fn workbook(
        &mut self,
        context: &Context<'_>,
        workbook: &Workbook,
        strays: &mut Vec<(String, Stray)>,
    ) {
        let file = workbook.path.display().to_string();
        for Oddity { at, say } in &workbook.oddities {
            let (zh, en) = (&say.zh, &say.en);
            self.problems.push(
                Diagnostic::warning(
                    "import-oddity",
                    &source_of(&file),
                    Place::FILE,
                    say!("{at}：{zh}", "{at}: {en}"),
                )
                .hint(say!(
                    "在 Excel 或 WPS 里看这一处；与原件不同就改好另存，再导入一次",
                    "look at the place in Excel or WPS; where it differs from the original mend it, save and import again"
                )),
            );
        }
        for sheet in &workbook.sheets {
            let name = &odd::shown(sheet.name.clone());
            if sheet.hidden {
                self.notes.push(say!(
                    "「{name}」是隐藏的，没有读",
                    "the sheet {name} is hidden and was not read"
                ));
                continue;
            }
            let grid = Grid::new(sheet);
            if grid.hides() {
                self.notes.push(say!(
                    "「{name}」里隐藏的行和列没有读",
                    "hidden rows and columns of {name} were not read"
                ));
            }
            let (found, stray) = find::tables(&grid, context);
            strays.extend(stray.into_iter().map(|stray| (file.clone(), stray)));
            for found in &found {
                let table = assemble::table(&grid, found, context, &file);
                self.add(found.table, table);
            }
        }
    }

    /// Takes the performance sheets of an export.
    fn export_sheets(&mut self, export: &Export) {
        for sheet in &export.sheets {
            match sheet::file(sheet) {
                Some(file) => self.sheets.push(file),
                None => {
                    let name = &sheet.name;
                    let doubt = Doubt::new(
                        "import-sheet",
                        say!(
                            "绩效目标表「{name}」里有不能用作键的键，没有导入",
                            "the performance sheet {name} has a key that no data file can have; it was not imported"
                        ),
                        export.name(),
                    );
                    self.problems
                        .push(doubt.diagnostic(&source_of(export.path())));
                }
            }
        }
    }

    /// Takes a table. Of two, one without a figure gives way; two with figures are `import-twice`.
    pub fn add(&mut self, at: usize, table: ImportedTable) {
        let Some(first) = &self.tables[at] else {
            self.tables[at] = Some(table);
            return;
        };
        if !table.has_figures() {
            return;
        }
        if !first.has_figures() {
            self.tables[at] = Some(table);
            return;
        }
        let number = &table.form.number;
        let (here, there) = (place_of(&table), place_of(first));
        self.problems.push(
            Diagnostic::error(
                "import-twice",
                &source_of(&table.file),
                Place::FILE,
                say!(
                    "{number}有两份：{there} 和 {here}",
                    "{number} is there twice: {there} and {here}"
                ),
            )
            .hint(say!(
                "只留一份：隐藏或删去另一张工作表，或只给出一个文件",
                "keep one: hide or delete the other sheet, or name one file only"
            )),
        );
    }
}

fn place_of(table: &ImportedTable) -> String {
    format!("{} {}", table.file, table.range)
        .trim_end()
        .to_owned()
}
