//! The files of a standard -> [`Standard`]: read each, tie them together, check what they name.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::builtin;
use super::declare::{
    HeadlineDecl, InputDecl, InputKindDecl, InputsFile, KeyFigureDecl, PartDecl, SheetFile,
    StandardFile, TableFile,
};
use super::files::{Library, StandardFiles};
use super::form::{self, Defaults};
use super::gaps::{Gaps, Reading, Withheld};
use super::names::Names;
use super::read::{File, Read, read, read_items};
use super::{Headline, KeyFigure, Part, SectionForm, Standard};
use crate::diagnostic::{Diagnostics, Severity, characters};
use crate::file_name;
use crate::markdown;
use crate::model::disclosure::{InputForm, InputKind};
use crate::model::form::{SharedForm, TableForm};
use crate::model::selector::{Selector, is_id};
use crate::model::sheet::SheetForm;
use crate::narrative::functions;
use crate::say;
use crate::source::{Location, Place, Source};

/// Anchors of the pages' own headings, which no section may take.
const PAGE_ANCHORS: [&str; 9] = [
    "charts", "contents", "how", "inputs", "key", "main", "overview", "tables", "toc",
];

/// Digits that amounts have when a standard does not say.
const DEFAULT_DECIMALS: u32 = 2;

/// Percent of change beyond which a reason is asked for when a standard does not say.
const DEFAULT_OUTLIER_PERCENT: u32 = 30;

/// Loads a standard; `None` after reporting what keeps it from being used.
pub fn load(library: &Library, id: &str, diagnostics: &mut Diagnostics) -> Option<Standard> {
    load_partly(library, id, diagnostics).filter(|standard| !standard.gaps.faulty)
}

/// Loads what can be read of a standard, so that data can be held against it; `None` where it does not even tell which
/// tables there are. Whoever publishes or writes by it looks at its [`Gaps`] first.
pub fn load_partly(library: &Library, id: &str, diagnostics: &mut Diagnostics) -> Option<Standard> {
    let mut faults = Diagnostics::default();
    let files = library.files(id, &mut faults);
    let mut standard = files
        .as_ref()
        .and_then(|files| assemble(id, files, &mut faults));
    if let Some(own) = files.as_ref().and_then(StandardFiles::own) {
        builtin::point_home(&mut faults, &Location::new(own, Place::FILE));
    }
    if let Some(standard) = &mut standard {
        standard.gaps.faulty |= faults.has_errors();
    }
    diagnostics.append(faults);
    standard
}

/// `standard.yaml`, laid over those of the standards that it extends, with what of it is missing reported.
fn head(files: &StandardFiles, diagnostics: &mut Diagnostics) -> Option<(StandardFile, File)> {
    let mut head = StandardFile::default();
    let mut head_file = None;
    for source in files.heads.iter().rev() {
        let Read { value, file } = read::<StandardFile>(source, diagnostics)?;
        head = value.over(head);
        head_file = Some(file);
    }
    let file = head_file?;
    let lacking = head.lacking();
    if !lacking.is_empty() {
        let (zh, en) = (lacking.join("、"), lacking.join(", "));
        file.fault(
            diagnostics,
            "",
            say!("standard.yaml 缺少 {zh}", "standard.yaml lacks {en}"),
            say!(
                "补上，或用 extends 取自另一个标准",
                "add it, or take it from another standard with `extends`"
            ),
        );
    }
    Some((head, file))
}

/// Identifiers of what could be read, with those of what could not.
fn all_ids<'i>(
    own: impl Iterator<Item = &'i Box<str>>,
    unmade: &'i BTreeSet<Box<str>>,
) -> Vec<Box<str>> {
    own.chain(unmade).cloned().collect()
}

/// The sections, compiled; those that are no templates are added to `unmade`.
fn templates(
    sections: &[SectionForm],
    unmade: &mut BTreeSet<Box<str>>,
    diagnostics: &mut Diagnostics,
) -> tera::Tera {
    let sources: Vec<_> = sections.iter().map(|form| form.source.clone()).collect();
    let (templates, unread) = functions::templates(&sources, diagnostics);
    let unread = sections
        .iter()
        .filter(|form| unread.contains(&form.source.path));
    unmade.extend(unread.map(|form| form.id.clone()));
    templates
}

fn assemble(id: &str, files: &StandardFiles, diagnostics: &mut Diagnostics) -> Option<Standard> {
    let (head, file) = head(files, diagnostics)?;
    let StandardFile {
        kind: Some(kind),
        unit: Some(unit),
        tables: Some(table_ids),
        ..
    } = head
    else {
        return None;
    };
    let title = head.title.unwrap_or_else(|| id.to_owned());
    let parts = head.parts.unwrap_or_default();
    let mut gaps = Reading::unread(&files.unread);
    let codes = super::codes::read(files, &mut gaps.forms, diagnostics);
    let defaults = Defaults {
        unit,
        decimals: head.decimals.unwrap_or(DEFAULT_DECIMALS),
        codes: &codes,
    };
    let tables = tables(&file, &table_ids, files, defaults, &mut gaps, diagnostics);
    let positions = tables.iter().enumerate();
    let table_index = positions.map(|(at, form)| (form.id.clone(), at)).collect();
    let (inputs_file, inputs) = inputs(files, defaults, &mut gaps, diagnostics);
    let names = Names {
        tables: &tables,
        table_index: &table_index,
        inputs: &inputs,
        codes: &codes,
        gaps: &gaps,
    };
    prior_figures(&names, inputs_file.as_ref(), diagnostics);
    let key_figures = head.key_figures.unwrap_or_default();
    let key_figures = self::key_figures(&names, &file, &key_figures, diagnostics);
    let headline = head
        .headline
        .and_then(|decl| headline(&names, &file, &decl, diagnostics));
    names.gaps.take_met();
    let charts = super::charts::charts(files, &names, diagnostics);
    let sheet = sheet(files, &names, diagnostics).map(Arc::new);
    let mut unmade = BTreeSet::new();
    let sections = sections(
        &file,
        head.narrative.unwrap_or_default(),
        files,
        &names,
        &mut unmade,
        diagnostics,
    );
    let no_sheet = files.files.contains_key("sheet.yaml") && sheet.is_none();
    let gaps = gaps.with([("sheet.", no_sheet), ("chart.", charts.unread)]);
    let names = Names {
        gaps: &gaps,
        ..names
    };
    let section_ids = all_ids(sections.iter().map(|form| &form.id), &unmade);
    let chart_ids = all_ids(charts.plans.iter().map(|plan| &plan.id), &charts.unmade);
    let withheld_rules = Cell::new(0);
    let known = super::rules::Known {
        names: &names,
        sheet: sheet.as_deref(),
        sections: &section_ids,
        charts: &chart_ids,
        withheld: &withheld_rules,
    };
    let rules = super::rules::read_all(files, known, diagnostics);
    let templates = templates(&sections, &mut unmade, diagnostics);
    let parts = self::parts(&file, &parts, diagnostics);
    let glossary_source = glossary(files, diagnostics);
    Some(Standard {
        id: id.to_owned(),
        title,
        kind,
        origin: head.source,
        parts,
        key_figures,
        outlier_percent: head.outlier_percent.unwrap_or(DEFAULT_OUTLIER_PERCENT),
        no_percent: head.no_percent.unwrap_or_default().words().into(),
        headline,
        sections,
        charts: charts.plans,
        gaps: Gaps {
            faulty: !files.unread.is_empty(),
            forms: Arc::new(gaps.forms),
            sections: unmade,
            charts: charts.unmade,
            withheld: Withheld {
                rules: withheld_rules.get(),
                charts: charts.withheld,
            },
        },
        sheet,
        glossary: glossary_source.iter().flat_map(super::terms).collect(),
        codes,
        rules,
        glossary_source,
        templates,
        inputs,
        table_index,
        tables,
    })
}

/// `glossary.md`. Reports characters that its references come to.
fn glossary(files: &StandardFiles, diagnostics: &mut Diagnostics) -> Option<Source> {
    let source = files.files.get("glossary.md")?;
    for (range, character, kind) in markdown::entities(&source.text) {
        let place = Place::at(&source.text, &range);
        diagnostics.push(characters::diagnostic(kind, character, 0, source, place));
    }
    Some(source.clone())
}

fn tables(
    head: &File,
    ids: &[String],
    files: &StandardFiles,
    defaults: Defaults<'_>,
    gaps: &mut Reading,
    diagnostics: &mut Diagnostics,
) -> Vec<SharedForm> {
    let mut read_tables: HashMap<String, Read<TableFile>> = HashMap::new();
    let mut broken = files.unread.iter().any(|path| path.starts_with("tables/"));
    for (path, source) in &files.files {
        if !path.starts_with("tables/") || !is_yaml(path) {
            continue;
        }
        let Some(table) = read::<TableFile>(source, diagnostics) else {
            broken = true;
            continue;
        };
        let id = table.value.id.clone();
        if file_name::id_fault(&id).is_some() || read_tables.contains_key(&id) {
            table.file.fault(
                diagnostics,
                "id",
                say!(
                    "表的 id `{id}` 不能用，或已经用过",
                    "the table id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和短横，每张表不同",
                    "use lower-case letters, digits and dashes, each once"
                ),
            );
            // Either may be the right one.
            gaps.forms.insert(id.as_str().into());
            continue;
        }
        read_tables.insert(id, table);
    }
    let mut forms: Vec<SharedForm> = Vec::with_capacity(ids.len());
    let mut lost = false;
    for (at, id) in ids.iter().enumerate() {
        let before = diagnostics.count(Severity::Error);
        let position = forms.len() + 1;
        match read_tables.remove(id) {
            Some(read) => forms.push(Arc::new(form::table(read, position, defaults, diagnostics))),
            // It may be in the file that cannot be read.
            None if broken => {
                gaps.forms.insert(id.as_str().into());
            }
            None => {
                lost = true;
                head.fault(
                    diagnostics,
                    &format!("tables.{at}"),
                    say!(
                        "tables/ 里没有表 `{id}`，或它列了两次",
                        "tables/ has no table `{id}`, or it is listed twice"
                    ),
                    say!(
                        "补上这张表的文件，或从 tables 里删去",
                        "add its file, or remove it from `tables`"
                    ),
                );
            }
        }
        if diagnostics.count(Severity::Error) > before {
            gaps.forms.insert(id.as_str().into());
        }
    }
    if lost {
        // One that is not listed may be meant.
        let others = read_tables.into_keys();
        gaps.forms.extend(others.map(String::into_boxed_str));
    }
    // What names such a table would only repeat what is wrong with it.
    forms.retain(|form| !gaps.forms.contains(&form.id));
    if forms.iter().zip(1..).all(|(form, at)| form.position == at) {
        return forms;
    }
    let forms = forms.into_iter().zip(1..).map(|(form, position)| {
        Arc::new(TableForm {
            position,
            ..TableForm::clone(&form)
        })
    });
    forms.collect()
}

/// `inputs.yaml` with the inputs that can be read.
type InputsRead = Read<Vec<Option<InputDecl>>>;

/// The inputs that can be read, with their positions.
fn written(items: &[Option<InputDecl>]) -> impl Iterator<Item = (usize, &InputDecl)> {
    let items = items.iter().enumerate();
    items.filter_map(|(at, decl)| Some((at, decl.as_ref()?)))
}

/// `inputs.yaml`, and the inputs that it declares.
fn inputs(
    files: &StandardFiles,
    defaults: Defaults<'_>,
    gaps: &mut Reading,
    diagnostics: &mut Diagnostics,
) -> (Option<InputsRead>, Vec<Arc<InputForm>>) {
    let source = files.files.get("inputs.yaml");
    let all = |file: InputsFile| file.inputs;
    let file = source.and_then(|source| read_items(source, "inputs", all, diagnostics));
    let read = file.as_ref().map(|file| &file.value);
    if source.is_some() && read.is_none_or(|items| items.iter().any(Option::is_none)) {
        gaps.forms.insert("input.".into());
    }
    let before = diagnostics.as_slice().len();
    let forms = file
        .as_ref()
        .map(|file| input_forms(file, defaults, diagnostics))
        .unwrap_or_default();
    if diagnostics.as_slice().len() > before {
        gaps.forms.insert("input.".into());
    }
    (file, forms)
}

fn input_forms(
    read: &InputsRead,
    defaults: Defaults<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<InputForm>> {
    let Read { value, file } = read;
    let mut forms: Vec<Arc<InputForm>> = Vec::with_capacity(value.len());
    for (at, decl) in written(value) {
        let id = &decl.id;
        if !is_id(id) || forms.iter().any(|known| *known.id == **id) {
            file.fault(
                diagnostics,
                &format!("inputs.{at}.id"),
                say!(
                    "id `{id}` 不能用，或已经用过",
                    "the id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和下划线，每项不同",
                    "use lower-case letters, digits and underscores, each once"
                ),
            );
            continue;
        }
        forms.push(Arc::new(InputForm {
            id: id.as_str().into(),
            title: decl.title.clone(),
            kind: input_kind(decl, defaults),
            required: decl.required,
            prior_of: decl.prior_of.as_deref().and_then(Selector::new),
        }));
    }
    forms
}

/// Reports `standard-selector` for inputs that repeat a figure which the standard does not have.
fn prior_figures(names: &Names<'_>, read: Option<&InputsRead>, diagnostics: &mut Diagnostics) {
    let Some(read) = read else { return };
    for (at, decl) in written(&read.value) {
        if let Some(text) = &decl.prior_of {
            names.named(
                &read.file,
                &format!("inputs.{at}.prior_of"),
                text,
                diagnostics,
            );
        }
    }
}

fn input_kind(decl: &InputDecl, defaults: Defaults) -> InputKind {
    match decl.kind {
        InputKindDecl::Amount => InputKind::Amount(
            decl.unit.unwrap_or(defaults.unit),
            decl.decimals.unwrap_or(defaults.decimals),
        ),
        InputKindDecl::Count => InputKind::Count(decl.counter.clone()),
        InputKindDecl::Percent => InputKind::Percent,
        InputKindDecl::Text => InputKind::Text,
    }
}

/// Ids are anchors of the whole document, and so are those of what a part holds: neither may come twice.
fn parts(file: &File, decls: &[PartDecl], diagnostics: &mut Diagnostics) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::with_capacity(decls.len());
    for (at, part) in decls.iter().enumerate() {
        let id = &part.id;
        if !is_id(id) || parts.iter().any(|known| known.id == *id) {
            file.fault(
                diagnostics,
                &format!("parts.{at}.id"),
                say!(
                    "部分的 id `{id}` 不能用，或已经用过",
                    "the part id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和短横，每部分不同",
                    "use lower-case letters, digits and dashes, each once"
                ),
            );
        }
        if let Some(known) = parts.iter().find(|known| known.content == part.content) {
            let known = &known.id;
            file.fault(
                diagnostics,
                &format!("parts.{at}.content"),
                say!(
                    "部分 `{known}` 已经放了这项内容，再放一次会整份印两遍",
                    "the part `{known}` holds this content already, which would be printed twice"
                ),
                say!(
                    "每项内容只放在一个部分里；删去其中一个",
                    "let one part hold it, and remove the other"
                ),
            );
        }
        parts.push(Part {
            id: id.clone(),
            title: file.title(diagnostics, &format!("parts.{at}.title"), &part.title),
            content: part.content,
        });
    }
    parts
}

fn key_figures(
    names: &Names<'_>,
    file: &File,
    decls: &[KeyFigureDecl],
    diagnostics: &mut Diagnostics,
) -> Vec<KeyFigure> {
    let mut figures = Vec::with_capacity(decls.len());
    for (at, decl) in decls.iter().enumerate() {
        let path = format!("key_figures.{at}");
        let title = file.title(diagnostics, &format!("{path}.title"), &decl.title);
        let value = names.shown(file, &format!("{path}.value"), &decl.value, diagnostics);
        let prior = decl
            .prior
            .as_ref()
            .and_then(|prior| names.shown(file, &format!("{path}.prior"), prior, diagnostics));
        let reason = decl
            .reason
            .as_ref()
            .and_then(|id| reason(names, file, &format!("{path}.reason"), id, diagnostics));
        if let Some(value) = value {
            figures.push(KeyFigure {
                title,
                value,
                prior,
                reason,
            });
        }
    }
    figures
}

/// The input that says why a figure changed: one of text.
fn reason(
    names: &Names<'_>,
    file: &File,
    path: &str,
    id: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Box<str>> {
    let input = names.input(id).map(|at| &names.inputs[at]);
    if let Some(input) = input.filter(|input| input.kind == InputKind::Text) {
        return Some(input.id.clone());
    }
    if names.gaps.hide(&format!("input.{id}")) {
        return None;
    }
    file.fault(
        diagnostics,
        path,
        say!(
            "`{id}` 不是文字类的表外数据",
            "`{id}` is no input that holds a text"
        ),
        say!(
            "写 inputs.yaml 里 kind 是 text 的某一项的 id",
            "name an input of kind `text`"
        ),
    );
    None
}

fn headline(
    names: &Names<'_>,
    file: &File,
    decl: &HeadlineDecl,
    diagnostics: &mut Diagnostics,
) -> Option<Headline> {
    let three_public = decl
        .three_public
        .as_ref()
        .and_then(|text| names.named(file, "headline.three_public", text, diagnostics));
    Some(Headline {
        total: names.named(file, "headline.total", &decl.total, diagnostics)?,
        three_public,
    })
}

fn sheet(
    files: &StandardFiles,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<SheetForm> {
    let source = files.files.get("sheet.yaml")?;
    let Read { value, file } = read::<SheetFile>(source, diagnostics)?;
    let known = names.table_index.contains_key(value.table.as_str());
    if !known && !names.gaps.hide(&value.table) {
        let table = &value.table;
        file.fault(
            diagnostics,
            "table",
            say!(
                "标准里没有表 `{table}`",
                "the standard has no table `{table}`"
            ),
            say!("写标准里某张表的 id", "name a table of the standard"),
        );
    }
    Some(SheetForm {
        title: file.title(diagnostics, "title", &value.title),
        table: value.table.into(),
        facts: value.facts,
        unit: value.unit,
        decimals: value.decimals,
        phases: value.phases,
        sources: value.sources,
        texts: value.texts,
        indicators: value.indicators,
    })
}

fn sections(
    head: &File,
    decls: Vec<super::declare::SectionDecl>,
    files: &StandardFiles,
    names: &Names<'_>,
    unmade: &mut BTreeSet<Box<str>>,
    diagnostics: &mut Diagnostics,
) -> Vec<SectionForm> {
    let mut sections: Vec<SectionForm> = Vec::with_capacity(decls.len());
    for (at, decl) in decls.into_iter().enumerate() {
        let id = decl.id;
        let path = format!("narrative.{at}");
        if files.unread.contains(&format!("narrative/{id}.md")) {
            unmade.insert(id.into());
            continue;
        }
        let Some(source) = files.files.get(&format!("narrative/{id}.md")) else {
            head.fault(
                diagnostics,
                &path,
                say!("缺少 narrative/{id}.md", "narrative/{id}.md is missing"),
                say!(
                    "补上这个文件，或从 narrative 里删去这一节",
                    "add the file, or remove the section"
                ),
            );
            unmade.insert(id.into());
            continue;
        };
        if !is_id(&id)
            || PAGE_ANCHORS.contains(&id.as_str())
            || sections.iter().any(|known| *known.id == *id)
        {
            head.fault(
                diagnostics,
                &path,
                say!(
                    "节的 id `{id}` 不能用，或已经用过",
                    "the section id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和短横，每节不同",
                    "use lower-case letters, digits and dashes, each once"
                ),
            );
        }
        if let Some(table) = decl
            .when
            .as_ref()
            .filter(|table| !names.table_index.contains_key(table.as_str()))
            .filter(|table| !names.gaps.hide(table))
        {
            unmade.insert(id.as_str().into());
            head.fault(
                diagnostics,
                &format!("{path}.when"),
                say!(
                    "标准里没有表 `{table}`",
                    "the standard has no table `{table}`"
                ),
                say!("写标准里某张表的 id", "name a table of the standard"),
            );
        }
        sections.push(SectionForm {
            title: head.title(diagnostics, &format!("{path}.title"), &decl.title),
            id: id.into(),
            when: decl.when.map(Into::into),
            source: source.clone(),
        });
    }
    sections
}

/// Whether a file name ends with `.yaml`, as the names of data files do.
pub fn is_yaml(name: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "yaml")
}
