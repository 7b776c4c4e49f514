//! A computer that the practice told to forget it forgets it, and gives its word, also when it was off meanwhile.

use std::sync::Arc;

use practice::Code;
use workstation::screen::{LockReason, Phase};

use super::world::{Act, Desk, World};

/// The practice's list of computers says this of the first: told when, and receipt from when.
fn standing(world: &World) -> (bool, bool) {
    let list = world.host.tell(&["workstation", "list"], "");
    let first = &list["workstations"][0];
    (!first["wipe_ordered"].is_null(), !first["wiped"].is_null())
}

fn order(world: &World) {
    let list = world.host.tell(&["workstation", "list"], "");
    world.host.tell(&["workstation", "wipe", list["workstations"][0]["id"].as_str().unwrap()], "");
    assert_eq!(standing(world), (true, false));
}

fn is_gone(desk: &Desk) {
    let state = desk.ws.state();
    assert_eq!((state.phase, state.forgotten), (Phase::Unenrolled, true), "its first screen says so");
    let left: Vec<_> =
        desk.files().into_iter().map(|(path, _)| path).filter(|path| !path.ends_with("vault.lock")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(desk.keychain.count(), 0);
}

/// Until the receipt is there; the list is the admin's only sight of it.
async fn receipt(world: &World) {
    let arrived = async {
        while !standing(world).1 || world.desk.home.path().join("receipt.json").exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), arrived).await.expect("the receipt arrives");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_at_work_a_locked_one_and_one_that_was_off_forget_the_practice_and_say_so() {
    for state in ["at work", "locked", "off"] {
        let mut world = World::at_work("desk").await;
        match state {
            "locked" => drop(world.desk.ws.lock(LockReason::Asked)),
            "off" => {
                order(&world);
                world.desk.restart();
            }
            _ => {}
        }
        let driver = tokio::spawn(Arc::clone(&world.desk.ws).keep_in_step());
        if state != "off" {
            order(&world);
        }
        receipt(&world).await;
        is_gone(&world.desk);
        driver.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_or_a_sign_in_alone_is_contact_enough() {
    for sync in [true, false] {
        let world = World::at_work("desk").await;
        order(&world);
        let refused = match sync {
            true => world.desk.ws.sync_once().await.unwrap_err(),
            false => world.desk.sign_in(world.host.account("desk2")).await.unwrap_err(),
        };
        assert_eq!(refused.code, Code::WipeOrdered);
        assert_eq!(standing(&world), (true, true));
        is_gone(&world.desk);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_did_not_get_through_is_sent_after_the_next_start_whoever_the_computer_belongs_to_then() {
    let mut world = World::at_work("desk").await;
    order(&world);
    world.gate.rule(|asked| if asked == "POST /wiped" { Act::Cut } else { Act::Pass });
    assert_eq!(world.desk.ws.sync_once().await.unwrap_err().code, Code::WipeOrdered);
    assert_eq!(world.desk.ws.state().phase, Phase::Unenrolled);
    assert_eq!(world.desk.keychain.count(), 0);
    assert_eq!(standing(&world), (true, false));
    world.desk.restart();
    world.desk.enrol(&world.gate.url, &world.gate.ca_pem, &world.host.code()).await.unwrap();
    world.gate.open();
    let driver = tokio::spawn(Arc::clone(&world.desk.ws).keep_in_step());
    receipt(&world).await;
    assert_eq!(world.desk.ws.state().phase, Phase::SignedOut, "who enrolled it again meanwhile is not wiped for that");
    driver.abort();
}
