//! `gongkai sign`

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Status, report, verify::deviations};
use crate::diagnostic::Language;
use crate::error::Error;
use crate::say;
use crate::verify::{self, signature};
use crate::write::work::Work;

/// Arguments of `sign`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 生成好的网站的文件夹
    #[arg(
        value_name = "DIR",
        required_unless_present = "new_key",
        requires = "key"
    )]
    folder: Option<PathBuf>,
    /// 私钥，gongkai 或 minisign 新建的
    #[arg(long, value_name = "SECRET", requires = "folder")]
    key: Option<PathBuf>,
    /// 新建一对没有密码的密钥：FILE 是私钥，FILE.pub 是公钥
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "key"])]
    new_key: Option<PathBuf>,
}

impl Arguments {
    pub fn run(self, root: &Path, language: Language) -> Status {
        let report = report::Report::for_people(root, language);
        let done = match (&self.new_key, &self.folder, &self.key) {
            (Some(path), ..) => new_key(path, root, &report),
            (None, Some(folder), Some(key)) => sign(folder, key, &report, language),
            _ => unreachable!("the arguments require each other"),
        };
        done.unwrap_or_else(|error| report.failure(&error))
    }
}

fn new_key(path: &Path, root: &Path, report: &report::Report) -> Result<Status, Error> {
    let public = signature::new_keys(path, root)?;
    let (secret, public) = (path.display(), public.display());
    report.result(&say!(
        "私钥 {secret}：没有密码，谁拿到都能签名，不要放进网站或版本库\n公钥 {public}：公布出去，用 gongkai verify --key 核对",
        "secret key {secret}: without a password, whoever has it can sign, so keep it out of the site and of the repository\npublic key {public}: give it out, for gongkai verify --key"
    ));
    Ok(Status::Clean)
}

fn sign(
    folder: &Path,
    key: &Path,
    report: &report::Report,
    language: Language,
) -> Result<Status, Error> {
    let secret = signature::secret_key(key, || password(key, language))?;
    let _held = Work::hold(folder)?;
    signature::sweep(folder);
    let verified = verify::verify(folder)?;
    if !verified.is_good() {
        deviations(&verified, language);
        report.result(&say!(
            "没有签名：网站和清单不一致",
            "not signed: the site is not as its manifest says"
        ));
        return Ok(Status::Faults);
    }
    let text = signature::sign(&verified.manifest, &secret, key)?;
    let path = signature::write(folder, &text, &verified.manifest)?;
    let path = path.display();
    report.result(&say!("已签名：{path}", "signed: {path}"));
    Ok(Status::Clean)
}

/// Asks for the password of a key; `None` where no terminal is at hand.
fn password(key: &Path, language: Language) -> Option<String> {
    if !io::stdin().is_terminal() {
        return None;
    }
    let key = key.display();
    let prompt = say!("{key} 的密码：", "password of {key}: ");
    rpassword::prompt_password(prompt.text(language)).ok()
}
