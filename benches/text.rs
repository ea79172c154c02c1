//! The text checks over built pages, in bytes a second.

#![allow(missing_docs, reason = "the macro of the benchmark harness has none")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gongkai::check::text::{Rules, rendered};
use gongkai::load::config::Config;
use gongkai::pipeline::{self, BuildOptions};

fn text(criterion: &mut Criterion) {
    let output = tempfile::TempDir::new().expect("a temporary folder");
    let options = BuildOptions {
        root: Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(),
        output: Some(output.path().join("public")),
        ..BuildOptions::default()
    };
    pipeline::build(&options, &()).expect("the reference site");
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(output.path()).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        if entry.path().extension().is_some_and(|end| end == "html") {
            let name = entry.path().to_string_lossy().into_owned();
            files.push((name, std::fs::read(entry.path()).expect("a page")));
        }
    }
    let rules = Rules::new(&Config::default());
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut group = criterion.benchmark_group("text");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("rendered", |bench| {
        bench.iter(|| {
            for (name, bytes) in &files {
                black_box(rendered(name, bytes, &rules));
            }
        });
    });
    group.finish();
    for (name, bytes) in &files {
        assert_eq!(rendered(name, bytes, &rules), [], "{name}");
    }
}

criterion_group!(benches, text);
criterion_main!(benches);
