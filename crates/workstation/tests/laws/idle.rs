//! The idle lock, on a clock that the test moves.

use std::{sync::Arc, time::Duration};

use tokio::sync::broadcast::Receiver;
use workstation::{
    Notice,
    screen::{LockReason, Phase},
};

use super::world::{World, closed, heard};

/// The front desk at the front counter, by the demo's policy.
const TIME_OUT: Duration = Duration::from_secs(300);

async fn next_idle(notices: &mut Receiver<Notice>) -> Option<u32> {
    heard(notices, |notice| if let Notice::Idle(left) = notice { Some(left) } else { None }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_locks_at_the_time_out_and_not_before() {
    let World { desk, host: _host, gate: _gate } = World::at_work("desk").await;
    assert_eq!(desk.ws.state().time_out_seconds, 300);
    let mut notices = desk.ws.notices();
    let watch = tokio::spawn(Arc::clone(&desk.ws).watch_idle());

    desk.clock.pass(TIME_OUT - Duration::from_secs(30));
    assert_eq!(next_idle(&mut notices).await, Some(30), "the last thirty seconds are counted down");
    desk.clock.pass(Duration::from_millis(29_999));
    assert_eq!(next_idle(&mut notices).await, Some(1));
    assert_eq!(desk.ws.state().phase, Phase::Open, "not before");
    desk.clock.pass(Duration::from_millis(1));
    assert_eq!(next_idle(&mut notices).await, None);
    let state = desk.ws.state();
    assert_eq!((state.phase, state.lock_reason), (Phase::Locked, Some(LockReason::Idle)));
    assert_eq!(desk.open_files(), Vec::<std::path::PathBuf>::new());
    watch.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn input_cancels_the_countdown_and_starts_the_time_anew() {
    let World { desk, host: _host, gate: _gate } = World::at_work("desk").await;
    let mut notices = desk.ws.notices();
    let watch = tokio::spawn(Arc::clone(&desk.ws).watch_idle());
    desk.clock.pass(TIME_OUT - Duration::from_secs(10));
    assert_eq!(next_idle(&mut notices).await, Some(10));
    desk.ws.activity();
    assert_eq!(next_idle(&mut notices).await, None);
    desk.clock.pass(TIME_OUT - Duration::from_secs(20));
    assert_eq!(next_idle(&mut notices).await, Some(20));
    assert_eq!(desk.ws.state().phase, Phase::Open);
    watch.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_in_another_program_is_there_and_who_left_that_too_is_not() {
    let World { desk, host: _host, gate: _gate } = World::at_work("desk").await;
    let mut notices = desk.ws.notices();
    desk.clock.pass(TIME_OUT - Duration::from_secs(20));
    desk.clock.work_elsewhere();
    desk.clock.pass(TIME_OUT - Duration::from_secs(20));
    let watch = tokio::spawn(Arc::clone(&desk.ws).watch_idle());
    assert_eq!(next_idle(&mut notices).await, Some(20), "the time runs from the last touch of the computer");
    assert_eq!(desk.ws.state().phase, Phase::Open);
    desk.clock.pass(Duration::from_secs(20));
    closed(&mut notices).await;
    assert_eq!(desk.ws.state().lock_reason, Some(LockReason::Idle));
    watch.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_syncing_and_asking_for_the_state_are_no_input() {
    let World { desk, host: _host, gate: _gate } = World::at_work("desk").await;
    let mut notices = desk.ws.notices();
    desk.clock.pass(TIME_OUT);
    desk.ws.day(None).unwrap();
    desk.ws.state();
    desk.ws.sync_once().await.unwrap();
    let watch = tokio::spawn(Arc::clone(&desk.ws).watch_idle());
    closed(&mut notices).await;
    assert_eq!(desk.ws.state().lock_reason, Some(LockReason::Idle));
    watch.abort();
}
