//! A disclosure as checked: no YAML, no HTML, no files.

pub mod amount;
pub mod chart;
