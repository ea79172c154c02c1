//! Writes a site of N departments of the reference disclosure's size, for benchmarks.
//!
//! `cargo run --release --example corpus -- N FOLDER`

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a script that reports to its caller"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use walkdir::WalkDir;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (Some(count), Some(folder)) = (
        arguments.first().and_then(|count| count.parse().ok()),
        arguments.get(1).map(PathBuf::from),
    ) else {
        eprintln!("usage: corpus N FOLDER");
        return ExitCode::from(2);
    };
    match write(count, &folder) {
        Ok(files) => {
            println!("{count} departments, {files} files");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn write(count: usize, folder: &Path) -> io::Result<usize> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reference = repository.join("data/yq-veterans");
    fs::create_dir_all(folder)?;
    fs::copy(repository.join("site.toml"), folder.join("site.toml"))?;
    let mut sources = Vec::new();
    for entry in WalkDir::new(&reference).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let relative = entry.path().strip_prefix(&reference).expect("below it");
            sources.push((relative.to_owned(), fs::read_to_string(entry.path())?));
        }
    }
    for number in 1..=count {
        let home = folder.join(format!("data/d{number:05}"));
        for (relative, text) in &sources {
            let path = home.join(relative);
            fs::create_dir_all(path.parent().expect("a folder"))?;
            // Every department has its own name, so that no two pages are the same.
            let name = format!("第{number}局");
            fs::write(path, text.replace("阳泉市退役军人事务局", &name))?;
        }
    }
    Ok(count * sources.len())
}
