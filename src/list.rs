//! `list`: what a site has: its disclosures, the standard and status of each, how many tables are filled.

use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::Diagnostics;
use crate::error::Error;
use crate::load::discover::{DisclosureFolder, Site, discover};
use crate::load::folder;
use crate::pipeline::standards::Standards;

/// One disclosure of a site. What cannot be understood is empty; `gongkai check` says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Folder of the entity below `data/`.
    pub entity: String,
    /// Its name.
    pub name: Option<String>,
    /// Folder of the disclosure, `2025-budget`.
    pub disclosure: String,
    /// The standard that it names.
    pub standard: Option<String>,
    /// `draft`, `review` or `approved`.
    pub status: Option<&'static str>,
    /// Tables with a figure, or with the reason why they have none.
    pub filled: usize,
    /// Tables of the standard.
    pub tables: Option<usize>,
}

/// Looks at every disclosure of a site, in the order of their folders.
///
/// # Errors
/// When the root is no site or cannot be read.
pub fn list(root: &Path) -> Result<Vec<Item>, Error> {
    let site = discover(root, &mut Diagnostics::default())?;
    let rules = Rules::new(&site.config);
    let standards = Standards::new(&site.standards);
    let places = site.disclosures.par_iter();
    Ok(places
        .map(|place| item(&site, place, &standards, &rules))
        .collect())
}

fn item(site: &Site, place: &DisclosureFolder, standards: &Standards<'_>, rules: &Rules) -> Item {
    let mut found = Diagnostics::default();
    let draft = folder::load(&site.disk, place, &mut found);
    let named = check::standard_of(&draft, &mut found);
    let standard = named
        .as_ref()
        .and_then(|(name, source, place)| standards.get(name, source, *place, &mut found));
    let checked = standard
        .as_ref()
        .and_then(|standard| check::check(&draft, standard, rules, &mut found));
    let filled = checked.iter().flat_map(|disclosure| &disclosure.tables);
    Item {
        entity: place.entity_id.to_string(),
        name: check::entity(&draft, &mut found).map(|entity| entity.name),
        disclosure: format!("{}-{}", place.year, place.kind.slug()),
        standard: named.map(|(name, ..)| name),
        status: checked.as_ref().map(|disclosure| disclosure.status.slug()),
        filled: filled
            .filter(|table| table.has_figures() || table.no_data.is_some())
            .count(),
        tables: standard
            .filter(|standard| !standard.gaps.faulty)
            .map(|standard| standard.tables.len()),
    }
}
