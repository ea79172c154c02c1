//! Whatever happens to a build, what is published is one whole build.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gongkai::verify::verify;

use crate::support::{Run, Site, copy, repository, tree};

/// So many builds are killed.
const KILLS: usize = 200;

/// A site of so many entities.
pub fn site(entities: usize) -> Site {
    let site = Site::case("tiny");
    for number in 1..entities {
        add(&site, &format!("demo-{number}"));
    }
    site
}

/// Adds an entity like the one of the case.
pub fn add(site: &Site, id: &str) {
    let case = repository().join("tests/cases/tiny/data/demo");
    copy(&case, &site.path(&format!("data/{id}")));
    let name = format!("name: 阳城县档案馆{id}");
    site.replace(
        &format!("data/{id}/entity.yaml"),
        "name: 阳城县档案馆\n",
        &format!("{name}\n"),
    );
}

/// Writes one of two versions of every overview.
fn write_version(site: &Site, version: &str) {
    for entity in fs::read_dir(site.path("data")).expect("data") {
        let path = entity
            .expect("an entity")
            .path()
            .join("2025-budget/overview.md");
        let text = format!("## 一、本单位职责\n\n保管全县档案，{version}。\n");
        fs::write(path, text).expect("a file");
    }
}

/// The digest of a published folder that is as its manifest says.
fn whole(folder: &Path) -> String {
    let verified = verify(folder).expect("a manifest");
    assert!(verified.is_good(), "{:?}", verified.deviations);
    verified.digest.to_string()
}

/// Past the capture of the test runner, so that it stands in every run.
pub fn tell(text: &str) {
    let line = format!("{text}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).expect("stderr");
}

fn built(site: &Site) -> Run {
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one() {
    let site = site(2);
    let mut longest = Duration::ZERO;
    for version in ["提供查阅", "办理移交"] {
        write_version(&site, version);
        let started = Instant::now();
        built(&site);
        longest = longest.max(started.elapsed());
    }
    let mut published = whole(&site.path("public"));
    let (mut seen, mut kills, mut ended) = ([0, 0], 0, 0);
    while kills < KILLS {
        let number = kills + ended;
        assert!(
            ended < 5 * KILLS,
            "{kills} builds were cut short, {ended} were not"
        );
        // Always another one, so that the tree beside is never the one that is wanted.
        write_version(&site, &format!("提供第{number}次查阅"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .arg("--root")
            .arg(site.root())
            .args(["build", "-q"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Steps that share no factor with their number reach every part of the build.
        let step = u32::try_from(number * 83 % KILLS).expect("a small number");
        std::thread::sleep(longest * step / u32::try_from(KILLS).expect("a small number"));
        let was_cut = child.try_wait().expect("a state").is_none();
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let found = whole(&site.path("public"));
        built(&site);
        let next = whole(&site.path("public"));
        assert_ne!(next, published, "after {kills} kills");
        assert!([&published, &next].contains(&&found), "after {kills} kills");
        if was_cut {
            kills += 1;
            seen[usize::from(found == next)] += 1;
        } else {
            // The machine is faster now.
            ended += 1;
            longest = longest * 19 / 20;
            assert_eq!(found, next, "a build that ended");
        }
        published = next;
    }
    // What all these builds have left beside is right too.
    let clean = site.path("clean").display().to_string();
    assert_eq!(
        site.run(&["build", "-q", "--no-cache", "-o", &clean]).code,
        0
    );
    assert_eq!(tree(&site.path("public")), tree(&site.path("clean")));
    tell(&format!(
        "{KILLS} builds killed: {} left the old site, {} the new one",
        seen[0], seen[1]
    ));
    assert!(
        seen[0] > KILLS / 4,
        "few builds were cut short before the swap"
    );
}

#[test]
fn a_full_disk_leaves_the_site_and_the_next_build_goes_on() {
    const SCRIPT: &str = r#"
set -e
mount -t tmpfs -o size=8m tmpfs "$1/disk" || exit 77
"$2" -r "$1" build -q -o "$1/disk/public"
before=$(sed -n 's/^  "digest": //p' "$1/disk/public/manifest.json")
for i in "$1"/data/*/2025-budget/overview.md; do printf '## 一、本单位职责\n\n另一段话。\n' > "$i"; done
dd if=/dev/zero of="$1/disk/filler" bs=1k 2>/dev/null || true
set +e
said=$("$2" -r "$1" --lang en build -q -o "$1/disk/public" 2>&1)
code=$?
set -e
[ "$code" = 2 ] || { echo "code $code: $said"; exit 1; }
case $said in *'the disk is full'*) ;; *) echo "$said"; exit 1 ;; esac
"$2" verify "$1/disk/public" >/dev/null
after=$(sed -n 's/^  "digest": //p' "$1/disk/public/manifest.json")
[ "$before" = "$after" ] || { echo "not the old site"; exit 1; }
rm "$1/disk/filler"
"$2" -r "$1" build -q -o "$1/disk/public"
"$2" verify "$1/disk/public" >/dev/null
after=$(sed -n 's/^  "digest": //p' "$1/disk/public/manifest.json")
[ "$before" != "$after" ] || { echo "still the old site"; exit 1; }
"#;
    let site = site(4);
    fs::create_dir(site.path("disk")).expect("a folder");
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
        .arg(site.root())
        .arg(env!("CARGO_BIN_EXE_gongkai"))
        .output();
    let skipped = match &run {
        Ok(run) if run.status.success() => return,
        Ok(run) => {
            let said = String::from_utf8_lossy(&run.stderr);
            run.status.code() == Some(77) || said.contains("unshare")
        }
        Err(_) => true,
    };
    let run = run.map(|run| {
        (
            run.status,
            String::from_utf8_lossy(&run.stdout).into_owned(),
            String::from_utf8_lossy(&run.stderr).into_owned(),
        )
    });
    assert!(skipped && std::env::var_os("CI").is_none(), "{run:?}");
    tell(&format!(
        "SKIPPED: a full disk, because no file system may be mounted here: {run:?}"
    ));
}

#[test]
fn a_second_build_of_the_same_output_is_refused_while_the_first_one_runs() {
    let site = site(4);
    let work = gongkai::write::work::Work::open(&site.path("public")).expect("a working folder");
    let run = site.run(&["build"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("另一个 gongkai 正在往这里生成；等它完成再来"),
        "{}",
        run.stderr
    );
    let run = site.run(&["clean"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    drop(work);
    built(&site);
}

#[test]
fn only_a_folder_that_is_ours_is_replaced() {
    let site = site(4);
    site.write("full/note.txt", "mine").write("file", "mine");
    fs::create_dir(site.path("home")).expect("a folder");
    let home = site.path("home").display().to_string();
    let root = site.root().display().to_string();
    for (output, said) in [
        ("/", "输出文件夹里有站点本身"),
        (root.as_str(), "输出文件夹里有站点本身"),
        (
            &site.path("data/out").display().to_string(),
            "输出文件夹在源文件里",
        ),
        (
            &site.path("full").display().to_string(),
            "这个文件夹不是空的",
        ),
        (
            &site.path("file").display().to_string(),
            "这里已有一个同名的文件",
        ),
        (&home, "这是用户的主目录"),
    ] {
        let variables = [("LANG", "zh_CN.UTF-8"), ("HOME", home.as_str())];
        let run = site.run_with(&["build", "-o", output], &variables);
        assert_eq!(run.code, 2, "{output}");
        assert!(run.stderr.contains(said), "{output}: {}", run.stderr);
    }
    assert_eq!(site.read("full/note.txt"), "mine");
    assert!(tree(&site.path("home")).is_empty());
}

#[test]
fn a_working_folder_in_any_state_gives_the_right_site() {
    let site = site(4);
    built(&site);
    write_version(&site, "甲");
    built(&site);
    let expected = tree(&site.path("public"));
    let work = ".public.gongkai";
    let state = fs::read(site.path(&format!("{work}/state"))).expect("a state");
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("cut short", state[..state.len() / 2].to_vec()),
        (
            "of another version",
            [b"0123456789abcdef", &state[16..]].concat(),
        ),
        (
            "damaged",
            state
                .iter()
                .enumerate()
                .map(|(at, byte)| {
                    if at > 40 && at % 97 == 0 {
                        !byte
                    } else {
                        *byte
                    }
                })
                .collect(),
        ),
    ] {
        site.write(&format!("{work}/state"), bytes);
        built(&site);
        assert_eq!(tree(&site.path("public")), expected, "{what}");
    }
    // The tree beside: changed, gone.
    site.write(&format!("{work}/next/stale.html"), "stale");
    write_version(&site, "乙");
    built(&site);
    write_version(&site, "甲");
    built(&site);
    assert_eq!(tree(&site.path("public")), expected);
    site.remove(&format!("{work}/next"));
    write_version(&site, "丙");
    built(&site);
    write_version(&site, "甲");
    built(&site);
    assert_eq!(tree(&site.path("public")), expected);
    // The published site: a file gone, one added, all gone.
    site.remove("public/demo/2025-budget/t01.html");
    built(&site);
    assert_eq!(tree(&site.path("public")), expected);
    site.write("public/stale.html", "stale")
        .write("public/demo/2025-budget/stale.html", "stale");
    for _ in 0..3 {
        write_version(&site, "丁");
        built(&site);
        write_version(&site, "甲");
        built(&site);
        assert_eq!(tree(&site.path("public")), expected);
    }
    site.remove("public");
    built(&site);
    assert_eq!(tree(&site.path("public")), expected);
    let run = site.run(&["clean"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!site.path(work).exists());
    built(&site);
    assert_eq!(tree(&site.path("public")), expected);
}

#[test]
fn a_second_build_in_another_order_is_compared_before_anything_is_published() {
    let run = site(4).run(&["build", "--verify", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
