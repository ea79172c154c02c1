//! The test program: one module per command or topic.

#![allow(missing_docs, reason = "tests speak through their names")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "the numbers of tests are short"
)]

mod agree;
mod archive;
mod attached;
mod book;
mod checks;
mod decimals;
mod deploying;
mod corrections;
mod determinism;
mod diff;
mod docs;
mod downloads;
mod explain;
mod faults;
mod findings;
mod follow;
mod formats;
mod golden;
#[cfg(unix)]
mod guard;
mod holes;
mod import;
mod incremental;
mod lines;
mod links;
mod lossless;
mod locality;
mod manual;
mod mutation;
mod names;
mod narrative;
mod pages;
mod parsed;
mod prose;
mod publishing;
mod reference;
mod safety;
mod scalars;
mod schema;
mod search;
mod second;
mod serve;
mod smoke;
mod start;
mod sums;
mod support;
#[cfg(unix)]
mod told;
mod tutorial;
mod verify;
#[cfg(unix)]
mod whole;
mod wording;
mod workbook;
