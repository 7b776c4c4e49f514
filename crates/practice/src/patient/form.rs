//! The form, and what it offers to choose from.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::birth;
use jiff::civil::Date;

/// Administrative genders (<https://hl7.org/fhir/R4/valueset-administrative-gender.html>): code and words.
pub const GENDERS: &[(&str, &str)] =
    &[("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown")];

/// Pronouns with a code of LOINC's answer list LL5144-2; others are kept as they are written.
pub const PRONOUNS: &[(&str, &str)] = &[("LA29519-8", "she/her"), ("LA29518-0", "he/him"), ("LA29520-6", "they/them")];

/// Languages offered, by BCP 47 tag; another tag is kept as it is.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("en", "English"),
    ("es", "Spanish"),
    ("ase", "American Sign Language"),
    ("ar", "Arabic"),
    ("hy", "Armenian"),
    ("bn", "Bengali"),
    ("yue", "Cantonese"),
    ("zh", "Chinese"),
    ("fr", "French"),
    ("de", "German"),
    ("el", "Greek"),
    ("gu", "Gujarati"),
    ("ht", "Haitian Creole"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hmn", "Hmong"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("fa", "Persian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("pa", "Punjabi"),
    ("ru", "Russian"),
    ("so", "Somali"),
    ("tl", "Tagalog"),
    ("th", "Thai"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
];

/// The fields that are texts: their names, and what a person calls them.
const FIELDS: [(&str, &str); 20] = [
    ("family", "family name"),
    ("given", "given names"),
    ("preferred", "preferred name"),
    ("birth_date", "birth date"),
    ("gender", "gender"),
    ("pronouns", "pronouns"),
    ("mobile", "mobile phone"),
    ("phone", "phone"),
    ("email", "e-mail"),
    ("street", "street"),
    ("city", "city"),
    ("state", "state"),
    ("postal_code", "postal code"),
    ("language", "language"),
    ("record_number", "record number"),
    ("contact", "emergency contact"),
    ("contact_relation", "emergency contact's relation"),
    ("contact_phone", "emergency contact's phone"),
    ("payer", "payer"),
    ("member_number", "member number"),
];

/// What is written down of a patient. An empty text is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatientForm {
    /// Family name.
    pub family: String,
    /// Given names, blanks between.
    pub given: String,
    /// What they are called, where that is another name.
    pub preferred: String,
    /// As typed in any usual form, or an ISO date.
    pub birth_date: String,
    /// A code of [`GENDERS`].
    pub gender: String,
    /// Words of [`PRONOUNS`], or others.
    pub pronouns: String,
    /// Mobile phone.
    pub mobile: String,
    /// Another phone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// BCP 47 tag, or the words of a source that has none.
    pub language: String,
    /// The practice's number for them.
    pub record_number: String,
    /// Whether they may be called, texted and written to; absent until they were asked.
    pub may_contact: Option<bool>,
    /// Whom to call in an emergency.
    pub contact: String,
    /// What that person is to them.
    pub contact_relation: String,
    /// That person's phone.
    pub contact_phone: String,
    /// Who pays.
    pub payer: String,
    /// The number of their policy.
    pub member_number: String,
}

impl PatientForm {
    /// What was typed into a search that found nobody, put where it belongs: "Family, Given", "Given Family", a date of
    /// birth, a phone number.
    pub fn guess(typed: &str, today: Date) -> Self {
        let typed = typed.trim();
        let mut form = Self::default();
        if let Some(born) = birth::read(typed, today) {
            form.birth_date = born;
            return form;
        }
        if typed.chars().any(|letter| letter.is_ascii_digit()) {
            let number = !typed.chars().any(char::is_alphabetic);
            *(if number { &mut form.mobile } else { &mut form.given }) = typed.to_owned();
            return form;
        }
        let (given, family) = match typed.split_once(',') {
            Some((family, given)) => (given, family),
            None => typed.rsplit_once(char::is_whitespace).unwrap_or(("", typed)),
        };
        form.given = capital(given.trim());
        form.family = capital(family.trim());
        form
    }

    /// Without blanks around, and without what no field can hold: line ends and control characters.
    pub fn clean(mut self) -> Self {
        for text in self.texts_mut() {
            let kept: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
            *text = kept.trim().to_owned();
        }
        self
    }

    /// What differs from `old`: each field with the word that a person has for it.
    pub fn changed(&self, old: &Self) -> Vec<(&'static str, &'static str)> {
        let may = (self.may_contact != old.may_contact).then_some(("may_contact", "consent to be contacted"));
        let texts = FIELDS.iter().zip(self.texts()).zip(old.texts());
        texts.filter(|((_, new), old)| new != old).map(|((field, _), _)| *field).chain(may).collect()
    }

    /// Every field that is a text: its name, the word that a person has for it, and what it says.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
        FIELDS.iter().zip(self.texts()).map(|((field, word), text)| (*field, *word, text))
    }

    /// Takes `field` from `other`; nothing where there is no such field.
    pub fn take(&mut self, other: &Self, field: &str) {
        if field == "may_contact" {
            self.may_contact = other.may_contact;
        }
        let texts = FIELDS.iter().zip(self.texts_mut()).zip(other.texts());
        for ((_, own), theirs) in texts.filter(|(((name, _), _), _)| *name == field) {
            theirs.clone_into(own);
        }
    }

    /// Every text, in the order of [`FIELDS`].
    pub(super) fn texts(&self) -> [&str; 20] {
        [
            &self.family,
            &self.given,
            &self.preferred,
            &self.birth_date,
            &self.gender,
            &self.pronouns,
            &self.mobile,
            &self.phone,
            &self.email,
            &self.street,
            &self.city,
            &self.state,
            &self.postal_code,
            &self.language,
            &self.record_number,
            &self.contact,
            &self.contact_relation,
            &self.contact_phone,
            &self.payer,
            &self.member_number,
        ]
    }

    fn texts_mut(&mut self) -> [&mut String; 20] {
        [
            &mut self.family,
            &mut self.given,
            &mut self.preferred,
            &mut self.birth_date,
            &mut self.gender,
            &mut self.pronouns,
            &mut self.mobile,
            &mut self.phone,
            &mut self.email,
            &mut self.street,
            &mut self.city,
            &mut self.state,
            &mut self.postal_code,
            &mut self.language,
            &mut self.record_number,
            &mut self.contact,
            &mut self.contact_relation,
            &mut self.contact_phone,
            &mut self.payer,
            &mut self.member_number,
        ]
    }
}

/// A name that was typed without capitals for a search, with them; any other is left as it is.
fn capital(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let mut starts = true;
    let mut written = String::new();
    for letter in name.chars() {
        if starts {
            written.extend(letter.to_uppercase());
        } else {
            written.push(letter);
        }
        starts = letter.is_whitespace() || letter == '-' || letter == '\'';
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_stands_in_its_field() {
        let today = jiff::civil::date(2026, 11, 23);
        for (typed, family, given, birth, mobile) in [
            ("newcomer, ada", "Newcomer", "Ada", "", ""),
            ("ada maria newcomer", "Newcomer", "Ada Maria", "", ""),
            ("McNew Ann", "Ann", "McNew", "", ""),
            ("o'hara-smith", "O'Hara-Smith", "", "", ""),
            ("3/14/1961", "", "", "1961-03-14", ""),
            ("(555) 010-0142", "", "", "", "(555) 010-0142"),
            ("مثال", "مثال", "", "", ""),
            ("", "", "", "", ""),
        ] {
            let form = PatientForm::guess(typed, today);
            assert_eq!(
                (&*form.family, &*form.given, &*form.birth_date, &*form.mobile),
                (family, given, birth, mobile),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_differs_is_named_as_a_person_would() {
        let old = PatientForm { family: "Old".into(), ..PatientForm::default() };
        let new = PatientForm { family: "New".into(), payer: "A".into(), may_contact: Some(true), ..old.clone() };
        let words: Vec<_> = new.changed(&old).into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, ["family name", "payer", "consent to be contacted"]);
        let value = serde_json::to_value(&old).unwrap();
        assert!(FIELDS.iter().all(|(field, _)| value[field].is_string()), "a field that the form has not");
        assert_eq!(value.as_object().unwrap().len(), FIELDS.len() + 1);
    }

    #[test]
    fn a_clean_form_keeps_every_letter_and_no_line_end() {
        let form = PatientForm {
            family: " ตัวอย่าง\u{200f} ".into(),
            given: "🙂\u{202b}مثال".into(),
            street: "1 Main\n\tSt\0".into(),
            ..PatientForm::default()
        }
        .clean();
        assert_eq!((&*form.family, &*form.given), ("ตัวอย่าง\u{200f}", "🙂\u{202b}مثال"));
        assert_eq!(form.street, "1 Main  St");
    }
}
