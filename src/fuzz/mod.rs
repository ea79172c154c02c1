//! Parsers fed with what nobody writes: seeds of `tests/fuzz/seeds`, altered in ways that follow from a number.
//!
//! `docs/testing.md` says how to run it longer. An input that ever failed becomes a seed.

mod books;
mod sites;
mod texts;

use std::cell::Cell;
use std::fmt::Debug;
use std::fs;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Every so many executions an input is taken twice, and must give the same.
const TWICE: u64 = 16;

/// No input takes longer, which is a thousand times what these take.
const LONGEST: Duration = Duration::from_secs(10);

/// Seeds are no larger, in bytes.
const LARGEST: usize = 64 * 1024;

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
    b"(",
    b")",
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
    b"*",
    b"@",
    b"=",
    b"://",
    b"0",
    b"79228162514264337593543950335",
    b"0.0000000000000000000000000001",
    b"999999999999999999999999999999",
    b"4294967296",
    b"1e9",
    b"2026-02-29",
    b"-",
    b".",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\0\0\0\x80",
    b"\xef\xbb\xbf",
    "　".as_bytes(),
    "，".as_bytes(),
    "：".as_bytes(),
    "\u{202e}".as_bytes(),
    b"../",
    b"%2e",
];

/// A parser, and what it is fed with.
struct Target {
    name: &'static str,
    /// Executions in a plain run of the tests; `GONGKAI_FUZZ` asks for a multiple.
    executions: u64,
    /// What it may hold in memory at once, in MiB.
    memory: u64,
    seeds: fn() -> Vec<Vec<u8>>,
    parse: fn(&[u8]) -> Told,
}

/// What came of an input, to be held against what comes of it another time.
type Told = Box<dyn Debug>;

fn told(value: impl Debug + 'static) -> Told {
    Box::new(value)
}

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

/// One seed with one to five alterations.
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
            3 if random.below(4) == 0 => bytes.truncate(at),
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

/// A path of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder of the repository, by name; none where nothing has failed yet.
fn seeds(folder: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(repository(folder)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a seed").path()).collect();
    paths.sort();
    let all = paths.into_iter();
    let all = all.map(|path| fs::read(path).expect("a seed"));
    all.filter(|bytes| bytes.len() <= LARGEST).collect()
}

/// Feeds a target: first its seeds, then what is altered of them. No input may panic, take long, hold much memory, or
/// give another result the second time.
fn feed(target: &Target) {
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{}", target.name);
    let times = std::env::var("GONGKAI_FUZZ").ok();
    let times: u64 = times.and_then(|number| number.parse().ok()).unwrap_or(1);
    let executions = target.executions.saturating_mul(times);
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ executions);
    let (started, mut largest, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    for at in 0..executions {
        let whole = usize::try_from(at).ok().and_then(|at| seeds.get(at));
        let bytes = whole
            .cloned()
            .unwrap_or_else(|| altered(&seeds, &mut random));
        let begun = Instant::now();
        let (result, memory) = parsed(target, &bytes);
        let took = begun.elapsed();
        (largest, slowest) = (largest.max(memory), slowest.max(took));
        let fault = match result {
            None => Some("panicked"),
            Some(_) if took > LONGEST => Some("took too long"),
            Some(_) if memory > target.memory << 20 => Some("took too much memory"),
            Some(first) if at % TWICE == 0 => {
                let second = parsed(target, &bytes).0;
                let same =
                    second.is_some_and(|second| format!("{second:?}") == format!("{first:?}"));
                (!same).then_some("gave another result the second time")
            }
            Some(_) => None,
        };
        if let Some(fault) = fault {
            let kept = std::env::temp_dir().join(format!("gongkai-fuzz-{}-{at}", target.name));
            fs::write(&kept, &bytes).expect("room for the input");
            panic!(
                "{}: execution {at} {fault} ({took:?}, {memory} bytes); its input is {}",
                target.name,
                kept.display()
            );
        }
    }
    if times > 1 {
        // Past the capture of the tests: the figures are what the run is for.
        let _ = writeln!(
            std::io::stderr(),
            "| {} | {executions} | {} | {} | {} |",
            target.name,
            started.elapsed().as_secs(),
            slowest.as_millis(),
            largest >> 10,
        );
    }
}

/// What a target makes of an input, `None` when it panics, and the most that it held in memory, in bytes.
fn parsed(target: &Target, bytes: &[u8]) -> (Option<Told>, u64) {
    let result = Cell::new(None);
    let memory = allocation_counter::measure(|| {
        let parse = AssertUnwindSafe(|| (target.parse)(bytes));
        result.set(catch_unwind(parse).ok());
    });
    (result.into_inner(), memory.bytes_max)
}

/// One test for each target.
macro_rules! targets {
    ($($name:ident: $executions:literal, $memory:literal, $seeds:expr, $parse:expr;)*) => {
        $(#[test]
        fn $name() {
            super::feed(&super::Target {
                name: stringify!($name),
                executions: $executions,
                memory: $memory,
                seeds: $seeds,
                parse: $parse,
            });
        })*
    };
}
use targets;
