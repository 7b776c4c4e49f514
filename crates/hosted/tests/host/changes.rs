//! Pushes: what is stored, what is refused, and what a repeat hears.

use practice::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Host, appointment, code, member, patient};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_is_read_back_byte_for_byte_except_meta() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let text = "{ \"resourceType\":\"Patient\",\n \"id\":\"p1\", \"x\" : [1.10, 1e2, \"\\u00e9\u{1F600}\"], \"unknown\":{\"z\":null,\"a\":1} }";
    let mut bundle = host
        .bundle(&desk, Role::FrontDesk, "c1", &[(json!({"resourceType": "Patient", "id": "p1"}), None)])
        .to_string();
    // Another crate of the same build may have asked serde_json to keep the order of members.
    for written in [r#"{"id":"p1","resourceType":"Patient"}"#, r#"{"resourceType":"Patient","id":"p1"}"#] {
        bundle = bundle.replace(written, text);
    }
    assert!(bundle.contains("1.10"));
    let response = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(bundle)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let read = host.ask(Method::GET, "/fhir/Patient/p1", Some(&desk.token), None).await;
    assert_eq!(read.headers()["etag"], "W/\"1\"");
    assert_eq!(read.headers()["x-epoch"], desk.joined.epoch.as_str());
    let now = host.now();
    let stamped =
        text.replace("\"a\":1} }", &format!("\"a\":1}},\"meta\":{{\"versionId\":\"1\",\"lastUpdated\":\"{now}\"}} }}"));
    assert_eq!(read.text().await.unwrap(), stamped);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_tells_each_entrys_version_and_text() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let (status, answer) = host.push(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["type"], "transaction-response");
    assert_eq!(answer["entry"][0]["response"]["status"], "201");
    assert_eq!(answer["entry"][0]["response"]["etag"], "W/\"1\"");
    assert_eq!(answer["entry"][0]["resource"]["meta"]["versionId"], "1");
    assert_eq!(answer["entry"][1]["resource"]["resourceType"], "Provenance");
    let (_, answer) = host.push(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Rae"), Some(1))]).await;
    assert_eq!(answer["entry"][0]["response"]["status"], "200");
    assert_eq!(answer["entry"][0]["response"]["etag"], "W/\"2\"");
    let (_, first) = host.get("/fhir/Patient/p1/_history/1", &desk.token).await;
    assert_eq!(first["name"][0]["family"], "Ray");
    let (_, history) = host.get("/fhir/Patient/p1/_history", &desk.token).await;
    let versions: Vec<_> =
        history["entry"].as_array().unwrap().iter().map(|e| e["resource"]["meta"]["versionId"].clone()).collect();
    assert_eq!(versions, ["2", "1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_older_version_is_a_conflict_and_leaves_nothing() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.push(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).await;
    host.push(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Rae"), Some(1))]).await;
    let new = patient("p2", "New");
    for (change, base) in [("c3", Some(1)), ("c4", Some(3)), ("c5", None)] {
        let (status, outcome) =
            host.push(&desk, Role::FrontDesk, change, &[(new.clone(), None), (patient("p1", "Roe"), base)]).await;
        assert_eq!((status, code(&outcome)), (StatusCode::PRECONDITION_FAILED, "conflict"), "base {base:?}");
        assert_eq!(outcome["issue"][0]["expression"][0], "Bundle.entry[1]");
    }
    let (status, outcome) = host.push(&desk, Role::FrontDesk, "c6", &[(patient("p9", "Gone"), Some(1))]).await;
    assert_eq!((status, code(&outcome)), (StatusCode::PRECONDITION_FAILED, "conflict"));
    assert_eq!(host.get("/fhir/Patient/p2", &desk.token).await.0, StatusCode::NOT_FOUND, "nothing half written");
    assert_eq!(host.get("/fhir/Provenance/c3", &desk.token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_again_and_writes_nothing() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let bundle = host.bundle(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).to_string();
    let first = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(bundle.clone())).await.text().await.unwrap();
    host.push(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Rae"), Some(1))]).await;
    host.pass(60);
    host.store(&desk.practice).stop_member(&member("elm", Role::FrontDesk), host.now()).unwrap();
    let again = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(bundle)).await.text().await.unwrap();
    assert_eq!(first, again);
    let (_, read) = host.get("/fhir/Patient/p1", &desk.token).await;
    assert_eq!(read["name"][0]["family"], "Rae");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_repeats_at_once_are_one_change() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let bundle = host.bundle(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).to_string();
    let tries = (0..16).map(|_| {
        let request = host.client.post(format!("{}/fhir", host.url)).bearer_auth(&desk.token).body(bundle.clone());
        tokio::spawn(async move { request.send().await.unwrap().text().await.unwrap() })
    });
    let mut answers = Vec::new();
    for answer in tries.collect::<Vec<_>>() {
        answers.push(answer.await.unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let (_, history) = host.get("/fhir/_history", &desk.token).await;
    assert_eq!(history["entry"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_has_one_appointment_at_a_time_unless_overbooked_with_a_reason() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let book = |id: &str, who: &str, from: &str, to: &str| (appointment(id, who, from, to), None);
    let mut overbooked = appointment("a7", "d1", "09:05", "09:20");
    overbooked["extension"] = json!([{"url": "urn:shadowchart:overbook", "valueString": "sick child"}]);
    let mut no_reason = appointment("a8", "d1", "09:05", "09:20");
    no_reason["extension"] = json!([{"url": "urn:shadowchart:overbook", "valueString": " "}]);
    let mut cancelled = appointment("a9", "d1", "09:00", "09:15");
    cancelled["status"] = json!("cancelled");
    for (change, write, taken) in [
        ("c1", book("a1", "d1", "09:00", "09:15"), true),
        ("c2", book("a2", "d1", "09:10", "09:20"), false),
        ("c3", book("a3", "d1", "08:55", "09:30"), false),
        ("c4", book("a4", "d1", "09:15", "09:30"), true),
        ("c5", book("a5", "d1", "08:45", "09:00"), true),
        ("c6", book("a6", "d2", "09:00", "09:15"), true),
        ("c7", (overbooked, None), true),
        ("c8", (no_reason, None), false),
        ("c9", (cancelled, None), true),
    ] {
        let (status, answer) = host.push(&desk, Role::FrontDesk, change, &[write]).await;
        let expected = if taken { (StatusCode::OK, "none") } else { (StatusCode::CONFLICT, "overlap") };
        assert_eq!((status, code(&answer)), expected, "{change}");
    }
    assert_eq!(host.get("/fhir/Appointment/a2", &desk.token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_overlap_keeps_nobody_from_arriving_but_a_move_into_taken_time_is_refused() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.seed(
        &desk.practice,
        &[
            appointment("a1", "d1", "09:00", "09:30"),
            appointment("a2", "d1", "09:15", "09:45"),
            appointment("a3", "d1", "11:00", "11:15"),
        ],
    );
    let mut arrived = appointment("a2", "d1", "09:15", "09:45");
    arrived["status"] = json!("arrived");
    assert_eq!(host.push(&desk, Role::FrontDesk, "c1", &[(arrived, Some(1))]).await.0, StatusCode::OK);
    let moved = appointment("a3", "d1", "09:00", "09:15");
    assert_eq!(host.push(&desk, Role::FrontDesk, "c2", &[(moved.clone(), Some(1))]).await.0, StatusCode::CONFLICT);
    let mut cancelled = appointment("a1", "d1", "09:00", "09:30");
    cancelled["status"] = json!("cancelled");
    let swap = [(moved, Some(1)), (cancelled, Some(1))];
    assert_eq!(
        host.push(&desk, Role::FrontDesk, "c3", &swap).await.0,
        StatusCode::OK,
        "one change frees the time it takes"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_book_the_same_time_at_once_are_not_both_told_yes() {
    let host = Host::start().await;
    let (one, two) = (host.enrol("elm").await, host.enrol("elm").await);
    for round in 0..8 {
        let from = format!("{:02}:00", 8 + round);
        let to = format!("{:02}:30", 8 + round);
        let (left, right) = (format!("l{round}"), format!("r{round}"));
        let (writes_l, writes_r) =
            ([(appointment(&left, "d1", &from, &to), None)], [(appointment(&right, "d1", &from, &to), None)]);
        let (left, right) = tokio::join!(
            host.push(&one, Role::FrontDesk, &left, &writes_l),
            host.push(&two, Role::FrontDesk, &right, &writes_r)
        );
        let mut codes = [left.0, right.0];
        codes.sort();
        assert_eq!(codes, [StatusCode::OK, StatusCode::CONFLICT], "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_made_by_its_own_member_at_its_own_workstation() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    let send = async |bundle: Value, token: &str| {
        let response = host.ask(Method::POST, "/fhir", Some(token), Some(bundle.to_string())).await;
        let status = response.status();
        (status, code(&response.json::<Value>().await.unwrap()).to_owned())
    };
    let forbidden = (StatusCode::FORBIDDEN, "forbidden".to_owned());
    let good = host.bundle(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]);
    assert_eq!(send(good.clone(), &other.token).await, forbidden, "another workstation's change");
    let provider = host.sign_in(&desk, Role::Provider).await.access_token;
    assert_eq!(send(good.clone(), &provider).await, forbidden, "another member's change");
    let foreign = good.to_string().replace("elm-front-desk", "oak-front-desk");
    assert_eq!(
        send(serde_json::from_str(&foreign).unwrap(), &desk.token).await,
        forbidden,
        "another practice's member"
    );
    host.store(&desk.practice).stop_member(&member("elm", Role::FrontDesk), host.now()).unwrap();
    assert_eq!(send(good, &desk.token).await, (StatusCode::FORBIDDEN, "member_stopped".to_owned()));
    assert_eq!(host.get("/fhir/Patient/p1", &desk.token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_by_urn_becomes_the_entry_it_means_and_an_unknown_one_is_refused() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let (ray, visit) =
        ("urn:uuid:0e9b3d52-0000-4000-8000-000000000001", "urn:uuid:0e9b3d52-0000-4000-8000-000000000002");
    let mut booked = appointment("a1", "dr1", "09:00", "09:30");
    booked["participant"].as_array_mut().unwrap().push(json!({"actor": {"reference": ray}, "status": "accepted"}));
    booked["comment"] = json!(ray);
    let mut bundle = host.bundle(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None), (booked, None)]);
    bundle["entry"][0]["fullUrl"] = json!(ray);
    bundle["entry"][1]["fullUrl"] = json!(visit);
    bundle["entry"][2]["resource"]["target"] = json!([{"reference": ray}, {"reference": visit}]);
    let mut stray = bundle.clone();
    stray["entry"][0]["fullUrl"] = json!("urn:uuid:0e9b3d52-0000-4000-8000-000000000009");
    let answer = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(stray.to_string())).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let answer = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(bundle.to_string())).await;
    assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    let (_, read) = host.get("/fhir/Appointment/a1", &desk.token).await;
    let actors: Vec<&str> =
        read["participant"].as_array().unwrap().iter().map(|p| p["actor"]["reference"].as_str().unwrap()).collect();
    assert!(actors.contains(&"Patient/p1"), "{actors:?}");
    assert_eq!(read["comment"], ray, "only references are rewritten");
    let (_, told) = host.get("/fhir/Provenance/c1", &desk.token).await;
    assert_eq!(told["target"], json!([{"reference": "Patient/p1"}, {"reference": "Appointment/a1"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_that_cannot_be_arbitrated_is_refused() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let good = appointment("a1", "dr1", "09:00", "09:30");
    let with = |path: &str, value: Value| {
        let mut visit = good.clone();
        *visit.pointer_mut(path).unwrap() = value;
        visit
    };
    for (what, visit, status) in [
        ("no status of the ten", with("/status", json!("foo")), StatusCode::UNPROCESSABLE_ENTITY),
        ("ends before it starts", with("/end", json!("2026-11-22T08:30:00-05:00")), StatusCode::UNPROCESSABLE_ENTITY),
        ("ends when it starts", with("/end", good["start"].clone()), StatusCode::UNPROCESSABLE_ENTITY),
        ("no end", with("/end", Value::Null), StatusCode::UNPROCESSABLE_ENTITY),
        ("a start that is none", with("/start", json!("soon")), StatusCode::UNPROCESSABLE_ENTITY),
        (
            "a provider by address",
            with("/participant/0/actor/reference", json!("https://h.test/fhir/Practitioner/dr1")),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("as it should be", good.clone(), StatusCode::OK),
    ] {
        assert_eq!(host.push(&desk, Role::FrontDesk, "c1", &[(visit, None)]).await.0, status, "{what}");
    }
}
