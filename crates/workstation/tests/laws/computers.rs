//! What the admin sees of the practice's computers, and does to them, from their own desk.

use std::{sync::Arc, time::Duration};

use practice::Code;
use workstation::{
    Outcome,
    screen::{Computer, ComputerChange, ComputerState, LockReason, Phase, Standing},
};

use super::world::{Desk, World, closed};

async fn set(world: &World, computer: &str, standing: Standing) -> Outcome<Computer> {
    let comment = Some("left in a taxi".into());
    world.desk.ws.set_computer(ComputerChange { computer: computer.into(), standing, comment }).await
}

/// The computer that is not the admin's, as the list has it.
async fn other(world: &World) -> Computer {
    let all = world.desk.ws.computers().await.unwrap();
    assert_eq!(all.iter().map(|one| one.here).collect::<Vec<_>>(), [true, false]);
    all.into_iter().find(|one| !one.here).unwrap()
}

fn standing(desk: &Desk) -> (Phase, Option<LockReason>) {
    let state = desk.ws.state();
    (state.phase, state.lock_reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_at_one_desk_stops_another_lets_it_work_again_and_sees_the_receipt_of_its_wipe() {
    let world = World::at_work("admin").await;
    let (desk, me) = (world.another("desk").await, world.host.account("desk"));
    let seen = other(&world).await;
    assert_eq!((seen.state, seen.told, seen.receipt), (ComputerState::Works, None, None));
    assert!(seen.last_used.is_some_and(|at| at >= seen.joined), "its sync told of a sign-in there");

    assert_eq!(set(&world, &seen.id, Standing::Stopped).await.unwrap().state, ComputerState::Stopped);
    assert_eq!(desk.ws.sync_once().await.unwrap_err().code, Code::WorkstationStopped);
    assert_eq!(standing(&desk), (Phase::Locked, Some(LockReason::WorkstationStopped)));
    assert_eq!(desk.unlock(&me, &me.password).await.unwrap_err().code, Code::WorkstationStopped);

    assert_eq!(set(&world, &seen.id, Standing::Works).await.unwrap().state, ComputerState::Works);
    desk.unlock(&me, &me.password).await.expect("it may work again");

    let told = set(&world, &seen.id, Standing::Wipe).await.unwrap();
    assert_eq!((told.state, told.receipt), (ComputerState::Forgetting, None));
    assert_eq!(desk.ws.sync_once().await.unwrap_err().code, Code::WipeOrdered);
    assert_eq!((standing(&desk).0, desk.ws.state().forgotten), (Phase::Unenrolled, true));
    let gone = other(&world).await;
    assert_eq!((gone.state, &gone.told), (ComputerState::Forgotten, &told.told));
    assert!(gone.receipt >= gone.told && gone.receipt.is_some());
    assert_eq!(set(&world, &seen.id, Standing::Works).await.unwrap_err().code, Code::NotNow);
    desk.enrol(&world.gate.url, &world.gate.ca_pem, &world.host.code()).await.unwrap();
    desk.ws.wipe().await.unwrap();
    assert_eq!(
        (standing(&desk).0, desk.ws.state().forgotten),
        (Phase::Unenrolled, false),
        "this wipe was asked for here"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_computers_are_the_admins_alone_and_need_the_host() {
    let world = World::at_work("admin").await;
    let desk = world.another("desk").await;
    let id = other(&world).await.id;
    world.gate.asked();
    let stop = || ComputerChange { computer: id.clone(), standing: Standing::Stopped, comment: None };
    assert_eq!(desk.ws.computers().await.unwrap_err().code, Code::Forbidden);
    assert_eq!(desk.ws.set_computer(stop()).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "the host is not even asked");

    world.gate.close();
    assert_eq!(world.desk.ws.computers().await.unwrap_err().code, Code::HostUnreachable);
    let me = world.host.account("admin");
    world.desk.ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.unwrap();
    let refused = set(&world, &id, Standing::Stopped).await.unwrap_err();
    assert_eq!(refused.code, Code::HostUnreachable);
    assert!(refused.say.contains("Lock, then unlock"), "{}", refused.say);
    world.gate.open();
    assert_eq!(desk.ws.sync_once().await.err(), None, "nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_no_computer_of_the_practice_is_not_found() {
    let world = World::at_work("admin").await;
    for id in ["no-such-computer", "../policy", ""] {
        assert_eq!(set(&world, id, Standing::Wipe).await.unwrap_err().code, Code::NotFound, "{id}");
    }
    let here = world.desk.ws.computers().await.unwrap();
    assert_eq!(here[0].state, ComputerState::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_for_the_computer_one_sits_at_is_heeded_by_itself() {
    let world = World::at_work("admin").await;
    let mut notices = world.desk.ws.notices();
    let driver = tokio::spawn(Arc::clone(&world.desk.ws).keep_in_step());
    let listens = async {
        while !world.gate.asked().contains(&"GET /live".to_owned()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), listens).await.expect("the line for news opens");
    let here = world.desk.ws.computers().await.unwrap().remove(0);
    assert!(here.here);
    set(&world, &here.id, Standing::Stopped).await.unwrap();
    closed(&mut notices).await;
    assert_eq!(standing(&world.desk), (Phase::Locked, Some(LockReason::WorkstationStopped)));
    driver.abort();
}
