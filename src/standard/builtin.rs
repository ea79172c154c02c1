//! Faults in files inside the program: nobody has these files, so they are told where somebody can act.

use crate::diagnostic::{Diagnostics, Label, Say};
use crate::say;
use crate::source::Location;

/// Moves every fault in a built-in file to a place that the site has; the message says which file and
/// line of the program it is, a label shows that line, and the hint says what to do in one's own file.
pub fn point_home(diagnostics: &mut Diagnostics, home: &Location) {
    for problem in diagnostics.as_mut_slice() {
        let Some(path) = problem.location.source.builtin() else {
            continue;
        };
        let path = path.to_owned();
        let line = problem.location.place.line;
        let own = &home.source.path;
        let Say { zh, en } = &problem.say;
        problem.say = match line {
            0 => say!(
                "随程序的 {path}：{zh}",
                "{path}, which comes with the program: {en}"
            ),
            _ => say!(
                "随程序的 {path} 第 {line} 行：{zh}",
                "line {line} of {path}, which comes with the program: {en}"
            ),
        };
        let hint = problem
            .hint
            .take()
            .map_or_else(|| say!("", ""), |Say { zh, en }| say!("{zh}；", "{en}; "));
        let Say { zh, en } = hint;
        problem.hint = Some(say!(
            "{zh}随程序的文件本身没有错，核对 {own}；要改这个文件，就在站点里放一份同名的 {path}",
            "{en}the file that comes with the program is sound by itself: look at {own}, or put a {path} of your own into the site"
        ));
        let from = std::mem::replace(&mut problem.location, home.clone());
        problem.labels.push(Label {
            location: from,
            say: say!("这一行用不上", "this line does not fit"),
        });
    }
}
