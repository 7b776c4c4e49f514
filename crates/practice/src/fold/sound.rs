//! How a name sounds, roughly and in any of the tongues of a small office: names that are easily taken for one another
//! have the same key. Coarse on purpose: it is looked up together with another name or a date.

/// Letters of a key; longer names that begin alike sound alike.
const LONGEST: usize = 8;

/// The key of a word as [`super::word`] folds it. A word in other letters than a to z sounds like itself.
pub fn sound(word: &str) -> String {
    if word.is_empty() || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return word.chars().take(2 * LONGEST).collect();
    }
    let word = beginning(word);
    let letters = word.as_bytes();
    let (mut key, mut last) = (String::new(), None);
    let mut at = 0;
    while at < letters.len() {
        let (said, taken) = said(letters, at);
        at += taken;
        match said {
            Said::Consonant(letter) if last == Some(letter) => {}
            Said::Consonant(letter) => {
                key.push(letter);
                last = Some(letter);
            }
            // Twice the same with a vowel between is said twice.
            Said::Vowel => {
                if key.is_empty() {
                    key.push('a');
                }
                last = None;
            }
            Said::Nothing => {}
        }
    }
    key.truncate(LONGEST);
    key
}

enum Said {
    Consonant(char),
    Vowel,
    Nothing,
}

/// Spellings of a beginning that are said otherwise.
fn beginning(word: &str) -> String {
    const OTHERWISE: [(&str, &str); 9] = [
        ("kn", "n"),
        ("gn", "n"),
        ("pn", "n"),
        ("ps", "s"),
        ("wr", "r"),
        ("mc", "mac"),
        ("x", "s"),
        ("w", "v"),
        ("y", "j"),
    ];
    let otherwise = OTHERWISE.iter().find(|(written, _)| word.starts_with(written) && word.len() > written.len());
    otherwise.map_or_else(|| word.to_owned(), |(written, said)| format!("{said}{}", &word[written.len()..]))
}

/// What is said at a letter, and how many letters say it.
fn said(word: &[u8], at: usize) -> (Said, usize) {
    let next = word.get(at + 1).copied().unwrap_or(b' ');
    let soft = matches!(next, b'e' | b'i' | b'y');
    let one = |letter| (Said::Consonant(letter), 1);
    match (word[at], next) {
        (b'p', b'h') => (Said::Consonant('f'), 2),
        (b's', b'c') if word.get(at + 2) == Some(&b'h') => (Said::Consonant('s'), 3),
        (b's', b'h') | (b't', b'z') => (Said::Consonant('s'), 2),
        (b'c', b'h' | b'k') => (Said::Consonant('k'), 2),
        (b'd', b'g') if word.get(at + 2) == Some(&b'e') => (Said::Consonant('j'), 2),
        (b'g', b'h') if at > 0 => (Said::Nothing, 2),
        // "Thompson", "Simpson".
        (b'p', b's' | b't') if at > 0 && word[at - 1] == b'm' => (Said::Nothing, 1),
        (b'b' | b'p', _) => one('p'),
        (b'f' | b'v', _) => one('f'),
        (b'c', _) if soft => one('s'),
        (b's' | b'z', _) => one('s'),
        (b'g', _) if soft => one('j'),
        (b'j', _) => one('j'),
        (b'c' | b'g' | b'k' | b'q', _) => one('k'),
        (b'x', _) => one('s'),
        (b'd' | b't', _) => one('t'),
        (b'm' | b'n', _) => one('n'),
        (b'l', _) => one('l'),
        (b'r', _) => one('r'),
        (b'h' | b'w', _) => (Said::Nothing, 1),
        _ => (Said::Vowel, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn names_that_are_taken_for_one_another_sound_alike() {
        for (one, other) in [
            ("Smith", "Smyth"),
            ("Schmidt", "Smith"),
            ("Catherine", "Kathryn"),
            ("Stephen", "Steven"),
            ("Geoffrey", "Jeffrey"),
            ("Sean", "Shawn"),
            ("Philip", "Filip"),
            ("Hernández", "Ernandes"),
            ("Giménez", "Jimenez"),
            ("Johnson", "Jonsen"),
            ("Thompson", "Thomson"),
            ("McDonald", "MacDonald"),
            ("Wright", "Right"),
            ("Knight", "Night"),
            ("Müller", "Mueller"),
            ("Nguyễn", "Nguyen"),
            ("Yohan", "Johan"),
            ("Wagner", "Vagner"),
            ("Mikhail", "Michael"),
            ("李", "李"),
            ("ตัวอย่าง", "ตัวอย่าง"),
        ] {
            assert_eq!(sound(&fold::word(one)), sound(&fold::word(other)), "{one} {other}");
        }
    }

    #[test]
    fn other_names_sound_otherwise() {
        for (one, other) in [("Smith", "Jones"), ("Ann", "Anita"), ("Martin", "Martinez"), ("李", "王")] {
            assert_ne!(sound(&fold::word(one)), sound(&fold::word(other)), "{one} {other}");
        }
        assert_eq!((sound(""), sound("o")), (String::new(), "a".into()));
    }

    proptest::proptest! {
        #[test]
        fn any_word_has_a_short_key(text in proptest::prelude::any::<String>()) {
            let key = sound(&fold::word(&text));
            proptest::prop_assert!(key.chars().count() <= 2 * LONGEST && !key.contains(' '));
        }
    }
}
