//! Diagnostics as people read them in a terminal: the sentence, the line, the figures, the hint;
//! by disclosure, with repetitions folded.

mod block;
mod excerpt;

use std::collections::BTreeMap;
use std::io;

use codespan_reporting::term::termcolor::{ColorSpec, WriteColor};

use super::{Counts, Diagnostic, Language, Settled, Severity};
use crate::characters::shown;

/// How to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// In which language.
    pub language: Language,
    /// Whether repetitions and long sums are shown in full.
    pub verbose: bool,
}

/// What is folded into one line: problems of one code and weight in one file.
type Kind<'a> = (&'a str, &'a str, Severity, bool);

/// Writes sorted diagnostics.
///
/// # Errors
/// Only those of the writer.
pub fn write(
    out: &mut dyn WriteColor,
    diagnostics: &[Diagnostic],
    options: Options,
) -> io::Result<()> {
    write_of(out, diagnostics, &BTreeMap::new(), options)
}

/// Likewise, where some were left out of the groups whose folders are named: their headings count them too.
///
/// # Errors
/// Only those of the writer.
pub fn write_of(
    out: &mut dyn WriteColor,
    diagnostics: &[Diagnostic],
    settled: &BTreeMap<Box<str>, Settled>,
    options: Options,
) -> io::Result<()> {
    let mut seen: BTreeMap<Kind<'_>, usize> = BTreeMap::new();
    let mut all: BTreeMap<Kind<'_>, usize> = BTreeMap::new();
    let mut groups: BTreeMap<&str, Counts> = BTreeMap::new();
    for diagnostic in diagnostics {
        *all.entry(kind(diagnostic)).or_default() += 1;
        let group = group_of(&diagnostic.location.source.path);
        groups.entry(group).or_default().add(diagnostic);
    }
    let several = groups.keys().filter(|group| is_disclosure(group)).count() > 1;
    let mut last = None;
    // A run of one-line entries is closed by a blank line, as a block is.
    let mut open = false;
    for diagnostic in diagnostics {
        let group = group_of(&diagnostic.location.source.path);
        if several && last != Some(group) {
            end_lines(out, &mut open)?;
            let mut counts = groups[group];
            if let Some(settled) = settled.get(group) {
                counts.notes += settled.notes;
                counts.waived += settled.waived;
            }
            heading(out, group, counts, options.language)?;
            last = Some(group);
        }
        let shown = seen.entry(kind(diagnostic)).or_default();
        let limit = if options.verbose {
            usize::MAX
        } else {
            limit(diagnostic)
        };
        *shown += 1;
        if *shown > limit {
            continue;
        }
        if diagnostic.waived.is_some() && !options.verbose {
            block::line(out, diagnostic, options.language)?;
            open = true;
        } else {
            end_lines(out, &mut open)?;
            block::write(out, diagnostic, options)?;
        }
        let rest = all[&kind(diagnostic)] - *shown;
        if *shown == limit && rest > 0 {
            fold(out, diagnostic.code, rest, options.language)?;
            open = true;
            if diagnostic.waived.is_none() {
                end_lines(out, &mut open)?;
            }
        }
    }
    end_lines(out, &mut open)
}

fn end_lines(out: &mut dyn WriteColor, open: &mut bool) -> io::Result<()> {
    if std::mem::take(open) {
        writeln!(out)?;
    }
    Ok(())
}

fn kind(diagnostic: &Diagnostic) -> Kind<'_> {
    (
        &diagnostic.location.source.path,
        diagnostic.code,
        diagnostic.severity,
        diagnostic.waived.is_some(),
    )
}

/// How many of one kind are shown: what must or may be mended three times, a note once.
const fn limit(diagnostic: &Diagnostic) -> usize {
    match diagnostic.severity {
        Severity::Error | Severity::Warning => 3,
        Severity::Note => 1,
    }
}

fn fold(out: &mut dyn WriteColor, code: &str, rest: usize, language: Language) -> io::Result<()> {
    match language {
        Language::Zh => writeln!(out, "  … 另有 {rest} 处 {code}（加 -v 全部列出）"),
        Language::En => writeln!(out, "  … {rest} more {code} (-v shows all)"),
    }
}

/// The folder of the disclosure or entity that a file belongs to; empty for files of the site.
fn group_of(path: &str) -> &str {
    let mut ends = path.match_indices('/').map(|(at, _)| at);
    if !path.starts_with("data/") {
        return "";
    }
    let (_, entity, folder) = (ends.next(), ends.next(), ends.next());
    let end = match (entity, folder) {
        (Some(_), Some(end)) => end,
        (Some(entity), None) if path[entity..].contains('.') => entity,
        _ => path.len(),
    };
    &path[..end]
}

/// Whether a group is a disclosure: `data/demo/2025-budget`.
fn is_disclosure(group: &str) -> bool {
    group.matches('/').count() == 2
}

/// `── data/demo/2025-budget：1 个错误，0 个警告，0 个提示`
fn heading(
    out: &mut dyn WriteColor,
    group: &str,
    counts: Counts,
    language: Language,
) -> io::Result<()> {
    let counts = counts.say();
    let (name, colon) = match (group, language) {
        ("", Language::Zh) => ("站点与标准", "："),
        ("", Language::En) => ("site and standards", ": "),
        (group, Language::Zh) => (group, "："),
        (group, Language::En) => (group, ": "),
    };
    let name = shown(name);
    let mut bold = ColorSpec::new();
    bold.set_bold(true);
    out.set_color(&bold)?;
    writeln!(out, "── {name}{colon}{}", counts.text(language))?;
    out.reset()?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::group_of;

    #[test]
    fn a_file_belongs_to_its_disclosure_or_entity() {
        for (path, group) in [
            ("site.toml", ""),
            ("standards/tiny/standard.yaml", ""),
            ("data", ""),
            ("data/demo", "data/demo"),
            ("data/demo/entity.yaml", "data/demo"),
            ("data/demo/2025-budget", "data/demo/2025-budget"),
            ("data/demo/2025-budget/overview.md", "data/demo/2025-budget"),
            (
                "data/demo/2025-budget/tables/a.yaml",
                "data/demo/2025-budget",
            ),
        ] {
            assert_eq!(group_of(path), group, "{path}");
        }
    }
}
