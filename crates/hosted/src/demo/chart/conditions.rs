//! Problems, and the medicines that go with them.

use super::Chart;
use crate::demo::{
    dice::Dice,
    shape::{self, coding, concept, hl7, resource},
    staff::status,
};

/// A problem, how it is coded, and what is usually given for it.
pub struct Known {
    pub text: &'static str,
    snomed: &'static str,
    icd10: &'static str,
    ages: (i16, i16),
    percent: u64,
    /// Heals by itself; the demo shows it as past.
    passing: bool,
    medicine: Option<Medicine>,
}

struct Medicine {
    text: &'static str,
    rxnorm: Option<&'static str>,
    dosage: &'static str,
}

const fn known(text: &'static str, snomed: &'static str, icd10: &'static str, ages: (i16, i16), percent: u64) -> Known {
    Known { text, snomed, icd10, ages, percent, passing: false, medicine: None }
}

impl Known {
    const fn passing(mut self) -> Self {
        self.passing = true;
        self
    }

    const fn with(mut self, text: &'static str, rxnorm: Option<&'static str>, dosage: &'static str) -> Self {
        self.medicine = Some(Medicine { text, rxnorm, dosage });
        self
    }
}

const ADULT: (i16, i16) = (18, 120);
const ANY: (i16, i16) = (0, 120);

static KNOWN: &[Known] = &[
    known("Essential hypertension", "59621000", "I10", (35, 120), 45).with(
        "Lisinopril 10 MG Oral Tablet",
        Some("314076"),
        "Take 1 tablet by mouth once daily",
    ),
    known("Type 2 diabetes mellitus", "44054006", "E11.9", (40, 120), 22).with(
        "Metformin hydrochloride 500 MG Oral Tablet",
        Some("861007"),
        "Take 1 tablet by mouth twice daily with meals",
    ),
    known("Hyperlipidemia", "55822004", "E78.5", (40, 120), 38).with(
        "Atorvastatin 20 MG Oral Tablet",
        Some("617310"),
        "Take 1 tablet by mouth at bedtime",
    ),
    known("Asthma", "195967001", "J45.909", ANY, 12).with(
        "Albuterol 90 mcg/actuation inhaler",
        None,
        "Inhale 2 puffs every 4 to 6 hours as needed for wheezing",
    ),
    known("Hypothyroidism", "40930008", "E03.9", (30, 120), 12).with(
        "Levothyroxine 50 mcg oral tablet",
        None,
        "Take 1 tablet by mouth every morning before breakfast",
    ),
    known("Gastroesophageal reflux disease", "235595009", "K21.9", (25, 120), 20).with(
        "Omeprazole 20 MG Delayed Release Oral Capsule",
        Some("198051"),
        "Take 1 capsule by mouth before breakfast",
    ),
    known("Osteoarthritis of knee", "239873007", "M17.9", (50, 120), 28).with(
        "Acetaminophen 500 mg oral tablet",
        None,
        "Take 1 to 2 tablets by mouth every 6 hours as needed, at most 6 a day",
    ),
    known("Recurrent major depression", "66344007", "F33.9", (16, 120), 12).with(
        "Sertraline 50 MG Oral Tablet",
        Some("312941"),
        "Take 1 tablet by mouth once daily",
    ),
    known("Generalized anxiety disorder", "21897009", "F41.1", (16, 120), 14),
    known("Migraine", "37796009", "G43.909", (12, 70), 12).with(
        "Sumatriptan 50 mg oral tablet",
        None,
        "Take 1 tablet by mouth at onset of headache; may repeat once after 2 hours",
    ),
    known("Seasonal allergic rhinitis", "367498001", "J30.2", ANY, 25).with(
        "Cetirizine 10 mg oral tablet",
        None,
        "Take 1 tablet by mouth once daily in season",
    ),
    known("Atopic dermatitis", "24079001", "L20.9", (0, 40), 16).with(
        "Hydrocortisone 2.5% topical cream",
        None,
        "Apply a thin layer twice daily for up to 7 days",
    ),
    known("Chronic kidney disease stage 3", "433144002", "N18.30", (60, 120), 12),
    known("Obesity", "414916001", "E66.9", (10, 90), 22),
    known("Atrial fibrillation", "49436004", "I48.91", (65, 120), 12).with(
        "Apixaban 5 mg oral tablet",
        None,
        "Take 1 tablet by mouth twice daily",
    ),
    known("Acute bronchitis", "10509002", "J20.9", ADULT, 22).passing(),
    known("Acute otitis media", "3110003", "H66.90", (0, 10), 45).passing().with(
        "Amoxicillin 400 mg/5 mL oral suspension",
        None,
        "Give 5 mL by mouth twice daily for 10 days",
    ),
    known("Urinary tract infection", "68566005", "N39.0", (16, 120), 15).passing().with(
        "Nitrofurantoin 100 mg oral capsule",
        None,
        "Take 1 capsule by mouth twice daily for 5 days",
    ),
    known("Sprain of ankle", "44465007", "S93.409A", (8, 70), 14).passing().with(
        "Ibuprofen 400 mg oral tablet",
        None,
        "Take 1 tablet by mouth every 8 hours with food as needed",
    ),
    known("Streptococcal sore throat", "43878008", "J02.0", (3, 40), 20).passing().with(
        "Penicillin V 500 mg oral tablet",
        None,
        "Take 1 tablet by mouth twice daily for 10 days",
    ),
];

/// One patient's problem.
pub struct Problem {
    pub known: &'static Known,
    nth: u64,
    days_ago: i64,
}

/// The problems of a chart.
pub fn of(chart: &Chart<'_>) -> Vec<Problem> {
    let dice = &mut chart.dice("problems", 0);
    KNOWN
        .iter()
        .enumerate()
        .filter(|(_, known)| {
            let fits = (known.ages.0..=known.ages.1).contains(&chart.person.age);
            dice.chance(known.percent) && fits
        })
        .map(|(nth, known)| {
            let years = if known.passing { 3 } else { i64::from(chart.person.age - known.ages.0).clamp(1, 18) };
            let days_ago = Dice::between(&mut chart.dice("onset", nth as u64), 40, years * 365);
            Problem { known, nth: nth as u64, days_ago }
        })
        .collect()
}

/// The Condition.
pub fn condition(chart: &Chart<'_>, problem: &Problem) -> String {
    let known = problem.known;
    resource("Condition", &chart.id("Condition", problem.nth), Some("condition-problems-health-concerns"), |o| {
        status(o, "clinicalStatus", "condition-clinical", if known.passing { "resolved" } else { "active" });
        status(o, "verificationStatus", "condition-ver-status", "confirmed");
        o.list("category", |l| {
            l.object(|o| concept(o, &hl7("condition-category"), "problem-list-item", "Problem List Item"));
        });
        o.object("code", |o| {
            o.list("coding", |l| {
                coding(l, shape::SNOMED, known.snomed, Some(known.text));
                coding(l, shape::ICD10, known.icd10, None);
            });
            o.text("text", known.text);
        });
        chart.subject(o, "subject");
        let onset = chart.days_ago(problem.days_ago);
        o.text("onsetDateTime", &onset.to_string());
        if known.passing {
            o.text("abatementDateTime", &chart.days_ago(problem.days_ago - 14).to_string());
        }
        o.text("recordedDate", &onset.to_string());
        chart.by_provider(o, "recorder");
    })
}

/// The MedicationRequests for a chart's problems.
pub fn medications(chart: &Chart<'_>, problems: &[Problem]) -> Vec<String> {
    let given = problems.iter().filter_map(|problem| Some((problem, problem.known.medicine.as_ref()?)));
    given
        .map(|(problem, medicine)| {
            let dice = &mut chart.dice("prescription", problem.nth);
            let stopped = problem.known.passing;
            resource("MedicationRequest", &chart.id("MedicationRequest", problem.nth), Some("medicationrequest"), |o| {
                let status = match dice.between(0, 9) {
                    _ if stopped => "completed",
                    0 => "stopped",
                    1 if problem.nth.is_multiple_of(3) => "on-hold",
                    _ => "active",
                };
                o.text("status", status).text("intent", "order");
                o.object("medicationCodeableConcept", |o| {
                    if let Some(rxnorm) = medicine.rxnorm {
                        o.list("coding", |l| coding(l, shape::RXNORM, rxnorm, Some(medicine.text)));
                    }
                    o.text("text", medicine.text);
                });
                chart.subject(o, "subject");
                let days = if stopped { problem.days_ago } else { dice.between(5, problem.days_ago.max(6)) };
                o.text("authoredOn", &chart.days_ago(days).to_string());
                chart.by_provider(o, "requester");
                o.list("reasonReference", |l| {
                    l.object(|o| {
                        o.text("reference", &format!("Condition/{}", chart.id("Condition", problem.nth)));
                        o.text("display", problem.known.text);
                    });
                });
                o.one("dosageInstruction", |o| {
                    o.text("text", medicine.dosage).bare("asNeededBoolean", medicine.dosage.contains("as needed"));
                });
                if !stopped {
                    o.object("dispenseRequest", |o| {
                        o.bare("numberOfRepeatsAllowed", dice.between(0, 11));
                        o.object("expectedSupplyDuration", |o| {
                            o.bare("value", "90.0").text("unit", "days").text("system", shape::UCUM).text("code", "d");
                        });
                    });
                }
            })
        })
        .collect()
}
