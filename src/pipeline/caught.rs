//! A fault of the program itself, kept where it happened.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use crate::error::Error;
use crate::packed::Damaged;

/// Does `work` of which `place` is the matter. What panics in it, told by the hook of the process, becomes an error:
/// it ends this run with the name of the matter, and not the program.
///
/// # Errors
/// Those of `work`, and [`Error::of_program`].
pub fn caught<T>(place: &Path, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|cause| {
        if cause.is::<Damaged>() {
            resume_unwind(cause);
        }
        Err(Error::of_program(place))
    })
}

/// Does `work` with what the last run has left, and without where that turns out to be damaged.
///
/// # Errors
/// Those of `work`.
pub fn with_or_without<T>(work: impl Fn(bool) -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(|| work(true))).unwrap_or_else(|cause| {
        if cause.is::<Damaged>() {
            return work(false);
        }
        resume_unwind(cause)
    })
}
