//! Rows of a classification: codes as written, or found by name below the rows above.

use std::collections::BTreeMap;

use super::block::{Here, joined, row};
use super::doubt::Doubt;
use super::fold::{bare, fold};
use super::rows::RawRow;
use super::table::{ImportedBlock, ImportedRow};
use crate::model::classification::{Code, Level};
use crate::say;

/// The rows of a block that is a tree of codes.
pub fn rows(here: &Here<'_>, raw: Vec<RawRow>) -> ImportedBlock {
    let list = Names::new(here, here.form.code_list().unwrap_or_default());
    let mut block = ImportedBlock::default();
    let coded = raw.iter().any(|row| row.code.is_some());
    let ranks = ranks(&raw);
    let mut open: Vec<Code> = Vec::new();
    let mut raw = raw.into_iter().peekable();
    while let Some(mut this) = raw.next() {
        let mut doubts = Vec::new();
        if let Some(next) = raw.peek()
            && continues(&list, coded, &this, next)
        {
            let name = format!("{}{}", this.name, next.name);
            let known = this.code.as_deref().and_then(|code| list.names.get(code));
            if known.is_none_or(|known| fold(known) != fold(&name)) && coded {
                doubts.push(joined(&this, &name));
            }
            this.name = name;
            this.take_cells(next);
            raw.next();
        }
        if this.code.is_none() && !this.is_filled() {
            continue;
        }
        let mut made = row(here.form, &this);
        let code = match &this.code {
            Some(code) => Some(code.clone()),
            None => {
                let level = ranks.get(&this.indent).copied().filter(|_| ranks.len() > 1);
                let (code, doubt) = list.find(&this, &open, level);
                doubts.extend(doubt);
                code
            }
        };
        if let Some(code) = code.as_deref().and_then(Code::classified) {
            open.retain(|above| above.level() < code.level());
            open.push(code);
        }
        if made.name.is_empty()
            && let Some(name) = code.as_deref().and_then(|code| list.names.get(code))
        {
            made.name.clone_from(name);
            doubts.push(unnamed(&this, name));
        }
        made.code = code;
        second_codes(here, &mut made, &this.place, &mut doubts);
        made.doubts.splice(0..0, doubts);
        block.rows.push(made);
    }
    block
}

/// Whether the next row only goes on with the name of this one.
fn continues(list: &Names, coded: bool, this: &RawRow, next: &RawRow) -> bool {
    if next.code.is_some() || next.name.is_empty() || this.is_filled() && next.is_filled() {
        return false;
    }
    if coded {
        return this.code.is_some();
    }
    let alone = |row: &RawRow| list.by_name.contains_key(&bare(&row.name));
    let both = bare(&format!("{}{}", this.name, next.name));
    !alone(this) && list.by_name.contains_key(&both)
}

/// For each indentation its level, where there are at most three.
fn ranks(raw: &[RawRow]) -> BTreeMap<usize, u8> {
    let mut steps: Vec<usize> = raw.iter().map(|row| row.indent).collect();
    steps.sort_unstable();
    steps.dedup();
    if steps.len() > 3 {
        return BTreeMap::new();
    }
    steps.into_iter().zip(1..).collect()
}

fn unnamed(raw: &RawRow, name: &str) -> Doubt {
    Doubt::new(
        "import-row",
        say!(
            "没有名称，按编码写成「{name}」",
            "there is no name; by its code it is {name}"
        ),
        raw.place.clone(),
    )
}

/// Fills in columns of codes that the form does not print, from the names beside them.
pub fn second_codes(here: &Here<'_>, made: &mut ImportedRow, place: &str, doubts: &mut Vec<Doubt>) {
    let codes = &here.context.standard.codes;
    for (at, column) in here.form.columns.iter().enumerate() {
        let Some(of) = column
            .codes
            .as_ref()
            .filter(|_| column.kind.is_written() && made.cells[at].is_none())
        else {
            continue;
        };
        let name = of.name.and_then(|at| made.cells[at].clone());
        let (Some(name), Some(names)) = (name, codes.names(&of.list)) else {
            continue;
        };
        let wanted = fold(&name);
        let mut found: Vec<&str> = names
            .iter()
            .filter(|(_, known)| fold(known) == wanted)
            .map(|(code, _)| &**code)
            .collect();
        found.sort_unstable();
        if found.len() > 1
            && let Some(own) = made.code.as_deref()
        {
            let paired: Vec<&str> = found
                .iter()
                .copied()
                .filter(|code| codes.go_together(own, code))
                .collect();
            if !paired.is_empty() {
                found = paired;
            }
        }
        made.cells[at] = found.first().map(|code| (*code).to_owned());
        if found.len() != 1 {
            doubts.push(second_doubt(place, &name, &found));
        }
    }
}

fn second_doubt(place: &str, name: &str, found: &[&str]) -> Doubt {
    let say = match found {
        [] => say!(
            "科目里没有「{name}」，编码没有写",
            "the list of codes has no {name}; its code was not written"
        ),
        [first, ..] => {
            let all = found.join("、");
            say!(
                "「{name}」可能是 {all}，写了 {first}",
                "{name} may be {all}; {first} was written"
            )
        }
    };
    Doubt::new("import-row", say, place.to_owned())
}

/// A code list by code and by name.
struct Names {
    names: BTreeMap<String, String>,
    by_name: BTreeMap<String, Vec<Code>>,
}

impl Names {
    fn new(here: &Here<'_>, list: &str) -> Self {
        let list = here.context.standard.codes.names(list);
        let names: BTreeMap<String, String> = list
            .into_iter()
            .flatten()
            .map(|(code, name)| (code.to_string(), name.to_string()))
            .collect();
        let mut by_name: BTreeMap<String, Vec<Code>> = BTreeMap::new();
        for (code, name) in &names {
            by_name
                .entry(fold(name))
                .or_default()
                .extend(Code::classified(code));
        }
        Self { names, by_name }
    }

    /// The code of a name: below the nearest row above that has one of that name below it, else a 类.
    fn find(
        &self,
        raw: &RawRow,
        open: &[Code],
        level: Option<u8>,
    ) -> (Option<String>, Option<Doubt>) {
        let name = &raw.name;
        let all = self.by_name.get(&bare(name)).map_or(&[][..], Vec::as_slice);
        let of_level: Vec<&Code> = all
            .iter()
            .filter(|code| level.is_none_or(|level| code.level().map(Level::number) == Some(level)))
            .collect();
        let all = if of_level.is_empty() {
            all.iter().collect()
        } else {
            of_level
        };
        let below = |above: Option<&Code>| -> Vec<&Code> {
            let own = all.iter().copied();
            own.filter(|code| code.parent().as_ref() == above).collect()
        };
        let above = open.iter().rev().map(Some).chain(std::iter::once(None));
        let found = above
            .map(below)
            .find(|found| !found.is_empty())
            .unwrap_or_default();
        match found.as_slice() {
            [] => (None, Some(self.uncoded(raw))),
            [code] => (Some(code.to_string()), None),
            [code, ..] => {
                let codes: Vec<&str> = found.iter().map(|code| code.as_str()).collect();
                let list = codes.join("、");
                let doubt = Doubt::new(
                    "import-row",
                    say!(
                        "「{name}」可能是 {list}，写了 {code}",
                        "{name} may be {list}; {code} was written"
                    ),
                    raw.place.clone(),
                );
                (Some(code.to_string()), Some(doubt))
            }
        }
    }

    fn uncoded(&self, raw: &RawRow) -> Doubt {
        let name = &raw.name;
        let say = if self.names.is_empty() {
            say!(
                "「{name}」没有编码，标准也没有科目表；补上编码",
                "{name} has no code, and the standard has no list of codes; add the code"
            )
        } else {
            say!(
                "科目表里，上面的科目之下没有「{name}」；补上编码",
                "the list of codes has no {name} below the rows above; add the code"
            )
        };
        Doubt::new("import-row", say, raw.place.clone())
    }
}
