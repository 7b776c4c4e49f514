//! The laws of the demo practice.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::{ToSpan, civil::date};
use practice::resource::Envelope;
use serde_json::Value;

use super::*;

fn spec(patients: u64, providers: u32, seed: u64) -> DemoSpec {
    DemoSpec {
        patients,
        providers,
        seed,
        today: date(2026, 11, 22),
        now: 600,
        zone: TimeZone::get("America/New_York").unwrap(),
    }
}

fn of_type(spec: &DemoSpec, kind: &str) -> Vec<Value> {
    plan(spec).map(|text| serde_json::from_str::<Value>(&text).unwrap()).filter(|v| v["resourceType"] == kind).collect()
}

fn stamp(value: &Value) -> jiff::Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn practitioner(appointment: &Value) -> &str {
    let actors =
        appointment["participant"].as_array().unwrap().iter().map(|p| p["actor"]["reference"].as_str().unwrap());
    actors.into_iter().find(|actor| actor.starts_with("Practitioner/")).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_practice_and_another_seed_another() {
    let all = |seed| plan(&spec(12, 3, seed)).collect::<Vec<_>>();
    assert_eq!(all(5), all(5));
    let (five, six): (HashSet<_>, HashSet<_>) = (all(5).into_iter().collect(), all(6).into_iter().collect());
    assert!(five.is_disjoint(&six));
}

#[test]
fn every_resource_is_acceptable_has_its_own_name_and_points_at_others_of_the_practice() {
    let all: Vec<String> = plan(&spec(60, 4, 1)).collect();
    let mut keys = BTreeSet::new();
    for text in &all {
        practice::text::check(text.as_bytes()).unwrap();
        assert!(keys.insert(Envelope::read(text).unwrap().key.to_string()), "named twice: {text}");
    }
    for text in &all {
        practice::text::rewrite_references(text, |reference| {
            assert!(keys.contains(reference), "{reference} is not in the practice");
            None
        })
        .unwrap();
    }
}

#[test]
fn the_smallest_practice_shows_all_ten_statuses_on_whatever_weekday_it_is_made() {
    for seed in 0..35 {
        let mut spec = spec(1, 1, seed);
        spec.today = spec.today.saturating_add((seed as i64 % 7).days());
        let found: BTreeSet<String> = diary::days(&spec)
            .flat_map(|day| diary::appointments(&spec, day))
            .map(|text| serde_json::from_str::<Value>(&text).unwrap()["status"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(found.len(), 10, "{found:?} around {}, seed {seed}", spec.today);
    }
}

#[test]
fn a_provider_has_one_patient_at_a_time_unless_the_desk_says_why() {
    let spec = spec(60, 5, 2);
    let mut taken: BTreeMap<String, Vec<(jiff::Timestamp, jiff::Timestamp)>> = BTreeMap::new();
    let mut squeezed_in = 0;
    for appointment in of_type(&spec, "Appointment") {
        let is_overbook = |e: &Value| e["url"] == "urn:shadowchart:overbook" && e["valueString"].is_string();
        if appointment["extension"].as_array().is_some_and(|all| all.iter().any(is_overbook)) {
            squeezed_in += 1;
            continue;
        }
        let times = taken.entry(practitioner(&appointment).to_owned()).or_default();
        times.push((stamp(&appointment["start"]), stamp(&appointment["end"])));
    }
    let schedules = of_type(&spec, "Schedule");
    for slot in of_type(&spec, "Slot") {
        let schedule = slot["schedule"]["reference"].as_str().unwrap().to_owned();
        let owner = schedules.iter().find(|s| schedule.ends_with(s["id"].as_str().unwrap()));
        let owner = owner.unwrap()["actor"][0]["reference"].as_str().unwrap().to_owned();
        taken.entry(owner).or_default().push((stamp(&slot["start"]), stamp(&slot["end"])));
    }
    assert!(squeezed_in > 3);
    for times in taken.values_mut() {
        times.sort();
        assert!(times.len() > 200, "six weeks have more than {} entries", times.len());
        for pair in times.windows(2) {
            assert!(pair[0].1 <= pair[1].0, "{pair:?} overlap");
        }
    }
}

#[test]
fn the_past_is_over_and_the_future_has_not_happened() {
    for (hour, minute) in [(0, 0), (2, 10), (10, 0), (16, 40), (23, 59)] {
        has_not_happened(DemoSpec { now: i64::from(hour) * 60 + i64::from(minute), ..spec(60, 4, 9) }, hour, minute);
    }
}

fn has_not_happened(spec: DemoSpec, hour: i8, minute: i8) {
    let now = spec.today.at(hour, minute, 0, 0).to_zoned(spec.zone.clone()).unwrap().timestamp();
    for appointment in of_type(&spec, "Appointment") {
        let (start, end) = (stamp(&appointment["start"]), stamp(&appointment["end"]));
        let status = appointment["status"].as_str().unwrap();
        let minutes = (end - start).total(jiff::Unit::Minute).unwrap();
        assert!((15.0..=60.0).contains(&minutes), "{minutes}");
        let plausible: &[&str] = if end <= now {
            &["fulfilled", "noshow", "cancelled", "entered-in-error"]
        } else {
            &["booked", "pending", "proposed", "waitlist", "cancelled", "arrived", "checked-in"]
        };
        assert!(plausible.contains(&status), "{status} at {start}");
        for extension in appointment["extension"].as_array().into_iter().flatten() {
            if extension["url"] == "urn:shadowchart:arrived" {
                assert!(stamp(&extension["valueInstant"]) < now, "came before now");
            }
        }
    }
}

#[test]
fn nobody_comes_twice_on_one_day_where_there_are_enough_people() {
    let mut seen = HashSet::new();
    for appointment in of_type(&spec(102, 2, 4), "Appointment") {
        let day = appointment["start"].as_str().unwrap()[..10].to_owned();
        let patient = appointment["participant"][0]["actor"]["reference"].as_str().unwrap().to_owned();
        assert!(seen.insert((day, patient)));
    }
}

#[test]
fn a_patient_has_about_45_resources() {
    let charts = spec(200, 4, 1);
    let count: usize = (0..200).map(|index| chart::resources(&charts, index).len()).sum();
    assert!((42..=48).contains(&(count / 200)), "{} resources a patient", count as f64 / 200.0);
}

#[test]
fn some_numbers_end_in_a_zero_that_must_survive() {
    let spec = spec(100, 2, 1);
    let zeros =
        plan(&spec).filter(|text| text.contains("\"Hemoglobin A1c\"") && text.contains("0,\"unit\":\"%\"")).count();
    assert!(zeros > 10);
}

#[test]
fn every_role_can_sign_in_and_no_address_or_password_is_shared() {
    for providers in [0, 1, 2, 3, 12] {
        let spec = spec(1, providers, 1);
        let all = members(&spec);
        for role in [practice::Role::Admin, practice::Role::Clinical, practice::Role::FrontDesk] {
            assert!(all.iter().any(|m| m.role == role), "{role:?} with {providers}");
        }
        let columns: Vec<String> = practitioners(&spec).into_iter().map(|p| p.id).collect();
        let owned: Vec<String> = all.iter().filter_map(|m| m.practitioner.clone()).collect();
        assert_eq!(owned, columns);
        let unique = |of: fn(&DemoMember) -> &str| all.iter().map(of).collect::<HashSet<_>>().len() == all.len();
        assert!(unique(|m| &m.email) && unique(|m| &m.password));
        assert!(all.iter().all(|m| m.email.ends_with("@example.test") && m.password.len() >= 16));
        let words = |m: &DemoMember| m.password.split('-').collect::<HashSet<_>>().len();
        assert!(all.iter().all(|m| words(m) == 5), "four different words and a number");
    }
}

#[test]
fn the_last_patient_of_a_hundred_thousand_costs_what_the_first_does() {
    let spec = spec(100_000, 4, 1);
    assert_eq!(Envelope::read(&patient(&spec, 99_999)).unwrap().key.to_string(), {
        let of_chart = chart::resources(&spec, 99_999);
        Envelope::read(&of_chart[0]).unwrap().key.to_string()
    });
}

#[test]
fn hours_and_instants_follow_the_clock_on_the_wall_when_the_clocks_change() {
    let mut spec = spec(50, 1, 1);
    spec.today = date(2026, 11, 1);
    let starts: BTreeSet<String> = of_type(&spec, "Slot")
        .iter()
        .filter(|slot| slot["comment"] == "Lunch")
        .map(|slot| slot["start"].as_str().unwrap()[10..].to_owned())
        .collect();
    let expected = ["T12:00:00-04:00", "T12:00:00-05:00"].map(str::to_owned);
    assert_eq!(starts, BTreeSet::from(expected));
}

#[test]
fn every_visit_is_of_a_type_that_the_practice_has_and_each_type_is_booked() {
    use practice::views::{AppointmentView, HealthcareServiceView};
    let all: Vec<String> = plan(&spec(60, 4, 1)).collect();
    let has =
        |kind: &'static str| all.iter().filter(move |text| text.contains(&format!("\"resourceType\":\"{kind}\"")));
    let types: BTreeSet<String> =
        has("HealthcareService").map(|text| HealthcareServiceView::read(text).visit_type().unwrap().code).collect();
    let booked: BTreeSet<String> =
        has("Appointment").map(|text| AppointmentView::read(text).visit_type().unwrap().to_owned()).collect();
    assert_eq!(types.len(), 6);
    assert_eq!(booked, types);
}
