//! The narrative (情况说明) as computed: Markdown with marks, and what the marks stand for.
//!
//! A mark is a number between two private-use characters. Sentences keep their place around it
//! through Markdown, and the page decides how a figure is shown.

use super::selector::Selector;

/// Before the number of a figure.
pub const FIGURE_OPEN: char = '\u{e000}';
/// After the number of a figure or chart.
pub const MARK_CLOSE: char = '\u{e001}';
/// Before the number of a chart.
pub const CHART_OPEN: char = '\u{e002}';

/// All sections of a narrative, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Narrative {
    /// Sections.
    pub sections: Vec<Section>,
    /// What the marks in the sections stand for.
    pub figures: Vec<Figure>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Identifier, also its anchor.
    pub id: Box<str>,
    /// Heading, filled.
    pub title: String,
    /// Markdown with marks.
    pub markdown: String,
}

/// What a mark stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A text of the data: a name, a reason. Never read as Markdown or HTML.
    Text(String),
    /// A figure as it stands in a cell or input.
    Cell {
        /// As printed.
        text: String,
        /// Where it stands.
        at: Selector,
    },
    /// A figure computed from others.
    Computed {
        /// As printed.
        text: String,
        /// Its unit before its computation; empty where all figures of the computation have one unit.
        unit: &'static str,
        /// How it was computed.
        steps: Vec<Step>,
    },
}

impl Figure {
    /// As printed.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Cell { text, .. } | Self::Computed { text, .. } => text,
        }
    }

    /// Tells each place that the figure comes from, in between results too.
    pub fn sources(&self, seen: &mut dyn FnMut(&Selector)) {
        match self {
            Self::Text(_) => {}
            Self::Cell { at, .. } => seen(at),
            Self::Computed { steps, .. } => steps.iter().for_each(|step| step.sources(seen)),
        }
    }
}

impl Step {
    fn sources(&self, seen: &mut dyn FnMut(&Selector)) {
        match self {
            Self::Sign(_) => {}
            Self::Operand { at, .. } => seen(at),
            Self::Result { steps, .. } => steps.iter().for_each(|step| step.sources(seen)),
        }
    }
}

/// One piece of a computation: `66.26 ÷ 3,831.00`.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A sign or word between operands.
    Sign(&'static str),
    /// An operand.
    Operand {
        /// As printed.
        text: String,
        /// Where it stands.
        at: Selector,
    },
    /// A result in between.
    Result {
        /// As printed.
        text: String,
        /// How it was computed.
        steps: Vec<Step>,
    },
}

/// What a sentence says in the place of a percentage where there is none, in the words of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPercent {
    /// Of a change, when last year's figure is zero or blank.
    pub prior_zero: Box<str>,
    /// Of a change, when it is negative.
    pub prior_negative: Box<str>,
    /// Of a share, when the whole is zero or blank.
    pub whole_zero: Box<str>,
    /// Of a share, when it is negative.
    pub whole_negative: Box<str>,
}

impl Default for NoPercent {
    fn default() -> Self {
        Self {
            prior_zero: "上年为零，不计算百分比".into(),
            prior_negative: "上年为负，不计算百分比".into(),
            whole_zero: "（基数为零，不计算百分比）".into(),
            whole_negative: "（基数为负，不计算百分比）".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_comes_from_the_places_of_results_in_between_too() {
        let step = |at: &str| Step::Operand {
            text: "1".to_owned(),
            at: Selector::new(at).expect("a selector"),
        };
        let difference = Step::Result {
            text: "2".to_owned(),
            steps: vec![
                step("summary[total].current"),
                Step::Sign(" − "),
                step("input.prior"),
            ],
        };
        let rate = Figure::Computed {
            text: "3%".to_owned(),
            unit: "",
            steps: vec![difference, Step::Sign(" ÷ "), step("input.prior")],
        };
        let mut seen = Vec::new();
        rate.sources(&mut |at| seen.push(at.to_string()));
        assert_eq!(
            seen,
            ["summary[total].current", "input.prior", "input.prior"]
        );
        assert_eq!(rate.text(), "3%");
    }
}
