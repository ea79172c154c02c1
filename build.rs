//! Builds again when a file is added to the folders that the program embeds, and gives the program a name of
//! this very build, by which it knows what it has itself left for the next run.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

fn main() {
    let mut hasher = DefaultHasher::new();
    for input in [
        "src",
        "templates",
        "static",
        "standards",
        "starter",
        "Cargo.toml",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed={input}");
        add(Path::new(input), &mut hasher);
    }
    println!("cargo::rustc-env=GONGKAI_BUILD={:016x}", hasher.finish());
}

/// Adds a file, or every file of a folder in the order of their names. What cannot be read is named by cargo.
fn add(path: &Path, hasher: &mut DefaultHasher) {
    if let Ok(entries) = fs::read_dir(path) {
        let mut inner: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        inner.sort();
        for path in inner {
            add(&path, hasher);
        }
    } else if let Ok(bytes) = fs::read(path) {
        hasher.write(path.to_string_lossy().as_bytes());
        hasher.write_u64(bytes.len() as u64);
        hasher.write(&bytes);
    }
}
