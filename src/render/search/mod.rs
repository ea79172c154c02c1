//! The search: a static index that the pages' own script reads, in the browser alone.
//!
//! One shard a disclosure ([`shard`]), and for the site the list of disclosures with what tells which
//! shards can match a query ([`site`]). All are scripts that hand their data to `static/script/search.js`, for a
//! page opened from a folder may load scripts and nothing else.

mod fold;
mod literal;
pub mod shard;
mod signature;
pub mod site;

/// A text of several lines in one, as the script shows it.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\t'], " ")
}
