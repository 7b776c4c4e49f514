use practice::resource::ResourceType;

use super::*;
use crate::store::{Accepted, Member, NewMember, Password, StoreError};

#[test]
fn each_write_is_the_next_version_and_the_next_in_the_feed() {
    let mut office = office();
    let first = office.store.accept(&[resource("Patient/a", ""), resource("Patient/b", "")], at(0)).unwrap();
    let second = office.store.accept(&[resource("Patient/a", r#","active":true"#)], at(1)).unwrap();
    let said: Vec<_> = first.iter().chain(&second).map(|a: &Accepted| (a.key.to_string(), a.version, a.seq)).collect();
    assert_eq!(said, [("Patient/a".to_owned(), 1, 1), ("Patient/b".to_owned(), 1, 2), ("Patient/a".to_owned(), 2, 3)]);
}

#[test]
fn a_batch_with_one_bad_resource_leaves_nothing() {
    let mut office = office();
    let mut bad = resource("Patient/b", "");
    bad.text = bad.text.replace("Patient", "Person");
    assert!(office.store.accept(&[resource("Patient/a", ""), bad], at(0)).is_err());
    let again = office.store.accept(&[resource("Patient/a", "")], at(0)).unwrap();
    assert_eq!((again[0].version, again[0].seq), (1, 1));
}

#[test]
fn what_is_taken_is_no_larger_than_a_workstation_takes() {
    use practice::text::{MAX_RESOURCE_BYTES, check};
    let mut office = office();
    let empty = resource("Binary/a", r#","data":"""#).text.len();
    let with = |more: usize| resource("Binary/a", &format!(r#","data":"{}""#, "x".repeat(more)));
    let full = with(MAX_RESOURCE_BYTES - empty);
    assert!(check(full.text.as_bytes()).is_ok(), "as it comes, it is small enough");
    assert!(matches!(office.store.accept(&[full], at(0)), Err(StoreError::Refused(_))));
    let key = office.store.accept(&[with(MAX_RESOURCE_BYTES - empty - 100)], at(0)).unwrap().remove(0).key;
    assert!(check(office.store.read(&key).unwrap().unwrap().text.as_bytes()).is_ok());
}

#[test]
fn an_identifier_means_one_resource_or_none() {
    let mut office = office();
    let npi = |id: &str, value: &str| {
        resource(&format!("Practitioner/{id}"), &format!(r#","identifier":[{{"system":"urn:npi","value":"{value}"}}]"#))
    };
    office.store.accept(&[npi("a", "1"), npi("b", "2"), npi("c", "2")], at(0)).unwrap();
    let find =
        |token| office.store.resolve_identifier(ResourceType::PRACTITIONER, token).unwrap().map(|k| k.to_string());
    assert_eq!(find("urn:npi|1").as_deref(), Some("Practitioner/a"));
    assert_eq!(find("urn:npi|2"), None, "two carry it");
    assert_eq!(find("urn:other|1"), None);
    office.store.accept(&[npi("c", "3")], at(1)).unwrap();
    let find =
        |token| office.store.resolve_identifier(ResourceType::PRACTITIONER, token).unwrap().map(|k| k.to_string());
    assert_eq!(find("urn:npi|2").as_deref(), Some("Practitioner/b"), "an old version's identifier is forgotten");
}

#[test]
fn the_file_opens_with_its_own_key_alone_and_holds_no_plain_text() {
    let mut office = office_in_a_file();
    office.store.accept(&[resource("Patient/a", r#","name":[{"family":"Canarybird"}]"#)], at(0)).unwrap();
    let id = office.store.practice().clone();
    drop(office.store);
    let bytes = std::fs::read(office.dir.database(&id)).unwrap();
    assert!(!bytes.windows(7).any(|w| w.eq_ignore_ascii_case(b"canaryb") || w == b"SQLite "));
    PracticeStore::open(&office.dir, &id).unwrap();
    let other = DataDir::open_or_create(&office.root.path().join("other")).unwrap();
    for file in [office.dir.database(&id), office.dir.wrapped_key(&id)] {
        std::fs::copy(&file, office.root.path().join("other/practices").join(file.file_name().unwrap())).unwrap();
    }
    assert!(matches!(PracticeStore::open(&other, &id), Err(StoreError::OperatorKey)));
    let missing = PracticeId::parse("practice-2").unwrap();
    assert!(matches!(PracticeStore::open(&office.dir, &missing), Err(StoreError::NoPractice)));
}

#[test]
fn a_member_is_found_by_address_in_any_case() {
    let mut office = office();
    let new = |email, id| NewMember {
        id: practice::ids::MemberId::parse(id).unwrap(),
        email,
        name: "Ana Ray",
        role: practice::Role::Provider,
        practitioner: None,
        password: Some(Password::chosen("a long password".into()).unwrap().hash()),
    };
    office.store.add_member(new(" Ana@Example.org", "m1"), at(0)).unwrap();
    let found: Member = office.store.member_by_email("ANA@example.ORG").unwrap().unwrap();
    assert!(Password::typed("a long password".into()).is(found.password.as_ref()));
    assert!(office.store.add_member(new("ana@example.org", "m2"), at(0)).is_err(), "the address is taken");
    for bad in ["", "ana", "@x", "a b@x", "a@x\r\nBcc: y"] {
        assert!(office.store.add_member(new(bad, "m3"), at(0)).is_err(), "{bad:?}");
    }
    assert_eq!(office.store.members().unwrap().len(), 1);
}

#[test]
fn a_practice_in_no_real_zone_is_not_made() {
    let office = office();
    for zone in ["Mars/Olympus", "", "../etc/passwd", "EST5EDT,M3.2.0"] {
        let new = NewPractice { id: PracticeId::parse("practice-2").unwrap(), name: "x", time_zone: zone, at: at(0) };
        assert!(PracticeStore::create(&office.dir, &new).is_err(), "{zone}");
    }
    assert_eq!(office.dir.practices().unwrap().len(), 1);
}

#[test]
fn a_full_disk_is_said_and_what_was_there_stays() {
    let mut office = office_in_a_file();
    office.store.accept(&[resource("Patient/a", "")], at(0)).unwrap();
    let pages: i64 = office.store.db.the("pragma page_count", &[], |row| row.get("page_count")).unwrap();
    office.store.db.exists(&format!("pragma max_page_count = {}", pages + 2), &[]).unwrap();
    let big: Vec<_> = (0..400)
        .map(|n| resource(&format!("Patient/p{n}"), &format!(r#","x":"{}""#, crate::random::secret())))
        .collect();
    let error = office.store.accept(&big, at(1)).unwrap_err();
    assert_eq!(error.refusal().code, practice::Code::DiskFull);
    assert!(office.store.read(&resource("Patient/a", "").key).unwrap().is_some());
    assert!(office.store.read(&resource("Patient/p0", "").key).unwrap().is_none(), "nothing is half written");
}
