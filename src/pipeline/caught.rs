//! A fault of the program itself, kept where it happened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::Error;

/// Does `work` of which `place` is the matter. What panics in it, told by the hook of the process, becomes an error:
/// it ends this run with the name of the matter, and not the program.
///
/// # Errors
/// Those of `work`, and [`Error::of_program`].
pub fn caught<T>(place: &Path, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::of_program(place)))
}
