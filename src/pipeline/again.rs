//! A second build in another order, to show that the order does not matter.

use std::path::Path;

use super::Ready;
use super::gate::Gate;
use super::placed::Statics;
use super::run::Run;
use super::standards::Standards;
use crate::diagnostic::{Diagnostics, Keep};
use crate::digest::FileDigest;
use crate::error::Error;
use crate::load::discover::Site;
use crate::say;
use crate::write::Sink;
use crate::write::tree::{Group, Tree};

/// So many differing files are named.
const NAMED: usize = 10;

/// Takes files for their digests, and keeps none.
pub struct Digests;

impl Sink for Digests {
    fn write(&self, _: &str, _: &str, bytes: &[u8]) -> Result<FileDigest, Error> {
        Ok(FileDigest::of(bytes))
    }

    fn has(&self, _: &str, _: &Group) -> bool {
        false
    }
}

/// What a site gives when it is made from the start, on one thread, last disclosure first.
///
/// # Errors
/// Those of a run.
pub fn tree(site: &Site, ready: &Ready, gate: Gate, draft: bool) -> Result<Tree, Error> {
    tree_in(&Digests, site, ready, gate, draft)
}

fn tree_in(
    sink: &dyn Sink,
    site: &Site,
    ready: &Ready,
    gate: Gate,
    draft: bool,
) -> Result<Tree, Error> {
    let run = Run {
        site,
        standards: Standards::new(&site.standards),
        rules: &ready.rules,
        renderer: ready.renderer(draft),
        sink,
        reuse: None,
        certain: None,
        gate,
        keep: Keep::Open,
        backwards: true,
        statics: Statics::new(site, ready.theme.as_ref()),
    };
    let run = || run.go(Diagnostics::default(), &());
    // Where the machine gives no thread more, those that there are do it in the other order.
    let made = match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(one) => one.install(run),
        Err(_) => run(),
    };
    Ok(made?.tree)
}

/// Compares two builds of the same data.
///
/// # Errors
/// When they differ, with the files that do.
pub fn compare(first: &Tree, second: &Tree) -> Result<(), Error> {
    let differences = second.since(first);
    let Some(one) = differences.first() else {
        return Ok(());
    };
    let count = differences.len();
    let names: Vec<&str> = differences
        .iter()
        .take(NAMED)
        .map(|found| found.path.as_str())
        .collect();
    let names = names.join(", ");
    Err(Error::refused(
        Path::new(&one.path),
        say!(
            "第二次生成的结果不一样（{count} 个文件：{names}），没有发布；若改了模板，看是否用了随机或时间，否则请报告这个缺陷",
            "the second build differs ({count} files: {names}), nothing was published; if templates were changed, look for time or random in them, otherwise report this as a defect"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::discover::discover;
    use crate::write::tree::group;

    /// Panics over the pages of one disclosure.
    struct Panics;

    impl Sink for Panics {
        fn write(&self, folder: &str, _: &str, bytes: &[u8]) -> Result<FileDigest, Error> {
            assert_ne!(folder, "demo/2025-budget", "as asked for");
            Ok(FileDigest::of(bytes))
        }

        fn has(&self, _: &str, _: &Group) -> bool {
            false
        }
    }

    #[test]
    fn a_panic_over_one_disclosure_ends_the_run_with_its_name() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tiny");
        let mut diagnostics = Diagnostics::default();
        let site = discover(&root, &mut diagnostics).expect("a site");
        let ready = Ready::new(&site, &mut diagnostics);
        let gate = Gate {
            draft: false,
            release: false,
            strict: false,
        };
        let error = tree_in(&Panics, &site, &ready, gate, false).expect_err("a panic");
        assert!(error.is_of_program());
        let said = error.to_string();
        assert!(said.contains("data/demo/2025-budget"), "{said}");
        assert!(tree(&site, &ready, gate, false).is_ok());
    }

    #[test]
    fn builds_that_differ_are_told_by_their_files() {
        let tree = |text: &str| {
            let file = ("index.html".into(), FileDigest::of(text.as_bytes()));
            let mut tree = Tree::default();
            tree.groups
                .insert("a/2025-budget".into(), group(vec![file]));
            tree
        };
        assert!(compare(&tree("1"), &tree("1")).is_ok());
        let said = compare(&tree("1"), &tree("2"))
            .expect_err("a difference")
            .to_string();
        assert!(
            said.contains("(1 files: a/2025-budget/index.html)"),
            "{said}"
        );
    }
}
