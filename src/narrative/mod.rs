//! The engine of narratives: functions that templates call over the cells of the disclosure at hand.
//!
//! A standard compiles its sections with it once; the check renders them for each disclosure.

mod arithmetic;
pub(crate) mod functions;
mod scope;

pub(crate) use arithmetic::{Change, Clause, Quantity, change, quantity};
pub(crate) use functions::compiles;
pub(crate) use scope::{Bound, Operand, Scope, look_up, text_mark};
