//! An answer that is not the protocol changes nothing.

use practice::Code;
use serde_json::json;

use super::world::{Act, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_the_protocol_is_refused_and_nothing_of_it_is_stored() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let (find, synced) = (ws.find("a").unwrap(), ws.state().sync.last_synced);
    let cursor = ws.status().await.unwrap().cursor;
    let row = |resource: &str, etag: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"history","link":[{{"relation":"next","url":"/_history?cursor=x"}}],
            "entry":[{{"resource":{resource},"request":{{"method":"PUT","url":"Patient/p"}},
            "response":{{"status":"200","etag":{etag},"lastModified":"2026-11-23T09:45:00Z"}}}}]}}"#
        )
    };
    let good = row(r#"{"resourceType":"Patient","id":"p"}"#, r#""W/\"1\"""#);
    let answers: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("a web page", b"<html><body>Sign in to the hotel's network</body></html>".to_vec()),
        ("another life", b"<html>".to_vec()),
        ("binary", vec![0xff; 4096]),
        ("cut JSON", good.as_bytes()[..good.len() / 2].to_vec()),
        ("other JSON", json!({"hello": "world"}).to_string().into_bytes()),
        ("no next link", json!({"resourceType": "Bundle", "link": [], "entry": []}).to_string().into_bytes()),
        ("no version", row(r#"{"resourceType":"Patient","id":"p"}"#, r#""one""#).into_bytes()),
        ("an unknown type", row(r#"{"resourceType":"Poem","id":"p"}"#, r#""W/\"1\"""#).into_bytes()),
        ("no id", row(r#"{"resourceType":"Patient"}"#, r#""W/\"1\"""#).into_bytes()),
        ("deep", row(&format!("{}{}", "[".repeat(5000), "]".repeat(5000)), r#""W/\"1\"""#).into_bytes()),
        ("100 MB", vec![b' '; 100 << 20]),
    ];
    for (what, answer) in answers {
        world.gate.rule(move |asked| {
            let page = asked.starts_with("GET /fhir/_history");
            match what {
                _ if !page => Act::Pass,
                "another life" => Act::OfAnotherLife(200, answer.clone()),
                _ => Act::Answer(200, answer.clone()),
            }
        });
        let refused = ws.sync_once().await.unwrap_err();
        assert!(matches!(refused.code, Code::HostConfused | Code::HostUnreachable), "{what}: {refused:?}");
        assert_eq!(ws.status().await.unwrap().cursor, cursor, "{what}");
        assert_eq!(ws.state().sync.last_synced, synced, "{what}");
        assert_eq!(ws.find("a").unwrap(), find, "{what}");
    }
    world.gate.open();
    ws.sync_once().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absurd_answer_to_a_change_leaves_it_waiting() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    for answer in ["", "{}", r#"{"entry":[]}"#, r#"{"entry":[{"resource":{"resourceType":"Patient","id":"p"}}]}"#] {
        let answered = answer.as_bytes().to_vec();
        world
            .gate
            .rule(move |asked| if asked == "POST /fhir" { Act::Answer(200, answered.clone()) } else { Act::Pass });
        assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostConfused, "{answer}");
        assert_eq!(ws.outbox().unwrap().len(), 1, "{answer}");
        // When its turn comes again.
        world.desk.clock.pass(std::time::Duration::from_secs(600));
    }
    world.gate.open();
    ws.sync_once().await.unwrap();
    assert!(!ws.appointment(&booked.card.id).unwrap().card.provisional);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absurd_answer_to_a_sign_in_opens_nothing() {
    let world = World::enrolled().await;
    let me = world.host.account("desk");
    let before = world.desk.files();
    for answer in ["", "{}", "[]", r#"{"member":null}"#] {
        world.gate.rule(move |_| Act::Answer(200, answer.as_bytes().to_vec()));
        assert_eq!(world.desk.sign_in(me.clone()).await.unwrap_err().code, Code::HostConfused, "{answer}");
        assert_eq!(world.desk.files(), before, "{answer}");
    }
}
