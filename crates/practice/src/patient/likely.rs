//! Whether somebody who is to be registered is here already: how the name sounds, the date of birth, the phone.

use super::{
    PatientForm,
    birth::{self, Nearness, nearness},
};
use crate::fold::{self, also_called, sound};

/// Last digits of a phone number that tell it apart.
const PHONE_END: usize = 7;
/// Keys of a name at most.
const KEYS: usize = 12;
/// Keys looked up at most.
const LOOKED_UP: usize = 48;

/// What is known of somebody, as they are looked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Sought {
    families: Vec<String>,
    givens: Vec<Vec<String>>,
    birth: String,
    phones: Vec<String>,
}

/// What is known of a patient here.
pub struct Known<'a> {
    /// Folded words of every name, blanks between.
    pub names: &'a str,
    /// Date of birth in digits, year first.
    pub birth: &'a str,
    /// Digits of phone numbers, blanks between.
    pub phones: &'a str,
}

/// One thing that speaks for two being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Family and given name sound alike.
    WholeName,
    /// One of them does.
    OneName,
    /// Born on the same day.
    Birth,
    /// Born on a day that one slip makes the same.
    NearBirth,
    /// The same phone number.
    Phone,
}

impl Sign {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::WholeName => "Name sounds the same",
            Self::OneName => "Part of the name sounds the same",
            Self::Birth => "Same birth date",
            Self::NearBirth => "Birth date nearly the same",
            Self::Phone => "Same phone",
        }
    }

    fn weight(self) -> u8 {
        match self {
            Self::WholeName | Self::Birth => 4,
            Self::Phone => 3,
            Self::NearBirth => 2,
            Self::OneName => 1,
        }
    }
}

/// How much the signs weigh together: what is likelier comes first.
pub fn weight(signs: &[Sign]) -> u8 {
    signs.iter().map(|sign| sign.weight()).sum()
}

impl Sought {
    /// From a clean form whose date of birth is ISO; `None` until enough is known to tell people apart: both names, a
    /// name and a whole date of birth, or a phone number.
    pub fn of(form: &PatientForm) -> Option<Self> {
        let givens = [&form.given, &form.preferred].into_iter().flat_map(|names| fold::words(names));
        let called = |name: String| {
            let others = also_called(&name).into_iter().map(str::to_owned).collect::<Vec<_>>();
            std::iter::once(name).chain(others).collect()
        };
        let sought = Self {
            families: fold::words(&form.family),
            givens: givens.map(called).collect(),
            birth: fold::digits(&form.birth_date),
            phones: [&form.mobile, &form.phone].into_iter().filter_map(|phone| phone_end(phone)).collect(),
        };
        let (family, given) = (!sought.families.is_empty(), !sought.givens.is_empty());
        let enough = family && given || (family || given) && sought.birth.len() == 8 || !sought.phones.is_empty();
        enough.then_some(sought)
    }

    /// Keys of the names to look up, also with family and given name changed.
    pub fn names(&self) -> Vec<String> {
        let givens: Vec<String> = self.givens.iter().flatten().cloned().collect();
        let mut keys = keys(&self.families, &givens);
        keys.extend(keys_of(&givens, &self.families));
        keys.truncate(LOOKED_UP);
        keys.sort();
        keys.dedup();
        keys
    }

    /// Dates of birth to look up, in digits, year first.
    pub fn births(&self) -> Vec<String> {
        let whole = (self.birth.len() == 8).then(|| self.birth.clone());
        whole.into_iter().chain(birth::slips(&self.birth)).collect()
    }

    /// Ends of phone numbers to look up.
    pub fn phones(&self) -> &[String] {
        &self.phones
    }

    /// What speaks for `known` being the one; nothing where they are likely to be another.
    pub fn signs(&self, known: &Known<'_>) -> Vec<Sign> {
        let sounds: Vec<String> = known.names.split_whitespace().map(sound).collect();
        let heard = |name: &String| {
            let said = sound(name);
            (!said.is_empty()).then(|| sounds.iter().position(|one| *one == said)).flatten()
        };
        let family = self.families.iter().find_map(heard);
        // One word of a record does not stand for both.
        let other = |at: &usize| family.is_none_or(|family| *at != family);
        let given = self.givens.iter().flatten().filter_map(heard).find(other);
        let born = nearness(&self.birth, known.birth);
        let phone = self.phones.iter().any(|end| known.phones.split_whitespace().any(|phone| phone.ends_with(end)));
        let (whole, part) = (family.is_some() && given.is_some(), family.is_some() || given.is_some());
        let likely = match born {
            Nearness::Same => part || phone,
            Nearness::Near => whole || part && phone,
            Nearness::Unknown => whole || given.is_some() && phone,
            Nearness::Other => given.is_some() && phone,
        };
        if !likely {
            return Vec::new();
        }
        let name = if whole { Some(Sign::WholeName) } else { part.then_some(Sign::OneName) };
        let born = match born {
            Nearness::Same => Some(Sign::Birth),
            Nearness::Near => Some(Sign::NearBirth),
            Nearness::Unknown | Nearness::Other => None,
        };
        name.into_iter().chain(born).chain(phone.then_some(Sign::Phone)).collect()
    }
}

/// The keys that a patient of these folded names is found by: each family name with each given name, as they sound.
pub fn keys(families: &[String], givens: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = keys_of(families, givens).take(KEYS).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn keys_of(first: &[String], second: &[String]) -> impl Iterator<Item = String> {
    let sounds = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| sound(name)).filter(|sound| !sound.is_empty()).collect()
    };
    let second = sounds(second);
    sounds(first).into_iter().flat_map(move |one| second.clone().into_iter().map(move |other| format!("{one} {other}")))
}

fn phone_end(phone: &str) -> Option<String> {
    let digits = fold::digits(phone);
    digits.len().checked_sub(PHONE_END).map(|from| digits[from..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known<'_> = Known { names: " smith catherine anne ", birth: "19610314", phones: " 6175550142" };

    fn signs(family: &str, given: &str, birth_date: &str, mobile: &str) -> Vec<Sign> {
        let [family, given, birth_date, mobile] = [family, given, birth_date, mobile].map(str::to_owned);
        let form = PatientForm { family, given, birth_date, mobile, ..PatientForm::default() };
        Sought::of(&form).map(|sought| sought.signs(&KNOWN)).unwrap_or_default()
    }

    #[test]
    fn who_is_here_already_is_likely_the_same() {
        use Sign::{Birth, NearBirth, OneName, Phone, WholeName};
        for (family, given, birth, phone, why) in [
            ("Smyth", "Kathryn", "1961-03-14", "", &[WholeName, Birth][..]),
            ("Catherine", "Smith", "1961-03-14", "", &[WholeName, Birth]),
            ("Smith", "Cathy", "", "", &[WholeName]),
            ("Smith", "Kate", "1961-03-15", "", &[WholeName, NearBirth]),
            ("Smith", "Catherine", "1961", "", &[WholeName, NearBirth]),
            ("Newname", "Catherine", "1961-03-14", "", &[OneName, Birth]),
            ("Smith", "", "1961-03-14", "", &[OneName, Birth]),
            ("", "Other", "1961-03-14", "555-0142", &[Birth, Phone]),
            ("Newname", "Catherine", "1999-01-01", "+1 617 555 0142", &[OneName, Phone]),
            ("Smith", "Catherine", "1999-01-01", "555 0142", &[WholeName, Phone]),
        ] {
            assert_eq!(signs(family, given, birth, phone), why, "{family}, {given} {birth} {phone}");
        }
    }

    #[test]
    fn a_relative_a_namesake_and_half_a_name_are_somebody_else() {
        for (family, given, birth, phone) in [
            ("Smith", "Robert", "1999-01-01", "555-0142"),
            ("Smith", "Catherine", "1999-01-01", ""),
            ("Jones", "Robert", "1961-03-14", ""),
            ("Smith", "", "", ""),
            ("", "Catherine", "1961", ""),
            ("Smith", "Smith", "", ""),
            ("", "", "1961-03-14", ""),
            ("🙂", "🙂", "", ""),
        ] {
            assert_eq!(signs(family, given, birth, phone), [], "{family}, {given} {birth} {phone}");
        }
    }

    #[test]
    fn whoever_is_likely_by_name_is_found_by_a_key() {
        let stored = keys(&["smith".into()], &["anne".into(), "catherine".into()]);
        for (family, given) in [("Smyth", "Kathryn"), ("Catherine", "Smith"), ("Smith", "Kate")] {
            let form = PatientForm { family: family.into(), given: given.into(), ..PatientForm::default() };
            let names = Sought::of(&form).unwrap().names();
            assert!(names.iter().any(|name| stored.contains(name)), "{family}, {given}: {names:?} {stored:?}");
        }
    }
}
