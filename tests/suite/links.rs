//! Every address resolves, every page stands alone: both built sites.

use std::collections::{BTreeMap, BTreeSet};

use crate::corrections::corrected;
use crate::pages::{Built, all, reference, second, text};
use crate::support::Site;

/// Name, output, address.
type BuiltSite = (&'static str, fn() -> &'static Built, &'static str);

const SITES: [BuiltSite; 3] = [
    ("reference", reference, "https://ysgk.example.gov.cn/"),
    ("second", second, "https://qinghe.example/gk/"),
    ("corrected", corrected, "https://ysgk.example.gov.cn/"),
];

/// Runs `check` on every page of both sites: it pushes what is wrong.
fn on_each_page(check: impl Fn(&Built, &str, &scraper::Html, &mut Vec<String>)) {
    let mut faults = Vec::new();
    for (name, site, _) in SITES {
        for (path, _) in site().pages() {
            let mut found = Vec::new();
            check(site(), path, &site().page(path), &mut found);
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{name}/{path}: {fault}")),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A relative address from a page -> the path it names; `None` when it leaves the site.
fn resolve(page: &str, address: &str) -> Option<String> {
    let mut steps: Vec<&str> = page.split('/').collect();
    if !address.is_empty() {
        steps.pop();
    }
    for step in address.split('/').filter(|step| !step.is_empty()) {
        match step {
            "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// The 404 page is served in place of any other, so it may start from the path of the site.
fn from_root<'a>(base: &str, address: &'a str) -> &'a str {
    let host = base.find("://").map_or(0, |at| at + "://".len());
    let path = base[host..].find('/').map_or("/", |at| &base[host + at..]);
    address.strip_prefix(path).unwrap_or(address)
}

fn ids(built: &Built) -> BTreeMap<String, BTreeSet<String>> {
    built
        .pages()
        .map(|(path, _)| {
            let page = built.page(path);
            let ids = all(&page, "[id]")
                .into_iter()
                .filter_map(|element| element.value().id().map(str::to_owned))
                .collect();
            (path.to_owned(), ids)
        })
        .collect()
}

/// Every address of a site that is not relative or leads nowhere.
fn dead(built: &Built, base: &str) -> Vec<String> {
    let ids = ids(built);
    let mut faults = Vec::new();
    for (path, _) in built.pages() {
        let page = built.page(path);
        for element in all(&page, "[href], [src]") {
            let value = element.value();
            let address = value.attr("href").or_else(|| value.attr("src"));
            let address = address.expect("one of the two");
            if value.attr("rel") == Some("canonical") {
                if address != format!("{base}{path}") {
                    faults.push(format!("{path}: canonical {address}"));
                }
                continue;
            }
            if value.attr("rel") == Some("external") {
                if !address.starts_with("https://zfwzgl.www.gov.cn/") {
                    faults.push(format!("{path}: external {address}"));
                }
                continue;
            }
            let relative = if path == "404.html" {
                from_root(base, address)
            } else {
                address
            };
            let (file, id) = relative.split_once('#').unwrap_or((relative, ""));
            let local = !file.starts_with('/') && !file.contains(':');
            let target = resolve(path, file).filter(|_| local);
            let there = target.is_some_and(|target| {
                built.has(&target)
                    && (id.is_empty() || ids.get(&target).is_some_and(|ids| ids.contains(id)))
            });
            if !there || address.is_empty() || address.ends_with('#') {
                faults.push(format!("{path}: {address} ({})", text(element)));
            }
        }
    }
    faults
}

#[test]
fn every_address_is_relative_and_leads_to_something_that_is_there() {
    for (name, site, base) in SITES {
        let dead = dead(site(), base);
        assert!(dead.is_empty(), "{name}\n{}", dead.join("\n"));
    }
}

#[test]
fn what_a_disclosure_leaves_out_is_not_linked() {
    let site = Site::case("second");
    let folder = "data/qinghe-library/2024-final";
    site.remove(&format!("{folder}/projects"))
        .remove(&format!("{folder}/overview.md"))
        .remove("standards/second/glossary.md");
    let built = Built::new(&site);
    let dead = dead(&built, SITES[1].2);
    assert!(dead.is_empty(), "{}", dead.join("\n"));
    let full = built.page("qinghe-library/2024-final/full.html");
    assert_eq!(all(&full, ".part").len(), 2);
}

#[test]
fn style_sheets_take_nothing_from_elsewhere() {
    for (name, site, _) in SITES {
        for (path, text) in site().of_kind("css") {
            assert!(!text.contains("@import"), "{name}/{path}");
            for (_, rest) in text.match_indices("url(").map(|(at, _)| text.split_at(at)) {
                let address = rest["url(".len()..].split(')').next().unwrap_or_default();
                let address = address.trim_matches(['"', '\'']);
                if address.starts_with("#print-") {
                    continue; // a pattern of the page itself, see below
                }
                let target = resolve(path, address);
                assert!(
                    target.is_some_and(|target| site().files.contains_key(&target)),
                    "{name}/{path}: {address}"
                );
            }
        }
    }
}

#[test]
fn a_page_names_only_ids_that_it_has_and_has_each_once() {
    on_each_page(|_, _, page, faults| {
        let mut seen = BTreeSet::new();
        for element in all(page, "[id]") {
            let id = element.value().id().unwrap_or_default();
            if !seen.insert(id) {
                faults.push(format!("id {id} twice"));
            }
        }
        for name in ["aria-labelledby", "aria-describedby", "for", "headers"] {
            for element in all(page, &format!("[{name}]")) {
                let value = element.value().attr(name).unwrap_or_default();
                for id in value.split_whitespace().filter(|id| !seen.contains(id)) {
                    faults.push(format!("{name} {id} is not there"));
                }
            }
        }
    });
}

#[test]
fn nothing_stands_inline_that_a_strict_policy_would_refuse() {
    on_each_page(|_, _, page, faults| {
        for element in all(page, "*") {
            let element = element.value();
            let name = element.name();
            let inline_script = name == "script" && element.attr("src").is_none();
            if name == "style" || inline_script {
                faults.push(format!("<{name}>"));
            }
            for (attribute, _) in element.attrs() {
                if attribute == "style" || attribute.starts_with("on") {
                    faults.push(format!("<{name} {attribute}>"));
                }
            }
        }
    });
}

#[test]
fn a_page_has_one_heading_of_level_one_a_language_and_a_description() {
    on_each_page(|_, _, page, faults| {
        let headings = all(page, "h1");
        if headings.len() != 1 || headings.iter().any(|heading| text(*heading).is_empty()) {
            faults.push(format!("{} h1", headings.len()));
        }
        if all(page, "html[lang='zh-CN']").len() != 1 || all(page, "main").len() != 1 {
            faults.push("lang or main".to_owned());
        }
        let described = all(page, "meta[name=description]")
            .into_iter()
            .any(|meta| !meta.value().attr("content").unwrap_or_default().is_empty());
        if !described {
            faults.push("no description".to_owned());
        }
    });
}

#[test]
fn no_two_pages_of_a_site_have_the_same_title() {
    for (name, site, _) in SITES {
        let mut titles: BTreeMap<String, &str> = BTreeMap::new();
        for (path, _) in site().pages() {
            let page = site().page(path);
            let title = all(&page, "head > title")
                .first()
                .map_or_else(String::new, |title| text(*title));
            assert!(!title.is_empty(), "{name}/{path}");
            let before = titles.insert(title.clone(), path);
            assert_eq!(before, None, "{name}/{path}: {title}");
        }
    }
}

#[test]
fn the_sitemap_lists_exactly_the_pages() {
    for (name, site, base) in SITES {
        let listed: Vec<&str> = site().files["sitemap.xml"]
            .split("<loc>")
            .skip(1)
            .filter_map(|rest| rest.split("</loc>").next())
            .collect();
        let unique: BTreeSet<String> = listed.iter().map(|url| (*url).to_owned()).collect();
        let pages: BTreeSet<String> = site()
            .pages()
            .filter(|(path, _)| *path != "404.html")
            .map(|(path, _)| format!("{base}{path}"))
            .collect();
        assert_eq!(unique, pages, "{name}");
        assert_eq!(listed.len(), unique.len(), "{name}: a page is listed twice");
    }
}

/// Content of the page tags by exact name.
fn tags(page: &scraper::Html) -> BTreeMap<String, String> {
    all(page, "meta[name]")
        .into_iter()
        .map(|meta| {
            let of = |name| meta.value().attr(name).unwrap_or_default().to_owned();
            (of("name"), of("content"))
        })
        .collect()
}

#[test]
fn pages_carry_the_tags_of_government_sites_by_level() {
    const SITE: [&str; 3] = ["SiteName", "SiteDomain", "SiteIDCode"];
    const COLUMN: [&str; 4] = [
        "ColumnName",
        "ColumnType",
        "ColumnKeywords",
        "ColumnDescription",
    ];
    const ARTICLE: [&str; 7] = [
        "ArticleTitle",
        "PubDate",
        "ContentSource",
        "Keywords",
        "Description",
        "Author",
        "Url",
    ];
    on_each_page(|_, path, page, faults| {
        let tags = tags(page);
        let mut expect = |names: &[&str], wanted: bool| {
            for name in names {
                let there = tags.get(*name).is_some_and(|content| !content.is_empty());
                if there != wanted || tags.contains_key(*name) != wanted {
                    faults.push(format!("{name}: {:?}", tags.get(*name)));
                }
            }
        };
        expect(&SITE, true);
        expect(&COLUMN, path != "404.html");
        expect(&ARTICLE, path.contains('/'));
    });
    let tags = tags(&second().page("qinghe-library/2024-final/t02.html"));
    for (name, content) in [
        ("SiteDomain", "qinghe.example"),
        ("SiteIDCode", "bm00000000"),
        ("ColumnName", "预决算公开"),
        ("PubDate", "2025-09-12 00:00"),
        (
            "Url",
            "https://qinghe.example/gk/qinghe-library/2024-final/t02.html",
        ),
    ] {
        assert_eq!(tags[name], content, "{name}");
    }
}

#[test]
fn the_footer_names_who_runs_the_site_and_where_to_report_errors() {
    let page = second().page("qinghe-library/2024-final/t02.html");
    let footer = text(all(&page, "footer")[0]);
    for said in [
        "主办单位：青禾县财政局",
        "承办单位：青禾县信息中心",
        "联系方式：0000-0000000",
        "网站标识码：bm00000000",
        "青ICP备00000000号",
        "青公网安备 00000000000000号",
        "网站地图",
    ] {
        assert!(footer.contains(said), "{said} is missing from {footer}");
    }
    let links = all(&page, "footer a[rel=external]");
    assert_eq!(
        links.first().and_then(|link| link.value().attr("href")),
        Some(
            "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=bm00000000&url=https%3A//qinghe.example/gk/qinghe-library/2024-final/t02.html"
        )
    );
}

#[test]
fn a_page_asks_for_at_most_six_files() {
    on_each_page(|_, _, page, faults| {
        let asked = all(page, "link[rel=stylesheet], link[rel=icon], [src]").len() + 1;
        if asked > 6 {
            faults.push(format!("{asked} files"));
        }
    });
}

#[test]
fn dark_colours_are_the_same_by_system_and_by_choice() {
    let css = &reference().files["style/screen.css"];
    let tokens = |selector: &str| -> Vec<String> {
        let (_, rest) = css.split_once(selector).expect(selector);
        let (block, _) = rest.split_once('}').expect("a block");
        block
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("--"))
            .map(str::to_owned)
            .collect()
    };
    for (system, choice) in [
        (
            "\n  :root:not([data-scheme=\"light\"]) {",
            "\n  :root[data-scheme=\"dark\"] {",
        ),
        (
            ":root[data-contrast=\"high\"]:not([data-scheme=\"light\"]) {",
            ":root[data-contrast=\"high\"][data-scheme=\"dark\"] {",
        ),
    ] {
        assert_eq!(tokens(system), tokens(choice));
        assert!(!tokens(system).is_empty());
    }
}

#[test]
fn pages_with_a_ring_bring_the_patterns_that_print_fills_it_with() {
    let css = &reference().files["style/screen.css"];
    on_each_page(|_, _, page, faults| {
        if all(page, ".ring").is_empty() {
            return;
        }
        for n in 2..=8 {
            let there = crate::pages::by_id(page, &format!("print-{n}")).is_some();
            if !there || !css.contains(&format!("url(#print-{n})")) {
                faults.push(format!("no pattern {n}"));
            }
        }
    });
}
