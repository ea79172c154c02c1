//! Load, check and render of the reference disclosure.

#![allow(missing_docs, reason = "the macro of the benchmark harness has none")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gongkai::check::{self, text::Rules};
use gongkai::diagnostic::Diagnostics;
use gongkai::load::discover::discover;
use gongkai::load::folder;
use gongkai::model::disclosure::Disclosure;
use gongkai::render::download::{Downloads, columns, csv, datapackage, dataset, json, xlsx};
use gongkai::render::page::SiteView;
use gongkai::render::theme::Theme;
use gongkai::standard::Standard;
use gongkai::{render, standard};

fn pipeline(criterion: &mut Criterion) {
    let mut faults = Diagnostics::default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = discover(root, &mut faults).expect("the reference site");
    let theme = Theme::load(&site.disk, &mut faults).expect("the templates");
    let view = SiteView::new(&site.config);
    let rules = Rules::new(&site.config);
    let place = &site.disclosures[0];
    let draft = folder::load(&site.disk, place, &mut faults);
    let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
    let form = standard::load(&site.standards, &name, &mut faults).expect("the standard");
    let form = Arc::new(form);
    let disclosure = check::check(&draft, &form, &rules, &mut faults).expect("the disclosure");
    let renderer = render::Site {
        theme: &theme,
        view: &view,
        draft: false,
    };
    assert!(!faults.has_errors(), "the reference site has no error");

    criterion.bench_function("standard", |bench| {
        bench.iter(|| {
            black_box(standard::load(
                &site.standards,
                &name,
                &mut Diagnostics::default(),
            ))
        });
    });
    criterion.bench_function("load", |bench| {
        bench.iter(|| black_box(folder::load(&site.disk, place, &mut Diagnostics::default())));
    });
    criterion.bench_function("check", |bench| {
        bench.iter(|| {
            black_box(check::check(
                &draft,
                &form,
                &rules,
                &mut Diagnostics::default(),
            ))
        });
    });
    downloads(criterion, &disclosure, &form, &view);
    criterion.bench_function("render", |bench| {
        bench.iter(|| {
            let pages = render::disclosure(
                &renderer,
                disclosure.clone(),
                &form,
                false,
                &mut Diagnostics::default(),
            );
            black_box(pages)
        });
    });
}

/// Each format of the downloads.
fn downloads(
    criterion: &mut Criterion,
    disclosure: &Disclosure,
    standard: &Standard,
    view: &SiteView,
) {
    let titles = disclosure.title_values();
    let made = Downloads::new(disclosure, standard, view, false, false);
    criterion.bench_function("downloads", |bench| {
        bench.iter(|| black_box(Downloads::new(disclosure, standard, view, false, false)));
    });
    criterion.bench_function("downloads/csv", |bench| {
        bench.iter(|| {
            for table in &disclosure.tables {
                for (form, block) in table.form.blocks.iter().zip(&table.blocks) {
                    black_box(csv::write(form, block, &columns::columns(form, &titles)));
                }
            }
        });
    });
    criterion.bench_function("downloads/xlsx", |bench| {
        bench.iter(|| black_box(xlsx::write(disclosure, false)));
    });
    criterion.bench_function("downloads/json", |bench| {
        bench.iter(|| black_box(json::write(disclosure, standard, &made.tables)));
    });
    criterion.bench_function("downloads/descriptions", |bench| {
        bench.iter(|| {
            black_box(datapackage::write(disclosure, &made, view));
            black_box(dataset::write(disclosure, &made, view));
        });
    });
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
