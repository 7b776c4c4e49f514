//! Telephone numbers as they are compared.

/// The digits of a telephone number; none when there are too few to mean anything.
pub fn digits(text: &str) -> Option<String> {
    let all: String = text.chars().filter(char::is_ascii_digit).collect();
    // The country code of a North American number is not what people type.
    let digits = all.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&all);
    (digits.len() >= 4).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_its_digits() {
        for (text, expected) in
            [("1-555-010-2030", Some("5550102030")), ("(555) 010 2030", Some("5550102030")), ("12", None)]
        {
            assert_eq!(digits(text).as_deref(), expected, "{text}");
        }
    }
}
