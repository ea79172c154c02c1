//! `charts.yaml` -> [`ChartPlan`]s: their cells looked up.

use super::declare::{ChartDecl, ChartsFile, SlicesDecl};
use super::files::StandardFiles;
use super::names::{Names, report_unshown};
use super::read::{File, Read, read};
use super::{ChartPlan, SlicePlan};
use crate::diagnostic::Diagnostics;
use crate::model::selector::is_id;
use crate::say;
use crate::source::Location;

/// Every chart of a standard.
pub fn charts(
    files: &StandardFiles,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<ChartPlan> {
    let Some(Read { value, file }) = files
        .files
        .get("charts.yaml")
        .and_then(|source| read::<ChartsFile>(source, diagnostics))
    else {
        return Vec::new();
    };
    let mut plans: Vec<ChartPlan> = Vec::with_capacity(value.charts.len());
    for (at, decl) in value.charts.iter().enumerate() {
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
        }
        let title = file.title(diagnostics, &format!("{path}.title"), &decl.title);
        let total = names.shown(&file, &format!("{path}.total"), &decl.total, diagnostics);
        let slices = slices(&file, &path, decl, names, diagnostics);
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
    plans
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
            let found = names.block(table, block).and_then(|(form, block)| {
                Some(SlicePlan::Rows {
                    table: form.position - 1,
                    block,
                    column: form.blocks[block].column(&rows.column)?,
                    level: rows.level,
                })
            });
            if found.is_none() {
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
