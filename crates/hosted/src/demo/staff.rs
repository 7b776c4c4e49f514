//! The office and who works there: Organization, Location, Practitioners, their roles and weekly hours.

use jiff::civil::{Date, Weekday};

use super::{
    DemoSpec,
    dice::Dice,
    json::Object,
    shape::{code, concept, hl7, reference, resource},
};

const NUMBERS: &[&str] = &[
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
    "Twenty",
];

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "mon"),
    (Weekday::Tuesday, "tue"),
    (Weekday::Wednesday, "wed"),
    (Weekday::Thursday, "thu"),
    (Weekday::Friday, "fri"),
    (Weekday::Saturday, "sat"),
    (Weekday::Sunday, "sun"),
];

/// A column of the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPractitioner {
    /// FHIR id.
    pub id: String,
    /// As it stands above the column.
    pub name: String,
}

/// Every column of the schedule, in order.
pub fn practitioners(spec: &DemoSpec) -> Vec<DemoPractitioner> {
    (0..spec.providers).map(|index| Column::at(spec, index).shown()).collect()
}

/// One practitioner of the demo, as far as other resources need to know them.
#[derive(Clone, Debug)]
pub struct Column {
    /// Position, from 0.
    pub index: u32,
    /// FHIR id of the Practitioner.
    pub id: String,
    /// FHIR id of the Schedule.
    pub schedule: String,
    /// Whether it is the nurse's.
    pub nurse: bool,
    given: String,
    family: String,
    suffix: &'static str,
}

impl Column {
    /// The column at `index`.
    pub fn at(spec: &DemoSpec, index: u32) -> Self {
        let nurse = spec.providers >= 3 && index + 1 == spec.providers;
        let number = NUMBERS.get(index as usize).map_or_else(|| (index + 1).to_string(), |word| (*word).to_owned());
        let (given, family, suffix) = if nurse {
            ("Nurse".to_owned(), "Visits".to_owned(), "RN")
        } else {
            ("Provider".to_owned(), number, ["MD", "DO", "NP", "PA"][(index % 4) as usize])
        };
        let at = [u64::from(index)];
        Self {
            index,
            id: Dice::of(spec.seed, "Practitioner", &at).id(),
            schedule: Dice::of(spec.seed, "Schedule", &at).id(),
            nurse,
            given,
            family,
            suffix,
        }
    }

    /// As it stands above the column.
    pub fn name(&self) -> String {
        if self.nurse { "Nurse visits".to_owned() } else { format!("{} {} {}", self.given, self.family, self.suffix) }
    }

    fn shown(&self) -> DemoPractitioner {
        DemoPractitioner { id: self.id.clone(), name: self.name() }
    }

    /// Working minutes of a day, from midnight; `None` on a day off. The weekday of the demo's own day is always worked,
    /// so that the first screen of a demo made on a Sunday is not an empty one.
    pub fn hours(&self, spec: &DemoSpec, day: Weekday) -> Option<(i64, i64)> {
        let open = match day {
            Weekday::Saturday | Weekday::Sunday => false,
            Weekday::Wednesday => self.index % 4 != 3,
            Weekday::Monday | Weekday::Tuesday | Weekday::Thursday | Weekday::Friday => true,
        };
        if !open && day != spec.today.weekday() {
            return None;
        }
        let (from, to) = [(480, 1020), (450, 960), (540, 1080)][(self.index % 3) as usize];
        let to = if self.index % 3 == 1 && day == Weekday::Friday && day != spec.today.weekday() { 840 } else { to };
        Some((from, to))
    }
}

/// `HH:MM:SS` of a minute of the day.
pub fn wall_clock(minute: i64) -> String {
    format!("{:02}:{:02}:00", minute / 60, minute % 60)
}

/// The FHIR id of the practice's own Organization.
pub fn organization(spec: &DemoSpec) -> String {
    Dice::of(spec.seed, "Organization", &[0]).id()
}

/// The office and its staff, weekly hours included.
pub fn resources(spec: &DemoSpec) -> Vec<String> {
    let org = organization(spec);
    let place = Dice::of(spec.seed, "Location", &[0]).id();
    let mut all = vec![
        resource("Organization", &org, Some("organization"), |o| {
            o.bare("active", true).text("name", "Example Family Practice");
            o.one("telecom", |o| {
                o.text("system", "phone").text("value", "(555) 010-0000").text("use", "work");
            });
            address(o);
        }),
        resource("Location", &place, None, |o| {
            o.text("status", "active").text("name", "Main office").text("mode", "instance");
            reference(o, "managingOrganization", "Organization", &org, None);
        }),
    ];
    for index in 0..spec.providers {
        let column = Column::at(spec, index);
        all.push(room(spec, index, &place));
        all.push(practitioner(&column));
        all.push(role(spec, &column, &org, &place));
        all.push(schedule(spec, &column));
    }
    all
}

/// A room for each provider.
fn room(spec: &DemoSpec, index: u32, place: &str) -> String {
    let id = Dice::of(spec.seed, "Location", &[u64::from(index) + 1]).id();
    resource("Location", &id, None, |o| {
        o.text("status", "active").text("name", &format!("Room {}", index + 1)).text("mode", "instance");
        o.object("physicalType", |o| concept(o, &hl7("location-physical-type"), "ro", "Room"));
        reference(o, "partOf", "Location", place, None);
    })
}

fn address(o: &mut Object<'_>) {
    o.one("address", |o| {
        o.text("use", "work").list("line", |l| {
            l.text("1 Example Street");
        });
        o.text("city", "Sampleton").text("state", "MA").text("postalCode", "00001").text("country", "US");
    });
}

fn practitioner(column: &Column) -> String {
    resource("Practitioner", &column.id, Some("practitioner"), |o| {
        o.one("identifier", |o| {
            // The prefix 9 is not assigned in the NPI register.
            o.text("system", "http://hl7.org/fhir/sid/us-npi").text("value", &format!("99{:08}", column.index + 1));
        });
        o.bare("active", true).one("name", |o| {
            o.text("use", "official").text("text", &column.name()).text("family", &column.family);
            o.list("given", |l| {
                l.text(&column.given);
            });
            o.list("suffix", |l| {
                l.text(column.suffix);
            });
        });
        o.one("telecom", |o| {
            o.text("system", "phone").text("use", "work").text("value", &format!("(555) 010-{:04}", column.index + 1));
        });
        o.one("qualification", |o| {
            o.object("code", |o| concept(o, &hl7("v2-0360"), column.suffix, column.suffix));
        });
    })
}

fn role(spec: &DemoSpec, column: &Column, org: &str, place: &str) -> String {
    let id = Dice::of(spec.seed, "PractitionerRole", &[u64::from(column.index)]).id();
    resource("PractitionerRole", &id, Some("practitionerrole"), |o| {
        o.bare("active", true);
        reference(o, "practitioner", "Practitioner", &column.id, Some(&column.name()));
        reference(o, "organization", "Organization", org, None);
        o.one("code", |o| {
            let word = if column.nurse { "nurse" } else { "doctor" };
            o.list("coding", |l| super::shape::coding(l, &hl7("practitioner-role"), word, None));
        });
        o.list("location", |l| {
            l.object(|o| {
                o.text("reference", &format!("Location/{place}"));
            });
        });
    })
}

fn schedule(spec: &DemoSpec, column: &Column) -> String {
    resource("Schedule", &column.schedule, None, |o| {
        o.list("extension", |l| {
            for (day, word) in WEEK {
                let Some((from, to)) = column.hours(spec, day) else { continue };
                l.object(|o| {
                    o.list("extension", |l| {
                        l.object(|o| {
                            o.text("url", "day").text("valueCode", word);
                        });
                        l.object(|o| {
                            o.text("url", "start").text("valueTime", &wall_clock(from));
                        });
                        l.object(|o| {
                            o.text("url", "end").text("valueTime", &wall_clock(to));
                        });
                    });
                    o.text("url", "urn:shadowchart:hours");
                });
            }
        });
        o.bare("active", true);
        o.list("actor", |l| {
            l.object(|o| {
                o.text("reference", &format!("Practitioner/{}", column.id)).text("display", &column.name());
            });
        });
        let (from, to) = super::diary::span(spec);
        o.object("planningHorizon", |o| {
            o.text("start", &date(from)).text("end", &date(to));
        });
        if column.nurse {
            o.text("comment", "Vaccinations, blood draws and blood pressure checks");
        }
    })
}

fn date(date: Date) -> String {
    date.to_string()
}

/// `key` as the status concept of a code system of HL7's, which many resources need.
pub fn status(o: &mut Object<'_>, key: &str, system: &str, word: &str) {
    code(o, key, &hl7(system), word);
}
