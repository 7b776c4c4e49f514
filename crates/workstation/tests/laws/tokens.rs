//! The right to ask the host as a person: short, fetched anew by itself, and gone with the session.

use std::time::Duration;

use practice::Code;
use workstation::screen::{LockReason, MemberAct, MemberChange};

use super::{
    second_factor::set_up,
    world::{Act, World, password},
};

const QUARTER: Duration = Duration::from_secs(15 * 60);

fn asked(world: &World, what: &str) -> usize {
    world.gate.asked().iter().filter(|asked| *asked == what).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_goes_on_after_a_quarter_of_an_hour_though_the_clocks_differ() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    ws.computers().await.unwrap();
    assert_eq!(asked(&world, "POST /token"), 0, "the first token holds");
    for _ in 0..3 {
        world.desk.clock.pass(QUARTER);
        let both = tokio::join!(ws.computers(), ws.computers());
        assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    }
    let told = world.gate.asked();
    let renewed = told.iter().filter(|asked| *asked == "POST /token").count();
    assert_eq!(renewed, 6, "one for both each time, and once more for the host's own clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_lost_on_its_way_is_not_asked_for_twice() {
    let world = World::at_work("admin").await;
    let (ws, me) = (&world.desk.ws, world.host.account("admin"));
    world.desk.clock.pass(QUARTER);
    ws.computers().await.unwrap();
    world.desk.clock.pass(QUARTER);
    world.gate.rule(|asked| if asked == "POST /token" { Act::CutAnswer } else { Act::Pass });
    assert!(ws.computers().await.is_err());
    world.gate.open();
    world.gate.asked();
    let refused = ws.computers().await.unwrap_err();
    assert_eq!((refused.code, asked(&world, "POST /token")), (Code::Unproven, 0));
    ws.lock(LockReason::Asked);
    world.desk.sign_in(me).await.unwrap();
    ws.computers().await.expect("a sign-in gives another");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_ends_the_tokens_with_the_host_and_waits_for_nobody() {
    let world = World::at_work("admin").await;
    world.gate.asked();
    world.desk.ws.sign_out();
    let told = async {
        while asked(&world, "POST /sign-out") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("the host is told");
    world.desk.sign_in(world.host.account("admin")).await.unwrap();
    world.gate.close();
    let state = world.desk.ws.sign_out();
    assert!(state.me.is_none(), "without the host too, and at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_whose_sign_in_was_ended_says_again_who_they_are_without_a_lock() {
    let world = World::at_work("admin").await;
    let (ws, me) = (&world.desk.ws, world.host.account("admin"));
    let id = ws.state().me.unwrap().tile.id;
    ws.set_member(MemberChange { member: id, act: MemberAct::SignOut, comment: None }).await.unwrap();
    assert_eq!(ws.members().await.unwrap_err().code, Code::Unproven);
    assert_eq!(ws.prove(Some(password("not it")), None).await.unwrap_err().code, Code::WrongPassword);
    assert_eq!(ws.members().await.unwrap_err().code, Code::Unproven);
    ws.prove(Some(password(&me.password)), None).await.unwrap();
    assert!(ws.members().await.is_ok());
    world.gate.close();
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(ws.members().await.unwrap_err().code, Code::HostUnreachable, "nobody is asked for nothing");
    world.gate.open();
    assert_eq!(ws.members().await.unwrap_err().code, Code::Unproven);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_unlock_a_code_is_asked_for_only_when_the_host_has_to_know_the_person() {
    let world = World::at_work("admin").await;
    let (ws, me) = (&world.desk.ws, world.host.account("admin"));
    let codes = set_up(&world.desk, &me).await;
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.expect("no code for the chart");
    assert!(ws.day(None).is_ok());
    assert_eq!(ws.members().await.unwrap_err().code, Code::Unproven);
    assert_eq!(ws.prove(Some(password(&me.password)), None).await.unwrap_err().code, Code::SecondFactor);
    assert_eq!(ws.prove(None, Some("000000".into())).await.unwrap_err().code, Code::WrongCode);
    ws.prove(None, Some(codes[0].clone())).await.unwrap();
    assert!(ws.members().await.is_ok());
    assert_eq!(ws.prove(None, Some(codes[1].clone())).await.unwrap_err().code, Code::SignedOut, "no password waits");
}
