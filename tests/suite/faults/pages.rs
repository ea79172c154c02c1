//! Hostile texts of the data on the pages.

use super::{ENTITY, HEAD, PROJECTS, REPAIRS, SPENDING, built};
use crate::support::tree;
use std::path::Path;

const HOSTILE: &str = "<script>alert(1)</script>\"&'{{ year }}**_`";
/// In single quotes of YAML.
const QUOTED: &str = "'<script>alert(1)</script>\"&''{{ year }}**_`'";

#[test]
fn hostile_names_come_out_as_text_on_every_page() {
    let site = built();
    site.replace(
        ENTITY,
        "name: 阳城县档案馆\nshort",
        &format!("name: {QUOTED}\nshort"),
    )
    .replace(
        ENTITY,
        "short_name: 档案馆",
        &format!("short_name: {QUOTED}"),
    )
    .replace(
        ENTITY,
        "name: 阳城县档案馆, nature: 事业单位",
        &format!("name: {QUOTED}, nature: {QUOTED}"),
    )
    .replace(HEAD, "2025年度单位预算公开", QUOTED)
    .replace(HEAD, "新增库房维修", QUOTED)
    .replace(SPENDING, "卫生健康支出", QUOTED)
    .replace(PROJECTS, "库房维修", QUOTED);
    for text in [
        "name: 库房维修",
        "unit: 阳城县档案馆",
        "summary: 维修两间库房的屋面。",
        "annual: 年底前完工。",
        "level3: 维修库房",
        "annual: 2间",
    ] {
        let (key, _) = text.split_once(": ").expect("a key");
        site.replace(REPAIRS, text, &format!("{key}: {QUOTED}"));
    }
    site.write("site.toml", format!("title = '''{HOSTILE}'''\ndescription = '''{HOSTILE}'''\nwatermark = '''{HOSTILE}'''\nbase_url = \"https://a.gov.cn/\"\n[publisher]\nname = '''{HOSTILE}'''\ncontact = '''{HOSTILE}'''\nsite_code = '''{HOSTILE}'''\nicp = '''{HOSTILE}'''\npolice = '''{HOSTILE}'''\n"));
    let run = site.run(&["build", "--draft", "-q"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    // Such texts are reported, but they do not keep a draft from being built.
    for line in run.stderr.lines().filter(|line| line.contains("]: ")) {
        let known = ["警告[html-tag]: ", "错误[placeholder]: "];
        assert!(known.iter().any(|head| line.starts_with(head)), "{line}");
    }
    let mut pages = 0;
    for (name, bytes) in tree(&site.path("public")) {
        if Path::new(&name).extension() != Some("html".as_ref()) {
            continue;
        }
        pages += 1;
        let text = String::from_utf8(bytes).expect("pages are UTF-8");
        assert!(!text.contains("<script>alert"), "{name}");
        assert!(!text.contains("alert(1)</script>\""), "{name}");
        assert!(
            !text.contains("\"&'"),
            "{name}: an unescaped quotation mark"
        );
        assert!(text.contains("&lt;script&gt;alert(1)&lt;"), "{name}");
        // What would be a template or Markdown in a text of ours is none in a text of the data.
        assert!(text.contains("{{ year }}**_`"), "{name}");
    }
    assert_eq!(pages, 15);
}
