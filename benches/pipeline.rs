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
use gongkai::render::page::SiteView;
use gongkai::render::theme::Theme;
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
    criterion.bench_function("render", |bench| {
        bench.iter(|| {
            let pages = render::disclosure(
                &renderer,
                disclosure.clone(),
                &form,
                &mut Diagnostics::default(),
            );
            black_box(pages)
        });
    });
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
