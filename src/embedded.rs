//! Templates, static files, standards and the files of a new site inside the program, so that the binary works alone.

use include_dir::{Dir, include_dir};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");
static STANDARDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/standards");
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter/site");
static EXAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter/example");

/// One of the folders that are part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Page templates.
    Templates,
    /// Style sheets and the like, copied to the output.
    Static,
    /// Standards.
    Standards,
    /// A new site.
    Starter,
    /// A disclosure as an example for a new site.
    Example,
}

/// Every file of a folder as relative path and bytes, sorted by path.
#[must_use]
pub fn files(folder: Folder) -> Vec<(String, &'static [u8])> {
    let root = match folder {
        Folder::Templates => &TEMPLATES,
        Folder::Static => &STATIC,
        Folder::Standards => &STANDARDS,
        Folder::Starter => &STARTER,
        Folder::Example => &EXAMPLE,
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
