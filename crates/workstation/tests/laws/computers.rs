//! What the admin sees of the practice's computers, and does to them, from their own desk.

use std::{sync::Arc, time::Duration};

use practice::Code;
use workstation::{
    Outcome,
    screen::{Computer, ComputerChange, ComputerState, LockReason, Phase, PolicyChange, Standing},
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
    assert!(refused.say.contains("shows here when the host is back"), "{}", refused.say);
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

/// The other computer, once `holds` of it.
async fn once(world: &World, what: &str, holds: impl Fn(&Computer) -> bool) -> Computer {
    let looking = async {
        loop {
            let seen = other(world).await;
            if holds(&seen) {
                return seen;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), looking).await.unwrap_or_else(|_| panic!("{what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_when_a_computer_was_there_last_its_program_its_policy_and_its_lock() {
    let world = World::at_work("admin").await;
    let (desk, me) = (world.another("desk").await, world.host.account("desk"));
    let first = world.desk.ws.policy_page().unwrap().version;
    let seen = once(&world, "it tells its policy", |one| one.policy.is_some()).await;
    assert_eq!((seen.program.as_deref(), seen.policy), (Some(env!("CARGO_PKG_VERSION")), Some(first)));
    assert!(seen.seen >= Some(seen.joined.clone()) && seen.has_key, "{seen:?}");
    assert_eq!((seen.program_behind, seen.policy_behind, seen.quiet_days), (false, false, None));
    assert_eq!(seen.locked, None);

    let wish = PolicyChange {
        base_version: first,
        time_outs: Vec::new(),
        lease_hours: Some(48),
        grace_hours: None,
        days_back: None,
        days_ahead: None,
        names: None,
        second_factor: None,
        comment: None,
    };
    world.desk.ws.set_policy(wish).await.unwrap();
    let behind = other(&world).await;
    assert_eq!((behind.policy, behind.policy_behind), (Some(first), true), "it has not been there since");

    desk.ws.lock(LockReason::Asked);
    desk.unlock(&me, &me.password).await.unwrap();
    desk.ws.sync_once().await.unwrap();
    let seen = once(&world, "it tells its new policy", |one| one.policy == Some(first + 1)).await;
    assert!(!seen.policy_behind);
    assert!(seen.locked.is_some_and(|at| at >= seen.joined), "its audit trail tells of the lock");

    let day = Duration::from_secs(24 * 60 * 60);
    for (days, quiet) in [(3, None), (1, Some(4))] {
        world.desk.clock.pass(day * days);
        world.desk.sign_in(world.host.account("admin")).await.unwrap();
        assert_eq!(other(&world).await.quiet_days, quiet);
    }
    set(&world, &seen.id, Standing::Stopped).await.unwrap();
    assert_eq!(other(&world).await.quiet_days, None, "whoever stopped it waits for no word of it");
}
