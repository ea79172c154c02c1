//! What pages say of the proof and the findings: counts, the rules of a table, open findings.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::catalog::ProofSummary;
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, Proof, Relation};
use crate::model::selector::{Found, Selector};
use crate::render::address::Edition;
use crate::render::mark::{CHECKS_PAGE, RULE_IDS};
use crate::render::view::tally::{Tally, VERDICTS, verdict_class};

/// How many open findings the overview of a draft lists.
const FOREMOST: usize = 20;

/// A rule in the list below a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableRule {
    href: String,
    title: String,
    class: &'static str,
    words: String,
}

/// The rules that have a relation with an operand in a table.
#[must_use]
pub fn rules_of(proof: &Proof, table: usize) -> Vec<TableRule> {
    let enters = |relation: &&Relation| {
        let mut terms = relation.terms();
        terms.any(|term| matches!(&term.at, At::Cell(cell) if cell.table == table))
    };
    let mut rules = Vec::new();
    for rule in &proof.rules {
        let tally = Tally::new(rule.relations.iter().filter(enters));
        if tally.all() > 0 {
            rules.push(TableRule {
                href: format!("{CHECKS_PAGE}#{RULE_IDS}{}", rule.id),
                title: rule.title.clone(),
                class: tally.class(),
                words: tally.words(),
            });
        }
    }
    rules
}

/// A proof in a few words: `全部 683 个等式相符`, or what deviates.
#[must_use]
pub fn summary(proof: &Proof) -> ProofSummary {
    let tally = Tally::new(proof.relations());
    let deviating: Vec<String> = VERDICTS[1..]
        .iter()
        .filter(|verdict| tally.of(**verdict) > 0)
        .map(|verdict| tally.part(*verdict))
        .collect();
    ProofSummary {
        class: tally.class().into(),
        words: if tally.all() == 0 {
            String::new()
        } else if deviating.is_empty() {
            tally.words()
        } else {
            deviating.join("，")
        },
    }
}

/// Proof and findings as templates see them.
#[derive(Debug, Clone, Serialize)]
pub struct ChecksView {
    rules: usize,
    relations: usize,
    noun: &'static str,
    verdicts: Vec<VerdictCount>,
    /// `412 个等式，398 个相符，14 个四舍五入差`
    words: String,
    /// Class of the worst verdict.
    class: &'static str,
    /// `3 个错误，2 个警告`; what a draft says on top of each page.
    open: String,
    /// Errors and warnings, open before waived.
    findings: Vec<FindingView>,
    /// How many of them are open.
    open_count: usize,
    /// The first of the open ones, for the overview of a draft.
    foremost: Vec<FindingView>,
    /// How many open ones are left out there.
    more: usize,
}

#[derive(Debug, Clone, Serialize)]
struct VerdictCount {
    word: &'static str,
    class: &'static str,
    count: usize,
    waived: usize,
}

#[derive(Debug, Clone, Serialize)]
struct FindingView {
    severity: &'static str,
    class: &'static str,
    code: &'static str,
    sentence: String,
    /// Where it is; empty where the sentence says so, or it is nowhere.
    coordinates: String,
    /// The cell, or else the rule.
    href: Option<String>,
    waived: Option<WaivedView>,
}

#[derive(Debug, Clone, Serialize)]
struct WaivedView {
    reason: String,
    by: String,
    until: Option<String>,
}

impl ChecksView {
    /// Of a disclosure.
    #[must_use]
    pub fn new(disclosure: &Disclosure) -> Self {
        let proof = &disclosure.proof;
        let tally = Tally::new(proof.relations());
        let (all, noun) = (tally.all(), tally.noun());
        let mut findings: Vec<&Diagnostic> = disclosure
            .findings
            .iter()
            .filter(|one| one.severity != Severity::Note)
            .collect();
        findings.sort_by_key(|one| (one.waived.is_some(), one.severity));
        let open = |severity: Severity| {
            let open = |one: &&&Diagnostic| one.severity == severity && one.waived.is_none();
            findings.iter().filter(open).count()
        };
        let (errors, warnings) = (open(Severity::Error), open(Severity::Warning));
        let views: Vec<FindingView> = findings
            .iter()
            .map(|one| FindingView::new(disclosure, one))
            .collect();
        let foremost = (errors + warnings).min(FOREMOST);
        Self {
            rules: proof.rules.len(),
            relations: all,
            noun,
            verdicts: VERDICTS
                .into_iter()
                .map(|verdict| VerdictCount {
                    word: verdict.word(),
                    class: match (tally.of(verdict), tally.waived(verdict)) {
                        (0, _) => "none",
                        (all, waived) => verdict_class(verdict, all == waived),
                    },
                    count: tally.of(verdict),
                    waived: tally.waived(verdict),
                })
                .collect(),
            words: format!("{all} 个{noun}，{}", tally.parts()),
            class: tally.class(),
            open: open_words(errors, warnings),
            open_count: errors + warnings,
            foremost: views[..foremost].to_vec(),
            more: errors + warnings - foremost,
            findings: views,
        }
    }
}

fn open_words(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, 0) => "没有待处理的错误和警告".to_owned(),
        (0, _) => format!("{warnings} 个警告"),
        (_, 0) => format!("{errors} 个错误"),
        (_, _) => format!("{errors} 个错误，{warnings} 个警告"),
    }
}

impl FindingView {
    fn new(disclosure: &Disclosure, finding: &Diagnostic) -> Self {
        let detail = finding.detail.as_deref();
        let sentence = finding.say.zh.clone();
        let coordinates = detail
            .and_then(|detail| detail.coordinates.clone())
            .filter(|coordinates| !sentence.contains(coordinates.as_str()))
            .unwrap_or_default();
        let rule = detail.and_then(|detail| detail.rule.as_deref());
        let cell = detail
            .and_then(|detail| detail.at.as_deref())
            .and_then(|at| href(disclosure, at));
        let (file, page) = if detail.is_none_or(|detail| detail.rule.is_none()) {
            file_of(disclosure, finding)
        } else {
            (String::new(), None)
        };
        let coordinates = if coordinates.is_empty() && cell.is_none() {
            file
        } else {
            coordinates
        };
        let known = |id: &&str| disclosure.proof.rules.iter().any(|rule| *rule.id == **id);
        let (severity, class) = match finding.severity {
            Severity::Error => ("错误", "broken"),
            Severity::Warning | Severity::Note => ("警告", "improbable"),
        };
        Self {
            severity,
            class,
            code: finding.code,
            sentence,
            coordinates,
            href: cell.or(page).or_else(|| {
                rule.filter(known)
                    .map(|id| format!("{CHECKS_PAGE}#{RULE_IDS}{id}"))
            }),
            waived: finding.waived.as_ref().map(|waived| WaivedView {
                reason: waived.reason.clone(),
                by: waived.by.clone(),
                until: waived.until.clone(),
            }),
        }
    }
}

/// The text that a finding speaks of: a sheet by its name, else the file; and the page that shows it.
fn file_of(disclosure: &Disclosure, finding: &Diagnostic) -> (String, Option<String>) {
    let path = &finding.location.source.path;
    let mut sheets = disclosure.sheets.iter();
    if let Some(sheet) = sheets.find(|sheet| sheet.source.path == *path) {
        return (sheet.name.clone(), Some(sheet.page()));
    }
    let mut tables = disclosure.tables.iter();
    if let Some(table) = tables.find(|table| table.source.path == *path) {
        return (table.form.number.to_string(), Some(table.form.page()));
    }
    let folder = disclosure.head.source.path.strip_suffix("disclosure.yaml");
    let file = folder.and_then(|folder| path.strip_prefix(folder));
    (file.unwrap_or(path).to_owned(), None)
}

/// Address of what a finding speaks of, if a page shows it.
fn href(disclosure: &Disclosure, at: &str) -> Option<String> {
    let selector = Selector::new(at)?;
    if let Found::Cell {
        table,
        block,
        column,
        ..
    } = disclosure.find(&selector)?
    {
        let form = &disclosure.tables[table].form.blocks[block].columns[column];
        if !form.is_addressed() {
            return None;
        }
    }
    Edition::Pages.href(disclosure, &selector)
}
