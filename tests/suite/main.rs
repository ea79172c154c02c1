//! The test program: one module per command or topic.

#![allow(missing_docs, reason = "tests speak through their names")]

mod docs;
mod smoke;
mod support;
