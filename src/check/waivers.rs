//! `waivers.yaml`: findings that are answered with a reason, and stay on the report.

use std::collections::BTreeSet;

use super::withheld::Withheld;
use crate::diagnostic::{Class, Diagnostic, Diagnostics, Say, Severity, Waived};
use crate::load::draft::{Document, Draft};
use crate::model::disclosure::Disclosure;
use crate::say;
use crate::source::{Place, Source};
use crate::standard::Standard;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Reader};

/// Keys of a waiver.
const KEYS: [&str; 6] = ["code", "rule", "at", "reason", "by", "until"];

/// One waiver as written.
struct Waiver {
    code: String,
    rule: Option<String>,
    at: Option<String>,
    waived: Waived,
    place: Place,
    used: bool,
}

/// Answers the findings of a disclosure with its waivers. Faults cannot be waived. Reports as `waiver-unused` those that
/// answer nothing; where something could not be judged, only those of a rule that was held. Reports `waivers-unread`
/// where findings are left of which it is not known whether a waiver answers them.
///
/// `today` is the day on which the waivers must hold: the day of publication, so that the same data
/// gives the same site on any day. Reports `waiver-incomplete` and `waiver-expired`.
pub fn apply(
    draft: &Draft,
    standard: &Standard,
    disclosure: &Disclosure,
    withheld: &mut Withheld,
    diagnostics: &mut Diagnostics,
) {
    let Some(document) = &draft.waivers else {
        return;
    };
    let today = disclosure.published.as_deref();
    let judged = withheld.note(&document.source).is_none();
    let certain = judged && !diagnostics.has_faults() && !standard.gaps.faulty;
    let rules = &disclosure.proof.rules;
    let proven: BTreeSet<&str> = rules.iter().map(|rule| &*rule.id).collect();
    let before = diagnostics.as_slice().len();
    let (waivers, hole) = mark(draft, today, diagnostics);
    if hole {
        unread(document, before, diagnostics);
    }
    for waiver in waivers.iter().filter(|waiver| !waiver.used) {
        let held = waiver.rule.as_deref();
        let held = held.is_some_and(|rule| proven.contains(rule) && !withheld.rules.contains(rule));
        if !certain && !held {
            withheld.waivers += 1;
            continue;
        }
        let code = &waiver.code;
        diagnostics.push(
            finding(
                "waiver-unused",
                Severity::Warning,
                &document.source,
                waiver.place,
                say!(
                    "没有 {code} 可以豁免：问题已经改正，或者规则、位置写得不对",
                    "there is no {code} to waive: it was mended, or the rule or place is wrong"
                ),
            )
            .hint(say!(
                "改正了就删去这一条；没有就对照报告改 rule、at",
                "remove it if it was mended, or correct `rule` and `at` from the report"
            )),
        );
    }
}

/// Says how many of the findings before may have been waived in a file that cannot be read.
fn unread(document: &Document, before: usize, diagnostics: &mut Diagnostics) {
    let findings = diagnostics.as_slice()[..before].iter();
    let open = |found: &&Diagnostic| {
        found.class == Class::Finding && found.severity < Severity::Note && found.waived.is_none()
    };
    let count = findings.filter(open).count();
    if count == 0 {
        return;
    }
    let say = say!(
        "豁免没有全部读出来：这份公开报出的 {count} 个问题，有的可能已经豁免",
        "not all waivers could be read: some of the {count} findings of this disclosure may be answered by one"
    );
    let note = Diagnostic::note("waivers-unread", &document.source, Place::FILE, say);
    diagnostics.push(note.hint(say!(
        "先改好 waivers.yaml，再看这些问题",
        "mend waivers.yaml first, then look at them"
    )));
}

/// Answers the findings so far. Also whether there are waivers that cannot be understood.
fn mark(draft: &Draft, today: Option<&str>, diagnostics: &mut Diagnostics) -> (Vec<Waiver>, bool) {
    let Some(document) = &draft.waivers else {
        return (Vec::new(), false);
    };
    let Some(node) = &document.node else {
        return (Vec::new(), true);
    };
    let faults = diagnostics.as_slice().len();
    let source = &document.source;
    let mut reader = Reader {
        source,
        diagnostics,
    };
    let mut waivers = read(node, today, &mut reader).unwrap_or_default();
    let hole = diagnostics.as_slice()[faults..]
        .iter()
        .any(Diagnostic::is_fault);
    let folder = source.path.strip_suffix("waivers.yaml").unwrap_or_default();
    for finding in diagnostics.as_mut_slice() {
        if finding.is_fault() || finding.waived.is_some() {
            continue;
        }
        let fitting = waivers
            .iter_mut()
            .find(|waiver| waiver.answers(finding, folder));
        if let Some(waiver) = fitting {
            waiver.used = true;
            finding.waived = Some(Box::new(waiver.waived.clone()));
        }
    }
    (waivers, hole)
}

fn finding(
    code: &'static str,
    severity: Severity,
    source: &Source,
    place: Place,
    say: Say,
) -> Diagnostic {
    Diagnostic::finding(code, severity, source, place, say)
}

impl Waiver {
    fn answers(&self, finding: &Diagnostic, folder: &str) -> bool {
        let detail = finding.detail.as_deref();
        let rule = detail.and_then(|detail| detail.rule.as_deref());
        let selector = detail.and_then(|detail| detail.at.as_deref());
        let path = &finding.location.source.path;
        let file = path.strip_prefix(folder).unwrap_or(path);
        let line = format!("{file}:{}", finding.location.place.line);
        finding.code == self.code
            && self.rule.as_deref().is_none_or(|own| rule == Some(own))
            && self
                .at
                .as_deref()
                .is_none_or(|own| selector == Some(own) || file == own || line == own)
    }
}

fn read(node: &Node, today: Option<&str>, reader: &mut Reader<'_>) -> Option<Vec<Waiver>> {
    let fields = reader.fields(node, &["waivers"])?;
    let Some(list) = fields.get("waivers") else {
        reader.missing(&fields, "waivers");
        return None;
    };
    let items = reader.list(list)?;
    Some(
        items
            .iter()
            .filter_map(|item| {
                let fields = reader.fields(item, &KEYS)?;
                waiver(&fields, today, reader)
            })
            .collect(),
    )
}

/// One waiver; `None` where it cannot answer anything, which has been reported.
fn waiver(fields: &Fields<'_>, today: Option<&str>, reader: &mut Reader<'_>) -> Option<Waiver> {
    let code = reader.required_text(fields, "code");
    let rule = reader.optional_text(fields, "rule");
    let at = reader.optional_text(fields, "at");
    let reason = reader.optional_text(fields, "reason");
    let by = reader.optional_text(fields, "by");
    let until = reader.optional_text(fields, "until");
    let place = fields.get("code").map_or(fields.place, |node| node.place);
    let lacking: Vec<&str> = [
        ("reason", reason.is_none()),
        ("by", by.is_none()),
        ("rule / at", rule.is_none() && at.is_none()),
    ]
    .into_iter()
    .filter_map(|(key, lacks)| lacks.then_some(key))
    .collect();
    if !lacking.is_empty() {
        let (zh, en) = (lacking.join("、"), lacking.join(", "));
        let fault = finding(
            "waiver-incomplete",
            Severity::Error,
            reader.source,
            place,
            say!(
                "这条豁免缺少 {zh}，不起作用",
                "this waiver lacks {en} and has no effect"
            ),
        )
        .hint(say!(
            "写明哪条规则或哪个位置（rule、at）、理由（reason）、谁决定的（by）",
            "name the rule or place (`rule`, `at`), the `reason`, and who decided (`by`)"
        ));
        reader.diagnostics.push(fault);
        return None;
    }
    if let (Some(until), Some(node)) = (&until, fields.get("until")) {
        if !super::head::is_date(until) {
            super::head::no_date(reader, node.place, until);
            return None;
        }
        if let Some(today) = today.filter(|today| *until.as_str() < **today) {
            let fault = finding(
                "waiver-expired",
                Severity::Error,
                reader.source,
                node.place,
                say!(
                    "这条豁免到 {until} 为止，{today} 公开时已经失效",
                    "this waiver ended on {until}, before {today}"
                ),
            )
            .hint(say!(
                "改正数据，或由决定人重新确认并延期",
                "mend the data, or have it confirmed again with a later day"
            ));
            reader.diagnostics.push(fault);
            return None;
        }
    }
    Some(Waiver {
        code: code?,
        rule,
        at,
        waived: Waived {
            reason: reason?,
            by: by?,
            until,
        },
        place,
        used: false,
    })
}
