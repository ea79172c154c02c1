//! Parsers fed with what nobody writes: seeds of `tests/fuzz/seeds`, altered in ways that follow from a number.
//!
//! `docs/testing.md` says how to run it longer. An input that ever failed becomes a seed.

use std::fs;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::diagnostic::Diagnostics;
use crate::import::exported::Export;
use crate::import::workbook;
use crate::model::amount::{Amount, MoneyUnit, grouped, percent_at, read_number};
use crate::model::selector::{Selector, is_id};
use crate::narrative::functions::templates;
use crate::source::{Source, SourceFile};
use crate::{load, markdown, write, yaml};

/// Executions of each target in a plain run of the tests; `GONGKAI_FUZZ` asks for others.
const EXECUTIONS: u64 = 2_000;

/// Bytes that parsers look for.
const TELLING: &[&[u8]] = &[
    b"{{",
    b"{%",
    b"%}",
    b"}}",
    b"[",
    b"]",
    b"{",
    b"}",
    b": ",
    b"- ",
    b"&a",
    b"*a",
    b"|\n",
    b"\"",
    b"'",
    b"\\",
    b"\n",
    b"\r",
    b"\t",
    b"\0",
    b"<",
    b">",
    b"</",
    b"&#x202e;",
    b"`",
    b"#",
    b",",
    b"999999999999999999999999999999",
    b"1e9",
    b"-",
    b".",
    b"\xff",
    b"\xef\xbb\xbf",
    "　".as_bytes(),
    "，".as_bytes(),
    "\u{202e}".as_bytes(),
    b"../",
    b"%2e",
];

/// Numbers that follow from a seed (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).expect("small")).expect("below")
    }
}

/// One seed with one to four alterations.
fn altered(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(16)).min(bytes.len());
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => bytes.truncate(at),
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                let piece = other[from..(from + random.below(64)).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            5 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).expect("a byte"),
            _ => {
                let piece = TELLING[random.below(TELLING.len())].iter().copied();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

fn seeds(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder of seeds");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a seed").path()).collect();
    paths.sort();
    let small = paths
        .into_iter()
        .map(|path| fs::read(path).expect("a seed"));
    small.filter(|bytes| bytes.len() <= 64 * 1024).collect()
}

/// Feeds a target for as many executions as are asked for, a part of them in a plain run (`share` in 100). No input
/// may panic, or take longer than ten seconds, which is a thousand times what these take.
fn feed(name: &str, folder: &str, share: u64, target: fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seeds = seeds(&root.join(folder));
    let asked = std::env::var("GONGKAI_FUZZ").ok();
    let asked = asked.and_then(|number| number.parse().ok());
    let executions = asked.unwrap_or(EXECUTIONS) * share / 100;
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ executions);
    for at in 0..executions {
        let whole = usize::try_from(at).ok().and_then(|at| seeds.get(at));
        let bytes = whole
            .cloned()
            .unwrap_or_else(|| altered(&seeds, &mut random));
        let started = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| target(&bytes)));
        let late = started.elapsed() > Duration::from_secs(10);
        if done.is_err() || late {
            let kept = std::env::temp_dir().join(format!("gongkai-fuzz-{name}-{at}"));
            fs::write(&kept, &bytes).expect("room for the input");
            panic!(
                "{name}: execution {at} failed; its input is {}",
                kept.display()
            );
        }
    }
}

fn source(bytes: &[u8]) -> Source {
    Source::new(SourceFile {
        path: "fuzz.md".to_owned(),
        text: String::from_utf8_lossy(bytes).into_owned(),
    })
}

macro_rules! targets {
    ($($name:ident, $folder:literal, $share:literal, $target:expr;)*) => {
        $(#[test]
        fn $name() {
            feed(stringify!($name), $folder, $share, $target);
        })*
    };
}

targets! {
    yaml_files, "tests/fuzz/seeds/yaml", 100, |bytes| {
        black_box(yaml::parse(&source(bytes), &mut Diagnostics::default()));
    };
    settings, "tests/fuzz/seeds/settings", 100, |bytes| {
        black_box(load::config::read(&source(bytes), &mut Diagnostics::default()));
    };
    texts, "tests/fuzz/seeds/markdown", 100, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        black_box((markdown::faults(&text), markdown::entities(&text), markdown::addresses(&text)));
        black_box((markdown::texts(&text), markdown::to_html(&text, 1, &mut |_| String::new())));
        black_box(markdown::to_text(&text, &mut |_| String::new()));
    };
    narratives, "tests/fuzz/seeds/narrative", 100, |bytes| {
        black_box(templates(&[source(bytes)], &mut Diagnostics::default()));
    };
    selectors, "tests/fuzz/seeds/selector", 100, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        black_box(is_id(&text));
        if let Some(selector) = Selector::new(&text) {
            let again = Selector::new(&selector.to_string());
            assert_eq!(again.map(|again| again.to_string()), Some(selector.to_string()), "{text}");
        }
    };
    numbers, "tests/fuzz/seeds/number", 100, |bytes| {
        let Ok(written) = read_number(&String::from_utf8_lossy(bytes)) else { return };
        let amount = Amount::new(written.value, MoneyUnit::WanYuan);
        for unit in [MoneyUnit::Yuan, MoneyUnit::WanYuan, MoneyUnit::YiYuan] {
            black_box(amount.in_unit(unit).map(Amount::to_text));
        }
        for scale in [0, 2, 28, 29] {
            black_box(grouped(amount.rounded(scale).value()));
            black_box(percent_at(written.value, written.value, scale));
        }
        black_box((amount.plus(amount), amount.minus(amount), amount.percent_of(amount)));
    };
    workbooks, "tests/cases/import", 10, |bytes| {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["book.xlsx", "book.csv"] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("room");
            let _ = black_box(workbook::read(&path));
        }
    };
    manifests, "tests/fuzz/seeds/manifest", 50, |bytes| {
        if let Ok(manifest) = write::manifest::parse(bytes) {
            black_box((manifest.agrees(), manifest.tree()));
        }
    };
    exports, "tests/fuzz/seeds/data", 20, |bytes| {
        let _ = black_box(Export::read("data.json", &String::from_utf8_lossy(bytes)));
    };
}
