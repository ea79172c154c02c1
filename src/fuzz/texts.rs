//! What is read from the text of a file, or of a part of one.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::{repository, seeds, targets, told};
use crate::check::head;
use crate::diagnostic::Diagnostics;
use crate::model::address;
use crate::model::amount::{Amount, MoneyUnit, grouped, percent_at, read_number};
use crate::model::selector::{Selector, is_id};
use crate::narrative::functions::templates;
use crate::source::{Place, Source, SourceFile};
use crate::standard::codes;
use crate::standard::files::{Library, StandardFiles};
use crate::verify::{self, signature};
use crate::write::manifest::{self, MANIFEST, SIGNATURE};
use crate::yaml::fields::Reader;
use crate::{file_name, load, markdown, standard, yaml};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn source(path: &str, text: String) -> Source {
    Source::new(SourceFile {
        path: path.to_owned(),
        text,
    })
}

/// The site of the cases as a library of standards, its rules being these.
fn with_rules(rules: &str) -> Diagnostics {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let root = repository("tests/cases/tiny/standards");
        let files = walkdir::WalkDir::new(&root).sort_by_file_name();
        let files = files.into_iter().map(|entry| entry.expect("a file"));
        let files = files.filter(|entry| entry.file_type().is_file());
        let read = files.map(|entry| {
            let path = entry.path().strip_prefix(&root).expect("below");
            let path = path.to_str().expect("UTF-8").replace('\\', "/");
            (path, fs::read_to_string(entry.path()).expect("a file"))
        });
        read.collect()
    });
    let mut library = Library::default();
    for (path, text) in files {
        library.add(path, source(path, text.clone()));
    }
    let path = "tiny/rules.yaml";
    library.add(path, source(path, rules.to_owned()));
    let mut found = Diagnostics::default();
    drop(standard::load_partly(&library, "tiny", &mut found));
    found
}

/// A folder with one file, and what is made of it there.
fn in_folder<T>(name: &str, bytes: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(name), bytes).expect("room");
    read(folder.path())
}

targets! {
    yaml_files: 8_000, 4, || seeds("tests/fuzz/seeds/yaml"), |bytes| {
        let mut found = Diagnostics::default();
        let text = text(bytes);
        // Whatever the quick reader takes, the full one reads in the same way.
        yaml::agree(&text);
        told((yaml::parse(&source("fuzz.yaml", text), &mut found), found))
    };
    settings: 8_000, 4, || seeds("tests/fuzz/seeds/settings"), |bytes| {
        let mut found = Diagnostics::default();
        told((load::config::read(&source("site.toml", text(bytes)), &mut found).is_some(), found))
    };
    markdown_files: 12_000, 4, || {
        [seeds("tests/fuzz/seeds/markdown"), seeds("tests/fuzz/seeds/link")].concat()
    }, |bytes| {
        let text = text(bytes);
        let known = (markdown::faults(&text).len(), markdown::entities(&text).len(), markdown::texts(&text));
        let html = markdown::to_html(&text, 1, &mut |_| String::new());
        told((known, markdown::addresses(&text), html, markdown::to_text(&text, &mut |_| String::new())))
    };
    narratives: 8_000, 4, || seeds("tests/fuzz/seeds/narrative"), |bytes| {
        let mut found = Diagnostics::default();
        told((templates(&[source("fuzz.md", text(bytes))], &mut found).1, found))
    };
    selectors: 40_000, 1, || seeds("tests/fuzz/seeds/selector"), |bytes| {
        let text = text(bytes);
        let selector = Selector::new(&text).map(|selector| selector.to_string());
        if let Some(selector) = &selector {
            let again = Selector::new(selector).map(|again| again.to_string());
            assert_eq!(again.as_ref(), Some(selector), "{text}");
        }
        told((is_id(&text), selector))
    };
    patterns: 1_500, 8, || seeds("tests/fuzz/seeds/pattern"), |bytes| {
        let text = serde_json::to_string(&text(bytes)).expect("a text");
        let each = "spending[*]";
        told(with_rules(&format!(
            "rules:\n  - {{id: a, title: 甲, equal: {{left: {text}, right: [{text}]}}}}\n  \
             - {{id: b, title: 乙, each: {text}, bound: {{left: total, at_most: {text}}}}}\n  \
             - {{id: c, title: 丙, each: \"{each}\", same: [total, {text}]}}\n  \
             - {{id: d, title: 丁, each: sheets, share: {{part: {text}, of: {text}, is: {text}}}}}\n"
        )))
    };
    rules: 1_500, 8, || seeds("tests/fuzz/seeds/rules"), |bytes| told(with_rules(&text(bytes)));
    code_lists: 24_000, 2, || seeds("tests/fuzz/seeds/codes"), |bytes| {
        let files = StandardFiles {
            heads: Vec::new(),
            files: BTreeMap::new(),
            codes: vec![("codes/list.csv".to_owned(), source("list.csv", text(bytes)))],
            unread: BTreeSet::new(),
        };
        let (mut gaps, mut found) = (BTreeSet::new(), Diagnostics::default());
        let codes = codes::read(&files, &mut gaps, &mut found);
        let names = codes.names("list").map(|names| names.iter().collect::<BTreeMap<_, _>>().len());
        told((names, codes.pairs("list").map(HashSet::len), gaps, found))
    };
    dates: 40_000, 1, || seeds("tests/fuzz/seeds/date"), |bytes| {
        let text = text(bytes);
        let mut found = Diagnostics::default();
        let source = source("fuzz.yaml", text.clone());
        let mut reader = Reader { source: &source, diagnostics: &mut found };
        let is_date = head::is_date(&text);
        head::no_date(&mut reader, Place::FILE, &text);
        told((is_date, found))
    };
    addresses: 40_000, 1, || seeds("tests/fuzz/seeds/address"), |bytes| {
        let text = text(bytes);
        let base = address::base(&text).map_err(|say| say.zh);
        if let Ok(base) = &base {
            assert_eq!(address::base(base).as_ref(), Ok(base), "{text}");
            assert!(address::root_anywhere(base).ends_with('/'), "{text}");
        }
        let read = (address::host(&text), address::served(&text), address::shown(&text));
        let page = address::page(&text).map(String::from).map_err(|say| say.zh);
        told((base, read, page))
    };
    file_names: 40_000, 1, || seeds("tests/fuzz/seeds/address"), |bytes| {
        let text = text(bytes);
        let likes = (file_name::name_like(&text), file_name::id_like(&text, "x"), file_name::seen(&text));
        assert!(file_name::id_fault(&likes.1).is_none(), "{text}");
        told((file_name::fault(&text), file_name::path_fault(&text), likes))
    };
    numbers: 40_000, 1, || seeds("tests/fuzz/seeds/number"), |bytes| {
        let Ok(written) = read_number(&text(bytes)) else { return told(()) };
        let amount = Amount::new(written.value, MoneyUnit::WanYuan);
        let units = [MoneyUnit::Yuan, MoneyUnit::WanYuan, MoneyUnit::YiYuan];
        let units = units.map(|unit| amount.in_unit(unit).map(Amount::to_text));
        let scales = [0, 2, 28, 29].map(|scale| (
            grouped(amount.rounded(scale).value()),
            percent_at(written.value, written.value, scale),
        ));
        let sums = (amount.plus(amount), amount.minus(amount), amount.percent_of(amount));
        told((units, scales, sums))
    };
    manifests: 6_000, 4, || seeds("tests/fuzz/seeds/manifest"), |bytes| {
        let parsed = manifest::parse(bytes).ok();
        let parsed = parsed.map(|manifest| (manifest.agrees(), manifest.tree(), manifest));
        let verified = in_folder(MANIFEST, bytes, verify::verify);
        told((parsed, verified.is_ok()))
    };
    public_keys: 8_000, 1, || seeds("tests/fuzz/seeds/public-key"), |bytes| {
        let key = in_folder("key", bytes, |folder| signature::public_key(&folder.join("key")));
        told(key.map(|key| key.to_base64()).map_err(|error| error.say().zh.len()))
    };
    secret_keys: 2_000, 1, || seeds("tests/fuzz/seeds/secret-key"), |bytes| {
        let key = in_folder("key", bytes, |folder| signature::secret_key(&folder.join("key"), || None));
        let signed = key.map(|key| signature::sign(b"manifest", &key, Path::new("key")).is_ok());
        told(signed.map_err(|error| error.say().zh.len()))
    };
    signatures: 4_000, 1, || seeds("tests/fuzz/seeds/signature"), |bytes| {
        let key = signature::public_key(&repository("tests/fuzz/seeds/public-key/site.key.pub"));
        let key = key.expect("a key");
        let verdict = in_folder(SIGNATURE, bytes, |folder| signature::check(folder, b"{}", &key));
        told(verdict.expect("a file that can be read"))
    };
}
