//! Overview, narrative, and the templates of pages.

use super::{Case, OVERVIEW, PROJECTS, SPENDING, run_all};
use crate::support::Site;

const SECTION: &str = "standards/tiny/narrative/spending.md";
const OWN: &str = "data/demo/2025-budget/narrative/spending.md";

pub const CASES: &[Case] = &[
    Case::new("overview-html", |site| {
        overview(
            site,
            "保管<br>全县档案。\n\n<div class=\"a\">\n甲\n</div>\n",
        );
    }),
    Case::new("overview-html-english", |site| {
        overview(site, "保管<br>全县档案。");
    })
    .english(),
    Case::new("html-of-an-expression", |site| {
        site.write(OWN, "甲{{ \"<b>乙</b>\" | safe }}丙。\n");
    }),
    Case::new("html-of-an-expression-of-a-standard-english", |site| {
        let text = site.read(SECTION);
        site.write(
            SECTION,
            format!("{text}\n{{% set x = \"<i\" ~ \">\" %}}{{{{ x | safe }}}}甲。\n"),
        );
    })
    .english(),
    Case::new("markdown-that-is-not-printed", |site| {
        overview(
            site,
            "库房2*3*4米。\n\n[注]: 本表不含结转\n\n| 甲 |\n|---|\n| 乙 | 77.77万元 |",
        );
    }),
    Case::new("markdown-that-is-not-printed-english", |site| {
        overview(site, "甲。\n\n[注]: 本表不含结转");
    })
    .english(),
    Case::new("markdown-of-a-standard-that-is-not-printed", |site| {
        let text = site.read(SECTION);
        let cell = "{{ cell(at=\"spending[total].total\") }}";
        site.write(
            SECTION,
            format!("| 甲 |\n|---|\n| 乙 | 合计{cell}万元 |\n\n{text}"),
        );
    }),
    Case::new("many-of-one-kind", |site| {
        overview(site, &"<br>\n\n".repeat(130));
    }),
    Case::new("many-of-one-kind-english", |site| {
        overview(site, &"<br>\n\n".repeat(130));
    })
    .english(),
    Case::new("overview-terminal-commands", |site| {
        overview(site, "保管\u{1b}[2J<b>全县</b>档案。");
    }),
    Case::new("overview-link", |site| {
        overview(
            site,
            "见[附件](javascript:alert(1))和[网站](https://example.gov.cn/)。",
        );
    }),
    Case::new("overview-image", |site| {
        overview(site, "![馆舍](https://example.com/a.png)");
    }),
    Case::new("overview-link-to-nothing", |site| {
        overview(
            site,
            "见[支出](t01.html#r-208)、[预算](t09.html)、[合计](t01.html#r-none)、[上级](../../)、![馆舍](馆舍.png)。",
        );
    }),
    Case::new("template-link-to-nothing-english", |site| {
        let home = "{% extends \"default/home.html\" %}{% block main %}<a href=\"guide.html\">x</a><a href=\"#main\">y</a>{% endblock %}";
        site.write("templates/home.html", home);
    })
    .english(),
    Case::new("link-to-nothing-in-a-release", |site| {
        overview(site, "见[预算](t09.html)。");
    })
    .run_as(&["check", "--release"]),
    Case::new("overview-emphasis", |site| {
        overview(site, "保管 ** 全县** 档案。");
    }),
    Case::new("section-unknown", |site| {
        site.write("data/demo/2025-budget/narrative/spendings.md", "手写。\n");
    }),
    Case::new("section-html", |site| {
        site.write(OWN, "支出<b>100</b>万元。\n");
    }),
    Case::new("section-function", |site| {
        site.write(OWN, "\n支出{{ cel(at=\"spending[total].total\") }}万元。\n");
    }),
    Case::new("section-function-english", |site| {
        site.write(OWN, "\n支出{{ cel(at=\"spending[total].total\") }}万元。\n");
    })
    .english(),
    Case::new("section-selector", |site| {
        site.write(
            OWN,
            "\n支出{{ cell(at=\"spending[total].totals\") }}万元。\n",
        );
    }),
    Case::new("section-no-selector", |site| {
        site.write(OWN, "支出{{ cell(at=\"spending.total\") }}万元。\n");
    }),
    Case::new("section-chart", |site| {
        site.write(OWN, "支出结构如图。\n\n{{ chart(id=\"structur\") }}\n");
    }),
    Case::new("section-reason", |site| {
        site.replace(
            "standards/tiny/inputs.yaml",
            "title: 增减原因, kind: text, required: true}",
            "title: 增减原因, kind: text}",
        )
        .replace(super::HEAD, "  reason: ", "  # reason: ");
    }),
    Case::new("section-anchor", |site| {
        site.replace(
            super::STANDARD,
            "{id: spending, title",
            "{id: inputs, title",
        );
        site.write(
            "standards/tiny/narrative/inputs.md",
            "支出{{ cell(at=\"spending[total].total\") }}万元。\n",
        );
    }),
    Case::new("section-argument", |site| {
        site.write(OWN, "支出{{ cell(of=\"spending[total].total\") }}万元。\n");
    }),
    Case::new("section-unknown-argument", |site| {
        site.write(
            OWN,
            "{{ share(part=\"spending[total].total\", of=\"spending[total].total\", decimals=1) }}\n\
             {% if false %}{{ names(table=\"spending\", levle=1) }}{% endif %}\n",
        );
    }),
    Case::new("section-unknown-argument-english", |site| {
        site.write(
            OWN,
            "{% if false %}\n{{ text(of=1) }}{% endif %}{{ cell(at=\"spending[total].total\", At=\"b\") }}\n",
        );
    })
    .english(),
    Case::new("standard-section-argument", |site| {
        let text = site.read(SECTION);
        let call = "{% if false %}{{ names(table=\"spending\", level=\"1\") }}{% endif %}\n";
        site.write(SECTION, format!("{text}{call}"));
    }),
    Case::new("section-argument-not-printed", |site| {
        site.replace(
            "standards/tiny/standard.yaml",
            "支出情况说明\"}",
            "支出情况说明\", when: projects}",
        )
        .write(PROJECTS, "table: projects\nrows: []\nno_data: 本年度没有项目\n")
        .write(OWN, "{{ names(table=\"spending\", levle=1) }}\n");
    }),
    Case::new("section-unclosed-not-printed", |site| {
        site.replace(
            "standards/tiny/standard.yaml",
            "支出情况说明\"}",
            "支出情况说明\", when: projects}",
        )
        .write(PROJECTS, "table: projects\nrows: []\nno_data: 本年度没有项目\n")
        .write(OWN, "{{ names(table=\"spending\"\n");
    }),
    Case::new("template-argument", |site| {
        site.write(
            "templates/home.html",
            "{% extends \"default/home.html\" %}\n{% block main %}{% if false %}{{ table(di=\"spending\") }}{{ overview(shift=\"1\") }}{{ section() }}{{ rules(all=true) }}{% endif %}{% endblock %}\n",
        );
    }),
    Case::new("section-unclosed", |site| {
        site.write(OWN, "支出\n{{ cell(at=\"spending[total].total\") 万元。\n");
    }),
    Case::new("section-text-in-sum", |site| {
        site.write(
            OWN,
            "{{ sum(of=[\"input.reason\", \"input.prior_total\"]) }}\n",
        );
    }),
    Case::new("section-units-mixed", |site| {
        site.write(
            OWN,
            "{{ sum(of=[\"input.vehicles\", \"input.prior_total\"]) }}\n",
        );
    }),
    Case::new("section-rows-of-no-table", |site| {
        site.write(
            OWN,
            "{% for r in rows(table=\"balance\") %}{{ r.name }}{% endfor %}\n",
        );
    }),
    Case::new("section-name", |site| {
        site.write(OWN, "{{ yaer }}年支出。\n");
    }),
    Case::new("standard-section-function", |site| {
        site.replace(SECTION, "{{ text(of=", "{{ txt(of=");
    }),
    Case::new("standard-section-selector", |site| {
        site.replace(
            SECTION,
            "before=\"input.prior_total\"",
            "before=\"input.prior\"",
        );
    }),
    Case::new("standard-section-row", |site| {
        site.replace(
            SECTION,
            "{{ chart(id=\"structure\") }}",
            "其中：\n抚恤{{ cell(at=\"spending[20808].total\") }}万元。",
        )
        .replace(SPENDING, "\"20808\"", "\"20809\"")
        .replace(SPENDING, "\"2080801\"", "\"2080901\"");
    }),
    Case::new("standard-section-unclosed", |site| {
        site.replace(SECTION, "{% endfor %}", "");
    }),
    Case::new("page-unclosed", |site| {
        site.write(
            "templates/glossary.html",
            "<p>名词</p>\n{% if disclosure.title %}\n",
        );
    }),
    Case::new("page-function", |site| {
        site.write(
            "templates/glossary.html",
            "<p>名词</p>\n  {{ glossary() }}\n",
        );
    }),
    Case::new("page-block", |site| {
        site.write(
            "templates/home.html",
            "{% extends \"default/home.html\" %}\n{% block mian %}<p>通知</p>{% endblock mian %}\n",
        )
        .write(
            "templates/glossary.html",
            "{% extends \"default/glossary.html\" %}\n{% block content %}{% block own %}<p>新的块</p>{% endblock own %}{% endblock content %}\n{% block footer %}<p>联系</p>{% endblock footer %}\n",
        );
    }),
    Case::new("page-unclosed-block", |site| {
        site.write(
            "templates/home.html",
            "{% extends \"default/home.html\" %}\n{% block main %}<p>通知</p>{{ super() \n",
        );
    }),
    Case::new("page-parent", |site| {
        site.write(
            "templates/glossary.html",
            "{% extends \"default/pages.html\" %}\n",
        );
    }),
    Case::new("page-include", |site| {
        site.write(
            "templates/glossary.html",
            "<p>名词</p>\n{% include \"note.html\" %}\n",
        );
    }),
    Case::new("section-unprinted-column", |site| {
        let unprinted = "title: 项目支出, printed: false}";
        site.replace(super::FORM, "title: 项目支出}", unprinted);
        site.write(
            OWN,
            "\n项目支出{{ cell(at=\"spending[total].project\") }}万元。\n",
        );
    }),
    Case::new("section-unprinted-column-english", |site| {
        let unprinted = "title: 项目支出, printed: false}";
        site.replace(super::FORM, "title: 项目支出}", unprinted);
        site.write(
            OWN,
            "占{{ share(part=\"spending[total].project\", of=\"spending[total].total\") }}。\n",
        );
    })
    .english(),
    Case::new("section-text-column", |site| {
        site.write(OWN, "{{ cell(at=\"projects[archive-01].carried\") }}结转。\n");
    }),
    Case::new("key-figure-unprinted", |site| {
        let unprinted = "title: 合计, printed: false}";
        site.replace(super::FORM, "title: 合计}", unprinted);
        site.write(OWN, "手写。\n");
    }),
    Case::new("page-name", |site| {
        site.write(
            "templates/glossary.html",
            "<p>名词</p>\n<p>{{ disclosure.titel }}</p>\n",
        );
    }),
    Case::new("page-name-english", |site| {
        site.write(
            "templates/glossary.html",
            "<p>名词</p>\n<p>{{ disclosure.titel }}</p>\n",
        );
    })
    .english(),
    Case::new("page-table", |site| {
        site.write("templates/glossary.html", "{{ table(id=\"fund\") }}\n");
    }),
];

fn overview(site: &Site, text: &str) {
    site.write(OVERVIEW, format!("## 一、本单位职责\n\n{text}\n"));
}

#[test]
fn a_fault_of_a_text_or_template_is_shown_at_its_line() {
    run_all(CASES);
}
