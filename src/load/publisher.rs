//! `[publisher]` and `[column]` of `site.toml`: what footer and page tags say.

use super::config::{section, text};
use crate::diagnostic::Say;
use crate::model::address;
use crate::say;
use crate::yaml::fields::{Fields, Reader};

/// Marks that a government site carries in its footer and page tags. Empty ones are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// 主办单位
    pub name: String,
    /// 承办单位
    pub operator: String,
    /// 联系方式, a public one.
    pub contact: String,
    /// 网站标识码
    pub site_code: String,
    /// 网站域名; that of `base_url` when empty.
    pub domain: String,
    /// 政府网站找错: address of the page for reports, which gets the 网站标识码 and the page's own address.
    pub find_errors: String,
    /// ICP备案号
    pub icp: String,
    /// 公安备案号
    pub police: String,
}

/// 栏目: what the page tags say of the column that the pages belong to. Empty ones are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// `ColumnName`
    pub name: String,
    /// `ColumnType`
    pub kind: String,
    /// `ColumnKeywords`
    pub keywords: String,
    /// `ColumnDescription`; the description of the site when empty.
    pub description: String,
}

impl Default for Publisher {
    fn default() -> Self {
        Self {
            name: String::new(),
            operator: String::new(),
            contact: String::new(),
            site_code: String::new(),
            domain: String::new(),
            find_errors: "https://zfwzgl.www.gov.cn/exposure/jiucuo.html".to_owned(),
            icp: String::new(),
            police: String::new(),
        }
    }
}

impl Default for Column {
    fn default() -> Self {
        Self {
            name: "预决算公开".to_owned(),
            kind: "政府信息公开".to_owned(),
            keywords: "预算公开,决算公开,“三公”经费".to_owned(),
            description: String::new(),
        }
    }
}

/// Reads `[publisher]`.
pub(super) fn read(reader: &mut Reader<'_>, fields: &Fields<'_>, publisher: &mut Publisher) {
    let keys = [
        "name",
        "operator",
        "contact",
        "site_code",
        "domain",
        "find_errors",
        "icp",
        "police",
    ];
    let Some(fields) = section(reader, fields, "publisher", &keys) else {
        return;
    };
    text(reader, &fields, "name", &mut publisher.name);
    text(reader, &fields, "operator", &mut publisher.operator);
    text(reader, &fields, "contact", &mut publisher.contact);
    text(reader, &fields, "site_code", &mut publisher.site_code);
    text(reader, &fields, "domain", &mut publisher.domain);
    text(reader, &fields, "find_errors", &mut publisher.find_errors);
    text(reader, &fields, "icp", &mut publisher.icp);
    text(reader, &fields, "police", &mut publisher.police);
    let node = fields.get("find_errors");
    let Some(node) = node.filter(|_| !publisher.find_errors.is_empty()) else {
        return;
    };
    match address::page(&publisher.find_errors) {
        Ok(url) => publisher.find_errors = url.into(),
        Err(Say { zh, en }) => reader.error(
            "base-url",
            node.place,
            say!("find_errors {zh}", "`find_errors` {en}"),
            say!(
                "写成 https://zfwzgl.www.gov.cn/exposure/jiucuo.html，不要参数",
                "write it as https://zfwzgl.www.gov.cn/exposure/jiucuo.html, without parameters"
            ),
        ),
    }
}

/// Reads `[column]`.
pub(super) fn read_column(reader: &mut Reader<'_>, fields: &Fields<'_>, column: &mut Column) {
    let keys = ["name", "type", "keywords", "description"];
    let Some(fields) = section(reader, fields, "column", &keys) else {
        return;
    };
    text(reader, &fields, "name", &mut column.name);
    text(reader, &fields, "type", &mut column.kind);
    text(reader, &fields, "keywords", &mut column.keywords);
    text(reader, &fields, "description", &mut column.description);
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::load::config::read;
    use crate::source::{Source, SourceFile};

    fn fault(text: &str) -> Option<&'static str> {
        let source = Source::new(SourceFile {
            path: "site.toml".to_owned(),
            text: text.to_owned(),
        });
        let mut diagnostics = Diagnostics::default();
        read(&source, &mut diagnostics)?;
        diagnostics.into_sorted().first().map(|fault| fault.code)
    }

    #[test]
    fn the_address_for_reports_is_an_address_without_parameters_or_nothing() {
        for (value, code) in [
            ("https://a.gov.cn/jiucuo.html", None),
            ("", None),
            ("javascript:alert(1)", Some("base-url")),
            ("https://a.gov.cn/?site_code=1", Some("base-url")),
        ] {
            let text = format!("[publisher]\nfind_errors = \"{value}\"\n");
            assert_eq!(fault(&text), code, "{value}");
        }
    }
}
