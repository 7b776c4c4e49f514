//! Invented people. Every family name says in some language that it is an example, so that nobody takes a demo
//! patient for a real one; given names are of many tongues, because search and screens must bear them.

use jiff::{ToSpan, civil::Date};

use super::{DemoSpec, dice::Dice};

/// Latin family names.
const FAMILIES: &[&str] = &[
    "Sample",
    "Example",
    "Testcase",
    "Placeholder",
    "Specimen",
    "Demoson",
    "Fictive",
    "Madeup",
    "Imaginary",
    "Notreal",
    "Pretend",
    "Mockup",
    "Template",
    "Exampleton",
    "Sampleworth",
    "Testington",
    "Ejemplo",
    "Muestra",
    "Fabricado",
    "Beispiel",
    "Mustermann",
    "Erfunden",
    "Esempio",
    "Exemple",
    "Échantillon",
    "Przykład",
    "Örnek",
    "Príklad",
    "Próbka",
    "Voorbeeld",
    "Esimerkki",
    "Exempel",
    "Eksempel",
    "Dæmi",
    "Pavyzdys",
    "Piemērs",
    "Näidis",
    "Ví Dụ",
    "O'Sample",
    "MacExample",
    "de la Muestra",
    "van Voorbeeld",
    "Inventado",
    "Modelo",
    "Storyline",
    "Halimbawa",
];

/// Latin given names; F and M as birth sex goes in the demo.
const GIVEN: &[(&str, &str)] = &[
    ("Ana", "F"),
    ("Zoë", "F"),
    ("Siobhán", "F"),
    ("Amélie", "F"),
    ("Åsa", "F"),
    ("Ngọc", "F"),
    ("Łucja", "F"),
    ("María José", "F"),
    ("İpek", "F"),
    ("Chloë", "F"),
    ("Þóra", "F"),
    ("Grace", "F"),
    ("Mei", "F"),
    ("Fatima", "F"),
    ("Ruth", "F"),
    ("Noor", "F"),
    ("Ines", "F"),
    ("Ottilie", "F"),
    ("Beatriz", "F"),
    ("Dagny", "F"),
    ("Hana", "F"),
    ("Leilani", "F"),
    ("Priya", "F"),
    ("Wanjiru", "F"),
    ("Eszter", "F"),
    ("Jana", "F"),
    ("Marisol", "F"),
    ("José", "M"),
    ("Søren", "M"),
    ("Łukasz", "M"),
    ("Óscar", "M"),
    ("Jürgen", "M"),
    ("Håkon", "M"),
    ("Björn", "M"),
    ("Andrés", "M"),
    ("Niccolò", "M"),
    ("François", "M"),
    ("Đorđe", "M"),
    ("Tom", "M"),
    ("Kofi", "M"),
    ("Ravi", "M"),
    ("Omar", "M"),
    ("Jean-Luc", "M"),
    ("Tadeáš", "M"),
    ("Gáspár", "M"),
    ("Mihail", "M"),
    ("Kenji", "M"),
    ("Iñigo", "M"),
    ("Walter", "M"),
    ("Samuel", "M"),
    ("Tiago", "M"),
    ("Emre", "M"),
    ("Lennart", "M"),
    ("Malakai", "M"),
];

/// Names in other scripts: family, given, the same in Latin letters, birth sex. All mean "example" too.
const SCRIPTS: &[(&str, &str, &str, &str, &str)] = &[
    ("見本", "花子", "Mihon", "Hanako", "F"),
    ("例", "太郎", "Rei", "Taro", "M"),
    ("예시", "민수", "Yesi", "Minsu", "M"),
    ("范例", "小明", "Fanli", "Xiaoming", "M"),
    ("Примеров", "Иван", "Primerov", "Ivan", "M"),
    ("Образцова", "Ольга", "Obraztsova", "Olga", "F"),
    ("Δείγμα", "Ελένη", "Deigma", "Eleni", "F"),
    ("مثال", "ليلى", "Mithal", "Layla", "F"),
    ("דוגמה", "דנה", "Dugma", "Dana", "F"),
    ("उदाहरण", "आशा", "Udaharan", "Asha", "F"),
    ("ตัวอย่าง", "สมชาย", "Tuayang", "Somchai", "M"),
    ("Օրինակ", "Անի", "Orinak", "Ani", "F"),
];

const LANGUAGES: &[(&str, &str)] = &[
    ("es", "Spanish"),
    ("pt", "Portuguese"),
    ("zh", "Chinese"),
    ("vi", "Vietnamese"),
    ("ht", "Haitian Creole"),
    ("ar", "Arabic"),
    ("ru", "Russian"),
    ("so", "Somali"),
];

/// One invented patient, as far as other resources need to know them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Position in the practice, from 0.
    pub index: u64,
    /// FHIR id.
    pub id: String,
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// The same name in Latin letters, where it is written in others.
    pub latin: Option<(&'static str, &'static str)>,
    /// `F` or `M`.
    pub sex: &'static str,
    /// Date of birth.
    pub born: Date,
    /// Age in whole years on the demo's day.
    pub age: i16,
    /// Language code and English name, where it is not English.
    pub language: Option<(&'static str, &'static str)>,
}

impl Person {
    /// The patient at `index`.
    pub fn at(spec: &DemoSpec, index: u64) -> Self {
        let dice = &mut Dice::of(spec.seed, "person", &[index]);
        let (family, given, latin, sex) = if dice.chance(8) {
            let (family, given, latin_family, latin_given, sex) = dice.pick(SCRIPTS);
            (family.to_owned(), given.to_owned(), Some((latin_family, latin_given)), sex)
        } else {
            let (given, sex) = dice.pick(GIVEN);
            (family_name(dice), given.to_owned(), None, sex)
        };
        let days = age_in_days(dice);
        let born = spec.today.checked_sub(days.days()).unwrap_or(Date::MIN);
        let born = if dice.chance(1) { born.first_of_month() } else { born };
        let age = (spec.today.year() - born.year())
            - i16::from((spec.today.month(), spec.today.day()) < (born.month(), born.day()));
        let language = if dice.chance(12) { Some(dice.pick(LANGUAGES)) } else { None };
        Self {
            index,
            id: Dice::of(spec.seed, "Patient", &[index]).id(),
            family,
            given,
            latin,
            sex,
            born,
            age,
            language,
        }
    }

    /// As it stands on screen.
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

fn family_name(dice: &mut Dice) -> String {
    let first = dice.pick(FAMILIES);
    if dice.chance(25) { format!("{first}-{}", dice.pick(FAMILIES)) } else { first.to_owned() }
}

/// A small office sees children and the old more than its share.
fn age_in_days(dice: &mut Dice) -> i64 {
    let years = match dice.between(0, 99) {
        0..=19 => dice.between(0, 12),
        20..=29 => dice.between(13, 25),
        30..=64 => dice.between(26, 64),
        _ => dice.between(65, 97),
    };
    years * 365 + dice.between(10, 364)
}

/// A telephone number that can't be dialled: neither area 555 nor an exchange that begins with 0 exists.
pub fn phone(dice: &mut Dice) -> String {
    format!("(555) 01{}-{:04}", dice.between(0, 9), dice.between(0, 9999))
}
