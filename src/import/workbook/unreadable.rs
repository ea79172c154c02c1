//! Why a file was not read, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::diagnostic::Say;
use crate::say;

/// A file that was not read as a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: Reason,
}

/// Why a file was not read as a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It cannot be opened or read; the sentence has the path in it.
    File(Say),
    /// It is no ordinary file: a pipe, a device. It is not read, for it may never end.
    Special,
    /// It has no content.
    Empty,
    /// It is larger than what is read, or holds more once unpacked.
    TooLarge,
    /// It has a password.
    Encrypted,
    /// It breaks off or contradicts itself.
    Damaged,
    /// It is a workbook in a form that is not read, such as .xlsb: its name.
    Unsupported(&'static str),
    /// It is a file of another sort, such as a PDF: its name in Chinese and English.
    Other(&'static str, &'static str),
    /// Nothing in it or in its ending says that it is a table.
    Unknown,
    /// It is text in no encoding that is known.
    Encoding,
}

impl Unreadable {
    /// A file and why it was not read.
    pub(super) fn new(path: &Path, reason: Reason) -> Self {
        Self {
            path: path.to_owned(),
            reason,
        }
    }

    /// What is wrong with which file, and what to do, in both languages.
    #[must_use]
    pub fn say(&self) -> Say {
        let path = self.path.display();
        let say = self.reason.say();
        Say {
            zh: format!("{path}：{}", say.zh),
            en: format!("{path}: {}", say.en),
        }
    }
}

impl Reason {
    /// What is wrong and what to do, in both languages, without the path.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::File(say) => say.clone(),
            Self::Special => say!(
                "不是普通文件，是管道、设备之类，不去读它；先存成文件，再给出文件的路径",
                "it is no ordinary file but a pipe, a device or the like, which is not read; save it as a file and name that"
            ),
            Self::Empty => say!(
                "文件是空的；请重新导出",
                "the file is empty; export it once more"
            ),
            Self::TooLarge => say!(
                "文件太大（上限：文件 64 MB，解开后 128 MB，有内容的单元格和合并区域 200 万个）；请删去无关的工作表和行列，或分成几个文件",
                "the file is too large (limits: 64 MB, 128 MB unpacked, 2 million cells with content and merged ranges); remove sheets, rows and columns that are not needed, or split it"
            ),
            Self::Encrypted => say!(
                "文件有密码；请在 Excel 或 WPS 中打开，去掉密码后另存",
                "the file has a password; open it in Excel or WPS and save it without one"
            ),
            Self::Damaged => say!(
                "文件已损坏或不完整；请重新导出，或在 Excel、WPS 中打开并另存为 .xlsx",
                "the file is damaged or incomplete; export it once more, or open it in Excel or WPS and save it as .xlsx"
            ),
            Self::Unsupported(name) => say!(
                "文件是 {name}，不能读取；请在 Excel 或 WPS 中打开并另存为 .xlsx",
                "the file is {name}, which is not read; open it in Excel or WPS and save it as .xlsx"
            ),
            Self::Other(zh, en) => say!(
                "文件是{zh}，不是电子表格；请提供 .xlsx、.xls、.ods 或 .csv 文件",
                "the file is {en} and no workbook; give a file that is .xlsx, .xls, .ods or .csv"
            ),
            Self::Unknown => say!(
                "看不出是什么文件；能读取的是 .xlsx、.xls、.ods 和 .csv",
                "what the file is cannot be told; .xlsx, .xls, .ods and .csv are read"
            ),
            Self::Encoding => say!(
                "文本的编码无法识别；请另存为 UTF-8 的 .csv，或另存为 .xlsx",
                "the encoding of the text is not known; save it as .csv in UTF-8, or as .xlsx"
            ),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say().en)
    }
}

impl std::error::Error for Unreadable {}
