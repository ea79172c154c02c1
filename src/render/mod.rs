//! Stage 3: `Disclosure` -> its pages, all in memory.

pub mod address;
mod blocks;
pub mod chart;
pub mod checks;
pub mod download;
pub mod escape;
pub(crate) mod functions;
pub mod lookup;
pub mod mark;
pub mod narrative;
pub mod operand;
pub mod page;
pub mod search;
pub mod site;
pub mod table;
pub mod tags;
pub mod theme;
pub mod view;

use std::sync::Arc;

use rayon::prelude::*;
use tera::Context;

use crate::diagnostic::Diagnostics;
use crate::model::catalog::{CatalogEntry, ProofSummary};
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

/// What becomes of one disclosure.
pub struct Rendered {
    /// Its pages, then its downloads.
    pub pages: Vec<Page>,
    /// What the site knows of it.
    pub entry: CatalogEntry,
    /// Which words its shard may hold, as bits; `None` when it is not to be found.
    pub signature: Option<Box<[u8]>>,
}

/// All pages of one disclosure, `side_by_side` where there is nothing else to do. Reports `template` for templates
/// that fail.
pub fn disclosure(
    site: &Site<'_>,
    disclosure: Disclosure,
    standard: &Arc<Standard>,
    side_by_side: bool,
    diagnostics: &mut Diagnostics,
) -> Rendered {
    let disclosure = Arc::new(disclosure);
    let marks = Marks::new(&disclosure);
    let draft = site.draft || disclosure.status != Status::Approved;
    let downloads = site
        .view
        .downloads
        .then(|| Downloads::new(&disclosure, standard, site.view, draft, side_by_side));
    let writer = DisclosureWriter {
        site,
        folder: disclosure.folder(),
        view: tera::Value::from_serializable(&DisclosureView::new(&disclosure, standard, &marks)),
        disclosure: &disclosure,
        standard,
        charts: narrative::charts(&disclosure, Edition::Pages),
        full_charts: if site.view.full {
            narrative::charts(&disclosure, Edition::Full)
        } else {
            Arc::default()
        },
        marks: Arc::new(marks),
        downloads: downloads.as_ref(),
    };
    let mut pages = Vec::new();
    for (page, faults) in each(writer.jobs(), side_by_side, |job| writer.render(job)) {
        pages.extend(page);
        diagnostics.append(faults);
    }
    let names = pages
        .iter()
        .map(|page| page.path[disclosure.folder().len() + 1..].into())
        .collect();
    if let Some(downloads) = downloads {
        pages.extend(downloads.into_pages(&disclosure.folder()));
    }
    // Readers search what is published; who builds a draft searches all of it.
    let found = site.draft || disclosure.status == Status::Approved;
    let signature = (site.view.search && found).then(|| {
        let (bytes, signature) = search::shard::shard(&disclosure, standard.sheet.as_deref());
        let path = format!("{}/{}", disclosure.folder(), search::shard::SHARD);
        pages.push(Page { path, bytes });
        signature
    });
    let bytes = pages.iter().map(|page| page.bytes.len() as u64).sum();
    let proof = if site.view.checks {
        view::checks::summary(&disclosure.proof)
    } else {
        ProofSummary::default()
    };
    let mut entry = CatalogEntry::new(&disclosure, proof, names, bytes);
    entry.is_found = signature.is_some();
    entry.standard = standard.id.as_str().into();
    Rendered {
        pages,
        entry,
        signature,
    }
}

/// Whether a disclosure has a page of this name, as [`disclosure`] makes them.
#[must_use]
pub fn has_page(
    name: &str,
    disclosure: &Disclosure,
    standard: &Standard,
    settings: &SiteView,
) -> bool {
    match name {
        "index.html" | NARRATIVE_PAGE => true,
        "projects.html" => !disclosure.sheets.is_empty(),
        "glossary.html" => !standard.glossary.is_empty(),
        CHECKS_PAGE => settings.checks,
        CORRECTIONS_PAGE => !disclosure.corrections.is_empty(),
        "full.html" => settings.full,
        LOOKUP_PAGE => settings.search,
        name => {
            let mut tables = disclosure.tables.iter();
            tables.any(|table| table.form.page() == name)
                || disclosure.sheets.iter().any(|sheet| sheet.page() == name)
        }
    }
}

/// Does something with each of some things, in their order or side by side.
pub fn each<T: Send, R: Send>(
    things: Vec<T>,
    side_by_side: bool,
    act: impl Fn(T) -> R + Sync + Send,
) -> Vec<R> {
    if side_by_side {
        things.into_par_iter().map(act).collect()
    } else {
        things.into_iter().map(act).collect()
    }
}

/// Does two things, one after the other or side by side.
pub fn both<A: Send, B: Send>(
    side_by_side: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if side_by_side {
        rayon::join(one, other)
    } else {
        (one(), other())
    }
}

struct DisclosureWriter<'a> {
    site: &'a Site<'a>,
    folder: String,
    /// The disclosure as templates see it, made once for all its pages.
    view: tera::Value,
    disclosure: &'a Arc<Disclosure>,
    standard: &'a Arc<Standard>,
    charts: Arc<[String]>,
    full_charts: Arc<[String]>,
    marks: Arc<Marks>,
    downloads: Option<&'a Downloads>,
}

/// A page to be made.
struct Job<'a> {
    page: PageView,
    edition: Edition,
    /// Adds what only this page shows.
    extra: Box<dyn FnOnce(&mut Context) + Send + 'a>,
}

impl<'a> Job<'a> {
    fn new(page: PageView, edition: Edition, extra: impl FnOnce(&mut Context) + Send + 'a) -> Self {
        Self {
            page,
            edition,
            extra: Box::new(extra),
        }
    }
}

impl DisclosureWriter<'_> {
    /// All pages in the order of the disclosure.
    fn jobs(&self) -> Vec<Job<'_>> {
        let mut jobs = vec![self.overview()];
        jobs.extend(self.tables());
        jobs.push(self.narrative());
        jobs.extend(self.sheets());
        jobs.extend(self.glossary());
        jobs.extend(self.site.view.checks.then(|| self.checks()));
        jobs.extend(self.corrections());
        jobs.extend(self.site.view.full.then(|| self.full()));
        jobs.extend(self.site.view.search.then(|| self.lookup()));
        jobs
    }

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

    fn render(&self, job: Job<'_>) -> (Option<Page>, Diagnostics) {
        let mut faults = Diagnostics::default();
        let mut context = context(self.site.view, &job.page);
        context.insert_value("disclosure", self.view.clone());
        (job.extra)(&mut context);
        let template = format!("{}.html", job.page.template);
        let at_hand = AtHand {
            disclosure: Arc::clone(self.disclosure),
            standard: Arc::clone(self.standard),
            edition: job.edition,
            charts: Arc::clone(match job.edition {
                Edition::Pages => &self.charts,
                Edition::Full => &self.full_charts,
            }),
            marks: Arc::clone(&self.marks),
        };
        let bytes = functions::with(at_hand, || {
            self.site.theme.render(&template, &context, &mut faults)
        });
        let path = job.page.path;
        (bytes.map(|bytes| Page { path, bytes }), faults)
    }

    fn overview(&self) -> Job<'_> {
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
        Job::new(page, Edition::Pages, move |context| {
            if let Some(downloads) = &downloads {
                context.insert("downloads", downloads);
            }
        })
    }

    fn tables(&self) -> impl Iterator<Item = Job<'_>> {
        self.disclosure
            .tables
            .iter()
            .enumerate()
            .map(move |(at, table)| {
                let title = format!("{} {}", table.form.number, table.title);
                let lead = table.form.lead.as_ref();
                let description = lead.map_or_else(
                    || title.clone(),
                    |lead| lead.fill(&self.disclosure.title_values()),
                );
                let page = self.page_view("table", &table.form.page(), title, description);
                Job::new(page, Edition::Pages, move |context| {
                    context.insert("table_page", &TablePage::new(self.disclosure, at));
                    if let Some(downloads) = &self.offered(Some(at)) {
                        context.insert("downloads", downloads);
                    }
                })
            })
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

    fn narrative(&self) -> Job<'_> {
        let title = self.part_title(crate::standard::PartContent::Narrative, "情况说明");
        let description = format!("{}：各项数据变动及原因", self.disclosure.title());
        let page = self.page_view("narrative", NARRATIVE_PAGE, title, description);
        Job::new(page, Edition::Pages, |_| ())
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

    fn sheets(&self) -> Vec<Job<'_>> {
        if self.disclosure.sheets.is_empty() {
            return Vec::new();
        }
        let title = self.part_title(crate::standard::PartContent::Sheets, "项目支出绩效目标表");
        let description = format!(
            "{}：{}个项目的绩效目标",
            self.disclosure.title(),
            self.disclosure.sheets.len()
        );
        let views = self.sheet_views(Edition::Pages);
        let page = self.page_view("projects", "projects.html", title.clone(), description);
        let all = tera::Value::from(views.clone());
        let mut jobs = vec![Job::new(page, Edition::Pages, move |context| {
            context.insert_value("sheets", all);
        })];
        for (sheet, view) in self.disclosure.sheets.iter().zip(views) {
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
            jobs.push(Job::new(page, Edition::Pages, move |context| {
                context.insert_value("sheet", view);
            }));
        }
        jobs
    }

    fn glossary(&self) -> Option<Job<'_>> {
        if self.standard.glossary.is_empty() {
            return None;
        }
        let title = self.part_title(crate::standard::PartContent::Glossary, "名词解释");
        let description = format!("{}公开中常见名词的解释", self.disclosure.kind.word());
        let page = self.page_view("glossary", "glossary.html", title, description);
        Some(Job::new(page, Edition::Pages, |_| ()))
    }

    fn checks(&self) -> Job<'_> {
        let description = format!("{}：各表数字的勾稽核对", self.disclosure.title());
        let page = self.page_view("checks", CHECKS_PAGE, "勾稽核对".to_owned(), description);
        Job::new(page, Edition::Pages, |_| ())
    }

    /// As new as the newest of them; no page where there is none.
    fn corrections(&self) -> Option<Job<'_>> {
        let latest = self.disclosure.corrections.first()?;
        let description = format!("{}：公开以后更正的数和文字", self.disclosure.title());
        let title = "更正说明".to_owned();
        let mut page = self.page_view("corrections", CORRECTIONS_PAGE, title, description);
        page.article = page.article.map(|article| article.on(&latest.date));
        Some(Job::new(page, Edition::Pages, |context| {
            let views = view::corrections::corrections(self.disclosure, Edition::Pages);
            context.insert("corrections", &views);
        }))
    }

    fn lookup(&self) -> Job<'_> {
        let description = format!("{}：全部名称和科目编码", self.disclosure.title());
        let title = "名称和编码索引".to_owned();
        let page = self.page_view("lookup", LOOKUP_PAGE, title, description);
        Job::new(page, Edition::Pages, |_| ())
    }

    fn full(&self) -> Job<'_> {
        let title = self.disclosure.title();
        let description = format!("{title}：全文，供打印");
        let page = self.page_view("full", "full.html", title, description);
        Job::new(page, Edition::Full, |context| {
            let views = self.sheet_views(Edition::Full);
            context.insert_value("sheets", tera::Value::from(views));
            let corrections = view::corrections::corrections(self.disclosure, Edition::Full);
            context.insert("corrections", &corrections);
        })
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
