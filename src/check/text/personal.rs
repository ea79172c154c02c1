//! 个人信息 that stands after a label or around an at sign: names, short telephone numbers, old ID
//! numbers, e-mail.

use std::ops::Range;

use super::checksum::is_date;
use super::numbers::is_free;
use super::{Hit, Kind, gap_after_label, is_blank, is_han};

/// Labels that a person's name follows.
const PEOPLE: [&str; 9] = [
    "负责人",
    "经办人",
    "填报人",
    "填表人",
    "制表人",
    "审核人",
    "复核人",
    "联系人",
    "承办人",
];
/// Labels that a telephone number follows, even one without an area code.
const PHONES: [&str; 3] = ["电话", "手机", "联系方式"];
/// The label that an ID number of 15 digits follows.
const IDENTITY: &str = "身份证";

/// The common surnames, without those that begin ordinary words more often than names.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁符舒阮柯纪梅童凌毕裴霍涂苗谷盛曲翁冉骆蓝路游辛靳柴蒙鲍华喻祁蒲房滕屈饶牟艾尤阳穆司卓古吉缪简芦麦褚娄窦戚岑景党宫卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝";
const COMPOUND_SURNAMES: [&str; 8] = [
    "欧阳", "司马", "上官", "诸葛", "皇甫", "令狐", "尉迟", "司徒",
];
/// Words that begin like a name and are none.
const WORDS: [&str; 16] = [
    "万元", "任务", "任职", "余额", "关于", "安全", "安排", "方式", "方案", "方面", "易地", "游客",
    "程序", "金额", "高度", "高级",
];
/// What follows a name without a blank.
const TITLES: [&str; 9] = [
    "主任", "局长", "科长", "处长", "所长", "书记", "同志", "电话", "联系",
];

/// Texts by which labels are found.
pub fn labels() -> impl Iterator<Item = &'static str> {
    PEOPLE.into_iter().chain(PHONES).chain([IDENTITY])
}

/// Whether what follows this title is personal, so that a value alone has to be looked at.
pub fn is_label(title: &str) -> bool {
    labels().any(|label| title.contains(label))
}

pub fn is_surname(character: char) -> bool {
    SURNAMES.contains(character)
}

/// What follows the label that stands at `label`.
pub fn after_label(text: &str, label: Range<usize>) -> Option<Hit> {
    let word = &text[label.clone()];
    if PEOPLE.contains(&word) {
        let at = gap_after_label(
            text,
            label.end,
            &["姓名", "签字", "签名", "）", ")", "为", "是"],
        )?;
        return name(&text[at..]).map(|length| Hit::new(Kind::Name, at..at + length));
    }
    if word == IDENTITY {
        let at = number_after(text, label.end)?;
        return old_identity(text, at).map(|range| Hit::new(Kind::Identity, range));
    }
    let at = number_after(text, label.end)?;
    short_phone(text, at).map(|range| Hit::new(Kind::Phone, range))
}

/// Where the number after a label begins, which may stand right behind it: 电话2293847, but not
/// 手机2293847部.
fn number_after(text: &str, label: usize) -> Option<usize> {
    let rest = text.get(label..)?;
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.len() == rest.len() {
        return gap_after_label(text, label, &["号码", "号", "为", "是"]);
    }
    (!number.starts_with(['部', '台', '个', '次', '户', '条'])).then_some(label)
}

/// Length in bytes of the name that a text begins with.
fn name(text: &str) -> Option<usize> {
    let run: Vec<char> = text.chars().take_while(|c| is_han(*c)).take(6).collect();
    let bytes = |count: usize| run.iter().take(count).map(|c| c.len_utf8()).sum::<usize>();
    let first = *run.first()?;
    let compound = COMPOUND_SURNAMES
        .iter()
        .any(|surname| text.starts_with(surname));
    if !(compound || is_surname(first)) || WORDS.iter().any(|word| text.starts_with(word)) {
        return None;
    }
    if run.len() == 1 {
        return spaced_name(text, first);
    }
    let place = |c: &char| "省市县区局处科部委院办所站".contains(*c);
    let longest = if compound { 4 } else { 3 };
    if run.len() <= longest {
        return (!run.last().is_some_and(place)).then(|| bytes(run.len()));
    }
    (2..=longest).find_map(|count| {
        let length = bytes(count);
        TITLES
            .iter()
            .any(|title| text[length..].starts_with(title))
            .then_some(length)
    })
}

/// A name of two characters set apart to fill three: 王　某.
fn spaced_name(text: &str, surname: char) -> Option<usize> {
    let rest = &text[surname.len_utf8()..];
    let given = rest.trim_start_matches(is_blank);
    let gap = rest.len() - given.len();
    let blanks = rest[..gap].chars().count();
    let mut characters = given.chars();
    let last = characters.next().filter(|c| is_han(*c))?;
    let ends = !characters.next().is_some_and(is_han);
    ((1..=4).contains(&blanks) && !rest[..gap].contains('\n') && ends)
        .then(|| surname.len_utf8() + gap + last.len_utf8())
}

/// Digits from `at`, if there are between `least` and `most` of them and nothing joins them.
fn digits(text: &str, at: usize, least: usize, most: usize) -> Option<Range<usize>> {
    let count = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let range = at..at + count;
    ((least..=most).contains(&count) && is_free(text, &range)).then_some(range)
}

/// A number without an area code; no date.
fn short_phone(text: &str, at: usize) -> Option<Range<usize>> {
    let range = digits(text, at, 7, 8)?;
    let written = &text[range.clone()];
    let dated = written.len() == 8 && is_date(written);
    let local = written.starts_with(|c: char| ('2'..='8').contains(&c));
    (local && !dated).then_some(range)
}

/// An ID number of the form that was used until 1999: six digits of the place, the date, three more.
fn old_identity(text: &str, at: usize) -> Option<Range<usize>> {
    let range = digits(text, at, 15, 15)?;
    let date = format!("19{}", &text[at + 6..at + 12]);
    is_date(&date).then_some(range)
}

/// The address around an at sign.
pub fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let local = bytes[..at]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b))
        .count();
    let domain = bytes[at + 1..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b))
        .count();
    let host = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-']);
    let (name, top) = host.rsplit_once('.')?;
    let real = local > 0
        && !name.is_empty()
        && !host.starts_with(['.', '-'])
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic());
    real.then_some(at - local..at + 1 + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        labels()
            .flat_map(|label| text.match_indices(label))
            .find_map(|(at, label)| after_label(text, at..at + label.len()))
            .map(|hit| &text[hit.range])
    }

    #[test]
    fn names_follow_their_labels() {
        for (text, name) in [
            ("负责人：王某", Some("王某")),
            ("经办人 李某某", Some("李某某")),
            ("填报人签字：张 三", Some("张 三")),
            ("联系人为赵某电话", Some("赵某")),
            ("负责人：欧阳某某", Some("欧阳某某")),
            ("负责人\u{1f}\n\u{1f}牛某某", Some("牛某某")),
            ("负责人：陈某某主任", Some("陈某某")),
            ("负责人：王×", None),
            ("负责人：", None),
            ("负责人王某", None),
            ("负责人：高度重视此项工作", None),
            ("负责人：金额", None),
            ("负责人：江阴市", None),
            ("经办人 单位", None),
            ("负责人员：王某", None),
        ] {
            assert_eq!(found(text), name, "{text}");
        }
    }

    #[test]
    fn a_number_without_area_code_counts_after_its_label_only() {
        for (text, number) in [
            ("电话：2345678", Some("2345678")),
            ("联系方式 81234567", Some("81234567")),
            ("电话号码为2345678。", Some("2345678")),
            ("电话2293847", Some("2293847")),
            ("手机2293847部", None),
            ("电话费2345678元", None),
            ("电话：20250124", None),
            ("电话：234567", None),
            ("电话：2345678.00", None),
            ("科目2080501", None),
            ("身份证号：110101900101123", Some("110101900101123")),
            ("身份证130503670401001", Some("130503670401001")),
            ("身份证号：110101901301123", None),
            ("编号110101900101123", None),
        ] {
            assert_eq!(found(text), number, "{text}");
        }
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for (text, address) in [
            ("邮箱gk.x@example.gov.cn。", Some("gk.x@example.gov.cn")),
            ("a@b.cn.", Some("a@b.cn")),
            ("@media (x)", None),
            ("甲@乙", None),
            ("a@b", None),
            ("a@1.2", None),
        ] {
            let at = text.find('@').expect("an at sign");
            assert_eq!(email(text, at).map(|range| &text[range]), address, "{text}");
        }
    }
}
