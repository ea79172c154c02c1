//! The commands of docs/deploying.md that need no web server; `tests/deploy/nginx.mjs` runs the others.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::docs::{blocks, document};
use crate::support::{Site, tree};

/// The one block of commands of a document that has a text.
fn recipe_of(path: &str, text: &str) -> String {
    let found = blocks(&document(path), "sh");
    let mut found = found.into_iter().filter(|block| block.contains(text));
    let recipe = found
        .next()
        .unwrap_or_else(|| panic!("a recipe with {text}"));
    assert_eq!(found.next(), None, "one recipe with {text}");
    recipe
}

fn recipe(text: &str) -> String {
    recipe_of("docs/deploying.md", text)
}

/// Runs commands in a site, with the program and what stands in `bin/` of the site at hand.
fn run(site: &Site, commands: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_gongkai"));
    let folder = program.parent().expect("a folder").display();
    let path = format!(
        "{}:{folder}:{}",
        site.path("bin").display(),
        std::env::var("PATH").expect("a path")
    );
    Command::new("sh")
        .args(["-c", &format!("set -e\n{commands}")])
        .current_dir(site.root())
        .env("PATH", path)
        .output()
        .expect("a shell")
}

fn succeed(site: &Site, commands: &str) {
    let output = run(site, commands);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.is_empty(), "{said}");
}

/// Stands in for the command of object storage: keeps files in a folder, and writes down what it is told of each.
const AWS: &str = r#"#!/bin/sh
[ "$1" = s3 ] || exit 9
action=$2
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --only-show-errors) ;;
    --content-type) type=$2; shift ;;
    --cache-control) cache=$2; shift ;;
    s3://*) key=bucket/${1#s3://} ;;
    *) file=$1 ;;
  esac
  shift
done
case $action in
  cp) mkdir -p "$(dirname "$key")" && cp "$file" "$key" && echo "$file|$type|$cache" >>told ;;
  rm) rm -f "$key" ;;
esac
"#;

#[test]
fn object_storage_gets_every_change_with_its_type() {
    let site = Site::reference();
    site.write("bin/aws", AWS);
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(site.path("bin/aws"), mode).expect("a mode");
    site.write("upload.sh", recipe("#!/bin/sh"));
    let upload = recipe("sh upload.sh ysgk\n").replace(" --release", " --release -q");
    succeed(&site, &upload);
    let whole = |folder: &str| tree(&site.path(folder)) == tree(&site.path("public"));
    assert!(whole("bucket/ysgk"));
    let told = site.read("told");
    for line in [
        "public/index.html|text/html; charset=utf-8|no-cache",
        "public/style/screen.css|text/css; charset=utf-8|max-age=3600",
        "public/script/table.js|text/javascript; charset=utf-8|max-age=3600",
        "public/search-index.js|text/javascript; charset=utf-8|no-cache",
        "public/icon.svg|image/svg+xml|max-age=86400",
        "public/yq-veterans/2025-budget/t03.csv|text/csv; charset=utf-8|no-cache",
        "public/yq-veterans/2025-budget/dataset.jsonld|application/ld+json|no-cache",
    ] {
        assert!(told.lines().any(|told| told == line), "{line}");
    }
    assert!(
        !told.contains("octet-stream"),
        "a kind of file that is made has no type of its own: {told}"
    );

    site.write("static/note.txt", "附件。\n");
    succeed(&site, &upload);
    assert!(whole("bucket/ysgk") && site.path("bucket/ysgk/note.txt").exists());
    site.remove("static/note.txt").remove("told");
    succeed(&site, &upload);
    assert!(whole("bucket/ysgk") && !site.path("bucket/ysgk/note.txt").exists());
    assert_eq!(
        site.read("told"),
        "public/manifest.json|application/json|no-cache\n"
    );
    // Nothing has changed.
    site.remove("told");
    succeed(&site, &upload);
    assert!(whole("bucket/ysgk") && !site.path("told").exists());

    // Everything anew, into a folder of a bucket.
    let text = document("docs/deploying.md");
    let (_, rest) = text.split_once("或者重新全部上传：`").expect("the command");
    let (all, _) = rest.split_once('`').expect("its end");
    succeed(&site, &format!("{all}\nsh upload.sh www ysgk/"));
    assert!(whole("bucket/www/ysgk"));
}

#[test]
fn a_site_is_verified_without_gongkai() {
    let site = Site::case("tiny");
    assert_eq!(site.run(&["build", "-q"]).code, 0);
    let verify = recipe("sha256sum --check").replace("/srv/ysgk/current", "public");
    succeed(&site, &verify);
    let page = site.read("public/index.html");
    site.write("public/index.html", page.replace("小站", "大站"));
    let output = run(&site, &verify);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("index.html: FAILED"), "{said}");
}

#[test]
fn the_pipelines_that_are_changed_are_those_of_the_starter() {
    let text = document("docs/deploying.md");
    let starter = |name: &str| document(&format!("starter/site/{name}"));
    for (name, lines) in [
        (
            ".github/workflows/site.yml",
            vec![
                "  site:\n    runs-on: ubuntu-latest\n",
                "      - name: 生成\n",
                "        run: gongkai build --quiet\n",
                "      - uses: actions/upload-artifact@v4\n",
            ],
        ),
        (
            ".gitlab-ci.yml",
            vec![
                "\nsite:\n",
                "    - gongkai build --quiet\n",
                "    paths: [public]\n",
            ],
        ),
        (".workflow/site.yml", vec!["          - name: PUBLIC\n"]),
    ] {
        let file = starter(name);
        for line in lines {
            assert_eq!(file.matches(line).count(), 1, "{name}: {line}");
        }
        if name != ".workflow/site.yml" {
            assert!(text.contains(&format!("`{name}`")), "{name}");
        }
        assert!(file.contains("GONGKAI_URL"), "{name}");
    }
    // What stands in the place of the last step has the indentation of steps and jobs.
    let file = starter(".github/workflows/site.yml");
    let (before, last) = file
        .split_once("      - uses: actions/upload-artifact@v4\n")
        .expect("it");
    assert!(!last.contains("- "), "the last step: {last}");
    let raw = text.split("```yaml\n").nth(1).expect("a block");
    let (block, _) = raw.split_once("```").expect("its end");
    let whole = format!("{before}{block}");
    let whole: serde_yaml::Value = serde_yaml::from_str(&whole).expect("YAML");
    assert_eq!(whole["jobs"]["deploy"]["needs"], "site");
    let steps = whole["jobs"]["site"]["steps"].as_sequence().expect("steps");
    assert_eq!(
        steps.last().expect("a step")["uses"],
        "actions/upload-pages-artifact@v3"
    );
}

/// The actions of a pipeline, as `name@version`.
fn actions(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.split("uses: ").nth(1));
    lines.map(str::trim).collect()
}

#[test]
fn the_release_makes_the_programs_that_the_manual_offers() {
    let text = document(".github/workflows/release.yml");
    let pipeline: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
    let matrix = &pipeline["jobs"]["build"]["strategy"]["matrix"]["include"];
    let programs = matrix.as_sequence().expect("programs");
    assert_eq!(programs.len(), 3);
    let (manual, notes) = (
        document("docs/installing.md"),
        document("docs/releasing.md"),
    );
    for program in programs {
        let [file, target, runner] = ["file", "target", "runner"].map(|key| {
            let value = program[key].as_str();
            format!("`{}`", value.expect("a text"))
        });
        assert!(manual.contains(&format!("| {file} | ")), "{file}");
        assert!(
            notes.contains(&format!("| {target} | {runner}")),
            "{target}"
        );
    }
    for file in [
        ".github/workflows/release.yml",
        "starter/site/.github/workflows/site.yml",
        "docs/deploying.md",
    ] {
        let text = document(file);
        let used = actions(&text);
        assert!(!used.is_empty(), "{file}");
        for action in used {
            let (name, version) = action.split_once('@').expect("a version");
            let major = version.strip_prefix('v').unwrap_or_default();
            assert!(
                name.starts_with("actions/") && major.parse::<u8>().is_ok(),
                "{file}: {action}"
            );
        }
    }
    // The image is made from what the manual names, and what it leaves out is not needed.
    let image = document("Containerfile");
    let last = image
        .split("FROM scratch\n")
        .nth(1)
        .expect("an empty image");
    assert!(last.contains("ENTRYPOINT [\"/gongkai\"]") && last.contains("WORKDIR /site"));
    assert!(document(".dockerignore").lines().count() > 1);
    for left_out in document(".dockerignore").lines() {
        assert!(
            ![
                "src",
                "templates",
                "static",
                "standards",
                "starter",
                "docs",
                "tests"
            ]
            .contains(&left_out)
        );
    }
}

#[test]
fn completions_and_manual_pages_go_where_the_manual_says() {
    let site = Site::empty();
    let home = site.root().display().to_string();
    succeed(
        &site,
        &recipe_of("docs/installing.md", "gongkai completions").replace('~', &home),
    );
    assert!(
        site.read(".local/share/bash-completion/completions/gongkai")
            .contains("--changed-list")
    );
    assert!(site.read(".local/share/man/man1/gongkai.1").contains(".TH"));
}
