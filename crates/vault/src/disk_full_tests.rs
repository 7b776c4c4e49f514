//! A disk that is full at each step of making and opening a vault: a small one, mounted for this process alone.

use std::{env, fs, process::Command};

use practice::Code;

use crate::desk::{Desk, owner, password, share};

const SMALL_DISK: &str = "VAULT_TEST_SMALL_DISK";

/// Runs the test named `test` again with its temporary folder on a disk of 256 KiB; true there. Where the system lets
/// nobody mount one, the test says so and proves nothing.
fn on_a_small_disk(test: &str) -> bool {
    if let Some(mark) = env::var_os(SMALL_DISK) {
        fs::write(mark, "").unwrap();
        return true;
    }
    let (disk, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mark = beside.path().join("ran");
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount"]).args(arguments);
        command
    };
    if !unshare(&["true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("This system lets no test mount a small disk, so the full disk was not tried.");
        return false;
    }
    let mount_then_run = "mount -t tmpfs -o size=256k tmpfs \"$TMPDIR\" && \"$@\"";
    let status = unshare(&["bash", "-c", mount_then_run, "_"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("TMPDIR", disk.path())
        .env(SMALL_DISK, &mark)
        .status();
    assert!(status.unwrap().success(), "on the small disk");
    assert!(mark.exists(), "no test is named {test}");
    false
}

/// Fills the disk until `free` bytes are left.
fn fill(desk: &Desk, free: u64) {
    let disk = rustix::fs::statvfs(desk.dir.path()).unwrap();
    let left = disk.f_bavail * disk.f_frsize;
    fs::write(desk.path("ballast"), vec![0; usize::try_from(left.saturating_sub(free)).unwrap()]).unwrap();
}

#[test]
fn a_disk_that_fills_up_while_a_vault_is_made_loses_nothing() {
    if !on_a_small_disk("disk_full_tests::a_disk_that_fills_up_while_a_vault_is_made_loses_nothing") {
        return;
    }
    let mut refused = 0;
    for pages in 0..8 {
        let desk = Desk::enrolled();
        fill(&desk, pages * 4096);
        if let Err(error) = desk.vault.create(owner("ann"), &password("ann's"), &share(1)) {
            assert_eq!(error.refusal().code, Code::DiskFull, "{pages} pages free");
            refused += 1;
        }
        fs::remove_file(desk.path("ballast")).unwrap();
        if !desk.vault.exists() {
            desk.vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
        }
        desk.unlock("ann", "ann's").ok().unwrap().connect().unwrap();
    }
    assert!((1..8).contains(&refused), "{refused} of 8: the disk was never full, or always");
}

#[test]
fn a_full_disk_keeps_the_vault_shut_in_words_until_there_is_space() {
    if !on_a_small_disk("disk_full_tests::a_full_disk_keeps_the_vault_shut_in_words_until_there_is_space") {
        return;
    }
    let desk = Desk::anns();
    fill(&desk, 0);
    let unlocked = desk.unlock("ann", "ann's");
    assert_eq!(unlocked.err().unwrap().refusal().code, Code::DiskFull);
    fs::remove_file(desk.path("ballast")).unwrap();

    let unlocked = desk.unlock("ann", "ann's").ok().unwrap();
    fill(&desk, 0);
    assert_eq!(unlocked.connect().err().unwrap().refusal().code, Code::DiskFull);
    assert_eq!(unlocked.check_pages().err().unwrap().refusal().code, Code::DiskFull);
    fs::remove_file(desk.path("ballast")).unwrap();
    // From here on the file is in WAL mode, where a connection wants room before it wants to write.
    unlocked.connect().unwrap().close().ok().unwrap();
    fill(&desk, 0);
    assert_eq!(unlocked.connect().err().unwrap().refusal().code, Code::DiskFull);
    fs::remove_file(desk.path("ballast")).unwrap();
    unlocked.connect().unwrap();
}

#[test]
fn a_full_disk_does_not_stop_a_wipe() {
    if !on_a_small_disk("disk_full_tests::a_full_disk_does_not_stop_a_wipe") {
        return;
    }
    let desk = Desk::anns();
    fill(&desk, 0);
    desk.vault.forget().unwrap();
    assert_eq!(desk.names(), ["ballast"]);
}
