//! Offline work lasts as long as the lease, on a clock that was not set back.

use std::{sync::Arc, time::Duration};

use practice::Code;
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
