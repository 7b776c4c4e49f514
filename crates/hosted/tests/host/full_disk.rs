//! A disk that is full in earnest: a small one, mounted for a test's process alone.

use std::{
    env, fs,
    io::{self, ErrorKind, Write},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use practice::{Role, wire::RunKind};
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    backups::{self, Office, has, rows},
    office::{Host, code, patient},
};

const DISK: &str = "SHADOWCHART_TEST_SMALL_DISK";

/// Runs the test named `test` again beside an empty disk of 16 MB, and says there where it is. Where the system lets
/// nobody mount one, the test says so and proves nothing.
fn small_disk(test: &str) -> Option<PathBuf> {
    if let Some(disk) = env::var_os(DISK).map(PathBuf::from) {
        fs::write(disk.with_file_name("ran"), "").unwrap();
        return Some(disk);
    }
    let root = tempfile::tempdir().unwrap();
    let disk = root.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount"]).args(arguments);
        command
    };
    if !unshare(&["true"]).status().is_ok_and(|status| status.success()) {
        let _ = writeln!(io::stderr(), "This system lets no test mount a small disk, so the full disk was not tried.");
        return None;
    }
    let status = unshare(&["bash", "-c", &format!("mount -t tmpfs -o size=16m tmpfs \"${DISK}\" && \"$@\""), "_"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", &format!("full_disk::{test}"), "--nocapture"])
        .env(DISK, &disk)
        // Practices in files: PostgreSQL's disk is another's.
        .env_remove("SHADOWCHART_TEST_POSTGRES")
        .status();
    assert!(status.unwrap().success(), "on the small disk");
    assert!(root.path().join("ran").exists(), "no test is named {test}");
    None
}

/// What fills `disk` until `free` bytes are left. It goes when this is dropped.
struct Ballast(PathBuf);

impl Ballast {
    fn until(disk: &Path, free: u64) -> Self {
        let ballast = Self(disk.join("ballast"));
        let mut file = fs::File::create(&ballast.0).unwrap();
        let mut part = 64 * 1024;
        while part > 0 {
            match file.write(&vec![0; part]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => part /= 2,
                Err(error) => panic!("{error}"),
            }
        }
        file.set_len(file.metadata().unwrap().len() - free).unwrap();
        ballast
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

/// Every row of the office, but for what became of its backups.
fn told(office: &Office) -> Vec<String> {
    rows(&office.store()).into_iter().filter(|row| !row.starts_with("{\"backup_run\"")).collect()
}

fn noise(bytes: usize) -> String {
    (0..bytes.div_ceil(43)).map(|_| hosted::random::secret()).collect()
}

#[test]
fn a_repository_on_a_full_disk_is_told_of_and_takes_the_next_backup_when_there_is_room() {
    let test = "a_repository_on_a_full_disk_is_told_of_and_takes_the_next_backup_when_there_is_room";
    let Some(disk) = small_disk(test) else { return };
    let office = Office::new();
    symlink(&disk, office.path("first")).unwrap();
    assert_eq!(office.run("backup", &[]).0, 0);
    let good = office.backups().find(&office.id(), None).unwrap();
    for n in 0..20 {
        let text = json!({"resourceType": "Binary", "id": format!("b{n}"), "data": noise(40_000)});
        office.take(text);
    }
    let before = told(&office);
    // No room for the lock, and none for what comes after it.
    for free in [0, 300_000] {
        let ballast = Ballast::until(&disk, free);
        let (status, refused) = office.run("backup", &[]);
        assert_eq!((status, backups::code(&refused)), (1, "backup_full"), "{free} bytes are free: {refused}");
        let last = office.store().last_run(RunKind::Backup, false, false).unwrap().unwrap().told;
        assert_eq!(last.problem.as_deref(), Some("backup_full"), "the admin sees it");
        assert!(last.say.unwrap().starts_with("There is no room left where the backups are kept."));
        assert!(told(&office) == before, "the practice is as it was");
        assert_eq!(office.backups().find(&office.id(), None).unwrap(), good, "the one that is there stays the last");
        let (into, practice) = (office.path(&format!("into-{free}")), office.practice.as_str());
        let (status, restored) = office.run("restore", &["--practice", practice, "--at", "latest", "--into", &into]);
        assert_eq!(status, 0, "and is good while there is no room: {restored}");
        drop(ballast);
    }
    assert_eq!(office.run("backup", &[]).0, 0);
    assert_ne!(office.backups().find(&office.id(), None).unwrap(), good);
    let (status, drilled) = office.run("drill", &[]);
    assert_eq!(status, 0, "what broke off left no damage: {drilled}");
    assert!(told(&office) == before);
    assert!(has(&office.store(), "p1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_to_a_host_whose_disk_is_full_is_refused_whole_and_goes_through_when_there_is_room() {
    let test = "a_push_to_a_host_whose_disk_is_full_is_refused_whole_and_goes_through_when_there_is_room";
    let Some(disk) = small_disk(test) else { return };
    tempfile::env::override_temp_dir(&disk).unwrap();
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.seed(&desk.practice, &[patient("there", "Ray")]);
    let mut large = patient("large", "Ray");
    large["extension"] = json!([{"url": "urn:x", "valueString": noise(1_000_000)}]);
    let change = [(patient("small", "Ray"), None), (large, None)];
    let feed = || async { host.get("/fhir/_history", &desk.token).await };
    let before = feed().await;
    let ballast = Ballast::until(&disk, 0);
    for _ in 0..2 {
        let (status, told) = host.push(&desk, Role::FrontDesk, "change-1", &change).await;
        assert_eq!((status, code(&told)), (StatusCode::INSUFFICIENT_STORAGE, "disk_full"), "{told}");
        let issue = &told["issue"][0];
        assert_eq!((&told["resourceType"], &issue["code"]), (&json!("OperationOutcome"), &json!("no-store")));
        assert_eq!(issue["diagnostics"], "The disk is full. Nothing was changed; make room and try again.");
        assert_eq!(feed().await, before, "nothing of it was written");
    }
    for (id, status) in [("there", 200), ("small", 404), ("large", 404)] {
        assert_eq!(host.get(&format!("/fhir/Patient/{id}"), &desk.token).await.0, status, "others read on: {id}");
    }
    drop(ballast);
    let (status, told) = host.push(&desk, Role::FrontDesk, "change-1", &change).await;
    assert_eq!(status, StatusCode::OK, "the same again: {told}");
    for id in ["there", "small", "large"] {
        assert_eq!(host.get(&format!("/fhir/Patient/{id}/_history/1"), &desk.token).await.0, StatusCode::OK, "{id}");
        assert_eq!(host.get(&format!("/fhir/Patient/{id}/_history/2"), &desk.token).await.0, StatusCode::NOT_FOUND);
    }
    assert!(host.store(&desk.practice).integrity().unwrap().is_empty());
}
