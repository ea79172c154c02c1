//! Tables as read -> files, checked as they will stand before they are written, and a receipt.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Options;
use super::changed::lost;
use super::collect::{Collected, source_of};
use super::confirm::{Confirmation, confirm};
use super::doubt::Doubt;
use super::ids;
use super::receipt::{FileLine, FileState, Receipt, TableLine, TableName};
use super::table::{ImportedRow, ImportedTable};
use super::target::Target;
use super::text;
use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::{Counts, Diagnostic, Diagnostics};
use crate::error::Error;
use crate::held;
use crate::lay::{self, NewFile, Over};
use crate::load::discover::Site;
use crate::load::draft::Draft;
use crate::load::folder;
use crate::model::amount::{Amount, ROUNDING};
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, ColumnKind, TableForm};
use crate::model::proof::CellAt;
use crate::model::table::{Row, Value};
use crate::say;
use crate::source::Place;
use crate::yaml::MAX_BYTES;

/// Checks what would be written, writes it unless something is against it, and says what was done.
pub fn finish(
    site: &Site,
    options: &Options,
    target: &Target,
    mut collected: Collected,
) -> Result<Receipt, Error> {
    let mut files = files(target, &collected);
    let mut read = read_back(site, target, &files);
    if let Some(after) = &read.disclosure {
        let doubts = collected.tables.iter_mut().flatten();
        let doubts = doubts
            .map(|table| compare_computed(table, after))
            .sum::<usize>();
        if doubts > 0 {
            // What is checked is what is written, to the last comment.
            files = self::files(target, &collected);
            read = read_back(site, target, &files);
        }
    }
    let ReadBack {
        disclosure: after,
        found,
        unread,
    } = read;
    collected.problems.append(unread);
    let nothing = collected.tables.iter().all(Option::is_none);
    if nothing && !collected.problems.has_errors() {
        collected.problems.push(nothing_found(options));
    }
    for file in &mut files {
        file.state = state(site, target, &collected, file, after.as_ref());
    }
    if !options.force {
        for file in &files {
            collected.problems.append(refused(&file.new, &file.state));
        }
    }
    let mut receipt = receipt(options, target, &collected, after.as_ref(), &files);
    receipt.check = Counts::of(&found.into_sorted());
    if !collected.problems.has_errors() && !options.dry_run {
        let changed = files
            .into_iter()
            .filter(|file| file.state != FileState::Same);
        let changed: Vec<NewFile> = changed.map(|file| file.new).collect();
        // What was cut short last time may have been all that there was to write.
        lay::sweep(&options.root, &target.folder);
        lay::lay(&options.root, &changed, Over::Replace)?;
        receipt.written = true;
    }
    for table in collected.tables.iter().flatten() {
        let source = source_of(&table.file);
        for doubt in table.all_doubts() {
            collected.problems.push(doubt.diagnostic(&source));
        }
    }
    receipt.problems = collected.problems.into_sorted();
    Ok(receipt)
}

/// A file to be written.
struct Planned {
    new: NewFile,
    /// Position of its table in the standard.
    table: Option<usize>,
    state: FileState,
}

/// Every file of the import: those of a new disclosure too.
fn files(target: &Target, collected: &Collected) -> Vec<Planned> {
    let tables = collected.tables.iter().zip(&target.tables).enumerate();
    let tables = tables.filter_map(|(at, (table, path))| {
        let new = NewFile::text(path.clone(), text::file(table.as_ref()?));
        Some(Planned {
            new,
            table: Some(at),
            state: FileState::New,
        })
    });
    let sheets = collected.sheets.iter().map(|sheet| Planned {
        new: NewFile {
            path: format!("{}/{}", target.folder, sheet.path),
            bytes: sheet.bytes.clone(),
        },
        table: None,
        state: FileState::New,
    });
    let mut files: Vec<Planned> = tables.chain(sheets).collect();
    let known: BTreeSet<String> = files.iter().map(|file| file.new.path.clone()).collect();
    let others = target
        .files
        .iter()
        .filter(|file| !known.contains(&file.path));
    files.extend(others.map(|file| Planned {
        new: file.clone(),
        table: None,
        state: FileState::New,
    }));
    files.sort_by(|left, right| left.new.path.cmp(&right.new.path));
    files
}

/// What the disclosure would be with the files written.
struct ReadBack {
    disclosure: Option<Disclosure>,
    /// All that a check would say.
    found: Diagnostics,
    /// What of it keeps a file of the import from being read at all.
    unread: Diagnostics,
}

/// Reads and checks the disclosure as a check will when the files stand there, from their very bytes.
fn read_back(site: &Site, target: &Target, files: &[Planned]) -> ReadBack {
    let written = files.iter().map(|file| &file.new);
    let written = written.map(|file| (file.path.clone(), file.bytes.clone()));
    let mut found = Diagnostics::default();
    let draft = folder::load(&site.disk.with(written), &target.at, &mut found);
    let unread = unread(&draft, files, &found);
    let rules = Rules::new(&site.config);
    let named = check::standard_of(&draft, &mut found);
    let disclosure = named.and_then(|_| check::check(&draft, &target.standard, &rules, &mut found));
    ReadBack {
        disclosure,
        found,
        unread,
    }
}

/// The faults of files that the import would write and nobody could read: nothing is written then.
fn unread(draft: &Draft, files: &[Planned], found: &Diagnostics) -> Diagnostics {
    let documents = [&draft.entity, &draft.head].into_iter();
    let documents = documents.chain(&draft.tables).chain(&draft.projects);
    let lost: BTreeSet<&str> = documents
        .filter(|document| document.node.is_none())
        .map(|document| &*document.source.path)
        .filter(|path| files.iter().any(|file| file.new.path == **path))
        .collect();
    let mut unread = Diagnostics::default();
    for fault in found.as_slice() {
        if fault.is_fault() && lost.contains(&*fault.location.source.path) {
            unread.push(fault.clone());
        }
    }
    unread
}

/// How a file stands to the one that is there.
fn state(
    site: &Site,
    target: &Target,
    collected: &Collected,
    file: &Planned,
    after: Option<&Disclosure>,
) -> FileState {
    let path = site.disk.path(&file.new.path);
    let Ok(bytes) = held::open(&path).and_then(|file| held::read(file, MAX_BYTES)) else {
        return match std::fs::symlink_metadata(&path) {
            Ok(_) => FileState::Changed(say!("读不了", "it cannot be read")),
            Err(_) => FileState::New,
        };
    };
    if bytes == file.new.bytes {
        return FileState::Same;
    }
    let Some(at) = file.table else {
        return FileState::Changed(say!("内容不同", "its content is another"));
    };
    let form = collected.tables[at].as_ref().map(|table| &table.form);
    let of = |disclosure: Option<&Disclosure>| {
        let disclosure = disclosure?;
        let at = disclosure.table_position(&form?.id)?;
        Some(disclosure.tables[at].clone())
    };
    let before = of(target.before.as_ref());
    let Some(after) = of(after) else {
        return FileState::Changed(say!(
            "新的读不懂，比不了",
            "the new one cannot be understood, so they cannot be compared"
        ));
    };
    match lost(&file.new.path, &target.faults, before.as_ref(), &after) {
        Some(what) => FileState::Changed(what),
        None => FileState::Replaced,
    }
}

fn refused(file: &NewFile, state: &FileState) -> Diagnostics {
    let mut refused = Diagnostics::default();
    if let FileState::Changed(what) = state {
        let (zh, en) = (&what.zh, &what.en);
        refused.push(
            Diagnostic::error(
                "import-changed",
                &source_of(&file.path),
                Place::FILE,
                say!(
                    "这个文件有工作簿里没有的内容，没有覆盖：{zh}",
                    "this file holds what the workbook has not, and was not written over: {en}"
                ),
            )
            .hint(say!(
                "以工作簿为准就加 --force；以文件为准就不用再导入",
                "add --force to take the workbook's word; to keep the file, do not import it"
            )),
        );
    }
    refused
}

fn nothing_found(options: &Options) -> Diagnostic {
    let file = options.files.first();
    let file = file.map_or_else(String::new, |file| file.display().to_string());
    Diagnostic::error(
        "import-sheet",
        &source_of(&file),
        Place::FILE,
        say!(
            "没有认出标准里的任何一张表",
            "no table of the standard was recognised"
        ),
    )
    .hint(say!(
        "核对 --standard 和文件；表的上面要有标准的标题，各列要有标准的表头",
        "check --standard and the file; tables are known by the titles and headers of the standard"
    ))
}

/// Figures that the workbook has and the program computes must be the same. Gives how many are not.
fn compare_computed(table: &mut ImportedTable, after: &Disclosure) -> usize {
    let Some(at) = after.table_position(&table.form.id) else {
        return 0;
    };
    let mut count = 0;
    let mut add = |row: &mut ImportedRow, form: &BlockForm, known: &Row| {
        let doubts = differences(form, &row.stated, known);
        count += doubts.len();
        row.doubts.extend(doubts);
    };
    let empty = table.no_data.is_some();
    let checked = &after.tables[at];
    let form = table.form.clone();
    for ((form, block), checked) in form
        .blocks
        .iter()
        .zip(&mut table.blocks)
        .zip(&checked.blocks)
    {
        for (total, row) in form.totals.iter().zip(&mut block.totals) {
            if let (Some(row), Some(known)) = (row, checked.row(&total.id)) {
                add(row, form, known);
            }
        }
        let ids = ids::of(form, block, empty);
        for (id, row) in ids.iter().zip(&mut block.rows) {
            if let Some(known) = checked.row(id) {
                add(row, form, known);
            }
        }
    }
    count
}

fn differences(form: &BlockForm, stated: &[(usize, Decimal, String)], row: &Row) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for (column, figure, place) in stated {
        let known = &row.cells[*column].value;
        let figure = match (form.columns[*column].kind, known.amount()) {
            (ColumnKind::Amount { unit, .. }, Some(known)) => Amount::new(*figure, unit)
                .in_unit(known.unit())
                .map_or(*figure, Amount::value),
            _ => *figure,
        };
        let known = known.number().unwrap_or_default();
        let scale = figure.scale().min(known.scale());
        let rounded = |value: Decimal| value.round_dp_with_strategy(scale, ROUNDING);
        if rounded(figure) != rounded(known) {
            doubts.push(Doubt::new(
                "import-doubt",
                say!(
                    "工作簿里是 {figure}，按各列算是 {known}",
                    "the workbook has {figure}, the other columns give {known}"
                ),
                place.clone(),
            ));
        }
    }
    doubts
}

fn receipt(
    options: &Options,
    target: &Target,
    collected: &Collected,
    after: Option<&Disclosure>,
    files: &[Planned],
) -> Receipt {
    let standard = &target.standard;
    let confirmation = after.map(|after| confirm(standard, after, &collected.tables));
    let Confirmation {
        confirmed,
        contradicted,
        failing,
    } = confirmation.unwrap_or_default();
    let name = |form: &TableForm| TableName {
        id: form.id.to_string(),
        number: form.number.to_string(),
        title: form.title.fill(&crate::model::disclosure::title_values(
            &target.entity,
            options.year,
        )),
    };
    let mut missing = Vec::new();
    let mut tables = Vec::new();
    for (at, form) in standard.tables.iter().enumerate() {
        let Some(table) = &collected.tables[at] else {
            missing.push(name(form));
            continue;
        };
        let amounts = amounts(after, at);
        let among = |cells: &BTreeSet<CellAt>| {
            let found = amounts.iter().filter(|cell| cells.contains(cell));
            found.count()
        };
        tables.push(TableLine {
            name: name(form),
            file: table.file.clone(),
            range: table.range.clone(),
            rows: table.rows().count(),
            cells: table.cells(),
            amounts: amounts.len(),
            confirmed: among(&confirmed),
            contradicted: among(&contradicted),
            doubts: table.all_doubts().map(|doubt| doubt.at.clone()).collect(),
            empty: table.no_data.is_some(),
        });
    }
    Receipt {
        folder: target.folder.clone(),
        standard: standard.id.clone(),
        is_new: !target.files.is_empty(),
        dry_run: options.dry_run,
        written: false,
        tables,
        missing,
        sheets: collected.sheets.len(),
        failing,
        files: files
            .iter()
            .map(|file| FileLine {
                path: file.new.path.clone(),
                state: file.state.clone(),
            })
            .collect(),
        notes: [target.notes.clone(), collected.notes.clone()].concat(),
        check: Counts::default(),
        problems: Vec::new(),
    }
}

/// The cells of a table that hold money.
fn amounts(after: Option<&Disclosure>, table: usize) -> Vec<CellAt> {
    let Some(found) = after.and_then(|after| after.tables.get(table)) else {
        return Vec::new();
    };
    let mut cells = Vec::new();
    for (block, found) in found.blocks.iter().enumerate() {
        for (row, found) in found.rows.iter().enumerate() {
            for (column, cell) in found.cells.iter().enumerate() {
                if matches!(cell.value, Value::Amount(_)) {
                    cells.push(CellAt {
                        table,
                        block,
                        row,
                        column,
                    });
                }
            }
        }
    }
    cells
}
