//! Whether the data alone tells that the pages of a site will be sound.
//!
//! A check makes no pages. What can be wrong with one beside its data is a link that leads nowhere, a template of the
//! site's own, or a static file in the place of a page. Links of figures are known when the standard and the sentences
//! are read; of links that an author has typed the plain ones are known here. Where anything else stands, the pages have
//! to be made and looked at as a build does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::names;
use crate::diagnostic::Diagnostics;
use crate::file_name::seen;
use crate::load::discover::{DisclosureFolder, Site};
use crate::markdown;
use crate::model::disclosure::{Disclosure, row_anchor};
use crate::model::table::Table;
use crate::render::{self, has_page};
use crate::standard::{PartContent, Standard};
use crate::write::tree::{SEARCH, Tree};

/// Whether pages need not be made to know that they will be sound. It holds until something is seen that does not tell.
pub struct Certain<'a> {
    renderer: &'a render::Site<'a>,
    holds: AtomicBool,
}

impl<'a> Certain<'a> {
    /// Of the templates and static files of a site.
    pub fn new(site: &Site, renderer: &'a render::Site<'a>) -> Self {
        let holds = renderer.theme.is_built_in() && !statics_may_meet(site, renderer);
        Self {
            renderer,
            holds: AtomicBool::new(holds),
        }
    }

    /// Whether it still holds.
    pub fn holds(&self) -> bool {
        self.holds.load(Ordering::Relaxed)
    }

    /// Looks at what is written in a disclosure.
    pub fn look(&self, disclosure: &Disclosure, standard: &Standard) {
        if self.holds() && !self.leads(disclosure, standard) {
            self.holds.store(false, Ordering::Relaxed);
        }
    }

    /// Whether every link surely leads somewhere.
    fn leads(&self, disclosure: &Disclosure, standard: &Standard) -> bool {
        let has_part = |content| standard.parts.iter().any(|part| part.content == content);
        // Without these parts the page of the whole document has no place for the figures of the others.
        let whole = has_part(PartContent::Tables) && has_part(PartContent::Narrative);
        let overview = disclosure.overview.iter().map(|source| &*source.text);
        let sections = disclosure.narrative.sections.iter();
        let terms = standard.glossary.iter();
        let mut texts = overview
            .chain(sections.map(|section| &*section.markdown))
            .chain(terms.map(|term| &*term.markdown));
        let leads = |address: String| self.leads_somewhere(&address, disclosure, standard);
        whole && texts.all(|text| markdown::addresses(text).into_iter().all(leads))
    }

    fn leads_somewhere(&self, address: &str, disclosure: &Disclosure, standard: &Standard) -> bool {
        let elsewhere = ["http://", "https://", "mailto:", "tel:"];
        if elsewhere.iter().any(|scheme| address.starts_with(scheme)) {
            return !address.ends_with('#');
        }
        if address.contains(['?', '%', '&', '\\']) {
            return false;
        }
        let Some((page, place)) = address.split_once('#') else {
            return has_page(address, disclosure, standard, self.renderer.view)
                || self.is_static(address);
        };
        let mut tables = disclosure.tables.iter();
        tables
            .find(|table| table.form.page() == page)
            .is_some_and(|table| has_place(table, place))
    }

    /// Whether an address as seen from a disclosure is that of a static file.
    fn is_static(&self, address: &str) -> bool {
        let path = address.strip_prefix("../../");
        let mut statics = self.renderer.theme.statics().iter();
        path.is_some_and(|path| statics.any(|file| file.own && file.path == path))
    }
}

/// Whether a table has a row or cell of this anchor.
fn has_place(table: &Table, place: &str) -> bool {
    let mut blocks = table.form.blocks.iter().zip(&table.blocks);
    blocks.any(|(form, block)| {
        block.rows.iter().any(|row| {
            let rest = place.strip_prefix(&*row_anchor(&form.id, &row.id));
            let mut columns = form.columns.iter().filter(|column| column.is_addressed());
            rest.is_some_and(|rest| match rest.strip_prefix('.') {
                Some(id) => columns.any(|column| *column.id == *id),
                None => rest.is_empty(),
            })
        })
    })
}

/// Whether a static file may stand where a page does.
fn statics_may_meet(site: &Site, renderer: &render::Site<'_>) -> bool {
    let mut pages = BTreeSet::new();
    let named = render::site(
        renderer,
        &[],
        &|_| [].into(),
        &mut Diagnostics::default(),
        &mut |path, _, _| {
            pages.insert(path.to_owned());
            Ok(())
        },
    );
    let mut met = Diagnostics::default();
    names::check(renderer.theme, &pages, &Tree::default(), &mut met);
    let entities = site.disclosures.iter().map(DisclosureFolder::name);
    let first = |path: &str| path.split('/').next().map(seen);
    let mut folders: BTreeSet<_> = entities.filter_map(|name| first(&name)).collect();
    folders.extend(first(SEARCH));
    let own = renderer.theme.statics().iter().filter(|file| file.own);
    let mut tops = own.filter_map(|file| first(&file.path));
    // Feed and site map are there only where something is published.
    named.is_err()
        || !met.is_empty()
        || tops.any(|top| folders.contains(&top) || top.contains(".xml"))
}
