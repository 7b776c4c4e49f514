//! What a member chose for themselves: their own, kept, and never weaker than the policy.

use std::{fs, sync::Arc, time::Duration};

use practice::Code;
use workstation::{
    Notice,
    screen::{Density, LockReason, SavedView, Settings, Shape, TextSize, Theme},
};

use super::world::{World, closed, heard};

fn after(seconds: u32) -> Settings {
    Settings { time_out_seconds: Some(seconds), ..Settings::default() }
}

fn in_force(world: &World) -> u32 {
    world.desk.ws.state().time_out_seconds
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_that_a_member_shortens_is_in_force_at_once() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let mut notices = ws.notices();
    let watch = tokio::spawn(Arc::clone(ws).watch_idle());
    world.desk.clock.pass(Duration::from_secs(40));
    assert_eq!(ws.set_settings(after(60)).unwrap().longest_seconds, 300, "what the policy allows stays told");
    assert_eq!(in_force(&world), 60);
    let left = heard(&mut notices, |notice| if let Notice::Idle(left) = notice { left } else { None }).await;
    assert_eq!(left, 20, "twenty seconds of the minute are left");
    world.desk.clock.pass(Duration::from_secs(20));
    closed(&mut notices).await;
    assert_eq!(ws.state().lock_reason, Some(LockReason::Idle));
    watch.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_chooses_a_time_out_longer_than_the_policy_or_none_at_all() {
    let world = World::at_work("desk").await;
    for seconds in [301, 3600, u32::MAX, 59, 0] {
        let refused = world.desk.ws.set_settings(after(seconds)).unwrap_err();
        assert_eq!(refused.code, Code::Invalid, "{seconds}");
        assert_eq!(in_force(&world), 300, "{seconds}");
    }
    world.desk.ws.set_settings(after(300)).expect("as long as the policy is no longer than it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_becomes_shorter_wins_and_the_members_own_waits() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    ws.set_settings(after(120)).unwrap();
    for (ruled, forced) in [(60, 60), (600, 120)] {
        world.host.tell(&["policy", "set", &format!("time_out.front_desk.front_counter={ruled}")], "");
        ws.sync_once().await.unwrap();
        assert_eq!(in_force(&world), forced, "under a policy of {ruled}");
        let dark = Settings { theme: Theme::Dark, ..after(120) };
        assert_eq!(ws.set_settings(dark.clone()).expect("another setting changes").chosen, dark);
    }
    fs::remove_file(world.desk.home.path().join("policy.json")).unwrap();
    assert_eq!(in_force(&world), 60, "without a policy the strictest is in force");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_chose_is_there_after_a_restart_and_is_no_one_elses() {
    let mut world = World::at_work("desk").await;
    let view = SavedView {
        key: 2,
        name: "Mine".into(),
        shape: Shape::Week,
        wide: false,
        whose: Some(world.host.practitioner()),
        columns: Vec::new(),
        rooms: true,
    };
    let chosen = Settings {
        text_size: TextSize::Larger,
        density: Density::Wide,
        theme: Theme::Dark,
        single_keys: false,
        hide_names_behind: true,
        views: vec![view],
        ..after(60)
    };
    world.desk.ws.set_settings(chosen.clone()).unwrap();
    world.desk.restart();
    world.desk.sign_in(world.host.account("desk2")).await.unwrap();
    assert_eq!(world.desk.ws.settings().unwrap().chosen, Settings::default());
    assert_eq!(in_force(&world), 300);
    world.desk.restart();
    world.desk.sign_in(world.host.account("desk")).await.unwrap();
    assert_eq!(world.desk.ws.settings().unwrap().chosen, chosen);
    assert_eq!(in_force(&world), 60);
}
