//! The test program: one module per command or topic.

#![allow(missing_docs, reason = "tests speak through their names")]

mod docs;
mod golden;
mod pages;
mod second;
mod smoke;
mod support;
