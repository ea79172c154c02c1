//! A revision of a git repository -> its site in a temporary folder. Neither the index nor the files of the
//! user are touched.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::side::temporary;
use crate::error::Error;
use crate::say;

/// A site as a revision has it.
#[derive(Debug)]
pub struct Checkout {
    folder: TempDir,
}

impl Checkout {
    /// Takes the site at `root` out of a revision of the repository that holds it.
    ///
    /// # Errors
    /// When git is missing, `root` is in no repository, or the revision does not exist or has no site there.
    pub fn new(root: &Path, revision: &str) -> Result<Self, Error> {
        let around = ["rev-parse", "--show-prefix", "--show-toplevel"];
        let around = text(run(git(root).args(around), root)?);
        let (prefix, top) = around.as_deref().and_then(|text| text.split_once('\n')).ok_or_else(|| {
            Error::refused(
                root,
                say!(
                    "这里不是 git 仓库，没有版本可以比较；用 -r 指明仓库里的站点",
                    "this is no git repository, so it has no revisions; name a site in one with -r"
                ),
            )
        })?;
        let commit = format!("{revision}^{{commit}}");
        let verify = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let commit = text(run(git(root).args(verify), root)?).ok_or_else(|| {
            Error::refused(
                Path::new(revision),
                say!(
                    "仓库里没有这个版本；写提交号、标签或分支名，如 HEAD~1",
                    "the repository has no such revision; name a commit, a tag or a branch, as in HEAD~1"
                ),
            )
        })?;
        // The tree of the site alone: a repository may hold more than the site.
        let tree = format!("{commit}:{prefix}");
        let folder = temporary()?;
        let settings = format!("{tree}site.toml");
        if !run(git(root).args(["cat-file", "-e", &settings]), root)?
            .status
            .success()
        {
            return Err(Error::refused(
                Path::new(revision),
                say!(
                    "这个版本里还没有站点（没有 {prefix}site.toml）；换一个版本",
                    "this revision has no site yet (no {prefix}site.toml); name another one"
                ),
            ));
        }
        let index = folder.path().join("index");
        let site = format!("{}/", folder.path().join("site").display());
        let prefix = format!("--prefix={site}");
        for arguments in [
            ["read-tree", tree.as_str()].as_slice(),
            &["checkout-index", "--all", "--force", &prefix],
        ] {
            // From the top, for below it git would leave out what is not there.
            let mut command = git(Path::new(top));
            command.args(arguments).env("GIT_INDEX_FILE", &index);
            let output = run(&mut command, root)?;
            if !output.status.success() {
                return Err(failed(root, &output));
            }
        }
        Ok(Self { folder })
    }

    /// Root of the site.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn run(command: &mut Command, root: &Path) -> Result<Output, Error> {
    command.output().map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            Error::refused(
                root,
                say!(
                    "没有找到 git 程序，不能比较版本；装上 git，或者直接写两个文件夹",
                    "the program git was not found, so revisions cannot be compared; install it, or name two folders"
                ),
            )
        } else {
            Error::io(root, error)
        }
    })
}

/// What a program wrote, without its line end; `None` when it failed.
fn text(output: Output) -> Option<String> {
    let text = String::from_utf8(output.stdout).ok()?;
    output
        .status
        .success()
        .then(|| text.trim_end_matches(['\r', '\n']).to_owned())
}

fn failed(root: &Path, output: &Output) -> Error {
    let words = String::from_utf8_lossy(&output.stderr)
        .trim()
        .replace('\n', " ");
    Error::refused(root, say!("git 没有成功：{words}", "git failed: {words}"))
}
