//! Failures of the machine, as opposed to problems in the data: a file that cannot be written, a
//! folder that is not ours. They always carry the path.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::characters::shown;
use crate::diagnostic::Say;
use crate::say;

/// A failure of the machine.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    say: Say,
    cause: Option<io::Error>,
    /// Whether it is a fault of the program itself.
    program: bool,
}

impl Error {
    /// A file or folder could not be used.
    #[must_use]
    pub fn io(path: &Path, cause: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            say: what(&cause),
            cause: Some(cause),
            program: false,
        }
    }

    /// A folder is not what it should be.
    #[must_use]
    pub fn refused(path: &Path, say: Say) -> Self {
        Self {
            path: path.to_owned(),
            say,
            cause: None,
            program: false,
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

    /// The program itself is at fault: it has panicked over what this path holds.
    #[must_use]
    pub fn of_program(path: &Path) -> Self {
        let refused = Self::refused(
            path,
            say!(
                "程序处理到这里时自己出了错（细节见上文），这一次什么也没有写；把细节和这里的文件交给 gongkai 的开发者",
                "the program itself failed here (details above), and nothing was written; give the details and these files to the developers of gongkai"
            ),
        );
        Self {
            program: true,
            ..refused
        }
    }

    /// Whether the program itself is at fault, which says nothing of the next run.
    #[must_use]
    pub const fn is_of_program(&self) -> bool {
        self.program
    }

    /// What happened, in both languages.
    #[must_use]
    pub fn say(&self) -> Say {
        let path = shown(&self.path.display().to_string());
        let Say { zh, en } = &self.say;
        say!("{path}：{zh}", "{path}: {en}")
    }
}

/// What the system refused, and what to do.
fn what(cause: &io::Error) -> Say {
    match cause.kind() {
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
        io::ErrorKind::NotFound => say!(
            "没有这个文件或文件夹；核对路径",
            "there is no such file or folder; look at the path again"
        ),
        _ => {
            let Say { zh, en } = reason(cause);
            say!("无法读写：{zh}", "cannot be used: {en}")
        }
    }
}

/// Why the system refused something, in a few words of ours: its own are in the language of the system.
#[must_use]
pub fn reason(cause: &io::Error) -> Say {
    match cause.kind() {
        io::ErrorKind::NotFound => say!("没有这个文件或文件夹", "there is no such file or folder"),
        io::ErrorKind::PermissionDenied => say!("没有权限", "no permission"),
        io::ErrorKind::AlreadyExists => say!("已经有了", "it is there already"),
        io::ErrorKind::IsADirectory => say!("是一个文件夹", "it is a folder"),
        io::ErrorKind::NotADirectory => say!(
            "路径里有一段是文件，不是文件夹",
            "a part of the path is a file and no folder"
        ),
        io::ErrorKind::DirectoryNotEmpty => say!("文件夹不是空的", "the folder is not empty"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            say!("磁盘满了", "the disk is full")
        }
        io::ErrorKind::ReadOnlyFilesystem => say!("磁盘是只读的", "the disk is read-only"),
        io::ErrorKind::FileTooLarge => say!("文件太大", "the file is too large"),
        io::ErrorKind::InvalidFilename => {
            say!(
                "名字太长，或不能用",
                "the name is too long or cannot be used"
            )
        }
        io::ErrorKind::InvalidData => say!(
            "内容不是应有的样子，也许不是 UTF-8 文字",
            "its content is not as expected, maybe no UTF-8 text"
        ),
        io::ErrorKind::UnexpectedEof => say!("文件不完整", "the file is cut short"),
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => {
            say!("别的程序正在用", "another program uses it")
        }
        io::ErrorKind::CrossesDevices => say!("在另一个磁盘上", "it is on another disk"),
        io::ErrorKind::OutOfMemory => say!("内存不够", "not enough memory"),
        io::ErrorKind::TimedOut => say!("等得太久，没有回应", "no answer in time"),
        io::ErrorKind::BrokenPipe => say!("对方已经关闭", "the other end is closed"),
        io::ErrorKind::AddrInUse => say!("地址已被占用", "the address is in use"),
        io::ErrorKind::AddrNotAvailable => say!("没有这个地址", "there is no such address"),
        io::ErrorKind::Unsupported => say!("系统不支持", "the system does not support it"),
        _ => match (cause.raw_os_error(), cause.get_ref()) {
            (Some(code), _) => say!("系统错误 {code}", "system error {code}"),
            (None, Some(inner)) => say!("程序库报告 {inner}", "{inner}"),
            (None, None) => say!("原因不明", "nobody knows why"),
        },
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
