//! Appointments: each column's day filled with visits that fit the patient, its hours and its blocks.

use practice::schedule::steps::VisitStep;

use super::{Day, REACH, blocks::blocks, instant, status};
use crate::demo::{DemoSpec, dice::Dice, people::Person, shape::resource, visit_types};

/// No column has more appointments a day.
const MOST: u64 = 48;

/// Reason, minutes, and the youngest and oldest it is for.
type Reason = (&'static str, i64, i16, i16);

const PROVIDER: &[Reason] = &[
    ("Well child", 30, 0, 17),
    ("Ear pain", 15, 0, 12),
    ("School form", 15, 4, 18),
    ("Asthma check", 20, 4, 120),
    ("Blood pressure check", 15, 30, 120),
    ("Annual physical", 40, 18, 120),
    ("Diabetes follow-up", 30, 30, 120),
    ("New patient", 45, 0, 120),
    ("Cough and fever", 20, 0, 120),
    ("Sore throat", 15, 0, 120),
    ("Rash", 20, 0, 120),
    ("Medication review", 20, 18, 120),
    ("Lab results", 15, 18, 120),
    ("Back pain", 20, 18, 120),
    ("Knee injection", 30, 45, 120),
    ("Skin biopsy", 60, 25, 120),
    ("Mental health follow-up", 45, 14, 120),
    ("Memory concerns", 60, 65, 120),
    ("Headache", 20, 8, 120),
    ("Hospital follow-up", 30, 40, 120),
];

const NURSE: &[Reason] = &[
    ("Vaccination", 15, 0, 120),
    ("Blood draw", 15, 5, 120),
    ("Blood pressure check", 15, 30, 120),
    ("Wound care", 30, 10, 120),
    ("Allergy shot", 15, 6, 120),
    ("Weight check", 15, 0, 1),
    ("Ear irrigation", 20, 18, 120),
];

const NOTES: &[&str] = &[
    "Bring medication list",
    "Wheelchair access",
    "Call the day before",
    "Prefers text messages",
    "Allow extra time",
    "First visit after a move",
];

const CANCELLED: &[&str] = &["Patient asked to cancel", "Rescheduled by phone", "Provider unwell", "No transport"];

struct Visit {
    nth: u64,
    from: i64,
    to: i64,
    reason: &'static str,
    patient: Person,
    status: &'static str,
    overbook: Option<&'static str>,
}

/// The Appointments of a day.
pub fn appointments(spec: &DemoSpec, day: Day) -> Vec<String> {
    visits(spec, &day).iter().map(|visit| appointment(spec, &day, visit)).collect()
}

fn visits(spec: &DemoSpec, day: &Day) -> Vec<Visit> {
    let mut all: Vec<Visit> = Vec::new();
    if spec.patients == 0 {
        return all;
    }
    let (mut at, close) = day.hours;
    let blocks = blocks(day);
    let showcase = day.column.index == 0 && (day.offset != 0 || day.is_open(spec));
    let dice = &mut day.dice(spec, "day", 0);
    // What is far ahead is not yet booked up.
    let gap = if day.offset <= 0 { 8 } else { 14 + 12 * day.weeks_away().unsigned_abs() as u64 };
    let mut ahead = 0;
    while at < close && (all.len() as u64) < MOST - 1 {
        if let Some(block) = blocks.iter().find(|block| block.from <= at && at < block.to) {
            at = block.to;
            continue;
        }
        if !(showcase && day.offset == 0) && dice.chance(gap) {
            at += 15;
            continue;
        }
        let until = blocks.iter().map(|block| block.from).filter(|from| *from > at).min().unwrap_or(close).min(close);
        let nth = all.len() as u64;
        let patient = Person::at(spec, whose(spec, day, nth));
        // Whoever is shown as waiting has an appointment soon after.
        let waiting = showcase && day.offset == 0 && at + 15 > spec.now && ahead < 2;
        let room = if waiting { 15.min(until - at) } else { until - at };
        let Some((reason, minutes)) = reason(day, &patient, room, dice) else {
            at = until;
            continue;
        };
        let to = at + minutes;
        let over = day.offset == 0 && to <= spec.now;
        let place = status::Place {
            offset: day.offset,
            now: spec.now,
            showcase,
            nth: if over { 0 } else { ahead },
            from: at,
            to,
        };
        ahead += usize::from(!over);
        let status = status::status(place, dice);
        all.push(Visit { nth, from: at, to, reason, patient, status, overbook: None });
        at = to;
    }
    squeeze_in(spec, day, &mut all, dice);
    all
}

/// Now and then the desk books a second patient into a taken time, and says why.
fn squeeze_in(spec: &DemoSpec, day: &Day, all: &mut Vec<Visit>, dice: &mut Dice) {
    if day.column.nurse || !dice.chance(30) {
        return;
    }
    let Some(taken) = all.iter().rev().find(|v| matches!(v.status, "booked" | "fulfilled")) else { return };
    let (from, status) = (taken.from, taken.status);
    let patient = Person::at(spec, whose(spec, day, MOST - 1));
    all.push(Visit {
        nth: MOST - 1,
        from,
        to: from + 15,
        reason: "Fever, same day",
        patient,
        status,
        overbook: Some("Same-day illness, agreed with the provider"),
    });
}

/// Consecutive visits go to patients far apart in the list, and nobody comes twice a day where there are enough people.
fn whose(spec: &DemoSpec, day: &Day, nth: u64) -> u64 {
    let place = ((day.offset + REACH) as u64 * u64::from(spec.providers) + u64::from(day.column.index)) * MOST + nth;
    let stride = (spec.patients * 618 / 1000..).find(|step| coprime(*step, spec.patients)).unwrap_or(1);
    (u128::from(place) * u128::from(stride) % u128::from(spec.patients)) as u64
}

fn coprime(mut a: u64, mut b: u64) -> bool {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

fn reason(day: &Day, patient: &Person, room: i64, dice: &mut Dice) -> Option<(&'static str, i64)> {
    let list = if day.column.nurse { NURSE } else { PROVIDER };
    let fitting: Vec<&Reason> = list
        .iter()
        .filter(|(_, minutes, youngest, oldest)| *minutes <= room && (*youngest..=*oldest).contains(&patient.age))
        .collect();
    if fitting.is_empty() {
        return None;
    }
    let &(reason, minutes, ..) = dice.pick(&fitting);
    Some((reason, minutes))
}

fn appointment(spec: &DemoSpec, day: &Day, visit: &Visit) -> String {
    let id = day.dice(spec, "Appointment", visit.nth).id();
    let dice = &mut day.dice(spec, "visit", visit.nth);
    resource("Appointment", &id, None, |o| {
        let came = matches!(visit.status, "arrived" | "checked-in" | "fulfilled");
        let mut extensions: Vec<(&str, &str, String)> = Vec::new();
        if came {
            let latest = if day.offset == 0 { spec.now } else { visit.from };
            let at = (visit.from - dice.between(1, 14)).min(latest - 1);
            extensions.push(("urn:shadowchart:arrived", "valueInstant", instant(spec, day.date, at)));
        }
        if visit.status == "booked" && (0..=2).contains(&day.offset) && dice.chance(40) {
            let asked = spec.today.saturating_add(jiff::Span::new().days(-1));
            let at = instant(spec, asked, 16 * 60 + dice.between(0, 59));
            extensions.push((VisitStep::Confirmed.url(), "valueInstant", at));
        }
        if let Some(reason) = visit.overbook {
            extensions.push(("urn:shadowchart:overbook", "valueString", reason.to_owned()));
        }
        if !extensions.is_empty() {
            o.list("extension", |l| {
                for (url, key, value) in &extensions {
                    l.object(|o| {
                        o.text("url", url).text(key, value);
                    });
                }
            });
        }
        o.text("status", visit.status);
        if visit.status == "cancelled" {
            o.object("cancelationReason", |o| {
                o.text("text", dice.pick(CANCELLED));
            });
        }
        o.object("appointmentType", |o| visit_types::put(o, visit.reason, day.column.nurse));
        o.text("description", visit.reason);
        o.text("start", &instant(spec, day.date, visit.from)).text("end", &instant(spec, day.date, visit.to));
        o.bare("minutesDuration", visit.to - visit.from);
        let made = day.date.saturating_add(jiff::Span::new().days(-dice.between(1, 40))).min(spec.today);
        let latest = (spec.now - 1).max(0);
        o.text("created", &instant(spec, made, dice.between(latest.min(480), latest)));
        if let Some((_, language)) = visit.patient.language {
            o.text("comment", &format!("Interpreter: {language}"));
        } else if dice.chance(15) {
            o.text("comment", dice.pick(NOTES));
        }
        o.list("participant", |l| {
            let asked = matches!(visit.status, "proposed" | "waitlist");
            let mut take_part = |kind: &str, id: &str, name: &str, status: &str| {
                l.object(|o| {
                    o.object("actor", |o| {
                        o.text("reference", &format!("{kind}/{id}")).text("display", name);
                    });
                    o.text("required", "required").text("status", status);
                });
            };
            // Whoever comes on the full hour has said so already; the others are still to be called.
            let uncalled = day.date > spec.today && visit.from % 60 != 0;
            let answer = if asked || uncalled { "needs-action" } else { "accepted" };
            take_part("Patient", &visit.patient.id, &visit.patient.name(), answer);
            let answer = if asked || visit.status == "pending" { "needs-action" } else { "accepted" };
            take_part("Practitioner", &day.column.id, &day.column.name(), answer);
        });
    })
}
