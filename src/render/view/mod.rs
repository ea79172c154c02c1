//! One file per kind of page: what its template knows.

pub mod checks;
pub mod corrections;
pub mod disclosure;
pub mod downloads;
pub mod sheet;
pub mod site;
pub mod table;
pub mod tally;
