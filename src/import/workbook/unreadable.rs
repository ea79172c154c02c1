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
    /// It is encrypted: it has a password, or its structure is protected, for which programs ask no password.
    Encrypted,
    /// It breaks off or contradicts itself.
    Damaged,
    /// It is a workbook in a form that is not read, such as .xlsb: its name.
    Unsupported(&'static str),
    /// It is a file of another sort, such as a PDF.
    Other(Other),
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
                "文件是加密的：有打开密码，或者保护了工作簿结构（打开时不问密码）；请在 Excel 或 WPS 中打开，去掉密码、取消「保护工作簿」，另存后再给出",
                "the file is encrypted: it has a password, or its structure is protected (no password is asked for then); open it in Excel or WPS, remove the password and the protection of the workbook, and save it"
            ),
            Self::Damaged => say!(
                "文件已损坏或不完整；请重新导出，或在 Excel、WPS 中打开并另存为 .xlsx",
                "the file is damaged or incomplete; export it once more, or open it in Excel or WPS and save it as .xlsx"
            ),
            Self::Unsupported(name) => say!(
                "文件是 {name}，不能读取；请在 Excel 或 WPS 中打开并另存为 .xlsx",
                "the file is {name}, which is not read; open it in Excel or WPS and save it as .xlsx"
            ),
            Self::Other(other) => other.say(),
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

/// What a file is that is no workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A packed folder: its name in Chinese and English.
    Archive(&'static str, &'static str),
    /// A document in which tables may stand: its name in Chinese and English.
    Document(&'static str, &'static str),
    /// `OpenDocument` in one file of XML (.fods).
    FlatOds,
    /// What a program lays beside a file as long as it is open.
    Lock,
}

impl Other {
    /// What it is and what to do, in both languages.
    fn say(self) -> Say {
        match self {
            Self::Pdf => say!(
                "文件是PDF，不是电子表格；请向制表的人要原来的 .xlsx、.xls 或 .ods，扫描件要先录成工作簿",
                "the file is a PDF and no workbook; ask for the .xlsx, .xls or .ods that it was made from; a scan has to be typed first"
            ),
            Self::Picture => say!(
                "文件是图片，不是电子表格；请给出原来的 .xlsx、.xls 或 .ods，或把图里的表录成工作簿",
                "the file is a picture and no workbook; give the .xlsx, .xls or .ods that it shows, or type the table"
            ),
            Self::Archive(zh, en) => say!(
                "文件是 {zh} 压缩包，不是电子表格；请先解压，再给出其中的 .xlsx、.xls、.ods 或 .csv",
                "the file is {en} and no workbook; unpack it and give the .xlsx, .xls, .ods or .csv in it"
            ),
            Self::Document(zh, en) => say!(
                "文件是{zh}，不是电子表格；请把其中的表复制到 Excel 或 WPS 表格里，另存为 .xlsx",
                "the file is {en} and no workbook; copy its tables into Excel or WPS and save them as .xlsx"
            ),
            Self::FlatOds => say!(
                "文件是单个 XML 的 OpenDocument 表格（.fods），不能读取；请在 LibreOffice 中打开，另存为 .xlsx 或 .ods",
                "the file is a flat OpenDocument spreadsheet (.fods), which is not read; open it in LibreOffice and save it as .xlsx or .ods"
            ),
            Self::Lock => say!(
                "这是工作簿打开着时程序放在旁边的锁文件，里面没有表；请给出去掉「~$」的那个文件，先在 Excel 或 WPS 里存盘并关闭",
                "this is the lock file that a program lays beside an open workbook and holds no table; give the file whose name lacks the ~$, saved and closed first"
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
