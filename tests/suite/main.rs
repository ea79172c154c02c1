//! The test program: one module per command or topic.

#![allow(missing_docs, reason = "tests speak through their names")]

mod faults;
mod smoke;
mod support;
