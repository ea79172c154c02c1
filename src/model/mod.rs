//! A disclosure as checked: no YAML, no HTML, no files.

pub mod address;
pub mod amount;
pub mod catalog;
pub mod chart;
pub mod classification;
pub mod coordinates;
pub mod correction;
pub mod disclosure;
pub mod form;
pub mod glossary;
pub mod narrative;
pub mod proof;
pub mod selector;
pub mod sheet;
pub mod table;
pub mod title;
