//! The pages that belong to no disclosure: home, entities, search, 404, sitemap, feed.

use std::sync::Arc;

use super::download::feed;
use super::page::{Link, Page, PageView, root_of};
use super::tags::Article;
use super::{Site, context, search, view};
use crate::diagnostic::Diagnostics;
use crate::error::Error;
use crate::model::address::root_anywhere;
use crate::model::catalog::CatalogEntry;
use crate::model::glossary::Term;

/// What a page of the site as a whole is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From<'a> {
    /// All that is known of all disclosures.
    All,
    /// What is known of those of one entity.
    Entity(&'a str),
    /// Which pages may be found.
    Addresses,
}

/// Takes a page of the site as a whole: its path, what it is made from, and a way to make it, which gives none where
/// the template fails.
pub type Write<'a> =
    dyn FnMut(&str, From<'_>, &mut dyn FnMut() -> Option<Vec<u8>>) -> Result<(), Error> + 'a;

/// The pages of the site as a whole, handed to `write` one by one: home, entities, 404, sitemap, feed. The
/// catalog is sorted by folder; `glossary` gives that of a standard.
///
/// # Errors
/// Those of `write`.
pub fn site(
    site: &Site<'_>,
    catalog: &[&CatalogEntry],
    glossary: &dyn Fn(&str) -> Arc<[Term]>,
    diagnostics: &mut Diagnostics,
    write: &mut Write<'_>,
) -> Result<(), Error> {
    let entities = view::site::entities(catalog);
    let view = |template: &'static str, path: &str, title: &str| PageView {
        template,
        title: title.to_owned(),
        description: site.view.description.clone(),
        path: path.to_owned(),
        root: root_of(path),
        draft: site.draft,
        ..PageView::default()
    };
    let mut render = |page: PageView,
                      file: &str,
                      from: From<'_>,
                      key: &'static str,
                      value: &dyn Fn() -> tera::Value| {
        write(&page.path, from, &mut || {
            let mut context = context(site.view, &page);
            context.insert_value(key, value());
            site.theme.render(file, &context, diagnostics)
        })
    };
    let home = view("home", "index.html", &site.view.title);
    let glance = || tera::Value::from_serializable(&view::site::Glance::new(&entities));
    render(home, "home.html", From::All, "glance", &glance)?;
    for entity in &entities {
        let mut page = view("entity", &format!("{}/index.html", entity.id), &entity.name);
        page.description = format!("{}历年公开的预算和决算", entity.name);
        page.crumbs = vec![Link::new("../index.html", "首页")];
        page.article = Some(Article::of_entity(entity));
        let from = From::Entity(&entity.id);
        let entity = || tera::Value::from_serializable(entity);
        render(page, "entity.html", from, "entity", &entity)?;
    }
    let directory = || tera::Value::from_serializable(&entities);
    let missing = PageView {
        root: root_anywhere(&site.view.base_url).to_owned(),
        description: "这一页不在了，或者地址写错了".to_owned(),
        ..view("404", "404.html", "没有找到这一页")
    };
    render(missing, "404.html", From::All, "entities", &directory)?;
    if site.view.search {
        let mut page = view("search", "search.html", "搜索");
        page.description = format!("在{}里按编码、名称、金额或词语查找", site.view.title);
        page.crumbs = vec![Link::new("index.html", "首页")];
        render(page, "search.html", From::All, "entities", &directory)?;
    }
    if !site.view.base_url.is_empty() {
        let page = view("sitemap", "sitemap.xml", "");
        let paths = || tera::Value::from(addresses(site, catalog, &entities));
        render(page, "sitemap.xml", From::Addresses, "paths", &paths)?;
    }
    let mut whole = |page: Page| write(&page.path, From::All, &mut || Some(page.bytes.clone()));
    if site.view.search {
        whole(search::site::index_page(catalog, glossary))?;
    }
    let feed = feed::write(site.view, catalog, site.draft).filter(|_| site.view.downloads);
    feed.map_or(Ok(()), whole)
}

/// Every page that may be found by search engines.
fn addresses(
    site: &Site<'_>,
    catalog: &[&CatalogEntry],
    entities: &[view::site::EntityGroup],
) -> Vec<String> {
    if site.draft {
        return Vec::new();
    }
    let mut paths = vec!["index.html".to_owned()];
    if site.view.search {
        paths.push("search.html".to_owned());
    }
    paths.extend(
        entities
            .iter()
            .map(|entity| format!("{}/index.html", entity.id)),
    );
    let listed = catalog.iter().filter(|entry| entry.is_listed());
    for entry in listed {
        let pages = entry.pages.iter();
        paths.extend(pages.map(|page| format!("{}/{page}", entry.folder)));
    }
    paths
}
