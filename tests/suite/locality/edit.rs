//! Random changes of one figure, alone or with the figures that must move with it.

use std::collections::BTreeMap;

use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::Diagnostics;
use gongkai::load::discover::discover;
use gongkai::load::folder;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::proof::{At, CellAt, Comparison, Relation, Term, Verdict};
use gongkai::standard;
use rust_decimal::Decimal;

use super::provenance::Key;
use crate::support::{Random, Site};

/// Most figures that a change takes along: from a row of a table up to the totals of all tables.
const MOST: usize = 60;

/// Figures with what is added to each.
pub type Edit = BTreeMap<Place, Decimal>;

/// A figure that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Cell(CellAt),
    Input(usize),
}

impl Place {
    pub const fn at(self) -> At {
        match self {
            Self::Cell(cell) => At::Cell(cell),
            Self::Input(input) => At::Input(input),
        }
    }

    const fn of(at: &At) -> Option<Self> {
        match at {
            At::Cell(cell) => Some(Self::Cell(*cell)),
            At::Input(input) => Some(Self::Input(*input)),
            _ => None,
        }
    }
}

/// A site as `check` reads it.
pub fn disclosure(site: &Site) -> Disclosure {
    let mut faults = Diagnostics::default();
    let found = discover(site.root(), &mut faults).expect("a site");
    let draft = folder::load(&found.disk, &found.disclosures[0], &mut faults);
    let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
    let standard = standard::load(&found.standards, &name, &mut faults).expect("the standard");
    let rules = Rules::new(&found.config);
    check::check(&draft, &standard, &rules, &mut faults).expect("a disclosure")
}

/// Every figure of every table that is more than nothing.
pub fn figures(disclosure: &Disclosure) -> Vec<CellAt> {
    let mut figures = Vec::new();
    for (table, found) in disclosure.tables.iter().enumerate() {
        for (block, found) in found.blocks.iter().enumerate() {
            for (row, found) in found.rows.iter().enumerate() {
                for (column, cell) in found.cells.iter().enumerate() {
                    if cell.value.number().is_some_and(|number| !number.is_zero()) {
                        figures.push(CellAt {
                            table,
                            block,
                            row,
                            column,
                        });
                    }
                }
            }
        }
    }
    figures
}

/// A change of one figure by up to 5.00 either way, that leaves something of it.
pub fn alone(disclosure: &Disclosure, cell: CellAt, random: &mut Random) -> Edit {
    let by = Decimal::new(
        i64::try_from(1 + random.below(500)).expect("a small number"),
        2,
    );
    let value = number(disclosure, Place::Cell(cell)).unwrap_or_default();
    let down = random.below(2) == 0 && value > by;
    Edit::from([(Place::Cell(cell), if down { -by } else { by })])
}

/// The same change with the figures that must move with it so that every equation that held still
/// holds; `None` where it would take a figure of a sheet along or make one negative.
pub fn with_totals(disclosure: &Disclosure, edit: &Edit) -> Option<Edit> {
    let mut edit = edit.clone();
    let held: Vec<&Relation> = disclosure
        .proof
        .relations()
        .filter(|one| one.comparison == Comparison::Equal && one.verdict <= Verdict::Rounding)
        .collect();
    loop {
        let off = held.iter().filter_map(|one| {
            let off = imbalance(one, &edit);
            (!off.is_zero()).then(|| counterweights(disclosure, one, off, &edit))
        });
        // Where only one figure can move it must; a choice among parts comes last.
        let Some(choice) = off.min_by_key(Vec::len) else {
            return Some(edit);
        };
        let (place, by) = *choice.first()?;
        let total = number(disclosure, place)? + by;
        edit.insert(place, by);
        if edit.len() > MOST || total <= Decimal::ZERO {
            return None;
        }
    }
}

fn number(disclosure: &Disclosure, place: Place) -> Option<Decimal> {
    disclosure.operand_number(&place.at(), None)
}

/// By how much more the left side grows than the right.
fn imbalance(relation: &Relation, edit: &Edit) -> Decimal {
    let side = |terms: &[Term]| -> Decimal {
        let grown = terms.iter().filter_map(|term| {
            let by = *edit.get(&Place::of(&term.at)?)?;
            Some(if term.minus { -by } else { by })
        });
        grown.sum()
    };
    side(&relation.left) - side(&relation.right)
}

/// The figures that can bring a relation back, the likeliest first: a total, then the largest part. None
/// where they are of a sheet, which has another unit.
fn counterweights(
    disclosure: &Disclosure,
    relation: &Relation,
    off: Decimal,
    edit: &Edit,
) -> Vec<(Place, Decimal)> {
    let unit = |term: &Term| disclosure.operand_unit(&term.at).to_owned();
    let mut free = Vec::new();
    for (terms, weight) in [(&relation.left, -off), (&relation.right, off)] {
        for term in terms {
            if unit(term) != unit(&relation.left[0]) {
                return Vec::new();
            }
            let Some(place) = Place::of(&term.at) else {
                continue;
            };
            let value = number(disclosure, place).unwrap_or_default();
            if !edit.contains_key(&place) && !value.is_zero() {
                let by = if term.minus { -weight } else { weight };
                free.push((terms.len() > 1, -value, place, by));
            }
        }
    }
    free.sort();
    free.into_iter()
        .map(|(_, _, place, by)| (place, by))
        .collect()
}

/// Writes a change into the data.
pub fn apply(site: &Site, disclosure: &Disclosure, edit: &Edit) {
    let mut changes: BTreeMap<&str, Vec<(std::ops::Range<usize>, String)>> = BTreeMap::new();
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for (place, by) in edit {
        let (source, cell) = match place {
            Place::Cell(at) => {
                let around = disclosure.around(*at);
                (&around.table.source, around.cell)
            }
            Place::Input(at) => (&disclosure.head.source, &disclosure.inputs[*at].cell),
        };
        let value = cell.value.number().expect("a figure") + by;
        changes
            .entry(&source.path)
            .or_default()
            .push((cell.place.bytes_in(&source.text), value.to_string()));
        texts.insert(&source.path, source.text.clone());
    }
    for (path, mut changes) in changes {
        changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let text = texts.get_mut(path).expect("the file of the figure");
        for (range, value) in changes {
            text.replace_range(range, &value);
        }
        site.write(path, &*text);
    }
}

/// Takes a change back.
pub fn undo(site: &Site, disclosure: &Disclosure, edit: &Edit) {
    for place in edit.keys() {
        let source = match place {
            Place::Cell(at) => &disclosure.tables[at.table].source,
            Place::Input(_) => &disclosure.head.source,
        };
        site.write(&source.path, &source.text);
    }
}

/// The addresses of the changed figures.
pub fn keys(disclosure: &Disclosure, edit: &Edit) -> std::collections::BTreeSet<Key> {
    edit.keys()
        .filter_map(|place| super::provenance::key(disclosure, &place.at()))
        .collect()
}
