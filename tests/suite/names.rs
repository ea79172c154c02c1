//! Names and addresses that work everywhere: of entities, files and the site itself.

use crate::support::{Site, tree};

const ADDRESS: &str = "https://xn--5bvu10g.xn--fiqs8s/%E9%A2%84%E7%AE%97/";
const READ: &str = "https://财政.中国/预算/";

/// The tiny site, approved and built under an address of `site.toml` or of `-u`.
fn under(address: &str, argument: bool) -> Site {
    let site = Site::case("tiny");
    let title = "title = \"小站\"\n";
    if argument {
        site.write("site.toml", title);
        let run = site.run(&["build", "-q", "-u", address]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{address}");
    } else {
        site.write("site.toml", format!("{title}base_url = \"{address}\"\n"));
        let run = site.run(&["build", "-q"]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{address}");
    }
    site
}

#[test]
fn an_address_is_the_same_in_the_settings_and_as_an_argument_however_it_is_written() {
    let expected = tree(&under(ADDRESS, false).path("public"));
    for address in ["HTTPS://财政.中国//预算", READ, ADDRESS] {
        for argument in [false, true] {
            let found = tree(&under(address, argument).path("public"));
            for ((name, before), (other, after)) in expected.iter().zip(&found) {
                assert_eq!(name, other);
                // What the site was made from differs: the settings.
                assert!(
                    name == "manifest.json" || before == after,
                    "{address}: {name}"
                );
            }
            assert_eq!(expected.len(), found.len());
        }
    }
}

#[test]
fn links_are_in_punycode_and_prints_in_chinese_without_a_doubled_slash() {
    let site = under("https://财政.中国//预算//", false);
    let table = site.read("public/demo/2025-budget/t01.html");
    let page = "demo/2025-budget/t01.html";
    for words in [
        format!("<link rel=\"canonical\" href=\"{ADDRESS}{page}\">"),
        format!("网址：{READ}{page}"),
        format!("，{READ}{page}"),
    ] {
        assert!(table.contains(&words), "{words}");
    }
    let missing = site.read("public/404.html");
    assert!(missing.contains("href=\"/%E9%A2%84%E7%AE%97/index.html\""));
    for name in ["404.html", "sitemap.xml", "feed.xml", "index.html", page] {
        let text = site.read(&format!("public/{name}"));
        let doubled = text
            .match_indices("//")
            .filter(|(at, _)| !text[..*at].ends_with(':'));
        // A comment in a script, an address without a scheme: nothing of the kind is on a page.
        assert_eq!(doubled.count(), 0, "{name}");
    }
}

#[test]
fn an_entity_whose_name_some_system_cannot_hold_is_refused_with_another() {
    let site = Site::case("tiny");
    let before = tree(site.root());
    for (name, reason, instead) in [
        ("LIBRARY", "大写", "library"),
        ("con", "设备", "con-1"),
        ("档案馆", "小写英文", "yq-veterans"),
        ("a:b", "`:`", "a-b"),
        ("../up", "`/`", "up"),
    ] {
        let import = [
            "import", "x.csv", "--entity", name, "--year", "2026", "--name", "馆",
        ];
        let new = ["new", name, "2026", "--name", "馆"];
        for arguments in [&new[..], &import] {
            let run = site.run(arguments);
            assert_eq!((run.code, &*run.stdout), (2, ""), "{name}");
            assert!(run.stderr.contains(reason), "{name}: {}", run.stderr);
            assert!(run.stderr.contains(instead), "{name}: {}", run.stderr);
        }
    }
    assert!(tree(site.root()) == before, "something was written");
    std::fs::rename(site.path("data/demo"), site.path("data/Demo")).expect("a new name");
    let run = site.run(&["new", "demo", "2026", "--name", "馆"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("同一个文件夹"), "{}", run.stderr);
}
