use practice::{
    audit::{self, AuditRecord},
    ids::{AppointmentId, PatientId, WorkstationId},
};
use store::{Store, StoreError};

use crate::world::{World, appointment, at, change, key, open, patient, record};

type Call = fn(&Store, &AuditRecord) -> Result<(), StoreError>;

/// Every call that tells a person something, or that a person asks for.
const CALLS: &[(&str, Call)] = &[
    ("read", |store, audit| store.read(&key("Patient/p1"), audit).map(drop)),
    ("history_of", |store, audit| store.history_of(&key("Patient/p1"), audit).map(drop)),
    ("find_patients", |store, audit| store.find_patients("test", 9, audit).map(drop)),
    ("find_patients with an empty text", |store, audit| store.find_patients("", 9, audit).map(drop)),
    ("patients", |store, audit| store.patients(&[PatientId::parse("p1").unwrap()], audit).map(drop)),
    ("day", |store, audit| store.day(at(0), at(60), audit).map(drop)),
    ("appointment", |store, audit| store.appointment(&AppointmentId::parse("a1").unwrap(), audit).map(drop)),
    ("chart", |store, audit| store.chart(&PatientId::parse("p1").unwrap(), audit).map(drop)),
    ("chart of nobody", |store, audit| store.chart(&PatientId::parse("p9").unwrap(), audit).map(drop)),
    ("outbox", |store, audit| store.outbox(audit).map(drop)),
    ("audit_entries", |store, audit| store.audit_entries(9, None, audit).map(drop)),
    ("verify", |store, audit| store.verify(audit).map(drop)),
    ("record", |store, audit| store.record(audit)),
    ("retry", |store, audit| store.retry(&change("c1"), audit)),
    ("withdraw", |store, audit| store.withdraw(&change("c1"), audit)),
];

fn world() -> World {
    let world = World::new();
    world.pull(&[("Patient/p1", "1", Some(&patient("p1", "Testcase", "A", "")))]).unwrap();
    world.edit("c1", "Appointment/a1", &appointment("a1", 0, 15, "booked"), None).unwrap();
    world
}

#[test]
fn every_call_is_told_in_the_chain_once() {
    let world = world();
    for (name, call) in CALLS {
        let before = world.dump("audit").len();
        call(&world.store, &record()).unwrap();
        assert_eq!(world.dump("audit").len(), before + 1, "{name}");
    }
    let end = world.store.verify(&record()).unwrap().unwrap();
    assert_eq!(end.0 as usize, CALLS.len() + 1, "the commit told of itself too");
}

#[test]
fn what_cannot_be_told_is_not_done_and_not_shown() {
    let world = world();
    world.sql().execute_batch("CREATE TRIGGER t BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'x'); END").unwrap();
    let before = world.dump_all();
    for (name, call) in CALLS {
        assert!(call(&world.store, &record()).is_err(), "{name}");
    }
    assert_eq!(world.dump_all(), before);
}

#[test]
fn a_cloned_file_cannot_go_on_as_another_workstation() {
    let world = world();
    let elsewhere = AuditRecord { workstation: WorkstationId::parse("w2").unwrap(), ..record() };
    for (name, call) in CALLS {
        assert!(matches!(call(&world.store, &elsewhere), Err(StoreError::OtherWorkstation)), "{name}");
    }
}

#[test]
fn an_edit_a_deletion_and_a_cut_tail_show() {
    for (harm, at) in [
        ("UPDATE audit SET body = (SELECT body FROM audit WHERE seq = 2) WHERE seq = 3", 3),
        ("UPDATE audit SET body = x'00' WHERE seq = 3", 3),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("UPDATE audit SET seq = -seq WHERE seq IN (3, 4); UPDATE audit SET seq = 7 + seq WHERE seq < 0", 3),
        ("DELETE FROM audit WHERE seq >= 5", 5),
    ] {
        let world = World::new();
        for _ in 0..6 {
            world.store.record(&record()).unwrap();
        }
        world.store.audit_sent(6).unwrap();
        assert_eq!(world.store.verify(&record()).unwrap().unwrap().0, 6);
        world.sql().execute_batch(harm).unwrap();
        let broken = world.store.verify(&record()).unwrap().expect_err(harm);
        assert_eq!(broken.seq, at, "{harm}: {}", broken.say);
    }
}

#[test]
fn the_host_gets_each_entry_until_it_has_it() {
    let world = World::new();
    for _ in 0..5 {
        world.store.record(&record()).unwrap();
    }
    let first = world.store.audit_unsent(3).unwrap();
    assert_eq!(first.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
    world.store.audit_sent(3).unwrap();
    world.store.audit_sent(2).unwrap();
    let rest = world.store.audit_unsent(100).unwrap();
    assert_eq!(rest.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [4, 5]);
    let here = WorkstationId::parse("w1").unwrap();
    let all: Vec<_> = first.into_iter().chain(rest).collect();
    assert!(audit::follow(&here, 0, audit::FIRST, &all).is_ok());
    assert!(matches!(world.store.audit_sent(99), Err(StoreError::BadAnswer)));
    let newest = world.store.audit_entries(2, None, &record()).unwrap();
    assert_eq!(newest.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [6, 5]);
}

#[test]
fn the_chain_goes_on_where_it_ended() {
    let world = World::new();
    world.store.record(&record()).unwrap();
    let again = open(world.path()).unwrap();
    again.record(&record()).unwrap();
    assert_eq!(again.verify(&record()).unwrap().unwrap().0, 2);
}

#[test]
fn a_closed_store_answers_nothing() {
    let world = world();
    world.store.interrupt();
    for (name, call) in CALLS {
        assert!(matches!(call(&world.store, &record()), Err(StoreError::Closed)), "{name}");
    }
    assert!(matches!(world.store.cursor(), Err(StoreError::Closed)));
    assert!(matches!(world.pull(&[]), Err(StoreError::Closed)));
}
