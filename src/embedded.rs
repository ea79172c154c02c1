//! Templates, static files and standards inside the program, so that the binary works alone.

use include_dir::{Dir, include_dir};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");
static STANDARDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/standards");

/// One of the folders that are part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Page templates.
    Templates,
    /// Style sheets and the like, copied to the output.
    Static,
    /// Standards.
    Standards,
}

/// Every file of a folder as relative path and bytes, sorted by path.
#[must_use]
pub fn files(folder: Folder) -> Vec<(String, &'static [u8])> {
    let root = match folder {
        Folder::Templates => &TEMPLATES,
        Folder::Static => &STATIC,
        Folder::Standards => &STANDARDS,
    };
    let mut files = Vec::new();
    collect(root, &mut files);
    files.sort_by(|left, right| left.0.cmp(&right.0));
    files
}

fn collect(folder: &Dir<'static>, into: &mut Vec<(String, &'static [u8])>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        into.push((path, file.contents()));
    }
    for inner in folder.dirs() {
        collect(inner, into);
    }
}
