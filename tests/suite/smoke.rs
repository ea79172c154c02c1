//! The reference site builds.

use crate::support::{Site, slips_of_the_original};

#[test]
fn the_reference_site_builds_and_only_slips_of_the_original_are_named() {
    let site = Site::reference();
    let run = site.run(&["build"]);
    assert_eq!((run.code, run.stderr), (0, slips_of_the_original()));
    assert!(
        run.stdout.starts_with("1 份公开，41 页，"),
        "{}",
        run.stdout
    );
    assert!(
        site.path("public/yq-veterans/2025-budget/t03.html")
            .is_file()
    );
}
