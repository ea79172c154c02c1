//! `gongkai build --zip`

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use crate::support::{Run, Site, tree};
use crate::verify::{built, new_key, path, sign, verify};

/// A build with a ZIP at a place of the site.
fn zip(site: &Site, file: &str, more: &[&str]) -> Run {
    let file = path(site, file);
    site.run(&[&["build", "-q", "--zip", &file], more].concat())
}

/// What a ZIP holds, in its order.
fn unpacked(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(File::open(file).expect("a file")).expect("a ZIP");
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).expect("an entry");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its content");
        found.push((entry.name().expect("UTF-8").into_owned(), bytes));
    }
    found
}

#[test]
fn a_zip_holds_every_file_of_the_site_in_order_and_can_be_verified() {
    let site = Site::reference();
    site.write("static/文件/说明.txt", "附件。\n");
    let run = zip(&site, "public.zip", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let found = unpacked(&site.path("public.zip"));
    assert_eq!(found, tree(&site.path("public")));
    assert!(found.len() > 70, "{} files", found.len());
    for (name, bytes) in &found {
        site.write(&format!("unpacked/{name}"), bytes);
    }
    let run = site.run(&["verify", &path(&site, "unpacked")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = site.run(&["build", "--zip", &path(&site, "public.zip")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let last = run.stdout.lines().last().expect("a line");
    assert!(
        last.starts_with("ZIP，") && last.ends_with(" → SITE/public.zip"),
        "{last}"
    );
}

#[test]
fn a_zip_has_the_same_bytes_wherever_and_whenever_it_is_made() {
    let site = Site::reference();
    assert_eq!(zip(&site, "first.zip", &[]).code, 0);
    let first = fs::read(site.path("first.zip")).expect("a file");
    // Nothing has changed: it is written all the same, over the one before.
    site.write("second.zip", &first[..4]);
    assert_eq!(zip(&site, "second.zip", &[]).code, 0);
    assert_eq!(fs::read(site.path("second.zip")).expect("a file"), first);
    let other = Site::reference();
    let out = path(&other, "elsewhere/网站");
    let run = other.run_with(
        &[
            "build",
            "-q",
            "--no-cache",
            "-o",
            &out,
            "--zip",
            &path(&other, "某处.zip"),
        ],
        &[
            ("TZ", "Asia/Shanghai"),
            ("LANG", "de_DE.UTF-8"),
            ("RAYON_NUM_THREADS", "1"),
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(fs::read(other.path("某处.zip")).expect("a file"), first);
    let mode = |file: &str| {
        let meta = fs::metadata(site.path(file)).expect("a file");
        meta.permissions().mode()
    };
    assert_eq!(mode("first.zip"), mode("public/index.html"));
}

#[test]
fn a_signature_comes_along_for_as_long_as_it_holds() {
    let site = built();
    new_key(&site, "site.key");
    assert_eq!(sign(&site, "site.key").code, 0);
    assert_eq!(zip(&site, "public.zip", &[]).code, 0);
    assert_eq!(
        unpacked(&site.path("public.zip")),
        tree(&site.path("public"))
    );
    let signed = |site: &Site| {
        let found = unpacked(&site.path("public.zip"));
        found
            .iter()
            .any(|(name, _)| name == "manifest.json.minisig")
    };
    assert!(signed(&site));
    site.write(
        "data/demo/2025-budget/overview.md",
        "## 一、本单位职责\n\n修复档案。\n",
    );
    assert_eq!(zip(&site, "public.zip", &[]).code, 0);
    assert!(!signed(&site));
}

#[test]
fn places_that_no_zip_belongs_in_are_refused_before_anything_is_built() {
    let site = Site::case("tiny");
    fs::create_dir(site.path("folder")).expect("a folder");
    fs::create_dir_all(site.path("static")).expect("a folder");
    symlink(site.path("public"), site.path("link")).expect("a link");
    site.write("letter.txt", "Dear colleague");
    for (file, said) in [
        ("folder", "是一个文件夹；写文件的名字"),
        ("public/site.zip", "在输出的文件夹里"),
        ("public", "在输出的文件夹里"),
        (".public.gongkai/site.zip", "在输出的文件夹里"),
        ("static/site.zip", "在源文件里"),
        ("data/demo/../site.zip", "在源文件里"),
        ("nowhere/site.zip", "它所在的文件夹不存在"),
        ("letter.txt", "不是 ZIP，不能覆盖"),
        ("site.toml", "在源文件里"),
    ] {
        let run = zip(&site, file, &[]);
        assert_eq!(run.code, 2, "{file}");
        assert!(run.stderr.contains(said), "{file}: {}", run.stderr);
        assert!(!site.path("public").exists(), "{file}");
    }
    assert_eq!(site.read("letter.txt"), "Dear colleague");
    let run = zip(&site, "nowhere/site.zip", &["--lang", "en"]);
    assert!(
        run.stderr.contains("its folder does not exist"),
        "{}",
        run.stderr
    );
    // The output is there now, and a link leads into it.
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let run = zip(&site, "link/site.zip", &[]);
    assert!(
        run.code == 2 && run.stderr.contains("在输出的文件夹里"),
        "{}",
        run.stderr
    );
    assert!(!site.path("public/site.zip").exists());
}

#[test]
fn a_site_that_was_altered_is_not_packed_and_the_zip_before_stays() {
    let site = built();
    assert_eq!(zip(&site, "public.zip", &[]).code, 0);
    let before = tree(site.root());
    let page = site.read("public/index.html");
    site.write("public/index.html", page.replace("小站", "大站"));
    let run = zip(&site, "public.zip", &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("public/index.html：生成以后被改过"),
        "{}",
        run.stderr
    );
    assert_eq!(names(&tree(site.root())), names(&before));
    assert_eq!(
        fs::read(site.path("public.zip")).expect("a file"),
        before
            .iter()
            .find(|(name, _)| name == "public.zip")
            .expect("it")
            .1
    );
    // What the message says to do helps.
    assert_eq!(zip(&site, "public.zip", &["--no-cache"]).code, 0);
    assert_eq!(verify(&site, &[]).code, 0);
    assert_eq!(
        unpacked(&site.path("public.zip")),
        tree(&site.path("public"))
    );
}

fn names(tree: &[(String, Vec<u8>)]) -> Vec<&str> {
    tree.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_fault_in_the_data_leaves_the_zip_before() {
    let site = built();
    assert_eq!(zip(&site, "public.zip", &[]).code, 0);
    let before = fs::read(site.path("public.zip")).expect("a file");
    site.write("data/demo/2025-budget/disclosure.yaml", "standard: [\n");
    assert_eq!(zip(&site, "public.zip", &[]).code, 1);
    assert_eq!(fs::read(site.path("public.zip")).expect("a file"), before);
}

#[test]
fn a_zip_that_cannot_be_finished_leaves_the_one_before_and_nothing_else() {
    let site = built();
    assert_eq!(zip(&site, "public.zip", &[]).code, 0);
    let before = tree(site.root());
    // No file may be larger than 4 blocks of 512 bytes; the site itself is not written anew.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_gongkai"))
        .args(["-r", &path(&site, ""), "build", "-q", "--zip"])
        .arg(site.path("public.zip"))
        .output()
        .expect("a shell");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("public.zip："), "{said}");
    assert!(tree(site.root()) == before);
}
