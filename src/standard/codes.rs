//! Code lists of a standard (`codes/*.csv`): names by code, and pairs of codes.

use std::collections::{HashMap, HashSet};

use super::files::StandardFiles;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::say;
use crate::source::{Place, Source};

/// Two codes, or a code and its name.
pub type Pair = (Box<str>, Box<str>);

/// The code lists of a standard.
#[derive(Debug, Default)]
pub struct Codes {
    names: HashMap<String, HashMap<Box<str>, Box<str>>>,
    pairs: HashMap<String, HashSet<Pair>>,
}

impl Codes {
    /// The names of a list by code, if the standard has the list.
    #[must_use]
    pub fn names(&self, list: &str) -> Option<&HashMap<Box<str>, Box<str>>> {
        self.names.get(list)
    }

    /// The pairs of a list, if the standard has it.
    #[must_use]
    pub fn pairs(&self, list: &str) -> Option<&HashSet<Pair>> {
        self.pairs.get(list)
    }

    /// Whether any list of pairs has these two.
    #[must_use]
    pub fn go_together(&self, left: &str, right: &str) -> bool {
        let pair: Pair = (left.into(), right.into());
        self.pairs.values().any(|pairs| pairs.contains(&pair))
    }
}

/// Reads every list. A file with the columns `code,name` gives names, any other two columns give
/// pairs. Reports `code-list` for a line that is neither.
pub fn read(files: &StandardFiles, diagnostics: &mut Diagnostics) -> Codes {
    let mut codes = Codes::default();
    for (path, source) in &files.files {
        let Some(list) = path
            .strip_prefix("codes/")
            .and_then(|name| name.strip_suffix(".csv"))
        else {
            continue;
        };
        let rows = rows(source, diagnostics);
        let is_names = source.text.starts_with("code,name");
        if is_names {
            codes
                .names
                .insert(list.to_owned(), rows.into_iter().collect());
        } else {
            codes
                .pairs
                .insert(list.to_owned(), rows.into_iter().collect());
        }
    }
    codes
}

/// The first two cells of every line below the heading.
fn rows(source: &Source, diagnostics: &mut Diagnostics) -> Vec<Pair> {
    let mut rows = Vec::new();
    for (at, line) in source.text.lines().enumerate().skip(1) {
        if line.trim().is_empty() {
            continue;
        }
        let mut cells = line.split(',').map(str::trim);
        match (cells.next(), cells.next()) {
            (Some(left), Some(right)) if !left.is_empty() && !left.contains('"') => {
                rows.push((left.into(), right.into()));
            }
            _ => diagnostics.push(
                Diagnostic::error(
                    "code-list",
                    source,
                    Place {
                        line: u32::try_from(at + 1).unwrap_or(u32::MAX),
                        column: 1,
                        width: 1,
                    },
                    say!("这一行不是两格", "this line does not have two cells"),
                )
                .hint(say!(
                    "写成 编码,名称；不用引号",
                    "write code,name without quotes"
                )),
            ),
        }
    }
    rows
}
