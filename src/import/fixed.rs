//! Rows that the form prescribes, known by their names in their order.

use super::block::{Here, left_out, row};
use super::doubt::Doubt;
use super::fold::{bare, fold, likeness};
use super::rows::RawRow;
use super::table::{ImportedBlock, ImportedRow};
use crate::model::form::FixedRow;
use crate::say;

/// Likeness from which a name is taken for one of the form.
const NEAR: usize = 75;

/// The rows of a block with prescribed rows, in the order of the form.
pub fn rows(
    here: &Here<'_>,
    forms: &[FixedRow],
    print_blank: bool,
    raw: &[RawRow],
) -> ImportedBlock {
    let mut names = Names::new(here, forms);
    let mut block = ImportedBlock::default();
    let mut found: Vec<Option<ImportedRow>> = vec![None; forms.len()];
    let mut at = 0;
    while at < raw.len() {
        let mut this = raw[at].clone();
        let mut doubts = Vec::new();
        let mut matched = names.exact(&this);
        if matched.is_none()
            && let Some(next) = raw.get(at + 1)
            && !(this.is_filled() && next.is_filled())
        {
            let mut both = this.clone();
            both.name.push_str(&next.name);
            if let Some(known) = names.exact(&both) {
                both.take_cells(next);
                matched = Some(known);
                this = both;
                at += 1;
            }
        }
        if matched.is_none() && this.is_filled() {
            matched = names.near(&this);
            doubts.extend(matched.map(|known| taken_for(&this, &names.full[known].0)));
        }
        at += 1;
        let Some(known) = matched else {
            if this.is_filled() {
                block.doubts.push(left_out(&this));
            }
            continue;
        };
        names.take(known);
        let mut made = row(here.form, &this);
        made.id = Some(forms[known].id.to_string());
        made.name = forms[known].name.fill(&here.context.titles);
        made.doubts.splice(0..0, doubts);
        found[known] = Some(made);
    }
    let shown = |row: &ImportedRow| !print_blank || row.filled() > 0 || !row.doubts.is_empty();
    block.rows = found.into_iter().flatten().filter(shown).collect();
    block
}

fn taken_for(raw: &RawRow, name: &str) -> Doubt {
    let said = &raw.name;
    Doubt::new(
        "import-row",
        say!(
            "「{said}」当作表式的「{name}」",
            "{said} is taken for {name} of the form"
        ),
        raw.place.clone(),
    )
}

/// The names that are still to come.
struct Names<'a> {
    forms: &'a [FixedRow],
    /// For each row its name, the name folded, and without its number.
    full: Vec<(String, String, String)>,
    taken: Vec<bool>,
    next: usize,
}

impl<'a> Names<'a> {
    fn new(here: &Here<'_>, forms: &'a [FixedRow]) -> Self {
        let names = forms.iter().map(|form| {
            let name = form.name.fill(&here.context.titles);
            let (folded, bare) = (fold(&name), bare(&name));
            (name, folded, bare)
        });
        Self {
            forms,
            full: names.collect(),
            taken: vec![false; forms.len()],
            next: 0,
        }
    }

    fn take(&mut self, at: usize) {
        self.taken[at] = true;
        self.next = at + 1;
    }

    /// The row of that code, that name, or that name but for its number: the next one if there are several.
    fn exact(&self, raw: &RawRow) -> Option<usize> {
        let (folded, plain) = (fold(&raw.name), bare(&raw.name));
        let code = raw.code.as_deref();
        let has_code = |at: usize| {
            let own = self.forms[at].code.as_ref();
            code.is_some() && own.map(crate::model::classification::Code::as_str) == code
        };
        self.first(has_code)
            .or_else(|| self.first(|at| self.full[at].1 == folded))
            .or_else(|| self.first(|at| self.full[at].2 == plain))
    }

    fn first(&self, test: impl Fn(usize) -> bool) -> Option<usize> {
        let count = self.forms.len();
        let ahead = (self.next..count).chain(0..self.next.min(count));
        ahead.into_iter().find(|at| !self.taken[*at] && test(*at))
    }

    /// The row whose name is most like it, if only one is.
    fn near(&self, raw: &RawRow) -> Option<usize> {
        let plain = bare(&raw.name);
        let like = |at: usize| likeness(&plain, &self.full[at].2);
        let free = (0..self.forms.len()).filter(|at| !self.taken[*at]);
        let best = free
            .clone()
            .max_by_key(|at| (like(*at), std::cmp::Reverse(*at)))?;
        let alone = free.clone().filter(|at| like(*at) == like(best)).count() == 1;
        if like(best) >= NEAR && alone {
            return Some(best);
        }
        // 总计 for 收入总计.
        let mut ends = free.filter(|at| {
            let own = &self.full[*at].2;
            plain.chars().count() > 1 && (own.ends_with(&plain) || plain.ends_with(own.as_str()))
        });
        ends.next().filter(|_| ends.next().is_none())
    }
}
