use practice::{Code, horizon::Window, resource::ResourceType};
use proptest::prelude::*;
use store::{Incoming, Page, PreparedPage, StoreError};

use crate::world::{World, appointment, at, change, key, patient, provenance, record, text};

/// From the first minute of the tests' day to minute 1000.
const KEPT: (i64, i64) = (0, 1000);

fn window(from: i64, to: i64) -> Window {
    Window { from: Some(at(from)), to: Some(at(to)) }
}

fn weight(id: &str, minute: i64, grams: &str) -> String {
    let rest = format!(
        r#""subject":{{"reference":"Patient/p1"}},"effectiveDateTime":"{}","valueQuantity":{{"value":{grams}}}"#,
        at(minute)
    );
    text(&format!("Observation/{id}"), &rest)
}

fn world(kept: Option<(i64, i64)>) -> World {
    let world = World::new();
    if let Some((from, to)) = kept {
        world.store.keep_within(window(from, to)).unwrap();
    }
    world
}

/// Prunes until nothing is left to look at; how many rows went.
fn prune(world: &World) -> usize {
    let mut gone = 0;
    loop {
        let pruned = world.store.prune().unwrap();
        gone += pruned.rows;
        if !pruned.more {
            return gone;
        }
    }
}

fn is_here(world: &World, reference: &str) -> bool {
    world.text_of(reference).is_some()
}

fn page<'a>(rows: &'a [Incoming<'a>]) -> PreparedPage {
    PreparedPage::of(&Page { rows, cursor: "", epoch: "e1" }).unwrap()
}

fn row<'a>(reference: &str, version: &'a str, text: &'a str) -> Incoming<'a> {
    let updated = at(version.parse().unwrap_or(0));
    Incoming { key: key(reference), version, updated, life: None, text: Some(text) }
}

#[test]
fn what_lies_outside_is_passed_over_and_the_cursor_moves_with_what_is_taken() {
    let world = world(Some(KEPT));
    let taken = world
        .pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "Testcase", "A", ""))),
            ("Appointment/before", "1", Some(&appointment("before", -30, 15, "booked"))),
            ("Appointment/into", "1", Some(&appointment("into", -10, 15, "booked"))),
            ("Appointment/within", "1", Some(&appointment("within", 500, 15, "booked"))),
            ("Appointment/after", "1", Some(&appointment("after", 1000, 15, "booked"))),
            ("Observation/old", "1", Some(&weight("old", -1, "1.10"))),
        ])
        .unwrap();
    assert_eq!((taken.patients, taken.appointments, taken.others), (1, 2, 0));
    let here = ["before", "into", "within", "after"].map(|id| is_here(&world, &format!("Appointment/{id}")));
    assert_eq!((here, is_here(&world, "Observation/old")), ([false, true, true, false], false));
    assert_eq!(world.store.cursor().unwrap().as_deref(), Some("c"));
}

#[test]
fn what_is_here_is_never_older_than_what_the_host_has_told() {
    let world = world(Some(KEPT));
    let (within, beyond) = (appointment("a1", 10, 15, "booked"), appointment("a1", 5000, 15, "booked"));
    world.pull(&[("Appointment/a1", "1", Some(&within)), ("Appointment/a1", "2", Some(&beyond))]).unwrap();
    assert_eq!(world.text_of("Appointment/a1").unwrap(), beyond, "two versions in one page");
    assert_eq!(prune(&world), 1);
    world.pull(&[("Appointment/a1", "3", Some(&appointment("a1", 6000, 15, "booked")))]).unwrap();
    assert!(!is_here(&world, "Appointment/a1"), "it is still outside");
    world.pull(&[("Appointment/a1", "3", None), ("Appointment/a1", "4", Some(&within))]).unwrap();
    assert_eq!((world.text_of("Appointment/a1").unwrap(), world.version_of("Appointment/a1")), (within, "4".into()));
}

#[test]
fn the_state_of_a_patient_stays_whatever_its_age() {
    let world = World::new();
    let of = |kind: &str, moment: &str| {
        text(&format!("{kind}/x"), &format!(r#""subject":{{"reference":"Patient/p1"}},{moment}:"1990-01-01""#))
    };
    let texts = [
        ("Patient/x", text("Patient/x", r#""birthDate":"1990-01-01""#)),
        ("AllergyIntolerance/x", of("AllergyIntolerance", r#""recordedDate""#)),
        ("Condition/x", of("Condition", r#""onsetDateTime""#)),
        ("MedicationRequest/x", of("MedicationRequest", r#""authoredOn""#)),
        ("Immunization/x", of("Immunization", r#""occurrenceDateTime""#)),
        ("Procedure/x", of("Procedure", r#""performedDateTime""#)),
    ];
    let rows: Vec<_> = texts.iter().map(|(name, text)| (*name, "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    world.pull(&[("Observation/x", "1", Some(&of("Observation", r#""effectiveDateTime""#)))]).unwrap();
    world.store.keep_within(window(0, 1000)).unwrap();
    assert_eq!(prune(&world), 1, "the old measurement alone");
    assert!(texts.iter().all(|(name, _)| is_here(&world, name)));
}

#[test]
fn what_waits_for_the_host_stays_until_the_host_has_it() {
    let world = World::new();
    let text = |id: &str, status: &str| appointment(id, -500, 15, status);
    let names = ["sent", "aside", "conflict", "undone", "idle"];
    for name in names {
        world.pull(&[(&format!("Appointment/{name}"), "1", Some(&text(name, "booked")))]).unwrap();
    }
    for (n, name) in names.into_iter().enumerate().take(4) {
        world.edit(&format!("c{n}"), &format!("Appointment/{name}"), &text(name, "arrived"), Some("1")).unwrap();
    }
    world.store.set_aside(&change("c1"), Code::Invalid, "No.", at(2)).unwrap();
    world.pull(&[("Appointment/conflict", "2", Some(&text("conflict", "cancelled")))]).unwrap();
    world.accept("c3", "Appointment/undone", "2", &text("undone", "arrived")).unwrap();
    let waits = ["outbox", "outbox_item", "unsent", "undo", "audit"].map(|table| world.dump(table));

    world.store.keep_within(window(0, 1000)).unwrap();
    assert_eq!(prune(&world), 1, "what nobody touched");
    let kept = names.map(|name| is_here(&world, &format!("Appointment/{name}")));
    assert_eq!(kept, [true, true, true, true, false], "{names:?}");
    assert_eq!(["outbox", "outbox_item", "unsent", "undo", "audit"].map(|table| world.dump(table)), waits);
    assert!(world.store.verify(&record()).unwrap().is_ok(), "the chain is whole");

    // All of it goes its usual way: sent, merged, taken back.
    assert_eq!(world.next().unwrap().0, "c0");
    assert_eq!(world.store.forks().unwrap().len(), 1, "and has its base");
    world.store.withdraw(&change("c1"), &record()).unwrap();
    assert_eq!(world.text_of("Appointment/aside").unwrap(), text("aside", "booked"));
    world.accept("c0", "Appointment/sent", "2", &text("sent", "arrived")).unwrap();
    assert_eq!(world.version_of("Appointment/sent"), "2");
}

#[test]
fn nothing_goes_while_a_restored_host_may_lack_it() {
    let world = World::new();
    world.pull(&[("Observation/old", "1", Some(&weight("old", -5, "1")))]).unwrap();
    world.store.keep_within(window(0, 1000)).unwrap();
    world.store.set_epoch("e2").unwrap();
    assert_eq!(prune(&world), 0, "the host is being given back what it lost");
    world.store.gave_back().unwrap();
    assert_eq!(prune(&world), 0, "the host never said that it has this one");
    assert!(is_here(&world, "Observation/old"));
}

#[test]
fn the_rest_is_as_if_what_went_had_never_been_here() {
    let slot = |id: &str, minute: i64| {
        text(
            &format!("Slot/{id}"),
            &format!(
                r#""schedule":{{"reference":"Schedule/s"}},"status":"busy-unavailable","start":"{}","end":"{}""#,
                at(minute),
                at(minute + 30)
            ),
        )
    };
    let note = provenance("c9", "Appointment/past").replace(&at(1).to_string(), &at(-1).to_string());
    let past = [
        ("Appointment/past", appointment("past", -30, 15, "booked")),
        ("Slot/past", slot("past", -60)),
        ("Provenance/c9", note),
    ];
    let present = [
        ("Patient/p1", patient("p1", "Testcase", "A", "")),
        ("Appointment/now", appointment("now", 30, 15, "booked")),
        ("Slot/now", slot("now", 60)),
        ("Provenance/c8", provenance("c8", "Appointment/now")),
    ];
    let rows = |texts: &[(&'static str, String)]| {
        texts.iter().map(|(name, text)| (*name, "1", text.clone())).collect::<Vec<_>>()
    };
    let take = |world: &World, rows: Vec<(&'static str, &str, String)>| {
        let rows: Vec<_> = rows.iter().map(|(name, version, text)| (*name, *version, Some(text.as_str()))).collect();
        world.pull(&rows).unwrap();
    };
    let (all, without) = (World::new(), World::new());
    take(&all, rows(&present).into_iter().chain(rows(&past)).collect());
    take(&without, rows(&present));
    all.store.keep_within(window(0, 1000)).unwrap();
    assert_eq!(prune(&all), 3);
    for table in crate::rebuild::PROJECTIONS.into_iter().chain(["resource"]) {
        assert_eq!(all.dump(table), without.dump(table), "{table}");
    }
    assert!(all.store.history_of(&key("Appointment/past"), &record()).unwrap().is_empty());
}

#[test]
fn a_wider_horizon_lacks_what_it_gained_until_that_was_fetched() {
    let world = world(Some(KEPT));
    assert_eq!(world.store.lacking().unwrap(), None, "it began like this");
    world.pull(&[("Appointment/now", "1", Some(&appointment("now", 30, 15, "booked")))]).unwrap();
    assert_eq!(prune(&world), 0);
    world.store.keep_within(window(-500, 2000)).unwrap();
    let lacking = world.store.lacking().unwrap().unwrap();
    assert_eq!(lacking.gaps, [window(-500, 0), window(1000, 2000)]);
    assert_eq!(world.store.whole().unwrap(), window(0, 1000));

    let (past, older) = (appointment("past", -30, 15, "booked"), appointment("older", -900, 15, "booked"));
    let rows = [row("Appointment/past", "1", &past), row("Appointment/older", "1", &older)];
    assert!(world.store.take_lacking(&lacking, page(&rows), Some("2 next")).unwrap().is_some());
    assert!(is_here(&world, "Appointment/past") && !is_here(&world, "Appointment/older"));
    assert!(world.store.take_lacking(&lacking, page(&rows), None).unwrap().is_none(), "its answer came before");
    let lacking = world.store.lacking().unwrap().unwrap();
    assert_eq!(lacking.place.as_deref(), Some("2 next"), "it goes on where it was");
    world.store.take_lacking(&lacking, page(&[]), None).unwrap().unwrap();
    assert_eq!((world.store.lacking().unwrap(), world.store.whole().unwrap()), (None, window(-500, 2000)));
    assert_eq!(world.store.cursor().unwrap().as_deref(), Some("c"), "the pull's own place stays");

    world.store.keep_within(Window::default()).unwrap();
    let lacking = world.store.lacking().unwrap().unwrap();
    assert_eq!(lacking.gaps.len(), 2, "everything lacks both ends");
    world.store.keep_within(window(0, 1000)).unwrap();
    assert_eq!(world.store.lacking().unwrap(), None);
    assert!(world.store.take_lacking(&lacking, page(&[]), None).unwrap().is_none(), "an answer for another horizon");
    assert_eq!(prune(&world), 1, "and what was fetched goes again");
}

#[test]
fn what_a_person_asked_for_comes_from_beyond_and_goes_with_the_next_pruning() {
    let world = world(Some(KEPT));
    let past = appointment("past", -30, 15, "booked");
    let rows = [row("Appointment/past", "1", &past)];
    assert!(world.store.take_asked(page(&rows)).unwrap());
    assert!(is_here(&world, "Appointment/past"));
    let arrived = appointment("past", -30, 15, "arrived");
    world.pull(&[("Appointment/past", "2", Some(&arrived))]).unwrap();
    assert_eq!(world.text_of("Appointment/past").unwrap(), arrived, "and is kept fresh until then");
    assert_eq!(prune(&world), 1);
    world.store.set_epoch("e2").unwrap();
    let page = PreparedPage::of(&Page { rows: &rows, cursor: "", epoch: "e2" }).unwrap();
    assert!(!world.store.take_asked(page).unwrap(), "only the pages of a restored host say which life a row is from");
}

#[test]
fn pruning_stops_when_the_session_locks_and_goes_on_another_time() {
    let world = World::new();
    let names: Vec<String> = (0..9_000).map(|n| format!("Observation/o{n}")).collect();
    let texts: Vec<String> =
        (0..9_000).map(|n| weight(&format!("o{n}"), if n % 2 == 0 { -1 } else { 1 }, "80")).collect();
    let rows: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (name.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    world.store.keep_within(window(0, 1000)).unwrap();
    let first = world.store.prune().unwrap();
    assert!(first.more && first.rows > 0 && first.rows < 4_500, "a little at a time: {first:?}");
    let again = crate::world::open(world.path()).unwrap();
    world.store.interrupt();
    assert!(matches!(world.store.prune(), Err(StoreError::Closed)));
    let mut gone = first.rows;
    while let Ok(pruned) = again.prune() {
        gone += pruned.rows;
        if !pruned.more {
            break;
        }
    }
    assert_eq!((gone, again.peek(&key("Observation/o1")).unwrap().is_some()), (4_500, true));
    assert_eq!(again.prune().unwrap(), store::Pruned { rows: 0, more: false }, "nothing is looked at twice");
    let pages = || world.sql().query_row::<i64, _, _>("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let before = pages();
    again.keep_within(Window::default()).unwrap();
    let all: Vec<Incoming<'_>> = rows.iter().map(|(name, version, text)| row(name, version, text.unwrap())).collect();
    let taken = again.take_page(&Page { rows: &all, cursor: "c", epoch: "e1" }).unwrap();
    assert_eq!((taken.others, pages()), (4_500, before), "what comes next fills the room, and the file does not grow");
}

/// What becomes of one record in a world.
#[derive(Clone, Debug)]
struct Life {
    kind: usize,
    minute: i64,
    edited: bool,
    accepted: bool,
    /// A newer version that comes after the pruning, at this minute.
    later: Option<i64>,
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life = (0..3usize, -200..1_200i64, any::<bool>(), any::<bool>(), proptest::option::of(-200..1_200i64));
    let life = life.prop_map(|(kind, minute, edited, accepted, later)| Life { kind, minute, edited, accepted, later });
    proptest::collection::vec(life, 1..24)
}

fn named(life: &Life, n: usize) -> String {
    format!("{}/x{n}", ["Appointment", "Observation", "Condition"][life.kind])
}

fn written(life: &Life, n: usize, minute: i64, word: &str) -> String {
    let id = format!("x{n}");
    match life.kind {
        0 => appointment(&id, minute, 15, word),
        1 => weight(&id, minute, if word == "booked" { "80" } else { "81" }),
        _ => text(&format!("Condition/{id}"), &format!(r#""recordedDate":"{}","note":"{word}""#, at(minute))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_is_unsent_or_lies_within_stays_and_nothing_else_does(
        lives in lives(), from in -100..600i64, length in 100..700i64, wide in any::<bool>()
    ) {
        let world = World::new();
        let kept = window(from, from + length);
        for (n, life) in lives.iter().enumerate() {
            world.pull(&[(&named(life, n), "1", Some(&written(life, n, life.minute, "booked")))]).unwrap();
        }
        for (n, life) in lives.iter().enumerate().filter(|(_, life)| life.edited) {
            let (change, mine) = (format!("c{n}"), written(life, n, life.minute, "arrived"));
            world.edit(&change, &named(life, n), &mine, Some("1")).unwrap();
            if life.accepted {
                world.accept(&change, &named(life, n), "2", &mine).unwrap();
            }
        }
        // Nothing can be undone any more.
        world.sql().execute_batch("DELETE FROM undo").unwrap();
        let waiting = ["outbox", "outbox_item", "unsent", "audit"].map(|table| world.dump(table));
        world.store.keep_within(kept).unwrap();
        prune(&world);

        let lasts = |life: &Life, minute: i64| match life.kind {
            0 => Some((minute, minute + 15)),
            1 => Some((minute, minute)),
            _ => None,
        };
        let is_within = |life: &Life, minute: i64| {
            lasts(life, minute).is_none_or(|(start, end)| end >= from && start < from + length)
        };
        let is_unsent = |life: &Life| life.edited && !life.accepted;
        for (n, life) in lives.iter().enumerate() {
            let stays = is_unsent(life) || is_within(life, life.minute);
            prop_assert_eq!(is_here(&world, &named(life, n)), stays, "{} {:?}", n, life);
        }
        prop_assert_eq!(["outbox", "outbox_item", "unsent", "audit"].map(|table| world.dump(table)), waiting);
        let before = world.dump_all();
        world.store.rebuild_projections().unwrap();
        prop_assert_eq!(world.dump_all(), before, "what is derived is what it would be");

        for (n, life) in lives.iter().enumerate() {
            let (name, Some(minute)) = (named(life, n), life.later) else { continue };
            let (was_here, news) = (is_here(&world, &name), written(life, n, minute, "cancelled"));
            world.pull(&[(&name, "9", Some(&news))]).unwrap();
            let here = world.text_of(&name);
            if is_unsent(life) {
                prop_assert_eq!(here, Some(written(life, n, life.minute, "arrived")));
            } else if was_here || is_within(life, minute) {
                prop_assert_eq!(here, Some(news));
            } else {
                prop_assert_eq!(here, None);
            }
        }
        let forks = lives.iter().filter(|life| is_unsent(life) && life.later.is_some()).count();
        prop_assert_eq!(world.store.forks().unwrap().len(), forks, "each has its base and the host's news beside it");
        if wide {
            world.store.keep_within(Window::default()).unwrap();
            let lacking = world.store.lacking().unwrap().unwrap();
            prop_assert!(lacking.gaps.len() == 2 && lacking.place.is_none());
        }
        let kinds = world.store.take_page(&Page { rows: &[], cursor: "c2", epoch: "e1" }).unwrap().kinds;
        prop_assert!(!kinds.contains(&ResourceType::APPOINTMENT));
    }
}
