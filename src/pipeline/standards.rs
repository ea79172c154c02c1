//! The standards of a site, each loaded when first named.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::digest::{Digest, Parts};
use crate::load::discover;
use crate::source::{Place, Source};
use crate::standard::files::{Library, unknown};
use crate::standard::{self, Standard, Term};

type Loaded = (Option<Arc<Standard>>, Diagnostics);

/// Every fault of the standards of a site, whether a disclosure follows them or not: for commands that look at no
/// disclosure.
#[must_use]
pub fn of_site(root: &Path) -> Diagnostics {
    let mut found = Diagnostics::default();
    let library = discover::library(root, &mut found);
    let standards = Standards::new(&library);
    standards.load_others(|_, _| false);
    standards.report(&mut found);
    found
}

/// The standards of a site, each loaded when first named.
pub struct Standards<'a> {
    library: &'a Library,
    loaded: BTreeMap<String, OnceLock<Loaded>>,
    digests: BTreeMap<String, OnceLock<Option<Digest>>>,
}

impl<'a> Standards<'a> {
    pub fn new(library: &'a Library) -> Self {
        Self {
            library,
            digests: library
                .ids()
                .map(|id| (id.to_owned(), OnceLock::new()))
                .collect(),
            loaded: library
                .ids()
                .map(|id| (id.to_owned(), OnceLock::new()))
                .collect(),
        }
    }

    /// A standard by name, as far as it can be read. Reports `standard-unknown`; faults inside the standard come with
    /// [`Standards::report`], once.
    pub fn get(
        &self,
        name: &str,
        source: &Source,
        place: Place,
        diagnostics: &mut Diagnostics,
    ) -> Option<Arc<Standard>> {
        let Some(slot) = self.loaded.get(name) else {
            diagnostics.push(unknown(name, self.library, source, place));
            return None;
        };
        self.load(name, slot).0.clone()
    }

    /// Loads a standard that will be named.
    pub fn prepare(&self, name: &str) {
        self.loaded.get(name).map(|slot| self.load(name, slot));
    }

    /// The glossary of a standard; empty where it cannot be read.
    pub fn glossary(&self, name: &str) -> Arc<[Term]> {
        let slot = self.loaded.get(name).map(|slot| self.load(name, slot));
        let standard = slot.and_then(|(standard, _)| standard.as_ref());
        standard
            .map(|standard| Arc::clone(&standard.glossary))
            .unwrap_or_default()
    }

    fn load<'s>(&self, name: &str, slot: &'s OnceLock<Loaded>) -> &'s Loaded {
        slot.get_or_init(|| {
            let mut faults = Diagnostics::default();
            let standard = standard::load_partly(self.library, name, &mut faults);
            (standard.map(Arc::new), faults)
        })
    }

    /// Of the files of a standard and of those it extends, names and texts; `None` when it is not complete.
    pub fn digest(&self, name: &str) -> Option<Digest> {
        *self.digests.get(name)?.get_or_init(|| {
            let files = self.library.files(name, &mut Diagnostics::default())?;
            let mut parts = Parts::default();
            for (path, file) in files.all() {
                parts.add(path).add(&file.path).add_text(&file.text);
            }
            Some(parts.finish())
        })
    }

    /// Loads every standard that no disclosure has named, so that its faults are reported too. What is built in and what
    /// is `known` to be as it was when it had none is left out.
    pub fn load_others(&self, known: impl Fn(&str, &Digest) -> bool) {
        for (name, slot) in &self.loaded {
            if slot.get().is_some() || self.library.is_built_in(name) {
                continue;
            }
            if !self.digest(name).is_some_and(|digest| known(name, &digest)) {
                self.load(name, slot);
            }
        }
    }

    pub fn report(self, diagnostics: &mut Diagnostics) {
        for slot in self.loaded.into_values() {
            if let Some((_, faults)) = slot.into_inner() {
                diagnostics.append(faults);
            }
        }
    }
}
