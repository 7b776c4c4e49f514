//! A host that backs its practices up by itself. restic has to be on the machine.

use std::{fs, path::Path};

use hosted::{
    backup::{Backups, Repository, password},
    data_dir::DataDir,
    random,
};
use practice::{Role, ids::PracticeId, time::Stamp, wire};
use reqwest::StatusCode;
use serde_json::Value;

use crate::office::{Host, patient, practice_id};

fn codes(told: &wire::Backups) -> Vec<&str> {
    told.problems.iter().map(|one| one.code.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hour_has_a_backup_each_week_a_drill_and_the_admin_sees_them_and_what_went_wrong() {
    let repositories = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| repositories.path().join(name));
    let host = Host::start_backed_up(|dir| {
        let (first, second) = (first.to_str().unwrap(), second.to_str());
        Some(Backups::new(dir, first, second, None).unwrap())
    })
    .await;
    let (elm, oak) = (practice_id("elm"), practice_id("oak"));
    let stores = [host.store(&elm), host.store(&oak)];
    let count = |practice: &PracticeId, kind, good: bool| {
        let runs = stores.iter().find(|store| store.practice() == practice).unwrap().runs(100).unwrap();
        runs.iter().filter(|run| run.told.kind == kind && run.told.problem.is_none() == good).count()
    };
    let backups = |practice| count(practice, wire::RunKind::Backup, true);
    let drills = |practice| count(practice, wire::RunKind::Drill, true);
    host.until("both have a backup here and elsewhere, and a drill", || {
        [&elm, &oak].iter().all(|one| (backups(one), drills(one)) == (2, 1))
    })
    .await;
    let desk = host.enrol("elm").await;
    let told = async || {
        // Hours lie between: a token has ended by then.
        let admin = host.sign_in(&desk, Role::Admin).await.access_token;
        let (status, told) = host.get("/backups", &admin).await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_value::<wire::Backups>(told).unwrap()
    };
    let good = told().await;
    assert!(good.hourly && codes(&good).is_empty(), "{good:?}");
    assert_eq!((good.last.as_ref().unwrap().at, good.runs.len()), (host.now(), 3));
    assert!(good.last_elsewhere.unwrap().kept.ends_with("second"));
    assert_eq!(good.drill.unwrap().snapshot_at, good.last.unwrap().snapshot_at);

    host.seed(&elm, &[patient("p1", "Canarybird")]);
    host.pass(3600);
    host.until("an hour later there is another", || backups(&elm) == 4 && backups(&oak) == 4).await;
    assert_eq!(drills(&elm), 1, "a drill is made once a week");
    fs::rename(&first, repositories.path().join("unplugged")).unwrap();
    host.pass(3600);
    host.until("the next one fails", || count(&elm, wire::RunKind::Backup, false) == 1).await;
    let failed = told().await;
    assert_eq!(codes(&failed), ["failed"], "{failed:?}");
    assert_eq!(failed.runs[0].problem.as_deref(), Some("backup_failed"));
    // The host may have looked for the folder meanwhile, and made what it writes to first.
    let _ = fs::remove_dir_all(&first);
    fs::rename(repositories.path().join("unplugged"), &first).unwrap();
    host.pass(600);
    host.until("ten minutes later it is tried again", || backups(&elm) == 6).await;
    assert!(codes(&told().await).is_empty());
    host.pass(7 * 24 * 3600);
    host.until("a week later there is another drill", || drills(&elm) == 2 && drills(&oak) == 2).await;
}

fn repository(dir: &DataDir, folder: &Path) -> Repository {
    Repository::new(folder.to_str().unwrap(), password::password(dir, None).unwrap())
}

/// The bytes of all files in `folder`; some may go meanwhile.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|one| if one.path().is_dir() { bytes(&one.path()) } else { one.metadata().map_or(0, |it| it.len()) })
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_kept_goes_from_both_repositories_and_so_does_the_room_it_took() {
    const LARGE: u64 = 1_000_000;
    let folders = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folders.path().join(name));
    let elm = practice_id("elm");
    let host = Host::start_backed_up(|dir| {
        let backups = Backups::new(dir, first.to_str().unwrap(), second.to_str(), None).unwrap();
        // Two days ago there were three within one hour, of which the last alone is kept: as after a day of hours, in a
        // minute. restic takes as long for each as for a real one.
        let there = repository(dir, &first);
        there.open_or_make(None).unwrap();
        let hour = 1_790_000_000_000 - 2 * 24 * 3_600_000;
        for (minute, secrets) in [(0, 60_000), (10, 60_000), (20, 1)] {
            let at = Stamp::from_millis(hour + minute * 60_000).unwrap();
            let noise: String = (0..secrets).map(|_| random::secret()).collect();
            there.save(elm.as_str(), at, |out| Ok(out.write_all(noise.as_bytes())?)).unwrap();
        }
        assert!(bytes(&first) > 2 * LARGE);
        Some(backups)
    })
    .await;
    let (store, dir) = (host.store(&elm), host.data());
    host.until("there is a backup here and elsewhere", || store.runs(10).unwrap().len() >= 2).await;
    for folder in [&first, &second] {
        let there = repository(&dir, folder);
        host.until("one of the three is left, and the new one", || {
            there.snapshots(elm.as_str()).is_ok_and(|all| all.len() == 2)
        })
        .await;
        host.until("their room is given back", || bytes(folder) < LARGE).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_backups_the_admin_hears_that_there_are_none() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let (_, told): (_, Value) = host.get("/backups", &admin).await;
    let told: wire::Backups = serde_json::from_value(told).unwrap();
    assert_eq!((told.hourly, codes(&told)), (false, vec!["none_yet"]));
}
