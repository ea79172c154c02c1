//! gongkai (公开): a static site generator for public budget disclosure.
//!
//! The pipeline, and the module of each stage:
//!
//! ```text
//! discover, load    disk -> Draft                     load (yaml)
//! check             Draft + Standard -> Disclosure    check (standard, narrative, model)
//! render            Disclosure -> Page                render
//! write, publish    Page -> files, then one swap      write
//! ```
//!
//! A disclosure (one entity, one year, one kind) is the unit of work: [`pipeline`] runs the stages
//! for each on its own thread and keeps only a catalog entry of it.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::disallowed_methods,
        reason = "the numbers of tests are short"
    )
)]

pub mod characters;
pub mod source;
pub mod language;
pub mod explain;
pub mod diagnostic;
pub mod error;
pub mod file_name;
pub mod embedded;
pub mod digest;
pub mod held;
pub mod lay;
pub mod packed;
pub mod cache;
pub mod model;
pub mod yaml;
mod sentences;
mod markdown;
mod template;
mod narrative;
pub mod standard;
pub mod load;
pub mod check;
pub mod render;
pub mod lint;
pub mod write;
pub mod verify;
pub mod pipeline;
pub mod watch;
pub mod serve;
pub mod diff;
pub mod schema;
pub mod init;
pub mod list;
pub mod skeleton;
pub mod import;
pub mod cli;
#[cfg(test)]
mod fuzz;
