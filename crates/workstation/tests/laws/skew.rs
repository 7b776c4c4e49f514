//! A host that knows more than this computer: what is not known is kept, and spoils nothing beside it.

use practice::{Code, views::AppointmentStatus};
use serde_json::{Value, json};

use super::world::{Act, World};

/// Another system of the practice puts in resources.
fn put_elsewhere(world: &World, resources: &[Value]) {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({"resource": resource})).collect();
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    std::fs::write(file.path(), bundle.to_string()).unwrap();
    let told = world.host.tell(&["import", file.path().to_str().unwrap()], "");
    assert_eq!(told["accepted"], resources.len(), "{told}");
}

fn appointment(world: &World, id: &str, status: &str) -> Value {
    json!({
        "resourceType": "Appointment", "id": id, "status": status,
        "start": "2027-12-24T04:00:00-05:00", "end": "2027-12-24T04:30:00-05:00",
        "participant": [
            {"actor": {"reference": format!("Patient/{}", world.desk.patient())}, "status": "accepted", "mood": "good"},
            {"actor": {"reference": format!("Practitioner/{}", world.host.practitioner())}, "status": "teleporting"},
        ],
        "hologram": {"depth": [1, {"of": "field"}]},
        "extension": [{"url": "urn:newer", "valueHologram": {"depth": 2}}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_program_wrote_is_kept_word_for_word_through_an_edit_here() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let basic =
        json!({"resourceType": "Basic", "id": "b1", "code": {"text": "of no screen"}, "hologram": {"depth": 3}});
    put_elsewhere(&world, &[appointment(&world, "a1", "booked"), basic]);
    ws.sync_once().await.unwrap();
    assert!(ws.show("Basic/b1").unwrap().0.contains(r#""hologram":{"depth":3}"#));
    world.desk.set_status("a1", AppointmentStatus::Arrived, None).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    let other = world.another("nurse").await;
    for reader in [ws, &other.ws] {
        let text = reader.show("Appointment/a1").unwrap().0;
        assert!(text.contains(r#""status":"arrived""#), "{text}");
        for kept in [
            r#""hologram":{"depth":[1,{"of":"field"}]}"#,
            r#""valueHologram":{"depth":2}"#,
            r#""mood":"good""#,
            "teleporting",
        ] {
            assert!(text.contains(kept), "{kept} is not in {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_not_known_here_spoils_nothing_beside_it() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let patient = world.desk.patient();
    let before = ws.chart(&patient).unwrap();
    let subject = json!({"reference": format!("Patient/{patient}")});
    put_elsewhere(
        &world,
        &[
            appointment(&world, "a1", "beamed"),
            appointment(&world, "a2", "booked"),
            json!({"resourceType": "Condition", "id": "c1", "subject": subject, "code": {"text": "Space sickness"},
                "clinicalStatus": {"coding": [{"code": "orbiting"}]}, "onsetHologram": {"depth": 1}}),
            json!({"resourceType": "Observation", "id": "o1", "subject": subject, "status": "beamed",
                "code": {"text": "Gravity"}, "valueHologram": {"depth": 1}}),
        ],
    );
    assert_eq!(ws.sync_once().await.unwrap().pulled, 4);
    let day = ws.day(Some("2027-12-24")).unwrap();
    let cards: Vec<String> = day.appointments.iter().map(|card| card.id.clone()).collect();
    assert_eq!(cards, ["a2"], "one that may stand anywhere is on no schedule");
    assert!(ws.show("Appointment/a1").unwrap().0.contains("beamed"));
    let refused = world.desk.set_status("a1", AppointmentStatus::Arrived, None).unwrap_err();
    assert_eq!(refused.code, Code::NotNow, "{}", refused.say);
    let chart = ws.chart(&patient).unwrap();
    assert_eq!(chart.allergies.len(), before.allergies.len());
    assert!(ws.show("Condition/c1").unwrap().0.contains("orbiting") && ws.show("Observation/o1").is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_in_a_role_that_is_not_known_here_holds_up_nobody_else() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let me = ws.state().me.unwrap();
    let member = |id: &str, role: &str| json!({"id": id, "name": "N", "email": "n@example.test", "role": role, "initials": "N", "color": 1});
    let answer = |list: Value| {
        let list = list.to_string().into_bytes();
        move |asked: &str| if asked == "GET /members" { Act::Answer(200, list.clone()) } else { Act::Pass }
    };
    world.gate.rule(answer(json!([member(&me.tile.id, "front_desk"), member("m9", "astronaut")])));
    // Before anything is sent, the members are asked for.
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    ws.sync_once().await.unwrap();
    world.desk.book(&world.host.practitioner(), "04:00", None).unwrap();
    world.gate.rule(answer(json!([member(&me.tile.id, "astronaut")])));
    let refused = ws.sync_once().await.unwrap_err();
    assert_eq!(refused.code, Code::WorkstationTooOld, "{}", refused.say);
    assert!(ws.day(None).is_ok(), "and works on as before");
    world.gate.rule(answer(json!([member("m9", "front_desk")])));
    ws.sync_once().await.unwrap_err();
    assert_eq!(ws.day(None).unwrap_err().code, Code::Locked, "who is not there any more is stopped");
}
