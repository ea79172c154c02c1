//! `charts.yaml` -> [`ChartPlan`]s: their cells looked up.

use std::collections::BTreeSet;

use super::declare::{ChartDecl, ChartsFile, SlicesDecl};
use super::files::StandardFiles;
use super::names::{Names, report_unshown};
use super::read::{File, Read, read_items};
use super::{ChartPlan, SlicePlan};
use crate::diagnostic::Diagnostics;
use crate::model::selector::is_id;
use crate::say;
use crate::source::Location;

/// The charts of a standard.
#[derive(Default)]
pub struct Charts {
    /// Those that can be made.
    pub plans: Vec<ChartPlan>,
    /// Identifiers of the others.
    pub unmade: BTreeSet<Box<str>>,
    /// How many of the others have no fault of their own.
    pub withheld: usize,
    /// Whether there are charts of which nothing can be told.
    pub unread: bool,
}

/// Every chart of a standard.
pub fn charts(files: &StandardFiles, names: &Names<'_>, diagnostics: &mut Diagnostics) -> Charts {
    let mut charts = Charts::default();
    let Some(source) = files.files.get("charts.yaml") else {
        return charts;
    };
    let items = read_items(
        source,
        "charts",
        |file: ChartsFile| file.charts,
        diagnostics,
    );
    let Some(Read { value, file }) = items else {
        charts.unread = true;
        return charts;
    };
    let Charts {
        plans,
        unmade,
        withheld,
        unread,
    } = &mut charts;
    for (at, decl) in value.iter().enumerate() {
        let Some(decl) = decl else {
            *unread = true;
            continue;
        };
        let path = format!("charts.{at}");
        let id = &decl.id;
        if !is_id(id) || plans.iter().any(|known| *known.id == **id) {
            file.fault(
                diagnostics,
                &format!("{path}.id"),
                say!(
                    "图的 id `{id}` 不能用，或已经用过",
                    "the chart id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和短横，每幅图不同",
                    "use lower-case letters, digits and dashes, each once"
                ),
            );
            // Another may be meant.
            *unread = true;
        }
        let title = file.title(diagnostics, &format!("{path}.title"), &decl.title);
        let total = names.shown(&file, &format!("{path}.total"), &decl.total, diagnostics);
        let slices = slices(&file, &path, decl, names, diagnostics);
        let hidden = names.gaps.take_met();
        if total.is_none() || slices.is_none() {
            unmade.insert(id.as_str().into());
            *withheld += usize::from(hidden);
        }
        if let (Some(total), Some(slices)) = (total, slices) {
            plans.push(ChartPlan {
                id: id.as_str().into(),
                title,
                form: decl.form,
                total,
                slices,
            });
        }
    }
    charts
}

fn slices(
    file: &File,
    path: &str,
    decl: &ChartDecl,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<SlicePlan> {
    match &decl.slices {
        SlicesDecl::Rows(rows) => {
            let (table, block) = rows.table.split_once('.').unwrap_or((&rows.table, ""));
            let (table, name) = (table, block);
            let found = names.block(table, name).and_then(|(form, block)| {
                Some(SlicePlan::Rows {
                    table: form.position - 1,
                    block,
                    column: form.blocks[block].column(&rows.column)?,
                    level: rows.level,
                })
            });
            if found.is_none() && !names.gaps.hide(table) {
                file.fault(
                    diagnostics,
                    &format!("{path}.slices"),
                    say!(
                        "slices 里的 table 或 column 不在标准里",
                        "the table or column of `slices` is not in the standard"
                    ),
                    say!(
                        "用标准里的 id；有几块的表写 表.块",
                        "use ids of the standard; with several blocks write table.block"
                    ),
                );
            }
            if let Some(SlicePlan::Rows {
                table,
                block,
                column,
                ..
            }) = found
                && !names.tables[table].blocks[block].columns[column].is_addressed()
            {
                let location = Location::new(&file.source, file.place(&format!("{path}.slices")));
                report_unshown(&rows.column, &location, diagnostics);
            }
            found
        }
        SlicesDecl::Cells(cells) => {
            let mut parts = Vec::with_capacity(cells.len());
            for (at, cell) in cells.iter().enumerate() {
                let path = format!("{path}.slices.{at}");
                let title = file.title(diagnostics, &format!("{path}.name"), &cell.name);
                parts.push((
                    title,
                    names.shown(file, &format!("{path}.at"), &cell.at, diagnostics)?,
                ));
            }
            Some(SlicePlan::Cells(parts))
        }
    }
}
