//! What was half typed outlives the page, the lock and the program; it is its author's alone.

use std::sync::Arc;

use practice::Code;
use workstation::screen::{Came, LeftOff, LockReason, Phase};

use super::world::{Desk, World};

const HALF: &str = r#"{"draft":"Zweifelhaft, half a booking"}"#;

fn leave(desk: &Desk, unfinished: bool) {
    desk.ws.leave_off(LeftOff { unfinished, page: HALF.into() }).unwrap();
}

fn came(page: Option<&str>, unfinished: &[&str]) -> Came {
    Came { page: page.map(str::to_owned), unfinished: unfinished.iter().map(|&name| name.to_owned()).collect() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_comes_back_to_it_and_another_learns_only_whose_it_is() {
    let mut world = World::at_work("desk").await;
    let (front, clinical) = (world.host.account("desk"), world.host.account("desk2"));
    assert_eq!(world.desk.ws.left_off().unwrap(), came(None, &[]));
    leave(&world.desk, true);
    world.desk.ws.lock(LockReason::Asked);
    assert_eq!(world.desk.ws.left_off().unwrap_err().code, Code::Locked);
    world.desk.unlock(&front, &front.password).await.unwrap();
    assert_eq!(world.desk.ws.left_off().unwrap(), came(Some(HALF), &[]));

    world.desk.restart();
    world.desk.sign_in(clinical).await.unwrap();
    assert_eq!(world.desk.ws.left_off().unwrap(), came(None, &["Frankie Desk"]));
    world.desk.restart();
    world.desk.sign_in(front.clone()).await.unwrap();
    assert_eq!(world.desk.ws.left_off().unwrap(), came(Some(HALF), &[]));
    leave(&world.desk, false);
    world.desk.restart();
    world.desk.sign_in(world.host.account("desk2")).await.unwrap();
    assert_eq!(world.desk.ws.left_off().unwrap(), came(None, &[]), "what is finished concerns nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_handed_over_is_closed_and_the_next_member_has_their_own() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    leave(&world.desk, true);
    let state = ws.lock(LockReason::HandedOver);
    assert_eq!((state.phase, state.lock_reason), (Phase::Locked, Some(LockReason::HandedOver)));
    assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
    assert_eq!(ws.lock(LockReason::Asked).lock_reason, Some(LockReason::HandedOver), "why it closed stays why");
    let state = world.desk.sign_in(world.host.account("desk2")).await.unwrap();
    assert_eq!(state.me.unwrap().tile.email, "desk2@example.test");
    assert_eq!(ws.left_off().unwrap(), came(None, &["Frankie Desk"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_has_written_it_down_before() {
    let world = World::at_work("desk").await;
    let watch = tokio::spawn(Arc::clone(&world.desk.ws).watch_idle());
    leave(&world.desk, true);
    // Another program on the same folder reads what is on disk while this one goes on.
    let beside =
        workstation::Workstation::open(world.desk.home.path(), world.desk.keychain.clone(), world.desk.clock.clone())
            .unwrap();
    let me = world.host.account("desk");
    let credentials = workstation::Credentials { email: me.email, password: super::world::password(&me.password) };
    beside.sign_in(credentials).await.unwrap();
    let reads = async |wanted: &str| {
        while beside.left_off().unwrap() != came(Some(wanted), &[]) {
            tokio::task::yield_now().await;
        }
    };
    let minute = std::time::Duration::from_secs(60);
    tokio::time::timeout(minute, reads(HALF)).await.expect("it is written down");
    // Booked at last: begun again from the vault it would be booked twice.
    world.desk.ws.leave_off(LeftOff { unfinished: false, page: "{}".into() }).unwrap();
    tokio::time::timeout(minute, reads("{}")).await.expect("its end is written down too");
    watch.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_on_disk_in_no_readable_form_and_of_no_size() {
    let world = World::at_work("desk").await;
    leave(&world.desk, true);
    world.desk.ws.lock(LockReason::Asked);
    for (path, bytes) in world.desk.files() {
        assert!(!bytes.windows(11).any(|window| window == b"Zweifelhaft"), "{}", path.display());
    }
    let me = world.host.account("desk");
    world.desk.unlock(&me, &me.password).await.unwrap();
    let longest = "\u{1f9d1}".repeat(practice::note::MOST);
    world.desk.ws.leave_off(LeftOff { unfinished: true, page: longest }).expect("the longest note, half written");
    let huge = LeftOff { unfinished: true, page: "x".repeat(1024 * 1024 + 1) };
    assert_eq!(world.desk.ws.leave_off(huge).unwrap_err().code, Code::Invalid);
}
