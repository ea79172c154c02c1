//! Office Open XML workbooks (.xlsx, .xlsm): the parts that say what cells hold and how they show it.

pub(super) mod sheet;
mod strings;
mod styles;

use super::format::Epoch;
use super::grid::Book;
use super::package::Package;
use super::xml::{Document, Node};
use super::{Reason, Sheet};
use crate::say;
use styles::Styles;

/// Most sheets that are looked at.
const MAX_SHEETS: usize = 1000;

/// What all sheets of a workbook share.
#[derive(Default)]
struct Shared {
    strings: Vec<String>,
    styles: Styles,
    epoch: Epoch,
}

/// A part that another names.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    relation: String,
    hidden: bool,
}

/// The sheets of a workbook, in its order; charts that fill a sheet are none.
pub(super) fn sheets(bytes: &[u8], book: &mut Book) -> Result<Vec<Sheet>, Reason> {
    let mut package = Package::open(bytes)?;
    let main = relations(&mut package, "")?
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.part);
    let text = package.text(&main)?.ok_or(Reason::Damaged)?;
    let (listed, epoch) = workbook(&text)?;
    let relations = relations(&mut package, &main)?;
    let mut part = |kind: &str| match relations.iter().find(|relation| relation.kind == kind) {
        Some(relation) => package.text(&relation.part),
        None => Ok(None),
    };
    let strings = part("sharedStrings")?;
    let styles = part("styles")?;
    let shared = Shared {
        strings: strings.map_or_else(|| Ok(Vec::new()), |text| strings::all(&text))?,
        styles: styles.map_or_else(|| Ok(Styles::default()), |text| Styles::of(&text))?,
        epoch,
    };
    let mut sheets = Vec::new();
    for sheet in &listed {
        let of = |relation: &&Relation| relation.id == sheet.relation;
        let relation = relations.iter().find(of);
        if relation.is_some_and(|relation| relation.kind != "worksheet") {
            continue;
        }
        let part = relation.map(|relation| package.text(&relation.part));
        if let Some(text) = part.transpose()?.flatten() {
            let grid = super::grid::Grid::new(&sheet.name, sheet.hidden, book)?;
            sheets.push(sheet::read(&text, &shared, grid)?);
        } else {
            book.odd(
                || sheet.name.clone(),
                || {
                    say!(
                        "文件里列出了这张工作表，却没有它的内容，没有读",
                        "the file lists this sheet but has no content for it; it was not read"
                    )
                },
            );
        }
    }
    Ok(sheets)
}

/// The sheets that the workbook lists, and how its dates count.
fn workbook(text: &str) -> Result<(Vec<Listed>, Epoch), Reason> {
    let mut document = Document::new(text);
    let mut sheets = Vec::new();
    let mut epoch = Epoch::default();
    loop {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "workbookPr" if element.flag("date1904") => epoch = Epoch::Y1904,
                "sheet" => {
                    if sheets.len() == MAX_SHEETS {
                        return Err(Reason::TooLarge);
                    }
                    let attribute = |name| element.attribute(name).unwrap_or_default();
                    sheets.push(Listed {
                        name: attribute("name"),
                        relation: attribute("id"),
                        hidden: element
                            .attribute("state")
                            .is_some_and(|state| state != "visible"),
                    });
                }
                _ => {}
            },
            Node::Done => return Ok((sheets, epoch)),
            Node::Close | Node::Text(_) => {}
        }
    }
}

/// The parts that a part names; without a name, those of the package.
fn relations(package: &mut Package, part: &str) -> Result<Vec<Relation>, Reason> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let place = format!(
        "{folder}{}_rels/{file}.rels",
        if folder.is_empty() { "" } else { "/" }
    );
    let Some(text) = package.text(&place)? else {
        return Ok(Vec::new());
    };
    let mut document = Document::new(&text);
    let mut relations = Vec::new();
    loop {
        match document.next()? {
            Node::Open(element) if element.name() == "Relationship" => {
                if relations.len() == 2 * MAX_SHEETS {
                    return Err(Reason::TooLarge);
                }
                let attribute = |name| element.attribute(name).unwrap_or_default();
                let kind = attribute("Type");
                relations.push(Relation {
                    id: attribute("Id"),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    part: resolved(folder, &attribute("Target")),
                });
            }
            Node::Done => return Ok(relations),
            Node::Open(_) | Node::Close | Node::Text(_) => {}
        }
    }
}

/// The name of a part that is named from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let (mut parts, target): (Vec<&str>, &str) = match target.strip_prefix('/') {
        Some(rest) => (Vec::new(), rest),
        None => (
            folder.split('/').filter(|part| !part.is_empty()).collect(),
            target,
        ),
    };
    for step in target.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(step),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_from_the_folder_of_the_part_that_names_them() {
        for (folder, target, part) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl", "../xl/./styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("", "../../x", "x"),
        ] {
            assert_eq!(resolved(folder, target), part);
        }
    }
}
