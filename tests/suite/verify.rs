//! `gongkai verify` and `gongkai sign`

use std::fs;

use crate::support::{Run, Site};

/// A site of one disclosure, built.
pub fn built() -> Site {
    let site = Site::case("tiny");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    site
}

pub fn path(site: &Site, name: &str) -> String {
    site.path(name).display().to_string()
}

pub fn verify(site: &Site, more: &[&str]) -> Run {
    site.run(&[&["verify", path(site, "public").as_str()], more].concat())
}

pub fn sign(site: &Site, key: &str) -> Run {
    site.run(&["sign", &path(site, "public"), "--key", &path(site, key)])
}

pub fn new_key(site: &Site, name: &str) {
    let run = site.run(&["sign", "--new-key", &path(site, name)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn a_site_as_it_was_built_is_good() {
    let site = built();
    let run = verify(&site, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout.contains("与 manifest.json 一致"),
        "{}",
        run.stdout
    );
    let json: serde_json::Value =
        serde_json::from_str(&verify(&site, &["--format", "json"]).stdout).expect("JSON");
    assert_eq!(
        (&json["good"], &json["deviations"]),
        (&true.into(), &serde_json::json!([]))
    );
}

#[test]
fn every_file_that_is_not_as_the_manifest_says_is_told() {
    let site = built();
    site.remove("public/404.html");
    site.write("public/extra.html", "x");
    let page = site.read("public/index.html").replace("小站", "大站");
    site.write("public/index.html", page);
    let run = verify(&site, &[]);
    assert_eq!(run.code, 1);
    for said in [
        "缺 1 个文件；从 gongkai build 的输出重新复制：\n  404.html",
        "1 个文件的内容不同，可能没有复制完整或被改过；从 gongkai build 的输出重新复制：\n  index.html",
        "多 1 个清单里没有的文件；不是这个网站的，核实后删去：\n  extra.html",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

#[test]
fn a_manifest_that_was_changed_is_told() {
    let site = built();
    let text = site.read("public/manifest.json");
    let (_, rest) = text
        .split_once("\"404.html\": {\"sha256\":\"")
        .expect("a page");
    let digest = &rest[..64];
    site.write(
        "public/manifest.json",
        text.replace(digest, &"0".repeat(64)),
    );
    let run = verify(&site, &[]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("清单被改过"), "{}", run.stderr);
}

#[test]
fn a_folder_that_cannot_be_verified_says_why() {
    let site = built();
    for (text, said) in [
        ("{", "不是 gongkai 写的清单"),
        (
            "{\"generator\": \"gongkai\", \"files\": {\"a\": 1}}",
            "由早先的 gongkai 写成",
        ),
        ("{\"generator\": \"gongkai\", \"files\": 1}", "读不懂"),
    ] {
        site.write("public/manifest.json", text);
        let run = verify(&site, &[]);
        assert_eq!(run.code, 2, "{text}");
        assert!(run.stderr.contains(said), "{text}: {}", run.stderr);
    }
    site.remove("public/manifest.json");
    let run = verify(&site, &[]);
    assert!(
        run.code == 2 && run.stderr.contains("这里没有 manifest.json"),
        "{}",
        run.stderr
    );
    site.remove("public");
    let run = verify(&site, &[]);
    assert!(
        run.code == 2 && run.stderr.contains("没有这个文件夹"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_signature_is_the_same_each_time_and_holds_for_its_key_alone() {
    let site = built();
    new_key(&site, "site.key");
    new_key(&site, "other.key");
    let again = site.run(&["sign", "--new-key", &path(&site, "site.key")]);
    assert_eq!(again.code, 2, "{}", again.stdout);
    let key = |name: &str| path(&site, name);
    let missing = verify(&site, &["--key", &key("site.key.pub")]);
    assert!(
        missing.code == 1 && missing.stderr.contains("没有签名"),
        "{}",
        missing.stderr
    );
    assert_eq!(sign(&site, "site.key").code, 0);
    let first = site.read("public/manifest.json.minisig");
    assert_eq!(sign(&site, "site.key").code, 0);
    assert_eq!(site.read("public/manifest.json.minisig"), first);
    let good = verify(&site, &["--key", &key("site.key.pub")]);
    assert!(
        good.code == 0 && good.stdout.contains("签名有效"),
        "{}{}",
        good.stdout,
        good.stderr
    );
    let other = verify(&site, &["--key", &key("other.key.pub")]);
    assert!(
        other.code == 1 && other.stderr.contains("另一把密钥"),
        "{}",
        other.stderr
    );
    let no_key = verify(&site, &["--key", &key("site.toml")]);
    assert!(
        no_key.code == 2 && no_key.stderr.contains("不是 minisign 的公钥"),
        "{}",
        no_key.stderr
    );
    site.write(
        "public/manifest.json.minisig",
        first.replace("of gongkai", "of nobody"),
    );
    let bad = verify(&site, &["--key", &key("site.key.pub")]);
    assert!(
        bad.code == 1 && bad.stderr.contains("签名无效"),
        "{}",
        bad.stderr
    );
    site.write("public/manifest.json.minisig", "x");
    let malformed = verify(&site, &["--key", &key("site.key.pub")]);
    assert!(
        malformed.code == 1 && malformed.stderr.contains("不是 minisign 的签名"),
        "{}",
        malformed.stderr
    );
}

#[test]
#[cfg(unix)]
fn a_secret_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = built();
    new_key(&site, "site.key");
    let mode = fs::metadata(site.path("site.key"))
        .expect("a key")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_does_not_verify_is_not_signed() {
    let site = built();
    new_key(&site, "site.key");
    site.write("public/extra.html", "x");
    let run = sign(&site, "site.key");
    assert!(
        run.code == 1 && run.stdout.contains("没有签名：网站和清单不一致"),
        "{}",
        run.stdout
    );
    assert!(!site.path("public/manifest.json.minisig").exists());
    site.remove("public/extra.html");
    let run = sign(&site, "site.toml");
    assert!(
        run.code == 2 && run.stderr.contains("不是 minisign 的私钥"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_signature_stays_with_what_it_signs() {
    let site = built();
    new_key(&site, "site.key");
    assert_eq!(sign(&site, "site.key").code, 0);
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let signature = site.path("public/manifest.json.minisig");
    assert!(signature.exists(), "nothing has changed");
    for text in ["修复档案", "移交档案", "修复档案", "移交档案"] {
        site.write(
            "data/demo/2025-budget/overview.md",
            format!("## 一、本单位职责\n\n{text}。\n"),
        );
        assert_eq!(site.run(&["build", "-q"]).code, 0);
        assert!(!signature.exists(), "{text}");
        assert_eq!(verify(&site, &[]).code, 0);
        assert_eq!(sign(&site, "site.key").code, 0);
    }
}

/// Holds the digests of a published folder against the recipes of docs/publishing.md.
#[cfg(target_os = "linux")]
pub fn digests_need_no_gongkai(site: &Site, disclosure: &str) {
    let text = crate::docs::document("docs/publishing.md");
    let manifest: serde_json::Value =
        serde_json::from_str(&site.read("public/manifest.json")).expect("JSON");
    let recipes = crate::docs::blocks(&text, "sh");
    let one = &manifest["disclosures"][disclosure]["files_sha256"];
    for (first, stated) in [
        ("cd public/yq-veterans/2025-budget\n", one),
        ("cd public\nlist", &manifest["digest"]),
    ] {
        let recipe = recipes.iter().find(|recipe| recipe.starts_with(first));
        let recipe = recipe.expect("a recipe");
        let run = std::process::Command::new("sh")
            .args(["-c", &recipe.replace("yq-veterans/2025-budget", disclosure)])
            .current_dir(site.root())
            .output()
            .expect("a shell");
        assert!(
            run.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        let found = String::from_utf8_lossy(&run.stdout).into_owned();
        let digest = found.split_whitespace().next().expect("a digest");
        assert_eq!(stated, digest, "{first}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_digest_of_a_manifest_needs_no_gongkai() {
    let site = built();
    digests_need_no_gongkai(&site, "demo/2025-budget");
    let text = crate::docs::document("docs/publishing.md");
    let manifest: serde_json::Value =
        serde_json::from_str(&site.read("public/manifest.json")).expect("JSON");
    for key in manifest.as_object().expect("an object").keys() {
        assert!(text.contains(&format!("\"{key}\"")), "{key}");
    }
}
