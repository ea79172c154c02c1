//! What an import tells: tables found and missing, what confirms their figures, what is doubtful.

use std::fmt::Write as _;

use serde::Serialize;

use super::confirm::Failing;
use crate::diagnostic::{Counts, Diagnostic, Language, Say};
use crate::say;

/// Relations that do not hold that the receipt for people names.
const LISTED: usize = 20;

/// The receipt of an import.
#[derive(Debug)]
pub struct Receipt {
    /// Folder of the disclosure, relative to the root.
    pub folder: String,
    /// The standard that it follows.
    pub standard: String,
    /// Whether the disclosure was not there before.
    pub is_new: bool,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// Whether the files were written.
    pub written: bool,
    /// Tables that were found, in the order of the standard.
    pub tables: Vec<TableLine>,
    /// Tables of the standard that were not.
    pub missing: Vec<TableName>,
    /// Number of performance sheets.
    pub sheets: usize,
    /// The relations that do not hold and that a figure of the import enters.
    pub failing: Vec<Failing>,
    /// The files of the import, and how each stands to the one that was there.
    pub files: Vec<FileLine>,
    /// What the user should know beside.
    pub notes: Vec<Say>,
    /// What a check of the disclosure says.
    pub check: Counts,
    /// Every problem and doubt of the import, sorted.
    pub problems: Vec<Diagnostic>,
}

/// A table of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableName {
    /// Identifier.
    pub id: String,
    /// Number as printed.
    pub number: String,
    /// Title, filled.
    pub title: String,
}

/// A table that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableLine {
    /// Which.
    #[serde(flatten)]
    pub name: TableName,
    /// File, as given.
    pub file: String,
    /// Sheet and range: `Sheet1!A1:H45`; empty for an export.
    pub range: String,
    /// Number of rows, totals included.
    pub rows: usize,
    /// Number of cells that hold something.
    pub cells: usize,
    /// How many of them are money, computed ones included.
    pub amounts: usize,
    /// How many of those a relation of the proof confirms, and none contradicts.
    pub confirmed: usize,
    /// How many of them a relation contradicts.
    pub contradicted: usize,
    /// Places of what is doubtful.
    pub doubts: Vec<String>,
    /// Whether the table has no data.
    pub empty: bool,
}

/// A file of the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// Path relative to the root.
    pub path: String,
    /// How it stands to the one that was there.
    pub state: FileState,
}

/// How a file stands to the one that was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// There was none.
    New,
    /// The same bytes.
    Same,
    /// All that the old one said is in the new one.
    Replaced,
    /// The old one says something else.
    Changed(Say),
}

impl FileState {
    const fn slug(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Replaced => "replaced",
            Self::Changed(_) => "changed",
        }
    }

    fn say(&self) -> Say {
        match self {
            Self::New => say!("新建", "new"),
            Self::Same => say!("没变", "same"),
            Self::Replaced => say!("更新", "updated"),
            Self::Changed(_) => say!("覆盖", "written over"),
        }
    }
}

impl Receipt {
    /// Whether an error kept it from being written.
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(Diagnostic::is_open_error)
    }

    /// For people.
    pub fn text(&self, language: Language) -> String {
        let mut lines = Vec::new();
        let (folder, standard) = (&self.folder, &self.standard);
        let from = self.from();
        lines.push(say!(
            "{from}{folder}（{standard}）",
            "{from}{folder} ({standard})"
        ));
        let named = from.is_empty();
        lines.extend(self.tables.iter().map(|table| line(table, named)));
        if self.sheets > 0 {
            let sheets = self.sheets;
            lines.push(say!(
                "  绩效目标表 {sheets} 份",
                "  performance sheets: {sheets}"
            ));
        }
        lines.push(self.sum());
        lines.extend(self.not_holding());
        lines.extend(self.not_found());
        lines.extend(self.doubtful());
        lines.extend(self.notes.iter().map(|note| {
            let (zh, en) = (&note.zh, &note.en);
            say!("说明：{zh}", "note: {en}")
        }));
        lines.extend(self.file_lines());
        let Say { zh, en } = self.check.say();
        lines.push(say!("核对整份公开：{zh}", "check of the disclosure: {en}"));
        lines.extend(self.next());
        let mut text = String::new();
        for line in &lines {
            let _ = writeln!(text, "{}", line.text(language));
        }
        text
    }

    /// The file that all tables come from; empty where there are several.
    fn from(&self) -> String {
        let mut files: Vec<&str> = self.tables.iter().map(|table| &*table.file).collect();
        files.dedup();
        match files.as_slice() {
            [file] => format!("{file} → "),
            _ => String::new(),
        }
    }

    fn sum(&self) -> Say {
        let total = |of: fn(&TableLine) -> usize| self.tables.iter().map(of).sum::<usize>();
        let tables = self.tables.len();
        let (rows, cells) = (total(|table| table.rows), total(|table| table.cells));
        let (amounts, confirmed) = (total(|table| table.amounts), total(|table| table.confirmed));
        let against = against(total(|table| table.contradicted));
        let (zh, en) = (&against.zh, &against.en);
        say!(
            "认出 {tables} 张表，{rows} 行，{cells} 格；金额 {amounts} 个，其中 {confirmed} 个有勾稽关系印证{zh}",
            "{tables} tables, {rows} rows, {cells} cells; {amounts} amounts, {confirmed} of them confirmed by a relation{en}"
        )
    }

    /// The relations that do not hold, with the cells of the workbook.
    fn not_holding(&self) -> Vec<Say> {
        let count = self.failing.len();
        if count == 0 {
            return Vec::new();
        }
        let mut lines = vec![say!(
            "不相符的勾稽关系 {count} 个，照原件核对这些格：",
            "relations that do not hold: {count}; compare these cells with the original:"
        )];
        lines.extend(self.failing.iter().take(LISTED).map(Failing::say));
        if count > LISTED {
            let more = count - LISTED;
            lines.push(say!(
                "  另有 {more} 个，用 --format json 全部列出",
                "  and {more} more, all of them with --format json"
            ));
        }
        lines
    }

    fn not_found(&self) -> Option<Say> {
        if self.missing.is_empty() {
            return None;
        }
        let names = |open: &str, close: &str| -> Vec<String> {
            let missing = self.missing.iter();
            missing
                .map(|table| format!("{}{open}{}{close}", table.number, table.title))
                .collect()
        };
        let (zh, en) = (names("「", "」").join("、"), names(" ", "").join(", "));
        Some(say!("没有找到：{zh}", "not found: {en}"))
    }

    fn doubtful(&self) -> Option<Say> {
        let doubts = self.tables.iter().flat_map(|table| &table.doubts);
        let places: Vec<&str> = doubts.map(String::as_str).collect();
        if places.is_empty() {
            return None;
        }
        let count = places.len();
        let (zh, en) = (places.join("、"), places.join(", "));
        Some(say!("存疑 {count} 处：{zh}", "doubtful: {count}, at {en}"))
    }

    fn file_lines(&self) -> Vec<Say> {
        if !self.written {
            return Vec::new();
        }
        let files = self.files.iter();
        files
            .map(|file| {
                let (path, Say { zh, en }) = (&file.path, file.state.say());
                say!("{zh}  {path}", "{en}  {path}")
            })
            .collect()
    }

    /// What to do now.
    fn next(&self) -> Vec<Say> {
        if self.is_refused() {
            return vec![say!(
                "什么也没有写。接着：按上面的错误改好，再导入一次",
                "nothing was written. Next: mend the errors above and import again"
            )];
        }
        if !self.written {
            return vec![say!(
                "什么也没有写（--dry-run）。接着：去掉 --dry-run 再运行一次",
                "nothing was written (--dry-run). Next: run it again without --dry-run"
            )];
        }
        let mut steps_zh = Vec::new();
        let mut steps_en = Vec::new();
        if !self.failing.is_empty() {
            steps_zh.push("核对不相符的数");
            steps_en.push("compare the figures that do not agree with the original");
        }
        if self.tables.iter().any(|table| !table.doubts.is_empty()) {
            steps_zh.push("照原件核对数据文件里带「# 核对」的行");
            steps_en.push("compare the rows with a comment 核对 with the original");
        }
        if !self.missing.is_empty() {
            steps_zh.push("补上没有找到的表");
            steps_en.push("add the tables that were not found");
        }
        if self.is_new {
            steps_zh.push("填 disclosure.yaml 里表外的数，写 overview.md");
            steps_en.push("fill in the inputs of disclosure.yaml and write overview.md");
        }
        steps_zh.push("运行 gongkai check");
        steps_en.push("run gongkai check");
        let (zh, en) = (steps_zh.join("；"), steps_en.join("; "));
        vec![say!("接着：{zh}", "Next: {en}")]
    }

    /// For programs.
    pub fn json(&self) -> String {
        let files: Vec<serde_json::Value> = self
            .files
            .iter()
            .map(|file| serde_json::json!({"path": file.path, "state": file.state.slug()}))
            .collect();
        let problems: Vec<serde_json::Value> = self
            .problems
            .iter()
            .map(|problem| {
                serde_json::json!({
                    "code": problem.code,
                    "file": problem.location.source.path,
                    "zh": problem.say.zh,
                    "en": problem.say.en,
                })
            })
            .collect();
        let receipt = serde_json::json!({
            "folder": self.folder,
            "standard": self.standard,
            "new": self.is_new,
            "written": self.written,
            "tables": self.tables,
            "missing": self.missing,
            "sheets": self.sheets,
            "failing": self.failing,
            "files": files,
            "problems": problems,
        });
        format!("{receipt:#}\n")
    }
}

/// A table in one line, with its file where that is not said above.
fn line(table: &TableLine, named: bool) -> Say {
    let TableName { number, title, .. } = &table.name;
    let file = Some(&table.file).filter(|_| named);
    let range = Some(&table.range).filter(|range| !range.is_empty());
    let parts: Vec<&str> = file.into_iter().chain(range).map(String::as_str).collect();
    let at = match parts.as_slice() {
        [] => String::new(),
        parts => format!(" {}", parts.join(" ")),
    };
    let (rows, cells) = (table.rows, table.cells);
    let (amounts, confirmed) = (table.amounts, table.confirmed);
    let Say { zh, en } = against(table.contradicted);
    if table.empty {
        return say!(
            "  {number}「{title}」{at} 空表",
            "  {number} {title}:{at} empty"
        );
    }
    say!(
        "  {number}「{title}」{at} {rows} 行 {cells} 格，金额 {amounts} 个，印证 {confirmed} 个{zh}",
        "  {number} {title}:{at} {rows} rows, {cells} cells, {amounts} amounts, {confirmed} confirmed{en}"
    )
}

/// How many figures a relation contradicts; nothing where none does.
fn against(count: usize) -> Say {
    match count {
        0 => say!("", ""),
        _ => say!("，不符 {count} 个", ", {count} contradicted"),
    }
}
