//! Small sites on disk, and running the program on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::parsed;

/// A copy of one of `tests/cases/`, or an empty folder, that a test may change.
pub struct Site {
    folder: TempDir,
}

/// What a run of the program gave.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// Exit status.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Site {
    /// A copy of `tests/cases/<name>`.
    pub fn case(name: &str) -> Self {
        let site = Self::empty();
        copy(&repository().join("tests/cases").join(name), site.root());
        site
    }

    /// A copy of the reference site: its settings, data and standards.
    pub fn reference() -> Self {
        let site = Self::empty();
        for folder in ["data", "standards", "templates", "static"] {
            copy(&repository().join(folder), &site.path(folder));
        }
        fs::copy(repository().join("site.toml"), site.path("site.toml")).expect("site.toml");
        site
    }

    /// An empty folder.
    pub fn empty() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// Its root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path inside it.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// The text of a file.
    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative))
            .unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    /// Writes a file.
    pub fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
        self
    }

    /// Removes a file or folder.
    pub fn remove(&self, relative: &str) -> &Self {
        let path = self.path(relative);
        if path.is_dir() {
            fs::remove_dir_all(path).expect("a folder");
        } else {
            fs::remove_file(path).expect("a file");
        }
        self
    }

    /// Replaces a text that stands once in a file.
    pub fn replace(&self, relative: &str, from: &str, to: &str) -> &Self {
        let text = self.read(relative);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {relative}");
        self.write(relative, text.replace(from, to))
    }

    /// Runs the program on it, with Chinese messages.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[("LANG", "zh_CN.UTF-8")])
    }

    /// Runs the program on it with these variables and no others but `PATH`.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        self.run_at(self.root(), arguments, variables)
    }

    /// Likewise, with no more memory than so many bytes (on Linux, where util-linux can see to it).
    pub fn run_within(&self, memory: u64, arguments: &[&str]) -> Run {
        let program = env!("CARGO_BIN_EXE_gongkai");
        let command = if cfg!(target_os = "linux") {
            let mut limited = Command::new("prlimit");
            limited.arg(format!("--as={memory}")).arg(program);
            limited
        } else {
            Command::new(program)
        };
        let variables = [("LANG", "zh_CN.UTF-8")];
        self.run_and_parse(command, self.root(), arguments, &variables)
    }

    /// Likewise on a site inside it.
    pub fn run_at(&self, root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        self.run_and_parse(command, root, arguments, variables)
    }

    /// Likewise where the templates make no pages: what is built is not parsed.
    pub fn run_unparsed(&self, arguments: &[&str]) -> Run {
        let command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        self.run_command(command, self.root(), arguments, &[("LANG", "zh_CN.UTF-8")])
    }

    fn run_and_parse(
        &self,
        command: Command,
        root: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Run {
        let run = self.run_command(command, root, arguments, variables);
        if run.code == 0 && arguments.contains(&"build") {
            parsed::built(root, arguments);
        }
        run
    }

    fn run_command(
        &self,
        mut command: Command,
        root: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Run {
        let output = command
            .arg("--root")
            .arg(root)
            .args(arguments)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("the program starts");
        let root = self.root().display().to_string();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .expect("output is UTF-8")
                .replace(&root, "SITE")
        };
        Run {
            code: output.status.code().expect("an exit status"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Numbers that are the same in every run (xorshift64*), from a seed that is not 0.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits") % limit
    }
}

/// Every file below a folder as relative path and content, sorted.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let relative = entry.path().strip_prefix(folder).expect("below the folder");
            let name = relative.to_string_lossy().replace('\\', "/");
            (name, fs::read(entry.path()).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

/// What a file of expected text has and what was found instead, or `None` when they are the same.
/// `GONGKAI_BLESS=1` writes the file anew.
pub fn differs_from(file: &Path, found: &str) -> Option<String> {
    if std::env::var_os("GONGKAI_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, found).expect("a file");
        return None;
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    let name = file.file_stem().unwrap_or_default().display();
    (expected != found).then(|| format!("=== {name}: expected\n{expected}=== found\n{found}"))
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}
