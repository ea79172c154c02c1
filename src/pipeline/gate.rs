//! What keeps a site from being written.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::disclosure::{Disclosure, Status};
use crate::say;

/// What may be published.
#[derive(Clone, Copy)]
pub struct Gate {
    /// Every page is marked as a draft, and so may have errors.
    pub draft: bool,
    /// Everything must be approved and clean.
    pub release: bool,
    /// Warnings weigh like errors that nothing lets pass.
    pub strict: bool,
}

impl Gate {
    /// Whether a disclosure keeps the site from being written. Reports `release-status`.
    pub fn refuses(self, disclosure: &Disclosure, found: &mut Diagnostics) -> bool {
        let approved = disclosure.status == Status::Approved;
        if self.release && !approved {
            let (word, status) = (disclosure.status.word(), disclosure.status.slug());
            found.push(
                Diagnostic::finding(
                    "release-status",
                    Severity::Error,
                    &disclosure.head.source,
                    disclosure.head.place,
                    say!("还没有批准（{word}），不能发布", "not approved ({status})"),
                )
                .hint(say!(
                    "批准后把 status 改成 approved；先看样子就不加 --release",
                    "set `status: approved` once it is; leave --release out for a preview"
                )),
            );
        }
        self.refuses_with(disclosure.status, found)
    }

    /// Likewise, without a word on the status.
    pub fn refuses_with(self, status: Status, found: &Diagnostics) -> bool {
        let clean = self.release || status == Status::Approved && !self.draft;
        self.refuses_any(found) || clean && found.has_errors()
    }

    /// Likewise for what belongs to no disclosure.
    pub fn refuses_site(self, found: &Diagnostics) -> bool {
        self.refuses_any(found) || !self.draft && found.has_errors()
    }

    /// What not even a draft may have.
    pub fn refuses_any(self, found: &Diagnostics) -> bool {
        found.has_faults() || self.strict && found.has_warnings()
    }
}
