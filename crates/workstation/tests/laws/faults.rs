//! Every fault of the keychain and of the files is said in words, found by a diagnosis, deletes nothing, and is over when
//! it is mended: what was not sent is still there.

use std::{fs, path::PathBuf};

use practice::Code;
use vault::{
    KeychainState,
    keychain::{EntryKind, MemoryKeychain},
};
use workstation::{diagnose, diagnose_as, screen::LockReason};

use super::{
    health::typed,
    world::{Desk, World},
};

struct Fault {
    name: &'static str,
    cause: fn(&Desk),
    code: Code,
}

fn alter(desk: &Desk, name: &str, alter: impl FnOnce(&mut Vec<u8>)) {
    let path = desk.home.path().join("vault").join(name);
    let mut bytes = fs::read(&path).unwrap();
    alter(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn edit(desk: &Desk, from: &str, to: &str) {
    alter(desk, "slots.json", |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{from}");
        *bytes = text.replacen(from, to, 1).into_bytes();
    });
}

fn remove(desk: &Desk, name: &str) {
    fs::remove_file(desk.home.path().join("vault").join(name)).unwrap();
}

/// A file that SQLite alone opens.
fn plain() -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plain.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 1").unwrap();
    fs::read(path).unwrap()
}

/// Puts back what a backup of the computer would.
fn mend(desk: &Desk, files: &[(PathBuf, Vec<u8>)], entries: &MemoryKeychain) {
    for (path, _) in desk.files() {
        fs::remove_file(path).unwrap();
    }
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
    desk.keychain.become_as(entries);
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "keychain locked",
        cause: |desk| desk.keychain.become_(KeychainState::Locked),
        code: Code::KeychainLocked,
    },
    Fault {
        name: "keychain stopped",
        cause: |desk| desk.keychain.become_(KeychainState::NoService),
        code: Code::KeychainMissing,
    },
    Fault {
        name: "entry deleted",
        cause: |desk| desk.keychain.lose(EntryKind::DeviceSecret),
        code: Code::KeychainEntryMissing,
    },
    Fault {
        name: "entry of another vault",
        cause: |desk| desk.keychain.overwrite(EntryKind::DeviceSecret, &[7; 32]),
        code: Code::KeychainChanged,
    },
    Fault {
        name: "token deleted",
        cause: |desk| desk.keychain.lose(EntryKind::DeviceToken),
        code: Code::KeychainEntryMissing,
    },
    Fault {
        name: "keychain replaced",
        cause: |desk| desk.keychain.replace_backend("another"),
        code: Code::KeychainEntryMissing,
    },
    Fault { name: "file missing", cause: |desk| remove(desk, "vault.db"), code: Code::VaultDamaged },
    Fault { name: "file empty", cause: |desk| alter(desk, "vault.db", Vec::clear), code: Code::VaultDamaged },
    Fault {
        name: "file cut off",
        cause: |desk| alter(desk, "vault.db", |file| file.truncate(file.len() / 8192 * 4096)),
        code: Code::VaultDamaged,
    },
    Fault {
        name: "file cut off within a page",
        cause: |desk| alter(desk, "vault.db", |file| file.truncate(file.len() - 1_000)),
        code: Code::VaultDamaged,
    },
    Fault {
        name: "file with a byte turned",
        cause: |desk| alter(desk, "vault.db", |file| file[2_000] ^= 1),
        code: Code::VaultDamaged,
    },
    Fault {
        name: "file with a byte turned far inside",
        cause: |desk| {
            alter(desk, "vault.db", |file| {
                let at = file.len() / 8192 * 4096 + 99;
                file[at] ^= 1;
            })
        },
        code: Code::VaultDamaged,
    },
    Fault {
        name: "file in plain SQLite",
        cause: |desk| alter(desk, "vault.db", |file| *file = plain()),
        code: Code::VaultDamaged,
    },
    Fault { name: "slots missing", cause: |desk| remove(desk, "slots.json"), code: Code::VaultDamaged },
    Fault {
        name: "slots cut off",
        cause: |desk| alter(desk, "slots.json", |file| file.truncate(file.len() / 2)),
        code: Code::VaultDamaged,
    },
    Fault { name: "slots edited", cause: |desk| edit(desk, "@example.test", "@example.org"), code: Code::VaultDamaged },
    Fault {
        name: "slots of a newer program",
        cause: |desk| edit(desk, "\"version\": 1", "\"version\": 9"),
        code: Code::VaultDamaged,
    },
    Fault {
        name: "a wipe begun",
        cause: |desk| fs::write(desk.home.path().join("vault/vault.wiping"), "").unwrap(),
        code: Code::NotEnrolled,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_said_and_found_and_when_it_is_mended_nothing_is_lost() {
    let mut world = World::at_work("desk").await;
    let me = world.host.account("desk");
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.close();
    for fault in FAULTS {
        world.desk.ws.lock(LockReason::Asked);
        world.desk.restart();
        let (files, entries) = (world.desk.files(), world.desk.keychain.as_it_is());
        (fault.cause)(&world.desk);
        let broken = world.desk.files();

        let outside = diagnose(world.desk.home.path(), world.desk.keychain.clone()).await.findings;
        let who = typed(&me);
        let inside =
            diagnose_as(world.desk.home.path(), world.desk.keychain.clone(), world.desk.clock.clone(), who).await;
        let inside = inside.unwrap_or_else(|refused| panic!("{}: {refused}", fault.name)).findings;
        assert_eq!(inside.iter().map(|found| found.code).collect::<Vec<_>>(), [fault.code], "{}", fault.name);
        assert!(outside.is_empty() || outside == inside, "{}", fault.name);
        assert!(inside[0].say.ends_with('.') && inside[0].way_out.ends_with('.'), "{}", fault.name);

        let left = world.desk.files();
        assert!(broken.iter().all(|(path, _)| path.exists()), "{}: a file was deleted", fault.name);
        assert!(outside.is_empty() || left == broken, "{}: a file was changed", fault.name);
        mend(&world.desk, &files, &entries);
        world.desk.unlock(&me, &me.password).await.unwrap_or_else(|refused| panic!("{}: {refused}", fault.name));
        assert_eq!(world.desk.ws.outbox().unwrap().len(), 1, "{}", fault.name);
    }
    world.gate.open();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().pushed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_of_the_file_opens_and_the_host_tells_it() {
    let mut world = World::at_work("desk").await;
    let me = world.host.account("desk");
    world.desk.restart();
    // The file goes with its log, as in a backup of the folder.
    let chart = |(path, _): &(PathBuf, Vec<u8>)| path.file_name().unwrap().to_str().unwrap().starts_with("vault.db");
    let older: Vec<_> = world.desk.files().into_iter().filter(chart).collect();
    world.desk.sign_in(me.clone()).await.unwrap();
    world.desk.ws.sync_once().await.unwrap();
    world.desk.restart();
    older.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
    let found = diagnose_as(world.desk.home.path(), world.desk.keychain.clone(), world.desk.clock.clone(), typed(&me));
    let codes: Vec<_> = found.await.unwrap().findings.into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::AuditGap]);
}
