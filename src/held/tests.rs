use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::*;

/// A folder that must stay as it is, and one with a link to it, a link to a file in it, a pipe and a device below.
fn folders() -> (tempfile::TempDir, Folder) {
    let made = tempfile::tempdir().expect("a temporary folder");
    let there = |name: &str| made.path().join(name);
    fs::create_dir_all(there("theirs/deep")).expect("a folder");
    fs::write(there("theirs/deep/file"), "theirs").expect("a file");
    fs::create_dir(there("ours")).expect("a folder");
    symlink(there("theirs"), there("ours/folder")).expect("a link");
    symlink(there("theirs/deep/file"), there("ours/file")).expect("a link");
    symlink("/dev/zero", there("ours/zero")).expect("a link");
    let pipe = Command::new("mkfifo").arg(there("ours/pipe")).status();
    assert!(pipe.expect("mkfifo").success());
    let ours = Folder::open(&there("ours")).expect("a folder");
    (made, ours)
}

fn is_untouched(made: &tempfile::TempDir) -> bool {
    fs::read_to_string(made.path().join("theirs/deep/file")).is_ok_and(|text| text == "theirs")
}

#[test]
fn nothing_but_files_and_folders_is_opened() {
    let (made, ours) = folders();
    for name in ["folder", "file", "zero", "pipe"] {
        let kind = ours.folder(name).expect_err("no folder").kind();
        assert_eq!(kind, ErrorKind::NotADirectory, "{name}");
        let kind = ours.make(name).expect_err("no folder").kind();
        assert_eq!(kind, ErrorKind::NotADirectory, "{name}");
        let kind = ours.file(name).expect_err("no file").kind();
        assert_eq!(kind, ErrorKind::InvalidInput, "{name}");
        let kind = ours.overwrite(name).expect_err("no file").kind();
        assert_eq!(kind, ErrorKind::InvalidInput, "{name}");
        let kind = ours.create(name, EVERYBODY).expect_err("a name").kind();
        assert_eq!(kind, ErrorKind::AlreadyExists, "{name}");
    }
    let kind = open(&ours.at("pipe")).expect_err("no file").kind();
    assert_eq!(kind, ErrorKind::InvalidInput);
    let kind = open(Path::new("/dev/zero")).expect_err("no file").kind();
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert!(open(&ours.at("file")).is_ok(), "a link that was named");
    assert!(is_untouched(&made));
}

#[test]
fn a_link_is_removed_and_not_what_it_leads_to() {
    let (made, ours) = folders();
    let above = Folder::open(made.path()).expect("a folder");
    fs::create_dir(made.path().join("ours/inside")).expect("a folder");
    symlink("../../theirs", made.path().join("ours/inside/link")).expect("a link");
    drop(ours);
    above.remove_all("ours").expect("gone");
    assert!(!made.path().join("ours").exists());
    above.remove_all("ours").expect("it is gone already");
    assert!(is_untouched(&made));
}

#[test]
fn a_name_leads_nowhere_else() {
    let (made, ours) = folders();
    for name in ["", ".", "..", "../theirs", "folder/deep", "/", "deep/"] {
        assert!(ours.folder(name).is_err(), "{name}");
        assert!(ours.create(name, EVERYBODY).is_err(), "{name}");
        assert!(ours.remove_all(name).is_err(), "{name}");
        assert!(ours.remove(name).is_err(), "{name}");
        assert!(ours.rename("file", &ours, name).is_err(), "{name}");
    }
    assert!(ours.below("../theirs").is_err());
    assert!(ours.below("folder/deep").is_err());
    assert!(is_untouched(&made));
}

#[test]
fn what_has_other_names_is_not_written_in_place() {
    use std::io::Write as _;
    let (made, ours) = folders();
    let theirs = made.path().join("theirs/deep/file");
    fs::hard_link(&theirs, made.path().join("ours/state")).expect("a name");
    let mut file = ours.overwrite("state").expect("a file");
    file.write_all(b"ours").expect("written");
    assert_eq!(ours.read("state", 4).expect("a file"), b"ours");
    let kind = ours.read("state", 3).expect_err("too large").kind();
    assert_eq!(kind, ErrorKind::FileTooLarge);
    assert!(is_untouched(&made));
}
