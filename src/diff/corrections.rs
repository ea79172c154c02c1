//! A report -> an entry of `corrections.yaml` for each disclosure that changed, to be pasted in. Day and reason are left
//! empty, which `check` refuses.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

use super::report::{Change, Disclosure, Figure, Presence, Report, RowChange, TextChange, What};
use crate::diagnostic::{Diagnostics, Language, Say, one_line};
use crate::error::Error;
use crate::held;
use crate::model::coordinates::BLANK;
use crate::say;
use crate::skeleton::scalar::quoted;
use crate::source::{Source, SourceFile};
use crate::write::swap::real;
use crate::yaml::{self, MAX_BYTES};

/// Where corrections of a disclosure stand.
const FILE: &str = "corrections.yaml";

/// Texts of `data.json` that say nothing about the budget, or are corrections themselves.
const LEFT_OUT: [&str; 5] = [
    "status",
    "published",
    "source",
    "standard.title",
    "corrections[",
];

/// One change, as YAML writes it.
struct Entry {
    /// `at`, or `where` for what has no cell.
    key: &'static str,
    subject: String,
    was: Option<String>,
    now: Option<String>,
    /// Where a figure stands, in words.
    place: String,
    /// Whether it moved because of the figures above it.
    moved: bool,
}

/// The entries, one after the other; of `only` one disclosure where it is given.
#[must_use]
pub fn text(report: &Report, only: Option<&str>, language: Language) -> String {
    let mut out = String::new();
    for (folder, entries) in all(report) {
        if only.is_none_or(|only| only == folder) {
            write(&mut out, folder, &entries, language);
        }
    }
    if out.is_empty() {
        let none = say!("没有要更正的变化", "no change that would be a correction");
        push(&mut out, format_args!("# {}\n", none.text(language)));
    }
    out
}

/// The folders of the disclosures that have something to correct.
#[must_use]
pub fn changed(report: &Report) -> Vec<&str> {
    all(report).map(|(folder, _)| folder).collect()
}

fn all(report: &Report) -> impl Iterator<Item = (&str, Vec<Entry>)> {
    let both = report.disclosures.iter();
    let both = both.filter(|disclosure| disclosure.presence == Presence::Both);
    both.map(|disclosure| (&*disclosure.folder, entries(disclosure)))
        .filter(|(_, entries)| !entries.is_empty())
}

/// The folder of the disclosure of a site whose `corrections.yaml` a file is, `yq-veterans/2025-budget`.
#[must_use]
pub fn of(file: &Path, site: &Path) -> Option<String> {
    let place = real(&std::path::absolute(file).ok()?);
    let below = place.strip_prefix(real(site).join("data")).ok()?;
    let steps: Vec<String> = below
        .iter()
        .map(|step| step.to_string_lossy().into_owned())
        .collect();
    let [entity, disclosure, name] = steps.as_slice() else {
        return None;
    };
    let known = name == FILE && place.parent().is_some_and(Path::is_dir);
    known.then(|| format!("{entity}/{disclosure}"))
}

/// Whether a `corrections.yaml` may be written: it is not there, or says nothing yet.
///
/// # Errors
/// Says why not.
pub fn check(file: &Path) -> Result<(), Error> {
    if file.is_symlink() {
        return Err(Error::refused(
            file,
            say!(
                "是一个链接，写进去会改到别处的文件；写真正的文件名",
                "is a link that leads to another file; name the file itself"
            ),
        ));
    }
    let text = match held::open(file).and_then(|file| held::read(file, MAX_BYTES)) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(file, error)),
    };
    let source = Source::new(SourceFile {
        path: FILE.to_owned(),
        text,
    });
    let node = yaml::parse(&source, &mut Diagnostics::default());
    if node.is_some_and(|node| node.is_null()) {
        return Ok(());
    }
    Err(Error::refused(
        file,
        say!(
            "已经有内容，不覆盖；不写 -o，把印出来的那一项贴在 corrections: 之后、各项之前",
            "has something in it and is not written over; leave -o out and paste the item that is printed before all others"
        ),
    ))
}

fn write(out: &mut String, folder: &str, entries: &[Entry], language: Language) {
    let file = format!("data/{folder}/corrections.yaml");
    let paste = say!(
        "存成 {file}；已有这个文件的，把下面这一项贴在 corrections: 之后、各项之前",
        "save it as {file}, or paste the item below before all others of that file"
    );
    let date = say!(
        "更正公布的日期，如 2026-03-01",
        "day of publication, as in 2026-03-01"
    );
    let reason = say!("为什么更正，一两句话", "why, in a sentence or two");
    let approval = say!(
        "可省，批准更正的文号",
        "optional: the document that approves it"
    );
    let moved = say!("随之变动", "moved with it");
    let [paste, date, reason, approval, moved] =
        [paste, date, reason, approval, moved].map(|say: Say| say.text(language).to_owned());
    push(
        out,
        format_args!(
            "# {paste}\ncorrections:\n  - date:       # {date}\n    reason:     # {reason}\n    approval:   # {approval}\n    changes:\n"
        ),
    );
    for entry in entries {
        let (key, subject) = (entry.key, quoted(entry.subject.trim()));
        let side = |text: &Option<String>| quoted(text.as_deref().unwrap_or(BLANK).trim());
        let (was, now) = (side(&entry.was), side(&entry.now));
        push(
            out,
            format_args!("      - {{{key}: {subject}, was: {was}, now: {now}}}"),
        );
        let moved = if entry.moved { &*moved } else { "" };
        let words = [&*entry.place, moved];
        let words: Vec<&str> = words.into_iter().filter(|one| !one.is_empty()).collect();
        if !words.is_empty() {
            push(out, format_args!("   # {}", one_line(&words.join(" · "))));
        }
        out.push('\n');
    }
}

/// Figures, each cause before what moved because of it, then rows, sentences and sheets.
fn entries(disclosure: &Disclosure) -> Vec<Entry> {
    let left_out = |text: &&TextChange| LEFT_OUT.iter().any(|start| text.at.starts_with(start));
    let texts = disclosure.texts.iter().chain(&disclosure.sheets);
    let figures = disclosure.figures.iter().map(figure);
    let rows = disclosure.rows.iter().filter_map(row);
    let texts = texts.filter(|one| !left_out(one)).map(sentence);
    let all = figures.chain(rows).chain(texts);
    all.filter(|one| tidy(one.was.as_deref()) != tidy(one.now.as_deref()))
        .collect()
}

/// As a text of a data file is read.
fn tidy(text: Option<&str>) -> &str {
    text.unwrap_or_default().trim()
}

fn figure(figure: &Figure) -> Entry {
    Entry {
        key: "at",
        subject: figure.at.clone(),
        was: figure.old.clone(),
        now: figure.new.clone(),
        place: figure.place(),
        moved: !figure.because.is_empty(),
    }
}

/// `None` for what only stands in another place.
fn row(row: &RowChange) -> Option<Entry> {
    let cells = || {
        let cells = row.cells.iter();
        let cells = cells.map(|(title, value)| format!("{title} {value}"));
        let cells = cells.collect::<Vec<_>>().join("，");
        Some(if cells.is_empty() {
            row.name.clone()
        } else {
            cells
        })
    };
    let (was, now) = match row.change {
        Change::Moved => return None,
        Change::Added => (None, cells()),
        Change::Removed => (cells(), None),
        _ => (row.old.clone(), row.new.clone()),
    };
    let what = match (row.change, row.what) {
        (Change::Added | Change::Removed, What::Table) => "整张表",
        (Change::Added | Change::Removed, What::Block) => "整栏",
        (Change::Added | Change::Removed, What::Column) => "整列",
        (Change::Added | Change::Removed, What::Row) => "整行",
        (Change::Recoded, _) => "编码",
        (Change::Level, _) => "层级",
        (Change::Unit, _) => "计量单位",
        (Change::NoData, _) => "没有数据的理由",
        (Change::Note, _) => "表注",
        _ => "名称",
    };
    let dash = if row.table.is_empty() { "" } else { " › " };
    Some(Entry {
        key: "where",
        subject: format!("{}{dash}{}（{what}）", row.table, row.name),
        was,
        now,
        place: String::new(),
        moved: false,
    })
}

fn sentence(text: &TextChange) -> Entry {
    let side = |gone: Presence| {
        let pieces = text.pieces.iter().filter(|piece| piece.presence != gone);
        let text: String = pieces.map(|piece| &*piece.text).collect();
        (!text.is_empty()).then_some(text)
    };
    let input = text.at.starts_with("input.");
    Entry {
        key: if input { "at" } else { "where" },
        subject: if input { &text.at } else { &text.place.zh }.clone(),
        was: side(Presence::Added),
        now: side(Presence::Removed),
        place: String::new(),
        moved: false,
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to a string does not fail");
}
