use std::{fs, os::unix::fs::PermissionsExt};

use super::*;
use crate::store::tests::{at, office};

const DAY: i64 = 86_400;

#[test]
fn the_certificate_names_this_machine_and_what_the_operator_asked_for() {
    let office = office();
    let made = ensure(&office.dir.tls(), &["Host.Example.org".to_owned(), "192.0.2.7".to_owned()], at(0)).unwrap();
    let names = server::facts(&made.server).unwrap().names;
    for name in ["localhost", "127.0.0.1", "::1", "host.example.org", "192.0.2.7"] {
        assert!(names.iter().any(|n| n == name), "{name} is not among {names:?}");
    }
    for key in ["ca.key", "server.pem"] {
        let mode = fs::metadata(office.dir.tls().join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    tls_config(&made.server).unwrap();
}

#[test]
fn it_is_made_anew_when_it_ends_soon_or_a_name_is_added_and_by_the_same_authority() {
    let office = office();
    let made = ensure(&office.dir.tls(), &["one.test".to_owned()], at(0)).unwrap();
    let read = || (fs::read(&made.ca).unwrap(), fs::read(&made.server).unwrap());
    let first = read();
    ensure(&office.dir.tls(), &[], at(366 * DAY)).unwrap();
    assert_eq!(read(), first, "31 days are left");
    ensure(&office.dir.tls(), &[], at(368 * DAY)).unwrap();
    let second = read();
    assert!(second.0 == first.0 && second.1 != first.1, "29 days are left");
    assert!(server::facts(&made.server).unwrap().names.contains(&"one.test".to_owned()), "names are kept");
    ensure(&office.dir.tls(), &["two.test".to_owned()], at(368 * DAY)).unwrap();
    let third = read();
    assert!(third.0 == first.0 && third.1 != second.1, "a name was added");
}

#[test]
fn what_is_no_host_name_is_refused_in_words() {
    let office = office();
    for name in ["", "a b", "-x.test", "x..test", "*.test", "host_name", "é.test"] {
        assert!(ensure(&office.dir.tls(), &[name.to_owned()], at(0)).is_err(), "{name:?}");
    }
}

#[test]
fn a_second_authority_signs_when_it_is_told_to_and_the_first_until_then_and_again() {
    let office = office();
    let tls = office.dir.tls();
    let issuer = || server::facts(&ensure(&tls, &[], at(0)).unwrap().server).unwrap().issuer;
    let first = issuer();
    for refused in [Step::Switch, Step::Retire] {
        assert!(step(&tls, refused, at(0)).is_err(), "{refused:?}");
    }
    let both = step(&tls, Step::Next, at(0)).unwrap();
    assert_eq!(both.matches("BEGIN CERTIFICATE").count(), 2);
    assert_eq!(step(&tls, Step::Next, at(0)).unwrap(), both, "there is one already");
    assert_eq!(issuer(), first);
    step(&tls, Step::Switch, at(0)).unwrap();
    let second = issuer();
    assert_ne!(second, first);
    step(&tls, Step::Switch, at(0)).unwrap();
    assert_eq!(issuer(), first, "and back");
    step(&tls, Step::Switch, at(0)).unwrap();
    let alone = step(&tls, Step::Retire, at(0)).unwrap();
    assert_eq!((alone.matches("BEGIN CERTIFICATE").count(), issuer()), (1, second));
    let keys = fs::read_to_string(tls.join("ca.key")).unwrap();
    assert_eq!(keys.matches("BEGIN PRIVATE KEY").count(), 1, "the key of the other is gone");
    assert_eq!(fs::metadata(tls.join("ca.key")).unwrap().permissions().mode() & 0o777, 0o600);
}
