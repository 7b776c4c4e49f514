//! What each computer keeps, by policy: the rest goes, comes when somebody looks at it, and comes back with a wider one.

use std::time::Duration;

use practice::Code;
use workstation::screen::{Chart, Day};

use super::world::{Desk, World};

/// The demo's visits of three weeks ago lie beyond 30 days back then.
const LATER: Duration = Duration::from_secs(20 * 24 * 3600);

/// Rounds enough for everything that a small demo has.
const ROUNDS: usize = 8;

async fn rounds(desk: &Desk) {
    for _ in 0..ROUNDS {
        desk.ws.sync_once().await.unwrap();
    }
}

/// What of a chart stays, whatever its age.
fn state(chart: &Chart) -> String {
    let Chart { patient, alerts, problems, allergies, medications, immunizations, .. } = chart;
    serde_json::to_string(&(&patient.name, alerts, problems, allergies, medications, immunizations)).unwrap()
}

/// What of it goes with the years.
fn past(chart: &Chart) -> String {
    let Chart { vitals, labs, visits, notes, documents, .. } = chart;
    serde_json::to_string(&(vitals, labs, visits, notes, documents)).unwrap()
}

/// The visits, without the ages of people who grow older.
fn cards(day: &Day) -> Vec<(String, String, Option<String>)> {
    let of = |card: &workstation::screen::Card| {
        (card.id.clone(), card.start.clone(), card.patient.as_ref().map(|patient| patient.id.clone()))
    };
    day.appointments.iter().map(of).collect()
}

/// The first day of the demo that has visits, and a chart with a past.
fn furthest(desk: &Desk) -> (Day, Chart) {
    let today: jiff::civil::Date = desk.ws.day(None).unwrap().today.parse().unwrap();
    let days = (0..42).map(|n| today.checked_sub(jiff::Span::new().days(42 - n)).unwrap());
    let mut days = days.map(|date| desk.ws.day(Some(&date.to_string())).unwrap());
    let day = days.find(|day| day.appointments.len() > 2).expect("a demo has visits three weeks ago");
    let found = desk.ws.find("a").unwrap();
    let charts = found.patients.iter().map(|row| desk.ws.chart(&row.id).unwrap());
    let chart = charts.max_by_key(|chart| chart.visits.len() + chart.labs.len()).unwrap();
    (day, chart)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_beyond_the_horizon_goes_and_comes_back_when_somebody_looks() {
    let world = World::at_work("provider1").await;
    let ws = &world.desk.ws;
    let (day, chart) = furthest(&world.desk);
    assert!(day.beyond.is_none() && chart.beyond.is_none(), "without a horizon everything is kept");
    let (date, patient) = (day.date.as_str(), chart.patient.id.as_str());

    world.host.tell(&["policy", "set", "days_back=30", "days_ahead=30"], "");
    world.desk.clock.pass(LATER);
    rounds(&world.desk).await;
    let beyond = ws.day(Some(date)).unwrap();
    let said = beyond.beyond.expect("it says so");
    assert_eq!((said.days_back, said.days_ahead, said.fetched), (Some(30), Some(30), None));
    assert_eq!(beyond.appointments.len(), 0);
    let rest = ws.chart(patient).unwrap();
    assert!(state(&rest) == state(&chart), "what makes up the state of a patient stays");
    assert!(past(&rest) != past(&chart), "and the rest of it does not");
    assert!(ws.day(None).unwrap().beyond.is_none(), "today is here");

    world.gate.close();
    assert_eq!(ws.fetch_day(date).await.unwrap_err().code, Code::HostUnreachable);
    assert_eq!(ws.fetch_chart(patient).await.unwrap_err().code, Code::HostUnreachable);
    assert!(ws.day(Some(date)).unwrap().beyond.is_some_and(|beyond| beyond.fetched.is_none()));
    world.gate.open();

    let fetched = ws.fetch_day(date).await.unwrap();
    assert_eq!(cards(&fetched), cards(&day));
    assert!(fetched.beyond.unwrap().fetched.is_some());
    let fetched = ws.fetch_chart(patient).await.unwrap();
    assert!((state(&fetched), past(&fetched)) == (state(&chart), past(&chart)), "all of it is here again");
    rounds(&world.desk).await;
    assert_eq!(cards(&ws.day(Some(date)).unwrap()), cards(&day), "it stays as long as they are at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wider_horizon_brings_back_what_it_lacks_and_the_pull_keeps_its_place() {
    let world = World::at_work("provider1").await;
    let ws = &world.desk.ws;
    let (day, chart) = furthest(&world.desk);
    world.host.tell(&["policy", "set", "days_back=30"], "");
    world.desk.clock.pass(LATER);
    rounds(&world.desk).await;
    assert!(past(&ws.chart(&chart.patient.id).unwrap()) != past(&chart));

    world.host.tell(&["policy", "set", "days_back=0"], "");
    let mut seen = 0;
    world.gate.rule(move |asked| {
        seen += usize::from(asked.starts_with("GET /fhir/Observation"));
        if asked.starts_with("GET /fhir/Observation") && seen == 1 {
            super::world::Act::Cut
        } else {
            super::world::Act::Pass
        }
    });
    ws.sync_once().await.unwrap_err();
    let state_now = ws.state().sync;
    assert_eq!(state_now.age_minutes, Some(0), "what the host told is in step all the same");
    assert!(ws.chart(&chart.patient.id).unwrap().beyond.is_some(), "not before all of it is here");
    world.gate.asked();
    rounds(&world.desk).await;
    let asked = world.gate.asked();
    assert!(
        asked.iter().filter(|asked| asked.starts_with("GET /fhir/_history")).all(|asked| asked.contains("cursor="))
    );
    assert!(!asked.iter().any(|asked| asked.starts_with("GET /fhir/Appointment")), "it goes on where it was cut off");
    let again = ws.chart(&chart.patient.id).unwrap();
    assert!((state(&again), past(&again)) == (state(&chart), past(&chart)), "all of it is here again");
    assert!(again.beyond.is_none());
    assert_eq!(cards(&ws.day(Some(&day.date)).unwrap()), cards(&day));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_computer_takes_in_no_more_than_the_horizon() {
    let world = World::at_work("provider1").await;
    let (_, chart) = furthest(&world.desk);
    world.host.tell(&["policy", "set", "days_back=30"], "");
    let other = world.another("provider1").await;
    let there = other.ws.chart(&chart.patient.id).unwrap();
    assert!(state(&there) == state(&chart));
    assert!(there.visits.len() < chart.visits.len() || there.labs.len() < chart.labs.len(), "no pruning came first");
    assert!(other.ws.day(None).unwrap().appointments.len() == world.desk.ws.day(None).unwrap().appointments.len());
}
