//! Past visits.

use jiff::civil::Date;

use super::Chart;
use crate::demo::{
    diary::instant,
    shape::{self, coding, concept, hl7, reference, resource},
    staff::organization,
};

/// A past visit, as far as what was measured and written then needs it.
pub struct Seen {
    pub nth: u64,
    pub id: String,
    pub date: Date,
    pub minute: i64,
    pub reason: &'static str,
}

const REASONS: &[&str] =
    &["Annual physical", "Follow-up", "Cough and fever", "Back pain", "Medication review", "Fatigue"];

/// The past visits of a chart, the oldest first.
pub fn of(chart: &Chart<'_>) -> Vec<Seen> {
    let dice = &mut chart.dice("visits", 0);
    let count = dice.between(3, 5);
    let mut days: Vec<i64> = (0..count).map(|_| dice.between(23, 1100)).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    let born = i64::from(chart.person.age) * 365;
    days.retain(|days| *days <= born.max(30));
    days.into_iter()
        .enumerate()
        .map(|(nth, days)| Seen {
            nth: nth as u64,
            id: chart.id("Encounter", nth as u64),
            date: chart.days_ago(days),
            minute: dice.between(32, 64) * 15,
            reason: if chart.person.age < 16 { "Well child" } else { dice.pick(REASONS) },
        })
        .collect()
}

/// The Encounter.
pub fn encounter(chart: &Chart<'_>, seen: &Seen) -> String {
    resource("Encounter", &seen.id, Some("encounter"), |o| {
        o.text("status", "finished").object("class", |o| {
            o.text("system", &hl7("v3-ActCode")).text("code", "AMB").text("display", "ambulatory");
        });
        o.list("type", |l| {
            l.object(|o| concept(o, shape::SNOMED, "185349003", "Encounter for check up"));
        });
        chart.subject(o, "subject");
        if let Some(column) = chart.provider() {
            o.one("participant", |o| {
                o.list("type", |l| {
                    l.object(|o| {
                        o.list("coding", |l| coding(l, &hl7("v3-ParticipationType"), "PPRF", None));
                    });
                });
                reference(o, "individual", "Practitioner", &column.id, Some(&column.name()));
            });
        }
        o.object("period", |o| {
            o.text("start", &instant(chart.spec, seen.date, seen.minute));
            o.text("end", &instant(chart.spec, seen.date, seen.minute + 25));
        });
        o.list("reasonCode", |l| {
            l.object(|o| {
                o.text("text", seen.reason);
            });
        });
        reference(o, "serviceProvider", "Organization", &organization(chart.spec), None);
    })
}
