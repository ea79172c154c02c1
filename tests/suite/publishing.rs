//! What docs/publishing.md says of a built site, and keys and folders as they are met with in practice.

use std::collections::BTreeSet;
use std::fs;

use ct_codecs::{Base64, Decoder as _, Encoder as _};
use serde_json::Value;

use crate::docs::{blocks, document};
use crate::support::{Site, tree};
use crate::verify::{built, new_key, path, sign, verify};

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().expect("an object").keys().collect()
}

fn examples() -> [Value; 2] {
    let found = blocks(&document("docs/publishing.md"), "json");
    let [manifest, report] = &found[..] else {
        panic!("two examples")
    };
    [manifest, report].map(|text| serde_json::from_str(text).expect("JSON"))
}

#[test]
fn the_example_of_a_manifest_has_the_keys_that_there_are() {
    let site = Site::reference();
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let found: Value = serde_json::from_str(&site.read("public/manifest.json")).expect("JSON");
    let [example, _] = examples();
    assert_eq!(keys(&example), keys(&found));
    assert_eq!(example["generator"], found["generator"]);
    assert_eq!(example["version"], found["version"]);
    for part in ["disclosures", "files"] {
        for (name, entry) in example[part].as_object().expect("an object") {
            assert_eq!(keys(entry), keys(&found[part][name]), "{name}");
        }
    }
    let disclosure = "yq-veterans/2025-budget";
    assert_eq!(
        example["disclosures"][disclosure]["standard"],
        found["disclosures"][disclosure]["standard"]
    );
}

#[test]
fn a_report_for_programs_names_every_file_and_has_the_keys_described() {
    let site = built();
    site.remove("public/404.html");
    for number in 10..35 {
        site.write(&format!("public/extra-{number}"), "x");
    }
    new_key(&site, "site.key");
    let key = path(&site, "site.key.pub");
    let run = verify(&site, &["--key", &key, "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let [_, example] = examples();
    assert_eq!(keys(&example), keys(&found));
    assert_eq!(example["deviations"][0], found["deviations"][0]);
    assert_eq!(found["deviations"].as_array().map(Vec::len), Some(26));
    assert_eq!(
        (&found["good"], &found["digest_agrees"], &found["signature"]),
        (&false.into(), &true.into(), &"missing".into())
    );
    let text = document("docs/publishing.md");
    for kind in ["missing", "changed", "extra", "special", "other", "bad"] {
        assert!(text.contains(&format!("`{kind}`")), "{kind}");
    }
}

#[test]
fn many_files_of_a_kind_are_folded_and_told_in_either_language() {
    let site = built();
    for number in 10..35 {
        site.write(&format!("public/extra-{number}"), "x");
    }
    let run = verify(&site, &[]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("\n  extra-29\n  另有 5 个\n"),
        "{}",
        run.stderr
    );
    let run = verify(&site, &["--lang", "en"]);
    assert!(
        run.stderr
            .starts_with("error: files that the manifest does not name: 25;")
            && run.stderr.ends_with("\n  extra-29\n  and 5 more\n"),
        "{}",
        run.stderr
    );
}

#[test]
#[cfg(unix)]
fn links_are_told_and_never_followed() {
    use std::os::unix::fs::symlink;
    let site = built();
    // Followed, these would hold what the manifest says.
    for name in ["404.html", "style"] {
        fs::rename(site.path("public").join(name), site.path(name)).expect("a move");
        symlink(site.path(name), site.path("public").join(name)).expect("a link");
    }
    symlink(site.path("public"), site.path("public/round")).expect("a link");
    let run = verify(&site, &["--format", "json"]);
    assert_eq!(run.code, 1);
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let deviations = found["deviations"].as_array().expect("a list").iter();
    let told: BTreeSet<String> = deviations
        .map(|one| format!("{} {}", one["kind"], one["path"]).replace('"', ""))
        .collect();
    let expected = [
        "missing style/print.css",
        "missing style/screen.css",
        "special 404.html",
        "special round",
        "special style",
    ];
    assert_eq!(told, expected.map(str::to_owned).into());
    let run = verify(&site, &[]);
    assert!(run.stderr.contains("3 个不是普通文件"), "{}", run.stderr);
    fs::rename(site.path("public/manifest.json"), site.path("list")).expect("a move");
    symlink(site.path("list"), site.path("public/manifest.json")).expect("a link");
    let run = verify(&site, &[]);
    assert!(
        run.code == 2 && run.stderr.contains("manifest.json：不是普通文件"),
        "{}",
        run.stderr
    );
}

/// The bytes of a secret key changed, as another key file.
fn change_key(site: &Site, from: &str, to: &str, change: impl Fn(&mut [u8])) {
    let text = site.read(from);
    let (comment, key) = text.split_once('\n').expect("two lines");
    let mut bytes = Base64::decode_to_vec(key.trim(), None).expect("a key");
    change(&mut bytes);
    let key = Base64::encode_to_string(&bytes).expect("a key");
    site.write(to, format!("{comment}\n{key}\n"));
}

/// In the key file of minisign: two bytes each for signature, encryption, checksum, then 32 + 8 + 8 bytes of
/// encryption, 8 of the number, 64 of the key, 32 of the checksum.
#[test]
fn keys_of_minisign_are_taken_as_it_makes_them() {
    let site = built();
    new_key(&site, "site.key");
    let signature = "public/manifest.json.minisig";
    assert_eq!(sign(&site, "site.key").code, 0);
    let signed = site.read(signature);

    // `minisign -W` leaves the checksum out.
    change_key(&site, "site.key", "unsummed.key", |key| key[126..].fill(0));
    site.remove(signature);
    let run = sign(&site, "unsummed.key");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(site.read(signature), signed);

    // A password cannot be typed without a terminal.
    change_key(&site, "site.key", "sealed.key", |key| {
        key[2..4].copy_from_slice(b"Sc");
    });
    let run = sign(&site, "sealed.key");
    assert!(
        run.code == 2 && run.stderr.contains("这里没有终端可以输入"),
        "{}",
        run.stderr
    );
    assert_eq!(site.read(signature), signed);
}

#[test]
fn a_damaged_key_signs_nothing() {
    let site = built();
    new_key(&site, "site.key");
    change_key(&site, "site.key", "damaged.key", |key| key[70] ^= 1);
    let run = sign(&site, "damaged.key");
    assert!(
        run.code == 2 && run.stderr.contains("不是 minisign 的私钥"),
        "{}",
        run.stderr
    );
    change_key(&site, "site.key", "damaged.key", |key| {
        key[70] ^= 1;
        key[126..].fill(0);
    });
    let run = sign(&site, "damaged.key");
    assert!(
        run.code == 2 && run.stderr.contains("密钥损坏"),
        "{}",
        run.stderr
    );
    for (key, said) in [
        ("none.key", "none.key：没有这个文件"),
        ("data", "不是密钥文件"),
    ] {
        let run = sign(&site, key);
        assert!(run.code == 2 && run.stderr.contains(said), "{}", run.stderr);
    }
    assert!(!site.path("public/manifest.json.minisig").exists());
}

#[test]
fn what_a_signing_that_was_cut_short_has_left_is_told() {
    let site = built();
    new_key(&site, "site.key");
    site.write("public/manifest.json.minisig.new", "unfinished");
    let run = sign(&site, "site.key");
    assert!(
        run.code == 1 && run.stderr.contains("manifest.json.minisig.new"),
        "{}",
        run.stderr
    );
    site.remove("public/manifest.json.minisig.new");
    assert_eq!(sign(&site, "site.key").code, 0);
    assert_eq!(
        verify(&site, &["--key", &path(&site, "site.key.pub")]).code,
        0
    );
}

#[test]
fn a_list_of_changes_with_the_signature_brings_a_copy_up_to_date() {
    let site = built();
    new_key(&site, "site.key");
    assert_eq!(sign(&site, "site.key").code, 0);
    crate::support::copy(&site.path("public"), &site.path("server"));
    site.write(
        "data/demo/2025-budget/overview.md",
        "## 一、本单位职责\n\n修复档案。\n",
    );
    let list = path(&site, "changed.txt");
    assert_eq!(site.run(&["build", "-q", "--changed-list", &list]).code, 0);
    let mut names = site.read("changed.txt");
    assert!(names.ends_with("\nmanifest.json\n"), "{names}");
    names.push_str("manifest.json.minisig\n");
    // As `rsync --files-from --delete-missing-args` does.
    for name in names.lines() {
        let (from, to) = (
            site.path("public").join(name),
            site.path("server").join(name),
        );
        if from.exists() {
            fs::copy(from, to).expect("a copy");
        } else {
            fs::remove_file(to).expect("a file that goes");
        }
    }
    assert_eq!(tree(&site.path("server")), tree(&site.path("public")));
    let run = site.run(&["verify", &path(&site, "server")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(site.run(&["build", "-q", "--changed-list", &list]).code, 0);
    assert_eq!(site.read("changed.txt"), "");
}
