//! The real GNOME Keyring, over a real session bus.
//!
//! Each test has a workstation id of its own and shares the session's keyring with the others. Those that lock the
//! keyring, stop it or hang it run in a session of their own, which they start.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use dbus_secret_service::{EncryptionType, SecretService};
use practice::{
    Code,
    ids::{MemberId, PracticeId, WorkstationId},
};
use tempfile::TempDir;
use vault::{
    HostShare, Keychain, KeychainState, OsKeychain, Password, SlotOwner, Unlocked, Vault, VaultError,
    WorkstationKeyName,
};

const NO_SESSION: &str = "These tests need a session bus with an unlocked GNOME Keyring. Run them with `make test`, \
                          which installs and starts one.";
const LONGEST_ANSWER: Duration = Duration::from_secs(3);
const OWN_SESSION: &str = "VAULT_TEST_OWN_SESSION";

struct Desk {
    dir: TempDir,
    vault: Vault,
    workstation: String,
}

impl Desk {
    /// Enrolled in the real keychain; Ann has signed in once.
    fn anns(workstation: &str) -> Self {
        assert!(OsKeychain.state() == KeychainState::Ready, "{NO_SESSION}");
        let dir = tempfile::tempdir().unwrap();
        let workstation = format!("{workstation}-{}", std::process::id());
        let (practice, id) = (PracticeId::parse("practice-1").unwrap(), WorkstationId::parse(&workstation).unwrap());
        let name = WorkstationKeyName::new(practice, id, b"https://host");
        let vault = Vault::at(dir.path(), Arc::new(OsKeychain), &name);
        vault.enrol("token").unwrap();
        vault.create(owner("ann"), &password("ann's"), &share()).map(drop).unwrap();
        Self { dir, vault, workstation }
    }

    fn unlock(&self, with: &str) -> Result<Unlocked, VaultError> {
        self.vault.unlock(&MemberId::parse("ann").unwrap(), &password(with))
    }

    /// The code of the refusal to unlock with the right password, which must come soon and change no file.
    fn refusal(&self) -> Code {
        let before = files(self.dir.path());
        let asked = Instant::now();
        let code = self.unlock("ann's").err().unwrap().refusal().code;
        assert!(asked.elapsed() < LONGEST_ANSWER, "{:?}", asked.elapsed());
        assert_eq!(files(self.dir.path()), before);
        code
    }

    /// What another program can do to the keychain's entry.
    fn tamper(&self, entry: &str, tamper: impl Fn(&dbus_secret_service::Item<'_>)) {
        let service = SecretService::connect(EncryptionType::Dh).unwrap();
        let attributes = [("service", "shadowchart"), ("workstation", &self.workstation), ("entry", entry)];
        let found = service.search_items(attributes.into_iter().collect()).unwrap();
        assert_eq!(found.unlocked.len(), 1, "the entry is found by its attributes");
        tamper(&found.unlocked[0]);
    }
}

fn owner(id: &str) -> SlotOwner {
    SlotOwner {
        id: MemberId::parse(id).unwrap(),
        email: format!("{id}@practice.example"),
        name: id.to_uppercase(),
        initials: "A".to_owned(),
        color: "teal".to_owned(),
    }
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).ok().unwrap()
}

fn share() -> HostShare {
    HostShare::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Runs the test named `test` again in a session of its own; true inside that session.
fn in_own_session(test: &str) -> bool {
    if let Some(mark) = env::var_os(OWN_SESSION) {
        fs::write(mark, "").unwrap();
        // The daemon returns to the shell before it has its name on the bus.
        let since = Instant::now();
        while OsKeychain.state() != KeychainState::Ready {
            assert!(since.elapsed() < Duration::from_secs(10), "{NO_SESSION}");
        }
        return true;
    }
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let mark = home.path().join("ran");
    let unlock_then_run = "printf %s pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; \"$@\"";
    let status = Command::new("dbus-run-session")
        .args(["--", "bash", "-c", unlock_then_run, "_"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env(OWN_SESSION, &mark)
        .status();
    assert!(status.expect(NO_SESSION).success(), "in its own session");
    assert!(mark.exists(), "no test is named {test}");
    false
}

/// The process that owns the Secret Service's name on this session's bus.
fn service_process() -> Option<u32> {
    let bus = dbus::blocking::Connection::new_session().unwrap();
    let asked: Result<(u32,), _> = bus
        .with_proxy("org.freedesktop.DBus", "/org/freedesktop/DBus", LONGEST_ANSWER)
        .method_call("org.freedesktop.DBus", "GetConnectionUnixProcessID", ("org.freedesktop.secrets",));
    asked.ok().map(|(process,)| process)
}

/// What came, or the failure by its name.
fn good<T>(came: Result<T, VaultError>) -> T {
    came.unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn the_vault_opens_with_the_secret_that_the_keyring_keeps() {
    let desk = Desk::anns("opens");
    assert_eq!(good(desk.vault.device_token()).for_header(), "token");
    let unlocked = good(desk.unlock("ann's"));
    unlocked.connect().unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert_eq!(desk.unlock("guess").err(), Some(VaultError::WrongPassword));
    desk.tamper("device-secret", |item| assert_eq!(item.get_secret().unwrap().len(), 32));
    desk.vault.forget().unwrap();
}

#[test]
fn two_members_share_one_vault_and_a_reset_is_adopted() {
    let desk = Desk::anns("adopts");
    desk.vault.adopt(owner("bob"), &password("bob's"), &share()).map(drop).unwrap();
    desk.vault.adopt(owner("ann"), &password("new"), &share()).map(drop).unwrap();
    assert_eq!(desk.unlock("ann's").err(), Some(VaultError::WrongPassword));
    good(desk.unlock("new")).connect().unwrap();
    good(desk.vault.unlock(&owner("bob").id, &password("bob's"))).connect().unwrap();
    desk.vault.forget().unwrap();
}

#[test]
fn an_entry_that_was_deleted_is_missed_and_not_made_anew() {
    let desk = Desk::anns("deleted");
    desk.tamper("device-secret", |item| item.delete().unwrap());
    assert_eq!(desk.refusal(), Code::KeychainEntryMissing);
    assert_eq!(desk.refusal(), Code::KeychainEntryMissing);
    desk.vault.forget().unwrap();
}

#[test]
fn another_secret_in_the_entry_is_told_from_a_wrong_password() {
    let desk = Desk::anns("changed");
    desk.tamper("device-secret", |item| item.set_secret(&[7; 32], "application/octet-stream").unwrap());
    assert_eq!(desk.refusal(), Code::KeychainChanged);
    desk.tamper("device-secret", |item| item.set_secret(b"short", "application/octet-stream").unwrap());
    assert_eq!(desk.refusal(), Code::KeychainChanged);
    desk.vault.forget().unwrap();
}

#[test]
fn a_folder_that_was_put_back_is_not_forgiven_what_the_keyring_counted() {
    let desk = Desk::anns("put-back");
    let copy = files(desk.dir.path());
    for _ in 0..5 {
        assert_eq!(desk.unlock("guess").err(), Some(VaultError::WrongPassword));
    }
    copy.iter().for_each(|(name, bytes)| fs::write(desk.dir.path().join(name), bytes).unwrap());
    assert_eq!(desk.unlock("ann's").err().unwrap().refusal().code, Code::TooManyAttempts);
    desk.tamper("tries", |item| item.delete().unwrap());
    assert_eq!(desk.unlock("ann's").err().unwrap().refusal().code, Code::TooManyAttempts);
    desk.vault.forget().unwrap();
}

#[test]
fn a_wipe_takes_the_entries_along() {
    let desk = Desk::anns("wiped");
    desk.vault.forget().unwrap();
    let service = SecretService::connect(EncryptionType::Plain).unwrap();
    let found = service.search_items([("workstation", desk.workstation.as_str())].into_iter().collect()).unwrap();
    assert!(found.unlocked.is_empty() && found.locked.is_empty());
    assert_eq!(desk.vault.device_token().err().unwrap().refusal().code, Code::KeychainEntryMissing);
}

#[test]
fn a_locked_keyring_is_said_to_be_locked_at_once_and_nobody_is_prompted() {
    if !in_own_session("a_locked_keyring_is_said_to_be_locked_at_once_and_nobody_is_prompted") {
        return;
    }
    let desk = Desk::anns("locked");
    let service = SecretService::connect(EncryptionType::Plain).unwrap();
    service.get_default_collection().unwrap().lock().unwrap();
    assert_eq!(OsKeychain.state(), KeychainState::Locked);
    assert_eq!(desk.refusal(), Code::KeychainLocked);
    assert_eq!(desk.vault.device_token().err().unwrap().refusal().code, Code::KeychainLocked);
    assert_eq!(desk.vault.seal(b"page").err().unwrap().refusal().code, Code::KeychainLocked);
}

#[test]
fn a_keyring_that_stopped_is_missed_and_is_not_started_by_asking() {
    if !in_own_session("a_keyring_that_stopped_is_missed_and_is_not_started_by_asking") {
        return;
    }
    let desk = Desk::anns("stopped");
    let process = service_process().unwrap();
    assert!(Command::new("kill").arg(process.to_string()).status().unwrap().success());
    let since = Instant::now();
    while service_process().is_some() {
        assert!(since.elapsed() < Duration::from_secs(10), "it does not stop");
        std::thread::yield_now();
    }
    assert_eq!(OsKeychain.state(), KeychainState::NoService);
    assert_eq!(desk.refusal(), Code::KeychainMissing);
    assert_eq!(service_process(), None);
}

#[test]
fn a_keyring_that_hangs_is_given_up_on() {
    if !in_own_session("a_keyring_that_hangs_is_given_up_on") {
        return;
    }
    let desk = Desk::anns("hangs");
    let process = service_process().unwrap().to_string();
    let signal = |name: &str| assert!(Command::new("kill").args([name, &process]).status().unwrap().success());
    signal("-STOP");
    let refused = desk.refusal();
    signal("-CONT");
    assert_eq!(refused, Code::KeychainMissing);
    good(desk.unlock("ann's"));
}
