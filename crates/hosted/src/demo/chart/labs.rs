//! Laboratory results of a visit.

use super::{Chart, conditions::Problem, encounters::Seen};
use crate::demo::{
    diary::instant,
    shape::{self, concept, hl7, quantity, reference, resource},
};

/// A test: its values are whole numbers of the last place that is written, so `7.10` is 710 with two places.
struct Test {
    loinc: &'static str,
    name: &'static str,
    unit: &'static str,
    places: usize,
    usual: (i64, i64),
    /// Reference range; results outside are marked.
    range: (i64, i64),
    /// The problem that makes it high.
    raised_by: Option<&'static str>,
}

const fn test(
    loinc: &'static str,
    name: &'static str,
    unit: &'static str,
    places: usize,
    usual: (i64, i64),
    range: (i64, i64),
) -> Test {
    Test { loinc, name, unit, places, usual, range, raised_by: None }
}

impl Test {
    const fn raised_by(mut self, problem: &'static str) -> Self {
        self.raised_by = Some(problem);
        self
    }

    fn written(&self, value: i64) -> String {
        let unit = 10_i64.pow(self.places as u32);
        match self.places {
            0 => value.to_string(),
            places => format!("{}.{:0places$}", value / unit, value % unit),
        }
    }
}

const TESTS: &[Test] = &[
    test("4548-4", "Hemoglobin A1c", "%", 2, (490, 570), (400, 570)).raised_by("Type 2 diabetes mellitus"),
    test("13457-7", "LDL cholesterol (calculated)", "mg/dL", 0, (70, 135), (0, 130)).raised_by("Hyperlipidemia"),
    test("2085-9", "HDL cholesterol", "mg/dL", 0, (38, 75), (40, 90)),
    test("2160-0", "Creatinine", "mg/dL", 2, (60, 115), (60, 120)).raised_by("Chronic kidney disease stage 3"),
    test("2823-3", "Potassium", "mmol/L", 1, (36, 50), (35, 51)),
    test("2345-7", "Glucose", "mg/dL", 0, (74, 104), (70, 99)).raised_by("Type 2 diabetes mellitus"),
    test("718-7", "Hemoglobin", "g/dL", 1, (115, 165), (120, 170)),
    test("3016-3", "Thyrotropin (TSH)", "m[IU]/L", 3, (600, 3900), (400, 4500)).raised_by("Hypothyroidism"),
];

/// The results of a visit: none at many, a panel at some.
pub fn of(chart: &Chart<'_>, seen: &Seen, problems: &[Problem]) -> Vec<String> {
    let dice = &mut chart.dice("labs", seen.nth);
    if chart.person.age < 12 || !dice.chance(65) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (nth, test) in TESTS.iter().enumerate() {
        if !dice.chance(50) {
            continue;
        }
        let raised = test.raised_by.is_some_and(|name| problems.iter().any(|p| p.known.text == name));
        let (low, high) = if raised { (test.range.1, test.range.1 * 16 / 10) } else { test.usual };
        let value = dice.between(low, high);
        all.push(result(chart, seen, nth as u64, test, value));
    }
    all
}

fn result(chart: &Chart<'_>, seen: &Seen, nth: u64, test: &Test, value: i64) -> String {
    resource("Observation", &chart.id("lab", seen.nth * 100 + nth), Some("observation-lab"), |o| {
        o.text("status", "final").list("category", |l| {
            l.object(|o| concept(o, &hl7("observation-category"), "laboratory", "Laboratory"));
        });
        o.object("code", |o| concept(o, shape::LOINC, test.loinc, test.name));
        chart.subject(o, "subject");
        reference(o, "encounter", "Encounter", &seen.id, None);
        o.text("effectiveDateTime", &instant(chart.spec, seen.date, seen.minute + 15));
        o.text("issued", &instant(chart.spec, seen.date, 1020));
        quantity(o, "valueQuantity", &test.written(value), test.unit);
        let flag = match value {
            v if v < test.range.0 => "L",
            v if v > test.range.1 => "H",
            _ => "N",
        };
        o.list("interpretation", |l| {
            l.object(|o| {
                o.list("coding", |l| shape::coding(l, &hl7("v3-ObservationInterpretation"), flag, None));
            });
        });
        o.one("referenceRange", |o| {
            quantity(o, "low", &test.written(test.range.0), test.unit);
            quantity(o, "high", &test.written(test.range.1), test.unit);
        });
    })
}
