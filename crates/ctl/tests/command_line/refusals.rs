//! How a command that was not done ends.

use std::fs;

use super::desk::{Desk, shadowctl};

#[test]
fn what_is_refused_exits_with_3() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["day"]).refused(3), "not_enrolled");
    assert_eq!(desk.enrol("no such code").refused(3), "bad_code");
    desk.enrol(&desk.host.code()).done();
    assert_eq!(desk.enrol(&desk.host.code()).refused(3), "already_enrolled");
    assert_eq!(desk.plain(&["wipe"]).refused(3), "invalid");
    desk.run(&["sync"]).done();
    assert_eq!(desk.run(&["audit"]).refused(3), "forbidden");
    assert_eq!(desk.run(&["chart", "nobody"]).refused(3), "not_found");
    assert_eq!(desk.run(&["day", "--date", "someday"]).refused(3), "invalid");
    let patient = desk.patient();
    desk.book(&patient, "03:00").done();
    assert_eq!(desk.book(&patient, "03:15").refused(3), "overlap");
    let for_people = shadowctl(
        &["--home", &desk.folder(), "enrol", "--host", "http://localhost", "--ca", "/dev/null", "--code", "c"],
        "",
    );
    assert_eq!((for_people.status, for_people.out.as_str()), (3, ""));
    assert!(for_people.err.ends_with(".\n"), "a sentence on standard error: {for_people:?}");
}

#[test]
fn without_the_host_a_sync_exits_with_4_and_the_rest_goes_on() {
    let mut desk = Desk::new();
    let code = desk.host.code();
    desk.host.kill();
    assert_eq!(desk.enrol(&code).refused(4), "host_unreachable");
    desk.host.resume();
    desk.enrol(&code).done();
    desk.run(&["sync"]).done();
    desk.host.kill();
    assert_eq!(desk.run(&["sync"]).refused(4), "host_unreachable");
    assert_eq!(desk.run_as(&desk.host.account("desk2"), &["day"]).refused(4), "host_unreachable");
    assert_eq!(desk.run(&["status"]).done()["reachable"], false);
    let patient = desk.patient();
    assert_eq!(desk.book(&patient, "03:00").done()["provisional"], true);
}

#[test]
fn a_vault_that_does_not_open_exits_with_5() {
    let mut desk = Desk::at_work();
    let wrong = desk.account("guess");
    assert_eq!(desk.run_as(&wrong, &["day"]).refused(5), "wrong_password");
    desk.host.kill();
    for _ in 0..4 {
        assert_eq!(desk.run_as(&wrong, &["day"]).refused(5), "wrong_password");
    }
    assert_eq!(desk.run(&["day"]).refused(5), "too_many_attempts");
    desk.host.resume();
    let colleague = desk.host.account("desk2");
    desk.run_as(&colleague, &["sync"]).done();
    desk.host.tell(&["member", "stop", &colleague.email], "");
    assert_eq!(desk.run_as(&colleague, &["sync"]).refused(5), "member_stopped");
    desk.host.kill();
    assert_eq!(desk.run_as(&colleague, &["day"]).refused(5), "member_stopped");
    let slots = desk.home.path().join("folder/vault/slots.json");
    let whole = fs::read(&slots).unwrap();
    fs::write(&slots, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(desk.run(&["day"]).refused(5), "vault_damaged");
    let sick = desk.plain(&["diagnose"]);
    assert_eq!((sick.status, &sick.document()["healthy"]), (6, &false.into()));
    let finding = &sick.document()["findings"][0];
    assert_eq!(finding["code"], "vault_damaged");
    assert!(finding["say"].is_string() && finding["way_out"].is_string());
}

#[test]
fn no_password_is_no_password() {
    let desk = Desk::at_work();
    assert_eq!(desk.run_as(&desk.account(""), &["day"]).refused(3), "invalid");
}
