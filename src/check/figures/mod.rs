//! Figures that somebody typed into the prose of a disclosure, against its tables.
//!
//! A number with a unit in `overview.md`, a hand-written section, a text input or the reason of an empty
//! table is bound, or it is looked up among the figures of the disclosure: one that is nowhere is
//! `figure-unknown`, one that stands beside the name of another is `figure-label`. In texts of sheets and
//! tables, in waivers and corrections numbers of their own stand by right (prices, what was published
//! before): there only one that is called as a figure and nearly is it, is reported. In doubt nothing is said.

mod facts;
mod gather;
mod hidden;
mod labels;
mod mention;
mod typed;

use rust_decimal::Decimal;

use super::narrative::{Texts, compose};
use super::withheld::Withheld;
use crate::diagnostic::{Detail, Diagnostic, Diagnostics, Say, Severity};
use crate::load::draft::Draft;
use crate::model::amount::Amount;
use crate::model::disclosure::Disclosure;
use crate::model::narrative::Figure;
use crate::say;
use crate::standard::Standard;
use facts::{Fact, Facts, Share};
use labels::{Labels, Words};
use mention::Mention;
use typed::{Text, Typed};

/// Looks up every figure that is typed into the prose. Reports `figure-unknown` and `figure-label`.
///
/// Nothing is gathered from the tables where no text holds a number with a unit.
///
/// Where there are figures that are not known, a number that is nowhere may be one of them: it is counted, not reported.
pub fn check(
    standard: &Standard,
    disclosure: &Disclosure,
    draft: &Draft,
    withheld: &mut Withheld,
) -> Vec<Diagnostic> {
    let typed = typed::all(draft);
    if typed.is_empty() {
        return Vec::new();
    }
    let (sentences, all_made) = sentences(standard, disclosure, draft);
    let facts = Facts::new(disclosure, &sentences);
    let found: Vec<Diagnostic> = typed
        .iter()
        .flat_map(|typed| {
            let desk = Desk {
                facts: &facts,
                typed,
            };
            let mentions = typed.mentions.iter();
            mentions.filter_map(move |mention| desk.judge(mention))
        })
        .collect();
    if all_made && !disclosure.has_unknown_figures() {
        return found;
    }
    withheld.figures = found.len();
    Vec::new()
}

/// What the standard's own sentences compute, where sections of the disclosure replace some of them, and whether all of
/// them could be made.
fn sentences(standard: &Standard, disclosure: &Disclosure, draft: &Draft) -> (Vec<Figure>, bool) {
    if draft.narrative.is_empty() {
        return (Vec::new(), true);
    }
    // What these sentences lack is no fault: they are not printed.
    let mut unheard = (Withheld::default(), Diagnostics::default());
    let made = compose(
        standard,
        disclosure.clone(),
        draft,
        Texts::Standard,
        &mut unheard.0,
        &mut unheard.1,
    );
    (made.narrative.figures, made.holes.sections.is_empty())
}

/// Where the figures of one text are judged.
struct Desk<'a> {
    facts: &'a Facts<'a>,
    typed: &'a Typed<'a>,
}

impl Desk<'_> {
    fn judge(&self, mention: &Mention) -> Option<Diagnostic> {
        // A blank is zero in prose.
        if mention.value.is_zero() {
            return None;
        }
        match mention.amount() {
            Some(written) if self.typed.text == Text::Aside => self.aside(mention, written),
            Some(written) => self.money(mention, written),
            None if self.typed.text == Text::Aside => None,
            None => self.percent(mention),
        }
    }

    /// Money in a text that has numbers of its own: reported where it is called as a figure and nearly is it.
    fn aside(&self, mention: &Mention, written: Amount) -> Option<Diagnostic> {
        if self.facts.was_published(written) {
            return None;
        }
        let words = Words::of(mention)?;
        let fitting = self.facts.fitting(written);
        let mut labels = fitting.iter().map(|fact| self.facts.labels(fact));
        if labels.any(|labels| words.hold_any(&labels)) {
            return None;
        }
        let label = words.known(|end| self.facts.is_label(end))?;
        let near = self.facts.near_of_label(label, written)?;
        Some(self.unknown(mention, Some(label), Some(near)))
    }

    fn money(&self, mention: &Mention, written: Amount) -> Option<Diagnostic> {
        let fitting = self.facts.fitting(written);
        let words = Words::of(mention);
        if fitting.is_empty() {
            let called =
                |labels: &Labels| words.as_ref().is_some_and(|words| words.hold_any(labels));
            return Some(self.unknown(mention, None, self.facts.nearest(written, called)));
        }
        let words = words?;
        let labelled: Vec<(&Fact, Labels)> = fitting
            .into_iter()
            .filter(|fact| fact.at.is_some())
            .map(|fact| (fact, self.facts.labels(fact)))
            .collect();
        let called = |(_, labels): &(&Fact, Labels)| {
            words.hold_any(labels) || labels.shared.iter().any(|label| words.end_with(label))
        };
        if labelled.iter().any(called) {
            return None;
        }
        let other = words.known(|end| self.facts.is_label(end));
        if let Some(label) = other
            && let Some(near) = self.facts.near_of_label(label, written)
        {
            return Some(self.unknown(mention, Some(label), Some(near)));
        }
        let similar = labelled
            .iter()
            .filter_map(|(fact, labels)| {
                let mut own = labels.own.iter();
                let nearly = own.find_map(|label| words.nearly(label));
                nearly.map(|(wrong, end)| (wrong, end, *fact))
            })
            .min_by_key(|(wrong, ..)| *wrong)
            .map(|(_, end, fact)| (end, fact));
        let first = labelled.first().map(|(fact, _)| *fact);
        let (said, fact) = similar.or_else(|| Some((other?, first?)))?;
        self.mislabelled(mention, said, fact)
    }

    fn percent(&self, mention: &Mention) -> Option<Diagnostic> {
        if mention.value == Decimal::ONE_HUNDRED || self.facts.has_share(mention.value) {
            return None;
        }
        // 满意度, 合格率: targets, unless the data has a percent of that name.
        let target = ["率", "度"].iter().any(|end| {
            let words = mention
                .words
                .trim_end_matches(['达', '到', '为', '约', '是']);
            words.ends_with(end)
        });
        if target && !self.facts.names_share(mention) {
            return None;
        }
        match self.facts.nearest_share(mention.value) {
            Some(share) => Some(self.unknown_percent(mention, share)),
            None => self.facts.has_shares().then(|| self.lone_percent(mention)),
        }
    }

    fn finding(&self, code: &'static str, mention: &Mention, say: Say) -> Diagnostic {
        let place = self.typed.place(mention);
        Diagnostic::finding(code, Severity::Warning, self.typed.source, place, say)
    }

    /// A number that no figure has, or none of that label.
    fn unknown(&self, mention: &Mention, label: Option<&str>, near: Option<&Fact>) -> Diagnostic {
        let found = mention.text();
        let what = match label {
            None => say!(
                "正文写 {found}，各表没有这个数",
                "the text says {found}, which is in no table"
            ),
            Some(label) => say!(
                "正文写「{label}」{found}，各表的{label}没有这个数",
                "the text says {label} {found}, which no table says of it"
            ),
        };
        let Some((near, at)) = near.and_then(|near| Some((near, near.at.as_ref()?))) else {
            return self
                .finding("figure-unknown", mention, what)
                .hint(say!("对照原件核对这个数", "check it against the original"));
        };
        let disclosure = self.facts.disclosure;
        let (words, expected) = (disclosure.coordinates(at), near.text());
        let (zh, en) = (what.zh, what.en);
        let selector = disclosure.operand_selector(at).map(|at| at.to_string());
        self.finding(
            "figure-unknown",
            mention,
            say!(
                "{zh}；最接近的是{words} {expected}",
                "{en}; the nearest is {words} {expected}"
            ),
        )
        .hint(self.hint(selector.as_deref()))
        .detail(Detail {
            at: selector,
            coordinates: Some(words),
            expected: Some(expected),
            found: Some(found),
            ..Detail::default()
        })
    }

    /// What to do about a number that may be the figure of a selector.
    fn hint(&self, selector: Option<&str>) -> Say {
        match (selector, self.typed.text) {
            (Some(at), Text::Section) => say!(
                "用 `{{{{ cell(at=\"{at}\") }}}}` 取数，或改正这个数",
                "bind it with `{{{{ cell(at=\"{at}\") }}}}`, or correct it"
            ),
            (Some(at), _) => say!("对照 `{at}` 改正这个数", "correct it after `{at}`"),
            (None, _) => say!("对照这一处改正这个数", "correct it after that figure"),
        }
    }

    /// A percent with nothing near it.
    fn lone_percent(&self, mention: &Mention) -> Diagnostic {
        let found = mention.text();
        let say = say!(
            "正文写 {found}，各表里没有、也算不出这个百分数",
            "the text says {found}, a percent that no table has or gives"
        );
        let finding = self.finding("figure-unknown", mention, say);
        let hint = say!("重新计算这个百分数", "compute it again");
        finding.hint(hint).detail(Detail {
            found: Some(found),
            ..Detail::default()
        })
    }

    fn unknown_percent(&self, mention: &Mention, near: &Share) -> Diagnostic {
        let disclosure = self.facts.disclosure;
        let (found, expected) = (mention.text(), near.text());
        let words = near.at.as_ref().map(|at| disclosure.coordinates(at));
        let (before, after) = match &words {
            Some(words) => (format!("{words} "), String::new()),
            None if near.steps.is_empty() => Default::default(),
            None => (String::new(), format!("（{}）", near.steps)),
        };
        let selector = near
            .at
            .as_ref()
            .and_then(|at| disclosure.operand_selector(at));
        let selector = selector.map(|at| at.to_string());
        let hint = match (&near.bind, self.typed.text) {
            (Some(bind), Text::Section) => say!(
                "用 `{{{{ {bind} }}}}` 计算，或改正这个数",
                "have it computed with `{{{{ {bind} }}}}`, or correct it"
            ),
            (_, _) if selector.is_some() => self.hint(selector.as_deref()),
            _ => say!("重新计算这个百分数", "compute it again"),
        };
        self.finding(
            "figure-unknown",
            mention,
            say!(
                "正文写 {found}，各表里没有、也算不出这个百分数；最接近的是{before}{expected}{after}",
                "the text says {found}, a percent that no table has or gives; the nearest is {before}{expected}{after}"
            ),
        )
        .hint(hint)
        .detail(Detail {
            at: selector,
            coordinates: words,
            expected: Some(expected),
            found: Some(found),
            ..Detail::default()
        })
    }

    /// A number that is there, but under another name.
    fn mislabelled(&self, mention: &Mention, said: &str, fact: &Fact) -> Option<Diagnostic> {
        let disclosure = self.facts.disclosure;
        let at = fact.at.as_ref()?;
        let name = labels::name(disclosure, at);
        let words = disclosure.coordinates(at);
        let found = mention.text();
        Some(
            self.finding(
                "figure-label",
                mention,
                say!(
                    "{found}是「{name}」（{words}），正文写成「{said}」",
                    "{found} is {name} ({words}), and the text calls it {said}"
                ),
            )
            .hint(say!(
                "把「{said}」改成「{name}」，或核对这个数",
                "write {name} for {said}, or check the figure"
            ))
            .detail(Detail {
                at: disclosure.operand_selector(at).map(|at| at.to_string()),
                coordinates: Some(words),
                expected: Some(name),
                found: Some(said.to_owned()),
                ..Detail::default()
            }),
        )
    }
}
