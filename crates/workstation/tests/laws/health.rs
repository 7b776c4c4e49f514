//! What is wrong with a chart that opens is found and said.

use std::{fs, os::unix::fs::FileExt, path::Path, sync::Arc, time::Duration};

use practice::Code;
use workstation::{
    Credentials, Notice, Workstation, diagnose_as,
    screen::{LockReason, Phase},
};

use super::world::{Account, Desk, World, heard, password};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Turns a bit of a page, counted from the start of the chart's file, or from its end when negative.
fn damage(home: &Path, page: i64) {
    let file = fs::File::options().read(true).write(true).open(home.join("vault/vault.db")).unwrap();
    let pages = i64::try_from(file.metadata().unwrap().len() / 4096).unwrap();
    let at = page.rem_euclid(pages).unsigned_abs() * 4096 + 1_234;
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

/// What `who` types.
pub fn typed(who: &Account) -> Credentials {
    Credentials { email: who.email.clone(), password: password(&who.password) }
}

async fn found(desk: &Desk, who: &Account) -> Vec<Code> {
    let diagnosis = diagnose_as(desk.home.path(), desk.keychain.clone(), desk.clock.clone(), typed(who)).await.unwrap();
    assert_eq!(diagnosis.healthy, diagnosis.findings.is_empty());
    assert!(diagnosis.findings.iter().all(|finding| finding.say.ends_with('.') && finding.way_out.ends_with('.')));
    diagnosis.findings.into_iter().map(|finding| finding.code).collect()
}

async fn said_by_status(ws: &Arc<Workstation>) -> Vec<Code> {
    ws.status().await.unwrap().findings.into_iter().map(|finding| finding.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_is_found_with_a_member_wherever_it_is() {
    let world = World::at_work("desk").await;
    let me = world.host.account("desk");
    world.desk.ws.sign_out();
    world.gate.close();
    assert_eq!(found(&world.desk, &me).await, []);
    let file = world.desk.home.path().join("vault/vault.db");
    let whole = fs::read(&file).unwrap();
    for page in [0, 1, 7, 40, -40, -7, -1] {
        damage(world.desk.home.path(), page);
        assert_eq!(found(&world.desk, &me).await, [Code::VaultDamaged], "page {page}");
        fs::write(&file, &whole).unwrap();
    }
    assert_eq!(found(&world.desk, &me).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_file_is_read_once_a_week_and_what_was_found_is_kept() {
    let World { desk, host, gate: _gate } = World::at_work("desk").await;
    let (ws, me) = (&desk.ws, host.account("desk"));
    ws.lock(LockReason::Asked);
    desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(ws.examine().await.unwrap(), []);
    let last = ws.status().await.unwrap().checked;
    let watch = tokio::spawn(Arc::clone(ws).watch_health());
    let mut notices = ws.notices();
    damage(desk.home.path(), -40);
    desk.clock.pass(WEEK);
    while said_by_status(ws).await != [Code::VaultDamaged] {
        heard(&mut notices, |notice| (notice == Notice::Shell).then_some(())).await;
    }
    assert_ne!(ws.status().await.unwrap().checked, last);
    ws.lock(LockReason::Asked);
    desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(said_by_status(ws).await, [Code::VaultDamaged], "after a lock too");
    assert_eq!(ws.state().findings, ws.status().await.unwrap().findings, "the window says the same");
    watch.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_calls_a_reading_of_the_whole_file_off_and_that_is_not_taken_for_damage() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    for _ in 0..20 {
        let (examined, state) = tokio::join!(ws.examine(), async { ws.lock(LockReason::Asked) });
        assert_eq!(state.phase, Phase::Locked);
        // Called off, unless the lock came late.
        match examined {
            Ok(found) => assert_eq!(found, []),
            Err(refused) => assert_eq!(refused.code, Code::Locked),
        }
        assert_eq!(world.desk.open_files(), Vec::<std::path::PathBuf>::new());
        world.desk.unlock(&me, &me.password).await.unwrap();
    }
    assert_eq!(ws.examine().await.unwrap(), []);
}

/// A folder as this one is now, on another computer that has this one's keychain.
fn copy(desk: &Desk) -> Desk {
    let home = tempfile::tempdir().unwrap();
    for (path, bytes) in desk.files() {
        let path = home.path().join(path.strip_prefix(desk.home.path()).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let (keychain, clock) = (desk.keychain.clone(), desk.clock.clone());
    Desk { ws: Workstation::open(home.path(), keychain.clone(), clock.clone()).unwrap(), clock, keychain, home }
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_copy_of_the_folder_went_on_elsewhere_is_said_by_audit_diagnosis_and_status() {
    let world = World::at_work("admin").await;
    let me = world.host.account("admin");
    world.desk.ws.sign_out();
    let elsewhere = copy(&world.desk);
    elsewhere.sign_in(me.clone()).await.unwrap();
    elsewhere.ws.sync_once().await.unwrap();
    elsewhere.ws.sign_out();

    let asked = copy(&world.desk);
    asked.sign_in(me.clone()).await.unwrap();
    assert!(asked.ws.audit(true).unwrap().refused.is_none(), "nobody has asked the host");
    asked.ws.offer_chain().await.unwrap();
    let report = asked.ws.audit(true).unwrap();
    assert_eq!((report.broken, report.refused.unwrap().code), (None, Code::AuditGap));
    assert_eq!(found(&copy(&world.desk), &me).await, [Code::AuditGap]);

    let ws = &world.desk.ws;
    world.desk.sign_in(me.clone()).await.unwrap();
    let mut notices = ws.notices();
    let watch = tokio::spawn(Arc::clone(ws).watch_health());
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::AuditGap);
    while said_by_status(ws).await != [Code::AuditGap] {
        heard(&mut notices, |notice| (notice == Notice::Shell).then_some(())).await;
    }
    watch.abort();
    world.gate.close();
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(ws.audit(true).unwrap().refused.unwrap().code, Code::AuditGap, "without the host too");
    ws.sign_out();
    world.gate.open();
    assert_eq!(found(&elsewhere, &me).await, [], "the host goes on with the copy");
}
