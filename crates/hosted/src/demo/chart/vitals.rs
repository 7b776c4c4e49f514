//! Vital signs measured at a visit.

use super::{Chart, encounters::Seen};
use crate::demo::{
    diary::instant,
    json::Object,
    shape::{self, concept, hl7, quantity, reference, resource},
};

/// The vital signs of a visit.
pub fn of(chart: &Chart<'_>, seen: &Seen) -> Vec<String> {
    let dice = &mut chart.dice("vitals", seen.nth);
    let age = i64::from(chart.person.age);
    let height = chart.dice("height", 0).between(-90, 90) + if age < 18 { 560 + age * 64 } else { 1700 };
    let weight = if age < 18 { 40 + age * 33 } else { chart.dice("weight", 0).between(520, 1150) };
    let weight = weight + dice.between(-15, 15);
    let tenths = |n: i64| format!("{}.{}", n / 10, n % 10);
    let mut all = vec![
        one(chart, seen, 0, ("29463-7", "Body weight", "body-weight"), &tenths(weight), "kg"),
        one(chart, seen, 1, ("8867-4", "Heart rate", "heart-rate"), &dice.between(56, 98).to_string(), "/min"),
    ];
    if age >= 3 {
        let systolic = dice.between(98, 128) + if age > 50 { 14 } else { 0 };
        all.push(blood_pressure(chart, seen, systolic, systolic * 6 / 10 + dice.between(-4, 6)));
    }
    if seen.nth == 0 || age < 18 {
        all.push(one(chart, seen, 3, ("8302-2", "Body height", "body-height"), &tenths(height), "cm"));
    }
    if dice.chance(70) {
        let temperature = tenths(dice.between(362, 374));
        all.push(one(chart, seen, 4, ("8310-5", "Body temperature", "body-temperature"), &temperature, "Cel"));
    }
    all
}

fn head(chart: &Chart<'_>, o: &mut Object<'_>, seen: &Seen, loinc: &str, name: &str) {
    o.text("status", "final").list("category", |l| {
        l.object(|o| concept(o, &hl7("observation-category"), "vital-signs", "Vital Signs"));
    });
    o.object("code", |o| concept(o, shape::LOINC, loinc, name));
    chart.subject(o, "subject");
    reference(o, "encounter", "Encounter", &seen.id, None);
    o.text("effectiveDateTime", &instant(chart.spec, seen.date, seen.minute + 3));
}

fn one(
    chart: &Chart<'_>,
    seen: &Seen,
    nth: u64,
    (loinc, name, profile): (&str, &str, &str),
    value: &str,
    unit: &str,
) -> String {
    resource("Observation", &chart.id("vital", seen.nth * 10 + nth), Some(profile), |o| {
        head(chart, o, seen, loinc, name);
        quantity(o, "valueQuantity", value, unit);
    })
}

fn blood_pressure(chart: &Chart<'_>, seen: &Seen, systolic: i64, diastolic: i64) -> String {
    resource("Observation", &chart.id("vital", seen.nth * 10 + 2), Some("blood-pressure"), |o| {
        head(chart, o, seen, "85354-9", "Blood pressure");
        o.list("component", |l| {
            for (loinc, name, value) in
                [("8480-6", "Systolic blood pressure", systolic), ("8462-4", "Diastolic blood pressure", diastolic)]
            {
                l.object(|o| {
                    o.object("code", |o| concept(o, shape::LOINC, loinc, name));
                    quantity(o, "valueQuantity", &value.to_string(), "mm[Hg]");
                });
            }
        });
    })
}
