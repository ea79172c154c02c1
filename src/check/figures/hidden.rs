//! What of a Markdown text is no prose: template expressions, comments, code, addresses.

/// Stands for text that is no prose: words before it do not belong to a number after it.
pub const WALL: char = '\u{1}';
/// Stands for an address, past which words go on.
pub const GAP: char = '\u{2}';

/// What is no prose, from its opening to its closing; with what stands for it.
const HIDDEN: [(&str, &str, char); 8] = [
    ("{{", "}}", WALL),
    ("{%", "%}", WALL),
    ("{#", "#}", WALL),
    ("<!--", "-->", WALL),
    ("```", "```", WALL),
    ("~~~", "~~~", WALL),
    ("`", "`", WALL),
    ("](", ")", GAP),
];

/// The same text, byte for byte, without what is no prose.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // What is closed nowhere behind an opening is closed nowhere behind the next.
    let mut closes = [true; HIDDEN.len()];
    while let Some(first) = rest.chars().next() {
        let all = HIDDEN.iter().zip(&mut closes);
        let hidden =
            all.filter(|(_, closes)| **closes)
                .find_map(|((open, close, mark), closes)| {
                    let inside = rest.strip_prefix(open)?;
                    let end = inside.find(close);
                    *closes = end.is_some();
                    Some((end? + open.len() + close.len(), *mark))
                });
        let hidden = hidden.or_else(|| {
            let address = rest.starts_with("http://") || rest.starts_with("https://");
            // The end is looked for only where an address begins: else a text without blanks took its square.
            let length = || rest.find(|c: char| !c.is_ascii_graphic());
            address.then(|| (length().unwrap_or(rest.len()), GAP))
        });
        let length = match hidden {
            Some((length, mark)) => {
                out.extend(std::iter::repeat_n(mark, length));
                length
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}
