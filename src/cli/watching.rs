//! What `serve` and `check --watch` say of a change: which files, and how long it took.

use std::time::Duration;

use crate::characters::shown;
use crate::diagnostic::Say;
use crate::say;
use crate::watch::Changes;

/// So many files are named.
const NAMED: usize = 3;

/// The files that have changed, in a few words.
pub fn files(changes: &Changes) -> Say {
    let named = changes.paths.iter().take(NAMED).map(|path| shown(path));
    let first = named.collect::<Vec<_>>().join(", ");
    let count = changes.paths.len();
    match count {
        0 => say!("有文件变了", "files changed"),
        1..=NAMED => say!("{first}", "{first}"),
        _ => say!("{first} 等 {count} 个", "{first} and others ({count})"),
    }
}

/// A time in milliseconds, as people say it.
pub fn time(elapsed: Duration) -> Say {
    let milliseconds = elapsed.as_millis();
    say!("{milliseconds} 毫秒", "{milliseconds} ms")
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn few_files_are_named_and_many_counted() {
        for (paths, zh) in [
            (&[][..], "有文件变了"),
            (&["site.toml"], "site.toml"),
            (&["a", "b", "c"], "a, b, c"),
            (&["a", "b", "c", "d"], "a, b, c 等 4 个"),
        ] {
            let changes = Changes {
                paths: paths.iter().map(|path| (*path).to_owned()).collect(),
                lost: false,
                since: Instant::now(),
            };
            assert_eq!(files(&changes).zh, zh);
        }
    }
}
