//! The Patient resource.

use crate::demo::{
    DemoSpec,
    dice::Dice,
    json::Object,
    people::{Person, phone},
    shape::{code, concept, hl7, resource},
    staff::organization,
};

const CITIES: &[(&str, &str)] =
    &[("Sampleton", "00001"), ("Testville", "00002"), ("Exampleham", "00003"), ("Demo Falls", "00004")];
const STREETS: &[&str] = &["Example Street", "Sample Avenue", "Placeholder Lane", "Specimen Road", "Template Way"];

/// The Patient of `person`.
pub fn patient(spec: &DemoSpec, person: &Person) -> String {
    let dice = &mut Dice::of(spec.seed, "demographics", &[person.index]);
    resource("Patient", &person.id, Some("patient"), |o| {
        o.list("extension", |l| {
            l.object(|o| {
                o.text("url", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex");
                o.text("valueCode", person.sex);
            });
        });
        o.one("identifier", |o| {
            o.text("use", "usual");
            code(o, "type", &hl7("v2-0203"), "MR");
            o.text("system", "urn:shadowchart:record-number").text("value", &(100_001 + person.index).to_string());
        });
        o.bare("active", person.age < 96);
        names(o, person);
        o.list("telecom", |l| {
            l.object(|o| {
                o.text("system", "phone").text("value", &phone(dice)).text("use", "mobile").bare("rank", 1);
            });
            if dice.chance(35) {
                l.object(|o| {
                    o.text("system", "phone").text("value", &phone(dice)).text("use", "home");
                });
            }
            if dice.chance(60) {
                l.object(|o| {
                    o.text("system", "email").text("value", &format!("patient{}@example.test", person.index + 1));
                });
            }
        });
        o.text("gender", if person.sex == "F" { "female" } else { "male" });
        o.text("birthDate", &person.born.to_string());
        let (city, postal_code) = dice.pick(CITIES);
        o.one("address", |o| {
            o.text("use", "home").list("line", |l| {
                l.text(&format!("{} {}", dice.between(1, 999), dice.pick(STREETS)));
                if dice.chance(20) {
                    l.text(&format!("Apt {}", dice.between(1, 40)));
                }
            });
            o.text("city", city).text("state", "MA").text("postalCode", postal_code).text("country", "US");
        });
        if person.age < 18 {
            guardian(o, person, dice);
        }
        let (language, word) = person.language.unwrap_or(("en", "English"));
        o.one("communication", |o| {
            o.object("language", |o| concept(o, "urn:ietf:bcp:47", language, word)).bare("preferred", true);
        });
        o.object("managingOrganization", |o| {
            o.text("reference", &format!("Organization/{}", organization(spec)));
        });
    })
}

fn names(o: &mut Object<'_>, person: &Person) {
    let given: Vec<&str> = person.given.split(' ').collect();
    o.list("name", |l| {
        l.object(|o| {
            o.text("use", "official").text("family", &person.family);
            o.list("given", |l| {
                for part in &given {
                    l.text(part);
                }
            });
        });
        if let Some((family, given)) = person.latin {
            l.object(|o| {
                o.text("use", "usual").text("family", family).list("given", |l| {
                    l.text(given);
                });
            });
        }
    });
}

fn guardian(o: &mut Object<'_>, person: &Person, dice: &mut Dice) {
    o.one("contact", |o| {
        o.list("relationship", |l| {
            l.object(|o| concept(o, &hl7("v2-0131"), "N", "Next-of-Kin"));
        });
        o.object("name", |o| {
            o.text("family", &person.family).list("given", |l| {
                l.text("Guardian");
            });
        });
        o.one("telecom", |o| {
            o.text("system", "phone").text("value", &phone(dice)).text("use", "mobile");
        });
    });
}
