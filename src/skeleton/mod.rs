//! `new`: the files of a disclosure that waits for its figures. Forms, inputs and what repeats last
//! year's figures are read from the standard.

mod head;
pub(crate) mod scalar;
mod table;

pub(crate) use scalar::{figure, quoted, scalar};

use std::path::{Path, PathBuf};

use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::{Diagnostics, Say};
use crate::error::Error;
use crate::file_name;
use crate::lay::{Laid, NewFile, Over, lay};
use crate::load::discover::{DisclosureFolder, Site, discover};
use crate::load::draft::Draft;
use crate::load::folder;
use crate::model::disclosure::{Disclosure, Entity, EntityKind, Kind, Unit, title_values};
use crate::say;
use crate::standard::{self, Standard};

/// Years that a folder can be named after.
const YEARS: std::ops::RangeInclusive<u16> = 1000..=9999;

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Options {
    /// Root of the site.
    pub root: PathBuf,
    /// Folder of the entity below `data/`.
    pub entity: String,
    /// Year.
    pub year: u16,
    /// 预算 or 决算; that of the standard when `None`, else 预算.
    pub kind: Option<Kind>,
    /// Year of the disclosure whose figures are carried over.
    pub from: Option<u16>,
    /// Standard; that of last year's disclosure or the only one of the kind when `None`.
    pub standard: Option<String>,
    /// Name of an entity that the site does not have yet.
    pub name: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// Its units; itself alone when there are none.
    pub units: Vec<Unit>,
}

/// What was made.
#[derive(Debug)]
pub struct Created {
    /// Folder of the disclosure, relative to the root.
    pub folder: String,
    /// The standard that it follows.
    pub standard: String,
    /// Its files, and those that were there.
    pub laid: Laid,
    /// What the user should know beside.
    pub notes: Vec<Say>,
}

/// The files of a disclosure that is not there yet, and what they follow.
#[derive(Debug)]
pub struct Plan {
    /// Folder of the disclosure, relative to the root.
    pub folder: String,
    /// The standard.
    pub standard: Standard,
    /// Who publishes.
    pub entity: Entity,
    /// The files, `entity.yaml` among them when the entity is new.
    pub files: Vec<NewFile>,
    /// What the user should know beside.
    pub notes: Vec<Say>,
}

/// Makes the files of a new disclosure, and `entity.yaml` when the entity is new.
///
/// # Errors
/// As [`plan`], or when a file cannot be written.
pub fn create(options: &Options) -> Result<Created, Error> {
    let site = discover(&options.root, &mut Diagnostics::default())?;
    let plan = plan(&site, options)?;
    let laid = lay(&options.root, &plan.files, Over::Keep)?;
    Ok(Created {
        folder: plan.folder,
        standard: plan.standard.id,
        laid,
        notes: plan.notes,
    })
}

/// The same without writing anything.
///
/// # Errors
/// When the root is no site, the disclosure exists, a name cannot be used, no standard fits, or last
/// year's disclosure is not there or cannot be understood.
pub fn plan(site: &Site, options: &Options) -> Result<Plan, Error> {
    check_names(&options.entity, options.year)?;
    check_beside(site, &options.entity)?;
    let kind = match (options.kind, &options.standard) {
        (Some(kind), _) => kind,
        (None, Some(id)) => load(site, id)?.kind,
        (None, None) => Kind::Budget,
    };
    let mut notes = Vec::new();
    let last = match options.from {
        Some(year) => Some(last_year(site, options, year, kind, &mut notes)?),
        None => None,
    };
    let standard = choose(
        site,
        options,
        kind,
        last.as_ref().map(|(_, standard)| standard),
    )?;
    let last = last.map(|(disclosure, _)| disclosure);
    let (year, id) = (options.year, &options.entity);
    let folder = format!("data/{id}/{year}-{}", standard.kind.slug());
    let path = site.disk.path(&folder);
    if std::fs::symlink_metadata(&path).is_ok() {
        return Err(Error::refused(
            &path,
            say!(
                "已经有了，什么也没有写；换一个年度，或先把它移开",
                "is there already, nothing was written; take another year, or move it away first"
            ),
        ));
    }
    let mut files = Vec::new();
    let entity = entity(site, options, &mut files, &mut notes)?;
    disclosure_files(&standard, &entity, year, last.as_ref(), &folder, &mut files);
    Ok(Plan {
        folder,
        standard,
        entity,
        files,
        notes,
    })
}

fn disclosure_files(
    standard: &Standard,
    entity: &Entity,
    year: u16,
    last: Option<&Disclosure>,
    folder: &str,
    files: &mut Vec<NewFile>,
) {
    let titles = title_values(entity, year);
    let head = head::disclosure(standard, &titles, last);
    files.push(NewFile::text(format!("{folder}/disclosure.yaml"), head));
    if let Some(text) = head::overview(standard, entity) {
        files.push(NewFile::text(format!("{folder}/overview.md"), text));
    }
    for form in &standard.tables {
        let source = table::Source {
            titles: &titles,
            codes: &standard.codes,
            last: last.and_then(|last| Some(&last.tables[last.table_position(&form.id)?])),
        };
        let (at, id) = (form.position, &form.id);
        files.push(NewFile::text(
            format!("{folder}/tables/{at:02}-{id}.yaml"),
            table::text(form, &source),
        ));
    }
}

/// Whether a disclosure can be named like that.
pub(crate) fn check_names(entity: &str, year: u16) -> Result<(), Error> {
    if let Some(Say { zh, en }) = file_name::id_fault(entity) {
        let instead = file_name::id_like(entity, "yq-veterans");
        return Err(Error::refused(
            Path::new(entity),
            say!(
                "不能用作文件夹名和网址：{zh}；用小写英文、数字和短横，如 {instead}",
                "cannot name a folder and an address: {en}; use lower-case letters, digits and dashes, as in {instead}"
            ),
        ));
    }
    if !YEARS.contains(&year) {
        return Err(Error::refused(
            Path::new(&year.to_string()),
            say!(
                "不是年度；写成 2026 这样的四位数",
                "is no year; write four digits, as in 2026"
            ),
        ));
    }
    Ok(())
}

/// Refuses an entity that some systems take for one that is there.
fn check_beside(site: &Site, entity: &str) -> Result<(), Error> {
    let beside = site.list(&mut Diagnostics::default());
    let other = beside
        .iter()
        .find(|item| item.name != entity && file_name::seen(&item.name) == entity);
    let Some(other) = other else { return Ok(()) };
    Err(Error::refused(
        &other.path,
        say!(
            "只和 `{entity}` 差大小写，Windows 和 macOS 上是同一个文件夹；先把它改名为 {entity}",
            "differs from `{entity}` only in case, and Windows and macOS take them for one folder; rename it to {entity} first"
        ),
    ))
}

/// The entity as its file says; for a new one the file is added.
fn entity(
    site: &Site,
    options: &Options,
    files: &mut Vec<NewFile>,
    notes: &mut Vec<Say>,
) -> Result<Entity, Error> {
    let name = format!("data/{}/entity.yaml", options.entity);
    let path = site.disk.path(&name);
    if path.is_file() {
        if options.name.is_some() || options.code.is_some() {
            notes.push(say!(
                "{name} 已经有了，--name、--code 没有用上",
                "{name} is there already, --name and --code were not used"
            ));
        }
        let at = folder_of(site, &options.entity, options.year, Kind::Budget);
        let draft = folder::load(&site.disk, &at, &mut Diagnostics::default());
        return check::entity(&draft, &mut Diagnostics::default()).ok_or_else(|| {
            Error::refused(
                &path,
                say!(
                    "读不懂；先运行 gongkai check，按提示改好",
                    "cannot be understood; run gongkai check and mend it first"
                ),
            )
        });
    }
    let Some(full) = &options.name else {
        return Err(Error::refused(
            &path,
            say!(
                "还没有这个单位；加上 --name 单位全称（和 --code 预算代码）",
                "there is no such entity yet; add --name with its full name (and --code)"
            ),
        ));
    };
    let mut units = options.units.clone();
    if units.is_empty() {
        units.push(Unit {
            id: "head".into(),
            name: full.clone(),
            nature: Some("行政单位".to_owned()),
        });
    }
    let text = head::entity(full, options.code.as_deref(), &units);
    files.push(NewFile::text(name, text));
    Ok(Entity {
        id: options.entity.as_str().into(),
        code: options.code.clone(),
        name: full.clone(),
        short_name: full.clone(),
        kind: EntityKind::Department,
        region: None,
        units,
    })
}

/// Where a disclosure stands, be it there or not.
pub(crate) fn folder_of(site: &Site, entity: &str, year: u16, kind: Kind) -> DisclosureFolder {
    let id = entity;
    let entity = format!("data/{entity}");
    let path = format!("{entity}/{year}-{}", kind.slug());
    DisclosureFolder {
        entity_id: id.into(),
        entity_file: site.disk.path(&format!("{entity}/entity.yaml")),
        path: site.disk.path(&path),
        year,
        kind,
    }
}

/// Last year's disclosure and its standard.
fn last_year(
    site: &Site,
    options: &Options,
    year: u16,
    kind: Kind,
    notes: &mut Vec<Say>,
) -> Result<(Disclosure, Standard), Error> {
    let at = folder_of(site, &options.entity, year, kind);
    if !site.disclosures.contains(&at) {
        let (all_zh, all_en) = of_entity(site, options);
        return Err(Error::refused(
            &at.path,
            say!(
                "没有这份公开，没有数可以带过来；{all_zh}",
                "there is no such disclosure to take figures from; {all_en}"
            ),
        ));
    }
    let mut found = Diagnostics::default();
    let draft: Draft = folder::load(&site.disk, &at, &mut found);
    let read = check::standard_of(&draft, &mut found).and_then(|(name, ..)| {
        let standard = standard::load(&site.standards, &name, &mut found)?;
        let rules = Rules::new(&site.config);
        let disclosure = check::check(&draft, &standard, &rules, &mut found)?;
        Some((disclosure, standard))
    });
    let Some(read) = read else {
        return Err(Error::refused(
            &at.path,
            say!(
                "读不懂；先运行 gongkai check，按提示改好",
                "cannot be understood; run gongkai check and mend it first"
            ),
        ));
    };
    if found.has_faults() {
        let name = site.disk.name(&at.path);
        notes.push(say!(
            "{name} 里有读不懂的地方，带过来的数可能不全；先运行 gongkai check 看看",
            "{name} has faults, what was carried over may be incomplete; see gongkai check"
        ));
    }
    Ok(read)
}

/// The disclosures of the entity that there are, in both languages.
fn of_entity(site: &Site, options: &Options) -> (String, String) {
    let names: Vec<String> = site
        .disclosures
        .iter()
        .filter(|folder| *folder.entity_id == *options.entity)
        .map(|folder| format!("{}-{}", folder.year, folder.kind.slug()))
        .collect();
    if names.is_empty() {
        return (
            "这个单位还没有任何公开".to_owned(),
            "the entity has none yet".to_owned(),
        );
    }
    (
        format!("有的是：{}", names.join("、")),
        format!("at hand: {}", names.join(", ")),
    )
}

/// The standard asked for; else that of last year; else the only one of the kind.
fn choose(
    site: &Site,
    options: &Options,
    kind: Kind,
    last: Option<&Standard>,
) -> Result<Standard, Error> {
    let asked = options.standard.as_deref().or(last.map(|last| &*last.id));
    if let Some(id) = asked {
        let standard = load(site, id)?;
        if kind != standard.kind {
            let word = standard.kind.word();
            return Err(Error::refused(
                Path::new(id),
                say!(
                    "是{word}的标准，与 --kind 不符",
                    "is a standard of another kind than --kind"
                ),
            ));
        }
        return Ok(standard);
    }
    let mut fitting = Vec::new();
    for id in site.standards.ids() {
        let standard = standard::load(&site.standards, id, &mut Diagnostics::default());
        fitting.extend(standard.filter(|standard| standard.kind == kind));
    }
    if fitting.len() > 1 {
        let ids: Vec<&str> = fitting.iter().map(|standard| &*standard.id).collect();
        let (zh, en) = (ids.join("、"), ids.join(", "));
        return Err(Error::refused(
            Path::new("--standard"),
            say!(
                "有几个标准，用它指明一个：{zh}",
                "there are several standards, name one with it: {en}"
            ),
        ));
    }
    let word = kind.word();
    let slug = kind.slug();
    fitting.pop().ok_or_else(|| {
        Error::refused(
            Path::new("standards"),
            say!(
                "没有{word}的标准；在站点的 standards/ 下放一个，写法见 docs/standards.md",
                "there is no standard of the kind {slug}; add one below standards/ of the site, as docs/standards.md describes"
            ),
        )
    })
}

/// A standard by name.
pub(crate) fn load(site: &Site, id: &str) -> Result<Standard, Error> {
    if !site.standards.ids().any(|known| known == id) {
        let known: Vec<&str> = site.standards.ids().collect();
        let (zh, en) = (known.join("、"), known.join(", "));
        return Err(Error::refused(
            Path::new(id),
            say!(
                "没有这个标准；可用的有：{zh}",
                "there is no such standard; at hand: {en}"
            ),
        ));
    }
    standard::load(&site.standards, id, &mut Diagnostics::default()).ok_or_else(|| {
        Error::refused(
            Path::new(id),
            say!(
                "这个标准有错，用不了；先改好报出的错误",
                "the standard has faults and cannot be used; mend what is reported of it first"
            ),
        )
    })
}
