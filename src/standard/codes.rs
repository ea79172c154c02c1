//! Code lists of a standard (`codes/*.csv`): names by code, and pairs of codes.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::files::{CODES, StandardFiles};
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::say;
use crate::source::{Place, Source};

/// Two codes, or a code and its name.
pub type Pair = (Box<str>, Box<str>);

/// Heading of a list of names.
const NAMES: [&str; 2] = ["code", "name"];

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
/// pairs. A list adds to those of the same name that it is laid over: a code that both have takes the
/// name of the upper one.
///
/// Reports `code-list` for a line that is neither, for a code that a file has twice under two names,
/// and for a file without a heading.
/// A file with such a line makes the list one that is not known as a whole: its name is added to `gaps` as `codes.<list>`.
pub fn read(
    files: &StandardFiles,
    gaps: &mut BTreeSet<Box<str>>,
    diagnostics: &mut Diagnostics,
) -> Codes {
    let mut codes = Codes::default();
    for (path, source) in &files.codes {
        let list = path.strip_prefix(CODES);
        let Some(list) = list.and_then(|name| name.strip_suffix(".csv")) else {
            continue;
        };
        let before = diagnostics.as_slice().len();
        let mut reader = Reader {
            source,
            diagnostics,
        };
        match reader.heading() {
            None => {}
            Some(NAMES) => {
                let names = codes.names.entry(list.to_owned()).or_default();
                names.extend(reader.names());
            }
            Some(_) => {
                let pairs = codes.pairs.entry(list.to_owned()).or_default();
                pairs.extend(reader.rows().into_iter().map(|(_, pair)| pair));
            }
        }
        if diagnostics.as_slice().len() > before {
            gaps.insert(format!("codes.{list}").into());
        }
    }
    codes
}

/// One file, and where to report.
struct Reader<'a> {
    source: &'a Source,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Reader<'a> {
    /// The two words of the first line; a code there would be lost.
    fn heading(&mut self) -> Option<[&'a str; 2]> {
        let first = self.source.text.lines().next().unwrap_or_default();
        let cells = cells(first).filter(|cells| cells[0].bytes().all(|b| !b.is_ascii_digit()));
        if cells.is_none() {
            self.fault(
                1,
                say!(
                    "第一行不是表头，写在这里的编码读不到",
                    "the first line is no heading, a code on it is not read"
                ),
                say!(
                    "第一行写 code,name，编码从第二行起",
                    "write code,name on the first line and codes from the second"
                ),
            );
        }
        cells
    }

    /// The names by code.
    fn names(&mut self) -> HashMap<Box<str>, Box<str>> {
        let mut names: HashMap<Box<str>, Box<str>> = HashMap::new();
        for (line, (code, name)) in self.rows() {
            let first = names.entry(code.clone()).or_insert_with(|| name.clone());
            if *first == name {
                continue;
            }
            let first = first.clone();
            self.fault(
                line,
                say!(
                    "编码 {code} 前面叫「{first}」，这里叫「{name}」",
                    "the code {code} is named {first} above and {name} here"
                ),
                say!("留下对的一行", "keep the line that is right"),
            );
        }
        names
    }

    /// The cells of every line below the heading, with its number.
    fn rows(&mut self) -> Vec<(usize, Pair)> {
        let mut rows = Vec::new();
        for (at, line) in self.source.text.lines().enumerate().skip(1) {
            if line.trim().is_empty() {
                continue;
            }
            if let Some([left, right]) = cells(line) {
                rows.push((at + 1, (left.into(), right.into())));
                continue;
            }
            self.fault(
                at + 1,
                say!("这一行不是两格", "this line does not have two cells"),
                say!("写成 编码,名称；不用引号", "write code,name without quotes"),
            );
        }
        rows
    }

    fn fault(&mut self, line: usize, message: Say, hint: Say) {
        let place = Place {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: 1,
            width: 1,
        };
        self.diagnostics
            .push(Diagnostic::error("code-list", self.source, place, message).hint(hint));
    }
}

/// The two cells of a line; `None` if there are more or less, or one is empty or quoted.
fn cells(line: &str) -> Option<[&str; 2]> {
    let (left, right) = line.split_once(',')?;
    let cells = [left.trim(), right.trim()];
    let plain = |cell: &&str| !cell.is_empty() && !cell.contains(['"', ',']);
    cells.iter().all(plain).then_some(cells)
}
