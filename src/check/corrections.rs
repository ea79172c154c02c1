//! `corrections.yaml` -> [`Correction`]s, held against the tables as they are today.
//!
//! What does not fit the tables is a finding and no fault: whoever has just changed a figure again must still be able to
//! build both sides and compare them.

use std::collections::{HashMap, HashSet};

use super::head::{is_date, no_date};
use super::withheld::Withheld;
use crate::diagnostic::{Detail, Diagnostic, Diagnostics, Say, Severity};
use crate::load::draft::Draft;
use crate::model::amount::{Amount, MoneyUnit};
use crate::model::coordinates::BLANK;
use crate::model::correction::{Change, Correction, Subject};
use crate::model::disclosure::{Disclosure, InputKind};
use crate::model::form::ColumnKind;
use crate::model::proof::At;
use crate::model::selector::{Selector, is_id};
use crate::model::table::Value;
use crate::say;
use crate::source::{Place, Source};
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Figure, Reader};

/// Keys of a correction.
const KEYS: [&str; 5] = ["id", "date", "reason", "approval", "changes"];
/// Keys of a change.
const CHANGE_KEYS: [&str; 4] = ["at", "where", "was", "now"];

/// A correction with the places that are reported.
struct Written {
    correction: Correction,
    /// Of its date.
    date: Place,
    /// Of its identifier, or of its date again.
    id: Place,
    changes: Vec<Places>,
}

/// Where the parts of a change stand.
#[derive(Clone, Copy)]
struct Places {
    at: Place,
    now: Place,
}

/// How a value is read.
#[derive(Clone, Copy)]
enum Reads {
    Text,
    Money(MoneyUnit),
    Percent,
    Count,
}

/// Reads the corrections of a disclosure, newest first as written. Reports `correction-twice` and `correction-same`, and
/// as findings `correction-cell`, `correction-now`, `correction-date` and `correction-order`.
///
/// Whether a cell is there, and what stands in it, is not judged where that is not known; neither is how corrections
/// follow each other where one of them cannot be understood.
pub fn corrections(
    draft: &Draft,
    disclosure: &Disclosure,
    withheld: &mut Withheld,
    diagnostics: &mut Diagnostics,
) -> Vec<Correction> {
    let Some(document) = &draft.corrections else {
        return Vec::new();
    };
    let Some(node) = &document.node else {
        return Vec::new();
    };
    let mut check = Check {
        disclosure,
        lost: false,
        withheld: 0,
        reader: Reader {
            source: &document.source,
            diagnostics,
        },
    };
    let written = check.read(node).unwrap_or_default();
    check.twice(&written);
    check.dates(&written);
    check.chain(&written);
    withheld.corrections = check.withheld;
    written.into_iter().map(|one| one.correction).collect()
}

struct Check<'a> {
    disclosure: &'a Disclosure,
    /// Whether any correction or change could not be understood.
    lost: bool,
    /// Changes that could not be held against the data.
    withheld: usize,
    reader: Reader<'a>,
}

impl Check<'_> {
    fn read(&mut self, node: &Node) -> Option<Vec<Written>> {
        let fields = self.reader.fields(node, &["corrections"])?;
        let Some(list) = fields.get("corrections") else {
            self.reader.missing(&fields, "corrections");
            return None;
        };
        let items = self.reader.list(list)?;
        let all: Vec<Written> = items.iter().filter_map(|item| self.one(item)).collect();
        self.lost |= all.len() < items.len();
        Some(all)
    }

    /// One correction; `None` where it cannot be understood, which has been reported.
    fn one(&mut self, node: &Node) -> Option<Written> {
        let fields = self.reader.fields(node, &KEYS)?;
        let date = self.date(&fields);
        let reason = self.reader.required_text(&fields, "reason");
        let approval = self.reader.optional_text(&fields, "approval");
        let id = self.id(&fields, date.as_ref());
        let changes = self.changes(&fields);
        let (date, date_place) = date?;
        let (id, id_place) = id?;
        let (changes, places) = changes?;
        Some(Written {
            correction: Correction {
                id,
                date,
                reason: reason?,
                approval: approval.filter(|text| !text.is_empty()),
                changes,
            },
            date: date_place,
            id: id_place,
            changes: places,
        })
    }

    fn date(&mut self, fields: &Fields<'_>) -> Option<(String, Place)> {
        let date = self.reader.required_text(fields, "date")?;
        let place = fields.get("date").map_or(fields.place, |node| node.place);
        if is_date(&date) {
            return Some((date, place));
        }
        no_date(&mut self.reader, place, &date);
        None
    }

    /// The identifier, else the date; `None` where it cannot be part of an address.
    fn id(
        &mut self,
        fields: &Fields<'_>,
        date: Option<&(String, Place)>,
    ) -> Option<(Box<str>, Place)> {
        let Some(node) = fields.get("id") else {
            let (date, place) = date?;
            return Some((date.as_str().into(), *place));
        };
        let id = self.reader.text(node)?;
        if is_id(id) {
            return Some((id.into(), node.place));
        }
        self.reader.error(
            "wrong-type",
            node.place,
            say!("`{id}` 不能用作网址", "`{id}` cannot be part of an address"),
            say!(
                "用英文字母、数字和短横，如 2026-03-01-b",
                "use letters, digits and dashes, as in 2026-03-01-b"
            ),
        );
        None
    }

    fn changes(&mut self, fields: &Fields<'_>) -> Option<(Vec<Change>, Vec<Places>)> {
        let Some(node) = fields.get("changes") else {
            self.reader.missing(fields, "changes");
            return None;
        };
        let items = self.reader.list(node)?;
        if items.is_empty() {
            self.reader.blank(node.place, "changes");
            return None;
        }
        let changes = items.iter().filter_map(|item| self.change(item));
        let changes: Vec<(Change, Places)> = changes.collect();
        self.lost |= changes.len() < items.len();
        Some(changes.into_iter().unzip())
    }

    /// One change; `None` where it cannot be understood, which has been reported.
    fn change(&mut self, node: &Node) -> Option<(Change, Places)> {
        let fields = self.reader.fields(node, &CHANGE_KEYS)?;
        let (at, place) = match (fields.get("at"), fields.get("where")) {
            (Some(at), None) => (Some(self.reader.text(at)?), at.place),
            (None, Some(words)) => (None, words.place),
            (None, None) => {
                self.reader.missing(
                    &fields,
                    if fields.place_of("where").is_some() {
                        "where"
                    } else {
                        "at"
                    },
                );
                return None;
            }
            (Some(_), Some(words)) => {
                self.reader.error(
                    "wrong-type",
                    words.place,
                    say!(
                        "`at` 和 `where` 只能写一个",
                        "only one of `at` and `where` may be given"
                    ),
                    say!(
                        "有格的写 at，没有格的（句子、行）写 where",
                        "keep `at` for what has a cell, `where` for sentences and rows"
                    ),
                );
                return None;
            }
        };
        let subject = match at {
            Some(at) => self.subject(at, place),
            None => Subject::Words(self.reader.required_text(&fields, "where")?.into()),
        };
        let reads = self.reads(&subject);
        let was = self.value(&fields, "was", reads);
        let now = self.value(&fields, "now", reads);
        let ((was, _), (now, now_place)) = (was?, now?);
        if was.to_text() == now.to_text() {
            let text = self.text(&subject, &now);
            self.reader.error(
                "correction-same",
                now_place,
                say!(
                    "更正前后都是 {text}",
                    "{text} stood there before and stands there now"
                ),
                say!(
                    "核对 was 和 now；没有变的不用列",
                    "check `was` and `now`; leave out what did not change"
                ),
            );
            return None;
        }
        let places = Places {
            at: place,
            now: now_place,
        };
        Some((Change { subject, was, now }, places))
    }

    /// What a selector names; in words where there is no such cell.
    fn subject(&mut self, text: &str, place: Place) -> Subject {
        if let Some(at) = self.disclosure.operand(text) {
            return Subject::Figure(at);
        }
        if self.is_hole(text) {
            self.withheld += 1;
        } else {
            let say = say!("没有 `{text}` 这一格", "there is no cell `{text}`");
            let found = finding("correction-cell", self.reader.source, place, say);
            self.reader.diagnostics.push(found.hint(say!(
                "核对表、行、列的 id；这一行已经删去的，改写成 where",
                "check table, row and column; for a row that is gone, write `where` instead"
            )));
        }
        Subject::Words(text.into())
    }

    /// Whether it is not known if there is such a cell.
    fn is_hole(&self, text: &str) -> bool {
        let Some(selector) = Selector::new(text) else {
            // A fund of a sheet.
            return self.disclosure.holes.sheets.is_some();
        };
        self.disclosure.hole_at(&selector).is_some()
    }

    fn reads(&self, subject: &Subject) -> Reads {
        match subject {
            Subject::Figure(At::Cell(cell)) => match self.disclosure.around(*cell).column.kind {
                ColumnKind::Amount { unit, .. } => Reads::Money(unit),
                ColumnKind::Percent => Reads::Percent,
                ColumnKind::Count => Reads::Count,
                _ => Reads::Text,
            },
            Subject::Figure(At::Input(input)) => match self.disclosure.inputs[*input].form.kind {
                InputKind::Amount(unit, _) => Reads::Money(unit),
                InputKind::Percent => Reads::Percent,
                InputKind::Count(_) => Reads::Count,
                InputKind::Text => Reads::Text,
            },
            Subject::Figure(at @ At::Fund { .. }) => self
                .disclosure
                .operand_money(at)
                .map_or(Reads::Text, Reads::Money),
            _ => Reads::Text,
        }
    }

    /// What was there, or is: 空白 for nothing. Reports `missing-key` and what is wrong with a number.
    fn value(&mut self, fields: &Fields<'_>, key: &str, reads: Reads) -> Option<(Value, Place)> {
        let text = self.reader.required_text(fields, key)?;
        let node = fields.get(key)?;
        if text == BLANK {
            return Some((Value::Blank, node.place));
        }
        if let Reads::Text = reads {
            return Some((Value::Text(text.into()), node.place));
        }
        let value = match (self.reader.figure(node), reads) {
            (Figure::Blank | Figure::Unread, _) => return None,
            (Figure::NoData, _) => Value::NoData,
            (Figure::Number(value), Reads::Money(unit)) => Value::Amount(Amount::new(value, unit)),
            (Figure::Number(value), Reads::Percent) => Value::Percent(value),
            (Figure::Number(value), _) => Value::Count(value),
        };
        Some((value, node.place))
    }

    /// A value of a change as pages show it.
    fn text(&self, subject: &Subject, value: &Value) -> String {
        match subject {
            Subject::Figure(at) => self.disclosure.shown_at(at, value),
            Subject::Words(_) => value.to_text(),
        }
    }

    /// Identifiers of the list, and cells of one correction, are there once.
    fn twice(&mut self, all: &[Written]) {
        let mut ids: HashMap<&str, Place> = HashMap::new();
        for one in all {
            let id = &*one.correction.id;
            if let Some(first) = ids.insert(id, one.id) {
                self.double(
                    first,
                    one.id,
                    say!("有两次更正叫 `{id}`", "two corrections are called `{id}`"),
                    say!(
                        "同一天的第二次更正，加上 id，如 {id}-b",
                        "give the second of a day an `id`, as in {id}-b"
                    ),
                );
            }
            let mut cells: HashMap<String, Place> = HashMap::new();
            for (change, places) in one.correction.changes.iter().zip(&one.changes) {
                let Subject::Figure(at) = &change.subject else {
                    continue;
                };
                let name = self.disclosure.operand_name(at).unwrap_or_default();
                let words = self.disclosure.coordinates(at);
                if let Some(first) = cells.insert(name, places.at) {
                    self.double(
                        first,
                        places.at,
                        say!(
                            "同一次更正里有两处 {words}",
                            "{words} stands twice in one correction"
                        ),
                        say!("留下对的一处", "keep the right one"),
                    );
                }
            }
        }
    }

    fn double(&mut self, first: Place, second: Place, say: Say, hint: Say) {
        let source = self.reader.source;
        self.reader.diagnostics.push(
            Diagnostic::error("correction-twice", source, second, say)
                .label(source, first, say!("另一处在这里", "the other is here"))
                .hint(hint),
        );
    }

    /// No correction is older than the disclosure, and none newer than the one above it.
    fn dates(&mut self, all: &[Written]) {
        let mut above: Option<&str> = None;
        let lost = self.lost;
        for one in all {
            let date = &*one.correction.date;
            if let Some(published) = self.disclosure.published.as_deref()
                && date < published
            {
                let say = say!(
                    "更正的日期 {date} 早于公开日期 {published}",
                    "the correction of {date} is older than the publication of {published}"
                );
                let found = finding("correction-date", self.reader.source, one.date, say);
                self.reader.diagnostics.push(found.hint(say!(
                        "写更正公布的日期；公开之前的改动不用更正",
                        "give the day on which the correction was published; what changed before needs none"
                    )));
            }
            if let Some(above) = above.filter(|_| !lost)
                && date > above
            {
                let say = say!(
                    "{date} 的更正写在 {above} 的下面",
                    "the correction of {date} stands below that of {above}"
                );
                let found = finding("correction-order", self.reader.source, one.date, say);
                self.reader.diagnostics.push(found.hint(say!(
                    "新的写在前面；同一天的，后公布的在前",
                    "put the newest first, also within a day"
                )));
            }
            above = Some(date);
        }
    }

    /// What a correction says stands there now is what stands there, or what a later one says stood there before it.
    fn chain(&mut self, all: &[Written]) {
        let mut later: HashMap<String, (Value, Place)> = HashMap::new();
        let mut broken: HashSet<String> = HashSet::new();
        for one in all {
            let mut here: HashSet<String> = HashSet::new();
            for (change, places) in one.correction.changes.iter().zip(&one.changes) {
                let Subject::Figure(at) = &change.subject else {
                    continue;
                };
                let name = self.disclosure.operand_name(at).unwrap_or_default();
                if !here.insert(name.clone()) {
                    continue;
                }
                let next = later.insert(name.clone(), (change.was.clone(), places.now));
                let today = match &next {
                    Some((was, _)) => was.clone(),
                    None => self.disclosure.operand_value(at),
                };
                let known = !self.lost && today.hole().is_none();
                self.withheld += usize::from(!known);
                if known && !is_same(&change.now, &today) && broken.insert(name) {
                    let next = next.map(|(_, place)| place);
                    self.other(at, &change.now, &today, places.now, next);
                }
            }
        }
    }

    /// Reports `correction-now`; `next` is where a later correction speaks of the same cell.
    fn other(&mut self, at: &At, now: &Value, today: &Value, place: Place, next: Option<Place>) {
        let words = self.disclosure.coordinates(at);
        let [now, today] = [now, today].map(|value| self.disclosure.shown_at(at, value));
        let say = match next {
            None => say!(
                "{words} 更正为 {now}，现在的数据是 {today}",
                "{words} was corrected to {now}, the data has {today}"
            ),
            Some(_) => say!(
                "{words} 更正为 {now}，后一次更正说原来是 {today}",
                "{words} was corrected to {now}, a later correction says that it was {today}"
            ),
        };
        let detail = Detail {
            at: self.disclosure.operand_name(at),
            coordinates: Some(words),
            expected: Some(today),
            found: Some(now),
            ..Detail::default()
        };
        let source = self.reader.source;
        let finding = finding("correction-now", source, place, say);
        let finding = match next {
            Some(next) => finding.label(source, next, say!("后一次更正", "the later correction")),
            None => finding,
        };
        self.reader.diagnostics.push(finding.detail(detail).hint(say!(
            "后来又改了的，在最前面补一次更正（gongkai diff --format corrections 写好）；否则改正 now 或数据",
            "if it changed again, add a correction on top (gongkai diff --format corrections writes it), else mend `now` or the data"
        )));
    }
}

/// A judgement that keeps an approved disclosure from being published.
fn finding(code: &'static str, source: &Source, place: Place, say: Say) -> Diagnostic {
    Diagnostic::finding(code, Severity::Error, source, place, say)
}

/// A figure is the same in whatever scale it is written; anything else is by its text.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left == right,
        _ => left.to_text() == right.to_text(),
    }
}
