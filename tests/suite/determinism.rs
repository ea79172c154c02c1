//! The same site gives the same bytes, wherever and however it is built.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::parsed;
use crate::support::{Site, tree};

/// The entities of the site: the reference one, and copies of it so that there is work for threads.
const ENTITIES: [&str; 4] = ["yq-veterans", "a-copy", "m-copy", "z-copy"];

struct Surroundings {
    /// Folder of the site below a temporary folder.
    folder: &'static str,
    /// Working directory and root, as far as they differ from the site.
    working_directory: &'static str,
    root: &'static str,
    variables: &'static [(&'static str, &'static str)],
    /// Files are created from the last to the first.
    backwards: bool,
    /// What new files may not be.
    umask: &'static str,
}

#[test]
fn threads_zone_language_home_folder_umask_date_and_order_of_files_leave_no_trace() {
    let plain = Surroundings {
        folder: "a",
        working_directory: "a",
        root: ".",
        variables: &[
            ("RAYON_NUM_THREADS", "1"),
            ("TZ", "UTC"),
            ("LANG", "C"),
            ("HOME", "/nonexistent/a"),
        ],
        backwards: false,
        umask: "022",
    };
    let other = Surroundings {
        folder: "某处/另一个 文件夹/b",
        working_directory: "某处/另一个 文件夹/b/data",
        root: "../../../另一个 文件夹/b",
        variables: &[
            ("RAYON_NUM_THREADS", "8"),
            ("TZ", "Asia/Shanghai"),
            ("LANG", "zh_CN.UTF-8"),
            ("LC_ALL", "de_DE.UTF-8"),
            ("HOME", "/nonexistent/b"),
            ("USER", "b"),
            ("SOURCE_DATE_EPOCH", "315532800"),
        ],
        backwards: true,
        umask: "077",
    };
    let source = Site::reference();
    let (first, place) = build(&source, &plain);
    let (second, _) = build(&source, &other);
    assert_eq!(names(&first), names(&second));
    let differing: Vec<&str> = first
        .iter()
        .zip(&second)
        .filter(|(first, second)| first != second)
        .map(|((name, _), _)| name.as_str())
        .collect();
    assert_eq!(differing, Vec::<&str>::new());
    assert!(first.len() > 150, "{} files", first.len());
    let place = place.as_bytes();
    for (name, bytes) in &first {
        let told = bytes.windows(place.len()).any(|window| window == place);
        assert!(!told, "{name} names the folder it was built in");
    }
}

type Tree = Vec<(String, Vec<u8>)>;

fn names(tree: &Tree) -> Vec<&str> {
    tree.iter().map(|(name, _)| name.as_str()).collect()
}

/// Writes the site in new surroundings and builds it there; gives the output and the place.
fn build(source: &Site, surroundings: &Surroundings) -> (Tree, String) {
    let temporary = TempDir::new().expect("a temporary folder");
    let place = temporary.path().join(surroundings.folder);
    let mut files = Vec::new();
    for (name, bytes) in tree(source.root()) {
        match name.strip_prefix("data/yq-veterans/") {
            Some(rest) => files
                .extend(ENTITIES.map(|entity| (format!("data/{entity}/{rest}"), bytes.clone()))),
            None => files.push((name, bytes)),
        }
    }
    if surroundings.backwards {
        files.reverse();
    }
    for (name, bytes) in files {
        write(&place.join(name), &bytes);
    }
    // Only a shell can set it without unsafe code.
    let umask = surroundings.umask;
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("umask {umask} && exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_gongkai"))
        .current_dir(temporary.path().join(surroundings.working_directory))
        .args(["--root", surroundings.root, "build"])
        .env_clear()
        .envs(surroundings.variables.iter().copied())
        .output()
        .expect("the program starts");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let public = place.join("public");
    assert_eq!(modes(&public), [0o666 & !octal(umask)]);
    parsed::below(&place);
    let built = tree(&public);
    (built, temporary.path().display().to_string())
}

fn octal(umask: &str) -> u32 {
    u32::from_str_radix(umask, 8).expect("octal digits")
}

/// Permissions of the files, each once. They follow the umask and nothing in the data; what is compared
/// is what the files hold.
fn modes(folder: &Path) -> Vec<u32> {
    let files = walkdir::WalkDir::new(folder).into_iter();
    let files = files.map(|entry| entry.expect("a readable folder"));
    let modes: BTreeSet<u32> = files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.metadata().expect("a file").permissions().mode() & 0o777)
        .collect();
    modes.into_iter().collect()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}
