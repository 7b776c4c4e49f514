//! Offline work lasts as long as the lease, on a clock that was not set back.

use std::{sync::Arc, time::Duration};

use practice::{Code, views::AppointmentStatus};
use workstation::screen::{LockReason, Phase};

use super::world::{World, closed};

const LEASE: Duration = Duration::from_secs(72 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(flavor = "multi_thread")]
async fn an_unlock_without_the_host_works_until_the_lease_ends_and_again_once_it_is_reached() {
    let world = World::at_work("desk").await;
    let me = world.host.account("desk");
    let unlock = || async {
        world.desk.ws.lock(LockReason::Asked);
        world.desk.unlock(&me, &me.password).await
    };
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.close();
    world.desk.clock.pass(LEASE - HOUR);
    unlock().await.unwrap();
    world.desk.clock.pass(HOUR * 2);
    let refused = unlock().await.unwrap_err();
    assert_eq!(refused.code, Code::LeaseEnded);
    assert!(refused.say.contains("unsent work is kept"), "{}", refused.say);
    assert_eq!(world.desk.sign_in(me.clone()).await.unwrap_err().code, Code::LeaseEnded);
    assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
    world.gate.open();
    unlock().await.unwrap();
    assert_eq!(world.desk.ws.outbox().unwrap().len(), 1, "unsent work was kept");
    world.gate.close();
    world.desk.clock.pass(LEASE - HOUR);
    unlock().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_needs_the_host() {
    let world = World::at_work("desk").await;
    let me = world.host.account("desk");
    world.gate.close();
    world.desk.clock.pass(LEASE - HOUR);
    world.desk.ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.unwrap();
    world.desk.ws.lock(LockReason::Asked);
    world.desk.clock.set_back(HOUR);
    let refused = world.desk.unlock(&me, &me.password).await.unwrap_err();
    assert_eq!(refused.code, Code::LeaseEnded);
    assert!(refused.say.contains("clock was set back"), "{}", refused.say);
    world.gate.open();
    world.desk.unlock(&me, &me.password).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_session_does_not_outlast_the_lease() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    world.gate.close();
    world.desk.clock.pass(LEASE - HOUR);
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostUnreachable);
    assert_eq!(ws.state().phase, Phase::Open);
    world.desk.clock.pass(HOUR * 2);
    let mut notices = ws.notices();
    let driver = tokio::spawn(Arc::clone(ws).keep_in_step());
    closed(&mut notices).await;
    assert_eq!(ws.state().lock_reason, Some(LockReason::LeaseEnded));
    driver.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_grace_that_the_admin_allows_the_schedule_goes_on_and_no_chart_opens() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    let patient = world.desk.patient();
    let kept = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.host.tell(&["policy", "set", "grace_hours=10"], "");
    ws.sync_once().await.unwrap();
    world.gate.close();
    world.desk.clock.pass(LEASE + HOUR);
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.expect("the schedule is still open");
    assert!(ws.state().schedule_only);
    assert!(ws.day(Some("2027-12-24")).is_ok() && ws.appointment(&kept.card.id).is_ok());
    world.desk.set_status(&kept.card.id, AppointmentStatus::Arrived, None).unwrap();
    let refused = |code| assert_eq!(code, Some(Code::LeaseEnded));
    refused(ws.chart(&patient).err().map(|no| no.code));
    refused(ws.find("a").err().map(|no| no.code));
    refused(ws.show(&format!("Patient/{patient}")).err().map(|no| no.code));
    world.desk.clock.pass(HOUR * 10);
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostUnreachable);
    assert_eq!(ws.state().lock_reason, Some(LockReason::LeaseEnded), "the grace ends too");
    assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::LeaseEnded);
    world.gate.open();
    world.desk.unlock(&me, &me.password).await.unwrap();
    ws.sync_once().await.unwrap();
    assert!(!ws.state().schedule_only && ws.chart(&patient).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_session_goes_into_the_grace_without_a_new_unlock() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let patient = world.desk.patient();
    world.host.tell(&["policy", "set", "grace_hours=10"], "");
    ws.sync_once().await.unwrap();
    world.gate.close();
    world.desk.clock.pass(LEASE + HOUR);
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostUnreachable);
    assert_eq!((ws.state().phase, ws.state().schedule_only), (Phase::Open, true));
    assert!(ws.chart(&patient).is_err());
}
