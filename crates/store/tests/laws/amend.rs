//! What the host refused is written anew, and sent as it then is.

use practice::Code;
use store::StoreError;

use crate::world::{World, appointment, at, change, key, provenance, record};

fn refused() -> World {
    let world = World::new();
    world.pull(&[("Appointment/a1", "1", Some(&appointment("a1", 0, 15, "booked")))]).unwrap();
    world.edit("c1", "Appointment/a1", &appointment("a1", 30, 15, "booked"), Some("1")).unwrap();
    world.next().unwrap();
    world
}

#[test]
fn a_refused_change_is_sent_with_its_new_texts() {
    let world = refused();
    assert_eq!(world.store.refused(&change("c1")).unwrap(), None);
    world.store.set_aside(&change("c1"), Code::Overlap, "taken", at(2)).unwrap();
    let (code, keys) = world.store.refused(&change("c1")).unwrap().unwrap();
    assert_eq!((code, &keys[..]), (Code::Overlap, &[key("Appointment/a1")][..]));
    let (text, note) = (appointment("a1", 45, 15, "booked"), provenance("c1", "Appointment/a1"));
    let texts = [(key("Appointment/a1"), &text[..]), (key("Provenance/c1"), &note[..])];
    world.store.amend(&change("c1"), &texts, "Another time", &record()).unwrap();
    assert_eq!(world.text_of("Appointment/a1").as_deref(), Some(&text[..]));
    assert_eq!(world.store.outbox(&record()).unwrap()[0].what, "Another time");
    let (id, bundle) = world.next().unwrap();
    assert!(id == "c1" && bundle.contains(&text) && bundle.contains(r#""ifMatch":"W/\"1\"""#), "{bundle}");
}

#[test]
fn what_was_not_refused_or_is_built_upon_or_is_another_record_stays_as_it_is() {
    let world = refused();
    let text = appointment("a1", 45, 15, "booked");
    let amend = |id: &str, reference: &str, text: &str| {
        let before = world.dump_all();
        let outcome = world.store.amend(&change(id), &[(key(reference), text)], "Another time", &record());
        assert_eq!(world.dump_all(), before);
        outcome.unwrap_err()
    };
    assert!(matches!(amend("c1", "Appointment/a1", &text), StoreError::NoSuchChange), "the host may have it");
    world.store.set_aside(&change("c1"), Code::Overlap, "taken", at(2)).unwrap();
    assert!(matches!(amend("c9", "Appointment/a1", &text), StoreError::NoSuchChange));
    assert!(matches!(amend("c1", "Appointment/a2", &appointment("a2", 0, 15, "booked")), StoreError::BadResource));
    assert!(matches!(amend("c1", "Appointment/a1", &appointment("a2", 0, 15, "booked")), StoreError::BadResource));
    world.edit("c2", "Appointment/a1", &text, Some("local-c1")).unwrap();
    assert!(matches!(amend("c1", "Appointment/a1", &text), StoreError::LaterChange));
}
