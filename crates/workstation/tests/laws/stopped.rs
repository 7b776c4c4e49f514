//! A member who was stopped is out at the next contact, and stays out.

use practice::Code;
use workstation::screen::{LockReason, Phase};

use super::world::{World, closed};

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_locks_out_a_member_who_was_stopped_and_the_host_is_not_needed_to_keep_them_out() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    world.host.tell(&["member", "stop", &me.email], "");
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::MemberStopped);
    assert_eq!(ws.state().phase, Phase::Locked);
    for reachable in [true, false] {
        if !reachable {
            world.gate.close();
        }
        assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::MemberStopped);
        assert_eq!(world.desk.sign_in(me.clone()).await.unwrap_err().code, Code::MemberStopped);
    }
    world.gate.open();
    world.desk.sign_in(world.host.account("desk2")).await.expect("a colleague works on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlock_alone_is_contact_enough() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    world.host.tell(&["member", "stop", &me.email], "");
    ws.lock(LockReason::Asked);
    let mut notices = ws.notices();
    world.desk.unlock(&me, &me.password).await.expect("this computer can't know yet");
    closed(&mut notices).await;
    world.gate.close();
    assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::MemberStopped);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstation_that_was_stopped_locks_and_opens_for_nobody_until_the_host_lets_it() {
    let mut world = World::at_work("desk").await;
    let me = world.host.account("desk");
    let id = world.host.tell(&["workstation", "list"], "")["workstations"][0]["id"].as_str().unwrap().to_owned();
    world.host.tell(&["workstation", "stop", &id], "");
    assert_eq!(world.desk.ws.sync_once().await.unwrap_err().code, Code::WorkstationStopped);
    let state = world.desk.ws.state();
    assert_eq!((state.phase, state.lock_reason), (Phase::Locked, Some(LockReason::WorkstationStopped)));
    world.gate.close();
    for start in ["the same", "a new one"] {
        assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::WorkstationStopped, "{start}");
        assert_eq!(world.desk.sign_in(me.clone()).await.unwrap_err().code, Code::WorkstationStopped, "{start}");
        world.desk.restart();
    }
    world.gate.open();
    world.host.tell(&["workstation", "start", &id], "");
    world.desk.unlock(&me, &me.password).await.expect("it may work again, and the host says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopped_member_left_unsent_is_set_aside_and_holds_nobody_up() {
    let world = World::at_work("desk").await;
    let (ws, desk) = (&world.desk.ws, &world.desk);
    desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.close();
    world.host.tell(&["member", "stop", &world.host.account("desk").email], "");
    ws.sign_out();
    world.gate.open();
    desk.sign_in(world.host.account("desk2")).await.unwrap();
    let mine = desk.book(&world.host.practitioner(), "04:00", None).unwrap();
    let report = ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.set_aside), (1, 1));
    let left = ws.attention().unwrap();
    assert_eq!(left.len(), 1);
    assert_ne!(left[0].change, mine.change);
    assert!(left[0].trouble.as_ref().unwrap().contains("stopped"));
}
