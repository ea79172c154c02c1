//! Builds again when a file is added to the folders that the program embeds.

fn main() {
    for folder in ["templates", "static", "standards"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
