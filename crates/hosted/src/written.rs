//! What people are called and how they are reached, as it was typed: no text that shows as something else than it is.

/// Whether `text` can be a name of at most `most` characters: of a person, a practice, a computer. Names are of every
/// script, so what looks like another letter can't be told from a letter; what turns the writing around, hides, or
/// begins a new line can.
pub fn is_name(text: &str, most: usize) -> bool {
    let text = text.trim();
    let joins = |c| matches!(c, '\u{200C}' | '\u{200D}');
    let shows = |c: char| !c.is_control() && (!is_unseen(c) || joins(c));
    // Persian and the scripts of India write words with the two joiners, and never at an end.
    let ends = text.starts_with(joins) || text.ends_with(joins);
    !ends && text.chars().any(char::is_alphanumeric) && text.chars().count() <= most && text.chars().all(shows)
}

/// Whether `text` can be an e-mail address to sign in with: of ASCII, so that no two of them look alike that differ
/// (domains of other scripts have an ASCII form).
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let graphic = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '(' | ')' | ',' | ':' | ';' | '\\');
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(graphic)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.split('.').all(label)
}

/// What is seen of `text`, at most so many characters: for what a computer calls itself.
pub fn shown(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control() && !is_unseen(*c)).take(most).collect()
}

/// Turns the writing around, takes no room, or means nothing (<https://www.unicode.org/reports/tr36/>).
fn is_unseen(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFF
        | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xE0000..=0x10FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_script_are_names_and_tricks_are_none() {
        for name in ["Ana María Núñez", "O\u{2019}Neill-Śmith", "王小明", "محمد", "می\u{200C}خواهم", "Dr. 7", "Æ"]
        {
            assert!(is_name(name, 200), "{name:?}");
        }
        for trick in [
            "",
            " ",
            "...",
            "Ana\u{0}",
            "Ana\nBcc: x",
            "Ana \u{202E}nimda",
            "A\u{200B}na",
            "\u{200D}Ana",
            "Ana\u{2066}x",
            "\u{FEFF}Ana",
            "Ana\u{E0061}",
            "Ana\u{3164}",
            &"a".repeat(201),
        ] {
            assert!(!is_name(trick, 200), "{trick:?}");
        }
    }

    #[test]
    fn two_addresses_that_look_alike_are_one() {
        for good in ["a@elm.test", "ana.b+c@elm-street.example", "x@xn--mnchen-3ya.example", "a@localhost"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@x",
            "a@",
            "a@@b",
            "a b@x",
            "a@x\r\nBcc: y",
            "a\u{0}@x.test",
            "\u{430}dmin@elm.test",
            "admin@\u{435}lm.test",
            "admin\u{200B}@elm.test",
            "\u{202E}a@elm.test",
            "a@-x.test",
            "a@x..test",
            ".a@x.test",
            "a..b@x.test",
            "<a@x.test>",
            "a,b@x.test",
            &format!("{}@x.test", "a".repeat(65)),
            &format!("a@{}.test", "x.".repeat(130)),
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }
}
