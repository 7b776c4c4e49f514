//! A disk that is soon full: a small one, mounted for a test's process alone.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::Command,
};

const SMALL_DISK: &str = "VAULT_TEST_SMALL_DISK";

/// Runs the test named `test` again with its temporary folder on a disk of 256 KiB; true there. Where the system lets
/// nobody mount one, the test says so and proves nothing.
pub(crate) fn on_a_small_disk(test: &str) -> bool {
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
        let _ = writeln!(io::stderr(), "This system lets no test mount a small disk, so the full disk was not tried.");
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

/// Fills the disk with a file in `dir` until `free` bytes are left.
pub(crate) fn fill(dir: &Path, free: u64) {
    let disk = rustix::fs::statvfs(dir).unwrap();
    let left = disk.f_bavail * disk.f_frsize;
    fs::write(dir.join("ballast"), vec![0; usize::try_from(left.saturating_sub(free)).unwrap()]).unwrap();
}
