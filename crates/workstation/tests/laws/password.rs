//! Passwords: wrong ones, too many of them, and new ones.

use practice::Code;
use workstation::screen::{LockReason, Phase};

use super::world::{World, closed};

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passwords_without_the_host_start_a_wait_that_a_restart_does_not_end() {
    let mut world = World::at_work("desk").await;
    let me = world.host.account("desk");
    world.gate.close();
    world.desk.ws.lock(LockReason::Asked);
    for _ in 0..5 {
        assert_eq!(world.desk.unlock(&me, "guess").await.unwrap_err().code, Code::WrongPassword);
    }
    assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::TooManyAttempts);
    world.desk.restart();
    assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::TooManyAttempts);
    let other = world.host.account("desk2");
    world.gate.open();
    world.desk.sign_in(other).await.expect("the wait is one member's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_passwords_with_the_host_are_stopped_by_the_host() {
    let world = World::enrolled().await;
    let me = world.host.account("desk");
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(world.desk.sign_in_with(&me, "guess").await.unwrap_err().code);
    }
    assert_eq!(codes, [[Code::WrongPassword; 5].as_slice(), &[Code::TooManyAttempts]].concat());
    assert_eq!(world.desk.sign_in(me).await.unwrap_err().code, Code::TooManyAttempts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_reset_at_the_host_opens_here_and_the_old_one_no_more() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.host.tell(&["member", "reset", &me.email, "--password-stdin"], "another-long-password-17\n");
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, "another-long-password-17").await.unwrap();
    assert_eq!(ws.outbox().unwrap().len(), 1, "the same vault, with its unsent work");
    world.gate.close();
    ws.lock(LockReason::Asked);
    assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::WrongPassword);
    world.desk.unlock(&me, "another-long-password-17").await.expect("without the host too");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_password_that_the_host_no_longer_takes_opens_nothing_even_without_the_host() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    world.host.tell(&["member", "reset", &me.email, "--password-stdin"], "another-long-password-17\n");
    ws.lock(LockReason::Asked);
    let mut notices = ws.notices();
    world.desk.unlock(&me, &me.password).await.expect("this computer can't know yet");
    closed(&mut notices).await;
    assert_eq!(ws.state().phase, Phase::Locked, "the host was asked behind it");
    world.gate.close();
    assert_eq!(world.desk.unlock(&me, &me.password).await.unwrap_err().code, Code::WrongPassword);
    world.gate.open();
    world.desk.unlock(&me, "another-long-password-17").await.unwrap();
}
