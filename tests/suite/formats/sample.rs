//! Problems of every kind, for every format to tell.

use gongkai::diagnostic::{Detail, Diagnostic, Operand, Severity, Side, Waived};
use gongkai::say;
use gongkai::source::{Location, Place, Source, SourceFile};

const fn place(line: u32, column: u32, width: u32) -> Place {
    Place {
        line,
        column,
        width,
    }
}

fn source(path: &str, text: &str) -> Source {
    Source::new(SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    })
}

fn table() -> Source {
    source(
        "data/demo/2025-budget/tables/支出.yaml",
        "table: spending\ntotal: {total: 100.00, basic: 60.00}\nrows:\n  - {code: \"208\", total: 20.00}\n",
    )
}

/// 合计 = a sum of so many rows, 7 of which the last is taken away.
fn mismatch(addends: usize) -> Diagnostic {
    let table = table();
    let operand = |at: usize| Operand {
        minus: at == 6,
        text: format!("{at}.00 万元"),
        coordinates: format!("表一 第 20{at} 行 合计"),
        at: format!("spending[20{at}].total"),
        location: Some(Location::new(&table, place(4, 26, 5))),
    };
    let total = Operand {
        minus: false,
        text: "100.00 万元".to_owned(),
        coordinates: "表一 「合计」行 合计".to_owned(),
        at: "spending[total].total".to_owned(),
        location: Some(Location::new(&table, place(2, 16, 6))),
    };
    Diagnostic::finding(
        "sum-mismatch",
        Severity::Error,
        &table,
        place(2, 16, 6),
        say!(
            "支出合计 100.00 万元，各类之和 90.00 万元，相差 10.00 万元",
            "the total is 100.00 万元, the classes add up to 90.00 万元, 10.00 万元 apart"
        ),
    )
    .detail(Detail {
        rule: Some("spending-total".into()),
        relation: Some((0, 0)),
        at: Some("spending[total].total".to_owned()),
        coordinates: Some("表一 「合计」行 合计".to_owned()),
        sides: Some([
            Side {
                text: "100.00 万元".to_owned(),
                operands: vec![total],
            },
            Side {
                text: "90.00 万元".to_owned(),
                operands: (0..addends).map(operand).collect(),
            },
        ]),
        expected: Some("90.00".to_owned()),
        found: Some("100.00".to_owned()),
        matched: Some("never printed".into()),
        chart: None,
    })
    .hint(say!(
        "核对合计与各类的数",
        "check the total and its classes"
    ))
}

/// A fault with a label, findings with few and many operands, waived and folded ones, a note, and
/// what a format could stumble over.
pub fn sample() -> Vec<Diagnostic> {
    let table = table();
    let settings = source("site.toml", "");
    let other = source("data/other/2024-final/disclosure.yaml", "status: 50%\n");
    let note = |line, column, text: &str| {
        Diagnostic::note(
            "amount-tidied",
            &table,
            place(line, column, 5),
            say!("`{text}` 整理后读取", "`{text}` was tidied"),
        )
    };
    let mut waived = mismatch(2);
    waived.waived = Some(Box::new(Waived {
        reason: "原件如此".to_owned(),
        by: "财务科".to_owned(),
        until: Some("2025-12-31".to_owned()),
    }));
    vec![
        Diagnostic::error(
            "duplicate-key",
            &table,
            place(1, 1, 5),
            say!("键 `table` 写了两次", "the key `table` is written twice"),
        )
        .label(
            &table,
            place(2, 1, 5),
            say!("第一次在这里", "first written here"),
        )
        .hint(say!("留下正确的一个", "keep the right one")),
        mismatch(2),
        mismatch(7),
        waived,
        note(2, 16, "１００.００"),
        note(2, 31, "６０.００"),
        Diagnostic::warning(
            "file-unknown",
            &other,
            Place::FILE,
            say!(
                "这个文件，不会被\n用到: 100%",
                "this file, is not\nused: 100%"
            ),
        ),
        Diagnostic::error(
            "toml-syntax",
            &settings,
            Place::FILE,
            say!("文件是空的\u{202e}", "the file is empty\u{202e}"),
        ),
    ]
}
