//! How many problems of one kind a file is told of.

use std::collections::{BTreeMap, HashMap};

use super::{Diagnostic, Severity};
use crate::say;

/// So many open problems of one code are listed for each file: who mends those has understood, and to show one costs
/// time by the size of its file.
const MOST: usize = 100;

/// What goes beyond in one file.
struct Rest {
    at: usize,
    count: usize,
}

/// Leaves out what goes beyond 100 errors and warnings of one code in one file that no waiver answers, and puts in
/// the place of the first of them how many there are (`not-listed`). The problems come sorted.
pub fn listed(sorted: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(sorted.len());
    let mut file: Option<String> = None;
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    let mut rests: BTreeMap<&'static str, Rest> = BTreeMap::new();
    for item in sorted {
        if file.as_ref() != Some(&item.location.source.path) {
            file = Some(item.location.source.path.clone());
            say_rest(&mut kept, &mut rests);
            counts.clear();
        }
        if item.waived.is_some() || item.severity == Severity::Note {
            kept.push(item);
            continue;
        }
        let count = counts.entry(item.code).or_default();
        *count += 1;
        if *count <= MOST {
            kept.push(item);
        } else if let Some(rest) = rests.get_mut(item.code) {
            rest.count += 1;
        } else {
            let at = kept.len();
            rests.insert(item.code, Rest { at, count: 1 });
            kept.push(item);
        }
    }
    say_rest(&mut kept, &mut rests);
    kept
}

fn say_rest(kept: &mut [Diagnostic], rests: &mut BTreeMap<&'static str, Rest>) {
    for (code, Rest { at, count }) in std::mem::take(rests) {
        let first = &kept[at].location;
        let (source, place) = (first.source.clone(), first.place);
        let say = say!(
            "这个文件从这里起还有 {count} 处 `{code}` 没有列出",
            "from here on {count} more of `{code}` in this file are not listed"
        );
        let hint = say!(
            "先改好已列出的，再核对一遍",
            "mend those that are listed, then check again"
        );
        kept[at] = Diagnostic::note("not-listed", &source, place, say).hint(hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostics, Waived};
    use crate::source::{Place, Source, SourceFile};

    /// So many of a code in a file, each on a line of its own.
    fn found(path: &str, code: &'static str, severity: Severity, count: u32) -> Diagnostics {
        let (path, text) = (path.to_owned(), String::new());
        let source = Source::new(SourceFile { path, text });
        (1..=count)
            .map(|line| {
                let place = Place {
                    line,
                    ..Place::FILE
                };
                Diagnostic::finding(code, severity, &source, place, say!("甲", "a"))
            })
            .collect()
    }

    #[test]
    fn what_goes_beyond_a_hundred_of_a_code_in_a_file_is_counted() {
        let mut all = found("a", "personal-phone", Severity::Error, 250);
        all.append(found("a", "stale-year", Severity::Warning, 100));
        all.append(found("b", "personal-phone", Severity::Error, 101));
        all.append(found("b", "sum-rounding", Severity::Note, 300));
        let listed = all.into_sorted();
        let of = |path: &str, code: &str| {
            let of = listed.iter().filter(|item| item.code == code);
            of.filter(|item| item.location.source.path == path).count()
        };
        assert_eq!(
            (of("a", "personal-phone"), of("b", "personal-phone")),
            (100, 100)
        );
        assert_eq!((of("a", "stale-year"), of("b", "sum-rounding")), (100, 300));
        let said: Vec<_> = listed
            .iter()
            .filter(|item| item.code == "not-listed")
            .map(|item| (item.location.place.line, item.say.en.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (
                    101,
                    "from here on 150 more of `personal-phone` in this file are not listed"
                ),
                (
                    101,
                    "from here on 1 more of `personal-phone` in this file are not listed"
                ),
            ]
        );
    }

    #[test]
    fn what_a_waiver_answers_is_not_counted() {
        let mut all = found("a", "stale-year", Severity::Warning, 150);
        for item in &mut all.as_mut_slice()[..60] {
            item.waived = Some(Box::new(Waived {
                reason: String::from("照原件"),
                by: String::from("财政局"),
                until: None,
            }));
        }
        assert_eq!(all.into_sorted().len(), 150);
    }
}
