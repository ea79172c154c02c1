//! Blocks of page templates, which a fault of a template is told with.

use std::collections::BTreeMap;

use super::theme::DEFAULT;
use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::Source;

/// The fault of a template with the blocks that it can fill.
pub fn hint(mut fault: Diagnostic, sources: &BTreeMap<String, Source>) -> Diagnostic {
    let parent = parent(&fault.location.source.text);
    let known = parent.map(|parent| (parent, names(parent, sources)));
    if let Some((parent, known)) = known.filter(|(_, known)| !known.is_empty())
        && let Some(Say { zh, en }) = &fault.hint
    {
        let (names_zh, names_en) = (known.join("、"), known.join(", "));
        fault.hint = Some(say!(
            "{zh}；`{parent}` 有的块：{names_zh}",
            "{en}; blocks of `{parent}`: {names_en}"
        ));
    }
    fault
}

/// The blocks of a template and of those it extends, in the order of their first coming.
fn names<'a>(name: &str, sources: &'a BTreeMap<String, Source>) -> Vec<&'a str> {
    let mut names = Vec::new();
    let mut seen = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(name) = next.take() {
        let found = sources
            .get(&name)
            .or_else(|| sources.get(&format!("{DEFAULT}{name}")));
        let Some(source) = found.filter(|_| !seen.contains(&name)) else {
            break;
        };
        for block in blocks(&source.text) {
            if !names.contains(&block) {
                names.push(block);
            }
        }
        next = parent(&source.text).map(str::to_owned);
        seen.push(name);
    }
    names
}

/// The template that a text extends.
fn parent(text: &str) -> Option<&str> {
    let name = tags(text).find_map(|tag| tag.strip_prefix("extends"))?;
    name.trim().strip_prefix('"')?.split('"').next()
}

/// The names of the blocks of a text.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    tags(text).filter_map(|tag| tag.strip_prefix("block ")?.split_whitespace().next())
}

/// What stands between `{%` and `%}`.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let tags = text.split("{%").skip(1);
    tags.filter_map(|rest| {
        let (tag, _) = rest.split_once("%}")?;
        Some(tag.trim_matches(['-', ' ', '\n', '\t']))
    })
}

#[cfg(test)]
mod tests {
    use super::{blocks, parent};

    #[test]
    fn blocks_and_the_template_extended_are_found() {
        let text = "{% extends \"default/home.html\" %}\n{%- block main -%}\n{% block inner %}{% endblock inner %}\n{%- endblock main %}{% blocks %}";
        assert_eq!(parent(text), Some("default/home.html"));
        assert_eq!(blocks(text).collect::<Vec<_>>(), ["main", "inner"]);
        assert_eq!(parent("<p>{% block main %}"), None);
    }
}
