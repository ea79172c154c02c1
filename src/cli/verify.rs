//! `gongkai verify`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Status, report};
use crate::characters::is_hidden;
use crate::diagnostic::{Language, Say, Severity};
use crate::digest::Digest;
use crate::error::Error;
use crate::say;
use crate::verify::signature::{self, Verdict};
use crate::verify::{self, Deviation, Kind, Verified};
use crate::write::manifest::{MANIFEST, SIGNATURE};

/// So many files of a kind are named; more are only counted.
const NAMED: usize = 20;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 网站的文件夹，有 manifest.json 的那个
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// 发布者的公钥；写了就要有它的签名
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// 怎样列出结果
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// 给人看
    #[default]
    Human,
    /// JSON，写到标准输出
    Json,
}

/// The result for programs.
#[derive(Serialize)]
struct Json<'a> {
    good: bool,
    digest: Digest,
    digest_agrees: bool,
    files: usize,
    bytes: u64,
    signature: Option<Verdict>,
    deviations: &'a [Deviation],
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let report = report::Report::for_people(root, language);
        let (verified, verdict) = match self.verify() {
            Ok(result) => result,
            Err(error) => return report.failure(&error),
        };
        let good = verified.is_good() && verdict.is_none_or(|verdict| verdict == Verdict::Good);
        match self.format {
            Format::Json => json(&verified, verdict, good),
            Format::Human => {
                deviations(&verified, language);
                if let Some(said) = verdict.and_then(refusal) {
                    problem(&said, language);
                }
                if good {
                    report.result(&self.praise(&verified, verdict));
                }
            }
        }
        if good { Status::Clean } else { Status::Faults }
    }

    fn verify(&self) -> Result<(Verified, Option<Verdict>), Error> {
        let key = self.key.as_deref().map(signature::public_key).transpose()?;
        let verified = verify::verify(&self.folder)?;
        let verdict = key
            .map(|key| signature::check(&self.folder, &verified.manifest, &key))
            .transpose()?;
        Ok((verified, verdict))
    }

    fn praise(&self, verified: &Verified, verdict: Option<Verdict>) -> Say {
        let (files, bytes) = (verified.files, report::size(verified.bytes));
        let digest = verified.digest;
        let signed = if verdict.is_some() {
            say!("；签名有效", "; the signature holds")
        } else if self.folder.join(SIGNATURE).is_file() {
            say!(
                "；有签名，没有核对：用 --key 写发布者的公钥",
                "; the signature was not checked: name the public key of the publisher with --key"
            )
        } else {
            say!("", "")
        };
        Say {
            zh: format!(
                "{files} 个文件，{bytes}，与 {MANIFEST} 一致{}\ndigest {digest}",
                signed.zh
            ),
            en: format!(
                "{files} files, {bytes}, as {MANIFEST} says{}\ndigest {digest}",
                signed.en
            ),
        }
    }
}

fn json(verified: &Verified, signature: Option<Verdict>, good: bool) {
    let json = Json {
        good,
        digest: verified.digest,
        digest_agrees: verified.digest_agrees,
        files: verified.files,
        bytes: verified.bytes,
        signature,
        deviations: &verified.deviations,
    };
    let text = serde_json::to_string_pretty(&json).expect("plain data");
    report::text(&format!("{text}\n"));
}

/// Tells what is not as the manifest says.
pub fn deviations(verified: &Verified, language: Language) {
    for kind in [Kind::Missing, Kind::Changed, Kind::Extra, Kind::Special] {
        let found = verified
            .deviations
            .iter()
            .filter(|found| found.kind == kind);
        let paths: Vec<&str> = found.map(|found| &*found.path).collect();
        if !paths.is_empty() {
            problem(&listed(kind, &paths), language);
        }
    }
    if !verified.digest_agrees {
        problem(
            &say!(
                "{MANIFEST} 里的 digest 不是它列出的文件的，清单被改过；从 gongkai build 的输出重新复制整个网站",
                "the digest in {MANIFEST} is not that of the files it lists, so the list was changed; copy the whole site again from what gongkai build made"
            ),
            language,
        );
    }
}

fn listed(kind: Kind, paths: &[&str]) -> Say {
    let count = paths.len();
    let mut said = match kind {
        Kind::Missing => say!(
            "缺 {count} 个文件；从 gongkai build 的输出重新复制：",
            "files missing: {count}; copy them again from what gongkai build made:"
        ),
        Kind::Changed => say!(
            "{count} 个文件的内容不同，可能没有复制完整或被改过；从 gongkai build 的输出重新复制：",
            "files with other content: {count}, cut short or changed; copy them again from what gongkai build made:"
        ),
        Kind::Extra => say!(
            "多 {count} 个清单里没有的文件；不是这个网站的，核实后删去：",
            "files that the manifest does not name: {count}; they are not of this site, remove them once you know what they are:"
        ),
        Kind::Special => say!(
            "{count} 个不是普通文件（链接、设备等），没有打开；删去，再从 gongkai build 的输出重新复制：",
            "no ordinary files (links, devices): {count}, not opened; remove them and copy again from what gongkai build made:"
        ),
    };
    for path in paths.iter().take(NAMED) {
        let path = path.replace(
            |found: char| is_hidden(found) || found.is_control(),
            "\u{fffd}",
        );
        for text in [&mut said.zh, &mut said.en] {
            write!(text, "\n  {path}").expect("writing to a string does not fail");
        }
    }
    if let Some(more @ 1..) = count.checked_sub(NAMED) {
        write!(said.zh, "\n  另有 {more} 个").expect("writing to a string does not fail");
        write!(said.en, "\n  and {more} more").expect("writing to a string does not fail");
    }
    said
}

fn refusal(verdict: Verdict) -> Option<Say> {
    Some(match verdict {
        Verdict::Good => return None,
        Verdict::Missing => say!(
            "没有签名 {SIGNATURE}；发布者用 gongkai sign 签名后，连它一起复制",
            "there is no signature {SIGNATURE}; have the publisher sign with gongkai sign, and copy it with the site"
        ),
        Verdict::Malformed => say!(
            "{SIGNATURE} 不是 minisign 的签名；重新复制，或请发布者重新签名",
            "{SIGNATURE} is no signature of minisign; copy it again, or have the publisher sign again"
        ),
        Verdict::Other => say!(
            "签名是用另一把密钥签的；核对公钥是不是这个发布者现在用的，不是就不要相信这个网站",
            "the signature was made with another key; see whether this public key is the one the publisher uses now, and if so do not trust this site"
        ),
        Verdict::Bad => say!(
            "签名无效：{MANIFEST} 或签名在签名以后被改过；不要相信这个网站，从发布者那里重新取",
            "the signature does not hold: {MANIFEST} or the signature was changed after signing; do not trust this site, get it again from the publisher"
        ),
    })
}

fn problem(said: &Say, language: Language) {
    let word = Severity::Error.word(language);
    report::problem(&format!("{word}: {}\n", said.text(language)));
}
