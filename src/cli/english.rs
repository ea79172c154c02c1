//! The sentences of the arguments in English, by those in Chinese.

/// Each sentence once, as it stands at its argument and in English.
pub const ENGLISH: &[(&str, &str)] = &[
    (
        "公开：把部门预决算数据生成为可核对的静态公开网站。",
        "gongkai: turns the budgets and accounts of departments into a static site that can be checked",
    ),
    (
        "站点的文件夹（有 site.toml 的那个）",
        "Folder of the site, the one with site.toml",
    ),
    (
        "信息的语言；不写时按 LANG",
        "Language of the messages; that of LANG when left out",
    ),
    ("中文", "Chinese"),
    (
        "生成网站；数据有错时什么也不写，上一次的网站原样保留",
        "Build the site; with a fault in the data nothing is written and the last site stays",
    ),
    (
        "只核对数据，不生成网站",
        "Check the data without building the site",
    ),
    (
        "边改边看：在浏览器里看网站，保存后自动刷新；什么也不写到磁盘",
        "Show the site in a browser while you edit, and reload it as you save; nothing is written to disk",
    ),
    (
        "删去上一次生成留下的中间结果；已生成的网站不动",
        "Remove what the last build left for the next one; the site itself stays",
    ),
    (
        "比较两个站点、两次生成或两个版本：哪些数、行、文字、网页变了",
        "Compare two sites, builds or revisions: which figures, rows, texts and pages changed",
    ),
    (
        "说明信息里的一个代码：什么、为什么、例、来源",
        "Explain a code of a message: what it means and what to do",
    ),
    (
        "核对一个网站的文件夹：每个文件都和 manifest.json 里写的一样",
        "Verify the folder of a site: every file is as manifest.json says",
    ),
    (
        "给 manifest.json 签名（minisign），或新建一对密钥",
        "Sign manifest.json (minisign), or make a pair of keys",
    ),
    (
        "新建站点：设置、文件夹、编辑器和持续集成的配置；已有的文件一概不动",
        "Make a new site: settings, folders, configuration of editors and CI; no file that exists is touched",
    ),
    (
        "新建一份公开：标准的各表和固定行，写明什么填在哪里；可带来上年的数",
        "Make a new disclosure: the tables and fixed rows of its standard, with what goes where, and last year's figures if asked",
    ),
    (
        "导入：从 Excel、WPS 的工作簿或已生成的网站取来各表，核对后写成数据文件",
        "Import: take tables from workbooks or a built site, check them and write data files",
    ),
    (
        "列出各份公开：标准、状态、填了几张表",
        "List the disclosures: standard, status, tables filled in",
    ),
    (
        "写出各种数据文件的 JSON Schema，编辑器用它补全和检查",
        "Write JSON Schemas of the data files, with which editors complete and check",
    ),
    (
        "命令补全的脚本，写到标准输出",
        "Write a completion script to standard output",
    ),
    ("手册页", "Write manual pages"),
    (
        "输出的文件夹，代替 site.toml 里写的",
        "Folder of the output, instead of the one in site.toml",
    ),
    (
        "发布的网址，代替 site.toml 里写的",
        "Address of the published site, instead of the one in site.toml",
    ),
    (
        "每一页都加草稿水印，不让搜索引擎收录",
        "Mark every page as a draft, and keep search engines out",
    ),
    (
        "发布：没有批准的、有问题没有说明的，一律不生成",
        "Release: refuse whatever is not approved or has an unanswered finding",
    ),
    (
        "全部重新生成，不用也不留上一次的结果",
        "Make everything again, and use and leave nothing of a run",
    ),
    (
        "换一个顺序再生成一遍，两遍有一个字节不同就不发布",
        "Build a second time in another order, and publish only if every byte is the same",
    ),
    (
        "把新增、改动、删除的文件的路径写进 FILE，一行一个，给 rsync 或上传用",
        "Write the paths of files added, changed and removed into FILE, one a line, for rsync or uploads",
    ),
    (
        "把整个网站再写成一个 ZIP，用来上传或存档；同样的网站总是同样的字节",
        "Write the whole site as a ZIP too, for uploads or archives; the same bytes for the same site",
    ),
    (
        "不显示进度和结果，只显示问题",
        "Show problems only, no progress and no result",
    ),
    (
        "按发布的要求核对：build --release 不让过的，这里也不让过",
        "Check as for a release: refuse what build --release refuses",
    ),
    (
        "核对之后等着，有文件变了就再核对一遍；Ctrl-C 结束",
        "Wait after the check, and check again whenever a file changes; end with Ctrl-C",
    ),
    (
        "网站输出的文件夹，代替 site.toml 里写的",
        "Folder of the site's output, instead of the one in site.toml",
    ),
    (
        "原来的：站点的文件夹，或生成好的网站",
        "The old side: folder of a site, or a built site",
    ),
    (
        "现在的：站点的文件夹，或生成好的网站",
        "The new side: folder of a site, or a built site",
    ),
    (
        "比较 git 仓库里的两个版本；只写一个，就拿它和现在的文件比",
        "Compare two revisions of the git repository, or one with the files as they are",
    ),
    (
        "怎样写出来；html 是独立的一页，可以附在审批件后面；corrections 是可以贴进 corrections.yaml 的更正",
        "How to write it; html is one page that stands alone, corrections is an entry for corrections.yaml",
    ),
    (
        "写进这个文件，全写好了才换上去；不写就印出来。corrections 写进某份公开的 corrections.yaml 时只写那一份的",
        "Write into this file, all at once, instead of printing; corrections for the corrections.yaml of a disclosure are only its own",
    ),
    (
        "有变化时退出码也为 0",
        "Exit with 0 even if something changed",
    ),
    (
        "给人看：数字成列，文字标出改动",
        "For people: figures in columns, changes marked in texts",
    ),
    ("Markdown，供评论", "Markdown, for comments"),
    ("HTML，一个文件", "HTML in one file"),
    (
        "corrections.yaml 里的一次更正，日期和原因留空",
        "An entry of corrections.yaml, day and reason left blank",
    ),
    (
        "信息里方括号中的代码，如 amount-syntax，或标准里一条规则的 id；不写就列出全部代码",
        "A code that messages have in brackets, such as amount-syntax, or the id of a rule; all codes when left out",
    ),
    (
        "工作簿（.xlsx、.xls、.ods、.csv），或已生成的网站的文件夹、其中的 data.json",
        "Workbooks (.xlsx, .xls, .ods, .csv), or the folder of a built site or a data.json in it",
    ),
    (
        "单位的英文名，就是 data/ 下的文件夹名，如 yq-veterans",
        "Name of the entity's folder below data/, such as yq-veterans",
    ),
    ("年度，如 2026", "Year, such as 2026"),
    (
        "预算还是决算；不写就按已有的公开，没有就是预算",
        "Budget or final accounts; as the disclosure that is there, else a budget",
    ),
    (
        "按哪个标准；不写就按已有的公开，或这一种里仅有的",
        "Standard; that of the disclosure that is there, or the only one of the kind, when left out",
    ),
    (
        "单位全称；新单位不写就取自工作簿",
        "Full name of the entity; taken from the workbook when left out for a new one",
    ),
    (
        "新单位的预算代码，如 067",
        "Budget code of a new entity, such as 067",
    ),
    ("只看不写", "Look only, write nothing"),
    (
        "覆盖内容不同的文件",
        "Write over files that hold something else",
    ),
    (
        "收据写成什么：human 给人看，json 给程序",
        "How to write the receipt: human for people, json for programs",
    ),
    (
        "全部列出，不把重复的合成一行",
        "List everything, fold no repetitions",
    ),
    ("给人看", "For people"),
    ("给程序", "For programs"),
    (
        "站点的文件夹；不写就是 -r 指的那个",
        "Folder of the site; the one that -r names when left out",
    ),
    (
        "编辑器按哪个标准检查各表；不写就用内置的",
        "Standard by which editors check the tables; the built-in one when left out",
    ),
    (
        "附一份完整的小例子，立刻可以生成",
        "Add a small complete example that builds at once",
    ),
    (
        "写成什么：human 给人看，json 给程序",
        "How to write it: human for people, json for programs",
    ),
    ("哪种命令行", "Which shell"),
    (
        "写到哪个文件夹，一个命令一页；不写就把 gongkai(1) 写到标准输出",
        "Folder for the pages, one a command; gongkai(1) to standard output when left out",
    ),
    (
        "预算还是决算；不写就是预算",
        "Budget or final accounts; a budget when left out",
    ),
    (
        "从哪一年的公开带来上年的数和各行",
        "Year of the disclosure whose figures and rows are carried over",
    ),
    (
        "按哪个标准；不写就按上年的，或这一种里仅有的",
        "Standard; last year's, or the only one of the kind, when left out",
    ),
    (
        "单位全称，新单位要写",
        "Full name of the entity, needed for a new one",
    ),
    (
        "单位的预算代码，如 067",
        "Budget code of the entity, such as 067",
    ),
    ("预算", "A budget"),
    ("决算", "Final accounts"),
    (
        "怎样列出问题；json、sarif、github 写到标准输出，此外不写别的",
        "How to list problems; json, sarif and github go to standard output, and nothing else does",
    ),
    (
        "警告也算错：有警告时退出码为 1",
        "Take warnings for errors: exit with 1 if there is one",
    ),
    (
        "给人看：句子、所在的行、怎么办",
        "For people: the sentence, its line, what to do",
    ),
    (
        "一个问题一行：路径:行:列",
        "One problem a line: path:line:column",
    ),
    ("JSON，中英文都有", "JSON, in Chinese and English"),
    ("GitHub Actions 的批注", "Annotations of GitHub Actions"),
    (
        "写到哪个文件夹；不写就是站点的 schema/",
        "Folder for the schemas; schema/ of the site when left out",
    ),
    ("端口；0 是任意一个空着的", "Port; 0 is any that is free"),
    (
        "在哪个地址提供；不写就只有这台机器看得到",
        "Address to serve on; only this machine sees it when left out",
    ),
    ("在浏览器里打开", "Open it in a browser"),
    ("生成好的网站的文件夹", "Folder of a built site"),
    (
        "私钥，gongkai 或 minisign 新建的",
        "Secret key, made by gongkai or minisign",
    ),
    (
        "新建一对没有密码的密钥：FILE 是私钥，FILE.pub 是公钥",
        "Make a pair of keys without a password: FILE is the secret one, FILE.pub the public one",
    ),
    (
        "网站的文件夹，有 manifest.json 的那个",
        "Folder of the site, the one with manifest.json",
    ),
    (
        "发布者的公钥；写了就要有它的签名",
        "Public key of the publisher, whose signature must then be there",
    ),
    ("怎样列出结果", "How to list the result"),
    ("JSON，写到标准输出", "JSON, to standard output"),
];
