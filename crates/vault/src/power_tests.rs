//! `kill -9` at each step of everything that changes files or keychain: what was there opens again, or is being wiped,
//! and doing it once more ends well.

use std::{
    env, fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    thread,
};

use tempfile::TempDir;

use crate::{
    Unlocked, Vault, VaultError,
    desk::{name, owner, password, share},
    kdf::Cost,
    keychain::FolderKeychain,
    power::FAILS_AT,
};

const ROOM: &str = "VAULT_TEST_ROOM";
const ACT: &str = "VAULT_TEST_ACT";

/// A folder for the vault beside one for its keychain.
struct Room(TempDir);

impl Room {
    fn empty() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        fs::create_dir(room.0.path().join("keychain")).unwrap();
        room
    }

    /// With a vault of Ann's and Bob's, in which 42 waits to be sent.
    fn of_two() -> Self {
        let room = Self::empty();
        let vault = vault(room.0.path());
        vault.enrol("token").unwrap();
        let unlocked = vault.create(owner("ann"), &password("ann's"), &share(1)).ok().unwrap();
        let connection = unlocked.connect().unwrap();
        connection.execute_batch("CREATE TABLE outbox (x); INSERT INTO outbox VALUES (42)").unwrap();
        vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
        room
    }

    fn copy(&self) -> Self {
        let copy = Self::empty();
        for folder in ["vault", "keychain"] {
            let Ok(files) = fs::read_dir(self.0.path().join(folder)) else { continue };
            fs::create_dir_all(copy.0.path().join(folder)).unwrap();
            for file in files {
                let file = file.unwrap();
                fs::copy(file.path(), copy.0.path().join(folder).join(file.file_name())).unwrap();
            }
        }
        copy
    }

    fn vault(&self) -> Vault {
        vault(self.0.path())
    }
}

fn vault(room: &Path) -> Vault {
    Vault::at(&room.join("vault"), Arc::new(FolderKeychain(room.join("keychain"))), &name())
}

fn names(room: &Room, folder: &str) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(room.0.path().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "vault.lock")
        .collect();
    names.sort();
    names
}

fn reads_42(unlocked: &Unlocked) -> bool {
    unlocked.connect().unwrap().query_row("SELECT x FROM outbox", [], |row| row.get::<_, i64>(0)) == Ok(42)
}

fn opens(vault: &Vault, who: &str, with: &str) -> Result<bool, VaultError> {
    vault.unlock(&owner(who).id, &password(with)).map(|unlocked| reads_42(&unlocked))
}

struct Act {
    name: &'static str,
    /// Whether there is a vault before.
    made: bool,
    act: fn(Vault) -> Result<(), VaultError>,
    /// What holds after a power cut, whatever was done of it.
    after: fn(&Room),
}

const ACTS: &[Act] = &[
    Act {
        name: "enrol",
        made: false,
        act: |vault| vault.enrol("token"),
        after: |room| {
            let vault = room.vault();
            assert!(!vault.exists());
            vault.enrol("token").unwrap();
            vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
        },
    },
    Act {
        name: "first sign-in",
        made: false,
        act: |vault| {
            vault.enrol("token")?;
            vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop)
        },
        after: |room| {
            let vault = room.vault();
            if !vault.exists() {
                vault.enrol("token").unwrap();
                vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
            }
            vault.unlock(&owner("ann").id, &password("ann's")).ok().unwrap().connect().unwrap();
            assert_eq!(names(room, "vault"), ["slots.json", "vault.db"]);
        },
    },
    Act {
        name: "right password",
        made: true,
        act: |vault| vault.unlock(&owner("ann").id, &password("ann's")).map(drop),
        after: |room| assert_eq!(opens(&room.vault(), "ann", "ann's"), Ok(true)),
    },
    Act {
        name: "wrong password",
        made: true,
        act: |vault| match vault.unlock(&owner("ann").id, &password("guess")) {
            Err(VaultError::WrongPassword) => Ok(()),
            other => other.map(drop),
        },
        after: |room| {
            assert_eq!(opens(&room.vault(), "bob", "bob's"), Ok(true));
            assert_eq!(opens(&room.vault(), "ann", "ann's"), Ok(true));
        },
    },
    Act {
        name: "a dearer slot",
        made: true,
        act: |mut vault| {
            (vault.cost, vault.behind) = (|| Cost { memory_kib: 65 * 1024, passes: 3 }, std::time::Duration::MAX);
            vault.unlock(&owner("ann").id, &password("ann's")).map(drop)
        },
        after: |room| assert_eq!(opens(&room.vault(), "ann", "ann's"), Ok(true)),
    },
    Act {
        name: "a new password",
        made: true,
        act: |vault| vault.adopt(owner("ann"), &password("new"), &share(1)).map(drop),
        after: |room| {
            let vault = room.vault();
            let opening = ["ann's", "new"].map(|with| opens(&vault, "ann", with));
            assert!(opening.contains(&Ok(true)) && opening.contains(&Err(VaultError::WrongPassword)), "{opening:?}");
            vault.adopt(owner("ann"), &password("new"), &share(1)).map(drop).unwrap();
            assert_eq!(opens(&vault, "ann", "new"), Ok(true));
            assert_eq!(opens(&vault, "bob", "bob's"), Ok(true));
        },
    },
    Act {
        name: "a slot taken away",
        made: true,
        act: |vault| vault.remove(&owner("bob").id),
        after: |room| {
            let vault = room.vault();
            vault.remove(&owner("bob").id).unwrap();
            assert_eq!(opens(&vault, "bob", "bob's"), Err(VaultError::NoSlot));
            assert_eq!(opens(&vault, "ann", "ann's"), Ok(true));
        },
    },
    Act {
        name: "wipe",
        made: true,
        act: |vault| vault.forget(),
        after: |room| {
            let vault = room.vault();
            if vault.wipe_pending() {
                assert_eq!(opens(&vault, "ann", "ann's"), Err(VaultError::BeingWiped));
            } else if vault.exists() {
                assert_eq!(opens(&vault, "ann", "ann's"), Ok(true), "not begun");
            }
            vault.forget().unwrap();
            assert_eq!((names(room, "vault"), names(room, "keychain")), (Vec::new(), Vec::new()));
        },
    },
];

/// Does `act` in `room` in a process of its own, which ends at step `step`; whether it came that far.
fn ends_at(step: u32, act: &Act, room: &Room) -> bool {
    let status = Command::new(env::current_exe().unwrap())
        .args(["--exact", "power_tests::wherever_the_power_fails_the_vault_opens_again_or_is_being_wiped"])
        .env(ROOM, room.0.path())
        .env(ACT, act.name)
        .env(FAILS_AT, step.to_string())
        .output()
        .unwrap()
        .status;
    assert!(status.success() || status.signal() == Some(9), "{}, step {step}: {status}", act.name);
    !status.success()
}

#[test]
fn wherever_the_power_fails_the_vault_opens_again_or_is_being_wiped() {
    if let (Some(room), Ok(name)) = (env::var_os(ROOM).map(PathBuf::from), env::var(ACT)) {
        let act = ACTS.iter().find(|act| act.name == name).unwrap();
        return (act.act)(vault(&room)).unwrap();
    }
    let (empty, of_two) = (Room::empty(), Room::of_two());
    thread::scope(|scope| {
        for act in ACTS {
            let before = if act.made { &of_two } else { &empty };
            scope.spawn(|| killed_at_each_step(act, before));
        }
    });
}

fn killed_at_each_step(act: &Act, before: &Room) {
    let mut steps = 0;
    loop {
        let room = before.copy();
        let ended = ends_at(steps + 1, act, &room);
        (act.after)(&room);
        if !ended {
            break;
        }
        steps += 1;
    }
    assert!(steps >= 4, "{} has {steps} steps", act.name);
}
