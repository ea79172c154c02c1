//! Import: what a spreadsheet shows -> table files that load accepts.

pub mod workbook;
