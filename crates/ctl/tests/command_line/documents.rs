//! What each command prints for scripts.

use serde_json::Value;

use super::desk::Desk;

fn has(document: &Value, names: &[&str]) {
    for name in names {
        assert!(document.get(name).is_some(), "{name} is missing in {document}");
    }
}

#[test]
fn every_command_prints_the_document_of_its_contract() {
    let mut desk = Desk::new();
    let unhealthy = desk.plain(&["diagnose"]);
    assert_eq!((unhealthy.status, &unhealthy.document()["findings"][0]["code"]), (6, &"not_enrolled".into()));
    assert!(!std::path::Path::new(&desk.folder()).exists(), "a diagnosis makes nothing");
    has(&desk.enrol(&desk.host.code()).done(), &["phase", "practice"]);
    let sync = desk.run(&["sync"]).done();
    has(&sync, &["pulled", "pushed", "conflicts", "set_aside", "duration_ms"]);
    assert_eq!(sync["pulled"], desk.host.resources());
    let status = desk.run(&["status"]).done();
    has(
        &status,
        &[
            "practice",
            "host",
            "reachable",
            "last_synced",
            "stale",
            "cursor",
            "pending",
            "attention",
            "policy_version",
            "lease_ends",
            "checked",
            "findings",
        ],
    );
    assert_eq!((&status["reachable"], &status["pending"]), (&true.into(), &0.into()));

    let figures = desk.run(&["bench"]).done();
    assert!(figures["figures"].as_array().is_some_and(|all| all.len() == 5), "{figures}");
    has(&figures["figures"][1], &["what", "p50_ms", "p95_ms", "limit_ms", "ok"]);

    let patient = desk.patient();
    has(&desk.run(&["find", "a"]).done()["patients"][0], &["id", "name", "birth_date", "phone", "record_number"]);
    has(
        &desk.run(&["chart", &patient]).done(),
        &[
            "patient",
            "as_of",
            "problems",
            "allergies",
            "medications",
            "immunizations",
            "vitals",
            "labs",
            "visits",
            "notes",
            "documents",
        ],
    );
    let booked = desk.book(&patient, "03:00").done();
    assert_eq!((&booked["resourceType"], &booked["provisional"]), (&"Appointment".into(), &false.into()));
    let id = booked["id"].as_str().unwrap();
    let day = desk.run(&["day", "--date", "2027-12-24"]).done();
    has(&day, &["date", "as_of", "appointments"]);
    let card = &day["appointments"][0];
    has(card, &["id", "start", "end", "status", "practitioner", "patient", "provisional"]);
    assert_eq!((&card["id"], &card["patient"]["id"]), (&id.into(), &patient.as_str().into()));
    let found = desk.run(&["openings", "--practitioner", &desk.host.practitioner(), "--minutes", "30"]).done();
    has(&found["openings"][0], &["start", "end", "practitioner", "confidence"]);
    assert_eq!(found["openings"][0]["confidence"], "fresh");
    let asked = desk.run(&["openings", "--words", "45 min mornings purple"]).done();
    assert_eq!(
        (&asked["wish"], &asked["not_understood"][0]),
        (&"45 min with any provider, mornings".into(), &"purple".into())
    );
    let moved = desk.run(&["move", id, "--start", "2027-12-24T04:00"]).done();
    assert!(moved["start"].as_str().unwrap().starts_with("2027-12-24T04:00:00"), "{moved}");
    let confirmed = desk.run(&["status-of", id, "confirmed", "--comment", "called back"]).done();
    assert_eq!(confirmed["status"], "booked", "{confirmed}");
    desk.host.kill();
    let cancelled = desk.run(&["status-of", id, "cancelled", "--comment", "ill"]).done();
    assert_eq!((&cancelled["status"], &cancelled["provisional"]), (&"cancelled".into(), &true.into()));
    let outbox = desk.run(&["outbox"]).done();
    assert_eq!(outbox["entries"].as_array().unwrap().len(), 1);
    has(&outbox["entries"][0], &["change", "what", "since", "who", "owner", "trouble", "tries"]);
    desk.host.resume();
    assert_eq!(desk.run(&["sync"]).done()["pushed"], 1);
    assert_eq!(desk.run(&["attention"]).done()["items"], Value::Array(Vec::new()));
    let story = desk.run(&["show", &format!("Appointment/{id}"), "--history"]).done();
    let whats: Vec<_> = story["entries"].as_array().unwrap().iter().map(|line| &line["what"]).collect();
    let told = [
        "cancelled: ill",
        "confirmed by the patient",
        "moved from 24 Dec 3:00 to 24 Dec 4:00",
        "booked for 24 Dec 3:00",
    ];
    assert_eq!(whats, told);
    has(&story["entries"][0], &["at", "who", "what", "say"]);
    let audit = desk.run_as(&desk.host.account("admin"), &["audit", "--verify"]).done();
    has(&audit, &["events"]);
    assert_eq!((&audit["verified"], &audit["broken"], &audit["refused"]), (&true.into(), &Value::Null, &Value::Null));
    let healthy = serde_json::json!({"healthy": true, "findings": []});
    assert_eq!(desk.plain(&["diagnose"]).done(), healthy);
    assert_eq!(desk.run(&["diagnose"]).done(), healthy, "with a member too");
    assert_eq!(desk.plain(&["wipe", "--yes"]).done()["wiped"], true);
    assert_eq!(desk.plain(&["diagnose"]).status, 6);
}
