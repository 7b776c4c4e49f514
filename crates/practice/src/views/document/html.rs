//! The words of a web page as plain text. Nothing is run, fetched or hidden: what is no tag stays, and what a page would hide or
//! strike out is there, and said to be struck out.

/// What has no words of its own.
const SILENT: [&str; 4] = ["script", "style", "head", "template"];
const STRUCK: [&str; 3] = ["del", "s", "strike"];
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "ol",
    "p",
    "section",
    "table",
    "tr",
    "ul",
];

/// The words of `page`, lines as it would draw them.
pub(super) fn plain(page: &str) -> String {
    let small = page.to_ascii_lowercase();
    let mut out = Out::default();
    let (mut at, mut pre, mut unclosed) = (0, 0_usize, Vec::new());
    while let Some(ahead) = page[at..].find('<') {
        out.words(&page[at..at + ahead], pre > 0);
        at += ahead;
        let Some((name, closes, end)) = tag(page, at, &mut unclosed) else {
            out.words("<", pre > 0);
            at += 1;
            continue;
        };
        let name = name.to_ascii_lowercase();
        at = end;
        match name.as_str() {
            silent if SILENT.contains(&silent) && !closes => {
                if let Some(name) = SILENT.into_iter().find(|one| *one == silent && !unclosed.contains(one)) {
                    match small[at..].find(&format!("</{name}")) {
                        Some(end) => at += end,
                        None => unclosed.push(name),
                    }
                }
            }
            "br" => out.line(),
            "pre" => {
                pre = if closes { pre.saturating_sub(1) } else { pre + 1 };
                out.block();
            }
            "li" if !closes => {
                out.block();
                out.mark("• ");
            }
            "td" | "th" if closes => out.mark("\t"),
            "img" => out.mark("[picture]"),
            struck if STRUCK.contains(&struck) => out.mark(if closes { "]" } else { "[struck out: " }),
            block if BLOCKS.contains(&block) => out.block(),
            _ => {}
        }
    }
    out.words(&page[at..], pre > 0);
    out.text.trim().to_owned()
}

/// The tag or comment that begins at `at`: its name, whether it closes, and where it ends. `None` for a plain "<". What has no
/// end is looked for once.
fn tag<'a>(page: &'a str, at: usize, unclosed: &mut Vec<&'static str>) -> Option<(&'a str, bool, usize)> {
    let rest = &page[at + 1..];
    if rest.starts_with("!--") {
        return end_of(page, "-->", at + 4, unclosed).map(|end| ("", false, end));
    }
    if rest.starts_with(['!', '?']) {
        return end_of(page, ">", at + 1, unclosed).map(|end| ("", false, end));
    }
    let closes = rest.starts_with('/');
    let from = at + 1 + usize::from(closes);
    let name = &page[from..];
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || unclosed.contains(&">") {
        return None;
    }
    let mut to = from + name.len();
    loop {
        let Some(next) = page[to..].find(['>', '"', '\'']).map(|ahead| to + ahead) else {
            unclosed.push(">");
            return None;
        };
        to = match page.as_bytes()[next] {
            b'>' => return Some((name, closes, next + 1)),
            b'"' => end_of(page, "\"", next + 1, unclosed).unwrap_or(next + 1),
            _ => end_of(page, "'", next + 1, unclosed).unwrap_or(next + 1),
        };
    }
}

fn end_of(page: &str, mark: &'static str, from: usize, unclosed: &mut Vec<&'static str>) -> Option<usize> {
    if unclosed.contains(&mark) {
        return None;
    }
    let end = page[from..].find(mark).map(|end| from + end + mark.len());
    if end.is_none() {
        unclosed.push(mark);
    }
    end
}

#[derive(Default)]
struct Out {
    text: String,
    /// White space was there, and no word after it.
    gap: bool,
}

impl Out {
    fn words(&mut self, words: &str, kept: bool) {
        let words = entities(words);
        if kept {
            self.text.push_str(&words);
            return;
        }
        for c in words.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.gap = true;
                continue;
            }
            self.fill();
            self.text.push(c);
        }
    }

    fn mark(&mut self, mark: &str) {
        self.fill();
        self.text.push_str(mark);
    }

    fn fill(&mut self) {
        if std::mem::take(&mut self.gap) && !self.text.is_empty() && !self.text.ends_with([' ', '\n', '\t']) {
            self.text.push(' ');
        }
    }

    fn line(&mut self) {
        self.gap = false;
        self.text.push('\n');
    }

    /// Begins a line, if it is not one.
    fn block(&mut self) {
        self.gap = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// With what stands for a letter replaced by it; what is not known stays as it is.
fn entities(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name: String =
            rest.chars().skip(1).take(9).take_while(|c| c.is_ascii_alphanumeric() || *c == '#').collect();
        let letter = letter(&name).filter(|_| rest[1 + name.len()..].starts_with(';'));
        out.push(letter.unwrap_or('&'));
        rest = &rest[if letter.is_some() { name.len() + 2 } else { 1 }..];
    }
    out + rest
}

fn letter(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(number.ok()?).filter(|c| !c.is_control() || *c == '\n');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "deg" => '°',
        "micro" => 'µ',
        "plusmn" => '±',
        "le" => '≤',
        "ge" => '≥',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "frac12" => '½',
        "times" => '×',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_its_words_and_its_lines() {
        for (page, words) in [
            ("<p>One\n two</p><p>three</p>", "One two\nthree"),
            ("a<br/>b<hr>c", "a\nb\nc"),
            ("<ul><li>one</li>\n<li>two</ul>", "• one\n• two"),
            ("<table><tr><th>Na</th><td>139</td></tr><tr><td>K</td></tr></table>", "Na\t139\t\nK"),
            ("<pre>a\n  b</pre>c", "a\n  b\nc"),
            (
                "T &gt; 38&deg;C &amp;amp; &unknown; &#956;g &#x2265;2 &#0; AT&T",
                "T > 38°C &amp; &unknown; μg ≥2 &#0; AT&T",
            ),
            ("BP <120 and >80, <3", "BP <120 and >80, <3"),
            ("<b title=\"a > b\">bold</b><i x='>'>er</i>", "bolder"),
            ("<head><title>t</title></head><STYLE>p{}</style>said<script>alert('<p>')</script>!", "said!"),
            ("no <del>penicillin</del> allergy", "no [struck out: penicillin] allergy"),
            ("<span style=\"display:none\">there</span>", "there"),
            ("x<!-- <p>not said</p> -->y<!doctype html>z", "xyz"),
            ("<img src=\"https://elsewhere.example/x.png\" onerror=alert(1)>", "[picture]"),
            ("never lost: <!-- and <script>alert <b and", "never lost: <!-- and alert <b and"),
            ("", ""),
        ] {
            assert_eq!(plain(page), words, "{page}");
        }
    }

    #[test]
    fn a_page_that_never_closes_is_read_once() {
        for piece in ["<", "<a", "<!--", "<a \"", "<a '>", "<script>", "<a \">", "</", "&#", "&amp"] {
            let page = piece.repeat(100_000);
            assert!(plain(&page).len() <= page.len() * 2, "{piece}");
        }
    }
}
