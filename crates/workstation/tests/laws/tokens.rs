//! The right to ask the host as a person: short, fetched anew by itself, and gone with the session.

use std::time::Duration;

use practice::Code;
use workstation::screen::LockReason;

use super::world::{Act, World};

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
    assert_eq!((refused.code, asked(&world, "POST /token")), (Code::HostUnreachable, 0));
    assert!(refused.say.contains("Lock, then unlock"), "{}", refused.say);
    ws.lock(LockReason::Asked);
    world.desk.sign_in(me).await.unwrap();
    ws.computers().await.expect("a sign-in gives another");
}
