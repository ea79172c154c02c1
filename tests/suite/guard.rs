//! What comes along with a site and is not ours is neither followed nor waited for, neither written over nor removed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Run, Site, tree};

const WORK: &str = ".public.gongkai";

/// Longer than any run takes, in seconds.
const LIMIT: &str = "120";

/// What somebody may put where a file or a folder of ours goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trap {
    /// A link to the folder that must stay as it is.
    Folder,
    /// A link to a file in it.
    File,
    /// A link to nothing in it.
    Nothing,
    Pipe,
    /// A link to a device that never ends.
    Zero,
}

const TRAPS: [Trap; 5] = [
    Trap::Folder,
    Trap::File,
    Trap::Nothing,
    Trap::Pipe,
    Trap::Zero,
];

/// A site, and beside it a folder that must stay as it is.
struct Around {
    outer: Site,
}

impl Around {
    fn new() -> Self {
        let outer = Site::empty();
        crate::support::copy(
            &crate::support::repository().join("tests/cases/tiny"),
            &outer.path("site"),
        );
        outer
            .write("theirs/note.txt", "theirs")
            .write("theirs/7/deep.txt", "theirs")
            .write("theirs/index.html", "theirs");
        Self { outer }
    }

    fn theirs(&self) -> Vec<(String, Vec<u8>)> {
        tree(&self.outer.path("theirs"))
    }

    fn site(&self, path: &str) -> PathBuf {
        self.outer.path("site").join(path)
    }

    fn set(&self, path: &str, trap: Trap) {
        let place = self.site(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        let theirs = |name: &str| self.outer.path("theirs").join(name);
        let to = match trap {
            Trap::Folder => theirs(""),
            Trap::File => theirs("note.txt"),
            Trap::Nothing => theirs("none"),
            Trap::Zero => "/dev/zero".into(),
            Trap::Pipe => {
                let made = Command::new("mkfifo").arg(&place).status();
                assert!(made.expect("mkfifo").success());
                return;
            }
        };
        symlink(to, place).expect("a link");
    }

    /// Runs the program with limits of time and memory.
    fn run(&self, arguments: &[&str]) -> Run {
        let root = self.outer.root().display().to_string();
        let output = Command::new("sh")
            .args(["-c", r#"ulimit -v 2000000; exec timeout "$@""#, "sh", LIMIT])
            .arg(env!("CARGO_BIN_EXE_gongkai"))
            .arg("--root")
            .arg(self.site(""))
            .args(["--lang", "en"])
            .args(arguments.iter().map(|word| word.replace("OUTER", &root)))
            .current_dir(self.site(""))
            .stdin(Stdio::null())
            .output()
            .expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace(&root, "OUTER");
        Run {
            code: output.status.code().expect("an exit status"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

#[test]
fn what_is_not_ours_in_the_working_folder_is_refused_and_left_alone() {
    let places = [
        WORK, "lock", "state", "trees", "next", "old", "gone", "gone/7", "photos",
    ];
    for built in [false, true] {
        let around = Around::new();
        let theirs = around.theirs();
        if built {
            assert_eq!(around.run(&["build", "-q"]).code, 0);
        }
        let published = |around: &Around| {
            let folder = around.site("public");
            folder.exists().then(|| tree(&folder))
        };
        let before = published(&around);
        for (at, place) in places.into_iter().enumerate() {
            let path = if place == WORK {
                place.to_owned()
            } else {
                format!("{WORK}/{place}")
            };
            for (number, trap) in TRAPS.into_iter().enumerate() {
                let kept = around.site("kept");
                let _ = fs::rename(around.site(WORK), &kept);
                if place != WORK {
                    fs::create_dir(around.site(WORK)).expect("a folder");
                    if built {
                        crate::support::copy(&kept, &around.site(WORK));
                    }
                    let _ = fs::remove_file(around.site(&path));
                    let _ = fs::remove_dir_all(around.site(&path));
                }
                around.set(&path, trap);
                let command: &[&str] = match (at + number) % 3 {
                    0 => &["build", "-q"],
                    1 => &["build", "-q", "--no-cache"],
                    _ => &["clean"],
                };
                let run = around.run(command);
                let what = format!("{place} {trap:?} {command:?}: {}", run.stderr);
                assert_eq!(run.code, 2, "{what}");
                let said = format!("OUTER/site/{path}: ");
                assert!(run.stderr.contains(&said), "{what}");
                assert!(run.stderr.contains("gongkai did not put here"), "{what}");
                assert!(is_there(&around.site(&path)), "{what}");
                assert!(around.theirs() == theirs, "{what}");
                assert!(published(&around) == before, "{what}");
                if place == WORK {
                    fs::remove_file(around.site(WORK)).expect("the trap");
                } else {
                    fs::remove_dir_all(around.site(WORK)).expect("the trap");
                }
                let _ = fs::rename(&kept, around.site(WORK));
            }
        }
        assert_eq!(around.run(&["build", "-q"]).code, 0);
    }
}

#[test]
fn an_output_that_is_no_site_of_ours_is_refused_without_waiting() {
    for trap in TRAPS {
        let around = Around::new();
        let theirs = around.theirs();
        around.set("public/manifest.json", trap);
        let run = around.run(&["build", "-q"]);
        assert_eq!(run.code, 2, "{trap:?}: {}", run.stderr);
        assert!(
            run.stderr.contains("was not made by gongkai"),
            "{}",
            run.stderr
        );
        assert!(is_there(&around.site("public/manifest.json")));
        assert!(around.theirs() == theirs);
    }
}

#[test]
fn links_in_the_trees_of_earlier_builds_lead_nowhere() {
    let around = Around::new();
    let overview = "data/demo/2025-budget/overview.md";
    let write = |version: &str| {
        let text = format!("## 一、本单位职责\n\n保管全县档案，{version}。\n");
        fs::write(around.site(overview), text).expect("a file");
        let run = around.run(&["build", "-q"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{version}");
    };
    for tree_of in [&format!("{WORK}/next")[..], "public"] {
        for below in ["demo", "demo/2025-budget", "style"] {
            write("一");
            write("二");
            // With the times that the last build has left, so that nothing but the link tells.
            let there = around.site(tree_of).join(below);
            let moved = around.outer.path("theirs").join("moved");
            fs::rename(&there, &moved).expect("moved");
            symlink(&moved, &there).expect("a link");
            let theirs = around.theirs();
            write("三");
            let what = format!("{tree_of} {below}");
            assert!(around.theirs() == theirs, "{what}");
            let out = around.outer.path("clean").display().to_string();
            assert_eq!(
                around.run(&["build", "-q", "--no-cache", "-o", &out]).code,
                0
            );
            assert!(
                tree(Path::new(&out)) == tree(&around.site("public")),
                "{what}"
            );
            assert_eq!(around.run(&["verify", "public"]).code, 0, "{what}");
            write("四");
            assert!(around.theirs() == theirs, "{what}");
            fs::remove_dir_all(moved).expect("a folder");
        }
    }
}

#[test]
fn what_has_another_name_elsewhere_is_not_written_in_place() {
    let around = Around::new();
    assert_eq!(around.run(&["build", "-q"]).code, 0);
    for name in ["state", "trees", "lock"] {
        let path = around.site(&format!("{WORK}/{name}"));
        fs::remove_file(&path).expect("gone");
        fs::hard_link(around.outer.path("theirs/note.txt"), path).expect("a name");
    }
    let theirs = around.theirs();
    fs::write(
        around.site("data/demo/2025-budget/overview.md"),
        "## 一、本单位职责\n\n保管。\n",
    )
    .expect("a file");
    assert_eq!(around.run(&["build", "-q"]).code, 0);
    assert!(around.theirs() == theirs);
}

/// Files that are named for a command to write, and must not be.
const NAMED: [&str; 12] = [
    "site.toml",
    "data/list.txt",
    "static/list.txt",
    "templates/list.txt",
    "standards/tiny/list.txt",
    "public/list.txt",
    "public/demo/list.txt",
    ".public.gongkai/list.txt",
    ".git/config",
    "README.txt",
    "data",
    "none/list.txt",
];

#[test]
fn a_named_file_never_goes_over_a_source_into_the_output_or_through_a_link() {
    let around = Around::new();
    assert_eq!(around.run(&["build", "-q"]).code, 0);
    fs::create_dir(around.site(".git")).expect("a folder");
    for (path, text) in [(".git/config", "[core]\n"), ("README.txt", "buy milk\n")] {
        fs::write(around.site(path), text).expect("a file");
    }
    for folder in ["static", "templates"] {
        fs::create_dir_all(around.site(folder)).expect("a folder");
    }
    let theirs = around.theirs();
    let before = tree(&around.site(""));
    let refuse = |arguments: &[&str]| {
        let run = around.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(around.theirs() == theirs, "{arguments:?}");
        assert!(tree(&around.site("")) == before, "{arguments:?}");
    };
    for path in NAMED {
        refuse(&["build", "-q", "--changed-list", path]);
        refuse(&["build", "-q", "--zip", path]);
        if path != ".git/config" && path != "README.txt" {
            refuse(&["sign", "--new-key", path]);
        }
    }
    for (number, trap) in TRAPS.into_iter().enumerate() {
        let path = format!("trap{number}");
        around.set(&path, trap);
        refuse(&["build", "-q", "--changed-list", &path]);
        refuse(&["build", "-q", "--zip", &path]);
        refuse(&["sign", "--new-key", &path]);
        assert!(is_there(&around.site(&path)));
    }
    refuse(&["build", "-q", "--changed-list", "/dev/stdout"]);
    refuse(&["build", "-q", "--changed-list", "/dev/null"]);
    refuse(&["schema", "-o", "public"]);
    refuse(&["schema", "-o", ".public.gongkai/schema"]);
    refuse(&["schema", "-o", "trap0"]);
    refuse(&["init", "public/new"]);
    refuse(&["init", ".public.gongkai/new"]);
}

#[test]
fn a_list_takes_the_place_of_a_list() {
    let around = Around::new();
    for signed in [false, true] {
        assert_eq!(
            around
                .run(&["build", "-q", "--changed-list", "changed.txt"])
                .code,
            0
        );
        let list = fs::read_to_string(around.site("changed.txt")).expect("a list");
        assert_eq!(list.is_empty(), signed, "{list}");
        let list = "index.html\nmanifest.json\nmanifest.json.minisig\n";
        fs::write(around.site("changed.txt"), list).expect("a list");
    }
}

#[test]
fn commands_do_not_write_through_links_that_reading_refuses() {
    for (place, arguments) in [
        ("data/demo/2026-budget", &["new", "demo", "2026"][..]),
        (
            "data/other",
            &["new", "other", "2026", "--name", "阳城县文化馆"],
        ),
        ("schema", &["schema"]),
        ("templates", &["init"]),
        (".gitignore", &["init"]),
    ] {
        for trap in [Trap::Folder, Trap::Pipe, Trap::Nothing] {
            let around = Around::new();
            let theirs = around.theirs();
            let _ = fs::remove_dir_all(around.site(place));
            around.set(place, trap);
            let before = tree(&around.site(""));
            let run = around.run(arguments);
            assert_eq!(
                run.code, 2,
                "{place} {trap:?}: {}{}",
                run.stdout, run.stderr
            );
            assert!(around.theirs() == theirs, "{place} {trap:?}");
            assert!(tree(&around.site("")) == before, "{place} {trap:?}");
        }
    }
}

#[test]
fn pipes_and_devices_are_no_input() {
    for trap in [Trap::Pipe, Trap::Zero] {
        for place in [
            "site.toml",
            "data/demo/entity.yaml",
            "data/demo/2025-budget/overview.md",
            "data/demo/2025-budget/tables/spending.yaml",
            "static/x.txt",
            "templates/overview.html",
            "standards/tiny/standard.yaml",
        ] {
            let around = Around::new();
            let _ = fs::remove_file(around.site(place));
            around.set(place, trap);
            for command in ["check", "build"] {
                let run = around.run(&[command]);
                assert!(
                    [1, 2].contains(&run.code),
                    "{place} {trap:?}: {}",
                    run.stderr
                );
            }
        }
        for name in ["x.xlsx", "x.csv", "x.json", "x"] {
            let around = Around::new();
            around.set(name, trap);
            let run = around.run(&["import", name, "--entity", "demo", "--year", "2025"]);
            assert_eq!(run.code, 1, "{name} {trap:?}: {}", run.stderr);
            assert!(
                run.stderr.contains("no ordinary file"),
                "{name}: {}",
                run.stderr
            );
        }
    }
}
