//! Titles of other places over the headers of ours: none is taken for a wrong table.

use gongkai::import::{self, Options};

use super::draw::{self, Style};
use super::paper::{Ink, Paper, xlsx};
use super::{disclosure, options};
use crate::support::Site;

/// Titles as they are published in Fujian, Shanghai, Beijing, Jiangsu, Shaanxi and Guangdong, and some between, each with
/// the tables of the standard that it may be taken for.
const TITLES: [(&str, &[&str]); 66] = [
    ("收支预算总表", &["表一"]),
    ("收入预算总表", &["表二"]),
    ("支出预算总表", &["表三"]),
    ("财政拨款收支预算总表", &["表四"]),
    ("一般公共预算拨款支出预算表", &["表五"]),
    ("政府性基金预算拨款支出预算表", &["表八"]),
    ("国有资本经营预算拨款支出预算表", &[]),
    ("一般公共预算支出经济分类情况表", &[]),
    ("一般公共预算基本支出经济分类情况表", &["表六"]),
    ("一般公共预算“三公”经费支出预算表", &["表十"]),
    ("收入支出决算总表", &[]),
    ("收入决算表", &[]),
    ("支出决算表", &[]),
    ("财政拨款收入支出决算总表", &[]),
    ("一般公共预算财政拨款支出决算表", &[]),
    ("一般公共预算财政拨款基本支出决算表", &[]),
    ("财政拨款“三公”经费支出决算表", &[]),
    ("政府性基金预算财政拨款收入支出决算表", &[]),
    ("国有资本经营预算财政拨款收入支出决算表", &[]),
    ("收支总表", &["表一"]),
    ("收入总表", &["表二"]),
    ("支出总表", &["表三"]),
    ("财政拨款收支总表", &["表四"]),
    ("一般公共预算支出表", &["表五"]),
    ("一般公共预算基本支出表", &["表六"]),
    ("一般公共预算“三公”经费支出表", &["表十"]),
    ("政府性基金预算支出表", &["表八"]),
    ("国有资本经营预算支出表", &["表九"]),
    ("财政拨款支出表（功能科目）", &[]),
    ("财政拨款基本支出表（经济科目）", &[]),
    ("一般公共预算支出表（功能科目）", &["表五"]),
    ("一般公共预算基本支出表（经济科目）", &["表六"]),
    ("一般公共预算“三公”经费、会议费、培训费支出表", &[]),
    ("政府性基金支出表", &["表八"]),
    ("一般公共预算机关运行经费支出表", &["表十一"]),
    ("政府采购支出表", &[]),
    ("部门综合预算收支总表", &["表一"]),
    ("部门综合预算收入总表", &["表二"]),
    ("部门综合预算支出总表", &["表三"]),
    ("部门综合预算财政拨款收支总表", &["表四"]),
    (
        "部门综合预算一般公共预算支出明细表（按功能科目分）",
        &["表五"],
    ),
    (
        "部门综合预算一般公共预算基本支出明细表（按经济分类科目分）",
        &["表六"],
    ),
    ("部门综合预算政府性基金收支表", &[]),
    ("部门综合预算专项业务经费支出表", &[]),
    ("部门综合预算财政拨款上年结转资金支出表", &[]),
    ("部门综合预算政府采购（资产配置、购买服务）预算表", &[]),
    (
        "部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表",
        &[],
    ),
    ("收支总体情况表", &["表一"]),
    ("收入总体情况表", &["表二"]),
    ("支出总体情况表", &["表三"]),
    ("财政拨款收支总体情况表", &["表四"]),
    ("一般公共预算支出情况表", &["表五"]),
    ("一般公共预算基本支出情况表", &["表六"]),
    ("一般公共预算“三公”经费支出情况表", &["表十"]),
    ("政府性基金预算支出情况表", &["表八"]),
    ("财政拨款支出预算表", &[]),
    ("财政拨款预算收支总表", &["表四"]),
    ("一般公共预算安排的行政经费及“三公”经费预算表", &[]),
    ("项目支出预算表", &["表十二", "表十三"]),
    ("项目支出绩效目标表", &[]),
    ("政府购买服务预算表", &[]),
    ("部门收支预算总表", &["表一"]),
    ("国有资本经营预算支出情况表", &["表九"]),
    ("部门预算项目支出及其他支出预算表", &[]),
    ("财政专户管理资金预算收入总表", &[]),
    ("政府性基金预算收支总表", &[]),
];

#[test]
fn a_title_of_another_table_is_never_outvoted_by_headers() {
    let site = Site::reference();
    let wanted = disclosure(&site);
    let mut right = 0;
    for table in &wanted.tables {
        let papers = TITLES.iter().enumerate().map(|(at, (title, _))| {
            let mut paper = Paper::new(&format!("S{at}"));
            draw::table(&mut paper, (0, 0), &wanted, table, Style::default());
            for (_, ink) in &mut paper.cells {
                if let Ink::Text(text, _) = ink
                    && *text == table.title
                {
                    *text = format!("2025年{title}");
                }
            }
            paper
        });
        site.write("titles.xlsx", xlsx(&papers.collect::<Vec<_>>()));
        let receipt = import::import(&Options {
            files: vec![site.path("titles.xlsx")],
            dry_run: true,
            ..options(&site)
        })
        .expect("an import");
        // The first of each table is in the receipt, the others are told to be there twice.
        let mut taken: Vec<(String, String)> = Vec::new();
        for table in &receipt.tables {
            taken.push((table.name.number.clone(), table.range.clone()));
        }
        for problem in receipt
            .problems
            .iter()
            .filter(|one| one.code == "import-twice")
        {
            let (number, places) = problem.say.zh.split_once("有两份：").expect("a table");
            let (_, second) = places.rsplit_once(' ').expect("a place");
            taken.push((number.to_owned(), second.to_owned()));
        }
        for (number, range) in taken {
            let sheet = range.split('!').next().expect("a sheet");
            let at: usize = sheet.trim_start_matches('S').parse().expect("a number");
            let (title, allowed) = TITLES[at];
            assert!(
                allowed.contains(&number.as_str()),
                "「{title}」 over the headers of {} is taken for {number}",
                table.form.number
            );
            right += usize::from(number == *table.form.number);
        }
        // What is not taken is told, with the title nearest to it where there is one.
        let told = receipt
            .problems
            .iter()
            .filter(|one| one.code == "import-sheet");
        assert!(
            told.count() > 0 || table.no_data.is_some(),
            "{}",
            table.form.number
        );
    }
    assert!(right > 12, "{right}");
}
