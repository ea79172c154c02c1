use std::collections::BTreeMap;
use std::fs;

use super::*;

/// Every file below a folder by its path, with what it holds.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.expect("a name");
        let name = entry.path().strip_prefix(folder).expect("below");
        let text = match entry.file_type() {
            kind if kind.is_file() => fs::read_to_string(entry.path()).expect("a file"),
            kind if kind.is_dir() => continue,
            _ => "special".to_owned(),
        };
        found.insert(name.display().to_string(), text);
    }
    found
}

fn files(paths: &[&str], text: &str) -> Vec<NewFile> {
    let file = |path: &&str| NewFile::text(*path, format!("{text} {path}"));
    paths.iter().map(file).collect()
}

#[test]
fn a_file_that_cannot_be_written_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    lay(root, &files(&["a", "d/e", "d/f"], "old"), Over::Replace).expect("all");
    fs::create_dir(root.join("c")).expect("a folder");
    let before = tree(root);
    for over in [Over::Keep, Over::Replace] {
        for last in ["c", "a/b"] {
            let refused = lay(root, &files(&["d/f", "b", "d/e", "n/x", last], "new"), over);
            assert!(refused.is_err(), "{last}");
            assert_eq!(tree(root), before, "{last}");
        }
    }
    assert!(!root.join("n").exists());
    let laid = lay(root, &files(&["a", "b", "n/x", "n/y/z"], "new"), Over::Keep).expect("all");
    assert_eq!(laid.written, ["b", "n/x", "n/y/z"]);
    assert_eq!(laid.kept, ["a"]);
    assert_eq!(fs::read_to_string(root.join("a")).expect("a"), "old a");
    lay(root, &files(&["a", "b"], "newer"), Over::Replace).expect("both");
    assert_eq!(fs::read_to_string(root.join("a")).expect("a"), "newer a");
    assert_eq!(tree(root).len(), 6, "nothing is left beside");
}

#[test]
fn a_folder_with_new_files_keeps_what_else_is_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let all = [
        "x/y/a",
        "x/y/.hidden",
        "x/y/in/b",
        "x/y/in/deep/c",
        "x/other",
    ];
    lay(root, &files(&all, "old"), Over::Replace).expect("all");
    let laid = lay(
        root,
        &files(&["x/y/a", "x/y/in/b", "x/y/in/new/d"], "new"),
        Over::Replace,
    );
    assert_eq!(laid.expect("all").written.len(), 3);
    let found = tree(root);
    let expected = [
        ("x/other", "old x/other"),
        ("x/y/.hidden", "old x/y/.hidden"),
        ("x/y/a", "new x/y/a"),
        ("x/y/in/b", "new x/y/in/b"),
        ("x/y/in/deep/c", "old x/y/in/deep/c"),
        ("x/y/in/new/d", "new x/y/in/new/d"),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(found, BTreeMap::from(expected));
}

#[test]
fn a_folder_that_is_missing_comes_whole_with_those_above_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("not/there");
    let laid = lay(&root, &files(&["a", "b/c"], "new"), Over::Keep).expect("both");
    assert_eq!(laid.written, ["a", "b/c"]);
    assert_eq!(tree(folder.path()).len(), 2);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    for over in [Over::Keep, Over::Replace] {
        let folder = tempfile::tempdir().expect("a folder");
        let there = |name: &str| folder.path().join(name);
        lay(
            folder.path(),
            &files(&["theirs/file", "site/b"], "old"),
            Over::Keep,
        )
        .expect("both");
        symlink(there("theirs"), there("site/folder")).expect("a link");
        symlink(there("theirs/file"), there("site/file")).expect("a link");
        symlink(there("theirs"), there("site/.new.gongkai-new")).expect("a link");
        let before = tree(folder.path());
        for path in ["folder/file", "folder/new", "file", "new/a"] {
            let refused = lay(&there("site"), &files(&["b", path], "new"), over);
            assert!(refused.is_err(), "{path}");
            assert_eq!(tree(folder.path()), before, "{path}");
        }
    }
}

#[test]
fn what_was_left_beside_is_removed_unless_somebody_works_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let left = [".x.gongkai-new/a", ".b.gongkai-new", ".y.gongkai-new"];
    lay(root, &files(&left, "left"), Over::Keep).expect("all");
    let busy = fs::File::open(root.join(".y.gongkai-new")).expect("a file");
    busy.lock().expect("a lock");
    lay(root, &files(&["x/c", "b"], "new"), Over::Keep).expect("both");
    let names: Vec<String> = tree(root).into_keys().collect();
    assert_eq!(names, [".y.gongkai-new", "b", "x/c"]);
    assert!(lay(root, &files(&["y"], "new"), Over::Keep).is_err());
    drop(busy);
    lay(root, &files(&["y"], "new"), Over::Keep).expect("one");
    assert_eq!(tree(root).len(), 3);
}
