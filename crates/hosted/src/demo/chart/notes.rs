//! What was written at a visit: progress notes, and papers that came in.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Chart, encounters::Seen};
use crate::demo::{
    diary::instant,
    shape::{self, coding, concept, resource},
};

const SAID: &[&str] = &[
    "Feels well, no new complaints.",
    "Sleeping better since the last visit.",
    "Reports taking medicines as prescribed.",
    "Some tiredness in the afternoon.",
    "Symptoms have settled.",
    "Asks for a refill.",
];
const FOUND: &[&str] = &[
    "Lungs clear, heart regular.",
    "Abdomen soft, not tender.",
    "Throat mildly red, no exudate.",
    "Gait steady.",
    "No swelling of the legs.",
    "Skin clear.",
];
const PLANNED: &[&str] = &[
    "Continue present treatment.",
    "Recheck in three months.",
    "Labs before the next visit.",
    "Return if worse.",
    "Increase activity as tolerated.",
    "Referral discussed and declined for now.",
];

/// System, code and words of a category.
type Category = (&'static str, &'static str, &'static str);

const NOTE: Category =
    ("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note", "Clinical Note");
const REPORT: Category = (shape::LOINC, "LP173421-1", "Report");

/// The DocumentReferences of a visit.
pub fn of(chart: &Chart<'_>, seen: &Seen) -> Vec<String> {
    let dice = &mut chart.dice("notes", seen.nth);
    let mut all = Vec::new();
    if dice.chance(60) {
        let text = format!(
            "Reason: {}\n\n{} {}\n\nExam: {}\n\nPlan: {} This is an invented note of an invented patient.\n",
            seen.reason,
            dice.pick(SAID),
            dice.pick(SAID),
            dice.pick(FOUND),
            dice.pick(PLANNED)
        );
        all.push(document(chart, seen, 0, ("11506-3", "Progress note", NOTE), &text));
    }
    if dice.chance(12) {
        let text = "Invented letter from Example Imaging: no abnormality seen on this invented examination.\n";
        all.push(document(chart, seen, 1, ("18748-4", "Imaging report", REPORT), text));
    }
    all
}

fn document(
    chart: &Chart<'_>,
    seen: &Seen,
    nth: u64,
    (loinc, title, category): (&str, &str, Category),
    text: &str,
) -> String {
    resource("DocumentReference", &chart.id("DocumentReference", seen.nth * 10 + nth), Some("documentreference"), |o| {
        o.text("status", "current").text("docStatus", "final");
        o.object("type", |o| concept(o, shape::LOINC, loinc, title));
        o.list("category", |l| {
            l.object(|o| {
                let (system, code, words) = category;
                o.list("coding", |l| coding(l, system, code, Some(words)));
            });
        });
        chart.subject(o, "subject");
        o.text("date", &instant(chart.spec, seen.date, seen.minute + 30));
        if let Some(column) = chart.provider() {
            o.one("author", |o| {
                o.text("reference", &format!("Practitioner/{}", column.id)).text("display", &column.name());
            });
        }
        o.one("content", |o| {
            o.object("attachment", |o| {
                o.text("contentType", "text/plain; charset=utf-8").text("data", &STANDARD.encode(text));
                o.text("title", title);
            });
        });
        o.object("context", |o| {
            o.list("encounter", |l| {
                l.object(|o| {
                    o.text("reference", &format!("Encounter/{}", seen.id));
                });
            });
        });
    })
}
