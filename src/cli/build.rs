//! `gongkai build`

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::{Status, changes, report};
use crate::diagnostic::{Keep, Language, Say};
use crate::pipeline::{self, BuildOptions, Outcome};
use crate::say;
use crate::write::archive;

/// Arguments of `build`.
#[derive(Debug, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command"
)]
pub struct Arguments {
    /// 输出的文件夹，代替 site.toml 里写的
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// 发布的网址，代替 site.toml 里写的
    #[arg(short = 'u', long, value_name = "BASE_URL")]
    base_url: Option<String>,
    /// 每一页都加草稿水印，不让搜索引擎收录
    #[arg(long)]
    draft: bool,
    /// 发布：没有批准的、有问题没有说明的，一律不生成
    #[arg(long, conflicts_with = "draft")]
    release: bool,
    /// 全部重新生成，不用也不留上一次的结果
    #[arg(long)]
    no_cache: bool,
    /// 换一个顺序再生成一遍，两遍有一个字节不同就不发布
    #[arg(long)]
    verify: bool,
    /// 把新增、改动、删除的文件的路径写进 FILE，一行一个，给 rsync 或上传用
    #[arg(long, value_name = "FILE")]
    changed_list: Option<PathBuf>,
    /// 把整个网站再写成一个 ZIP，用来上传或存档；同样的网站总是同样的字节
    #[arg(long, value_name = "FILE")]
    zip: Option<PathBuf>,
    /// 不显示进度和结果，只显示问题
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    report: report::Arguments,
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let started = Instant::now();
        let report = self.report.resolve(&root, language);
        let options = BuildOptions {
            root,
            output: self.output,
            base_url: self.base_url,
            draft: self.draft,
            release: self.release,
            strict: self.report.strict,
            fresh: self.no_cache,
            verify: self.verify,
            comparison: false,
            zip: self.zip.clone(),
            changed_list: self.changed_list,
            keep: report.keep(Keep::Open),
        };
        let outcome = match pipeline::build(&options, &report::Bar::new(self.quiet)) {
            Ok(outcome) => outcome,
            Err(error) => return report.failure(&error),
        };
        report.problems(&outcome);
        let Some(output) = &outcome.output else {
            let Say { zh, en } = outcome.counts().say();
            report.result(&Say {
                zh: format!("没有生成（{zh}）；上一次的网站原样保留"),
                en: format!("nothing was built ({en}); the last site stays as it was"),
            });
            return Status::Faults;
        };
        if !self.quiet {
            tell(&report, &outcome, output, started);
        }
        let zip = outcome.zip.as_deref();
        match zip.map(|file| archive::write(file, published(&outcome, output))) {
            Some(Err(error)) => return report.failure(&error),
            Some(Ok(bytes)) if !self.quiet => {
                let (size, file) = (
                    report::size(bytes),
                    self.zip.as_deref().unwrap_or(output).display(),
                );
                report.result(&say!("ZIP，{size} → {file}", "ZIP, {size} → {file}"));
            }
            _ => {}
        }
        Status::Clean
    }
}

fn published<'a>(outcome: &'a Outcome, folder: &'a Path) -> archive::Published<'a> {
    archive::Published {
        folder,
        files: &outcome.files,
        inputs: &outcome.inputs,
    }
}

/// Says what was built, and what has changed.
fn tell(report: &report::Report, outcome: &Outcome, output: &Path, started: Instant) {
    if let Some(said) = changes::say(&outcome.differences) {
        report.result(&said);
    }
    let (disclosures, pages) = (outcome.disclosures, outcome.pages);
    let bytes = report::size(outcome.bytes);
    let seconds = format!("{:.2}", started.elapsed().as_secs_f64());
    let folder = output.display();
    report.result(&say!(
        "{disclosures} 份公开，{pages} 页，{bytes}，{seconds} 秒 → {folder}",
        "{disclosures} disclosures, {pages} pages, {bytes}, {seconds} s → {folder}"
    ));
}
