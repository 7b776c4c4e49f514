//! Locked means out of reach.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use practice::Code;
use tokio::sync::Notify;
use workstation::{
    Notice,
    screen::{LockReason, Phase},
};

use super::{
    source,
    table::{Facts, TABLE},
    world::{Act, World, heard},
};

fn facts() -> Facts {
    let id = || uuid::Uuid::new_v4().to_string();
    Facts {
        patient: id(),
        practitioner: id(),
        appointment: id(),
        change: id(),
        policy: 1,
        computer: id(),
        hold: id(),
        schedule: id(),
        me: id(),
        email: String::new(),
        password: "a".into(),
        practice: String::new(),
        folder: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_needs_the_desk_is_refused_while_it_is_closed() {
    let world = World::enrolled().await;
    let ws = &world.desk.ws;
    for (code, at_work) in [(Code::SignedOut, false), (Code::Locked, true)] {
        if at_work {
            world.desk.sign_in(world.host.account("admin")).await.unwrap();
            ws.lock(LockReason::Asked);
        }
        world.gate.asked();
        let before = world.desk.files();
        for row in TABLE.iter().filter(|row| row.desk) {
            let refused = (row.act)(ws, &facts()).await.unwrap_err();
            assert_eq!(refused.code, code, "{}", row.name);
        }
        assert_eq!(world.gate.asked(), Vec::<String>::new(), "a closed desk asks the host nothing");
        assert_eq!(world.desk.files(), before, "a closed desk writes nothing");
    }
}

#[test]
fn the_window_reaches_nothing_past_the_desk() {
    let doors =
        ["state", "enrol", "sign_in", "sign_in_code", "forgotten_password", "unlock", "lock", "sign_out", "activity"];
    for name in source::called_by_the_window() {
        let desk = TABLE.iter().any(|row| row.name == name && row.desk);
        assert!(desk || doors.contains(&name.as_str()), "{name} is not tried while locked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_closes_every_handle_and_the_password_brings_the_same_member_back() {
    let world = World::at_work("desk").await;
    let open: Vec<_> = world.desk.open_files();
    assert!(open.iter().any(|path| path.ends_with("vault/vault.db")), "{open:?}");
    let mut notices = world.desk.ws.notices();
    let state = world.desk.ws.lock(LockReason::Asked);
    assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
    assert_eq!((state.phase, state.lock_reason), (Phase::Locked, Some(LockReason::Asked)));
    assert_eq!(notices.recv().await.unwrap(), Notice::Closed, "windows drop what they show");
    let me = world.host.account("desk");
    let state = world.desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(state.me.unwrap().tile.email, me.email);
    assert!(world.desk.ws.day(None).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_unlock_is_void() {
    let world = World::at_work("desk").await;
    let me = world.host.account("desk");
    for online in [false, true] {
        world.desk.ws.lock(LockReason::Asked);
        // The first is begun before the second runs.
        let late = async {
            if online { world.desk.sign_in(me.clone()).await } else { world.desk.unlock(&me, &me.password).await }
        };
        let (late, state) = tokio::join!(late, async { world.desk.ws.lock(LockReason::System) });
        assert_eq!(late.unwrap_err().code, Code::Locked);
        assert_eq!(state.phase, Phase::Locked);
        assert_eq!(world.desk.ws.state().phase, Phase::Locked);
        assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_is_writing_holds_no_lock_up() {
    let world = World::enrolled().await;
    world.desk.sign_in(world.host.account("desk")).await.unwrap();
    let ws = &world.desk.ws;
    let mut notices = ws.notices();
    let sync = tokio::spawn({
        let ws = ws.clone();
        async move { ws.sync_once().await }
    });
    // The first page is stored and the second is on its way.
    heard(&mut notices, |notice| matches!(notice, Notice::Data(_)).then_some(())).await;
    let began = Instant::now();
    ws.lock(LockReason::Asked);
    assert!(began.elapsed() < Duration::from_secs(1), "took {:?}", began.elapsed());
    assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
    let cut = sync.await.unwrap().unwrap_err();
    assert_eq!(cut.code, Code::Locked, "a round that was cut off did not end well");
    assert_eq!(ws.state().phase, Phase::Locked);
    assert_eq!(ws.state().sync.last_synced, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_begun_before_a_lock_writes_nothing_into_the_session_after_it() {
    let world = World::enrolled().await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    world.desk.sign_in(me.clone()).await.unwrap();
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&asked), Arc::clone(&go));
    world.gate.rule(move |request| {
        if request.starts_with("GET /fhir/_history") {
            tell.notify_one();
            return Act::Hold(Arc::clone(&wait));
        }
        Act::Pass
    });
    let round = tokio::spawn({
        let ws = Arc::clone(ws);
        async move { ws.sync_once().await }
    });
    asked.notified().await;
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.unwrap();
    let before = ws.find("a").unwrap();
    go.notify_one();
    assert_eq!(round.await.unwrap().unwrap_err().code, Code::Locked);
    assert_eq!(ws.find("a").unwrap(), before, "its page was not stored");
    assert_eq!(ws.status().await.unwrap().cursor, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_the_desk_over_closes_the_one_before() {
    let world = World::at_work("desk").await;
    world.desk.sign_in(world.host.account("desk2")).await.unwrap();
    let state = world.desk.ws.state();
    assert_eq!(state.me.unwrap().tile.email, "desk2@example.test");
    world.desk.ws.lock(LockReason::Asked);
    assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_after_a_lock_is_written_nowhere() {
    let world = World::at_work("desk").await;
    let ws = world.desk.ws.clone();
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    let locker = ws.clone();
    world.gate.rule(move |asked| {
        if asked == "POST /fhir" {
            locker.lock(LockReason::Asked);
        }
        Act::Pass
    });
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::Locked);
    world.gate.open();
    let me = world.host.account("desk");
    world.desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(ws.outbox().unwrap().len(), 1, "the host has it; this computer has not heard");
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1, "and asking again gets the first answer");
    assert_eq!(ws.outbox().unwrap(), []);
}
