//! The pages that belong to no disclosure: home, entities, search, 404, sitemap, feed.

use std::sync::Arc;

use super::download::feed;
use super::page::{Link, Page, PageView, root_anywhere, root_of};
use super::tags::Article;
use super::{Site, context, search, view};
use crate::diagnostic::Diagnostics;
use crate::error::Error;
use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::Status;

/// The pages of the site as a whole, handed to `write` one by one: home, entities, 404, sitemap, feed. The
/// catalog is sorted by folder.
///
/// # Errors
/// Those of `write`.
pub fn site(
    site: &Site<'_>,
    catalog: &[Arc<CatalogEntry>],
    diagnostics: &mut Diagnostics,
    write: &mut dyn FnMut(Page) -> Result<(), Error>,
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
    let mut render = |page: PageView, file: &str, key: &'static str, value: tera::Value| {
        let mut context = context(site.view, &page);
        context.insert_value(key, value);
        match site.theme.render(file, &context, diagnostics) {
            Some(bytes) => write(Page {
                path: page.path,
                bytes,
            }),
            None => Ok(()),
        }
    };
    let home = view("home", "index.html", &site.view.title);
    let directory = tera::Value::from_serializable(&entities);
    let glance = tera::Value::from_serializable(&view::site::Glance::new(&entities));
    render(home, "home.html", "glance", glance)?;
    for entity in &entities {
        let mut page = view("entity", &format!("{}/index.html", entity.id), &entity.name);
        page.description = format!("{}历年公开的预算和决算", entity.name);
        page.crumbs = vec![Link::new("../index.html", "首页")];
        page.article = Some(Article::of_entity(entity));
        let entity = tera::Value::from_serializable(entity);
        render(page, "entity.html", "entity", entity)?;
    }
    let missing = PageView {
        root: root_anywhere(&site.view.base_url).to_owned(),
        description: "这一页不在了，或者地址写错了".to_owned(),
        ..view("404", "404.html", "没有找到这一页")
    };
    render(missing, "404.html", "entities", directory.clone())?;
    if site.view.search {
        let mut page = view("search", "search.html", "搜索");
        page.description = format!("在{}里按编码、名称、金额或词语查找", site.view.title);
        page.crumbs = vec![Link::new("index.html", "首页")];
        render(page, "search.html", "entities", directory)?;
    }
    if !site.view.base_url.is_empty() {
        let paths = addresses(site, catalog, &entities);
        render(
            view("sitemap", "sitemap.xml", ""),
            "sitemap.xml",
            "paths",
            tera::Value::from(paths),
        )?;
    }
    if site.view.search {
        write(search::site::index_page(catalog))?;
    }
    let feed = feed::write(site.view, catalog, site.draft).filter(|_| site.view.downloads);
    feed.map_or(Ok(()), write)
}

/// Every page that may be found by search engines.
fn addresses(
    site: &Site<'_>,
    catalog: &[Arc<CatalogEntry>],
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
    for entry in catalog
        .iter()
        .filter(|entry| entry.status == Status::Approved)
    {
        paths.extend(
            entry
                .pages
                .iter()
                .map(|page| format!("{}/{page}", entry.folder)),
        );
    }
    paths
}
