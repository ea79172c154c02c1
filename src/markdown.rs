//! Markdown of overviews, narratives and glossaries -> HTML without raw HTML.
//!
//! Chinese punctuation beside `**` would keep emphasis from being seen (`**基本支出：**指`), so it is
//! shielded by noncharacters of the same length while the text is parsed. Marks (see
//! [`crate::model::narrative`]) pass through and are replaced by what the caller makes of them.

use std::ops::Range;

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
    TextMergeWithOffset, html,
};

use crate::characters::{Kind, odd};
use crate::model::narrative::{CHART_OPEN, FIGURE_OPEN, MARK_CLOSE};
use crate::sentences::{self, LINE_END, begins_with_closing, ends};

/// A mark found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Number of a figure.
    Figure(usize),
    /// Number of a chart, alone in its paragraph.
    Chart(usize),
}

/// What a text may not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A tag such as `<br>` or `<p>`.
    RawHtml,
    /// A link or image with a scheme other than http, https, mailto, tel.
    Link,
    /// An image from another site.
    Image,
    /// Asterisks that are printed as such because they do not pair.
    Emphasis,
    /// Asterisks between digits, which are taken for emphasis: `2*3*4` is printed as 234.
    Times,
    /// A line `[注]: …`, which defines the target of links and is not printed.
    Definition,
    /// A row of a table with more cells than its head, which are not printed.
    Cells,
}

/// Punctuation that is shielded when it stands beside `*` or `~`.
const SHIELDED: [char; 32] = [
    '“', '”', '‘', '’', '（', '）', '《', '》', '〈', '〉', '【', '】', '「', '」', '『', '』',
    '〔', '〕', '，', '。', '、', '；', '：', '？', '！', '％', '＋', '－', '～', '…', '—', '·',
];
const SHIELD_START: u32 = 0xFDD0;

fn shielded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let beside = [before, rest.peek().copied()]
            .into_iter()
            .flatten()
            .any(|near| near == '*' || near == '~');
        let shield = SHIELDED
            .iter()
            .position(|known| *known == character && character.len_utf8() == 3)
            .filter(|_| beside)
            .and_then(|at| char::from_u32(SHIELD_START + u32::try_from(at).ok()?));
        out.push(shield.unwrap_or(character));
        before = Some(character);
    }
    out
}

fn unshielded(text: &str) -> String {
    text.chars()
        .map(|character| {
            (character as u32)
                .checked_sub(SHIELD_START)
                .and_then(|at| SHIELDED.get(at as usize).copied())
                .unwrap_or(character)
        })
        .collect()
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// Everything that a text may not hold, with its place in bytes.
#[must_use]
pub fn faults(text: &str) -> Vec<(Range<usize>, Fault)> {
    let safe = shielded(text);
    let parser = parser(&safe);
    let definitions = parser.reference_definitions().iter();
    let mut faults: Vec<_> = definitions
        .map(|(_, found)| (found.span.clone(), Fault::Definition))
        .collect();
    let mut width = 0;
    // The parser cuts texts at asterisks: only joined do two of them stand side by side.
    for (event, range) in TextMergeWithOffset::new(parser.into_offset_iter()) {
        let fault = match &event {
            Event::Start(Tag::Table(columns)) => {
                width = columns.len();
                None
            }
            Event::Start(Tag::TableRow) => {
                (cells(&safe[range.clone()]) > width).then_some(Fault::Cells)
            }
            Event::Start(Tag::Emphasis | Tag::Strong) if is_between_digits(&safe, range.start) => {
                Some(Fault::Times)
            }
            Event::Start(Tag::HtmlBlock) => {
                let block = safe[range.clone()].trim();
                let comment = block.starts_with("<!--") && block.ends_with("-->");
                (!comment).then_some(Fault::RawHtml)
            }
            Event::InlineHtml(_) => Some(Fault::RawHtml),
            Event::Start(Tag::Link { dest_url, .. }) if !is_safe_link(dest_url) => {
                Some(Fault::Link)
            }
            Event::Start(Tag::Image { dest_url, .. }) if !is_local(dest_url) => Some(Fault::Image),
            Event::Text(text) if text.contains("**") => Some(Fault::Emphasis),
            _ => None,
        };
        faults.extend(fault.map(|fault| (range, fault)));
    }
    faults.sort_by_key(|(range, _)| range.start);
    faults
}

/// How many cells a line of a table has.
fn cells(line: &str) -> usize {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut escaped = false;
    let mut bars = 0;
    for character in line.chars() {
        bars += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    bars + usize::from(!line.ends_with('|') || line.ends_with("\\|"))
}

/// Whether the asterisks from here on stand between two digits.
fn is_between_digits(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let is_digit = |character: char| character.is_ascii_digit();
    before.ends_with(is_digit)
        && after.starts_with('*')
        && after.trim_start_matches('*').starts_with(is_digit)
}

/// Characters that no text should hold and that entities such as `&#x202e;` come to, with their places in bytes.
#[must_use]
pub fn entities(text: &str) -> Vec<(Range<usize>, char, Kind)> {
    let mut found = Vec::new();
    if !text.contains('&') {
        return found;
    }
    let safe = shielded(text);
    for (event, range) in parser(&safe).into_offset_iter() {
        let texts: [&str; 2] = match &event {
            Event::Text(text) => [text, ""],
            Event::Start(
                Tag::Link {
                    dest_url, title, ..
                }
                | Tag::Image {
                    dest_url, title, ..
                },
            ) => [dest_url, title],
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => [info, ""],
            _ => continue,
        };
        let raw = &safe[range.clone()];
        let odd = texts.into_iter().flat_map(odd);
        let here = odd.filter(|(_, character, _)| !raw.contains(*character));
        found.extend(here.map(|(_, character, kind)| (range.clone(), character, kind)));
    }
    found
}

/// Where the links and images of a text lead, as they are written.
#[must_use]
pub fn addresses(text: &str) -> Vec<String> {
    // Most texts have none of the marks of a link.
    if !["](", "]:", "<"].iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let safe = shielded(text);
    let found = parser(&safe).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(unshielded(&dest_url))
        }
        _ => None,
    });
    found.collect()
}

/// Stretches of a text that are read as prose: no code, no addresses, no comments. Emphasis parts them.
#[must_use]
pub fn texts(text: &str) -> Vec<Range<usize>> {
    let safe = shielded(text);
    let mut code = false;
    let mut texts: Vec<Range<usize>> = Vec::new();
    for (event, range) in parser(&safe).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(_) if !code => match texts.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => texts.push(range),
            },
            _ => {}
        }
    }
    texts
}

fn is_local(url: &str) -> bool {
    !url.contains(':') && !url.starts_with("//") && !url.starts_with('\\')
}

fn is_safe_link(url: &str) -> bool {
    is_local(url)
        || ["http://", "https://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
}

/// HTML of a text. `shift` is added to heading levels; `mark` makes HTML of each mark.
#[must_use]
pub fn to_html(text: &str, shift: u8, mark: &mut dyn FnMut(Mark) -> String) -> String {
    let safe = shielded(text);
    let mut events: Vec<Event<'_>> = Vec::new();
    for event in parser(&safe) {
        match event {
            Event::Text(text) => split_marks(&unshielded(&text), mark, &mut events),
            Event::Code(text) => events.push(Event::Code(unshielded(&text).into())),
            Event::Html(_) => {}
            Event::InlineHtml(html) => events.push(Event::Text(unshielded(&html).into())),
            Event::Start(Tag::Heading {
                level,
                id,
                classes,
                attrs,
            }) => {
                events.push(Event::Start(Tag::Heading {
                    level: shifted(level, shift),
                    id,
                    classes,
                    attrs,
                }));
            }
            Event::End(TagEnd::Heading(level)) => {
                events.push(Event::End(TagEnd::Heading(shifted(level, shift))));
            }
            // Alignment would become a style attribute, which the pages' policy forbids.
            Event::Start(Tag::Table(columns)) => events.push(Event::Start(Tag::Table(vec![
                Alignment::None;
                columns.len()
            ]))),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = if is_safe_link(&dest_url) {
                    dest_url
                } else {
                    CowStr::Borrowed("#")
                };
                events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            other => events.push(other),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, by_sentence(lift_charts(events)).into_iter());
    out
}

/// Plain text of a text: one line a paragraph, heading, item or row of a table, whose cells are parted by
/// tabs. `mark` says what each mark stands for.
#[must_use]
pub fn to_text(text: &str, mark: &mut dyn FnMut(Mark) -> String) -> String {
    let safe = shielded(text);
    let mut out = String::with_capacity(text.len());
    for event in parser(&safe) {
        match event {
            Event::Text(text) => push_text(&unshielded(&text), mark, &mut out),
            Event::Code(text) | Event::InlineHtml(text) => out.push_str(&unshielded(&text)),
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            Event::End(TagEnd::TableCell) => out.push('\t'),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead,
            ) => {
                out.truncate(out.trim_end().len());
                if !out.is_empty() {
                    out.push('\n');
                }
            }
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Adds a text with its marks replaced.
fn push_text(text: &str, mark: &mut dyn FnMut(Mark) -> String, out: &mut String) {
    let mut events = Vec::new();
    split_marks(text, mark, &mut events);
    for event in events {
        if let Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) = event {
            out.push_str(&text);
        }
    }
}

fn shifted(level: HeadingLevel, shift: u8) -> HeadingLevel {
    let number = (level as usize + usize::from(shift)).min(6);
    HeadingLevel::try_from(number).unwrap_or(HeadingLevel::H6)
}

/// Cuts a text at its marks.
fn split_marks(text: &str, mark: &mut dyn FnMut(Mark) -> String, events: &mut Vec<Event<'_>>) {
    let mut rest = text;
    while let Some(at) = rest.find([FIGURE_OPEN, CHART_OPEN]) {
        let Some(close) = rest[at..].find(MARK_CLOSE).map(|close| at + close) else {
            break;
        };
        if at > 0 {
            events.push(Event::Text(rest[..at].to_owned().into()));
        }
        let open = rest[at..].chars().next().unwrap_or(FIGURE_OPEN);
        let number = rest[at + open.len_utf8()..close].parse().unwrap_or(0);
        if open == FIGURE_OPEN {
            events.push(Event::InlineHtml(mark(Mark::Figure(number)).into()));
        } else {
            events.push(Event::Html(mark(Mark::Chart(number)).into()));
        }
        rest = &rest[close + MARK_CLOSE.len_utf8()..];
    }
    if !rest.is_empty() {
        events.push(Event::Text(rest.to_owned().into()));
    }
}

/// A chart alone in a paragraph stands without the paragraph.
fn lift_charts(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        let opens = matches!(event, Event::Start(Tag::Paragraph));
        let chart = opens && matches!(events.peek(), Some(Event::Html(_)));
        if !chart {
            out.push(event);
            continue;
        }
        out.extend(events.next());
        if matches!(events.peek(), Some(Event::End(TagEnd::Paragraph))) {
            events.next();
        } else {
            out.push(Event::Start(Tag::Paragraph));
        }
    }
    out
}

/// Every sentence of a paragraph or item on a line of its own. Headings, code and rows of tables stay whole.
fn by_sentence(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut whole = 0_usize;
    // A sentence has ended, and nothing has followed it yet.
    let mut ended = false;
    for event in events {
        match &event {
            Event::Start(Tag::Table(_) | Tag::CodeBlock(_) | Tag::Heading { .. }) => whole += 1,
            Event::End(TagEnd::Table | TagEnd::CodeBlock | TagEnd::Heading(_)) => whole -= 1,
            _ => {}
        }
        match event {
            Event::Text(text) if whole == 0 => {
                for sentence in sentences::sentences(&text) {
                    if ended && !begins_with_closing(sentence) {
                        out.push(Event::InlineHtml(LINE_END.into()));
                    }
                    ended = ends(sentence);
                    out.push(Event::Text(sentence.to_owned().into()));
                }
            }
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            ) => out.push(event),
            Event::InlineHtml(_)
            | Event::Code(_)
            | Event::Start(
                Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. },
            ) => {
                if ended {
                    out.push(Event::InlineHtml(LINE_END.into()));
                }
                ended = false;
                out.push(event);
            }
            _ => {
                ended = false;
                out.push(event);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        to_html(text, 0, &mut |mark| match mark {
            Mark::Figure(number) => format!("<b>{number}</b>"),
            Mark::Chart(number) => format!("<figure>{number}</figure>\n"),
        })
    }

    #[test]
    fn emphasis_beside_chinese_punctuation_is_seen() {
        for (text, html) in [
            ("**基本支出：**指", "<p><strong>基本支出：</strong>指</p>\n"),
            (
                "**“三公”经费。**包括",
                "<p><strong>“三公”经费。</strong><wbr\n>包括</p>\n",
            ),
            (
                "按**《预算法》**规定",
                "<p>按<strong>《预算法》</strong>规定</p>\n",
            ),
            (
                "**甲：**乙**丙：**丁",
                "<p><strong>甲：</strong>乙<strong>丙：</strong>丁</p>\n",
            ),
            ("*注：*以上", "<p><em>注：</em>以上</p>\n"),
        ] {
            assert_eq!(plain(text), html);
            assert_eq!(faults(text), []);
        }
    }

    #[test]
    fn raw_html_and_unsafe_links_are_faults_and_never_reach_the_page() {
        for (text, fault) in [
            ("甲<script>alert(1)</script>", Fault::RawHtml),
            ("<p onclick=x>甲</p>", Fault::RawHtml),
            ("[甲](javascript:alert(1))", Fault::Link),
            ("[甲](data:text/html,x)", Fault::Link),
            ("![甲](https://example.org/x.png)", Fault::Image),
            ("**甲", Fault::Emphasis),
        ] {
            assert_eq!(
                faults(text).first().map(|(_, fault)| *fault),
                Some(fault),
                "{text}"
            );
            let html = plain(text);
            assert!(
                !html.contains("<script") && !html.contains("onclick=x>"),
                "{html}"
            );
            assert!(
                !html.contains("javascript:") && !html.contains("data:"),
                "{html}"
            );
        }
    }

    #[test]
    fn a_block_of_html_is_one_fault_and_a_comment_none() {
        let text = "甲\n\n<div>\n乙\n</div>\n\n丙\n\n<!-- 待核\n对 -->\n\n丁\n";
        let found: Vec<_> = faults(text)
            .into_iter()
            .map(|(range, fault)| (&text[range], fault))
            .collect();
        assert_eq!(found, [("<div>\n乙\n</div>\n", Fault::RawHtml)]);
    }

    #[test]
    fn prose_is_what_is_neither_code_nor_address_nor_comment() {
        let text =
            "# 甲\n\n乙[丙](a.html)，`丁`\n戊\n\n<!-- 己 -->\n\n```\n庚\n```\n\n|辛|\n|-|\n|壬|\n";
        let found: Vec<_> = texts(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["甲", "乙", "丙", "，", "戊", "辛", "壬"]);
    }

    #[test]
    fn marks_become_what_the_caller_makes_of_them() {
        let text = format!("支出{FIGURE_OPEN}7{MARK_CLOSE}万元。\n\n{CHART_OPEN}1{MARK_CLOSE}\n");
        assert_eq!(
            plain(&text),
            "<p>支出<b>7</b>万元。</p>\n<figure>1</figure>\n"
        );
    }

    #[test]
    fn sentences_stand_on_lines_of_their_own_without_a_gap() {
        let figure = format!("{FIGURE_OPEN}7{MARK_CLOSE}");
        for (text, html) in [
            ("甲。乙", "<p>甲。<wbr\n>乙</p>\n".to_owned()),
            ("甲。", "<p>甲。</p>\n".to_owned()),
            ("甲。\n乙", "<p>甲。\n乙</p>\n".to_owned()),
            (
                "**甲。**乙",
                "<p><strong>甲。</strong><wbr\n>乙</p>\n".to_owned(),
            ),
            (
                "甲；**乙。**",
                "<p>甲；<wbr\n><strong>乙。</strong></p>\n".to_owned(),
            ),
            (
                "（甲。**乙。**）丙",
                "<p>（甲。<wbr\n><strong>乙。</strong>）丙</p>\n".to_owned(),
            ),
            (
                &format!("甲。{figure}乙"),
                "<p>甲。<wbr\n><b>7</b>乙</p>\n".to_owned(),
            ),
            ("# 甲；乙", "<h1>甲；乙</h1>\n".to_owned()),
            (
                "- 甲；\n- 乙。丙",
                "<ul>\n<li>甲；</li>\n<li>乙。<wbr\n>丙</li>\n</ul>\n".to_owned(),
            ),
        ] {
            assert_eq!(plain(text), html, "{text}");
        }
        assert!(plain("|甲。乙|\n|-|\n|丙。丁|\n").contains("<tr><td>丙。丁</td></tr>"));
    }

    #[test]
    fn plain_text_has_a_line_for_each_block_and_a_tab_between_cells() {
        let text = format!(
            "# 甲\n\n**乙：**{FIGURE_OPEN}7{MARK_CLOSE}万元，\n`丙`。\n\n{CHART_OPEN}1{MARK_CLOSE}\n\n- 丁\n- 戊\n\n|己|庚|\n|-|-|\n|1|2|\n\n<!-- 辛 -->\n"
        );
        let plain = to_text(&text, &mut |mark| match mark {
            Mark::Figure(number) => number.to_string(),
            Mark::Chart(_) => String::new(),
        });
        assert_eq!(plain, "甲\n乙：7万元，\n丙。\n丁\n戊\n己\t庚\n1\t2");
    }

    #[test]
    fn headings_shift_and_tables_carry_no_style() {
        let html = to_html("### 甲\n\n|a|b|\n|-|-:|\n|1|2|\n", 1, &mut |_| {
            String::new()
        });
        assert!(html.starts_with("<h4>甲</h4>\n"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }
}
