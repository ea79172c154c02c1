//! Failures of the machine, as opposed to problems in the data: a file that cannot be written, a
//! folder that is not ours. They always carry the path.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::diagnostic::Say;
use crate::say;

/// A failure of the machine.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    say: Say,
    cause: Option<io::Error>,
}

impl Error {
    /// A file or folder could not be used.
    #[must_use]
    pub fn io(path: &Path, cause: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            say: what(cause.kind()),
            cause: Some(cause),
        }
    }

    /// A folder is not what it should be.
    #[must_use]
    pub fn refused(path: &Path, say: Say) -> Self {
        Self {
            path: path.to_owned(),
            say,
            cause: None,
        }
    }

    /// The root is no site.
    #[must_use]
    pub fn not_a_site(path: &Path) -> Self {
        Self::refused(
            path,
            say!(
                "这里没有 site.toml，不是一个站点；用 -r 指明站点的文件夹，或用 gongkai init 新建一个",
                "there is no site.toml here; name the folder of the site with -r, or make one with gongkai init"
            ),
        )
    }

    /// What happened, in both languages.
    #[must_use]
    pub fn say(&self) -> Say {
        let path = self.path.display();
        let cause = self
            .cause
            .as_ref()
            .map(|cause| format!(" ({cause})"))
            .unwrap_or_default();
        Say {
            zh: format!("{path}：{}{cause}", self.say.zh),
            en: format!("{path}: {}{cause}", self.say.en),
        }
    }
}

/// What the system refused, and what to do.
fn what(kind: io::ErrorKind) -> Say {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => say!(
            "磁盘满了；腾出空间再来",
            "the disk is full; make room and try again"
        ),
        io::ErrorKind::PermissionDenied => say!(
            "没有读写的权限；改它或它所在文件夹的权限，或换一个用户来运行",
            "no permission; change its mode or that of its folder, or run as another user"
        ),
        io::ErrorKind::ReadOnlyFilesystem => say!(
            "磁盘是只读的；换一个能写的地方",
            "the disk is read-only; choose a place that can be written"
        ),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => say!(
            "是单独挂载的，不能整个替换；用 -o 指明它里面的一个文件夹",
            "it is a mount of its own and cannot be replaced; name a folder inside it with -o"
        ),
        _ => say!("无法读写", "cannot be used"),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say().en)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause
            .as_ref()
            .map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}
