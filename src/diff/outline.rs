//! A report as words, before any format: headings, lines of figures, items of text.

use rust_decimal::Decimal;

use super::report::{
    Change, CheckChange, Disclosure, Figure, Pages, Piece, Presence, Report, RowChange, TextChange,
    Verdict, What,
};
use crate::diagnostic::{Language, Say};
use crate::model::amount::grouped;
use crate::say;

/// What a reader of a report sees.
pub struct Outline {
    /// Per disclosure, then the files.
    pub parts: Vec<Part>,
}

/// A disclosure, or the files.
pub struct Part {
    /// Heading.
    pub title: String,
    /// What is told of it.
    pub sections: Vec<Section>,
}

/// Changes of one kind.
pub struct Section {
    /// Heading, with their number.
    pub title: String,
    /// Figures; items are empty then.
    pub lines: Vec<Line>,
    /// Anything else.
    pub items: Vec<Item>,
}

/// A figure.
pub struct Line {
    /// Whether it stands below its cause.
    pub folded: bool,
    /// Where it stands.
    pub place: String,
    /// As printed; 空白 for a blank.
    pub old: String,
    /// Likewise.
    pub new: String,
    /// With its sign; empty where there is none.
    pub difference: String,
    /// With its sign; empty where there is none.
    pub percent: String,
    /// Unit.
    pub unit: String,
    /// By which rule it moved; empty for a cause.
    pub rule: String,
    /// What else moved it, if anything.
    pub note: String,
}

/// Anything but a figure.
pub struct Item {
    /// Whether it is new, gone or changed.
    pub presence: Presence,
    /// What.
    pub label: String,
    /// The text.
    pub pieces: Vec<Piece>,
    /// A remark on it.
    pub note: String,
}

impl Outline {
    /// The outline of a report.
    pub fn new(report: &Report, language: Language) -> Self {
        let words = Words(language);
        let mut parts: Vec<Part> = report
            .disclosures
            .iter()
            .map(|one| words.part(one))
            .collect();
        if report.pages != Pages::default() {
            parts.push(words.pages(&report.pages));
        }
        Self { parts }
    }
}

/// What a report says as a whole: how much there is of each kind.
pub fn summary(report: &Report) -> Say {
    if report.is_empty() {
        return say!("没有变化", "no change");
    }
    let pages = &report.pages;
    let (came_or_went, look) = (pages.added.len() + pages.gone.len(), pages.presentation);
    if report.disclosures.is_empty() && came_or_went == 0 {
        return say!(
            "数据没有变化，只有 {look} 个文件的样子变了",
            "no data changed; {look} files only look different"
        );
    }
    let sum = |count: fn(&Disclosure) -> usize| report.disclosures.iter().map(count).sum::<usize>();
    let causes = sum(causes);
    let counts = [
        (report.disclosures.len(), say!("公开", "disclosures")),
        (causes, say!("改动的数", "figures changed")),
        (
            sum(|one| one.figures.len()) - causes,
            say!("带动的数", "figures moved because of them"),
        ),
        (sum(|one| one.rows.len()), say!("行和表", "rows and tables")),
        (sum(|one| one.texts.len()), say!("文字", "sentences")),
        (sum(|one| one.sheets.len()), say!("绩效目标表", "sheets")),
        (sum(|one| one.checks.len()), say!("核对", "checks")),
        (came_or_went, say!("增减的文件", "files added and gone")),
        (
            look,
            say!("只有样子变了的文件", "files that only look different"),
        ),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let (zh, en): (Vec<String>, Vec<String>) = counts
        .map(|(count, Say { zh, en })| (format!("{zh} {count}"), format!("{en} {count}")))
        .unzip();
    let (zh, en) = (zh.join("，"), en.join(", "));
    say!("有变化：{zh}", "changed: {en}")
}

/// How many figures changed by themselves.
fn causes(one: &Disclosure) -> usize {
    let causes = one.figures.iter().filter(|figure| figure.causes.is_empty());
    causes.count()
}

#[derive(Clone, Copy)]
struct Words(Language);

impl Words {
    fn say(self, say: &Say) -> String {
        say.text(self.0).to_owned()
    }

    fn part(self, one: &Disclosure) -> Part {
        let (title, folder) = (&one.title, &one.folder);
        let title = self.say(&match one.presence {
            Presence::Both => say!("{title}（{folder}）", "{title} ({folder})"),
            Presence::Added => say!("新增：{title}（{folder}）", "added: {title} ({folder})"),
            Presence::Removed => say!("撤下：{title}（{folder}）", "gone: {title} ({folder})"),
        });
        let text = |text: &TextChange| self.text(text);
        let sections = [
            (say!("数字", "Figures"), Vec::new()),
            (
                say!("行和表", "Rows and tables"),
                one.rows.iter().map(|row| self.row(row)).collect(),
            ),
            (
                say!("文字", "Sentences"),
                one.texts.iter().map(text).collect(),
            ),
            (
                say!("绩效目标表", "Sheets"),
                one.sheets.iter().map(text).collect(),
            ),
            (
                say!("核对", "Checks"),
                one.checks.iter().map(|check| self.check(check)).collect(),
            ),
        ];
        let mut sections: Vec<Section> = sections
            .into_iter()
            .map(|(title, items)| self.section(&title, items))
            .collect();
        let causes = causes(one);
        let moved = one.figures.len() - causes;
        sections[0] = Section {
            title: self.say(&if moved == 0 {
                say!("数字：{causes} 处", "Figures: {causes}")
            } else {
                say!(
                    "数字：改动 {causes} 处，带动 {moved} 处",
                    "Figures: {causes} changed, {moved} moved because of them"
                )
            }),
            lines: one
                .figures
                .iter()
                .map(|figure| self.figure(one, figure))
                .collect(),
            items: Vec::new(),
        };
        sections.retain(|section| !(section.lines.is_empty() && section.items.is_empty()));
        Part { title, sections }
    }

    fn section(self, title: &Say, items: Vec<Item>) -> Section {
        let (Say { zh, en }, count) = (title, items.len());
        Section {
            title: self.say(&say!("{zh}：{count} 处", "{en}: {count}")),
            lines: Vec::new(),
            items,
        }
    }

    fn blank(self) -> String {
        self.say(&say!("空白", "blank"))
    }

    /// A figure, row or sheet by its selector, in words.
    fn cause(self, one: &Disclosure, at: &str) -> String {
        let figure = one.figures.iter().find(|figure| figure.at == at);
        let row = || one.rows.iter().find(|row| row.at == at);
        match figure {
            Some(figure) => figure.place(),
            None => row().map_or_else(|| at.to_owned(), |row| self.row(row).label),
        }
    }

    fn figure(self, one: &Disclosure, figure: &Figure) -> Line {
        let folded = !figure.causes.is_empty();
        let value = |value: &Option<String>| match value {
            None => self.blank(),
            Some(text) => Decimal::from_str_exact(text).map_or_else(|_| text.clone(), grouped),
        };
        let causes = |all: &[String]| {
            let words = all.iter().map(|at| self.cause(one, at));
            words.collect::<Vec<_>>().join("、")
        };
        let known = |at: &&String| !one.figures.iter().any(|figure| figure.at == **at);
        let rows: Vec<String> = figure.because.iter().filter(known).cloned().collect();
        let mut others = figure.causes.get(1..).unwrap_or_default().to_vec();
        others.extend(if folded { rows.clone() } else { Vec::new() });
        let (others, rows) = (causes(&others), causes(&rows));
        let note = if !others.is_empty() {
            self.say(&say!("连同 {others}", "together with {others}"))
        } else if !folded && !rows.is_empty() {
            self.say(&say!("因 {rows}", "because of {rows}"))
        } else {
            String::new()
        };
        Line {
            folded,
            place: if folded {
                figure.place()
            } else {
                figure.whole_place()
            },
            old: value(&figure.old),
            new: value(&figure.new),
            difference: figure.difference.map(signed).unwrap_or_default(),
            percent: figure
                .percent
                .map(|percent| format!("{}%", signed(percent)))
                .unwrap_or_default(),
            unit: figure.unit.clone().unwrap_or_default(),
            rule: figure.rule.clone().unwrap_or_default(),
            note,
        }
    }

    fn row(self, row: &RowChange) -> Item {
        let what = self.say(&match row.what {
            What::Table => say!("表", "table"),
            What::Block => say!("栏", "block"),
            What::Column => say!("列", "column"),
            What::Row => say!("行", "row"),
        });
        let change = self.say(&match row.change {
            Change::Added => say!("新增", "added"),
            Change::Removed => say!("删去", "removed"),
            Change::Renamed => say!("改名", "renamed"),
            Change::Recoded => say!("换了编码", "another code"),
            Change::Moved => say!("换了位置", "moved"),
            Change::Level => say!("换了层级", "another level"),
            Change::Unit => say!("换了计量单位", "another unit"),
            Change::NoData => say!("的空表理由改了", "has another reason for being empty"),
            Change::Note => say!("的注改了", "has another note"),
        });
        let whole = matches!(row.change, Change::Added | Change::Removed);
        let name = match (&*row.table, &*row.name) {
            ("", name) => name.to_owned(),
            (table, name) => format!("{table} › {name}"),
        };
        let cells = row.cells.iter();
        let cells = cells.map(|(title, value)| {
            let value = Decimal::from_str_exact(value).map_or_else(|_| value.clone(), grouped);
            format!("{title} {value}")
        });
        Item {
            presence: match row.change {
                Change::Added => Presence::Added,
                Change::Removed => Presence::Removed,
                _ => Presence::Both,
            },
            label: match self.0 {
                Language::Zh if whole => format!("{change}{what} {name}"),
                Language::Zh => format!("{what}{change} {name}"),
                Language::En => format!("{what} {change}: {name}"),
            },
            pieces: pieces(row.old.as_deref(), row.new.as_deref()),
            note: cells.collect::<Vec<_>>().join("，"),
        }
    }

    fn text(self, text: &TextChange) -> Item {
        let because: Vec<&str> = text.because.iter().map(|(_, words)| &**words).collect();
        let because = because.join("、");
        Item {
            presence: text.presence,
            label: self.say(&text.place),
            pieces: text.pieces.clone(),
            note: if because.is_empty() {
                String::new()
            } else {
                self.say(&say!("因 {because}", "because of {because}"))
            },
        }
    }

    fn check(self, check: &CheckChange) -> Item {
        let side = |verdict: &Option<Verdict>| verdict.as_ref().map(|one| self.verdict(one));
        let (old, new) = (side(&check.old), side(&check.new));
        let (rule, title, place) = (&check.rule, &check.title, &check.place);
        Item {
            presence: match (&check.old, &check.new) {
                (Some(_), Some(_)) => Presence::Both,
                (None, _) => Presence::Added,
                (_, None) => Presence::Removed,
            },
            label: if place.is_empty() {
                rule.clone()
            } else {
                self.say(&say!(
                    "{title}（{rule}）：{place}",
                    "{title} ({rule}): {place}"
                ))
            },
            pieces: pieces(old.as_deref(), new.as_deref()),
            note: String::new(),
        }
    }

    fn verdict(self, verdict: &Verdict) -> String {
        let word = match &*verdict.word {
            "exact" => self.say(&say!("相符", "holds exactly")),
            "rounding" => self.say(&say!("四舍五入差", "differs by rounding")),
            "improbable" => self.say(&say!("存疑", "doubtful")),
            "broken" => self.say(&say!("不符", "does not hold")),
            title => title.to_owned(),
        };
        let difference = verdict
            .difference
            .as_deref()
            .map(|difference| self.say(&say!("，差 {difference}", ", off by {difference}")));
        let waived = verdict
            .waived
            .then(|| self.say(&say!("（已说明）", " (waived)")));
        [Some(word), difference, waived]
            .into_iter()
            .flatten()
            .collect()
    }

    fn pages(self, pages: &Pages) -> Part {
        let files = |files: &[String], presence: Presence| -> Vec<Item> {
            files
                .iter()
                .map(|file| Item {
                    presence,
                    label: file.clone(),
                    pieces: Vec::new(),
                    note: String::new(),
                })
                .collect()
        };
        let mut sections = Vec::new();
        let mut both = files(&pages.added, Presence::Added);
        both.extend(files(&pages.gone, Presence::Removed));
        if !both.is_empty() {
            sections.push(self.section(&say!("增减的网页和文件", "Files added and gone"), both));
        }
        if pages.presentation > 0 {
            let (count, worded) = (pages.presentation, pages.worded.len());
            let title = if worded == 0 {
                say!(
                    "只有样子变了的文件：{count} 个",
                    "Files that only look different: {count}"
                )
            } else {
                say!(
                    "数据没变而样子变了的文件：{count} 个，其中 {worded} 页的文字也变了",
                    "Files that look different without a change of data: {count}; of these {worded} pages read differently"
                )
            };
            sections.push(Section {
                title: self.say(&title),
                lines: Vec::new(),
                items: files(&pages.worded, Presence::Both),
            });
        }
        Part {
            title: self.say(&say!("网页", "Pages")),
            sections,
        }
    }
}

/// A remark in brackets; nothing where there is none.
pub fn bracketed(note: &str, language: Language) -> String {
    match (note, language) {
        ("", _) => String::new(),
        (note, Language::Zh) => format!("（{note}）"),
        (note, Language::En) => format!(" ({note})"),
    }
}

/// What a value was and is, one after the other.
fn pieces(old: Option<&str>, new: Option<&str>) -> Vec<Piece> {
    [(old, Presence::Removed), (new, Presence::Added)]
        .into_iter()
        .filter_map(|(text, presence)| {
            Some(Piece {
                presence,
                text: text?.to_owned(),
            })
        })
        .collect()
}

/// `+2.00`, `-2.00`, `0.00`
fn signed(value: Decimal) -> String {
    if value.is_sign_negative() || value.is_zero() {
        grouped(value)
    } else {
        format!("+{}", grouped(value))
    }
}
