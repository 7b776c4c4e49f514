//! What is wrong with a form, field by field, in sentences that say what to write.

use jiff::civil::Date;

use super::{GENDERS, PatientForm, birth};
use crate::fold;

/// The longest text of a field, in letters. Longer names than any known one fit.
const MAX: usize = 300;

/// Fewer digits are no phone number.
const PHONE: usize = 5;

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as [`PatientForm`] names it.
    pub field: &'static str,
    /// What to write there.
    pub say: &'static str,
}

/// Everything that is wrong with a clean form.
pub fn problems(form: &PatientForm, today: Date) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |is: bool, field, say| {
        if is {
            problems.push(Problem { field, say });
        }
    };
    let nameless = |text: &str| fold::word(text).is_empty() && !text.chars().any(|letter| letter > '\u{7f}');
    wrong(
        nameless(&form.family) && nameless(&form.given),
        "family",
        "Write a name: the family name, a given name, or both.",
    );
    let born = birth::read(&form.birth_date, today);
    wrong(
        !form.birth_date.is_empty() && born.is_none(),
        "birth_date",
        "Write the birth date like 3/14/1961, 14 Mar 1961 or 1961-03-14.",
    );
    wrong(
        born.is_some_and(|born| birth::is_to_come(&born, today)),
        "birth_date",
        "That birth date is still to come. Look at the year.",
    );
    wrong(
        !form.gender.is_empty() && !GENDERS.iter().any(|(code, _)| *code == form.gender),
        "gender",
        "Choose one of the list.",
    );
    let no_phone = |text: &str| !text.is_empty() && text.chars().filter(|letter| letter.is_numeric()).count() < PHONE;
    const NO_PHONE: &str = "Write the phone number with its digits.";
    wrong(no_phone(&form.mobile), "mobile", NO_PHONE);
    wrong(no_phone(&form.phone), "phone", NO_PHONE);
    wrong(
        !form.email.is_empty() && !is_address(&form.email),
        "email",
        "Write the e-mail address like name@example.org.",
    );
    wrong(no_phone(&form.contact_phone), "contact_phone", NO_PHONE);
    wrong(
        form.contact.is_empty() && !(form.contact_phone.is_empty() && form.contact_relation.is_empty()),
        "contact",
        "Write the name of whom to call too.",
    );
    wrong(form.payer.is_empty() && !form.member_number.is_empty(), "payer", "Write who pays too.");
    wrong(
        form.texts().iter().any(|text| text.chars().count() > MAX),
        "family",
        "One of these is longer than 300 letters. Shorten it.",
    );
    problems
}

fn is_address(text: &str) -> bool {
    let domain = |domain: &str| domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    !text.contains(char::is_whitespace) && text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && domain(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(change: impl FnOnce(&mut PatientForm)) -> Vec<&'static str> {
        let mut form = PatientForm { family: "Newcomer".into(), ..PatientForm::default() };
        change(&mut form);
        problems(&form.clean(), jiff::civil::date(2026, 11, 23)).into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn names_of_every_kind_are_taken() {
        for name in ["O", "李", "مثال", "ตัวอย่าง", "🙂", "\u{200f}דוגמה", "Nguyễn", "d'Été-O'Hara", &"ab ".repeat(100)]
        {
            assert!(fields(|form| form.family = name.into()).is_empty(), "{name}");
        }
        for name in ["", "  ", "-", "\u{0}", "."] {
            assert_eq!(fields(|form| form.family = name.into()), ["family"], "{name:?}");
        }
        assert_eq!(fields(|form| form.family = "a".repeat(301)), ["family"]);
    }

    #[test]
    fn each_field_that_is_wrong_is_named() {
        type Change = fn(&mut PatientForm);
        let cases: [(Change, &[&str]); 12] = [
            (|form| form.birth_date = "soon".into(), &["birth_date"]),
            (|form| form.birth_date = "11/24/2026".into(), &["birth_date"]),
            (|form| form.birth_date = "1/1/1880".into(), &[]),
            (|form| form.gender = "x".into(), &["gender"]),
            (|form| form.mobile = "555".into(), &["mobile"]),
            (|form| form.mobile = "٥٥٥٠١٤٢".into(), &[]),
            (|form| form.email = "ada@example".into(), &["email"]),
            (|form| form.email = "ada@mail.example".into(), &[]),
            (|form| form.contact_phone = "555-0142".into(), &["contact"]),
            (|form| form.contact_relation = "Son".into(), &["contact"]),
            (|form| form.member_number = "EX1".into(), &["payer"]),
            (|form| form.payer = "Example Health".into(), &[]),
        ];
        for (nth, (change, wrong)) in cases.into_iter().enumerate() {
            assert_eq!(fields(change), wrong, "case {nth}");
        }
    }
}
