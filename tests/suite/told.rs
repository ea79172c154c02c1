//! What is told where it cannot be told, and of names that would say something else.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Run, Site};
use crate::verify::{built, new_key, path, sign, verify};

/// The exit status and stderr of a run with this stdout.
fn run_into(site: &Site, arguments: &[&str], stdout: Stdio) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .arg("-r")
        .arg(site.root())
        .args(arguments)
        .env("LANG", "zh_CN.UTF-8")
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().expect("an exit status"), stderr)
}

#[test]
#[cfg(target_os = "linux")]
fn results_that_cannot_be_written_are_a_failure_of_every_command() {
    let site = built();
    let public = path(&site, "public");
    let (one, two) = (path(&site, "one"), path(&site, "two"));
    let commands: [&[&str]; 18] = [
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["list"],
        &["list", "--format", "json"],
        &["verify", &public],
        &["verify", &public, "--format", "json"],
        &["build"],
        &["diff", &public, &public, "--format", "json"],
        &["diff", &public, &public],
        &["explain"],
        &["explain", "page-link"],
        &["init", &one],
        &["schema", "-o", &two],
        &["clean"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ];
    for command in commands {
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let (code, stderr) = run_into(&site, command, full.into());
        assert_eq!(code, 2, "{command:?}: {stderr}");
        assert!(stderr.contains("stdout"), "{command:?}: {stderr}");
    }
    // Whoever closes a pipe has read enough.
    for command in [&["list"][..], &["explain"], &["--help"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let (code, stderr) = run_into(&site, command, writer.into());
        assert_eq!((code, stderr.as_str()), (0, ""), "{command:?}");
    }
}

/// Whether a line is one that GitHub Actions would take for a command of ours.
fn forged(run: &Run) -> bool {
    let lines = run.stdout.lines().chain(run.stderr.lines());
    lines
        .map(str::trim_start)
        .any(|line| line.starts_with("::error::"))
}

#[test]
fn names_cannot_stand_on_lines_of_their_own() {
    let site = Site::case("tiny");
    let odd = "x\n::error::y";
    let commands: [&[&str]; 6] = [
        &["list"],
        &["check"],
        &["check", "--format", "concise"],
        &["check", "--format", "github"],
        &["build"],
        &["check", "-v"],
    ];
    for place in [
        format!("data/{odd}/2025-budget/disclosure.yaml"),
        format!("data/demo/{odd}/disclosure.yaml"),
        format!("data/demo/2025-budget/tables/{odd}.yaml"),
        format!("data/demo/2025-budget/{odd}"),
        format!("static/{odd}.txt"),
        format!("templates/{odd}"),
    ] {
        site.write(&place, "a: [\n");
        for command in commands {
            let run = site.run(command);
            assert!(!forged(&run), "{place:?} {command:?}: {run:?}");
            if command[0] == "build" {
                assert_eq!(run.code, 1, "{place:?}: {run:?}");
                assert!(run.stderr.contains("<U+000A>::error::y"), "{run:?}");
            }
        }
        let first = place.split('/').next().expect("a folder");
        site.remove(first);
        let case = crate::support::repository().join("tests/cases/tiny/data");
        crate::support::copy(&case, &site.path("data"));
    }
    // A manifest that was handed on can name anything.
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    site.remove(".public.gongkai");
    let manifest = site.read("public/manifest.json");
    let named = manifest.replace("\"404.html\"", "\"4\\n::error::04.html\"");
    site.write("public/manifest.json", named);
    let run = site.run(&["build"]);
    assert!(run.code == 0 && !forged(&run), "{run:?}");
    assert!(
        run.stdout.contains("- 4<U+000A>::error::04.html"),
        "{run:?}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_no_utf_8_are_told_apart_and_refused() {
    let site = built();
    let put = |folder: &str| {
        fs::create_dir_all(site.path(folder)).expect("a folder");
        for name in [&b"a\xff.txt"[..], b"a\xfe.txt"] {
            fs::write(site.path(folder).join(OsStr::from_bytes(name)), "x").expect("a file");
        }
    };
    put("public");
    let run = verify(&site, &[]);
    assert_eq!(run.code, 1);
    for name in ["a\\xFF.txt", "a\\xFE.txt"] {
        assert!(run.stderr.contains(name), "{}", run.stderr);
    }
    let public = path(&site, "public");
    let run = site.run(&["diff", &public, &public]);
    assert!(
        run.code == 2 && run.stderr.contains("不是 UTF-8"),
        "{}",
        run.stderr
    );
    for folder in [
        "static",
        "static/demo/2025-budget",
        "data/demo/2025-budget/tables",
    ] {
        let site = Site::case("tiny");
        fs::create_dir_all(site.path(folder)).expect("a folder");
        for name in [&b"a\xff.txt"[..], b"a\xfe.txt"] {
            fs::write(site.path(folder).join(OsStr::from_bytes(name)), "x").expect("a file");
        }
        let run = site.run(&["build"]);
        let said = run.stderr.matches("file-name").count();
        assert_eq!((run.code, said), (1, 2), "{folder}: {}", run.stderr);
    }
}

#[test]
fn a_build_and_a_signature_keep_out_of_each_others_way() {
    let site = built();
    new_key(&site, "site.key");
    let signature = "public/manifest.json.minisig";
    let lock = File::open(site.path(".public.gongkai/lock")).expect("a lock");
    lock.lock().expect("the lock");
    let run = sign(&site, "site.key");
    assert!(
        run.code == 2 && run.stderr.contains("另一个 gongkai"),
        "{}",
        run.stderr
    );
    assert!(!site.path(signature).exists());
    drop(lock);
    assert_eq!(sign(&site, "site.key").code, 0);
    // A build that no lock keeps out, on another machine.
    let before = site.read(signature);
    let written = gongkai::verify::signature::write(&site.path("public"), &before, b"another");
    assert!(written.is_err());
    assert!(!site.path(signature).exists(), "it is not of this manifest");
    assert_eq!(verify(&site, &[]).code, 0);
}

#[test]
fn a_manifest_that_was_altered_by_hand_is_mended_by_the_next_build() {
    let site = built();
    let manifest = "public/manifest.json";
    let right = site.read(manifest);
    let edits: [(&str, &str); 4] = [
        ("\"size\":", "\"size\":1"),
        ("\"404.html\"", "\"405.html\""),
        ("\"standard\":\"tiny\"", "\"standard\":\"tini\""),
        ("\n  }\n}\n", "\n  }\n}\n\n"),
    ];
    for (from, to) in edits {
        // So that this build has nothing new to find.
        for _ in 0..2 {
            assert_eq!(site.run(&["build", "-q"]).code, 0);
        }
        assert!(right.contains(from), "{from:?} in {right}");
        site.write(manifest, right.replacen(from, to, 1));
        let run = site.run(&["build", "-q"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{from:?}");
        assert_eq!(site.read(manifest), right, "{from:?}");
        assert_eq!(verify(&site, &[]).code, 0, "{from:?}");
    }
}

/// Runs as a user who may not do everything, when this is the one who may.
fn run_as_anybody(site: &Site, arguments: &[&str]) -> Run {
    let root = fs::metadata("/proc/self").expect("/proc");
    let mut command = if std::os::unix::fs::MetadataExt::uid(&root) == 0 {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(env!("CARGO_BIN_EXE_gongkai"));
        command
    } else {
        Command::new(env!("CARGO_BIN_EXE_gongkai"))
    };
    let output = command
        .arg("-r")
        .arg(site.root())
        .args(arguments)
        .env("LANG", "zh_CN.UTF-8")
        .output()
        .expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run {
        code: output.status.code().expect("an exit status"),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_may_not_be_read_is_not_told_as_missing() {
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    let site = Site::case("tiny");
    mode(site.root(), 0o755);
    assert_eq!(run_as_anybody(&site, &["check"]).code, 0);
    for place in [
        "data",
        "data/demo",
        "data/demo/2025-budget",
        "data/demo/2025-budget/tables",
        "standards",
    ] {
        mode(&site.path(place), 0o000);
        let run = run_as_anybody(&site, &["check"]);
        mode(&site.path(place), 0o755);
        assert_eq!(run.code, 1, "{place}: {}", run.stderr);
        assert!(
            run.stderr.contains("file-unreadable"),
            "{place}: {}",
            run.stderr
        );
        for missing in ["missing", "site-empty", "缺少", "没有任何"] {
            assert!(!run.stderr.contains(missing), "{place}: {}", run.stderr);
        }
    }
    mode(site.root(), 0o000);
    let run = run_as_anybody(&site, &["check"]);
    mode(site.root(), 0o755);
    assert!(
        run.code == 2 && run.stderr.contains("权限") && !run.stderr.contains("不是一个站点"),
        "{}",
        run.stderr
    );
}

#[test]
fn published_data_is_known_by_its_content_whatever_its_name() {
    let site = built();
    let data = fs::read(site.path("public/demo/2025-budget/data.json")).expect("the data");
    for name in ["data.json", "导出.txt", "导出.csv", "导出", "导出.xlsx"] {
        site.write(name, &data);
        let file = path(&site, name);
        let run = site.run(&[
            "import",
            &file,
            "--entity",
            "copy",
            "--name",
            "某单位",
            "--code",
            "067002",
            "--year",
            "2026",
            "--dry-run",
        ]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(
            !run.stderr.contains("workbook-unreadable"),
            "{name}: {}",
            run.stderr
        );
    }
}
