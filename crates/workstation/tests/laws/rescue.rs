//! What was entered and could not be sent is not lost with the keychain, the file or the member.

use std::fs;

use practice::views::AppointmentStatus;
use serde_json::Value;
use workstation::screen::Phase;

use super::world::{Act, World};

fn rescue(world: &World, words: &[&str]) -> Vec<Value> {
    let words = [&["rescue"], words].concat();
    let report = world.host.tell(&words, "");
    assert_eq!(report["unreadable"], 0);
    report["changes"].as_array().unwrap().clone()
}

fn states(changes: &[Value]) -> Vec<&str> {
    changes.iter().map(|change| change["state"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_folder_whose_vault_is_gone_the_host_gets_every_change_once_also_of_a_member_who_was_stopped() {
    let world = World::at_work("desk").await;
    let desk = &world.desk;
    let sent = desk.book(&world.host.practitioner(), "02:00", None).unwrap();
    desk.ws.sync_once().await.unwrap();
    world.gate.close();
    desk.set_status(&sent.card.id, AppointmentStatus::Cancelled, Some("ill")).unwrap();
    let first = desk.book(&world.host.practitioner(), "03:00", Some("Canarynote")).unwrap();
    desk.set_status(&first.card.id, AppointmentStatus::Arrived, None).unwrap();
    desk.ws.sign_out();
    for (path, bytes) in desk.files() {
        assert!(!bytes.windows(10).any(|word| word == b"Canarynote"), "{}", path.display());
    }
    world.host.tell(&["member", "stop", &world.host.account("desk").email], "");
    let folder = desk.home.path().to_str().unwrap().to_owned();
    fs::remove_dir_all(desk.home.path().join("vault")).unwrap();

    let listed = rescue(&world, &[&folder]);
    assert_eq!(states(&listed), ["lost"; 3]);
    assert_eq!(listed[1]["comment"], "Canarynote");
    assert_eq!(states(&rescue(&world, &[&folder, "--apply"])), ["rescued"; 3]);
    assert_eq!(states(&rescue(&world, &[&folder, "--apply"])), ["arrived"; 3]);
    world.gate.open();
    let other = world.another("desk2").await;
    let now = |id: &str| other.ws.appointment(id).unwrap().card.status;
    assert_eq!(now(&sent.card.id), AppointmentStatus::Cancelled);
    assert_eq!(now(&first.card.id), AppointmentStatus::Arrived);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_host_accepted_or_a_person_took_back_is_not_left_there_and_what_builds_on_it_still_fits() {
    let world = World::at_work("desk").await;
    let desk = &world.desk;
    let sealed = || fs::read_dir(desk.home.path().join("rescue")).map_or(0, Iterator::count);
    let kept = desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    desk.set_status(&kept.card.id, AppointmentStatus::Arrived, None).unwrap();
    assert_eq!(sealed(), 2);
    // The booking gets through, what builds on it does not.
    let mut sent = 0;
    world.gate.rule(move |asked| {
        sent += usize::from(asked == "POST /fhir");
        if sent > 1 { Act::Cut } else { Act::Pass }
    });
    desk.ws.sync_once().await.unwrap_err();
    assert_eq!(sealed(), 1);
    let folder = desk.home.path().to_str().unwrap().to_owned();
    assert_eq!(states(&rescue(&world, &[&folder, "--apply"])), ["rescued"]);
    world.gate.open();
    desk.ws.sync_once().await.unwrap();
    assert_eq!(sealed(), 0);
    assert!(!desk.ws.appointment(&kept.card.id).unwrap().card.provisional);
    world.gate.close();
    let wrong = desk.book(&world.host.practitioner(), "05:00", None).unwrap();
    assert_eq!(sealed(), 1);
    desk.ws.withdraw(&wrong.change).unwrap();
    assert_eq!(sealed(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_is_wiped_gives_the_practice_what_it_had_not_sent() {
    let world = World::at_work("desk").await;
    world.gate.close();
    let lost = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    let list = world.host.tell(&["workstation", "list"], "");
    let id = list["workstations"][0]["id"].as_str().unwrap();
    world.host.tell(&["workstation", "wipe", id], "");
    world.gate.open();
    world.desk.ws.sync_once().await.unwrap_err();
    assert_eq!(world.desk.ws.state().phase, Phase::Unenrolled);
    let changes = rescue(&world, &["--workstation", id, "--apply"]);
    assert_eq!((states(&changes), changes[0]["change"].as_str().unwrap()), (vec!["rescued"], &*lost.change));
}
