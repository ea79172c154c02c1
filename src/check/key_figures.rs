//! The figures of overview, home and directory: looked up, compared with last year.

use crate::model::disclosure::{Disclosure, Headline, KeyChange, KeyFigure, Printed};
use crate::model::narrative::{Figure, NoPercent};
use crate::narrative::{Change, Clause, Operand, Quantity, change, look_up, quantity};
use crate::standard::{Named, Standard};

/// Every key figure that the data has.
pub fn key_figures(standard: &Standard, disclosure: &Disclosure) -> Vec<KeyFigure> {
    let titles = disclosure.title_values();
    standard
        .key_figures
        .iter()
        .filter_map(|figure| {
            let now = find(disclosure, &figure.value)?;
            let before = figure
                .prior
                .as_ref()
                .and_then(|prior| find(disclosure, prior));
            Some(KeyFigure {
                title: figure.title.fill(&titles),
                value: now.text(),
                unit: unit(&now, before.as_ref()),
                change: before
                    .and_then(|before| change(&now, &before).ok())
                    .map(|change| key_change(change, &standard.no_percent)),
                at: now.at,
            })
        })
        .collect()
}

/// The headline figures that the data has.
pub fn headline(standard: &Standard, disclosure: &Disclosure) -> Headline {
    let Some(names) = &standard.headline else {
        return Headline::default();
    };
    let printed = |named: &Named| {
        let operand = find(disclosure, named)?;
        Some(Printed {
            unit: unit(&operand, None).into(),
            text: operand.text(),
        })
    };
    Headline {
        total: printed(&names.total),
        change: disclosure
            .key_figures
            .iter()
            .find(|figure| figure.at == names.total.selector)
            .and_then(|figure| Some(figure.change.as_ref()?.short.clone())),
        three_public: names.three_public.as_ref().and_then(printed),
    }
}

fn find(disclosure: &Disclosure, named: &Named) -> Option<Operand> {
    look_up(disclosure, named.selector.clone()).filter(|found| found.value.hole().is_none())
}

fn unit(operand: &Operand, like: Option<&Operand>) -> &'static str {
    let like = like.and_then(|like| quantity(like, None).ok());
    quantity(operand, like).map_or("", Quantity::unit)
}

fn key_change(change: Change, no_percent: &NoPercent) -> KeyChange {
    let short = change.short();
    let words = Clause {
        lead: "比上年",
        same: "与上年持平",
        no_percent: Some(no_percent),
    };
    let mut figures = Vec::new();
    let text = change.clause(&words, |figure| {
        let text = figure.text().to_owned();
        if !matches!(figure, Figure::Text(_)) {
            figures.push(figure);
        }
        text
    });
    KeyChange {
        text,
        short,
        figures,
    }
}
