//! Whatever happens to a command that writes files, all of them are there or none, and the same command mends the rest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::safety::tell;
use crate::support::{Site, copy, repository, tree};

/// A command that writes files.
struct Case {
    name: &'static str,
    /// What the site is before it.
    prepare: fn(&Site),
    arguments: &'static [&'static str],
    /// What it writes; everything when empty.
    written: &'static [&'static str],
}

const CASES: [Case; 11] = [
    Case {
        name: "new entity",
        prepare: |_| {},
        arguments: &[
            "new",
            "other",
            "2026",
            "--standard",
            "tiny",
            "--name",
            "阳城县文化馆",
        ],
        written: &[],
    },
    Case {
        name: "new year",
        prepare: |_| {},
        arguments: &["new", "demo", "2026", "--from", "2025"],
        written: &[],
    },
    Case {
        name: "import into a new entity",
        prepare: exported,
        arguments: &[
            "import",
            "export/demo/2025-budget",
            "--entity",
            "other",
            "--year",
            "2025",
            "--name",
            "阳城县文化馆",
            "--standard",
            "tiny",
        ],
        written: &[],
    },
    Case {
        name: "import over what is there",
        prepare: |site| {
            exported(site);
            for table in fs::read_dir(site.path("data/demo/2025-budget/tables")).expect("tables") {
                let path = table.expect("a table").path();
                let text = fs::read_to_string(&path).expect("a table");
                // Other spaces, the same figures: every file is written anew.
                fs::write(path, format!("# 手工\n{text}\n")).expect("a table");
            }
            site.write("data/demo/2025-budget/tables/.notes", "mine");
        },
        arguments: &[
            "import", "export", "--entity", "demo", "--year", "2025", "--force",
        ],
        written: &[],
    },
    Case {
        name: "init of what is not there",
        prepare: |_| {},
        arguments: &["init", "SITE/fresh", "--example"],
        written: &[],
    },
    Case {
        name: "schema",
        prepare: |site| {
            assert_eq!(site.run(&["schema"]).code, 0);
            for (name, _) in tree(&site.path("schema")) {
                site.write(&format!("schema/{name}"), "{}");
            }
        },
        arguments: &["schema"],
        written: &[],
    },
    Case {
        name: "sign",
        prepare: |site| {
            assert_eq!(site.run(&["build", "-q"]).code, 0);
            let key = site.path("site.key").display().to_string();
            assert_eq!(site.run(&["sign", "--new-key", &key]).code, 0);
        },
        arguments: &["sign", "SITE/public", "--key", "SITE/site.key"],
        written: &[],
    },
    Case {
        name: "new keys",
        prepare: |_| {},
        arguments: &["sign", "--new-key", "SITE/site.key"],
        written: &[],
    },
    Case {
        name: "changed list",
        prepare: |site| {
            assert_eq!(site.run(&["build", "-q"]).code, 0);
            site.write("changed.txt", "manifest.json\n");
            site.write(
                "data/demo/2025-budget/overview.md",
                "## 一、本单位职责\n\n保管。\n",
            );
        },
        arguments: &["build", "-q", "--changed-list", "SITE/changed.txt"],
        written: &["changed.txt"],
    },
    Case {
        name: "zip",
        prepare: |site| {
            assert_eq!(site.run(&["build", "-q"]).code, 0);
            let zip = site.path("public.zip").display().to_string();
            assert_eq!(site.run(&["build", "-q", "--zip", &zip]).code, 0);
            site.write(
                "data/demo/2025-budget/overview.md",
                "## 一、本单位职责\n\n保管。\n",
            );
        },
        arguments: &["build", "-q", "--zip", "SITE/public.zip"],
        written: &["public.zip"],
    },
    Case {
        name: "init of what is there",
        prepare: |_| {},
        arguments: &["init", "SITE", "--example"],
        written: &[],
    },
];

/// Blocks of 512 bytes after which the system kills a program that writes a larger file.
const BLOCKS: [u32; 12] = [0, 1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128];

/// So many times a command is killed at a moment of its length.
const MOMENTS: u32 = 10;

/// A built site with the figures of the case, to be imported.
fn exported(site: &Site) {
    let out = site.path("export").display().to_string();
    assert_eq!(site.run(&["build", "-q", "--no-cache", "-o", &out]).code, 0);
}

fn prepared(case: &Case) -> Site {
    let site = Site::case("tiny");
    (case.prepare)(&site);
    site
}

/// What is of interest of a site, without what waits beside. Keys are never the same twice.
fn seen(case: &Case, root: &Path) -> BTreeMap<String, Vec<u8>> {
    let of_interest = |name: &str| case.written.is_empty() || case.written.contains(&name);
    let files = tree(root).into_iter();
    files
        .filter(|(name, _)| of_interest(name) && !name.contains(".gongkai-new"))
        .map(|(name, bytes)| {
            let is_key = case.name == "new keys" && name.starts_with("site.key");
            (
                name,
                if is_key {
                    vec![u8::from(!bytes.is_empty())]
                } else {
                    bytes
                },
            )
        })
        .collect()
}

fn left_beside(root: &Path) -> Vec<String> {
    let names = tree(root).into_iter().map(|(name, _)| name);
    names.filter(|name| name.contains(".gongkai-new")).collect()
}

fn arguments(case: &Case, site: &Site) -> Vec<String> {
    let root = site.root().display().to_string();
    let words = case.arguments.iter();
    words.map(|word| word.replace("SITE", &root)).collect()
}

fn command(program: &str, case: &Case, site: &Site) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", program, "sh", env!("CARGO_BIN_EXE_gongkai"), "-r"])
        .arg(site.root())
        .args(arguments(case, site))
        .current_dir(site.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// What a site is before and after a command, and how long that takes.
struct Known {
    seed: Site,
    before: BTreeMap<String, Vec<u8>>,
    after: BTreeMap<String, Vec<u8>>,
    took: Duration,
}

fn known(case: &Case) -> Known {
    let seed = prepared(case);
    let site = Site::empty();
    copy(seed.root(), site.root());
    let started = Instant::now();
    let status = command(r#"exec "$@""#, case, &site).status();
    let took = started.elapsed();
    assert!(
        status.expect("the program starts").success(),
        "{}",
        case.name
    );
    assert!(left_beside(site.root()).is_empty(), "{}", case.name);
    let known = Known {
        before: seen(case, seed.root()),
        after: seen(case, site.root()),
        took,
        seed,
    };
    assert!(known.before != known.after, "{}", case.name);
    known
}

/// Holds a site against both after something has happened, and lets the same command mend it.
fn hold(case: &Case, known: &Known, site: &Site, what: &str) -> bool {
    let what = format!("{} {what}", case.name);
    let found = seen(case, site.root());
    let is_done = found == known.after;
    // Whatever `init` adds to what is there is of use by itself.
    if case.name == "init of what is there" {
        for (name, bytes) in &found {
            let whole = [known.before.get(name), known.after.get(name)];
            assert!(whole.contains(&Some(bytes)), "{what}: {name}");
        }
    } else {
        let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        assert!(
            is_done || found == known.before || is_half_a_pair(case, &found),
            "{what}: {:?}",
            names(&found)
        );
    }
    let status = command(r#"exec "$@""#, case, site).status();
    let done = status.expect("the program starts").success();
    assert!(done || is_done, "{what}: it is not mended");
    let mended = seen(case, site.root());
    // Nothing has changed since the site that the list before tells of was published.
    let nothing = is_done && case.name == "changed list" && mended["changed.txt"].is_empty();
    assert!(nothing || mended == known.after, "{what}: it is not mended");
    let left = left_beside(site.root());
    assert!(!done || left.is_empty(), "{what}: {left:?}");
    is_done
}

/// A public key whose secret one is whole beside is taken up by the next run.
fn is_half_a_pair(case: &Case, found: &BTreeMap<String, Vec<u8>>) -> bool {
    case.name == "new keys" && found.contains_key("site.key.pub")
}

fn copied(known: &Known) -> Site {
    let site = Site::empty();
    copy(known.seed.root(), site.root());
    site
}

#[test]
fn a_command_killed_while_it_writes_leaves_all_or_nothing_and_is_mended_by_the_next_one() {
    let (mut kills, mut done) = (0, 0);
    for case in &CASES {
        let known = known(case);
        let mut killed = 0;
        for blocks in BLOCKS {
            let site = copied(&known);
            let program = format!(r#"ulimit -c 0; ulimit -f {blocks}; exec "$@""#);
            let status = command(&program, case, &site).status().expect("a start");
            killed += u32::from(status.code().is_none());
            done += u32::from(hold(case, &known, &site, &format!("{blocks} blocks")));
        }
        assert!(killed > 0, "{} is never killed while it writes", case.name);
        for moment in 0..MOMENTS {
            let site = copied(&known);
            let mut child = command(r#"exec "$@""#, case, &site)
                .spawn()
                .expect("a start");
            // Most of what is written is written late.
            std::thread::sleep(known.took * (MOMENTS + moment) / (2 * MOMENTS));
            killed += u32::from(child.try_wait().expect("a state").is_none());
            child.kill().expect("a kill");
            child.wait().expect("an end");
            done += u32::from(hold(case, &known, &site, &format!("moment {moment}")));
        }
        kills += killed;
    }
    tell(&format!("{kills} commands killed, {done} had done all"));
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    const SCRIPT: &str = r#"
set -e
disk=$1/disk pages=$2 seed=$3 program=$4; shift 4
mount -t tmpfs -o size=12m tmpfs "$disk" || exit 77
cp -a "$seed/." "$disk"
cd "$disk"
hidden=none; [ "$1" != build ] || hidden=public
state() { find . -type f ! -name filler ! -path "./$hidden/*" ! -path './.public.gongkai/*' | LC_ALL=C sort | xargs -d '\n' sha256sum; }
before=$(state)
dd if=/dev/zero of=filler bs=4k 2>/dev/null || true
[ "$pages" = 0 ] || truncate -s -$((pages * 4096)) filler
set +e
said=$("$program" -r "$disk" --lang en "$@" 2>&1)
code=$?
set -e
after=$(state)
if [ "$code" = 0 ]; then
  [ "$before" != "$after" ] || { echo "done, but nothing was written"; exit 1; }
else
  [ "$code" = 2 ] || { echo "code $code: $said"; exit 1; }
  case $said in *'the disk is full'*) ;; *) echo "$said"; exit 1 ;; esac
  [ "$before" = "$after" ] || { echo "half of it: $after"; exit 1; }
fi
rm filler
[ "$code" = 0 ] || "$program" -r "$disk" "$@" >/dev/null
[ -z "$(find . -name '*.gongkai-new*')" ] || { find . -name '*.gongkai-new*'; exit 1; }
echo "code $code"
"#;
    let mut full = 0;
    for case in &CASES {
        let known = known(case);
        for pages in ["0", "1", "3", "8"] {
            let outer = Site::empty();
            fs::create_dir(outer.path("disk")).expect("a folder");
            let disk = outer.path("disk").display().to_string();
            let words = case
                .arguments
                .iter()
                .map(|word| word.replace("SITE", &disk));
            let run = Command::new("unshare")
                .args([
                    "--user",
                    "--map-root-user",
                    "--mount",
                    "sh",
                    "-c",
                    SCRIPT,
                    "sh",
                ])
                .args([outer.root(), Path::new(pages), known.seed.root()])
                .arg(env!("CARGO_BIN_EXE_gongkai"))
                .args(words)
                .output()
                .expect("unshare");
            let said = String::from_utf8_lossy(&run.stdout).into_owned()
                + &String::from_utf8_lossy(&run.stderr);
            if run.status.code() == Some(77) || said.contains("unshare") {
                assert!(std::env::var_os("CI").is_none(), "{said}");
                tell("SKIPPED: a full disk, because no file system may be mounted here");
                return;
            }
            assert!(run.status.success(), "{} {pages}: {said}", case.name);
            full += usize::from(said.contains("code 2"));
        }
    }
    assert!(full > CASES.len(), "the disk was full {full} times");
    tell(&format!("{full} commands met a full disk"));
}

#[test]
fn a_secret_key_that_waits_for_its_place_is_taken_up() {
    let site = Site::case("tiny");
    let key = site.path("site.key").display().to_string();
    assert_eq!(site.run(&["sign", "--new-key", &key]).code, 0);
    let (secret, public) = (site.read("site.key"), site.read("site.key.pub"));
    let beside = site.path(".site.key.gongkai-new");
    fs::rename(site.path("site.key"), &beside).expect("cut short");
    assert_eq!(site.run(&["sign", "--new-key", &key]).code, 0);
    assert_eq!(
        (site.read("site.key"), site.read("site.key.pub")),
        (secret, public)
    );
    // Another one is not: a public key that is there may belong to a secret one that is elsewhere.
    fs::remove_file(site.path("site.key")).expect("gone");
    fs::copy(repository().join("Cargo.toml"), &beside).expect("no key");
    assert_eq!(site.run(&["sign", "--new-key", &key]).code, 2);
    assert!(!site.path("site.key").exists());
}
