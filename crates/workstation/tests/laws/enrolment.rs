//! What enrolment settled stays settled: under a file that somebody edited, nothing is sent and nothing opens.

use std::time::Duration;

use practice::Code;
use serde_json::{Value, json};
use workstation::diagnose;

use super::world::{Gate, World, password};

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_enrolment_sends_no_password_and_opens_no_chart() {
    let mut world = World::at_work("desk").await;
    let elsewhere = Gate::before(&world.host).await;
    let me = world.host.account("desk");
    let tile = world.desk.ws.state().members[0].id.clone();
    let file = world.desk.home.path().join("workstation.json");
    let settled: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let edits: [&[(&str, Value)]; 5] = [
        &[("/host", json!(elsewhere.url)), ("/ca_pem", json!(elsewhere.ca_pem))],
        &[("/ca_pem", json!(elsewhere.ca_pem))],
        // A point of the curve, so that only its being another one is wrong.
        &[("/policy_key", json!("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="))],
        &[("/zone", json!("take_home"))],
        &[("/practice/time_zone", json!("Pacific/Auckland"))],
    ];
    // What it still says of the session before goes to its own host.
    world.desk.ws.sign_out();
    let told = async {
        while !world.gate.asked().iter().any(|asked| asked == "POST /sign-out") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("the host is told");
    for edit in edits {
        let mut edited = settled.clone();
        for (field, value) in edit {
            assert_ne!(std::mem::replace(edited.pointer_mut(field).unwrap(), value.clone()), *value, "{field}");
        }
        std::fs::write(&file, edited.to_string()).unwrap();
        world.desk.restart();
        world.gate.asked();
        let files = world.desk.files();
        let signed_in = world.desk.sign_in(me.clone()).await.unwrap_err();
        let unlocked = world.desk.ws.unlock(&tile, password(&me.password)).await.unwrap_err();
        let found = diagnose(world.desk.home.path(), world.desk.keychain.clone()).await.findings;
        for said in [signed_in.code, unlocked.code, found[0].code] {
            assert_eq!(said, Code::VaultDamaged, "{edit:?}");
        }
        assert!(signed_in.say.contains("changed where this computer's host is"), "{}", signed_in.say);
        assert_eq!((elsewhere.asked(), world.gate.asked()), (Vec::new(), Vec::new()), "{edit:?}");
        assert_eq!(world.desk.files(), files, "{edit:?}");
    }
    std::fs::write(&file, settled.to_string()).unwrap();
    world.desk.restart();
    world.desk.sign_in(me).await.unwrap();
}
