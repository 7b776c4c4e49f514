//! Coverage, allergies and immunizations.

use super::Chart;
use crate::demo::{
    shape::{self, coding, concept, hl7, resource},
    staff::status,
};

const PLANS: &[&str] = &["Example Health Plan", "Sample Mutual", "Specimen Care Advantage", "Placeholder Public Plan"];

/// Substance, SNOMED code, kind, reaction, its SNOMED code, how bad.
type Allergy = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const ALLERGIES: &[Allergy] = &[
    ("Penicillin", "91936005", "medication", "Hives", "126485001", "high"),
    ("Sulfonamide antibiotic", "91939003", "medication", "Rash", "271807003", "low"),
    ("Peanut", "91935009", "food", "Anaphylaxis", "39579001", "high"),
    ("Latex", "300916003", "environment", "Contact dermatitis", "40275004", "low"),
    ("Shellfish", "300913006", "food", "Swelling of lips", "43116000", "high"),
    ("Bee venom", "424213003", "environment", "Wheezing", "56018004", "high"),
    ("Codeine", "294532003", "medication", "Nausea", "422587007", "low"),
    ("Egg", "91930004", "food", "Hives", "126485001", "unable-to-assess"),
];

/// Vaccine, CVX code, youngest age, percent who have had it, how often.
const VACCINES: &[(&str, &str, i16, u64, u64)] = &[
    ("Influenza, seasonal, injectable, preservative free", "140", 0, 80, 3),
    ("SARS-COV-2 (COVID-19) vaccine, UNSPECIFIED", "213", 5, 60, 2),
    ("Tdap", "115", 11, 70, 1),
    ("DTaP", "20", 0, 85, 2),
    ("MMR", "03", 1, 75, 1),
    ("zoster recombinant", "187", 50, 55, 2),
    ("pneumococcal conjugate PCV 13", "133", 65, 65, 1),
    ("Hep B, adolescent or pediatric", "08", 0, 50, 1),
    ("varicella", "21", 1, 45, 1),
];

/// The Coverage.
pub fn coverage(chart: &Chart<'_>) -> String {
    let dice = &mut chart.dice("coverage", 0);
    resource("Coverage", &chart.id("Coverage", 0), Some("coverage"), |o| {
        o.text("status", "active").text("subscriberId", &format!("EX{:09}", dice.between(0, 999_999_999)));
        chart.subject(o, "beneficiary");
        o.object("relationship", |o| {
            let word = if chart.person.age < 18 { "child" } else { "self" };
            o.list("coding", |l| coding(l, &hl7("subscriber-relationship"), word, None));
        });
        o.object("period", |o| {
            o.text("start", &chart.days_ago(dice.between(30, 900)).to_string());
        });
        o.one("payor", |o| {
            o.text("display", dice.pick(PLANS));
        });
    })
}

/// The AllergyIntolerances; for some, that there are none.
pub fn allergies(chart: &Chart<'_>) -> Vec<String> {
    let dice = &mut chart.dice("allergies", 0);
    let known: Vec<usize> = (0..ALLERGIES.len()).filter(|_| dice.chance(12)).collect();
    if known.is_empty() {
        return if dice.chance(70) { vec![no_known_allergy(chart)] } else { Vec::new() };
    }
    known
        .into_iter()
        .map(|nth| {
            let (text, snomed, category, reaction, reaction_code, criticality) = ALLERGIES[nth];
            resource(
                "AllergyIntolerance",
                &chart.id("AllergyIntolerance", nth as u64),
                Some("allergyintolerance"),
                |o| {
                    status(o, "clinicalStatus", "allergyintolerance-clinical", "active");
                    status(o, "verificationStatus", "allergyintolerance-verification", "confirmed");
                    o.text("type", "allergy").list("category", |l| {
                        l.text(category);
                    });
                    o.text("criticality", criticality);
                    o.object("code", |o| concept(o, shape::SNOMED, snomed, text));
                    chart.subject(o, "patient");
                    o.text("recordedDate", &chart.days_ago(dice.between(100, 4000)).to_string());
                    o.one("reaction", |o| {
                        o.list("manifestation", |l| {
                            l.object(|o| concept(o, shape::SNOMED, reaction_code, reaction));
                        });
                        o.text("severity", if criticality == "high" { "severe" } else { "mild" });
                    });
                },
            )
        })
        .collect()
}

fn no_known_allergy(chart: &Chart<'_>) -> String {
    resource("AllergyIntolerance", &chart.id("AllergyIntolerance", 99), Some("allergyintolerance"), |o| {
        status(o, "clinicalStatus", "allergyintolerance-clinical", "active");
        status(o, "verificationStatus", "allergyintolerance-verification", "confirmed");
        o.object("code", |o| concept(o, shape::SNOMED, "716186003", "No known allergy"));
        chart.subject(o, "patient");
    })
}

/// The Immunizations.
pub fn immunizations(chart: &Chart<'_>) -> Vec<String> {
    let dice = &mut chart.dice("vaccines", 0);
    let mut all = Vec::new();
    for (nth, &(text, cvx, youngest, percent, times)) in VACCINES.iter().enumerate() {
        if !dice.chance(percent) || chart.person.age < youngest {
            continue;
        }
        for time in 0..times {
            let days = dice.between(30, 300) + 365 * time as i64;
            if days > i64::from(chart.person.age) * 365 + 10 {
                continue;
            }
            let id = chart.id("Immunization", (nth as u64) * 10 + time);
            all.push(resource("Immunization", &id, Some("immunization"), |o| {
                let declined = dice.chance(3);
                o.text("status", if declined { "not-done" } else { "completed" });
                if declined {
                    status(o, "statusReason", "v3-ActReason", "PATOBJ");
                }
                o.object("vaccineCode", |o| concept(o, shape::CVX, cvx, text));
                chart.subject(o, "patient");
                o.text("occurrenceDateTime", &chart.days_ago(days).to_string()).bare("primarySource", true);
                if !declined {
                    o.text("lotNumber", &format!("EX{:04}", dice.between(0, 9999)));
                }
            }));
        }
    }
    all
}
