//! Stage 3: `Disclosure` -> its pages, all in memory.

pub mod address;
pub mod chart;
pub mod checks;
pub mod download;
pub mod escape;
mod functions;
pub mod lookup;
pub mod mark;
pub mod narrative;
pub mod operand;
pub mod page;
pub mod search;
mod site;
pub mod table;
pub mod tags;
pub mod theme;
pub mod view;

use std::sync::Arc;

use tera::Context;

use crate::diagnostic::Diagnostics;
use crate::model::catalog::{CatalogEntry, ProofSummary, SearchEntry};
use crate::model::disclosure::{Disclosure, Status};
use crate::model::sheet::Sheet;
use crate::model::title::ordinal;
use crate::standard::Standard;
use address::{Edition, NARRATIVE_PAGE};
use download::Downloads;
use functions::AtHand;
use lookup::LOOKUP_PAGE;
use mark::{CHECKS_PAGE, Marks};
use page::{Link, Page, PageView, SiteView, root_of};
pub use site::site;
use tags::Article;
use theme::Theme;
use view::corrections::CORRECTIONS_PAGE;
use view::disclosure::DisclosureView;
use view::downloads::DownloadsView;
use view::sheet::SheetView;
use view::table::TablePage;

/// What rendering knows of the site as a whole.
pub struct Site<'a> {
    /// Templates and static files.
    pub theme: &'a Theme,
    /// Settings as templates see them.
    pub view: &'a SiteView,
    /// Marks every page as a draft, whatever the status of the disclosures.
    pub draft: bool,
}

/// All pages of one disclosure, then its downloads. Reports `template` for templates that fail.
pub fn disclosure(
    site: &Site<'_>,
    disclosure: Disclosure,
    standard: &Arc<Standard>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Page>, CatalogEntry) {
    let disclosure = Arc::new(disclosure);
    let marks = Marks::new(&disclosure);
    let draft = site.draft || disclosure.status != Status::Approved;
    let downloads = site
        .view
        .downloads
        .then(|| Downloads::new(&disclosure, standard, site.view, draft));
    let mut writer = DisclosureWriter {
        site,
        folder: disclosure.folder(),
        view: tera::Value::from_serializable(&DisclosureView::new(&disclosure, standard, &marks)),
        disclosure: &disclosure,
        standard,
        diagnostics,
        charts: narrative::charts(&disclosure, Edition::Pages),
        full_charts: if site.view.full {
            narrative::charts(&disclosure, Edition::Full)
        } else {
            Arc::default()
        },
        marks: Arc::new(marks),
        downloads: downloads.as_ref(),
        pages: Vec::new(),
    };
    writer.overview();
    writer.tables();
    writer.narrative();
    writer.sheets();
    writer.glossary();
    if site.view.checks {
        writer.checks();
    }
    writer.corrections();
    if site.view.full {
        writer.full();
    }
    if site.view.search {
        writer.lookup();
    }
    let mut pages = writer.pages;
    let names = pages
        .iter()
        .map(|page| page.path[disclosure.folder().len() + 1..].into())
        .collect();
    if let Some(downloads) = downloads {
        pages.extend(downloads.into_pages(&disclosure.folder()));
    }
    // Readers search what is published; who builds a draft searches all of it.
    let found = site.draft || disclosure.status == Status::Approved;
    let search = (site.view.search && found).then(|| {
        let (page, entry) = search_of(&disclosure, standard);
        pages.push(page);
        entry
    });
    let bytes = pages.iter().map(|page| page.bytes.len() as u64).sum();
    let proof = if site.view.checks {
        view::checks::summary(&disclosure.proof)
    } else {
        ProofSummary::default()
    };
    let mut entry = CatalogEntry::new(&disclosure, proof, names, bytes);
    entry.search = search;
    (pages, entry)
}

/// The file by which a disclosure is searched, and what the site knows of it.
fn search_of(disclosure: &Disclosure, standard: &Standard) -> (Page, SearchEntry) {
    let (bytes, signature) = search::shard::shard(disclosure, standard.sheet.as_deref());
    let page = Page {
        path: format!("{}/{}", disclosure.folder(), search::shard::SHARD),
        bytes,
    };
    let entry = SearchEntry {
        standard: standard.id.as_str().into(),
        glossary: Arc::clone(&standard.glossary),
        signature,
    };
    (page, entry)
}

struct DisclosureWriter<'a> {
    site: &'a Site<'a>,
    folder: String,
    /// The disclosure as templates see it, made once for all its pages.
    view: tera::Value,
    disclosure: &'a Arc<Disclosure>,
    standard: &'a Arc<Standard>,
    diagnostics: &'a mut Diagnostics,
    charts: Arc<[String]>,
    full_charts: Arc<[String]>,
    marks: Arc<Marks>,
    downloads: Option<&'a Downloads>,
    pages: Vec<Page>,
}

impl DisclosureWriter<'_> {
    fn page_view(
        &self,
        template: &'static str,
        file: &str,
        title: String,
        description: String,
    ) -> PageView {
        let path = format!("{}/{file}", self.folder);
        let root = root_of(&path);
        let entity = &self.disclosure.entity;
        let mut crumbs = vec![
            Link::new(format!("{root}index.html"), "首页"),
            Link::new(
                format!("{root}{}/index.html", entity.id),
                entity.short_name.clone(),
            ),
        ];
        if file != "index.html" {
            crumbs.push(Link::new("index.html", self.disclosure.short_title()));
        }
        let within = if file == "index.html" {
            String::new()
        } else {
            format!("{} {}", entity.short_name, self.disclosure.short_title())
        };
        PageView {
            template,
            part: part_of(template),
            article: Some(Article::new(self.disclosure, &title, &within)),
            within,
            title,
            description,
            path,
            root,
            draft: self.site.draft || self.disclosure.status != Status::Approved,
            crumbs,
        }
    }

    /// What the page of a table, or the overview, offers to take away.
    fn offered(&self, table: Option<usize>) -> Option<DownloadsView> {
        let downloads = self.downloads?;
        let site = self.site.view;
        Some(DownloadsView::new(self.disclosure, downloads, table, site))
    }

    fn write(&mut self, page: PageView, edition: Edition, extra: impl FnOnce(&mut Context)) {
        let mut context = context(self.site.view, &page);
        context.insert_value("disclosure", self.view.clone());
        extra(&mut context);
        let template = format!("{}.html", page.template);
        let at_hand = AtHand {
            disclosure: Arc::clone(self.disclosure),
            standard: Arc::clone(self.standard),
            edition,
            charts: Arc::clone(match edition {
                Edition::Pages => &self.charts,
                Edition::Full => &self.full_charts,
            }),
            marks: Arc::clone(&self.marks),
        };
        let bytes = functions::with(at_hand, || {
            self.site
                .theme
                .render(&template, &context, self.diagnostics)
        });
        if let Some(bytes) = bytes {
            self.pages.push(Page {
                path: page.path,
                bytes,
            });
        }
    }

    fn overview(&mut self) {
        let description = self
            .disclosure
            .key_figures
            .iter()
            .map(|figure| format!("{} {}{}", figure.title, figure.value, figure.unit))
            .collect::<Vec<_>>()
            .join("，");
        let page = self.page_view(
            "overview",
            "index.html",
            self.disclosure.title(),
            description,
        );
        let downloads = self.offered(None);
        self.write(page, Edition::Pages, |context| {
            if let Some(downloads) = &downloads {
                context.insert("downloads", downloads);
            }
        });
    }

    fn tables(&mut self) {
        for at in 0..self.disclosure.tables.len() {
            let table = &self.disclosure.tables[at];
            let title = format!("{} {}", table.form.number, table.title);
            let lead = table.form.lead.as_ref();
            let description = lead.map_or_else(
                || title.clone(),
                |lead| lead.fill(&self.disclosure.title_values()),
            );
            let page = self.page_view("table", &table.form.page(), title, description);
            let table = TablePage::new(self.disclosure, at);
            let downloads = self.offered(Some(at));
            self.write(page, Edition::Pages, |context| {
                context.insert("table_page", &table);
                if let Some(downloads) = &downloads {
                    context.insert("downloads", downloads);
                }
            });
        }
    }

    /// Title of the part that holds something, or a plain word for it.
    fn part_title(&self, content: crate::standard::PartContent, otherwise: &str) -> String {
        let titles = self.disclosure.title_values();
        self.standard
            .parts
            .iter()
            .find(|part| part.content == content)
            .map_or_else(|| otherwise.to_owned(), |part| part.title.fill(&titles))
    }

    fn narrative(&mut self) {
        let title = self.part_title(crate::standard::PartContent::Narrative, "情况说明");
        let description = format!("{}：各项数据变动及原因", self.disclosure.title());
        let page = self.page_view("narrative", NARRATIVE_PAGE, title, description);
        self.write(page, Edition::Pages, |_| ());
    }

    fn sheet_views(&self, edition: Edition) -> Vec<tera::Value> {
        let Some(form) = &self.standard.sheet else {
            return Vec::new();
        };
        self.disclosure
            .sheets
            .iter()
            .map(|sheet| {
                let view = SheetView::new(self.disclosure, form, sheet, edition);
                tera::Value::from_serializable(&view)
            })
            .collect()
    }

    fn sheets(&mut self) {
        if self.disclosure.sheets.is_empty() {
            return;
        }
        let title = self.part_title(crate::standard::PartContent::Sheets, "项目支出绩效目标表");
        let description = format!(
            "{}：{}个项目的绩效目标",
            self.disclosure.title(),
            self.disclosure.sheets.len()
        );
        let views = self.sheet_views(Edition::Pages);
        let page = self.page_view("projects", "projects.html", title.clone(), description);
        self.write(page, Edition::Pages, |context| {
            context.insert_value("sheets", tera::Value::from(views.clone()));
        });
        for (sheet, view) in self.disclosure.sheets.iter().zip(&views) {
            let number = namesake(&self.disclosure.sheets, sheet);
            let which = number
                .as_ref()
                .map_or_else(String::new, |number| format!("（同名项目之{number}）"));
            let description = format!("{}{which}：资金、绩效目标与指标", sheet.name);
            let mut page = self.page_view("sheet", &sheet.page(), sheet.name.clone(), description);
            if let Some(number) = number {
                page.within = format!("同名项目之{number} – {}", page.within);
            }
            page.crumbs.push(Link::new("projects.html", title.clone()));
            self.write(page, Edition::Pages, |context| {
                context.insert_value("sheet", view.clone());
            });
        }
    }

    fn glossary(&mut self) {
        if self.standard.glossary.is_empty() {
            return;
        }
        let title = self.part_title(crate::standard::PartContent::Glossary, "名词解释");
        let description = format!("{}公开中常见名词的解释", self.disclosure.kind.word());
        let page = self.page_view("glossary", "glossary.html", title, description);
        self.write(page, Edition::Pages, |_| ());
    }

    fn checks(&mut self) {
        let description = format!("{}：各表数字的勾稽核对", self.disclosure.title());
        let page = self.page_view("checks", CHECKS_PAGE, "勾稽核对".to_owned(), description);
        self.write(page, Edition::Pages, |_| ());
    }

    /// As new as the newest of them; no page where there is none.
    fn corrections(&mut self) {
        let Some(latest) = self.disclosure.corrections.first() else {
            return;
        };
        let description = format!("{}：公开以后更正的数和文字", self.disclosure.title());
        let title = "更正说明".to_owned();
        let mut page = self.page_view("corrections", CORRECTIONS_PAGE, title, description);
        page.article = page.article.map(|article| article.on(&latest.date));
        let views = view::corrections::corrections(self.disclosure, Edition::Pages);
        self.write(page, Edition::Pages, |context| {
            context.insert("corrections", &views);
        });
    }

    fn lookup(&mut self) {
        let description = format!("{}：全部名称和科目编码", self.disclosure.title());
        let title = "名称和编码索引".to_owned();
        let page = self.page_view("lookup", LOOKUP_PAGE, title, description);
        self.write(page, Edition::Pages, |_| ());
    }

    fn full(&mut self) {
        let title = self.disclosure.title();
        let description = format!("{title}：全文，供打印");
        let page = self.page_view("full", "full.html", title, description);
        let views = self.sheet_views(Edition::Full);
        let corrections = view::corrections::corrections(self.disclosure, Edition::Full);
        self.write(page, Edition::Full, |context| {
            context.insert_value("sheets", tera::Value::from(views));
            context.insert("corrections", &corrections);
        });
    }
}

/// Which of several sheets of one name this is (一, 二 …), so that no two pages have one title.
fn namesake(sheets: &[Sheet], sheet: &Sheet) -> Option<String> {
    let mut namesakes = sheets.iter().filter(|other| other.name == sheet.name);
    let at = namesakes.clone().position(|other| other.id == sheet.id)?;
    namesakes.nth(1)?;
    Some(ordinal(at + 1))
}

fn context(site: &SiteView, page: &PageView) -> Context {
    let mut context = Context::new();
    context.insert("site", site);
    context.insert("page", page);
    context
}

/// The content of the part that a page shows; the overview and tables are marked by themselves.
fn part_of(template: &str) -> &'static str {
    match template {
        "narrative" => "narrative",
        "projects" | "sheet" => "sheets",
        "glossary" => "glossary",
        _ => "",
    }
}
