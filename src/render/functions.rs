//! The functions that page templates call for what is written in Rust: tables, charts, narrative.
//!
//! Templates are compiled once for all disclosures, so the one at hand is kept for the thread while
//! its page is rendered.

use std::cell::RefCell;
use std::sync::Arc;

use tera::{Function, Kwargs, State, Tera, TeraResult};

use super::address::Edition;
use super::escape::html;
use super::mark::Marks;
use super::{checks, lookup, narrative, table};
use crate::model::disclosure::Disclosure;
use crate::say;
use crate::sentences;
use crate::standard::Standard;
use crate::template::error;
use crate::template::signature::{Signature, Takes, may, must, signature};

/// What functions speak of.
#[derive(Clone)]
pub struct AtHand {
    /// The disclosure.
    pub disclosure: Arc<Disclosure>,
    /// Its standard.
    pub standard: Arc<Standard>,
    /// Which document the page belongs to.
    pub edition: Edition,
    /// Its charts as HTML, drawn once for all pages of the edition.
    pub charts: Arc<[String]>,
    /// Cells that did not pass.
    pub marks: Arc<Marks>,
}

thread_local! {
    static AT_HAND: RefCell<Option<AtHand>> = const { RefCell::new(None) };
}

/// Runs `render` with a disclosure at hand.
pub fn with<T>(at_hand: AtHand, render: impl FnOnce() -> T) -> T {
    let before = AT_HAND.replace(Some(at_hand));
    let result = render();
    AT_HAND.replace(before);
    result
}

fn at_hand() -> TeraResult<AtHand> {
    AT_HAND.with_borrow(Clone::clone).ok_or_else(|| {
        error(&say!(
            "这一页不属于某一份公开，不能用这个函数",
            "this page belongs to no disclosure, and the function to none but those"
        ))
    })
}

/// A function whose result is HTML and stays as it is.
struct Html(
    &'static Signature,
    fn(&AtHand, &Kwargs) -> TeraResult<String>,
);

/// Likewise, without arguments.
struct Plain(&'static Signature, fn(&Disclosure, Edition) -> String);

impl Function<TeraResult<String>> for Plain {
    fn call(&self, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
        self.0.check(&kwargs)?;
        let at = at_hand()?;
        Ok((self.1)(&at.disclosure, at.edition))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl Function<TeraResult<String>> for Html {
    fn call(&self, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
        self.0.check(&kwargs)?;
        (self.1)(&at_hand()?, &kwargs)
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// What each function takes.
pub static SIGNATURES: [Signature; 10] = [
    signature("table", &[must("id", Takes::Text)]),
    signature("chart", &[must("id", Takes::Text)]),
    signature(
        "section",
        &[must("id", Takes::Text), may("shift", Takes::Number)],
    ),
    signature("overview", &[may("shift", Takes::Number)]),
    signature("term", &[must("number", Takes::Number)]),
    signature("prose", &[must("text", Takes::Text)]),
    signature("lookup", &[]),
    signature("computations", &[]),
    signature("inputs", &[]),
    signature("rules", &[]),
];

/// Makes the functions known to an engine.
pub fn register(engine: &mut Tera) {
    let [
        table,
        chart,
        section,
        overview,
        term,
        prose,
        lookup,
        computations,
        inputs,
        rules,
    ] = &SIGNATURES;
    engine.register_function("table", Html(table, table_html));
    engine.register_function("chart", Html(chart, chart_html));
    engine.register_function("section", Html(section, section_html));
    engine.register_function("overview", Html(overview, overview_html));
    engine.register_function("term", Html(term, term_html));
    engine.register_function("prose", Html(prose, prose_html));
    engine.register_function(
        "lookup",
        Html(lookup, |at, _| {
            Ok(lookup::lists(&at.disclosure, &at.standard))
        }),
    );
    engine.register_function("computations", Plain(computations, narrative::computations));
    engine.register_function(
        "inputs",
        Plain(inputs, |disclosure, _| narrative::inputs(disclosure)),
    );
    engine.register_function(
        "rules",
        Plain(rules, |disclosure, _| checks::rules(disclosure)),
    );
}

fn table_html(at: &AtHand, kwargs: &Kwargs) -> TeraResult<String> {
    let id = kwargs.must_get::<&str>("id")?;
    let position = at
        .disclosure
        .table_position(id)
        .ok_or_else(|| error(&say!("没有表 `{id}`", "there is no table `{id}`")))?;
    Ok(table::write(
        &at.disclosure,
        position,
        &at.marks,
        at.edition,
    ))
}

fn chart_html(at: &AtHand, kwargs: &Kwargs) -> TeraResult<String> {
    let id = kwargs.must_get::<&str>("id")?;
    let position = at.disclosure.charts.iter().position(|chart| chart.id == id);
    Ok(position
        .and_then(|position| at.charts.get(position).cloned())
        .unwrap_or_default())
}

fn section_html(at: &AtHand, kwargs: &Kwargs) -> TeraResult<String> {
    let id = kwargs.must_get::<&str>("id")?;
    let found = at
        .disclosure
        .narrative
        .sections
        .iter()
        .find(|section| *section.id == *id)
        .ok_or_else(|| error(&say!("没有「{id}」这一节", "there is no section `{id}`")))?;
    let shift = kwargs.get::<u8>("shift")?.unwrap_or(0);
    Ok(narrative::section(
        &at.disclosure,
        found,
        &at.charts,
        at.edition,
        shift,
    ))
}

fn overview_html(at: &AtHand, kwargs: &Kwargs) -> TeraResult<String> {
    let shift = kwargs.get::<u8>("shift")?.unwrap_or(0);
    Ok(at
        .disclosure
        .overview
        .as_ref()
        .map_or_else(String::new, |source| {
            crate::markdown::to_html(&source.text, shift, &mut |_| String::new())
        }))
}

fn term_html(at: &AtHand, kwargs: &Kwargs) -> TeraResult<String> {
    let number = kwargs.must_get::<u32>("number")?;
    let term = usize::try_from(number)
        .ok()
        .and_then(|number| at.standard.glossary.get(number.checked_sub(1)?));
    Ok(term.map_or_else(String::new, |term| {
        crate::markdown::to_html(&term.markdown, 2, &mut |_| String::new())
    }))
}

fn prose_html(_: &AtHand, kwargs: &Kwargs) -> TeraResult<String> {
    let text = kwargs.must_get::<&str>("text")?;
    Ok(sentences::to_html(text, |text| html(text).into_owned()))
}
