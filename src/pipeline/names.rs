//! Static files whose place in the output belongs to a page.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::file_name::seen;
use crate::render::theme::{StaticFile, Theme};
use crate::say;
use crate::source::{Place, Source, SourceFile};
use crate::write::manifest::{MANIFEST, SIGNATURE};
use crate::write::tree::{SITE, Tree, join};

/// Reports `static-name` for static files of the site that stand where a page of it does, or a file of a disclosure
/// or of the search.
pub fn check(theme: &Theme, pages: &BTreeSet<String>, tree: &Tree, found: &mut Diagnostics) {
    let first = |path| str::split(path, '/').next().map(seen);
    let statics = || theme.statics().iter().filter(|file| file.own);
    let own: &BTreeSet<&str> = &statics().map(|file| file.path.as_str()).collect();
    for file in statics() {
        let pages = pages.iter().map(|page| Cow::from(page.as_str()));
        let ours = [MANIFEST, SIGNATURE].map(Cow::from);
        let groups = tree.groups.iter();
        let near = groups
            .filter(|(folder, _)| folder.as_ref() != SITE && first(folder) == first(&file.path));
        let inside = near.flat_map(|(folder, group)| {
            let names = group.iter().enumerate();
            let made = names.filter_map(move |(at, (name, _))| {
                // Its own static files are in a group once each, and a second time where it makes one of that name.
                let twice = at > 0 && group[at - 1].0 == *name;
                let path = join(folder, name);
                (twice || !own.contains(path.as_str())).then_some(path)
            });
            made.map(Cow::from)
        });
        let mut all = pages.chain(ours).chain(inside);
        if let Some(page) = all.find(|page| meet(&file.path, page)) {
            report(file, &page, found);
        }
    }
}

/// Whether a static file cannot stand beside a page: they are the same, one is a folder of the other, or a part of
/// their paths differs only in what some systems do not tell apart. Names of pages are in lower case.
fn meet(file: &str, page: &str) -> bool {
    let (mut ours, mut theirs) = (file.split('/'), page.split('/'));
    loop {
        let (Some(own), Some(other)) = (ours.next(), theirs.next()) else {
            return true;
        };
        if own != other {
            return seen(own) == other;
        }
    }
}

fn report(file: &StaticFile, page: &str, found: &mut Diagnostics) {
    let source = Source::new(SourceFile {
        path: format!("static/{}", file.path),
        text: String::new(),
    });
    found.push(
        Diagnostic::error(
            "static-name",
            &source,
            Place::FILE,
            say!(
                "这个位置要放 gongkai 生成的 `{page}`",
                "gongkai makes `{page}` in this place"
            ),
        )
        .hint(say!(
            "给这个文件换一个名字或文件夹；要改页面，用 templates/ 里的模板",
            "give the file another name or folder; to change a page, use templates/"
        )),
    );
}

#[cfg(test)]
mod tests {
    use super::meet;

    #[test]
    fn paths_meet_when_they_cannot_both_be_files() {
        assert!(meet("index.html", "index.html"));
        assert!(meet("demo", "demo/index.html"));
        assert!(meet("index.html/a.png", "index.html"));
        assert!(!meet("demo/logo.png", "demo/index.html"));
        assert!(!meet("demo-2", "demo"));
        assert!(meet("Index.html", "index.html"));
        assert!(meet("Demo/logo.png", "demo/index.html"));
        assert!(!meet("Demo-2/logo.png", "demo/index.html"));
    }
}
