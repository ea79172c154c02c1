//! The reference site builds.

use crate::support::Site;

#[test]
fn the_reference_site_builds_without_a_word_on_stderr() {
    let site = Site::reference();
    let run = site.run(&["build"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout
            .starts_with("新增 73 个文件，改动 0 个，删除 0 个\n1 份公开，44 页，"),
        "{}",
        run.stdout
    );
    assert!(
        site.path("public/yq-veterans/2025-budget/t03.html")
            .is_file()
    );
}
