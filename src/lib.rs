//! gongkai (公开): a static site generator for public budget disclosure.
//!
//! The pipeline, and the module of each stage:
//!
//! ```text
//! discover, load    disk -> Draft                     load
//! check             Draft + Standard -> Disclosure    check (standard, model)
//! render            Disclosure -> Page                render
//! write, publish    Page -> files, then one swap      write
//! ```
//!
//! A disclosure (one entity, one year, one kind) is the unit of work: [`pipeline`] runs the stages
//! for each on its own thread and keeps only a catalog entry of it.

pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod embedded;
pub mod error;
pub mod load;
pub mod model;
pub mod pipeline;
pub mod render;
pub mod source;
pub mod standard;
pub mod write;

mod markdown;
mod template;
